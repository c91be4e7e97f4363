#!/bin/sh
# Cross-builds rasdial_async-…-cp311-abi3-win_amd64.whl into build/windows/wheel.
set -eu
. tools/wine_lane/lane.sh
rm -rf "$BUILT/wheel" "$BUILT/cross"
mkdir -p "$BUILT/cross"
if ! RASDIAL_WINDOWS_CACHE=$CACHE "$BIN/python" tools/wine_lane/cross_setup.py --quiet \
    egg_info --egg-base "$BUILT/cross" \
    build --build-base "$BUILT/cross" \
    bdist_wheel --plat-name win_amd64 --bdist-dir "$BUILT/cross/bdist" --dist-dir "$BUILT/wheel" \
    >"$BUILT/wheel.log" 2>&1; then
    cat "$BUILT/wheel.log"
    exit 1
fi
ls "$BUILT"/wheel/*-cp311-abi3-win_amd64.whl
