"""The simulator's engine as Python calls: entries, scripts, drops, counts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from ...errors import NamedIntEnum, error_from_code
from .. import text
from .._ras import ffi, lib
from .library import RasLibrary

MAX_ENGINES = lib.SIM_ENGINES
SAME_STATE = lib.SIM_SAME_STATE


class StepKind(IntEnum):
    STEP = lib.SIM_STEP
    FAIL = lib.SIM_FAIL
    SILENCE = lib.SIM_SILENCE
    DROP = lib.SIM_DROP
    LOGIN = lib.SIM_LOGIN
    PAUSE = lib.SIM_PAUSE
    PAUSE_SCRIPTED = lib.SIM_PAUSE_SCRIPTED


class CallbackMode(NamedIntEnum):
    """The callback of the far end: never, at the caller's number, or at a number of its own."""

    NONE = lib.SIM_CALLBACK_NONE
    SET_BY_CALLER = lib.SIM_CALLBACK_SET_BY_CALLER
    PRESET = lib.SIM_CALLBACK_PRESET


class Question(IntEnum):
    """A question that only Windows can settle; engine.h names both answers to each."""

    HANG_UP_GONE = lib.SIM_HANG_UP_GONE
    DEVICES_SIZE = lib.SIM_DEVICES_SIZE
    NULL_PHONEBOOK = lib.SIM_NULL_PHONEBOOK
    DEVICE_TYPE = lib.SIM_DEVICE_TYPE
    WINDOW_NOTIFIER = lib.SIM_WINDOW_NOTIFIER
    STALE_STATISTICS = lib.SIM_STALE_STATISTICS
    SECOND_PPPOE = lib.SIM_SECOND_PPPOE
    DIALING_LISTED = lib.SIM_DIALING_LISTED


class EngineStep(NamedTuple):
    """One line of a script; `delay` in seconds, before the step."""

    kind: StepKind
    state: int
    error: int
    extended_error: int
    delay: float


class EngineEntry(NamedTuple):
    phonebook: str
    name: str
    device_type: str
    device_name: str
    phone_number: str
    username: str
    password: str
    domain: str


class EngineEap(NamedTuple):
    """The EAP login of an entry; `method` 0 = none."""

    method: int
    username: str
    data: bytes
    interactive: bool
    window: bool


class EngineCounts(NamedTuple):
    connections: int
    open_ports: int
    threads: int
    callbacks: int
    dials: int
    registered: int
    registrations: int


