"""The request of a dial: every mistake is refused by the argument's name, and never shows its value."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest
from support.abi import ABI

from rasdial_async._native.records.credentials import Credentials
from rasdial_async._native.records.request import DialOptions, DialRequest
from rasdial_async.errors.checks import check_phonebook, check_text, check_timeout

ASTRAL = "\N{GRINNING FACE}"  # one character, two UTF-16 units
SECRET = "Xyzzy"  # a piece of it in an error would be found

# RAS_MaxEntryName, RAS_MaxPhoneNumber, RAS_MaxCallbackNumber, UNLEN, PWLEN, DNLEN
LIMITS = {
    "entry": 256,
    "phone_number": 128,
    "callback_number": 128,
    "username": 256,
    "password": 256,
    "domain": 15,
}
TEXTS = list(LIMITS)
NUMBERS = {
    "sub_entry": 0xFFFFFFFF,
    "interface_index": 0xFFFFFFFF,
    "owner_window": 0xFFFFFFFFFFFFFFFF,
}


def request(**arguments):
    credentials = {
        name: arguments.pop(name) for name in ("username", "password", "domain") if name in arguments
    }
    if credentials:
        arguments["credentials"] = Credentials(**credentials)
    return DialRequest(**{"entry": "Office", **arguments})


def refused(error, **arguments):
    """The refusal of a request: its text and all that a traceback prints with it."""
    with pytest.raises(error) as caught:
        request(**arguments)
    assert type(caught.value) is error
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None, "the chained exception carries the text"
    printed = "".join(traceback.format_exception_only(caught.value))
    assert SECRET not in printed
    assert ASTRAL not in printed
    return str(caught.value)


# Texts


@pytest.mark.parametrize("name", TEXTS)
def test_the_limits_are_those_of_the_header(name):
    header = {
        "entry": "RAS_MaxEntryName",
        "phone_number": "RAS_MaxPhoneNumber",
        "callback_number": "RAS_MaxCallbackNumber",
        "username": "UNLEN",
        "password": "PWLEN",
        "domain": "DNLEN",
    }
    assert LIMITS[name] == ABI["lengths"][header[name]]


@pytest.mark.parametrize("name", TEXTS)
def test_the_longest_text_is_taken_and_one_more_is_refused(name):
    limit = LIMITS[name]
    request(**{name: "x" * limit})
    message = refused(ValueError, **{name: SECRET + "x" * (limit + 1 - len(SECRET))})
    assert message.startswith(f"{name} is too long")
    assert str(limit) in message
    assert str(limit + 1) in message


@pytest.mark.parametrize("name", TEXTS)
def test_a_character_beyond_the_basic_plane_counts_twice(name):
    limit = LIMITS[name]
    whole, rest = divmod(limit, 2)
    request(**{name: ASTRAL * whole + "x" * rest})
    message = refused(ValueError, **{name: ASTRAL * whole + "x" * (rest + 1)})
    assert message.startswith(f"{name} is too long")
    request(**{name: "x" * (limit - 2) + ASTRAL})
    assert "too long" in refused(ValueError, **{name: "x" * (limit - 1) + ASTRAL})


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", ["\0", SECRET[0] + "\0", "\0" + SECRET, SECRET + "\0" + SECRET])
def test_a_nul_is_refused(name, text):
    assert refused(ValueError, **{name: text}) == f"{name} must not contain a NUL character"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", ["\ud83d", SECRET + "\udc00", "\udc00\ud800", "a\udcffb"])
def test_a_lone_surrogate_is_refused(name, text):
    assert refused(ValueError, **{name: text}) == f"{name} must not contain lone surrogates"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", [None, SECRET.encode(), bytearray(SECRET.encode()), 5, [SECRET]])
def test_what_is_no_str_is_refused(name, value):
    assert refused(TypeError, **{name: value}) == f"{name} must be a str, not {type(value).__name__}"


def test_a_str_of_a_subclass_is_a_str():
    class Name(str):
        __slots__ = ()

    assert request(entry=Name("Office")).entry == "Office"


def test_a_limit_of_the_caller_replaces_the_usual_one():
    check_text("device", "x" * 5, 5)
    with pytest.raises(ValueError, match="device is too long: RAS takes 5 "):
        check_text("device", "x" * 6, 5)
    check_text("entry", "", 0)


def test_an_empty_entry_needs_a_number():
    assert request(entry="", phone_number="5550100").phone_number == "5550100"
    assert refused(ValueError, entry="").startswith("entry is empty")


# Numbers, options, flags


@pytest.mark.parametrize(("name", "highest"), NUMBERS.items())
def test_numbers_are_taken_within_their_field(name, highest):
    assert getattr(request(**{name: 0}), name) == 0
    assert getattr(request(**{name: highest}), name) == highest
    for wrong in (-1, highest + 1):
        assert refused(ValueError, **{name: wrong}) == f"{name} must be between 0 and {highest}"


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_what_is_no_int_is_refused(name, value):
    assert refused(TypeError, **{name: value}) == f"{name} must be an int, not {type(value).__name__}"


def test_options_are_dial_options_only():
    both = DialOptions.NO_USER | DialOptions.CUSTOM_DIAL
    assert request(options=both).options == 0x1200
    assert refused(TypeError, options=0x200) == "options must be DialOptions, not int"


def test_the_values_of_the_options_are_those_of_the_header():
    golden = {name.removeprefix("RDEOPT_").lower(): value for name, value in ABI["options"].items()}
    for flag in DialOptions:
        assert flag.name is not None
        assert golden[flag.name.replace("_", "").lower()] == flag.value


@pytest.mark.parametrize("value", [1, 0, None, "yes"])
def test_hold_errors_is_a_bool(value):
    assert refused(TypeError, hold_errors=value) == f"hold_errors must be a bool, not {type(value).__name__}"


@pytest.mark.parametrize("value", [("ada", SECRET), {"password": SECRET}])
def test_credentials_are_credentials(value):
    assert (
        refused(TypeError, credentials=value)
        == f"credentials must be Credentials, not {type(value).__name__}"
    )


def test_a_request_cannot_be_changed():
    with pytest.raises(AttributeError):
        request().entry = "Home"


# Paths


@pytest.mark.parametrize("path", ["a.pbk", Path("a.pbk"), Path("/books") / "ü.pbk"])
def test_a_phonebook_is_a_path_as_text(path):
    assert check_phonebook(path) == os.fspath(path)
    assert type(check_phonebook(path)) is str


def test_no_phonebook_means_the_default_ones():
    assert check_phonebook(None) is None


class BytesPath:
    def __fspath__(self):
        return SECRET.encode()


@pytest.mark.parametrize("path", [b"a.pbk", 5, BytesPath(), ["a.pbk"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(TypeError, match=r"^phonebook must be a "):
        check_phonebook(path)


@pytest.mark.parametrize("path", ["", "a\0b", "\ud800.pbk", "x" * 32768])
def test_a_path_that_no_system_takes_is_refused(path):
    with pytest.raises(ValueError, match=r"^phonebook "):
        check_phonebook(path)


def test_a_path_may_be_as_long_as_windows_allows():
    assert check_phonebook("x" * 32767) == "x" * 32767


# Times


@pytest.mark.parametrize(("given", "taken"), [(None, None), (1, 1.0), (0.25, 0.25), (1e9, 1e9)])
def test_a_timeout_is_a_number_of_seconds(given, taken):
    timeout = check_timeout(given)
    assert timeout == taken
    assert timeout is None or type(timeout) is float


@pytest.mark.parametrize("given", [0, -1, -0.5, float("nan")])
def test_a_timeout_that_is_over_before_it_begins_is_refused(given):
    with pytest.raises(ValueError, match=r"^timeout must be more than 0 seconds$"):
        check_timeout(given)


@pytest.mark.parametrize("given", ["5", True, [5], 5j])
def test_a_timeout_that_is_no_number_is_refused(given):
    with pytest.raises(TypeError, match=f"^timeout must be a number .*, not {type(given).__name__}$"):
        check_timeout(given)
