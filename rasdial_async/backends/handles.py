"""The handles of one library, each with its life: RAS gives a value again once that life is over.

A `RasHandle` is one life of a value. Everything that uses a handle after its first hang-up holds the
RasHandle, not the value, so that it never acts on a later life.

Rules:
 - At most one life of a value is living.
 - A dial whose handle reported a state other than Connected began a new life. Every older life of that value
   is gone then. Which is older is told by a moment when RAS had given the value to the dial: it returned from
   RasDial, or reported an event. The order of RasDial's calls, or of what the loops hear, says nothing.
 - A dial that reported no such state shares the living life, if that is of the same entry: dialing an entry
   that is connected adds a reference to it. Another entry's dial begins a new life.
 - A life that is being hung up is shared by nobody: a dial that gets its value begins a new one.
"""

from __future__ import annotations

import enum
import weakref

from .._native.records import ConnectionInfo
from .fork import new_lock


class Life(enum.Enum):
    LIVING = "living"
    HANGING_UP = "hanging up"
    GONE = "gone"


class RasHandle:
    """One life of an HRASCONN value.

    Attributes:
        value: The HRASCONN.
        founder: When the dial that began it called RasDial, in nanoseconds of the clock that callbacks
            read; 0 = RAS listed it, and another program dialed it.
        known: A moment when that dial had the value, in the same nanoseconds.
        entry: What was dialed, as RASCONN names it: a number is one after a period.
        references: How many dials of this process hold it.
        info: What RAS listed of it, where no dial of this process holds it.
    """

    __slots__ = ("__weakref__", "entry", "founder", "info", "known", "life", "references", "value")

    def __init__(self, value: int, founder: int = 0, known: int = 0, entry: str = "") -> None:
        self.value: int = value
        self.founder: int = founder
        self.known: int = known
        self.entry: str = entry
        self.references: int = 0
        self.life: Life = Life.LIVING
        self.info: ConnectionInfo | None = None

    @property
    def gone(self) -> bool:
        return self.life is Life.GONE

    def is_of(self, entry: str) -> bool:
        """Tell whether a dial of this entry may be a reference to it."""
        return self.entry.casefold() == entry.casefold()


class HandleTable:
    """The living handles of one library: those with references of this process, and those in use."""

    def __init__(self) -> None:
        self._lock = new_lock()
        self._living: weakref.WeakValueDictionary[int, RasHandle] = weakref.WeakValueDictionary()
        self._referenced: dict[int, RasHandle] = {}  # else a dropped Connection would take its count along

    def enter(self, value: int, founder: int, known: int, entry: str, *, new: bool) -> RasHandle:
        """A dial has got this value; new = by its states it is no reference to an older dial."""
        with self._lock:
            living = self._living.get(value)
            if living is None or new or living.life is Life.HANGING_UP or not living.is_of(entry):
                return self._begin(value, founder, known, entry)
            living.references += 1
            self._referenced[value] = living
            return living

    def renew(self, handle: RasHandle, founder: int, known: int) -> RasHandle:
        """The dial of this founder shares no older life after all."""
        with self._lock:
            if handle.founder == founder:
                return handle
            if not handle.gone:
                handle.references -= 1
            return self._begin(handle.value, founder, known, handle.entry)

    def _begin(self, value: int, founder: int, known: int, entry: str) -> RasHandle:
        """A life with one reference; gone at once where a later dial has the value already."""
        begun = RasHandle(value, founder, known, entry)
        begun.references = 1
        older = self._living.get(value)
        if older is not None and older.known > known:
            begun.life = Life.GONE
            return begun
        self._take_place(begun)
        self._referenced[value] = begun
        return begun

    def _take_place(self, begun: RasHandle) -> None:
        older = self._living.get(begun.value)
        if older is not None:
            older.life = Life.GONE
            self._referenced.pop(begun.value, None)
        self._living[begun.value] = begun

    def listed(self, info: ConnectionInfo) -> RasHandle:
        """The handle of a connection that RAS lists.

        Another program may have got a value that an older connection had: then the older life is over. A
        life that a dial of this process holds is left alone, since the list may be older than that dial.
        """
        with self._lock:
            handle = self._living.get(info.handle)
            if handle is None or (
                not handle.references and handle.info is not None and not same_connection(handle.info, info)
            ):
                handle = RasHandle(info.handle, entry=info.entry)
                self._take_place(handle)
            if not handle.references:
                handle.info = info
            return handle

    def start_hang_up(self, handle: RasHandle, *, all_references: bool) -> int | None:
        """Take one reference, or all, to be given back to RAS; the result says how many were taken.

        None = another thread is giving the last one back.
        """
        with self._lock:
            if handle.life is Life.HANGING_UP:
                return None
            taken = handle.references if all_references else min(1, handle.references)
            handle.references -= taken
            if not handle.references and handle.life is Life.LIVING:
                handle.life = Life.HANGING_UP
                self._referenced.pop(handle.value, None)
            return taken

    def refused(self, handle: RasHandle, references: int) -> None:
        """RAS refused the hang-up."""
        with self._lock:
            handle.references += references
            if handle.references:
                self._referenced[handle.value] = handle
            if handle.life is Life.HANGING_UP:
                handle.life = Life.LIVING

    def end(self, handle: RasHandle) -> None:
        """End the connection of this handle; a later connection may have its value already."""
        with self._lock:
            handle.life = Life.GONE
            if self._living.get(handle.value) is handle:
                del self._living[handle.value]
                self._referenced.pop(handle.value, None)

    def end_all(self) -> None:
        with self._lock:
            living = list(self._living.values())
        for handle in living:
            self.end(handle)


def same_connection(old: ConnectionInfo, new: ConnectionInfo) -> bool:
    """Tell whether both are one connection. Values that RAS did not report do not count."""
    if old.handle != new.handle:
        return False
    if old.correlation_id and new.correlation_id:
        return old.correlation_id == new.correlation_id
    if old.guid and new.guid and old.guid != new.guid:
        return False
    if old.luid and new.luid and old.luid != new.luid:
        return False
    return bool(old.guid and new.guid) or old.entry == new.entry
