"""Reading .pbk files: what is in them, what is tolerated, what is refused, and that no byte is lost."""

from __future__ import annotations

import codecs
import dataclasses
import locale
import os
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rasdial_async import phonebook
from rasdial_async.errors import PhonebookError
from rasdial_async.phonebook import PhonebookEntry, PhonebookFile

PHONEBOOKS = Path(__file__).parent / "data" / "phonebooks"
MINIMAL = PHONEBOOKS / "minimal-generated.pbk"
CHINESE = PHONEBOOKS / "pppoe-chinese.pbk"
MIXED = PHONEBOOKS / "vpn-mixed.pbk"

TWO = "[Office]\r\nMEDIA=rastapi\r\nDEVICE=vpn\r\nPhoneNumber=a.example\r\n[Home]\r\nDEVICE=PPPoE\r\n"

repeatable = settings(derandomize=True, max_examples=100, deadline=None, database=None)


def rejoined(book: PhonebookFile) -> bytes:
    return book.bom + b"".join(line.raw for line in book.lines)


def names(book: PhonebookFile) -> list[str]:
    return [entry.name for entry in book]


def parse(data: bytes, **options: str) -> PhonebookFile:
    """Parse, and hold every phonebook to what is always true of one."""
    book = PhonebookFile.parse(data, **options)
    assert rejoined(book) == data
    assert [line.number for line in book.lines] == list(range(1, len(book.lines) + 1))
    assert len(book) == len(book.entries) == len(list(book))
    in_sections = [line for entry in book for line in entry.lines]
    assert book.lines[len(book.lines) - len(in_sections) :] == tuple(in_sections)
    assert all(book.get(entry.name) in book.entries for entry in book)
    return book


def refusal(data: bytes, **options: str) -> PhonebookError:
    with pytest.raises(PhonebookError) as caught:
        PhonebookFile.parse(data, **options)
    return caught.value


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


def test_get_prefers_the_exact_name_and_then_ignores_case() -> None:
    first, second, third = book = parse("[vpn]\n[VPN]\n[Straße Élan]\n".encode())
    assert book.get("vpn") is first
    assert book.get("VPN") is second
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


# Encodings

NAMED = "[Bücher 宽带]\r\nDevice=微型\r\n"


