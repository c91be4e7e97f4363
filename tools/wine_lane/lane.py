"""`make test-windows`: the wheel on Windows CPython under Wine. docs/windows.md tells what that proves.

python tools/wine_lane/lane.py                    everything
python tools/wine_lane/lane.py -v 3.12 -l selector tests/backends/test_marshal.py -k gate
"""

from __future__ import annotations

import argparse
import collections
import fcntl
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from wine import (
    BUILTIN,
    CACHE,
    NATIVE,
    PYTHONS,
    ROOT,
    SYSTEM32,
    Server,
    environment,
    python_folder,
    run_python,
    windows_path,
)

BUILT = ROOT / "build" / "windows"
ENGINE = ROOT / "build" / "engine" / "x86_64" / "rasapi32.dll"
CLIENT = BUILT / "foreign-client.exe"
STRESS = BUILT / "notify-stress.exe"
TEST_LIBRARIES = BUILT / "test-libraries"
WHEEL_SOURCES = (
    *("rasdial_async", "build_ffi.py", "setup.py", "pyproject.toml", "README.md", "LICENSE"),
    *("tools/wine_lane/build-wheel.sh", "tools/wine_lane/cross_setup.py", "tools/wine_lane/pyconfig.h"),
)
LOOPS = ("proactor", "selector")
WHOLE = {"3.11": "proactor", "3.12": "selector", "3.13": "proactor"}
"""Where each Python runs every test; on the other loop it runs those that the loop makes a difference to."""
SUITE_SECONDS = 2400  # on a machine that others use too
STUB_TESTS = ["tests/windows/test_wine_stub.py"]

BENCH_LIBRARY = ROOT / "build" / "benchmarks" / "windows" / "rasapi32.dll"
PROGRAM_SECONDS = 1800
BENCH = """
import runpy, sys
sys.path.append(sys.argv.pop(1))  # last: the package is that of the wheel
runpy.run_module("benchmarks.windows", run_name="__main__", alter_sys=True)
"""
"""The embeddable Python takes neither the current folder nor PYTHONPATH."""

MARKER = "import ctypes; ctypes.WinDLL(r'C:\\windows\\system32\\rasapi32.dll').sim_standalone"


class Run(NamedTuple):
    """One run of pytest: what it runs, and where."""

    version: str
    loop: str
    rasapi32: str = NATIVE
    arguments: Sequence[str] = ()
    loop_tests: bool = False

    def __str__(self) -> str:
        whose = ", Wine's own rasapi32.dll" if self.rasapi32 == BUILTIN else ""
        tests = ", tests of the loop" if self.loop_tests else ""
        return f"CPython {self.version}, {self.loop} loop{whose}{tests}"


class Outcome(NamedTuple):
    """The result of a run."""

    name: str
    status: int
    passed: int
    failed: int
    skipped: collections.Counter[str]
    seconds: float

    @property
    def good(self) -> bool:
        return self.status == 0 and self.passed > 0 and self.failed == 0


def say(text: str) -> None:
    print(f"Windows lane: {text}", flush=True)


def host(*command: str | Path, **variables: str) -> None:
    """A command of this system; where it fails, it has said why, and the lane ends."""
    done = subprocess.run([*map(str, command)], cwd=ROOT, env=os.environ | variables, check=False)
    if done.returncode:
        sys.exit(f"Windows lane: it ends here, since this failed: {' '.join(map(str, command))}")


def is_newer(made: Path, *sources: Path) -> bool:
    """True if what was made is there, and newer than every file it was made from."""
    files = (path for source in sources for path in (source, *source.rglob("*")))
    newest = max(path.stat().st_mtime for path in files if "__pycache__" not in path.parts)
    return made.exists() and made.stat().st_mtime > newest


def prepare_wheel(**tools: str) -> None:
    wheel = next(BUILT.glob("wheel/*.whl"), BUILT / "no-wheel")
    if not is_newer(wheel, *(ROOT / name for name in WHEEL_SOURCES)):
        say("the wheel")
        host("sh", "tools/wine_lane/build-wheel.sh", **tools)
        wheel = next(BUILT.glob("wheel/*.whl"))
    if not all(is_newer(python_folder(version) / "site" / "rasdial_async", wheel) for version in PYTHONS):
        host("sh", "tools/wine_lane/install-wheel.sh", **tools)


