"""Logins stored for links of pppd, in a file of their owner's, for the next program. No pppd is needed."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support import ROOT
from support.over import backend_over

import rasdial_async as ras
from rasdial_async import Credentials

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pppd makes links on Linux only")

NOBODY = 65534


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """The file of stored logins, which is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "rasdial-async" / "ppp-secrets"


@pytest.fixture
def book(tmp_path):
    """A phonebook with the entries DSL and Other."""
    path = tmp_path / "rasphone.pbk"
    device = "MEDIA=rastapi\r\nPort=PPPoE1-0\r\nDevice=eth1\r\nDEVICE=PPPoE\r\nPhoneNumber=\r\n"
    path.write_text("".join(f"[{name}]\r\n{device}\r\n" for name in ("DSL", "Other")))
    return path


def new_engine():
    """An engine on pppd, also where nothing can be dialed: what the next program would have."""
    from rasdial_async._native.binding.pppd import PppdEngine
    from rasdial_async._native.binding.simulator import Engine

    class Unchecked(PppdEngine):
        __init__ = Engine.__init__

    return Unchecked()


@pytest.fixture
def program():
    """Start another program: a client that remembers nothing of the others."""
    engines = []

    def start():
        engines.append(new_engine())
        return ras.RasClient(backend_over(engines[-1].library))

    yield start
    for engine in engines:
        engine.close()


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.asyncio
async def test_the_next_program_finds_what_one_has_stored(program, secrets, book):
    assert await program().get_credentials("DSL", phonebook=book) is None
    await program().set_credentials("DSL", Credentials("ada", "right", "LAB"), phonebook=book)
    found = await program().get_credentials("dsl", phonebook=book)
    assert (found.username, found.domain) == ("ada", "LAB")
    assert isinstance(found.password, ras.StoredPassword)
    assert await program().get_credentials("Other", phonebook=book) is None


@pytest.mark.asyncio
async def test_the_file_is_for_its_owner_only(program, secrets, book):
    before = os.umask(0)
    try:
        await program().set_credentials("DSL", Credentials("ada", "right"), phonebook=book)
    finally:
        os.umask(before)
    assert mode_of(secrets) == 0o600
    assert mode_of(secrets.parent) == 0o700
    assert [path.name for path in secrets.parent.iterdir()] == [secrets.name]


@pytest.mark.asyncio
async def test_it_is_deleted_with_its_file(program, secrets, book):
    await program().set_credentials("DSL", Credentials("ada", "right"), phonebook=book)
    await program().delete_credentials("DSL", phonebook=book)
    assert not secrets.exists()
    assert await program().get_credentials("DSL", phonebook=book) is None
    await program().delete_credentials("DSL", phonebook=book)
    assert not secrets.exists()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("username", "password", "domain"),
    [
        ("ada@provider.example", "right", ""),
        ("ada", "", ""),
        ("", "only a password", ""),
        ("ada", 'with "quotes" and \\back\\slashes', "LAB"),
        ("back\\slash", "right", ""),
        ("Ädä", "großes 密码 🔑", "Büro"),
        ("#ada", "'single' # and a comment\tand a tab", ""),
        ("*", "\\134n", ""),
    ],
)
async def test_every_login_comes_back_as_it_was(program, secrets, book, username, password, domain):
    login = Credentials(username, password, domain)
    await program().set_credentials("DSL", login, phonebook=book)
    found = await program().get_credentials("DSL", phonebook=book)
    assert (found.username, found.domain) == ("" if username == "*" else username, domain)
    assert isinstance(found.password, ras.StoredPassword) == bool(password)
    assert words(secrets)[0][1] == password


def words(secrets):
    """Login and password of each line, as pppd would read them: words in quotes with octal escapes."""
    lines = [line for line in secrets.read_bytes().splitlines() if not line.startswith(b"#")]
    found = []
    for line in lines:
        login, _, password = line.decode("latin-1").split('"')[1::2]
        octal = (re.sub(r"\\(...)", lambda match: chr(int(match[1], 8)), word) for word in (login, password))
        found.append([word.encode("latin-1").decode() for word in octal])
    return found


