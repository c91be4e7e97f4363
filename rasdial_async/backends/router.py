"""The owner of each event: RasDialFunc1 tells a handle, and a handle may be new, shared or used again.

Invariants, fed with lists in the tests; no loop, no cffi:

 - An event whose handle nobody owns is kept while some RasDial has not returned: it may be that dial's
   own, older than RasDial's return. So are events of known handles: RasDial may return a handle again.
 - A dial takes the kept events of its handle, in order, as soon as its handle is known.
 - An event older than a dial's RasDial call is never its own.
 - A line, drawn at a hang-up of a handle, at its connection or at its end, divides the events of its value:
   no older event belongs to a dial that gets the handle later, however long that dial's RasDial call takes.
 - A handle may have several owners: dialing an entry that is connected adds a reference.
 - An event on the thread that is inside a dial's RasDial belongs to that dial, unless its handle is known to
   be another's. This ends when RasDial returns on that thread, not when the loop hears of it.
 - An error or Disconnected on the handle of a connection that is up ends that connection, and is nobody
   else's. Any other state there belongs to a new dial: RAS has given the handle again.

Events come in lists, each of one handle and oldest first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from .._native.binding import RawEvent
from ..errors import ConnectionState
from .fork import Lock

_PRUNE_AT = 256
_DISCONNECTED = int(ConnectionState.DISCONNECTED)


class Owner(Protocol):
    """A dial, as the router sees it."""

    @property
    def started(self) -> int:
        """When RasDial was called, in nanoseconds."""

    @property
    def thread(self) -> int:
        """The one that calls RasDial, as events name theirs."""

    @property
    def left(self) -> int:
        """When RasDial returned on that thread, in nanoseconds; 0 = not yet."""

    routed: int
    """The router's own: the handle whose events it gets; 0 at first."""

    def peek(self) -> int:
        """The handle that RasDial has stored, maybe before it returns; 0 = none so far."""

    def deliver(self, events: list[RawEvent]) -> None:
        """Takes events of its own. Called on the thread that drains."""


class Connections(Protocol):
    """The handles of connections, as the router sees them."""

    def is_connected(self, value: int) -> bool:
        """Tell whether a connection of this process, not known to be over, has this value."""

    def given_again(self, value: int) -> None:
        """RAS has given the value to a new dial: that connection is over."""


class _Kept:
    __slots__ = ("claimed", "event")

    def __init__(self, event: RawEvent, claimed: bool) -> None:
        self.event = event
        self.claimed = claimed


