"""The keyword options of dial() as types."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Literal, TypedDict

from .._native.records import Credentials, DialEvent, DialOptions, EapIdentity, Resume
from ..errors import DialError
from .redial import Redial

OnPaused = Callable[[DialEvent], Resume | Awaitable[Resume | None] | None]


AskCredentials = Callable[[DialError | None], Credentials | Awaitable[Credentials | None] | None]


RedialChoice = Redial | Literal["entry"] | None


class OneDialArguments(TypedDict, total=False):
    """The keyword options of one attempt; RasClient.dial describes them."""

    phonebook: str | os.PathLike[str] | None
    username: str
    password: str
    domain: str
    credentials: Credentials | AskCredentials | None
    save_credentials: bool
    phone_number: str
    callback_number: str
    sub_entry: int
    interface_index: int
    timeout: float | None
    options: DialOptions
    on_paused: OnPaused | None
    timeout_while_paused: bool
    hold_errors: bool
    owner_window: int
    eap: EapIdentity | None
    cookie: bytes


class DialArguments(OneDialArguments, total=False):
    """The keyword options of dial()."""

    redial: RedialChoice