@pytest.mark.parametrize(
    ("data", "encoding", "bom"),
    [
        (NAMED.encode(), "utf-8", b""),
        (codecs.BOM_UTF8 + NAMED.encode(), "utf-8", codecs.BOM_UTF8),
        (codecs.BOM_UTF16_LE + NAMED.encode("utf-16-le"), "utf-16-le", codecs.BOM_UTF16_LE),
        (codecs.BOM_UTF16_BE + NAMED.encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_unicode(data: bytes, encoding: str, bom: bytes) -> None:
    book = parse(data, encoding="cp437")
    assert (book.encoding, book.bom, book.newline) == (encoding, bom, "\r\n")
    assert (book.entries[0].name, book.entries[0].device_name) == ("Bücher 宽带", "微型")


@pytest.mark.parametrize(
    ("encoding", "codec", "name"),
    [
        ("cp936", "gbk", "宽带连接"),
        ("cp932", "cp932", "ソ表接続"),
        ("cp1251", "cp1251", "Связь"),
        ("cp437", "cp437", "Straße"),
    ],
)
def test_the_code_page_asked_for(encoding: str, codec: str, name: str) -> None:
    book = parse(f"[{name}]\r\nDEVICE=vpn\r\n".encode(encoding), encoding=encoding)
    assert names(book) == [name]
    assert book.encoding == codec


@pytest.mark.parametrize(
    ("system", "codec", "name"),
    [
        ("cp1251", "cp1251", "Щ"),
        ("utf-8", "cp1252", "Ù"),
        ("US-ASCII", "cp1252", "Ù"),
        ("utf-16", "cp1252", "Ù"),
        ("no such codec", "cp1252", "Ù"),
    ],
)
def test_the_code_page_of_the_system(
    monkeypatch: pytest.MonkeyPatch, system: str, codec: str, name: str
) -> None:
    monkeypatch.setattr(locale, "getencoding", lambda: system)
    book = parse(b"[\xd9]\r\n")
    assert (book.encoding, names(book)) == (codec, [name])


@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "gbk", "big5", "utf-8", "iso8859-15", "ascii"])
def test_no_byte_is_lost_whatever_the_code_page(encoding: str) -> None:
    data = (
        b"[\xff]\r\nX=" + bytes(range(1, 256)) + b"\r\nY=\x81\r\n[\x81\x40\x9d\x40]\nZ=\xee\xf9\x81\xca\xe9"
    )
    book = parse(data, encoding=encoding)
    assert len(book) == 2


def test_what_does_not_decode_is_escaped_and_can_be_encoded_again() -> None:
    book = parse(b"[caf\xe9 \x81]", encoding="cp1252")
    assert names(book) == ["café \udc81"]
    assert book.entries[0].name.encode(book.encoding, "surrogateescape") == b"caf\xe9 \x81"
    marked = parse(codecs.BOM_UTF8 + b"[caf\xe9]")
    assert (marked.encoding, names(marked)) == ("utf-8", ["caf\udce9"])


def test_unpaired_surrogates_and_half_a_code_unit_in_utf_16() -> None:
    data = codecs.BOM_UTF16_LE + "[A\ud800]\r\nX=\udc00\r\nY=1".encode("utf-16-le", "surrogatepass")
    assert names(parse(data)) == ["A\ud800"]
    for length in range(len(data)):
        if length != 1:  # half of the mark is text before the first section
            parse(data[:length])


@pytest.mark.parametrize(
    "encoding",
    [
        "no-such-codec",
        "",
        "a\0b",
        "utf-16",
        "utf-32-le",
        "cp037",
        "rot13",
        "utf-7",
        "hz",
        "iso2022_jp",
        "idna",
    ],
)
def test_a_codec_that_does_not_extend_ascii_is_a_value_error(encoding: str) -> None:
    with pytest.raises(ValueError, match="encoding"):
        PhonebookFile.parse(b"", encoding=encoding)


# Files cut off


@pytest.mark.parametrize("path", [MINIMAL, CHINESE, MIXED], ids=lambda path: path.name)
def test_a_file_cut_off_anywhere_gives_the_entries_up_to_there(path: Path) -> None:
    whole = path.read_bytes()
    expected = names(PhonebookFile.parse(whole))
    for length in range(0, len(whole), 1 if len(whole) < 1000 else 61):
        book = parse(whole[:length])
        assert names(book) == expected[: len(book)]
        assert len(book) == whole[:length].count(b"]")


def test_a_file_cut_off_inside_a_name_has_no_such_entry() -> None:
    assert names(parse(b"[A")) == []
    assert names(parse(b"[A]\nX=1\n[B")) == ["A"]


def test_a_file_cut_off_inside_a_character_stays_utf_8() -> None:
    book = parse("[宽带]\nX=带".encode()[:-1])
    assert (book.encoding, names(book)) == ("utf-8", ["宽带"])
    assert parse(b"[A]\nX=caf\xe9", encoding="cp1252").entries[0].get("X") == "café"


# What is no phonebook


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00", 1, "NUL"),
        (b"MZ\x90\x00\x03\x00\x00\x00", 1, "NUL"),
        (b"[A]\r\nX=1\r\n\0\0\0\0", 3, "NUL"),
        (TWO.encode("utf-16-le"), 1, "NUL"),
        (TWO.encode("utf-32"), 1, "NUL"),
        (codecs.BOM_UTF16_LE + "[A]\n\0".encode("utf-16-le"), 2, "NUL"),
        (b"\x89PNG\r\n\x1a\n", 1, "before the first"),
        (b"\n; note\nhello\n[A]\n", 3, "before the first"),
        (b"X=1\nhello\n[A]\n", 2, "before the first"),
        (b"\xffX\n", 1, "before the first"),
        (b"\nX=1\nY=2\n", 2, "no [entry]"),
        (b"X=1\n[A", 1, "no [entry]"),
    ],
)
def test_what_is_no_phonebook_is_refused(data: bytes, line: int, what: str) -> None:
    error = refusal(data, path="some file.pbk", encoding="cp1252")
    assert error.code == 622
    assert error.message.startswith(f"phonebook 'some file.pbk', line {line}: ")
    assert what in error.message


