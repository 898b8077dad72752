"""All of Corse: the chain's share of people within 30 minutes of a France services is what plain Dijkstra finds.

The computation from scratch below uses the raw links and scipy alone: no code of the project has a part in it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from osgeo import gdal
from pyproj import Transformer
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 30.0


@pytest.fixture(scope="module")
def corse(whole_data):
    return whole_data / "corse"


def table(path, layer, columns):
    """The columns (arrays) and the geometries (WKB) of a layer."""
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    rows = [([row[column] for column in columns], bytes(row.GetGeometryRef().ExportToWkb())) for row in
            (dataset.GetLayerByName(layer) if layer else dataset.GetLayer(0))]  # fmt: skip
    values = [np.array(column) for column in zip(*(row for row, _ in rows))]
    return values, shapely.from_wkb([geometry for _, geometry in rows])


def share_within_limit_from_scratch(corse):
    """Communes' people in equal parts on the junctions they hold; the nearest road point of each France services."""
    (start, end, seconds), lines = table(corse / "corse_routes_osm.gpkg", "routes", ("from_node", "to_node", "time_s"))
    names, codes = np.unique(np.concatenate([start, end]), return_inverse=True)
    tail, head = codes[: len(start)], codes[len(start) :]
    minutes = seconds / 60.0
    places = np.empty((len(names), 2))
    places[tail] = shapely.get_coordinates(shapely.get_point(lines, 0))
    places[head] = shapely.get_coordinates(shapely.get_point(lines, -1))

    # A service is a node of its own: reached from the tail of each link that passes there, in proportion.
    to_metres = Transformer.from_crs(4326, 2154, always_xy=True)
    with (corse / "corse_france-services.csv").open(encoding="utf-8", newline="") as rows:
        services = [(float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(rows)]
    points = shapely.points(np.column_stack(to_metres.transform(*np.array(services).T)))
    tree = shapely.STRtree(lines)
    tails, heads, costs = [tail], [head], [minutes]
    for number, point in enumerate(points):
        nearest = tree.nearest(point)
        distance = shapely.distance(lines[nearest], point)
        same_road = tree.query(point, predicate="dwithin", distance=distance + 1e-6)
        along = shapely.line_locate_point(lines[same_road], point, normalized=True)
        tails.append(tail[same_road])
        heads.append(np.full(len(same_road), len(names) + number))
        costs.append(minutes[same_road] * along)
    tails, heads, costs = map(np.concatenate, (tails, heads, costs))

    # Parallel links: the fastest counts. A matrix would add them up, and lose those of no length.
    order = np.lexsort((costs, heads, tails))
    tails, heads, costs = tails[order], heads[order], np.maximum(costs[order], 1e-9)
    first = np.append(True, (np.diff(tails) != 0) | (np.diff(heads) != 0))
    size = len(names) + len(points)
    towards = coo_matrix((costs[first], (heads[first], tails[first])), shape=(size, size)).tocsr()
    time = dijkstra(towards, indices=np.arange(len(names), size), min_only=True)[: len(names)]

    (people,), communes = table(corse / "corse_communes.geojson", "", ("population",))
    junctions = shapely.points(places)
    rings = shapely.transform(communes, lambda xy: np.column_stack(to_metres.transform(*xy.T)))
    commune, junction = shapely.STRtree(junctions).query(rings, predicate="intersects")
    junction, once = np.unique(junction, return_index=True)
    commune = commune[once]
    count = np.bincount(commune, minlength=len(people))
    within = np.bincount(commune, weights=time[junction] <= LIMIT, minlength=len(people))
    housed = count > 0
    return float((people[housed] * within[housed] / count[housed]).sum() / people.sum())


@pytest.mark.slow
@pytest.mark.servers
def test_the_share_within_thirty_minutes_is_that_of_a_computation_from_scratch(corse, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    monkeypatch.setenv("CSP_TEST_DATA", str(corse.parent))
    import demo

    expected = 100 * share_within_limit_from_scratch(corse)
    monkeypatch.setattr(sys, "argv", ["demo.py", "--territory", "corse", "--output", str(tmp_path)])
    shown = []
    monkeypatch.setattr(demo, "tell", lambda territory, figures, folder, seconds: shown.append(figures))
    monkeypatch.setattr(demo, "draw", lambda *_: None)
    assert demo.main() == 0
    (figures,) = shown
    assert figures.services == 37
    assert figures.population == 334_938
    assert figures.correction == "acceptee"
    assert 100 * (1 - figures.beyond / figures.population) == pytest.approx(expected, abs=0.1)
