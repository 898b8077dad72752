"""« Mon territoire »: from a name typed to the first answer, against a WFS that behaves as the Géoplateforme's."""

from __future__ import annotations

import pytest
from carto_services_publics.core.registry import Connection
from carto_services_publics.processing.basemap import basemap_uri
from carto_services_publics.processing.connections import (
    ANNUAIRE,
    CONNECTION_PROPERTY,
    remove_connection,
    save_connection,
)
from carto_services_publics.tests.servers import territory_data
from carto_services_publics.tests.servers.wfs import GeoplateformeLike
from carto_services_publics.ui import my_territory
from carto_services_publics.ui.basemap import add_basemap
from qgis.core import QgsProject, QgsSettings, QgsSingleSymbolRenderer, QgsSymbol, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QLocale, Qt
from qgis.PyQt.QtGui import QColor

SERVICES = (
    "id;nom;categorie;code_insee;latitude;longitude\n"
    "a;Mairie du 10e;mairie;13055;43.281;5.419\n"
    "b;Espace;france_services;13055;43.284;5.412\n"
)


@pytest.fixture
def page(real_layers, provider, qtbot, monkeypatch, tmp_path):
    """The panel, a server of Marseille's 10th behind it, a file in place of the Annuaire."""
    (tmp_path / "services.csv").write_text(SERVICES, encoding="utf-8")
    save_connection(Connection(ANNUAIRE, "fichier", str(tmp_path / "services.csv")))
    monkeypatch.setattr(my_territory, "data_folder", lambda *_inside: tmp_path)
    QgsSettings().remove(my_territory.REMEMBERED)
    ready = []
    with GeoplateformeLike(dict(real_layers), share=0.2).running() as server:
        monkeypatch.setenv("CARTO_SP_GEOPLATEFORME_WFS", server.address)
        made = my_territory.MyTerritory(ready.append, list)
        qtbot.addWidget(made)
        made.show()
        made.ready, made.server = ready, server
        yield made
    remove_connection(ANNUAIRE)
    QgsProject.instance().clear()


def _type(page, qtbot, name):
    qtbot.keyClicks(page.territory.field, name)
    qtbot.keyClick(page.territory.field, Qt.Key.Key_Return)


def test_what_will_be_fetched_is_said_before(page, qtbot):
    assert not page.prepare.isEnabled()

    _type(page, qtbot, "Marseille")

    assert page.prepare.isEnabled()
    roads = my_territory.type_labels()[territory_data.ROADS]
    qtbot.waitUntil(lambda: roads in page.status.text(), timeout=60_000)
    assert QLocale().toString(QDate(2026, 6, 15), QLocale.FormatType.ShortFormat) in page.status.text()
    assert "Licence Ouverte" in page.status.text()


def test_one_button_brings_the_layers_and_the_network(page, qtbot):
    _type(page, qtbot, "Marseille")
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: bool(page.ready), timeout=240_000)

    [ready] = page.ready
    assert set(ready.layers) == {"services", "demande", "communes", "epci", "routes"}
    assert ready.network.endswith(".network")
    assert len(QgsProject.instance().mapLayers()) == 5
    assert ready.layers["services"].featureCount() == 2


def test_services_of_another_connection_have_a_file_of_their_own(page, qtbot, tmp_path):
    (tmp_path / "autres.csv").write_text(SERVICES.replace("Mairie du 10e", "Autre mairie"), encoding="utf-8")
    save_connection(Connection("Autre liste", "fichier", str(tmp_path / "autres.csv")))
    try:
        page.hide()
        page.show()
        _type(page, qtbot, "Marseille")
        usual = page.geopackage()
        page.services.setCurrentText("Autre liste")

        assert "Autre liste" in page.status.text()
        assert page.geopackage() != usual
        qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(page.ready), timeout=240_000)
        services = page.ready[0].layers["services"]
        assert {service["nom"] for service in services.getFeatures()} == {"Autre mairie", "Espace"}
    finally:
        remove_connection("Autre liste")


