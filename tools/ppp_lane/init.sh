#!/bin/sh
# The first process of the guest: see guest.sh. BOX and MODULES come from the kernel's command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mkdir -p /dev/shm/box
mount -t hostfs -o "$BOX" none /dev/shm/box

# What the guest can write to is its own: temporary files, logs, pid files, and the configuration of pppd.
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/ppp /run/ppp-etc
cp -a /etc/ppp/. /run/ppp-etc/
mount --bind /run/ppp-etc /etc/ppp
mount -t tmpfs tmpfs /var/log
export TMPDIR=/dev/shm

modprobe -d "$MODULES" -a ppp_async ppp_synctty ppp_deflate bsd_comp ppp_mppe pppoe veth >/dev/null 2>&1
ip link set lo up

(. /dev/shm/box/command) >/dev/shm/box/output 2>&1 </dev/null
echo $? >/dev/shm/box/status
sync
echo o >/proc/sysrq-trigger
sleep 5
