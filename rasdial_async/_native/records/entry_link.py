"""EntryLink: one sub-entry of a multilink entry in a phonebook."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import Record, check_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLink(Record):
    """The number and the device of one sub-entry of a multilink entry (RASSUBENTRY).

    https://learn.microsoft.com/windows/win32/rras/subentries-and-multilink-connections

    Attributes:
        device_type: Such as "isdn", "modem"; at most 16 UTF-16 characters.
        device_name: The exact name of a device of this system; at most 128.
        phone_number: The number of the sub-entry; at most 128.
        alternates: More numbers, tried when the first one fails.
    """

    device_type: str
    device_name: str
    phone_number: str = ""
    alternates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the texts that RAS would cut.

        Raises:
            TypeError: An attribute of the wrong type, named.
            ValueError: An attribute that RAS cannot take, named.
        """
        check_text("device_type", self.device_type, 16)
        check_text("device_name", self.device_name, 128)
        check_text("phone_number", self.phone_number)
        check_alternates(self.alternates)


def check_alternates(alternates: object) -> None:
    """Raise TypeError or ValueError with the name of the argument."""
    if not isinstance(alternates, tuple):
        raise TypeError(f"alternates must be tuple, not {type(alternates).__name__}")
    for number in alternates:
        check_text("alternates", number, 128)
        if not number:
            raise ValueError("alternates must not hold an empty text")
