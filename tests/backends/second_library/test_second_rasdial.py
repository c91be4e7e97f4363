"""A RAS library that is not ours to choose: what its RasDialW answers, takes and keeps, and what it lacks."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import struct

import pytest
from support import odd_ras
from support.over import backend_over
from support.second import CONNECTED, SECONDS, dial_and_hang_up, wait_count, watch

import rasdial_async as ras
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import library as binding
from rasdial_async.backends import hang_up
from rasdial_async.dialing import attempt
from rasdial_async.errors.states import ConnectionState

# what RasDialW answers


@pytest.mark.asyncio
async def test_an_error_without_a_handle(client, odd):
    events, error = await watch(client.dial("nothing return:623 |"))
    assert events == []
    assert isinstance(error, ras.PhonebookError)
    assert (error.code, error.function, error.message) == (623, "RasDialW", "Odd text for 623.")
    assert odd.count("hang_ups") == 0


@pytest.mark.asyncio
async def test_an_error_with_a_handle_is_hung_up(client, odd):
    events, error = await watch(client.dial("return:633 |"))
    assert events == []
    assert isinstance(error, ras.PortError)
    assert odd.count("handles") == 0
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_an_error_after_events_of_its_own(client, odd):
    events, error = await watch(client.dial("handle 0 1 return:633 |"))
    assert events == [(0, 0), (1, 0)]
    assert (error.code, error.state) == (633, ConnectionState(1))
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_the_error_of_an_event_counts_more_than_that_of_rasdial(client, odd):
    events, error = await watch(client.dial("handle 0 5!691 return:633 |"))
    assert events == [(0, 0), (5, 691)]
    assert error.code == 691


@pytest.mark.asyncio
async def test_success_without_a_handle_is_an_error(client, odd):
    events, error = await asyncio.wait_for(watch(client.dial("nothing |")), SECONDS)
    assert events == []
    assert type(error) is ras.DialError
    assert (error.code, error.function) == (6, "RasDialW")
    assert odd.count("null_hang_ups") == odd.count("hang_ups") == 0


# sizes


async def use_all(client):
    """Every verb once, over the library as it is."""
    async with client.dial("| 0 2 2000", options=ras.DialOptions.NO_USER) as connection:
        await connection.status()
        assert [one.handle for one in await client.connections()] == [connection.handle]
        assert await client.entries() == ["| 0 2 2000"]


@pytest.mark.parametrize("code", [632, 1784])
@pytest.mark.parametrize(
    ("structure", "versions"),
    [
        pytest.param(odd_ras.PARAMS, binding.DIAL_PARAMS_SIZES, id="RASDIALPARAMS"),
        pytest.param(odd_ras.EXTENSIONS, binding.DIAL_EXTENSIONS_SIZES, id="RASDIALEXTENSIONS"),
        pytest.param(odd_ras.CONNECTION, binding.CONNECTION_SIZES[:4], id="RASCONN"),
        pytest.param(odd_ras.ENTRY, binding.ENTRY_NAME_SIZES, id="RASENTRYNAME"),
    ],
)
@pytest.mark.asyncio
async def test_the_size_falls_back_and_is_remembered(odd, structure, versions, code):
    for number, size in enumerate(versions):
        assert odd.reset()
        odd.accept(structure, size, code)
        client = ras.RasClient(backend_over(binding.open_library(str(odd.path))))
        await use_all(client)
        tried = odd.sizes(structure)
        assert list(dict.fromkeys(tried)) == list(versions[: number + 1])
        assert tried[-1] == size
        await use_all(client)
        later = odd.sizes(structure)[len(tried) :]
        assert later
        assert set(later) == {size}


@pytest.mark.parametrize("code", [632, 1784])
@pytest.mark.parametrize("size", [608, 564, 304])
@pytest.mark.asyncio
async def test_the_size_of_a_status_falls_back_and_is_remembered(odd, size, code):
    odd.accept(odd_ras.STATUS, size, code)
    client = ras.RasClient(backend_over(binding.open_library(str(odd.path))))
    async with client.dial("| 0 2 2000") as connection:
        status = await connection.status()
        assert (status.state, status.device_name) == (CONNECTED, "Odd Device")
        tried = odd.sizes(odd_ras.STATUS)
        assert set(tried) == {one for one in (608, 564, 304) if one >= size}
        for _ in range(3):
            await connection.status()
        assert odd.sizes(odd_ras.STATUS)[len(tried) :] == [size] * 3


@pytest.mark.asyncio
async def test_no_size_that_the_library_knows(odd):
    odd.accept(odd_ras.PARAMS, 4, 632)
    client = ras.RasClient(backend_over(binding.open_library(str(odd.path))))
    with pytest.raises(ras.DialError) as raised:
        await client.dial("| 0 2000")
    assert (raised.value.code, raised.value.message) == (632, "Odd text for 632.")
    assert odd.sizes(odd_ras.PARAMS) == list(binding.DIAL_PARAMS_SIZES)


# secrets


class KeptMemory:
    """In the place of cffi: what it gives is never freed, so a pointer that RAS kept can be read."""

    def __init__(self, ffi):
        self._ffi = ffi
        self.given = []

    def __getattr__(self, name):
        return getattr(self._ffi, name)

    def new(self, *arguments):
        self.given.append(self._ffi.new(*arguments))
        return self.given[-1]


@pytest.mark.parametrize("entry", ["| 0 2000", "0 2000 |", "return:633 |", "nothing return:691 |"])
@pytest.mark.asyncio
async def test_the_password_is_wiped_when_rasdial_has_returned(client, odd, monkeypatch, entry):
    memory = KeptMemory(ffi)
    monkeypatch.setattr(binding, "ffi", memory)
    with contextlib.suppress(ras.DialError):
        await dial_and_hang_up(client, odd, entry, username="ada", password="s3cret", domain="d")
    assert odd.last_password() == "s3cret"  # RAS could read it
    size = odd.sizes(odd_ras.PARAMS)[-1]
    assert odd.last_params() in [int(ffi.cast("uintptr_t", one)) for one in memory.given]
    left = ctypes.string_at(odd.last_params(), size)
    assert "s3cret".encode("utf-16-le") not in left
    assert not any(struct.unpack(f"{size // 4}I", left))


# functions that are not there


def test_no_such_file(tmp_path):
    with pytest.raises(ras.BackendUnavailableError, match=r"missing\.so can't be loaded: "):
        ras.RasClient(library=tmp_path / "missing.so")


def test_not_a_library(tmp_path):
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(ras.BackendUnavailableError, match=r"text\.so can't be loaded: "):
        ras.RasClient(library=tmp_path / "text.so")


def test_it_is_not_taken_for_simulated(client):
    assert not client.simulated
    assert "simulated" not in repr(client)


@pytest.mark.parametrize("variant", ["NO_DIAL"], indirect=True)
def test_no_rasdial_is_no_ras_library(variant):
    with pytest.raises(ras.BackendUnavailableError, match="no RasDialW in it") as raised:
        ras.RasClient(library=variant.path)
    assert raised.value.function == "RasDialW"


@pytest.mark.parametrize("variant", ["NO_STATUS"], indirect=True)
@pytest.mark.asyncio
async def test_without_status_everything_else_works(variant, monkeypatch):
    monkeypatch.setattr(hang_up, "_WITHOUT_STATUS", 0.01)
    client = ras.RasClient(library=variant.path)
    dialing = client.dial("| 0 2 2000")
    assert await asyncio.wait_for(watch(dialing), SECONDS) == ([(0, 0), (2, 0), (0x2000, 0)], None)
    connection = await dialing
    for ask in (connection.status, connection.wait_disconnected):
        with pytest.raises(ras.BackendUnavailableError, match="has no function RasGetConnectStatusW"):
            await ask()
    assert await connection.hang_up()
    assert variant.count("hang_ups") == 1


@pytest.mark.parametrize("variant", ["NO_HANG_UP"], indirect=True)
@pytest.mark.asyncio
async def test_without_hang_up_only_that_fails(variant, caplog):
    client = ras.RasClient(library=variant.path)
    connection = await client.dial("| 0 2000")
    assert (await connection.status()).connected
    with pytest.raises(ras.BackendUnavailableError, match="has no function RasHangUpW"):
        await connection.hang_up()
    variant.drop("| 0 2000")
    _, error = await asyncio.wait_for(watch(client.dial("| 5!691")), SECONDS)
    assert error.code == 691
    assert "has no function RasHangUpW" in caplog.text
    variant.drop("| 5!691")


# RasDialW that never returns


@pytest.mark.parametrize("entry", ["late signal:inside wait:go |", "late handle signal:inside wait:go |"])
@pytest.mark.asyncio
async def test_a_rasdial_that_never_returns_is_given_up(client, odd, entry, monkeypatch, caplog):
    monkeypatch.setattr(attempt, "HANG_UP_SECONDS", 0.0)
    dialing = client.dial(entry, timeout=0.05)
    with pytest.raises(ras.DialTimeoutError):
        await asyncio.wait_for(dialing, SECONDS)
    assert "could not be ended within" in caplog.text
    assert odd.count("hang_ups") == 0
    odd.open("go")  # when it returns after all, it is hung up
    await wait_count(odd, "hang_ups", 1)
    await wait_count(odd, "handles", 0)


@pytest.mark.asyncio
async def test_a_connection_that_is_up_before_rasdial_stores_its_handle(client, odd):
    dialing = client.dial("late 0 2000 wait:stored |")
    connection = await asyncio.wait_for(dialing, SECONDS)
    assert connection.handle == dialing.events[-1].handle != 0
    odd.open("stored")
    await wait_count(odd, "threads", 1)  # RasDial has returned
    assert await connection.hang_up()
    assert odd.count("hang_ups") == 1
