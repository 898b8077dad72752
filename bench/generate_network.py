"""A road network like a French département's, as large as asked, the same for the same seed.

    python bench/generate_network.py 1000000 roads.gpkg [--seed 38]
    python bench/generate_network.py 472000 country.gpkg --density 27.5 --tiles 4x4     # 10 million links, as in France

Towns of Zipf sizes and a scattered countryside give the junctions. Roads are the edges of their Delaunay triangulation
that are not the longest side of any triangle (an Urquhart graph: planar, connected, blocks of a natural shape). Main
roads follow the quickest ways between towns, in three ranks. Some
streets are one-way, in towns more than outside, and lines bend. The layer `troncon_de_route` has BD TOPO's fields.
A country is such a square laid side by side, every second one mirrored, with other speeds in each but the first.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from osgeo import ogr, osr
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, cKDTree

MILLION_SIDE = 84_000.0
"""Metres: the side of the square that holds a million junctions, a département of 7 000 km²."""
DENSITY = 1e6 / (MILLION_SIDE / 1000) ** 2
"""Junctions per km², as around a large town; all of France has 27.5 (20 million links on 550 000 km²)."""
CORNER = np.array([850_000.0, 6_450_000.0])
"""South-west of a square, in Lambert-93."""
COUNTRY_CORNER = np.array([440_000.0, 6_340_000.0])
"""That of several, in the west of France."""
FASTEST = 130.0
"""km/h, in a country: the law's."""
SEAM = 8.0, 100.0
"""Metres from a side of a square: junctions so far from it are joined with their image beyond."""
NATURES = ("Route à 1 chaussée", "Type autoroutier", "Route à 2 chaussées", "Route à 1 chaussée")
STREET, MOTORWAY, NATIONAL, MAIN = 0, 1, 2, 3
SPEEDS_IN_TOWN = np.array([32.0, 110.0, 70.0, 50.0])
SPEEDS_OUTSIDE = np.array([48.0, 120.0, 85.0, 75.0])


class Roads(NamedTuple):
    """M lines between N junctions."""

    junctions: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    rank: np.ndarray
    kmh: np.ndarray
    one_way: np.ndarray
    """(M,) 0 both ways, 1 as drawn, -1 against."""
    vertices: np.ndarray
    offset: np.ndarray
    towns: np.ndarray
    population: np.ndarray


def generate(junctions: int, seed: int, density: float = DENSITY) -> Roads:
    """Roads with about ``junctions`` junctions, so many per km², in Lambert-93."""
    random = np.random.default_rng(seed)
    side = 1000.0 * np.sqrt(junctions / density)
    towns, population = _towns(random, side)
    xy = _junctions(random, junctions, side, towns, population)
    tail, head = _urquhart(xy)
    spacing = cKDTree(xy).query(xy, k=8)[0][:, -1]
    in_town = (spacing[tail] + spacing[head]) / 2 < 110.0
    rank = _ranks(xy, tail, head, towns)
    one_way = _one_ways(random, len(xy), tail, head, in_town, rank)
    kmh = np.where(in_town, SPEEDS_IN_TOWN[rank], SPEEDS_OUTSIDE[rank]) * random.uniform(0.9, 1.1, len(tail))
    vertices, offset = _bends(random, xy, tail, head)
    return Roads(
        xy + CORNER, tail, head, rank, np.round(kmh, 1), one_way, vertices + CORNER, offset, towns + CORNER, population
    )


def country(square: Roads, side: float, across: int, down: int) -> Iterator[Roads]:
    """``square``, ``side`` metres wide, laid ``across`` × ``down`` times: the roads of each, with those to the next."""
    xy, corner = square.junctions - CORNER, CORNER if across * down == 1 else COUNTRY_CORNER
    for number, (column, row) in enumerate(np.ndindex(across, down)):
        mirrored = np.array([column % 2, row % 2], dtype=bool)
        shift = corner + side * np.array([column, row])

        def laid(points: np.ndarray, mirrored=mirrored, shift=shift) -> np.ndarray:
            return np.where(mirrored, side - points, points) + shift

        changed = np.random.default_rng(number).uniform(0.9, 1.1, len(square.kmh)) if number else 1.0
        kmh = np.round(square.kmh * changed, 1)
        if across * down > 1:
            kmh = np.minimum(kmh, FASTEST)
        own = square._replace(
            junctions=laid(xy), vertices=laid(square.vertices - CORNER), towns=laid(square.towns - CORNER), kmh=kmh
        )
        yield _with_lines(own, _seams(own.junctions, shift + side, (column + 1 < across, row + 1 < down)))


