"""A real QGIS desktop on a virtual screen, driven through its widgets. Screenshots stay in build/screenshots."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desktop import SHOTS, run_desktop

HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


def test_the_panel_leads_from_the_referential_to_a_correction(tmp_path):
    said = run_desktop(HERE / "drive_panel.py", tmp_path)
    print(said)
    for name in ("referentiel", "acces", "correction", "corrections"):
        assert (SHOTS / f"{name}.png").stat().st_size > 10_000


def test_a_newcomer_gets_a_map_of_gaps_in_two_clicks(tmp_path):
    said = run_desktop(HERE / "drive_welcome.py", tmp_path)
    print(said)
    assert (SHOTS / "premiere-carte.png").stat().st_size > 10_000


def test_the_complete_diagnosis_ends_with_a_report(tmp_path):
    said = run_desktop(HERE / "drive_diagnostic.py", tmp_path)
    print(said)
    assert (SHOTS / "diagnostic-carte.png").stat().st_size > 10_000
