"""An Entry and the settings of a section: any entry survives being saved, and any section can be read."""

from __future__ import annotations

import dataclasses
import ipaddress

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from rasdial_async import (
    Encryption,
    Entry,
    EntryOptions,
    EntryOptions2,
    EntryType,
    NetProtocols,
    PhonebookError,
    PhonebookFile,
    RasClient,
    Simulator,
    VpnStrategy,
)
from rasdial_async.phonebook.settings import described

names_ = st.text("abcXYZ0189 -_äß事", min_size=1, max_size=20).filter(
    lambda name: name == name.strip() and any(char.isalnum() for char in name)
)
texts = st.text("abcXYZ.0189-_", max_size=20)
numbers_ = st.integers(0, 0xFFFFFFFF)
addresses = st.one_of(st.just(""), st.ip_addresses(v=4).map(str).filter(lambda text: text != "0.0.0.0"))
ipv6 = st.one_of(st.just(""), st.ip_addresses(v=6).map(str).filter(lambda text: text != "::"))


def flags(kind, but):
    return st.sets(st.sampled_from([flag for flag in kind if flag not in but])).map(
        lambda some: kind(sum(int(flag) for flag in some))
    )


entries_ = st.builds(
    Entry,
    name=names_,
    type=st.sampled_from(EntryType),
    phone_number=st.text("abc.0189", min_size=1, max_size=30),
    alternates=st.lists(st.text("abc.0189", min_size=1), max_size=3).map(tuple),
    vpn_strategy=st.sampled_from(VpnStrategy),
    options=flags(
        EntryOptions,
        {
            EntryOptions.REQUIRE_ENCRYPTED_PASSWORD,
            EntryOptions.REQUIRE_MS_ENCRYPTED_PASSWORD,
            EntryOptions.REQUIRE_DATA_ENCRYPTION,
            EntryOptions.NETWORK_LOGON,
            EntryOptions.USE_LOGON_CREDENTIALS,
            EntryOptions.CUSTOM,
        },
    ),
    options2=flags(
        EntryOptions2,
        {
            EntryOptions2.INTERNET,
            EntryOptions2.REGISTER_IP_WITH_DNS,
            EntryOptions2.IPV4_EXPLICIT_METRIC,
            EntryOptions2.IPV6_EXPLICIT_METRIC,
        },
    ),
    encryption=st.sampled_from(Encryption),
    protocols=st.sampled_from([NetProtocols(bits) for bits in (0, 4, 8, 12)]),
    custom_auth_key=numbers_,
    country_id=numbers_,
    country_code=numbers_,
    area_code=st.text("0123456789", max_size=10),
    ip_address=addresses,
    dns=addresses,
    dns_alternate=addresses,
    wins=addresses,
    wins_alternate=addresses,
    ipv6_address=ipv6,
    ipv6_prefix_length=st.integers(0, 128),
    ipv6_dns=ipv6,
    ipv6_dns_alternate=ipv6,
    dns_suffix=texts,
    prerequisite_phonebook=texts,
    prerequisite_entry=texts,
    idle_disconnect=st.integers(1, 0xFFFFFFFF),
    network_outage=st.integers(0, 1000),
    redial_count=numbers_,
    redial_pause=numbers_,
)


def vars_of(entry):
    return {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}


@pytest.mark.asyncio
async def test_any_entry_is_read_as_it_was_saved(tmp_path):
    path = tmp_path / "any.pbk"
    wanted: list[Entry] = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(entries_)
    def collect(entry):
        wanted.append(entry)

    collect()
    with Simulator() as sim, Simulator() as other:
        sim.add_phonebook(path)
        book = RasClient(sim).phonebook(path)
        created = [
            await book.create(dataclasses.replace(entry, name=f"{entry.name} {number}"))
            for number, entry in enumerate(wanted)
        ]
        sim.save_phonebook(path)
        other.load_phonebook(path)
        again = RasClient(other).phonebook(path)
        for entry in created:
            read, saved = vars_of(await again.get(entry.name)), vars_of(entry)
            assert {name: read[name] for name in read if read[name] != saved[name]} == {}, saved


KEYS = """Type VpnStrategy AuthRestrictions ExcludedProtocols DataEncryption IdleDisconnectSeconds IpAddress
    Ipv6Address IpDnsSuffix PhoneNumber DEVICE Device MEDIA AreaCode CountryID IpPrioritizeRemote
    NetworkOutageTime IpInterfaceMetric PrerequisitePbk RedialAttempts"""
keys = st.sampled_from(KEYS.split())
devices = st.sampled_from(["vpn", "switch", "WAN Miniport (SSTP)"])
values_ = st.one_of(st.text(max_size=30), st.integers().map(str), devices)


@settings(deadline=None)
@given(st.lists(st.tuples(keys, values_)))
@example([("IpAddress", "256.0.0.1"), ("IpInterfaceMetric", "4294967296")])
def test_any_section_can_be_read(lines):
    text = "[Any]\n" + "".join(f"{key}={value}\n" for key, value in lines)
    try:
        file = PhonebookFile.parse(text.encode("utf-8", "surrogatepass"), encoding="cp1252")
    except PhonebookError:
        return
    for section in file:
        entry = described(Entry(name="Any"), section)
        assert described(entry, section) == entry


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("::ffff:79.82.245.174", "::ffff:4f52:f5ae"),  # CPython 3.13 writes it so
        ("2001:db8::1.2.3.4", "2001:db8::102:304"),
        ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"),
        ("1:2:3:4:5:6:7:7.8.9.10", None),
        ("::1.2.3", None),
        ("::1.2.3.4:5", None),
    ],
)
@pytest.mark.asyncio
async def test_an_ipv6_address_may_end_in_ipv4(tmp_path, written, read):
    path = tmp_path / "mapped.pbk"
    path.write_text(f"[Office]\nIpv6Assign=2\nIpv6Address={written}\n\nMEDIA=rastapi\n\nDEVICE=vpn\n")
    with Simulator() as sim:
        sim.load_phonebook(path)
        entry = await RasClient(sim).phonebook(path).get("Office")
    assert entry.ipv6_address == ("" if read is None else str(ipaddress.ip_address(read)))
