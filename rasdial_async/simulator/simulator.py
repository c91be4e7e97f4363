"""The built-in RAS engine, for tests and demonstrations on any OS. Everything simulated says so.

It has real threads, real callbacks, and RAS's documented checks and codes, but no line, no link and no
network.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from .._native.binding import CallbackMode as CallbackMode, Engine, EngineCounts, EngineEntry, Question
from .._native.binding.simulator_links import forget_event
from ..backends import Backend, Session
from ..errors import check_number, check_phonebook, check_text, hides_arguments
from .books import SimulatedBooks, device_type as device_type_of
from .lines import SimulatedLinks
from .logins import SimulatedLogins
from .scenario import SimulatedScenario
from .steps import (
    Drop as Drop,
    Fail as Fail,
    Login as Login,
    Pause as Pause,
    ScriptStep,
    Silence as Silence,
    Step as Step,
    check_seconds,
    engine_step,
)

DEFAULT_DEVICE = "WAN Miniport (IKEv2)"


class Simulator(SimulatedBooks, SimulatedLinks, SimulatedLogins, SimulatedScenario):
    """A simulated RAS with its own phonebook, lines and handles. ``with`` closes it.

    Args:
        pace: Factor for the delays of the default scripts: 1 = about a second for a dial, 0 = none.
        release_delay: Seconds from a hang-up until the port is free again.

    Raises:
        RuntimeError: Too many simulators are open in this process.
        ValueError: A number below zero.
    """

    def __init__(self, *, pace: float = 1.0, release_delay: float = 0.02) -> None:
        check_seconds("pace", pace)
        check_seconds("release_delay", release_delay)
        super().__init__()
        self._pid = os.getpid()
        self._engine: Engine | None = Engine()
        self._engine.set_pace(pace)
        self._engine.set_release_delay(release_delay)
        self.backend: Backend = Backend(self._session())

    # --- its phonebook ---

    @hides_arguments
    def add_entry(
        self,
        name: str,
        *,
        username: str = "",
        password: str = "",
        domain: str = "",
        device: str = DEFAULT_DEVICE,
        device_type: str | None = None,
        phone_number: str = "",
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Add an entry, or replace the one of that name; its device decides how its line behaves.

        Args:
            name: Name of the entry.
            username: The user name that the far end accepts; "" = any.
            password: The password that the far end accepts.
            domain: The domain that the far end accepts; "" = any.
            device: Device name, such as "WAN Miniport (PPPOE)"; it decides the default script.
            device_type: Such as "vpn"; None = taken from the device's name.
            phone_number: A number or a host name.
            phonebook: Path of its phonebook; None = the default phonebook.
        """
        check_text("entry", name)
        if not name:
            raise ValueError("name is empty")
        for argument, value in (("username", username), ("password", password), ("domain", domain)):
            check_text(argument, value)
        check_text("device", device, 128)
        check_text("phone_number", phone_number)
        kind = device_type_of(device) if device_type is None else device_type
        check_text("device_type", kind, 16)
        path = check_phonebook(phonebook) or ""
        self._open().add_entry(
            EngineEntry(path, name, kind, device, phone_number, username, password, domain)
        )
        if path:
            self._phonebooks.add(path)

    def remove_entry(self, name: str, *, phonebook: str | os.PathLike[str] | None = None) -> None:
        """Remove the entry; a dial in progress and a connection go on.

        Raises:
            RasError: 623: there is no such entry.
        """
        self._open().remove_entry(check_phonebook(phonebook) or "", name)

    # --- its lines ---

    def script(
        self,
        name: str,
        steps: Iterable[ScriptStep],
        *,
        link: int = 0,
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Set the steps of every later dial of the entry; no steps = the usual ones of its device.

        Args:
            name: Name of the entry.
            steps: The steps, in order.
            link: One sub-entry of several, from 1; 0 = each sub-entry without a script of its own.
            phonebook: Where the entry is.

        Raises:
            RasError: 623: there is no such entry; 259: it has no such sub-entry.
        """
        lines = [engine_step(step) for step in steps]
        self._open().script(check_phonebook(phonebook) or "", name, lines, link)

    def drop(self, name: str, code: int = 0, *, phonebook: str | os.PathLike[str] | None = None) -> None:
        """Let the line go dead: a connection ends, a dial in progress fails."""
        check_number("code", code)
        self._open().drop(check_phonebook(phonebook) or "", name, code)

    def refuse(
        self,
        name: str,
        code: int,
        *,
        handle: bool = False,
        delay: float = 0.0,
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Make RasDial itself return `code` from now on; 0 = it dials.

        Args:
            name: Name of the entry.
            code: The code that RasDial returns.
            handle: RasDial stores a handle all the same, which must be hung up.
            delay: Seconds that RasDial takes to return, also with code 0.
            phonebook: Where the entry is.
        """
        check_number("code", code)
        check_seconds("delay", delay)
        self._open().refuse(check_phonebook(phonebook) or "", name, code, handle, delay)

    def answer(self, function: str, code: int) -> None:
        """Make a RAS function return `code` and do nothing from now on; 0 = it works again.

        Args:
            function: Its name, such as "RasEnumConnections", with or without the W of its wide variant.
            code: The code that it returns.

        Raises:
            ValueError: There is no such function.
        """
        check_number("code", code)
        for name in (function, f"{function}W"):
            try:
                return self._open().answer(name, code)
            except KeyError:
                continue
        raise ValueError(f"function is no function of RAS that can be called here: {function!r}")

    def set_ports(self, device: str, ports: int) -> None:
        """Limit the dials that can use the device at a time; 0 = any number. A modem has one port."""
        check_number("ports", ports)
        self._open().set_ports(device, ports)

    @property
    def counts(self) -> EngineCounts:
        """The numbers of valid handles, open ports, threads and running callbacks now, and of dials so far.

        Also of the registrations for notifications, now and so far.
        """
        return self._open().counts()

    def use_file(self, path: str | os.PathLike[str]) -> None:
        """Make paths of phonebooks those of files from now on, and this file the default phonebook.

        A file is read when it has changed, and a change through RAS's functions is written to it at once:
        there is no :meth:`load_phonebook` and no :meth:`save_phonebook` then. A missing file is made with its
        first entry.
        """
        where = check_phonebook(path)
        assert where is not None
        engine = self._open()
        self._uses_files = True
        engine.use_files(os.path.abspath(where))
        engine.settle(Question.NULL_PHONEBOOK, False)

    def _session(self) -> Session:
        """A session that does not keep the simulator alive."""
        this = weakref.ref(self)

        def prepare_phonebook(phonebook: str | None) -> None:
            simulator = this()
            if simulator is not None and phonebook is not None:
                simulator.ensure_loaded(phonebook)

        def forget(event: int) -> bool:
            simulator = this()
            if simulator is not None and simulator._engine is not None:
                forget_event(simulator._engine, event)
            return True  # a closed engine has forgotten it

        library = self._open().library
        return Session(library, prepare_phonebook=prepare_phonebook, forget_event=forget)

    # --- its end ---

    def close(self) -> None:
        """End every connection and dial of this simulator, and free it. A second call does nothing."""
        engine, self._engine = self._engine, None
        if engine is not None and os.getpid() == self._pid:
            self.backend.session.close("the simulator is closed")
            engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self, is_finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        # At exit this module's names may be gone, hence the argument; the process takes the engine with it.
        if getattr(self, "_engine", None) is not None and not is_finalizing():
            self.close()

    def __repr__(self) -> str:
        return f"<Simulator {'closed' if self._engine is None else 'open'}>"

    def _open(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the simulator is closed")
        if os.getpid() != self._pid:
            raise RuntimeError("the simulator belongs to the parent process: make a new one after os.fork()")
        return self._engine
