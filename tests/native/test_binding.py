"""Python calls C: RasDialW, loading a library, targets and engines."""

from __future__ import annotations

import gc
import os
import sys
import threading
from dataclasses import replace

import pytest
from support.tables import PASSWORD, REQUEST, table

from rasdial_async import EapIdentity
from rasdial_async._native import text
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import (
    EapInfo,
    Engine,
    EngineEntry,
    NotifyTarget,
    handle_cell,
    library,
    open_library,
    read_handle,
)
from rasdial_async._native.binding.notify import MAX_DIALS, MAX_TARGETS
from rasdial_async._native.binding.simulator import MAX_ENGINES
from rasdial_async._native.records.credentials import Credentials
from rasdial_async._native.records.request import DialOptions, DialRequest
from rasdial_async.errors.tree import BackendUnavailableError, RasError

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


def stores(username="", domain="", password=False, code=0):
    """A RasGetEntryDialParamsW; the stand-in for a password is in the structure only if one is stored."""

    def read(phonebook, params, has_password):
        params.szUserName, params.szDomain = username, domain
        params.szPassword = "*" * 16 if password else ""
        has_password[0] = password
        return code

    return read


STORED = [
    (stores("ada", "LAB", password=True), ("ada", "*" * 16, "LAB")),
    (stores("ada"), ("ada", "", "")),  # a certificate or a smart card
    (stores("", "LAB"), ("", "", "LAB")),
]


@pytest.mark.parametrize("credentials", [None, Credentials.stored()])
@pytest.mark.parametrize(("stored", "login"), STORED)
def test_what_is_stored_dials_with_or_without_a_password(credentials, stored, login):
    ras = Dialed(handle=1)
    library = table(RasDialW=ras, RasGetEntryDialParamsW=stored)
    assert library.dial(DialRequest("Office", credentials=credentials), ffi.NULL, handle_cell()) == 0
    assert (ras.fields["szUserName"], ras.fields["szPassword"], ras.fields["szDomain"]) == login


@pytest.mark.parametrize("functions", [{}, {"RasGetEntryDialParamsW": stores()}])
def test_nothing_stored_means_the_logon_unless_stored_credentials_are_asked_for(functions):
    ras = Dialed(handle=1)
    library = table(RasDialW=ras, **functions)
    assert library.dial(DialRequest("Office"), ffi.NULL, handle_cell()) == 0
    assert (ras.fields["szEntryName"], ras.fields["szUserName"], ras.fields["szPassword"]) == (
        "Office",
        "",
        "",
    )
    with pytest.raises(RasError) as caught:
        library.dial(DialRequest("Office", credentials=Credentials.stored()), ffi.NULL, handle_cell())
    assert caught.value.code == (703 if functions else 127)
    assert len(ras.calls) == 1


@pytest.mark.parametrize("code", [623, 711])
def test_a_lookup_that_fails_leaves_the_word_to_rasdial_unless_it_was_asked_for(code):
    ras = Dialed(code=code)
    library = table(RasDialW=ras, RasGetEntryDialParamsW=stores("half", password=True, code=code))
    assert library.dial(DialRequest("Office"), ffi.NULL, handle_cell()) == code
    assert (ras.fields["szEntryName"], ras.fields["szUserName"], ras.fields["szPassword"]) == (
        "Office",
        "",
        "",
    )
    with pytest.raises(RasError) as caught:
        library.dial(DialRequest("Office", credentials=Credentials.stored()), ffi.NULL, handle_cell())
    assert (caught.value.code, caught.value.entry) == (code, "Office")


def test_the_logon_and_given_logins_are_not_looked_up():
    lookups = []
    read = stores("somebody else")

    def look_up(*arguments):
        lookups.append(arguments)
        return read(*arguments)

    library = table(RasDialW=Dialed(handle=1), RasGetEntryDialParamsW=look_up)
    for credentials in (Credentials.logon(), Credentials("ada")):
        library.dial(DialRequest("Office", credentials=credentials), ffi.NULL, handle_cell())
    library.dial(DialRequest("", phone_number="555"), ffi.NULL, handle_cell())
    for login in (DialRequest("Office", eap=EapIdentity("ada", b"1")), DialRequest("Office", cookie=b"1")):
        library.dial(login, ffi.NULL, handle_cell(), eap=EapInfo.of(login))
    assert lookups == []


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


# Targets and engines


def test_there_are_so_many_targets_and_one_more_is_an_error():
    opened = []
    lib = table()
    try:
        with pytest.raises(RuntimeError, match="no event queue to be had"):
            opened.extend(NotifyTarget(lib, lambda event: None) for _ in range(MAX_TARGETS + 1))
        assert len(opened) > MAX_TARGETS // 2
    finally:
        for target in opened:
            target.close()
    NotifyTarget(lib, lambda event: None).close()


def test_there_are_so_many_dials_and_one_more_is_an_error():
    target = NotifyTarget(table(), lambda event: None)
    begun = []
    try:
        with pytest.raises(RasError, match=f"{MAX_DIALS} dials run in this process already") as refused:
            begun.extend(target.begin() for _ in range(MAX_DIALS + 1))
        assert refused.value.code == 614
        functions = {dial.function(several) for dial in begun for several in (False, True)}
        assert len(functions) == 2 * len(begun), "two dials share a function"
    finally:
        for dial in begun:
            dial.close()
        target.close()


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
    callback = target.begin()
    function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", callback.function())
    function(ffi.NULL, 0xCCCD, 0, 0, 0)
    assert woken.wait(10)
    before = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 0
    callback.close()
    target.close()
    after = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else -1
    assert after < before


def test_there_are_so_many_engines_and_one_more_is_an_error():
    opened = []
    try:
        with pytest.raises(RuntimeError, match=f"{MAX_ENGINES} engines are open already"):
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
    assert set(engine.counts()) == {0}
