"""Networks built by a worker process: as if built here, and nothing of this process is held or changed."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.network import BuildOptions, network_for, open_network, refresh_network
from carto_services_publics.core.network import build_network as build_here
from carto_services_publics.core.network.apart import build_apart
from carto_services_publics.core.network.errors import NetworkFileBusy, SourceUnreadable
from carto_services_publics.core.processes import pool
from carto_services_publics.core.progress import Progress
from osgeo import gdal, ogr

ROADS = "corse/corse_routes_osm.gpkg"


class Heard(Progress):
    def __init__(self):
        self.fractions, self.warnings = [], []

    def show(self, fraction):
        self.fractions.append(fraction)

    def warn(self, message):
        self.warnings.append(str(message))


@pytest.fixture
def roads(tmp_path):
    path = tmp_path / "roads.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}},'
        '"features": [{"type": "Feature", "properties": {"kmh": "fast"}, "geometry":'
        '{"type": "LineString", "coordinates": [[700000, 6600000], [701000, 6600000]]}}]}',
        encoding="utf-8",
    )
    return str(path)


def test_the_file_and_the_report_are_those_of_a_build_here(shared_data, tmp_path):
    source = str(shared_data / ROADS)
    heard = Heard()
    report = build_apart(source, BuildOptions(), tmp_path / "away.network", heard)
    assert report == build_here(source, BuildOptions(), tmp_path / "here.network")
    away, here = open_network(tmp_path / "away.network"), open_network(tmp_path / "here.network")
    np.testing.assert_array_equal(away.minutes_forward, here.minutes_forward)
    np.testing.assert_array_equal(away.vertices, here.vertices)
    away.verify()
    assert heard.fractions == sorted(heard.fractions)
    assert len(heard.fractions) > 5
    assert sorted(os.listdir(tmp_path)) == ["away.network", "here.network"]


def test_warnings_and_errors_come_through(roads, tmp_path):
    heard = Heard()
    build_apart(roads, BuildOptions(speed_field="kmh"), tmp_path / "a.network", heard)
    assert any("kmh" in warning for warning in heard.warnings)
    with pytest.raises(SourceUnreadable, match="nowhere"):
        build_apart(str(tmp_path / "nowhere.gpkg"), BuildOptions(), tmp_path / "b.network")
    assert sorted(os.listdir(tmp_path)) == ["a.network", "roads.geojson"]


def test_a_folder_where_nothing_can_be_written_is_said(roads, tmp_path):
    with pytest.raises(NetworkFileBusy):
        build_apart(roads, BuildOptions(), tmp_path / "missing" / "a.network")


def test_a_cancel_is_obeyed_within_a_second_and_leaves_what_was_there(shared_data, tmp_path):
    class Stop(Heard):
        stopped = 0.0

        def cancelled(self):
            if self.fractions and not self.stopped:
                self.stopped = time.monotonic()
            return bool(self.fractions)

    path = tmp_path / "a.network"
    path.write_bytes(b"before")
    stop = Stop()
    with pytest.raises(Cancelled):
        build_apart(str(shared_data / ROADS), BuildOptions(), path, stop)
    assert time.monotonic() - stop.stopped < 1.0
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.network"]


def test_this_process_goes_on_and_gdal_is_left_alone(shared_data, tmp_path, monkeypatch):
    """A thread that ticks is never kept waiting, and nothing here opens a file or changes GDAL's settings."""

    def never(*_, **__):
        raise AssertionError("GDAL was used in this process")

    for module, name in ((gdal, "OpenEx"), (gdal, "UseExceptions"), (ogr, "UseExceptions"), (gdal, "PushErrorHandler")):
        monkeypatch.setattr(module, name, never)
    silence, over = [0.0], threading.Event()

    def tick():
        last = time.monotonic()
        while not over.wait(0.005):
            now = time.monotonic()
            silence[0], last = max(silence[0], now - last), now

    ticking = threading.Thread(target=tick)
    ticking.start()
    try:
        build_apart(str(shared_data / ROADS), BuildOptions(), tmp_path / "a.network")
    finally:
        over.set()
        ticking.join()
    # 0.1 s is what the interface may wait; the rest is room for a machine that other programs share.
    assert silence[0] < 0.3


def test_where_no_worker_can_start_the_network_is_built_here(roads, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "interpreter", lambda: "/bin/true")
    heard = Heard()
    assert build_apart(roads, BuildOptions(), tmp_path / "a.network", heard).links == 1
    assert heard.fractions[-1] == 1.0


def test_networks_kept_in_a_folder_and_refreshed_are_built_by_a_worker(roads, tmp_path, monkeypatch):
    monkeypatch.setattr("carto_services_publics.core.network.build.read_lines", None)  # nothing is read here
    network = network_for(roads, BuildOptions(), tmp_path / "cache", build=build_apart)
    assert network_for(roads, BuildOptions(), tmp_path / "cache", build=build_apart) is network
    with open(roads, "a", encoding="utf-8") as out:
        out.write("\n")
    assert refresh_network(network.path, build=build_apart).link_count == 1
    assert os.listdir(tmp_path / "cache") == [os.path.basename(network.path)]
