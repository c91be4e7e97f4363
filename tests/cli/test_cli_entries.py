"""entries: real phonebooks, bad ones, and names that no terminal could take as they are."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

from rasdial_async import EntryName
from rasdial_async.cli.display.printable import as_utf8, printable
from rasdial_async.cli.display.screen import Screen

NAMES = {
    "minimal-generated.pbk": [
        "United_Kingdom_VPN", "United_States_VPN", "United_States_2_VPN", "Colombia_VPN", "Japan_VPN",
    ],
    "pppoe-chinese.pbk": ["宽带连接"],
    "vpn-mixed.pbk": [
        "vpn.north.example", "marbo.example", "vpn.south.example", "vpn.south.example-GW",
        "vpn.west.example", "lake.example",
    ],
}  # fmt: skip


@pytest.mark.parametrize("book", NAMES)
def test_the_entries_of_real_phonebooks(program, phonebooks: Path, book: str) -> None:
    path = str(phonebooks / book)
    result = program("entries", "--phonebook", path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == NAMES[book]
    assert result.stderr.startswith("[simulated] ")
    found = program.json("--phonebook", path, "entries")
    assert [entry["entry"] for entry in found] == NAMES[book]
    assert found[0]["phonebook"] == path


def test_on_a_terminal_the_phonebook_stands_once_above_its_entries(program, phonebooks: Path) -> None:
    path = str(phonebooks / "vpn-mixed.pbk")
    shown = program("entries", "--all", "--phonebook", path, live=True, env={"COLUMNS": "200"}).stdout
    assert shown.count(path) == 1
    assert f"{path} (user)\n" in shown
    assert program("entries", "--all", "--phonebook", path).stdout.count(path) == 6, "a pipe gets whole rows"


def test_an_ascii_stdout_takes_chinese_names(program, phonebooks: Path) -> None:
    path = str(phonebooks / "pppoe-chinese.pbk")
    assert program("entries", "--phonebook", path, charset="ascii").stdout == "\\u5bbd\\u5e26\\u8fde\\u63a5\n"
    assert program("entries", "--json", "--phonebook", path, charset="ascii").exit_code == 0
    dialed = program("dial", "宽带连接", "--phonebook", path, charset="ascii")
    assert dialed.exit_code == 0
    assert "\\u5bbd\\u5e26\\u8fde\\u63a5: connected" in dialed.stdout


def test_no_entries(program, simulator, tmp_path: Path) -> None:
    simulator.remove_entry("Home")
    simulator.remove_entry("Office VPN")
    assert program("entries").stdout == ""
    assert "--phonebook names another" in program("entries").stderr


@pytest.mark.parametrize("command", [("entries",), ("dial", "Any")])
@pytest.mark.parametrize(
    ("content", "code"),
    [(None, 621), (b"\x7fELF\x02\x01\x01\0\0\0\n\0\0", 622), (b"[Office\r\nDEVICE=vpn\r\n", 625)],
    ids=["missing", "binary", "damaged"],
)
def test_a_bad_phonebook_is_a_message(
    program, tmp_path: Path, content: bytes | None, code: int, command: tuple[str, ...]
) -> None:
    path = tmp_path / "bad.pbk"
    if content is not None:
        path.write_bytes(content)
    result = program(*command, "--phonebook", str(path))
    assert result.exit_code == 1
    assert f"({code})" in result.stderr
    assert "bad.pbk" in result.stderr
    assert "hint: " in result.stderr


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("宽带", "utf-8", "宽带"),
        ("宽带", "gb18030", "宽带"),
        ("宽带", "ascii", "\\u5bbd\\u5e26"),
        ("caf\udce9", "utf-8", "caf\\udce9"),
        ("a\x1b[31mb\r\n", "utf-8", "a\\x1b[31mb\\r\\n"),
        ("a\u202eb\u2028", "utf-8", "a\\u202eb\\u2028"),
        ("[bold]a[/bold] :smile:", "ascii", "[bold]a[/bold] :smile:"),
    ],
)
def test_printable(text: str, encoding: str, shown: str) -> None:
    assert printable(text, encoding) == shown


@pytest.mark.parametrize("charset", ["ascii", "utf-8", "cp1252"])
@pytest.mark.parametrize("name", ["caf\udce9", "\ud83d alone", "a\x1b]0;title\x07b", "宽带 [red]x"])
def test_any_name_goes_to_any_stdout(program, name: str, charset: str) -> None:
    class Names:
        simulated = False

        async def entries(self, phonebook: str | None) -> list[EntryName]:
            return [EntryName(name)]

    program.client = Names()
    result = program("entries", charset=charset)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert program("entries", "--json", charset=charset).exit_code == 0
    assert program.json("entries")[0]["entry"] == name


def test_a_screen_takes_a_stream_without_an_encoding() -> None:
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        Screen().line("宽带 caf\udce9")
    assert stream.getvalue() == "宽带 caf\\udce9\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows hands over its arguments as UTF-16")
@pytest.mark.parametrize(
    ("argument", "meant"),
    [
        ("宽带", "宽带"),
        ("宽带".encode().decode("ascii", "surrogateescape"), "宽带"),
        ("caf\udce9", "caf\udce9"),
        ("\ud83d", "\ud83d"),
    ],
)
def test_utf8_in_the_arguments_is_understood_in_a_c_locale(argument: str, meant: str) -> None:
    assert as_utf8(argument) == meant
