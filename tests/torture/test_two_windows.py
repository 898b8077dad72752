"""Two QGIS at work on one profile, killed at any moment: what they had kept is there once, their files are whole."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from campaign import SECONDS, Campaign, started
from carto_services_publics.core.network.file import verify_arrays
from corrections_made import KEPT, compare
from dirt import layer_of, rows_of, saved

WINDOW = Path(__file__).with_name("window.py")
STARTS_WITHIN = 120.0
"""Seconds in which a QGIS without a screen says its first word, on a machine that others use too."""


def test_two_windows_on_one_profile_killed_at_any_moment(qgis_app, tmp_path):
    campaign = Campaign("deux-qgis-tues")
    roads = saved(layer_of("LineString", rows_of("LineString", 0)), tmp_path / "roads.gpkg")
    profile, geopackage, said = tmp_path / "profile", tmp_path / "services.gpkg", []
    profile.mkdir()
    for chance in campaign.cases(count=1, seconds=SECONDS / 2):
        both = [started(WINDOW, profile, geopackage, roads) for _ in range(2)]
        said += [first_kept(window) for window in both]  # they are at work
        time.sleep(4.0 * chance.random())
        for window in both:
            window.kill()
        said += [key for window in both for key in window.communicate(timeout=STARTS_WITHIN)[0].split("\n")]
        said = [key for key in said if len(key) == 36]
        (outbox,) = profile.rglob("corrections.sqlite")
        compare(campaign, outbox, said)
        campaign.wrong += not whole(geopackage)
        for network in profile.rglob("*.network"):
            verify_arrays(network)  # raises where it is damaged
    campaign.keep()


def kept(text: str) -> list[str]:
    """The corrections that a window says it has kept; a last line that the kill cut says none."""
    return re.findall(rf"^{KEPT}(.{{36}})$", text, re.MULTILINE)


def first_kept(window: subprocess.Popen) -> str:
    """What a window says first to have kept, once it does."""
    for line in window.stdout:
        if said := kept(line):
            return said[0]
    raise AssertionError("a window ended before it kept anything")


def whole(geopackage: Path) -> bool:
    """Whether the referential is the one of before or of after a sync, not anything between them."""
    if not geopackage.exists():
        return True
    with closing(sqlite3.connect(geopackage)) as database:
        services = "SELECT count(*), count(DISTINCT id) FROM services"
        told = "SELECT valeur FROM services_etat WHERE cle = 'query'"
        sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return sound and database.execute(services).fetchone() == (200, 200) and bool(database.execute(told).fetchone())