def test_what_is_chosen_while_it_fetches_changes_nothing_of_what_comes(page, qtbot, tmp_path):
    (tmp_path / "autres.csv").write_text(SERVICES, encoding="utf-8")
    save_connection(Connection("Autre liste", "fichier", str(tmp_path / "autres.csv")))
    try:
        page.hide()
        page.show()
        _type(page, qtbot, "Marseille")
        page.profile.setCurrentIndex(page.profile.findData("foot"))
        qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
        page.services.setCurrentText("Autre liste")
        page.profile.setCurrentIndex(page.profile.findData("car"))
        page.territory.set_codes(["48"])
        qtbot.waitUntil(lambda: bool(page.ready), timeout=240_000)
        [ready] = page.ready
        assert ready.profile == "foot" and "Marseille" in ready.layers["services"].name()
        assert ready.layers["services"].customProperty(CONNECTION_PROPERTY) == ANNUAIRE
    finally:
        remove_connection("Autre liste")


def test_the_edition_one_has_is_said_beside_a_newer_one(page, qtbot):
    _type(page, qtbot, "Marseille")
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.ready), timeout=240_000)
    roads = page.server.layers[territory_data.ROADS]
    page.server.layers[territory_data.ROADS] = roads._replace(edition="2026-09-15")

    page.show()

    both = [QLocale().toString(QDate(2026, *day), QLocale.FormatType.ShortFormat) for day in ((9, 15), (6, 15))]
    qtbot.waitUntil(lambda: all(day in page.status.text() for day in both), timeout=60_000)


def _fetch(page, qtbot):
    """Press the button, and wait for the answer."""
    done = len(page.ready)
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.ready) > done, timeout=240_000)
    return page.ready[-1].layers


def _add_a_service(tmp_path, line="c;Nouvelle mairie;mairie;13055;43.286;5.411\n"):
    (tmp_path / "services.csv").write_text(SERVICES + line, encoding="utf-8")


def test_brought_up_to_date_the_layers_stay_as_they_were_and_read_what_is_new(page, qtbot, tmp_path):
    _type(page, qtbot, "Marseille")
    before = _fetch(page, qtbot)
    ids = {name: layer.id() for name, layer in before.items()}
    sources = {name: layer.source() for name, layer in before.items()}
    services, communes = before["services"], before["communes"]
    services.setName("Mes services")
    services.setSubsetString("categorie = 'mairie'")
    communes.setRenderer(QgsSingleSymbolRenderer(QgsSymbol.defaultSymbol(communes.geometryType())))
    communes.renderer().symbol().setColor(QColor("#123456"))
    root = QgsProject.instance().layerTreeRoot()
    group = root.addGroup("À moi")
    group.addLayer(services)
    root.removeChildNode(root.findLayer(services.id()))
    roads = page.server.layers[territory_data.ROADS]
    page.server.layers[territory_data.ROADS] = roads._replace(edition="2026-09-15")
    _add_a_service(tmp_path)
    shown = []
    page.server.answer = _look_first(page.server.answer, shown, before)

    page.show()
    after = _fetch(page, qtbot)

    assert {name: layer.id() for name, layer in after.items()} == ids
    assert len(QgsProject.instance().mapLayers()) == 5
    assert services.name() == "Mes services" and group.findLayer(services.id()) is not None
    assert communes.renderer().symbol().color() == QColor("#123456") and communes.opacity() == 0.4
    assert {service["nom"] for service in services.getFeatures()} == {"Mairie du 10e", "Nouvelle mairie"}
    assert sources["communes"] == communes.source() and "subset" in services.source()
    assert all(layer.isValid() and not layer.readOnly() for layer in after.values())
    assert shown == [(True, True)], "the map shows them meanwhile, and they are not edited"
    assert not list(tmp_path.glob(".*")), "nothing is left beside the file"


