"""From RasDialFunc1 to a sink in Python: events become plain tuples, and a mistake stays with its event.

RAS is played by the test: it calls the RasDialFunc1 of a dial by its address.
"""

from __future__ import annotations

import logging
import sys
import threading

import pytest

from rasdial_async._native import trampoline
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import (
    NotifyTarget,
    RasLibrary,
    RawEvent,
    clock,
    device_names,
    release,
    this_thread,
)

WM_RASDIALEVENT = 0xCCCD
SECONDS = 10.0


def library(status=None):
    """A table with the functions of the test; all others are missing."""
    api = ffi.new("struct ras_api *")
    if status is not None:
        api.RasGetConnectStatusW = status
    return RasLibrary(api, "test")


class Target(NotifyTarget):
    """May be closed by the test and again after it. It has a dial for each handle."""

    closed = False

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.dials = {}

    def dial(self, handle, hold=False):
        if (handle, hold) not in self.dials:
            self.dials[handle, hold] = self.begin(hold)
        return self.dials[handle, hold]

    def close(self):
        if not self.closed:
            self.closed = True
            for dial in self.dials.values():
                dial.close()
            super().close()


@pytest.fixture
def open_target():
    opened, functions = [], []  # C holds the address of a function, and nothing else does

    def make(sink, *, status=None):
        functions.append(status)
        opened.append(Target(library(status), sink))
        return opened[-1]

    yield make
    for target in opened:
        target.close()


def announce(target, state, *, error=0, extended=0, handle=4, hold=False, message=WM_RASDIALEVENT):
    address = target.dial(handle, hold).function()
    function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", address)
    function(ffi.cast("HRASCONN", handle), message, state, error, extended)


def test_an_invocation_becomes_a_plain_tuple(open_target):
    events = []
    target = open_target(events.extend)
    before = clock()
    announce(target, 0xFFFFFFFF, error=0x80420112, extended=0xFFFFFFFE, handle=0xDEADBEEC)
    after = clock()
    assert events == []
    assert target.drain() == 1
    (event,) = events
    assert event == RawEvent(
        dial=target.dial(0xDEADBEEC).dial,
        handle=0xDEADBEEC,
        device=0,
        at=event.at,
        hold=0,
        state=0xFFFFFFFF,
        error=0x80420112,
        extended_error=0xFFFFFFFE,
        sub_entry=0,
        thread=this_thread(),
    )
    assert before <= event.at <= after
    assert all(type(value) is int for value in event)


def test_an_event_names_the_thread_that_ras_called_on(open_target):
    events, there = [], []
    target = open_target(events.extend)

    def call_back():
        there.append(this_thread())
        announce(target, 0)

    thread = threading.Thread(target=call_back)
    thread.start()
    thread.join()
    announce(target, 1)
    target.drain()
    assert [event.thread for event in events] == [*there, this_thread()]
    assert there != [this_thread()]


def test_a_drain_hands_over_the_events_of_each_dial_together(open_target):
    came = []
    target = open_target(came.append)
    for state in range(3):
        for handle in (12, 4, 8):
            announce(target, state, handle=handle)
    assert target.drain() == 9
    assert [{event.handle for event in events} for events in came] == [{12}, {4}, {8}]
    assert [[event.state for event in events] for events in came] == [[0, 1, 2]] * 3


def test_a_drain_hands_over_all_that_waits_oldest_first(open_target):
    events = []
    target = open_target(events.extend)
    for state in range(5):
        announce(target, state)
    assert target.drain() == 5
    assert [event.state for event in events] == [0, 1, 2, 3, 4]
    assert target.drain() == 0
    assert len(events) == 5


@pytest.mark.parametrize("count", [63, 64, 65, 128, 3000])
def test_a_drain_hands_over_however_many(open_target, count):
    events = []
    target = open_target(events.extend)
    for number in range(count):
        announce(target, 9, extended=number)
    assert target.drain() == count
    assert [event.extended_error for event in events] == [*range(count)]
    assert target.drain() == 0


def test_an_interrupt_loses_no_event_and_comes_after_the_last(open_target):
    events = []

    def sink(arrived):
        events.extend(event.extended_error for event in arrived)
        if arrived[0].extended_error == 5:
            raise KeyboardInterrupt

    target = open_target(sink)
    for number in range(400):
        announce(target, 9, extended=number, handle=4 + 4 * number)
    with pytest.raises(KeyboardInterrupt):
        target.drain()
    assert events == [*range(400)]
    assert target.drain() == 0


def test_a_target_closed_by_its_sink_hands_over_no_more(open_target):
    events = []

    def sink(arrived):
        events.extend(event.extended_error for event in arrived)
        target.close()

    target = open_target(sink)
    for number in range(1000):
        announce(target, 9, extended=number, handle=4 + 4 * (number % 2))
    target.drain()
    assert events == [*range(0, 1000, 2)]