class Engine:
    """One open engine. Every call may come from any thread; `close` waits for running callbacks."""

    name = "simulator"
    simulated = True

    def __init__(self) -> None:
        self._engine = self._open()
        if not self._engine:
            raise RuntimeError(f"no {self.name} to be had: {MAX_ENGINES} engines are open already")
        self.library = self._library()

    def _open(self) -> Any:
        return lib.sim_open()

    def _library(self) -> RasLibrary:
        return RasLibrary(lib.sim_api(self._engine), self.name, simulated=self.simulated)

    def close(self) -> None:
        lib.sim_close(self._engine)

    def add_entry(self, entry: EngineEntry) -> None:
        buffers = [text.new(value) for value in entry]
        record = ffi.new("struct sim_entry *", buffers)
        self._check(lib.sim_add_entry(self._engine, record), "add_entry")

    def add_phonebook(self, path: str, all_users: bool) -> None:
        self._check(lib.sim_add_phonebook(self._engine, text.new(path), all_users), "add_phonebook")

    def read_phonebook(self, path: str, data: bytes) -> None:
        """Take the sections of a phonebook file, in UTF-8, as the entries of the phonebook."""
        code = lib.sim_read_phonebook(self._engine, text.new(path), ffi.from_buffer(data), len(data))
        self._check(code, "load_phonebook")

    def guid(self, phonebook: str, name: str) -> str:
        guid = ffi.new("BYTE[16]")
        self._check(lib.sim_entry_guid(self._engine, text.new(phonebook), text.new(name), guid), "guid")
        return str(uuid.UUID(bytes_le=bytes(guid)))

    def use_files(self, path: str) -> None:
        """Let paths of phonebooks be those of files from now on, and this file be the default one."""
        self._check(lib.sim_use_files(self._engine, text.new(path), text.new(None), 1), "use_files")

    def load_scenario(self, path: str) -> tuple[int, str]:
        """Return the code, 0 = loaded, and what is wrong with the file."""
        problem = ffi.new("char[]", lib.SIM_PROBLEM)
        code = lib.sim_load_scenario(self._engine, text.new(path), problem, lib.SIM_PROBLEM)
        said = ffi.string(problem)
        assert isinstance(said, bytes)
        return code, said.decode("utf-8", "replace")

    def set_administrator(self, administrator: bool) -> None:
        lib.sim_set_administrator(self._engine, administrator)

    def expire_password(self, phonebook: str, name: str) -> None:
        code = lib.sim_expire_password(self._engine, text.new(phonebook), text.new(name))
        self._check(code, "expire_password")

    def set_eap(self, phonebook: str, name: str, eap: EngineEap) -> None:
        username, data = text.new(eap.username), ffi.new("BYTE[]", eap.data)
        record = ffi.new(
            "struct sim_eap *", [eap.method, username, data, len(eap.data), eap.interactive, eap.window]
        )
        code = lib.sim_set_eap(self._engine, text.new(phonebook), text.new(name), record)
        self._check(code, "set_eap")

    def set_addresses(self, phonebook: str, name: str, addresses: Sequence[str]) -> None:
        texts = [text.new(address) for address in addresses]
        list_of = ffi.new("WCHAR *[]", texts or 1)
        code = lib.sim_set_addresses(
            self._engine, text.new(phonebook), text.new(name), list_of, len(addresses)
        )
        self._check(code, "set_addresses")

    def remove_entry(self, phonebook: str, name: str) -> None:
        code = lib.sim_remove_entry(self._engine, text.new(phonebook), text.new(name))
        self._check(code, "remove_entry")

    def script(self, phonebook: str, name: str, steps: Sequence[EngineStep], link: int = 0) -> None:
        lines = ffi.new("struct sim_step[]", max(1, len(steps)))
        for line, step in zip(lines, steps, strict=False):
            line.kind, line.state = step.kind, step.state
            line.error, line.extended_error = step.error, step.extended_error
            line.delay_us = round(step.delay * 1_000_000)
        code = lib.sim_script_link(self._engine, text.new(phonebook), text.new(name), link, lines, len(steps))
        self._check(code, "script")

    def drop(self, phonebook: str, name: str, error: int) -> None:
        self._check(lib.sim_drop(self._engine, text.new(phonebook), text.new(name), error), "drop")

    def refuse(self, phonebook: str, name: str, error: int, handle: bool, delay: float) -> None:
        code = lib.sim_refuse(
            self._engine, text.new(phonebook), text.new(name), error, handle, round(delay * 1_000_000)
        )
        self._check(code, "refuse")

    def answer(self, function: str, code: int) -> None:
        """Raises KeyError if the table has no such function."""
        place = ffi.offsetof("struct ras_api", function) // ffi.sizeof("void *")
        self._check(lib.sim_answer(self._engine, place, code), "answer")

    def settle(self, question: Question, otherwise: bool) -> None:
        """Give the other answer to a question, or the usual one again."""
        self._check(lib.sim_settle(self._engine, question, otherwise), "settle")

    def set_callback(self, phonebook: str, name: str, mode: CallbackMode) -> None:
        code = lib.sim_set_callback(self._engine, text.new(phonebook), text.new(name), mode)
        self._check(code, "set_callback")

    def set_ports(self, device_name: str, ports: int) -> None:
        self._check(lib.sim_set_ports(self._engine, text.new(device_name), ports), "set_ports")

    def set_pace(self, factor: float) -> None:
        lib.sim_set_pace(self._engine, factor)

    def set_release_delay(self, seconds: float) -> None:
        lib.sim_set_release_delay(self._engine, round(seconds * 1_000_000))

    def counts(self) -> EngineCounts:
        counts = ffi.new("struct sim_counts *")
        lib.sim_count(self._engine, counts)
        return EngineCounts(
            *(counts.connections, counts.open_ports, counts.threads, counts.callbacks, counts.dials),
            *(counts.registered, counts.registrations),
        )

    def _check(self, code: int, function: str) -> None:
        if code != 0:
            raise error_from_code(code, function=f"Simulator.{function}")
