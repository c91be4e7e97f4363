"""Python calls C: the buffer and dwSize protocols, over a table whose functions are the test's own."""

from __future__ import annotations

import gc
import os
import sys
import threading
from dataclasses import replace

import pytest

from rasdial_async._native import text
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import (
    Engine,
    EngineEntry,
    NotifyTarget,
    RasLibrary,
    handle_cell,
    library,
    open_library,
    read_handle,
)
from rasdial_async._native.binding.notify import MAX_TARGETS
from rasdial_async._native.binding.simulator import MAX_ENGINES
from rasdial_async._request import DialOptions, DialRequest
from rasdial_async.credentials import Credentials
from rasdial_async.errors import BackendUnavailableError, RasError, describe_code
from rasdial_async.states import ConnectionState, ConnectionSubState

PASSWORD = "Xyzzy-9"
REQUEST = DialRequest(
    entry="Büro",
    phonebook="/books/a.pbk",
    phone_number="5550100",
    callback_number="5550199",
    credentials=Credentials("ada", PASSWORD, "LAB"),
    sub_entry=2,
    interface_index=7,
)
SIGNATURES = {
    "RasDialW": "DWORD(RASDIALEXTENSIONS *, WCHAR *, RASDIALPARAMSW *, DWORD, void *, HRASCONN *)",
    "RasHangUpW": "DWORD(HRASCONN)",
    "RasGetConnectStatusW": "DWORD(HRASCONN, RASCONNSTATUSW *)",
    "RasEnumConnectionsW": "DWORD(RASCONNW *, DWORD *, DWORD *)",
    "RasEnumEntriesW": "DWORD(WCHAR *, WCHAR *, RASENTRYNAMEW *, DWORD *, DWORD *)",
    "RasGetErrorStringW": "DWORD(UINT, WCHAR *, DWORD)",
    "RasGetEntryDialParamsW": "DWORD(WCHAR *, RASDIALPARAMSW *, int32_t *)",
}


def table(**functions):
    """A library of these Python functions; all others are missing."""
    api = ffi.new("struct ras_api *")
    callbacks = []
    for name, function in functions.items():
        signature = SIGNATURES[name].replace("DWORD", "uint32_t").replace("UINT", "uint32_t")
        callback = ffi.callback(signature, function)
        callbacks.append(callback)
        setattr(api, name, callback)
    return RasLibrary(api, "a test", owner=callbacks)


# RasDialW


def test_a_given_callback_number_replaces_a_longer_stored_one():
    def stored(phonebook, params, password):
        params.szCallbackNumber, params.szPhoneNumber = "0123456789", "9876543210"
        password[0] = 1
        return 0

    ras = Dialed(handle=1)
    library = table(RasDialW=ras, RasGetEntryDialParamsW=stored)
    request = replace(REQUEST, credentials=Credentials.stored(), callback_number="42", phone_number="17")
    assert library.dial(request, ffi.NULL, handle_cell()) == 0
    assert (ras.fields["szCallbackNumber"], ras.fields["szPhoneNumber"]) == ("42", "17")


class Dialed:
    """A RasDialW that writes down what it was given."""

    def __init__(self, accepts=None, handle=0, code=0):
        self.calls = []
        self.fields = {}
        self._accepts = accepts
        self._handle = handle
        self._code = code

    def __call__(self, extensions, phonebook, params, kind, notifier, handle):
        size = extensions.dwSize if extensions else None
        self.calls.append((params.dwSize, size))
        if self._accepts and not self._accepts(params.dwSize, size):
            return 632
        self.fields = {
            name: ffi.string(getattr(params, name))
            for name in (
                "szEntryName",
                "szPhoneNumber",
                "szCallbackNumber",
                "szUserName",
                "szPassword",
                "szDomain",
            )
        }
        self.numbers = (params.dwSubEntry, params.dwIfIndex, kind)
        self.phonebook = ffi.string(phonebook) if phonebook else None
        self.notifier = notifier
        if extensions:
            self.extensions = (extensions.dwfOptions, int(ffi.cast("uintptr_t", extensions.hwndParent)))
        handle[0] = ffi.cast("HRASCONN", self._handle)
        return self._code


def dial(ras, request=REQUEST, cell=None):
    return table(RasDialW=ras).dial(request, ffi.NULL, cell or handle_cell())


def test_rasdial_gets_every_field_of_the_request():
    ras = Dialed(handle=0x1234)
    cell = handle_cell()
    assert read_handle(cell) == 0
    assert dial(ras, cell=cell) == 0
    assert read_handle(cell) == 0x1234
    assert ras.fields == {
        "szEntryName": "Büro",
        "szPhoneNumber": "5550100",
        "szCallbackNumber": "5550199",
        "szUserName": "ada",
        "szPassword": PASSWORD,
        "szDomain": "LAB",
    }
    assert ras.numbers == (2, 7, 1)
    assert ras.phonebook == "/books/a.pbk"


