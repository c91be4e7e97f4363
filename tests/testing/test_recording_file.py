"""Recordings in files: what is written can be read, what is wrong is told, and half a file is never left."""

from __future__ import annotations

import json
import math
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from rasdial_async import ConnectionState, DialEvent, Simulator
from rasdial_async.testing.recording import Ending, Recording, RecordingError

repeatable = settings(derandomize=True, max_examples=200, deadline=None, database=None)

HEADER = '{"kind": "rasdial_async recording", "version": 1, "simulated": false}\n'
STATE = '{"kind": "state", "elapsed": 0.25, "state": "CONNECT_DEVICE", "device_type": "vpn"}\n'
BUSY = '{"kind": "state", "elapsed": 2, "state": "CONNECT_DEVICE", "error": 676}\n'
END = '{"kind": "end", "ending": "failed", "code": 676}\n'
WHOLE = HEADER + STATE + BUSY + END
RECORDING = Recording(
    (
        DialEvent(ConnectionState.CONNECT_DEVICE, elapsed=0.25, device_type="vpn"),
        DialEvent(ConnectionState.CONNECT_DEVICE, 676, elapsed=2.0),
    ),
    Ending.FAILED,
    676,
)


def test_what_a_person_writes() -> None:
    assert Recording.loads(WHOLE) == RECORDING
    assert Recording.loads(WHOLE.rstrip().replace("\n", "\r\n")) == RECORDING, "as on Windows"
    assert Recording.loads(b"\xef\xbb\xbf" + WHOLE.encode()) == RECORDING, "as Notepad saves it"


def test_what_is_written() -> None:
    written = RECORDING.dumps()
    assert written.isascii()
    header, state, *_, end = map(json.loads, written.splitlines())
    assert header == {"kind": "rasdial_async recording", "version": 1, "simulated": False}
    assert state == {"kind": "state", "elapsed": 0.25, "state": "CONNECT_DEVICE", "device_type": "vpn"}
    assert end == {"kind": "end", "ending": "failed", "code": 676, "attempt": 1}


# Any recording

DWORDS = st.integers(0, 0xFFFFFFFF)
STATES = st.sampled_from(ConnectionState) | DWORDS.map(ConnectionState)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """Attempts of which each may have an end, the last one with an ending that fits."""
    events: list[DialEvent] = []
    attempt = draw(st.integers(1, 3))
    for number in range(1, attempt + 1):
        for _ in range(draw(st.integers(0, 4))):
            event = DialEvent(
                state=draw(STATES),
                error=draw(st.just(0) | DWORDS),
                extended_error=draw(DWORDS),
                elapsed=round(draw(st.floats(0, 3000)), 6),
                attempt=number,
                sub_entry=draw(st.integers(0, 3)),
                device_type=draw(WORDS)[:8],
                device_name=draw(WORDS)[:64],
            )
            events.append(event)
            if event.terminal:
                break
    last = events[-1] if events else None
    simulated = draw(st.booleans())
    if last is not None and last.attempt == attempt and last.terminal:
        if last.failed:
            return Recording(tuple(events), Ending.FAILED, last.error or 631, attempt, simulated)
        return Recording(tuple(events), Ending.CONNECTED, 0, attempt, simulated)
    ending = draw(st.sampled_from([Ending.REFUSED, Ending.GIVEN_UP]))
    return Recording(tuple(events), ending, draw(st.integers(1, 0xFFFFFFFF)), attempt, simulated)


@repeatable
@given(recordings())
def test_what_is_written_can_be_read(recording: Recording) -> None:
    assert Recording.loads(recording.dumps()) == recording


@pytest.fixture(scope="module")
def simulator():
    with Simulator(pace=0) as simulator:
        yield simulator


@repeatable
@given(recording=recordings())
def test_what_can_be_read_can_be_played(simulator: Simulator, recording: Recording) -> None:
    for attempt in {event.attempt for event in recording.events} | {recording.attempt}:
        recording.play_on(simulator, "Again", attempt=attempt)


# Any file


@repeatable
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"[" * 100_000)
@example(b"9" * 10_000)
@example(HEADER.encode() + b'{"kind": "state", "elapsed": ' + b"9" * 10_000 + b"}")
def test_what_is_no_recording_is_refused_with_its_line(data: bytes) -> None:
    with pytest.raises(RecordingError) as caught:
        Recording.loads(data, source="there.jsonl")
    assert str(caught.value).startswith(f"there.jsonl, line {caught.value.line}: ")


KEYS = [
    "kind",
    "elapsed",
    "state",
    "error",
    "extended_error",
    "attempt",
    "device_name",
    "ending",
    "code",
    "x",
]
VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from(["state", "end", "failed", "UNKNOWN_77", "UNKNOWN_99999999999"])
)  # fmt: skip


@repeatable
@given(
    st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES), max_size=3),
    st.integers(0, 3),
    st.booleans(),
)
def test_nearly_right_files_are_read_or_refused_with_their_line(
    objects: list[dict[str, object]], where: int, replacing: bool
) -> None:
    lines = WHOLE.splitlines()
    lines[where : where + replacing] = [json.dumps(one) for one in objects]
    try:
        recording = Recording.loads("\n".join(lines))
    except RecordingError as error:
        told = error.line
    else:
        told = 1
        assert Recording.loads(recording.dumps()) == recording
    assert 1 <= told <= len(lines)


