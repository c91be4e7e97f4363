#!/bin/sh
# lane.sh [ARGUMENTS OF PYTEST]: `make test-pppd`. Runs tests/pppd in two guests side by side, or what the arguments
# name in one.
# lane.sh demo: `make demo-ppp`.
# With PPPD=2.5 in the environment the pppd is that of Debian's next release.
set -eu
cd "$(dirname "$0")/../.."
cache=${RASDIAL_PPP_CACHE:-$PWD/.cache/ppp} # survives `make clean`
python=${BIN:-.venv/bin}/python

guest() {
    if [ "${PPPD:-}" = 2.5 ]; then
        set -- tools/ppp_lane/pppd_2_5.sh "$cache" "$python" "$@"
    else
        set -- "$python" "$@"
    fi
    tools/ppp_lane/guest.sh "$cache" "$@"
}

pytest() {
    guest -m pytest -p no:cacheprovider "$@"
}

sh tools/ppp_lane/provision.sh "$cache"
if [ "${1:-}" = demo ]; then
    guest tools/ppp_lane/demo.py
    exit
fi
"$python" tools/build_engine.py shared >/dev/null # for tests/pppd/test_library.py
export RASDIAL_PPP_LANE="$cache"
if [ $# -gt 0 ]; then
    pytest "$@"
    exit
fi
half=$(mktemp)
trap 'rm -f "$half"' EXIT
status=0
# Each guest waits for the far end most of the time. The names of test files have no spaces.
# shellcheck disable=SC2046
pytest $(printf '%s\n' tests/pppd/test_*.py | grep -v '_dial\|_many') >"$half" 2>&1 &
other=$!
pytest tests/pppd/test_dial.py tests/pppd/test_many.py || status=$?
wait "$other" || status=$?
cat "$half"
exit "$status"
