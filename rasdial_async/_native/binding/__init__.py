"""Python calls C: every call into the compiled room is in this folder."""

from ..trampoline import RawEvent, Sink, device_names
from . import structures
from .eap_info import EapInfo
from .library import RasLibrary, handle_cell, open_library, read_handle
from .notify import Counters, DialCallback, NotifyTarget, after_fork, clock, release, this_thread
from .pppd import PppdEngine
from .simulator import (
    SAME_STATE,
    CallbackMode,
    Engine,
    EngineCounts,
    EngineEap,
    EngineEntry,
    EngineStep,
    Question,
    StepKind,
)

__all__ = [
    "SAME_STATE",
    "CallbackMode",
    "Counters",
    "DialCallback",
    "EapInfo",
    "Engine",
    "EngineCounts",
    "EngineEap",
    "EngineEntry",
    "EngineStep",
    "NotifyTarget",
    "PppdEngine",
    "Question",
    "RasLibrary",
    "RawEvent",
    "Sink",
    "StepKind",
    "after_fork",
    "autodial",
    "call_log",
    "clock",
    "countries",
    "credentials",
    "device_names",
    "devices",
    "eap",
    "entries",
    "handle_cell",
    "library",
    "mobility",
    "notify",
    "open_library",
    "pppd",
    "projection",
    "read_handle",
    "release",
    "simulator",
    "simulator_links",
    "statistics",
    "structures",
    "sub_entries",
    "this_thread",
    "watch_event",
]
