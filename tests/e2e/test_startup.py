"""QGIS starts as fast with the plugin as without (`bench/startup.py` measures both)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desktop import run_desktop

HEAVY = ("numpy", "scipy", "shapely", "matplotlib", "pyproj", "requests", "jinja2")
FIRST_MODULES = "plugin", "ui.late_start", "ui.options"


def test_what_is_imported_at_start_takes_nothing_heavy_with_it():
    program = (
        f"import sys, qgis.gui; from importlib import import_module; before = set(sys.modules)\n"
        f"for name in {FIRST_MODULES}: import_module('carto_services_publics.' + name)\n"
        f"print(*(set({HEAVY}) & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.e2e
@pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb")
def test_the_desktop_spends_under_a_tenth_of_a_second_on_it_and_the_algorithms_still_come(tmp_path):
    times = tmp_path / "times.json"
    run_desktop(Path(__file__).with_name("drive_startup.py"), tmp_path / "profiles", CSP_TIMES=str(times))
    assert json.loads(times.read_text())["processor_seconds"] < 0.1
