#!/usr/bin/env bash
# QGIS on Qt 6, built from Debian's own source package and installed in /usr as Debian would. Inside a bare Debian trixie,
# as root; scripts/matrix.sh runs it there. It may be stopped and run again: finished stages are skipped, and the
# compiler goes on where it was. What each stage took is in /build/times.
#   scripts/lanes/qt6.sh
# Clang, headers compiled once and sources in groups (qt6.cmake) make it several times quicker than Debian's own build;
# not optimised: for tests of what QGIS does, not of its speed (CSP_OPTIMIZE=-O1 doubles the time). CSP_NICE, CSP_JOBS: its
# priority (10) and processes (all cores).
set -euo pipefail
recipe=$(cd "$(dirname "$0")" && pwd)
build=/build tree=/build/tree optimize=${CSP_OPTIMIZE:--O0}
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$build/done" "$build/apart" && cd "$build"

compilers=(build-essential dpkg-dev cmake ninja-build flex bison pkgconf git clang lld mold)
qt=(qt6-base-dev qt6-base-private-dev qt6-5compat-dev qt6-positioning-dev qt6-svg-dev qt6-multimedia-dev qt6-tools-dev
    qt6-tools-dev-tools qt6-l10n-tools libqca-qt6-dev libqca-qt6-plugins qtkeychain-qt6-dev libqscintilla2-qt6-dev
    libqt6sql6-sqlite qt6-svg-plugins qt6-qpa-plugins libxcb-cursor0)
python=(python3-dev python3-sipbuild python3-pyqtbuild sip-tools pyqt6-dev pyqt6-dev-tools pyqt6.qsci-dev python3-pyqt6
    python3-pyqt6.qsci python3-pyqt6.qtmultimedia python3-pyqt6.qtpositioning python3-pyqt6.qtsvg python3-gdal
    python3-jinja2 python3-lxml python3-owslib python3-psycopg2 python3-pygments python3-requests python3-tokenize-rt
    python3-yaml)
libraries=(libgdal-dev libgeos-dev libproj-dev libspatialindex-dev libspatialite-dev libsqlite3-dev libexiv2-dev
    libzip-dev libzstd-dev libprotobuf-dev protobuf-compiler libexpat1-dev libpq-dev libxml2-dev libfcgi-dev
    nlohmann-json3-dev zlib1g-dev)

stage() {  # name, command…: once
    local name=$1 started=$SECONDS; shift
    [ -e "$build/done/$name" ] && return 0
    echo "$(date +%T) $name"
    "$@"
    echo "$name $((SECONDS - started)) s" >>"$build/times"
    touch "$build/done/$name"
}

packages() {
    apt-get update -q
    apt-get install -y -q --no-install-recommends "${compilers[@]}" "${qt[@]}" "${python[@]}" "${libraries[@]}"
}

sources_of() {  # release: where its source packages are, beside its binary ones
    sed -E "s/^deb (\[[^]]*\] )?([^ ]+) .*/deb-src \1\2 $1 main/" /etc/apt/sources.list | head -1 \
        >/etc/apt/sources.list.d/sources.list
    apt-get update -q
}

source_package() {
    sources_of trixie
    apt-get source -q --download-only qgis
    rm -rf qgis && dpkg-source --no-check -x qgis_*.dsc qgis  # apt has checked the sums
    sed -i -E 's/set\(SIP_CONCAT_PARTS [0-9]+\)/set(SIP_CONCAT_PARTS 12)/' qgis/CMakeLists.txt
    # A QGIS 3 on Qt 6 starts only plugins that say `supportsQt6`; QGIS 4 has dropped that word and reads qgisMaximumVersion.
    sed -i 's/getenv( "QGIS_DISABLE_SUPPORTS_QT6_CHECK" )/true/' qgis/src/app/qgspluginregistry.cpp
    sed -i 's/and "QGIS_DISABLE_SUPPORTS_QT6_CHECK" not in os.environ/and False/' \
        qgis/python/pyplugin_installer/installer_data.py
    # What no option leaves out and the extension never meets.
    sed -i -E '/add_subdirectory\((mssql|gpx|mdal|virtualraster)\)/d' qgis/src/providers/CMakeLists.txt
    sed -i -E '/add_subdirectory\((topology|geometry_checker|offline_editing)\)/d' qgis/src/plugins/CMakeLists.txt
}

