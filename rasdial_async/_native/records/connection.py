"""RASCONN, RASCONNSTATUS and RASENTRYNAME in Python types."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import ConnectionState, ConnectionSubState, Record


@dataclass(frozen=True, slots=True)
class ConnectionStatus(Record):
    """The status of a connection, as RasGetConnectStatus reports it.

    Attributes:
        state: The state of the connection.
        sub_state: The mobility state of an IKEv2 connection.
        error: The code of the failure; 0 = none. A failed call raises instead.
        device_type: Such as "vpn".
        device_name: Such as "WAN Miniport (IKEv2)".
        phone_number: The number, host name or address that was dialed.
        local_endpoint: This end of the tunnel, as text; None where RAS does not report one.
        remote_endpoint: The other end of the tunnel.
    """

    state: ConnectionState
    sub_state: ConnectionSubState = ConnectionSubState.NONE
    error: int = 0
    device_type: str = ""
    device_name: str = ""
    phone_number: str = ""
    local_endpoint: str | None = None
    remote_endpoint: str | None = None

    @property
    def connected(self) -> bool:
        """True when the state is CONNECTED."""
        return self.state == ConnectionState.CONNECTED


class EntryName(str):
    """The name of an entry that can be dialed, as RasEnumEntries lists it.

    Attributes:
        name: The name as a plain str.
        phonebook: Path of the phonebook it is in; "" where RAS did not say.
        all_users: True for an entry of all users of the machine.
    """

    __slots__ = ("all_users", "phonebook")

    def __new__(cls, name: str, phonebook: str = "", all_users: bool = False) -> EntryName:
        entry = super().__new__(cls, name)
        entry.phonebook = phonebook
        entry.all_users = all_users
        return entry

    phonebook: str
    all_users: bool

    @property
    def name(self) -> str:
        """The name as a plain str."""
        return str(self)

    def as_dict(self) -> dict[str, str | bool]:
        """Return name, phonebook and all_users, as values that ``json.dumps`` takes."""
        return {"name": self.name, "phonebook": self.phonebook, "all_users": self.all_users}


@dataclass(frozen=True, slots=True)
class ConnectionInfo(Record):
    """A connection that is up: one line of RasEnumConnections."""

    handle: int
    entry: str
    device_type: str = ""
    device_name: str = ""
    phonebook: str = ""
    sub_entry: int = 0
    guid: str = ""
    luid: int = 0
    flags: int = 0
    correlation_id: str = ""
