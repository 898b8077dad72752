"""The quiet ground under an answer: from the user's own layers, once, under the results, and grey."""

from __future__ import annotations

import pytest
from carto_services_publics.processing.quiet_ground import GROUND, layer_of_roads, quiet_roads
from carto_services_publics.processing.roads import given_roads
from carto_services_publics.processing.styling import STYLE_PROPERTY
from carto_services_publics.ui.basemap import add_basemap
from carto_services_publics.ui.candidates import can_be_roads, can_be_zones
from carto_services_publics.ui.ground import GROUND_OF, lay_ground
from carto_services_publics.ui.result_groups import result_groups
from carto_services_publics.ui.results_keeper import temporary_results
from qgis.core import QgsProcessingContext, QgsProject, QgsRenderContext, QgsVectorLayer
from qgis.PyQt.QtGui import QColor, QPainter


@pytest.fixture
def answered(access, qtbot, demo_gpkg):
    roads = QgsVectorLayer(f"{demo_gpkg}|layername=routes", "routes", "ogr")
    QgsProject.instance().addMapLayer(roads)
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=60_000)
    yield access
    QgsProject.instance().clear()


def ground():
    groups = QgsProject.instance().layerTreeRoot().findGroups(True)
    return [group for group in groups if group.customProperty(GROUND_OF)]


def test_it_lies_at_the_foot_of_the_results(answered):
    (group,) = ground()
    assert result_groups()[0].children()[-1] == group
    roads, land = [node.layer() for node in group.findLayers()]
    assert roads.source() == answered.roads.currentLayer().source()
    assert land.labelsEnabled() and land.labeling().settings().fieldName == "nom"


def test_it_goes_with_its_results_and_there_is_one(answered, qtbot):
    before = ground()[0].findLayerIds()
    answered.run_gaps()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    (again,) = ground()
    assert not set(before) & set(again.findLayerIds()) | {key for key in before if QgsProject.instance().mapLayer(key)}


def test_it_hides_no_other_results(answered, qtbot):
    """Isochrones over gaps, then gaps anew over the isochrones: the ground is under both."""
    answered.run_isochrones()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    assert ground()[0].parent() == result_groups()[-1] and len(ground()) == 1
    answered.run_gaps()
    qtbot.waitUntil(lambda: answered.progress.run is None, timeout=60_000)
    assert len(result_groups()) == 2
    assert ground()[0].parent() == result_groups()[-1] and len(ground()) == 1


def test_plan_ign_is_ground_enough(answered):
    add_basemap()
    lay_ground(answered.zones.currentLayer(), answered.roads.currentLayer())
    assert not ground()
    assert not [layer for layer in QgsProject.instance().mapLayers().values() if layer.name() == "Land and limits"]


def test_it_is_no_candidate_and_nothing_to_keep(answered):
    kinds = [layer for node in ground()[0].findLayers() for layer in [node.layer()]]
    assert {layer.customProperty(STYLE_PROPERTY) for layer in kinds} == {GROUND}
    assert not any(can_be_roads(layer) or can_be_zones(layer) for layer in kinds)
    assert not set(kinds) & set(temporary_results())


def test_areas_let_it_be_seen_and_hatched_gaps_do_not_darken_them(answered):
    layers = {layer.name(): layer for node in result_groups()[0].findLayers() for layer in [node.layer()]}
    modes = {name: layers[name].blendMode() for name in ("Coverage by zone", "Gap areas")}
    kinds = QPainter.CompositionMode
    assert modes == {
        "Coverage by zone": kinds.CompositionMode_Multiply,
        "Gap areas": kinds.CompositionMode_SourceOver,
    }


def test_every_colour_of_it_is_nearly_grey(answered):
    for node in ground()[0].findLayers():
        for symbol in node.layer().renderer().symbols(QgsRenderContext()):
            for part in symbol.symbolLayers():
                colour = QColor(part.color())
                assert colour.saturation() < 20 and colour.lightness() > 140


def test_the_roads_of_a_network_file_are_those_that_it_was_made_of(walkways, demo_gpkg):
    layer = layer_of_roads(given_roads(walkways, QgsProcessingContext()))
    assert layer is not None and layer.source().startswith(str(demo_gpkg))
    assert layer_of_roads(None) is None


@pytest.mark.parametrize("column, main", [("importance", "1"), ("highway", "primary"), ("", "")])
def test_small_roads_are_for_maps_of_a_few_communes(qgis_app, column, main):
    roads = QgsVectorLayer(f"LineString?crs=EPSG:2154&field={column or 'nom'}:string", "routes", "memory")
    quiet = quiet_roads(roads)
    others, *first = quiet.renderer().rootRule().children()
    assert others.isScaleOK(10_000) and not others.isScaleOK(300_000)
    assert len(first) == bool(main)
    for rule in first:
        assert rule.isScaleOK(1_000_000) and f"'{main}'" in rule.filterExpression()
