"""The enumerations of RAS's numbers: their text is a name, their value a number."""

from __future__ import annotations

import json

import pytest

import rasdial_async as ras
from rasdial_async.errors import NamedIntEnum, NamedIntFlag

PUBLIC = [getattr(ras, name) for name in ras.__all__]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (ras.ConnectionState.AUTHENTICATE, "AUTHENTICATE"),
        (ras.ConnectionState(77), "UNKNOWN_77"),
        (ras.ConnectionSubState.DORMANT, "DORMANT"),
        (ras.VpnStrategy.IKEV2_ONLY, "IKEV2_ONLY"),
        (ras.DialOptions.NONE, "NONE"),
        (ras.EntryOptions.REQUIRE_EAP | ras.EntryOptions.CUSTOM, "REQUIRE_EAP|CUSTOM"),
        (ras.EntryOptions(0), "0"),
        (ras.EntryOptions(0x40000000), str(0x40000000)),
        (ras.CredentialKind.USER, "USER"),
    ],
)
def test_text_is_the_name(value, name):
    assert f"{value}" == str(value) == name
    assert f"{value:>40}" == name.rjust(40)


def test_a_format_of_numbers_gets_the_number():
    assert f"{ras.ConnectionState.CONNECTED:#x} {ras.DialOptions.NO_USER:d}" == "0x2000 512"
    assert json.dumps(ras.ConnectionState.CONNECTED) == str(0x2000)


def test_every_public_enumeration_of_numbers_prints_names():
    numbers = [kind for kind in PUBLIC if isinstance(kind, type) and issubclass(kind, int)]
    assert len(numbers) >= 10
    plain = [kind.__name__ for kind in numbers if not issubclass(kind, NamedIntEnum | NamedIntFlag)]
    assert plain == []
