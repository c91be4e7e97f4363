"""OpenTelemetry: a span for each dial, with its states as span events. Needs the extra ``otel``.

::

    from rasdial_async import otel

    otel.instrument(client)

Nothing of OpenTelemetry is imported, and a dial costs nothing more, until then.

The name of a span is ``dial`` and the entry, and its kind is CLIENT. It is a child of the span that was
current when ``dial()`` was called, whichever task awaits the dial. It begins with the dial and ends with the
outcome, all attempts included. Its attributes:

==================== ==========================================================================
ras.entry            name of the entry; not set where a number is dialed
ras.backend          "rasapi32.dll", the path of a library, "simulator"
ras.simulated        true without a real link
ras.attempts         the number of attempts
ras.device.type      "vpn", "modem", …, once connected
ras.device.name      "WAN Miniport (IKEv2)", …, once connected
error.type           of a failure: the symbol, "ERROR_AUTHENTICATION_FAILURE"
ras.error.code       of a failure: the number, 691
ras.error.extended   of a failure: RAS's extended error, where there is one
==================== ==========================================================================

The status of a failed, timed-out or hung-up dial is ERROR with the text of the error. The status of a
success stays unset, as OpenTelemetry recommends for libraries. Each event of RAS is a span event with RAS's
name of the state, such as "RASCS_OpenPort", the time of RAS's callback, and the attributes ``ras.attempt``,
``ras.elapsed`` (seconds since RasDial was called), and where they apply ``ras.sub_entry``,
``ras.error.code`` and ``error.type``.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from opentelemetry import context, trace

from . import __version__
from ._native.records import DialEvent
from .client import RasClient, default_client
from .dialing import DialObserver
from .errors import DialError, describe_code

if TYPE_CHECKING:
    from .active import Connection

__all__ = ["instrument", "uninstrument"]


def instrument(client: RasClient | None = None, tracer_provider: trace.TracerProvider | None = None) -> None:
    """Make a span of every later dial of the client. This replaces another `dial_observer`.

    Args:
        client: None = the default client.
        tracer_provider: None = the global one.
    """
    observed = default_client() if client is None else client
    tracer = trace.get_tracer("rasdial_async", __version__, tracer_provider)
    about: dict[str, str | bool] = {"ras.backend": observed.backend.name, "ras.simulated": observed.simulated}
    observed.dial_observer = partial(_DialSpan, tracer, about)


def uninstrument(client: RasClient | None = None) -> None:
    """Make no spans of later dials of the client."""
    (default_client() if client is None else client).dial_observer = None


class _DialSpan(DialObserver):
    def __init__(self, tracer: trace.Tracer, about: dict[str, str | bool], entry: str) -> None:
        super().__init__(entry)
        self._tracer = tracer
        self._about = about
        self._parent = context.get_current()
        self._span: trace.Span = trace.INVALID_SPAN
        self._attempt = 0
        self._began = self._latest = 0  # the attempt and its last event, in nanoseconds since 1970

    def on_attempt(self, number: int) -> None:
        self._attempt = number
        self._began = time.time_ns()
        if number == 1:
            self._span = self._tracer.start_span(
                f"dial {self.entry}".rstrip(),
                self._parent,
                trace.SpanKind.CLIENT,
                {**self._about, **({"ras.entry": self.entry} if self.entry else {})},
                start_time=self._began,
            )

    def on_event(self, event: DialEvent) -> None:
        attributes: dict[str, str | int | float] = {
            "ras.attempt": event.attempt,
            "ras.elapsed": event.elapsed,
        }
        if event.sub_entry:
            attributes["ras.sub_entry"] = event.sub_entry
        if event.error:
            attributes["ras.error.code"] = event.error
            attributes["error.type"] = describe_code(event.error).symbol
        self._latest = self._began + round(event.elapsed * 1e9)
        self._span.add_event(event.state.rascs_name, attributes, timestamp=self._latest)

    def on_over(self, connection: Connection | None, error: DialError | None) -> None:
        span = self._span
        span.set_attribute("ras.attempts", self._attempt)
        if connection is not None:
            span.set_attribute("ras.device.type", connection.device_type)
            span.set_attribute("ras.device.name", connection.device_name)
        if error is not None:
            span.set_attribute("error.type", error.symbol)
            span.set_attribute("ras.error.code", error.code)
            if error.extended_error:
                span.set_attribute("ras.error.extended", error.extended_error)
            span.set_status(trace.StatusCode.ERROR, str(error))
        span.end(max(time.time_ns(), self._latest))  # the wall clock of Windows moves every 16 ms
