"""`python -m benchmarks [--quick] [--only FIGURE …]`: measures, prints tables, writes JSON and a picture."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from . import crowd, importing, machine, markdown, memory, pacing, phonebook, report, whole_dial
from .build import FOLDER
from .conditions import CONDITIONS
from .results import Results
from .ways import WAYS

FIGURES = ("hold", "rate", "dial", "memory", "import", "phonebook")


Job = Callable[[], None]


def pacing_jobs(results: Results, loop: str, runner: asyncio.Runner, quick: bool) -> Iterator[Job]:
    def job(way: str, condition: str, pace: pacing.Pace, dials: int) -> Job:
        return lambda: results.cells.append(pacing.measure(way, condition, pace, dials, loop, runner))

    for condition in CONDITIONS:
        for way in WAYS:
            if loop != "asyncio" and (quick or way not in ("product", "plain")):
                continue
            if quick and condition != "idle" and way in ("ctypes", "empty"):
                continue
            yield job(way, condition, pacing.DENSE, 12 if quick else 24)
            yield job(way, condition, pacing.SLOW, 2 if quick else 4)


def rate_jobs(results: Results, loop: str, runner: asyncio.Runner, quick: bool) -> Iterator[Job]:
    def job(way: str, condition: str, dials: int) -> Job:
        part = 0.5 if quick else 1.0
        return lambda: results.rates.append(crowd.measure(way, condition, dials, loop, runner, part))

    for dials in crowd.SIZES:
        for condition in ("idle", "gil"):
            if dials != 10_000 and (quick or condition != "idle"):
                continue
            if loop != "asyncio" and (quick or condition != "idle"):
                continue
            for way in ("product", "plain"):
                yield job(way, condition, dials)


def dial_jobs(results: Results, loop: str, runner: asyncio.Runner, quick: bool) -> Iterator[Job]:
    yield lambda: results.whole_dials.append(whole_dial.measure(40 if quick else 100, loop, runner))


JOBS = {"hold": pacing_jobs, "rate": rate_jobs, "dial": dial_jobs}


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
    parser.add_argument("--only", nargs="+", choices=FIGURES, help="these figures and no others")
    parser.add_argument("--repeats", type=int, help="how often everything is measured")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder for what is written")
    arguments = parser.parse_args()
    if sys.platform != "linux":
        print("the benchmarks need Linux: eventfd, /proc, clock_nanosleep")
        return 2
    logging.getLogger("rasdial_async").setLevel(logging.ERROR)
    figures = arguments.only or FIGURES
    results = Results(machine=machine.describe())
    if "memory" in figures:
        for way in ("product", "plain"):
            processes = 1 if arguments.quick else 3
            results.memory[way] = [memory.measure(way, 10_000) for _ in range(processes)]
    if "import" in figures:
        results.importing = importing.measure(3 if arguments.quick else 9)
    if "phonebook" in figures:
        results.loading = phonebook.measure(3 if arguments.quick else 5)
    runners = make_runners()
    for _ in range(arguments.repeats or (1 if arguments.quick else 3)):
        repeat = [
            job
            for figure, jobs in JOBS.items()
            if figure in figures
            for loop, runner in runners.items()
            for job in jobs(results, loop, runner, arguments.quick)
        ]
        random.shuffle(repeat)
        for job in repeat:
            job()
            print(".", end="", flush=True)
    for runner in runners.values():
        runner.close()
    report.show(results)
    arguments.output.mkdir(parents=True, exist_ok=True)
    report.write_json(results, arguments.output / "results.json")
    table = markdown.table(results)
    (arguments.output / "results.md").write_text(table, encoding="utf-8")
    print(f"\n{table}")
    if results.cells:
        try:
            from .chart import draw

            draw(results, arguments.output / "hold.svg")
        except ImportError:
            print("matplotlib is not installed: no picture")
    print(f"results.json, results.md and hold.svg are in {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
