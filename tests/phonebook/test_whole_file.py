"""A phonebook that is being saved is the old one or the new one, wherever the process is killed."""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import sys
import time
from types import FrameType

import pytest

from rasdial_async.errors import PhonebookError
from rasdial_async.phonebook import save, whole_file
from rasdial_async.phonebook.file import PhonebookFile

OLD = b"[Office]\r\nPhoneNumber=a.example\r\n" + b"Old=1\r\n" * 5_000
NEW = b"[Office]\r\nPhoneNumber=b.example\r\n" + b"New=22\r\n" * 7_000

# Threads of other tests may be idle meanwhile; the child touches none of them.
pytestmark = pytest.mark.filterwarnings("ignore:.* is multi-threaded, use of fork:DeprecationWarning")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="os.fork is not there")


def killed_at(line: int):
    """A trace function that kills the process where so many lines of the saving have run."""
    left = line

    def trace(frame: FrameType, event: str, argument: object):
        nonlocal left
        if frame.f_code.co_filename not in (save.__file__, whole_file.__file__):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def in_child(work) -> int:
    """Run it in a child, and return os.waitpid's word on the end."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1]


@POSIX
@pytest.mark.parametrize("known", [OLD, None], ids=["replaced", "created"])
def test_killed_after_each_line(tmp_path, known):
    path = tmp_path / "rasphone.pbk"
    whole = [known, NEW]
    seen = []
    for line in range(1, 200):
        path.unlink(missing_ok=True)
        if known is not None:
            path.write_bytes(known)

        def work(line: int = line) -> None:
            sys.settrace(killed_at(line))
            save.replace_file(str(path), NEW, known)

        status = in_child(work)
        content = path.read_bytes() if path.exists() else None
        assert content in whole, f"killed after line {line} of the saving"
        seen.append(content)
        if status == 0:
            break
        assert status == signal.SIGKILL
    assert status == 0
    assert seen == sorted(seen, key=whole.index)
    assert {content == NEW for content in seen} == {False, True}


@POSIX
def test_killed_at_any_moment(tmp_path):
    """RASDIAL_KILLS says how often; 1,000 take about 20 seconds."""
    rng = random.Random(1)
    path = tmp_path / "rasphone.pbk"
    path.write_bytes(OLD)
    for _ in range(int(os.environ.get("RASDIAL_KILLS", "60"))):
        pid = os.fork()
        if pid == 0:
            try:
                data = path.read_bytes()
                while True:
                    other = NEW if data == OLD else OLD
                    save.replace_file(str(path), other, data)
                    data = other
            finally:
                os._exit(1)
        time.sleep(rng.uniform(0, 0.02))
        os.kill(pid, signal.SIGKILL)
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        assert path.read_bytes() in (OLD, NEW)


@POSIX
def test_a_new_file_is_there_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new.pbk"
    whole_file.create_whole(str(path), NEW)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_nlink == 1
    with pytest.raises(FileExistsError):
        whole_file.create_whole(str(path), OLD)
    assert path.read_bytes() == NEW
    assert list(tmp_path.iterdir()) == [path]


@POSIX
def test_a_file_system_without_links(tmp_path, monkeypatch):
    def refuse(*paths):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "new.pbk"
    whole_file.create_whole(str(path), NEW)
    assert path.read_bytes() == NEW
    with pytest.raises(FileExistsError):
        whole_file.create_whole(str(path), OLD)
    assert list(tmp_path.iterdir()) == [path]


@POSIX
def test_a_full_disk(tmp_path):
    """RLIMIT_FSIZE says when the disk is full."""
    import resource

    path = tmp_path / "rasphone.pbk"
    path.write_bytes(OLD)

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(OLD) // 2, len(OLD) // 2))
        with pytest.raises(PhonebookError, match="cannot save phonebook"):
            save.replace_file(str(path), NEW, OLD)

    assert in_child(work) == 0
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


@POSIX
def test_owner_and_mode_stay(tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.write_bytes(OLD)
    os.chmod(path, 0o664)
    if os.getuid() == 0:
        os.chown(path, 12345, 23456)
    before = path.stat()
    save.replace_file(str(path), NEW, OLD)
    after = path.stat()
    assert path.read_bytes() == NEW
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@POSIX
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user")
def test_a_file_of_another_user_that_may_only_be_read(tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.write_bytes(OLD)
    os.chmod(path, 0o644)
    os.chmod(tmp_path, 0o755)

    def work() -> None:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        with pytest.raises(PhonebookError, match="it may not be written"):
            save.replace_file(str(path), NEW, OLD)

    assert in_child(work) == 0
    assert path.read_bytes() == OLD


@POSIX
def test_two_programs_that_save_at_once(tmp_path):
    """Each reads, changes and saves; the one that comes too late is refused, and reads again."""
    path = tmp_path / "rasphone.pbk"
    path.write_bytes(b"")

    def add(name: str) -> None:
        for number in range(20):
            while True:
                book = PhonebookFile.read(path)
                try:
                    text = book.to_bytes() + f"[{name}{number}]\r\nPhoneNumber=x\r\n\r\n".encode()
                    save.replace_file(str(path), text, book.to_bytes())
                    break
                except PhonebookError:
                    continue

    pids = []
    for name in ("a", "b", "c"):
        pid = os.fork()
        if pid == 0:
            try:
                add(name)
                os._exit(0)
            finally:
                os._exit(1)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0, 0]
    names = sorted(entry.name for entry in PhonebookFile.read(path))
    assert names == sorted(f"{name}{number}" for name in "abc" for number in range(20))
