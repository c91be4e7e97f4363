"""A dial over a real call of RasDial, in any order of what RAS, the consumer, the clock and the loop do."""

from __future__ import annotations

import asyncio
import gc
import warnings
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.dials import awaited
from support.over import backend_over
from support.stepped_ras import SteppedRas
from support.time_out import time_out
from support.waiting import eventually, loop_turn, until

from rasdial_async import Connection, ConnectionState, DialError, DialEvent, DialOptions, RasClient
from rasdial_async.dialing.progress import Phase, Progress

STATES = [ConnectionState.OPEN_PORT, ConnectionState.AUTHENTICATE, ConnectionState.RETRY_AUTHENTICATION]
ENDS = [
    (ConnectionState.CONNECTED, 0),
    (ConnectionState.DISCONNECTED, 0),
    (ConnectionState.AUTHENTICATE, 676),
    (ConnectionState.RETRY_AUTHENTICATION, 691),  # of a dial with paused states it is a pause
]
IN_RASDIAL = {"calling", "leaving", "abandoned"}
PASSING = {"queued", "hanging up", "connected"}  # stages that threads of the package leave by themselves

with_dialing = precondition(lambda self: not self.loop.is_closed() and self.dialing is not None)
has_handle_or_cell = precondition(lambda self: self.dial.handle or not self.dial.returned.is_set())


