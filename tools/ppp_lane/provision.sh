#!/bin/sh
# provision.sh FOLDER: what the PPP lane needs, in FOLDER; the second call does nothing.
#
# From this system's own release, by apt as root: pppd, a PPPoE server, and tools. From Debian's next release, unpacked
# into FOLDER and not installed: a user-mode Linux with its modules, and pppd 2.5. The user-mode Linux of Debian 12 and
# 13 panics on processors with AMX. The programs of the next release want a newer C library, so they get one of their own.
set -eu

RELEASE=forky
TOOLS="pppd pppoe-server chat patchelf modprobe ip"
PACKAGES="ppp pppoe kmod iproute2 patchelf"
UNPACKED="user-mode-linux ppp libc6 libcrypt1 libpam0g libpcap0.8t64 libssl3t64 libsystemd0 libaudit1 libcap-ng0 libcap2
 libdbus-1-3 libibverbs1 libnl-3-200 libnl-route-3-200 libgcc-s1 zlib1g libzstd1"

mkdir -p "$1"
folder=$(cd "$1" && pwd)

say() { printf 'PPP lane: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# A registry may be out of reach for a moment.
retried() {
    "$@" && return
    for pause in 5 20; do
        say "once more in $pause s: $*"
        sleep "$pause"
        "$@" && return
    done
    return 1
}

missing() {
    for tool in $TOOLS; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || printf '%s ' "$tool"
    done
}

install_tools() {
    command -v apt-get >/dev/null || fail "no apt-get here: install $(missing)yourself"
    [ "$(id -u)" = 0 ] || fail "only root can install $(missing)with apt"
    say "$PACKAGES, with apt"
    options="-qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    retried apt-get $options update &&
        retried apt-get $options install --yes --no-install-recommends $PACKAGES >/dev/null ||
        fail "apt could not install $PACKAGES: is there a network?"
}

# The mirror that apt uses here.
mirror() {
    for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/*.sources; do
        [ -e "$file" ] && sed -n 's/^URIs: *\([^ ]*debian\)\/\{0,1\}$/\1/p' "$file"
    done | head -1
    [ -e /etc/apt/sources.list ] && awk '$1 == "deb" && $2 ~ /debian\/?$/ { print $2 }' /etc/apt/sources.list | head -1
    echo https://deb.debian.org/debian
}

# Package lists and packages of the next release, beside those of the system.
download() {
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$(mirror | head -1)" "$RELEASE" \
        /usr/share/keyrings/debian-archive-keyring.gpg >"$apt/next.sources"
    options="-qq -o Dir::Etc::SourceList=$apt/next.sources -o Dir::Etc::SourceParts=$apt/parts
        -o Dir::State::Lists=$apt/lists -o Dir::Cache=$apt/cache -o APT::Sandbox::User=root -o Acquire::Retries=5"
    # shellcheck disable=SC2086
    (cd "$apt" && retried apt-get $options update && retried apt-get $options download $UNPACKED) ||
        fail "the next release of Debian could not be fetched: is there a network?"
}

# own_libraries PROGRAM: lets it run with the C library of its own release.
own_libraries() {
    patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$1"
}

unpack() {
    for package in "$apt"/*.deb; do
        dpkg -x "$package" "$folder/next"
    done
    libraries=$folder/next/usr/lib/x86_64-linux-gnu
    loader=$libraries/ld-linux-x86-64.so.2
    [ -e "$loader" ] || fail "no $loader in the packages of $RELEASE"
    mv "$folder/next/usr/bin/linux.uml" "$folder/linux"
    mv "$folder/next/usr/sbin/pppd" "$folder/pppd"
    own_libraries "$folder/linux"
    own_libraries "$folder/pppd"
    chmod 0755 "$folder/pppd"
    mkdir -p "$folder/modules/lib"
    ln -s ../../next/usr/lib/uml/modules "$folder/modules/lib/modules"
    ln -s "$(echo "$folder"/next/usr/lib/*/pppd/2.* "$folder"/next/usr/lib/pppd/2.* | tr ' ' '\n' | grep -v '[*]')" "$folder/plugins"
}

[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || fail "it needs an x86-64 Linux, and this is $(uname -s) $(uname -m)"
[ -z "$(missing)" ] || install_tools
[ -z "$(missing)" ] || fail "after apt there is still no $(missing)"
# The programs name the folder, so one that has been moved is made anew.
if [ "$(cat "$folder/ready" 2>/dev/null)" != "$folder" ]; then
    say "a user-mode Linux and pppd 2.5 of Debian's next release"
    apt=$folder/apt
    rm -rf "$folder/apt" "$folder/next" "$folder/modules" "$folder/linux" "$folder/pppd" "$folder/plugins"
    download
    unpack
    rm -rf "$apt"
    echo "$folder" >"$folder/ready"
fi
