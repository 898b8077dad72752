"""The feeds of a territory: from a server that answers as the access point does, to files in the profile."""

from __future__ import annotations

import io
import json
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from carto_services_publics.processing.connections import data_folder
from carto_services_publics.processing.transit_catalogue import FOLDER
from carto_services_publics.ui import feed_chooser
from carto_services_publics.ui.feed_chooser import FeedChooser
from carto_services_publics.ui.transit_fields import TransitFields
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
from faults import Answer, as_json, stub

UPDATED = "2026-11-20T10:00:00Z"


def feed_bytes() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name in ("stops.txt", "trips.txt", "stop_times.txt"):
            out.writestr(name, "")
    return held.getvalue()


def dataset(base, title, insee, kind, licence):
    resource = {
        "datagouv_id": f"r{insee}",
        "title": "GTFS",
        "format": "GTFS",
        "url": f"{base}/stable/{insee}",
        "filesize": 42,
        "updated": UPDATED,
        "metadata": {"start_date": "2026-09-01", "end_date": "2026-12-31"},
    }
    area = [{"insee": insee, "nom": title, "type": kind}]
    owners = [{"name": "Collectivité", "siren": "1", "type": "region"}]
    return {"title": title, "licence": licence, "legal_owners": owners, "covered_area": area, "resources": [resource]}


@pytest.fixture
def server(qgis_app, monkeypatch):
    """Answers the catalogue, and each feed behind a redirect; says what was asked."""
    asked, slow = [], threading.Event()

    def answers(request, _body) -> Answer:
        asked.append(request.path)
        base = f"http://{request.headers['Host']}"
        if slow.is_set():
            time.sleep(20)
        if request.path == "/api/datasets":
            return as_json(
                [
                    dataset(base, "Cars de Corse", "94", "region", "odc-odbl"),
                    dataset(base, "Muvistrada", "2A004", "commune", "lov2"),
                    dataset(base, "Lozère", "48", "departement", "lov2"),
                ]
            )
        if request.path.startswith("/stable/"):
            return Answer(302, [("Location", request.path.replace("stable", "file"))], b"")
        return Answer(200, [("Content-Type", "application/zip")], feed_bytes())

    for path in data_folder(FOLDER).glob("r*"):
        path.unlink()
    QgsSettings().setValue(feed_chooser.REMEMBERED, ["2A"])
    with stub(answers) as url:
        monkeypatch.setenv("CARTO_SP_TRANSPORT_SERVER", url)
        yield asked, slow
    QgsSettings().remove(feed_chooser.REMEMBERED)


def opened(qtbot) -> FeedChooser:
    chooser = FeedChooser()
    qtbot.addWidget(chooser)
    return chooser


def titles(chooser):
    return [chooser.table.item(row, 0).text() for row in range(chooser.table.rowCount())]


def test_feeds_of_the_territory_are_chosen_kept_and_found_again(qtbot, server):
    asked, _ = server
    chooser = opened(qtbot)
    qtbot.waitUntil(lambda: chooser.table.rowCount() == 2, timeout=10_000)
    assert titles(chooser) == ["Muvistrada – GTFS", "Cars de Corse – GTFS"]  # the most local first, Lozère is elsewhere
    assert [chooser.table.item(1, column).text() for column in (1, 2)] == ["Collectivité", "ODbL"]
    assert not chooser.use.isEnabled()
    chooser.table.item(1, 0).setCheckState(Qt.CheckState.Checked)
    assert "ODbL" in chooser.word.text() and chooser.use.isEnabled()
    chooser.use.click()
    qtbot.waitUntil(lambda: chooser.paths != [], timeout=10_000)
    assert zipfile.is_zipfile(chooser.paths[0])
    card = json.loads(chooser.paths[0].with_suffix(".json").read_text(encoding="utf-8"))
    assert card["licence"] == "ODbL" and card["updated"] == UPDATED

    again = opened(qtbot)
    qtbot.waitUntil(lambda: again.table.rowCount() == 2, timeout=10_000)
    assert again.table.chosen() == [1]
    again.use.click()
    qtbot.waitUntil(lambda: again.paths == chooser.paths, timeout=10_000)
    assert asked.count("/file/94") == 1  # this edition was there already


def test_another_territory_shows_other_feeds(qtbot, server):
    chooser = opened(qtbot)
    qtbot.waitUntil(lambda: chooser.table.rowCount() == 2, timeout=10_000)
    chooser.territory.set_codes(["48"])
    chooser.territory.changed.emit()
    assert titles(chooser) == ["Lozère – GTFS"]


def test_a_slow_server_holds_nobody(qtbot, server):
    _, slow = server
    slow.set()
    started = time.monotonic()
    chooser = opened(qtbot)
    chooser.reject()
    assert time.monotonic() - started < 1


def test_a_server_that_fails_is_said(qtbot, server, monkeypatch):
    monkeypatch.setenv("CARTO_SP_TRANSPORT_SERVER", "http://127.0.0.1:9")
    chooser = opened(qtbot)
    qtbot.waitUntil(lambda: "127.0.0.1" in chooser.word.text() or "reached" in chooser.word.text(), timeout=10_000)
    assert not chooser.use.isEnabled()


def test_feeds_chosen_go_to_the_window_that_makes_the_timetable(qtbot, qgis_app, monkeypatch, tmp_path):
    class Chosen:
        paths = [tmp_path / "a.zip", tmp_path / "b.zip"]

        def __init__(self, parent) -> None:
            pass

        def exec(self) -> int:
            return 1

    monkeypatch.setattr("carto_services_publics.ui.transit_fields.FeedChooser", Chosen)
    fields, made, week = TransitFields(), [], []
    qtbot.addWidget(fields)
    fields.build_asked.connect(made.append)
    fields.week_asked.connect(week.append)
    fields.choose.click()
    fields.week.click()
    expected = f"{tmp_path / 'a.zip'};{tmp_path / 'b.zip'}"
    assert made == [expected] and week == [expected]
