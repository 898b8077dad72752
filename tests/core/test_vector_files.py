"""A file is data: GDAL opens what its content shows it to be, and nothing that leads elsewhere."""

from __future__ import annotations

import sqlite3
import zipfile

import pytest
from carto_services_publics.core import vector_files
from carto_services_publics.core.vector_files import Kind, UnsafeFile, is_layer, kind_of, open_vector
from carto_services_publics.tests.servers.faults import Answer, stub
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal, ogr, osr

SECRET = "id,nom,categorie\n1,SECRET,mairie\n"
FORMATS = {
    "GPKG": "gpkg",
    "ESRI Shapefile": "shp",
    "FlatGeobuf": "fgb",
    "GeoJSON": "geojson",
    "GML": "gml",
    "KML": "kml",
    "GPX": "gpx",
    "MapInfo File": "tab",
    "SQLite": "sqlite",
    "XLSX": "xlsx",
    "ODS": "ods",
}


def layer(path, driver, rows=3):
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    made = source.CreateLayer("waypoints", degrees, ogr.wkbPoint)
    made.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for number in range(rows):
        feature = ogr.Feature(made.GetLayerDefn())
        feature["name"] = f"n{number}"
        if driver not in ("XLSX", "ODS"):
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT(3.5 {44 + number / 10})"))
        made.CreateFeature(feature)
    made = source = None
    return path


@pytest.mark.parametrize(("driver", "suffix"), FORMATS.items())
def test_files_of_every_kind_open_whatever_their_name(tmp_path, driver, suffix):
    path = layer(tmp_path / f"a.{suffix}", driver)
    assert open_vector(path).GetLayer(0).GetFeatureCount() == 3
    if suffix not in ("shp", "tab"):  # which are found by their names
        assert open_vector(path.rename(tmp_path / "b.bin")).GetLayer(0).GetFeatureCount() == 3


def vrt(source, around=""):
    return (
        f'{around}<OGRVRTDataSource><OGRVRTLayer name="s"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>"
    )


LEADING = [
    vrt("{secret}"),
    vrt("{secret}", '<?xml version="1.0"?><!-- <FeatureCollection> -->'),
    vrt("{secret}", "\ufeff\n  "),
    '<VRTDataset rasterXSize="1" rasterYSize="1"/>',
    "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    "<OGRWFSLayer/>",
    "<OGRAPIFDataSource/>",
    "<GDAL_WMS/>",
    "<svg/>",
    '<!DOCTYPE x SYSTEM "{url}"><kml/>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><kml>&e;</kml>',
    '<?xml version="1.0" encoding="UTF-7"?><kml/>',
    '!table\n!version 300\nDefinition Table\nbegin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata',
    "!table\n!version 100\ncreate view x as select * from a",
]


