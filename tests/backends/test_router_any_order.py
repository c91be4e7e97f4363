"""The router against its rules spelled out, in any order of what may happen."""

from __future__ import annotations

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support.routed_dials import Dial, event

from rasdial_async.backends import router as _routing
from rasdial_async.backends.router import Router


class AnyOrder(RuleBasedStateMachine):
    """The router against the rules spelled out: who gets what, exactly once and in order.

    Time goes on by one at each step. RAS gives few handle values, so that they are used again.
    """

    def __init__(self):
        super().__init__()
        self.prune_at, _routing._PRUNE_AT = _routing._PRUNE_AT, 2
        self.nobodys = []
        self.router = Router(self.nobodys.append)
        self.now = 0
        self.pending = []
        self.owners = []  # (dial, handle)
        self.due = {}  # dial -> events it must have been given
        self.history = []
        self.over = set()  # events of a dial that was hung up: no later dial's
        self.lines = {}  # when each handle was hung up last

    def teardown(self):
        _routing._PRUNE_AT = self.prune_at

    def tick(self):
        self.now += 1
        return self.now

    @rule()
    def begin(self):
        dial = Dial(self.tick())
        self.due[dial] = []
        self.pending.append(dial)
        self.router.begin(dial)

    @rule(handle=st.sampled_from([4, 8]), age=st.integers(0, 3))
    def report(self, handle, age):
        one = event(handle, max(0, self.tick() - age), state=len(self.history))
        self.history.append(one)
        if one.at <= self.lines.get(handle, -1):
            self.over.add(one)
        for dial, owned in self.owners:
            if owned == handle and one.at >= dial.started:
                self.due[dial].append(one)
        self.router.dispatch([one])
        for dial in [dial for dial in self.pending if dial.cell == handle]:
            self.claim(dial, handle, seen=True)

    @precondition(lambda self: self.pending)
    @rule(data=st.data(), handle=st.sampled_from([4, 8]))
    def store_handle(self, data, handle):
        dial = data.draw(st.sampled_from(self.pending))
        dial.cell = dial.cell or handle

    @precondition(lambda self: self.pending)
    @rule(data=st.data(), handle=st.sampled_from([0, 4, 8]))
    def rasdial_returns(self, data, handle):
        dial = data.draw(st.sampled_from(self.pending))
        handle = dial.cell or handle
        self.claim(dial, handle)
        self.router.returned(dial, handle)

    def claim(self, dial, handle, seen=False):
        """It owns the handle from now on, and what came of it since it began to dial."""
        self.pending.remove(dial)
        if handle:
            self.owners.append((dial, handle))
            self.due[dial] = [
                one
                for one in self.history
                if one.handle == handle and one.at >= dial.started and one not in self.over
            ]

    @precondition(lambda self: self.owners)
    @rule(data=st.data())
    def end(self, data):
        dial, handle = data.draw(st.sampled_from(self.owners))
        self.owners.remove((dial, handle))
        self.router.ended(dial)

    @rule(handle=st.sampled_from([4, 8]))
    def hang_up(self, handle):
        now = self.tick()
        self.over |= {one for one in self.history if one.handle == handle and one.at < now}
        self.lines[handle] = now
        self.router.draw_line(handle, now)

    @invariant()
    def each_got_its_own(self):
        for dial, due in self.due.items():
            assert dial.got == due

    @invariant()
    def nobodys_were_given_to_nobody(self):
        given = [one for dial in self.due for one in dial.got]
        assert len(set(self.nobodys)) == len(self.nobodys)
        assert not set(self.nobodys) & set(given)
        if not self.pending:
            assert set(self.nobodys) | set(given) == set(self.history)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, database=None)
