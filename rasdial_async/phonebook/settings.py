"""The translation between an Entry and the settings of a .pbk section.

The keys are those of section 2.2.2.2 of Microsoft's [MS-RRASM], as far as RASENTRY has the same
(https://learn.microsoft.com/openspecs/windows_protocols/ms-rrasm/4c69805f-b6ff-4e4a-9507-e3862f515d2c). Keys
that it lacks are taken from phonebooks of Windows 10 by their names. An attribute without a key can neither
be read from a section nor written to one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .._native.records import (
    IDLE_NEVER,
    Encryption,
    Entry,
    EntryLink,
    EntryOptions,
    EntryOptions2,
    EntryType,
    NetProtocols,
    VpnStrategy,
)
from .sections import PhonebookEntry

OWN, DEVICE = 0, 1  # PhonebookFile.set's sub_entry: the entry's own settings, those of its first device

_MINUTE = 60
_ENCRYPTION = {
    Encryption.NONE: 0,
    Encryption.OPTIONAL: 8,
    Encryption.REQUIRE: 256,
    Encryption.REQUIRE_MAX: 512,
}
_IP = NetProtocols.IP | NetProtocols.IPV6
_NO_IPV4, _NO_IPV6 = "0.0.0.0", "::"

_NUMBERS: dict[str, tuple[str, int, Any]] = {
    "type": ("Type", OWN, EntryType),
    "vpn_strategy": ("VpnStrategy", OWN, VpnStrategy),
    "redial_count": ("RedialAttempts", OWN, int),
    "redial_pause": ("RedialSeconds", OWN, int),
    "custom_auth_key": ("CustomAuthKey", OWN, int),
    "ipv4_metric": ("IpInterfaceMetric", OWN, int),
    "ipv6_metric": ("Ipv6InterfaceMetric", OWN, int),
    "ipv6_prefix_length": ("Ipv6PrefixLength", OWN, int),
    "country_code": ("CountryCode", DEVICE, int),
    "country_id": ("CountryID", DEVICE, int),
}
_TEXTS = {
    "prerequisite_entry": ("PrerequisiteEntry", OWN, ""),
    "prerequisite_phonebook": ("PrerequisitePbk", OWN, ""),
    "ip_address": ("IpAddress", OWN, _NO_IPV4),
    "dns": ("IpDnsAddress", OWN, _NO_IPV4),
    "dns_alternate": ("IpDns2Address", OWN, _NO_IPV4),
    "wins": ("IpWinsAddress", OWN, _NO_IPV4),
    "wins_alternate": ("IpWins2Address", OWN, _NO_IPV4),
    "dns_suffix": ("IpDnsSuffix", OWN, ""),
    "ipv6_address": ("Ipv6Address", OWN, _NO_IPV6),
    "ipv6_dns": ("Ipv6DnsAddress", OWN, _NO_IPV6),
    "ipv6_dns_alternate": ("Ipv6Dns2Address", OWN, _NO_IPV6),
    "device_name": ("Device", DEVICE, ""),
    "device_type": ("DEVICE", DEVICE, ""),
    "area_code": ("AreaCode", DEVICE, ""),
}


class _Flag(NamedTuple):
    """A key that is `on` where the option is set and `off` where it is not."""

    key: str
    option: EntryOptions | EntryOptions2
    on: int = 1
    off: int = 0
    place: int = OWN


_FLAGS = (
    _Flag("AutoLogon", EntryOptions.USE_LOGON_CREDENTIALS),
    _Flag("UseRasCredentials", EntryOptions2.DONT_USE_RAS_CREDENTIALS, 0, 1),
    _Flag("LcpExtensions", EntryOptions.DISABLE_LCP_EXTENSIONS, 0, 1),
    _Flag("SwCompression", EntryOptions.SW_COMPRESSION),
    _Flag("NegotiateMultilinkAlways", EntryOptions2.DONT_NEGOTIATE_MULTILINK, 0, 1),
    _Flag("RedialOnLinkFailure", EntryOptions2.RECONNECT_IF_DROPPED),
    _Flag("DisableIKENameEkuCheck", EntryOptions2.DISABLE_IKE_NAME_EKU_CHECK),
    _Flag("ShareMsFilePrint", EntryOptions2.SECURE_FILE_AND_PRINT, 0, 1),
    _Flag("BindMsNetClient", EntryOptions2.SECURE_CLIENT_FOR_MS_NET, 0, 1),
    _Flag("SharedPhoneNumbers", EntryOptions.SHARED_PHONE_NUMBERS),
    _Flag("IpPrioritizeRemote", EntryOptions.REMOTE_DEFAULT_GATEWAY),
    _Flag("IpHeaderCompression", EntryOptions.IP_HEADER_COMPRESSION),
    _Flag("IpAssign", EntryOptions.SPECIFIC_IP_ADDRESS, 2, 1),
    _Flag("IpNameAssign", EntryOptions.SPECIFIC_NAME_SERVERS, 2, 1),
    _Flag("IpNBTFlags", EntryOptions2.DISABLE_NBT_OVER_IP, 0, 1),
    _Flag("IpSecFlags", EntryOptions2.USE_PRE_SHARED_KEY),
    _Flag("Ipv6Assign", EntryOptions2.SPECIFIC_IPV6_ADDRESS, 2, 1),
    _Flag("Ipv6PrioritizeRemote", EntryOptions2.IPV6_REMOTE_DEFAULT_GATEWAY),
    _Flag("Ipv6NameAssign", EntryOptions2.IPV6_SPECIFIC_NAME_SERVERS, 2, 1),
    _Flag("DisableClassBasedDefaultRoute", EntryOptions2.DISABLE_CLASS_BASED_STATIC_ROUTE),
    _Flag("DisableMobility", EntryOptions2.DISABLE_MOBILITY),
    _Flag("CacheCredentials", EntryOptions2.CACHE_CREDENTIALS),
    _Flag("PromoteAlternates", EntryOptions.PROMOTE_ALTERNATES, place=DEVICE),
    _Flag("UseDialingRules", EntryOptions.USE_COUNTRY_AND_AREA_CODES, place=DEVICE),
)
_AUTHENTICATION: dict[EntryOptions | EntryOptions2, int] = {
    EntryOptions.REQUIRE_PAP: 8,
    EntryOptions.REQUIRE_SPAP: 16,
    EntryOptions.REQUIRE_CHAP: 32,
    EntryOptions.REQUIRE_MS_CHAP: 64,
    EntryOptions.REQUIRE_EAP: 128,
    EntryOptions.REQUIRE_MS_CHAP2: 512,
    EntryOptions2.REQUIRE_MACHINE_CERTIFICATES: 2048,
}
_BITS = {"AuthRestrictions": sum(_AUTHENTICATION.values()), "ExcludedProtocols": int(_IP)}
_METRICS = {
    "IpInterfaceMetric": EntryOptions2.IPV4_EXPLICIT_METRIC,
    "Ipv6InterfaceMetric": EntryOptions2.IPV6_EXPLICIT_METRIC,
}


class Setting(NamedTuple):
    key: str
    place: int
    values: tuple[str, ...]


# --- from a section ---


def described(entry: Entry, section: PhonebookEntry) -> Entry:
    """Return the entry with the settings of the section; missing and senseless ones stay as they were."""
    said = dict(reversed(section.settings))  # the first of several lines counts
    values: dict[str, Any] = {}
    options = {EntryOptions: entry.options, EntryOptions2: entry.options2}

    def decide(option: EntryOptions | EntryOptions2, on: bool) -> None:
        kind = type(option)
        options[kind] = options[kind] | option if on else options[kind] & ~option

    for name, (key, _, kind) in _NUMBERS.items():
        number = section.entry_type if key == "Type" else _number(said, key)
        if number is not None:
            values[name] = number
            with contextlib.suppress(ValueError):  # a kind that is not known yet stays a number
                values[name] = kind(number)
            if key in _METRICS:
                decide(_METRICS[key], number != 0)
    for name, (key, _, nothing) in _TEXTS.items():
        text = section.device_type or None if key == "DEVICE" else said.get(key)
        if text is not None:
            values[name] = "" if text == nothing else text
    for flag in _FLAGS:
        number = _number(said, flag.key)
        if number in (flag.on, flag.off):
            decide(flag.option, number == flag.on)
    allowed = _number(said, "AuthRestrictions")
    if allowed is not None:
        for option, bit in _AUTHENTICATION.items():
            decide(option, bool(allowed & bit))
    values.update(options=options[EntryOptions], options2=options[EntryOptions2])
    excluded = _number(said, "ExcludedProtocols")
    if excluded is not None:
        values["protocols"] = entry.protocols & ~_IP | _IP & ~NetProtocols(excluded & _IP)
    encryption = _number(said, "DataEncryption")
    for kind, code in _ENCRYPTION.items():
        if code == encryption:
            values["encryption"] = kind
    idle = _number(said, "IdleDisconnectSeconds")
    if idle is not None:
        values["idle_disconnect"] = idle or IDLE_NEVER
    outage = _number(said, "NetworkOutageTime")
    if outage is not None:
        values["network_outage"] = outage // _MINUTE
    numbers = [number for sub in section.sub_entries[:1] for number in sub.phone_numbers]
    if numbers:
        values["phone_number"] = numbers[0]
        values["alternates"] = tuple(number for number in numbers[1:] if number)
    return _replace(entry, values)


def links(section: PhonebookEntry) -> list[EntryLink]:
    """Return the links of a section with several devices; [] = one device, or one that RAS refuses."""
    found = []
    for device in section.sub_entries:
        number, *alternates = device.phone_numbers or ("",)
        with contextlib.suppress(ValueError):
            found.append(
                EntryLink(
                    device_type=device.device_type,
                    device_name=device.device_name,
                    phone_number=number,
                    alternates=tuple(one for one in alternates if one),
                )
            )
    return found if 1 < len(found) == len(section.sub_entries) else []


def _number(said: dict[str, str], key: str) -> int | None:
    text = said.get(key, "")
    return int(text) if len(text) <= 10 and text.isascii() and text.isdigit() else None


def _replace(entry: Entry, values: dict[str, Any]) -> Entry:
    """Replace each value that an Entry accepts: a file may hold anything."""
    try:
        return dataclasses.replace(entry, **values)
    except ValueError:
        for name, value in values.items():
            with contextlib.suppress(ValueError):
                entry = dataclasses.replace(entry, **{name: value})
        return entry


# --- from an entry ---


def settings(entry: Entry) -> Iterator[Setting]:
    """Yield every setting that the entry decides."""
    for name, (key, place, _) in _NUMBERS.items():
        number = getattr(entry, name)
        if key in _METRICS and not entry.options2 & _METRICS[key]:
            number = 0
        yield Setting(key, place, (str(int(number)),))
    for name, (key, place, nothing) in _TEXTS.items():
        yield Setting(key, place, (getattr(entry, name) or nothing,))
    for flag in _FLAGS:
        on = _has(entry, flag.option)
        yield Setting(flag.key, flag.place, (str(flag.on if on else flag.off),))
    allowed = sum(bit for option, bit in _AUTHENTICATION.items() if _has(entry, option))
    yield Setting("AuthRestrictions", OWN, (str(allowed),))
    yield Setting("ExcludedProtocols", OWN, (str(int(_IP & ~entry.protocols)),))
    code = _ENCRYPTION[Encryption(entry.encryption)]
    yield Setting("DataEncryption", OWN, (str(code),))
    idle = 0 if entry.idle_disconnect == IDLE_NEVER else entry.idle_disconnect
    yield Setting("IdleDisconnectSeconds", OWN, (str(idle),))
    yield Setting("NetworkOutageTime", OWN, (str(entry.network_outage * _MINUTE),))
    yield Setting("PhoneNumber", DEVICE, (entry.phone_number, *entry.alternates))


def changes(before: Entry, after: Entry, section: PhonebookEntry) -> Iterator[Setting]:
    """Yield the settings of the section to change; unknown bits stay."""
    old, said = set(settings(before)), dict(reversed(section.settings))
    for setting in settings(after):
        if setting not in old:
            number, known = _number(said, setting.key), _BITS.get(setting.key)
            if number is not None and known is not None:
                number = int(setting.values[0]) | number & ~known
                setting = setting._replace(values=(str(number),))
            yield setting


def new_section(entry: Entry, links: Sequence[EntryLink]) -> list[tuple[str, str]]:
    """Return the lines of a new section, in Windows' order as far as that matters.

    The first of several links is the device of the entry.
    """
    decided = list(settings(entry))
    device = {setting.key: setting for setting in decided if setting.place == DEVICE}
    lines = [("Encoding", "1"), ("PBVersion", "4")]
    if entry.guid:
        lines.append(("Guid", uuid.UUID(entry.guid).bytes_le.hex().upper()))
    lines += [(one.key, one.values[0]) for one in decided if one.place == OWN]
    lines += [("NETCOMPONENTS", ""), ("ms_msclient", "1"), ("ms_server", "1")]
    lines += _device(entry.device_type, entry.device_name)
    first = ("Device", "DEVICE")
    lines += [(key, value) for key, one in device.items() if key not in first for value in one.values]
    for link in links[1:]:
        lines += _device(link.device_type, link.device_name)
        lines += [("PhoneNumber", number) for number in (link.phone_number, *link.alternates)]
    return lines


def _device(kind: str, name: str) -> list[tuple[str, str]]:
    medium = "rastapi" if kind.lower() in ("vpn", "pppoe") else "serial"
    return [("MEDIA", medium), ("Port", ""), ("Device", name), ("DEVICE", kind)]


def _has(entry: Entry, option: EntryOptions | EntryOptions2) -> bool:
    return bool((entry.options if isinstance(option, EntryOptions) else entry.options2) & option)


def lost(before: Entry, after: Entry, section: PhonebookEntry) -> list[str]:
    """Return the attributes of `after` that the changed section cannot hold."""
    read = described(dataclasses.replace(before, name=after.name), section)
    names = (item.name for item in dataclasses.fields(Entry) if item.compare)
    return [name for name in names if getattr(read, name) != getattr(after, name)]
