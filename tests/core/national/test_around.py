"""The few places near doubtful roads tell what all of them would."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.national.around import _same, _stay, _with_component
from carto_services_publics.core.network import BuildOptions, RoadSource
from carto_services_publics.core.network.build import read_roads
from carto_services_publics.core.network.components import MAIN, OUTSIDE
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.local import Router
from osgeo import ogr, osr

sys.path.insert(0, str(Path(__file__).parent))
from test_national import Country


@pytest.mark.parametrize("distance", [300.0, 2500.0])
def test_places_that_stay_are_those_that_stay_when_all_are_put_again(tmp_path, distance):
    country = Country(tmp_path, 7)
    router, random = country.router(), np.random.default_rng(7)
    network = router.network
    answers = []
    for _turn in range(40):
        doubtful = random.random(network.link_count) < random.choice([0.002, 0.2])
        xy = random.uniform(-1500, country.SIDE + 1500, (15, 2)) + country.CORNER
        found = router.snap(xy, distance)
        others = (Router(_with_component(network, doubtful, value)) for value in (MAIN, OUTSIDE))
        expected = all(_same(found, other.snap(xy, distance)) for other in others)
        assert _stay(network, doubtful, xy, distance) == expected
        answers.append(expected)
    assert 3 < sum(answers) < 37


def test_what_gdal_counts_in_a_box_is_not_said_to_be_missing(tmp_path):
    """Its index rounds positions to a few centimetres."""
    path = tmp_path / "roads.gpkg"
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    layer = dataset.CreateLayer("roads", reference, ogr.wkbLineString)
    for step in range(100):
        feature = ogr.Feature(layer.GetLayerDefn())
        west = 900_000 + step / 1000
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING({west} 6500000, {west + 50} 6500050)"))
        layer.CreateFeature(feature)
    layer = dataset = None
    box = (899_000.0, 6_499_000.0, 900_000.05, 6_501_000.0)
    lines = read_roads(RoadSource(str(path)), BuildOptions(preset="generic"), Progress(), box=box)
    assert 0 < lines.rows < 100 and lines.given == -1
    assert read_roads(RoadSource(str(path)), BuildOptions(preset="generic"), Progress()).given == 100
