"""A Windows service that keeps a VPN connected while it runs. Needs pywin32: pip install pywin32

python examples/windows_service.py            on the simulator, anywhere: its core for a second
python examples/windows_service.py install    on Windows, as administrator; then start, stop, remove
"""

import asyncio
import contextlib
import sys

import rasdial_async as ras

try:
    import win32service
    import win32serviceutil
except ImportError:  # only the core runs
    win32serviceutil = None

ENTRY = "Office VPN"  # in the phonebook of all users: a service has no user of its own


async def keep(client: ras.RasClient, credentials: ras.Credentials) -> None:
    """Connected until it is cancelled, then hung up. Raises what dialing again cannot mend."""
    nobody = ras.DialOptions.NO_USER  # who could answer a question
    async with ras.keep_connected(ENTRY, client=client, credentials=credentials, options=nobody) as keeper:
        async for change in keeper.changes():
            print(f"{client!r} {ENTRY}: {change}")


if win32serviceutil:

    class KeepVpn(win32serviceutil.ServiceFramework):
        _svc_name_ = "KeepVpn"
        _svc_display_name_ = "Keep the office VPN connected"

        def __init__(self, arguments: list[str]) -> None:
            super().__init__(arguments)
            self.loop = asyncio.new_event_loop()
            self.keeping = self.loop.create_task(keep(ras.default_client(), ras.Credentials.stored()))

        def SvcDoRun(self) -> None:  # the service is over when it returns
            with contextlib.suppress(asyncio.CancelledError), contextlib.closing(self.loop):
                self.loop.run_until_complete(self.keeping)

        def SvcStop(self) -> None:  # called by another thread
            self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING, waitHint=15_000)
            self.loop.call_soon_threadsafe(self.keeping.cancel)


async def simulated() -> None:
    with ras.Simulator(pace=0.2) as simulator:
        simulator.add_entry(ENTRY)
        with contextlib.suppress(TimeoutError):  # after a second the service manager says stop
            await asyncio.wait_for(keep(ras.RasClient(simulator), ras.Credentials()), 1)
        print(f"stopped; ports still open: {simulator.counts.open_ports}")


if __name__ == "__main__":
    win32serviceutil.HandleCommandLine(KeepVpn) if sys.argv[1:] else asyncio.run(simulated())
