"""Scenario files: each key, each mistake by file, line and key, and the places that honor the variables."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys

import pytest
from support import ROOT

import rasdial_async as ras
from rasdial_async import ConnectionState, PhonebookFile, ScenarioError

BOOK = "[Office]\r\nMEDIA=rastapi\r\nDevice=WAN Miniport (PPTP)\r\nDEVICE=vpn\r\nPhoneNumber=vpn.example\r\n"


@pytest.fixture
def sim():
    with ras.Simulator(pace=0, release_delay=0) as simulator:
        yield simulator


@pytest.fixture
def client(sim):
    return ras.RasClient(sim)


@pytest.fixture
def load(sim, tmp_path):
    def load(text):
        path = tmp_path / "büro.toml"
        path.write_text(text, "utf-8")
        sim.load_scenario(path)

    return load


async def code_of(dialing):
    try:
        await (await dialing).hang_up()
    except ras.RasError as error:
        return error.code
    return 0


# --- the keys ---


@pytest.mark.asyncio
async def test_logins(client, load):
    load(
        """
        [[entry]]
        name = "Büro 😀"
        username = "ada"
        password = "secret"
        domain = "CORP"
        """
    )
    login = {"username": "ada", "password": "secret", "domain": "corp"}
    assert await code_of(client.dial("BÜRO 😀", **login)) == 0
    assert await code_of(client.dial("Büro 😀", **login | {"password": "wrong"})) == 691


@pytest.mark.asyncio
async def test_every_kind_of_step(client, load):
    load(
        """
        [[entry]]
        name = "Steps"
        password = "secret"
        script = [
            "OPEN_PORT",
            1,
            { state = "RASCS_ConnectDevice", after = 0.001 },
            { login = "AUTH_NOTIFY", extended = 5 },
            { pause = "PASSWORD_EXPIRED", scripted = true },
            { fail = 0x2B3, extended = 7, state = "Authenticated", after = 1e-3 },
        ]
        [[entry]]
        name = "Silent"
        script = ["OPEN_PORT", { silence = true }, { fail = 691 }]
        [[entry]]
        name = "Dropped"
        script = ["CONNECTED", { drop = 629, after = 0.001 }]
        """
    )
    dialing = client.dial(
        "Steps", username="x", password="secret", options=ras.DialOptions.PAUSED_STATES, on_paused=answer
    )
    with pytest.raises(ras.DialError) as caught:
        await dialing
    assert [int(event.state) for event in dialing.events] == [0, 1, 2, 6, 4100 - 1, 14]
    assert (caught.value.code, caught.value.extended_error) == (691, 7)
    assert await code_of(client.dial("Silent", timeout=0.05)) == ras.DialTimeoutError.default_code
    async with client.dial("Dropped") as connection:
        await connection.wait_disconnected()


async def answer(event):
    return ras.Resume()


@pytest.mark.asyncio
async def test_addresses_come_in_turn(client, load, sim):
    load(
        """
        [[entry]]
        name = "Line"
        device = "WAN Miniport (PPPOE)"
        addresses = ["198.51.100.7", "2001:db8::7", "198.51.100.8"]
        """
    )

    async def addresses():
        async with client.dial("Line") as connection:
            return str((await connection.ip()).address)

    assert [await addresses() for _ in range(3)] == ["198.51.100.7", "198.51.100.8", "198.51.100.7"]
    sim.script("Line", [ras.Fail(678)])
    assert await code_of(client.dial("Line")) == 678
    sim.script("Line", [])
    assert await addresses() == "198.51.100.8", "a dial that fails takes no address"
    sim.set_addresses("Line", ["192.0.2.200"])
    assert await addresses() == "192.0.2.200"
    sim.set_addresses("Line", [])
    assert (await addresses()).startswith("203.0.113.")


@pytest.mark.parametrize("wrong", [["198.51.100"], ["x"], [""]])
def test_an_address_that_is_none_is_refused(sim, wrong):
    sim.add_entry("Line")
    with pytest.raises(ValueError, match="does not appear to be an IPv4 or IPv6 address"):
        sim.set_addresses("Line", wrong)


def test_one_address_must_be_in_a_list(sim):
    sim.add_entry("Line")
    with pytest.raises(TypeError, match="addresses must be several"):
        sim.set_addresses("Line", "198.51.100.7")
    with pytest.raises(ras.PhonebookError):
        sim.set_addresses("Nowhere", [])


@pytest.mark.asyncio
async def test_devices_ports_books_and_answers(client, load, sim):
    load(
        """
        administrator = false
        [[phonebook]]
        path = "/all.pbk"
        all_users = true
        [[phonebook]]
        path = "/empty.pbk"
        [[device]]
        name = "Modem 2"
        type = "modem"
        [[device]]
        name = "WAN Miniport (SSTP)"
        present = false
        [[device]]
        name = "WAN Miniport (L2TP)"
        ports = 1
        [[entry]]
        name = "Shared"
        phonebook = "/all.pbk"
        device = "WAN Miniport (L2TP)"
        [[entry]]
        name = "Taken"
        refuse = 633
        return_delay = 0.001
        [[entry]]
        name = "Card"
        eap = { method = 13, username = "ada", data = "0102fF" }
        [answers]
        RasEnumConnections = 711
        RasGetCountryInfoW = 5
        """
    )
    names = [device.name for device in await client.devices()]
    assert "Modem 2" in names
    assert "WAN Miniport (SSTP)" not in names
    (entry,) = await client.entries("/all.pbk")
    assert entry.all_users
    assert await client.entries("/empty.pbk") == []
    with pytest.raises(ras.RasError, match="ACCESS_DENIED"):
        await client.phonebook("/all.pbk").delete("Shared")
    async with client.dial("Shared", phonebook="/all.pbk"):
        sim.add_entry("Second", device="WAN Miniport (L2TP)")
        assert await code_of(client.dial("Second")) == 633
    assert await code_of(client.dial("Taken")) == 633
    identity = await client.eap_identity("Card")
    assert identity == ras.EapIdentity("ada", b"\x01\x02\xff")
    assert await code_of(client.dial("Card", eap=identity)) == 0
    assert await code_of(client.dial("Card")) == 703
    with pytest.raises(ras.RasError) as caught:
        await client.connections()
    assert caught.value.code == 711
    with pytest.raises(ras.RasError) as caught:
        await client.countries()
    assert caught.value.code == 5


@pytest.mark.asyncio
async def test_passwords_expire_and_far_ends_call_back(client, load):
    load(
        """
        [[entry]]
        name = "Old"
        password = "old"
        password_expired = true
        [[entry]]
        name = "Back"
        callback = "preset"
        """
    )
    assert await code_of(client.dial("Old", username="x", password="old")) == 648
    dialing = client.dial("Back")
    await (await dialing).hang_up()
    assert ConnectionState.WAIT_FOR_CALLBACK in [event.state for event in dialing.events]


@pytest.mark.asyncio
async def test_links_of_an_entry(client, load):
    load(
        """
        [[entry]]
        name = "Bundle"
        device = "ISDN 1"
        device_type = "isdn"
        [[entry.link]]
        device = "ISDN 1"
        phone_number = "1"
        [[entry.link]]
        device = "ISDN 2"
        phone_number = "2"
        script = ["OPEN_PORT", { fail = 678 }]
        """
    )
    async with client.dial("Bundle") as connection:
        first, second = await connection.sub_entries()
        assert (await first.status()).device_name == "ISDN 1"
        with pytest.raises(ras.RasError) as caught:
            await second.status()
        assert caught.value.code == 618


@pytest.mark.asyncio
async def test_an_entry_keeps_what_its_phonebook_says(client, sim, load, tmp_path):
    book = tmp_path / "office.pbk"
    book.write_text(BOOK + "IpPrioritizeRemote=0\r\n", "utf-8", newline="")
    sim.load_phonebook(book)
    before = await client.phonebook(book).get("Office")
    load(f"[[entry]]\nname = 'office'\nphonebook = '{book}'\nusername = 'ada'\npassword = 'secret'\n")
    assert await client.phonebook(book).get("Office") == before
    assert await code_of(client.dial("Office", phonebook=book, username="ada", password="no")) == 691
    load(f"[[entry]]\nname = 'Office'\nphonebook = '{book}'\nphone_number = 'other.example'\n")
    assert (await client.phonebook(book).get("Office")).phone_number == "other.example"


# --- the page of the documents ---

PAGE = (ROOT / "docs" / "how-to" / "scenario-file.md").read_text("utf-8")


@pytest.mark.asyncio
async def test_the_scenario_of_the_page(client, load):
    (example,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.M | re.S)
    load(f"{example}\n".replace("[answers]", "[answers]\nRasEnumDevices = 711"))
    assert [entry.name for entry in await client.entries()] == ["Office VPN", "Depot"]
    assert await code_of(client.dial("Office VPN", username="ada", password="wrong")) == 691


@pytest.mark.parametrize("table", ["", "[[entry]]\n", "[[device]]\n", "[[phonebook]]\n", "[[entry.link]]\n"])
def test_the_page_names_every_key(load, table):
    before = "[[entry]]\nname='x'\n" if "link" in table else ""
    with pytest.raises(ScenarioError) as caught:
        load(f"{before}{table}nonsense = 1\n")
    keys = str(caught.value).partition("it may be one of ")[2].split(", ")
    assert len(keys) > 1
    assert [key for key in keys if f"`{key}`" not in PAGE and f"[{key}]" not in PAGE] == []


# --- mistakes ---

MISTAKES = {
    "name = 1": "line 2: entry.name: the value must be a text in quotation marks",
    "": "line 1: entry.name: the name is missing or empty",
    "name = 'x'\nusrname = 'a'": (
        "line 3: entry.usrname: there is no such key; it may be one of name, phonebook, "
    ),
    "name = 'x'\nscript = ['OPENPORT', 'nonsense']": (
        "line 3: entry.script: a step is a state of RAS or a table"
    ),
    "name = 'x'\nscript = [{ fail = 0 }]": (
        "line 3: entry.script.fail: the number must be between 1 and 4294967295"
    ),
    "name = 'x'\nscript = [{ fail = 691, drop = 1 }]": (
        'line 3: entry.script.drop: the step is a "fail" already'
    ),
    "name = 'x'\nscript = [{ after = 1 }]": (
        "line 3: entry.script: the step needs one of state, login, fail, "
    ),
    "name = 'x'\nscript = [{ pause = 'CONNECTED' }]": (
        "line 3: entry.script.pause: RAS does not pause in this state"
    ),
    "name = 'x'\nscript = [\n'OPEN_PORT',\n{ state = 'OPEN_PORT', after = -1 }]": (
        "line 5: entry.script.after: the number must be between 0 and 4000"
    ),
    "name = 'x'\naddresses = ['::1', '1.2']": (
        "line 3: entry.addresses: each must be an IPv4 or IPv6 address"
    ),
    "name = 'x'\ncallback = 'often'": (
        'line 3: entry.callback: it may be "none", "set-by-caller" or "preset"'
    ),
    "name = 'x'\neap = { data = '0' }": (
        "line 3: entry.eap.data: the bytes must be pairs of hexadecimal digits"
    ),
    f"name = '{'x' * 257}'": "line 2: entry.name: the text has 257 characters; RAS allows 256",
    "name = 'x'\nlink = [1]": "line 3: entry.link: each of the list must be a table",
    "name = 'x'\n[answers]\nRasDoes = 5": "line 4: answers.RasDoes: there is no such function of RAS",
    "name = 'x'\n[otherwise]\nweather = true": (
        "line 4: otherwise.weather: there is no such key; it may be one of hang"
    ),
    "name = 'x'\n[[device]]\nname = 'y'\nports = 'two'": (
        "line 5: device.ports: the value must be a whole number"
    ),
    "name = 'x'\nname = 'y'": "line 3: no TOML: ",
    "name = 'x'\nname": "no TOML: ",
}


@pytest.mark.parametrize("text", MISTAKES)
@pytest.mark.asyncio
async def test_a_mistake_is_named_and_nothing_is_changed(client, load, text):
    whole = f"[[entry]]\n{text}\n"
    with pytest.raises(ScenarioError) as caught:
        load(f"pace = 1.0\n[[entry]]\nname = 'first'\n{whole}")
    assert "büro.toml, line " in str(caught.value)
    with pytest.raises(ScenarioError) as caught:
        load(whole)
    assert MISTAKES[text] in str(caught.value)
    assert await client.entries() == []


def test_a_file_that_is_not_there(sim, tmp_path):
    with pytest.raises(ScenarioError, match=r"none\.toml: the file cannot be read"):
        sim.load_scenario(tmp_path / "none.toml")
    with pytest.raises(ValueError, match="path"):
        sim.load_scenario("x" * 300)


def test_bytes_that_are_no_utf_8(sim, tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes("[[entry]]\nname = 'Büro'\n".encode("latin-1"))
    with pytest.raises(ScenarioError, match="no TOML"):
        sim.load_scenario(path)


# --- by name: the library, the command line, the pytest plugin ---


@pytest.fixture
def environment(tmp_path):
    book = tmp_path / "office.pbk"
    book.write_text(BOOK, "utf-8", newline="")
    scenario = tmp_path / "office.toml"
    scenario.write_text(
        """
        pace = 0.0
        [[entry]]
        name = "Office"
        username = "ada"
        password = "secret"
        [[entry]]
        name = "Depot"
        script = [{ fail = 676 }]
        """
    )
    return os.environ | {
        "RASDIAL_BACKEND": "simulator",
        "RASDIAL_SIMULATOR_PHONEBOOK": str(book),
        "RASDIAL_SIMULATOR_SCRIPT": str(scenario),
    }


def program(environment, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


PROGRAM = """
import asyncio, rasdial_async as ras
async def main():
    print([entry.name for entry in await ras.entries()])
    async with ras.dial("Office", username="ada", password="secret") as connection:
        print((await connection.status()).phone_number)
    for entry, password in (("Office", "wrong"), ("Depot", "")):
        try:
            await ras.dial(entry, username="ada", password=password)
        except ras.DialError as error:
            print(error.code)
    await ras.Phonebook().create(ras.Entry.vpn("New", "new.example"))
