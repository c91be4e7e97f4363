"""The commands of the program, a module for each, and rasdial.exe's own spelling of dial and hangup."""

__all__ = [
    "books",
    "credentials",
    "demo",
    "devices",
    "dial",
    "doctor",
    "entries",
    "error",
    "hangup",
    "keep",
    "phonebook",
    "rasdial",
    "record",
    "replay",
    "several",
    "status",
    "watch",
]
