"""The verbs as functions: those of the default client, which the system or RASDIAL_BACKEND chooses."""

from __future__ import annotations

import os
from typing import Literal, Unpack

from .._native.records import Country, CredentialKind, Credentials, Device, EapIdentity, EapOptions, EntryName
from ..connection import Connection, Watch
from ..dialing import PATIENT, DialArguments, Dialing, Keeper, OneDialArguments, Redial
from .client import RasClient
from .default import default_client


def dial(entry: str, /, **options: Unpack[DialArguments]) -> Dialing:
    """Dials an entry: await it, iterate it, or enter it. Nothing is dialed before that.

    The options, limits and errors are those of :meth:`RasClient.dial`; what cancellation does is told
    at :class:`Dialing`.

    Raises:
        TypeError: An argument of the wrong type, named.
        ValueError: An argument that RAS can't take, named; never its value.
        BackendUnavailableError: There is no RAS here.
    """
    return default_client().dial(entry, **options)


async def connections() -> list[Connection]:
    """The connections that are up, whoever dialed them; see :meth:`RasClient.connections`."""
    return await default_client().connections()


async def entries(phonebook: str | os.PathLike[str] | None = None) -> list[EntryName]:
    """The names of the entries that can be dialed; see :meth:`RasClient.entries`."""
    return await default_client().entries(phonebook)


async def devices() -> list[Device]:
    """The devices that RAS can dial with; see :meth:`RasClient.devices`."""
    return await default_client().devices()


async def countries() -> list[Country]:
    """The countries that dialing rules know; see :meth:`RasClient.countries`."""
    return await default_client().countries()


def watch(*, existing: bool = False) -> Watch:
    """The connections that come up and go, as an asynchronous iterator; see :meth:`RasClient.watch`."""
    return default_client().watch(existing=existing)


def keep_connected(
    entry: str,
    /,
    *,
    redial: Redial | Literal["entry"] = PATIENT,
    stable: float = 30.0,
    client: RasClient | None = None,
    **options: Unpack[OneDialArguments],
) -> Keeper:
    """Keeps an entry connected while the ``async with`` block runs; see :meth:`RasClient.keep_connected`.

    Args:
        entry: Name of a phonebook entry.
        redial: How long to wait between dials, and after which errors to go on.
        stable: Seconds after which a connection counts as stable.
        client: Who dials; None = the default client.
        **options: As for :func:`dial`.

    Raises:
        TypeError: An argument of the wrong type, named.
        ValueError: An argument that RAS can't take, named.
    """
    return (client or default_client()).keep_connected(entry, redial=redial, stable=stable, **options)


async def get_credentials(
    entry: str,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    kind: CredentialKind = CredentialKind.USER,
) -> Credentials | None:
    """What RAS has stored for an entry; see :meth:`RasClient.get_credentials`."""
    return await default_client().get_credentials(entry, phonebook=phonebook, kind=kind)


async def set_credentials(
    entry: str,
    credentials: Credentials,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    kind: CredentialKind = CredentialKind.USER,
) -> None:
    """Stores credentials or a key for an entry; see :meth:`RasClient.set_credentials`."""
    await default_client().set_credentials(entry, credentials, phonebook=phonebook, kind=kind)


async def delete_credentials(
    entry: str,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    kind: CredentialKind = CredentialKind.USER,
) -> None:
    """Forgets what is stored for an entry; see :meth:`RasClient.delete_credentials`."""
    await default_client().delete_credentials(entry, phonebook=phonebook, kind=kind)


async def eap_identity(
    entry: str,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    options: EapOptions = EapOptions.NON_INTERACTIVE,
    owner_window: int = 0,
) -> EapIdentity | None:
    """Who a dial of the entry says it is, where it logs in by EAP; see :meth:`RasClient.eap_identity`."""
    return await default_client().eap_identity(
        entry, phonebook=phonebook, options=options, owner_window=owner_window
    )
