"""Links live longer than programs: those of other processes, the ends that a link can have, what is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, ppp

import rasdial_async as ras
from rasdial_async import ConnectionState as State

LOGIN: dict[str, Any] = {"username": ppp.USER, "password": ppp.PASSWORD}
OTHER_PROGRAM = f"""
import asyncio, sys
import rasdial_async as ras
async def main():
    client = ras.RasClient("pppd")
    book = sys.argv[2] or None
    await client.dial(sys.argv[1], phonebook=book, username="{ppp.USER}", password="{ppp.PASSWORD}")
    print("up", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


@contextlib.contextmanager
def program(entry, phonebook=""):
    """Another program that has dialed the entry, and stays."""
    command = [sys.executable, "-c", OTHER_PROGRAM, entry, str(phonebook)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as other:
        try:
            assert other.stdout.readline() == "up\n"
            yield other
        finally:
            other.kill()


@contextlib.contextmanager
def pppd_by_hand(*arguments):
    """A pppd that a person or ifup starts."""
    with subprocess.Popen(["pppd", *arguments, "nodetach"], stdout=subprocess.DEVNULL) as by_hand:
        try:
            yield by_hand
        finally:
            by_hand.terminate()


async def eventually(condition, seconds=10.0):
    """Wait until an awaitable condition holds, and return what it said."""
    until = time.monotonic() + seconds
    while not (value := await condition()):
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    return value


async def find(client, entry):
    """The connection of an entry, or None."""
    return next((found for found in await client.connections() if found.entry == entry), None)


async def end_of(connection, seconds=15.0):
    """The error with which a link has ended."""

    async def ended():
        status = await connection.status()
        return status if status.state == State.DISCONNECTED else None

    error = (await eventually(ended, seconds)).error
    async with asyncio.timeout(10):
        await connection.wait_disconnected()
    return error


@pytest.fixture
def lingering(provider):
    """pppd waits for this script before it ends: the handle is valid for so long, and says Disconnected."""
    path = Path("/etc/ppp/ip-down.d/linger")
    path.write_text("#!/bin/sh\nsleep 1\n")
    path.chmod(0o755)
    yield
    path.unlink()


# Links of others


@pytest.mark.asyncio
async def test_a_link_that_pppd_was_started_for_by_hand(client, peers):
    peers.pppoe("dsl")
    with pppd_by_hand("call", "dsl", "password", ppp.PASSWORD) as by_hand:
        connection = await eventually(lambda: find(client, "dsl"))
        assert (await connection.ip()).server_address == ppp.SERVER_OF_PPPOE
        assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"of another") == b"of another"
        assert (await connection.statistics()).bytes_sent > 0
        assert (await client.dial("dsl", **LOGIN)).handle == connection.handle  # RAS: it is connected already
        assert await connection.hang_up(all_references=True)
        assert by_hand.wait(10) == 5


@pytest.mark.asyncio
async def test_a_link_without_an_entry_has_the_name_of_its_interface(client):
    options = ("plugin", "pppoe.so", "c0", "user", ppp.USER, "password", ppp.PASSWORD, "noauth")
    with pppd_by_hand(*options, "unit", "7"):
        connection = await eventually(lambda: find(client, "ppp7"))
        assert await connection.hang_up()


@pytest.mark.asyncio
async def test_the_watch_sees_links_of_others_come_and_go(client, peers):
    peers.pppoe("dsl")
    async with client.watch() as changes:
        with pppd_by_hand("call", "dsl", "password", ppp.PASSWORD):
            came = await anext(changes)
        gone = await anext(changes)
    assert [(change.kind, change.connection.entry) for change in (came, gone)] == [
        (ras.ChangeKind.CONNECTED, "dsl"),
        (ras.ChangeKind.DISCONNECTED, "dsl"),
    ]


@pytest.mark.asyncio
async def test_a_link_survives_the_program_that_dialed_it(client, peers):
    peers.pppoe("dsl")
    with program("dsl") as other:
        other.kill()
        other.wait()
        assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"still up") == b"still up"
        connection = await find(client, "dsl")
        assert connection is not None
        assert (await connection.statistics()).duration.total_seconds() > 0
        assert await connection.hang_up()


