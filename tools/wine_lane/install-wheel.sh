#!/bin/sh
# Installs the cross-built wheel into every Windows CPython of the lane.
set -eu
. tools/wine_lane/lane.sh
wheel=$(ls "$BUILT"/wheel/*-cp311-abi3-win_amd64.whl)
for version in $PYTHONS; do
    site=$CACHE/python-$version/site
    rm -rf "$site"/rasdial_async "$site"/rasdial_async-*.dist-info
    "$BIN/python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$site" --upgrade \
        --platform win_amd64 --python-version "$version" --implementation cp --only-binary=:all: "$wheel"
done
