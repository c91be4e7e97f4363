"""notify_stress.c as a program for Windows, with the atomics that MSVC gets."""

from __future__ import annotations

import os
import subprocess

import pytest


def test_notify_under_fire():
    program = os.environ.get("RASDIAL_NOTIFY_STRESS")
    if not program:
        pytest.skip("RASDIAL_NOTIFY_STRESS names no compiled notify_stress.c: `make test-windows` does")
    done = subprocess.run([program, "40"], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "steps" in done.stdout