@pytest.mark.asyncio
async def test_a_link_of_a_phonebook_is_known_by_the_next_program(client, tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.touch()
    await client.phonebook(path).create(ras.Entry.pppoe("DSL", device_name="c0"))
    with program("DSL", path) as other:
        other.kill()
        other.wait()
        connection = await find(client, "DSL")
        assert connection is not None
        assert connection.phonebook == str(path)
        assert await connection.hang_up()


# The ends of a link


@pytest.mark.asyncio
async def test_the_provider_hangs_up(client, peers, provider, lingering):
    peers.pppoe("dsl")
    connection = await client.dial("dsl", **LOGIN)
    ppp.wait_for_scripts()
    provider.signal(signal.SIGTERM)
    assert await end_of(connection) == 629


@pytest.mark.asyncio
async def test_a_link_that_goes_silent(client, peers, provider, lingering):
    peers.pppoe("dsl", "c0", "lcp-echo-interval 1", "lcp-echo-failure 2")
    connection = await client.dial("dsl", **LOGIN)
    ppp.wait_for_scripts()
    provider.signal(signal.SIGSTOP)
    try:
        assert await end_of(connection) == 829
    finally:
        provider.signal(signal.SIGCONT)


@pytest.mark.asyncio
async def test_a_cable_that_is_pulled(client, peers, lingering):
    peers.pppoe("dsl", "c0", "lcp-echo-interval 1", "lcp-echo-failure 2")
    connection = await client.dial("dsl", **LOGIN)
    ppp.wait_for_scripts()
    with ppp.pulled("c0"):
        assert await end_of(connection) in (628, 829)


@pytest.mark.asyncio
async def test_a_pppd_that_is_killed(client, peers):
    peers.pppoe("dsl")
    connection = await client.dial("dsl", **LOGIN)
    (pid,) = ppp.own_pppds()
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        await connection.wait_disconnected()
    assert ppp.interfaces() == []
    for file in ppp.pid_files():  # pppd itself could not remove it
        os.unlink(file)


# Several links


@pytest.mark.asyncio
async def test_two_links_at_once(client, peers):
    peers.pppoe("first", "c0")
    peers.modem("second", "5551000")
    first, second = await asyncio.gather(client.dial("first", **LOGIN), client.dial("second", **LOGIN))
    assert {found.entry for found in await client.connections()} == {"first", "second"}
    assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"1") == b"1"
    assert ppp.echoed(ppp.SERVER_OF_MODEMS, b"2") == b"2"
    assert await first.hang_up()
    assert ppp.echoed(ppp.SERVER_OF_MODEMS, b"2") == b"2"
    assert await second.hang_up()


# The program around


@pytest.mark.asyncio
async def test_no_child_and_no_signal_of_pppd_reaches_the_program(client, peers):
    peers.pppoe("dsl")
    signals = []
    before = signal.signal(signal.SIGCHLD, lambda *_: signals.append(1))
    try:
        async with client.dial("dsl", **LOGIN):
            assert ppp.waitable() == 0
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert signals == []


@pytest.mark.asyncio
async def test_the_password_is_nowhere_to_be_read(client, peers):
    peers.pppoe("dsl")
    async with client.dial("dsl", **LOGIN):
        (pid,) = ppp.own_pppds()
        process = Path(f"/proc/{pid}")
        for place in ("cmdline", "environ"):
            assert ppp.PASSWORD.encode() not in (process / place).read_bytes()
        assert process.joinpath("cmdline").read_bytes().split(b"\0")[:3] == [b"pppd", b"call", b"dsl"]
        # What it read its options from is empty: the pipe has nothing left, and nobody can write to it.
        options = os.open(f"/proc/{pid}/fd/3", os.O_RDONLY | os.O_NONBLOCK)
        try:
            assert os.read(options, 100) == b""
        finally:
            os.close(options)


@pytest.mark.asyncio
async def test_pppd_holds_none_of_the_programs_descriptors(client, peers, tmp_path):
    peers.pppoe("dsl")
    with (tmp_path / "held").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        async with client.dial("dsl", **LOGIN):
            (pid,) = ppp.own_pppds()
            open_files = {os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")}
            assert str(tmp_path / "held") not in open_files


@pytest.mark.asyncio
async def test_a_forked_child_finds_the_link_and_leaves_it_up(client, peers):
    peers.pppoe("dsl")
    async with client.dial("dsl", **LOGIN):
        code = """
import asyncio, os, sys, rasdial_async as ras
client = ras.RasClient("pppd")
asyncio.run(client.connections())
if (pid := os.fork()) == 0:
    found = asyncio.run(ras.RasClient("pppd").connections())
    os._exit([one.entry for one in found] != ["dsl"])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
        done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], cwd=ROOT, check=False)
        assert done.returncode == 0
        assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"still up") == b"still up"
