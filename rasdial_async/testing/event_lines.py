"""DialEvents as lines of a file that a person can read and write."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from .._native.records import DialEvent
from ..errors import ConnectionState
from .json_lines import Fields

_LONGEST_TYPE, _LONGEST_NAME = 16, 128  # RAS_MaxDeviceType, RAS_MaxDeviceName


def event_line(event: DialEvent) -> dict[str, Any]:
    """Return the object of the line: the time, the state, and the fields that differ from their defaults."""
    defaults = asdict(DialEvent(event.state))
    more = {key: value for key, value in asdict(event).items() if value != defaults[key]}
    return {"kind": "state", "elapsed": event.elapsed, "state": event.state.name} | more


def read_event(line: Fields) -> DialEvent:
    """Return the event of a line, checked.

    Raises:
        LineError: The line holds no event.
    """
    event = DialEvent(
        state=_state(line),
        error=line.integer("error", 0),
        extended_error=line.integer("extended_error", 0),
        elapsed=line.seconds("elapsed"),
        attempt=line.integer("attempt", 1, lowest=1),
        sub_entry=line.integer("sub_entry", 0),
        device_type=line.text("device_type", _LONGEST_TYPE, ""),
        device_name=line.text("device_name", _LONGEST_NAME, ""),
    )
    line.end()
    return event


def _state(line: Fields) -> ConnectionState:
    name = line.text("state", 100)
    state = ConnectionState.__members__.get(name)
    if state is not None:
        return state
    unknown = re.fullmatch(r"UNKNOWN_([0-9]{1,10})", name)
    if unknown is None or int(unknown[1]) > 0xFFFFFFFF:
        line.refuse("state", f"names no state of RAS: {json.dumps(name)}")
    return ConnectionState(int(unknown[1]))
