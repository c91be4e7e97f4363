"""Log each call of RAS and count the outcomes of dials, without touching the code that dials.

python examples/log_and_measure.py        on the simulator, anywhere

For OpenTelemetry instead of a counter: pip install opentelemetry-api, then otel.instrument(client).
"""

import asyncio
import collections
import logging
import sys

import rasdial_async as ras

OUTCOMES: collections.Counter[str] = collections.Counter()
SLOWEST: dict[str, float] = {}


class Measured(ras.DialObserver):
    def on_event(self, event: ras.DialEvent) -> None:
        SLOWEST[self.entry] = max(SLOWEST.get(self.entry, 0.0), event.elapsed)

    def on_over(self, connection: ras.Connection | None, error: ras.DialError | None) -> None:
        OUTCOMES["connected" if error is None else error.symbol] += 1


async def main() -> None:
    with ras.Simulator(pace=0.1) as simulator:
        simulator.add_entry("Office VPN", username="ada", password="right")
        client = ras.RasClient(simulator)
        client.dial_observer = Measured
        for password in ("right", "wrong"):
            try:
                async with client.dial("Office VPN", username="ada", password=password):
                    pass
            except ras.AuthenticationError:
                pass
    print(f"simulated: {dict(OUTCOMES)}, the slowest took {SLOWEST['Office VPN']:.2f} s")


if __name__ == "__main__":
    # INFO: a line for each dial. DEBUG: one for each call of RAS, with *** in place of secrets.
    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(levelname)-5s %(message)s")
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    asyncio.run(main())
