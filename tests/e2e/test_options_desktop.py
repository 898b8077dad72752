"""The settings page where users meet it: in QGIS's own options."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desktop import SHOTS, run_desktop
from routing_fakes import RoutingServer

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


def test_the_page_keeps_on_ok_forgets_on_cancel_and_shows_what_is_imposed(tmp_path):
    with RoutingServer() as valhalla, RoutingServer(delay=30) as slow:
        said = run_desktop(
            Path(__file__).parent / "drive_options.py",
            tmp_path,
            CSP_VALHALLA=valhalla.url,
            CSP_SLOW=slow.url,
            CARTO_SP_GEOCODER_SERVER="https://geocodage.departement.fr",
        )
    print(said)
    for name in ("reglages", "reglages-suite", "reglages-petit"):
        assert (SHOTS / f"{name}.png").stat().st_size > 10_000
