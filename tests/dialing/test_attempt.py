"""Attempts and runs in any order of what RAS, the consumer and the clock do, against a model."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rasdial_async import (
    ConnectionState,
    DialEvent,
    DialOptions,
    HungUpError,
    Redial,
    Resume,
)
from rasdial_async._native.records import DialRequest
from rasdial_async.backends import Backend as RealBackend, RasHandle
from rasdial_async.dialing.attempt import _MOVES as ATTEMPT_MOVES, AttemptPhase
from rasdial_async.dialing.plan import DialPlan
from rasdial_async.dialing.run import _MOVES as RUN_MOVES, DialRun, RunPhase

STATES = [
    ConnectionState.OPEN_PORT,
    ConnectionState.AUTHENTICATE,
    ConnectionState.RETRY_AUTHENTICATION,
    ConnectionState.CONNECTED,
    ConnectionState.DISCONNECTED,
]


class Call:
    """A dial in RAS's hands that keeps the contract of RasCall, and says where it is broken."""

    handle = 4
    sub_entries = 1

    def __init__(self, listener):
        self.listener = listener
        self.held = 0
        self.answer = None  # the end that was asked for: a function to be called once
        self.resumed = 0

    def proceed(self):
        self.held = 0

    def resume(self, resume, pause):
        assert self.answer is None, "resumed after its end"
        assert pause.state.paused  # with whatever error RAS entered it
        self.resumed += 1

    def connected(self, done):
        assert self.answer is None, "ended twice"
        self.answer = lambda: done(RasHandle(4), None)

    def close(self, code, timeout, done):
        assert self.answer is None, "ended twice"
        self.held = 0
        self.answer = lambda: done("official")


class Backend:
    simulated = False

    def __init__(self):
        self.calls = []
        self.abandoned = []

    def dial(self, request, listener, loop, attempt):
        self.calls.append(Call(listener))
        return self.calls[-1]

    def error_hint(self, code):
        return None

    def abandon(self, handle):
        self.abandoned.append(handle)


class AnyOrder(RuleBasedStateMachine):
    """One dial, with a redial, whatever happens to it."""

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.backend = Backend()
        request = DialRequest(entry="Office", options=DialOptions.PAUSED_STATES, hold_errors=True)
        plan = DialPlan(timeout=60.0, redial=Redial(attempts=2, pause=0.0, jitter=0.0))
        self.run = DialRun(cast("RealBackend", self.backend), request, plan, self.loop)
        self.events = []  # what has to be the history
        self.outcomes = []  # each end, as it was first seen

    def teardown(self):
        if self.run.phase is RunPhase.WAITING:
            self.run.end(HungUpError())
        self.turn()
        self.loop.close()

    def turn(self):
        """Let the loop run what is due."""
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()

    @property
    def call(self):
        return self.backend.calls[-1]

    # What RAS does

    @rule(state=st.sampled_from(STATES), error=st.sampled_from([0, 0, 0, 676, 691]))
    def report(self, state, error):
        event = DialEvent(state, error=error, attempt=len(self.backend.calls))
        progress = self.run.attempt.progress
        ends = self.call.answer is not None or self.run.phase is not RunPhase.DIALING
        if not progress.over:
            self.events.append(event)
        held = bool(error) and not ends
        self.call.held += held
        self.call.listener.on_event(event, held)

    @rule(code=st.sampled_from([0, 0, 633, 691]))
    def rasdial_returns(self, code):
        self.call.listener.on_returned(code)

    @precondition(lambda self: self.call.answer is not None)
    @rule()
    def the_port_is_released(self):
        answer, self.call.answer = self.call.answer, lambda: pytest.fail("answered twice")
        if self.run.attempt.phase is not AttemptPhase.OVER:
            answer()

    # What the consumer does

    @rule()
    def wait_for_the_outcome(self):
        self.run.ask()

    @rule()
    def wait_for_the_next_event(self):
        self.run.ask_for_next_event()

    @rule()
    def hang_up(self):
        self.run.end(HungUpError())

    @rule()
    def drop(self):
        self.run.abandon()

    @rule()
    def resume(self):
        paused = (
            self.run.phase is RunPhase.DIALING
            and self.run.attempt.phase is AttemptPhase.DIALING
            and self.run.attempt.progress.phase.value == "paused"
        )
        if paused:
            self.run.resume(Resume(password="right"))
        else:
            with pytest.raises(RuntimeError, match="not in a paused state"):
                self.run.resume(Resume(password="right"))

    # What the clock and the loop do

    @rule()
    def time_is_over(self):
        if self.run.attempt._timer is not None and self.run.attempt.phase is not AttemptPhase.OVER:
            self.run.attempt._time_out()

    @rule()
    def the_loop_turns(self):
        self.turn()

    # What has to hold at any time

    @invariant()
    def no_event_is_lost_doubled_or_moved(self):
        assert self.run.events == self.events

    @invariant()
    def the_outcome_is_set_once(self):
        if self.run.over:
            outcome = (self.run.connection, self.run.error)
            assert sum(one is not None for one in outcome) == 1
            self.outcomes.append(outcome)
            assert outcome == self.outcomes[0]
        else:
            assert self.run.error is None
            assert self.outcomes == []

    @invariant()
    def nothing_is_left_in_ras(self):
        """A dial that has its outcome has ended each of its calls, and holds RAS nowhere."""
        if self.run.over or self.run.phase is RunPhase.WAITING:
            assert all(call.answer is not None for call in self.backend.calls)
        if self.call.answer is not None:
            assert self.call.held == 0

    @invariant()
    def nobody_is_held_whose_consumer_waits(self):
        if self.run.waits_for_outcome and self.run.phase is RunPhase.DIALING:
            assert self.call.held == 0

    @invariant()
    def a_dropped_connection_is_given_back_once(self):
        assert len(self.backend.abandoned) <= 1
        if self.run.over and self.run.abandoned and self.run.connection is not None:
            assert self.backend.abandoned == [self.run.connection.ras_handle]


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=150, stateful_step_count=40, deadline=None, database=None)


@pytest.mark.parametrize("moves", [ATTEMPT_MOVES, RUN_MOVES])
def test_every_phase_has_its_moves_and_one_of_them_is_the_end(moves):
    assert list(moves) == list(type(next(iter(moves))).__members__.values())
    assert [phase.value for phase, following in moves.items() if not following] == ["over"]
