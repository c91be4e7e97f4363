"""`python -m benchmarks [--quick]`: measures, prints the table, writes JSON and a picture."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
from collections.abc import Callable
from pathlib import Path

from . import crowd, importing, memory, pacing, report, whole_dial
from .build import FOLDER
from .conditions import CONDITIONS
from .results import Results
from .ways import WAYS


def jobs(results: Results, runners: dict[str, asyncio.Runner], quick: bool) -> list[Callable[[], None]]:
    """One repeat: everything once, in any order."""
    found: list[Callable[[], None]] = []

    def pace(*arguments: object) -> None:
        found.append(lambda: results.cells.append(pacing.measure(*arguments)))  # type: ignore[arg-type]

    def rate(*arguments: object) -> None:
        found.append(lambda: results.rates.append(crowd.measure(*arguments)))  # type: ignore[arg-type]

    for loop, runner in runners.items():
        for condition in CONDITIONS:
            for way in WAYS:
                if loop != "asyncio" and (quick or way not in ("product", "plain")):
                    continue
                pace(way, condition, pacing.DENSE, 6 if quick else 12, loop, runner)
                if not (quick and loop != "asyncio"):
                    pace(way, condition, pacing.SLOW, 2 if quick else 4, loop, runner)
        for condition in ("idle", "gil"):
            for dials in crowd.SIZES:
                if dials != 10_000 and (quick or condition != "idle"):
                    continue
                for way in ("product", "plain"):
                    if loop == "asyncio" or not quick:
                        rate(way, condition, dials, loop, runner, 0.5 if quick else 1.0)
        found.append(
            lambda loop=loop, runner=runner: results.whole_dials.append(  # type: ignore[misc]
                whole_dial.measure(40 if quick else 100, loop, runner)
            )
        )
    return found


def make_runners() -> dict[str, asyncio.Runner]:
    runners = {"asyncio": asyncio.Runner()}
    try:
        import uvloop
    except ImportError:
        print("uvloop is not installed: the stdlib loop only")
    else:
        runners["uvloop"] = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    return runners


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under forty seconds, and less certain")
    parser.add_argument("--repeats", type=int, help="how often everything is measured")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder for results.json and hold.svg")
    arguments = parser.parse_args()
    if sys.platform != "linux":
        print("the benchmarks need Linux: eventfd, /proc, clock_nanosleep")
        return 2
    logging.getLogger("rasdial_async").setLevel(logging.ERROR)
    results = Results()
    for way in ("product", "plain"):
        results.memory[way] = memory.measure(way, 2_000 if arguments.quick else 10_000)
    results.importing = importing.measure(3 if arguments.quick else 9)
    runners = make_runners()
    for _ in range(arguments.repeats or (1 if arguments.quick else 3)):
        repeat = jobs(results, runners, arguments.quick)
        random.shuffle(repeat)
        for job in repeat:
            job()
            print(".", end="", flush=True)
    for runner in runners.values():
        runner.close()
    report.show(results)
    arguments.output.mkdir(parents=True, exist_ok=True)
    report.write_json(results, arguments.output / "results.json")
    try:
        from .chart import draw

        draw(results, arguments.output / "hold.svg")
    except ImportError:
        print("matplotlib is not installed: no picture")
    print(f"\nresults.json and hold.svg are in {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
