import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

import rasdial_async as ras
from rasdial_async import (
    Entry,
    Fail,
    Keeper,
    KeeperState,
    RasClient,
    Redial,
    Silence,
    Simulator,
    keep_connected,
)

AT_ONCE = Redial(attempts=None, pause=0, jitter=0)


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


@pytest.mark.parametrize(
    ("argument", "value", "error"),
    [
        ("domain", "x" * 16, ValueError),
        ("redial", None, TypeError),
        ("redial", "often", TypeError),
        ("stable", "30", TypeError),
        ("stable", True, TypeError),
        ("stable", -1, ValueError),
        ("stable", float("nan"), ValueError),
    ],
)
def test_bad_arguments_raise_at_the_call(
    sim: Simulator, argument: str, value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match=argument):
        keep_connected("Office", client=RasClient(sim), **{argument: value})


def test_a_number_alone_has_no_redial_settings(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="redial"):
        keep_connected("", phone_number="555", redial="entry", client=RasClient(sim))


@pytest.mark.asyncio
async def test_it_redials_as_the_entry_says(sim: Simulator) -> None:
    client = RasClient(sim)
    await client.phonebook().create(Entry.vpn("Depot", "depot.example", redial_count=2, redial_pause=0))
    sim.script("Depot", [Fail(676)])
    async with keep_connected("Depot", client=client, redial="entry") as keeper:
        with pytest.raises(ras.LineBusyError):
            await keeper.wait()
    assert sim.counts.dials == 3


@pytest.mark.asyncio
async def test_a_lost_connection_waits_as_long_as_the_entry_says(sim: Simulator) -> None:
    client = RasClient(sim)
    await client.phonebook().create(Entry.vpn("Depot", "depot.example", redial_pause=90))
    async with keep_connected("Depot", client=client, redial="entry") as keeper:
        await keeper.connected()
        sim.drop("Depot")
        (*_, waiting) = await until(keeper, KeeperState.LOST, KeeperState.WAITING)
        assert waiting.pause == 90


@pytest.mark.asyncio
async def test_settings_that_can_not_be_read_do_not_stop_it(sim: Simulator) -> None:
    """RAS may be starting: then the usual policy goes on."""
    sim.answer("RasGetEntryProperties", 711)
    sim.refuse("Office", 711)
    async with keep_connected("Office", client=RasClient(sim), redial="entry") as keeper:
        (*_, waiting) = await until(keeper, KeeperState.WAITING)
        assert 0.8 <= waiting.pause <= 1.2


