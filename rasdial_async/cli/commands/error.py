"""``rasdial-async error``: the meaning of a code, and the way out."""

from __future__ import annotations

import re

import click

from ...errors import ErrorCode, describe_code, known_codes
from .. import completion
from ..app import App, pass_app
from ..display import records
from ..display.screen import Screen
from ..options import Command, common_options

_DECIMAL = re.compile(r"-?[0-9]{1,10}")
_HEXADECIMAL = re.compile(r"0x[0-9a-f]{1,8}|[0-9a-f]{8}", re.IGNORECASE)


# A negative HRESULT is no option.
@click.command(cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("codes", metavar="CODE...", nargs=-1, required=True, shell_complete=completion.symbols)
@common_options("backend", "as_json")
@pass_app
def error(app: App, codes: tuple[str, ...]) -> None:
    """Explain error codes: a number (691, 0x8007274C, -2147014836) or a symbol (ERROR_LINE_BUSY).

    With --backend pppd in the words that fit links of pppd on Linux.
    """
    wording = app.backend_name if app.backend_name == "pppd" else ""
    numbers = [_look_up(code).code for code in codes]
    for position, known in enumerate(describe_code(number, wording) for number in numbers):
        app.screen.record(records.error_code(known))
        if position:
            app.screen.line("")
        _explain(app.screen, known)


def _look_up(text: str) -> ErrorCode:
    wanted = text.upper()
    for known in known_codes().values():
        if wanted in (known.symbol, known.symbol.removeprefix("ERROR_")):
            return known
    if _DECIMAL.fullmatch(text) and -(2**31) <= int(text) < 2**32:
        return describe_code(int(text))
    if _HEXADECIMAL.fullmatch(text):
        return describe_code(int(text, 16))
    import difflib

    symbols = {known.symbol.removeprefix("ERROR_"): known.symbol for known in known_codes().values()}
    near = difflib.get_close_matches(wanted.removeprefix("ERROR_"), symbols, n=3)
    did_you_mean = f"; did you mean {' or '.join(symbols[name] for name in near)}?" if near else ""
    raise click.UsageError(f"{text!r} is no known code and no known symbol{did_you_mean}")


def _explain(screen: Screen, known: ErrorCode) -> None:
    screen.line(f"{known.symbol} ({known.code}, {known.code:#x})", "bold")
    rows = [("means", known.message)]
    if known.code:  # 0 is no error
        again = "the same call may succeed later" if known.transient else "not before something changes"
        rows += [("do", known.hint), ("again", again), ("raises", known.error_class.__name__)]
    screen.details([(name, value) for name, value in rows if value])
