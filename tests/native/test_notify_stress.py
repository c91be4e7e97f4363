"""notify.c under fire: its own stress program, plain and under the compiler's sanitizers."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NATIVE = HERE.parents[1] / "rasdial_async" / "_native"
NAMES = ["notify_targets.c", "host.c", "ras_library.c"]
SOURCES = [HERE / "notify_stress.c", *(NATIVE / name for name in NAMES)]  # which has notify.c in it
COMPILER = shutil.which(os.environ.get("CC", "cc"))

# Options, and how much of everything in percent: what a sanitizer watches is slower.
BUILDS = {
    "plain": (["-O2"], 200),
    "thread": (["-O1", "-g", "-fsanitize=thread"], 60),
    "address": (["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"], 100),
}

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="builds with a POSIX compiler's options"),
    pytest.mark.skipif(COMPILER is None, reason="no C compiler"),
]


def run(*command):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=120)


def compile_c(target, sources, options):
    libraries = ["-pthread"] if sys.platform == "darwin" else ["-pthread", "-ldl"]
    warnings = ["-Wall", "-Wextra", "-Werror"]
    return run(COMPILER, "-std=c11", *warnings, *options, *sources, *libraries, "-o", target)


def build_and_run(options, percent, folder):
    """Why this build is not possible here ("" = it is), and what the program or compiler said."""
    empty = folder / "empty.c"
    empty.write_text("int main(void) { return 0; }\n")
    tried = compile_c(folder / "empty", [empty], options)
    if tried.returncode == 0:
        tried = run(folder / "empty")
    if tried.returncode:
        return f"{COMPILER} {' '.join(options)}: {tried.stderr.strip()[-200:]}", tried
    program = folder / "notify_stress"
    built = compile_c(program, SOURCES, options)
    return "", run(program, percent) if built.returncode == 0 else built


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """All builds at once: most of their time is compiling and waiting."""
    with ThreadPoolExecutor() as pool:
        yield {
            name: pool.submit(build_and_run, options, percent, tmp_path_factory.mktemp(name))
            for name, (options, percent) in BUILDS.items()
        }


@pytest.mark.parametrize("build", BUILDS)
def test_notify(build, outcomes):
    impossible, outcome = outcomes[build].result()
    if impossible:
        pytest.skip(impossible)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