def test_each_drain_raises_the_interrupt_of_its_own_thread(open_target):
    """Two loops drain at the same time, and both are interrupted before either drain is over."""

    class Interrupt(BaseException):
        pass

    raised, done = {}, {moment: threading.Event() for moment in ("a came", "b came", "a is over")}

    def drain(name, after_interrupt):
        def sink(arrived):
            if arrived[0].handle == 4:
                raise Interrupt(name)
            after_interrupt()

        target = open_target(sink)
        announce(target, 0, handle=4)
        announce(target, 0, handle=8)
        try:
            target.drain()
        except BaseException as error:
            raised[name] = error.args

    def a_waits():
        done["a came"].set()
        assert done["b came"].wait(10)

    def b_waits():
        done["b came"].set()
        assert done["a is over"].wait(10)

    first = threading.Thread(target=drain, args=("a", a_waits))
    second = threading.Thread(target=drain, args=("b", b_waits))
    first.start()
    assert done["a came"].wait(10)
    second.start()
    first.join()
    done["a is over"].set()
    second.join()
    assert raised == {name: (name,) for name in "ab"}


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="a Python without a GIL lets go of none"
)
def test_a_drain_does_not_let_go_of_the_gil(open_target):
    """A thread that waits for the GIL for less than the switch interval gets it only from who lets go."""
    turns, ready, stop = [], threading.Event(), False

    def spin():
        ready.wait()
        while not stop:
            turns.append(1)

    target = open_target(lambda event: None)
    for state in range(5000):
        announce(target, state)
    thread = threading.Thread(target=spin)
    thread.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(3)
    try:
        ready.set()
        for _ in range(1_000_000):  # for the thread to come and wait
            pass
        assert target.drain() == 5000
        assert not turns
    finally:
        stop = True
        sys.setswitchinterval(interval)
        thread.join()


def test_an_error_in_a_sink_is_logged_and_the_rest_is_handed_over(open_target, caplog):
    seen = []

    def sink(arrived):
        seen.extend(event.state for event in arrived)
        if arrived[0].state in (1, 3):
            raise ValueError(f"mistake {arrived[0].state}")

    target = open_target(sink)
    for state in range(5):
        announce(target, state, handle=4 + 4 * state)
    assert target.drain() == 5
    assert seen == [0, 1, 2, 3, 4]
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert [str(record.exc_info[1]) for record in caplog.records] == ["mistake 1", "mistake 3"]
    assert all(record.name == "rasdial_async._native.trampoline" for record in caplog.records)
    assert all(record.exc_info[2] is not None for record in caplog.records)


def test_an_event_in_the_middle_of_a_drain_waits_for_the_next(open_target):
    events = []

    def sink(arrived):
        events.extend(event.state for event in arrived)
        if arrived[0].state == 0:
            announce(target, 1)

    target = open_target(sink)
    announce(target, 0)
    assert target.drain() == 1
    assert events == [0]
    assert target.drain() == 1
    assert events == [0, 1]


def test_what_comes_after_closing_reaches_nobody():
    events = []
    target = Target(library(), events.extend)
    announce(target, 0)
    target.shut()
    announce(target, 1)
    assert target.counters().rejected == 1
    target.close()
    announce(target, 2)
    assert events == []


def test_the_same_handle_of_two_dials(open_target):
    """RAS gives the value of a handle again, maybe before anybody has looked at its events."""
    came = []
    target = open_target(came.append)
    first, second = target.begin(), target.begin()
    for dial, states in ((first, (0, 0x2000)), (second, (1, 2)), (first, (9,))):
        function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", dial.function())
        for state in states:
            function(ffi.cast("HRASCONN", 4), WM_RASDIALEVENT, state, 0, 0)
    target.drain()
    assert [[event.state for event in events] for events in came] == [[0, 0x2000, 9], [1, 2]]
    assert [events[0].dial for events in came] == [first.dial, second.dial]
    first.close()
    second.close()


def test_a_dial_tells_when_it_was_first_called(open_target):
    """Also before anybody has drained the event."""
    events = []
    target = open_target(events.extend)
    assert target.dial(4).first_called() == 0
    before = clock()
    announce(target, 1)
    first = target.dial(4).first_called()
    assert before <= first <= clock()
    announce(target, 2)
    assert target.dial(4).first_called() == first
    target.drain()
    assert first <= events[0].at


def test_the_functions_of_a_dial_that_is_over_do_nothing(open_target):
    events = []
    target = open_target(events.extend)
    announce(target, 1)
    target.dial(4).close()
    announce(target, 2)
    assert target.drain() == 1
    assert [event.state for event in events] == [1]