@pytest.mark.parametrize("code", [711, 1722])
@pytest.mark.asyncio
async def test_it_outlasts_a_service_that_starts_anew(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Its connections are gone then, but nobody can say so before it runs again."""
    asked = asyncio.Event()
    ask = sim.backend.status

    async def status(link: Any) -> ras.ConnectionStatus:
        try:
            return await ask(link)
        except ras.RasError as error:
            if error.code == code:
                asked.set()
            raise

    monkeypatch.setattr(sim.backend, "status", status)
    async with keep_connected("Office", client=RasClient(sim), stable=0) as keeper:
        await keeper.connected()
        sim.answer("RasGetConnectStatus", code)
        sim.drop("Office")
        await asyncio.wait_for(asked.wait(), 10)
        assert keeper.state is KeeperState.CONNECTED
        sim.answer("RasGetConnectStatus", 0)
        await asyncio.wait_for(until(keeper, KeeperState.LOST, KeeperState.CONNECTED), 10)


@pytest.mark.asyncio
async def test_a_simulator_that_closes_stops_it_and_says_so(sim: Simulator) -> None:
    closed = pytest.raises(RuntimeError, match="the simulator is closed")
    async with keep_connected("Office", client=RasClient(sim), stable=0) as keeper:
        await keeper.connected()
        sim.close()
        with closed:
            await keeper.wait()
        with closed:
            await keeper.connected()
        with closed:
            async for change in keeper.changes():
                last = change
        assert last.state is KeeperState.STOPPED
        assert keeper.error is None


# Sleep and wake: simulated by a loop whose clock jumps


class SleepyLoop(asyncio.SelectorEventLoop):
    slept = 0.0

    def time(self) -> float:
        return super().time() + self.slept


def awake_and_asleep(test: Callable[[SleepyLoop], Coroutine[Any, Any, None]]) -> None:
    loop = SleepyLoop()
    try:
        loop.run_until_complete(test(loop))
    finally:
        loop.close()


@pytest.mark.parametrize("signals", [True, False])
def test_a_connection_that_is_gone_at_wake_is_dialed_at_once(sim: Simulator, signals: bool) -> None:
    async def night(loop: SleepyLoop) -> None:
        if not signals:
            sim.answer("RasConnectionNotification", 87)
        async with keep_connected("Office", client=RasClient(sim)) as keeper:
            await keeper.connected()
            sim.drop("Office")
            loop.slept += 8 * 3600
            changes = await asyncio.wait_for(until(keeper, KeeperState.LOST, KeeperState.CONNECTED), 10)
            assert [change.state for change in changes[-3:]] == ["lost", "dialing", "connected"]
            assert changes[-1].attempt == 1

    awake_and_asleep(night)


def test_a_pause_that_was_slept_through_is_over(sim: Simulator) -> None:
    async def night(loop: SleepyLoop) -> None:
        sim.script("Office", [Fail(809)])
        redial = Redial(attempts=None, pause=3600, longest_pause=3600)
        async with keep_connected("Office", client=RasClient(sim), redial=redial) as keeper:
            await until(keeper, KeeperState.WAITING)
            sim.script("Office", [])
            loop.slept += 8 * 3600
            await asyncio.wait_for(keeper.connected(), 10)

    awake_and_asleep(night)


def test_a_dial_that_was_slept_through_has_timed_out_and_is_made_anew(sim: Simulator) -> None:
    async def night(loop: SleepyLoop) -> None:
        sim.script("Office", [Silence()])
        async with keep_connected("Office", client=RasClient(sim), timeout=60, redial=AT_ONCE) as keeper:
            await until(keeper, KeeperState.DIALING)
            loop.slept += 8 * 3600
            changes = await asyncio.wait_for(until(keeper, KeeperState.WAITING, KeeperState.DIALING), 10)
            assert isinstance(changes[1].error, ras.DialTimeoutError)

    awake_and_asleep(night)


@pytest.mark.asyncio
async def test_the_history_is_bounded(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasdial_async.dialing.keeper._HISTORY", 4)
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


# A new address


@pytest.mark.asyncio
async def test_redial_gives_a_new_connection_at_once(sim: Simulator) -> None:
    patient = Redial(attempts=None, pause=1000, longest_pause=1000)
    async with keep_connected("Office", client=RasClient(sim), redial=patient) as keeper:
        first = await keeper.connected()
        for _ in range(2):
            second = await asyncio.wait_for(keeper.redial(), 10)
            assert second is keeper.connection is not first
            assert (await second.status()).connected
            first = second
        assert sim.counts.connections == 1
        states = [change.state.value for change in await until(keeper, *[KeeperState.CONNECTED] * 3)]
        assert states == ["dialing", "connected", *["lost", "dialing", "connected"] * 2]
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_redial_takes_the_references_of_other_dials(sim: Simulator) -> None:
    client = RasClient(sim)
    async with client.dial("Office"), keep_connected("Office", client=client) as keeper:
        first = await keeper.connected()
        assert await asyncio.wait_for(keeper.redial(), 10) is not first
        assert sim.counts.connections == 1


@pytest.mark.asyncio
async def test_verbs_before_entering_name_the_mistake(sim: Simulator) -> None:
    keeper = keep_connected("Office", client=RasClient(sim))
    for verb in (keeper.connected, keeper.wait, keeper.redial, keeper.changes().__anext__):
        with pytest.raises(RuntimeError, match="'Office' is not entered"):
            await verb()


@pytest.mark.asyncio
async def test_a_pause_function_of_a_keeper_sees_each_error(sim: Simulator) -> None:
    sim.script("Office", [Fail(691)])
    pauses: list[float | None] = [0, None]
    redial = Redial(attempts=None, pause=lambda error, attempt: pauses.pop(0))
    async with keep_connected("Office", client=RasClient(sim), redial=redial) as keeper:
        with pytest.raises(ras.AuthenticationError):
            await keeper.wait()
    assert sim.counts.dials == 2
