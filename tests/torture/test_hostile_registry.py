"""A registry that wishes ill: it is refused in a sentence, or what it gave is what is kept; memory stays flat."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from campaign import Campaign
from hostile import TRICKS, Rows, dripping, endless_body, good, hostile, inflated

LONGEST = 20.0
"""Seconds after which a user who asked for nothing would think it hangs."""
CANCELLED_AFTER = 0.4
MOST_MEGABYTES = 500


def rows_of(path: Path) -> Rows:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return dict(database.execute("SELECT id, nom FROM services"))


@pytest.fixture
def sync_from(qgis_app, tmp_path):
    """Bring a GeoPackage up to date from an address, through QGIS's own network; cancelled after some seconds."""
    from carto_services_publics.core.registry import Connection, Query, open_registry
    from carto_services_publics.core.registry.sync import sync
    from carto_services_publics.processing.base import FeedbackProgress
    from carto_services_publics.processing.transport import open_session
    from qgis.core import QgsProcessingFeedback

    class Stopping(QgsProcessingFeedback):
        end = float("inf")

        def isCanceled(self) -> bool:
            return time.monotonic() > self.end

    def run(url: str, path: Path, seconds: float = float("inf")) -> None:
        connection, feedback = Connection("hostile", "ogcapi", url), Stopping(False)
        feedback.end = time.monotonic() + seconds
        registry = open_registry(connection, open_session(url, feedback=feedback))
        sync(path, registry, connection, Query(), FeedbackProgress(feedback), most_removed=100.0)

    return run


def test_what_a_hostile_registry_says_is_refused_or_is_what_is_kept(sync_from, tmp_path):
    from carto_services_publics.core.errors import CartoError

    campaign = Campaign("registre-hostile")
    before = tmp_path / "before.gpkg"
    with hostile() as (url, registry), campaign.memory():
        registry.trick = good(5)
        sync_from(url, before)
        kept = rows_of(before)
        for chance in campaign.cases(count=2 * len(TRICKS)):
            make = TRICKS[(campaign.tried - 1) % len(TRICKS)]
            stops = make in (dripping, endless_body) or chance.random() < 0.1
            registry.trick = trick = make(chance)
            path = Path(shutil.copy(before, tmp_path / f"{campaign.tried}.gpkg"))
            begun, seconds = time.monotonic(), CANCELLED_AFTER if stops else float("inf")
            try:
                sync_from(url, path, seconds)
                found = rows_of(path)
                right = trick.rows is None or found == trick.rows
                campaign.wrong += not (trick.anything or (right and trick.rows is not None))
                if trick.anything and trick.rows:
                    campaign.lost += len(trick.rows.keys() - found.keys())
            except CartoError as error:
                campaign.said += 1
                campaign.wrong += rows_of(path) != kept or (trick.must and not stops)
                print(f"{campaign.tried} {make.__name__}: {error}"[:200])
            took = time.monotonic() - begun
            assert took < (CANCELLED_AFTER + 1.0 if stops else LONGEST), (make.__name__, took, campaign.where())
            assert (campaign.wrong, campaign.lost) == (0, 0), (make.__name__, campaign.where())
    campaign.keep()
    assert campaign.megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("make", [endless_body, inflated])
def test_an_answer_without_end_is_refused_without_a_cancel(sync_from, tmp_path, make):
    """Endless or inflated to gigabytes: memory stays flat and a sentence comes."""
    from carto_services_publics.core.errors import CartoError

    campaign = Campaign(f"sans-fin-{make.__name__}")
    with hostile() as (url, registry), campaign.memory():
        for chance in campaign.cases(count=1, seconds=0):
            registry.trick = make(chance)
            with pytest.raises(CartoError):
                sync_from(url, tmp_path / "new.gpkg")
            campaign.said += 1
            assert not (tmp_path / "new.gpkg").exists()
    campaign.keep()
    assert campaign.megabytes < MOST_MEGABYTES
