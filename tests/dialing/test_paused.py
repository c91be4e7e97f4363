"""Paused states: the dial waits for input, and goes on with the same handle."""

import asyncio

import pytest
from support.odd_ras import Odd
from support.simulators import LOGIN, PASSWORD

import rasdial_async as ras
from rasdial_async import (
    CallbackMode,
    ConnectionState,
    DialEvent,
    DialOptions,
    Pause,
    RasClient,
    Resume,
    Simulator,
    Step,
)
from rasdial_async.simulator import ScriptStep

pytestmark = pytest.mark.simulator("login")

PAUSED = DialOptions.PAUSED_STATES


def states(dialing: ras.Dialing) -> list[ConnectionState]:
    return [event.state for event in dialing.events]


async def until_paused(dialing: ras.Dialing) -> DialEvent:
    async for event in dialing:
        if event.paused:
            return event
    raise AssertionError("it never paused")


@pytest.mark.asyncio
async def test_without_the_option_the_dial_fails(sim: Simulator, client: RasClient) -> None:
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", username="ada", password="wrong")


@pytest.mark.asyncio
async def test_a_wrong_password_is_corrected_in_the_pause(sim: Simulator, client: RasClient) -> None:
    asked: list[DialEvent] = []

    async def on_paused(event: DialEvent) -> Resume:
        asked.append(event)
        return Resume(password=PASSWORD if len(asked) == 3 else "still wrong")

    dialing = client.dial("Office", username="ada", password="wrong", on_paused=on_paused)
    async with dialing as connection:
        assert [event.state for event in asked] == [ConnectionState.RETRY_AUTHENTICATION] * 3
        assert {event.handle for event in asked} == {connection.handle}
        assert ConnectionState.AUTH_RETRY in states(dialing)
        assert sim.counts.dials == 1
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_an_iterating_consumer_resumes_by_itself(sim: Simulator, client: RasClient) -> None:
    dialing = client.dial("Office", username="ada", password="wrong", options=PAUSED)
    async for event in dialing:
        if event.paused:
            await dialing.resume(password=PASSWORD)
    await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_an_expired_password_is_changed(sim: Simulator, client: RasClient) -> None:
    sim.expire_password("Office")

    async def on_paused(event: DialEvent) -> Resume:
        assert event.state is ConnectionState.PASSWORD_EXPIRED
        return Resume(password="newer")

    dialing = client.dial("Office", **LOGIN, on_paused=on_paused)
    async with dialing:
        assert ConnectionState.AUTH_CHANGE_PASSWORD in states(dialing)
    async with client.dial("Office", username="ada", password="newer"):
        pass


@pytest.mark.asyncio
async def test_a_callback_number_is_given(sim: Simulator, client: RasClient) -> None:
    sim.set_callback("Office", CallbackMode.SET_BY_CALLER)

    async def on_paused(event: DialEvent) -> Resume:
        assert event.state is ConnectionState.CALLBACK_SET_BY_CALLER
        return Resume(callback_number="555")

    dialing = client.dial("Office", **LOGIN, callback_number="*", on_paused=on_paused)
    async with dialing:
        assert ConnectionState.WAIT_FOR_CALLBACK in states(dialing)


@pytest.mark.asyncio
async def test_a_terminal_session_is_only_resumed(sim: Simulator, client: RasClient) -> None:
    steps: list[ScriptStep] = [
        Step(ConnectionState.OPEN_PORT),
        Pause(ConnectionState.INTERACTIVE),
        Step(ConnectionState.CONNECTED),
    ]
    sim.script("Office", steps)
    dialing = client.dial("Office", options=PAUSED)
    await until_paused(dialing)
    await dialing.resume()
    await (await dialing).hang_up()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("state", "error", "code"),
    [
        (ConnectionState.RETRY_AUTHENTICATION, ras.AuthenticationError, 691),
        (ConnectionState.PASSWORD_EXPIRED, ras.AccountError, 648),
        (ConnectionState.CALLBACK_SET_BY_CALLER, ras.DialError, 704),
        (ConnectionState.INTERACTIVE, ras.InteractionRequiredError, 703),
        (ConnectionState(0x1077), ras.InteractionRequiredError, 703),
    ],
)
async def test_giving_up_fails_with_the_states_own_error(
    sim: Simulator, client: RasClient, state: ConnectionState, error: type[ras.DialError], code: int
) -> None:
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Pause(state)])

    async def on_paused(event: DialEvent) -> None:
        return None

    with pytest.raises(error) as caught:
        await client.dial("Office", on_paused=on_paused)
    assert caught.value.code == code
    assert caught.value.state == state
    assert sim.counts.connections == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("answer", [ValueError("no terminal"), "secret"])
async def test_a_broken_on_paused_ends_the_dial_with_its_own_error(
    sim: Simulator, client: RasClient, answer: object
) -> None:
    async def on_paused(event: DialEvent) -> Resume:
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[return-value]

    dialing = client.dial("Office", username="ada", password="wrong", on_paused=on_paused)
    for _ in range(2):
        with pytest.raises((ValueError, TypeError)) as caught:
            await dialing
        assert "secret" not in str(caught.value)
        with pytest.raises((ValueError, TypeError)):
            async for _ in dialing:
                pass
    assert isinstance(dialing.error, ras.HungUpError)
    assert dialing.error.__cause__ is caught.value
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_a_plain_function_answers_a_pause_too(client: RasClient) -> None:
    def on_paused(event: DialEvent) -> Resume | None:
        return Resume(password=PASSWORD) if event.state is ConnectionState.RETRY_AUTHENTICATION else None

    async with client.dial("Office", username="ada", password="wrong", on_paused=on_paused) as connection:
        assert (await connection.status()).connected


