"""Python calls C: the buffer and dwSize protocols, and the texts of errors."""

from __future__ import annotations

import sys

import pytest
from support.tables import table

from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import library
from rasdial_async.errors.states import ConnectionState, ConnectionSubState
from rasdial_async.errors.tree import LineBusyError, PhonebookError, RasError, describe_code

# Texts of errors


def text_function(answer, code=0):
    def get(number, buffer, characters):
        raw = f"{answer}".encode("utf-16-le", "surrogatepass")
        ffi.buffer(buffer, 2 * characters)[: len(raw)] = raw
        return code

    return get


def test_the_text_of_an_error_is_the_librarys_own():
    lib = table(RasGetErrorStringW=text_function("  Die Leitung ist besetzt.\r\n"))
    assert lib.error_text(676) == "Die Leitung ist besetzt."
    error = lib.error(676, "RasHangUpW", entry="Büro", phonebook="/a.pbk")
    assert type(error) is LineBusyError
    assert (error.code, error.function, error.message) == (676, "RasHangUpW", "Die Leitung ist besetzt.")
    assert (error.entry, error.phonebook) == ("Büro", "/a.pbk")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a text of its own")
@pytest.mark.parametrize(
    "functions",
    [
        {},
        {"RasGetErrorStringW": text_function("", 87)},
        {"RasGetErrorStringW": text_function("half a te", 603)},
        {"RasGetErrorStringW": text_function("")},
    ],
)
def test_without_a_text_there_is_none(functions):
    lib = table(**functions)
    assert lib.error_text(676) is None
    assert lib.error(676, "RasHangUpW").message == describe_code(676).message


# Status


def test_a_status_is_read_to_the_last_member():
    def answer(handle, status):
        assert int(ffi.cast("uintptr_t", handle)) == 4
        status.rasconnstate, status.rasconnsubstate, status.dwError = 0x2000, 1, 691
        status.szDeviceType, status.szDeviceName, status.szPhoneNumber = "vpn", "Miniport", "vpn.example"
        status.localEndPoint.dwType, status.remoteEndPoint.dwType = 1, 2
        ffi.buffer(status.localEndPoint.ipv4)[:] = bytes([192, 0, 2, 1])
        ffi.buffer(status.remoteEndPoint.ipv6)[:] = bytes([0x20, 0x01, 0x0D, 0xB8, *bytes(11), 5])
        return 0

    code, status = table(RasGetConnectStatusW=answer).status(4)
    assert code == 0
    assert status.state is ConnectionState.CONNECTED
    assert status.sub_state is ConnectionSubState.DORMANT
    assert (status.error, status.device_type, status.device_name) == (691, "vpn", "Miniport")
    assert (status.phone_number, status.local_endpoint) == ("vpn.example", "192.0.2.1")
    assert status.remote_endpoint == "2001:db8::5"


def test_an_older_status_has_less_to_tell_and_is_remembered():
    sizes = []

    def answer(handle, status):
        sizes.append(status.dwSize)
        if status.dwSize != 304:
            return 632
        status.rasconnstate = 5
        return 0

    lib = table(RasGetConnectStatusW=answer)
    for _ in range(2):
        code, status = lib.status(4)
        assert code == 0
        assert (status.state, status.sub_state) == (5, 0)
        assert (status.phone_number, status.local_endpoint, status.remote_endpoint) == ("", None, None)
    assert sizes == [608, 564, 304, 304]


def test_the_status_of_a_handle_that_is_gone_is_a_code():
    assert table(RasGetConnectStatusW=lambda handle, status: 6).status(4) == (6, None)


# Enumerations


class Rows:
    """RasEnumConnectionsW or RasEnumEntriesW with the buffer protocol of RAS."""

    def __init__(self, structure, rows, sizes, grows=0):
        self.structure, self.rows, self.sizes = structure, rows, sizes
        self.calls = []
        # NT 4's row ends with two bytes of padding, in which it writes nothing.
        oldest = structure == "RASCONNW" and sizes == [CONNECTION_SIZES[-1]]
        self.written = ffi.offsetof("RASCONNW", "szPhonebook") if oldest else ffi.sizeof(structure)
        self._grows = grows

    def __call__(self, *arguments):
        first, room, count = arguments[-3:]
        self.arguments = arguments[:-3]
        size = first.dwSize
        self.calls.append((size, room[0]))
        if size not in self.sizes:
            return 632
        if self._grows:  # one more went up while the buffer was made
            self._grows -= 1
            self.rows = [*self.rows, self.rows[-1]]
        count[0] = len(self.rows)
        needed = size * len(self.rows)
        if room[0] < needed:
            room[0] = needed
            return 603
        place = ffi.cast("BYTE *", first)
        for number, fill in enumerate(self.rows):
            row = ffi.new(f"{self.structure} *")
            fill(row)
            row.dwSize = size
            ffi.memmove(place + number * size, row, min(size, self.written))
        room[0] = needed
        return 0


