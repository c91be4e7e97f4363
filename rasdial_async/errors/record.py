"""The base of the records: as_dict()."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from enum import Enum
from typing import Any


class Record:
    """A base of the dataclasses here, for what all of them can do."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the attributes as values that ``json.dumps`` takes.

        An enumeration becomes its name, or its value if that is a text; a timedelta becomes seconds, a tuple
        a list, a record a dict. Secrets and RAS's own bytes are left out, as from ``repr``.
        """
        named = fields(self)  # type: ignore[arg-type]  # every subclass is a dataclass
        return {item.name: _ready(getattr(self, item.name)) for item in named if item.repr}


def _ready(value: Any) -> Any:
    if hasattr(value, "as_dict"):  # a Record, a Connection or a RasError
        return value.as_dict()
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):
        return [_ready(item) for item in value]
    return value
