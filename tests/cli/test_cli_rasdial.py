"""rasdial.exe's own spelling, and where a password may come from."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from support.program import Terminal, posix

from rasdial_async import Credentials, RasClient, Simulator
from rasdial_async.cli.commands.rasdial import _parse
from rasdial_async.cli.login import keyring_service

PASSWORD = {"RASDIAL_PASSWORD": "s3cret"}


def test_an_entry_is_dialed(program, simulator: Simulator) -> None:
    result = program("Home")
    assert result.exit_code == 0
    assert "Home: connected" in result.stdout
    assert simulator.counts.connections == 1


def test_switches_come_in_any_case_and_order(program, phonebooks) -> None:
    book = str(phonebooks / "pppoe-chinese.pbk")
    result = program(
        f"/phonebook:{book}", "宽带连接", "ada", "/DOMAIN:office", "/PrefixSuffix", "--json", env=PASSWORD
    )
    assert result.exit_code == 0
    assert '"kind": "connected"' in result.stdout


def test_every_switch_reaches_the_dial(program, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    dial = RasClient.dial

    def spy(self: RasClient, entry: str, **options):
        seen.update(options, entry=entry)
        return dial(self, entry, **options)

    monkeypatch.setattr(RasClient, "dial", spy)
    switches = ("/DOMAIN:d", "/PHONE:1", "/CALLBACK:2", "/PREFIXSUFFIX")
    program("Home", "ada", *switches, "--timeout", "9", env=PASSWORD)
    assert seen["entry"] == "Home"
    assert seen["credentials"] == Credentials("ada", "s3cret", "d")
    assert (seen["phone_number"], seen["callback_number"], seen["timeout"]) == ("1", "2", 9)
    assert seen["options"].name == "USE_PREFIX_SUFFIX"


def test_disconnect_hangs_up_one_or_all(program, simulator: Simulator) -> None:
    program.dial("Home", "Office VPN")
    assert program("home", "/disconnect").stdout == "[simulated] Home: hung up\n"
    assert program("/DISCONNECT").stdout == "[simulated] Office VPN: hung up\n"
    assert program("Home", "/d").exit_code == 1
    assert simulator.counts.connections == 0


@pytest.mark.parametrize("switch", ["/d", "/D", "/disc", "/Disconnect"])
def test_disconnect_may_be_shortened(program, simulator: Simulator, switch: str) -> None:
    program.dial("Home")
    assert program("Home", switch).stdout == "[simulated] Home: hung up\n"
    assert simulator.counts.connections == 0


def test_a_star_that_the_shell_has_replaced_is_to_be_quoted(
    program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "photo.png").touch()
    monkeypatch.chdir(tmp_path)
    for expanded in (("notes.txt",), ("notes.txt", "photo.png")):
        result = program("Office VPN", "ada", *expanded)
        assert result.exit_code == 2
        assert "the shell has put file names in the place of *: quote it, '*'" in result.stderr


def test_a_password_among_the_arguments_is_refused_and_not_shown(program, simulator: Simulator) -> None:
    result = program("Office VPN", "ada", "s3cret")
    assert result.exit_code == 2
    assert "a password is not taken from the arguments" in result.stderr
    assert "s3cret" not in result.output
    assert simulator.counts.dials == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Home", "ada", "*"), "no terminal to ask"),
        (("Home", "a", "*", "more"), "only switches may follow"),
        (("Home", "ada", "/DISCONNECT"), "takes one entry"),
        (("/PHONE:1",), "name an ENTRY"),
        (("Home", "/PHONEBOOK:"), "phonebook is empty"),
        (("Home", "/PHONEBOOK"), "unknown switch /PHONEBOOK"),
        (("Home", "/DOMAIN:" + "d" * 16), "domain is too long"),
        (("Home", "--nonsense"), "No such option"),
        (("Home", "ada"), "no password for the user name"),
        (("stauts",), "did you mean status"),
    ],
)
def test_wrong_usage(program, arguments: tuple[str, ...], message: str) -> None:
    result = program(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_its_usage_names_no_command_that_is_none(program) -> None:
    result = program("Office VPN", "ada", "s3cret")
    assert result.stderr.startswith("Usage: rasdial-async ENTRY [OPTIONS] [USER ['*']]")
    assert "Try 'rasdial-async ENTRY --help'" in result.stderr
    assert program("Office VPN", "--help").stdout.startswith("Usage: rasdial-async ENTRY ")


def test_an_unknown_switch_does_not_show_its_value() -> None:
    import click

    with pytest.raises(click.UsageError) as caught:
        _parse(("Home", "/PASSWORD:s3cret"))
    assert "s3cret" not in caught.value.message


@posix
def test_a_star_asks_for_the_password_on_a_terminal(phonebooks) -> None:
    book = phonebooks / "vpn-mixed.pbk"
    terminal = Terminal("marbo.example", "ada", "*", f"/PHONEBOOK:{book}", RASDIAL_BACKEND="simulator")
    terminal.read_until("Password for ada")
    terminal.type("s3cret\n")
    assert "s3cret" not in terminal.finish()
    assert terminal.process.returncode == 0


# --- stored credentials and the keyring ---


async def _store(client: RasClient) -> None:
    await client.set_credentials("Office VPN", Credentials("ada", "s3cret"))


def test_without_a_user_name_it_takes_what_is_stored_as_rasdial_does(program, tmp_path: Path) -> None:
    assert program("Office VPN").exit_code == 1
    asyncio.run(_store(program.client))
    assert program("Office VPN", "ada", env={"RASDIAL_PASSWORD": "wrong"}).exit_code == 1, (
        "that one was given"
    )
    assert program("Office VPN").exit_code == 0
    assert program("dial", "Office VPN").exit_code == 0
    recorded = str(tmp_path / "dial.jsonl")
    assert program("record", "Office VPN", "-o", recorded).exit_code == 0


def test_stored_credentials_are_used_when_asked_for(program) -> None:
    assert program("dial", "Office VPN", "--stored").exit_code == 1
    asyncio.run(_store(program.client))
    assert program("dial", "Office VPN", "--stored").exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--stored", "--username", "ada"), "--stored takes the user name"),
        (("--stored", "--keyring"), "one of --password-stdin, --stored and --keyring"),
        (("--keyring",), "--keyring needs --username"),
    ],
)
def test_ways_that_do_not_go_together(program, options: tuple[str, ...], message: str) -> None:
    result = program("dial", "Office VPN", *options)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.fixture
def passwords() -> Iterator[dict[tuple[str, str], str]]:
    """A keyring of the test's own."""
    keyring = pytest.importorskip("keyring", reason="the extra keyring is not installed")
    from keyring.backend import KeyringBackend

    found: dict[tuple[str, str], str] = {}

    class Memory(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            if "locked" in service:
                raise keyring.errors.KeyringLocked("s3cret words of the keyring")
            return found.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            found[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield found
    keyring.set_keyring(before)


def test_the_keyring_has_a_password_for_each_entry(program, passwords) -> None:
    passwords[keyring_service("Office VPN"), "ada"] = "s3cret"
    passwords["rasdial-async:Home", "ada"] = "anything"
    arguments = ("dial", "Office VPN", "Home", "--username", "ada", "--keyring")
    assert program(*arguments, env={"RASDIAL_PASSWORD": "wrong"}).exit_code == 0


@pytest.mark.parametrize(
    ("entry", "message"),
    [("Home", 'keyring set "rasdial-async:Home" "ada"'), ("locked", "does not answer: KeyringLocked")],
)
def test_a_keyring_without_an_answer_is_told(program, passwords, entry: str, message: str) -> None:
    result = program("dial", entry, "--username", "ada", "--keyring")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "s3cret" not in result.output


def test_without_the_extra_the_way_to_install_it_is_told(program, monkeypatch: pytest.MonkeyPatch) -> None:
    missing: ModuleType | None = None
    monkeypatch.setitem(sys.modules, "keyring", missing)
    result = program("dial", "Home", "--username", "ada", "--keyring")
    assert result.exit_code == 2
    assert "pip install keyring" in result.stderr
