"""« Modérer »: who keeps a registry sees it, decides by the keyboard, several at once; a real registry answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import Outbox, Sender, new_correction, of_edit
from carto_services_publics.core.registry import Connection
from carto_services_publics.core.services import Service
from carto_services_publics.processing import moderation as processing_module
from carto_services_publics.scripts.registry import CannotServe
from carto_services_publics.tests.servers import ogcapi
from carto_services_publics.ui import moderation_button
from carto_services_publics.ui.moderation_dock import ModerationDock
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

MAIRIE = Service("m1", "Mairie", "mairie", telephone="04 93 41 71 71", version="1", lon=7.36, lat=43.72)
SERVICES = [replace(MAIRIE, id=f"m{n}", nom=f"Mairie {n}", lon=7.36 + 0.0001 * n) for n in range(6)]
SERVICES.append(replace(MAIRIE, id="far", lon=8.0))


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = ogcapi.make_geopackage(tmp_path_factory.mktemp("registry") / "registry.gpkg", SERVICES)
    try:
        with ogcapi.registry(path) as url:
            yield Connection("Le mien", "ogcapi", url), path
    except CannotServe as why:
        pytest.skip(str(why))


@pytest.fixture
def deposit(registry, session, tmp_path):
    """Puts corrections into the registry, as their authors do."""
    outbox = Outbox(tmp_path / "theirs.sqlite")

    def deposit(*corrections):
        outbox.add_all(corrections, registry[0].url)
        assert all(entry.state == "envoyee" for entry in Sender(session, registry[0], outbox).send_all())

    yield deposit
    outbox.close()


@pytest.fixture
def session():
    import requests

    session = requests.Session()
    session.trust_env = False
    return session


def edited(number, **changes):
    before = SERVICES[number]
    return of_edit(before, replace(before, **changes), auteur_organisation="CC", preuve_url="https://x.example/page")


@pytest.fixture
def dock(qgis_iface, qtbot):
    qgis_iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    dock = ModerationDock(qgis_iface)
    qtbot.addWidget(dock)
    qgis_iface.mainWindow().show()
    dock.show()
    qtbot.waitUntil(dock.isVisible)
    dock.activateWindow()
    yield dock
    dock.marks.remove()
    dock.close()
    qgis_iface.mainWindow().hide()


def start(dock, qtbot, registry, count):
    dock.start([registry[0]])
    qtbot.waitUntil(lambda: len(dock.incoming.received) == count, timeout=10_000)


def decided(dock, qtbot):
    qtbot.waitUntil(dock.reload_button.isEnabled, timeout=10_000)
    qtbot.waitUntil(lambda: dock.news.text() not in ("", "Deciding…"), timeout=10_000)
    qtbot.waitUntil(dock.reload_button.isEnabled, timeout=10_000)


def states(registry):
    return {row["uuid"]: (row["etat"], row["motif"]) for row in ogcapi.correction_rows(registry[1])}


def texts(table):
    return [[table.item(row, n).text() for n in range(table.columnCount())] for row in range(table.rowCount())]


def test_only_who_may_decide_sees_the_button(qgis_iface, qtbot, registry, deposit, monkeypatch):
    kept, other = registry[0], Connection("Autre", "ogcapi", "http://127.0.0.1:9/registre")
    monkeypatch.setattr(moderation_button, "registries", lambda: [other, kept])
    button = moderation_button.ModerationButton(qgis_iface)
    qtbot.addWidget(button)
    button.find_rights()
    qtbot.waitUntil(lambda: other in button._known, timeout=10_000)
    assert button.isHidden() and kept not in button._known  # nothing waits yet
    deposit(edited(0, telephone="01"))
    button.find_rights()
    qtbot.waitUntil(lambda: not button.isHidden(), timeout=10_000)
    assert button.kept() == [kept]


def test_the_record_the_proposal_and_what_is_around_are_side_by_side(dock, qtbot, registry, deposit):
    start(dock, qtbot, registry, 1)
    qtbot.waitUntil(lambda: dock.case is not None, timeout=10_000)
    assert [row[1:] for row in texts(dock.side)] == [["04 93 41 71 71", "04 93 41 71 71", "01"]]
    assert "CC" in dock.evidence.text() and "https://x.example/page" in dock.evidence.text()
    assert not dock.proof_button.isHidden() and not dock.warning.text()
    around = texts(dock.around)
    assert {row[0] for row in around} == {f"Mairie {n}" for n in range(1, 6)}
    assert all(row[3].endswith(" m") for row in around)
    assert len(dock.marks._pair) == 1  # it does not move
    dock.around.setCurrentCell(1, 0)
    assert len(dock.marks._pair) == 3  # two places and the line between


def test_letters_decide_and_a_refusal_is_explained(dock, qtbot, registry, deposit):
    start(dock, qtbot, registry, 1)
    uuid = dock.incoming.received[0].correction.uuid
    dock.table.setFocus()
    QTest.keyClick(dock.table, Qt.Key.Key_R)
    assert states(registry)[uuid][0] == "envoyee" and dock.reason.window().focusWidget() is dock.reason
    QTest.keyClicks(dock.reason, "Le bon")
    QTest.keyClick(dock.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dock.incoming.received, timeout=10_000)
    assert states(registry)[uuid] == ("rejetee", "Le bon")
    assert "1 rejected" in dock.news.text() and dock.summary.text() == "No correction waits for a decision."
    assert not dock.accept_button.isEnabled()


def test_several_are_accepted_at_once_but_nothing_over_a_newer_version(dock, qtbot, registry, deposit):
    proposed = [edited(1, telephone="02"), edited(2, telephone="03"), new_correction("fermeture", SERVICES[3])]
    deposit(*proposed)
    ogcapi.change_service(registry[1], "m2", {"telephone": "09", "version": "2"})
    start(dock, qtbot, registry, 3)
    dock.marks._canvas.setExtent(QgsRectangle(7.3595, 43.719, 7.3615, 43.721))
    dock.choose_at(QgsPointXY(7.3602, 43.72))
    assert [one.correction.service_id for one in dock.chosen()] == ["m2"]
    dock.choose_at(QgsPointXY(7.3602, 43.7205))
    assert "No correction" in dock.news.text() and len(dock.chosen()) == 1
    dock.table.selectAll()
    assert "3 corrections" in dock.evidence.text()
    QTest.keyClick(dock.table, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: not dock.incoming.received, timeout=10_000)
    after = states(registry)
    assert [after[one.uuid][0] for one in proposed] == ["acceptee", "conflit", "acceptee"]
    assert "2 accepted" in dock.news.text() and "1 not decided by you" in dock.news.text()
    assert "not in the record" in dock.news.text()  # a GeoPackage applies nothing by itself


def test_a_conflict_is_said_before_and_a_question_leaves_it_undecided(dock, qtbot, registry, deposit):
    stale = edited(2, telephone="04")
    deposit(edited(4, telephone="05"))
    start(dock, qtbot, registry, 1)
    ogcapi.change_service(registry[1], "m4", {"telephone": "08", "version": "2"})
    dock.table.selectRow(0)
    dock._show_chosen()
    qtbot.waitUntil(lambda: dock.case is not None and bool(dock.warning.text()), timeout=10_000)
    assert "elephone" in dock.warning.text() and texts(dock.side)[0][2] == "08"
    assert stale.uuid not in states(registry)
    dock.reason.setText("Vu où ?")
    QTest.keyClick(dock.table, Qt.Key.Key_D)
    decided(dock, qtbot)
    assert ("envoyee", "Vu où ?") in states(registry).values()
    assert len(dock.incoming.received) == 1


def test_the_services_around_are_those_of_the_commune_where_there_is_no_place(monkeypatch):
    asked = []

    class Registry:
        def read(self, query, progress):
            asked.append(query)
            return iter([MAIRIE, replace(MAIRIE, id="m9")])

    monkeypatch.setattr(processing_module, "open_connection", lambda *_: Registry())
    nowhere = replace(MAIRIE, lon=None, lat=None, code_insee="06059")
    correction = new_correction("fermeture", nowhere)
    found = processing_module._around(Connection("", "ogcapi", ""), correction, nowhere, None, None)
    assert asked[0].communes == {"06059"} and [one.id for one in found] == ["m9"]


def test_what_came_in_at_one_registry_is_not_decided_on_at_another(dock, qtbot, registry, deposit):
    deposit(edited(5, telephone="05"))
    dock.start([registry[0], Connection("Muet", "ogcapi", "http://127.0.0.1:9/registre")])
    qtbot.waitUntil(lambda: bool(dock.incoming.received), timeout=10_000)
    assert dock.accept_button.isEnabled()
    dock.registry.setCurrentIndex(1)
    assert dock.table.model().rowCount() == 0 and not dock.accept_button.isEnabled()
    qtbot.waitUntil(dock.reload_button.isEnabled, timeout=30_000)
    assert not dock.incoming.received and dock.summary.text() == "The registry is out of reach."


def test_a_slow_answer_of_the_registry_left_is_not_shown(dock, qtbot, registry):
    other = Connection("Muet", "ogcapi", "http://127.0.0.1:9/registre")
    dock.start([registry[0], other])
    slow = dock._listing
    dock.registry.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dock._listing is None, timeout=30_000)
    assert slow.feedback.isCanceled() and not dock.incoming.received and dock.connection() == other