def _look_first(answer, shown, layers):
    """The server's answer; at the first, whether the layers are drawn and whether they are held."""

    def look(params):
        if not shown:
            every = layers.values()
            shown.append((all(layer.isValid() for layer in every), all(layer.readOnly() for layer in every)))
        return answer(params)

    return look


def test_a_category_that_is_new_has_its_icon_and_the_colours_chosen_stay(page, qtbot, tmp_path):
    _type(page, qtbot, "Marseille")
    services = _fetch(page, qtbot)["services"]
    rules = services.renderer().rootRule().descendants()
    town_halls = next(rule for rule in rules if rule.filterExpression() == "\"categorie\" = 'mairie'")
    town_halls.symbol().setColor(QColor("#123456"))
    _add_a_service(tmp_path, "c;Pharmacie;pharmacie;13055;43.286;5.411\nd;Annexe;la_poste;13055;43.287;5.412\n")
    page._categories = lambda: ["mairie", "france_services", "pharmacie", "la_poste"]

    page.show()
    assert _fetch(page, qtbot)["services"] is services

    root = services.renderer().rootRule()
    drawn = {rule.filterExpression(): rule for rule in root.descendants()}
    assert {f"\"categorie\" = '{code}'" for code in ("mairie", "france_services", "pharmacie", "la_poste")} <= set(
        drawn
    )
    assert drawn["\"categorie\" = 'mairie'"].symbol().color() == QColor("#123456")
    for service in services.getFeatures():
        themes = [rule for rule in root.children() if not rule.isElse() and rule.isFilterOK(service)]
        assert any(rule.isFilterOK(service) for theme in themes for rule in theme.children()), service["categorie"]


def test_edits_that_are_not_saved_are_told_before_and_saved_or_nothing_is_done(page, qtbot, tmp_path, monkeypatch):
    """The roads have an edition, and stay; the server tells none of the communes: they are read anew, over the edit."""
    _type(page, qtbot, "Marseille")
    layers = _fetch(page, qtbot)
    communes, roads = layers["communes"], layers["routes"]
    for layer, column in ((communes, "nom_officiel"), (roads, "nature")):
        layer.startEditing()
        first = next(layer.getFeatures())
        layer.changeAttributeValue(first.id(), layer.fields().lookupField(column), "À moi")
    page.show()
    asked = []
    monkeypatch.setattr(my_territory, "is_agreed", lambda *words: asked.append(words[2]) or False)
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    assert communes.name() in asked[0] and roads.name() in asked[0]
    assert page.progress.run is None and page.prepare.isEnabled() and communes.isModified() and roads.isModified()

    monkeypatch.setattr(my_territory, "is_agreed", lambda *_words: True)
    assert _fetch(page, qtbot)["routes"] is roads
    assert not communes.isEditable() and not roads.isEditable()
    assert "À moi" in roads.uniqueValues(roads.fields().lookupField("nature"))
    [kept] = page.ready[-1].kept
    before = QgsVectorLayer(f"{tmp_path / kept}|layername=communes", "", "ogr")
    assert "À moi" in before.uniqueValues(before.fields().lookupField("nom_officiel"))
    roads.startEditing()
    page.show()
    _fetch(page, qtbot)
    assert not roads.isEditable(), "nothing to save: nothing is asked"


def test_stopped_on_the_way_the_layers_read_what_was_there(page, qtbot, tmp_path):
    _type(page, qtbot, "Marseille")
    layers = _fetch(page, qtbot)
    sources = {name: layer.source() for name, layer in layers.items()}
    roads = page.server.layers[territory_data.ROADS]
    page.server.layers[territory_data.ROADS] = roads._replace(edition="2026-09-15")
    pages = page.server.asked["pages"]
    page.show()
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.server.asked["pages"] > pages, timeout=60_000)
    qtbot.mouseClick(page.progress.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not any(layer.readOnly() for layer in layers.values()), timeout=10_000)
    assert {name: layer.source() for name, layer in layers.items()} == sources
    assert all(layer.isValid() and layer.featureCount() for layer in layers.values())
    qtbot.waitUntil(lambda: not (tmp_path / ".territoire-13055.en-vue.gpkg").exists(), timeout=10_000)