def test_a_closed_number_ends_no_other_dial(open_target):
    """Its functions may be another dial's by then."""
    events = []
    target = open_target(events.extend)
    over = target.begin()
    over.close()
    later = [target.begin()]
    while later[-1].function() != over.function():
        later.append(target.begin())
    over.close()
    function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", over.function())
    function(ffi.cast("HRASCONN", 4), WM_RASDIALEVENT, 0, 0, 0)
    assert target.drain() == 1
    assert events[0].dial == later[-1].dial != over.dial
    for dial in later:
        dial.close()


def test_an_event_under_another_message_is_delivered_and_counted(open_target):
    events = []
    target = open_target(events.extend)
    announce(target, 3, message=0x0400)
    announce(target, 4)
    assert target.drain() == 2
    assert [event.state for event in events] == [3, 4]
    assert target.counters() == (1, 0, 0)


# The device, asked inside the callback


def status_function(device_type, device_name, code=0):
    """A RasGetConnectStatusW that knows one device."""

    @ffi.callback("uint32_t(HRASCONN, RASCONNSTATUSW *)")
    def answer(handle, status):
        ffi.buffer(status.szDeviceType)[: 2 * len(device_type)] = device_type.encode(
            "utf-16-le", "surrogatepass"
        )
        raw = device_name.encode("utf-16-le", "surrogatepass")
        ffi.buffer(status.szDeviceName)[: len(raw)] = raw
        return code

    return answer


@pytest.mark.parametrize("state", [2, 3])
def test_the_device_is_told_at_connect_device_and_device_connected(open_target, state):
    events = []
    target = open_target(events.extend, status=status_function("vpn", "WAN Miniport (IKEv2)"))
    announce(target, state)
    announce(target, 4)
    target.drain()
    assert [device_names(event.device) for event in events] == [
        ("vpn", "WAN Miniport (IKEv2)"),
        ("", ""),
    ]


def test_a_device_that_ras_does_not_tell_is_empty(open_target):
    events = []
    target = open_target(events.extend, status=status_function("vpn", "Miniport", code=6))
    announce(target, 2)
    target.drain()
    assert device_names(events[0].device) == ("", "")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Modem \N{GRINNING FACE}", "Modem \N{GRINNING FACE}"),
        ("Modem \ud83d", "Modem \N{REPLACEMENT CHARACTER}"),
        ("\ude00Modem", "\N{REPLACEMENT CHARACTER}Modem"),
        ("x" * 129, "x" * 128),  # a library that forgets the zero
    ],
)
def test_what_ras_writes_can_be_printed(open_target, raw, read):
    events = []
    target = open_target(events.extend, status=status_function("modem", raw))
    announce(target, 3)
    target.drain()
    assert device_names(events[0].device) == ("modem", read)
    read.encode("utf-8")


# Holding


def held_call(target, state, **options):
    """A callback that stays inside RAS until it is released."""
    thread = threading.Thread(target=announce, args=(target, state), kwargs={"hold": True, **options})
    thread.start()
    return thread


def wait_for(events, target):
    """Drains until the held event is there; it comes from another thread."""
    arrived = threading.Event()
    while not events and not arrived.wait(0.001):
        target.drain()


@pytest.mark.parametrize("let_go", ["release", "shut", "close"])
def test_an_error_is_held_until_it_is_let_go(open_target, let_go):
    events = []
    target = open_target(events.extend)
    thread = held_call(target, 5, error=691)
    wait_for(events, target)
    assert events[0].hold != 0
    release(events[0].hold + 64)  # another one's number
    assert thread.is_alive()
    if let_go == "release":
        release(events[0].hold)
    else:
        getattr(target, let_go)()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_what_is_no_error_is_not_held(open_target):
    events = []
    target = open_target(events.extend)
    announce(target, 5, hold=True)
    target.drain()
    assert events[0].hold == 0
    release(0)  # nobody is held under it, and nothing happens


# on_wake


def test_a_wake_that_fails_is_logged_and_the_next_one_comes(open_target, caplog):
    woken = threading.Semaphore(0)

    def wake():
        woken.release()
        raise ValueError("a mistake of the wake")

    target = open_target(lambda event: None)
    target.relay_to(wake)
    for state in range(2):
        announce(target, state)
        assert woken.acquire(timeout=SECONDS)
        target.drain()
    target.close()  # joins the relay: what it logs is logged
    assert [str(record.exc_info[1]) for record in caplog.records] == ["a mistake of the wake"] * 2


def test_a_wake_that_nobody_wants_any_more_is_nothing(open_target):
    woken = threading.Semaphore(0)
    target = open_target(lambda event: None)
    target.relay_to(woken.release)
    announce(target, 0)
    assert woken.acquire(timeout=SECONDS)
    target.drain()
    trampoline.forget()
    announce(target, 1)
    target.close()
    assert not woken.acquire(blocking=False)
