"""The links of a multilink connection, asked and hung up one by one."""

from __future__ import annotations

import pytest
from support.links_ras import Function, fails

from rasdial_async import RasClient

E_INVALIDARG = 0x80070057


@pytest.mark.asyncio
async def test_the_links_of_a_connection(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        first, second = await connection.sub_entries()
        assert (first.number, first.up, repr(first)) == (1, True, "<SubEntry 1 up>")
        assert (second.number, second.up, second.handle) == (2, False, None)
        assert repr(second) == "<SubEntry 2 not up>"
        assert (await first.status()).connected
        await fails(618, second.status(), "RasGetSubEntryHandleW")
        links.set_link(2, True)
        _, second = await connection.sub_entries()
        assert second.up
        assert second.handle not in (None, first.handle, connection.handle)


@pytest.mark.asyncio
async def test_the_status_of_a_link_never_speaks_for_another_connection(links):
    client = RasClient(library=links.path)
    async with client.dial("Multilink") as connection:
        first, second = await connection.sub_entries()
        links.set_link(2, True)
        assert (await second.status()).connected  # it has come up since
        links.set_link(1, False)
        await fails(618, first.status())
        links.set_link(1, True)
        client.backend.session.handles.end(connection.ras_handle)  # as a dial does that gets the handle anew
        await fails(6, first.status())


@pytest.mark.asyncio
async def test_the_statistics_of_a_link(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        first, second = await connection.sub_entries()
        assert (await first.statistics()).frames_sent == 1
        assert (await second.statistics()).total.frames_sent == 2
        await first.clear_statistics()
        for code in (668, 87, 8):
            links.answer(Function.CLEAR_LINK, code)
            await fails(code, second.clear_statistics(), "RasClearLinkStatistics")
            assert not connection.ras_handle.gone
        for code in (E_INVALIDARG, 8):
            links.answer(Function.LINK_STATISTICS, code)
            await fails(code, second.statistics(), "RasGetLinkStatistics")


@pytest.mark.parametrize("questions", [0, 5])
@pytest.mark.asyncio
async def test_one_link_is_hung_up(links, questions):
    """Its end shows where its handle is asked for, not in its status."""
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.set_link(2, True)
        links.linger(questions)
        _, second = await connection.sub_entries()
        assert await second.hang_up() is True
        assert [link.up for link in await connection.sub_entries()] == [True, False]
        assert (await connection.status()).connected
        assert await second.hang_up() is True
        assert links.calls(Function.HANG_UP) == 1


@pytest.mark.asyncio
async def test_a_link_that_stays_is_given_up_in_time(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.linger(1_000_000)
        first, _ = await connection.sub_entries()
        assert await first.hang_up(timeout=0.02) is False
        links.answer(Function.HANG_UP, 753)
        await fails(753, first.hang_up(), "RasHangUpW")
        links.answer(Function.HANG_UP, 0)
        with pytest.raises(TypeError, match=r"^timeout"):
            await first.hang_up(timeout=None)  # type: ignore[arg-type]


@pytest.mark.asyncio
async def test_a_library_that_names_no_last_sub_entry_is_asked_a_bounded_number_of_times(links):
    async with RasClient(library=links.path).dial("Multilink") as connection:
        links.answer(Function.SUB_ENTRY, 618)
        await fails(259, connection.sub_entries(), "RasGetSubEntryHandleW")
        assert links.calls(Function.SUB_ENTRY) == 1024


@pytest.mark.asyncio
async def test_the_links_of_what_is_gone(links):
    connection = await RasClient(library=links.path).dial("Multilink")
    first, _ = await connection.sub_entries()
    links.set(False, quietly=True)
    await fails(6, connection.sub_entries(), "RasGetSubEntryHandleW")
    assert connection.ras_handle.gone
    assert await first.hang_up() is True
    await fails(6, first.statistics())
    await fails(6, first.status())
    await connection.hang_up()
    await fails(6, connection.sub_entries())
