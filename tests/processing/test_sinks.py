"""A result is what it says, whatever its format; nothing that is read is overwritten; no text of it is a formula."""

from __future__ import annotations

import csv
import re
import resource
from contextlib import contextmanager

import pytest
from carto_services_publics.core.spreadsheets import as_cell
from hypothesis import given
from hypothesis import strategies as st
from osgeo import ogr
from qgis.core import QgsProcessingException, QgsVectorLayer
from qgis.PyQt import sip

FORMATS = ["gpkg", "geojson", "fgb", "kml", "csv", "ods", "xlsx", "sqlite", "gml", "tab"]


@contextmanager
def files_no_longer_than(size: int):
    """As on a disk with no more room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def drivers() -> list[str]:
    from qgis.core import QgsVectorFileWriter

    return [suffix for suffix in FORMATS if QgsVectorFileWriter.driverForExtension(suffix)]


@pytest.fixture
def reached(run, draw, road):
    many = draw(
        "Point", "code:string", [(f"POINT({10 * n} 0)", f"place {n} é {'.' * (n * 7919 % 97)}") for n in range(1500)]
    )
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])

    def ask(**parameters):
        return run("nearestservice", DEMAND=many, DEMAND_ID="code", SERVICES=one, NETWORK=road, **parameters)

    return ask


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("room", [60_000, 100_000])
def test_a_disk_that_fills_is_an_error_or_every_row_is_there(reached, tmp_path, suffix, room):
    if suffix not in drivers():
        pytest.skip(f"this GDAL does not write {suffix}")
    path = tmp_path / f"result.{suffix}"
    try:
        with files_no_longer_than(room):
            reached(OUTPUT=str(path))
    except QgsProcessingException as error:
        assert re.search(r"could not be written: \S|holds [\d,]+ of 1,500 rows: the disk may be full", str(error)), (
            error
        )
        return
    opened = ogr.Open(str(path))
    assert sum(1 for _ in opened.GetLayer(0)) >= 1500, f"{suffix} says that all is well"


def test_kml_is_refused_where_gdal_cannot_read_its_columns_back(run, draw, road, tmp_path, monkeypatch):
    """Newer Debian's GDAL has no LIBKML: its older driver would give QGIS an empty layer."""
    from carto_services_publics.processing import sinks

    monkeypatch.setattr(sinks.gdal, "GetDriverByName", lambda name: None)
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])
    with pytest.raises(QgsProcessingException, match=r"no column.*GeoPackage"):
        run("nearestservice", DEMAND=one, SERVICES=one, NETWORK=road, OUTPUT=str(tmp_path / "a.kml"))


def test_a_table_is_no_shapefile(run, draw, road, tmp_path):
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])
    with pytest.raises(QgsProcessingException, match=r"a\.shp.*without any.*GeoPackage"):
        run("odmatrix", ORIGINS=one, DESTINATIONS=one, NETWORK=road, OUTPUT=str(tmp_path / "a.shp"))


@pytest.mark.skipif(ogr.GetDriverByName("LIBKML") is None, reason="this GDAL was built without LIBKML")
def test_kml_says_that_it_is_for_few_rows(run, draw, road, tmp_path, monkeypatch):
    """Its writer takes a time that grows with the square of the rows: it would hold the run for hours."""
    from carto_services_publics.processing import sinks

    assert sinks._FEW_ROWS[".kml"] <= 3000
    monkeypatch.setitem(sinks._FEW_ROWS, ".kml", 30)
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])
    for count in (30, 31):
        many = draw("Point", "code:string", [(f"POINT({10 * n} 0)", f"place {n}") for n in range(count)])
        given = {"DEMAND": many, "SERVICES": one, "NETWORK": road, "OUTPUT": str(tmp_path / f"{count}.kml")}
        if count == 30:
            run("nearestservice", **given)
            continue
        with pytest.raises(QgsProcessingException, match="more than 30 rows"):
            run("nearestservice", **given)


