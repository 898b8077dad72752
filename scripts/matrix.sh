#!/usr/bin/env bash
# The whole suite in the QGIS of several Debian releases, each in a root of its own, and a table of results.
#   scripts/matrix.sh [bookworm trixie forky …]
# Roots are made once with debootstrap, outside the checkout (CSP_LANES, by default ~/.cache/carto-services-publics),
# and used again. Needs root (or sudo) and debootstrap. A proxy's certificates and pip settings of this machine apply.
set -uo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || exec sudo -E "$0" "$@"

releases=("${@:-}")
[ -n "${releases[0]}" ] || releases=(bookworm trixie forky)
lanes=${CSP_LANES:-$HOME/.cache/carto-services-publics}
data=${CSP_TEST_DATA:-$(cd .. && pwd)/shared/data}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
command -v debootstrap >/dev/null || apt-get install -y -q --no-install-recommends debootstrap

make_root() {  # release → a bare Debian with git and make
    local release=$1 root=$lanes/$1 script=
    [ -e "$root/ready" ] && return 0
    rm -rf "$root" && mkdir -p "$root"
    [ "$release" = forky ] && script=/usr/share/debootstrap/scripts/sid
    debootstrap --variant=minbase "$release" "$root" "$mirror" $script >"$lanes/$release.debootstrap.log" 2>&1 || return 1
    printf 'Acquire::Check-Valid-Until "false";\nAcquire::Retries "3";\n' >"$root/etc/apt/apt.conf.d/99lane"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
    inside "$root" / "apt-get update -q && apt-get install -y -q --no-install-recommends git make ca-certificates sudo" \
        >"$lanes/$release.apt.log" 2>&1 || return 1
    touch "$root/ready"
}

inside() {  # root, folder, command: in a namespace of its own, whose mounts and processes end with it
    local root=$1 folder=$2 command=$3
    cp -L /etc/resolv.conf "$root/etc/" 2>/dev/null
    mkdir -p "$root/lane" "$root/data" "$root/etc/ssl/certs"
    [ -e "$root/etc/ssl/certs/ca-certificates.crt" ] && cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    unshare --mount --propagation private --pid --fork --kill-child bash -c '
        root=$1 folder=$2 command=$3 data=$4
        mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount -t tmpfs tmpfs "$root/tmp"
        [ -d "$data" ] && mount --rbind "$data" "$root/data"
        for shared in ${CSP_LANE_MOUNTS:-}; do mkdir -p "$root$shared"; mount --rbind "$shared" "$root$shared"; done
        settings=$(env | grep -E "^(PIP_|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|https?_proxy|no_proxy)" | tr "\n" " ")
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            CSP_TEST_DATA=/data $settings bash -c "cd $folder && $command"
    ' lane "$root" "$folder" "$command" "$data"
}

table="release | QGIS | result | passed, failed, skipped | minutes"
status=0
for release in "${releases[@]}"; do
    root=$lanes/$release log=$lanes/$release.test.log started=$SECONDS
    if ! make_root "$release"; then
        table+=$'\n'"$release | – | no root (see $lanes/$release.*.log) | – | –"; status=1; continue
    fi
    rm -rf "$root/lane/src" && git clone -q . "$root/lane/src"
    if inside "$root" /lane/src "make test" >"$log" 2>&1; then result=green; else result=RED; status=1; fi
    qgis=$(inside "$root" / "dpkg-query -W -f='\${Version}' qgis" 2>/dev/null)
    counts=$(grep -E '^=+ .*(passed|failed|error)' "$log" | sed -E 's/=+ ?//g' | paste -sd '+')
    table+=$'\n'"$release | $qgis | $result | $counts | $(((SECONDS - started) / 60))"
done
echo "$table"
exit $status
