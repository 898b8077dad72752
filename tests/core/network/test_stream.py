"""Roads read from GDAL in batches are those of the file, also where GDAL's own threads take part."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from osgeo import ogr, osr

COUNT = 20_000
PROGRAM = textwrap.dedent(
    """
    import sys
    from carto_services_publics.core.network.source import RoadSource, opened, read_lines
    from carto_services_publics.core.progress import Progress

    for _ in range(int(sys.argv[3])):
        with opened(RoadSource(sys.argv[1], "routes", sys.argv[2])) as layer:
            lines = read_lines(layer, (), Progress())
            print(lines.rows, len(lines.vertices), int(lines.vertices[:, 1].sum()))
    """
)


def read(path, where, times):
    """What was read, each time; in a process of its own, which may die of it."""
    command = [sys.executable, "-c", PROGRAM, str(path), where, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines())


def _vertices(rank):
    return 2 + rank % 2


@pytest.fixture(scope="module")
def roads(tmp_path_factory):
    """Lines of two or three vertices at the height of their rank, whose identifiers have a hole."""
    path = str(tmp_path_factory.mktemp("stream") / "roads.gpkg")
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = dataset.CreateLayer("routes", reference, ogr.wkbLineString)
    dataset.StartTransaction()
    for i in range(COUNT):
        feature = ogr.Feature(layer.GetLayerDefn())
        vertices = ",".join(f"{i + step} {i}" for step in range(_vertices(i)))
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING({vertices})"))
        layer.CreateFeature(feature)
    layer.DeleteFeature(COUNT)
    dataset.CommitTransaction()
    del layer, dataset
    return path


@pytest.mark.parametrize(("where", "count"), [("", COUNT - 1), ('"fid" > 0', COUNT - 1)])
def test_every_line_comes_as_it_is(roads, where, count):
    vertices = [_vertices(rank) for rank in range(count)]
    heights = sum(rank * many for rank, many in enumerate(vertices))
    assert read(roads, where, 4) == {f"{count} {sum(vertices)} {heights}"}


def test_a_whole_region_is_read_the_same_again_and_again(shared_data):
    """By GDAL 3.10's second thread: negative sizes, a crash or no end, within a few times."""
    assert len(read(shared_data / "corse" / "corse_routes_osm.gpkg", '"fid" > 0', 12)) == 1
