"""The command line: ``commands/`` has one module for each command, ``display/`` all that they print.

``main`` loads a command's module when the command runs; ``app`` is what the commands share. The options that
several commands take are in ``options``, user names and passwords in ``login``.
"""

PROGRAM = "rasdial-async"

__all__ = ["PROGRAM", "main"]
