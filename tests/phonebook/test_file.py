"""Reading .pbk files: what is in them, and that no byte is lost."""

from __future__ import annotations

import codecs
import dataclasses
import os
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st
from support.pbk import CHINESE, MINIMAL, MIXED, TWO, names, parse, rejoined, repeatable

from rasdial_async.errors.tree import PhonebookError
from rasdial_async.phonebook import PhonebookEntry, PhonebookFile

# Real files


def test_generated_file_with_lf_and_no_last_line_end() -> None:
    book = PhonebookFile.read(MINIMAL)
    assert names(book) == [
        "United_Kingdom_VPN",
        "United_States_VPN",
        "United_States_2_VPN",
        "Colombia_VPN",
        "Japan_VPN",
    ]
    assert [entry.phone_number for entry in book] == [f"gw{number}.example" for number in range(5)]
    assert {(entry.device_type, entry.device_name, entry.port) for entry in book} == {
        ("vpn", "WAN Miniport (IKEv2)", "VPN2-0")
    }
    assert {(entry.entry_type, entry.guid) for entry in book} == {(None, "")}
    assert (book.encoding, book.newline, book.path) == ("utf-8", "\n", str(MINIMAL))


def test_pppoe_file_with_a_chinese_name() -> None:
    book = PhonebookFile.read(CHINESE)
    (entry,) = book
    assert entry.name == "宽带连接"
    assert book.get("宽带连接") is entry
    assert (entry.device_type, entry.device_name) == ("PPPoE", "WAN 微型端口(PPPOE)")
    assert (entry.port, entry.phone_number, entry.entry_type) == ("PPPoE4-0", "", 5)
    assert entry.guid == "C4CA4238A0B923820DCC509A6F75849B"
    assert (book.encoding, book.newline) == ("utf-8", "\r\n")


def test_windows_10_file_with_six_vpns() -> None:
    book = PhonebookFile.read(os.fspath(MIXED))
    assert names(book) == [
        "vpn.north.example",
        "marbo.example",
        "vpn.south.example",
        "vpn.south.example-GW",
        "vpn.west.example",
        "lake.example",
    ]
    assert [entry.device_name for entry in book] == [
        "WAN Miniport (IKEv2)",
        *["WAN Miniport (L2TP)"] * 4,
        "WAN Miniport (PPTP)",
    ]
    assert [entry.phone_number for entry in book] == [
        "vpn.north.example",
        "marbo.example",
        "vpn.south.example",
        "vpn.south.example",
        "vpn.west.example",
        "lake.example",
    ]
    assert {entry.device_type for entry in book} == {"vpn"}
    assert {entry.entry_type for entry in book} == {2}
    assert len({entry.guid for entry in book}) == 6
    assert book.newline == "\r\n"


@pytest.mark.parametrize("path", [MINIMAL, CHINESE, MIXED], ids=lambda path: path.name)
def test_real_files_are_kept_byte_for_byte(path: Path) -> None:
    parse(path.read_bytes())


# Settings of an entry


MULTILINK = """\
[Two lines]
Type=1
Custom=first
Custom=second
Phone = spaced out \t
NETCOMPONENTS=
ms_server=1
MEDIA=serial
Port=COM3
Device=Standard Modem
DEVICE=switch
Type=before.scp
PhoneNumber=ignored
DEVICE=modem
PhoneNumber=5550100
AreaCode=
PhoneNumber=5550101
DEVICE=switch
Type=after.scp
MEDIA=isdn
Port=ISDN1
Device=Some Adapter
DEVICE=isdn
PhoneNumber=5550102
"""


def test_one_sub_entry_for_each_media_subsection() -> None:
    (entry,) = parse(MULTILINK.encode())
    modem, isdn = entry.sub_entries
    assert (modem.media, modem.port, modem.device_name) == ("serial", "COM3", "Standard Modem")
    assert (isdn.media, isdn.port, isdn.device_name) == ("isdn", "ISDN1", "Some Adapter")
    assert (isdn.device_type, isdn.phone_numbers) == ("isdn", ("5550102",))
    assert (entry.port, entry.device_name) == (modem.port, modem.device_name)
    assert (entry.device_type, entry.phone_number) == (modem.device_type, modem.phone_numbers[0])


def test_the_switch_of_a_login_script_is_not_the_device() -> None:
    (entry,) = parse(MULTILINK.encode())
    assert entry.device_type == "modem"
    assert entry.sub_entries[0].phone_numbers == ("5550100", "5550101")


def test_a_switch_that_stands_alone_is_the_device() -> None:
    (entry,) = parse(b"[A]\nMEDIA=serial\nDEVICE=Switch\n")
    assert entry.device_type == "Switch"


