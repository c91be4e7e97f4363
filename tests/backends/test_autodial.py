"""AutoDial, countries, and IKEv2 tunnels that move: on the simulator, and on a library unlike it."""

from __future__ import annotations

import pytest
from support import autodial_ras
from support.autodial_ras import Function

from rasdial_async import (
    AutoDialEntry,
    AutoDialParameter,
    BackendUnavailableError,
    ConnectionState,
    ConnectionSubState,
    Country,
    Entry,
    EntryOptions2,
    PhonebookError,
    RasClient,
    RasError,
    Step,
    countries,
)

LIMIT = AutoDialParameter.SAVED_ADDRESSES_LIMIT
OFFICE = AutoDialEntry("Office", 1)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("autodial")
    return autodial_ras.AutoDialLibrary(autodial_ras.build(folder))


@pytest.fixture
def odd(library):
    library.reset()
    return library


@pytest.fixture
def odd_client(odd):
    return RasClient(library=odd.path)


async def fails(code, awaitable, function=None, kind=RasError):
    with pytest.raises(kind) as caught:
        await awaitable
    assert caught.value.code == code
    if function is not None:
        assert caught.value.function == function


# --- AutoDial ---


@pytest.mark.asyncio
async def test_what_is_dialed_for_an_address_is_set_and_read(client):
    autodial = client.autodial
    assert await autodial.addresses() == []
    assert await autodial.get("intranet") == []
    await autodial.set("intranet", [OFFICE, AutoDialEntry("Home", 2)])
    await autodial.set("Straße", [OFFICE])
    assert await autodial.get("INTRANET") == [OFFICE, AutoDialEntry("Home", 2)]
    assert sorted(await autodial.addresses()) == ["Straße", "intranet"]
    await autodial.set("intranet", iter([AutoDialEntry("Home")]))
    assert await autodial.get("intranet") == [AutoDialEntry("Home", 0)]
    await autodial.set("intranet", [])
    assert await autodial.addresses() == ["Straße"]


@pytest.mark.asyncio
async def test_the_default_internet_connection_has_no_address(client):
    autodial = client.autodial
    assert await autodial.get(None) == []
    await autodial.set(None, [OFFICE])
    assert await autodial.get(None) == [OFFICE]
    assert await autodial.addresses() == []
    await autodial.set(None, [])
    assert await autodial.get(None) == []


@pytest.mark.asyncio
async def test_a_lot_of_addresses(client):
    names = [f"host-{number}" for number in range(200)]
    for name in names:
        await client.autodial.set(name, [OFFICE])
    assert sorted(await client.autodial.addresses()) == sorted(names)


@pytest.mark.asyncio
async def test_it_is_switched_by_location(client):
    autodial = client.autodial
    assert await autodial.is_enabled(1)
    await autodial.enable(1, False)
    assert not await autodial.is_enabled(1)
    assert await autodial.is_enabled(2)
    await autodial.enable(1)
    assert await autodial.is_enabled(1)


@pytest.mark.asyncio
async def test_its_parameters(client):
    autodial = client.autodial
    usual = {parameter: await autodial.get_parameter(parameter) for parameter in AutoDialParameter}
    assert list(usual.values())[:4] == [0, 0, 100, 5]  # as the page says; of the last it says nothing
    await autodial.set_parameter(LIMIT, 0xFFFFFFFF)
    assert await autodial.get_parameter(LIMIT) == 0xFFFFFFFF


@pytest.mark.asyncio
async def test_the_documented_errors_of_autodial(client):
    autodial = client.autodial
    nobody = [AutoDialEntry("Nobody")]
    await fails(623, autodial.set("intranet", nobody), "RasSetAutodialAddressW", PhonebookError)
    await fails(87, autodial.get_parameter(5), "RasGetAutodialParamW")
    await fails(87, autodial.set_parameter(5, 1), "RasSetAutodialParamW")