qwt() {  # trixie has it for Qt 5 only; sid's source is enough, its packaging is not used
    sources_of sid
    apt-get source -q --download-only qwt || ls qwt_*.orig.tar.*
    rm -rf qwt && mkdir qwt && tar xf qwt_*.orig.tar.* -C qwt --strip-components 1 && cd qwt
    sed -i -E -e 's#^( *QWT_INSTALL_PREFIX *=).*#\1 /usr#' \
        -e 's/^QWT_CONFIG *\+= *Qwt(Designer|OpenGL|Examples|Playground|Tests) *$/#&/' qwtconfig.pri
    qmake6 qwt.pro >/dev/null && make -j"${CSP_JOBS:-$(nproc)}" >/dev/null && make install >/dev/null
    cd "$build"
}

configure() {
    cmake -S qgis -B "$tree" -G Ninja -Wno-dev \
        -DCMAKE_PROJECT_qgis_INCLUDE="$recipe/qt6.cmake" -DCSP_GROUP=8 -DCSP_APART="$build/apart" \
        -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_LINKER_TYPE=MOLD \
        -DCMAKE_C_FLAGS="$optimize -g0 -w" \
        -DCMAKE_CXX_FLAGS="$optimize -g0 -w -Wno-c++11-narrowing -fpch-instantiate-templates" \
        -DCMAKE_INSTALL_PREFIX=/usr -DBINDINGS_GLOBAL_INSTALL=ON -DQGIS_PLUGIN_SUBDIR=lib/qgis/plugins \
        -DQWT_INCLUDE_DIR=/usr/include -DQWT_LIBRARY=/usr/lib/libqwt.so \
        -DBUILD_WITH_QT6=ON -DWITH_BINDINGS=ON -DWITH_DESKTOP=ON -DWITH_QGIS_PROCESS=ON -DWITH_SERVER=ON -DWITH_SERVER_PLUGINS=OFF \
        -DWITH_QTWEBKIT=OFF -DWITH_QTWEBENGINE=OFF -DWITH_QTSERIALPORT=OFF -DWITH_3D=OFF -DWITH_PDAL=OFF -DWITH_EPT=OFF \
        -DWITH_COPC=OFF -DWITH_DRACO=OFF -DWITH_GRASS7=OFF -DWITH_GRASS8=OFF -DWITH_HANA=OFF -DWITH_ORACLE=OFF \
        -DWITH_OAUTH2_PLUGIN=OFF -DWITH_CRASH_HANDLER=OFF -DWITH_CUSTOM_WIDGETS=OFF -DWITH_PDF4QT=OFF -DWITH_GSL=OFF \
        -DWITH_QSCIAPI=OFF -DWITH_APIDOC=OFF -DWITH_ASTYLE=OFF -DENABLE_TESTS=OFF -DPEDANTIC=OFF -DUSE_CCACHE=OFF \
        -DUSE_OPENCL=OFF >"$build/configure.log" 2>&1 || { tail -20 "$build/configure.log"; return 1; }
}

compile() {  # targets: groups that do not compile as one, sources that do not after the common headers, are taken apart
    local log=$build/compile.log
    while ! nice -n "${CSP_NICE:-10}" ninja -C "$tree" -j"${CSP_JOBS:-$(nproc)}" -k 0 "$@" >"$log" 2>&1; do
        take_apart "$log" || { grep -E '^FAILED|error:' "$log" | head -20; return 1; }
        configure
    done
}

take_apart() {  # log: fails where nothing is left to take apart
    local library name news=1
    while read -r library name; do
        grep -qsx "$name" "$build/apart/$library.apart" && continue
        echo "$name" >>"$build/apart/$library.apart" && news=0
    done < <(sed -nE -e 's#^FAILED: .*/([a-z0-9_]+)\.dir/Unity/unity_(g[0-9]+)_.*#\1 \2#p; t' \
        -e 's#^FAILED: .*/([a-z0-9_]+)\.dir/([^ ]*/)?([a-z0-9_]+\.cpp)\.o.*#\1 \3#p' "$1" | sort -u)
    return $news
}

install_all() {
    nice -n "${CSP_NICE:-10}" cmake --install "$tree" >"$build/install.log" 2>&1
    ldconfig
    # pytest-qgis asks a QGIS 3 for these two by their names of Qt 5.
    echo 'QSettings.IniFormat, QSettings.UserScope = QSettings.Format.IniFormat, QSettings.Scope.UserScope' \
        >>"$(python3 -c 'import qgis.PyQt.QtCore as module; print(module.__file__)')"
    python3 -c 'from qgis.core import Qgis; from qgis.PyQt.QtCore import QT_VERSION_STR; print(Qgis.version(), QT_VERSION_STR)'
}

stage packages packages
stage source source_package
stage qwt qwt
stage configure configure
stage core compile qgis_core python_module_qgis__core  # what tests of `core` and much of `processing` need
stage gui compile qgis_analysis qgis_gui python_module_qgis__analysis python_module_qgis__gui
stage desktop compile all
stage install install_all
