"""Reading .pbk files: their encodings, and what is refused."""

from __future__ import annotations

import codecs
import locale
import time
from pathlib import Path

import pytest
from support.pbk import CHINESE, MINIMAL, MIXED, TWO, names, parse, refusal

from rasdial_async.errors.tree import PhonebookError
from rasdial_async.phonebook import file as phonebook
from rasdial_async.phonebook.file import PhonebookFile

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