@repeatable
@given(st.integers(0, len(WHOLE.rstrip()) - 1))
def test_a_file_that_was_cut_off(length: int) -> None:
    with pytest.raises(RecordingError):
        Recording.loads(WHOLE[:length])


def with_state(**values: object) -> str:
    line = json.loads(STATE) | values
    return HEADER + json.dumps({key: value for key, value in line.items() if value is not None}) + "\n" + END


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, 'a recording begins with the kind "rasdial_async recording"'),
        (END, 1, "a recording begins with the kind"),
        (HEADER, 1, 'the file ends here without its "end": it is not whole'),
        (HEADER + STATE, 2, 'the file ends here without its "end": it is not whole'),
        (HEADER.replace("1", "2"), 1, "this is version 2; version 1 is what can be read here"),
        (HEADER.replace("false", "0"), 1, '"simulated" must be true or false'),
        (HEADER.replace("}", ', "name": ""}'), 1, '"name" is not known here'),
        (WHOLE + STATE, 5, "there is a line behind the end"),
        (WHOLE + "\n", 5, "is not JSON: Expecting value, at column 1"),
        (HEADER + HEADER, 2, '"kind" must be "state" or "end"'),
        (HEADER + "[]\n", 2, "must hold a JSON object"),
        (HEADER + '{"kind": "state", "kind": "end"}\n', 2, "a key stands there twice"),
        (HEADER + '{"kind": "state", "elapsed": NaN}\n', 2, "NaN is no number"),
        (HEADER + "\udcff\n", 2, "is not UTF-8, at byte 1"),
        (with_state(state="OPENPORT"), 2, '"state" names no state of RAS: "OPENPORT"'),
        (with_state(state="UNKNOWN_4294967296"), 2, '"state" names no state of RAS'),
        (with_state(state=2), 2, '"state" must be a text'),
        (with_state(state=None), 2, '"state" is missing'),
        (with_state(elapsed=None), 2, '"elapsed" is missing'),
        (with_state(elapsed=-1), 2, '"elapsed" must be a number of seconds, 0 or more'),
        (with_state(elapsed="1"), 2, '"elapsed" must be a number of seconds'),
        (with_state(elapsed=True), 2, '"elapsed" must be a number of seconds'),
        (with_state().replace("0.25", "1e999"), 2, '"elapsed" must be a number of seconds'),
        (with_state(error=-1), 2, '"error" must be a whole number from 0 to 4294967295'),
        (with_state(error=1.0), 2, '"error" must be a whole number'),
        (with_state(error=False), 2, '"error" must be a whole number'),
        (with_state(attempt=0), 2, '"attempt" must be a whole number from 1 to'),
        (with_state(device_type="x" * 17), 2, '"device_type" is longer than 16 characters'),
        (with_state(device_name="\U0001f4de" * 65), 2, '"device_name" is longer than 128 characters'),
        (with_state(device_name="a\0b"), 2, '"device_name" must not contain a NUL character'),
        (with_state(device_name="\ud800"), 2, '"device_name" must not contain a NUL character or a lone'),
        (with_state(handle=1), 2, '"handle" is not known here'),
        (HEADER + END, 2, "the events do not end with this error"),
        (HEADER + BUSY + END.replace("failed", "lost"), 3, '"ending" must be one of connected, failed, '),
    ],
)
def test_what_is_wrong(text: str, line: int, reason: str) -> None:
    with pytest.raises(RecordingError) as caught:
        Recording.loads(text)
    assert caught.value.line == line
    assert reason in caught.value.reason


# Files


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "dial.jsonl"
    RECORDING.save(path)
    assert path.read_text("ascii") == RECORDING.dumps()
    assert Recording.load(path) == RECORDING
    assert os.listdir(tmp_path) == ["dial.jsonl"]


def test_the_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dial.jsonl"
    path.write_text(HEADER)
    with pytest.raises(RecordingError) as caught:
        Recording.load(path)
    assert str(caught.value).startswith(f"{path}, line 1: the file ends here")
    with pytest.raises(FileNotFoundError):
        Recording.load(tmp_path / "nothing.jsonl")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_new_file_is_for_its_user_and_another_keeps_its_mode(tmp_path: Path) -> None:
    path, open_to_all = tmp_path / "new", tmp_path / "old"
    RECORDING.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    open_to_all.write_text("")
    open_to_all.chmod(0o644)
    RECORDING.save(open_to_all)
    assert stat.S_IMODE(open_to_all.stat().st_mode) == 0o644


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "dial.jsonl"
    path.write_text("before")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        RECORDING.save(path)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["dial.jsonl"]


def test_seconds_are_kept_to_the_microsecond() -> None:
    event = DialEvent(ConnectionState.CONNECTED, elapsed=round(math.pi, 6))
    assert Recording.loads(Recording((event,), Ending.CONNECTED).dumps()).events == (event,)
