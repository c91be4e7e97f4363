"""The simulator from C: its own test program, plain and under the compiler's sanitizers."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SIMULATOR = HERE.parents[1] / "rasdial_async" / "_native" / "simulator"
ERRORS = HERE.parent / "data" / "errors.json"
COMPILER = shutil.which(os.environ.get("CC", "cc"))

# The test program takes the place of the allocator, to let each allocation fail once.
ALLOCATOR = [f"-D{name}=test_{name}" for name in ("malloc", "calloc", "realloc")]
BUILDS = {
    "plain": ["-O1"],
    "thread": ["-O1", "-g", "-fsanitize=thread"],
    "address": ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
}

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="builds with a POSIX compiler's options"),
    pytest.mark.skipif(COMPILER is None, reason="no C compiler"),
]


@pytest.fixture(scope="module")
def error_texts(tmp_path_factory):
    """A folder with error_text.inc, as the build makes it."""
    folder = tmp_path_factory.mktemp("texts")
    errors = json.loads(ERRORS.read_text("utf-8"))["errors"]
    lines = [
        f"{{ {error['code']}, {json.dumps(error['description'], ensure_ascii=False)} }},\n"
        for error in errors
        if 600 <= error["code"] <= 899
    ]
    (folder / "error_text.inc").write_text("".join(lines), "utf-8")
    return folder


def run(*command):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300)


def compile_c(target, sources, options):
    warnings = ["-Wall", "-Wextra", "-Werror"]
    return run(COMPILER, "-std=c11", *warnings, *options, *sources, "-pthread", "-o", target)


def build_and_run(options, error_texts, folder):
    """Why this build is not possible here ("" = it is), and what the program or compiler said."""
    empty = folder / "empty.c"
    empty.write_text("int main(void) { return 0; }\n")
    tried = compile_c(folder / "empty", [empty], options)
    if tried.returncode == 0:
        tried = run(folder / "empty")
    if tried.returncode:
        return f"{COMPILER} {' '.join(options)}: {tried.stderr.strip()[-200:]}", tried
    program = folder / "simulator_test"
    sources = [*sorted(SIMULATOR.glob("*.c")), *sorted(HERE.glob("simulator_*.c"))]
    built = compile_c(program, sources, [*options, *ALLOCATOR, f"-I{error_texts}"])
    return "", run(program) if built.returncode == 0 else built


@pytest.fixture(scope="module")
def outcomes(error_texts, tmp_path_factory):
    """All builds at once: most of their time is compiling and waiting."""
    with ThreadPoolExecutor() as pool:
        yield {
            name: pool.submit(build_and_run, options, error_texts, tmp_path_factory.mktemp(name))
            for name, options in BUILDS.items()
        }


@pytest.mark.parametrize("build", BUILDS)
def test_simulator(build, outcomes):
    impossible, outcome = outcomes[build].result()
    if impossible:
        pytest.skip(impossible)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
