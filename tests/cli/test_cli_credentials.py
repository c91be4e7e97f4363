"""credentials …, and dial --save: the login that RAS keeps for an entry."""

from __future__ import annotations

import asyncio

import pytest
from support.program import Terminal, posix

from rasdial_async import CredentialKind, Credentials, RasClient, Simulator, StoredPassword

SET = ("credentials", "set", "Office VPN", "--username", "ada", "--password-stdin")


def stored(client: RasClient, kind: CredentialKind = CredentialKind.USER) -> Credentials | None:
    return asyncio.run(client.get_credentials("Office VPN", kind=kind))


def test_a_login_that_is_stored_dials_the_entry(program, client: RasClient) -> None:
    assert program("dial", "Office VPN", "--stored").exit_code == 1
    result = program(*SET, "--domain", "office", stdin="s3cret\n")
    assert result.exit_code == 0
    assert result.stdout == "[simulated] Office VPN: stored\n"
    assert "lost when this program ends" in result.stderr
    login = stored(client)
    assert login is not None
    assert (login.username, login.domain) == ("ada", "office")
    assert isinstance(login.password, StoredPassword)


def test_the_whole_way_of_a_login(program) -> None:
    program(*SET, stdin="s3cret\n")
    assert program("dial", "Office VPN", "--stored").exit_code == 0
    [shown] = program.json("credentials", "show", "Office VPN")
    assert (shown["username"], shown["stored"], shown["password_stored"]) == ("ada", True, True)
    lines = program("credentials", "show", "Office VPN").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["user", "name", "ada"], ["domain"], ["password", "stored"]
    ]  # fmt: skip
    assert program("credentials", "delete", "Office VPN").exit_code == 0
    gone = program("credentials", "show", "Office VPN")
    assert gone.exit_code == 1
    assert "nothing is stored" in gone.stdout
    assert program("credentials", "delete", "Office VPN").exit_code == 0, "nothing to delete is no error"


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_the_password_is_never_shown(program, more: tuple[str, ...]) -> None:
    results = [program(*SET, *more, stdin="s3cret\n"), program("credentials", "show", "Office VPN", *more)]
    assert not [result.output for result in results if "s3cret" in result.output]


def test_a_pre_shared_key_comes_from_a_pipe(program, client: RasClient) -> None:
    arguments = ("Office VPN", "--kind", "pre-shared-key")
    assert program("credentials", "set", *arguments, stdin="hush-hush\n").exit_code == 0
    key = stored(client, CredentialKind.PRE_SHARED_KEY)
    assert key is not None
    assert isinstance(key.password, StoredPassword)
    assert program("credentials", "show", *arguments).stdout.split() == ["key", "stored"]


@posix
def test_the_password_is_asked_for_on_a_terminal_and_not_echoed(phonebooks) -> None:
    book = str(phonebooks / "vpn-mixed.pbk")
    where = ("marbo.example", "--phonebook", book, "--backend", "simulator")
    terminal = Terminal("credentials", "set", *where, "--username", "ada")
    terminal.read_until("Password for ada")
    terminal.type("s3cret\n")
    seen = terminal.finish()
    assert "s3cret" not in seen
    assert "marbo.example: stored" in seen
    assert terminal.process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("set", "Office VPN"), "give --username"),
        (("set", "Office VPN", "--username", "ada"), "no terminal to ask"),
        (("set", "Office VPN", "--kind", "pre-shared-key"), "no pre-shared key on standard input"),
        (("set", "Office VPN", "--kind", "pre-shared-key", "--username", "ada"), "a key has no user name"),
        (("show", ""), "entry is empty"),
        (("show",), "Missing argument 'ENTRY'"),
    ],
)
def test_wrong_usage(program, arguments: tuple[str, ...], message: str) -> None:
    result = program("credentials", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_dial_that_connects_saves_its_login(program, client: RasClient) -> None:
    login = ("dial", "Office VPN", "--username", "ada", "--password-stdin")
    assert program(*login, "--save", stdin="wr0ng\n").exit_code == 1
    assert stored(client) is None, "only a login that has worked is saved"
    assert program(*login, "--save", stdin="s3cret\n").exit_code == 0
    assert program("dial", "Office VPN", "--stored").exit_code == 0


def test_save_needs_a_login(program, simulator: Simulator) -> None:
    result = program("dial", "Home", "--save")
    assert (result.exit_code, "give --username" in result.stderr) == (2, True)
    assert simulator.counts.dials == 0


def test_a_dial_by_what_is_stored_says_how_to_store_it(program) -> None:
    result = program("dial", "Office VPN", "--stored")
    assert result.exit_code == 1
    assert 'rasdial-async credentials set "Office VPN"' in result.stderr
