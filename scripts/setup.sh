#!/usr/bin/env bash
# Installs what the project needs from the distribution (Debian 12 or newer, Ubuntu), only when something is missing.
#   scripts/setup.sh demo    what a user has: QGIS and the Python packages that come beside it
#   scripts/setup.sh test    also servers, a virtual screen, a browser, translation and PDF tools
set -euo pipefail

demo=(qgis qgis-server python3-qgis qgis-providers python3-numpy python3-scipy python3-shapely python3-pyproj
      python3-requests python3-matplotlib python3-jinja2 python3-gdal python3-venv python3-pip ca-certificates
      qttools5-dev-tools)
test=("${demo[@]}" postgresql postgis postgresql-postgis xvfb xauth poppler-utils fonts-dejavu-core
      chromium)
optional=" chromium "  # not packaged as such on Ubuntu: the tests that open a browser are then skipped
case "${1:-}" in
    demo) wanted=("${demo[@]}") ;;
    test) wanted=("${test[@]}") ;;
    *) echo "usage: scripts/setup.sh demo|test" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null; then
    echo "This system has no apt-get. Install these with its own package manager, then run again with CSP_SKIP_SETUP=1:" >&2
    printf '  %s\n' "${wanted[@]}" >&2
    exit 1
fi

# A QGIS that no package brought (built here, on Qt 6) stays, and Debian's, on Qt 5, is not put over it.
own_qgis=""
program=$(command -v qgis || true)
if [ -n "$program" ] && ! dpkg-query -S "$program" >/dev/null 2>&1; then
    own_qgis=" qgis qgis-server python3-qgis qgis-providers qttools5-dev-tools "
fi

missing=()
for package in "${wanted[@]}"; do
    [[ $own_qgis == *" $package "* ]] && continue
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Missing packages, and neither root nor sudo to install them: ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "Installing with apt-get: ${missing[*]}"
"${as_root[@]}" apt-get update -q
to_install=()
for package in "${missing[@]}"; do
    if [[ $optional == *" $package "* ]] && ! apt-cache show "$package" >/dev/null 2>&1; then
        echo "No package $package here: left out."
    else
        to_install+=("$package")
    fi
done
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${to_install[@]}"
