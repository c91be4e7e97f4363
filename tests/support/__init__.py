"""Helpers of the tests: other RAS libraries, lines, loops, and where the data lie."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
DATA = TESTS / "data"
