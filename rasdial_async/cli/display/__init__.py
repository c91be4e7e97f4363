"""The output of the commands: lines, tables, live displays, timelines, and the objects of ``--json``."""

SIMULATED = "[simulated] "
HANGING_UP = "hanging up; Ctrl-C again ends at once"

__all__ = [
    "HANGING_UP",
    "SIMULATED",
    "live",
    "picture",
    "printable",
    "records",
    "report",
    "screen",
    "spans",
    "timeline",
]
