"""The built-in RAS from its Python side: entries, real phonebooks, and an honest face."""

from __future__ import annotations

import asyncio

import pytest
from support.dials import CONNECTED, OPEN_PORT, reach
from support.simulated import BOOKS, HANGS, PHONEBOOKS

from rasdial_async import (
    DialError,
    Drop,
    Fail,
    Login,
    PhonebookError,
    RasError,
    Silence,
    Simulator,
    Step,
)
from rasdial_async.phonebook.file import PhonebookFile

# Its phonebook


@pytest.mark.asyncio
async def test_entries_are_listed_and_removed(sim, client):
    sim.add_entry("Büro \N{GRINNING FACE}")
    assert sorted(await client.entries()) == ["Büro \N{GRINNING FACE}", "Home", "Office"]
    sim.remove_entry("Office")
    assert sorted(await client.entries()) == ["Büro \N{GRINNING FACE}", "Home"]
    with pytest.raises(RasError) as caught:
        sim.remove_entry("Office")
    assert caught.value.code == 623


@pytest.mark.asyncio
async def test_removing_an_entry_ends_nothing_that_goes_on(sim, client):
    sim.add_entry("Stuck")
    sim.script("Stuck", [*HANGS[:1], Step(CONNECTED, after=0.02)])
    dialing = client.dial("Stuck")
    await reach(dialing, OPEN_PORT)
    async with client.dial("Office") as connection:
        sim.remove_entry("Office")
        sim.remove_entry("Stuck")
        assert (await connection.status()).connected
        async with dialing as other:
            assert other.entry == "Stuck"
    assert sim.counts[:2] == (0, 0)


@pytest.mark.asyncio
async def test_an_entry_of_the_same_name_takes_the_place_of_the_old_one(sim, client):
    sim.script("Office", [Step(OPEN_PORT), Fail(676)])
    sim.refuse("Office", 680)
    sim.add_entry("Office", phone_number="vpn.example", device="WAN Miniport (SSTP)")
    assert sorted(await client.entries()) == ["Home", "Office"]
    async with client.dial("Office") as connection:
        assert connection.device_name == "WAN Miniport (SSTP)"
        assert (await connection.status()).phone_number == "vpn.example"


@pytest.mark.asyncio
async def test_an_entry_in_a_phonebook_of_its_own(sim, client, tmp_path):
    """No file is read or written for it."""
    book = tmp_path / "own.pbk"
    sim.add_entry("Home", phonebook=book)
    assert await client.entries(book) == ["Home"]
    async with client.dial("Home", phonebook=str(book)) as connection:
        assert connection.phonebook == str(book)
    assert not book.exists()


@pytest.mark.parametrize(
    ("device", "device_type", "expected"),
    [
        ("WAN Miniport (IKEv2)", None, "vpn"),
        ("WAN Miniport (PPPOE)", None, "PPPoE"),
        ("Standard 56000 bps Modem", None, "modem"),
        ("Something else", None, "vpn"),
        ("", None, "vpn"),
        ("Something else", "isdn", "isdn"),
    ],
)
@pytest.mark.asyncio
async def test_the_device_decides_its_type_unless_it_is_told(sim, client, device, device_type, expected):
    sim.add_entry("Office", device=device, device_type=device_type)
    async with client.dial("Office") as connection:
        assert connection.device_type == expected
        assert connection.device_name == (device or "WAN Miniport (IKEv2)")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"name": ""}, ValueError),
        ({"name": "x" * 257}, ValueError),
        ({"name": None}, TypeError),
        ({"username": "x" * 257}, ValueError),
        ({"password": "x" * 257}, ValueError),
        ({"domain": "x" * 16}, ValueError),
        ({"device": "x" * 129}, ValueError),
        ({"device_type": "x" * 17}, ValueError),
        ({"phone_number": "x" * 129}, ValueError),
        ({"phonebook": ""}, ValueError),
        ({"phonebook": b"a.pbk"}, TypeError),
    ],
)
def test_an_entry_that_ras_could_not_hold_is_refused_by_name(sim, arguments, error):
    name = arguments.pop("name", "Home")
    (argument,) = arguments or ["entry"]
    with pytest.raises(error, match=rf"^({argument}|name) "):
        sim.add_entry(name, **arguments)


def test_the_longest_texts_are_taken(sim):
    sim.add_entry(
        "\N{GRINNING FACE}" * 128,
        username="u" * 256,
        password="p" * 256,
        domain="d" * 15,
        device="D" * 128,
        device_type="t" * 16,
        phone_number="1" * 128,
    )


# Real phonebooks


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
@pytest.mark.asyncio
async def test_every_entry_of_a_real_phonebook_can_be_dialed(sim, client, book):
    """No two entries alike: each with the device and number that its section names."""
    entries = PhonebookFile.read(book).entries
    assert sim.load_phonebook(book) == len(entries) > 0
    assert await client.entries(book) == [entry.name for entry in entries]
    for entry in entries:
        dialing = client.dial(entry.name, phonebook=book)
        states = [event.state async for event in dialing]
        assert states[0] is OPEN_PORT
        assert states[-1] is CONNECTED
        async with dialing as connection:
            assert connection.entry == entry.name
            assert connection.phonebook == str(book)
            assert connection.device_type == entry.device_type
            assert connection.device_name == entry.device_name
            status = await connection.status()
            assert status.connected
            assert status.phone_number == entry.phone_number
    assert sim.counts.connections == sim.counts.open_ports == 0


