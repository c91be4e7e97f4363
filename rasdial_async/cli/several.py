"""Dials side by side, and what each of them ended in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ..dialing import Dialing
from ..errors import DialError
from . import records
from .app import App
from .report import Report, follow


async def follow_all(app: App, dialings: Sequence[Dialing], report: Report) -> list[DialError | None]:
    """Dials them all at once and tells how it goes; a failure of one leaves the others alone.

    Cancelled by Ctrl-C it hangs up all of them, also those that are up.
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
    """Hangs up those that are connected, all at once: each may take seconds."""

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
        app.screen.record(records.error(error, dialing.entry, dialing.simulated, app.hint(error)))
        return error
    except asyncio.CancelledError:
        app.held.remove(dialing.entry)
        raise
    return None
