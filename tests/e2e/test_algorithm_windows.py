"""Every algorithm opens in QGIS's own Processing window; the pictures go to the documentation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desktop import ROOT, SHOTS, run_desktop

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


def test_every_algorithm_shows_its_window(tmp_path):
    names = {page.name.split(".")[0] for page in (ROOT / "processing" / "help").glob("*.md")}
    for name in names:
        (SHOTS / f"algorithme-{name}.png").unlink(missing_ok=True)
    run_desktop(Path(__file__).with_name("drive_algorithms.py"), tmp_path)
    assert {name for name in names if not (SHOTS / f"algorithme-{name}.png").is_file()} == set()
