"""The news of a DialObserver, and the spans that OpenTelemetry makes of it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from support.simulators import LOGIN
from support.waiting import eventually, loop_turn

from rasdial_async import DialError, DialEvent, DialObserver, Fail, HungUpError, Redial, Step
from rasdial_async.errors.states import ConnectionState

pytestmark = pytest.mark.simulator("login")


# --- DialObserver ---


class Notes(DialObserver):
    """Writes down what it is told."""

    made: list[Notes]

    def __init__(self, entry):
        super().__init__(entry)
        self.told = []
        Notes.made.append(self)

    def on_attempt(self, number):
        self.told.append(number)

    def on_event(self, event):
        self.told.append(event)

    def on_over(self, connection, error):
        self.told.append((connection, error))


@pytest.fixture
def notes(client):
    Notes.made = []
    client.dial_observer = Notes
    return Notes.made


@pytest.mark.asyncio
async def test_an_observer_is_told_of_the_attempt_each_event_and_the_outcome(client, notes):
    dialing = client.dial("Office", **LOGIN)
    async with dialing as connection:
        pass
    (one,) = notes
    assert one.entry == "Office"
    assert one.told == [1, *dialing.events, (connection, None)]


@pytest.mark.asyncio
async def test_each_attempt_is_told(client, sim, notes):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Fail(676)])
    dialing = client.dial("Office", redial=Redial(2, pause=0.0))
    with pytest.raises(DialError) as raised:
        await dialing
    (one,) = notes
    first = [event for event in dialing.events if event.attempt == 1]
    second = [event for event in dialing.events if event.attempt == 2]
    assert first
    assert one.told == [1, *first, 2, *second, (None, raised.value)]


@pytest.mark.asyncio
async def test_a_dial_that_never_begins_is_told_nothing_of(client, notes):
    await client.dial("Office").hang_up()
    assert [one.told for one in notes] == [[]]


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["on_attempt", "on_event", "on_connected", "on_over"])
async def test_what_an_observer_raises_ends_the_dial_and_comes_out_as_it_is(client, sim, method):
    class Broken(DialObserver):
        def fail(self, name):
            if name == method:
                raise ZeroDivisionError(name)

        def on_attempt(self, number):
            self.fail("on_attempt")

        def on_event(self, event):
            self.fail("on_event")
            if event.state == ConnectionState.CONNECTED:
                self.fail("on_connected")

        def on_over(self, connection, error):
            self.fail("on_over")

    client.dial_observer = Broken
    dialing = client.dial("Office", **LOGIN)
    with pytest.raises(ZeroDivisionError, match=method) as caught:
        await dialing
    assert isinstance(dialing.error, HungUpError)
    assert dialing.error.__cause__ is caught.value
    assert dialing.connection is None
    await eventually(lambda: sim.counts.connections == 0)  # on_over: in the background


@pytest.mark.asyncio
async def test_an_observer_that_overrides_nothing_is_fine(client):
    client.dial_observer = DialObserver
    async with client.dial("Office", **LOGIN):
        pass


# --- OpenTelemetry ---


def test_nothing_of_opentelemetry_is_imported_unasked():
    code = (
        "import sys, asyncio, rasdial_async as ras\n"
        "async def main():\n"
        "    with ras.Simulator(pace=0) as sim:\n"
        "        sim.add_entry('Office')\n"
        "        async with ras.RasClient(sim).dial('Office'): pass\n"
        "asyncio.run(main())\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.fixture
def spans(client):
    """The exporter that has the finished spans of the client's dials; `tracer` makes others."""
    pytest.importorskip("opentelemetry.sdk", reason="opentelemetry-sdk is not installed")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from rasdial_async import otel

    exporter: Any = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    otel.instrument(client, provider)
    exporter.tracer = provider.get_tracer("test")
    return exporter


@pytest.mark.asyncio
async def test_a_dial_is_a_span_and_its_states_are_events(client, spans):
    dialing = client.dial("Office", **LOGIN)
    async with dialing:
        (span,) = spans.get_finished_spans()  # it ends with the dial, not with the connection
    assert span.name == "dial Office"
    assert span.kind.name == "CLIENT"
    assert span.instrumentation_scope.name == "rasdial_async"
    assert span.status.status_code.name == "UNSET"
    assert dict(span.attributes) == {
        "ras.entry": "Office",
        "ras.backend": "simulator",
        "ras.simulated": True,
        "ras.attempts": 1,
        "ras.device.type": "vpn",
        "ras.device.name": "WAN Miniport (IKEv2)",
    }
    assert [event.name for event in span.events] == [event.state.rascs_name for event in dialing.events]
    assert span.events[-1].name == "RASCS_Connected"
    assert dict(span.events[0].attributes) == {"ras.attempt": 1, "ras.elapsed": dialing.events[0].elapsed}


