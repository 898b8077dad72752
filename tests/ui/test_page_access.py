"""The page Access: the answer in words, its table, and maps that show what the words say."""

from __future__ import annotations

import re

import pytest
from carto_services_publics.processing import settings as preferences
from carto_services_publics.processing.qgis_enums import FIELD_TYPES
from carto_services_publics.ui.access_figures import gap_sentence
from carto_services_publics.ui.result_groups import PINNED, result_groups, toggle_clean_map
from qgis.core import QgsFeatureRequest, QgsField, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt


@pytest.fixture
def page(access):
    access.resize(390, 800)
    access.show()
    yield access
    QgsProject.instance().clear()


def ask(page, qtbot, weekday="", hour="10:00"):
    page.only_open.setChecked(bool(weekday))
    page.weekday.setCurrentIndex(page.weekday.findData(weekday or "Mo"))
    page.hour.setCurrentText(hour)
    page.run_gaps()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)


def groups():
    """Of results: a quiet ground lies under them in a group of its own."""
    return result_groups()


def drawn(group, name):
    """What the legend of a layer says is drawn."""
    layer = next(node.layer() for node in group.findLayers() if node.layer().name() == name)
    return [rule.label() for rule in layer.renderer().rootRule().children() if rule.active()]


def test_the_map_shows_the_service_of_the_answer(page, qtbot):
    ask(page, qtbot)
    worst = page.table.verticalHeaderItem(0).text()
    assert page.answer.text().endswith(f"{worst} – on foot") and " 20 min" in page.answer.text()
    assert drawn(groups()[0], "Coverage by zone") == [f"{worst}: people farther than 20\u00a0min"]
    assert drawn(groups()[0], "Gap areas") == [worst]


def test_what_the_fields_of_the_roads_gave_is_shown_at_each_run(page, qtbot):
    shown = []
    for _ in range(2):  # the second takes the network that was kept
        page.fields_report.clear()
        ask(page, qtbot)
        shown.append(page.fields_report.text())
    assert "speed of their class" in shown[0] and page.fields_report.isVisible()
    assert shown[0] == shown[1]


def test_a_click_on_a_figure_says_it_and_turns_the_map_to_it(page, qtbot):
    ask(page, qtbot)
    other = page.table.verticalHeaderItem(2).text()
    page.table.cellClicked.emit(2, 0)
    assert page.answer.text().endswith(f"{other} – on foot") and " 10 min" in page.answer.text()
    assert page.table.item(2, 0).text().split()[0] in page.answer.text()
    assert drawn(groups()[0], "Coverage by zone") == [f"{other}: people farther than 10\u00a0min"]


def test_a_click_after_the_layers_are_gone_still_answers(page, qtbot):
    ask(page, qtbot)
    QgsProject.instance().removeMapLayers([node.layerId() for node in groups()[0].findLayers()])
    page.table.cellClicked.emit(1, 1)
    assert page.table.verticalHeaderItem(1).text() in page.answer.text()


def test_an_answer_on_saturday_says_so_and_is_not_taken_for_the_other(page, qtbot):
    ask(page, qtbot)
    any_day = page.answer.text()
    ask(page, qtbot, "Su", "07:00")
    moment = page.moment_in_words()
    assert moment and moment in page.answer.text() and page.answer.text() != any_day
    assert "100" in page.answer.text(), "nothing is open so early on a Sunday"
    (latest,) = groups()
    assert moment in latest.name(), "one answer at a time"


def test_a_pinned_answer_stays_beside_the_next_and_is_not_drawn(page, qtbot):
    ask(page, qtbot)
    (first,) = groups()
    kept = first.findLayerIds()
    first.setCustomProperty(PINNED, True)
    ask(page, qtbot, "Su", "07:00")
    latest, earlier = groups()
    assert earlier.findLayerIds() == kept and all(map(QgsProject.instance().mapLayer, kept))
    assert latest.itemVisibilityChecked() and not earlier.itemVisibilityChecked()
    ask(page, qtbot)
    assert len(groups()) == 2, "the one that is not pinned is replaced"
    assert groups()[-1].findLayerIds() == kept


def test_an_answer_that_was_replaced_leaves_no_layer_behind(page, qtbot):
    before = set(QgsProject.instance().mapLayers())
    ask(page, qtbot)
    first = set(QgsProject.instance().mapLayers()) - before
    ask(page, qtbot)
    second = set(QgsProject.instance().mapLayers()) - before
    results, root = groups(), QgsProject.instance().layerTreeRoot()
    ground = {key for group in root.findGroups() if group not in results for key in group.findLayerIds()}
    assert len(second) == len(first) and first & second == ground
    page.table.cellClicked.emit(0, 0)
    assert page.answer.text()


