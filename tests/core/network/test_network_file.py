"""The file: whole or not at all, checked when opened, made again when the roads have changed."""

from __future__ import annotations

import os
import shutil
import time

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.network import (
    BuildOptions,
    RoadSource,
    build_network,
    network_for,
    open_network,
    refresh_network,
)
from carto_services_publics.core.network import source as source_module
from carto_services_publics.core.network.errors import NetworkFileInvalid, SourceUnreadable
from carto_services_publics.core.network.file import VERSION, let_go, read_arrays, write_arrays
from carto_services_publics.core.network.lines import RoadLines
from carto_services_publics.core.progress import Progress
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import ogr, osr

ogr.UseExceptions()


def write_roads(path, lines, epsg=2154, driver="GPKG", kind=ogr.wkbLineString, **fields):
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    layer = dataset.CreateLayer("roads", reference, kind)
    for name in fields:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    for i, wkt in enumerate(lines):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(None if wkt is None else ogr.CreateGeometryFromWkt(wkt))
        for name, values in fields.items():
            feature.SetField(name, values[i])
        layer.CreateFeature(feature)
    layer = dataset = None
    return str(path)


ROADS = ["LINESTRING(700000 6600000,701000 6600000)", "LINESTRING(701000 6600000,701000 6601000)"]


