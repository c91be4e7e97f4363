"""Dials through pppd: each state when pppd says so, a packet through the link, and RAS's errors."""

from __future__ import annotations

import asyncio
import logging
from ipaddress import ip_address
from typing import Any

import pytest
from support import ppp
from support.dials import awaited

import rasdial_async as ras
from rasdial_async import ConnectionState as State
from rasdial_async.errors import describe_code

LOGIN: dict[str, Any] = {"username": ppp.USER, "password": ppp.PASSWORD}
DEVICE = [
    State.OPEN_PORT,
    State.PORT_OPENED,
    State.CONNECT_DEVICE,
    State.DEVICE_CONNECTED,
    State.ALL_DEVICES_CONNECTED,
]
LINK = [State.START_AUTHENTICATION, State.AUTHENTICATE, State.AUTHENTICATED, State.AUTH_PROJECT]
SUCCESS = [*DEVICE, *LINK, State.PROJECTED, State.CONNECTED]


async def failed(dialing):
    """The states of a dial that fails, and its error."""
    with pytest.raises(ras.DialError) as caught:
        async for _ in dialing:
            pass
    return [event.state for event in dialing.events if not event.error], caught.value


# The three forms


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("interface", "login"),
    [("c0", ras.Authentication.CHAP), ("c1", ras.Authentication.PAP), ("c2", ras.Authentication.MS_CHAP2)],
)
async def test_pppoe_is_dialed_and_carries_a_packet(client, peers, interface, login):
    peers.pppoe("dsl", interface)
    async with client.dial("dsl", **LOGIN) as connection:
        ip = await connection.ip()
        assert ip.server_address == ppp.SERVER_OF_PPPOE
        assert ip_address(ip.address).is_private
        assert ip_address(ip.ipv6_address).is_link_local
        assert ip.authentication == login
        before = await connection.statistics()
        assert ppp.echoed(ip.server_address, b"x" * 500) == b"x" * 500
        after = await connection.statistics()
        assert after.bytes_sent - before.bytes_sent >= 528
        assert after.bytes_received - before.bytes_received >= 528
        assert after.duration > before.duration
        status = await connection.status()
        assert (status.state, status.device_type, status.device_name) == (State.CONNECTED, "PPPoE", interface)
        assert not client.simulated
        assert [found.entry for found in await client.connections()] == ["dsl"]
    assert await client.connections() == []
    assert ppp.interfaces() == []


@pytest.mark.asyncio
async def test_every_state_is_announced_as_pppd_reaches_it(client, peers):
    peers.pppoe("dsl")
    dialing = client.dial("dsl", **LOGIN)
    assert [event.state async for event in dialing] == SUCCESS
    assert await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_a_modem_is_dialed_and_carries_a_packet(client, peers):
    peers.modem("isp", "5551000")
    dialing = client.dial("isp", **LOGIN)
    connection = await dialing
    assert [event.state for event in dialing.events] == SUCCESS
    assert ppp.echoed(ppp.SERVER_OF_MODEMS, b"through a modem") == b"through a modem"
    assert await connection.hang_up()


# Entries of a .pbk file


@pytest.mark.asyncio
async def test_a_pppoe_entry_of_a_phonebook_is_dialed(client, tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.touch()
    book = client.phonebook(path)
    await book.create(ras.Entry.pppoe("DSL am Büro", device_name="c0"))
    async with client.dial("DSL am Büro", phonebook=path, **LOGIN) as connection:
        assert (connection.entry, connection.device_name) == ("DSL am Büro", "c0")
        assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"by file") == b"by file"
    assert [entry.name for entry in ras.PhonebookFile.read(path).entries] == ["DSL am Büro"]


@pytest.mark.asyncio
async def test_a_modem_entry_of_a_phonebook_is_dialed(client, provider, peers, tmp_path):
    peers.modem("other", "5551000", modem=1)  # the system knows a modem on this line
    path = tmp_path / "rasphone.pbk"
    path.touch()
    entry = ras.Entry.modem("Modem", "555-1000", device=provider.modems[1])
    await client.phonebook(path).create(entry)
    async with client.dial("Modem", phonebook=path, **LOGIN) as connection:
        assert (await connection.statistics()).bps == 56000
        assert ppp.echoed(ppp.SERVER_OF_MODEMS, b"by number") == b"by number"


@pytest.mark.asyncio
async def test_an_entry_that_pppd_cannot_dial_is_refused_at_once(client, tmp_path):
    path = tmp_path / "rasphone.pbk"
    path.write_text(
        "[Office]\r\nMEDIA=rastapi\r\nPort=VPN2-0\r\nDevice=WAN Miniport (IKEv2)\r\nDEVICE=vpn\r\n"
        "PhoneNumber=vpn.example.org\r\n"
    )
    states, error = await failed(client.dial("Office", phonebook=path, **LOGIN))
    assert (states, error.code) == ([], 780)
    assert "strongSwan" in error.hint


# Errors


