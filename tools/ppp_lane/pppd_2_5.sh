#!/bin/sh
# pppd_2_5.sh FOLDER COMMAND [ARG ...]: inside the guest, runs a command where pppd is that of Debian's next release.
#
# FOLDER is what provision.sh made. pppd looks for its plugins in /usr/lib/pppd/VERSION only.
set -eu
folder=$1
shift
install -o root -g dip -m 4750 "$folder/pppd" /run/pppd-2.5
mount --bind /run/pppd-2.5 /usr/sbin/pppd
mount -t tmpfs tmpfs /usr/lib/pppd
ln -s "$(readlink -f "$folder/plugins")" "/usr/lib/pppd/$(pppd --version 2>&1 | sed -n 's/^pppd version //p')"
exec "$@"
