"""Entry: what the three kinds of entry are made of, what is refused, what is never shown."""

from __future__ import annotations

import dataclasses

import pytest

from rasdial_async import Entry, EntryOptions, EntryOptions2, EntryType, VpnProtocol, VpnStrategy

EAP, CHAP = EntryOptions.REQUIRE_EAP, EntryOptions.REQUIRE_MS_CHAP2


@pytest.mark.parametrize(
    ("protocol", "strategy", "login"),
    [
        ("ikev2", VpnStrategy.IKEV2_ONLY, EAP),
        ("SSTP", VpnStrategy.SSTP_ONLY, CHAP),
        (VpnProtocol.L2TP, VpnStrategy.L2TP_ONLY, CHAP),
        (VpnProtocol.PPTP, VpnStrategy.PPTP_ONLY, CHAP),
        ("automatic", VpnStrategy.DEFAULT, CHAP),
    ],
)
def test_a_vpn_entry_has_the_strategy_and_the_login_of_its_protocol(protocol, strategy, login):
    entry = Entry.vpn("Office", "vpn.example.com", protocol=protocol)
    assert entry.type is EntryType.VPN
    assert entry.vpn_strategy is strategy
    assert (entry.device_type, entry.device_name) == ("vpn", "")
    assert entry.options & (CHAP | EAP) == login
    assert entry.custom_auth_key == (26 if login is EAP else 0)
    assert entry.options & EntryOptions.REMOTE_DEFAULT_GATEWAY
    assert entry.options2 & EntryOptions2.IPV6_REMOTE_DEFAULT_GATEWAY


def test_the_ways_to_prove_who_one_is():
    assert Entry.vpn("A", "h", eap=13).options & (CHAP | EAP) == EAP
    assert Entry.vpn("A", "h", eap=13).custom_auth_key == 13
    assert Entry.vpn("A", "h", protocol="ikev2", eap=13).custom_auth_key == 13
    certificate = Entry.vpn("A", "h", protocol="ikev2", machine_certificate=True)
    assert not certificate.options & (CHAP | EAP)
    assert certificate.custom_auth_key == 0
    assert certificate.options2 & EntryOptions2.REQUIRE_MACHINE_CERTIFICATES
    split = Entry.vpn("A", "h", full_tunnel=False)
    assert not split.options & EntryOptions.REMOTE_DEFAULT_GATEWAY
    assert not split.options2 & EntryOptions2.IPV6_REMOTE_DEFAULT_GATEWAY


def test_a_pre_shared_key_is_never_shown():
    entry = Entry.vpn("A", "h", protocol="l2tp", pre_shared_key="hush-hush")
    assert entry.options2 & EntryOptions2.USE_PRE_SHARED_KEY
    assert "hush" not in repr(entry)
    assert "hush" not in str([entry])
    with pytest.raises(ValueError, match="pre_shared_key") as caught:
        Entry.vpn("A", "h", protocol="l2tp", pre_shared_key="hush" * 100)
    assert "hush" not in str(caught.value)


def test_the_other_kinds():
    pppoe = Entry.pppoe("Line", "provider")
    assert (pppoe.type, pppoe.device_type, pppoe.phone_number) == (EntryType.BROADBAND, "PPPoE", "provider")
    modem = Entry.modem("Old", "555", device="Standard Modem", redial_count=5)
    assert (modem.type, modem.device_name, modem.redial_count) == (EntryType.PHONE, "Standard Modem", 5)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"protocol": "wireguard"}, ValueError, "protocol"),
        ({"pre_shared_key": "x"}, ValueError, "pre_shared_key"),
        ({"machine_certificate": True}, ValueError, "machine_certificate"),
        ({"machine_certificate": True, "protocol": "ikev2", "eap": 13}, ValueError, "not both"),
        ({"server": ""}, ValueError, "server"),
        ({"server": "x" * 129}, ValueError, "server"),
        ({"name": "a?b"}, ValueError, "name"),
        ({"name": 5}, TypeError, "name"),
        ({"dns": "1.2.3"}, ValueError, "dns"),
        ({"dns": 1}, TypeError, "dns"),
        ({"ipv6_dns": "1.2.3.4"}, ValueError, "ipv6_dns"),
        ({"redial_count": -1}, ValueError, "redial_count"),
        ({"type": "vpn"}, TypeError, "type"),
        ({"alternates": ("",)}, ValueError, "alternates"),
        ({"alternates": "555"}, TypeError, "alternates"),
        ({"alternates": ["555"]}, TypeError, "alternates"),
        ({"image": "x"}, TypeError, "image"),
        ({"guid": None}, TypeError, "guid"),
        ({"alternates": ("x" * 129,)}, ValueError, "alternates"),
        ({"dns_suffix": "x" * 256}, ValueError, "dns_suffix"),
        ({"nonsense": 1}, TypeError, "nonsense"),
    ],
)
def test_what_ras_would_not_take_is_refused_by_name(arguments, error, match):
    given = {"name": "A", "server": "h", **arguments}
    with pytest.raises(error, match=match):
        Entry.vpn(given.pop("name"), given.pop("server"), **given)


def test_entries_are_values():
    entry = Entry.vpn("A", "h")
    assert dataclasses.replace(entry, dns="10.0.0.1") != entry
    assert dataclasses.replace(entry) == entry
    assert dataclasses.replace(entry, guid="x", image=b"y") == entry
