"""The goals and what was measured, as a table for README.md."""

from __future__ import annotations

from . import goals
from .results import Results, median, number, spread


def table(results: Results) -> str:
    rows = [
        (
            goal.name,
            f"{'≥' if goal.at_least else '≤'} {number(goal.limit)} {goal.unit}",
            f"{number(goal.measured)} {goal.unit}",
            f"{number(goal.low)} to {number(goal.high)}",
            "met" if goal.met else "missed",
        )
        for goal in goals.check(results)
    ]
    rows += _whole_dials(results)
    head = ("figure", "goal", "measured", "spread", "")
    lines = [head, tuple("---" for _ in head), *rows]
    described = ", ".join(f"{what} {value}" for what, value in results.machine.items())
    return "\n".join(
        ["| " + " | ".join(cell.strip() for cell in line) + " |" for line in lines]
        + ["", f"Measured here: {described}.", ""]
    )


def _whole_dials(results: Results) -> list[tuple[str, ...]]:
    """They have no goal but to be told."""
    rows: list[tuple[str, ...]] = []
    for loop in dict.fromkeys(dial.loop for dial in results.whole_dials):
        dials = [dial for dial in results.whole_dials if dial.loop == loop]
        for what, alone in (("an empty callback", "with_notifier"), ("no callback", "simulator")):
            ratios = [median(dial.package) / median(getattr(dial, alone)) for dial in dials]
            middle, low, high = map(number, spread(ratios))
            name = f"a whole dial, {loop}, vs the simulator with {what}"
            rows.append((name, "", f"{middle} times", f"{low} to {high}", ""))
    return rows
