"""phonebook …: entries looked at and changed, in RAS and in files, and compared."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support import ROOT
from support.program import Terminal, posix

from rasdial_async import CredentialKind, PhonebookFile, RasClient, Simulator, StoredPassword

VPN = ("--vpn", "vpn.example.com")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "office.pbk"
    path.write_bytes(
        b"[Office VPN]\r\nType=2\r\nMEDIA=rastapi\r\nDevice=WAN Miniport (IKEv2)\r\nDEVICE=vpn\r\n"
        b"PhoneNumber=vpn.example.com\r\nPhoneNumber=vpn2.example.com\r\n\r\n"
        b"[Home]\r\nType=5\r\nMEDIA=rastapi\r\nDevice=WAN Miniport (PPPOE)\r\nDEVICE=PPPoE\r\n"
        b"PhoneNumber=\r\n"
    )
    return path


def where(way: str, path: Path) -> tuple[str, str]:
    return ("--file", str(path)) if way == "file" else ("--phonebook", str(path))


both = pytest.mark.parametrize("way", ["file", "ras"])


@both
def test_show_lists_the_entries(program, book: Path, way: str) -> None:
    headers, *rows = program("phonebook", "show", *where(way, book)).stdout.splitlines()
    assert headers.split() == ["Entry", "Type", "Device", "Number", "or", "host"]
    assert [row.split("  ")[0] for row in rows] == ["Office VPN", "Home"]
    assert rows[0].endswith("vpn.example.com")


@both
def test_show_tells_the_settings_of_an_entry(program, book: Path, way: str) -> None:
    [found] = program.json("phonebook", "show", "office vpn", *where(way, book))
    settings = found["settings"]
    assert found["device_type"] == "vpn"
    assert found["simulated"] is (way == "ras")
    if way == "file":
        assert settings["PhoneNumber"] == ["vpn.example.com", "vpn2.example.com"]
    else:
        assert settings["type"] == ["VPN"]
        assert settings["phone_number"] == ["vpn.example.com"]
        assert "pre_shared_key" not in settings
    lines = program("phonebook", "show", "Office VPN", *where(way, book)).stdout.splitlines()
    assert len(lines) >= len(settings)
    assert lines[0].startswith("  ")


@both
@pytest.mark.parametrize(
    ("how", "kind", "number"),
    [
        ((*VPN, "--protocol", "sstp"), "vpn", "vpn.example.com"),
        (("--pppoe", ""), "PPPoE", ""),
        (("--modem", "555-0100", "--device", "Standard Modem"), "modem", "555-0100"),
    ],
)
def test_what_is_created_is_there_and_can_be_dialed(
    program, book: Path, simulator: Simulator, way: str, how: tuple[str, ...], kind: str, number: str
) -> None:
    result = program("phonebook", "create", "New", *how, *where(way, book))
    assert result.exit_code == 0
    assert result.stdout.endswith("New: created\n")
    [found] = program.json("phonebook", "show", "New", *where(way, book))
    assert (found["device_type"], found["phone_number"]) == (kind, number)
    assert program("dial", "New", "--phonebook", str(book)).exit_code == 0


KEYED = ("phonebook", "create", "Keyed", *VPN, "--protocol", "l2tp", "--ask-pre-shared-key")


def test_a_pre_shared_key_comes_from_a_pipe_and_is_stored(program, client: RasClient, book: Path) -> None:
    result = program(*KEYED, "--phonebook", str(book), stdin="hush-hush\n")
    assert result.exit_code == 0
    assert "hush" not in result.output
    kind = CredentialKind.PRE_SHARED_KEY
    stored = asyncio.run(client.get_credentials("Keyed", phonebook=book, kind=kind))
    assert isinstance(stored.password, StoredPassword)


def test_no_entry_without_its_pre_shared_key(program, client: RasClient, book: Path) -> None:
    result = program(*KEYED, "--phonebook", str(book), stdin="")
    assert (result.exit_code, "no pre-shared key" in result.stderr) == (2, True)
    assert program("phonebook", "show", "Keyed", "--phonebook", str(book)).exit_code == 1


@posix
def test_a_pre_shared_key_is_typed_twice_and_not_echoed(book: Path) -> None:
    terminal = Terminal(*KEYED, "--phonebook", str(book), RASDIAL_BACKEND="simulator")
    terminal.read_until("Pre-shared key: ")
    terminal.type("hush-hush\n")
    terminal.read_until("Repeat for confirmation: ")
    terminal.type("hush-hush\n")
    seen = terminal.finish()
    assert terminal.process.returncode == 0
    assert "Keyed: created" in seen
    assert "hush" not in seen


@pytest.mark.parametrize("key", ["PreSharedKey", "ApnInfoPassword"])
def test_a_secret_in_a_file_is_not_shown(program, book: Path, tmp_path: Path, key: str) -> None:
    other = tmp_path / "other.pbk"
    secret = book.read_text().replace("Type=2", f"Type=2\n{key}=hush-hush")
    book.write_text(secret)
    other.write_text(secret.replace("hush-hush", "hush-again"))
    for arguments in (("show", "Office VPN"), ("diff", str(other))):
        for more in ((), ("--json",)):
            shown = program("phonebook", *arguments, "--file", str(book), *more).stdout
            assert key in shown
            assert "***" in shown
            assert "hush" not in shown


def test_a_change_that_only_the_simulator_keeps_says_so(program, book: Path) -> None:
    assert "lost when this program ends" in program("phonebook", "delete", "Home", *where("ras", book)).stderr
    assert program("phonebook", "delete", "Home", *where("file", book)).stderr == ""


def test_create_makes_the_file(program, tmp_path: Path) -> None:
    path = tmp_path / "new.pbk"
    assert program("phonebook", "create", "宽带", "--pppoe", "", "--file", str(path)).exit_code == 0
    assert [entry.name for entry in PhonebookFile.read(path)] == ["宽带"]
    assert program("phonebook", "validate", "--file", str(path)).exit_code == 0


@both
def test_rename_and_delete(program, book: Path, way: str) -> None:
    [renamed] = program.json("phonebook", "rename", "Home", "Flat", *where(way, book))
    assert (renamed["change"], renamed["entry"], renamed["new_name"]) == ("renamed", "Home", "Flat")
    assert program("phonebook", "delete", "Office VPN", *where(way, book)).exit_code == 0
    listed = program.json("phonebook", "show", *where(way, book))
    assert [found["entry"] for found in listed] == ["Flat"]


@both
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "Nowhere"), 623),
        (("rename", "Nowhere", "New"), 623),
        (("rename", "Home", "Office VPN"), 183),
        (("create", "Home", *VPN), 183),
        (("validate", "Home"), 183),
        (("validate", "a:b"), 123),
    ],
)
def test_what_can_not_be_done_is_an_error_of_ras(
    program, book: Path, way: str, arguments: tuple[str, ...], code: int
) -> None:
    before = book.read_bytes()
    result = program("phonebook", *arguments, *where(way, book))
    assert result.exit_code == 1
    assert f"({code})" in result.stderr
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create", "New"), "give one of --vpn, --pppoe and --modem"),
        (("create", "New", *VPN, "--pppoe", ""), "give one of"),
        (("create", "New", "--modem", "1"), "--modem needs --device"),
        (("create", "New", *VPN, "--ask-pre-shared-key"), "goes with --vpn and --protocol l2tp"),
        (KEYED[1:], "kept by RAS, not in a .pbk file"),
        (("create", "a:b", *VPN), "name holds a character"),
        (("rename", "Home", "a:b"), "new holds a character"),
        (("validate",), "give a NAME, or a --file"),
        (("show", ""), "name is empty"),
    ],
)
def test_wrong_usage(program, book: Path, arguments: tuple[str, ...], message: str) -> None:
    file = () if arguments in (("validate",), ("show", "")) else ("--file", str(book))
    result = program("phonebook", *arguments, *file)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


@both
def test_a_name_that_is_free_is_valid(program, book: Path, way: str) -> None:
    before = book.read_bytes()
    [found] = program.json("phonebook", "validate", "New", *where(way, book))
    assert (found["valid"], found["problem"]) == (True, "")
    assert book.read_bytes() == before


def test_validate_finds_what_is_wrong_in_a_file(program, tmp_path: Path) -> None:
    path = tmp_path / "bad.pbk"
    vpn = "MEDIA=rastapi\nDEVICE=vpn\n"
    path.write_text(f"[Home]\n{vpn}[home]\n{vpn}[a:b]\n{vpn}[Bare]\nType=2\n")
    result = program("phonebook", "validate", "--file", str(path))
    assert result.exit_code == 1
    assert "home: an entry above has this name too" in result.stdout
    assert "a:b: name holds a character" in result.stdout
    assert "Bare: no device" in result.stdout
    found = program("phonebook", "validate", "--file", str(path), "--json").stdout.splitlines()
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Device=x\nDEVICE=vpn\n", "X: MEDIA= is missing"),
        ("MEDIA=rastapi\nDevice=x\n", "X: no device: DEVICE= is missing"),
        ("MEDIA=rastapi\nDevice=WAN Miniport (PPPOE)\nDEVICE=vpn\n", "X: DEVICE=vpn does not fit Device=WAN"),
        ("Type=1\nMEDIA=rastapi\nDEVICE=PPPoE\n", "X: Type=1 does not fit DEVICE=PPPoE, which is Type=5"),
        ("MEDIA=rastapi\nDEVICE=vpn\nMEDIA=serial\n", "X: device 2: no device: DEVICE= is missing"),
    ],
)
def test_validate_goes_by_the_protocol_document(program, tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "bad.pbk"
    path.write_text(f"[X]\n{text}")
    result = program("phonebook", "validate", "--file", str(path))
    assert result.exit_code == 1
    assert problem in result.stdout


def test_validate_tells_of_utf_16(program, tmp_path: Path) -> None:
    path = tmp_path / "wide.pbk"
    path.write_bytes("[X]\nType=2\nMEDIA=rastapi\nDEVICE=vpn\n".encode("utf-16"))
    result = program("phonebook", "validate", "--file", str(path))
    assert result.exit_code == 1
    assert "the file is in UTF-16, and RAS reads 8-bit text" in result.stdout


def test_validate_likes_the_files_of_windows(program) -> None:
    for path in sorted((ROOT / "tests" / "data" / "phonebooks").glob("*.pbk")):
        result = program("phonebook", "validate", "--file", str(path))
        assert (result.exit_code, path.name) == (0, path.name), result.stdout


@both
def test_diff_tells_what_differs(program, book: Path, tmp_path: Path, way: str) -> None:
    other = tmp_path / "other.pbk"
    text = book.read_text().replace("=vpn.example.com", "=vpn.example.org").replace("[Home]", "[Flat]")
    other.write_text(text)
    result = program("phonebook", "diff", str(other), *where(way, book))
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line[0] in "+-~"] == [
        "~ Office VPN",
        "- Home",
        "+ Flat",
    ]
    assert "vpn.example.com" in result.stdout
    assert "vpn.example.org" in result.stdout
    found = {
        record["entry"]: record for record in program.json("phonebook", "diff", str(other), *where(way, book))
    }
    assert {name: record["change"] for name, record in found.items()} == {
        "Office VPN": "changed", "Home": "removed", "Flat": "added",
    }  # fmt: skip
    [setting] = found["Office VPN"]["settings"].values()
    assert setting["new"][0] == "vpn.example.org"


@both
def test_a_phonebook_does_not_differ_from_itself(program, book: Path, way: str) -> None:
    assert program("phonebook", "diff", str(book), *where(way, book)).stdout == ""


def test_a_file_needs_no_ras(program, book: Path) -> None:
    def refuse(backend: str | None) -> None:
        raise AssertionError("no client is wanted")

    program.open_client = refuse
    assert program("phonebook", "show", "--file", str(book)).exit_code == 0


def test_entries_all_tells_what_each_is(program, book: Path) -> None:
    result = program("entries", "--all", "--phonebook", str(book))
    headers, office, home = result.stdout.splitlines()
    assert headers.split("  ")[0] == "Entry"
    assert "WAN Miniport (IKEv2)" in office
    assert "PPPoE" in home
    found = program.json("entries", "--all", "--phonebook", str(book))
    assert [record["device_type"] for record in found] == ["vpn", "PPPoE"]
    assert [record["device_type"] for record in program.json("entries", "--phonebook", str(book))] == [
        None
    ] * 2


# --- set, and more of create ---


@both
@pytest.mark.parametrize(
    ("file_key", "ras_key", "values"),
    [
        ("PhoneNumber", "phone_number", ("vpn.example.org",)),
        ("PhoneNumber", "alternates", ("a.example", "b.example")),
        ("IpPrioritizeRemote", "options", ("REMOTE_DEFAULT_GATEWAY", "REQUIRE_MS_CHAP2")),
        ("VpnStrategy", "vpn_strategy", ("7",)),
        ("RedialAttempts", "redial_count", ("9",)),
        ("PhoneNumber", "alternates", ()),
    ],
)
def test_set_changes_one_setting(
    program,
    book: Path,
    client: RasClient,
    way: str,
    file_key: str,
    ras_key: str,
    values: tuple[str, ...],
) -> None:
    key = file_key if way == "file" else ras_key
    before = book.read_bytes()
    [old] = program.json("phonebook", "show", "Office VPN", *where(way, book))
    [changed] = program.json("phonebook", "set", "Office VPN", key, *values, *where(way, book))
    assert (changed["change"], changed["entry"]) == ("changed", "Office VPN")
    [new] = program.json("phonebook", "show", "Office VPN", *where(way, book))
    if way == "file":
        assert new["settings"].get(key, []) == list(values)
        assert book.read_bytes() != before
    else:
        entry = asyncio.run(client.phonebook(book).get("Office VPN"))
        said = {"7": ["IKEV2_ONLY"]}.get("".join(values), list(values))
        assert new["settings"][key] == said
        assert len(entry.alternates) == (len(values) if key == "alternates" else len(entry.alternates))
    others = {**old["settings"], **new["settings"]}.keys() - {key}
    assert {one: old["settings"].get(one) for one in others} == {
        one: new["settings"].get(one) for one in others
    }


def test_set_takes_the_name_of_an_enumerated_value(program, book: Path) -> None:
    arguments = ("Office VPN", "vpn_strategy", "sstp_only", *where("ras", book))
    assert program("phonebook", "set", *arguments).exit_code == 0
    [found] = program.json("phonebook", "show", "Office VPN", *where("ras", book))
    assert found["settings"]["vpn_strategy"] == ["SSTP_ONLY"]


@pytest.mark.parametrize(
    ("way", "arguments", "message"),
    [
        ("ras", ("nonsense", "1"), "has no setting 'nonsense'"),
        ("ras", ("guid", "1"), "has no setting 'guid'"),
        ("ras", ("name", "New"), "has no setting 'name'"),
        ("ras", ("redial_count", "many"), "redial_count is a number"),
        ("ras", ("vpn_strategy", "FASTEST"), "or of DEFAULT, PPTP_ONLY"),
        ("ras", ("redial_count", "1", "2"), "redial_count takes one value"),
        ("ras", ("pre_shared_key", "hush"), "is a secret"),
        ("file", ("PreSharedKey", "hush"), "is a secret"),
        ("file", ("Type", "2\n[x]"), "can't hold that"),
        ("file", ("", "2"), "can't hold that"),
    ],
)
def test_set_refuses_what_is_no_setting(
    program, book: Path, way: str, arguments: tuple[str, ...], message: str
) -> None:
    before = book.read_bytes()
    result = program("phonebook", "set", "Office VPN", *arguments, *where(way, book))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "hush" not in result.output
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("login", "options", "eap"),
    [
        ("mschapv2", "REQUIRE_MS_CHAP2", "0"),
        ("eap-mschapv2", "REQUIRE_EAP", "26"),
        ("eap-tls", "REQUIRE_EAP", "13"),
        ("peap", "REQUIRE_EAP", "25"),
    ],
)
def test_create_takes_a_login_method(program, book: Path, login: str, options: str, eap: str) -> None:
    how = (*VPN, "--protocol", "sstp", "--login", login)
    assert program("phonebook", "create", "New", *how, *where("ras", book)).exit_code == 0
    [found] = program.json("phonebook", "show", "New", *where("ras", book))
    assert options in found["settings"]["options"]
    assert found["settings"]["custom_auth_key"] == [eap]


@both
def test_create_takes_a_device_for_a_vpn_and_pppoe(program, book: Path, way: str) -> None:
    devices = {"Far": (*VPN, "--device", "WAN Miniport (SSTP)"), "Near": ("--pppoe", "", "--device", "eth1")}
    for name, how in devices.items():
        result = program("phonebook", "create", name, *how, *where(way, book))
        if way == "ras" and name == "Near":
            assert result.exit_code == 1, "RAS knows no such device here"
            continue
        assert result.exit_code == 0
        [found] = program.json("phonebook", "show", name, *where(way, book))
        assert found["device_name"] == how[-1]


def test_login_is_for_a_vpn(program, book: Path) -> None:
    result = program("phonebook", "create", "New", "--pppoe", "", "--login", "peap", *where("file", book))
    assert (result.exit_code, "--login goes with --vpn" in result.stderr) == (2, True)