asyncio.run(main())
"""


def test_the_library_honors_both_variables(environment):
    status, output, errors = program(environment, "-c", PROGRAM)
    assert (status, errors) == (0, "")
    assert output.split("\n")[:4] == ["['Office', 'Depot']", "vpn.example", "691", "676"]
    book = PhonebookFile.read(environment["RASDIAL_SIMULATOR_PHONEBOOK"])
    assert [entry.name for entry in book] == ["Office", "New"], "a change is in the file, the scenario is not"


def test_the_command_line_honors_both_variables(environment):
    status, output, _ = program(environment, "-m", "rasdial_async", "entries")
    assert (status, output.count("Office"), output.count("Depot")) == (0, 1, 1)
    login = environment | {"RASDIAL_PASSWORD": "secret"}
    status, output, _ = program(login, "-m", "rasdial_async", "dial", "Office", "--username", "ada")
    assert status == 0
    status, output, errors = program(environment, "-m", "rasdial_async", "dial", "Depot")
    assert status == 1
    assert "676" in output + errors


TESTS = """
import pytest, rasdial_async as ras

@pytest.mark.asyncio
@pytest.mark.asyncio
async def test_it(ras_client):
    assert {entry.name for entry in await ras_client.entries()} == {"Office", "Depot"}
    with pytest.raises(ras.AuthenticationError):
        await ras.dial("Office", username="ada", password="wrong")
    await ras.Phonebook().delete("Office")
