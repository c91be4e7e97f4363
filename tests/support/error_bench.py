"""Ways to each RAS function: verbs over a simulator, for tests/test_error_returns.py."""

from __future__ import annotations

import dataclasses
from typing import Any

import rasdial_async as ras
from rasdial_async import (
    ConnectionState,
    ConnectionSubState,
    CredentialKind,
    Credentials,
    EntryLink,
    EntryOptions2,
    Pause,
    RasClient,
    Resume,
    Simulator,
    Step,
)
from rasdial_async._native._ras import ffi
from rasdial_async._native.records.connection import ConnectionInfo
from rasdial_async.backends import RasHandle

SHARED = "/shared/rasphone.pbk"


class Bench:
    """A simulator with "Office", "Home", "Bundle" of two links and, for all users, "Shared"."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.client = RasClient(sim)
        self.book = self.client.phonebook()
        self.shared_book = self.client.phonebook(SHARED)
        self.dialing: ras.Dialing | None = None
        for name in ("Office", "Home"):
            sim.add_entry(name, phone_number="vpn.example")
        sim.add_entry("Bundle", device="ISDN 1", device_type="isdn", phone_number="555-0100")
        for number in (1, 2):
            sim.add_link("Bundle", f"ISDN {number}")
        sim.add_phonebook(SHARED, all_users=True)
        sim.add_entry("Shared", phone_number="vpn.example", phonebook=SHARED)

    def user(self) -> Bench:
        """Refuse to change what is for all users, and keys."""
        self.sim.set_administrator(False)
        return self

    # Dials

    async def dial(self, entry: str = "Office", **options: Any) -> None:
        await (await self.client.dial(entry, **options)).hang_up()

    async def dial_stored(self, entry: str = "Office") -> None:
        await self.dial(entry, credentials=Credentials.stored())

    async def dial_twice(self) -> None:
        await self.begun()
        await self.dial()

    async def dial_for_eap(self) -> None:
        async def on_paused(event: ras.DialEvent) -> Resume:
            return Resume()

        self.sim.script("Office", [Pause(ConnectionState.INVOKE_EAP_UI), Step(ConnectionState.CONNECTED)])
        await self.dial(on_paused=on_paused)

    async def dial_without_a_device(self) -> None:
        self.sim.remove_device("WAN Miniport (IKEv2)")
        await self.dial()

    # Connections

    async def begun(self) -> ras.Connection:
        """A connection that is not up yet."""
        self.sim.script("Office", [Step(ConnectionState.OPEN_PORT)])
        self.dialing = self.client.dial("Office")
        await anext(aiter(self.dialing))
        return self.connection(self.dialing.handle)

    async def gone(self) -> ras.Connection:
        """RAS is asked about a handle that is not valid any more."""
        connection = await self.client.dial("Office")
        self.sim.drop("Office")
        await connection.wait_disconnected()
        return self.connection(connection.handle)

    def connection(self, handle: int | None) -> ras.Connection:
        """One of which this process knows nothing but the handle."""
        assert handle is not None
        return ras.Connection(self.client.backend, RasHandle(handle), ConnectionInfo(handle, "Office"))

    async def asked(self, verb: str) -> object:
        return await getattr(await self.client.dial("Office"), verb)()

    async def asked_early(self, verb: str) -> object:
        return await getattr(await self.begun(), verb)()

    async def asked_late(self, verb: str) -> object:
        return await getattr(await self.gone(), verb)()

    async def link(self, number: int, verb: str) -> object:
        """Asks a link; the second one is not up."""
        self.sim.script("Bundle", [Step(ConnectionState.OPEN_PORT)], link=2)
        connection = await self.client.dial("Bundle")
        return await getattr((await connection.sub_entries())[number - 1], verb)()

    async def old_ip(self) -> None:
        """There is no RasGetProjectionInfoEx, as before Windows 7."""
        connection = await self.client.dial("Office")
        self.without_ex()
        await connection.ip()

    async def old_ip_late(self) -> None:
        connection = await self.gone()
        self.without_ex()
        await connection.ip()

    def without_ex(self) -> None:
        library = self.sim.backend.session.library
        table = ffi.new("struct ras_api *")
        ffi.memmove(table, library.api, ffi.sizeof("struct ras_api"))
        table.RasGetProjectionInfoEx = ffi.NULL
        library.api = table

    async def move(self, entry: str = "Office") -> None:
        await (await self.client.dial(entry)).move()

    async def move_while_it_moves(self) -> None:
        connection = await self.client.dial("Office")
        self.sim.set_substate("Office", ConnectionSubState.RECONNECTING)
        await connection.move()

    async def move_what_must_not(self) -> None:
        await self.update(options2=EntryOptions2.DISABLE_MOBILITY)
        await self.move()

    # Phonebooks and what is stored

    async def update(self, **changes: Any) -> None:
        await self.book.update(dataclasses.replace(await self.book.get("Office"), **changes))

    async def set_link(self, device: str = "ISDN 1") -> None:
        await self.book.set_links("Bundle", [EntryLink(device_type="isdn", device_name=device)])

    async def delete_what_is_connected(self) -> None:
        await self.client.dial("Office")
        await self.book.delete("Office")

    async def get_credentials(self, entry: str = "Office") -> None:
        await self.client.get_credentials(entry)

    async def set_credentials(self, entry: str = "Office") -> None:
        await self.client.set_credentials(entry, Credentials("ada", "x"))

    async def store_a_key(self) -> None:
        key = Credentials(password="x")
        await self.client.set_credentials("Office", key, kind=CredentialKind.PRE_SHARED_KEY)

    async def identity_of_a_person(self) -> None:
        self.sim.set_eap("Office", interactive=True)
        await self.client.eap_identity("Office")

    async def data(self, verb: str, entry: str = "Office") -> None:
        await getattr(self.client, verb)(entry, *([b"x"] if verb.startswith("set") else []))
