"""Lines: what each says is what a dial meets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import rasdial_async as ras
from rasdial_async import ConnectionState, DialEvent, RasClient, Recording, Resume, Simulator
from rasdial_async.testing.line import USUAL_STATES, Line
from rasdial_async.testing.recording import Ending

pytestmark = pytest.mark.simulator("login")


@pytest.fixture
def line(sim: Simulator) -> Line:
    return Line(sim, "Office")


async def states(client: RasClient) -> list[ConnectionState]:
    dialing = client.dial("Office", timeout=20)
    async with dialing:
        return [event.state for event in dialing.events]


@pytest.mark.asyncio
async def test_connects(client: RasClient, line: Line) -> None:
    assert line.connects() is line
    assert await states(client) == list(USUAL_STATES)


@pytest.mark.asyncio
async def test_connects_later(client: RasClient, line: Line) -> None:
    line.connects(after=0.05)
    async with client.dial("Office") as connection, asyncio.timeout(20):
        assert (await connection.status()).connected
    line.connects(after=60)
    with pytest.raises(ras.DialTimeoutError):
        await client.dial("Office", timeout=0.05)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("code", "state", "error_class"),
    [
        (691, ConnectionState.AUTH_NOTIFY, ras.AuthenticationError),
        (676, ConnectionState.CONNECT_DEVICE, ras.LineBusyError),
        (633, ConnectionState.OPEN_PORT, ras.PortError),
        (734, ConnectionState.PROJECTED, ras.DialError),
    ],
)
async def test_fails(
    client: RasClient, line: Line, code: int, state: ConnectionState, error_class: type[ras.DialError]
) -> None:
    line.fails(code, state=state, extended=7)
    dialing = client.dial("Office")
    with pytest.raises(error_class) as caught:
        await dialing
    assert (caught.value.code, caught.value.state, caught.value.extended_error) == (code, state, 7)
    before = USUAL_STATES[: USUAL_STATES.index(state)] if state in USUAL_STATES else USUAL_STATES[:-2]
    assert [event.state for event in dialing.events] == [*before, state]


@pytest.mark.asyncio
async def test_pauses(client: RasClient, line: Line) -> None:
    async def new_password(event: DialEvent) -> Resume:
        return Resume(password="new")

    line.pauses(ConnectionState.PASSWORD_EXPIRED)
    async with client.dial("Office", on_paused=new_password):
        pass
    with pytest.raises(ras.AccountError):
        await client.dial("Office")


@pytest.mark.asyncio
async def test_hangs(client: RasClient, line: Line) -> None:
    line.hangs(ConnectionState.CONNECT_DEVICE)
    dialing = client.dial("Office", timeout=0.1)
    with pytest.raises(ras.DialTimeoutError):
        await dialing
    assert dialing.events[-1].state is ConnectionState.CONNECT_DEVICE


@pytest.mark.asyncio
@pytest.mark.parametrize("by_itself", [True, False])
async def test_drops(client: RasClient, line: Line, by_itself: bool) -> None:
    line.drops(after=0.01) if by_itself else line.connects()
    connection = await client.dial("Office")
    if not by_itself:
        line.goes_dead()
    async with asyncio.timeout(20):
        await connection.wait_disconnected()


@pytest.mark.asyncio
async def test_refuses_until_it_is_told_otherwise(client: RasClient, line: Line) -> None:
    line.refuses(633)
    dialing = client.dial("Office")
    with pytest.raises(ras.PortError):
        await dialing
    assert dialing.events == ()
    line.connects()
    assert await states(client)


@pytest.mark.asyncio
async def test_replays(client: RasClient, line: Line, tmp_path: Path) -> None:
    event = DialEvent(ConnectionState.CONNECTED, elapsed=3600.0)
    recording = Recording((event,), Ending.CONNECTED)
    recording.save(tmp_path / "dial.jsonl")
    for source in (recording, tmp_path / "dial.jsonl", str(tmp_path / "dial.jsonl")):
        line.replays(source)
        assert await states(client) == [ConnectionState.CONNECTED]


@pytest.mark.asyncio
async def test_in_a_phonebook_of_its_own(sim: Simulator, client: RasClient) -> None:
    sim.add_entry("Office", phonebook="team.pbk")
    line = Line(sim, "Office", phonebook="team.pbk")
    for behave in (line.connects, lambda: line.replays(Recording((), Ending.REFUSED, 633)), line.hangs):
        behave()
    line.refuses(676)
    with pytest.raises(ras.LineBusyError):
        await client.dial("Office", phonebook="team.pbk")
    with pytest.raises(ras.AuthenticationError):  # the other entry of that name is as it was
        await client.dial("Office")
    with pytest.raises(ras.RasError, match="668"):
        line.goes_dead()


def test_it_says_simulated(line: Line) -> None:
    assert repr(line) == "<Line 'Office' simulated>"
