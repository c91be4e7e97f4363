"""What is dialed next: before the first dial, and after one that has failed.

Here a dial waits for people and for pauses; nothing of it is in RAS's hands meanwhile.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from dataclasses import dataclass

from .._native.records import Credentials, DialEvent, DialRequest, Resume
from ..backends import Backend
from ..errors import AuthenticationError, ConnectionState, DialError, RasError, dial_error
from .arguments import AskCredentials, OnPaused, RedialChoice
from .observer import DialObserver
from .redial import Redial

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How long to dial, whom to ask and to tell, what to do when RAS pauses or the dial is over."""

    timeout: float | None = None
    redial: RedialChoice = None
    on_paused: OnPaused | None = None
    timeout_while_paused: bool = False
    question: AskCredentials | None = None
    save_credentials: bool = False
    observer: DialObserver | None = None


async def ask(question: AskCredentials, error: AuthenticationError | None) -> Credentials | None:
    """The answer of the user's callable, which may be a coroutine function."""
    answer = question(error)
    credentials = await answer if inspect.isawaitable(answer) else answer
    if credentials is not None and not isinstance(credentials, Credentials):
        raise TypeError(f"credentials must give Credentials or None, not {type(credentials).__name__}")
    return credentials


def answer_pauses(question: AskCredentials) -> OnPaused:
    """Where RAS pauses at a wrong password, the callable is asked for another one."""

    async def on_paused(event: DialEvent) -> Resume | None:
        if event.state is not ConnectionState.RETRY_AUTHENTICATION:
            return None
        error = dial_error(AuthenticationError.default_code, function="RasDialW", event=event)
        assert isinstance(error, AuthenticationError)
        credentials = await ask(question, error)
        if credentials is None:
            return None
        if credentials.from_store:
            raise ValueError("a dial that is paused takes no stored credentials: it wants other ones")
        return Resume(credentials.username, credentials.password, credentials.domain)

    return on_paused


async def asked(
    question: AskCredentials, request: DialRequest, error: AuthenticationError | None = None
) -> DialRequest | None:
    """The request with the credentials that the callable gives; None = it gives none."""
    credentials = await ask(question, error)
    return None if credentials is None else request.with_credentials(credentials)


async def next_dial(
    backend: Backend, plan: DialPlan, request: DialRequest, error: DialError, number: int
) -> DialRequest | None:
    """What to dial after this failure of the dial `number`, when it is time for that; None = no more.

    A wrong password is dialed again only if somebody gives another one; then there is no pause.
    """
    policy = plan.redial
    if policy == "entry":
        policy = await redial_of_entry(backend, request.phonebook, request.entry)
    if policy is None:
        return None
    if plan.question is not None and isinstance(error, AuthenticationError):
        return await asked(plan.question, request, error) if policy.goes_on(number) else None
    if not policy.allows(error, number):
        return None
    pause = policy.delay(number)
    _logger.debug("%s: attempt %d: %s; again in %.1f s", request.entry, number, error, pause)
    await asyncio.sleep(pause)
    return request


async def redial_of_entry(backend: Backend, phonebook: str | None, entry: str) -> Redial | None:
    """RasDial itself makes one attempt, whatever the entry says: its settings are for the dialogs."""
    try:
        return Redial.from_entry(await backend.books.get(phonebook, entry))
    except RasError as error:
        _logger.warning("%s: its redial settings can't be read: %s", entry, error)
        return None
