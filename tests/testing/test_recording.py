"""A dial is recorded, played on a simulator, and recorded again: it is the same dial."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import pytest

import rasdial_async as ras
from rasdial_async import (
    ConnectionState,
    DialEvent,
    Fail,
    Pause,
    RasClient,
    Resume,
    Silence,
    Simulator,
    Step,
)
from rasdial_async.simulator import ScriptStep
from rasdial_async.testing.recording import Ending, Recording

PERSONAL = {"username": "ada.lovelace", "password": "s3cret-word", "domain": "MATHS"}
SLACK = 20.0  # seconds that a busy machine may take longer; never shorter


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(pace=0.02, release_delay=0) as simulator:
        simulator.add_entry("Office", phone_number="vpn.example")
        yield simulator


async def recorded(simulator: Simulator, entry: str, **options: Any) -> Recording:
    """Dials, waits for whatever comes of it, and hangs up."""
    dialing = RasClient(simulator).dial(entry, **{"timeout": SLACK, **options})
    with contextlib.suppress(ras.DialError):
        await dialing
    recording = Recording.of(dialing)
    await dialing.hang_up()
    return recording


def story(recording: Recording) -> list[tuple[object, ...]]:
    """All that has to be the same in a replay: everything but the times and who dialed."""
    return [
        (recording.ending, recording.code),
        *(
            (one.state, one.error, one.extended_error, one.device_type, one.device_name)
            for one in recording.events
        ),
    ]


async def give_any_answer(event: DialEvent) -> Resume:
    return Resume(password="another")


# Round trips


SCRIPTS: dict[str, list[ScriptStep]] = {
    "default": [],
    "fails": [
        Step(ConnectionState.OPEN_PORT),
        Step(ConnectionState.CONNECT_DEVICE, after=0.03),
        Fail(868, extended=11004, after=0.02),
    ],
    "fails in another state": [
        Step(ConnectionState.OPEN_PORT),
        Fail(691, 5, ConnectionState.AUTH_NOTIFY, 0.01),
    ],
    "hung up by the far end": [Step(ConnectionState.AUTHENTICATE), Step(ConnectionState.DISCONNECTED)],
    "states nobody knows": [Step(ConnectionState(77)), Step(ConnectionState(4095)), Fail(0x80070005)],
    "paused": [
        Step(ConnectionState.AUTHENTICATE),
        Pause(ConnectionState.RETRY_AUTHENTICATION),
        Pause(ConnectionState.PASSWORD_EXPIRED, after=0.02),
        Step(ConnectionState.CONNECTED, after=0.02),
    ],
}
DEVICES = ["WAN Miniport (IKEv2)", "WAN Miniport (PPPOE)", "Standard 56000 bps Modem"]


@pytest.mark.asyncio
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_replayed_dial_is_the_recorded_one(simulator: Simulator, script: str, device: str) -> None:
    simulator.add_entry("Office", device=device)
    simulator.script("Office", SCRIPTS[script])
    first = await recorded(simulator, "Office", on_paused=give_any_answer)
    assert len(first.events) >= 2
    first.play_on(simulator, "Again")
    again = await recorded(simulator, "Again", on_paused=give_any_answer)
    assert story(again) == story(first)
    for one, other in zip(first.events, again.events, strict=True):
        assert one.elapsed - 0.001 <= other.elapsed <= one.elapsed + SLACK
    third = Recording.loads(again.dumps())
    assert third == again


@pytest.mark.asyncio
@pytest.mark.parametrize("handle", [False, True])
async def test_a_dial_that_rasdial_refuses_is_refused_again(simulator: Simulator, handle: bool) -> None:
    simulator.refuse("Office", 633, handle=handle)
    first = await recorded(simulator, "Office")
    assert (first.ending, first.code, first.events) == (Ending.REFUSED, 633, ())
    first.play_on(simulator, "Again")
    assert await recorded(simulator, "Again") == first
    with pytest.raises(ValueError, match="RasDial itself refused"):
        first.script()
    played_over = Recording((DialEvent(ConnectionState.CONNECTED),), Ending.CONNECTED)
    played_over.play_on(simulator, "Again")
    assert (await recorded(simulator, "Again")).ending is Ending.CONNECTED


@pytest.mark.asyncio
async def test_a_phonebook_that_is_not_there(simulator: Simulator) -> None:
    recording = await recorded(simulator, "Office", phonebook="nowhere.pbk")
    assert (recording.ending, recording.code) == (Ending.REFUSED, 621)


@pytest.mark.asyncio
async def test_a_dial_that_timed_out_is_silent_again(simulator: Simulator) -> None:
    simulator.script("Office", [Step(ConnectionState.AUTHENTICATE), Silence()])
    first = await recorded(simulator, "Office", timeout=0.2)
    assert (first.ending, first.code) == (Ending.GIVEN_UP, 1460)
    assert first.script(speed=math.inf) == [Step(ConnectionState.AUTHENTICATE), Silence()]
    first.play_on(simulator, "Again")
    assert story(await recorded(simulator, "Again", timeout=0.2)) == story(first)


@pytest.mark.asyncio
async def test_a_dial_that_was_hung_up_is_silent_again(simulator: Simulator) -> None:
    simulator.script("Office", [Step(ConnectionState.AUTHENTICATE), Silence()])
    dialing = RasClient(simulator).dial("Office")
    async for _ in dialing:
        break
    await dialing.hang_up()
    recording = Recording.of(dialing)
    assert (recording.ending, recording.code) == (Ending.GIVEN_UP, 631)
    assert recording.script()[-1] == Silence()


@pytest.mark.asyncio
async def test_a_pause_that_nobody_answered_waits_again(simulator: Simulator) -> None:
    async def no_answer(event: DialEvent) -> None:
        return None

    simulator.script("Office", [Pause(ConnectionState.PASSWORD_EXPIRED)])
    first = await recorded(simulator, "Office", on_paused=no_answer)
    assert (first.ending, first.code) == (Ending.GIVEN_UP, 648)
    first.play_on(simulator, "Again")
    assert story(await recorded(simulator, "Again", on_paused=no_answer)) == story(first)


# Attempts


@pytest.mark.asyncio
async def test_each_attempt_can_be_played(simulator: Simulator) -> None:
    def now_the_line_is_free(error: ras.DialError) -> bool:
        simulator.script("Office", [Step(ConnectionState.OPEN_PORT), Step(ConnectionState.CONNECTED)])
        return True

    simulator.script("Office", [Step(ConnectionState.CONNECT_DEVICE), Fail(676)])
    redial = ras.Redial(attempts=2, pause=0, retry_on=now_the_line_is_free)
    recording = await recorded(simulator, "Office", redial=redial)
    assert (recording.ending, recording.attempt) == (Ending.CONNECTED, 2)
    recording.play_on(simulator, "Again", attempt=1)
    first = await recorded(simulator, "Again")
    assert (first.ending, first.code) == (Ending.FAILED, 676)
    recording.play_on(simulator, "Again")
    assert [one.state for one in (await recorded(simulator, "Again")).events] == [
        ConnectionState.OPEN_PORT,
        ConnectionState.CONNECTED,
    ]
    with pytest.raises(ValueError, match="there is no attempt 3"):
        recording.script(attempt=3)


@pytest.mark.asyncio
async def test_an_attempt_that_was_refused_has_no_events(simulator: Simulator) -> None:
    def now_the_port_is_gone(error: ras.DialError) -> bool:
        simulator.refuse("Office", 633)
        return True

    simulator.script("Office", [Step(ConnectionState.CONNECT_DEVICE), Fail(676)])
    redial = ras.Redial(attempts=2, pause=0, retry_on=now_the_port_is_gone)
    recording = await recorded(simulator, "Office", redial=redial)
    assert (recording.ending, recording.code, recording.attempt) == (Ending.REFUSED, 633, 2)
    recording.play_on(simulator, "Again")
    assert (await recorded(simulator, "Again")).ending is Ending.REFUSED
    recording.play_on(simulator, "Again", attempt=1)
    assert (await recorded(simulator, "Again")).code == 676


# Scripts


EVENTS = (
    DialEvent(ConnectionState.OPEN_PORT, elapsed=0.5),
    DialEvent(ConnectionState.INTERACTIVE, elapsed=1.5),
    DialEvent(ConnectionState.AUTH_NOTIFY, 691, 7, elapsed=3.5),
)


def test_a_script_is_what_was_recorded() -> None:
    assert Recording(EVENTS, Ending.FAILED, 691).script() == [
        Step(ConnectionState.OPEN_PORT, after=0.5),
        Pause(ConnectionState.INTERACTIVE, after=1.0, scripted=True),
        Fail(691, 7, ConnectionState.AUTH_NOTIFY, after=2.0),
    ]


@pytest.mark.parametrize(("speed", "delays"), [(2, [0.25, 0.5, 1.0]), (0.5, [1, 2, 4]), (math.inf, [0] * 3)])
def test_its_speed(speed: float, delays: list[float]) -> None:
    script = Recording(EVENTS, Ending.FAILED, 691).script(speed=speed)
    assert [step.after for step in script] == delays


@pytest.mark.asyncio
async def test_a_replay_is_as_much_faster(simulator: Simulator) -> None:
    """Of 60 recorded seconds, 1000 times as fast."""
    slow = (DialEvent(ConnectionState.OPEN_PORT), DialEvent(ConnectionState.CONNECTED, elapsed=60.0))
    Recording(slow, Ending.CONNECTED).play_on(simulator, "Again", speed=1000)
    fast = await recorded(simulator, "Again")
    assert 0.06 <= fast.events[-1].elapsed < 30


@pytest.mark.parametrize("speed", [0, -1, math.nan, True, "2"])
def test_a_speed_that_is_none(speed: Any) -> None:
    with pytest.raises(ValueError, match="speed must be a number above 0"):
        Recording(EVENTS, Ending.FAILED, 691).script(speed=speed)


def test_a_pause_over_night_needs_a_higher_speed() -> None:
    events = (DialEvent(ConnectionState.CONNECTED, elapsed=40_000.0),)
    recording = Recording(events, Ending.CONNECTED)
    with pytest.raises(ValueError, match="a simulator waits 4000 seconds at most: give a higher speed"):
        recording.script(speed=9)
    assert recording.script(speed=10) == [Step(ConnectionState.CONNECTED, after=4000.0)]


def test_links_that_report_side_by_side_give_no_negative_delay() -> None:
    events = (DialEvent(ConnectionState.OPEN_PORT, elapsed=0.2), DialEvent(ConnectionState(3), elapsed=0.1))
    assert [step.after for step in Recording(events, Ending.GIVEN_UP, 631).script()] == [0.2, 0, 0]


def test_a_refusal_behind_events_comes_last() -> None:
    events = (DialEvent(ConnectionState.OPEN_PORT),)
    assert Recording(events, Ending.REFUSED, 633).script() == [Step(ConnectionState.OPEN_PORT), Fail(633)]


# What a recording is


@pytest.mark.asyncio
async def test_nothing_of_a_person_is_in_it(simulator: Simulator) -> None:
    simulator.add_entry("Ada's home", device="Standard 56000 bps Modem", phone_number="555-0123", **PERSONAL)
    recording = await recorded(simulator, "Ada's home", phone_number="555-4567", **PERSONAL)
    assert recording.ending is Ending.CONNECTED
    text = recording.dumps() + repr(recording)
    for secret in (*PERSONAL.values(), "555-0123", "555-4567", "Ada"):
        assert secret not in text
    assert {event.handle for event in recording.events} == {0}


@pytest.mark.asyncio
async def test_a_dial_that_is_not_over(simulator: Simulator) -> None:
    dialing = RasClient(simulator).dial("Office")
    with pytest.raises(RuntimeError, match="the dial is not over yet"):
        Recording.of(dialing)
    dialing.close()


@pytest.mark.asyncio
async def test_recording_takes_no_connection(simulator: Simulator) -> None:
    """A caller still has to take it, or the dial is hung up when it is dropped."""
    dialing = RasClient(simulator).dial("Office")
    async for _ in dialing:
        pass
    assert Recording.of(dialing).ending is Ending.CONNECTED
    with pytest.warns(ResourceWarning, match="connected, before anybody took"):
        del dialing


@pytest.mark.parametrize(
    ("events", "ending", "code", "attempt", "why"),
    [
        ((), Ending.CONNECTED, 0, 1, "do not end in a connection"),
        (EVENTS[:1], Ending.CONNECTED, 0, 1, "do not end in a connection"),
        (EVENTS, Ending.CONNECTED, 0, 1, "do not end in a connection"),
        (EVENTS, Ending.FAILED, 692, 1, "do not end with this error"),
        (EVENTS, Ending.FAILED, 691, 2, "do not end with this error"),
        (EVENTS[:2], Ending.FAILED, 0, 1, "do not end with this error"),
        ((), Ending.FAILED, 0, 1, "do not end with this error"),
        ((), Ending.REFUSED, 0, 1, "has an error"),
        ((*EVENTS, *EVENTS), Ending.FAILED, 691, 1, "go on behind its end"),
        ((DialEvent(ConnectionState(0), attempt=2),), Ending.GIVEN_UP, 1, 1, "another one than that of the"),
        (
            (DialEvent(ConnectionState(0), attempt=2), EVENTS[0]),
            *(Ending.GIVEN_UP, 1, 2, "before an earlier one"),
        ),
    ],
)
def test_what_can_not_have_happened(
    events: tuple[DialEvent, ...], ending: Ending, code: int, attempt: int, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Recording(events, ending, code, attempt)
