"""dial(credentials=function): it is asked when credentials are needed, and again when they are wrong."""

from __future__ import annotations

import asyncio
import gc
import logging
import traceback
import warnings

import pytest
from support.simulators import PASSWORD
from support.waiting import eventually, loop_turn

import rasdial_async as ras
from rasdial_async import AuthenticationError, ConnectionState, Credentials, Fail, Redial, Resume

pytestmark = pytest.mark.simulator("login")

RIGHT = Credentials("ada", PASSWORD)
WRONG = Credentials("ada", "Plugh-7")
AT_ONCE = Redial(attempts=3, pause=0)
LATER = Redial(attempts=3, pause=1000, longest_pause=1000)


class Person:
    """Gives one answer after the other; an exception is raised."""

    def __init__(self, *answers):
        self.answers = [*answers]
        self.asked = []

    def __call__(self, error):
        self.asked.append(None if error is None else error.code)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def later(self, error):
        await loop_turn()
        return self(error)


@pytest.fixture(params=["plain", "coroutine"])
def form(request):
    """As what the function is given."""
    return lambda person: person if request.param == "plain" else person.later


async def fails(dialing):
    with pytest.raises(ras.DialError) as caught:
        await dialing
    assert "Xyzzy" not in "".join(traceback.format_exception(caught.value))
    return caught.value


@pytest.mark.asyncio
async def test_it_is_asked_once_before_the_dial(sim, client, form):
    person = Person(RIGHT)
    dialing = client.dial("Office", credentials=form(person))
    assert person.asked == []
    async with dialing:
        assert person.asked == [None]
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_it_is_asked_again_where_ras_pauses_at_a_wrong_password(sim, client, form):
    person = Person(WRONG, WRONG, RIGHT)
    async with client.dial("Office", credentials=form(person)) as connection:
        assert (await connection.status()).connected
    assert person.asked == [None, 691, 691]
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_it_is_asked_again_before_a_redial_where_ras_does_not_pause(sim, client, form):
    sim.script("Office", [Fail(691)])
    person = Person(WRONG, RIGHT, RIGHT)
    error = await fails(client.dial("Office", credentials=form(person), redial=LATER))
    assert isinstance(error, AuthenticationError)
    assert person.asked == [None, 691, 691], "and without a pause: the three dials are what redial allows"
    assert sim.counts.dials == 3


@pytest.mark.asyncio
async def test_without_a_redial_there_is_no_other_dial(sim, client):
    sim.script("Office", [Fail(691)])
    person = Person(WRONG, RIGHT)
    assert isinstance(await fails(client.dial("Office", credentials=person)), AuthenticationError)
    assert person.asked == [None]


@pytest.mark.asyncio
async def test_it_is_asked_again_after_every_failure_since_a_login_may_be_valid_for_seconds(
    sim, client, form
):
    sim.script("Office", [Fail(676)])
    person = Person(WRONG, RIGHT)
    dialing = client.dial("Office", credentials=form(person), redial=AT_ONCE)
    async for event in dialing:
        if event.error == 676:
            sim.script("Office", [])
    async with dialing:
        assert person.asked == [None, 676]


@pytest.mark.asyncio
async def test_it_is_asked_when_the_pause_is_over(sim, client):
    sim.script("Office", [Fail(676)])
    person = Person(WRONG)
    dialing = client.dial("Office", credentials=person, redial=LATER)
    async for event in dialing:
        if event.error == 676:
            break
    await eventually(lambda: not sim.backend.session.calls())
    await loop_turn(5)
    assert person.asked == [None], "the pause of 1000 seconds has begun"
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_nobody_gives_any_for_a_redial(sim, client):
    sim.script("Office", [Fail(676)])
    error = await fails(client.dial("Office", credentials=Person(RIGHT, None), redial=AT_ONCE))
    assert isinstance(error, ras.LineBusyError)
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_a_pause_function_has_the_last_word_after_a_wrong_password(sim, client):
    sim.script("Office", [Fail(691)])
    pauses = [0, None]
    policy = Redial(attempts=None, pause=lambda error, attempt: pauses.pop(0))
    person = Person(WRONG, WRONG)
    assert isinstance(
        await fails(client.dial("Office", credentials=person, redial=policy)), AuthenticationError
    )
    assert person.asked == [None, 691]


