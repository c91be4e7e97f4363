"""``rasdial-async replay``: a recorded dial on the simulator."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import click

from ..._native.records import DialEvent, Resume
from ...client import RasClient
from ...dialing import Dialing
from ...errors import DialError
from ...simulator import Simulator
from ...testing import Recording, RecordingError
from .. import completion
from ..app import App, pass_app
from ..display.report import follow
from ..options import Command, common_options
from .several import report_for

ENTRY = "Recorded dial"
_SILENCE = 1.0  # seconds before the hang-up, where the recorded dial was given up


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False), shell_complete=completion.files)
@click.option(
    "--speed",
    metavar="FACTOR",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="Play this many times as fast; inf = without delays.",
)
@click.option(
    "--attempt", metavar="N", type=click.IntRange(min=1), help="The attempt to play; without it the last one."
)
@common_options("timeout", "exit_code", "as_json", "verbosity")
@pass_app
def replay(app: App, file: str, speed: float, attempt: int | None) -> None:
    """Play the dial in FILE, which the command record has made, on the built-in simulator: its states, its
    times and its end, which sets the exit code too. No real line is dialed, whatever --backend says.

    Paused states are answered at once. A dial that was given up is given up again, or ends after --timeout.
    """
    try:
        recording = Recording.load(file)
    except RecordingError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.FileError(file, error.strerror) from None
    with Simulator() as simulator:
        try:
            recording.play_on(simulator, ENTRY, speed=speed, attempt=attempt)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        states = sum(event.attempt == (attempt or recording.attempt) for event in recording.events)
        app.run(_replay(app, RasClient(simulator), states), entry=ENTRY)


async def _replay(app: App, client: RasClient, states: int) -> None:
    async def answer(event: DialEvent) -> Resume:
        return Resume()

    app.screen.line("SIMULATED: a recorded dial. No real line is touched.")
    dialing = client.dial(ENTRY, timeout=app.timeout, on_paused=answer)
    silence = asyncio.create_task(_give_up(dialing, states)) if app.timeout is None else None
    try:
        with report_for(app.screen, [dialing]) as report:
            await follow(dialing, report)
    finally:
        if silence is not None:
            silence.cancel()


async def _give_up(dialing: Dialing, states: int) -> None:
    """Hang up after the last recorded state, unless that state ended the dial."""
    events = aiter(dialing)
    with suppress(DialError):
        for _ in range(states):
            await anext(events)
    await asyncio.sleep(_SILENCE)
    if not dialing.events or not dialing.events[-1].terminal:
        await dialing.hang_up()
