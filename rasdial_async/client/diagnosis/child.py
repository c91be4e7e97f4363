"""The child process of a diagnosis: ``python -m … LIBRARY PHONEBOOK SKIP [ENTRY]``.

It prints a JSON object for each question before it asks it, and one for the answer, so that its parent knows
which call crashed or did not return. SKIP is the number of questions that an earlier child has dealt with.
With an ENTRY it asks nothing else and dials.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import islice

from .library import Examined
from .probe import probe
from .report import Answer, timed


def main(library: str, phonebook: str, skip: str, entry: str = "") -> None:
    """Ask, print, and end without waiting for the threads of RAS."""
    examined = Examined(library, phonebook or None)
    if entry:
        _say({"begin": "dial", "name": "RasDialW"})
        failed = timed("dial", "dial", lambda: probe(examined, entry, _report))
        if failed.problem:
            _say({"check": failed.as_dict()})
    else:
        for section, name, ask in islice(examined.questions(), int(skip), None):
            _say({"begin": section, "name": name})
            _say({"check": timed(section, name, ask).as_dict()})
    _say({"end": True})
    os._exit(0)


def _report(name: str, answer: Answer) -> None:
    _say({"check": timed("dial", name, lambda: answer).as_dict()})


def _say(message: dict[str, Answer]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