def prepare_libraries() -> None:
    say("the simulator as rasapi32.dll, a foreign client of it, and the libraries of the tests")
    host(sys.executable, "tools/build_engine.py", "x86_64", "i686")
    shutil.copyfile(ENGINE, SYSTEM32 / "rasapi32.dll")
    TEST_LIBRARIES.mkdir(parents=True, exist_ok=True)
    source = "tests/windows/foreign_client.c"
    host("x86_64-w64-mingw32-gcc", "-std=c11", "-municode", source, "-lrasapi32", "-o", CLIENT)
    native = ROOT / "rasdial_async" / "_native"
    names = ("notify_functions.c", "os/os_windows.c", "os/wake_windows.c", "ras_library.c")
    host(
        *("x86_64-w64-mingw32-gcc", "-std=c11", "-O2", "-D_WIN32_WINNT=0x0601", "-DRASDIAL_INTERLOCKED"),
        *("tests/native/notify_stress.c", *(native / name for name in names)),
        *("-static", "-pthread", "-lws2_32", "-o", STRESS),
    )
    host(sys.executable, "tests/support/odd_ras/libraries.py", "x86_64-w64-mingw32-gcc", TEST_LIBRARIES)


def prepare() -> None:
    tools = {"BIN": str(Path(sys.executable).parent)}
    host("sh", "tools/wine_lane/provision.sh", **tools)
    with ThreadPoolExecutor() as pool:
        for one in (pool.submit(prepare_wheel, **tools), pool.submit(prepare_libraries)):
            one.result()


def read_report(path: Path) -> tuple[int, int, collections.Counter[str]]:
    """Passed, failed, and skips by reason, of a JUnit file."""
    skipped: collections.Counter[str] = collections.Counter()
    passed = failed = 0
    if path.exists():
        for case in ET.parse(path).iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif (skip := case.find("skipped")) is not None:
                skipped[skip.get("message") or "no reason"] += 1
            else:
                passed += 1
    return passed, failed, skipped


def pytest(run: Run, *, quiet: bool) -> Outcome:
    report = BUILT / f"report-{run.version}-{run.loop}-{run.rasapi32}.xml"
    variables = {
        "RASDIAL_LOOP": run.loop,
        "RASDIAL_LOOP_TESTS": "1" if run.loop_tests else "",
        "RASDIAL_FOREIGN_CLIENT": str(CLIENT),
        "RASDIAL_NOTIFY_STRESS": str(STRESS),
        "RASDIAL_TEST_LIBRARIES": str(TEST_LIBRARIES),
    }
    report.unlink(missing_ok=True)
    started = time.monotonic()
    status, output = run_python(
        run.version,
        *("-m", "pytest", "-p", "lane_plugin", "-p", "no:cacheprovider", "-q", "-r", "fE"),
        *("--capture=sys", "-o", "faulthandler_timeout=0"),  # see lane_plugin.py
        *("--ignore=tests/package", "--ignore=tests/pppd"),  # about this system
        *(f"--junit-xml={report}", *run.arguments),
        timeout=SUITE_SECONDS,
        quiet=quiet,
        env=environment(run.rasapi32, **variables),
    )
    seconds = time.monotonic() - started
    outcome = Outcome(str(run), status, *read_report(report), seconds)
    say(f"{run}: {'ok' if outcome.good else f'exit status {status}'}, {seconds:.0f} s")
    if quiet and not outcome.good:
        print(output, flush=True)
    return outcome


def bench(version: str, arguments: Sequence[str]) -> int:
    """The package beside win32ras, both over the library of the benchmarks."""
    host(sys.executable, "-m", "benchmarks.build")
    sources = [ROOT / "benchmarks" / name for name in ("source.c", "windows_imports.c")]
    host(
        *("x86_64-w64-mingw32-gcc", "-std=c11", "-O2", "-D_WIN32_WINNT=0x0A00", "-shared"),
        *("-I", CACHE / "include", "-I", ROOT / "benchmarks", "-I", ROOT / "rasdial_async" / "_native"),
        *(BENCH_LIBRARY.with_name("module.c"), *sources),
        *("-L", CACHE, "-lpython3", "-lws2_32", "-static-libgcc", "-o", BENCH_LIBRARY),
    )
    return program(version, "-c", BENCH, windows_path(ROOT), *arguments)


