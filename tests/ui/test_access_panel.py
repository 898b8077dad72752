"""The panel of the page Access: one line of question, a button in sight, what is offered, the table by commune."""

from __future__ import annotations

import json
import time

import pytest
from carto_services_publics.core.access.coverage import Served, together
from carto_services_publics.processing.qgis_enums import FIELD_TYPES
from carto_services_publics.tests.pace import SLOWER
from carto_services_publics.ui.communes_model import BEYOND, MEAN, NAME, PEOPLE, SHARE, CommunesModel, Zone
from carto_services_publics.ui.communes_table import CommunesTable
from carto_services_publics.ui.page_action import ActionPage
from carto_services_publics.ui.welcome import add_demo_layers
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QLocale, QRect, QSize, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QVBoxLayout, QWidget


@pytest.fixture
def asked(access, qtbot):
    """The page, answered."""
    access.resize(480, 800)
    access.only_open.setChecked(False)
    access.show()
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=60_000)
    assert access._found
    yield access
    QgsProject.instance().clear()


# -- the question in one line -----------------------------------------------------------------------------------------


def test_an_answered_question_is_one_line_that_a_click_or_a_key_unfolds(asked):
    folding = asked.folding
    assert folding.folded and not asked.services.isVisible()
    assert folding.line.text() == "3 services · on foot · 10, 20 min"
    QTest.mouseClick(folding.line, Qt.MouseButton.LeftButton)
    assert not folding.folded and asked.services.isVisible()
    folding.button.setFocus()
    QTest.keyClick(folding.button, Qt.Key.Key_Space)
    assert folding.folded


def test_the_line_says_the_service_and_the_moment(asked):
    asked.choose_service("mairie")
    asked.only_open.setChecked(True)
    asked.weekday.setCurrentIndex(asked.weekday.findData("Sa"))
    asked.hour.setCurrentText("10:00")
    day = QLocale().dayName(6)
    assert asked.folding.line.text() == f"Town hall · on foot · 10, 20 min · {day} 10:00"


def test_an_answer_to_an_earlier_question_says_so_until_it_is_asked_again(asked, qtbot):
    asked.choose_service("pharmacie")
    assert not asked.other_question.text(), "the answer holds for every service"
    asked.thresholds.setText("5,10")
    assert "10, 20 min" in asked.other_question.text() and "5, 10 min" in asked.folding.line.text()
    asked.run_gaps()
    qtbot.waitUntil(lambda: asked.progress.run is None, timeout=60_000)
    assert not asked.other_question.text()


def test_another_column_or_group_is_another_question(asked, demo_gpkg):
    column = asked.weight.currentField()
    asked.weight.setField("")
    assert "layers, columns and groups" in asked.other_question.text()
    asked.weight.setField(column)
    assert not asked.other_question.text(), "it is the question of the answer again"
    asked.zone_id.setField("nom")
    assert asked.other_question.text()
    asked.zone_id.setField("code_insee")
    asked.groups.addItemWithCheckState("people of 80 and more", Qt.CheckState.Unchecked, "ind_80p")
    assert not asked.other_question.text()
    asked.groups.setCheckedItems(["people of 80 and more"])
    assert asked.other_question.text()


def test_arriving_at_eight_is_not_leaving_at_eight(asked):
    asked.profile.setCurrentIndex(asked.profile.findData("transit"))
    asked.transit.arrive.setChecked(False)  # it is remembered
    leaving = asked.circumstances_in_line()
    asked.transit.arrive.setChecked(True)
    assert asked.circumstances_in_line() != leaving and "→" in asked.folding.line.text()
    asked.transit.arrive.setChecked(False)


def test_what_lacks_unfolds_the_question(asked):
    asked.services.setAllowEmptyLayer(True)
    asked.services.setLayer(None)
    asked.run_gaps()
    assert not asked.folding.folded and "Services" in asked.answer.text()