def test_services_are_on_top_and_a_clean_map_hides_the_answer_until_asked_again(page, qtbot):
    ask(page, qtbot)
    root = QgsProject.instance().layerTreeRoot()
    assert root.children()[0].layer() is page.services.currentLayer()
    toggle_clean_map()
    assert not groups()[0].itemVisibilityChecked()
    toggle_clean_map()
    assert groups()[0].itemVisibilityChecked()


def test_a_service_whose_hours_nobody_knows_is_not_told_as_closed_to_all(page, qtbot):
    layer = page.services.currentLayer()
    hours = layer.fields().indexOf("horaires")
    known = {"mairie": None}
    layer.dataProvider().changeAttributeValues(
        {row.id(): {hours: known.get(row["categorie"], "Mo-Fr 09:00-17:00")} for row in layer.getFeatures()}
    )
    ask(page, qtbot, "Mo", "10:00")
    labels = [page.table.verticalHeaderItem(row).text() for row in range(page.table.rowCount())]
    row = labels.index("Town hall")
    assert {page.table.item(row, column).text() for column in range(page.table.columnCount())} == {"–"}
    assert "The hours of no place are known for: Town hall" in page.table.item(row, 0).toolTip()
    assert not page.answer.text().startswith("The hours of no place"), "the answer is of a service that can be judged"


def test_places_of_unknown_hours_are_counted_beside_the_answer(page, qtbot):
    layer = page.services.currentLayer()
    hours = layer.fields().indexOf("horaires")
    known = {row.id(): {hours: "Mo-Fr 09:00-17:00"} for row in layer.getFeatures()}
    one = next(row.id() for row in layer.getFeatures() if row["categorie"] == "mairie")
    layer.dataProvider().changeAttributeValues({**known, one: {hours: None}})
    ask(page, qtbot, "Mo", "10:00")
    row = next(row for row in range(3) if page.table.verticalHeaderItem(row).text() == "Town hall")
    assert "; 1 place of " in page.table.item(row, 0).toolTip()
    assert "unknown" not in page.table.item((row + 1) % 3, 0).toolTip()


def test_isochrones_come_from_the_engine_of_the_options(page, monkeypatch, qtbot):
    monkeypatch.setenv(preferences.ENGINE.variable, "valhalla")
    assert page.isochrone_parameters()["ENGINE"] == "valhalla" and page.isochrone_parameters()["NETWORK"] is None
    monkeypatch.setattr(page, "roads_path", lambda: None)
    page.run_isochrones()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert "Valhalla" in page.progress.word.text(), "what lacks is a server, not roads"
    page.run_gaps()
    assert "Roads" in page.answer.text()


def test_a_run_that_was_stopped_gives_no_figure(page, qtbot):
    ask(page, qtbot)
    assert page.answer.text() and page.more.text()
    page.run_gaps()
    page.progress.run.cancel()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert page.answer.text() == page.more.text() == "" and not page.table.isVisible()
    assert page.progress.word.text()


def test_a_project_opened_during_a_run_gets_none_of_its_results(page, qtbot):
    page.run_gaps()
    QgsProject.instance().clear()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert not groups() and not QgsProject.instance().mapLayers()
    assert "another project" in page.progress.word.text()


def test_one_service_and_two_thresholds_are_a_table_too(page, qtbot):
    layer = page.services.currentLayer()
    layer.dataProvider().deleteFeatures([row.id() for row in layer.getFeatures() if row["categorie"] != "mairie"])
    ask(page, qtbot)
    assert page.table.isVisible() and page.table.rowCount() == 1 and page.table.columnCount() == 2
    figures = [float(re.sub(r"[^\d.]", "", page.table.item(0, column).text())) for column in range(2)]
    assert figures[0] > figures[1] > 0
    assert page.table.item(0, 1).toolTip() == gap_sentence(page._found[0], "20") == page.answer.text()


def test_isochrones_are_of_the_places_open_then_one_area_a_service_and_threshold(page, qtbot):
    page.run_isochrones()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    (areas,) = [node.layer() for node in groups()[0].findLayers() if node.layer().name() == "Isochrones"]
    asked = {(row["categorie"], row["cutoff"]) for row in areas.getFeatures()}
    assert asked == {(service, cutoff) for service in ("la_poste", "pharmacie", "mairie") for cutoff in (10.0, 20.0)}
    assert len(drawn(groups()[0], "Isochrones")) == 1, "areas of one service would hide those of another"
    page.only_open.setChecked(True)
    page.weekday.setCurrentIndex(page.weekday.findData("Su"))
    open_then = page.isochrone_parameters()["INPUT"]
    assert open_then.featureCount() < page.services.currentLayer().featureCount()