def test_a_result_is_not_what_it_is_made_from(run, draw, road, tmp_path):
    from qgis.core import QgsVectorFileWriter

    layer = draw("Point", "code:string", [("POINT(0 0)", "a"), ("POINT(5000 0)", "b")])
    path = tmp_path / "points.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), layer.transformContext(), options)
    before = path.read_bytes()
    own = QgsVectorLayer(str(path), "p", "ogr")
    for demand in (str(path), f"{path}|layername=points", own):
        for output in (str(path), str(tmp_path / "." / "points.gpkg"), f"ogr:dbname='{path}' table=\"points\" (geom)"):
            with pytest.raises(QgsProcessingException, match=r"would overwrite"):
                run("nearestservice", DEMAND=demand, SERVICES=layer, NETWORK=road, OUTPUT=output)
    with pytest.raises(QgsProcessingException, match=r"would overwrite"):
        run("nearestservice", DEMAND=layer, SERVICES=layer, NETWORK=road, OUTPUT=road)
    assert path.read_bytes() == before
    sip.delete(own)  # the refused call holds it, and QGIS crashes at its end on a layer that outlives it


def test_two_results_are_not_one_file(run, draw, road, tmp_path):
    layer = draw("Point", "code:string", [("POINT(0 0)", "a")])
    both = str(tmp_path / "both.gpkg")
    with pytest.raises(QgsProcessingException, match="are one file"):
        run("nearestservice", DEMAND=layer, SERVICES=layer, NETWORK=road, OUTPUT=both, WIDE=both)
    tables = {name: f"ogr:dbname='{both}' table=\"{name}\" (geom)" for name in ("OUTPUT", "WIDE")}
    run("nearestservice", DEMAND=layer, SERVICES=layer, NETWORK=road, **tables)
    opened = ogr.Open(both)
    assert {opened.GetLayer(number).GetName() for number in range(2)} == {"OUTPUT", "WIDE"}


def test_a_network_is_never_written_over_something_else(run, draw, tmp_path):
    roads = draw("LineString", "minutes:double", [("LINESTRING(0 0, 1000 0)", 1.0)])
    asked = {"INPUT": roads, "PRESET": "generic", "COST_FIELD": "minutes"}
    other = tmp_path / "thesis.odt"
    other.write_bytes(b"years of work")
    with pytest.raises(QgsProcessingException, match="something else than a network"):
        run("buildnetwork", OUTPUT=str(other), **asked)
    assert other.read_bytes() == b"years of work"
    with pytest.raises(QgsProcessingException, match="folder"):
        (tmp_path / "folder.network").mkdir()
        run("buildnetwork", OUTPUT=str(tmp_path / "folder.network"), **asked)
    for _ in range(2):
        run("buildnetwork", OUTPUT=str(tmp_path / "a.network"), **asked)


def test_a_row_that_cannot_be_written_is_not_left_out(run, draw, road, tmp_path):
    rows = [("POINT(0 0)", 1, "a"), ("POINT(1000 0)", 1, "b"), ("POINT(2000 0)", 2, "c")]
    layer = draw("Point", "fid:integer,code:string", rows)
    path = tmp_path / "wide.gpkg"
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])
    try:
        run("nearestservice", DEMAND=layer, SERVICES=one, NETWORK=road, WIDE=str(path))
    except QgsProcessingException as error:
        assert "could not be written" in str(error)
    else:
        opened = ogr.Open(str(path))
        assert opened.GetLayer(0).GetFeatureCount() == 3


def test_no_text_of_a_spreadsheet_is_a_formula(run, draw, road, tmp_path):
    names = ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-2+3", "+33 4 95 00 00 00", "-12,5", "of:=1+1", "plain", "'x"]
    layer = draw("Point", "code:string", [(f"POINT({1000 * n} 0)", name) for n, name in enumerate(names)])
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])
    path = tmp_path / "o.csv"
    run("nearestservice", DEMAND=layer, DEMAND_ID="code", SERVICES=one, NETWORK=road, OUTPUT=str(path))
    written = {row[0] for row in list(csv.reader(path.open(encoding="utf-8")))[1:]}
    assert written == {f"'{name}" if number in (0, 1, 2, 3, 6) else name for number, name in enumerate(names)}


@given(st.sampled_from("=+-@\t "), st.text())
def test_a_cell_begins_no_formula_and_keeps_its_text(sign, text):
    cell = as_cell(sign + text)
    assert cell in (sign + text, "'" + sign + text)
    if cell[0] != "'":
        assert cell.strip()[:1] not in ("=", "@")
        assert cell.strip()[:1] not in ("+", "-") or not any(letter.isalpha() for letter in cell if letter.isascii())
