# What the scripts of the Windows lane share; sourced by them, from the root of the checkout.
# docs/windows.md tells what the lane proves and what it does not.

CACHE=${RASDIAL_WINDOWS_CACHE:-$PWD/.cache/windows} # survives `make clean`
BUILT=$PWD/build/windows                            # made anew whenever the sources change
BIN=${BIN:-.venv/bin}
PYTHONS="3.11 3.12 3.13"

WINE_PREFIX=$CACHE/prefix
export WINEPREFIX="$WINE_PREFIX"
export WINEDEBUG=-all
export WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d;${RAS_OVERRIDE:-rasapi32=n}"
export PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1

say() { printf '%s\n' "$*" >&2; }

# windows_python 3.11 ARGUMENT…: that Windows CPython under Wine. It dies at its start where a
# standard stream is a regular file, as it is in many CI logs: so each is a pipe or the null device.
windows_python() {
    version=$1
    shift
    status=$(mktemp)
    { wine "$CACHE/python-$version/python.exe" "$@" </dev/null 2>&1 && echo 0 >"$status" ||
        echo $? >"$status"; } | cat
    code=$(cat "$status")
    rm -f "$status"
    return "$code"
}