def test_a_name_without_its_bracket_is_refused_when_settings_would_change_hands() -> None:
    error = refusal(b"[A]\r\nMEDIA=rastapi\r\n[secret\r\nMEDIA=rastapi\r\n")
    assert error.code == 625
    assert error.message == "phonebook, line 3: the entry name has no closing bracket"


@pytest.mark.parametrize("data", ["[A]", None, 5, ["[A]"]])
def test_data_that_is_not_bytes(data: object) -> None:
    with pytest.raises(TypeError, match="data must be bytes"):
        PhonebookFile.parse(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_data_may_be_any_bytes(kind: type) -> None:
    assert names(PhonebookFile.parse(kind(TWO.encode()))) == ["Office", "Home"]


# Files that cannot be read


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PhonebookError, match=r"gone\.pbk") as caught:
        PhonebookFile.read(tmp_path / "gone.pbk")
    assert caught.value.code == 621
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(PhonebookError) as caught:
        PhonebookFile.read(tmp_path)
    assert caught.value.code == 621
    assert isinstance(caught.value.__cause__, OSError)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(phonebook, "open", deny, raising=False)
    with pytest.raises(PhonebookError, match="Permission denied") as caught:
        PhonebookFile.read(tmp_path / "mine.pbk")
    assert caught.value.code == 621
    assert isinstance(caught.value.__cause__, PermissionError)


def test_a_file_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phonebook, "MAX_FILE_SIZE", 10)
    path = tmp_path / "a.pbk"
    path.write_bytes(b"[12345678]")
    assert names(PhonebookFile.read(path)) == ["12345678"]
    path.write_bytes(b"[123456789]")
    with pytest.raises(PhonebookError, match="longer than 10 bytes") as caught:
        PhonebookFile.read(path)
    assert caught.value.code == 622


def test_the_encoding_reaches_the_file(tmp_path: Path) -> None:
    path = tmp_path / "宽带.pbk"
    path.write_bytes("[宽带]".encode("gbk"))
    book = PhonebookFile.read(path, encoding="gbk")
    assert (names(book), book.path) == (["宽带"], str(path))


@pytest.mark.parametrize("path", [3, None, b"a.pbk"])
def test_a_path_that_is_none(path: object) -> None:
    with pytest.raises(TypeError):
        PhonebookFile.read(path)  # type: ignore[arg-type]


def test_a_path_with_a_nul() -> None:
    with pytest.raises(ValueError, match="null"):
        PhonebookFile.read("a\0b")


# Size


@pytest.mark.parametrize(
    "data",
    [
        b"[A]\nX=" + b"y" * 10_000_000,
        b"[" + b"x" * 10_000_000 + b"]",
        b"[A]\n" + b"[" * 10_000_000,
        b"[A]\n" + b" " * 10_000_000 + b"=",
        codecs.BOM_UTF16_LE + ("[" + "é" * 500_000 + "]").encode("utf-16-le"),
    ],
    ids=["value", "name", "brackets", "blanks", "utf-16"],
)
def test_a_very_long_line_takes_no_long_time(data: bytes) -> None:
    started = time.perf_counter()
    book = PhonebookFile.parse(data)
    assert len(book) == 1
    assert time.perf_counter() - started < 3


def test_time_grows_with_the_size_of_the_file_and_no_faster() -> None:
    def seconds(entries: int) -> float:
        """Of the processor, for one run; on some systems that clock goes in steps of 16 ms."""
        data = TWO.encode() * entries
        runs, spent, started = 0, 0.0, time.process_time()
        while spent < 0.2:
            assert len(PhonebookFile.parse(data)) == 2 * entries
            runs, spent = runs + 1, time.process_time() - started
        return spent / runs

    assert seconds(8000) < seconds(500) * 16 * 8


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
