"""Plan IGN under the maps of a report: signed where it is, missed by nobody where the network is not."""

from __future__ import annotations

import base64
import re
import struct
import time
import zlib
from contextlib import contextmanager

import pytest
from carto_services_publics.tests.servers.faults import Answer, stub
from qgis.core import QgsVectorLayer
from qgis.PyQt.QtGui import QImage

GROUND = (120, 180, 240)


def _tile() -> bytes:
    """A PNG of 256 × 256 dots of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes(GROUND) * 256) * 256
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@contextmanager
def wmts(answers: bool):
    """A server of tiles; or one that takes requests and never answers."""
    asked = []

    def answer(handler, _body):
        asked.append(handler.path)
        if not answers:
            time.sleep(30)
        return Answer(200, [("Content-Type", "image/png")], _tile())

    with stub(answer) as url:
        yield f"{url}/wmts", asked


@pytest.fixture
def report(run, demo_gpkg, tmp_path):
    """The report of the demonstration's gaps, with the base map: its page, what the user read, seconds."""

    def write() -> tuple[str, str, float]:
        services = QgsVectorLayer(f"{demo_gpkg}|layername=services", "services", "ogr")
        services.setSubsetString("categorie = 'mairie'")
        gaps, _told = run(
            "coveragegaps",
            DEMAND=f"{demo_gpkg}|layername=demande",
            DEMAND_WEIGHT="population",
            SERVICES=services,
            CATEGORY_FIELD="categorie",
            NETWORK=f"{demo_gpkg}|layername=routes",
            PROFILE="foot",
            THRESHOLDS="10",
            ZONES=f"{demo_gpkg}|layername=communes",
            ZONE_ID="code_insee",
        )
        html = tmp_path / "rapport.html"
        began = time.monotonic()
        _layers, told = run(
            "accessreport",
            COVERAGE=gaps["OUTPUT"],
            DEMAND=gaps["DEMAND_OUT"],
            DEMAND_WEIGHT="population",
            SERVICES=services,
            BASEMAP=True,
            HTML=str(html),
            PDF=str(tmp_path / "atlas.pdf"),
        )
        assert (tmp_path / "atlas.pdf").stat().st_size > 5000
        return html.read_text(encoding="utf-8"), told, time.monotonic() - began

    return write


def _first_map(page: str) -> QImage:
    image = QImage()
    assert image.loadFromData(base64.b64decode(re.search(r"data:image/png;base64,([^\"]+)", page)[1]))
    return image


def _dots_of(image: QImage, colour: tuple[int, int, int]) -> int:
    return sum(
        abs(image.pixelColor(x, y).red() - colour[0]) < 12 and abs(image.pixelColor(x, y).blue() - colour[2]) < 12
        for x in range(0, image.width(), 10)
        for y in range(0, image.height(), 10)
    )


def test_the_maps_lie_on_plan_ign_which_is_cited(report, monkeypatch):
    with wmts(answers=True) as (address, asked):
        monkeypatch.setenv("CARTO_SP_BASEMAP_URL", address)
        page, _told, _seconds = report()

    assert len(asked) > 1 and all("LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2" in path for path in asked)
    assert "Fond de carte : Plan IGN, © IGN, Licence Ouverte 2.0" in page
    image = _first_map(page)
    assert _dots_of(image, GROUND) > 0.5 * (image.width() // 10) * (image.height() // 10)


@pytest.mark.parametrize("stalled", [False, True])
def test_without_the_network_the_report_is_whole_and_nothing_waits(report, monkeypatch, stalled):
    with wmts(answers=False) as (address, _asked):
        monkeypatch.setenv("CARTO_SP_BASEMAP_URL", address if stalled else "http://127.0.0.1:9/wmts")
        page, told, seconds = report()

    assert "without the base map" in told
    assert "Plan IGN" not in page
    assert _dots_of(_first_map(page), GROUND) == 0
    assert seconds < 20
