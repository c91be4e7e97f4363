"""Permissions: members of the group dip, nobody, and systems without PPP."""

from __future__ import annotations

import asyncio
import grp
import json
import os
import pwd
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support import ROOT, ppp

import rasdial_async as ras

DIP = grp.getgrnam("dip").gr_gid
NOBODY = pwd.getpwnam("nobody").pw_uid

PROGRAM = """
import asyncio, importlib, json, os, pkgutil, sys
import rasdial_async as ras

# The interpreter's own files may be closed to other users.
for module in pkgutil.walk_packages(ras.__path__, "rasdial_async."):
    if not module.name.startswith(("rasdial_async.cli", "rasdial_async.__main__", "rasdial_async.otel")):
        importlib.import_module(module.name)
user, groups, verb, entry, book = sys.argv[1:]
os.setgroups(json.loads(groups))
os.setresgid(int(user), int(user), int(user))
os.setresuid(int(user), int(user), int(user))

async def main():
    try:
        client = ras.RasClient("pppd")
        if verb == "dial":
            dialing = client.dial(entry, phonebook=book or None, username="ada", password="right")
            async with dialing as connection:
                return {"server": (await connection.ip()).server_address}
        (connection,) = await client.connections()
        return {"hung_up": await connection.hang_up()}
    except ras.RasError as error:
        return {"error": type(error).__name__, "code": error.code, "text": error.message, "hint": error.hint}

print(json.dumps(asyncio.run(main())))
"""


async def as_nobody(verb, entry, book="", groups=()):
    """Return what a program prints that runs as nobody, in these groups."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, str(NOBODY), json.dumps(groups), verb, entry, book),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return json.loads(output)


@pytest.mark.asyncio
async def test_a_member_of_dip_dials_an_entry_of_the_system_and_hangs_up(peers):
    peers.pppoe("dsl")
    assert await as_nobody("dial", "dsl", groups=[DIP]) == {"server": ppp.SERVER_OF_PPPOE}


@pytest.mark.asyncio
async def test_a_member_of_dip_may_not_give_options_of_his_own(client, tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.touch()
    await client.phonebook(path).create(ras.Entry.pppoe("DSL", device_name="c0"))
    for folder in (path, *path.parents):
        if str(folder).startswith("/dev/shm/"):
            os.chmod(folder, 0o755)
    refused = await as_nobody("dial", "DSL", str(path), groups=[DIP])
    assert refused["code"] == 5


@pytest.mark.asyncio
async def test_a_member_of_dip_may_not_hang_up_the_link_of_another_user(client, peers):
    peers.pppoe("dsl")
    async with client.dial("dsl", username=ppp.USER, password=ppp.PASSWORD) as connection:
        refused = await as_nobody("hang_up", "dsl", groups=[DIP])
        assert refused["code"] == 5
        assert (await connection.status()).state == ras.ConnectionState.CONNECTED


@pytest.mark.asyncio
async def test_who_is_not_in_dip_is_told_so(peers):
    peers.pppoe("dsl")
    refused = await as_nobody("dial", "dsl")
    assert (refused["error"], refused["code"]) == ("BackendUnavailableError", 5)
    assert "dip" in refused["text"]
    assert "dip" in refused["hint"]


def test_a_pppd_that_says_nothing_is_judged_by_its_exit_status(peers, tmp_path):
    peers.pppoe("dsl")
    silent = tmp_path / "pppd"
    silent.write_text("#!/bin/sh\nexit 19\n")
    silent.chmod(0o755)
    code = """
import asyncio
import rasdial_async as ras
async def main():
    try:
        await ras.RasClient("pppd").dial("dsl", username="ada", password="right")
    except ras.DialError as error:
        print(error.code)
