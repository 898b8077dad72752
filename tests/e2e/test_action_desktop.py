"""The page Act in a real QGIS desktop: places proposed, a scenario edited with the layer's own edit buffer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desktop import SHOTS, run_desktop

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


def test_places_are_proposed_and_a_site_moved_says_what_it_changes(tmp_path):
    said = run_desktop(Path(__file__).parent / "drive_action.py", tmp_path)
    print(said)
    for name in ("agir", "agir-un-lieu", "scenario"):
        assert (SHOTS / f"{name}.png").stat().st_size > 10_000
