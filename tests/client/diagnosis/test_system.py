"""The system and the account: bounded, and without the user's name."""

from __future__ import annotations

import os
import sys

import pytest

from rasdial_async.client.diagnosis import system


def test_a_program_that_fails_or_is_missing_is_an_error():
    assert system.run(sys.executable, "-c", "print('out')") == "out\n"
    with pytest.raises(RuntimeError, match="exits with 3: said"):
        system.run(sys.executable, "-c", "print('said'); raise SystemExit(3)")
    with pytest.raises(FileNotFoundError):
        system.run("/no/such/program/none")


def test_the_folder_of_the_user_is_not_named(monkeypatch):
    home = os.path.join(os.sep, "home", "ada")
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("USERPROFILE", home)
    below = os.path.join(home, "book.pbk")
    assert system.without_home(below) == os.path.join("~", "book.pbk")
    assert system.without_home(home) == "~"
    assert system.without_home(home + "lovelace") == home + "lovelace"


def test_every_question_has_an_answer():
    checks = list(system.checks())
    assert {check.section for check in checks} == {"system", "account"}
    unanswered = {check.name for check in checks if check.problem}
    assert unanswered <= {"kinds", "build", "language"}, "Wine has not all of Windows' programs and keys"
    if sys.platform != "win32":
        assert not unanswered