@pytest.mark.asyncio
async def test_the_lines_of_others_their_mode_and_their_owner_stay(program, secrets, book):
    secrets.parent.mkdir(parents=True)
    others = b"# mine\n\"bob\" work  'a # b' *\n\nno-newline * x"
    secrets.write_bytes(others)
    secrets.chmod(0o400)
    owner = NOBODY if os.geteuid() == 0 else os.geteuid()
    os.chown(secrets, owner, -1)
    client = program()
    with secrets.open("rb") as old:
        await client.set_credentials("DSL", Credentials("ada", "one"), phonebook=book)
        await client.set_credentials("DSL", Credentials("ada", "two"), phonebook=book)
        assert old.read() == others  # replaced, not written into
    assert secrets.read_bytes().startswith(others + b"\n")
    assert secrets.read_bytes().count(b'"ada"') == 1
    assert (mode_of(secrets), secrets.stat().st_uid) == (0o400, owner)
    await client.delete_credentials("DSL", phonebook=book)
    assert secrets.read_bytes() == others + b"\n"


@pytest.mark.asyncio
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
async def test_a_file_that_others_may_read_or_write_is_refused(program, secrets, book, mode):
    await program().set_credentials("DSL", Credentials("ada", "right"), phonebook=book)
    secrets.chmod(mode)
    before = secrets.read_bytes()
    client = program()
    verbs = (
        lambda: client.get_credentials("DSL", phonebook=book),
        lambda: client.set_credentials("DSL", Credentials("ada", "new"), phonebook=book),
        lambda: client.delete_credentials("DSL", phonebook=book),
    )
    for verb in verbs:
        with pytest.raises(ras.PhonebookError) as caught:
            await verb()
        assert caught.value.code == 621
        assert "chmod 600" in caught.value.hint
    assert secrets.read_bytes() == before


def test_a_disk_that_is_full_leaves_the_old_file(secrets, book):
    code = f"""
import asyncio, resource, signal, sys
sys.path.insert(0, "tests")
from client.test_pppd_credentials import new_engine
from support.over import backend_over
import rasdial_async as ras

async def main():
    client = ras.RasClient(backend_over(new_engine().library))
    await client.set_credentials("DSL", ras.Credentials("ada", "right"), phonebook={str(book)!r})
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
    try:
        await client.set_credentials("DSL", ras.Credentials("ada", "new"), phonebook={str(book)!r})
    except ras.PhonebookError as error:
        return error.code

sys.exit(0 if asyncio.run(main()) == 624 else 1)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert words(secrets) == [["ada", "right"]]
    assert [path.name for path in secrets.parent.iterdir()] == [secrets.name]


@pytest.mark.asyncio
async def test_a_login_goes_with_its_entry(program, secrets, book):
    client = program()
    await client.set_credentials("DSL", Credentials("ada", "right"), phonebook=book)
    await client.phonebook(book).rename("DSL", "Fiber")
    assert (await program().get_credentials("Fiber", phonebook=book)).username == "ada"
    assert words(secrets) == [["ada", "right"]]
    await program().phonebook(book).delete("Fiber")
    assert not secrets.exists()


@pytest.mark.asyncio
async def test_entries_of_one_name_in_two_phonebooks_have_logins_of_their_own(program, secrets, book):
    other = book.with_name("other.pbk")
    other.write_bytes(book.read_bytes())
    client = program()
    await client.set_credentials("DSL", Credentials("ada", "right"), phonebook=book)
    await client.set_credentials("DSL", Credentials("bob", "right"), phonebook=other)
    found = [(await program().get_credentials("DSL", phonebook=path)).username for path in (book, other)]
    assert found == ["ada", "bob"]


def test_programs_that_store_at_once_lose_nothing(secrets, book):
    names = [f"line {number}" for number in range(8)]
    section = book.read_text().partition("]")[2].partition("[")[0]
    book.write_text("".join(f"[{name}]{section}" for name in names))

    def store(name):
        engine = new_engine()
        try:
            for password in ("one", "two", "three"):
                set_login(engine.library, str(book), name, Credentials(name, password))
        finally:
            engine.close()

    with ThreadPoolExecutor(len(names)) as threads:
        list(threads.map(store, names))
    assert sorted(words(secrets)) == [[name, "three"] for name in names]


def set_login(library, phonebook, entry, login):
    from rasdial_async._native.binding.credentials import set_credentials

    set_credentials(library, phonebook, entry, ras.CredentialKind.USER, login)


def test_the_password_is_in_no_other_file(secrets, book, tmp_path):
    engine = new_engine()
    try:
        set_login(engine.library, str(book), "DSL", Credentials("ada", "a long secret"))
    finally:
        engine.close()
    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert [path for path in files if b"a long secret" in path.read_bytes()] == [secrets]
