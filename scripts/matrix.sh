#!/usr/bin/env bash
# What is committed here, tested in the QGIS of several Debian releases, each in a root of its own; then a table.
#   scripts/matrix.sh [bookworm trixie forky …]
# Roots are made once with debootstrap, outside the checkout (CSP_LANES, by default ~/.cache/carto-services-publics),
# and used again; remove one to have its newest packages. Needs root (or sudo). This machine's proxy, certificates and
# PIP_* settings apply inside, and the folders named by CSP_LANE_MOUNTS are there too.
set -uo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || exec sudo -E "$0" "$@"

releases=("$@")
[ $# -gt 0 ] || releases=(bookworm trixie forky)
lanes=${CSP_LANES:-$HOME/.cache/carto-services-publics}
data=${CSP_TEST_DATA:-$(cd .. && pwd)/shared/data}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
certificates=/etc/ssl/certs/ca-certificates.crt
command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends debootstrap; }

make_root() {  # release → a bare Debian with git and make
    local release=$1 root=$lanes/$1 script=/usr/share/debootstrap/scripts/$1
    [ -e "$root/ready" ] && return 0
    rm -rf "$root" && mkdir -p "$root"
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid  # a release younger than this debootstrap
    debootstrap --variant=minbase "$release" "$root" "$mirror" "$script" \
        >"$lanes/$release.debootstrap.log" 2>&1 || return 1
    printf 'Acquire::Check-Valid-Until "false";\nAcquire::Retries "3";\n' >"$root/etc/apt/apt.conf.d/99lane"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
    inside "$root" / "apt-get update -q && apt-get install -y -q --no-install-recommends git make ca-certificates sudo" \
        >"$lanes/$release.apt.log" 2>&1 || return 1
    touch "$root/ready"
}

inside() {  # root, folder, command: in a namespace of its own, whose mounts and processes end with it
    local root=$1 folder=$2 command=$3
    cp -L /etc/resolv.conf "$root/etc/" 2>/dev/null
    mkdir -p "$root/lane" "$root/data"
    [ -e "$certificates" ] && [ -e "$root$certificates" ] && cp "$certificates" "$root$certificates"
    unshare --mount --propagation private --pid --fork --kill-child bash -c '
        root=$1 folder=$2 command=$3 data=$4
        mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount -t tmpfs tmpfs "$root/tmp"
        [ -d "$data" ] && mount --rbind "$data" "$root/data"
        for shared in ${CSP_LANE_MOUNTS:-}; do mkdir -p "$root$shared"; mount --rbind "$shared" "$root$shared"; done
        mapfile -t settings < <(env | grep -E "^(PIP_|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|https?_proxy|no_proxy)")
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            CSP_TEST_DATA=/data "${settings[@]}" bash -c "cd $folder && $command"
    ' lane "$root" "$folder" "$command" "$data"
}

counts() {  # log → passed | failed | skipped, of all its runs of pytest
    grep -E '^=+ .* in [0-9.]+s' "$1" | grep -oE '[0-9]+ (passed|failed|error|skipped)' |
        awk '{n[$2] += $1} END {printf "%d | %d | %d", n["passed"], n["failed"] + n["error"], n["skipped"]}'
}

versions() {  # root → QGIS | Python
    inside "$1" / "dpkg-query -W -f='\${Version}' qgis | sed 's/[+-].*//'; echo -n ' | '; python3 -V | cut -d' ' -f2" \
        2>/dev/null | tr -d '\n'
}

table=$'| Debian | QGIS | Python | result | passed | failed | skipped | minutes |\n|---|---|---|---|---|---|---|---|'
status=0
for release in "${releases[@]}"; do
    root=$lanes/$release log=$lanes/$release.test.log started=$SECONDS
    echo "$release: $log"
    if ! make_root "$release"; then
        echo "No root for $release: see $lanes/$release.debootstrap.log and $release.apt.log."
        table+=$'\n'"| $release | – | – | no root | – | – | – | – |"; status=1; continue
    fi
    rm -rf "$root/lane/src" && git clone -q . "$root/lane/src"
    if inside "$root" /lane/src "make -k test" >"$log" 2>&1; then result=green; else result=RED; status=1; fi
    [ $result = green ] || grep -E '^(FAILED|ERROR|make: \*\*\*)' "$log"
    table+=$'\n'"| $release | $(versions "$root") | $result | $(counts "$log") | $(((SECONDS - started + 30) / 60)) |"
done
echo "$table"
exit $status