@pytest.mark.parametrize("text", LEADING, ids=range(len(LEADING)))
@pytest.mark.parametrize("name", ["a.gml", "a.xlsx", "a.csv", "a.bin"])
def test_what_leads_elsewhere_is_refused_under_any_name(tmp_path, text, name):
    secret = tmp_path / "secret.csv"
    secret.write_text(SECRET)
    path = tmp_path / name
    path.write_text(text.replace("{secret}", str(secret)).replace("{url}", "http://127.0.0.1:9/x"), encoding="utf-8")
    with pytest.raises(UnsafeFile):
        open_vector(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_wide_encoding_hides_nothing(tmp_path, encoding):
    path = tmp_path / "a.gml"
    path.write_bytes(vrt("/etc/hostname").encode(encoding))
    with pytest.raises(UnsafeFile):
        open_vector(path)


@pytest.mark.parametrize(
    "name", ["/vsicurl/http://127.0.0.1:9/a.shp", "/vsizip//vsicurl/http://127.0.0.1:9/a.zip/a.shp", "/vsistdin/",
             "/vsizip//tmp/a.zip/a.vrt", "/vsis3/b/a.gpkg"],
)  # fmt: skip
def test_names_that_reach_beyond_this_machine_are_refused(name):
    with pytest.raises(UnsafeFile):
        open_vector(name)


def test_a_connection_string_is_no_file():
    for name in (
        "PG:dbname=x",
        "CSV:/etc/passwd",
        "WFS:http://127.0.0.1:9/",
        '{"type":"FeatureCollection","features":[]}',
    ):
        with pytest.raises(OSError):
            open_vector(name)


def test_a_shapefile_inside_a_local_archive_is_read(tmp_path):
    layer(tmp_path / "a.shp", "ESRI Shapefile")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for ending in ("shp", "shx", "dbf", "prj"):
            archive.write(tmp_path / f"a.{ending}", f"a.{ending}")
    assert open_vector(f"/vsizip/{tmp_path}/a.zip/a.shp").GetLayer(0).GetFeatureCount() == 3


PROGRAMS = [
    "CREATE VIEW v AS SELECT load_extension('x')",
    "CREATE VIEW v AS SELECT readfile('/etc/passwd') AS a",
    "CREATE VIEW v AS SELECT \"ogr_geocode\"('x') AS a",
    "CREATE VIEW v AS SELECT gdal_get_layer_pixel_value('/vsicurl/http://x/a.tif', 1, 'georef', 1, 1) AS a",
]
PLAIN = [
    "CREATE VIEW v AS SELECT fid, upper(name) AS n, COUNT(*) FROM waypoints WHERE name LIKE 'readfile(%' GROUP BY fid",
    "CREATE TABLE t (a VARCHAR(20) CHECK (length(a) < 20), b TEXT(3))",
    "CREATE VIRTUAL TABLE f USING fts5(a)",
]


@pytest.mark.parametrize("statement", PROGRAMS)
def test_a_geopackage_whose_views_run_programs_is_refused(tmp_path, statement):
    path = layer(tmp_path / "a.gpkg", "GPKG")
    with sqlite3.connect(path) as base:
        base.execute(statement)
    with pytest.raises(UnsafeFile):
        open_vector(path)


@pytest.mark.parametrize("statement", PLAIN)
def test_a_geopackage_with_plain_views_is_read(tmp_path, statement):
    path = layer(tmp_path / "a.gpkg", "GPKG")
    with sqlite3.connect(path) as base:
        base.execute(statement)
    assert open_vector(path).GetLayerByName("waypoints").GetFeatureCount() == 3


@pytest.mark.parametrize(
    "statement",
    ["CREATE VIRTUAL TABLE x USING VirtualOGR('/etc/passwd')", "CREATE TABLE x (a, b TEXT(9) AS (readfile(a)))"],
)
def test_a_table_that_stands_for_another_file_is_refused(tmp_path, statement):
    """Such a table cannot be made here without its module: it is written into the schema."""
    path = layer(tmp_path / "a.sqlite", "SQLite")
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA writable_schema = 1")
        base.execute("INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, ?)", (statement,))
    with pytest.raises(UnsafeFile):
        open_vector(path)


def test_gml_looks_up_no_schema_and_no_link(tmp_path):
    asked = []

    def answer(handler, _body):
        asked.append(handler.path)
        return Answer(404, [], b"")

    with stub(answer) as url:
        path = tmp_path / "a.gml"
        describe = f"{url}/wfs?service=WFS&amp;version=1.1.0&amp;request=DescribeFeatureType&amp;typename=a"
        path.write_text(
            '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:ogr="http://ogr.maptools.org/"'
            ' xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink"'
            f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://x/ {describe}">'
            f'<gml:featureMember xlink:href="{url}/member"/><gml:featureMember><ogr:a fid="a.0"><ogr:name>n</ogr:name>'
            f'<ogr:g xlink:href="{url}/geometry"/></ogr:a></gml:featureMember></wfs:FeatureCollection>'
        )
        source = open_vector(path)
        assert [feature["name"] for feature in source.GetLayer(0)] == ["n"]
    assert asked == [] and sorted(one.name for one in tmp_path.iterdir()) == ["a.gml"]


def test_settings_of_gdal_are_as_they_were(tmp_path):
    path = layer(tmp_path / "a.xlsx", "XLSX")
    gdal.SetConfigOption("OGR_XLSX_HEADERS", "DISABLE")
    try:
        assert open_vector(path).GetLayer(0).GetLayerDefn().GetFieldDefn(0).GetName() == "name"
        assert gdal.GetConfigOption("OGR_XLSX_HEADERS") == "DISABLE"
        assert gdal.GetConfigOption("GDAL_HTTP_PROXY") is None
    finally:
        gdal.SetConfigOption("OGR_XLSX_HEADERS", None)


@given(
    st.binary(max_size=80),
    st.sampled_from(["", "<?xml?>", "SQLite format 3\x00", "PK\x03\x04", "fgb\x03", "!table\n", "{"]),
)
def test_any_bytes_are_of_a_kind_or_refused_in_words(tmp_path_factory, body, start):
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(start.encode() + body)
    is_layer(path)
    try:
        kind = kind_of(path)
    except (UnsafeFile, RuntimeError) as error:
        assert str(error)
    else:
        assert "VRT" not in " ".join(kind.drivers)


def kml(path, *placemarks):
    body = "".join(
        f"<Placemark>{each}<Point><coordinates>3.5,44</coordinates></Point></Placemark>" for each in placemarks
    )
    path.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>', "utf-8")
    return path


def extended(inner):
    return f"<name>Mairie</name><ExtendedData>{inner}</ExtendedData>"


COLUMNS_OF_KML = {
    "data": extended(
        '<Data name="cat&#233;gorie"><value>mairie</value></Data><Data name="SIRET"><value>1</value></Data>'
    ),
    "schema": extended(
        "<SchemaData schemaUrl='#s'><SimpleData name='catégorie'>mairie</SimpleData><SimpleData\n name='SIRET'>1"
        "</SimpleData></SchemaData>"
    ),
}


@pytest.fixture
def without_libkml(monkeypatch):
    """GDAL as newer Debian builds it: its older driver for KML alone."""
    monkeypatch.setitem(vector_files._BY_ROOT, "kml", Kind(("KML",)))


@pytest.mark.parametrize("how", COLUMNS_OF_KML)
def test_a_kml_whose_columns_gdal_would_lose_is_refused(tmp_path, without_libkml, how):
    path = kml(tmp_path / "a.kml", COLUMNS_OF_KML[how])
    with pytest.raises(UnsafeFile, match=r"2 of its columns \(catégorie, SIRET\).*GeoPackage"):
        open_vector(path)


def test_a_kml_without_columns_of_its_own_is_read_by_the_older_driver(tmp_path, without_libkml):
    path = kml(tmp_path / "a.kml", "<name>a</name><!-- <Data name='old'/> -->", "<description>b</description>")
    assert open_vector(path).GetLayer(0).GetFeatureCount() == 2


@pytest.mark.skipif(gdal.GetDriverByName("LIBKML") is None, reason="this GDAL was built without LIBKML")
def test_libkml_reads_the_columns_of_a_kml(tmp_path):
    dataset = open_vector(kml(tmp_path / "a.kml", COLUMNS_OF_KML["data"]))
    assert dataset.GetLayer(0).GetNextFeature()["SIRET"] == "1"
