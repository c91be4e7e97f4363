"""The settings of a .pbk file, which the simulator obeys: identities, logins, strategies, names, size."""

from __future__ import annotations

import dataclasses
import time
import uuid

import pytest

import rasdial_async as ras
from rasdial_async import Entry, EntryOptions, PhonebookFile

HEAD = "[Office]\r\nGuid=00112233445566778899AABBCCDDEEFF\r\nType=2\r\n"
DEVICE = "MEDIA=rastapi\r\nDevice=WAN Miniport (IKEv2)\r\nDEVICE=vpn\r\nPhoneNumber=vpn.example\r\n"


@pytest.fixture
def sim():
    with ras.Simulator(pace=0, release_delay=0) as simulator:
        yield simulator


@pytest.fixture
def client(sim):
    return ras.RasClient(sim)


@pytest.fixture
def load(sim, tmp_path):
    def load(text, codec="utf-8", **options):
        path = tmp_path / "office.pbk"
        path.write_bytes(text.encode(codec))
        sim.load_phonebook(path, **options)
        return path

    return load


@pytest.mark.asyncio
async def test_the_guid_of_a_file_is_that_of_its_entry_and_connections(client, load, sim):
    path = load(HEAD + DEVICE)
    guid = str(uuid.UUID(bytes_le=bytes.fromhex("00112233445566778899AABBCCDDEEFF")))
    assert (await client.phonebook(path).get("Office")).guid == guid
    async with client.dial("Office", phonebook=path) as connection:
        assert connection.guid == guid
    before = path.read_bytes()
    sim.save_phonebook(path)
    assert path.read_bytes() == before


@pytest.mark.asyncio
async def test_auto_logon_is_kept_and_obeyed(client, load, sim):
    path = load(HEAD + "AutoLogon=1\r\nCustomAuthKey=25\r\nAuthRestrictions=128\r\n" + DEVICE)
    entry = await client.phonebook(path).get("Office")
    assert EntryOptions.USE_LOGON_CREDENTIALS in entry.options
    async with client.dial("Office", phonebook=path):  # no identity is asked for: it is the logon's
        pass
    await client.phonebook(path).update(
        dataclasses.replace(entry, options=entry.options & ~EntryOptions.USE_LOGON_CREDENTIALS)
    )
    with pytest.raises(ras.InteractionRequiredError):
        await client.dial("Office", phonebook=path)
    sim.save_phonebook(path)
    assert b"AutoLogon=0\r\n" in path.read_bytes()


@pytest.mark.parametrize(
    ("strategy", "device"),
    [
        (0, "IKEv2"),
        (1, "PPTP"),
        (2, "PPTP"),
        (3, "L2TP"),
        (5, "SSTP"),
        (6, "SSTP"),
        (7, "IKEv2"),
        (99, "IKEv2"),
    ],
)
@pytest.mark.asyncio
async def test_the_strategy_of_a_vpn_chooses_its_device(client, load, strategy, device):
    path = load(f"{HEAD}VpnStrategy={strategy}\r\n{DEVICE}")
    assert (await client.phonebook(path).get("Office")).vpn_strategy == strategy
    async with client.dial("Office", phonebook=path) as connection:
        assert (await connection.status()).device_name == f"WAN Miniport ({device})"


@pytest.mark.asyncio
async def test_a_strategy_without_its_device_takes_the_device_of_the_entry(client, load, sim):
    path = load(f"{HEAD}VpnStrategy=6\r\n{DEVICE}")
    sim.remove_device("WAN Miniport (SSTP)")
    async with client.dial("Office", phonebook=path) as connection:
        assert connection.device_name == "WAN Miniport (IKEv2)"


@pytest.mark.asyncio
async def test_of_names_that_differ_in_case_the_first_counts_everywhere(client, load):
    path = load("".join(f"[{name}]\r\n{DEVICE}".replace("vpn.", f"{name}.") for name in ("office", "OFFICE")))
    assert PhonebookFile.read(path).get("OFFICE").name == "office"
    assert [entry.name for entry in await client.entries(path)] == ["office"]
    assert (await client.phonebook(path).get("OFFICE")).phone_number == "office.example"
    async with client.dial("Office", phonebook=path) as connection:
        assert (await connection.status()).phone_number == "office.example"


# --- names ---

GOOD = ["Büro", "a", "1", "😀", "宽带连接", "x.y", "a b", "#", "é"]
BAD = [
    "",
    " ",
    ".a",
    "a|b",
    "a>b",
    "a<b",
    "a?b",
    "a*b",
    "a\\b",
    "a/b",
    "a:b",
    'a"b',
    "a\tb",
    "a\nb",
    "---",
    "a\ud800",
]
GOOD.remove("#")


@pytest.mark.parametrize("name", [*GOOD, *BAD])
@pytest.mark.asyncio
async def test_there_is_one_rule_for_names(client, sim, name):
    good = name in GOOD
    for check in (
        lambda: Entry.vpn(name, "vpn.example"),
        lambda: PhonebookFile.parse(b"").add(name, [("MEDIA", "rastapi"), ("DEVICE", "vpn")]),
    ):
        if good:
            check()
        else:
            with pytest.raises(ValueError, match="name"):
                check()
    if "\ud800" in name:
        return
    try:
        await client.phonebook().validate(name)
    except (ValueError, ras.RasError):
        assert not good
    else:
        assert good


# --- encodings and size ---


@pytest.mark.parametrize("encoding", ["gbk", "cp932", "cp1251", "utf-8-sig", "utf-16"])
@pytest.mark.asyncio
async def test_a_book_in_another_encoding(client, load, sim, encoding):
    name = {"gbk": "宽带连接", "cp932": "東京", "cp1251": "Москва"}.get(encoding, "Büro")
    options = {} if encoding.startswith("utf") else {"encoding": encoding}
    path = load(f"[{name}]\r\n{DEVICE}", encoding, **options)
    assert [entry.name for entry in await client.entries(path)] == [name]
    async with client.dial(name, phonebook=path):
        pass
    book = client.phonebook(path)
    await book.update(dataclasses.replace(await book.get(name), phone_number="new.example"))
    before = path.read_bytes()
    sim.save_phonebook(path)
    old, new = ("vpn.example", "new.example")
    codec = "utf-16-le" if encoding == "utf-16" else "ascii"
    assert path.read_bytes() == before.replace(old.encode(codec), new.encode(codec))


def processor_time(work):
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_reading_and_loading_take_time_by_the_size(tmp_path, line_end):
    """Eight times the entries take less than twenty times the time; by the square it would be sixty-four."""
    paths = []
    for entries in (500, 4000):
        text = "".join(
            f"[Entry {number}]\n{'IpPrioritizeRemote=1' + chr(10)}{DEVICE}" for number in range(entries)
        )
        path = tmp_path / f"{entries}.pbk"
        path.write_bytes(text.replace("\r\n", "\n").replace("\n", line_end).encode())
        paths.append(path)

    def load(path):
        with ras.Simulator() as simulator:
            simulator.load_phonebook(path)

    for work in (PhonebookFile.read, load):
        few, many = (processor_time(lambda path=path, work=work: work(path)) for path in paths)
        assert many < 20 * few
