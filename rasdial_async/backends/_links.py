"""What this process knows of the handles of one library."""

from __future__ import annotations

import threading
import weakref

from .base import Link


class Links:
    """At most one living link a handle value. A link lives as long as somebody holds it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._links: weakref.WeakValueDictionary[int, Link] = weakref.WeakValueDictionary()

    def known(self, handle: int) -> Link:
        with self._lock:
            link = self._links.get(handle)
            if link is None:
                link = self._links[handle] = Link(handle)
            return link

    def take(self, handle: int) -> Link:
        """A dial got this handle: one more reference."""
        link = self.known(handle)
        with self._lock:
            link.references += 1
        return link

    def give(self, link: Link, all_references: bool) -> None:
        with self._lock:
            link.references = 0 if all_references else max(0, link.references - 1)

    def retire(self, handle: int) -> None:
        """The connection of that handle is over, or RAS has given the value to another dial."""
        with self._lock:
            link = self._links.pop(handle, None)
            if link is not None:
                link.gone = True

    def retire_all(self) -> None:
        for handle in list(self._links):
            self.retire(handle)
