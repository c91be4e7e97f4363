"""Secrets: wherever somebody may look, there is no password."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import io
import logging
import pickle
import traceback

import pytest
from support.dials import awaited

from rasdial_async import (
    AuthenticationError,
    Credentials,
    DialError,
    Fail,
    RasClient,
    Step,
)
from rasdial_async._native.records.request import DialRequest
from rasdial_async.dialing.dialing import Dialing
from rasdial_async.errors.states import ConnectionState

PASSWORD = "Xyzzy-9-\N{GRINNING FACE}"


def hidden(*texts):
    """None of these shows the password, nor a piece of it that is worth having."""
    for text in texts:
        assert "Xyzzy" not in text
        assert "\N{GRINNING FACE}" not in text


CREDENTIALS = Credentials("ada", PASSWORD, "LAB")


@pytest.mark.parametrize("show", [repr, str, format, "{0}".format, "{0!r:>200}".format, "%s".__mod__, ascii])
def test_no_way_to_print_credentials_shows_the_password(show):
    text = show(CREDENTIALS)
    hidden(text)
    assert "ada" in text
    assert "LAB" in text


@pytest.mark.parametrize("show", [repr, str, format])
def test_no_container_shows_the_password(show):
    request = DialRequest(entry="Office", credentials=CREDENTIALS)
    hidden(show([CREDENTIALS]), show({"a": CREDENTIALS}), show(request), show(dataclasses.replace(request)))


def test_one_can_see_whether_there_is_a_password():
    assert repr(Credentials("ada", PASSWORD)) == "Credentials(username='ada', password='***', domain='')"
    assert repr(Credentials("ada")) == "Credentials(username='ada', password='', domain='')"


def test_the_mask_does_not_tell_the_length():
    assert repr(Credentials("ada", "x")) == repr(Credentials("ada", "x" * 200))


def test_credentials_are_values():
    assert Credentials("ada", PASSWORD, "LAB") == CREDENTIALS
    assert Credentials("ada", "other", "LAB") != CREDENTIALS
    assert hash(Credentials("ada", PASSWORD, "LAB")) == hash(CREDENTIALS)
    for other in (
        copy.copy(CREDENTIALS),
        copy.deepcopy(CREDENTIALS),
        pickle.loads(pickle.dumps(CREDENTIALS)),
    ):
        assert other == CREDENTIALS
        assert other.password == PASSWORD


@pytest.mark.parametrize("name", ["username", "password", "domain"])
def test_credentials_cannot_be_changed(name):
    with pytest.raises(AttributeError) as caught:
        setattr(CREDENTIALS, name, PASSWORD)
    hidden(str(caught.value))
    assert not hasattr(CREDENTIALS, "__dict__")


# A dial


@pytest.fixture
def sim(sim):
    """A line that wants this password, and one that wants another."""
    sim.add_entry("Office", username="ada", password=PASSWORD)
    sim.add_entry("Wrong", username="ada", password="another")
    return sim


class Everything(logging.Handler):
    """All that is logged anywhere, as it would be printed, with every local variable of a traceback."""

    def __init__(self):
        super().__init__(0)
        self.text = io.StringIO()

    def emit(self, record):
        print(self.format(record), record.args, record.__dict__, file=self.text)
        if record.exc_info:
            hidden(shown(record.exc_info[1]))


@pytest.fixture
def logged():
    handler = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: handler.text.getvalue()
    root.removeHandler(handler)
    root.setLevel(level)


def shown(error):
    """An exception with all that is chained to it and every local variable of this package, printed."""
    printed = traceback.TracebackException.from_exception(error, capture_locals=True)
    todo, texts = [printed], []
    while todo:
        one = todo.pop()
        texts += [f"{frame.line} {frame.locals}" for frame in one.stack if "rasdial_async/" in frame.filename]
        texts += one.format_exception_only()
        todo += [linked for linked in (one.__cause__, one.__context__) if linked is not None]
        todo += one.exceptions or ()
    return "\n".join(texts) + repr(error) + str(error) + repr(vars(error))


@pytest.mark.asyncio
async def test_a_dial_shows_no_password_while_it_runs(sim, logged):
    dialing = RasClient(sim).dial("Office", username="ada", password=PASSWORD)
    hidden(repr(dialing), str(dialing))
    async for event in dialing:
        hidden(repr(dialing), repr(event), str(event), repr(dialing.events))
    connection = await dialing
    hidden(repr(connection), repr(await connection.status()), repr(vars(connection)))
    await connection.hang_up()
    hidden(repr(dialing), repr([getattr(dialing, name, None) for name in Dialing.__slots__]), repr(sim))
    assert "Office: connected" in logged()
    hidden(logged())


@pytest.mark.asyncio
async def test_a_dial_that_fails_shows_no_password(sim, logged):
    dialing = RasClient(sim).dial("Wrong", username="ada", password=PASSWORD)
    with pytest.raises(AuthenticationError) as caught:
        await dialing
    hidden(shown(caught.value), repr(dialing), repr(dialing.error.event))
    assert "ERROR_AUTHENTICATION_FAILURE" in logged()
    hidden(logged())


@pytest.mark.asyncio
@pytest.mark.parametrize("entry", ["Nowhere", "Office", "Wrong"])
async def test_no_way_to_fail_shows_the_password(sim, logged, entry):
    sim.refuse("Office", 680, handle=True)
    sim.script("Wrong", [Step(ConnectionState.OPEN_PORT), Fail(12345, extended=7)])
    dialing = RasClient(sim).dial(entry, username="ada", password=PASSWORD)
    with pytest.raises(DialError) as caught:
        await dialing
    hidden(shown(caught.value), logged())


def within(*things):
    """All that can be reached from them by attributes and containers."""
    seen, todo = {}, [*things]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        if type(one).__module__.startswith("rasdial_async"):
            slots = getattr(type(one), "__slots__", ())
            todo += vars(one).values() if hasattr(one, "__dict__") else ()
            todo += [getattr(one, name) for name in slots if name != "__weakref__" and hasattr(one, name)]
        elif isinstance(one, dict):
            todo += one.values()
        elif isinstance(one, list | tuple | set):
            todo += one
    return seen.values()


@pytest.mark.parametrize("entry", ["Office", "Wrong"])
@pytest.mark.asyncio
async def test_a_dial_lets_go_of_the_password_when_it_is_over(sim, entry):
    """A Dialing may be kept for as long as its connection is; nothing of it keeps the password."""
    dialing = RasClient(sim).dial(entry, username="ada", password=PASSWORD, timeout=60)
    assert PASSWORD in within(dialing)
    events = aiter(dialing)
    outcome: object
    try:
        outcome = await dialing
    except AuthenticationError as error:
        outcome = error
    reached = within(dialing, events, outcome, sim)
    assert len(reached) > 20
    assert PASSWORD not in reached
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_dial_that_is_hung_up_before_it_began_lets_go_of_the_password(sim):
    dialing = RasClient(sim).dial("Office", username="ada", password=PASSWORD)
    await dialing.hang_up()
    assert PASSWORD not in within(dialing)


@pytest.mark.asyncio
async def test_a_call_that_breaks_inside_shows_no_password(sim, logged, monkeypatch):
    """A bug of this package or of cffi, of all places where the password is at hand."""
    from rasdial_async._native.binding import RasLibrary

    def broken(self, request, notifier, handle):
        raise ValueError(f"{request} {request.credentials}")

    monkeypatch.setattr(RasLibrary, "dial", broken)
    with pytest.raises(DialError) as caught:
        await RasClient(sim).dial("Office", username="ada", password=PASSWORD)
    hidden(shown(caught.value))
    assert "RasDialW could not be called" in logged()
    hidden(logged())


# Arguments


@pytest.mark.parametrize(
    "arguments",
    [
        {"password": PASSWORD + "x" * 256},
        {"password": PASSWORD + "\0"},
        {"password": PASSWORD + "\ud800"},
        {"password": PASSWORD.encode()},
        {"password": PASSWORD, "domain": "x" * 16},
        {"password": PASSWORD, "credentials": CREDENTIALS},
        {"credentials": PASSWORD},
        {"credentials": Credentials("ada", PASSWORD + "\ud800")},
        {"password": PASSWORD, "timeout": 0},
        {"password": PASSWORD, "sub_entry": -1},
        {"username": PASSWORD + "x" * 256},
    ],
)
def test_a_refused_argument_shows_no_password(sim, arguments):
    with pytest.raises((TypeError, ValueError)) as caught:
        RasClient(sim).dial("Office", **arguments)
    error = caught.value
    hidden(repr(error), str(error), "".join(traceback.format_exception_only(error)))
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("password", [PASSWORD + "x" * 256, PASSWORD + "\0", PASSWORD + "\ud800"])
def test_the_simulator_shows_no_password(sim, password):
    with pytest.raises(ValueError, match=r"^password ") as caught:
        sim.add_entry("Home", password=password)
    hidden(str(caught.value))
    hidden(repr(sim), repr(vars(sim)), repr(sim.counts))


def test_debug_mode_of_asyncio_shows_no_password(sim, logged, monkeypatch):
    """It logs the repr of what runs slowly, is never awaited or never retrieved."""
    monkeypatch.setattr(logging.getLogger("asyncio"), "filters", [])  # conftest.py's would hide the first

    async def main():
        asyncio.get_running_loop().slow_callback_duration = 0
        dialing = RasClient(sim).dial("Office", username="ada", password=PASSWORD)
        task = asyncio.ensure_future(awaited(dialing))
        hidden(repr(task))
        await (await task).hang_up()

    asyncio.run(main(), debug=True)
    assert "took" in logged(), "asyncio had something to say"
    hidden(logged())
