#!/bin/sh
# guest.sh FOLDER COMMAND [ARG ...]: runs a command as root in a user-mode Linux whose kernel has PPP.
#
# FOLDER is what provision.sh made. The guest has the files of this system, read only, and its own kernel, network and
# processes. The command's output comes out live, and its exit status is this script's.
# RASDIAL_PPP_SECONDS bounds the run (300). Variables that begin with RASDIAL_ or COVERAGE_ reach the command.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
shift
memory=${RASDIAL_PPP_MEMORY:-512M}

box=$(mktemp -d) # what crosses the border: the command, its output, its status
end() {
    rm -rf "$box"
}
trap end EXIT
trap 'exit 130' INT TERM

# Quoted for the guest's shell.
quoted() {
    for word; do
        printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
    done
}

{
    printf 'cd %s\n' "$(quoted "$PWD")"
    for name in $(env | sed -n 's/^\(\(RASDIAL\|COVERAGE\)_[A-Z_0-9]*\|COLUMNS\|TERM\)=.*/\1/p'); do
        eval "printf 'export %s=%s\n' $name \"\$(quoted \"\$$name\")\""
    done
    quoted "$@"
} >"$box/command"
: >"$box/output"

# The guest's memory is a file, which has to be on a tmpfs. The kernel's own exit status says nothing.
TMPDIR=/dev/shm timeout --kill-after=5 "${RASDIAL_PPP_SECONDS:-300}" "$folder/linux" "mem=$memory" \
    root=/dev/root rootfstype=hostfs rootflags=/ ro "init=$here/init.sh" con=null con0=null,fd:1 con1=null,fd:1 \
    quiet loglevel=1 "uml_dir=$box/uml" "BOX=$box" "MODULES=$folder/modules" </dev/null >"$box/console" 2>&1 &
guest=$!
tail --lines=+1 --follow --sleep-interval=0.1 --pid="$guest" "$box/output" || true
wait "$guest" || true
[ -e "$box/status" ] || {
    echo "PPP lane: the guest did not finish; its console:" >&2
    tail -20 "$box/console" >&2
    exit 97
}
exit "$(cat "$box/status")"
