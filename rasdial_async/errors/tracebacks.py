"""Tracebacks without secrets, also where local variables are shown.

A call with a password in its arguments has the password in its frame, and so has every frame below. pytest's
``--showlocals``, rich and error trackers print the local variables of each frame of a traceback.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")


def hides_arguments(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function with exceptions whose traceback ends at the call: no frame has the arguments."""

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            del args, kwargs
            raise _without_frames(error) from error.__cause__

    @functools.wraps(function)
    async def call_async(*args: _P.args, **kwargs: _P.kwargs) -> Any:
        try:
            return await cast("Any", function(*args, **kwargs))
        except BaseException as error:
            del args, kwargs
            raise _without_frames(error) from error.__cause__

    return cast("Callable[_P, _R]", call_async) if inspect.iscoroutinefunction(function) else call


def hides_fields(made: type[_T]) -> type[_T]:
    """Return the class, whose constructor hides its arguments in the same way."""
    made.__init__ = hides_arguments(made.__init__)  # type: ignore[method-assign]
    return made


def _without_frames(error: BaseException) -> BaseException:
    """The exception and those that it came of have no traceback."""
    chained: BaseException | None = error
    while chained is not None and chained.__traceback__ is not None:
        chained.__traceback__ = None
        chained = chained.__cause__ or chained.__context__
    return error
