"""The backend "pppd": real PPP links on Linux, through the same engine and the same callbacks.

Its default phonebook is /etc/ppp/peers, and a verb may name any .pbk file. A link belongs to
the system: it stays up when this process ends, and any process can find it and hang it up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from .._native.binding import Engine, PppdEngine
from .._native.records import Entry, EntryLink
from ..backends import Backend, Lock, RasBooks, Session
from ..simulator import SimulatedBooks


class PppdBackend(Backend):
    """The engine on pppd as a backend.

    Raises:
        BackendUnavailableError: There is no pppd, no PPP in the kernel, or this user may not start pppd.
    """

    def __init__(self) -> None:
        engine = PppdEngine()
        files = _Files(engine)

        def prepare_phonebook(phonebook: str | None) -> None:
            if phonebook is not None:
                files.ensure_loaded(phonebook)

        super().__init__(Session(engine.library, prepare_phonebook=prepare_phonebook))
        self.books = _SavedBooks(self.session, files)


class _Files(SimulatedBooks):
    """The .pbk files that the engine has read."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def _open(self) -> Engine:
        return self._engine


class _SavedBooks(RasBooks):
    """Each change of a phonebook is in its file when the verb returns."""

    def __init__(self, session: Session, files: _Files) -> None:
        super().__init__(session)
        self._files = files

    async def create(self, phonebook: str | None, entry: Entry, links: Sequence[EntryLink]) -> Entry:
        created = await super().create(phonebook, entry, links)
        await self._save(phonebook)
        return created

    async def update(self, phonebook: str | None, entry: Entry, force: bool) -> Entry:
        updated = await super().update(phonebook, entry, force)
        await self._save(phonebook)
        return updated

    async def set_links(
        self, phonebook: str | None, name: str, links: Sequence[EntryLink], force: bool
    ) -> None:
        await super().set_links(phonebook, name, links, force)
        await self._save(phonebook)

    async def delete(self, phonebook: str | None, name: str) -> None:
        await super().delete(phonebook, name)
        await self._save(phonebook)

    async def rename(self, phonebook: str | None, old: str, new: str) -> None:
        await super().rename(phonebook, old, new)
        await self._save(phonebook)

    async def _save(self, phonebook: str | None) -> None:
        if phonebook is not None:
            await self._call(phonebook, lambda: self._files.save_phonebook(phonebook))


_lock = Lock()
_open: dict[int, PppdBackend] = {}


def open_pppd() -> PppdBackend:
    """The backend of this process, made when first asked for: the links are the same for all clients.

    Raises:
        BackendUnavailableError: See :class:`PppdBackend`.
    """
    with _lock:
        backend = _open.get(os.getpid())
        if backend is None:
            backend = _open[os.getpid()] = PppdBackend()
        return backend