class Router:
    """Finds the owners of events for all dials over one library, on whatever loop they are.

    Args:
        unclaimed: Told of each event that turned out to be nobody's.
        handles: The connections of this process; None = there are none.
    """

    def __init__(
        self, unclaimed: Callable[[RawEvent], None] = lambda event: None, handles: Connections | None = None
    ) -> None:
        self._on_unclaimed = unclaimed
        self._handles = handles
        self._lock = Lock()
        self._pending: dict[Owner, None] = {}  # whose RasDial has not returned, oldest first
        self._owners: dict[int, tuple[Owner, ...]] = {}
        self._kept: dict[int, list[_Kept]] = {}
        self._kept_count = 0
        self._lines: dict[int, int] = {}  # while a RasDial runs that may get the handle
        self._prune_at = _PRUNE_AT

    def begin(self, owner: Owner) -> None:
        """Its RasDial is about to be called, on the calling thread."""
        with self._lock:
            self._pending[owner] = None

    def dispatch(self, events: list[RawEvent]) -> None:
        """Events of one handle were drained."""
        handle = events[0].handle
        early: list[Owner] = []
        with self._lock:
            owners = self._owners.get(handle, ())
            oldest = min(owner.started for owner in owners) if owners else math.inf
            unclaimed = [one for one in events if one.at < oldest]
            if self._pending:
                late = [] if owners else self._before_line(events)
                rest = events[len(late) :]
                early = self._keep(rest, oldest) if rest else []
                unclaimed = late
                if self._kept_count >= self._prune_at:
                    unclaimed = [*late, *self._forget_old()]
        for owner in owners:
            mine = [one for one in events if one.at >= owner.started]
            if mine:
                owner.deliver(mine)
        for owner in early:
            self.returned(owner, handle)
        self._report(unclaimed)

    def _before_line(self, events: list[RawEvent]) -> list[RawEvent]:
        """The first of these events, of a handle without an owner, that no dial can get any more."""
        handle = events[0].handle
        line = self._lines.get(handle, -1)
        if self._handles is not None and self._handles.is_connected(handle):
            for event in events:
                if any(one.peek() == handle or _inside(one, event) for one in self._pending):
                    break
                if event.error or event.state == _DISCONNECTED:
                    line = max(line, event.at)  # it ends the connection
                elif not event.sub_entry:  # RAS tells a connection no states, but its other sub-entries'
                    self._handles.given_again(handle)
                    break
            if line >= 0:
                self._lines[handle] = line
        return [one for one in events if one.at <= line]

    def _keep(self, events: list[RawEvent], claimed_from: float) -> list[Owner]:
        """For the dials that don't know their handle. Returns those that do now."""
        handle = events[0].handle
        self._kept.setdefault(handle, []).extend(_Kept(one, one.at >= claimed_from) for one in events)
        self._kept_count += len(events)
        early = [one for one in self._pending if one.peek() == handle]
        if not early:
            told = [one for one in events if one.at < claimed_from]
            early = [owner for owner in self._pending if any(_inside(owner, one) for one in told)]
        return early

    def returned(self, owner: Owner, handle: int) -> None:
        """Its handle is known (0 = it has none): it takes what was kept for it, in order."""
        mine: list[_Kept] = []
        with self._lock:
            if owner not in self._pending:
                return
            del self._pending[owner]
            if handle:
                self._owners[handle] = (*self._owners.get(handle, ()), owner)
                owner.routed = handle
                begun = max(owner.started, self._lines.get(handle, -1) + 1)
                mine = [one for one in self._kept.get(handle, ()) if one.event.at >= begun]
                for kept in mine:
                    kept.claimed = True
            dropped = [] if self._pending else self._forget_old()
        if mine:
            owner.deliver([kept.event for kept in mine])
        self._report(dropped)

    def ended(self, owner: Owner) -> None:
        """No event is for it any more."""
        with self._lock:
            self._pending.pop(owner, None)
            handle, owner.routed = owner.routed, 0
            owners = tuple(one for one in self._owners.pop(handle, ()) if one is not owner)
            if owners:
                self._owners[handle] = owners
            dropped = [] if self._pending else self._forget_old()
        self._report(dropped)

    def draw_line(self, handle: int, at: int) -> None:
        """No event of this handle up to `at` belongs to a dial that gets the handle later."""
        with self._lock:
            kept = self._kept.pop(handle, [])
            young = [one for one in kept if one.event.at > at]
            if young:
                self._kept[handle] = young
            self._kept_count -= len(kept) - len(young)
            if self._pending:
                self._lines[handle] = max(at, self._lines.get(handle, -1))
        self._report([one.event for one in kept if one.event.at <= at and not one.claimed])

    def unclaimed(self) -> list[RawEvent]:
        """The kept events that nobody has claimed so far."""
        with self._lock:
            return [one.event for events in self._kept.values() for one in events if not one.claimed]

    def _forget_old(self) -> list[RawEvent]:
        """Drops what no pending dial can own; returns the events that nobody has claimed."""
        oldest = min((owner.started for owner in self._pending), default=None)
        kept, self._kept, self._kept_count = self._kept, {}, 0
        self._lines = {
            handle: at for handle, at in self._lines.items() if oldest is not None and at >= oldest
        }
        dropped = []
        for handle, events in kept.items():
            young = [one for one in events if oldest is not None and one.event.at >= oldest]
            old = [one for one in events if oldest is None or one.event.at < oldest]
            dropped += [one.event for one in old if not one.claimed]
            if young:
                self._kept[handle] = young
                self._kept_count += len(young)
        self._prune_at = max(_PRUNE_AT, 2 * self._kept_count)
        return dropped

    def _report(self, dropped: list[RawEvent]) -> None:
        for event in dropped:
            self._on_unclaimed(event)


def _inside(owner: Owner, event: RawEvent) -> bool:
    """Tell whether the owner's thread was inside its RasDial when it reported this event."""
    return owner.thread == event.thread and owner.started <= event.at and not 0 < owner.left <= event.at
