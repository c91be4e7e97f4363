"""The enumerations: every value and name of ras.h, and every number that ras.h does not have."""

from __future__ import annotations

import copy
import pickle

import pytest
from support.abi import ABI

from rasdial_async.errors.states import ConnectionState, ConnectionSubState

STATES, SUB_STATES = ABI["RASCONNSTATE"], ABI["RASCONNSUBSTATE"]
BOTH = [(ConnectionState, STATES), (ConnectionSubState, SUB_STATES)]


@pytest.mark.parametrize(("enumeration", "golden"), BOTH)
def test_the_names_and_values_are_those_of_the_header(enumeration, golden):
    assert {state.rascs_name: state.value for state in enumeration} == golden


def test_member_names_are_the_words_of_the_header():
    assert ConnectionState(STATES["RASCS_OpenPort"]) is ConnectionState.OPEN_PORT
    assert ConnectionState(STATES["RASCS_AuthChangePassword"]) is ConnectionState.AUTH_CHANGE_PASSWORD
    assert ConnectionState(STATES["RASCS_InvokeEapUI"]) is ConnectionState.INVOKE_EAP_UI
    assert ConnectionSubState(SUB_STATES["RASCSS_Reconnected"]) is ConnectionSubState.RECONNECTED


@pytest.mark.parametrize("state", ConnectionState)
def test_terminal_and_paused_are_those_of_the_header(state):
    assert state.terminal == (state.rascs_name in ("RASCS_Connected", "RASCS_Disconnected"))
    first, last = STATES["RASCS_Interactive"], STATES["RASCS_InvokeEapUI"]
    assert state.paused == (first <= state.value <= last)


@pytest.mark.parametrize("number", [25, 77, 0x1005, 0x2002, 0x7FFFFFFF, 0xFFFFFFFF])
def test_an_unknown_number_is_a_state_all_the_same(number):
    state = ConnectionState(number)
    assert state == number
    assert state.value == number
    assert state.name == f"UNKNOWN_{number}"
    assert state.rascs_name == f"RASCS_{number}"
    assert isinstance(state, ConnectionState)
    assert state not in list(ConnectionState)
    assert hash(state) == hash(number)
    assert ConnectionState(number) == state


def test_an_unknown_number_keeps_the_bits_that_say_paused_and_terminal():
    assert ConnectionState(0x1005).paused
    assert not ConnectionState(0x1005).terminal
    assert ConnectionState(0x2002).terminal
    assert not ConnectionState(77).paused
    assert not ConnectionState(77).terminal


def test_an_unknown_sub_state_has_the_prefix_of_its_own_enumeration():
    assert ConnectionSubState(9).rascs_name == "RASCSS_9"
    assert ConnectionSubState.DORMANT.rascs_name == "RASCSS_Dormant"


@pytest.mark.parametrize("wrong", [-1, 1 << 32, "OPEN_PORT", None, 1.5])
def test_what_is_no_dword_is_no_state(wrong):
    with pytest.raises(ValueError, match="is not a valid ConnectionState"):
        ConnectionState(wrong)


@pytest.mark.parametrize(
    "state",
    [ConnectionState.CONNECTED, ConnectionState(77), ConnectionSubState.DORMANT, ConnectionSubState(5)],
)
def test_copies_and_pickles_are_equal_and_of_the_same_kind(state):
    copies = [copy.copy(state), copy.deepcopy(state)]
    copies += [pickle.loads(pickle.dumps(state, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for other in copies:
        assert other == state
        assert type(other) is type(state)
        assert other.name == state.name