def test_another_project_meanwhile_gets_none_of_it(page, qtbot, tmp_path):
    _type(page, qtbot, "Marseille")
    _fetch(page, qtbot)
    page.show()
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    QgsProject.instance().clear()
    qtbot.waitUntil(page.prepare.isEnabled, timeout=60_000)
    assert len(page.ready) == 1 and not QgsProject.instance().mapLayers()
    assert not (tmp_path / ".territoire-13055.en-vue.gpkg").exists()
    assert QgsVectorLayer(f"{page.geopackage()}|layername=services", "", "ogr").featureCount() == 2


def test_stopped_it_offers_to_go_on_also_after_closing_qgis(page, qtbot):
    _type(page, qtbot, "Marseille")
    fresh = page.prepare.text()
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.server.asked["pages"] > 0, timeout=60_000)
    qtbot.mouseClick(page.progress.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=10_000)
    assert page.prepare.isEnabled()
    offered = page.prepare.text()
    assert offered != fresh

    later = my_territory.MyTerritory(page.ready.append, list)
    qtbot.addWidget(later)
    assert later.territory.codes() == []
    later.show()

    assert later.territory.codes() == ["13055"]
    assert later.prepare.text() == offered
    qtbot.mouseClick(later.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.ready), timeout=240_000)


def test_with_parts_missing_it_stays_and_no_answer_is_given(page, qtbot):
    answer = page.server.answer

    def without_a_tile(params):
        is_page = params.get("TYPENAMES") == territory_data.ROADS and "RESULTTYPE" not in params
        return (400, b"<ows:ExceptionReport/>", "application/xml") if is_page else answer(params)

    page.server.answer = without_a_tile
    _type(page, qtbot, "Marseille")
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: territory_data.ROADS in page.progress.word.text(), timeout=240_000)
    qtbot.waitUntil(lambda: len(QgsProject.instance().mapLayers()) == 5, timeout=10_000)
    assert page.isVisible() and not page.ready
    begun = page.prepare.text()

    page.server.answer = answer
    qtbot.mouseClick(page.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.ready), timeout=240_000)
    assert page.prepare.text() != begun


def test_a_file_that_is_none_of_theirs_is_told(page, qtbot, tmp_path):
    page.take_files([tmp_path / "services.csv"])

    qtbot.waitUntil(lambda: "services.csv" in page.progress.word.text(), timeout=10_000)


def test_a_folder_dropped_takes_the_place_of_the_service(page, qtbot, shared_data):
    page.take_files([shared_data / "bdtopo" / "marseille10"])
    _type(page, qtbot, "Marseille")

    qtbot.waitUntil(lambda: "bdtopo_marseille10.gpkg" in page.status.text(), timeout=10_000)


def test_files_given_for_one_territory_can_be_done_without_for_the_next(page, qtbot, shared_data):
    assert page.without_files.isHidden()
    _type(page, qtbot, "Marseille")
    page.take_files([shared_data / "bdtopo" / "marseille10"])
    qtbot.waitUntil(page.without_files.isVisible, timeout=10_000)
    page.territory.set_codes(["48"])
    assert "bdtopo_marseille10.gpkg" in page.status.text()
    qtbot.mouseClick(page.without_files, Qt.MouseButton.LeftButton)
    assert "bdtopo_marseille10.gpkg" not in page.status.text() and page.without_files.isHidden()


def test_the_base_map_is_added_once_signed_and_asks_nothing_at_once(page):
    layer = add_basemap()

    assert layer.isValid()
    assert layer.metadata().rights() == ["© IGN"]
    assert add_basemap() is layer
    assert "PLANIGNV2" in basemap_uri()