@pytest.mark.asyncio
async def test_after_a_pause_the_next_dial_asks_once_more(sim, client):
    person = Person(WRONG, RIGHT, RIGHT)
    dialing = client.dial("Office", credentials=person, redial=AT_ONCE)
    paused = [
        ras.Pause(ConnectionState.RETRY_AUTHENTICATION),
        ras.Fail(676),
    ]
    sim.script("Office", paused)
    async for event in dialing:
        if event.error == 676:
            sim.script("Office", [])
    async with dialing:
        assert person.asked == [None, 691, 676]


# --- giving up ---


@pytest.mark.asyncio
async def test_nobody_gives_any(sim, client, form):
    error = await fails(client.dial("Office", credentials=form(Person(None))))
    assert isinstance(error, ras.InteractionRequiredError)
    assert error.code == 703
    assert error.message == "no credentials were given"
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_nobody_gives_others_in_the_pause(sim, client, form):
    error = await fails(client.dial("Office", credentials=form(Person(WRONG, None)), redial=AT_ONCE))
    assert isinstance(error, AuthenticationError)
    assert sim.counts.dials == 1
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_nobody_gives_others_before_a_redial(sim, client, form):
    sim.script("Office", [Fail(691)])
    error = await fails(client.dial("Office", credentials=form(Person(WRONG, None)), redial=AT_ONCE))
    assert isinstance(error, AuthenticationError)
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_another_pause_is_no_question_of_credentials(sim, client):
    sim.script("Office", [ras.Pause(ConnectionState.INTERACTIVE)])
    person = Person(RIGHT)
    assert (await fails(client.dial("Office", credentials=person))).code == 703
    assert person.asked == [None]


@pytest.mark.asyncio
async def test_on_paused_takes_all_pauses_where_it_is_given(sim, client):
    async def on_paused(event):
        return Resume(password=PASSWORD)

    person = Person(WRONG)
    async with client.dial("Office", credentials=person, on_paused=on_paused):
        assert person.asked == [None]


# --- mistakes of the function ---


@pytest.mark.parametrize(
    ("answers", "script", "raised"),
    [
        ([KeyError("first")], [], KeyError),
        (["text"], [], TypeError),
        ([WRONG, KeyError("in the pause")], [], KeyError),
        ([WRONG, Credentials.stored()], [], ValueError),
        ([WRONG, KeyError("before the redial")], [Fail(691)], KeyError),
        ([WRONG, "text"], [Fail(691)], TypeError),
        ([Credentials("ada", "x" * 300)], [], ValueError),
    ],
)
@pytest.mark.asyncio
async def test_a_mistake_of_the_function_comes_out_as_it_is(sim, client, answers, script, raised, form):
    sim.script("Office", script)
    dialing = client.dial("Office", credentials=form(Person(*answers)), redial=AT_ONCE)
    with pytest.raises(raised) as caught:
        await dialing
    shown = "".join(traceback.format_exception(caught.value))
    assert "Xyzzy" not in shown
    assert "in __call__" in shown or raised is not KeyError, "the line of the mistake is in the traceback"
    assert isinstance(dialing.error, ras.HungUpError)
    assert sim.counts.connections == 0


# --- it takes its time ---


@pytest.fixture
def thinking():
    """A person that thinks until the test has it answer."""
    asked, answer = asyncio.Event(), asyncio.Event()

    async def function(error):
        asked.set()
        await answer.wait()
        return RIGHT

    return function, asked, answer