def _seams(junctions: np.ndarray, corner: np.ndarray, beyond: tuple[bool, bool]) -> np.ndarray:
    """(k, 2, 2) ends of the lines that cross the sides in the east and in the north, where something lies beyond."""
    lines = [np.empty((0, 2, 2))]
    for axis in (0, 1):
        away = corner[axis] - junctions[:, axis]
        here = junctions[(away >= SEAM[0]) & (away < SEAM[1])] if beyond[axis] else junctions[:0]
        image = here.copy()
        image[:, axis] = 2 * corner[axis] - image[:, axis]
        lines.append(np.stack((here, image), axis=1))
    return np.concatenate(lines)


def _with_lines(roads: Roads, lines: np.ndarray) -> Roads:
    """``roads`` and straight main roads both ways; these have no junction numbers, which no layer holds."""
    count = len(lines)
    return roads._replace(
        rank=np.append(roads.rank, np.full(count, MAIN)),
        kmh=np.append(roads.kmh, np.full(count, SPEEDS_OUTSIDE[MAIN])),
        one_way=np.append(roads.one_way, np.zeros(count, roads.one_way.dtype)),
        vertices=np.concatenate((roads.vertices, lines.reshape(-1, 2))),
        offset=np.append(roads.offset, roads.offset[-1] + 2 * np.arange(1, count + 1)),
    )


def facilities(roads: Roads, count: int, seed: int = 7) -> np.ndarray:
    """(count, 2) points where services would be: in towns, the large ones more."""
    random = np.random.default_rng(seed)
    weight = roads.population**0.75
    town = random.choice(len(roads.towns), count, p=weight / weight.sum())
    spread = 700.0 * (roads.population[town] / 20_000) ** 0.25
    xy = roads.towns[town] + random.normal(0, 1, (count, 2)) * spread[:, None]
    return np.clip(xy, roads.junctions.min(axis=0) + 50, roads.junctions.max(axis=0) - 50)


def demand(roads: Roads, count: int, seed: int = 8) -> np.ndarray:
    """(count, 2) points where people would live: near junctions."""
    random = np.random.default_rng(seed)
    return roads.junctions[random.integers(0, len(roads.junctions), count)] + random.normal(0, 40, (count, 2))


def write(squares: Iterable[Roads], path: str) -> int:
    """The roads as a GeoPackage with BD TOPO's fields, the lines of a square in no spatial order; how many."""
    Path(path).unlink(missing_ok=True)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path, ["VERSION=1.2"])
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    layer = dataset.CreateLayer("troncon_de_route", reference, ogr.wkbLineString, ["SPATIAL_INDEX=NO"])
    columns = ("cleabs", "nature", "sens_de_circulation", "vitesse_moyenne_vl", "acces_vehicule_leger",
               "position_par_rapport_au_sol")  # fmt: skip
    for name in columns:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal if name.startswith("vitesse") else ogr.OFTString))
    del layer, dataset
    count, low, high = 0, np.full(2, np.inf), np.full(2, -np.inf)
    with sqlite3.connect(path) as database:
        for roads in squares:
            database.executemany(
                f"INSERT INTO troncon_de_route (geom, {', '.join(columns)}) VALUES (?, ?, ?, ?, ?, 'Libre', '0')",
                _rows(roads, count),
            )
            count += len(roads.rank)
            low, high = np.minimum(low, roads.vertices.min(axis=0)), np.maximum(high, roads.vertices.max(axis=0))
        database.execute("UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?", (*low, *high))
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (count,))
    return count


