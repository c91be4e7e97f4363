"""docs/how-to/dial-on-linux.md, done as it says: its peers files are dialed, and its commands are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, ppp

PAGE = (ROOT / "docs" / "how-to" / "dial-on-linux.md").read_text("utf-8")
PROGRAMS = str(Path(sys.executable).parent)


def found_on_page(pattern):
    """The first group of the pattern, on the page."""
    found = re.search(pattern, PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def write_peer(peers, name, *changes):
    """Write the page's file with the device, the number and the user of the provider here."""
    text = found_on_page(rf"sudo tee /etc/ppp/peers/{name} <<'OPTIONS'\n(.*?)^OPTIONS$")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (peers.folder / name).write_text(text)


def shell(commands, **variables):
    environment = os.environ | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"} | variables
    done = subprocess.run(
        ["sh", "-ec", commands], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def secrets():
    """The files of secrets as the page has them."""
    files = {Path("/etc/ppp") / name: b"" for name in ("chap-secrets", "pap-secrets")}
    for path in files:
        files[path] = path.read_bytes()
        path.write_text(f'"{ppp.USER}" * "{ppp.PASSWORD}" *\n')
    yield
    for path, before in files.items():
        path.write_bytes(before)


def test_the_pppoe_line_is_dialed_by_the_commands_of_the_page(peers, secrets):
    write_peer(peers, "dsl", ("eth1", "c0"), ("ada@provider.example", ppp.USER))
    commands = found_on_page(r"```console\nexport RASDIAL_BACKEND=pppd\n(.*?)```")
    dial, status, hang_up = commands.splitlines()
    shell(dial, RASDIAL_BACKEND="pppd")
    assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"as the page says") == b"as the page says"
    assert "dsl" in shell(status, RASDIAL_BACKEND="pppd")
    shell(hang_up, RASDIAL_BACKEND="pppd")
    assert ppp.interfaces() == []


def test_the_login_is_stored_by_the_commands_of_the_page(peers, tmp_path):
    write_peer(peers, "dsl", ("eth1", "c0"), ('user "ada@provider.example"\n', ""))
    block = found_on_page(r"```console\n(rasdial-async credentials set .*?)```")
    stored, dialed, shown, deleted = block.replace("ada@provider.example", ppp.USER).splitlines()
    variables = {"RASDIAL_BACKEND": "pppd", "XDG_CONFIG_HOME": str(tmp_path)}
    shell(stored, RASDIAL_PASSWORD=ppp.PASSWORD, **variables)
    shell(f"{dialed}; rasdial-async hangup dsl", **variables)
    assert ppp.USER in shell(shown, **variables)
    shell(deleted, **variables)
    assert not list(tmp_path.rglob("ppp-secrets"))


def test_the_modem_is_dialed(peers, provider):
    changes = [("/dev/ttyUSB2", provider.modems[0]), ("*99#", "5551000")]
    changes += [("modem\ncrtscts", "local\nnocrtscts")]  # a pseudo-terminal has no such lines
    write_peer(peers, "lte", *changes)
    login = {"RASDIAL_PASSWORD": ppp.PASSWORD, "RASDIAL_BACKEND": "pppd"}
    shell(f"rasdial-async dial lte --username {ppp.USER}", **login)
    assert ppp.echoed(ppp.SERVER_OF_MODEMS, b"as the page says") == b"as the page says"
    shell("rasdial-async hangup lte", RASDIAL_BACKEND="pppd")
