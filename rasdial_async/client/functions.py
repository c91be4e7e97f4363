"""The verbs of the default client as functions; the system or RASDIAL_BACKEND chooses its backend."""

from __future__ import annotations

import os
from typing import Literal, Unpack

from .._native.records import Country, CredentialKind, Credentials, Device, EapIdentity, EapOptions, EntryName
from ..active import Connection, Watch
from ..dialing import PATIENT, DialArguments, Dialing, Keeper, OneDialArguments, Redial
from ..errors import hides_arguments
from .client import RasClient
from .default import default_client


@hides_arguments
def dial(entry: str, /, **options: Unpack[DialArguments]) -> Dialing:
    """Dial an entry: await the result, iterate over it, or enter it. Nothing is dialed before that.

    The options, limits and errors are those of :meth:`RasClient.dial`. See :class:`Dialing` for
    cancellation.

    Raises:
        TypeError: An argument has the wrong type; the message names it.
        ValueError: RAS cannot take an argument; the message has its name, never its value.
        BackendUnavailableError: There is no RAS here.
    """
    return default_client().dial(entry, **options)


async def connection(entry: str) -> Connection | None:
    """Return the connection of an entry that is up; see :meth:`RasClient.connection`."""
    return await default_client().connection(entry)


async def connections() -> list[Connection]:
    """Return the connections of all programs that are up; see :meth:`RasClient.connections`."""
    return await default_client().connections()


async def hang_up(entry: str, *, timeout: float = 10.0, all_references: bool = False) -> bool:
    """Hang up each connection of an entry that is up; see :meth:`RasClient.hang_up`."""
    return await default_client().hang_up(entry, timeout=timeout, all_references=all_references)


async def entries(phonebook: str | os.PathLike[str] | None = None) -> list[EntryName]:
    """Return the names of the entries that can be dialed; see :meth:`RasClient.entries`."""
    return await default_client().entries(phonebook)


async def devices() -> list[Device]:
    """Return the devices that RAS can dial with; see :meth:`RasClient.devices`."""
    return await default_client().devices()


async def countries() -> list[Country]:
    """Return the countries of the dialing rules; see :meth:`RasClient.countries`."""
    return await default_client().countries()


def watch(*, existing: bool = False) -> Watch:
    """Return an asynchronous iterator over connections that come up and go; see :meth:`RasClient.watch`."""
    return default_client().watch(existing=existing)


@hides_arguments
def keep_connected(
    entry: str,
    /,
    *,
    redial: Redial | Literal["entry"] = PATIENT,
    stable: float = 30.0,
    client: RasClient | None = None,
    **options: Unpack[OneDialArguments],
) -> Keeper:
    """Keep an entry connected while an ``async with`` block runs; see :meth:`RasClient.keep_connected`.

    Args:
        entry: Name of a phonebook entry.
        redial: The policy: the pauses between dials, and the errors after which to go on.
        stable: Seconds after which a connection counts as stable.
        client: The client that dials; None = the default client.
        **options: As for :func:`dial`.

    Raises:
        TypeError: An argument has the wrong type; the message names it.
        ValueError: RAS cannot take an argument; the message names it.
    """
    return (client or default_client()).keep_connected(entry, redial=redial, stable=stable, **options)


async def get_credentials(
    entry: str,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    kind: CredentialKind = CredentialKind.USER,
) -> Credentials | None:
    """Return the credentials that RAS has stored for an entry; see :meth:`RasClient.get_credentials`."""
    return await default_client().get_credentials(entry, phonebook=phonebook, kind=kind)


async def set_credentials(
    entry: str,
    credentials: Credentials,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    kind: CredentialKind = CredentialKind.USER,
) -> None:
    """Store credentials or a key for an entry; see :meth:`RasClient.set_credentials`."""
    await default_client().set_credentials(entry, credentials, phonebook=phonebook, kind=kind)


async def delete_credentials(
    entry: str,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    kind: CredentialKind = CredentialKind.USER,
) -> None:
    """Delete the stored credentials of an entry; see :meth:`RasClient.delete_credentials`."""
    await default_client().delete_credentials(entry, phonebook=phonebook, kind=kind)


async def eap_identity(
    entry: str,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    options: EapOptions = EapOptions.NON_INTERACTIVE,
    owner_window: int = 0,
) -> EapIdentity | None:
    """Return the identity for a dial of an entry that logs in by EAP; see :meth:`RasClient.eap_identity`."""
    return await default_client().eap_identity(
        entry, phonebook=phonebook, options=options, owner_window=owner_window
    )