def test_no_phonebook_is_a_null_pointer():
    ras = Dialed()
    dial(ras, DialRequest(entry="Office"))
    assert ras.phonebook is None


def test_extensions_go_along_only_when_something_asks_for_them():
    ras = Dialed()
    dial(ras, DialRequest(entry="Office"))
    assert ras.calls == [(library.DIAL_PARAMS_SIZES[0], None)]
    dial(ras, DialRequest(entry="Office", options=DialOptions.NO_USER, owner_window=0xABCD))
    assert ras.extensions == (0x200, 0xABCD)
    assert ras.calls[-1] == (library.DIAL_PARAMS_SIZES[0], library.DIAL_EXTENSIONS_SIZES[0])


def test_longest_texts_fill_their_fields_to_the_last_character():
    ras = Dialed()
    request = DialRequest(
        entry="e" * 256,
        phone_number="n" * 128,
        callback_number="c" * 128,
        credentials=Credentials("\N{GRINNING FACE}" * 128, "p" * 256, "d" * 15),
    )
    assert dial(ras, request) == 0
    assert ras.fields["szUserName"] == "\N{GRINNING FACE}" * 128
    assert [len(value) for value in ras.fields.values()] == [256, 128, 128, 128, 256, 15]


@pytest.mark.parametrize("code", [632, 1784])
def test_an_older_ras_is_found_by_its_size_and_remembered(code):
    oldest = library.DIAL_PARAMS_SIZES[-1]
    ras = Dialed(accepts=lambda size, _: size == oldest, handle=4)
    refusing = ras.__call__

    def answer(*arguments):
        result = refusing(*arguments)
        return code if result == 632 else result

    lib = table(RasDialW=answer)
    assert lib.dial(REQUEST, ffi.NULL, handle_cell()) == 0
    assert [size for size, _ in ras.calls] == list(library.DIAL_PARAMS_SIZES)
    ras.calls.clear()
    assert lib.dial(REQUEST, ffi.NULL, handle_cell()) == 0
    assert [size for size, _ in ras.calls] == [oldest]


def test_every_pair_of_sizes_is_tried_where_both_structures_go_along():
    wanted = (library.DIAL_PARAMS_SIZES[2], library.DIAL_EXTENSIONS_SIZES[2])
    ras = Dialed(accepts=lambda *sizes: sizes == wanted, handle=4)
    request = DialRequest(entry="Office", options=DialOptions.NO_USER)
    assert dial(ras, request) == 0
    assert ras.calls[-1] == wanted
    assert len(set(ras.calls)) == len(ras.calls)


def test_a_ras_that_knows_no_size_says_so():
    ras = Dialed(accepts=lambda *sizes: False)
    assert dial(ras) == 632
    assert len(ras.calls) == len(library.DIAL_PARAMS_SIZES)


def test_a_size_error_with_a_handle_is_not_tried_again():
    """There is a dial behind that handle, and it has to be hung up."""
    ras = Dialed(handle=4, code=632)
    assert dial(ras) == 632
    assert len(ras.calls) == 1


@pytest.mark.parametrize("code", [0, 691, 632])
def test_the_password_is_wiped_as_soon_as_rasdial_returns(monkeypatch, code):
    wiped = []
    wipe = text.wipe

    def watched(structure):
        held = ffi.string(structure.szPassword)
        wipe(structure)
        wiped.append((held, bytes(ffi.buffer(structure))))

    monkeypatch.setattr(text, "wipe", watched)
    dial(Dialed(code=code))
    assert wiped == [(PASSWORD, bytes(ffi.sizeof("RASDIALPARAMSW")))]


def test_the_password_is_wiped_when_the_call_itself_fails(monkeypatch):
    wiped = []
    monkeypatch.setattr(text, "wipe", lambda structure: wiped.append(ffi.string(structure.szPassword)))
    broken = table(RasDialW=Dialed())
    with pytest.raises(TypeError):
        broken.dial(REQUEST, "no notifier", handle_cell())
    assert wiped == [PASSWORD]


# A missing function


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("RasDialW", lambda lib: lib.dial(REQUEST, ffi.NULL, handle_cell())),
        ("RasHangUpW", lambda lib: lib.hang_up(4)),
        ("RasGetConnectStatusW", lambda lib: lib.status(4)),
        ("RasEnumConnectionsW", lambda lib: lib.connections()),
        ("RasEnumEntriesW", lambda lib: lib.entries(None)),
    ],
)
def test_a_missing_function_is_an_error_of_the_verb_that_needs_it(name, call):
    with pytest.raises(BackendUnavailableError) as caught:
        call(table())
    assert caught.value.function == name
    assert caught.value.code == 127
    assert name in caught.value.message


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
    error = lib.error(676, "RasHangUpW")
    assert type(error) is RasError
    assert (error.code, error.function, error.message) == (676, "RasHangUpW", "Die Leitung ist besetzt.")


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


