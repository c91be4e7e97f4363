"""The table, and the results as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from . import goals
from .conditions import CONDITIONS
from .crowd import SIZES
from .pacing import DENSE, SLOW, Cell
from .results import Results, mean, median, number, p99
from .ways import WAYS


def write_json(results: Results, path: Path) -> None:
    record = asdict(results)
    record["goals"] = [asdict(goal) | {"met": goal.met} for goal in goals.check(results)]
    path.write_text(json.dumps(record, indent=1), encoding="utf-8")


def show(results: Results) -> None:
    for loop in dict.fromkeys(cell.loop for cell in results.cells):
        _show_pacing(results, loop)
    if results.rates:
        _show_rates(results)
    _show_others(results)
    _show_goals(results)


def _show_pacing(results: Results, loop: str) -> None:
    print(f"\n{loop}: microseconds; hold = the time RAS is held, latency = event to `async for` body")
    print(
        f"{'condition':9} {'pace':10} {'way':8} {'hold p50':>9} {'p99':>9} {'mean':>9} {'first':>8} "
        f"{'pushed':>6} {'latency':>9} {'p99':>9} {'undelivered':>11}"
    )
    for condition in CONDITIONS:
        for pace in (DENSE, SLOW):
            for way in WAYS:
                cells = results.cells_of(way, condition, pace.name, loop)
                if cells:
                    print(f"{condition:9} {pace.name:10} {way:8} {_line(cells)}")


def _line(cells: list[Cell]) -> str:
    def over(key: str, value: object) -> float:
        values = [value(getattr(cell, key)) for cell in cells if getattr(cell, key)]  # type: ignore[operator]
        return median(values) if values else float("nan")

    undelivered = sum(cell.undelivered for cell in cells)
    pushed = 100 * mean([cell.pushed_off for cell in cells])
    return (
        f"{over('holds', median):9.2f} {over('holds', p99):9.1f} {over('holds', mean):9.1f} "
        f"{over('first_holds', median):8.1f} {pushed:5.0f}% {over('latencies', median):9.1f} "
        f"{over('latencies', p99):9.1f} {undelivered:11d}"
    )


def _show_rates(results: Results) -> None:
    print("\nthousand events per second, from the first callback to the last `async for` body")
    print(f"{'loop':8} {'condition':9} {'dials':>6} {'product':>8} {'plain':>8} {'ratio':>6}")
    for loop in dict.fromkeys(rate.loop for rate in results.rates):
        for condition in CONDITIONS:
            for dials in SIZES:
                ours = results.rates_of("product", condition, dials, loop)
                theirs = results.rates_of("plain", condition, dials, loop)
                if ours and theirs:
                    one, other = median(ours), median(theirs)
                    print(
                        f"{loop:8} {condition:9} {dials:6d} {one / 1000:8.1f} {other / 1000:8.1f} "
                        f"{one / other:6.2f}"
                    )


def _show_others(results: Results) -> None:
    print()
    for way, sizes in results.memory.items():
        dial, task = (median([one[what] for one in sizes]) for what in ("dial_and_task", "task"))
        print(
            f"memory, {way}: {dial:.0f} bytes for a dial of four events and the task that reads it; "
            f"{task:.0f} for a task that only waits"
        )
    for dial in results.whole_dials:
        package, alone, notified = map(median, (dial.package, dial.simulator, dial.with_notifier))
        print(
            f"a whole dial of 12 states, {dial.loop}: {package:.0f} us; the simulator alone {alone:.0f} us "
            f"({package / alone:.1f} times), with an empty callback {notified:.0f} us "
            f"({package / notified:.1f} times)"
        )
    if results.importing is not None:
        found = results.importing
        print(
            f"import: {found.total:.1f} ms, {found.to_dial:.1f} ms with what a first dial needs, "
            f"{found.asyncio:.1f} ms of it asyncio; afterwards {found.threads} thread, "
            f"{found.descriptors} sockets, pipes or eventfds"
        )
        print(
            f"start of the command line: rasdial-async error 691 takes {median(found.program):.0f} ms of the "
            f"processor, `import asyncio, click` {median(found.click):.0f} ms"
        )

    if results.loading is not None:
        book = results.loading
        print(
            f"a .pbk file of {book.megabytes:.1f} MB with 5,000 entries: read in {median(book.read):.2f} s "
            f"of the processor, loaded into the simulator in {median(book.load):.2f} s"
        )


def _show_goals(results: Results) -> None:
    print(f"\n{'goal':52} {'limit':>10} {'measured':>10} {'spread':>21}")
    for goal in goals.check(results):
        print(
            f"{goal.name:52} {number(goal.limit):>10} {number(goal.measured):>10} "
            f"{number(goal.low):>10}-{number(goal.high):<10} {'met' if goal.met else 'MISSED'} {goal.unit}"
        )
