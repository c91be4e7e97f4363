"""Helpers of the tests of a dial."""

from __future__ import annotations

import gc
import threading
import warnings

from rasdial_async import ConnectionState, DialError, Fail, Silence, Step
from rasdial_async.backends.call import RasCall
from rasdial_async.simulator import ScriptStep
from support.waiting import SECONDS

OPEN_PORT = ConnectionState.OPEN_PORT
AUTHENTICATE = ConnectionState.AUTHENTICATE
CONNECTED = ConnectionState.CONNECTED
CONNECTS: list[ScriptStep] = [Step(OPEN_PORT), Step(AUTHENTICATE), Step(CONNECTED)]
HANGS: list[ScriptStep] = [Step(OPEN_PORT), Step(AUTHENTICATE), Silence()]
FAILS: list[ScriptStep] = [Step(OPEN_PORT), Step(AUTHENTICATE), Fail(691, extended=42)]


def nothing_left(sim):
    counts = sim.counts
    in_ras = (counts.connections, counts.open_ports, counts.callbacks)
    return in_ras == (0, 0, 0) and not sim.backend.session.calls()


async def awaited(dialing):
    """The outcome as a coroutine of its own, for one more task that waits for it."""
    return await dialing


async def reach(dialing, state):
    """An iterator that has come as far as this state."""
    events = aiter(dialing)
    async for event in events:
        if event.state == state:
            return events
    raise AssertionError(f"{state} never came")


async def states(dialing):
    return [event.state async for event in dialing]


async def history(dialing):
    """Return what an iterator gives, and what ends it."""
    events, seen = aiter(dialing), []
    while True:
        try:
            seen.append(await anext(events))
        except (StopAsyncIteration, DialError) as end:
            return seen, end


def in_rasdial(monkeypatch):
    """RasDial is called, and does not return before it is told to."""
    called, go_on = threading.Event(), threading.Event()
    dial = RasCall._dial

    def held(self, request):
        called.set()
        go_on.wait(SECONDS)
        return dial(self, request)

    monkeypatch.setattr(RasCall, "_dial", held)
    return called, go_on


def dropped(action):
    """Return the warnings of the Dialing that `action` made and dropped."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        action()
        gc.collect()
    return [str(warning.message) for warning in caught if warning.category is ResourceWarning]


class Told:
    """A dial of a backend, as a test tells it."""

    handle = 4
    sub_entries = 1

    def __init__(self):
        self.told = []
        self.closing = None

    def resume(self, resume, pause):
        self.told.append("resume")

    def proceed(self):
        self.told.append("proceed")

    def connected(self, done):
        self.told.append("connected")
        self.closing = done

    def close(self, code, timeout, done):
        self.told.append(f"close {code}")
        self.closing = done


class ToldBackend:
    simulated = False

    def __init__(self):
        self.call = Told()
        self.abandoned = []
        self.swept = 0

    def dial(self, request, listener, loop, attempt):
        return self.call

    def error_hint(self, code):
        return None

    def abandon(self, handle):
        self.abandoned.append(handle)

    def sweep(self):
        self.swept += 1