def connection(number):
    def fill(row):
        row.hrasconn = ffi.cast("HRASCONN", 4 * number)
        row.szEntryName, row.szDeviceType, row.szDeviceName = f"Entry {number}", "vpn", "Miniport"
        row.szPhonebook, row.dwSubEntry = "/books/a.pbk", number
        row.guidEntry.Data1, row.guidCorrelationId.Data1 = number, 0xABCD
        row.dwFlags, row.luid.LowPart, row.luid.HighPart = 5, 0x3E7, -1

    return fill


CONNECTION_SIZES = library.CONNECTION_SIZES


def test_a_connection_is_read_to_the_last_member():
    lib = table(RasEnumConnectionsW=Rows("RASCONNW", [connection(1)], CONNECTION_SIZES))
    (info,) = lib.connections()
    assert (info.handle, info.entry, info.device_type, info.device_name) == (4, "Entry 1", "vpn", "Miniport")
    assert (info.phonebook, info.sub_entry, info.flags) == ("/books/a.pbk", 1, 5)
    assert info.guid == "00000001-0000-0000-0000-000000000000"
    assert info.correlation_id == "0000abcd-0000-0000-0000-000000000000"
    assert info.luid == 0xFFFFFFFF_000003E7


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_a_buffer_grows_as_ras_asks(count):
    ras = Rows("RASCONNW", [connection(number) for number in range(count)], CONNECTION_SIZES)
    infos = table(RasEnumConnectionsW=ras).connections()
    assert [info.entry for info in infos] == [f"Entry {number}" for number in range(count)]
    assert [info.handle for info in infos] == [4 * number for number in range(count)]


def test_a_list_that_grows_meanwhile_is_asked_for_again():
    ras = Rows("RASCONNW", [connection(1)], CONNECTION_SIZES, grows=3)
    assert len(table(RasEnumConnectionsW=ras).connections()) == 4


@pytest.mark.parametrize("size", CONNECTION_SIZES)
def test_rows_of_an_older_ras_are_read_at_their_own_distance(size):
    ras = Rows("RASCONNW", [connection(number) for number in range(3)], [size])
    lib = table(RasEnumConnectionsW=ras)
    for _ in range(2):
        infos = lib.connections()
        assert [info.entry for info in infos] == ["Entry 0", "Entry 1", "Entry 2"]
        assert {info.device_name for info in infos} == {"Miniport"}
        if size == CONNECTION_SIZES[-1]:  # NT 4: nothing behind the device
            assert {(info.phonebook, info.guid, info.luid) for info in infos} == {("", "", 0)}
    # The first list is found by trying, the second one by what was learned.
    assert {asked for asked, _ in ras.calls[-2:]} == {size}


def test_a_count_beyond_the_buffer_is_not_believed():
    def answer(first, room, count):
        count[0] = 1000
        return 0

    assert len(table(RasEnumConnectionsW=answer).connections()) == 1


def test_a_ras_that_always_wants_more_but_never_says_how_much_is_an_error():
    def answer(first, room, count):
        return 603

    with pytest.raises(RasError) as caught:
        table(RasEnumConnectionsW=answer).connections()
    assert (caught.value.code, caught.value.function) == (603, "RasEnumConnectionsW")


@pytest.mark.parametrize(("code", "calls"), [(5, 1), (632, len(CONNECTION_SIZES))])
def test_an_enumeration_that_fails_is_an_error(code, calls):
    asked = []

    def answer(first, room, count):
        asked.append(first.dwSize)
        return code

    with pytest.raises(RasError) as caught:
        table(RasEnumConnectionsW=answer).connections()
    assert caught.value.code == code
    assert len(asked) == calls


def entry(name):
    def fill(row):
        row.szEntryName, row.szPhonebookPath, row.dwFlags = name, "/books/all.pbk", 1

    return fill


@pytest.mark.parametrize("size", library.ENTRY_NAME_SIZES)
def test_entries_are_read_with_where_they_are(size):
    ras = Rows("RASENTRYNAMEW", [entry("Office"), entry("Büro")], [size])
    found = table(RasEnumEntriesW=ras).entries("/books/all.pbk")
    assert found == ["Office", "Büro"]
    newest = size == library.ENTRY_NAME_SIZES[0]
    assert {one.phonebook for one in found} == ({"/books/all.pbk"} if newest else {""})
    assert {one.all_users for one in found} == {newest}
    assert not ras.arguments[0]
    assert ffi.string(ras.arguments[1]) == "/books/all.pbk"


def test_entries_of_the_default_phonebooks_are_asked_for_with_null():
    ras = Rows("RASENTRYNAMEW", [entry("Office")], library.ENTRY_NAME_SIZES)
    table(RasEnumEntriesW=ras).entries(None)
    assert not ras.arguments[1]


def test_entries_of_a_missing_phonebook_are_a_phonebook_error():
    with pytest.raises(PhonebookError) as caught:
        table(RasEnumEntriesW=lambda *arguments: 621).entries("/books/none.pbk")
    assert (caught.value.code, caught.value.function) == (621, "RasEnumEntriesW")
    assert caught.value.phonebook == "/books/none.pbk"
    assert "/books/none.pbk" in str(caught.value)
    assert caught.value.__notes__ == [f"Hint: {describe_code(621).hint}"]
