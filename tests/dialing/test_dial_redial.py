"""dial(redial=…): a failure that may pass is dialed again, as further attempts of one Dialing."""

import asyncio
import dataclasses
import gc

import pytest
from support.time_out import time_out
from support.waiting import eventually, loop_turn

import rasdial_async as ras
from rasdial_async import ConnectionState, DialError, Fail, RasClient, Redial, Silence, Simulator, Step
from rasdial_async.dialing.run import DialRun
from rasdial_async.simulator import ScriptStep

AT_ONCE = Redial(attempts=3, pause=0)
NEVER = Redial(attempts=3, pause=1000, longest_pause=1000)
BUSY: list[ScriptStep] = [Step(ConnectionState.OPEN_PORT), Fail(676)]


@pytest.mark.asyncio
async def test_the_last_error_is_the_outcome(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", BUSY)
    dialing = client.dial("Office", redial=AT_ONCE)
    with pytest.raises(ras.LineBusyError):
        await dialing
    assert [(event.attempt, event.error) for event in dialing.events] == [
        (1, 0), (1, 676), (2, 0), (2, 676), (3, 0), (3, 676),
    ]  # fmt: skip
    assert sim.counts.dials == 3
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_a_later_attempt_connects(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", BUSY)
    dialing = client.dial("Office", redial=AT_ONCE)
    attempts = []
    async for event in dialing:
        attempts.append(event.attempt)
        if event.failed and event.attempt == 2:
            sim.script("Office", [])
    assert attempts[:5] == [1, 1, 2, 2, 3]
    assert set(attempts[5:]) == {3}
    async with dialing:
        assert sim.counts.dials == 3


@pytest.mark.asyncio
async def test_a_wrong_password_is_never_dialed_again(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", [Fail(691)])
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", redial=AT_ONCE)
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_a_refusal_of_rasdial_is_dialed_again(sim: Simulator, client: RasClient) -> None:
    sim.refuse("Office", 711)
    with pytest.raises(ras.DialError) as caught:
        await client.dial("Office", redial=AT_ONCE)
    assert caught.value.code == 711


@pytest.mark.asyncio
async def test_each_attempt_has_its_own_time_out(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Silence()])
    dialing = client.dial("Office", redial=AT_ONCE, timeout=60)
    with pytest.raises(ras.DialTimeoutError):
        async for _ in dialing:
            time_out(dialing)
    assert [event.attempt for event in dialing.events] == [1, 2, 3]
    assert sim.counts.connections == 0


async def first_failure(dialing: ras.Dialing) -> None:
    async for event in dialing:
        if event.failed:
            return


@pytest.mark.asyncio
async def test_hanging_up_in_the_pause_is_prompt(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", BUSY)
    dialing = client.dial("Office", redial=NEVER)
    await first_failure(dialing)
    async with asyncio.timeout(10):
        await dialing.hang_up()
    with pytest.raises(ras.DialError):
        await dialing
    assert sim.counts.dials == 1
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_cancelling_in_the_pause_is_prompt(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", BUSY)
    dialing = client.dial("Office", redial=NEVER)
    task = asyncio.ensure_future(dialing)
    await first_failure(dialing)
    task.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_errors_are_held_in_each_attempt(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", BUSY)
    held = []
    dialing = client.dial("Office", redial=AT_ONCE, hold_errors=True)
    with pytest.raises(ras.LineBusyError):
        async for event in dialing:
            if event.failed:
                held.append(sim.counts.callbacks)  # noqa: PERF401
    assert held == [1, 1, 1]
    assert sim.counts.callbacks == 0


@pytest.fixture
def at_the_failure(monkeypatch):
    """Something is done to a dial right when it begins to wait for the next one."""

    def do(action):
        wait_for = DialRun._wait_for

        def wait_and_act(run, request, failure):
            wait_for(run, request, failure)
            action(run)

        monkeypatch.setattr(DialRun, "_wait_for", wait_and_act)

    return do


@pytest.mark.asyncio
async def test_a_hang_up_at_the_very_failure_asks_for_nothing_more(sim, client, at_the_failure) -> None:
    sim.script("Office", BUSY)
    at_the_failure(lambda run: run.end(ras.HungUpError()))
    dialing = client.dial("Office", redial=AT_ONCE)
    with pytest.raises(ras.HungUpError):
        await dialing
    await loop_turn()
    gc.collect()  # a coroutine that nobody awaited would be told of here, which is an error in these tests
    assert {event.attempt for event in dialing.events} == {1}


@pytest.mark.asyncio
async def test_whoever_cancels_every_task_leaves_no_dial_without_an_end(sim, client, at_the_failure) -> None:
    sim.script("Office", BUSY)
    at_the_failure(lambda run: run._waiting.cancel())
    async with asyncio.timeout(10):
        with pytest.raises(ras.LineBusyError) as caught:
            await client.dial("Office", redial=AT_ONCE)
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)


@pytest.mark.asyncio
async def test_a_simulator_closed_in_the_pause_ends_it(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", BUSY)
    dialing = client.dial("Office", redial=Redial(pause=0.05))
    await first_failure(dialing)
    sim.close()
    with pytest.raises(ras.DialError):
        await dialing


# As the entry says


async def settings(client: RasClient, count: int, pause: int = 0) -> None:
    book = client.phonebook()
    entry = await book.get("Office")
    entry = dataclasses.replace(entry, phone_number="a.example", redial_count=count, redial_pause=pause)
    await book.update(entry)


@pytest.mark.asyncio
@pytest.mark.parametrize("count", [0, 2])
async def test_it_is_dialed_as_often_as_its_entry_says(sim: Simulator, client: RasClient, count: int) -> None:
    await settings(client, count)
    sim.script("Office", BUSY)
    with pytest.raises(ras.LineBusyError):
        await client.dial("Office", redial="entry")
    assert sim.counts.dials == 1 + count


@pytest.mark.asyncio
async def test_the_entry_is_not_read_before_it_matters(
    sim: Simulator, client: RasClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("rasdial_async.backends.books.RasBooks.get")
    async with client.dial("Office", redial="entry"):
        pass


@pytest.mark.asyncio
async def test_an_entry_never_has_a_wrong_password_dialed_again(sim: Simulator, client: RasClient) -> None:
    await settings(client, 3)
    sim.script("Office", [Fail(691)])
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", redial="entry")
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_the_pause_of_the_entry_can_be_cut_short(sim: Simulator, client: RasClient) -> None:
    await settings(client, 1, 1000)
    sim.script("Office", BUSY)
    dialing = client.dial("Office", redial="entry")
    await first_failure(dialing)
    async with asyncio.timeout(10):
        await dialing.hang_up()
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_an_entry_that_cannot_be_read_is_not_dialed_again(
    sim: Simulator, client: RasClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object) -> None:
        raise ras.PhonebookError(623, function="RasGetEntryPropertiesW")

    monkeypatch.setattr("rasdial_async.backends.books.RasBooks.get", refuse)
    sim.script("Office", BUSY)
    with pytest.raises(ras.LineBusyError):
        await client.dial("Office", redial="entry")
    assert "its redial settings can't be read" in caplog.text


def test_a_number_has_no_entry_to_follow(client: RasClient) -> None:
    with pytest.raises(ValueError, match="redial"):
        client.dial("", phone_number="555", redial="entry")


def test_a_redial_is_a_redial(client: RasClient) -> None:
    with pytest.raises(TypeError, match="redial"):
        client.dial("Office", redial=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="redial"):
        client.dial("Office", redial="always")  # type: ignore[arg-type]


# The errors of all attempts


@pytest.mark.asyncio
async def test_the_error_has_those_of_all_attempts(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", [Fail(676)])
    seen: list[DialError] = []

    def retry_on(error: DialError) -> bool:
        seen.append(error)
        if len(seen) == 2:
            sim.script("Office", [Fail(691)])
        return len(seen) < 3

    with pytest.raises(ras.AuthenticationError) as caught:
        await client.dial("Office", redial=Redial(attempts=None, pause=0, retry_on=retry_on))
    assert [error.code for error in caught.value.attempts] == [676, 676, 691]
    assert caught.value.attempts == (*caught.value.earlier, caught.value)
    assert list(caught.value.attempts) == seen
    assert [len(error.attempts) for error in seen] == [1, 2, 3]


@pytest.mark.asyncio
async def test_a_dial_that_is_hung_up_in_a_pause_has_the_errors_before(
    sim: Simulator, client: RasClient
) -> None:
    sim.script("Office", [Fail(676)])
    dialing = client.dial("Office", redial=Redial(pause=1000, longest_pause=1000))
    async for event in dialing:
        if event.error:
            break
    await eventually(lambda: not sim.backend.session.calls())
    await dialing.hang_up()
    assert dialing.error is not None
    assert [error.code for error in dialing.error.attempts] == [676, 631]


# A pause by the error


@pytest.mark.asyncio
async def test_a_function_says_how_long_a_pause_is(sim: Simulator, client: RasClient) -> None:
    sim.script("Office", [Fail(691)])
    asked: list[tuple[int, int]] = []

    def pause(error: DialError, attempt: int) -> float | None:
        asked.append((error.code, attempt))
        return None if attempt == 3 else 0

    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", redial=Redial(attempts=None, pause=pause))
    assert asked == [(691, 1), (691, 2), (691, 3)]
    assert sim.counts.dials == 3


@pytest.mark.parametrize("broken", ["pause", "retry_on"])
@pytest.mark.asyncio
async def test_a_mistake_in_a_function_of_the_policy_comes_out_as_it_is(
    sim: Simulator, client: RasClient, broken: str
) -> None:
    sim.script("Office", [Fail(676)])

    def mistaken(*arguments: object) -> float:
        raise KeyError(len(arguments))

    with pytest.raises(KeyError):
        await client.dial("Office", redial=Redial(**{broken: mistaken}))  # type: ignore[arg-type]
    assert sim.counts.connections == 0
