"""The records: what they say of themselves, and that nobody can change them."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from rasdial_async._native.records.connection import ConnectionInfo, ConnectionStatus, EntryName
from rasdial_async._native.records.events import DialEvent
from rasdial_async.errors.states import ConnectionState, ConnectionSubState
from rasdial_async.errors.tree import AuthenticationError, DialError, HungUpError

CONNECTED = DialEvent(ConnectionState.CONNECTED, handle=4, elapsed=1.5)
WRONG_PASSWORD = DialEvent(ConnectionState.AUTH_NOTIFY, error=691, extended_error=7, elapsed=0.25)


# DialEvent


@pytest.mark.parametrize(
    ("event", "failed", "paused", "terminal"),
    [
        (DialEvent(ConnectionState.OPEN_PORT), False, False, False),
        (DialEvent(ConnectionState.CONNECTED), False, False, True),
        (DialEvent(ConnectionState.DISCONNECTED), True, False, True),
        (DialEvent(ConnectionState.DISCONNECTED, error=631), True, False, True),
        (DialEvent(ConnectionState.AUTH_NOTIFY, error=691), True, False, True),
        (DialEvent(ConnectionState.CONNECTED, error=629), True, False, True),
        (DialEvent(ConnectionState.INTERACTIVE), False, True, False),
        (DialEvent(ConnectionState.PASSWORD_EXPIRED, error=648), True, False, True),
        (DialEvent(ConnectionState(77)), False, False, False),
        (DialEvent(ConnectionState(0x1FFF)), False, True, False),
        (DialEvent(ConnectionState(0x2FFF)), False, False, True),
    ],
)
def test_failed_paused_and_terminal(event, failed, paused, terminal):
    assert (event.failed, event.paused, event.terminal) == (failed, paused, terminal)
    assert (event.exception is not None) == failed


def test_the_exception_carries_what_the_event_says():
    error = WRONG_PASSWORD.exception
    assert isinstance(error, AuthenticationError)
    assert (error.code, error.extended_error, error.state) == (691, 7, ConnectionState.AUTH_NOTIFY)
    assert error.event is WRONG_PASSWORD


def test_disconnected_without_a_code_was_hung_up():
    error = DialEvent(ConnectionState.DISCONNECTED).exception
    assert isinstance(error, HungUpError)
    assert error.code == 631
    assert error.state is ConnectionState.DISCONNECTED


def test_an_unknown_code_is_a_plain_dial_error():
    error = DialEvent(ConnectionState.OPEN_PORT, error=12345).exception
    assert type(error) is DialError
    assert error.code == 12345


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (DialEvent(ConnectionState.OPEN_PORT), "+0.000s RASCS_OpenPort"),
        (CONNECTED, "+1.500s RASCS_Connected"),
        (DialEvent(ConnectionState(77), elapsed=0.0004), "+0.000s RASCS_77"),
        (
            DialEvent(ConnectionState.CONNECT_DEVICE, device_type="vpn", device_name="WAN Miniport (SSTP)"),
            "+0.000s RASCS_ConnectDevice on WAN Miniport (SSTP)",
        ),
        (DialEvent(ConnectionState.OPEN_PORT, attempt=2), "+0.000s RASCS_OpenPort (attempt 2)"),
        (
            DialEvent(ConnectionState.DEVICE_CONNECTED, elapsed=2, attempt=3, device_name="COM1"),
            "+2.000s RASCS_DeviceConnected on COM1 (attempt 3)",
        ),
    ],
)
def test_str_is_one_line(event, line):
    assert str(event) == line


@pytest.mark.parametrize(
    "event", [WRONG_PASSWORD, DialEvent(ConnectionState.DISCONNECTED), DialEvent(ConnectionState(5), error=1)]
)
def test_str_of_a_failure_ends_with_its_error_on_the_same_line(event):
    line = str(event)
    assert line.startswith(f"+{event.elapsed:.3f}s {event.state.rascs_name} failed: ")
    assert line.endswith(str(event.exception))
    assert "\n" not in line


RECORDS = [CONNECTED, ConnectionStatus(ConnectionState.CONNECTED), ConnectionInfo(4, "Office")]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_records_are_frozen_and_have_no_dict(record):
    field = dataclasses.fields(record)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, field, getattr(record, field))
    assert not hasattr(record, "__dict__")
    assert hash(record) == hash(dataclasses.replace(record))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_records_survive_copy_and_pickle(record):
    assert copy.deepcopy(record) == record
    assert pickle.loads(pickle.dumps(record)) == record


# ConnectionStatus


def test_a_status_is_connected_only_in_the_state_connected():
    assert ConnectionStatus(ConnectionState.CONNECTED, ConnectionSubState.DORMANT).connected
    assert not ConnectionStatus(ConnectionState.DISCONNECTED).connected
    assert not ConnectionStatus(ConnectionState.OPEN_PORT).connected


# EntryName


def test_an_entry_name_is_a_str_that_knows_its_phonebook():
    entry = EntryName("Office", "/books/a.pbk", True)
    assert entry == "Office"
    assert {"Office": 1}[entry] == 1
    assert (entry.name, entry.phonebook, entry.all_users) == ("Office", "/books/a.pbk", True)
    assert type(entry.name) is str
    assert EntryName("Home").phonebook == ""
    assert EntryName("Home").all_users is False


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_an_entry_name_keeps_its_phonebook_in_copies(duplicate):
    entry = duplicate(EntryName("Office", "/books/a.pbk", True))
    assert type(entry) is EntryName
    assert (str(entry), entry.phonebook, entry.all_users) == ("Office", "/books/a.pbk", True)
