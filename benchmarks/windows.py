"""`python -m benchmarks.windows [--repeats N]`: the package beside pywin32's win32ras, over the same library.

It needs Windows CPython with pywin32, and the library that tools/wine_lane/lane.py --bench compiles. Under
Wine the scheduler, the sockets and the timers are Wine's, so only ratios within one run say something.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import logging
import os
import platform
import random
import sys
from collections.abc import Callable, Iterator

from . import hundred, pacing
from .build import FOLDER
from .conditions import CONDITIONS
from .goals import hold50, hold99, hold_mean, latency50
from .pacing import DENSE, SLOW, Cell
from .results import Results, median, number, spread
from .ways import WAYS

INCUMBENT = "win32ras"
BESIDE = {"idle": "loop idle", "busy": "loop busy", "gil": "another Python thread spins"}
FIGURES: dict[str, Callable[[Cell], float]] = {
    "hold p50": hold50,
    "hold p99": hold99,
    "mean hold": hold_mean,
    "latency p50": latency50,
}


def jobs(
    results: Results, dials: list[hundred.Hundred], runner: asyncio.Runner
) -> Iterator[Callable[[], None]]:
    def cell(way: str, condition: str, pace: pacing.Pace, count: int) -> Callable[[], None]:
        return lambda: results.cells.append(pacing.measure(way, condition, pace, count, "asyncio", runner))

    for condition in CONDITIONS:
        for way in WAYS:
            yield cell(way, condition, DENSE, 12)
            yield cell(way, condition, SLOW, 4)
    for way in ("product", INCUMBENT, "plain"):
        yield lambda way=way: dials.append(hundred.measure(way, runner))


def rows(results: Results, dials: list[hundred.Hundred]) -> Iterator[tuple[str, ...]]:
    for condition in CONDITIONS:
        for pace in (DENSE, SLOW):
            for name, figure in FIGURES.items():
                ours, theirs = (
                    median([figure(cell) for cell in results.cells_of(way, condition, pace.name)])
                    for way in ("product", INCUMBENT)
                )
                ratio, low, high = results.ratio(condition, pace.name, figure, INCUMBENT)
                yield (
                    f"{name}, {BESIDE[condition]}, {pace.name}",
                    *(f"{number(one)} µs" for one in (ours, theirs)),
                    number(ratio),
                    f"{number(low)} to {number(high)}",
                )
    ours, theirs = ([one.seconds for one in dials if one.way == way] for way in ("product", INCUMBENT))
    ratio, low, high = spread([one / other for one, other in zip(ours, theirs, strict=True)])
    seconds = (f"{median(one):.2f} s" for one in (ours, theirs))
    yield "a hundred dials, up and hung up", *seconds, number(ratio), f"{number(low)} to {number(high)}"


def table(results: Results, dials: list[hundred.Hundred]) -> str:
    head = ("figure", "package", INCUMBENT, "ratio", "spread")
    lines = [head, tuple("---" for _ in head), *rows(results, dials)]
    described = ", ".join(f"{what} {value}" for what, value in results.machine.items())
    return "\n".join(
        [*("| " + " | ".join(line) + " |" for line in lines), "", f"Measured here: {described}.", ""]
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.windows", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="how often everything is measured")
    arguments = parser.parse_args()
    if sys.platform != "win32":
        print("win32ras exists on Windows only: `make bench-windows` runs this in Windows CPython under Wine")
        return 2
    logging.getLogger("rasdial_async").setLevel(logging.ERROR)
    runner = asyncio.Runner()
    results = Results(
        machine={
            "Python": platform.python_version(),
            "event loop": type(runner.get_loop()).__name__,
            "cores": str(os.cpu_count()),
            "pywin32": importlib.metadata.version("pywin32"),
            "repeats": str(arguments.repeats),
        }
    )
    dials: list[hundred.Hundred] = []
    with runner:
        for _ in range(arguments.repeats):
            repeat = list(jobs(results, dials, runner))
            random.shuffle(repeat)
            for job in repeat:
                job()
                print(".", end="", flush=True)
    text = table(results, dials)
    print(f"\n{text}")
    (FOLDER / "windows" / "results.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
