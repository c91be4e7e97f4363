"""``rasdial-async`` and ``python -m rasdial_async``: the way into the command line."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> None:
    try:
        _run()
    except KeyboardInterrupt:  # while the modules are still being loaded
        raise SystemExit(130) from None


def _run() -> None:
    if not (find_spec("click") and find_spec("rich")):
        print("The command line needs click and rich: pip install click rich", file=sys.stderr)
        raise SystemExit(2)
    from .cli.main import cli

    cli(prog_name="rasdial-async", windows_expand_args=False)  # rasdial.exe's "*" is no file name


if __name__ == "__main__":
    main()
