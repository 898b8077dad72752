#!/usr/bin/env bash
# What is committed here, tested in the QGIS of several Debian releases, each in a root of its own; then a table.
#   scripts/matrix.sh [bookworm trixie forky qt6 …]
# Roots are made once with debootstrap, outside the checkout (CSP_LANES, by default ~/.cache/carto-services-publics),
# and used again; remove one to have its newest packages. Needs root (or sudo). The mirror is that of this machine's own
# package sources (or DEBIAN_MIRROR); its proxy, certificates and PIP_* settings apply inside, and the folders named by
# CSP_LANE_MOUNTS are there too. `qt6` is a trixie in which QGIS is built on Qt 6 (scripts/lanes/qt6.sh): hours the
# first time, and it goes on where it was stopped.
set -uo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || exec sudo -E "$0" "$@"

releases=("$@")
[ $# -gt 0 ] || releases=(bookworm trixie forky qt6)
lanes=${CSP_LANES:-$HOME/.cache/carto-services-publics}
data=${CSP_TEST_DATA:-$(cd .. && pwd)/shared/data}
certificates=/etc/ssl/certs/ca-certificates.crt
command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends debootstrap; }

debian_mirror() {  # the first of this machine's package sources that is Debian's own archive
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -1
}

mirror=${DEBIAN_MIRROR:-$(debian_mirror)}
[ -n "$mirror" ] || { apt-get update -q && mirror=$(debian_mirror); }
[ -n "$mirror" ] || { echo "No Debian archive among this machine's package sources: name one in DEBIAN_MIRROR." >&2; exit 1; }

make_root() {  # lane → a bare Debian with git and make
    local lane=$1 release=${1/qt6/trixie} root=$lanes/$1
    local script=/usr/share/debootstrap/scripts/$release
    [ -e "$root/ready" ] && return 0
    rm -rf "$root" && mkdir -p "$root"
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid  # a release younger than this debootstrap
    debootstrap --variant=minbase "$release" "$root" "$mirror" "$script" \
        >"$lanes/$lane.debootstrap.log" 2>&1 || return 1
    printf 'Acquire::Check-Valid-Until "false";\nAcquire::Retries "3";\n' >"$root/etc/apt/apt.conf.d/99lane"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
    inside "$root" / "apt-get update -q && apt-get install -y -q --no-install-recommends git make ca-certificates sudo" \
        >"$lanes/$lane.apt.log" 2>&1 || return 1
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

versions() {  # root → QGIS | Qt | Python
    inside "$1" / "python3 -c '
import platform
from qgis.core import Qgis
from qgis.PyQt.QtCore import qVersion
print(Qgis.version().split(\"-\")[0], qVersion(), platform.python_version(), sep=\" | \")'" 2>/dev/null | tail -1
}

table=$'| lane | QGIS | Qt | Python | result | passed | failed | skipped | minutes |\n|---|---|---|---|---|---|---|---|---|'
status=0
for release in "${releases[@]}"; do
    root=$lanes/$release log=$lanes/$release.test.log started=$SECONDS
    echo "$release: $log"
    if ! make_root "$release"; then
        echo "No root for $release: see $lanes/$release.debootstrap.log and $release.apt.log."
        table+=$'\n'"| $release | – | – | – | no root | – | – | – | – |"; status=1; continue
    fi
    rm -rf "$root/lane/src" && git clone -q . "$root/lane/src"
    if [ "$release" = qt6 ] && ! inside "$root" /lane/src scripts/lanes/qt6.sh >"$lanes/qt6.build.log" 2>&1; then
        echo "QGIS was not built on Qt 6: see $lanes/qt6.build.log. Run again: it goes on from there."
        table+=$'\n'"| qt6 | – | – | – | not built | – | – | – | – |"; status=1; continue
    fi
    slower=1
    [ "$release" = qt6 ] && [ "${CSP_OPTIMIZE:--O0}" = -O0 ] && slower=2.5  # so is a QGIS that nothing optimised
    if inside "$root" /lane/src "CSP_QGIS_SLOWER=$slower make -k test" >"$log" 2>&1; then result=green; else result=RED; status=1; fi
    [ $result = green ] || grep -E '^(FAILED|ERROR|make: \*\*\*)' "$log"
    table+=$'\n'"| $release | $(versions "$root") | $result | $(counts "$log") | $(((SECONDS - started + 30) / 60)) |"
done
echo "$table"
exit $status