def test_repeated_keys_and_their_order() -> None:
    (entry,) = parse(MULTILINK.encode())
    assert entry.get("Custom") == "first"
    assert entry.get_all("Custom") == ("first", "second")
    assert entry.settings[:3] == (("Type", "1"), ("Custom", "first"), ("Custom", "second"))
    assert entry.get_all("Missing") == ()
    assert entry.get("Missing") == ""
    assert entry.get("Missing", "default") == "default"
    assert entry.sub_entries[1].settings[0] == ("MEDIA", "isdn")


def test_case_tells_keys_apart() -> None:
    (entry,) = parse(MULTILINK.encode())
    assert entry.get_all("Device") == ("Standard Modem", "Some Adapter")
    assert entry.get_all("DEVICE") == ("switch", "modem", "switch", "isdn")
    assert entry.get_all("device") == ()


def test_blanks_around_keys_and_values_are_no_part_of_them() -> None:
    (entry,) = parse(MULTILINK.encode())
    assert entry.get("Phone") == "spaced out"
    (line,) = (line for line in entry.lines if line.key == "Phone")
    assert line.text == "Phone = spaced out \t"


def test_values_keep_quotes_semicolons_and_equal_signs() -> None:
    (entry,) = parse(b'[A]\nX="a;b=c" ; d\n')
    assert entry.get("X") == '"a;b=c" ; d'


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5", 5),
        ("007", 7),
        ("", None),
        ("-1", None),
        ("two", None),
        ("٣", None),
        ("9" * 5000, None),
        ("1_0", None),
    ],
)
def test_entry_type_is_a_number_or_none(value: str, number: int | None) -> None:
    (entry,) = parse(f"[A]\nType={value}\n".encode())
    assert entry.entry_type == number


def test_entry_type_is_not_that_of_a_login_script() -> None:
    (entry,) = parse(b"[A]\nMEDIA=serial\nDEVICE=switch\nType=5\n")
    assert entry.entry_type is None


def test_an_entry_without_anything_in_it() -> None:
    (entry,) = parse(b"[A]")
    assert (entry.device_type, entry.device_name, entry.port, entry.phone_number) == ("", "", "", "")
    assert (entry.entry_type, entry.guid, entry.sub_entries, entry.settings) == (None, "", (), ())


def test_a_device_without_media_and_media_without_a_device() -> None:
    written_by_hand, cut = parse(
        b"[A]\nPort=P\nDevice=D\nDEVICE=vpn\nPhoneNumber=h\n[B]\nMEDIA=rastapi\nPort=Q\n"
    )
    assert (written_by_hand.port, written_by_hand.device_name) == ("P", "D")
    assert (written_by_hand.device_type, written_by_hand.phone_number) == ("vpn", "h")
    assert (cut.port, cut.device_type, cut.phone_number, len(cut.sub_entries)) == ("Q", "", "", 1)


def test_entries_are_frozen_values() -> None:
    entry = parse(TWO.encode()).entries[0]
    assert entry == parse(TWO.encode()).entries[0]
    assert len({entry, parse(TWO.encode()).entries[0]}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.name = "other"  # type: ignore[misc]
    assert not hasattr(entry, "__dict__")


def test_no_repr_shows_a_secret() -> None:
    book = parse(
        b"[A]\nPreSharedKey=hunter2\nMEDIA=rastapi\nApnInfoPassword=hunter2\n; hunter2\n", path="a.pbk"
    )
    (entry,) = book
    shown = repr((book, book.lines, entry, entry.lines, entry.sub_entries))
    assert "hunter2" not in shown
    assert "PreSharedKey" in shown
    assert repr(book) == "<PhonebookFile 'a.pbk': 1 entries, utf-8>"


# Finding entries


def test_get_finds_the_first_of_several_names_without_case() -> None:
    first, _, third = book = parse("[vpn]\n[VPN]\n[Straße Élan]\n".encode())
    assert book.get("vpn") is first
    assert book.get("VPN") is first
    assert book.get("Vpn") is first
    assert book.get("straße éLAN") is third
    assert book.get("STRASSE ÉLAN") is None
    assert book.get("other") is None


def test_of_duplicate_sections_the_first_is_found_and_both_are_kept() -> None:
    book = parse(b"[A]\nX=1\n[B]\n[A]\nX=2\n")
    assert names(book) == ["A", "B", "A"]
    found = book.get("A")
    assert found is book.entries[0]
    assert [entry.get("X") for entry in book] == ["1", "", "2"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("[A]", "A"),
        ("  [A]\t", "A"),
        ("[ A ]", " A "),
        ("[A]B]", "A]B"),
        ("[[A]]", "[A]"),
        ("[A] ; comment", "A"),
        ("[A=B]", "A=B"),
        ("[]", ""),
        ("\ufeff[A]", "A"),
        ("[" + "x" * 257 + "]", "x" * 257),
    ],
)
def test_section_names(line: str, name: str) -> None:
    book = parse(f"[first]\n{line}\nX=1\n".encode())
    assert names(book) == ["first", name]
    assert book.entries[1].get("X") == "1"


