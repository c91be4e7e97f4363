"""The simulator's controls: how the far end lets a dial in, and numbers that no DWORD holds."""

from __future__ import annotations

import pytest

from rasdial_async import CallbackMode, ConnectionState, Drop, Fail, RasError


@pytest.mark.parametrize(
    "control",
    [
        lambda sim, **where: sim.set_eap("None", **where),
        lambda sim, **where: sim.set_callback("None", CallbackMode.PRESET, **where),
        lambda sim, **where: sim.expire_password("None", **where),
    ],
)
def test_an_entry_that_is_not_there(sim, control):
    with pytest.raises(RasError) as caught:
        control(sim)
    assert caught.value.code == 623
    sim.add_entry("None", phonebook="/other.pbk")
    control(sim, phonebook="/other.pbk")


@pytest.mark.parametrize("number", [-1, 1 << 32])
@pytest.mark.parametrize(
    ("control", "argument"),
    [
        (lambda sim, number: sim.set_ports("Modem", number), "ports"),
        (lambda sim, number: sim.drop("Office", number), "code"),
        (lambda sim, number: sim.refuse("Office", number), "code"),
        (lambda sim, number: sim.script("Office", [Fail(number)]), "code"),
        (lambda sim, number: sim.script("Office", [Fail(691, extended=number)]), "extended"),
        (lambda sim, number: sim.script("Office", [Drop(code=number)]), "code"),
        (lambda sim, number: sim.set_eap("Office", method=number), "method"),
        (lambda sim, number: sim.advance("Office", link=number), "link"),
    ],
)
def test_a_number_that_is_no_dword_is_named(sim, control, argument, number):
    with pytest.raises(ValueError, match=f"^{argument} must be between 0 and"):
        control(sim, number)


@pytest.mark.parametrize("wrong", ["5", 1.5, True, None])
def test_what_is_no_number_is_named(sim, wrong):
    with pytest.raises(TypeError, match=r"^ports must be an int"):
        sim.set_ports("Modem", wrong)
    with pytest.raises(TypeError, match=r"^code must be an int"):
        sim.script("Office", [Fail(wrong, state=ConnectionState.AUTHENTICATE)])