asyncio.run(main())
"""
    inside = ("unshare", "-m", "sh", "-c", f'mount --bind {silent} /usr/sbin/pppd && exec "$@"', "sh")
    command = [*inside, sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "691\n", done.stderr


@pytest.mark.asyncio
async def test_the_settings_of_a_phonebook_entry_become_options_of_pppd(client, tmp_path):
    """The pppd in this test keeps the options that it is handed, in place of a dial."""
    path = tmp_path / "rasphone.pbk"
    path.touch()
    usual = ras.Entry.pppoe("usual", device_name="c0")
    flags = ras.EntryOptions
    for entry in (
        usual,
        replace(usual, name="chap", options=flags.REQUIRE_CHAP | flags.IP_HEADER_COMPRESSION),
        replace(usual, name="two", options=flags.REQUIRE_PAP | flags.REQUIRE_EAP | flags.SW_COMPRESSION),
        replace(usual, name="microsoft", options=flags.REQUIRE_MS_CHAP2, encryption=ras.Encryption.REQUIRE),
        replace(usual, name="address", options=flags.SPECIFIC_IP_ADDRESS, ip_address="198.18.7.99"),
        replace(
            usual,
            name="own dns",
            options=flags.REMOTE_DEFAULT_GATEWAY | flags.SPECIFIC_NAME_SERVERS,
            encryption=ras.Encryption.REQUIRE_MAX,
            idle_disconnect=300,
        ),
    ):
        await client.phonebook(path).create(entry)
    fake = tmp_path / "pppd"
    fake.write_text(f'#!/bin/sh\nfor last; do :; done\ncat "$last" >>{tmp_path}/options\nexit 19\n')
    fake.chmod(0o755)
    code = f"""
import asyncio
import rasdial_async as ras
async def main():
    client = ras.RasClient("pppd")
    for entry in await client.entries({str(path)!r}):
        with open({str(tmp_path / "options")!r}, "a") as file:
            print("entry", entry.name, file=file)
        try:
            await client.dial(entry.name, phonebook={str(path)!r}, username="ada", password="right")
        except ras.AuthenticationError:
            pass
asyncio.run(main())
"""
    inside = ("unshare", "-m", "sh", "-c", f'mount --bind {fake} /usr/sbin/pppd && exec "$@"', "sh")
    await asyncio.to_thread(subprocess.run, [*inside, sys.executable, "-c", code], cwd=ROOT, check=True)
    sections = (tmp_path / "options").read_text().split("entry ")[1:]
    found = {section.partition("\n")[0]: set(section.splitlines()[1:]) for section in sections}
    refusals = {f"refuse-{method}" for method in ("pap", "chap", "eap", "mschap", "mschap-v2")}
    assert {"defaultroute", "usepeerdns", "novj", "nobsdcomp", "nodeflate"} <= found["usual"]
    assert not found["usual"] & {*refusals, "nomppe", "require-mppe"}
    assert found["chap"] & refusals == refusals - {"refuse-chap"}
    assert "novj" not in found["chap"]
    assert "defaultroute" not in found["chap"]
    assert found["two"] & refusals == refusals - {"refuse-pap", "refuse-eap"}
    assert "nodeflate" not in found["two"]
    assert found["microsoft"] & refusals == refusals - {"refuse-mschap-v2"}
    assert "require-mppe" in found["microsoft"]
    assert "198.18.7.99:" in found["address"]
    assert {"defaultroute", "require-mppe-128", "idle 300"} <= found["own dns"]
    assert "usepeerdns" not in found["own dns"]


def test_without_dev_ppp_there_is_no_such_backend(provider):
    code = """
import rasdial_async as ras
try:
    ras.RasClient("pppd")
except ras.BackendUnavailableError as error:
    print(error.code, error.message, error.hint)
"""
    # In a mount namespace of its own /dev is an empty folder.
    hidden = ("unshare", "-m", "sh", "-c", 'mount -t tmpfs none /dev && exec "$@"', "sh")
    command = [*hidden, sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("633 there is no /dev/ppp")
    assert "modprobe ppp_generic" in done.stdout


def test_without_pppd_the_command_line_says_what_to_install(provider, tmp_path):
    program = str(Path(sys.executable).with_name("rasdial-async"))
    hidden = ("unshare", "-m", "sh", "-c", f'mount --bind {tmp_path} /usr/sbin && exec "$@"', "sh")
    command = [*hidden, program, "dial", "dsl", "--backend", "pppd"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "711" in done.stderr
    assert "hint: Install the package ppp" in done.stderr