def test_the_same_layers_with_other_rows_and_columns_are_read_again(page):
    """As a territory that was brought up to date gives them."""
    services, demand, zones = (box.currentLayer() for box in (page.services, page.demand, page.zones))
    page.choose_service("mairie")
    count, groups, row = page.category.count(), page.groups.count(), next(services.getFeatures())
    column = services.fields().lookupField("categorie")
    services.dataProvider().changeAttributeValues({row.id(): {column: "creche"}})
    demand.dataProvider().deleteAttributes([demand.fields().lookupField("population")])
    fresh = [QgsField(name, FIELD_TYPES["float"]) for name in ("pop", "ind_80p")]
    demand.dataProvider().addAttributes(fresh)
    demand.updateFields()
    page.choose(services, demand, zones, None, "foot", "10,20")
    assert page.category.count() == count + 1 and page.category.findData("creche") >= 0
    assert page.current_service() == "mairie", "the one chosen stays"
    assert page.weight.currentField() == "pop" and page.groups.count() != groups


def test_the_population_column_stays_as_it_was_chosen(page, qtbot):
    """Results are layers added to the project: they change nothing to the question."""
    demand = page.demand.currentLayer()
    column = next(
        name for name in demand.fields().names() if name != "population" and demand.fields().field(name).isNumeric()
    )
    page.weight.setField(column)
    ask(page, qtbot)
    assert page.weight.currentField() == column


def test_a_project_opened_again_has_its_choices_and_no_answer_of_another(page, qtbot, demo_gpkg, tmp_path):
    project = QgsProject.instance()
    stored = {name: QgsVectorLayer(f"{demo_gpkg}|layername={name}", name, "ogr") for name in ("demande", "communes")}
    identifiers = {name: project.addMapLayer(layer).id() for name, layer in stored.items()}
    page.demand.setLayer(stored["demande"])
    page.zones.setLayer(stored["communes"])
    ask(page, qtbot)
    assert any(character.isdigit() for character in page.answer.text())
    assert project.write(str(tmp_path / "projet.qgs"))
    project.clear()
    assert not any(character.isdigit() for character in page.answer.text()) and not page.table.isVisible()
    assert project.read(str(tmp_path / "projet.qgs"))
    assert page.demand.currentLayer().id() == identifiers["demande"]
    assert page.zones.currentLayer().id() == identifiers["communes"]
    assert page.weight.currentField() == "population" and page.zone_id.currentField() == "code_insee"


def test_layers_removed_while_they_are_read_are_read_to_the_end(page, qtbot):
    ask(page, qtbot)
    expected = page.answer.text()
    page.run_gaps()
    for box in (page.demand, page.services, page.zones):
        QgsProject.instance().removeMapLayer(box.currentLayer().id())
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert page.answer.text() == expected


def test_edits_that_are_not_saved_count(page, qtbot):
    layer = page.services.currentLayer()
    ask(page, qtbot)
    before = page.table.rowCount()
    layer.startEditing()
    layer.deleteFeatures([row.id() for row in layer.getFeatures() if row["categorie"] == "mairie"])
    ask(page, qtbot)
    assert page.table.rowCount() == before - 1
    layer.rollBack()


def test_places_without_isochrone_are_counted(page, qtbot):
    layer = page.services.currentLayer()
    far = [row.id() for row in layer.getFeatures()]
    layer.dataProvider().changeGeometryValues({far[0]: QgsGeometry.fromWkt("Point(2.35 48.85)")})
    page.run_isochrones()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert page.progress.word.text().startswith("1 place has no isochrone")


def test_a_question_without_services_leaves_nothing_of_the_last_answer(page, qtbot):
    ask(page, qtbot)
    page.services.setAllowEmptyLayer(True)
    page.services.setLayer(None)
    page.run_gaps()
    assert "Services" in page.answer.text() and not page.table.isVisible() and not page.progress.word.text()


def test_a_layer_chosen_by_hand_is_not_replaced_by_a_better_guess(page, qtbot):
    """A plain layer of points serves as services, whatever is added to the project afterwards."""
    own = QgsVectorLayer("Point?crs=EPSG:4326&field=nom:string", "mes lieux", "memory")
    QgsProject.instance().addMapLayer(own)
    page.services.setLayer(own)
    page.services.activated.emit(page.services.currentIndex())
    QgsProject.instance().addMapLayer(QgsVectorLayer("Point?crs=EPSG:4326&field=a:int", "autre", "memory"))
    assert page.services.currentLayer() is own


