"""The checks of the system and of the account. None of them names the user."""

from __future__ import annotations

import csv
import locale
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from .report import Answer, Check, timed

_BOUND = 10.0  # seconds for a program of the system
_CURRENT_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
# Security identifiers that every Windows has:
# https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
_KINDS = {
    "S-1-5-18": "LocalSystem",
    "S-1-5-19": "LocalService",
    "S-1-5-20": "NetworkService",
    "S-1-5-6": "service",
    "S-1-5-4": "interactive",
    "S-1-5-14": "remote desktop",
    "S-1-5-3": "batch",
    "S-1-16-12288": "elevated",
    "S-1-16-8192": "not elevated",
    "S-1-16-16384": "system integrity",
}


def checks() -> Iterator[Check]:
    """Ask about the system and the account."""
    yield timed("system", "system", platform.platform)
    yield timed("system", "processor", platform.machine)
    if sys.platform == "win32":
        yield timed("system", "edition", platform.win32_edition)
        yield timed("system", "build", _build)
        yield timed("system", "WOW64", lambda: "PROCESSOR_ARCHITEW6432" in os.environ)
        yield timed("system", "Wine", _is_wine)
        yield timed("system", "language", _language)
        yield timed("system", "UI language", _ui_language)
        yield timed("account", "kinds", _kinds)
        yield timed("account", "session", lambda: os.environ.get("SESSIONNAME", ""))
        for variable in ("APPDATA", "PROGRAMDATA"):
            yield timed("account", variable, partial(_folder, variable))
    else:
        yield timed("account", "root", lambda: os.geteuid() == 0)


def run(*command: str) -> str:
    """Run a program of the system, for at most ten seconds, and return its output.

    Raises:
        OSError: There is no such program.
        RuntimeError: It failed.
        subprocess.TimeoutExpired: It took too long.
    """
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_BOUND,
        check=False,
        text=True,
        errors="replace",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[:200]
        raise RuntimeError(f"{command[0]} exits with {done.returncode}: {said}")
    return done.stdout


def without_home(path: str) -> str:
    """Return a path with the user's folder replaced: its name is the user's."""
    home = os.path.expanduser("~")
    for folder in filter(None, (os.environ.get("USERPROFILE"), home if len(home) > 1 else "")):
        path = re.sub(re.escape(folder) + r"(?=$|[\\/])", "~", path, flags=re.IGNORECASE)
    return path


if sys.platform == "win32":
    import ctypes
    import winreg

    def _build() -> str:
        version = sys.getwindowsversion()
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _CURRENT_VERSION) as key:
            revision = winreg.QueryValueEx(key, "UBR")[0]
        return f"{version.major}.{version.minor}.{version.build}.{revision}"

    def _language() -> str:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, r"Control Panel\International") as key:
            return str(winreg.QueryValueEx(key, "LocaleName")[0])

    def _ui_language() -> str:
        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number, f"{number:#06x}")

    def _is_wine() -> bool:
        try:
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, r"Software\Wine").Close()
        except OSError:
            return False
        return True


def _kinds() -> Answer:
    groups = csv.reader(run("whoami", "/groups", "/fo", "csv", "/nh").splitlines())
    user = csv.reader(run("whoami", "/user", "/fo", "csv", "/nh").splitlines())
    found = {field for row in (*groups, *user) for field in row}
    return [kind for identifier, kind in _KINDS.items() if identifier in found]


def _folder(variable: str) -> Answer:
    folder = os.environ.get(variable, "")
    return {"path": without_home(folder), "exists": os.path.isdir(folder)}