@pytest.mark.asyncio
async def test_span_events_have_the_time_of_the_callback(client, sim, spans):
    sim.script(
        "Office", [Step(ConnectionState.OPEN_PORT), Step(ConnectionState.PORT_OPENED, after=0.05), Fail(676)]
    )
    dialing = client.dial("Office")
    with pytest.raises(DialError):
        await dialing
    (span,) = spans.get_finished_spans()
    since_begin = [(event.timestamp - span.start_time) / 1e9 for event in span.events]
    assert since_begin == pytest.approx([event.elapsed for event in dialing.events], abs=1e-6)
    assert span.start_time < span.events[0].timestamp <= span.events[-1].timestamp <= span.end_time


@pytest.mark.asyncio
async def test_an_event_of_a_link_names_it(client, spans):
    """Only a dial of a multilink entry has such events."""
    span = client.dial_observer("Office")
    span.on_attempt(1)
    span.on_event(DialEvent(ConnectionState.SUB_ENTRY_CONNECTED, sub_entry=2))
    span.on_over(None, DialError(628))
    assert spans.get_finished_spans()[0].events[0].attributes["ras.sub_entry"] == 2


@pytest.mark.asyncio
async def test_a_failure_is_told_by_code_symbol_and_status(client, sim, spans):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Fail(691, extended=7)])
    with pytest.raises(DialError) as raised:
        await client.dial("Office")
    (span,) = spans.get_finished_spans()
    assert span.status.status_code.name == "ERROR"
    assert span.status.description == str(raised.value)
    assert span.attributes["error.type"] == "ERROR_AUTHENTICATION_FAILURE"
    assert span.attributes["ras.error.code"] == 691
    assert span.attributes["ras.error.extended"] == 7
    assert span.events[-1].attributes["ras.error.code"] == 691
    assert span.events[-1].attributes["error.type"] == "ERROR_AUTHENTICATION_FAILURE"


@pytest.mark.asyncio
async def test_all_attempts_are_one_span(client, sim, spans):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Fail(676)])
    with pytest.raises(DialError):
        await client.dial("Office", redial=Redial(3, pause=0.0))
    (span,) = spans.get_finished_spans()
    assert span.attributes["ras.attempts"] == 3
    assert [event.attributes["ras.attempt"] for event in span.events] == [1, 1, 2, 2, 3, 3]
    times = [event.timestamp for event in span.events]
    assert times == sorted(times)


@pytest.mark.asyncio
async def test_a_cancelled_dial_ends_its_span(client, sim, spans):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Step(ConnectionState.PORT_OPENED, after=600.0)])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.dial("Office")
    (span,) = spans.get_finished_spans()
    assert span.status.status_code.name == "ERROR"
    assert span.attributes["error.type"] == "ERROR_USER_DISCONNECTION"


@pytest.mark.asyncio
async def test_the_span_is_a_child_of_the_one_that_was_current_at_dial(client, sim, spans):
    """In the task that calls dial(), also when another one awaits it; two dials do not mix."""
    for entry in ("Office", "Home"):
        sim.add_entry(entry)

    async def dial(entry):
        with spans.tracer.start_as_current_span(f"request {entry}"):
            dialing = client.dial(entry)
            await loop_turn()
        return dialing

    async def use(dialing):
        with spans.tracer.start_as_current_span("elsewhere"):
            async with dialing:
                pass

    dialings = await asyncio.gather(dial("Office"), dial("Home"))
    await asyncio.gather(*map(use, dialings))
    finished = {span.name: span for span in spans.get_finished_spans()}
    for entry in ("Office", "Home"):
        child, parent = finished[f"dial {entry}"], finished[f"request {entry}"]
        assert child.parent.span_id == parent.context.span_id
        assert child.context.trace_id == parent.context.trace_id


@pytest.mark.asyncio
async def test_a_dialed_number_is_in_no_span(client, sim, spans):
    """Numbers would make a name of their own each, and may be private."""
    sim.add_device("Modem", "modem")
    async with client.dial("", phone_number="555-0100"):
        pass
    (span,) = spans.get_finished_spans()
    assert span.name == "dial"
    assert "ras.entry" not in span.attributes
    assert "555-0100" not in span.to_json()


@pytest.mark.asyncio
async def test_later_dials_are_no_spans_once_it_is_taken_off(client, spans):
    from rasdial_async import otel

    otel.uninstrument(client)
    async with client.dial("Office", **LOGIN):
        pass
    assert spans.get_finished_spans() == ()


@pytest.mark.asyncio
async def test_the_client_of_the_functions_is_the_default(spans, nothing_chosen, monkeypatch):
    from rasdial_async import default_client, otel

    monkeypatch.setenv("RASDIAL_BACKEND", "simulator")
    otel.instrument()
    assert default_client().dial_observer is not None
    otel.uninstrument()
    assert default_client().dial_observer is None