def test_all_pages_speak_of_one_service(page, qtbot, qgis_iface):
    from carto_services_publics.ui.page_action import ActionPage

    action = ActionPage(qgis_iface, page, lambda: "")
    qtbot.addWidget(action)
    page.choose_service("pharmacie")
    assert action.category.currentData() == "pharmacie"
    ask(page, qtbot)
    assert "Pharmacy" in page.answer.text()
    assert drawn(groups()[0], "Coverage by zone") == ["Pharmacy: people farther than 20\u00a0min"]
    page.run_isochrones()
    qtbot.waitUntil(lambda: page.progress.run is None, timeout=60_000)
    assert drawn(groups()[0], "Isochrones") == ["Pharmacy"]
    action.category.setCurrentIndex(action.category.findData("la_poste"))
    action.category.activated.emit(action.category.currentIndex())
    assert page.current_service() == "la_poste" and "Post office" in page.answer.text()
    page.table.cellClicked.emit(0, 0)
    assert action.category.currentData() == page.current_service() == page._found[0].category


def test_people_who_could_not_be_computed_are_said_and_in_no_share(page, qtbot):
    demand = page.demand.currentLayer()
    ask(page, qtbot)
    rows = list(demand.getFeatures())
    people = sum(row["population"] for row in rows)
    far = rows[:10]
    away = {row.id(): QgsGeometry.fromWkt("Point(2.35 48.85)") for row in far}
    demand.dataProvider().changeGeometryValues(away)
    lost = sum(row["population"] for row in far)
    ask(page, qtbot)
    served = page._found[0].served
    assert (served.population, served.not_computed) == (people, lost)
    assert f"{lost:.0f} people could not be computed" in page.answer.text() and "buildings" in page.answer.text()
    assert page._found[0].percent("20") == 100 * served.beyond[-1] / (people - lost)


def test_tenants_are_the_households_who_do_not_own_their_home(page, qtbot):
    """Insee's cells have the households and the owners: the panel proposes the others, also to the isochrone tool."""
    copy = page.demand.currentLayer().materialize(QgsFeatureRequest())
    copy.dataProvider().addAttributes([QgsField(name, FIELD_TYPES["float"]) for name in ("men", "men_prop")])
    copy.updateFields()
    columns = [copy.fields().lookupField(name) for name in ("men", "men_prop")]
    copy.dataProvider().changeAttributeValues(
        {
            row.id(): dict(zip(columns, (row["population"], row.id() % 2 * row["population"])))
            for row in copy.getFeatures()
        }
    )
    QgsProject.instance().addMapLayer(copy)
    page.demand.setLayer(copy)
    texts = [page.groups.itemText(row) for row in range(page.groups.count())]
    assert texts == ["households", "households who own their home", "tenants"]
    page.groups.setItemCheckState(2, Qt.CheckState.Checked)
    ask(page, qtbot)
    tenants = page.more.text().split("\n")[1]
    share, everyone = (float(text) for text in re.findall(r"([\d.]+) %", tenants))
    figures = page._found[0]
    threshold = list(figures.thresholds)[-1]
    assert "“tenants”" in tenants and everyone == pytest.approx(figures.percent(threshold), abs=0.051)
    coverage = QgsProject.instance().mapLayer(page._layers["DEMAND_OUT"])
    rows = [row for row in coverage.getFeatures() if not row["raison"]]
    cost, limit = f"cout_{figures.category}", figures.thresholds[threshold]
    far = sum(row["men_loc"] for row in rows if not (isinstance(row[cost], float) and row[cost] <= limit))
    assert share == pytest.approx(100 * far / sum(row["men_loc"] for row in rows), abs=0.051)
    assert page.group_columns() == [] and "men_loc" not in copy.fields().names()


def test_the_answer_has_its_interval_and_the_groups_that_are_chosen(page, qtbot, demo_gpkg):
    demand = page.demand.currentLayer()
    copy = demand.materialize(QgsFeatureRequest())
    copy.dataProvider().addAttributes([QgsField("ind_80p", FIELD_TYPES["float"])])
    copy.updateFields()
    column = copy.fields().lookupField("ind_80p")
    people = {row.id(): {column: row["population"] * (row.id() % 3)} for row in copy.getFeatures()}
    copy.dataProvider().changeAttributeValues(people)
    QgsProject.instance().addMapLayer(copy)
    page.demand.setLayer(copy)
    assert [page.groups.itemText(row) for row in range(page.groups.count())] == ["people of 80 and more"]
    page.groups.setItemCheckState(0, Qt.CheckState.Unchecked)  # it is proposed
    ask(page, qtbot)
    words = r"Between [\d,]+ and [\d,]+ people \([\d.]+ to [\d.]+ %\): threshold ± 10 %\."
    assert re.fullmatch(words, page.more.text())
    page.groups.setItemCheckState(0, Qt.CheckState.Checked)
    ask(page, qtbot)
    interval, group = page.more.text().split("\n")
    least, most = (int(text.replace(",", "")) for text in re.findall(r"[\d,]+\d", interval)[:2])
    beyond = int(re.match(r"[\d,]+", page.answer.text())[0].replace(",", ""))
    assert least <= beyond <= most
    assert "% of “people of 80 and more” are more than 20 min from" in group and "% of all" in group