@pytest.mark.parametrize(
    ("call", "error", "argument"),
    [
        (lambda autodial: autodial.get(""), ValueError, "address"),
        (lambda autodial: autodial.get(7), TypeError, "address"),
        (lambda autodial: autodial.get("a\0b"), ValueError, "address"),
        (lambda autodial: autodial.set("", [OFFICE]), ValueError, "address"),
        (lambda autodial: autodial.set("x", ["Office"]), TypeError, "entries"),
        (lambda autodial: autodial.set("x", [AutoDialEntry("e" * 257)]), ValueError, "entry"),
        (lambda autodial: autodial.set("x", [AutoDialEntry("e", -1)]), ValueError, "location"),
        (lambda autodial: autodial.is_enabled("1"), TypeError, "location"),
        (lambda autodial: autodial.enable(1 << 32), ValueError, "location"),
        (lambda autodial: autodial.get_parameter(None), TypeError, "parameter"),
        (lambda autodial: autodial.set_parameter(LIMIT, True), TypeError, "value"),
    ],
)
@pytest.mark.asyncio
async def test_bad_arguments_of_autodial_are_named(client, call, error, argument):
    with pytest.raises(error, match=f"^{argument} "):
        await call(client.autodial)


@pytest.mark.asyncio
async def test_autodial_on_another_library(odd_client, odd):
    autodial = odd_client.autodial
    odd.grow(2)
    assert await autodial.addresses() == ["first", "second"]
    await autodial.set("intranet", [OFFICE, AutoDialEntry("Home", 7)])
    assert odd.stored_bytes == 2 * 528
    odd.grow(3)
    assert await autodial.get("intranet") == [OFFICE, AutoDialEntry("Home", 7)]
    await autodial.set("intranet", [])
    assert odd.stored_bytes == 0
    assert await autodial.get("intranet") == []
    await autodial.enable(9)
    assert await autodial.is_enabled(9)
    assert not await autodial.is_enabled(8)
    await autodial.set_parameter(AutoDialParameter.FAILED_CONNECTION_TIMEOUT, 11)
    assert await autodial.get_parameter(AutoDialParameter.FAILED_CONNECTION_TIMEOUT) == 11


AUTODIAL = [
    (Function.ADDRESSES, "RasEnumAutodialAddressesW", (87, 603), lambda autodial: autodial.addresses()),
    (Function.GET, "RasGetAutodialAddressW", (632, 87), lambda autodial: autodial.get("x")),
    (Function.SET, "RasSetAutodialAddressW", (632, 87, 623), lambda autodial: autodial.set("x", [OFFICE])),
    (Function.IS_ENABLED, "RasGetAutodialEnableW", (87,), lambda autodial: autodial.is_enabled(1)),
    (Function.ENABLE, "RasSetAutodialEnableW", (87,), lambda autodial: autodial.enable(1)),
    (Function.GET_PARAMETER, "RasGetAutodialParamW", (87, 632), lambda autodial: autodial.get_parameter(1)),
    (
        Function.SET_PARAMETER,
        "RasSetAutodialParamW",
        (87, 632),
        lambda autodial: autodial.set_parameter(1, 2),
    ),
]


@pytest.mark.parametrize(
    ("function", "name", "code", "call"),
    [
        (function, name, code, call)
        for function, name, codes, call in AUTODIAL
        for code in (*codes, 5, 99_999)
    ],
)
@pytest.mark.asyncio
async def test_a_code_of_autodial_is_raised(odd_client, odd, function, name, code, call):
    odd.answer(function, code)
    await fails(code, call(odd_client.autodial), name)


# --- countries ---


@pytest.mark.asyncio
async def test_countries(client):
    found = await client.countries()
    assert Country(1, 1, "United States") in found
    assert Country(107, 1, "Canada") in found
    assert len({country.id for country in found}) == len(found)


@pytest.mark.asyncio
async def test_countries_of_the_default_client(nothing_chosen, monkeypatch):
    monkeypatch.setenv("RASDIAL_BACKEND", "simulator")
    assert (await countries())[0] == Country(1, 1, "United States")


@pytest.mark.parametrize(("growth", "ring"), [(0, 0), (2, 0), (0, 1), (0, 300)])
@pytest.mark.asyncio
async def test_countries_of_another_library(odd_client, odd, growth, ring):
    """Their list grows, names lie beyond the buffer or at odd places, the last one names the first."""
    odd.grow(growth)
    odd.ring(ring)
    assert await odd_client.countries() == [
        Country(1, 1001, "One"),
        Country(300, 1300, ""),
        Country(5, 1005, "Five"),
    ]


