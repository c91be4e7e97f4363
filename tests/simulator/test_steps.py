"""Steps of a script that are refused, and pauses whose answer nobody looks at."""

from __future__ import annotations

import asyncio

import pytest

import rasdial_async as ras
from rasdial_async import ConnectionState, Fail, Pause, RasClient, Resume, Silence, Simulator, Step

pytestmark = pytest.mark.simulator("login")


def test_what_is_no_step_is_refused(sim: Simulator) -> None:
    with pytest.raises(TypeError, match="a step must be Step, Login, Fail"):
        sim.script("Office", [691])  # type: ignore[list-item]


@pytest.mark.parametrize("after", [-0.1, float("nan"), float("inf"), 4001])
def test_a_delay_that_no_simulator_waits_is_refused(sim: Simulator, after: float) -> None:
    with pytest.raises(ValueError, match="after must be between 0 and 4000"):
        sim.script("Office", [Silence(after)])


@pytest.mark.parametrize("after", [True, "1", None])
def test_a_delay_is_a_number(sim: Simulator, after: object) -> None:
    with pytest.raises(TypeError, match="after must be a number"):
        sim.script("Office", [Step(ConnectionState.OPEN_PORT, after)])  # type: ignore[arg-type]


@pytest.mark.parametrize("scripted", [True, False])
def test_a_pause_has_a_paused_state(sim: Simulator, scripted: bool) -> None:
    with pytest.raises(ras.RasError) as caught:
        sim.script("Office", [Pause(ConnectionState.AUTHENTICATE, scripted=scripted)])
    assert caught.value.code == 87


async def states(sim: Simulator, *steps: ras.Step | Pause | Fail) -> list[ConnectionState]:
    """The states of a dial with a wrong password that never gets any better."""
    sim.script("Office", steps)

    async def wrong_again(event: ras.DialEvent) -> Resume:
        return Resume(password="wrong")

    dialing = RasClient(sim).dial("Office", username="ada", password="wrong", on_paused=wrong_again)
    async with asyncio.timeout(20), dialing:
        return [event.state for event in dialing.events]


@pytest.mark.asyncio
async def test_a_scripted_pause_goes_on_with_its_script(sim: Simulator) -> None:
    seen = await states(
        sim,
        Pause(ConnectionState.RETRY_AUTHENTICATION, scripted=True),
        Pause(ConnectionState.INVOKE_EAP_UI, scripted=True),
        Step(ConnectionState.CONNECTED),
    )
    assert seen == [
        ConnectionState.RETRY_AUTHENTICATION,
        ConnectionState.INVOKE_EAP_UI,
        ConnectionState.CONNECTED,
    ]


@pytest.mark.asyncio
async def test_after_another_pause_the_far_end_looks_at_the_answer(sim: Simulator) -> None:
    with pytest.raises(ras.RasError) as caught:
        await states(
            sim,
            Pause(ConnectionState.PASSWORD_EXPIRED, scripted=True),
            Pause(ConnectionState.PASSWORD_EXPIRED),
            Fail(691, state=ConnectionState.AUTH_NOTIFY),
        )
    assert isinstance(caught.value, ras.AuthenticationError)
    assert caught.value.state is ConnectionState.AUTH_NOTIFY