def _rows(roads: Roads, first: int) -> Iterator[tuple]:
    """A line each: a GeoPackage's geometry (its header without bounds, then WKB), and the values."""
    directions = {0: "Double sens", 1: "Sens direct", -1: "Sens inverse"}
    head = np.zeros(len(roads.rank), [("srs", "S8"), ("order", "u1"), ("type", "<u4"), ("count", "<u4")])
    head["srs"] = b"GP\x00\x01" + (2154).to_bytes(4, "little")
    head["order"], head["type"], head["count"] = 1, 2, np.diff(roads.offset)
    heads, lines = head.tobytes(), np.ascontiguousarray(roads.vertices, "<f8").tobytes()
    begins, size = roads.offset.tolist(), head.itemsize
    kmh, ranks, ways = roads.kmh.tolist(), roads.rank.tolist(), roads.one_way.tolist()
    for i in np.random.default_rng(1).permutation(len(ranks)).tolist():
        geometry = heads[i * size : (i + 1) * size] + lines[16 * begins[i] : 16 * begins[i + 1]]
        yield geometry, f"TRONROUT{first + i:016d}", NATURES[ranks[i]], directions[ways[i]], kmh[i]


def _towns(random: np.random.Generator, side: float) -> tuple[np.ndarray, np.ndarray]:
    count = int(360 * (side / MILLION_SIDE) ** 2) + 20
    xy = random.uniform(0.03, 0.97, (count, 2)) * side
    xy[0] = 0.5 * side, 0.48 * side
    return xy, np.maximum(420_000 / np.arange(1, count + 1) ** 1.05, 250)


def _junctions(
    random: np.random.Generator, count: int, side: float, towns: np.ndarray, population: np.ndarray
) -> np.ndarray:
    """72 % of the junctions in towns, the others anywhere, none closer than a few metres."""
    weight = population**0.85
    share = random.multinomial(int(count * 0.72), weight / weight.sum())
    town = np.repeat(np.arange(len(towns)), share)
    radius = 260 * (population[town] / 1000) ** 0.46 + 180
    away = radius * np.sqrt(random.exponential(1.0, len(town))) * 1.15
    angle = random.uniform(0, 2 * np.pi, len(town))
    urban = towns[town] + np.column_stack((np.cos(angle), np.sin(angle))) * away[:, None]
    rural = random.uniform(0, side, (count - len(urban), 2))
    xy = np.clip(np.concatenate((urban, rural)), 0, side) + random.uniform(-0.5, 0.5, (count, 2))
    return _pushed_apart(xy, 16.0)


def _pushed_apart(xy: np.ndarray, distance: float) -> np.ndarray:
    for _ in range(3):
        pairs = cKDTree(xy).query_pairs(distance, output_type="ndarray")
        step = xy[pairs[:, 0]] - xy[pairs[:, 1]]
        gap = np.hypot(*step.T) + 1e-6
        push = step / gap[:, None] * ((distance - gap) / 2 + 2)[:, None]
        for axis in (0, 1):
            xy[:, axis] += np.bincount(pairs[:, 0], push[:, axis], len(xy))
            xy[:, axis] -= np.bincount(pairs[:, 1], push[:, axis], len(xy))
    return xy


def _urquhart(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    triangles = Delaunay(xy).simplices
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    length = np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T).reshape(3, -1)
    longest = np.zeros((3, len(triangles)), bool)
    longest[length.argmax(axis=0), np.arange(len(triangles))] = True
    key = edges.min(axis=1).astype(np.int64) * len(xy) + edges.max(axis=1)
    kept = np.setdiff1d(key, key[longest.reshape(-1)])
    return kept // len(xy), kept % len(xy)


def _ranks(xy: np.ndarray, tail: np.ndarray, head: np.ndarray, towns: np.ndarray) -> np.ndarray:
    """Motorways between the 6 largest towns, national roads between 45, main roads between all: quickest ways."""
    rank = np.zeros(len(tail), np.int64)
    length = np.hypot(*(xy[tail] - xy[head]).T)
    hub = cKDTree(xy).query(towns)[1]
    gain = np.array([1.0, 0.55, 0.65, 0.8])
    for level, largest in ((MOTORWAY, 6), (NATIONAL, 45), (MAIN, len(towns))):
        triangles = Delaunay(towns[: min(largest, len(towns))]).simplices
        sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
        pairs = np.unique(np.sort(sides, axis=1), axis=0)
        used = _ways(len(xy), tail, head, length * gain[rank], hub, towns, pairs)
        rank[used[rank[used] == STREET]] = level
    return rank