# Lines


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends(end: str, codec: str) -> None:
    book = parse(TWO.replace("\r\n", end).encode(codec))
    assert names(book) == ["Office", "Home"]
    assert book.newline == end
    assert book.entries[0].phone_number == "a.example"


def test_mixed_line_ends_are_kept_and_the_most_frequent_is_the_newline() -> None:
    book = parse(b"[A]\nX=1\r\nY=2\n\r\rZ=3\n")
    assert book.newline == "\n"
    assert book.entries[0].settings == (("X", "1"), ("Y", "2"), ("Z", "3"))
    assert [line.raw for line in book.lines] == [b"[A]\n", b"X=1\r\n", b"Y=2\n", b"\r", b"\r", b"Z=3\n"]


@pytest.mark.parametrize(
    "data", [b"[A]\n", b"[A]\n\n\n", b"\n\n[A]", b"; c\n \t ; d\n[A]\n;X=1\n", b"X=1\n[A]\n"]
)
def test_blank_lines_comments_and_early_settings_are_no_settings_of_an_entry(data: bytes) -> None:
    (entry,) = parse(data)
    assert entry.settings == ()


def test_unknown_lines_are_kept_verbatim() -> None:
    (entry,) = parse("[A]\nX=1\nno setting\n=no key\n \x1a \x0b\u2028\x85 \n".encode())
    assert entry.settings == (("X", "1"),)
    assert [line.text for line in entry.lines][2:] == ["no setting", "=no key", " \x1a \x0b\u2028\x85 "]


@pytest.mark.parametrize(
    "data", [b"", b"\r\n\r\n", b"; nothing yet", codecs.BOM_UTF8, codecs.BOM_UTF16_BE, b" "]
)
def test_an_empty_phonebook(data: bytes) -> None:
    book = parse(data)
    assert names(book) == []
    assert book.newline == "\r\n"
    assert book.get("A") is None


# Anything at all


def survives(data: bytes, encoding: str | None = None) -> None:
    try:
        book = PhonebookFile.parse(data, encoding=encoding)
    except PhonebookError:
        return
    assert rejoined(book) == data
    for entry in book:
        assert isinstance(entry, PhonebookEntry)
        text = (entry.device_type, entry.device_name, entry.port, entry.phone_number, entry.guid)
        assert all(isinstance(item, str) for item in text)
        assert entry.entry_type is None or entry.entry_type >= 0
        assert book.get(entry.name) is not None


lines = b"[A] [ ] = ; X MEDIA=serial DEVICE=vpn DEVICE=switch Device= PhoneNumber=1 Type=2".split(b" ")
ends_and_marks = [
    b"\r\n",
    b"\n",
    b"\r",
    b" ",
    b"\0",
    b"\xff",
    b"\xfe",
    b"\x81",
    codecs.BOM_UTF8,
    "宽".encode(),
]
pieces = st.lists(st.sampled_from([*lines, *ends_and_marks]), max_size=40).map(b"".join)
code_pages = st.sampled_from([None, "cp1252", "cp932", "gbk", "utf-8", "ascii"])


@repeatable
@given(data=st.binary(max_size=200), encoding=code_pages)
@example(data=b"\xff\xfe\x00\xd8", encoding=None)
@example(data=b"\xfe\xff\xd8", encoding=None)
def test_any_bytes(data: bytes, encoding: str | None) -> None:
    survives(data, encoding)


@repeatable
@given(
    start=st.sampled_from([b"", b"[A]\n", b"\xff\xfe", b"\xfe\xff[\0", b"\xef\xbb\xbf"]),
    data=pieces,
    encoding=code_pages,
)
def test_any_pieces_of_a_phonebook(start: bytes, data: bytes, encoding: str | None) -> None:
    survives(start + data, encoding)


@repeatable
@given(
    path=st.sampled_from([MINIMAL, CHINESE, MIXED]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6) | pieces), max_size=4),
)
def test_damaged_real_files(path: Path, codec: str, cuts: list[tuple[float, int, bytes]]) -> None:
    data = path.read_bytes().decode().encode(codec)
    for where, length, instead in cuts:
        start = int(where * len(data))
        data = data[:start] + instead + data[start + length :]
    survives(data)


@repeatable
@given(
    entries=st.lists(
        st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=20),
        max_size=5,
    ),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_names_come_back_as_they_were_written(entries: list[str], codec: str, end: str) -> None:
    book = parse("".join(f"[{name}]{end}Guid=1{end}" for name in entries).encode(codec))
    assert names(book) == entries
    assert all(entry.guid == "1" for entry in book)
