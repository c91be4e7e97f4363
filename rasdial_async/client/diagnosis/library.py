"""The checks of a RAS library, in a child process: each one calls RAS, which may crash or never return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..._native.binding import RasLibrary, credentials, devices, entries, open_library, watch_event
from ..._native.records import CredentialKind, EntryName
from ...errors import RasError
from ...simulator import Simulator
from ...testing import simulator_of_environment
from .report import Answer
from .system import without_home

if TYPE_CHECKING:
    from ..._native.records import Entry

Question = tuple[str, str, Callable[[], Answer]]  # section, name, and the function that answers
SIMULATOR, SYSTEM = "simulator", "rasapi32"
_MOST_ENTRIES = 40


class Examined:
    """The library under examination, opened by the first question."""

    def __init__(self, name: str, phonebook: str | None) -> None:
        self.name = name
        self.phonebook = phonebook
        self._simulator: Simulator | None = None
        self._library: RasLibrary | None = None
        self._names: list[EntryName] = []

    @property
    def library(self) -> RasLibrary:
        """The opened library.

        Raises:
            BackendUnavailableError: It can't be opened.
        """
        if self._library is None:
            if self.name == SIMULATOR:
                self._simulator = simulator_of_environment()
                if self.phonebook is not None:
                    self._simulator.load_phonebook(self.phonebook)
                self._library = self._simulator.backend.session.library
            else:
                self._library = open_library(None if self.name == SYSTEM else self.name)
        return self._library

    def questions(self) -> Iterator[Question]:
        """Return every question, in an order that does not depend on the answers."""
        yield "library", "opened", lambda: without_home(self.library.name)
        yield "library", "simulated", lambda: self.library.simulated
        yield "library", "functions present", lambda: sum(self.library.functions().values())
        yield "library", "functions missing", self._missing
        yield "library", "text of error 691", lambda: self.library.error_text(691)
        yield "library", "connections", lambda: len(self.library.connections())
        yield "library", "devices", self._devices
        yield "library", "entries", self._entries
        yield "library", "dwSize accepted", lambda: {**self.library.accepted_sizes()}
        yield "library", "notification", self._notification

    def _missing(self) -> Answer:
        return [name for name, present in self.library.functions().items() if not present]

    def _devices(self) -> Answer:
        return [{"type": one.type, "name": one.name} for one in devices.devices(self.library)]

    def _entries(self) -> Answer:
        names = self.library.entries(self.phonebook)
        return [self._entry(name) for name in names[:_MOST_ENTRIES]]

    def _entry(self, name: EntryName) -> Answer:
        about: dict[str, Answer] = {
            "name": name.name,
            "for": "all users" if name.all_users else "user",
        }
        phonebook = name.phonebook or self.phonebook
        try:
            about |= _settings(entries.read_entry(self.library, phonebook, name.name))
            login = credentials.get_credentials(self.library, phonebook, name.name, CredentialKind.USER)
            about["login stored"] = login is not None
            about["password stored"] = login is not None and bool(login.password)
        except RasError as error:
            about["error"] = f"{error.code} {error.symbol} [{error.function}]"
        return about

    def _notification(self) -> Answer:
        event = watch_event.WatchEvent()  # never closed: RAS documents no end of a registration
        return f"RasConnectionNotificationW returns {event.register(self.library)}"


def _settings(entry: Entry) -> dict[str, Answer]:
    return {
        "type": _spelled(entry.type),
        "device type": entry.device_type,
        "device": entry.device_name,
        "strategy": _spelled(entry.vpn_strategy),
        "options": f"{int(entry.options):#x}",
        "options2": f"{int(entry.options2):#x}",
        "EAP": entry.custom_auth_key,
        "encryption": _spelled(entry.encryption),
        "sub-entries": entry.links,
    }


def _spelled(value: int) -> str:
    return getattr(value, "name", None) or str(int(value))