def _ways(
    nodes: int,
    tail: np.ndarray,
    head: np.ndarray,
    cost: np.ndarray,
    hub: np.ndarray,
    towns: np.ndarray,
    pairs: np.ndarray,
) -> np.ndarray:
    """Edges on the least ways between pairs of towns."""
    ends = (np.concatenate((tail, head)), np.concatenate((head, tail)))
    graph = csr_matrix((np.tile(cost, 2), ends), shape=(nodes, nodes))
    key = np.minimum(tail, head) * nodes + np.maximum(tail, head)
    order = np.argsort(key)
    used = []
    for town in np.unique(pairs[:, 0]):
        others = pairs[pairs[:, 0] == town, 1]
        reach = np.hypot(*(towns[others] - towns[town]).T).max() * 2.5
        _, before = dijkstra(graph, indices=hub[town], limit=reach, return_predecessors=True)
        at = hub[others]
        at = at[before[at] >= 0]
        while len(at):
            back = before[at]
            used.append(np.minimum(at, back) * nodes + np.maximum(at, back))
            at = back[before[back] >= 0]
    return order[np.searchsorted(key[order], np.unique(np.concatenate(used)))]


def _one_ways(
    random: np.random.Generator,
    nodes: int,
    tail: np.ndarray,
    head: np.ndarray,
    in_town: np.ndarray,
    rank: np.ndarray,
) -> np.ndarray:
    """14 % of the streets in towns and 6 % of their main roads, but nobody is locked in or out."""
    share = np.where(in_town, np.where(rank == STREET, 0.14, 0.06), 0.0)
    one_way = np.where(random.random(len(tail)) < share, random.choice([-1, 1], len(tail)), 0)
    for _ in range(8):
        along, against = one_way >= 0, one_way <= 0
        ends = (np.concatenate((tail[along], head[against])), np.concatenate((head[along], tail[against])))
        graph = csr_matrix((np.ones(len(ends[0]), np.int8), ends), shape=(nodes, nodes))
        _, part = connected_components(graph, directed=True, connection="strong")
        outside = part != np.bincount(part).argmax()
        if not outside.any():
            break
        one_way[outside[tail] | outside[head]] = 0
    return one_way


def _bends(
    random: np.random.Generator, xy: np.ndarray, tail: np.ndarray, head: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lines that bend, with a vertex every 45 metres or so."""
    step = xy[head] - xy[tail]
    length = np.hypot(*step.T)
    inner = np.clip(random.poisson(length / 45), 0, 12)
    offset = np.concatenate(([0], np.cumsum(inner + 2)))
    line = np.repeat(np.arange(len(tail)), inner + 2)
    along = (np.arange(offset[-1]) - offset[line]) / (inner[line] + 1)
    side = np.column_stack((-step[:, 1], step[:, 0])) * (random.uniform(-0.2, 0.2, len(tail)))[:, None]
    vertices = xy[tail][line] + step[line] * along[:, None] + side[line] * np.sin(np.pi * along)[:, None]
    vertices[offset[:-1]], vertices[offset[1:] - 1] = xy[tail], xy[head]
    return vertices, offset


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("junctions", type=int)
    parser.add_argument("output")
    parser.add_argument("--seed", type=int, default=38)
    parser.add_argument("--density", type=float, default=DENSITY, help="junctions per km²")
    parser.add_argument("--tiles", default="1x1", help="squares across × down")
    arguments = parser.parse_args()
    begun = time.perf_counter()
    made = generate(arguments.junctions, arguments.seed, arguments.density)
    across, down = map(int, arguments.tiles.split("x"))
    side = 1000 * np.sqrt(arguments.junctions / arguments.density)
    written = write(country(made, side, across, down), arguments.output)
    degree = np.bincount(np.concatenate((made.tail, made.head)))
    print(
        f"{len(made.junctions):,} junctions, {len(made.tail):,} lines, {len(made.vertices):,} vertices, "
        f"{2 * (made.one_way == 0).sum() + (made.one_way != 0).sum():,} arcs, "
        f"dead ends {np.mean(degree == 1):.1%} in a square, {written:,} lines in all, "
        f"in {time.perf_counter() - begun:.0f} s"
    )
