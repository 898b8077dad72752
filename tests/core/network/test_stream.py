"""Roads read from GDAL in batches are those of the file, also where GDAL's own threads take part."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from osgeo import ogr, osr

COUNT = 50_000
PROGRAM = textwrap.dedent(
    """
    import sys
    from carto_services_publics.core.network.source import RoadSource, opened, read_lines
    from carto_services_publics.core.progress import Progress

    for _ in range(8):
        with opened(RoadSource(sys.argv[1], "routes", sys.argv[2])) as layer:
            lines = read_lines(layer, ("nature",), Progress())
            print(lines.rows, int(lines.vertices[::2, 0].sum()), int(lines.vertices[:, 1].sum()))
    """
)


@pytest.fixture(scope="module")
def roads(tmp_path_factory):
    """Lines from (i, 0) to (i + 1, 1), whose identifiers have a hole."""
    path = str(tmp_path_factory.mktemp("stream") / "roads.gpkg")
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = dataset.CreateLayer("routes", reference, ogr.wkbLineString)
    layer.CreateField(ogr.FieldDefn("nature", ogr.OFTString))
    dataset.StartTransaction()
    for i in range(COUNT):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING({i} 0,{i + 1} 1)"))
        feature["nature"] = f"route à {i % 7} voies"
        layer.CreateFeature(feature)
    layer.DeleteFeature(COUNT)
    dataset.CommitTransaction()
    del layer, dataset
    return path


@pytest.mark.parametrize(("where", "count"), [("", COUNT - 1), (f'"fid" <= {COUNT // 2}', COUNT // 2)])
def test_every_line_comes_as_it_is(roads, where, count):
    done = subprocess.run([sys.executable, "-c", PROGRAM, roads, where], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == {f"{count} {count * (count - 1) // 2} {count}"}