@pytest.mark.asyncio
async def test_hanging_up_in_the_pause(sim: Simulator, client: RasClient) -> None:
    dialing = client.dial("Office", username="ada", password="wrong", options=PAUSED)
    await until_paused(dialing)
    await dialing.hang_up()
    assert sim.counts.connections == 0
    with pytest.raises(ras.HungUpError):
        await dialing
    with pytest.raises(RuntimeError, match="not in a paused state"):
        await dialing.resume(password=PASSWORD)


@pytest.mark.asyncio
async def test_cancelling_in_the_pause_hangs_up_and_the_answer_comes_too_late(
    sim: Simulator, client: RasClient
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def on_paused(event: DialEvent) -> Resume:
        asked.set()
        await answer.wait()
        return Resume(password=PASSWORD)

    dialing = client.dial("Office", username="ada", password="wrong", on_paused=on_paused)
    task = asyncio.ensure_future(dialing)
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    answer.set()
    assert sim.counts.connections == 0
    assert isinstance(dialing.error, ras.HungUpError)


@pytest.mark.parametrize("ends", ["hang-up", "cancelled", "timed out", "line dead", "closed"])
@pytest.mark.asyncio
async def test_a_question_is_taken_back_when_its_dial_ends(
    sim: Simulator, client: RasClient, ends: str
) -> None:
    """A window that asks for a password would stay open for a dial that is long over."""
    asked, taken_back = asyncio.Event(), asyncio.Event()

    async def on_paused(event: DialEvent) -> Resume:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            taken_back.set()
        raise AssertionError("nobody answers")

    timeout = 0.05 if ends == "timed out" else None
    dialing = client.dial(
        "Office", username="ada", on_paused=on_paused, timeout=timeout, timeout_while_paused=True
    )
    task = asyncio.ensure_future(dialing)
    await asked.wait()
    if ends == "hang-up":
        await dialing.hang_up()
    elif ends == "cancelled":
        task.cancel()
    elif ends == "line dead":
        sim.drop("Office")
    elif ends == "closed":
        sim.close()
    await asyncio.wait_for(taken_back.wait(), 10.0)
    with pytest.raises((ras.DialError, asyncio.CancelledError)):
        await task


@pytest.mark.asyncio
async def test_the_time_out_stands_still_in_the_pause(sim: Simulator, client: RasClient) -> None:
    async def on_paused(event: DialEvent) -> Resume:
        loop = asyncio.get_running_loop()
        end = loop.time() + 0.3
        passed = asyncio.Event()
        loop.call_at(end, passed.set)
        await passed.wait()
        return Resume(password=PASSWORD)

    async with client.dial("Office", username="ada", password="wrong", on_paused=on_paused, timeout=0.2):
        pass


@pytest.mark.asyncio
async def test_the_time_out_runs_on_in_the_pause_if_asked(sim: Simulator, client: RasClient) -> None:
    dialing = client.dial(
        "Office", username="ada", password="wrong", options=PAUSED, timeout=0.1, timeout_while_paused=True
    )
    with pytest.raises(ras.DialTimeoutError):
        await dialing
    assert dialing.state is ConnectionState.RETRY_AUTHENTICATION
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_resuming_what_is_not_paused_is_refused(client: RasClient) -> None:
    dialing = client.dial("Office", **LOGIN)
    with pytest.raises(RuntimeError, match="not in a paused state"):
        await dialing.resume()
    async with dialing:
        with pytest.raises(RuntimeError, match="not in a paused state"):
            await dialing.resume()


def test_what_ras_cannot_take_is_refused_by_name(client: RasClient) -> None:
    with pytest.raises(ValueError, match="password"):
        Resume(password="x" * 257)
    with pytest.raises(TypeError, match="on_paused"):
        client.dial("Office", on_paused="yes")  # type: ignore[arg-type]
    assert "hush" not in repr(Resume(username="ada", password="hush"))


@pytest.mark.asyncio
async def test_nobody_who_answers(client: RasClient) -> None:
    """The time-out does not count in a pause, unless it is asked to."""
    dialing = client.dial("Office", username="ada", password="wrong", options=PAUSED, timeout=0.3)
    task = asyncio.ensure_future(dialing)
    await until_paused(dialing)
    await asyncio.wait((task,), timeout=0.5)
    assert not task.done()
    await dialing.hang_up()
    with pytest.raises(ras.HungUpError):
        await task
    dialing = client.dial(
        "Office",
        username="ada",
        password="wrong",
        options=PAUSED,
        timeout=0.05,
        timeout_while_paused=True,
    )
    with pytest.raises(ras.DialTimeoutError):
        await asyncio.wait_for(dialing, 10.0)


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ("| 0 1001 hungup", ras.AuthenticationError),
        ("| 0 1003 hungup", ras.AccountError),
        ("| 0 1000 hungup", ras.InteractionRequiredError),
        ("| 0 1009 hungup", ras.InteractionRequiredError),
    ],
)
@pytest.mark.asyncio
async def test_a_ras_that_pauses_unasked_is_hung_up(odd: Odd, entry: str, error: type[ras.DialError]) -> None:
    """RAS documents an error then; a dial that can't be resumed waits for nothing."""
    with pytest.raises(error):
        await asyncio.wait_for(RasClient(library=odd.path).dial(entry), 10.0)
