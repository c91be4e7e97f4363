import asyncio
from collections.abc import Iterator

import pytest

import rasdial_async as ras
from rasdial_async import Fail, Keeper, KeeperState, RasClient, Redial, Silence, Simulator, keep_connected

AT_ONCE = Redial(attempts=None, pause=0, jitter=0)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(pace=0, release_delay=0.001) as simulator:
        simulator.add_entry("Office")
        yield simulator


async def until(keeper: Keeper, *states: KeeperState) -> list[ras.KeeperChange]:
    """The changes from the first one until these states have come, in this order."""
    wanted, seen = list(states), []
    async for change in keeper.changes():
        seen.append(change)
        if change.state is wanted[0]:
            wanted.pop(0)
            if not wanted:
                return seen
    raise AssertionError(f"{wanted} never came: {seen}")


@pytest.mark.asyncio
async def test_it_dials_and_leaving_hangs_up(sim: Simulator) -> None:
    async with keep_connected("Office", client=RasClient(sim)) as keeper:
        connection = await keeper.connected()
        assert keeper.connection is connection
        assert (await connection.status()).connected
        assert keeper.state is KeeperState.CONNECTED
    assert sim.counts.connections == 0
    assert keeper.state is KeeperState.STOPPED
    assert keeper.connection is None
    assert keeper.error is None


@pytest.mark.asyncio
async def test_a_lost_connection_is_dialed_again(sim: Simulator) -> None:
    async with keep_connected("Office", client=RasClient(sim), redial=AT_ONCE) as keeper:
        first = await keeper.connected()
        sim.drop("Office")
        changes = await until(keeper, KeeperState.CONNECTED, KeeperState.LOST, KeeperState.CONNECTED)
        assert [change.state for change in changes] == [
            "dialing",
            "connected",
            "lost",
            "waiting",
            "dialing",
            "connected",
        ]
        assert changes[2].connection is first
        assert changes[-1].connection is keeper.connection is not first
        assert changes[-1].attempt == 2
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_a_stable_connection_is_dialed_again_without_a_pause(sim: Simulator) -> None:
    async with keep_connected("Office", client=RasClient(sim), stable=0) as keeper:
        await keeper.connected()
        sim.drop("Office")
        changes = await until(keeper, KeeperState.LOST, KeeperState.CONNECTED)
        assert KeeperState.WAITING not in [change.state for change in changes]
        assert changes[-1].attempt == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("code", [711, 602, 633, 756, 676])
async def test_errors_that_may_pass_are_waited_out(sim: Simulator, code: int) -> None:
    sim.refuse("Office", code)
    async with keep_connected("Office", client=RasClient(sim), redial=AT_ONCE) as keeper:
        waiting = (await until(keeper, KeeperState.WAITING, KeeperState.WAITING))[-1]
        assert waiting.error is not None
        assert waiting.error.code == code
        assert waiting.attempt == 2
        sim.refuse("Office", 0)
        await keeper.connected()


@pytest.mark.asyncio
async def test_a_wrong_password_stops_it(sim: Simulator) -> None:
    sim.script("Office", [Fail(691)])
    with pytest.raises(ras.AuthenticationError):
        async with keep_connected("Office", client=RasClient(sim)) as keeper:
            with pytest.raises(ras.AuthenticationError):
                await keeper.wait()
            with pytest.raises(ras.AuthenticationError):
                await keeper.connected()
            with pytest.raises(ras.AuthenticationError):
                async for change in keeper.changes():
                    last = change
            assert last.state is KeeperState.STOPPED
            assert last.error is keeper.error
            raise keeper.error  # type: ignore[misc]
    assert sim.counts.dials == 1
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_an_error_that_nobody_has_seen_is_raised_at_the_end(sim: Simulator) -> None:
    sim.script("Office", [Fail(691)])
    keeper = keep_connected("Office", client=RasClient(sim))
    news = asyncio.Event()

    async def look() -> None:
        while keeper.state is not KeeperState.STOPPED:
            await keeper._news.wait()
        news.set()

    with pytest.raises(ras.AuthenticationError):
        async with keeper:
            await asyncio.create_task(look())
            assert news.is_set()


@pytest.mark.asyncio
async def test_the_number_of_dials_can_be_bounded(sim: Simulator) -> None:
    sim.script("Office", [Fail(676)])
    redial = Redial(attempts=3, pause=0)
    async with keep_connected("Office", client=RasClient(sim), redial=redial) as keeper:
        with pytest.raises(ras.LineBusyError):
            await keeper.wait()
    assert sim.counts.dials == 3


@pytest.mark.asyncio
async def test_leaving_while_it_dials_hangs_up(sim: Simulator) -> None:
    sim.script("Office", [Silence()])
    async with keep_connected("Office", client=RasClient(sim)) as keeper:
        await until(keeper, KeeperState.DIALING)
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_leaving_while_it_waits_is_prompt(sim: Simulator) -> None:
    sim.script("Office", [Fail(676)])
    async with asyncio.timeout(10):
        async with keep_connected(
            "Office", client=RasClient(sim), redial=Redial(pause=1000, longest_pause=1000)
        ) as keeper:
            changes = await until(keeper, KeeperState.WAITING)
    assert changes[-1].pause > 800
    assert "ERROR_LINE_BUSY" in str(changes[-1])


@pytest.mark.asyncio
async def test_cancelling_the_block_hangs_up_first(sim: Simulator) -> None:
    inside = asyncio.Event()

    async def service() -> None:
        async with keep_connected("Office", client=RasClient(sim)) as keeper:
            await keeper.connected()
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(service())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_errors_of_the_block_come_through(sim: Simulator) -> None:
    with pytest.raises(KeyError):
        async with keep_connected("Office", client=RasClient(sim)) as keeper:
            await keeper.connected()
            raise KeyError
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_a_keeper_is_entered_once(sim: Simulator) -> None:
    keeper = keep_connected("Office", client=RasClient(sim))
    async with keeper:
        with pytest.raises(RuntimeError, match="once"):
            await keeper.__aenter__()
    with pytest.raises(RuntimeError, match="not kept"):
        await keeper.wait()


def test_bad_arguments_raise_at_the_call(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="domain"):
        keep_connected("Office", client=RasClient(sim), domain="x" * 16)


@pytest.mark.asyncio
async def test_the_history_is_bounded(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasdial_async.supervisor._HISTORY", 4)
    sim.script("Office", [Fail(676)])
    async with keep_connected("Office", client=RasClient(sim), redial=Redial(attempts=5, pause=0)) as keeper:
        with pytest.raises(ras.LineBusyError):
            await keeper.wait()
        seen = []
        with pytest.raises(ras.LineBusyError):
            async for change in keeper.changes():
                seen.append(change.state)  # noqa: PERF401
    assert len(seen) == 4
    assert seen[-1] is KeeperState.STOPPED
