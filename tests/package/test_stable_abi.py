"""The CPythons that a wheel is for, as setup.py decides."""

from __future__ import annotations

import runpy
import sys
import sysconfig
from typing import Any

import pytest
import setuptools
from support import ROOT


@pytest.mark.parametrize(
    ("version", "without_gil", "oldest"),
    [
        ((3, 11), None, "cp311"),
        ((3, 12), None, "cp311"),
        ((3, 14), 0, "cp311"),
        ((3, 15), 0, "cp311"),
        ((3, 14), 1, None),  # has no stable ABI
        ((3, 15), 1, "cp315"),
    ],
)
def test_the_oldest_python_of_a_wheel(
    version: tuple[int, int], without_gil: int | None, oldest: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(setuptools, "setup", lambda **arguments: given.update(arguments))
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sysconfig, "get_config_var", {"Py_GIL_DISABLED": without_gil}.get)
    runpy.run_path(str(ROOT / "setup.py"))
    assert given["options"].get("bdist_wheel", {}).get("py_limited_api") == oldest
