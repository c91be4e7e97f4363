"""The objects that ``--json`` prints. Their keys are promised: add some, rename and remove none.

Each has ``kind``, ``entry`` ("" where the object is about none) and ``simulated``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import DialError

if TYPE_CHECKING:
    from ..._native.records import (
        ConnectionStatistics,
        ConnectionStatus,
        Credentials,
        Device,
        DialEvent,
        EntryName,
        IpProjection,
    )
    from ...active import Connection, ConnectionChange
    from ...client.diagnosis import Check
    from ...dialing import KeeperChange
    from ...errors import ErrorCode, RasError
    from .spans import Row

Record = dict[str, object]
Settings = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """An entry on one line."""

    name: str
    device_type: str
    device_name: str
    phone_number: str


def _record(kind: str, entry: str, simulated: bool, **more: object) -> Record:
    return {"kind": kind, "entry": entry, "simulated": simulated, **more}


def state(entry: str, event: DialEvent, simulated: bool) -> Record:
    return _record(
        "state",
        entry,
        simulated,
        state=event.state.name,
        state_code=int(event.state),
        elapsed=round(event.elapsed, 6),
        error=event.error,
        extended_error=event.extended_error,
        handle=event.handle,
        attempt=event.attempt,
        sub_entry=event.sub_entry,
        device_type=event.device_type,
        device_name=event.device_name,
    )


def connected(connection: Connection, elapsed: float) -> Record:
    return _record(
        "connected",
        connection.entry,
        connection.simulated,
        elapsed=round(elapsed, 6),
        ends_with_program=connection.simulated,
        **_identity(connection),
    )


def connection(
    connection: Connection,
    status: ConnectionStatus,
    ip: IpProjection | None = None,
    statistics: ConnectionStatistics | None = None,
    rates: tuple[float, float] | None = None,
) -> Record:
    """None stands for what RAS does not tell: only ``status`` asks for addresses and counters."""
    sent, received = rates or (None, None)
    return _record(
        "connection",
        connection.entry,
        connection.simulated,
        address=ip.address if ip else None,
        server_address=ip.server_address if ip else None,
        ipv6_address=ip.ipv6_address if ip else None,
        ipv6_server_address=ip.ipv6_server_address if ip else None,
        seconds=statistics.total.duration.total_seconds() if statistics else None,
        bytes_sent=statistics.total.bytes_sent if statistics else None,
        bytes_received=statistics.total.bytes_received if statistics else None,
        bytes_sent_per_second=sent,
        bytes_received_per_second=received,
        errors=errors_of(statistics) if statistics else None,
        bps=statistics.bps if statistics else None,
        state=status.state.name,
        state_code=int(status.state),
        sub_state=status.sub_state.name,
        error=status.error,
        phone_number=status.phone_number,
        local_endpoint=status.local_endpoint,
        remote_endpoint=status.remote_endpoint,
        **_identity(connection),
    )


def timeline(row: Row) -> Record:
    return _record(
        "timeline",
        row.entry,
        row.simulated,
        attempt=row.attempt,
        seconds=round(row.seconds, 6),
        code=row.code,
        spans=[
            {
                "state": span.state.name if span.state is not None else None,
                "start": round(span.start, 6),
                "seconds": round(span.seconds, 6),
            }
            for span in row.spans
        ],
    )


def errors_of(statistics: ConnectionStatistics) -> int:
    """Return the number of frames and characters that were lost, for any reason."""
    return (
        statistics.crc_errors
        + statistics.timeout_errors
        + statistics.alignment_errors
        + statistics.hardware_overrun_errors
        + statistics.framing_errors
        + statistics.buffer_overrun_errors
    )


def hung_up(entry: str, simulated: bool, *, still_up: bool = False) -> Record:
    """`still_up`: another dial or program keeps the connection; only one reference was given back."""
    return _record("hung_up", entry, simulated, still_up=still_up)


def left(entry: str, simulated: bool) -> Record:
    """A dial that was not hung up: a second Ctrl-C ended the program before."""
    return _record("left", entry, simulated)


def device(device: Device, simulated: bool) -> Record:
    return _record("device", "", simulated, name=device.name, type=device.type)


def change(change: ConnectionChange) -> Record:
    connection = change.connection
    return _record(
        "change",
        connection.entry,
        connection.simulated,
        change=str(change.kind),
        link=change.sub_entry,
        at=change.at,
        **_identity(connection),
    )


def kept(entry: str, change: KeeperChange, simulated: bool) -> Record:
    return _record(
        "kept",
        entry,
        simulated,
        state=str(change.state),
        attempt=change.attempt,
        at=change.at,
        pause=round(change.pause, 3),
        code=change.error.code if change.error else 0,
        handle=change.connection.handle if change.connection else None,
    )


def credentials(entry: str, kind: str, login: Credentials | None, simulated: bool) -> Record:
    """The stored login of an entry, never its password; None = nothing is stored."""
    return _record(
        "credentials",
        entry,
        simulated,
        of=kind,
        stored=login is not None,
        username=login.username if login is not None else None,
        domain=login.domain if login is not None else None,
        password_stored=bool(login is not None and login.password),
    )


def check(check: Check) -> Record:
    """A question of the doctor, with its answer."""
    return _record(
        "check",
        "",
        False,
        section=check.section,
        name=check.name,
        answer=check.answer,
        milliseconds=round(check.milliseconds, 3),
        problem=check.problem,
    )


def verdict(sentences: Sequence[str]) -> Record:
    """The conclusions of the doctor."""
    return _record("verdict", "", False, sentences=list(sentences))


def error_code(known: ErrorCode) -> Record:
    return _record(
        "error_code",
        "",
        False,
        code=known.code,
        symbol=known.symbol,
        message=known.message,
        hint=known.hint,
        transient=known.transient,
        error_class=known.error_class.__name__,
    )


def error(error: RasError, entry: str, simulated: bool, hint: str) -> Record:
    dial = error if isinstance(error, DialError) else None
    return _record(
        "error",
        entry,
        simulated,
        code=error.code,
        symbol=error.symbol,
        message=error.message,
        hint=hint,
        transient=error.transient,
        function=error.function,
        state=dial.state.name if dial is not None and dial.state is not None else None,
        extended_error=dial.extended_error if dial is not None else 0,
        extended_meaning=dial.extended_meaning if dial is not None else "",
    )


def entry(name: EntryName, summary: Summary | None, simulated: bool) -> Record:
    """`summary`: as ``--all`` asks for it."""
    return _record(
        "entry",
        name.name,
        simulated,
        phonebook=name.phonebook,
        all_users=name.all_users,
        device_type=summary.device_type if summary else None,
        device_name=summary.device_name if summary else None,
        phone_number=summary.phone_number if summary else None,
    )


def phonebook_entry(summary: Summary, phonebook: str, settings: Settings | None, simulated: bool) -> Record:
    return _record(
        "phonebook_entry",
        summary.name,
        simulated,
        phonebook=phonebook,
        device_type=summary.device_type,
        device_name=summary.device_name,
        phone_number=summary.phone_number,
        settings=settings,
    )


def phonebook_change(
    entry: str, phonebook: str, change: str, new_name: str | None, simulated: bool
) -> Record:
    return _record(
        "phonebook_change", entry, simulated, phonebook=phonebook, change=change, new_name=new_name
    )


def difference(
    entry: str,
    change: str,
    differing: Mapping[str, tuple[list[str] | None, list[str] | None]],
    simulated: bool,
) -> Record:
    settings = {key: {"old": old, "new": new} for key, (old, new) in differing.items()}
    return _record("difference", entry, simulated, change=change, settings=settings)


def validity(entry: str, problem: str, simulated: bool) -> Record:
    return _record("validity", entry, simulated, valid=not problem, problem=problem)


def recorded(entry: str, simulated: bool, file: str, states: int) -> Record:
    """The events of a dial were saved."""
    return _record("recorded", entry, simulated, file=file, states=states)


def _identity(connection: Connection) -> Record:
    return {
        "handle": connection.handle,
        "device_type": connection.device_type,
        "device_name": connection.device_name,
        "phonebook": connection.phonebook,
        "guid": connection.guid,
        "sub_entry": connection.sub_entry,
        "correlation_id": connection.correlation_id,
    }
