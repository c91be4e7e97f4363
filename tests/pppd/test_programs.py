"""The command line: dial, status and hangup are three processes, and the link belongs to none of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ppp

PROGRAM = Path(sys.executable).with_name("rasdial-async")


def run(*arguments, password=None, code=0):
    """The program's JSON, an object a line."""
    environment = os.environ | {"RASDIAL_BACKEND": "pppd"}
    if password is not None:
        environment["RASDIAL_PASSWORD"] = password
    command = [PROGRAM, *arguments, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_dial_status_and_hangup_from_three_processes(peers):
    peers.pppoe("dsl")
    *states, connected = run("dial", "dsl", "--username", ppp.USER, password=ppp.PASSWORD)
    assert (states[-1]["state"], connected["kind"]) == ("CONNECTED", "connected")
    assert len(ppp.own_pppds()) == 1
    assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"it stays") == b"it stays"
    listed = [line["entry"] for line in run("status") if "entry" in line]
    assert listed == ["dsl"]
    run("hangup", "dsl")
    assert ppp.interfaces() == []
    assert run("status") == []


def test_a_wrong_password_is_exit_code_1_and_names_691(peers):
    peers.pppoe("dsl")
    lines = run("dial", "dsl", "--username", ppp.USER, password="wrong", code=1)
    assert lines[-1]["code"] == 691


def test_the_password_is_in_no_argument_and_no_environment_of_pppd(peers):
    peers.pppoe("dsl")
    run("dial", "dsl", "--username", ppp.USER, password=ppp.PASSWORD)
    (pid,) = ppp.own_pppds()
    try:
        for name in ("cmdline", "environ"):
            assert ppp.PASSWORD.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()
    finally:
        run("hangup", "dsl")


def test_a_stored_login_is_dialed_with_by_another_program_until_it_is_deleted(peers, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    peers.pppoe("dsl", "c0", "user nobody")
    run("credentials", "set", "dsl", "--username", ppp.USER, password=ppp.PASSWORD)
    (stored,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored.stat().st_mode & 0o777 == 0o600
    (shown,) = run("credentials", "show", "dsl")
    assert shown["username"] == ppp.USER
    assert ppp.PASSWORD not in json.dumps(shown)
    run("dial", "dsl")
    run("hangup", "dsl")
    run("credentials", "delete", "dsl")
    assert list(tmp_path.rglob("ppp-secrets*")) == []
    assert run("dial", "dsl", code=1)[-1]["code"] == 734  # pppd knows no password, and refuses to log in


@pytest.mark.parametrize("command", [("entries",), ("devices",)])
def test_lists(peers, command):
    peers.pppoe("dsl")
    text = json.dumps(run(*command))
    assert ("dsl" if command == ("entries",) else "c0") in text
