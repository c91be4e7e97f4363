"""A set of the objects that are alive, for whatever concerns all of them."""

from __future__ import annotations

import weakref
from typing import Generic, TypeVar

from .fork import new_lock

_T = TypeVar("_T")


class Living(Generic[_T]):
    """Members as long as somebody else holds them. Other threads may add some while one reads a copy."""

    def __init__(self) -> None:
        self._lock = new_lock()
        self._members: weakref.WeakSet[_T] = weakref.WeakSet()

    def add(self, member: _T) -> None:
        with self._lock:
            self._members.add(member)

    def copy(self) -> list[_T]:
        with self._lock:
            return list(self._members)
