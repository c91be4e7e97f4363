"""A program as users write it, for type checkers: each assert_type fails where a type is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import assert_type

import rasdial_async as ras
from rasdial_async.testing.line import Line
from rasdial_async.testing.recording import Ending


async def three_ways() -> None:
    dialing = ras.dial("Office VPN", username="ada", password="secret", timeout=60)
    assert_type(dialing, ras.Dialing)
    assert_type(await dialing, ras.Connection)
    async for event in dialing:
        assert_type(event, ras.DialEvent)
        assert_type(event.state, ras.ConnectionState)
        assert_type(event.exception, ras.DialError | None)
    async with dialing as connection:
        assert_type(connection, ras.Connection)
        assert_type(await connection.status(), ras.ConnectionStatus)
        assert_type(await connection.statistics(), ras.ConnectionStatistics)


async def around() -> None:
    client = ras.RasClient("simulator")
    assert_type(await client.connections(), list[ras.Connection])
    assert_type(await ras.entries(Path("rasphone.pbk")), list[ras.EntryName])
    async with ras.keep_connected("Office VPN", client=client) as keeper:
        assert_type(keeper, ras.Keeper)
    async with client.watch() as changes:
        async for change in changes:
            assert_type(change, ras.ConnectionChange)


async def answer(event: ras.DialEvent) -> ras.Resume | None:
    return ras.Resume(password="new") if event.state is ras.ConnectionState.PASSWORD_EXPIRED else None


async def errors(client: ras.RasClient) -> None:
    try:
        await client.dial("Office VPN", on_paused=answer, redial=ras.Redial(attempts=3))
    except ras.AuthenticationError as error:
        assert_type(error.code, int)
        assert_type(error.hint, str)
        assert_type(error.event, ras.DialEvent | None)


def record(dialing: ras.Dialing, simulator: ras.Simulator) -> None:
    recording = ras.Recording.of(dialing)
    assert_type(recording, ras.Recording)
    assert_type(recording.ending, Ending)
    simulator.script("Office VPN", recording.script(speed=2))
    simulator.script("Office VPN", [ras.Step(ras.ConnectionState.OPEN_PORT), ras.Fail(691), ras.Silence()])


async def test_of_a_user(ras_line: Callable[..., Line], ras_client: ras.RasClient) -> None:
    line = ras_line("Office VPN").fails(691)
    assert_type(line, Line)
    await ras_client.dial(line.entry)
