"""``rasdial-async`` and ``python -m rasdial_async``: the way into the command line."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from .cli.main import cli
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("click", "rich"):
            raise
        print('The command line needs click and rich: pip install "rasdial-async[cli]"', file=sys.stderr)
        raise SystemExit(2) from None
    cli(prog_name="rasdial-async")


if __name__ == "__main__":
    main()
