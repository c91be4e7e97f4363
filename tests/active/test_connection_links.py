"""A connection's own words on its traffic, its addresses and its links."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from support.links_ras import Function, fails

import rasdial_async as ras
from rasdial_async import ConnectionState, RasClient, RasError, Step
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import projection
from rasdial_async._native.records.connection import ConnectionInfo
from rasdial_async.backends import RasHandle

SECONDS = 10.0
WRAP = 1 << 32
E_INVALIDARG = 0x80070057


async def unfinished(client):
    """A connection that is not up: RAS gave its handle already."""
    dialing = client.dial("Office")
    await anext(aiter(dialing))
    info = ConnectionInfo(dialing.handle, "Office")
    return dialing, ras.Connection(client.backend, client.backend.session.handles.listed(info), info)


# Statistics


@pytest.mark.asyncio
async def test_statistics_are_those_of_ras(sim, client):
    async with client.dial("Office") as connection:
        told = {
            "bytes_sent": 1,
            "bytes_received": 2,
            "frames_sent": 3,
            "frames_received": 4,
            "crc_errors": 5,
            "timeout_errors": 6,
            "alignment_errors": 7,
            "hardware_overrun_errors": 8,
            "framing_errors": 9,
            "buffer_overrun_errors": 10,
            "compression_in": 11,
            "compression_out": 12,
            "bps": 13,
        }
        sim.set_statistics("Office", **told, duration=timedelta(hours=1))
        found = await connection.statistics()
        assert {name: getattr(found, name) for name in told} == told
        assert timedelta(hours=1) <= found.duration < timedelta(hours=1, minutes=1)
        assert (found.total.bytes_sent, found.total.frames_received) == (1, 4)


@pytest.mark.asyncio
async def test_totals_count_on_where_the_counters_wrap(sim, client):
    async with client.dial("Office") as connection:
        sim.set_statistics("Office", bytes_received=WRAP - 1)
        await connection.statistics()
        for _ in range(3):
            sim.advance("Office", bytes_received=WRAP // 2)
            found = await connection.statistics()
        assert found.bytes_received == (WRAP - 1 + 3 * (WRAP // 2)) % WRAP
        assert found.total.bytes_received == WRAP - 1 + 3 * (WRAP // 2)
        (other,) = await client.connections()  # the totals are the object's
        assert (await other.statistics()).total.bytes_received == found.bytes_received


@pytest.mark.asyncio
async def test_clearing_is_for_everybody_but_the_totals(sim, client):
    async with client.dial("Office") as connection:
        sim.set_statistics("Office", bytes_sent=1000, frames_sent=10)
        await connection.clear_statistics()
        sim.advance("Office", bytes_sent=1)
        (other,) = await client.connections()
        assert (await other.statistics()).bytes_sent == 1
        found = await connection.statistics()
        assert (found.bytes_sent, found.total.bytes_sent, found.total.frames_sent) == (1, 1001, 10)


@pytest.mark.parametrize("verb", ["statistics", "clear_statistics", "ip", "wait_ip"])
@pytest.mark.asyncio
async def test_what_is_gone_answers_6(sim, client, verb):
    connection = await client.dial("Office")
    (listed,) = await client.connections()
    sim.drop("Office")
    await connection.wait_disconnected()
    await fails(6, getattr(connection, verb)())
    await fails(6, getattr(listed, verb)())
    await connection.hang_up()
    await fails(6, getattr(connection, verb)())


@pytest.mark.parametrize("verb", ["statistics", "clear_statistics", "ip"])
@pytest.mark.asyncio
async def test_the_verb_that_finds_it_gone_says_so(sim, client, verb):
    """Statistics answer E_INVALIDARG to a handle that is not valid."""
    connection = await client.dial("Office")
    handle = connection.handle
    await connection._backend.hang_up(RasHandle(handle), SECONDS, False)
    assert not connection.ras_handle.gone
    await fails(6, getattr(connection, verb)())
    assert connection.ras_handle.gone


@pytest.mark.asyncio
async def test_a_connection_that_is_not_up_has_no_statistics(sim, client):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT)])
    dialing, connection = await unfinished(client)
    await fails(668, connection.statistics(), "RasGetConnectionStatistics")
    await fails(668, connection.clear_statistics())
    assert not connection.ras_handle.gone
    await dialing.hang_up()


@pytest.mark.parametrize("code", [E_INVALIDARG, 8])
@pytest.mark.asyncio
async def test_every_code_of_the_statistics_pages(links, code):
    connection = await RasClient(library=links.path).dial("Multilink")
    links.answer(Function.STATISTICS, code)
    await fails(code, connection.statistics(), "RasGetConnectionStatistics")
    await fails(code, connection.clear_statistics(), "RasGetConnectionStatistics")
    links.answer(Function.STATISTICS, 0)
    assert (await connection.statistics()).total.frames_sent == 100
    links.answer(Function.CLEAR, 8)
    await fails(8, connection.clear_statistics(), "RasClearConnectionStatistics")
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_library_without_statistics_says_so(links_without):
    async with RasClient(library=links_without("NO_STATISTICS").path).dial("Multilink") as connection:
        with pytest.raises(ras.BackendUnavailableError, match="RasGetConnectionStatistics"):
            await connection.statistics()


# Addresses


@pytest.mark.asyncio
async def test_the_addresses_of_ikev2(client):
    async with client.dial("Office") as connection:
        found = await connection.ip()
    assert found.kind is ras.ProjectionKind.IKEV2
    assert found.address.startswith("203.0.113.")
    assert found.server_address == "203.0.113.1"
    assert found.ipv6_address.startswith("2001:db8::")
    assert (found.ipv6_server_address, found.ipv6_prefix_length) == ("2001:db8::1", 64)
    assert found.server_addresses == ("203.0.113.1", "203.0.113.254")
    assert found.ipv6_server_addresses == ("2001:db8::1",)
    assert (found.error, found.ipv6_error) == (0, 0)


@pytest.mark.asyncio
async def test_the_addresses_of_ppp(client):
    async with client.dial("Home") as connection:
        found = await connection.ip()
    assert found.kind is ras.ProjectionKind.PPP
    assert found.address.startswith("203.0.113.")
    assert found.server_address == "203.0.113.1"
    assert found.ipv6_address.startswith("fe80::")
    assert found.ipv6_prefix_length is None
    assert found.server_addresses == ()


@pytest.mark.asyncio
async def test_how_it_was_let_in(sim, client):
    found = [await ip_of(client, name) for name in ("Office", "Home")]
    assert [(one.authentication, one.eap_method) for one in found] == [
        (ras.Authentication.EAP, 26),  # IKEv2 has nothing else for a user name and password
        (ras.Authentication.MS_CHAP2, 0),
    ]
    sim.set_eap("Home", method=13)
    tls = await ip_of(client, "Home", eap=ras.EapIdentity("ada"))
    assert (tls.authentication, tls.eap_method) == (ras.Authentication.EAP, 13)


async def ip_of(client, name, **options):
    async with client.dial(name, **options) as connection:
        return await connection.ip()


@pytest.mark.parametrize(
    ("protocol", "data", "expected"),
    [
        (0, 0, None),
        (0xC023, 0, "PAP"),
        (0xC027, 0, "SPAP"),
        (0xC223, 0x05, "CHAP"),
        (0xC223, 0x80, "MS-CHAP"),
        (0xC223, 0x81, "MS-CHAPv2"),
        (0xC223, 0x99, 0xC223),
        (0xC227, 0, "EAP"),
        (0xBEEF, 0, 0xBEEF),
    ],
)
def test_the_names_of_ppps_logins(protocol, data, expected):
    lcp = ffi.new("RASPPPLCPW *")
    lcp.dwAuthenticationProtocol, lcp.dwAuthenticationData = protocol, data
    assert projection._by_ppp(lcp) == expected


class OldLibrary:
    """A table without RasGetProjectionInfoEx."""

    def __init__(self, api):
        self._api = api
        self.RasGetProjectionInfoEx = None

    def __getattr__(self, name):
        return getattr(self._api, name)


@pytest.mark.asyncio
async def test_the_old_call_tells_the_same_of_ppp(sim, client, monkeypatch):
    async with client.dial("Home") as connection:
        newer = await connection.ip()
        library = sim.backend.session.library
        with monkeypatch.context() as patch:
            patch.setattr(library, "api", OldLibrary(library.api))
            assert await connection.ip() == newer
    async with client.dial("Office") as connection:  # and nothing of IKEv2
        with monkeypatch.context() as patch:
            patch.setattr(library, "api", OldLibrary(library.api))
            await fails(731, connection.ip(), "RasGetProjectionInfoW")


@pytest.mark.asyncio
async def test_a_library_of_the_old_kind(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.set_address("192.0.2.7", "192.0.2.1")
        found = await connection.ip()
        assert (found.address, found.server_address) == ("192.0.2.7", "192.0.2.1")
        assert (found.error, found.ipv6_address, found.ipv6_error) == (0, None, 731)
        links.set_address("192.0.2.7")
        assert (await connection.ip()).server_address is None


@pytest.mark.parametrize("code", [603, 87, 632, 730, 731])
@pytest.mark.asyncio
async def test_every_code_of_the_projection_page(links, code):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.answer(Function.PROJECTION, code)
        await fails(code, connection.ip(), "RasGetProjectionInfoW")
        assert not connection.ras_handle.gone


@pytest.mark.asyncio
async def test_before_projected_there_are_no_addresses(sim, client):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT)])
    dialing, connection = await unfinished(client)
    await fails(731, connection.ip(), "RasGetProjectionInfoEx")
    await dialing.hang_up()


# Waiting for an address


@pytest.mark.asyncio
async def test_waiting_for_an_address_that_is_there(client):
    async with client.dial("Office") as connection:
        assert await connection.wait_ip() == await connection.ip()


@pytest.mark.asyncio
async def test_waiting_for_an_address_while_it_comes_up(sim, client):
    opened, projected = Step(ConnectionState.OPEN_PORT), Step(ConnectionState.PROJECTED, after=0.1)
    sim.script("Office", [opened, projected, Step(ConnectionState.CONNECTED)])
    dialing, connection = await unfinished(client)
    async with asyncio.timeout(SECONDS):
        assert (await connection.wait_ip()).address
    await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_waiting_for_an_address_that_ras_does_not_know_yet(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.set_address("0.0.0.0")
        waiting = asyncio.ensure_future(connection.wait_ip())
        async with asyncio.timeout(SECONDS):
            await asyncio.to_thread(links.wait_calls, Function.PROJECTION, 4)
            assert not waiting.done()
            links.set_address("192.0.2.7")
            assert (await waiting).address == "192.0.2.7"


@pytest.mark.asyncio
async def test_waiting_for_an_address_that_will_never_come(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.set_address("", error=720)
        await fails(720, connection.wait_ip())
        links.answer(Function.PROJECTION, 731)
        await fails(731, connection.wait_ip())


@pytest.mark.asyncio
async def test_waiting_for_an_address_may_be_cancelled(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await connection.wait_ip()
        assert (await connection.status()).connected


# Devices


@pytest.mark.asyncio
async def test_the_devices_are_listed_as_ras_names_them(sim, client):
    assert ras.Device("WAN Miniport (IKEv2)", "vpn") in await client.devices()
    sim.add_device("Carrier pigeon 1", "rfc1149")
    assert ras.Device("Carrier pigeon 1", "rfc1149") in await client.devices()
    sim.remove_device("Carrier pigeon 1")
    assert [device for device in await client.devices() if device.type == "rfc1149"] == []


@pytest.mark.parametrize("code", [603, 8, 87, 1784])
@pytest.mark.asyncio
async def test_every_code_of_the_devices_page(links, code):
    client = RasClient(library=links.path)
    assert await client.devices() == []  # a damaged RAS: success, and nothing
    links.answer(Function.DEVICES, code)
    await fails(code, client.devices(), "RasEnumDevicesW")


# The simulator's side


@pytest.mark.asyncio
async def test_the_simulator_says_what_it_can_not_do(sim, client):
    for wrong in (sim.set_statistics, sim.advance):
        with pytest.raises(RasError) as caught:
            wrong("Nowhere", bytes_sent=1)
        assert caught.value.code == 623
        with pytest.raises(RasError) as caught:
            wrong("Office", bytes_sent=1)
        assert caught.value.code == 668
    with pytest.raises(RasError) as caught:
        sim.add_device("", "modem")
    assert caught.value.code == 87


@pytest.mark.asyncio
async def test_a_connection_that_follows_its_network(sim, client):
    async with client.dial("Office") as connection:
        status = await connection.status()
        assert status.sub_state is ras.ConnectionSubState.NONE
        assert status.local_endpoint
        assert status.remote_endpoint
        sim.set_substate("Office", ras.ConnectionSubState.DORMANT)
        assert (await connection.status()).sub_state is ras.ConnectionSubState.DORMANT
    async with client.dial("Home"):
        with pytest.raises(RasError) as caught:
            sim.set_substate("Home", ras.ConnectionSubState.DORMANT)
        assert caught.value.code == 87
