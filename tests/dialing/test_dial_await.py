"""A dial that is awaited; what it says of itself; several dials of one entry."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest
from support.dials import AUTHENTICATE, CONNECTED, OPEN_PORT, nothing_left, reach
from support.waiting import SECONDS, eventually, loop_turn

from rasdial_async import (
    AuthenticationError,
    Connection,
    DialError,
    Dialing,
    Login,
    PhonebookError,
    PortError,
    Redial,
    Step,
)

pytestmark = pytest.mark.simulator("outcomes")

# Await


@pytest.mark.asyncio
async def test_nothing_is_dialed_before_it_is_awaited_iterated_or_entered(sim, client):
    dialing = client.dial("Office")
    assert (dialing.events, dialing.state, dialing.done) == ((), None, False)
    assert (dialing.connection, dialing.error, dialing.handle) == (None, None, None)
    assert repr(dialing) == "<Dialing 'Office' not begun simulated>"
    await loop_turn()
    assert sim.counts.dials == 0
    dialing.close()


@pytest.mark.parametrize(
    ("entry", "options"),
    [("Nowhere", {}), ("Office", {"timeout": 0.01})],
    ids=["refused", "timed out"],
)
@pytest.mark.asyncio
async def test_the_error_of_a_dial_names_its_entry(sim, client, entry, options):
    sim.script("Office", [Step(OPEN_PORT, after=30)])
    with pytest.raises(DialError) as caught:
        await client.dial(entry, **options)
    assert (caught.value.entry, caught.value.phonebook) == (entry, None)
    assert f"entry {entry!r}" in str(caught.value)


@pytest.mark.asyncio
async def test_awaiting_gives_the_connection(sim, client):
    dialing = client.dial("Office")
    connection = await dialing
    assert isinstance(connection, Connection)
    assert connection is dialing.connection
    assert connection.entry == "Office"
    assert connection.handle == dialing.handle != 0
    assert (await connection.status()).connected
    assert dialing.done
    assert dialing.error is None
    assert dialing.state is CONNECTED
    assert [event.state for event in dialing.events] == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    assert {event.handle for event in dialing.events} == {connection.handle}
    assert repr(dialing) == "<Dialing 'Office' connected simulated>"
    await connection.hang_up()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_awaiting_a_dial_that_fails_raises_why(sim, client):
    dialing = client.dial("Wrong")
    with pytest.raises(AuthenticationError) as caught:
        await dialing
    error = caught.value
    assert (error.code, error.extended_error, error.function) == (691, 42, "RasDialW")
    assert error.state is AUTHENTICATE
    assert error.event is dialing.events[-1]
    assert dialing.error is error
    assert dialing.done
    assert dialing.connection is None
    assert repr(dialing) == "<Dialing 'Wrong' failed with 691 simulated>"
    assert nothing_left(sim), "the handle of a failed dial is hung up before anybody is told"


@pytest.mark.asyncio
async def test_awaiting_again_gives_the_same_outcome(sim, client):
    success, failure = client.dial("Office"), client.dial("Wrong")
    connection = await success
    assert await success is connection
    for _ in range(2):
        with pytest.raises(AuthenticationError) as caught:
            await failure
        assert caught.value is failure.error
    assert sim.counts.dials == 2
    await connection.hang_up()
    assert await success is connection


@pytest.mark.asyncio
async def test_raising_an_error_again_does_not_pile_up_its_traceback(client):
    dialing = client.dial("Wrong")
    depths = []
    for _ in range(3):
        try:
            await dialing
        except AuthenticationError as error:
            depth, traceback = 0, error.__traceback__
            while traceback:
                depth, traceback = depth + 1, traceback.tb_next
            depths.append(depth)
    assert depths[0] == depths[1] == depths[2]


@pytest.mark.asyncio
async def test_several_tasks_may_wait_for_one_dial(sim, client):
    dialing = client.dial("Office")

    async def wait():
        return await dialing

    connections = await asyncio.gather(*(wait() for _ in range(3)))
    assert len(set(map(id, connections))) == 1
    assert sim.counts.dials == 1
    await connections[0].hang_up()


@pytest.mark.asyncio
async def test_wait_for_takes_a_dialing(client):
    connection = await asyncio.wait_for(client.dial("Office"), SECONDS)
    await connection.hang_up()


@pytest.mark.asyncio
async def test_gather_takes_dialings(sim, client):
    sim.add_entry("Home")
    connections = await asyncio.gather(client.dial("Office"), client.dial("Home"))
    assert [connection.entry for connection in connections] == ["Office", "Home"]
    for connection in connections:
        await connection.hang_up()


@pytest.mark.asyncio
async def test_many_dials_run_at_the_same_time(sim, client):
    """More than there are threads to call RasDial."""
    names = [f"Line {number}" for number in range(100)]
    for name in names:
        sim.add_entry(name)
    connections = await asyncio.gather(*(client.dial(name) for name in names))
    assert sorted(connection.entry for connection in connections) == sorted(names)
    assert len({connection.handle for connection in connections}) == 100
    await asyncio.gather(*(connection.hang_up() for connection in connections))
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_refusal_of_rasdial_is_the_outcome(sim, client):
    dialing = client.dial("Nowhere")
    with pytest.raises(PhonebookError) as caught:
        await dialing
    assert (caught.value.code, caught.value.function) == (623, "RasDialW")
    assert (caught.value.event, caught.value.state) == (None, None)
    assert dialing.events == ()
    assert dialing.handle is None


@pytest.mark.asyncio
async def test_a_handle_that_came_with_a_refusal_is_hung_up(sim, client):
    sim.refuse("Office", 680, handle=True)
    with pytest.raises(DialError) as caught:
        await client.dial("Office")
    assert caught.value.code == 680
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_the_official_text_is_the_message(sim, client):
    with pytest.raises(AuthenticationError) as caught:
        await client.dial("Wrong")
    assert caught.value.message == sim.backend.session.library.error_text(691)


@pytest.mark.asyncio
async def test_a_number_is_dialed_without_an_entry(sim, client):
    dialing = client.dial("", phone_number="5550100")
    assert dialing.entry == "5550100"
    async with dialing as connection:
        assert "5550100" in connection.entry
        assert (await connection.status()).phone_number == "5550100"
        assert connection.device_type == "modem"
    assert nothing_left(sim)


# Several dials of one entry


@pytest.mark.asyncio
async def test_dialing_what_is_being_dialed_is_refused(sim, client):
    first = client.dial("Stuck")
    await reach(first, AUTHENTICATE)
    with pytest.raises(DialError) as caught:
        await client.dial("Stuck")
    assert caught.value.code == 756
    assert not first.done
    await first.hang_up()


@pytest.mark.asyncio
async def test_dialing_what_is_connected_gives_a_reference_to_it(sim, client):
    first = await client.dial("Office")
    second = await client.dial("Office")
    assert first.handle == second.handle
    await first.hang_up()
    assert (await second.status()).connected, "the other reference keeps it up"
    await second.hang_up()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_port_in_use_is_a_port_error(sim, client):
    sim.add_entry("Modem 1", device="Standard Modem")
    sim.add_entry("Modem 2", device="Standard Modem")
    async with client.dial("Modem 1"):
        with pytest.raises(PortError) as caught:
            await client.dial("Modem 2")
        assert caught.value.code == 633
    async with client.dial("Modem 2"):
        pass
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_password_is_checked_where_the_line_says(sim, client):
    sim.add_entry("Guarded", username="ada", password="secret")
    sim.script("Guarded", [Step(OPEN_PORT), Login(), Step(CONNECTED)])
    with pytest.raises(AuthenticationError):
        await client.dial("Guarded", username="ada", password="wrong")
    async with client.dial("Guarded", username="ada", password="secret"):
        pass


# What it says of itself


@pytest.mark.asyncio
async def test_repr_follows_the_dial(sim, client):
    dialing = client.dial("Stuck")
    aiter(dialing)
    assert repr(dialing) == "<Dialing 'Stuck' dialing simulated>"
    await reach(dialing, AUTHENTICATE)
    assert repr(dialing) == "<Dialing 'Stuck' RASCS_Authenticate simulated>"
    await dialing.hang_up()
    assert repr(dialing) == "<Dialing 'Stuck' failed with 631 simulated>"


@pytest.mark.asyncio
async def test_the_outcome_is_logged(client, caplog):
    caplog.set_level(logging.INFO, "rasdial_async")
    async with client.dial("Office"):
        pass
    with pytest.raises(AuthenticationError):
        await client.dial("Wrong")
    with pytest.raises(AuthenticationError):
        await client.dial("Wrong", redial=Redial(3, pause=0.0, retry_on=lambda error: True))
    logged = [record.getMessage() for record in caplog.records if record.name == "rasdial_async.dialing.run"]
    assert len(logged) == 3, "one line a dial"
    assert re.fullmatch(r"Office: connected; \d+\.\d{3} s, attempts: 1", logged[0])
    failure = r"Wrong: ERROR_AUTHENTICATION_FAILURE \(691\): .*; \d+\.\d{3} s, attempts: "
    assert re.fullmatch(failure + "1", logged[1])
    assert re.fullmatch(failure + "3", logged[2])


@pytest.mark.asyncio
async def test_events_is_a_picture_of_the_moment(sim, client):
    dialing = client.dial("Stuck")
    await reach(dialing, AUTHENTICATE)
    before = dialing.events
    sim.drop("Stuck")
    await eventually(lambda: dialing.done or len(dialing.events) == 3)
    assert len(before) == 2
    assert isinstance(dialing, Dialing)
    await dialing.hang_up()
