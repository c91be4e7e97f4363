"""The next attempt of a dial: the login before the first one, and the policy after a failure.

A dial waits here for people and for pauses. RAS holds nothing of the dial meanwhile.
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
    """The options of a dial that concern this package and not RAS."""

    timeout: float | None = None
    redial: RedialChoice = None
    on_paused: OnPaused | None = None
    timeout_while_paused: bool = False
    question: AskCredentials | None = None
    save_credentials: bool = False
    observer: DialObserver | None = None


async def ask(question: AskCredentials, error: DialError | None) -> Credentials | None:
    """Return the answer of the user's function, which may be a coroutine function."""
    answer = question(error)
    credentials = await answer if inspect.isawaitable(answer) else answer
    if credentials is not None and not isinstance(credentials, Credentials):
        raise TypeError(f"credentials must give Credentials or None, not {type(credentials).__name__}")
    return credentials


def answer_pauses(question: AskCredentials) -> OnPaused:
    """Return a function that asks for other credentials where RAS pauses at a wrong password."""

    async def on_paused(event: DialEvent) -> Resume | None:
        if event.state is not ConnectionState.RETRY_AUTHENTICATION:
            return None
        error = dial_error(AuthenticationError.default_code, function="RasDialW", event=event)
        credentials = await ask(question, error)
        if credentials is None:
            return None
        if credentials.from_store:
            raise ValueError("a dial that is paused takes no stored credentials: it wants other ones")
        return Resume(credentials.username, credentials.password, credentials.domain)

    return on_paused


async def asked(
    question: AskCredentials, request: DialRequest, error: DialError | None = None
) -> DialRequest | None:
    """Return the request with the credentials that the user's function returns; None = it gave up."""
    credentials = await ask(question, error)
    return None if credentials is None else request.with_credentials(credentials)


async def next_dial(
    backend: Backend, plan: DialPlan, request: DialRequest, error: DialError, number: int
) -> DialRequest | None:
    """Wait for the pause after a failure of the attempt `number`; return the next request, None = no more.

    A user's function for the login is asked after the pause, since what it returns may be valid for seconds
    only. After a wrong password the dial goes on only with new credentials, and then without a pause, unless
    the policy has a pause for it.
    """
    policy = plan.redial
    if policy == "entry":
        policy = await redial_of_entry(backend, request.phonebook, request.entry)
    if policy is None:
        return None
    pause = policy.next_pause(error, number)
    if pause is not None:
        _logger.debug("%s: attempt %d: %s; again in %.1f s", request.entry, number, error, pause)
        await asyncio.sleep(pause)
    elif not (_asks_again(plan, policy, error) and policy.goes_on(number)):
        return None
    return request if plan.question is None else await asked(plan.question, request, error)


def _asks_again(plan: DialPlan, policy: Redial, error: DialError) -> bool:
    """Tell whether a wrong password is a question to the user's function; a pause function decides itself."""
    return plan.question is not None and isinstance(error, AuthenticationError) and not callable(policy.pause)


async def redial_of_entry(backend: Backend, phonebook: str | None, entry: str) -> Redial | None:
    """Return the redial policy of an entry. RasDial ignores it; only the system's dialogs use it."""
    try:
        return Redial.from_entry(await backend.books.get(phonebook, entry))
    except RasError as error:
        _logger.warning("%s: its redial settings can't be read: %s", entry, error)
        return None