def test_arrays_come_back_as_they_were(tmp_path):
    arrays = {
        "a": np.arange(5, dtype=np.float64),
        "b": np.empty((0, 2), np.float64),
        "c": np.array([[1, 2], [3, 4]], np.int32),
        "d": np.array([True, False]),
    }
    write_arrays(tmp_path / "x", {"said": "é"}, arrays)
    header, read = read_arrays(tmp_path / "x")
    assert header == {"said": "é"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
        assert not read[name].flags.writeable


@pytest.mark.parametrize("position", [0, 8, 30, 200, -1])
def test_a_damaged_file_is_refused(tmp_path, position):
    path = tmp_path / "a.network"
    build_network(RoadLines.of([[(0, 0), (1000, 0)]]), BuildOptions(), path)
    content = bytearray(path.read_bytes())
    place = position if position >= 0 else content.rfind(b"\x00\x00\x00\x00\x00@\x8f@")  # 1000.0, the length
    content[place] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(NetworkFileInvalid):
        open_network(path)


@settings(max_examples=60)
@given(st.data())
def test_a_file_altered_anywhere_is_refused_or_the_same(tmp_path_factory, data):
    """Any byte, any length, also with the date put back and in a process that has just read it."""
    path = tmp_path_factory.mktemp("altered") / "a.network"
    build_network(RoadLines.of([[(0, 0), (1000, 0)], [(1000, 0), (1000, 500)]]), BuildOptions(), path)
    network = open_network(path)
    told = (network.report, network.length.tolist(), network.minutes_forward.tolist(), network.vertices.tolist())
    whole, state = path.read_bytes(), os.stat(path)
    del network
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        content = whole[:at]
    else:
        content = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    path.write_bytes(content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    try:
        again = open_network(path)
    except NetworkFileInvalid:
        return
    # Only the bytes between the arrays, which hold nothing.
    assert len(content) == len(whole)
    assert told == (again.report, again.length.tolist(), again.minutes_forward.tolist(), again.vertices.tolist())


def as_if_of_version(path, version):
    content = bytearray(path.read_bytes())
    content[8:12] = version.to_bytes(4, "little")
    path.write_bytes(content)


def test_a_network_of_another_version_is_made_again_where_its_roads_are_known(tmp_path):
    roads = write_roads(tmp_path / "roads.gpkg", ROADS)
    path = tmp_path / "a.network"
    build_network(roads, BuildOptions(default_speed=30), path)
    as_if_of_version(path, VERSION - 3)
    assert refresh_network(path).minutes_forward.tolist() == pytest.approx([2.0, 2.0])
    as_if_of_version(path, VERSION + 1)
    os.unlink(roads)
    with pytest.raises(NetworkFileInvalid, match="another version"):
        refresh_network(path)
    build_network(RoadLines.of([[(0, 0), (1000, 0)]]), BuildOptions(), path)
    as_if_of_version(path, VERSION - 3)
    with pytest.raises(NetworkFileInvalid, match="build it again"):
        refresh_network(path)


def test_a_change_that_leaves_size_and_date_is_seen(tmp_path):
    roads = write_roads(tmp_path / "roads.gpkg", ROADS, sens=["F", "F"])
    before, date = RoadSource(roads).state(), os.stat(roads)
    dataset = ogr.Open(roads, 1)
    dataset.ExecuteSQL("UPDATE roads SET sens = 'B'")
    dataset = None
    os.utime(roads, ns=(date.st_atime_ns, date.st_mtime_ns))
    assert os.stat(roads).st_size == date.st_size
    assert RoadSource(roads).state() != before


def test_what_is_kept_beside_a_file_counts_and_what_others_put_there_does_not(tmp_path):
    roads = write_roads(tmp_path / "roads.shp", ROADS, driver="ESRI Shapefile")
    before = RoadSource(roads).state()
    build_network(roads, BuildOptions(), tmp_path / "roads.network")
    (tmp_path / "roads.qml").write_text("a style")
    assert RoadSource(roads).state() == before
    (tmp_path / "roads.cpg").write_text("ISO-8859-1")
    assert RoadSource(roads).state() != before
    assert RoadSource("PG:dbname=none").state() == ""  # nobody knows: such roads are built again each time


def test_lines_in_memory_are_known_by_what_they_hold(tmp_path):
    lines = RoadLines.of([[(0, 0), (1000, 0)]], {"v": [50.0]})._replace(name="drawn")
    options = BuildOptions(preset="generic", speed_field="v")
    first = network_for(lines, options, tmp_path)
    assert network_for(lines, options, tmp_path) is first
    faster = RoadLines.of([[(0, 0), (1000, 0)]], {"v": [60.0]})._replace(name="drawn")
    assert network_for(faster, options, tmp_path).minutes_forward.tolist() == [1.0]
    longer = RoadLines.of([[(0, 0), (2000, 0)]], {"v": [60.0]})._replace(name="drawn")
    assert network_for(longer, options, tmp_path).minutes_forward.tolist() == [2.0]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("column", ["geom", "wkb_geometry", "OGC_FID"])
@pytest.mark.parametrize(
    ("driver", "name"), [("GeoJSON", "a.geojson"), ("ESRI Shapefile", "a.shp"), ("FlatGeobuf", "a.fgb")]
)
def test_a_column_may_be_called_as_the_geometry_is(tmp_path, driver, name, column):
    roads = write_roads(tmp_path / name, ROADS, driver=driver, **{column[:10]: ["F", "B"]})
    options = BuildOptions(preset="generic", direction_field=column[:10], value_forward="F", value_both="B")
    assert build_network(roads, options, tmp_path / "a.network").one_way == 1


def test_a_file_cut_short_or_of_another_kind_or_version_is_refused(tmp_path):
    path = tmp_path / "a.network"
    build_network(RoadLines.of([[(0, 0), (1000, 0)]]), BuildOptions(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NetworkFileInvalid):
        open_network(path)
    path.write_bytes(b"CARTONET" + (VERSION + 1).to_bytes(4, "little") + whole[12:])
    with pytest.raises(NetworkFileInvalid, match=str(VERSION + 1)):
        open_network(path)
    path.write_bytes(b"something else")
    with pytest.raises(NetworkFileInvalid):
        open_network(path)
    with pytest.raises(NetworkFileInvalid):
        open_network(tmp_path / "missing.network")


def test_what_was_there_stays_when_building_is_cancelled(tmp_path):
    class Stop(Progress):
        def cancelled(self):
            return True

    path = tmp_path / "a.network"
    build_network(RoadLines.of([[(0, 0), (1000, 0)]]), BuildOptions(), path)
    before = path.read_bytes()
    with pytest.raises(Cancelled):
        build_network(RoadLines.of([[(0, 0), (2000, 0)]]), BuildOptions(), path, Stop())
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.network"]


def test_the_network_is_made_again_when_its_layer_has_changed(tmp_path):
    roads = write_roads(tmp_path / "roads.gpkg", ROADS[:1])
    cache = tmp_path / "cache"
    first = network_for(roads, BuildOptions(), cache)
    assert first.link_count == 1
    assert network_for(roads, BuildOptions(), cache) is first
    os.unlink(roads)
    time.sleep(0.01)
    write_roads(roads, ROADS)
    assert network_for(roads, BuildOptions(), cache).link_count == 2
    assert len(list(cache.iterdir())) == 1
    assert network_for(roads, BuildOptions(profile="foot"), cache).profile == "foot"
    assert len(list(cache.iterdir())) == 2


def test_a_network_file_follows_its_source_and_survives_it(tmp_path):
    roads = write_roads(tmp_path / "roads.gpkg", ROADS[:1])
    path = tmp_path / "a.network"
    build_network(roads, BuildOptions(speeds=(("x", 3.0),), default_speed=30), path)
    assert refresh_network(path).link_count == 1
    os.unlink(roads)
    assert refresh_network(path).link_count == 1  # the roads are gone, the network serves
    write_roads(roads, ROADS)
    network = refresh_network(path)
    assert network.link_count == 2
    assert float(network.minutes_forward[0]) == pytest.approx(2.0)  # made with the same options


@pytest.mark.parametrize(
    ("driver", "name"), [("GPKG", "a.gpkg"), ("ESRI Shapefile", "a.shp"), ("GeoJSON", "a.geojson")]
)
def test_vector_files_are_read_alike_with_and_without_arrow(tmp_path, monkeypatch, driver, name):
    roads = write_roads(tmp_path / name, [*ROADS, None], driver=driver, sens=["F", "é", None])
    options = BuildOptions(direction_field="sens", value_forward="F")
    streamed = build_network(roads, options, tmp_path / "1.network")
    monkeypatch.setattr(source_module, "_batches", source_module._looped)
    looped = build_network(roads, options, tmp_path / "2.network")
    assert streamed == looped
    assert (streamed.rows, streamed.lines, streamed.one_way) == (3, 2, 1)
    one, two = open_network(tmp_path / "1.network"), open_network(tmp_path / "2.network")
    np.testing.assert_array_equal(one.vertices, two.vertices)


def test_multi_lines_heights_and_measures_are_read(tmp_path):
    lines = [
        "MULTILINESTRING Z((0 0 1,100 0 1),(200 0 1,300 0 1,400 0 1))",
        "LINESTRING ZM(400 0 1 9,500 0 1 9)",
        "LINESTRING EMPTY",
    ]
    roads = write_roads(tmp_path / "a.gpkg", lines, kind=ogr.wkbUnknown)
    report = build_network(roads, BuildOptions(), tmp_path / "a.network")
    assert (report.rows, report.lines, report.links, report.nodes) == (3, 3, 3, 5)
    assert sorted(open_network(tmp_path / "a.network").length.tolist()) == [100, 100, 200]


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (2.35, 48.85, "EPSG:2154"),
        (-61.5, 16.2, "EPSG:5490"),
        (-52.3, 4.9, "EPSG:2972"),
        (55.5, -21.1, "EPSG:2975"),
        (45.2, -12.8, "EPSG:4471"),
        (-56.2, 46.8, "EPSG:4467"),
        (13.4, 52.5, "EPSG:32633"),
    ],
)
def test_degrees_are_projected_to_the_legal_crs_of_the_place(tmp_path, lon, lat, crs):
    roads = write_roads(tmp_path / "a.gpkg", [f"LINESTRING({lon} {lat},{lon} {lat + 0.01})"], epsg=4326)
    build_network(roads, BuildOptions(), tmp_path / "a.network")
    network = open_network(tmp_path / "a.network")
    assert network.crs == crs
    assert float(network.length[0]) == pytest.approx(1111, rel=0.006)


def test_web_mercator_metres_are_not_metres(tmp_path):
    roads = write_roads(tmp_path / "a.gpkg", ["LINESTRING(261600 6250000,262600 6250000)"], epsg=3857)
    build_network(roads, BuildOptions(), tmp_path / "a.network")
    assert float(open_network(tmp_path / "a.network").length[0]) == pytest.approx(658, rel=0.01)


def test_qgis_names_of_a_layer_are_understood():
    assert RoadSource.parse("/a|b.gpkg|layername=roads|subset=\"x\" = 'a|b'") == RoadSource(
        "/a|b.gpkg", "roads", "\"x\" = 'a|b'"
    )


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(SourceUnreadable):
        build_network(str(tmp_path / "missing.gpkg"), BuildOptions(), tmp_path / "a.network")
    roads = write_roads(tmp_path / "a.gpkg", ROADS)
    with pytest.raises(SourceUnreadable, match="nowhere"):
        build_network(f"{roads}|layername=nowhere", BuildOptions(), tmp_path / "a.network")
    with pytest.raises(SourceUnreadable, match="colour"):
        build_network(f"{roads}|subset=colour = 1", BuildOptions(), tmp_path / "a.network")


def test_a_network_can_be_moved(tmp_path):
    path = tmp_path / "a.network"
    build_network(RoadLines.of([[(0, 0), (1000, 0)]]), BuildOptions(), path)
    shutil.move(path, tmp_path / "b.network")
    network = open_network(tmp_path / "b.network")
    network.verify()
    assert network.link_count == 1


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps"), reason="the system does not say what memory is mapped")
def test_what_was_only_checked_or_is_let_go_holds_no_memory_and_reads_as_before(tmp_path):
    path = tmp_path / "held.network"
    numbers = np.arange(1_000_000, dtype=np.float64)
    write_arrays(path, {}, {"numbers": numbers})

    def held() -> int:
        """Kilobytes of the file that this process has in memory."""
        with open("/proc/self/smaps") as maps:
            parts = maps.read().split(str(path))[1:]
        return sum(int(part.split("Rss:")[1].split()[0]) for part in parts)

    mapped = read_arrays(path)[1]["numbers"]
    assert held() < 1_000
    np.testing.assert_array_equal(mapped, numbers)
    assert held() > 7_000
    let_go(mapped[10:])
    assert held() < 1_000
    np.testing.assert_array_equal(mapped, numbers)
