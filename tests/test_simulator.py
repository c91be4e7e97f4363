"""The built-in RAS from its Python side: entries, lines that behave as told, and an honest face."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from pathlib import Path

import pytest

from rasdial_async import (
    AuthenticationError,
    ConnectionState,
    DialError,
    Drop,
    Fail,
    LineBusyError,
    Login,
    PhonebookError,
    PortError,
    RasClient,
    RasError,
    Silence,
    Simulator,
    Step,
)
from rasdial_async._native.binding.simulator import MAX_ENGINES
from rasdial_async.phonebook import PhonebookFile

PHONEBOOKS = Path(__file__).parent / "data" / "phonebooks"
BOOKS = sorted(PHONEBOOKS.glob("*.pbk"))
OPEN_PORT, AUTHENTICATE, CONNECTED = (
    ConnectionState.OPEN_PORT,
    ConnectionState.AUTHENTICATE,
    ConnectionState.CONNECTED,
)
CONNECTS = [Step(OPEN_PORT), Step(CONNECTED)]
HANGS = [Step(OPEN_PORT), Silence()]
SECONDS = 10.0


@pytest.fixture
def sim():
    with Simulator(pace=0, release_delay=0.001) as simulator:
        simulator.add_entry("Office")
        yield simulator


@pytest.fixture
def client(sim):
    return RasClient(sim)


async def reach(dialing, state):
    async for event in dialing:
        if event.state == state:
            return


async def eventually(condition):
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.001)


async def outcome(dialing):
    """The states of a dial, and its error code."""
    try:
        connection = await dialing
    except DialError as error:
        return [event.state for event in dialing.events], error.code
    await connection.hang_up()
    return [event.state for event in dialing.events], 0


# Its phonebook


@pytest.mark.asyncio
async def test_entries_are_listed_and_removed(sim, client):
    sim.add_entry("Büro \N{GRINNING FACE}")
    assert sorted(await client.entries()) == ["Büro \N{GRINNING FACE}", "Office"]
    sim.remove_entry("Office")
    assert await client.entries() == ["Büro \N{GRINNING FACE}"]
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
    assert await client.entries() == ["Office"]
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


# Its lines


@pytest.mark.asyncio
async def test_a_script_is_what_happens(sim, client):
    sim.script("Office", [Step(ConnectionState(n)) for n in (3, 1, 77, 5)] + [Step(CONNECTED)])
    assert await outcome(client.dial("Office")) == ([3, 1, 77, 5, CONNECTED], 0)


@pytest.mark.asyncio
async def test_no_script_is_the_usual_one_again(sim, client):
    usual, _ = await outcome(client.dial("Office"))
    sim.script("Office", CONNECTS)
    assert await outcome(client.dial("Office")) == ([OPEN_PORT, CONNECTED], 0)
    sim.script("Office", [])
    assert await outcome(client.dial("Office")) == (usual, 0)
    assert len(usual) > 5


@pytest.mark.parametrize(
    "device",
    [
        "WAN Miniport (IKEv2)",
        "WAN Miniport (SSTP)",
        "WAN Miniport (L2TP)",
        "WAN Miniport (PPTP)",
        "WAN Miniport (PPPOE)",
        "Standard Modem",
    ],
)
@pytest.mark.asyncio
async def test_the_usual_script_of_a_device_connects_and_names_it(sim, client, device):
    sim.add_entry("Line", device=device)
    dialing = client.dial("Line")
    events = [event async for event in dialing]
    assert events[-1].state is CONNECTED
    assert {event.device_name for event in events if event.device_name} == {device}
    assert not any(event.failed for event in events)
    await dialing.hang_up()


def test_a_script_of_an_entry_that_is_not_there_is_an_error(sim):
    for call in (
        lambda: sim.script("Nowhere", CONNECTS),
        lambda: sim.refuse("Nowhere", 680),
        lambda: sim.drop("Nowhere"),
        lambda: sim.script("Office", CONNECTS, phonebook="/other.pbk"),
    ):
        with pytest.raises(RasError) as caught:
            call()
        assert caught.value.code == 623


@pytest.mark.asyncio
async def test_login_fails_with_691_where_the_credentials_are_wrong(sim, client):
    sim.add_entry("Guarded", username="ada", password="secret", domain="LAB")
    sim.script("Guarded", [Step(OPEN_PORT), Login(AUTHENTICATE), Step(CONNECTED)])
    right = {"username": "ada", "password": "secret", "domain": "lab"}
    assert (await outcome(client.dial("Guarded", **right)))[1] == 0
    for wrong in ({"username": "eve"}, {"password": "Secret"}, {"password": ""}, {"domain": "OTHER"}):
        dialing = client.dial("Guarded", **{**right, **wrong})
        with pytest.raises(AuthenticationError) as caught:
            await dialing
        assert caught.value.state is AUTHENTICATE
        assert dialing.events[-1].error == 691


@pytest.mark.asyncio
async def test_the_usual_scripts_check_the_credentials_too(sim, client):
    sim.add_entry("Guarded", username="ada", password="secret")
    with pytest.raises(AuthenticationError):
        await client.dial("Guarded", username="ada", password="wrong")
    async with client.dial("Guarded", username="ada", password="secret"):
        pass


@pytest.mark.asyncio
async def test_an_entry_without_a_password_takes_anybody(sim, client):
    async with client.dial("Office", username="who", password="ever"):
        pass


@pytest.mark.asyncio
async def test_fail_carries_its_code_and_extended_error(sim, client):
    sim.script("Office", [Step(OPEN_PORT), Fail(789, extended=0x80420112)])
    with pytest.raises(DialError) as caught:
        await client.dial("Office")
    assert (caught.value.code, caught.value.extended_error) == (789, 0x80420112)
    assert caught.value.state is OPEN_PORT, "in the state that was reached"
    sim.script("Office", [Step(OPEN_PORT), Fail(676, state=ConnectionState.CONNECT_DEVICE)])
    with pytest.raises(LineBusyError) as caught:
        await client.dial("Office")
    assert caught.value.state is ConnectionState.CONNECT_DEVICE


@pytest.mark.asyncio
async def test_after_silence_nothing_comes(sim, client):
    sim.script("Office", [Step(OPEN_PORT), Silence(), Step(CONNECTED)])
    dialing = client.dial("Office")
    await reach(dialing, OPEN_PORT)
    await asyncio.sleep(0.02)
    assert len(dialing.events) == 1
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_dropped_line_ends_a_connection(sim, client):
    connection = await client.dial("Office")
    sim.drop("Office", 828)
    await connection.wait_disconnected()
    assert await client.connections() == []
    with pytest.raises(RasError) as caught:
        sim.drop("Office")
    assert caught.value.code == 668, "there is no such connection any more"


@pytest.mark.parametrize(("code", "reported"), [(0, 619), (676, 676)])
@pytest.mark.asyncio
async def test_a_dropped_line_fails_a_dial_in_progress(sim, client, code, reported):
    sim.script("Office", HANGS)
    dialing = client.dial("Office")
    await reach(dialing, OPEN_PORT)
    sim.drop("Office", code)
    with pytest.raises(DialError) as caught:
        await dialing
    assert caught.value.code == reported


@pytest.mark.asyncio
async def test_a_line_may_drop_by_script(sim, client):
    sim.script("Office", [*CONNECTS, Drop(after=0.01)])
    connection = await client.dial("Office")
    async with asyncio.timeout(SECONDS):
        await connection.wait_disconnected()


@pytest.mark.asyncio
async def test_delays_are_waited_for(sim, client):
    sim.script("Office", [Step(OPEN_PORT, after=0.03), Step(CONNECTED, after=0.03)])
    before = time.monotonic()
    async with client.dial("Office"):
        assert time.monotonic() - before >= 0.06


@pytest.mark.asyncio
async def test_the_pace_stretches_the_usual_scripts_only():
    with Simulator(pace=0.2, release_delay=0) as slow, Simulator(pace=0, release_delay=0) as fast:
        took = {}
        for sim in (slow, fast):
            sim.add_entry("Office")
            dialing = RasClient(sim).dial("Office")
            await dialing
            took[sim] = dialing.events[-1].elapsed
            await dialing.hang_up()
        assert took[slow] > 0.12
        assert took[fast] < took[slow]


# RasDial itself


@pytest.mark.asyncio
async def test_a_refusal_is_rasdials_answer_until_it_is_taken_back(sim, client):
    sim.refuse("Office", 680)
    for _ in range(2):
        assert await outcome(client.dial("Office")) == ([], 680)
    sim.refuse("Office", 0)
    assert (await outcome(client.dial("Office")))[1] == 0


@pytest.mark.asyncio
async def test_a_refusal_may_store_a_handle_and_take_its_time(sim, client):
    sim.refuse("Office", 680, handle=True, delay=0.03)
    before = time.monotonic()
    dialing = client.dial("Office")
    assert await outcome(dialing) == ([], 680)
    assert time.monotonic() - before >= 0.03
    assert dialing.handle
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_rasdial_that_returns_late_loses_no_event(sim, client):
    """The dial has connected when its handle becomes known."""
    sim.script("Office", CONNECTS)
    sim.refuse("Office", 0, delay=0.03)
    assert await outcome(client.dial("Office")) == ([OPEN_PORT, CONNECTED], 0)


@pytest.mark.asyncio
async def test_a_modem_has_one_port_and_a_miniport_any_number(sim, client):
    for name in ("Modem 1", "Modem 2"):
        sim.add_entry(name, device="Standard Modem")
    for name in ("Tunnel 1", "Tunnel 2"):
        sim.add_entry(name, device="WAN Miniport (SSTP)")
    async with client.dial("Modem 1"), client.dial("Tunnel 1"), client.dial("Tunnel 2"):
        assert sim.counts.open_ports == 3
        with pytest.raises(PortError) as caught:
            await client.dial("Modem 2")
        assert caught.value.code == 633
        sim.set_ports("Standard Modem", 2)
        async with client.dial("Modem 2"):
            pass
        sim.set_ports("WAN Miniport (SSTP)", 2)
        sim.add_entry("Tunnel 3", device="WAN Miniport (SSTP)")
        with pytest.raises(PortError):
            await client.dial("Tunnel 3")


@pytest.mark.asyncio
async def test_a_port_is_free_again_after_the_release_delay():
    with Simulator(pace=0, release_delay=0.05) as sim:
        sim.add_entry("Modem", device="Standard Modem")
        client = RasClient(sim)
        connection = await client.dial("Modem")
        hanging_up = asyncio.ensure_future(connection.hang_up())
        before = time.monotonic()
        await eventually(lambda: hanging_up.done() or sim.counts.open_ports == 1)
        assert sim.counts.open_ports == 1
        assert await hanging_up
        assert time.monotonic() - before >= 0.04
        assert sim.counts.open_ports == 0
        async with client.dial("Modem"):
            pass


@pytest.mark.asyncio
async def test_an_entry_that_is_being_dialed_is_756(sim, client):
    sim.script("Office", HANGS)
    dialing = client.dial("Office")
    await reach(dialing, OPEN_PORT)
    assert (await outcome(client.dial("Office")))[1] == 756
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_what_it_counts(sim, client):
    assert sim.counts[:2] == (0, 0)
    async with client.dial("Office"):
        counts = sim.counts
        assert (counts.connections, counts.open_ports, counts.callbacks, counts.dials) == (1, 1, 0, 1)
        assert counts.threads >= 1
    assert sim.counts[:2] == (0, 0)
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_two_simulators_know_nothing_of_each_other(sim, client):
    with Simulator(pace=0) as other:
        assert (await outcome(RasClient(other).dial("Office")))[1] == 623
        other.add_entry("Office")
        async with client.dial("Office") as first, RasClient(other).dial("Office") as second:
            assert first.handle != second.handle
            other.drop("Office")
            await second.wait_disconnected()
            assert (await first.status()).connected


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


# Its end


def test_closing_twice_is_closing_once():
    sim = Simulator()
    assert repr(sim) == "<Simulator open>"
    sim.close()
    sim.close()
    assert repr(sim) == "<Simulator closed>"


@pytest.mark.parametrize(
    "use",
    [
        lambda sim: sim.add_entry("Home"),
        lambda sim: sim.remove_entry("Office"),
        lambda sim: sim.script("Office", CONNECTS),
        lambda sim: sim.drop("Office"),
        lambda sim: sim.refuse("Office", 680),
        lambda sim: sim.set_ports("Standard Modem", 2),
        lambda sim: sim.load_phonebook(BOOKS[0]),
        lambda sim: sim.counts,
    ],
)
def test_a_closed_simulator_says_so(sim, use):
    sim.close()
    with pytest.raises(RuntimeError, match=r"^the simulator is closed$"):
        use(sim)


@pytest.mark.asyncio
async def test_a_client_of_a_closed_simulator_says_so(sim, client):
    sim.close()
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await client.dial("Office")
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await client.connections()
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await client.entries()


@pytest.mark.asyncio
async def test_closing_fails_the_dials_in_progress_and_ends_the_connections(sim, client, caplog):
    caplog.set_level(logging.WARNING)
    sim.add_entry("Stuck")
    sim.script("Stuck", HANGS)
    connection = await client.dial("Office")
    dialing = client.dial("Stuck")
    await reach(dialing, OPEN_PORT)
    sim.close()
    with pytest.raises(DialError) as caught:
        async with asyncio.timeout(SECONDS):
            await dialing
    assert caught.value.code == 711
    with pytest.raises(RasError) as gone:
        await connection.status()
    assert gone.value.code == 6
    assert await connection.hang_up()
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_closing_while_rasdial_runs_fails_that_dial(sim, client):
    sim.script("Office", HANGS)
    sim.refuse("Office", 0, delay=4000)
    dialing = client.dial("Office")
    aiter(dialing)
    await eventually(lambda: sim.counts.dials == 1)
    closing = threading.Thread(target=sim.close)
    closing.start()
    with pytest.raises(DialError):
        async with asyncio.timeout(SECONDS):
            await dialing
    await asyncio.to_thread(closing.join, SECONDS)
    assert not closing.is_alive()


def test_a_simulator_of_the_parent_process_says_so_and_is_left_alone(sim, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("rasdial_async.simulator.os.getpid", lambda: -1)
        with pytest.raises(RuntimeError, match="belongs to the parent process"):
            sim.add_entry("Home")
    sim.add_entry("Home")


def test_there_are_so_many_at_a_time():
    simulators = []
    with pytest.raises(RuntimeError, match="no simulator to be had"):
        simulators.extend(Simulator() for _ in range(MAX_ENGINES + 1))
    assert len(simulators) >= MAX_ENGINES // 2
    for sim in simulators:
        sim.close()
    Simulator().close()


def test_a_simulator_that_nobody_holds_closes_itself():
    for _ in range(2 * MAX_ENGINES):
        sim = Simulator()
        sim.add_entry("Office")
        del sim


@pytest.mark.asyncio
async def test_a_client_keeps_its_own_simulator_alive():
    client = RasClient("simulator")
    gc.collect()
    assert await client.entries() == []


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
