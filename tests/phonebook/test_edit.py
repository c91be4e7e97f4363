"""Changing .pbk files: what is asked for changes, every other byte stays, and saving loses nobody's work."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given, settings, strategies as st
from support import DATA

from rasdial_async.errors.tree import PhonebookError
from rasdial_async.phonebook.file import PhonebookFile

PHONEBOOKS = DATA / "phonebooks"
MIXED = PHONEBOOKS / "vpn-mixed.pbk"
TWO = (
    "[Office]\r\nType=2\r\n\r\nNETCOMPONENTS=\r\nms_server=1\r\nMEDIA=rastapi\r\nPort=VPN1-0\r\nDEVICE=vpn\r\n"
    "PhoneNumber=a.example\r\nPhoneNumber=b.example\r\nType=9\r\n\r\n"
    "[Home]\nMEDIA=rastapi\nDEVICE=PPPoE\nPhoneNumber="
)
repeatable = settings(derandomize=True, max_examples=150, deadline=None, database=None)


def two(encoding: str = "utf-8") -> PhonebookFile:
    return PhonebookFile.parse(TWO.encode(encoding))


def text(book: PhonebookFile) -> str:
    return book.to_bytes().decode("utf-8")


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.write_bytes(TWO.encode())
    return path


def test_setting_a_value_changes_that_line_only():
    book = two()
    book.set("office", "Type", "5")
    assert text(book) == TWO.replace("Type=2", "Type=5")
    assert book.get("Office").entry_type == 5


def test_the_settings_of_an_entry_and_of_its_device_are_apart():
    book = two()
    book.set("Office", "Type", "8", sub_entry=1)
    assert text(book) == TWO.replace("Type=9", "Type=8")
    book.set("Office", "ms_server", "0")
    assert book.get("Office").get("ms_server") == "0"


def test_repeated_keys_grow_and_shrink_in_place():
    book = two()
    book.set("Office", "PhoneNumber", "a.example", "c.example", "d.example")
    changed = "PhoneNumber=a.example\r\nPhoneNumber=c.example\r\nPhoneNumber=d.example\r\nType=9"
    assert changed in text(book)
    book.set("Office", "PhoneNumber", "d.example")
    assert book.get("Office").get_all("PhoneNumber") == ("d.example",)
    book.set("Office", "PhoneNumber")
    assert book.get("Office").get_all("PhoneNumber") == ()


def test_a_new_setting_stands_before_the_blank_lines_and_the_devices():
    book = two()
    book.set("Office", "IpPrioritizeRemote", "1")
    assert text(book).startswith("[Office]\r\nType=2\r\nIpPrioritizeRemote=1\r\n\r\nNETCOMPONENTS=")


def test_blanks_around_the_equals_sign_stay():
    book = PhonebookFile.parse(b"[A]\n  Type = 1\n")
    book.set("A", "Type", "2")
    assert book.to_bytes() == b"[A]\n  Type = 2\n"


def test_a_line_without_end_gets_one_when_others_follow():
    book = two()
    book.set("Home", "Comment", "x", sub_entry=1)
    book.add("Third", [("MEDIA", "rastapi"), ("DEVICE", "vpn")])
    assert text(book) == TWO + "\r\nComment=x\r\n[Third]\r\nMEDIA=rastapi\r\nDEVICE=vpn\r\n"


def test_an_entry_can_be_copied_renamed_and_removed():
    book = two()
    book.add("Copy", book.get("Office").settings)
    assert book.get("copy").settings == book.get("Office").settings
    book.rename("Office", "Caf\N{LATIN SMALL LETTER E WITH ACUTE}")
    book.remove("Home")
    assert [entry.name for entry in book] == ["Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Copy"]


def test_the_case_of_a_name_can_be_changed():
    book = two()
    book.rename("office", "OFFICE")
    assert [entry.name for entry in book] == ["OFFICE", "Home"]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda book: book.rename("Office", "HOME"), 183),
        (lambda book: book.add("home", []), 183),
        (lambda book: book.rename("None", "New"), 623),
        (lambda book: book.remove("None"), 623),
        (lambda book: book.set("None", "Type", "1"), 623),
        (lambda book: book.set("Office", "Type", "1", sub_entry=2), 623),
    ],
)
def test_names_that_are_taken_or_missing(edit, code):
    book = two()
    with pytest.raises(PhonebookError) as caught:
        edit(book)
    assert caught.value.code == code
    assert text(book) == TWO


@pytest.mark.parametrize(
    "edit",
    [
        lambda book: book.set("Office", "Type", "sec\nret=1"),
        lambda book: book.set("Office", "Type", "sec\0ret"),
        lambda book: book.set("Office", "Type", " secret"),
        lambda book: book.set("Office", "A=secret", "1"),
        lambda book: book.set("Office", "[secret", "1"),
        lambda book: book.set("Office", ";secret", "1"),
        lambda book: book.set("Office", "", "secret"),
        lambda book: book.add("secret?", []),
        lambda book: book.add(".secret", []),
        lambda book: book.add("\t", []),
        lambda book: book.add("s" * 257, []),
        lambda book: book.add("secret\n[x]", []),
    ],
)
def test_what_would_not_read_back_is_refused(edit):
    book = two()
    with pytest.raises(ValueError, match=r"name|hold that") as caught:
        edit(book)
    assert "secret" not in str(caught.value)
    assert text(book) == TWO


@pytest.mark.parametrize("edit", [lambda book: book.set("Office", "Type", 2), lambda book: book.save(b"x")])
def test_what_is_no_text_is_refused_as_such(edit):
    book = two()
    with pytest.raises(TypeError, match="must be str"):
        edit(book)
    assert text(book) == TWO


def test_an_encoding_without_the_character_is_not_left():
    data = "[B\N{LATIN SMALL LETTER U WITH DIAERESIS}ro]\nType=1\n".encode("cp1252")
    book = PhonebookFile.parse(data, encoding="cp1252")
    with pytest.raises(ValueError, match="cp1252"):
        book.set(book.entries[0].name, "Type", "\N{CJK UNIFIED IDEOGRAPH-4E2D}")
    book.set(book.entries[0].name, "Type", "\N{LATIN SMALL LETTER E WITH ACUTE}")
    assert book.to_bytes() == data.replace(b"Type=1", b"Type=\xe9")


def test_a_phonebook_is_not_left_without_entries_but_with_settings():
    book = PhonebookFile.parse(b"Version=1\n[A]\nType=1\n")
    with pytest.raises(PhonebookError) as caught:
        book.remove("A")
    assert caught.value.code == 622
    assert len(book) == 1


def test_a_line_end_that_comes_together_is_one():
    book = PhonebookFile.parse(b"[A]\rType=1\n\nPort=1\n")
    book.set("A", "Type")
    assert book.to_bytes() == b"[A]\r\nPort=1\n"


def test_half_a_code_unit_stays_at_the_end():
    data = "[A]\nType=1".encode("utf-16")
    book = PhonebookFile.parse(data + b"x")
    book.add("B", [("Type", "2")])
    assert book.to_bytes() == "[A]\nType=1\n[B]\nType=2\n".encode("utf-16") + b"x"
    assert [entry.entry_type for entry in book] == [1, 2]


# --- every edit, on every file ---

names_ = st.text("abcXYZ09 \N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}]", min_size=1, max_size=6)
values_ = st.text("ab=[] \N{LATIN SMALL LETTER E WITH ACUTE};", max_size=5)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("set"), names_, st.sampled_from(["Type", "Port", "New"]), values_),
        st.tuples(st.just("add"), names_),
        st.tuples(st.just("rename"), names_, names_),
        st.tuples(st.just("remove"), names_),
    ),
    max_size=6,
)
bodies = st.text(st.sampled_from("[]=\r\n;a \t") | st.sampled_from("é中Type"), max_size=60)
codecs_ = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])


@repeatable
@given(bodies, codecs_, edits, st.booleans())
def test_edits_keep_every_other_entry_to_the_byte(body, codec, steps, cut):
    data = body.encode(codec, "replace") + (b"x" if cut else b"")
    try:
        book = PhonebookFile.parse(data, encoding="cp1252")
    except PhonebookError:
        return
    assert book.to_bytes() == data
    for step, name, *rest in steps:
        if step in ("set", "rename", "remove") and book.entries:
            name = book.entries[len(name) % len(book)].name
        before = book.to_bytes()
        others = [
            b"".join(line.raw for line in entry.lines).rstrip(b"\r\n\0")
            for entry in book
            if entry is not book.get(name)
        ]
        try:
            getattr(book, step)(name, *([()] if step == "add" else rest))
        except (ValueError, PhonebookError):
            assert book.to_bytes() == before
            continue
        again = PhonebookFile.parse(book.to_bytes(), encoding="cp1252")
        assert [entry.name for entry in again] == [entry.name for entry in book]
        kept = [b"".join(line.raw for line in entry.lines).rstrip(b"\r\n\0") for entry in again]
        for other in others:
            assert other in kept
        if step == "set" and rest[1]:
            assert again.get(name).get(rest[0]) == rest[1]


@repeatable
@given(bodies, codecs_)
def test_what_nobody_changed_is_written_as_it_was_read(body, codec):
    data = body.encode(codec, "replace")
    try:
        assert PhonebookFile.parse(data).to_bytes() == data
    except PhonebookError:
        return


@pytest.mark.parametrize("path", sorted(PHONEBOOKS.glob("*.pbk")), ids=lambda path: path.name)
def test_setting_what_is_there_changes_no_byte(path):
    book = PhonebookFile.read(path)
    data = path.read_bytes()
    for entry in book.entries:
        if book.get(entry.name) is entry and entry.guid:
            book.set(entry.name, "Guid", *entry.get_all("Guid"))
    assert book.to_bytes() == data


# --- saving ---


def test_saving_replaces_the_file_and_keeps_its_permissions(saved):
    saved.chmod(0o640)
    book = PhonebookFile.read(saved)
    book.rename("Office", "Work")
    book.save()
    assert saved.read_bytes() == TWO.replace("[Office]", "[Work]").encode()
    if os.name == "posix":
        assert stat.S_IMODE(saved.stat().st_mode) == 0o640
    book.remove("Home")
    book.save()  # its own change is not somebody else's
    assert len(PhonebookFile.read(saved)) == 1
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_a_new_file_is_its_owners_only(tmp_path):
    book = PhonebookFile.parse(b"")
    with pytest.raises(ValueError, match="path"):
        book.save()
    book.add("New", [("MEDIA", "rastapi")])
    book.save(tmp_path / "new.pbk")
    assert (tmp_path / "new.pbk").read_bytes() == b"[New]\r\nMEDIA=rastapi\r\n"
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "new.pbk").stat().st_mode) == 0o600
    book.remove("New")
    book.save()
    assert book.path == str(tmp_path / "new.pbk")
    with pytest.raises(PhonebookError, match="already") as caught:
        two().save(tmp_path / "new.pbk")
    assert caught.value.code == 624


def refused(book, match):
    with pytest.raises(PhonebookError, match=match) as caught:
        book.save()
    assert caught.value.code == 624


def test_changes_of_another_process_are_not_lost(saved):
    mine, theirs = PhonebookFile.read(saved), PhonebookFile.read(saved)
    theirs.remove("Home")
    theirs.save()
    left = saved.read_bytes()
    mine.rename("Office", "Work")
    refused(mine, "changed it since")
    assert saved.read_bytes() == left
    saved.unlink()
    refused(mine, "gone")


@pytest.mark.skipif(sys.platform == "win32", reason="there the system itself locks open files")
def test_a_file_that_another_process_holds_is_left_alone(saved):
    book = PhonebookFile.read(saved)
    book.remove("Home")
    code = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, 2); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, str(saved)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        refused(book, "holds it")
        holder.communicate(b"\n")
    assert saved.read_bytes() == TWO.encode()
    book.save()


def test_a_failed_save_leaves_the_file_and_nothing_else(saved, monkeypatch):
    def fail(source, target):
        raise PermissionError

    book = PhonebookFile.read(saved)
    book.remove("Home")
    monkeypatch.setattr(os, "replace", fail)
    refused(book, "holds it")
    assert saved.read_bytes() == TWO.encode()
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_a_file_that_may_not_be_written_is_left_alone(saved, monkeypatch):
    book = PhonebookFile.read(saved)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    refused(book, "may not be written")
    assert saved.read_bytes() == TWO.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="fcntl is not there")
def test_a_file_system_without_locks_is_no_obstacle(saved, monkeypatch):
    import fcntl

    def fail(file, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    book = PhonebookFile.read(saved)
    book.remove("Home")
    book.save()
    assert len(PhonebookFile.read(saved)) == 1


def test_a_new_file_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(PhonebookError, match="No space left"):
        two().save(tmp_path / "a.pbk")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone(tmp_path):
    with pytest.raises(PhonebookError, match="gone"):
        two().save(tmp_path / "none" / "a.pbk")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_a_link(saved):
    link = saved.parent / "link.pbk"
    link.symlink_to(saved)
    book = PhonebookFile.read(link)
    book.remove("Home")
    book.save()
    assert link.is_symlink()
    assert len(PhonebookFile.read(saved)) == 1
