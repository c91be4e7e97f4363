"""The choice of a backend: argument, environment, platform. Nothing simulated is ever chosen silently."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from .. import _no_fork
from ..backends import Backend, new_lock, open_backend
from ..errors import BackendUnavailableError

if TYPE_CHECKING:
    from ..simulator import Simulator

ENVIRONMENT = "RASDIAL_BACKEND"


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A backend, and the simulator behind it, which lives as long as this object."""

    backend: Backend
    simulator: Simulator | None = None


BackendChoice = Union[str, os.PathLike[str], "Simulator", Backend, Choice, None]


def choose(choice: BackendChoice) -> Choice:
    """Open the backend that an argument of :class:`RasClient` names; None = by environment or platform.

    Raises:
        TypeError: The argument is neither a name, a path, a Simulator nor a backend.
        BackendUnavailableError: The backend does not exist here, or the simulator's scenario has a mistake.
    """
    if choice is None:
        choice = os.environ.get(ENVIRONMENT) or None
    if choice is None:
        if sys.platform != "win32":
            raise BackendUnavailableError(
                message="this system has no RAS of its own: choose backend='simulator', 'pppd' (on Linux) or "
                f"the path of a library with the ABI of ras.h, as an argument or in {ENVIRONMENT}"
            )
        choice = "rasapi32"
    if isinstance(choice, Choice):
        return choice
    if isinstance(choice, Backend):
        return Choice(choice)
    if choice == "rasapi32":
        return Choice(open_backend(None))
    if choice == "pppd":
        with _no_fork:
            from .pppd import open_pppd
        return Choice(open_pppd())
    # Imported here: a dial by the system's RAS does without the simulator and its phonebooks.
    with _no_fork:
        from ..simulator import ScenarioError, Simulator
        from ..testing import simulator_of_environment
    if choice == "simulator":
        try:
            choice = simulator_of_environment()
        except ScenarioError as error:
            raise BackendUnavailableError(message=f"the simulator does not start: {error}") from error
    if isinstance(choice, Simulator):
        return Choice(choice.backend, choice)
    return open_path("backend", choice)


def open_path(argument: str, path: str | os.PathLike[str]) -> Choice:
    """Open the library at a path; `argument` is its name in messages."""
    if not isinstance(path, str | os.PathLike):
        also = "a name, a path or a Simulator" if argument == "backend" else "a path"
        raise TypeError(f"{argument} must be {also}, not {type(path).__name__}")
    name = os.fspath(path)
    if argument == "backend" and name.isidentifier() and not os.path.exists(name):
        raise BackendUnavailableError(
            message=f"there is no backend and no file {name!r}: choose rasapi32, simulator, pppd or the path "
            "of a library"
        )
    return Choice(open_backend(os.path.abspath(name)))


_lock = new_lock()
_default: tuple[int, Choice] | None = None


def default_choice() -> Choice:
    """Return the choice of the package's functions, made at the first use; a forked child makes its own.

    Raises:
        BackendUnavailableError: See :func:`choose`.
    """
    global _default
    with _lock:
        if _default is None or _default[0] != os.getpid():
            _default = (os.getpid(), choose(None))
        return _default[1]


@contextmanager
def default_is(choice: BackendChoice) -> Iterator[Choice]:
    """Let the package's functions dial with this choice inside a block."""
    global _default
    chosen = choose(choice)
    with _lock:
        before, _default = _default, (os.getpid(), chosen)
    try:
        yield chosen
    finally:
        with _lock:
            _default = before
