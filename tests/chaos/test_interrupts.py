"""KeyboardInterrupt at random instants: nothing is left of dials, watches and keepers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("interrupts.py")


@pytest.mark.skipif(sys.platform == "win32", reason="no signal for one thread")
@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_nothing_is_left_wherever_an_interrupt_comes():
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "40", "1"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("40 interrupts, 0 findings\n")
