"""The rules that hold after a round, whatever the library and the users did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from support.odd_ras.log import Happening, Record

import rasdial_async as ras

CONNECTED, DISCONNECTED = 0x2000, 0x2001
GRACE_NS = 50_000_000
"""RAS may give a handle to a new dial between the last look of the package at its owner and RasHangUp: no
client of RAS can exclude that. A hang-up so soon after the new owner became visible counts as that."""


@dataclass
class Account:
    """The account that a user gives of one dial.

    Attributes:
        tag: In the log.
        program: The entry.
        plan: How the user dials, in words.
        ending: From when on a hang-up of this dial is wanted, in nanoseconds; None = never.
        timeout: Of each attempt, in nanoseconds.
        retries: The user let the package dial again.
        events: All of them, when the user was done.
        error: The outcome of a failure.
        handle: Of the connection.
        cut_off: The loop of the dial closed before the user was done.
        complaints: What the user itself saw go wrong.
    """

    tag: int
    program: str
    plan: str = ""
    ending: int | None = None
    timeout: int | None = None
    retries: bool = False
    begun: int = 0
    events: tuple[ras.DialEvent, ...] = ()
    error: Exception | None = None
    handle: int | None = None
    cut_off: bool = False
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"#{self.tag} ({self.plan})"


class Attempt:
    """One dial of the library, from its records."""

    def __init__(self, records: list[Record], wanted_from: int = 0) -> None:
        self.records = records
        self.wanted_from = wanted_from  # not before the last attempt had failed
        self.after_a_dead_one = False  # the handle's last owner may not know yet that its line is dead
        self.calls = [one for one in records if one.kind == Happening.CALLBACK_BEGAN]
        self.returned = self._first(Happening.DIAL_RETURNED)
        self.stored = self._first(Happening.HANDLE_STORED)
        self.released = self._first(Happening.PORT_FREED) or self._first(Happening.LINE_DEAD)
        self.handle = max((one.handle for one in records), default=0)
        self.last = next((one for one in self.calls if _ends(one)), None)

    def _first(self, kind: Happening) -> Record | None:
        return next((one for one in self.records if one.kind == kind), None)

    @property
    def has_handle(self) -> bool:
        return any(one.kind == Happening.HANDLE_GIVEN for one in self.records)

    @property
    def ended_at(self) -> int:
        """When it was known to have failed, at the earliest."""
        known = [one.at for one in (self.last, self.returned) if one is not None]
        return min(known, default=self.records[-1].at)

    def callbacks_of_the_dial(self) -> list[Record]:
        """Up to the one that ends the dial: the later ones are no part of it."""
        if self.last is None:
            return self.calls
        return [one for one in self.calls if one.value <= self.last.value]


def _ends(call: Record) -> bool:
    return _is_last(call.state, call.error)


def _is_last(state: int, error: int) -> bool:
    return bool(error) or state in (CONNECTED, DISCONNECTED)


def attempts_of(log: Sequence[Record]) -> dict[int, list[Attempt]]:
    """The attempts of each tag."""
    found: dict[int, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in log:
        if record.tag and record.kind != Happening.NOTED:
            found[record.tag][record.nth].append(record)
    last_released: dict[int, Happening] = {}
    after_a_dead_one = set()
    for record in log:
        if record.kind in (Happening.PORT_FREED, Happening.LINE_DEAD):
            last_released[record.handle] = record.kind
        elif (
            record.kind == Happening.HANDLE_GIVEN and last_released.get(record.handle) == Happening.LINE_DEAD
        ):
            after_a_dead_one.add((record.tag, record.nth))
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for tag, by_number in found.items():
        for nth in sorted(by_number):
            last = attempts[tag][-1:]
            attempts[tag].append(Attempt(by_number[nth], last[0].ended_at if last else 0))
            attempts[tag][-1].after_a_dead_one = (tag, nth) in after_a_dead_one
    return attempts


def findings(log: list[Record], accounts: list[Account]) -> list[str]:
    """The rules that do not hold, one sentence each."""
    attempts = attempts_of(log)
    return [
        *(f"{account}: {text}" for account in accounts for text in account.complaints),
        *_events(attempts, accounts),
        *_outcomes(attempts, accounts),
        *_victims(log, attempts, accounts),
        *_hung_up_twice(attempts, accounts),
        *_leftovers(attempts, accounts),
    ]


def _events(attempts: dict[int, list[Attempt]], accounts: list[Account]) -> Iterator[str]:
    """Each dial has the callbacks of its own, in order, and all of them where it had its time."""
    for account in accounts:
        mine = attempts.get(account.tag, [])
        if account.timeout is not None and any(event.attempt > len(mine) for event in account.events):
            continue  # an attempt that timed out before its RasDial: the library did not count it
        for number in {event.attempt for event in account.events} | set(range(1, len(mine) + 1)):
            seen = [event for event in account.events if event.attempt == number]
            attempt = mine[number - 1] if number <= len(mine) else Attempt([])
            told = [(one.state, one.error, one.value) for one in attempt.callbacks_of_the_dial()]
            got = [(int(event.state), event.error, event.extended_error) for event in seen]
            if got != told[: len(got)] and got[-1][2] == 0 and _is_last(*got[-1][:2]):
                got.pop()  # the status said so, before the callback did
            if got != told[: len(got)]:
                yield f"{account}: attempt {number} has the events {got}, and RAS told {told}"
                continue
            wrong = {event.handle for event in seen} - {attempt.handle}
            if wrong:
                yield f"{account}: attempt {number} of handle {attempt.handle:#x} has events of {wrong}"
            natural = account.ending is None and account.timeout is None and not account.cut_off
            connected = seen and seen[-1].state == CONNECTED
            returned_an_error = attempt.returned is not None and attempt.returned.value
            if natural and not connected and not returned_an_error and len(got) < len(told):
                yield f"{account}: attempt {number} has only the events {got} of {told}"


def _outcomes(attempts: dict[int, list[Attempt]], accounts: list[Account]) -> Iterator[str]:
    """A dial that nobody ended has the outcome that RAS told."""
    for account in accounts:
        if account.handle is not None:
            handles = {one.handle for one in attempts.get(account.tag, [])[-1:]}
            if account.handle not in handles:
                yield f"{account}: its connection has the handle {account.handle:#x}, RAS gave {handles}"
        if account.ending is not None or account.timeout is not None or not account.begun:
            continue
        if account.cut_off:
            continue
        last = attempts.get(account.tag, [])[-1:]
        code = getattr(account.error, "code", None)
        if last and any(_too_early_to_tell(one, last[0], account) for one in last[0].records):
            continue
        if not last:
            yield f"{account}: it never reached RasDial: {account.error!r}"
            continue
        returned = last[0].returned.value if last[0].returned else 0
        ending = last[0].last
        expected: set[int | None] = {returned} if returned else set()
        if ending is not None and (ending.error or ending.state == DISCONNECTED):
            expected.add(ending.error or 631)
        if ending is not None and ending.state == CONNECTED and not ending.error:
            expected.add(None)
        if code not in expected:
            yield f"{account}: it ended with {account.error!r}, RAS told {expected}"


def _wanted(record: Record, attempt: Attempt, account: Account) -> bool:
    """Tell whether somebody wants this dial hung up at that moment."""
    if account.ending is not None and account.ending <= record.at:
        return True
    begun = attempt.wanted_from or account.begun  # RasDial may have to wait for a thread
    if account.timeout is not None and begun + account.timeout * 0.8 <= record.at:
        return True
    if attempt.returned is not None and attempt.returned.value and attempt.returned.at <= record.at:
        return True
    last = attempt.last
    fails = last is not None and (last.error or last.state == DISCONNECTED)
    return bool(fails and last is not None and last.at <= record.at)


def _too_early_to_tell(record: Record, attempt: Attempt, account: Account) -> bool:
    """Tell if it is a hang-up of the handle's last owner, so soon that no client can tell it from that."""
    if record.kind != Happening.HANG_UP_BEGAN:
        return False
    visible = [one.at for one in attempt.calls[:1]] + ([attempt.stored.at] if attempt.stored else [])
    if visible and record.at - min(visible) >= GRACE_NS:
        return False
    return attempt.after_a_dead_one or not _wanted(record, attempt, account)


