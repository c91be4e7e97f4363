"""What this process knows of the handles of one library."""

from __future__ import annotations

import threading
import weakref

from .._native.records import ConnectionInfo
from .base import Link
from .lookout import same_connection


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

    def listed(self, info: ConnectionInfo) -> Link:
        """The link of a connection that RAS lists.

        Another program may have got a handle that an older connection had: then the old link is over. A
        dial of this process is left alone: the list may be older than the dial.
        """
        with self._lock:
            link = self.known(info.handle)
            if not link.references:
                if link.info is not None and not same_connection(link.info, info):
                    self.retire(info.handle)
                    link = self.known(info.handle)
                link.info = info
            return link

    def take(self, handle: int) -> Link:
        """A dial got this handle: one more reference."""
        link = self.known(handle)
        with self._lock:
            link.references += 1
        return link

    def give(self, link: Link, all_references: bool) -> int:
        """One reference less, or none left. Returns how many were given."""
        with self._lock:
            given = link.references if all_references else min(1, link.references)
            link.references -= given
            return given

    def take_back(self, link: Link, references: int) -> None:
        """RAS refused to take them."""
        with self._lock:
            link.references += references

    def retire(self, handle: int) -> None:
        """RAS has given the handle to another dial."""
        with self._lock:
            link = self._links.pop(handle, None)
            if link is not None:
                link.gone = True

    def end(self, link: Link) -> None:
        """That connection is over; a later one may have its handle already."""
        with self._lock:
            link.gone = True
            if self._links.get(link.handle) is link:
                del self._links[link.handle]

    def retire_all(self) -> None:
        for handle in list(self._links):
            self.retire(handle)
