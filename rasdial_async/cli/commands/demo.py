"""``rasdial-async demo``: three dials at once on the simulator; one connects, one fails, one is redialed."""

from __future__ import annotations

import asyncio
from importlib import resources

import click

from ...client import RasClient
from ...dialing import Dialing, DialObserver, Redial
from ...errors import ConnectionState, DialError
from ...errors.codes import ERROR_LINE_BUSY
from ...simulator import DEFAULT_DEVICE, Fail, Simulator, Step
from ..app import App, pass_app
from ..display.report import elapsed
from ..options import Command, common_options
from .several import follow_all, hang_up, report_for

OFFICE, HOME, BRANCH = "Office VPN", "Home broadband", "Branch modem"
_LOOK = 0.3  # seconds to see all links up, before the hang-up
_PAUSE = 0.6  # seconds until the busy line is dialed again


@click.command(cls=Command)
@click.option(
    "--pace",
    metavar="FACTOR",
    type=click.FloatRange(min=0, max=1000),
    default=2.5,
    show_default=True,
    help="The factor of all delays of the lines; 0 = none.",
)
@common_options("as_json", "verbosity")
@pass_app
def demo(app: App, pace: float) -> None:
    """Dial three entries at once on the built-in simulator: one connects, one has a wrong password,
    one line is busy and is dialed again. No real line is dialed, whatever --backend says.
    """
    app.screen.line("SIMULATED: three entries of demo.pbk, dialed at once. No real line is touched.")
    app.screen.line("")
    app.run(_demo(app, pace))


async def _demo(app: App, pace: float) -> None:
    with (
        resources.as_file(resources.files(__package__.rpartition(".")[0]) / "demo.pbk") as path,
        Simulator(pace=pace) as lines,
    ):
        book = str(path)
        lines.load_phonebook(book)
        lines.add_entry(OFFICE, phonebook=book, username="ada", password="right", device=DEFAULT_DEVICE)
        lines.add_entry(HOME, phonebook=book, username="ada", password="right", device="WAN Miniport (PPPOE)")
        lines.script(BRANCH, _busy(pace), phonebook=book)

        class FreeAtTheSecondDial(DialObserver):
            def on_attempt(self, number: int) -> None:
                if self.entry == BRANCH and number == 2:
                    lines.script(BRANCH, [], phonebook=book)

        client = RasClient(lines)
        client.dial_observer = FreeAtTheSecondDial
        redial = Redial(2, pause=_PAUSE * pace)
        dialings = [
            client.dial(OFFICE, phonebook=book, username="ada", password="right"),
            client.dial(HOME, phonebook=book, username="ada", password="wrong"),
            client.dial(BRANCH, phonebook=book, redial=redial),
        ]
        await _dial_all(app, dialings, redial, pace)


def _busy(pace: float) -> list[Step | Fail]:
    return [
        Step(ConnectionState.OPEN_PORT),
        Step(ConnectionState.PORT_OPENED, after=0.02 * pace),
        Step(ConnectionState.CONNECT_DEVICE, after=0.05 * pace),
        Fail(ERROR_LINE_BUSY, after=0.6 * pace),
    ]


async def _dial_all(app: App, dialings: list[Dialing], redial: Redial, pace: float) -> None:
    with report_for(app.screen, dialings, redial) as report:
        outcomes = await follow_all(app, dialings, report)
        try:
            await asyncio.sleep(_LOOK * pace)
        finally:
            await hang_up(app, dialings, report)
    _summarise(app, dialings, outcomes)


def _summarise(app: App, dialings: list[Dialing], outcomes: list[DialError | None]) -> None:
    from rich import box
    from rich.table import Table

    table = Table("Entry", "Code", "What happened, and what to do", box=box.SIMPLE_HEAD, show_lines=True)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for dialing, outcome in zip(dialings, outcomes, strict=True):
        if outcome is not None:
            code, told = str(outcome.code), app.screen.text(outcome.message, "red")
            told.append(f"\n{outcome.hint}", "default")
        else:
            code = "0"
            told = app.screen.text(f"Connected after {elapsed(dialing):.1f} s, then hung up.", "green")
            for event in dialing.events:
                if event.exception is not None:
                    told.append(f"\nDialed again after {event.error}: {event.exception.message}", "default")
        table.add_row(dialing.entry, code, told)
    app.screen.show(table)
    app.screen.line("All of this was simulated: no line was dialed and no link was ever up.", "magenta")
