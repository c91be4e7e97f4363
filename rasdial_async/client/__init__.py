"""RasClient, the entries it reads and writes, and its verbs as functions of the default client."""

from .choice import ENVIRONMENT
from .client import RasClient
from .default import default_client, default_is
from .functions import (
    connection,
    connections,
    countries,
    delete_credentials,
    devices,
    dial,
    eap_identity,
    entries,
    get_credentials,
    hang_up,
    keep_connected,
    set_credentials,
    watch,
)
from .phonebook import Phonebook, all_users_phonebook, user_phonebook

__all__ = [
    "ENVIRONMENT",
    "Phonebook",
    "RasClient",
    "all_users_phonebook",
    "connection",
    "connections",
    "countries",
    "default_client",
    "default_is",
    "delete_credentials",
    "devices",
    "dial",
    "eap_identity",
    "entries",
    "get_credentials",
    "hang_up",
    "keep_connected",
    "set_credentials",
    "user_phonebook",
    "watch",
]
