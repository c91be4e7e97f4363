"""Whatever an Entry says, RAS keeps and gives back; and nothing of what was there before."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings, strategies as st

from rasdial_async import Encryption, Entry, EntryOptions, EntryOptions2, NetProtocols, Simulator
from rasdial_async._native.binding.entries import default_image, read_entry, read_image, write_entry

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
numbers = st.sampled_from([0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF]) | st.integers(0, 0xFFFFFFFF)
addresses = st.sampled_from(["", "10.0.0.1", "255.255.255.255"])
addresses6 = st.sampled_from(["", "::1", "2001:db8::1"])


def texts(longest: int, shortest: int = 0) -> st.SearchStrategy[str]:
    """So many UTF-16 units at most."""
    text = st.text(letters, min_size=shortest, max_size=longest // 2)
    return text | st.just("x" * longest)


entries = st.builds(
    Entry,
    name=st.just("Any"),
    type=st.sampled_from([1, 2, 5]),
    phone_number=texts(128, 1),
    alternates=st.lists(texts(128, 1), max_size=3).map(tuple),
    device_name=st.just("WAN Miniport (IKEv2)"),
    vpn_strategy=numbers,
    options=numbers.map(EntryOptions),
    options2=numbers.map(EntryOptions2),
    encryption=st.sampled_from([*Encryption, 77]),
    protocols=st.sampled_from([4, 8, 12, 15]).map(NetProtocols),
    dial_mode=numbers,
    custom_auth_key=numbers,
    country_id=numbers,
    country_code=numbers,
    area_code=texts(10),
    script=texts(259),
    ip_address=addresses,
    dns=addresses,
    dns_alternate=addresses,
    wins=addresses,
    wins_alternate=addresses,
    ipv6_address=addresses6,
    ipv6_prefix_length=numbers,
    ipv6_dns=addresses6,
    ipv6_dns_alternate=addresses6,
    ipv4_metric=numbers,
    ipv6_metric=numbers,
    dns_suffix=texts(255),
    prerequisite_phonebook=texts(259),
    prerequisite_entry=texts(256),
    idle_disconnect=numbers,
    network_outage=numbers,
    redial_count=numbers,
    redial_pause=numbers,
)


@pytest.fixture(scope="module")
def library():
    with Simulator(pace=0) as simulator:
        yield simulator.backend.session.library


@settings(derandomize=True, max_examples=100, deadline=None, database=None)
@given(entries, entries)
def test_what_an_entry_says_is_read_back(library, first, second):
    write_entry(library, None, first, default_image(library, None))
    read = read_entry(library, None, "Any")
    assert read == first
    changed = dataclasses.replace(second, image=read.image)
    write_entry(library, None, changed, read_image(library, None, "Any"))
    assert read_entry(library, None, "Any") == second
