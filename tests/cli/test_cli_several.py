"""Several dials side by side, redials, the bar, and where the time went."""

from __future__ import annotations

import asyncio
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.console import detect_legacy_windows
from support.fake_backend import fake_connection

from rasdial_async import (
    ConnectionState,
    DialEvent,
    Dialing,
    Fail,
    LineBusyError,
    RasClient,
    Silence,
    Simulator,
    Step,
)
from rasdial_async.cli.app import App
from rasdial_async.cli.commands.several import hang_up
from rasdial_async.cli.display.live import LiveReport
from rasdial_async.cli.display.picture import html, svg
from rasdial_async.cli.display.progress import Progress, usual_states
from rasdial_async.cli.display.report import Report
from rasdial_async.cli.display.screen import Screen
from rasdial_async.cli.display.spans import Row, Span, spans_of
from rasdial_async.simulator import ScriptStep

NARROW = str(40 + detect_legacy_windows())  # rich leaves the last column of such a console empty
SVG = "{http://www.w3.org/2000/svg}"
BUSY: list[ScriptStep] = [
    Step(ConnectionState.OPEN_PORT),
    Step(ConnectionState.CONNECT_DEVICE, after=0.01),
    Fail(676, after=0.03),
]


def plain(shown: str) -> str:
    """Without what moves the cursor and what colours."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", "\n")


def test_entries_are_dialed_side_by_side(program, simulator: Simulator) -> None:
    result = program("dial", "Home", "Office VPN", "--username", "ada", env={"RASDIAL_PASSWORD": "s3cret"})
    assert result.exit_code == 0
    for entry in ("Home", "Office VPN"):
        assert f"{entry}: connected on WAN Miniport (IKEv2)" in result.stdout
        assert f"{entry}: no real link" not in result.stdout
    assert result.stdout.endswith("[simulated] no real links; the connections end with this program\n")
    assert simulator.counts.connections == 2


def test_a_failure_of_one_leaves_the_others_alone_and_exits_1(program, simulator: Simulator) -> None:
    simulator.script("Home", BUSY)
    env = {"RASDIAL_PASSWORD": "s3cret"}
    result = program("dial", "Home", "Office VPN", "Nowhere", "--username", "ada", env=env)
    assert result.exit_code == 1
    assert "Office VPN: connected" in result.stdout
    assert "Home: ERROR_LINE_BUSY (676)" in result.stderr
    assert "Nowhere: ERROR_CANNOT_FIND_PHONEBOOK_ENTRY (623)" in result.stderr
    assert result.stderr.count("hint: ") == 2
    assert "It stays up" not in result.stdout
    assert simulator.counts.connections == 1


def test_json_of_several_names_the_entry_in_each_object(program, simulator: Simulator) -> None:
    simulator.script("Home", BUSY)
    found = program.json("dial", "Home", "Nowhere")
    assert {record["entry"]: record["code"] for record in found if record["kind"] == "error"} == {
        "Home": 676,
        "Nowhere": 623,
    }


@pytest.mark.asyncio
async def test_connections_are_hung_up_all_at_once() -> None:
    together = asyncio.Barrier(3)

    class Connected:
        entry, done, hang_up = "Home", True, staticmethod(together.wait)

    class Told(Report):
        def hung_up(self, dialing: Dialing) -> None: ...

    app = App(held=["Home"] * 3)
    async with asyncio.timeout(10):
        await hang_up(app, [Connected(), Connected(), Connected()], Told(app.screen))  # type: ignore[list-item]
    assert app.held == []


def test_a_phone_number_is_for_one_entry(program) -> None:
    result = program("dial", "Home", "Office VPN", "--phone-number", "1")
    assert result.exit_code == 2
    assert "--phone-number is for one ENTRY" in result.stderr


def test_redial_dials_again_and_says_which_attempt_it_is(program, simulator: Simulator) -> None:
    simulator.script("Home", [Step(ConnectionState.OPEN_PORT), Fail(676)])
    found = program.json("dial", "Home", "--redial", "1")
    assert {record["attempt"] for record in found if record["kind"] == "state"} == {1, 2}
    assert "attempt 2: OpenPort" in program("--redial", "1", "dial", "Home").stdout


@pytest.mark.parametrize(("live", "told"), [(False, "error 676"), (True, "676 ERROR_LINE_BUSY")])
def test_a_pause_before_a_redial_is_told_but_not_after_the_last(
    program, simulator, live: bool, told: str
) -> None:
    simulator.script("Home", [Fail(676)])
    shown = program("dial", "Home", "--redial", "1", live=live).stdout
    assert f"{told}, again soon" in shown
    assert f"{told}, again soon" not in shown.rpartition("attempt 2")[2]
    assert "again soon" not in program("dial", "Home", live=live).stdout


def test_a_wrong_password_is_not_redialed(program) -> None:
    env = {"RASDIAL_PASSWORD": "wrong"}
    found = program("dial", "Office VPN", "--username", "ada", "--redial", "3", "--json", env=env)
    assert '"attempt": 2' not in found.stdout


def test_live_lines_of_several_fit_80_columns(program, simulator: Simulator) -> None:
    simulator.script("Home", BUSY)
    result = program("dial", "Home", "Office VPN", live=True, env={"NO_COLOR": "1"})
    shown = plain(result.stdout)
    assert max(map(len, shown.splitlines())) <= 80
    assert re.search(r"✘ Home +\d\.\d\d s ━+┄+ 676 ERROR_LINE_BUSY +simulated", shown)


@pytest.fixture
def branches(simulator: Simulator) -> list[str]:
    names = [f"Branch {number:02}" for number in range(40)]
    for name in names:
        simulator.add_entry(name)
    return names


def test_many_live_lines_do_not_hold_up_the_dials(
    program, branches: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []

    def draw(self: LiveReport, dialings: object) -> str:
        drawn.append(1)
        return "lines"

    monkeypatch.setattr(LiveReport, "_table", draw)
    assert program("dial", *branches, live=True).exit_code == 0
    states = len(program.json("dial", *branches))
    assert 0 < len(drawn) < states / 4


def test_more_live_lines_than_the_terminal_has_are_those_that_go_on_and_all_at_the_end(
    program, branches: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"LINES": "10", "COLUMNS": "80", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    screen = Screen(live=True)
    first, *more, last = dialings = [program.client.dial(name) for name in branches]
    report = LiveReport(screen, dialings)
    report.failed(first, LineBusyError())
    connection, _ = fake_connection()
    for dialing in more:
        report.connected(dialing, connection)
    screen.out.print(report._shown())
    shown = plain(capsys.readouterr().out).splitlines()
    assert len(shown) == 9
    assert re.match(rf"\S {last.entry} .* dialing", shown[7])
    assert shown[8] == "40 dials: 1 under way, 38 ✔, 1 ✘"
    with report:
        pass
    shown = plain(capsys.readouterr().out).splitlines()
    assert [line.split()[2] for line in shown[-40:]] == [name.split()[1] for name in branches]
    for dialing in dialings:
        dialing.close()  # it was never begun


def test_live_lines_give_up_the_bar_before_what_says_how_it_goes(program, simulator: Simulator) -> None:
    simulator.script("Home", BUSY)
    env = {"NO_COLOR": "1", "COLUMNS": NARROW}
    shown = plain(program("dial", "Home", "An entry that is not there", live=True, env=env).stdout)
    assert re.search(r"^✘ Home +\d+\.\d\d s  676 ERROR_\S*… sim\.$", shown, re.MULTILINE)
    assert "━" not in shown


def test_a_timeline_without_room_for_bars_has_the_numbers_alone(program) -> None:
    shown = plain(program("dial", "Home", "--timeline", live=True, env={"COLUMNS": NARROW}).stdout)
    assert re.search(r"^  OpenPort +0\.\d{3} s +\d+%$", shown, re.MULTILINE)
    assert "█" not in shown


# --- the bar ---


@pytest.mark.parametrize("device", ["WAN Miniport (IKEv2)", "WAN Miniport (PPPOE)", "Standard Modem"])
def test_the_bar_learns_its_way_from_the_device(program, simulator: Simulator, device: str) -> None:
    simulator.add_entry("Any", device=device)
    progress = Progress()
    shares = []
    for record in program.json("dial", "Any"):
        if record["kind"] == "state":
            state = ConnectionState[record["state"]]
            progress.feed(
                DialEvent(state, device_type=record["device_type"], device_name=record["device_name"])
            )
            shares.append(progress.share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(set(shares)) >= 10


def test_the_bar_stands_still_at_an_error_and_begins_anew_with_an_attempt() -> None:
    progress = Progress()
    progress.feed(DialEvent(ConnectionState.AUTHENTICATE))
    reached = progress.share
    progress.feed(DialEvent(ConnectionState.CONNECTED, error=691))
    progress.feed(DialEvent(ConnectionState(77)))
    assert progress.share == reached > 0
    progress.feed(DialEvent(ConnectionState.OPEN_PORT, attempt=2))
    assert 0 < progress.share < reached


def test_devices_have_ways_of_their_own() -> None:
    ways = {usual_states("vpn", "WAN Miniport (IKEv2)"), usual_states("PPPoE", ""), usual_states("MODEM", "")}
    assert len(ways) == 3
    assert all(way[-1] is ConnectionState.CONNECTED for way in ways)


def test_a_bar_has_its_width_in_every_encoding(simulator: Simulator) -> None:
    dialing = RasClient(simulator).dial("Home")
    dialing.close()
    report = LiveReport(Screen(), [dialing])
    for ascii_only, bar in ((True, "##.."), (False, "━━┄┄")):
        report.screen.ascii_only = ascii_only
        assert report._bar(0.5, 4) == bar


# --- where the time went ---


def test_the_timeline_tells_every_state_and_adds_up(program, simulator: Simulator) -> None:
    simulator.script(
        "Home",
        [
            Step(ConnectionState.OPEN_PORT),
            Step(ConnectionState.AUTHENTICATE, after=0.02),
            Step(ConnectionState.CONNECTED, after=0.06),
        ],
    )
    result = program("dial", "--timeline", "Home")
    assert result.exit_code == 0
    assert re.search(r"^Home: connected after 0\.\d{3} s  \(simulated\)$", result.stdout, re.MULTILINE)
    assert re.search(r"^  Authenticate +0\.\d{3} s +\d+%  +█+$", result.stdout, re.MULTILINE)

    program("hangup", "Home")
    [row] = [record for record in program.json("dial", "Home", "--timeline") if record["kind"] == "timeline"]
    assert row["code"] == 0
    names = [span["state"] for span in row["spans"]]
    assert names == [None, "OPEN_PORT", "AUTHENTICATE"]
    assert row["spans"][2]["seconds"] > row["spans"][1]["seconds"] >= 0.02
    assert sum(span["seconds"] for span in row["spans"]) == pytest.approx(row["seconds"], abs=1e-5)


def test_the_timeline_has_a_row_for_each_attempt(program, simulator: Simulator) -> None:
    simulator.script("Home", BUSY)
    rows = [
        record
        for record in program.json("dial", "Home", "--redial", "1", "--timeline")
        if record["kind"] == "timeline"
    ]
    assert [(row["attempt"], row["code"]) for row in rows] == [(1, 676), (2, 676)]


def test_a_dial_over_its_time_ends_its_timeline_with_the_state_that_took_it(program, simulator) -> None:
    simulator.script("Home", [Step(ConnectionState.OPEN_PORT), Silence()])
    result = program("dial", "Home", "--timeout", "0.5", "--timeline")
    assert result.exit_code == 1
    assert re.search(r"Home: 1460 ERROR_TIMEOUT after \d+\.\d+ s", result.stdout)
    last = re.search(r"OpenPort +(\d+\.\d+) s", result.stdout)
    assert last
    assert float(last[1]) > 0.05, "until the end, not until its own event"


def test_what_ras_refuses_at_once_has_no_timeline(program) -> None:
    assert program("dial", "Nowhere", "--timeline").exit_code == 1


@pytest.mark.parametrize("suffix", [".svg", ".SVG", ".html"])
def test_the_timeline_is_drawn(program, simulator: Simulator, tmp_path: Path, suffix: str) -> None:
    simulator.script("Home", BUSY)
    path = tmp_path / f"dials{suffix}"
    result = program("dial", "--timeline", str(path), "Home", "Office <&> \x07")
    assert result.exit_code == 1
    assert f"drawn: {path}" in result.stdout.replace("\n", "")
    text = path.read_text("utf-8")
    assert "✘ 676 ERROR_LINE_BUSY" in text
    assert "simulated" in text
    drawn = ET.fromstring(text[text.index("<svg") : text.index("</svg>") + len("</svg>")])
    spans = [rect for rect in drawn.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    assert len(spans) >= 2
    assert len({rect.get("fill") for rect in spans}) == len(spans)


def test_a_picture_says_any_name_and_does_not_run_it() -> None:
    row = Row("<script>alert(1)</script>\x07\ud800", 1, False, 0, "connected", (Span(None, 0.0, 1.0),))
    for text in (svg([row]), html([row])):
        assert "<script>" not in text
        text.encode("utf-8")
    ET.fromstring(svg([row]))


def test_a_picture_of_nothing_is_a_picture() -> None:
    ET.fromstring(svg([]))


@pytest.mark.parametrize(("name", "message"), [("x.png", "does not end in"), ("no/such/x.svg", "no folder")])
def test_a_picture_without_a_place_is_refused_before_the_dial(program, name: str, message: str) -> None:
    result = program("dial", "Home", f"--timeline={name}")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_picture_that_can_not_be_written_exits_1(program, tmp_path: Path) -> None:
    path = tmp_path / "folder.svg"
    path.mkdir()
    result = program("dial", "Home", "--timeline", str(path))
    assert result.exit_code == 1
    assert "folder.svg" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_state_told_twice_in_a_row_is_one_span() -> None:
    events = [
        DialEvent(ConnectionState.OPEN_PORT, elapsed=0.1),
        DialEvent(ConnectionState.OPEN_PORT, elapsed=0.2),
        DialEvent(ConnectionState.OPEN_PORT, elapsed=0.5, error=633),
    ]
    assert list(spans_of(events, 0.5)) == [
        Span(None, 0.0, 0.1),
        Span(ConnectionState.OPEN_PORT, 0.1, 0.5),
    ]
