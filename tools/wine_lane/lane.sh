# What the scripts of the Windows lane share; sourced by them, from the root of the checkout.
# docs/windows.md tells what the lane proves and what it does not.

CACHE=${RASDIAL_WINDOWS_CACHE:-$PWD/.cache/windows} # survives `make clean`
BUILT=$PWD/build/windows                            # made anew whenever the sources change
BIN=${BIN:-.venv/bin}
PYTHONS="3.11 3.12 3.13"

export WINEPREFIX="$CACHE/prefix"
export WINEDEBUG=-all

say() { printf '%s\n' "$*" >&2; }
