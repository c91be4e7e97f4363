"""The simulator's actions on connections that are up, and on its devices."""

from __future__ import annotations

from .. import text
from .._ras import ffi, lib
from ..records import Counters
from .simulator import Engine


def set_statistics(
    engine: Engine, phonebook: str, name: str, link: int, counters: Counters, add: bool
) -> None:
    """The counters of a link that is up, from 1: these, or these more, modulo 2^32."""
    values = ffi.new("RAS_STATS *", [ffi.sizeof("RAS_STATS"), *(value & 0xFFFFFFFF for value in counters)])
    code = lib.sim_set_statistics(
        engine._engine, text.new(phonebook), text.new(name), link, values, 1 if add else 0
    )
    engine._check(code, "advance" if add else "set_statistics")


def set_substate(engine: Engine, phonebook: str, name: str, sub_state: int) -> None:
    code = lib.sim_set_substate(engine._engine, text.new(phonebook), text.new(name), sub_state)
    engine._check(code, "set_substate")


def add_link(engine: Engine, phonebook: str, name: str, kind: str, device: str, phone_number: str) -> None:
    code = lib.sim_add_link(engine._engine, *map(text.new, (phonebook, name, kind, device, phone_number)))
    engine._check(code, "add_link")


def set_link(engine: Engine, phonebook: str, name: str, number: int, up: bool) -> None:
    code = lib.sim_set_link(engine._engine, text.new(phonebook), text.new(name), number, up)
    engine._check(code, "set_link")


def set_device(engine: Engine, name: str, kind: str, present: bool) -> None:
    code = lib.sim_set_device(engine._engine, text.new(kind), text.new(name), 1 if present else 0)
    engine._check(code, "add_device" if present else "remove_device")


def forget_event(engine: Engine, event: int) -> None:
    """Ends what RasConnectionNotification registered for it."""
    lib.sim_forget_event(engine._engine, ffi.cast("HANDLE", event))
