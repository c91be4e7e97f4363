"""Dials side by side, and the outcome of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ...dialing import Dialing, Redial
from ...errors import DialError
from ..app import App
from ..display import records
from ..display.report import JsonReport, Report, follow
from ..display.screen import Screen


def report_for(screen: Screen, dialings: Sequence[Dialing], redial: Redial | None = None) -> Report:
    """Return the report for where stdout goes; `redial` is the policy of the dials."""
    if screen.as_json:
        return JsonReport(screen)
    if not screen.live:
        return Report(screen, redial)
    from ..display.live import LiveReport

    return LiveReport(screen, dialings, redial)


async def follow_all(app: App, dialings: Sequence[Dialing], report: Report) -> list[DialError | None]:
    """Dial all at once, report, and return the outcomes; the failure of one does not end the others.

    Canceled by Ctrl-C, hang up all of them, connected or not.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_outcome(app, dialing, report)) for dialing in dialings]
    except asyncio.CancelledError:
        await hang_up(app, dialings, report)
        raise
    except BaseExceptionGroup as errors:  # such as a broken pipe, in each of them
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def hang_up(app: App, dialings: Sequence[Dialing], report: Report) -> None:
    """Hang up the connected dials, all at once: each may take seconds."""

    async def end(dialing: Dialing) -> None:
        await dialing.hang_up()
        app.held.remove(dialing.entry)
        report.hung_up(dialing)

    connected = [dialing for dialing in dialings if dialing.done and dialing not in report.over]
    for result in await asyncio.gather(*map(end, connected), return_exceptions=True):
        if result is not None:
            raise result


async def _outcome(app: App, dialing: Dialing, report: Report) -> DialError | None:
    app.held.append(dialing.entry)
    try:
        await follow(dialing, report)
    except DialError as error:
        app.held.remove(dialing.entry)
        app.screen.record(
            records.error(error, dialing.entry, dialing.simulated, app.hint(error, dialing.entry))
        )
        return error
    except asyncio.CancelledError:
        app.held.remove(dialing.entry)
        raise
    return None
