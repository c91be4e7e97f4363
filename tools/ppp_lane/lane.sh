#!/bin/sh
# lane.sh [ARGUMENTS OF PYTEST]: `make test-pppd`. Runs tests/pppd, or what the arguments name, in the guest.
# lane.sh demo: `make demo-ppp`.
set -eu
cd "$(dirname "$0")/../.."
cache=${RASDIAL_PPP_CACHE:-$PWD/.cache/ppp} # survives `make clean`
python=${BIN:-.venv/bin}/python

sh tools/ppp_lane/provision.sh "$cache"
[ "${1:-}" != demo ] || exec tools/ppp_lane/guest.sh "$cache" "$python" tools/ppp_lane/demo.py
[ $# -gt 0 ] || set -- tests/pppd
export RASDIAL_PPP_LANE="$cache"
exec tools/ppp_lane/guest.sh "$cache" "$python" -m pytest -p no:cacheprovider "$@"