@pytest.mark.parametrize("code", [1784, 87, 603, 740])
@pytest.mark.asyncio
async def test_the_documented_errors_of_countries(odd_client, odd, code):
    odd.answer(Function.COUNTRY, code)
    await fails(code, odd_client.countries(), "RasGetCountryInfoW")


# --- connections that move ---


@pytest.mark.asyncio
async def test_a_tunnel_moves(client):
    async with client.dial("Office") as connection:
        await connection.move(local="192.0.2.7", remote="192.0.2.99", interface_index=4)
        status = await connection.status()
        assert (status.local_endpoint, status.remote_endpoint) == ("192.0.2.7", "192.0.2.99")
        await connection.move(local="2001:db8::1", remote="2001:db8::2")
        status = await connection.status()
        assert (status.local_endpoint, status.remote_endpoint) == ("2001:db8::1", "2001:db8::2")


@pytest.mark.asyncio
async def test_the_documented_errors_of_a_move(client, sim):
    function = "RasUpdateConnection"
    async with client.dial("Home") as connection:
        await fails(837, connection.move(), function)
    await fails(6, connection.move(), function)

    async with client.dial("Office") as connection:
        sim.set_substate("Office", ConnectionSubState.RECONNECTING)
        await fails(838, connection.move(), function)

    await client.phonebook().create(
        Entry.vpn("Fixed", "vpn.example", protocol="ikev2", options2=EntryOptions2.DISABLE_MOBILITY)
    )
    async with client.dial("Fixed") as connection:
        await fails(843, connection.move(), function)


@pytest.mark.asyncio
async def test_a_connection_whose_line_is_dead_does_not_move(client, sim):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Step(ConnectionState.CONNECTED)])
    connection = await client.dial("Office")
    sim.drop("Office")
    with pytest.raises(RasError) as caught:
        await connection.move()
    assert caught.value.code in (6, 844)
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_move_on_another_library(odd_client, odd):
    (connection,) = await odd_client.connections()
    await connection.move(local="192.0.2.7", remote="2001:db8::2", interface_index=0xFFFFFFFF)
    given = odd.updated
    assert (given.version, given.size, given.flags, given.interface) == (4, 56, 0, 0xFFFFFFFF)
    assert (given.local.type, bytes(given.local.address)[:4]) == (1, bytes([192, 0, 2, 7]))
    assert (given.remote.type, bytes(given.remote.address)) == (2, b"\x20\x01\x0d\xb8" + bytes(11) + b"\x02")
    await connection.move()
    assert (odd.updated.local.type, odd.updated.remote.type, odd.updated.interface) == (0, 0, 0)


@pytest.mark.parametrize("code", [837, 838, 843, 844, 87, 632])
@pytest.mark.asyncio
async def test_a_code_of_a_move_is_raised(odd_client, odd, code):
    odd.answer(Function.UPDATE, code)
    (connection,) = await odd_client.connections()
    await fails(code, connection.move(), "RasUpdateConnection")


@pytest.mark.parametrize(
    ("arguments", "error", "argument"),
    [
        ({"local": "vpn.example"}, ValueError, "local"),
        ({"remote": ""}, ValueError, "remote"),
        ({"remote": 7}, TypeError, "remote"),
        ({"interface_index": -1}, ValueError, "interface_index"),
    ],
)
@pytest.mark.asyncio
async def test_bad_arguments_of_a_move_are_named(client, arguments, error, argument):
    async with client.dial("Office") as connection:
        with pytest.raises(error, match=f"^{argument} "):
            await connection.move(**arguments)


# --- a library without them ---


@pytest.mark.asyncio
async def test_a_missing_function_raises_in_its_verb_only(tmp_path):
    bare = RasClient(library=autodial_ras.build(tmp_path, "NO_AUTODIAL"))
    (connection,) = await bare.connections()
    verbs = [
        *((name, call(bare.autodial)) for _, name, _, call in AUTODIAL),
        ("RasGetCountryInfoW", bare.countries()),
        ("RasUpdateConnection", connection.move()),
    ]
    for name, verb in verbs:
        await fails(127, verb, name, BackendUnavailableError)