# -- the main button --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(390, 560), (390, 300), (640, 360)])
@pytest.mark.parametrize("letters", [1, 2])
def test_the_main_buttons_are_whole_in_sight(access, qgis_iface, qtbot, size, letters):
    """A panel of a window of 1280 × 720, of 640 × 360 (the same at 200 %), and letters twice as large."""
    action = ActionPage(qgis_iface, access, lambda: "")
    qtbot.addWidget(action)
    for page, button in ((access, access.gaps), (access, access.isochrones), (action, action.run_button)):
        font = page.font()
        font.setPointSizeF(QApplication.font().pointSizeF() * letters)
        page.setFont(font)
        page.show()
        page.resize(QSize(*size).expandedTo(QSize(page.minimumSizeHint().width(), 0)))
        QApplication.processEvents()
        for folded in (False, True):
            access.folding.fold(folded)
            QApplication.processEvents()
            assert page.height() == size[1], "it does not ask for more height than there is"
            assert button.visibleRegion().boundingRect() == QRect(0, 0, button.width(), button.height())


# -- what is offered --------------------------------------------------------------------------------------------------


def names(box):
    return {box.layer(row).name() for row in range(box.count()) if box.layer(row) is not None}


def a_layer(kind, name, *columns, where="2 46"):
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4326", name, "memory")
    layer.dataProvider().addAttributes([QgsField(column, FIELD_TYPES[of]) for column, of in columns])
    layer.updateFields()
    x, y = map(float, where.split())
    shapes = {
        "Point": f"Point({x} {y})",
        "LineString": f"LineString({x} {y}, {x + 1} {y + 1})",
        "Polygon": f"Polygon(({x} {y}, {x + 1} {y}, {x + 1} {y + 1}, {x} {y}))",
    }
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(shapes[kind]))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_only_layers_that_can_be_one_are_offered(asked, qgis_iface, qtbot):
    action = ActionPage(qgis_iface, asked, lambda: "")
    qtbot.addWidget(action)
    a_layer("Point", "lieux", ("nom", "text"))
    a_layer("Polygon", "lacs", ("nom", "text"))
    a_layer("Polygon", "carreaux", ("ind", "float"))
    a_layer("LineString", "chemins")
    results = {"Coverage by zone", "Gap areas", "Demand with its costs"}
    assert results <= {layer.name() for layer in QgsProject.instance().mapLayers().values()}
    assert names(asked.services) == {"services", "demande", "lieux"}
    assert names(asked.demand) == {"demande", "communes", "lieux", "carreaux"}
    assert names(asked.zones) == {"communes", "lacs", "carreaux"}
    assert names(asked.roads) == {"chemins"}
    assert names(action.candidates) == {"services", "demande", "communes", "lieux", "lacs", "carreaux"}


SERVICES = [(name, "text") for name in ("id", "nom", "categorie", "producteur", "version")]


def test_the_user_s_territory_goes_before_the_demonstration(provider, qgis_iface, qgis_new_project, qtbot):
    from carto_services_publics.ui.page_access import AccessPage

    page = AccessPage(qgis_iface)
    qtbot.addWidget(page)
    add_demo_layers()
    demonstration = page.services.currentLayer()
    assert demonstration is not None
    mine = a_layer("Point", "mes services", *SERVICES, where="9 42")
    people = a_layer("Point", "mes habitants", ("population", "float"), where="9 42")
    zones = a_layer("Polygon", "mes communes", ("code_insee", "text"), where="9 42")
    roads = a_layer("LineString", "mes routes", where="9 42")
    chosen = [box.currentLayer() for box in (page.services, page.demand, page.zones, page.roads)]
    assert chosen == [mine, people, zones, roads]
    assert page.weight.currentField() == "population" and page.zone_id.currentField() == "code_insee"
    QgsProject.instance().clear()


def test_a_network_file_goes_with_its_territory_and_no_other(asked, qgis_iface, qtbot, walkways):
    from carto_services_publics.ui.page_access import AccessPage

    again = AccessPage(qgis_iface)  # the next session, on the same territory
    qtbot.addWidget(again)
    assert again.network_file.filePath() == walkways
    QgsProject.instance().clear()
    elsewhere = AccessPage(qgis_iface)
    qtbot.addWidget(elsewhere)
    a_layer("Point", "mes services", *SERVICES, where="9 42")
    assert elsewhere.services.currentLayer().name() == "mes services"
    assert elsewhere.network_file.filePath() == ""