def program(version: str, *arguments: str) -> int:
    """A Python program in place of the tests; its output is shown as it comes."""
    with Server():
        furnish(version)
        env = environment(RASDIAL_TEST_LIBRARIES=windows_path(TEST_LIBRARIES))
        status, _ = run_python(version, *arguments, timeout=PROGRAM_SECONDS, env=env)
    return status


def furnish(version: str) -> None:
    """The environment of every process of this Python: where its modules are, and what is the lane's own."""
    folder, digits = python_folder(version), version.replace(".", "")
    paths = (f"python{digits}.zip", ".", "site", "site/win32", "site/win32/lib", "import site")
    (folder / f"python{digits}._pth").write_text("\n".join(paths))
    for name in ("lane_plugin.py", "sitecustomize.py"):
        shutil.copy(ROOT / "tools" / "wine_lane" / name, folder / "site")


def check_marker(version: str) -> None:
    """Without the override Wine takes its own library, even by full path: no test would tell."""
    for rasapi32, expected in ((NATIVE, 0), (BUILTIN, 1)):
        status, output = run_python(version, "-c", MARKER, timeout=60, quiet=True, env=environment(rasapi32))
        if status != expected:
            sys.exit(f"the rasapi32.dll of System32 is not the one asked for ({rasapi32}):\n{output}")


def check_on_this_system() -> bool:
    say("here: structures and exports for both CPUs, a foreign client that links, librasapi32.so")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/windows"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def summarize(outcomes: list[Outcome]) -> None:
    reasons: collections.Counter[str] = collections.Counter()
    print("\nWindows CPython under Wine\n")
    for one in outcomes:
        verdict = "ok" if one.good else f"FAILED (exit status {one.status})"
        counts = f"{one.passed} passed, {one.failed} failed, {one.skipped.total()} skipped"
        print(f"  {one.name}: {counts}, {one.seconds:.0f} s: {verdict}")
        for reason, count in one.skipped.items():
            reasons[reason] = max(reasons[reason], count)
    print("\nskipped, at most in one run:")
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:4} {reason}")
    passed, failed = sum(one.passed for one in outcomes), sum(one.failed for one in outcomes)
    print(f"\n{passed} passed, {failed} failed, {sum(one.skipped.total() for one in outcomes)} skipped")


def everything() -> list[Run]:
    """The long ones first, since they run side by side."""
    whole = [Run(version, loop) for version, loop in WHOLE.items()]
    others = [Run(v, one, loop_tests=True) for v, loop in WHOLE.items() for one in LOOPS if one != loop]
    stub = [Run(version, loop, BUILTIN, STUB_TESTS) for version, loop in WHOLE.items()]
    return whole + others + stub


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-v", "--version", action="append", choices=PYTHONS)
    parser.add_argument("-l", "--loop", action="append", choices=LOOPS)
    parser.add_argument("--bench", action="store_true", help="no tests: the benchmarks beside win32ras")
    parser.add_argument("--chaos", action="store_true", help="no tests: tests/chaos, with its own options")
    parser.add_argument("--as-is", action="store_true", help="with the wheel and engine of the last run")
    jobs = (os.cpu_count() or 1) + 1  # two runs leave two processors idle for a third of the time
    parser.add_argument("-j", "--jobs", type=int, default=jobs, help=f"runs side by side (default: {jobs})")
    options, arguments = parser.parse_known_args()
    versions, loops = options.version or PYTHONS, options.loop or LOOPS
    if arguments or options.version or options.loop:
        runs = [Run(version, loop, arguments=arguments) for loop in loops for version in versions]
    else:
        runs = everything()
    started = time.monotonic()
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two lanes would end each other's Wine
        if not options.as_is:
            prepare()
        if options.bench:
            return bench(versions[-1], arguments)
        if options.chaos:
            return program(versions[-1], windows_path(ROOT / "tests" / "chaos"), *arguments)
        with Server(), ThreadPoolExecutor(options.jobs) as pool:
            for version in versions:
                furnish(version)
                check_marker(version)
            done = [pool.submit(pytest, run, quiet=options.jobs > 1) for run in runs]
            here = bool(arguments) or check_on_this_system()
            outcomes = [one.result() for one in done]
    summarize(outcomes)
    if not here:
        say("FAILED on this system: see above")
    say(f"{time.monotonic() - started:.0f} s in all")
    return 0 if here and all(one.good for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