@pytest.mark.asyncio
async def test_all_real_phonebooks_at_once(sim, client):
    for book in BOOKS:
        sim.load_phonebook(str(book))
    dialings = [
        client.dial(entry.name, phonebook=book)
        for book in BOOKS
        for entry in PhonebookFile.read(book).entries
    ]
    connections = await asyncio.gather(*dialings)
    assert len({connection.handle for connection in connections}) == len(dialings) == 12
    assert len(await client.connections()) == 12
    for connection in connections:
        await connection.hang_up()


@pytest.mark.asyncio
async def test_a_phonebook_that_a_dial_names_is_read_by_itself(client):
    book = PHONEBOOKS / "vpn-mixed.pbk"
    async with client.dial("lake.example", phonebook=book) as connection:
        assert connection.device_name == "WAN Miniport (PPTP)"
    assert "lake.example" in await client.entries(book)


@pytest.mark.asyncio
async def test_the_first_of_several_sections_of_one_name_counts(sim, client, tmp_path):
    book = tmp_path / "twice.pbk"
    book.write_text("[Office]\nDEVICE=vpn\nPhoneNumber=first.example\n[Office]\nPhoneNumber=second.example\n")
    assert sim.load_phonebook(book) == 1
    assert await client.entries(book) == ["Office"]
    async with client.dial("Office", phonebook=book) as connection:
        assert (await connection.status()).phone_number == "first.example"


@pytest.mark.asyncio
async def test_a_phonebook_that_cannot_be_read_is_a_phonebook_error(sim, client, tmp_path):
    missing = tmp_path / "missing.pbk"
    with pytest.raises(PhonebookError):
        sim.load_phonebook(missing)
    with pytest.raises(PhonebookError):
        await client.entries(missing)
    dialing = client.dial("Office", phonebook=missing)
    with pytest.raises(PhonebookError) as caught:
        await dialing
    assert caught.value.function == "RasDialW"
    assert "missing.pbk" in caught.value.message, "the reason is told, and not only the code"
    assert dialing.handle is None
    await dialing.hang_up()
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_hanging_up_a_dial_that_is_about_to_fail_at_its_phonebook(client, tmp_path):
    dialing = client.dial("Office", phonebook=tmp_path / "missing.pbk")
    aiter(dialing)
    await dialing.hang_up()
    with pytest.raises(DialError):
        await dialing


def test_a_phonebook_is_a_path(sim):
    with pytest.raises(TypeError, match=r"^phonebook must be"):
        sim.load_phonebook(5)


# Numbers


@pytest.mark.parametrize("value", [-0.1, 4001, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["pace", "release_delay"])
def test_numbers_out_of_range_are_refused(name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be between 0 and 4000$"):
        Simulator(**{name: value})


@pytest.mark.parametrize("value", ["1", None, True])
@pytest.mark.parametrize("name", ["pace", "release_delay"])
def test_what_is_no_number_is_refused(name, value):
    with pytest.raises(TypeError, match=rf"^{name} must be a number, not {type(value).__name__}$"):
        Simulator(**{name: value})


@pytest.mark.parametrize(
    "step", [Step(OPEN_PORT, -1), Login(after=-1), Fail(1, after=-1), Silence(-1), Drop(-1)]
)
def test_a_step_before_the_one_before_is_refused(sim, step):
    with pytest.raises(ValueError, match=r"^after must be between"):
        sim.script("Office", [step])
    with pytest.raises(ValueError, match=r"^delay must be between"):
        sim.refuse("Office", 680, delay=-1)


def test_a_failure_without_a_code_is_refused(sim):
    with pytest.raises(RasError) as caught:
        sim.script("Office", [Fail(0)])
    assert caught.value.code == 87


def test_what_is_no_step_is_refused(sim):
    with pytest.raises(TypeError, match=r"not ConnectionState$"):
        sim.script("Office", [OPEN_PORT])


# An honest face


@pytest.mark.asyncio
async def test_it_says_that_it_simulates_wherever_a_person_looks(sim, client):
    dialing = client.dial("Office")
    assert client.simulated
    assert client.backend.simulated
    assert dialing.simulated
    for text in (repr(client), repr(dialing)):
        assert "simulat" in text
    async with dialing as connection:
        assert connection.simulated
        (listed,) = await client.connections()
        assert listed.simulated
        for text in (repr(dialing), repr(connection), repr(listed)):
            assert "simulated" in text
    assert "simulated" in repr(connection)
    assert "Simulator" in repr(sim)
    assert sim.backend.name == "simulator"


@pytest.mark.asyncio
async def test_its_addresses_are_those_set_aside_for_documentation(sim, client):
    async with client.dial("Office") as connection:
        status = await connection.status()
        assert status.local_endpoint.startswith("192.0.2.")
        assert status.remote_endpoint.startswith("198.51.100.")