class AnyOrder(RuleBasedStateMachine):
    """One Dialing, its attempt and its RasCall, over a RAS whose every move is a rule."""

    def __init__(self):
        super().__init__()
        self.ras = SteppedRas()
        self.client = RasClient(backend_over(self.ras.library))
        self.loop = asyncio.new_event_loop()
        self.dialing: Any = self.client.dial(
            "Office", options=DialOptions.PAUSED_STATES, hold_errors=True, timeout=60.0
        )
        self.progress = Progress(pauses=True)
        self.over = False  # RAS has told the end, or the consumer asked for it
        self.events = []  # what has to be the history
        self.tasks = []  # that wait for the outcome
        self.others = []  # that wait for the next event or a hang-up, or resume
        self.outcomes = []
        self.resumes = 0  # that wait for RasDial's return

    @property
    def dial(self):
        return self.ras.dials[-1]

    # The loop

    def do(self, act=lambda: None):
        """Let the loop do it, and all that comes of it without another move."""

        async def main():
            act()
            await loop_turn(3)
            await eventually(lambda: not self.is_moving())
            if self.over and self.dial.returned.is_set():
                await eventually(lambda: all(task.done() for task in (*self.tasks, *self.others)))

        self.loop.run_until_complete(main())

    def task(self, coroutine):
        task = self.loop.create_task(coroutine)
        task.add_done_callback(
            lambda task: task.cancelled() or task.exception()
        )  # it may be nobody's to raise
        return task

    def wait(self, condition):
        self.loop.run_until_complete(eventually(condition))

    def is_moving(self):
        calls: list[Any] = self.client.backend.session.calls()
        stages = [call.stage.value for call in calls]
        in_rasdial = sum(stage in IN_RASDIAL for stage in stages)
        return in_rasdial > len(self.ras.inside) or not PASSING.isdisjoint(stages)

    @initialize(first=st.sampled_from([None, *STATES]))
    def begin(self, first):
        self.loop.run_until_complete(self.begun())
        if first is not None:
            self.tell(first, 0)

    async def begun(self):
        aiter(self.dialing)
        await eventually(lambda: self.ras.dials)

    # What RAS does

    @rule()
    @has_handle_or_cell
    def store_the_handle(self):
        self.ras.store_handle(self.dial)

    @rule(state=st.sampled_from(STATES))
    @has_handle_or_cell
    def report(self, state):
        self.tell(state, 0)

    @rule(end=st.sampled_from(ENDS))
    @has_handle_or_cell
    def report_the_end(self, end):
        self.tell(*end)

    def tell(self, state, error):
        taken = not self.over
        self.ras.report(self.dial, state, error)
        if not taken or self.loop.is_closed():
            return
        self.events.append((state, error))
        self.progress.feed(DialEvent(state, error=error))
        self.over = self.progress.over
        if self.dialing is not None:
            self.wait(lambda: len(self.dialing.events) == len(self.events))
        self.do()

    @rule(code=st.sampled_from([0, 0, 0, 633]))
    @precondition(lambda self: not self.dial.returned.is_set())
    def return_from_rasdial(self, code):
        refused = code != 0 and not self.over and not self.loop.is_closed()
        self.over = self.over or refused
        self.ras.return_from(self.dial, code)
        if not self.loop.is_closed():
            if self.resumes and not self.over:
                self.resumes -= 1
                self.await_rasdial()
            elif refused and self.dialing is not None:
                self.wait(lambda: self.dialing.done)
            self.do()

    def await_rasdial(self):
        """A paused state was left: RasDial is called once more."""
        calls = len(self.ras.dials) + 1
        self.wait(lambda: len(self.ras.dials) == calls)

    # What the consumer does

    @rule()
    @with_dialing
    def wait_for_the_outcome(self):
        self.do(lambda: self.tasks.append(self.task(awaited(self.dialing))))

    @rule()
    @with_dialing
    def wait_for_the_next_event(self):
        async def read():
            async for _ in self.dialing:
                pass

        self.do(lambda: self.others.append(self.task(read())))

    def hang_up(self):
        self.over = True
        self.do(lambda: self.others.append(self.task(self.dialing.hang_up())))

    def cancel(self):
        self.over = True
        self.do(self.tasks[-1].cancel)

    @rule()
    @with_dialing
    def resume(self):
        leaves = self.progress.phase is Phase.PAUSED and not self.over
        self.others.append(self.task(self.dialing.resume(password="right")))
        if leaves and self.dial.returned.is_set():
            self.await_rasdial()
        elif leaves:
            self.resumes += 1
        if leaves:
            self.progress.resume()
        self.do()

    def drop(self):
        self.over = True
        self.keep_outcomes()
        self.do(self.let_go)

    def let_go(self):
        self.dialing = None
        self.tasks, self.others = [], []
        gc.collect(1)  # tasks refer to their own exceptions

    # What ends the dial from this side

    @rule(how=st.sampled_from(["hang up", "cancel", "drop", "time out", "close the loop"]))
    @with_dialing
    def end(self, how):
        nobody_waits = not (self.tasks or self.others) or (self.over and self.dial.returned.is_set())
        match how:
            case "hang up":
                self.hang_up()
            case "cancel" if self.tasks:
                self.cancel()
            case "drop" if nobody_waits:
                self.drop()
            case "time out":
                self.time_out()
            case "close the loop":
                self.close_the_loop()

    def time_out(self):
        if not self.over:
            self.over = self.progress.phase is not Phase.PAUSED
            if self.over:
                self.do(lambda: time_out(self.dialing))

    @rule()
    def the_loop_turns(self):
        if not self.loop.is_closed():
            self.do()

    def close_the_loop(self):
        self.keep_outcomes()
        for task in (*self.tasks, *self.others):
            task._log_destroy_pending = False
        self.loop.close()
        self.let_go()
        gc.collect()  # whatever its tasks still refer to is dropped here, and not in another test

    # What has to hold at any time

    @invariant()
    def no_event_is_lost_doubled_or_moved(self):
        if self.dialing is not None and not self.loop.is_closed():
            assert [(event.state, event.error) for event in self.dialing.events] == self.events

    @invariant()
    def the_outcome_is_set_once(self):
        self.keep_outcomes()
        assert all(outcome is self.outcomes[0] for outcome in self.outcomes)

    def keep_outcomes(self):
        for task in self.tasks:
            if task.done() and not task.cancelled():
                error = task.exception()
                assert error is None or isinstance(error, DialError)
                self.outcomes.append(error.code if error else task.result())
        self.outcomes = list(dict.fromkeys(self.outcomes))

    @invariant()
    def nobody_is_held_whose_consumer_waits(self):
        if self.tasks and not self.loop.is_closed():
            self.wait(lambda: self.ras.calling_back == 0)

    # The end

    def teardown(self):
        if self.dialing is not None and not self.loop.is_closed():
            self.hang_up()
        for dial in list(self.ras.inside):
            self.ras.return_from(dial, 0)
        if not self.loop.is_closed():
            self.wait(lambda: not self.is_moving())
            self.wait(lambda: all(task.done() for task in (*self.tasks, *self.others)))
            self.keep_outcomes()
            for task in self.others:
                if not task.cancelled():
                    assert isinstance(task.exception(), DialError | RuntimeError | None)
            self.do(self.let_go)
            self.loop.close()
        if self.client.backend.session.calls():
            gc.collect()
        self.client.backend.sweep()
        until(lambda: not self.client.backend.session.calls())
        for outcome in self.outcomes:
            if isinstance(outcome, Connection):
                asyncio.run(outcome.hang_up())
        until(lambda: self.ras.calling_back == 0)
        until(lambda: self.ras.left == 0)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_to_the_next_test():
    """Dials of closed loops are garbage in a cycle, and warn wherever they are collected."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


dropped = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore:.*was never awaited:RuntimeWarning")
TestAnyOrder = dropped(AnyOrder.TestCase)
TestAnyOrder.settings = settings(max_examples=100, stateful_step_count=30, deadline=None, database=None)
