"""A small town, and what makes its layers dirty."""

from __future__ import annotations

import math
import random
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsPoint, QgsVectorLayer

ORIGIN = 700_000.0, 6_600_000.0
COLUMNS = "id:string,nom:string,categorie:string,horaires:string,poids:double,minutes:double"
SIDE = 6


def layer_of(kind: str, rows: list[tuple[QgsGeometry | None, list[Any]]], crs: str = "EPSG:2154") -> QgsVectorLayer:
    made = QgsVectorLayer("&".join([f"{kind}?", *(f"field={f}" for f in COLUMNS.split(","))]), kind, "memory")
    made.setCrs(QgsCoordinateReferenceSystem(crs))
    features = []
    for geometry, attributes in rows:
        feature = QgsFeature(made.fields())
        feature.setAttributes(attributes)
        if geometry is not None:
            feature.setGeometry(geometry)
        features.append(feature)
    made.dataProvider().addFeatures(features)
    return made


def _attributes(number: int) -> list[Any]:
    category = ("mairie", "pharmacie", "la_poste")[number % 3]
    return [f"n{number}", f"Lieu {number}", category, "Mo-Fr 09:00-12:00", 5.0 + number, 1.0]


def _square(column: int, row: int, size: float) -> QgsGeometry:
    x, y = ORIGIN[0] + size * column, ORIGIN[1] + size * row
    corners = f"{x} {y},{x + size} {y},{x + size} {y + size},{x} {y + size},{x} {y}"
    return QgsGeometry.fromWkt(f"POLYGON(({corners}))")


def rows_of(kind: str, count: int) -> list[tuple[QgsGeometry | None, list[Any]]]:
    """Rows of a square town: roads every 500 m, zones of 1 500 m, places anywhere in it."""
    chance = random.Random(f"{kind} {count}")
    far = 500.0 * SIDE
    if kind == "LineString":
        steps = [(c, r, dc) for c in range(SIDE + 1) for r in range(SIDE + 1) for dc in (0, 1)]
        ends = [(c, r, c + dc, r + 1 - dc) for c, r, dc in steps if c + dc <= SIDE and r + 1 - dc <= SIDE]
        texts = [
            f"LINESTRING({ORIGIN[0] + 500 * a} {ORIGIN[1] + 500 * b},{ORIGIN[0] + 500 * c} {ORIGIN[1] + 500 * d})"
            for a, b, c, d in ends
        ]
        return [(QgsGeometry.fromWkt(text), _attributes(number)) for number, text in enumerate(texts)]
    if kind == "Polygon":
        return [(_square(number % 2, number // 2, 1500.0), _attributes(number)) for number in range(4)]
    points = [(ORIGIN[0] + chance.uniform(0, far), ORIGIN[1] + chance.uniform(0, far)) for _ in range(count)]
    return [(QgsGeometry(QgsPoint(*xy)), _attributes(number)) for number, xy in enumerate(points)]


GEOMETRIES = (
    lambda geometry, chance: None,
    lambda geometry, chance: QgsGeometry(QgsPoint(math.nan, math.nan)),
    lambda geometry, chance: QgsGeometry(QgsPoint(math.inf, 0)),
    lambda geometry, chance: QgsGeometry(QgsPoint(1e300, -1e300)),
    lambda geometry, chance: QgsGeometry(QgsPoint(0, 0)),
    lambda geometry, chance: QgsGeometry.fromWkt("POLYGON EMPTY"),
    lambda geometry, chance: geometry.buffer(chance.choice([0.0, 1.0, 5000.0]), 3),
    lambda geometry, chance: QgsGeometry.fromWkt("POLYGON((0 0,10 10,10 0,0 10,0 0))"),
    lambda geometry, chance: QgsGeometry.fromWkt("CURVEPOLYGON(CIRCULARSTRING(0 0,5 5,10 0,5 -5,0 0))"),
    lambda geometry, chance: QgsGeometry.collectGeometry([geometry, geometry]),
)
NUMBERS = (None, math.nan, math.inf, -math.inf, 1e308, 5e-324, -1.0, 0.0, 2.0**62, "12,5", "abc", "")
TEXTS = (
    None,
    "",
    " ",
    "=cmd|' /C calc'!A0",
    "<b>x</b>",
    "[% 6*7 %]",
    "{{ 7*7 }}",
    "{name}",
    "%s",
    "a\nb\t'\"; DROP TABLE x;--",
    "é" * 3000,
    "🏠",
    "\u202e",
    "nan",
    "١٠",
    "-5",
    "5,10,15",
    "1e400",
    "../../x",
)