@pytest.mark.asyncio
@pytest.mark.parametrize("interface", ["c0", "c1", "c2"])
async def test_a_wrong_password(client, peers, interface):
    peers.pppoe("dsl", interface)
    states, error = await failed(client.dial("dsl", username=ppp.USER, password="wrong"))
    assert isinstance(error, ras.AuthenticationError)
    assert (error.code, error.state) == (691, State.AUTHENTICATE)
    assert states == [*DEVICE, State.START_AUTHENTICATION, State.AUTHENTICATE]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("number", "code", "state"),
    [
        ("5551001", 676, State.CONNECT_DEVICE),
        ("5551002", 679, State.CONNECT_DEVICE),
        ("5551003", 680, State.CONNECT_DEVICE),
        ("5551004", 678, State.CONNECT_DEVICE),
        ("5551005", 678, State.CONNECT_DEVICE),
        ("5551006", 721, State.START_AUTHENTICATION),
        ("5551007", 737, State.START_AUTHENTICATION),
        ("5552646", 646, State.AUTHENTICATE),
        ("5552647", 647, State.AUTHENTICATE),
        ("5552648", 648, State.AUTHENTICATE),
        ("5552649", 649, State.AUTHENTICATE),
    ],
)
async def test_what_a_call_runs_into(client, peers, number, code, state):
    peers.modem("isp", number)
    _, error = await failed(client.dial("isp", **LOGIN))
    assert (error.code, error.state) == (code, state)
    known = describe_code(code, "pppd")
    assert (error.message, error.hint) == (known.message, known.hint)


@pytest.mark.asyncio
@pytest.mark.parametrize(("number", "code"), [("5551001", 676), ("5551004", 678), ("5551005", 651)])
@pytest.mark.parametrize("in_file", [False, True])
async def test_a_chat_that_writes_no_log(client, peers, tmp_path, number, code, in_file):
    script = f"TIMEOUT 2 ABORT BUSY ABORT 'NO ANSWER' '' ATZ OK ATDT{number} CONNECT ''"
    path = tmp_path / "chatscript"
    path.write_text(script)
    peers.modem("isp", number, f'connect "chat -f {path}"' if in_file else f'connect "chat {script}"')
    _, error = await failed(client.dial("isp", **LOGIN))
    assert error.code == code


@pytest.mark.asyncio
async def test_no_pppoe_server(client, peers):
    peers.pppoe("dsl", "c3")
    states, error = await failed(client.dial("dsl", **LOGIN))
    assert (states, error.code) == (DEVICE[:3], 815)


@pytest.mark.asyncio
async def test_an_interface_that_does_not_exist(client, peers):
    peers.pppoe("dsl", "c9")
    states, error = await failed(client.dial("dsl", **LOGIN))
    assert (states, error.code) == ([], 633)


@pytest.mark.asyncio
async def test_a_peers_file_that_pppd_does_not_understand(client, peers):
    peers.pppoe("dsl", "c0", "nonsense 7")
    _, error = await failed(client.dial("dsl", **LOGIN))
    assert error.code == 625


# The log


@pytest.mark.asyncio
@pytest.mark.parametrize("interface", ["c0", "c1", "c2"])
async def test_every_line_of_pppd_is_in_the_log_without_a_secret(client, peers, caplog, interface):
    peers.pppoe("dsl", interface)
    with caplog.at_level(logging.DEBUG, "rasdial_async"):
        async with client.dial("dsl", **LOGIN):
            (pid,) = ppp.own_pppds()
        lines = [record.getMessage() for record in caplog.records]
    assert f"pppd[{pid}]: Plugin pppoe.so loaded." in lines  # the table has no such line
    assert f"pppd[{pid}]: Terminating on signal 15" in lines
    assert not [line for line in lines if ppp.PASSWORD in line or "Response id" in line]


@pytest.mark.asyncio
async def test_what_chat_types_is_not_in_the_log(client, peers, caplog):
    script = "chat -v -s -S TIMEOUT 1 '' ATZ OK sesame never ''"
    peers.modem("isp", "5551000", f'connect "{script}"')
    with caplog.at_level(logging.DEBUG, "rasdial_async"), pytest.raises(ras.DialError):
        await client.dial("isp", **LOGIN)
    lines = [record.getMessage() for record in caplog.records if record.getMessage().startswith("pppd[")]
    assert any(line.endswith(": send (...") for line in lines)
    assert not [line for line in lines if "sesame" in line]


# Cancel and time-out


@pytest.mark.asyncio
@pytest.mark.parametrize("state", SUCCESS[:-1], ids=lambda state: state.name)
async def test_cancel_in_every_state_leaves_nothing(client, peers, state):
    peers.pppoe("dsl")
    dialing = client.dial("dsl", **LOGIN)
    task = asyncio.ensure_future(awaited(dialing))
    async for event in dialing:
        if event.state == state:
            task.cancel()
            break
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ppp.interfaces() == []


@pytest.mark.asyncio
@pytest.mark.parametrize("number", ["5551005", "5551006", "5553000", "5553001"])
async def test_a_time_out_while_the_far_end_stalls(client, peers, number):
    peers.modem("isp", number, "lcp-max-configure 30", "ipcp-max-configure 30")
    with pytest.raises(ras.DialTimeoutError):
        await client.dial("isp", timeout=1.5, **LOGIN)
    assert ppp.own_pppds() == []


@pytest.mark.asyncio
async def test_a_modem_is_free_as_soon_as_its_call_is_canceled(client, peers):
    """A shell runs the connect script, and pppd ends that shell only. Chat would read the next answers."""
    peers.modem("silent", "5551005", chat_timeout=60)
    peers.modem("isp", "5551000")
    dialing = client.dial("silent", **LOGIN)
    async for event in dialing:
        if event.state == State.CONNECT_DEVICE:
            break
    await dialing.hang_up()
    assert ppp.chats() == []
    async with client.dial("isp", **LOGIN) as connection:
        assert (await connection.ip()).server_address == ppp.SERVER_OF_MODEMS