def test_a_network_file_that_was_put_aside_does_not_come_back_with_the_next_layer(asked):
    asked.network_file.setFilePath("")
    mine = a_layer("LineString", "mes routes", where="7.4 43.7")
    asked.roads.setLayer(mine)
    assert asked.network_file.filePath() == "" and asked.roads_path() == mine


def test_a_project_asked_on_its_roads_is_not_asked_again_on_the_network_of_another(asked, tmp_path, walkways):
    project = QgsProject.instance()
    asked.network_file.setFilePath("")
    asked.roads.setLayer(a_layer("LineString", "mes routes", where="7.4 43.7"))
    asked._remember_choices()
    assert project.write(str(tmp_path / "projet.qgs"))
    project.clear()
    asked.network_file.setFilePath(walkways)  # of the project in between
    assert project.read(str(tmp_path / "projet.qgs"))
    assert asked.network_file.filePath() == ""
    asked.network_file.setFilePath(walkways)
    project.clear()
    assert asked.network_file.filePath() == "", "a new project begins without it"


def test_a_project_asks_again_without_the_zones_and_columns_it_did_without(asked, tmp_path, demo_gpkg):
    project, stored = QgsProject.instance(), {}
    for name in ("services", "demande", "communes"):
        stored[name] = project.addMapLayer(QgsVectorLayer(f"{demo_gpkg}|layername={name}", name, "ogr"))
    line = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[7.4, 43.7], [7.5, 43.7]]}}
    (tmp_path / "rues.geojson").write_text(json.dumps({**line, "properties": {"vitesse": 30.0, "sens": "direct"}}))
    roads = project.addMapLayer(QgsVectorLayer(str(tmp_path / "rues.geojson"), "rues", "ogr"))
    asked.choose(stored["services"], stored["demande"], stored["communes"], roads, "car", "10")
    asked.zones.setLayer(None)
    proposed = asked.road_fields.chosen()
    assert proposed == {"SPEED_FIELD": "vitesse", "DIRECTION_FIELD": "sens"}
    asked.weight.setField("")
    asked.road_fields.direction.setField("")
    asked._remember_choices()
    assert project.write(str(tmp_path / "projet.qgs"))
    project.clear()
    asked.profile.setCurrentIndex(asked.profile.findData("foot"))  # columns of roads do not count on foot
    assert project.read(str(tmp_path / "projet.qgs"))
    assert asked.zones.currentLayer() is None and asked.weight.currentField() == ""
    assert asked.road_fields.chosen() == {**proposed, "DIRECTION_FIELD": None}


def test_a_project_asks_again_what_was_asked(asked, tmp_path, qtbot):
    project = QgsProject.instance()
    asked.choose_service("pharmacie")
    asked.only_open.setChecked(True)
    asked.weekday.setCurrentIndex(asked.weekday.findData("Sa"))
    asked.hour.setCurrentText("11:00")
    line = asked.folding.line.text()
    asked._remember_choices()
    assert project.write(str(tmp_path / "projet.qgs"))
    asked.thresholds.setText("5")
    asked.only_open.setChecked(False)
    assert project.read(str(tmp_path / "projet.qgs"))
    assert asked.circumstances_in_line() == line.partition(" · ")[2]


# -- the table by commune ---------------------------------------------------------------------------------------------


def cells(model, row):
    return [model.data(model.index(row, column)) for column in range(model.columnCount())]


def test_the_first_row_is_the_answer_and_the_others_add_up_to_it(asked):
    table, figures = asked.communes, asked._answered()
    assert table.isVisible()
    zones = [table.model.zone(row) for row in range(1, table.model.rowCount())]
    served = together(zone.served for zone in zones)
    assert served == table.model.zone(0).served == figures.served
    beyond, share = cells(table.model, 0)[BEYOND : SHARE + 1]
    assert asked.answer.text().startswith(f"{beyond} people ({share} %)")
    communes = {row["code_insee"]: row["nom"] for row in asked.zones.currentLayer().getFeatures()}
    assert {zone.zone_id: zone.name for zone in zones} == communes


