"""The roads are those that the user sees in QGIS, whatever is behind the layer."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, RoadLines, RoadSource, build_network, open_network
from carto_services_publics.core.network.build import BuildReport
from carto_services_publics.core.progress import Progress
from carto_services_publics.processing.network_input import NetworkParameter, open_roads
from carto_services_publics.processing.qgis_enums import FIELD_TYPES
from carto_services_publics.processing.roads import LayerRoads, given_roads
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)

from .conftest import Heard
from .test_buildnetwork import run

LINES = ["LINESTRING(0 0, 1000 0)", "LINESTRING(1000 0, 2000 0)", "LINESTRING(2000 0, 2000 1000)"]


@pytest.fixture
def project(qgis_new_project):
    return QgsProject.instance()


def context():
    made = QgsProcessingContext()
    made.setProject(QgsProject.instance())
    return made


def lines_of(layer, options: BuildOptions | None = None) -> RoadLines:
    roads = given_roads(layer, context())
    assert isinstance(roads, LayerRoads)
    return roads.read(options or BuildOptions(preset="generic"), Progress())


def saved(layer, path, driver="GPKG", **more):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = driver
    for name, value in more.items():
        setattr(options, name, value)
    assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), layer.transformContext(), options)[0] == 0
    return QgsVectorLayer(str(path), "roads", "ogr")


@pytest.fixture
def stored(draw, tmp_path, project):
    """A GeoPackage of the project: GDAL reads it as QGIS shows it."""
    layer = saved(
        draw("LineString", "k:integer,v:double", [(w, i, 60.0) for i, w in enumerate(LINES)]), tmp_path / "r.gpkg"
    )
    project.addMapLayer(layer)
    return layer


@pytest.mark.parametrize(
    ("kind", "values"), [("integer", [1, 1, 1]), ("string", ["a", "b", "b"]), ("int8", [2**40] * 3)]
)
def test_a_column_fid_that_repeats_or_holds_texts_loses_no_road(draw, tmp_path, kind, values):
    layer = draw("LineString", f"fid:{kind},v:double", [(w, f, 60.0) for w, f in zip(LINES, values)])
    results, _ = run({"INPUT": layer, "PRESET": "generic", "SPEED_FIELD": "v", "OUTPUT": str(tmp_path / "a.network")})
    assert results["EDGE_COUNT"] == 3
    assert open_network(results["OUTPUT"]).minutes_forward.tolist() == [1.0, 1.0, 1.0]


def test_virtual_and_joined_fields_give_speeds(draw, stored, project):
    stored.addExpressionField("30 * (k + 1)", QgsField("vit", FIELD_TYPES["float"]))
    options = BuildOptions(preset="generic", speed_field="vit")
    assert lines_of(stored, options).fields["vit"].tolist() == [30, 60, 90]
    table = draw("None", "k:integer,vv:double", [(None, 0, 10.0), (None, 1, 20.0)])
    project.addMapLayer(table)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(table)
    join.setJoinFieldName("k")
    join.setTargetFieldName("k")
    join.setPrefix("t_")
    stored.addJoin(join)
    read = lines_of(stored, BuildOptions(preset="generic", speed_field="t_vv"))
    assert np.nan_to_num(read.fields["t_vv"], nan=-1).tolist() == [10, 20, -1]


def test_unsaved_edits_are_roads_and_their_network_is_made_again(stored, tmp_path, monkeypatch):
    from carto_services_publics.processing import network_input

    monkeypatch.setattr(network_input, "networks_folder", lambda: tmp_path / "kept")
    assert isinstance(given_roads(stored, context()), RoadSource)
    assert open_roads(given_roads(stored, context()), "car", Progress()).link_count == 3
    stored.startEditing()
    added = QgsFeature(stored.fields())
    added.setGeometry(QgsGeometry.fromWkt("LINESTRING(0 0, 0 1000)"))
    stored.addFeature(added)
    edited = open_roads(given_roads(stored, context()), "car", Progress())
    assert edited.link_count == 4
    assert open_roads(given_roads(stored, context()), "car", Progress()) is edited
    first = next(stored.getFeatures()).id()
    stored.changeGeometry(first, QgsGeometry.fromWkt("LINESTRING(0 0, 500 500, 1000 0)"))
    assert open_roads(given_roads(stored, context()), "car", Progress()).length.sum() > edited.length.sum() + 400
    stored.deleteFeature(first)
    assert open_roads(given_roads(stored, context()), "car", Progress()).link_count == 3
    stored.rollBack()
    assert isinstance(given_roads(stored, context()), RoadSource)


def test_a_copy_of_a_layer_has_the_network_of_the_layer(draw, tmp_path, monkeypatch):
    """The panel gives each run a copy of its own."""
    from carto_services_publics.processing import network_input

    monkeypatch.setattr(network_input, "networks_folder", lambda: tmp_path / "kept")
    layer = draw("LineString", "v:double", [(w, 60.0) for w in LINES])
    network = open_roads(given_roads(layer, context()), "car", Progress())
    assert open_roads(given_roads(layer.clone(), context()), "car", Progress()) is network
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_the_crs_set_in_qgis_is_that_of_the_roads(draw, tmp_path, project):
    layer = saved(draw("LineString", "v:double", [(w, 60.0) for w in LINES]), tmp_path / "r.shp", "ESRI Shapefile")
    (tmp_path / "r.prj").unlink()
    bare = QgsVectorLayer(str(tmp_path / "r.shp"), "bare", "ogr")
    bare.setCrs(QgsCoordinateReferenceSystem("EPSG:27572"))
    results, _ = run({"INPUT": bare, "PRESET": "generic", "OUTPUT": str(tmp_path / "a.network")})
    assert open_network(results["OUTPUT"]).crs == "EPSG:27572"
    stored = saved(draw("LineString", "v:double", [(w, 60.0) for w in LINES]), tmp_path / "r.gpkg")
    stored.setCrs(QgsCoordinateReferenceSystem("EPSG:32631"))
    assert given_roads(stored, context()) == RoadSource(str(tmp_path / "r.gpkg"), crs="EPSG:32631")
    stored.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException, match="coordinate reference system"):
        given_roads(stored, context())
    assert layer.isValid()


def test_the_selection_alone_when_processing_asks_for_it(stored, tmp_path):
    stored.selectByExpression("k > 0")
    chosen = QgsProcessingFeatureSourceDefinition(stored.id(), True)
    assert (lines_of(chosen).rows, lines_of(chosen).given) == (2, 2)
    assert isinstance(given_roads(QgsProcessingFeatureSourceDefinition(stored.id(), False), context()), RoadSource)


def test_filters_are_obeyed_whoever_can_run_them(stored, tmp_path):
    stored.setSubsetString("k > 0")
    source = given_roads(stored, context())
    assert source.where == "k > 0"
    assert build_network(source, BuildOptions(), tmp_path / "a.network").rows == 2
    stored.setSubsetString('SELECT * FROM "r" WHERE k = 1')
    assert lines_of(stored).rows == 1
    by_text = f"{tmp_path / 'r.gpkg'}|layername=r|subset=k < 2"
    assert given_roads(by_text, context()).where == "k < 2"


def test_any_provider(draw, stored, tmp_path, project):
    (tmp_path / "r.csv").write_text("v;wkt\n60;" + "\n60;".join(LINES) + "\n", encoding="utf-8")
    uri = (tmp_path / "r.csv").as_uri() + "?delimiter=;&wktField=wkt&crs=EPSG:2154"
    csv = QgsVectorLayer(uri, "csv", "delimitedtext")
    virtual = QgsVectorLayer(f'?query=SELECT k, 2 * v AS v, geometry FROM "{stored.id()}" WHERE k < 2', "v", "virtual")
    memory = draw("LineString", "v:double", [(w, 60.0) for w in LINES])
    assert csv.isValid() and virtual.isValid()
    options = BuildOptions(preset="generic", speed_field="v")
    assert lines_of(csv, options).fields["v"].tolist() == [60, 60, 60]
    assert lines_of(virtual, options).fields["v"].tolist() == [120, 120]
    assert lines_of(memory, options).rows == 3


def test_a_column_named_geom_and_a_second_layer_of_a_file(draw, tmp_path):
    layer = draw("LineString", "geom:string,v:double", [(w, "x", 60.0) for w in LINES])
    assert lines_of(layer, BuildOptions(preset="generic", direction_field="geom")).fields["geom"].labels == ["x"]
    path = tmp_path / "two.gpkg"
    action = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    saved(draw("Point", "a:integer", [("POINT(0 0)", 1)]), path, layerName="points")
    saved(
        draw("LineString", "v:double", [(w, 1.0) for w in LINES]), path, layerName="roads", actionOnExistingFile=action
    )
    assert lines_of(f"{path}|layerid=1").count == 3
    assert given_roads(f"{path}|layername=roads", context()) == RoadSource(str(path), "roads")


def test_a_path_of_a_layer_of_the_project_is_that_layer(stored):
    stored.startEditing()
    stored.deleteFeature(next(stored.getFeatures()).id())
    assert lines_of(stored.source()).rows == 2
    stored.rollBack()


def test_curves_heights_and_rows_without_a_line(draw, tmp_path):
    rows = [("COMPOUNDCURVE(CIRCULARSTRING(0 0, 500 500, 1000 0),(1000 0, 2000 0))",), (None,)]
    layer = draw("CompoundCurve", "", rows)
    heard = Heard()
    results, _ = run({"INPUT": layer, "PRESET": "generic", "OUTPUT": str(tmp_path / "a.network")}, heard)
    assert open_network(results["OUTPUT"]).length.tolist() == [pytest.approx(1000 + 500 * np.pi, rel=1e-4)]
    assert "no line" in heard.text()


def test_qgis_and_gdal_read_the_same_of_one_file(demo_gpkg):
    layer = QgsVectorLayer(f"{demo_gpkg}|layername=routes", "roads", "ogr")
    options = BuildOptions(profile="foot")
    source = given_roads(layer, context())
    assert isinstance(source, RoadSource)
    chosen = QgsProcessingFeatureSourceDefinition(layer.source(), False, 10**9)  # a limit that limits nothing
    through_qgis = given_roads(chosen, context()).read(options, Progress())
    from carto_services_publics.core.network.build import fields_to_read
    from carto_services_publics.core.network.source import field_names, opened, read_lines

    with opened(source) as rows:
        through_gdal = read_lines(rows, fields_to_read(field_names(rows), options), Progress())
    np.testing.assert_array_equal(through_qgis.vertices, through_gdal.vertices)
    assert (through_qgis.rows, set(through_qgis.fields)) == (through_gdal.rows, set(through_gdal.fields))
    for name, column in through_gdal.fields.items():
        other = through_qgis.fields[name]
        assert [column.labels[c] if c >= 0 else None for c in column.code] == [
            other.labels[c] if c >= 0 else None for c in other.code
        ]


def test_what_the_fields_gave_is_said_at_each_run(stored, tmp_path, monkeypatch):
    from carto_services_publics.processing import network_input

    monkeypatch.setattr(network_input, "networks_folder", lambda: tmp_path / "kept")

    class Listening(Progress):
        def __init__(self):
            self.said = []

        def info(self, message):
            self.said.append(str(message))

        warn = info

    runs = []
    for _ in range(2):
        heard = Listening()
        network = open_roads(given_roads(stored, context()), "car", heard)
        runs.append(sorted(set(heard.said)))
    assert runs[0] == runs[1]
    assert any("“v” looks like speeds" in text for text in runs[1])
    assert BuildReport.from_dict(network.report).fields.default_speed == 3
    open_roads(given_roads(stored, context()), "car", heard, speed_field="v")
    assert any("“v” on 3 lines" in text for text in heard.said)


def test_one_parameter_takes_a_layer_or_a_file(stored, tmp_path):
    build_network(RoadSource(str(tmp_path / "r.gpkg")), BuildOptions(), tmp_path / "a.network")
    parameter = NetworkParameter("NETWORK", "Roads")
    for definition in (parameter, parameter.clone()):
        for value in (
            stored,
            stored.id(),
            str(tmp_path / "a.network"),
            tmp_path / "a.network",
            str(tmp_path / "r.gpkg"),
        ):
            assert definition.checkValueIsAcceptable(value, context()), value
        for value in ("", "nowhere", None):
            assert not definition.checkValueIsAcceptable(value, context()), value
    assert given_roads(tmp_path / "a.network", context()) == Path(tmp_path / "a.network")
    with pytest.raises(QgsProcessingException, match=re.escape("nowhere")):
        given_roads("nowhere", context())