def _victims(log: list[Record], attempts: dict[int, list[Attempt]], accounts: list[Account]) -> Iterator[str]:
    """No dial is hung up by another."""
    known = {account.tag: account for account in accounts}
    for record in log:
        if record.kind != Happening.HANG_UP_BEGAN or not record.tag:
            continue
        account, attempt = known[record.tag], attempts[record.tag][record.nth]
        if _wanted(record, attempt, account) or _too_early_to_tell(record, attempt, account):
            continue
        yield f"{account}: attempt {record.nth + 1} was hung up, and nobody wanted that: {record}"


def _hung_up_twice(attempts: dict[int, list[Attempt]], accounts: list[Account]) -> Iterator[str]:
    """RAS may give a handle again as soon as it is hung up: one hang-up a dial, until RAS refuses it.

    One that was meant for the last owner is left to `_victims`: the dial learns of it from its own hang-up.
    """
    known = {account.tag: account for account in accounts}
    for tag, mine in attempts.items():
        for number, attempt in enumerate(mine, 1):
            began = [one for one in attempt.records if one.kind == Happening.HANG_UP_BEGAN]
            ended = [one for one in attempt.records if one.kind == Happening.HANG_UP_ENDED]
            wanted = [
                end.value
                for begin, end in zip(began, ended, strict=False)
                if not _too_early_to_tell(begin, attempt, known[tag])
            ]
            if 0 in wanted[:-1]:
                yield f"{known[tag]}: attempt {number} was hung up again after that: {wanted}"


def _leftovers(attempts: dict[int, list[Attempt]], accounts: list[Account]) -> Iterator[str]:
    """No handle is left, unless RAS refused to hang up one that nobody has any more."""
    known = {account.tag: account for account in accounts}
    for tag, mine in attempts.items():
        for number, attempt in enumerate(mine, 1):
            if not attempt.has_handle or attempt.released:
                continue
            answers = [one.value for one in attempt.records if one.kind == Happening.HANG_UP_ENDED]
            if any(answers):
                continue
            account = known[tag]
            handle = f"the handle {attempt.handle:#x} of attempt {number}"
            yield f"{account}: {handle} is left, hang-ups: {answers}"