def test_another_service_and_threshold_turn_the_table(asked):
    asked.table.cellClicked.emit(2, 0)
    figures = asked._found[2]
    assert asked.communes.model.zone(0).served == figures.served
    assert cells(asked.communes.model, 0)[BEYOND] == asked.answer.text().split(" ")[0]


def test_a_row_selects_its_commune_on_the_map_and_the_map_its_row(asked, qgis_iface):
    table, project = asked.communes, QgsProject.instance()
    coverage = project.mapLayer(asked._layers["OUTPUT"])
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(coverage.crs())
    table.view.selectRow(2)
    (commune,) = coverage.selectedFeatures()
    zone = table.model.zone(2)
    assert (commune["zone_id"], commune["categorie"]) == (zone.zone_id, asked._answered().category)
    assert canvas.extent().contains(commune.geometry().boundingBox())
    coverage.selectByExpression(f"\"zone_id\" = '{table.model.zone(4).zone_id}'")
    assert [index.row() for index in table.view.selectionModel().selectedRows()] == [4]
    own = asked.zones.currentLayer()
    own.selectByExpression(f"\"code_insee\" = '{table.model.zone(3).zone_id}'")
    assert [index.row() for index in table.view.selectionModel().selectedRows()] == [3]
    table.view.selectRow(0)
    assert not coverage.selectedFeatureCount()


def test_a_bar_selects_its_commune_on_the_map_and_bars_are_those_of_the_report(asked, qgis_iface, qtbot):
    table, bars = asked.communes, asked.communes.bars
    coverage = QgsProject.instance().mapLayer(asked._layers["OUTPUT"])
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(coverage.crs())
    category = asked._answered().category
    rows = [row for row in coverage.getFeatures() if row["categorie"] == category and row["pop_au_dela_20"] > 0]
    expected = sorted(rows, key=lambda row: (-row["pop_au_dela_20"], row["nom"]))
    assert bars.isVisible() and len(bars.zones) > 1
    assert [zone.feature for zone in bars.zones] == [row.id() for row in expected][: len(bars.zones)]
    assert bars.words_of(0) == f"{expected[0]['nom']}: {bars._figure(0)}"
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.place_of(1).center().toPoint())
    (commune,) = coverage.selectedFeatures()
    assert commune.id() == expected[1].id() and canvas.extent().contains(commune.geometry().boundingBox())
    assert [index.row() for index in table.view.selectionModel().selectedRows()] == [table.model.row_of(commune.id())]
    wide = [bars._x(zone.served.beyond[-1]) - bars._x(0) for zone in bars.zones[:2]]
    assert wide[1] / wide[0] == pytest.approx(expected[1]["pop_au_dela_20"] / expected[0]["pop_au_dela_20"])
    assert not bars.grab().toImage().isNull()
    asked.table.cellClicked.emit(0, 0)
    assert "10 min" in bars._title


def test_the_selection_follows_its_commune_when_the_table_is_sorted(asked):
    table = asked.communes
    table.view.selectRow(3)
    chosen = table.model.zone(3)
    table.view.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    (row,) = (index.row() for index in table.view.selectionModel().selectedRows())
    assert table.model.zone(row) == chosen
    shown = [table.model.zone(row).name for row in range(1, table.model.rowCount())]
    assert shown == sorted(shown, key=str.lower)


