"""Columns of lists and maps, dates and bytes of a layer go to results of any format."""

from __future__ import annotations

import json

import pytest
from osgeo import ogr, osr

PLACES = [("POINT (1000 10)", '{"accès": [1, 2]}'), ("POINT (30000 0)", '["a", "b"]'), ("POINT (0 90000)", None)]


@pytest.fixture
def places(qgis_app, tmp_path) -> str:
    path = str(tmp_path / "places.gpkg")
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = source.CreateLayer("places", reference, ogr.wkbPoint)
    about = ogr.FieldDefn("details", ogr.OFTString)
    about.SetSubType(ogr.OFSTJSON)
    fields = [ogr.FieldDefn("id", ogr.OFTString), about, ogr.FieldDefn("lu_le", ogr.OFTDateTime)]
    for field in (*fields, ogr.FieldDefn("image", ogr.OFTBinary)):
        layer.CreateField(field)
    for number, (where, details) in enumerate(PLACES):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(where))
        feature["id"], feature["lu_le"], feature["image"] = str(number), "2026/01/02 03:04:05", b"abc"
        if details:
            feature["details"] = details
        layer.CreateFeature(feature)
    del feature, layer, source  # in this order, or GDAL crashes
    return path


def written(path) -> dict[str, dict]:
    source = ogr.Open(str(path))
    return {feature["id"]: feature.items() for feature in source.GetLayer(0)}


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "csv"])
@pytest.mark.parametrize(
    ("algorithm", "layers", "result", "failed"),
    [
        ("isochrones", {"INPUT": None, "CUTOFFS": "5"}, "OUTPUT", "FAILED"),
        ("nearestservice", {"DEMAND": None, "SERVICES": None}, "WIDE", "WIDE"),
    ],
)
def test_a_json_column_is_copied_as_text(run, road, places, tmp_path, algorithm, layers, result, failed, suffix):
    files = {name: str(tmp_path / f"{name}.{suffix}") for name in {result, failed}}
    given = {name: value or places for name, value in layers.items()}
    run(algorithm, **given, NETWORK=road, **files)
    made = written(files[result])
    assert json.loads(str(made["0"]["details"])) == {"accès": [1, 2]}
    assert json.loads(str(made["1"]["details"])) == ["a", "b"]
    assert "2026" in made["1"]["lu_le"]
    assert not written(files[failed])["2"]["details"]
