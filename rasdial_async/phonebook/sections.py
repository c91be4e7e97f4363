"""The lines and sections of a phonebook file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, Self

BLANKS = " \t\ufeff"  # files joined end to end carry a byte order mark in the middle


SUBSECTIONS = frozenset({"NETCOMPONENTS", "MEDIA", "DEVICE"})


class PhonebookLine(NamedTuple):
    """One line of a phonebook file. Its repr has no text: a phonebook can hold secrets.

    Attributes:
        number: number of the line, from 1.
        raw: the bytes of the line, line end included.
        text: the decoded line, without the line end; bytes that do not decode are lone surrogates.
        key: the text before the first ``=``, without blanks around it; "" for a line that is no setting.
        value: the text behind it, without blanks around it.
    """

    number: int
    raw: bytes
    text: str
    key: str
    value: str

    def __repr__(self) -> str:
        return f"<PhonebookLine {self.number}: {self.key or 'no setting'}>"

    @classmethod
    def of(cls, number: int, raw: bytes, content: str) -> Self:
        """Return the line with this content, line end included."""
        text = content.rstrip("\r\n")
        bare = text.strip(BLANKS)
        key = value = ""
        if bare and bare[0] not in "[;":
            left, equals, right = bare.partition("=")
            key = left.rstrip(BLANKS) if equals else ""
            value = right.lstrip(BLANKS) if key else ""
        return cls(number, raw, text, key, value)


class TextOfLines(NamedTuple):
    """Some whole lines of a file, which become `PhonebookLine` when somebody asks for them."""

    text: str
    number: int
    codec: str

    def lines(self) -> tuple[PhonebookLine, ...]:
        contents = _LINES.findall(self.text)
        encode = self.codec, "surrogateescape"
        return tuple(
            PhonebookLine.of(number, content.encode(*encode), content)
            for number, content in enumerate(contents, self.number)
        )


_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class _Settings:
    """Access by key to the settings among some lines; case counts in keys."""

    __slots__ = ()

    lines: tuple[PhonebookLine, ...]

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """All ``(key, value)`` pairs in file order, repeated keys included."""
        return tuple((line.key, line.value) for line in self.lines if line.key)

    def get(self, key: str, default: str = "") -> str:
        """Return the first value of `key`, or `default` where there is none."""
        return next((line.value for line in self.lines if line.key == key), default)

    def get_all(self, key: str) -> tuple[str, ...]:
        """Return every value of `key` in file order; an empty tuple where there is none."""
        return tuple(line.value for line in self.lines if line.key == key)

    @property
    def port(self) -> str:
        """The value of ``Port=``, such as ``VPN2-0``, or ""."""
        return self.get("Port")

    @property
    def device_name(self) -> str:
        """The value of ``Device=``, such as ``WAN Miniport (IKEv2)``, or ""."""
        return self.get("Device")


@dataclass(frozen=True, slots=True)
class PhonebookSubEntry(_Settings):
    """One device of an entry: a MEDIA subsection with its DEVICE subsections.

    Attributes:
        lines: the lines from ``MEDIA=`` up to the next ``MEDIA=``; from ``DEVICE=`` on without a MEDIA.
    """

    lines: tuple[PhonebookLine, ...] = field(repr=False)

    @property
    def media(self) -> str:
        """The value of ``MEDIA=``, such as ``rastapi`` or ``serial``, or ""."""
        return self.get("MEDIA")

    @property
    def device_type(self) -> str:
        """The value of ``DEVICE=``, such as ``vpn``, ``modem`` or ``PPPoE``, or ""."""
        return next((line.value for line in self._device()), "")

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """Every ``PhoneNumber=`` of the device, the main number first."""
        return tuple(line.value for line in self._device() if line.key == "PhoneNumber")

    def _device(self) -> list[PhonebookLine]:
        """The DEVICE subsection that dials: the first that is not the ``switch`` of a login script."""
        devices: list[list[PhonebookLine]] = []
        for line in self.lines:
            if line.key == "DEVICE":
                devices.append([])
            if devices:
                devices[-1].append(line)
        dialing = (device for device in devices if device[0].value.lower() != "switch")
        return next(dialing, devices[0] if devices else [])


@dataclass(frozen=True, slots=True)
class PhonebookEntry(_Settings):
    """One section of a phonebook file.

    The properties about a device concern the first of `sub_entries`.

    Attributes:
        name: the text between the brackets, unchecked: a name that is too long to dial is still shown.
        lines: the lines of the section, the one with the name first.
    """

    name: str
    lines: tuple[PhonebookLine, ...] = field(repr=False)
    _text: TextOfLines | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, name: str, text: TextOfLines) -> Self:
        """Return an entry that makes its lines when somebody asks for them."""
        entry = object.__new__(cls)
        object.__setattr__(entry, "name", name)
        object.__setattr__(entry, "_text", text)
        return entry

    def __getattr__(self, name: str) -> tuple[PhonebookLine, ...]:
        if name != "lines" or self._text is None:
            raise AttributeError(f"PhonebookEntry has no attribute {name!r}", name=name, obj=self)
        lines = self._text.lines()
        object.__setattr__(self, "lines", lines)
        return lines

    @property
    def sub_entries(self) -> tuple[PhonebookSubEntry, ...]:
        """The devices of the entry in file order; more than one for multilink."""
        groups: list[list[PhonebookLine]] = []
        for line in self.lines:
            if line.key == "MEDIA" or (line.key == "DEVICE" and not groups):
                groups.append([])
            if groups:
                groups[-1].append(line)
        return tuple(PhonebookSubEntry(tuple(group)) for group in groups)

    @property
    def device_type(self) -> str:
        """The value of ``DEVICE=``, such as ``vpn``, ``modem`` or ``PPPoE``, or ""."""
        return next((sub_entry.device_type for sub_entry in self.sub_entries), "")

    @property
    def phone_number(self) -> str:
        """The first ``PhoneNumber=``: a number, a host, a PPPoE service name, or ""."""
        return next((number for sub in self.sub_entries[:1] for number in sub.phone_numbers), "")

    @property
    def entry_type(self) -> int | None:
        """``Type=`` of the entry (RASET_*: 1 phone, 2 VPN, 5 broadband); None if missing or no number."""
        for line in self.lines:
            if line.key in SUBSECTIONS:  # a DEVICE subsection has a Type of its own
                break
            if line.key == "Type":
                number = line.value
                return int(number) if len(number) <= 10 and number.isascii() and number.isdigit() else None
        return None

    @property
    def guid(self) -> str:
        """The value of ``Guid=``, 32 hexadecimal digits as RAS writes it, or ""."""
        return self.get("Guid")


_TYPES = {"vpn": "2", "pppoe": "5", "modem": "1", "isdn": "1"}  # Type= for DEVICE=
_MINIPORTS = {"(PPPOE)": "pppoe", "(IKEV2)": "vpn", "(SSTP)": "vpn", "(L2TP)": "vpn", "(PPTP)": "vpn"}


def device_problems(entry: PhonebookEntry) -> list[str]:
    """Return what section 2.2.2 of [MS-RRASM] does not allow in the devices of the entry."""
    devices = entry.sub_entries
    if not devices:
        return ["no device: MEDIA= and DEVICE= are missing"]
    found = []
    for number, device in enumerate(devices, 1):
        where = f"device {number}: " if len(devices) > 1 else ""
        kind = device.device_type.lower()
        if not device.media:
            found.append(f"{where}MEDIA= is missing")
        if not kind:
            found.append(f"{where}no device: DEVICE= is missing")
        for name, wanted in _MINIPORTS.items():
            if kind and name in device.device_name.upper() and wanted != kind:
                found.append(f"{where}DEVICE={device.device_type} does not fit Device={device.device_name}")
    kind = devices[0].device_type
    fits = _TYPES.get(kind.lower())
    if fits is not None and entry.entry_type is not None and str(entry.entry_type) != fits:
        found.append(f"Type={entry.entry_type} does not fit DEVICE={kind}, which is Type={fits}")
    return found