def test_one_key_copies_the_table_for_a_spreadsheet(asked):
    locale = QLocale()
    QLocale.setDefault(QLocale("fr_FR"))
    try:
        QTest.keyClick(asked.communes.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        lines = QApplication.clipboard().text().split("\n")
    finally:
        QLocale.setDefault(locale)
    assert lines.pop() == "" and len(lines) == 1 + asked.communes.model.rowCount()
    served = asked._answered().served
    first = lines[1].split("\t")
    assert int(first[PEOPLE]) == round(served.population) and int(first[BEYOND]) == round(served.beyond[-1])
    assert first[SHARE] == f"{100 * served.share():.1f}".replace(".", ",")


def test_rows_selected_are_copied_alone(asked):
    asked.communes.view.selectRow(1)
    selection = asked.communes.view.selectionModel()
    selection.select(asked.communes.model.index(3, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows)
    assert asked.communes.view.copy() == 2
    names = [line.split("\t")[0] for line in QApplication.clipboard().text().splitlines()[1:]]
    assert names == [asked.communes.model.zone(row).name for row in (1, 3)]


def test_layers_that_are_gone_leave_the_table_readable(asked):
    QgsProject.instance().removeMapLayer(asked._layers["OUTPUT"])
    asked.communes.view.selectRow(2)
    assert asked.communes.view.copy() == asked.communes.model.rowCount()


def test_thirteen_hundred_communes_are_sorted_and_shown_at_once(qgis_app):
    model = CommunesModel()
    zones = [Zone(str(n), f"Commune {n * 7919 % 1300}", n, Served(n, 0.0, 0.0, (n / 2,)), n % 50) for n in range(1300)]
    start = time.process_time()
    model.show_zones(zones, 0, "20")
    for column in (NAME, PEOPLE, MEAN):
        model.sort(column, Qt.SortOrder.AscendingOrder)
    assert time.process_time() - start < 0.2 * SLOWER
    assert cells(model, 0)[PEOPLE].replace(",", "") == str(sum(range(1300)))


def test_a_long_table_is_measured_on_the_rows_that_are_seen(qtbot, monkeypatch):
    """Of 1 300 communes, also the first time that it shows: the interface waits for each cell that is asked for."""
    asked, data = [], CommunesModel.data
    monkeypatch.setattr(CommunesModel, "data", lambda self, *cell: asked.append(cell) or data(self, *cell))
    table = CommunesTable(QgsMapCanvas())
    outside = QWidget()
    qtbot.addWidget(outside)
    QVBoxLayout(outside).addWidget(table)
    outside.resize(420, 700)
    outside.show()
    table._thresholds = ["20"]
    table._zones = {"a": [Zone(str(n), f"Commune {n}", n, Served(n, 0.0, 0.0, (n / 2,)), n % 50) for n in range(1300)]}

    table.show_service("a", 0)
    QApplication.processEvents()

    assert table.isVisible() and table.model.rowCount() == 1301
    assert 0 < len(asked) < 1300 * 6


people = st.floats(0, 1e5, width=32)


@given(st.lists(st.tuples(people, people, people, people), min_size=2, max_size=12), st.integers(0, 5), st.booleans())
def test_any_order_keeps_every_zone_once_and_the_whole_first(rows, column, falling):
    model = CommunesModel()
    zones = [
        Zone(str(n), f"z{n}", n, Served(a + b + c, c, 0.0, (b,)), d if b else float("nan"))
        for n, (a, b, c, d) in enumerate(rows)
    ]
    model.show_zones(zones, 0, "20")
    model.sort(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)
    assert sorted(model.zone(row).feature for row in range(1, model.rowCount())) == list(range(len(rows)))
    assert model.zone(0).served == together(zone.served for zone in zones)
    if column in (PEOPLE, BEYOND):
        values = [model._value(model.zone(row), column) for row in range(1, model.rowCount())]
        assert values == sorted(values, reverse=falling)


def test_words_that_a_spreadsheet_would_run_stay_words(qgis_app):
    model = CommunesModel()
    names = ("=1+1", "a\tb", "c\nd")
    model.show_zones([Zone(name, name, n, Served(1, 0, 0, (1,)), 2.0) for n, name in enumerate(names)], 0, "20")
    lines = model.as_text([1, 2, 3]).splitlines()
    assert len(lines) == 4 and all(line.count("\t") == 5 for line in lines)
    assert {line.split("\t")[0] for line in lines[1:]} == {"'=1+1", "a b", "c d"}