@pytest.mark.asyncio
async def test_thinking_is_not_in_the_time_out(sim, client, thinking):
    function, asked, _ = thinking
    dialing = client.dial("Office", credentials=function, timeout=0.02)
    task = asyncio.ensure_future(dialing)
    await asked.wait()
    await asyncio.sleep(0.03)  # so a timer of the dial would have run before
    assert not dialing.done
    await dialing.hang_up()
    with pytest.raises(ras.HungUpError):
        await task


@pytest.mark.parametrize("cancel", [True, False])
@pytest.mark.asyncio
async def test_a_dial_ends_while_somebody_thinks(sim, client, thinking, cancel):
    function, asked, answer = thinking
    dialing = client.dial("Office", credentials=function)
    task = asyncio.ensure_future(dialing)
    await asked.wait()
    assert (dialing.handle, dialing.state, dialing.events) == (None, None, ())
    if cancel:
        task.cancel()
    else:
        await dialing.hang_up()
    with pytest.raises(asyncio.CancelledError if cancel else ras.HungUpError):
        await task
    answer.set()
    await loop_turn()
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_a_dial_is_dropped_while_somebody_thinks(sim, client, thinking):
    function, asked, answer = thinking
    iterating = aiter(client.dial("Office", credentials=function))
    waiting = asyncio.ensure_future(anext(iterating))
    await asked.wait()
    waiting.cancel()
    await asyncio.wait((waiting,))
    del waiting
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del iterating
        gc.collect()
    assert ["unfinished" in str(warning.message) for warning in caught] == [True]
    answer.set()
    await loop_turn(5)
    assert sim.counts.dials == 0


def test_a_loop_that_ends_while_somebody_thinks(sim, client, caplog):
    async def main():
        asked = asyncio.Event()

        async def think(error):
            asked.set()
            await asyncio.Event().wait()

        dialing = client.dial("Office", credentials=think)
        iterating = asyncio.ensure_future(anext(aiter(dialing)))
        await asked.wait()
        return dialing, iterating

    dialing, _ = asyncio.run(main())
    assert dialing.done
    assert dialing.error.code == 703
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.asyncio
async def test_a_simulator_closed_while_somebody_thinks(sim, client, thinking):
    function, asked, answer = thinking
    task = asyncio.ensure_future(client.dial("Office", credentials=function))
    await asked.wait()
    sim.close()
    answer.set()
    assert (await fails(task)).code == 711


# --- the other modes ---


@pytest.mark.asyncio
async def test_stored_ones_and_the_current_logon_can_be_the_answer(sim, client):
    await client.set_credentials("Office", RIGHT)
    async with client.dial("Office", credentials=Person(Credentials.stored())):
        pass
    person = Person(Credentials.current_logon(), RIGHT)
    async with client.dial("Office", credentials=person):
        assert person.asked == [None, 691], "the current logon is somebody else"


@pytest.mark.asyncio
async def test_a_resumed_dial_with_stored_credentials_goes_on_with_them(sim, client):
    await client.set_credentials("Office", RIGHT)
    steps = [ras.Pause(ConnectionState.INTERACTIVE), ras.Login(), ras.Step(ConnectionState.CONNECTED)]
    sim.script("Office", steps)

    async def on_paused(event):
        return Resume()

    async with client.dial("Office", credentials=Credentials.stored(), on_paused=on_paused):
        pass


def test_it_is_given_instead_of_the_three(client):
    with pytest.raises(ValueError, match="credentials, or username"):
        client.dial("Office", credentials=Person(RIGHT), username="ada")
    with pytest.raises(TypeError, match="credentials"):
        client.dial("Office", credentials="ada")


@pytest.mark.asyncio
async def test_a_keeper_asks_for_each_dial(sim, client):
    person = Person(RIGHT, RIGHT)
    keeper = ras.keep_connected("Office", client=client, credentials=person, stable=0)
    async with keeper:
        await keeper.connected()
        sim.drop("Office")
        async for change in keeper.changes():
            if change.state is ras.KeeperState.CONNECTED and person.asked == [None, None]:
                break
