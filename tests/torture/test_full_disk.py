"""A real disk that fills at any moment: what was kept stays, what was not is said, and there is no half result."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from campaign import Campaign
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.errors import CartoError
from carto_services_publics.core.registry import Connection, Query
from carto_services_publics.core.registry.sync import sync
from corrections_made import compare, correction
from million import Listed, Many
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)
from test_damaged_files import consolidated, costs
from test_hostile_registry import rows_of

ROOM = 3 << 20
FORMATS = ("gpkg", "shp", "geojson", "fgb", "csv", "ods", "xlsx", "sqlite", "gml")


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of three megabytes; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("only root can make a disk of a given size")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path, chance: random.Random) -> Path:
    """Leave some room: often very little, the moment at which it fills is then anywhere in the writing."""
    room = int(chance.choice([5_000, 60_000, 400_000, 1_500_000]) * chance.random())
    status = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(b"x" * max(status.f_bavail * status.f_frsize - room, 0))
    return filler


class Attack:
    """One case: what is prepared on the disk, then done when it is nearly full."""

    def __init__(self, campaign: Campaign, disk: Path, run: Callable[..., dict[str, Any]], town: Any) -> None:
        self.campaign, self.disk, self.run, self.town = campaign, disk, run, town

    def outbox(self, chance: random.Random) -> None:
        path, said = self.disk / "o.sqlite", []
        outbox = Outbox(path)
        filler = fill(self.disk, chance)
        try:
            for number in range(300):
                outbox.add(one := correction(number), "r")
                said.append(one.uuid)
        except CartoError:
            self.campaign.said += 1
        filler.unlink()
        compare(self.campaign, path, said)
        self.campaign.wrong += not outbox.add(correction(999), "r")
        outbox.close()

    def followed(self, chance: random.Random) -> None:
        """A referential brought up to date."""
        path, connection = self.disk / "s.gpkg", Connection("c", "ogcapi", "https://r.example")
        sync(path, Listed(Many(300)), connection, Query())
        before = rows_of(path)
        filler = fill(self.disk, chance)
        try:
            sync(path, Listed(Many(chance.choice([310, 3000]), 2)), connection, Query(), most_removed=100.0)
            self.campaign.wrong += len(rows_of(path)) not in (310, 3000)
        except CartoError:
            self.campaign.said += 1
            filler.unlink()
            self.campaign.lost += rows_of(path) != before

    def common(self, chance: random.Random) -> None:
        """A referential of several producers."""
        fill(self.disk, chance)
        try:
            self.campaign.wrong += len(consolidated(self.disk / "r.gpkg")) != 60
        except CartoError:
            self.campaign.said += 1
            self.campaign.wrong += (self.disk / "r.gpkg").exists()

    def network(self, chance: random.Random) -> None:
        path = self.disk / "n.network"
        if had := chance.random() < 0.5:
            shutil.copy(self.town.network, path)
        fill(self.disk, chance)
        self._algorithm("buildnetwork", "OUTPUT", path)
        if path.exists():
            self.campaign.wrong += costs(path) != costs(Path(self.town.network))
        else:
            self.campaign.lost += had

    def result(self, chance: random.Random) -> None:
        """A layer, in any format."""
        path = self.disk / f"out.{chance.choice(FORMATS)}"
        fill(self.disk, chance)
        if self._algorithm("nearestservice", "OUTPUT", path):
            self.campaign.lost += 1500 * 3 - sum(1 for _ in QgsVectorLayer(str(path), "out", "ogr").getFeatures())

    def report(self, chance: random.Random) -> None:
        path = self.disk / "report.html"
        fill(self.disk, chance)
        if self._algorithm("accessreport", "HTML", path):
            self.campaign.wrong += not path.read_text(encoding="utf-8").rstrip().endswith("</html>")

    def _algorithm(self, name: str, output: str, path: Path) -> bool:
        try:
            self.run(name, {output: str(path)})
        except QgsProcessingException:
            self.campaign.said += 1
            return False
        return True


@pytest.fixture
def run(baseline):
    def call(name: str, over: dict[str, Any]) -> dict[str, Any]:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")
        given = {**baseline(name, count=1500), "SNAP_DISTANCE": 5000, **over}
        return algorithm.run(given, QgsProcessingContext(), QgsProcessingFeedback(False), catchExceptions=False)[0]

    return call


def test_a_disk_that_fills_at_any_moment(disk, run, town):
    campaign = Campaign("disque-plein")
    attack = Attack(campaign, disk, run, town)
    kinds = (attack.result, attack.outbox, attack.followed, attack.common, attack.network, attack.report)
    for chance in campaign.cases(count=3 * len(kinds)):
        kind = kinds[(campaign.tried - 1) % len(kinds)]
        kind(chance)
        assert (campaign.lost, campaign.doubled, campaign.wrong) == (0, 0, 0), (kind.__name__, campaign.where())
        for left in disk.iterdir():
            left.unlink()
    campaign.keep()
