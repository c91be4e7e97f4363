"""`make test-pythons`: the tests on CPythons that this Debian does not have, in a tree of Debian's sid.

python tools/pythons.py             each Python
python tools/pythons.py 3.15        one of them

The tree lies in .cache/pythons (RASDIAL_PYTHONS_CACHE names another folder) and stays there: remove it for
newer Pythons. Every mount belongs to a namespace of its own and ends with the last process in it, so that
nothing has to be unmounted, however a run ends.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.get("RASDIAL_PYTHONS_CACHE") or ROOT / ".cache" / "pythons")
TREE = CACHE / "sid"
COMPLETE = CACHE / "sid.packages"
PYTHONS = ("3.13", "3.14", "3.15")
PACKAGES = (
    *(f"python{version}-{part}" for version in PYTHONS for part in ("venv", "dev")),
    *("ca-certificates", "gcc", "libc6-dev", "make", "tmux"),
)
TOOLS = ("debootstrap", "rsync")
FROM_HERE = ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt")

INSIDE = """
mount -t proc proc "$1/proc"
mount --rbind /sys "$1/sys"
mount --rbind /dev "$1/dev"
chroot "$@"
exit $?  # without this line sh would become chroot, and nobody would reap orphans as process 1
"""


def say(text: str) -> None:
    print(f"Pythons: {text}", flush=True)


def fail(text: str) -> NoReturn:
    sys.exit(f"Pythons: {text}")


def run(*command: str | Path, **variables: str) -> int:
    return subprocess.run([*map(str, command)], env=os.environ | variables, check=False).returncode


def need(*command: str | Path, **variables: str) -> None:
    """Run a command that the rest depends on; it says itself why it fails."""
    if run(*command, **variables):
        fail(f"this failed: {' '.join(map(str, command))}")


def install_tools() -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        fail(f"no apt-get here: install {' and '.join(missing)} yourself")
    apt = ("apt-get", "-qq", "-o", "Acquire::Retries=5", "-o", "DPkg::Lock::Timeout=300")
    need(*apt, "update")
    need(*apt, "install", "--yes", "--no-install-recommends", *missing, DEBIAN_FRONTEND="noninteractive")


def mirror() -> str:
    """Return the mirror of Debian that apt is set up with here."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    if not listed:
        fail("apt knows no mirror of Debian: is this Debian, and has `apt-get update` run?")
    return listed[0]


def make_tree() -> None:
    """Install Debian's sid into TREE, unless it is there and complete."""
    wanted = ",".join(PACKAGES)
    if COMPLETE.exists() and COMPLETE.read_text() == wanted:
        return
    say("Debian's sid, about 1 GB")
    COMPLETE.unlink(missing_ok=True)
    shutil.rmtree(TREE, ignore_errors=True)
    debootstrap = ("debootstrap", "--variant=minbase", f"--include={wanted}", "sid", TREE, mirror())
    need("unshare", "--mount", *debootstrap)
    COMPLETE.write_text(wanted)


def test(version: str) -> bool:
    """Run the tests of this checkout on one Python; its own files there keep what the last run has built."""
    inside = f"/pythons/{version}"
    checkout = TREE / inside[1:] / "checkout"
    checkout.mkdir(parents=True, exist_ok=True)
    ignored = ("--filter=:- .gitignore", "--exclude=.git")
    need("rsync", "--archive", "--delete", *ignored, f"{ROOT}/", checkout)
    for name in FROM_HERE:
        shutil.copyfile(Path("/", name), TREE / name)
    started = time.monotonic()
    make = ("make", f"--directory={inside}/checkout", "test")
    variables = (f"PYTHON=python{version}", f"VENV={inside}/venv")
    namespaces = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    elsewhere = ("env", "--unset=PIP_FIND_LINKS")  # it names a folder of this system
    status = run(*namespaces, *elsewhere, "sh", "-euc", INSIDE, "sh", TREE, *make, *variables, HOME="/root")
    say(f"{version}: {f'exit status {status}' if status else 'ok'}, {time.monotonic() - started:.0f} s")
    return status == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("versions", nargs="*", metavar="VERSION", help=f"default: {' '.join(PYTHONS)}")
    versions = parser.parse_args().versions or PYTHONS
    if unknown := sorted(set(versions) - set(PYTHONS)):
        parser.error(f"there is no Python {', '.join(unknown)} here")
    if os.getuid() != 0:
        fail("only root can make a tree of Debian and enter it")
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_tools()
        make_tree()
        outcomes = [test(version) for version in versions]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