"""


def test_the_pytest_plugin_honors_both_variables_and_writes_no_file(environment, tmp_path):
    file = tmp_path / "test_it.py"
    file.write_text(TESTS)
    options = ["-p", "no:cacheprovider", "-q", "-c", os.devnull, "--rootdir", str(tmp_path)]
    status, output, errors = program(environment, "-m", "pytest", *options, str(file))
    assert status == 0, output + errors
    book = PhonebookFile.read(environment["RASDIAL_SIMULATOR_PHONEBOOK"])
    assert [entry.name for entry in book] == ["Office"]


def test_nothing_starts_with_a_mistake(environment, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("pase = 1\n")
    environment["RASDIAL_SIMULATOR_SCRIPT"] = str(bad)
    wanted = f"the simulator does not start: {bad}, line 1: pase: there is no such key"
    status, output, errors = program(environment, "-c", PROGRAM)
    assert (status, output) == (1, "")
    assert "BackendUnavailableError" in errors
    assert wanted in errors
    status, output, errors = program(environment, "-m", "rasdial_async", "entries")
    assert status == 1
    assert wanted in " ".join((output + errors).split())
    assert "Traceback" not in errors


def test_a_simulator_of_the_program_is_left_alone(environment, monkeypatch):
    monkeypatch.setenv("RASDIAL_SIMULATOR_SCRIPT", environment["RASDIAL_SIMULATOR_SCRIPT"])
    with ras.Simulator() as simulator:
        assert asyncio.run(ras.RasClient(simulator).entries()) == []


def test_a_recording_is_played_by_every_entry(environment):
    environment["RASDIAL_SIMULATOR_SCRIPT"] = str(ROOT / "examples" / "replay_a_failure.jsonl")
    status, output, errors = program(environment, "-m", "rasdial_async", "dial", "Office")
    assert status == 1
    assert "718" in output + errors
    environment["RASDIAL_SIMULATOR_SCRIPT"] = "none.jsonl"
    status, output, errors = program(environment, "-m", "rasdial_async", "dial", "Office")
    assert status == 1
    assert "the simulator does not start" in output + errors
