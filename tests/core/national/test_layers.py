"""What is read in GDAL's stream is what is read one feature after the other."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.national import layers
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import gdal, ogr, osr

gdal.UseExceptions()

_shape = st.sampled_from(
    [None, "POINT (1.5 2)", "POINT EMPTY", "POINT Z (3 4 5)", "MULTIPOINT ((6 7), (8 9))"]
    + ["POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))", "LINESTRING (0 0, 2 6)"]
)
_row = st.tuples(
    _shape | st.just("POINT (1.5 2)"),
    st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
)


def _write(path: Path, rows: list[tuple]) -> None:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    layer = dataset.CreateLayer("places", reference, ogr.wkbUnknown)
    for name, kind in (("unused", ogr.OFTString), ("real", ogr.OFTReal), ("whole", ogr.OFTInteger), ("text", None)):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString if kind is None else kind))
    for shape, *values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        if shape is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        for name, value in zip(("real", "whole", "text"), values):
            if value is not None:
                feature[name] = value
        layer.CreateFeature(feature)
    if len(rows) > 2:
        layer.DeleteFeature(2)  # a hole among the identifiers
    del layer, dataset


@pytest.mark.skipif(not hasattr(ogr.Layer, "GetArrowStreamAsNumPy"), reason="GDAL before 3.6 has no stream")
@settings(max_examples=25, deadline=None)
@given(st.lists(_row, max_size=20), st.booleans())
def test_a_stream_gives_what_the_features_give(rows, filtered):
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder, "places.gpkg"), rows)
        name = f"{folder}/places.gpkg" + ("|subset=whole > 0" if filtered else "")
        with layers.layer_of(name) as layer:
            assert layers._streams(layer, ["real", "whole"], ["text"])
            assert not layers._streams(layer, ["text"], []) and not layers._streams(layer, [], ["whole"])
            looped = layers._read_looped(layer, ["real", "whole"], ["text"])
        streamed = layers.read_places(name, "EPSG:2154", ["real", "whole"], ["text"])
        assert np.array_equal(streamed.fid, looped.fid)
        assert np.array_equal(streamed.xy, looped.xy, equal_nan=True)
        for column in ("real", "whole"):
            assert np.array_equal(streamed.columns[column], looped.columns[column], equal_nan=True)
        assert streamed.columns["text"].tolist() == looped.columns["text"].tolist()


def test_a_text_file_without_positions_says_so_row_by_row(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("type,X_L93,Y_L93\nmairie,900000,6500000\n", encoding="utf-8")
    table = layers.read_places(str(path), "EPSG:2154", [], ["type"])
    assert table.columns["type"].tolist() == ["mairie"] and np.isnan(table.xy).all() and len(table.xy) == 1