# Loading


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has it")
def test_windows_own_library_is_nowhere_else():
    with pytest.raises(BackendUnavailableError, match="part of Windows"):
        open_library(None)


def test_a_file_that_is_not_there_can_not_be_loaded(tmp_path):
    path = str(tmp_path / "nowhere-ü.so")
    with pytest.raises(BackendUnavailableError) as caught:
        open_library(path)
    assert path in caught.value.message
    assert "can't be loaded" in caught.value.message


def test_a_file_that_is_no_library_can_not_be_loaded(tmp_path):
    path = tmp_path / "text.so"
    path.write_text("no library")
    with pytest.raises(BackendUnavailableError, match="can't be loaded"):
        open_library(str(path))


@pytest.mark.skipif(sys.platform != "linux", reason="a library that every such system has")
def test_a_library_without_rasdial_is_no_ras_library():
    with pytest.raises(BackendUnavailableError, match="no RAS library") as caught:
        open_library("libc.so.6")
    assert caught.value.function == "RasDialW"
    assert caught.value.code == 127


# Text


@pytest.mark.parametrize("value", ["", "Office", "Büro", "\N{GRINNING FACE}", "会议室"])
def test_text_comes_back_as_it_went(value):
    assert text.read(text.new(value)) == value


def test_null_is_no_text():
    assert text.new(None) == ffi.NULL
    assert text.read(ffi.NULL) == ""


def test_lone_surrogates_become_replacement_characters():
    assert (
        text.read(ffi.new("WCHAR[]", "a\ud800b\udc00"))
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    )


def test_a_field_without_a_zero_ends_where_it_ends():
    assert text.read(ffi.new("WCHAR[4]", "abcd")) == "abcd"


def test_a_shorter_text_leaves_nothing_of_a_longer_one():
    params = ffi.new("RASDIALPARAMSW *")
    for value in ("x" * 256, "somebody", "ada", "", "a"):
        text.write(params, "szUserName", value)
        assert text.read(params.szUserName) == value


def test_wiping_leaves_nothing():
    params = ffi.new("RASDIALPARAMSW *")
    params.szPassword = PASSWORD
    text.wipe(params)
    assert bytes(ffi.buffer(params)) == bytes(ffi.sizeof("RASDIALPARAMSW"))


# Targets and engines


def test_there_are_so_many_targets_and_one_more_is_an_error():
    opened = []
    lib = table()
    try:
        with pytest.raises(RuntimeError, match="no event queue to be had"):
            opened.extend(NotifyTarget(lib, lambda event: None) for _ in range(MAX_TARGETS + 1))
        assert len(opened) > MAX_TARGETS // 2
        numbers = {target.callback(hold) for target in opened for hold in (False, True)}
        assert len(numbers) == 2 * len(opened), "two targets share a function"
    finally:
        for target in opened:
            target.close()
    NotifyTarget(lib, lambda event: None).close()


def test_no_memory_for_the_last_event_is_an_error(monkeypatch):
    target = NotifyTarget(table(), lambda event: None)
    monkeypatch.setattr("rasdial_async._native.binding.notify.lib", _Fails())
    with pytest.raises(MemoryError):
        target.reserve()
    with pytest.raises(RuntimeError, match="relay"):
        target.relay_to_socket(0)
    with pytest.raises(RuntimeError, match="relay"):
        target.relay_to(print)
    monkeypatch.undo()
    target.close()


class _Fails:
    """A compiled room in which nothing succeeds."""

    def __getattr__(self, name):
        return lambda *arguments: -1


def test_a_relay_is_a_thread_that_ends_with_its_target():
    woken = threading.Event()
    target = NotifyTarget(table(), lambda event: None)
    target.relay_to(woken.set)
    function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", target.callback(False))
    function(ffi.NULL, 0xCCCD, 0, 0, 0)
    assert woken.wait(10)
    before = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 0
    target.close()
    after = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else -1
    assert after < before


def test_there_are_so_many_engines_and_one_more_is_an_error():
    opened = []
    try:
        with pytest.raises(RuntimeError, match=f"{MAX_ENGINES} are open already"):
            opened.extend(Engine() for _ in range(MAX_ENGINES + 1))
    finally:
        for engine in opened:
            engine.close()
    gc.collect()
    Engine().close()


def test_a_closed_engine_answers_with_an_error():
    engine = Engine()
    engine.close()
    engine.close()
    with pytest.raises(RasError) as caught:
        engine.add_entry(EngineEntry("", "Office", "vpn", "", "", "", "", ""))
    assert caught.value.code == 711
    assert caught.value.function == "Simulator.add_entry"
    assert engine.counts() == (0, 0, 0, 0, 0)
