"""A small town, and what makes its layers dirty."""

from __future__ import annotations

import math
import random
from datetime import date
from pathlib import Path
from typing import Any

from pyproj import Transformer
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPoint,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

ORIGIN = 700_000.0, 6_600_000.0
COLUMNS = (
    "id:string,nom:string,categorie:string,horaires:string,action:string,valeur:string,poids:double,minutes:double"
)
_OF_CORRECTIONS = "uuid type service_id duplicate_of changes commentaire preuve_url producteur version"
CORRECTION_COLUMNS = ",".join(f"{name}:string" for name in _OF_CORRECTIONS.split(" "))
SIDE = 6
DAY = date(2026, 12, 8)
"""A Tuesday on which the buses of the town run."""

Row = tuple["QgsGeometry | None", list[Any]]


def layer_of(kind: str, rows: list[Row], crs: str = "EPSG:2154", columns: str = COLUMNS) -> QgsVectorLayer:
    made = QgsVectorLayer("&".join([f"{kind}?", *(f"field={f}" for f in columns.split(","))]), kind, "memory")
    return _filled(made, rows, crs)


def with_rows(layer: QgsVectorLayer, rows: list[Row], crs: str) -> QgsVectorLayer:
    """A layer of the same columns with other rows."""
    made = QgsVectorLayer(QgsWkbTypes.displayString(layer.wkbType()), layer.name(), "memory")
    made.dataProvider().addAttributes(list(layer.fields()))
    made.updateFields()
    return _filled(made, rows, crs)


def _filled(made: QgsVectorLayer, rows: list[Row], crs: str) -> QgsVectorLayer:
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
    return [f"n{number}", f"Lieu {number}", category, "Mo-Fr 09:00-12:00", "vitesse", "30", 5.0 + number, 1.0]


def _square(column: int, row: int, size: float) -> QgsGeometry:
    x, y = ORIGIN[0] + size * column, ORIGIN[1] + size * row
    corners = f"{x} {y},{x + size} {y},{x + size} {y + size},{x} {y + size},{x} {y}"
    return QgsGeometry.fromWkt(f"POLYGON(({corners}))")


def saved(layer: QgsVectorLayer, path: Path) -> str:
    """The layer as a GeoPackage at ``path``."""
    QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(path), layer.transformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    return str(path)


def stops() -> list[tuple[str, float, float]]:
    """Name, longitude and latitude of the bus stops: along the diagonal of the town."""
    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True).transform
    places = [(ORIGIN[0] + 500.0 * step, ORIGIN[1] + 500.0 * step) for step in range(SIDE + 1)]
    return [(f"s{number}", *to_degrees(*xy)) for number, xy in enumerate(places)]


def correction_rows(count: int) -> list[Row]:
    """Corrections as `matchservices` proposes them."""
    changes = '{"nom": {"old": "a", "new": "b"}}'
    return [
        (
            QgsGeometry.fromWkt("POINT(3.5 44.5)"),
            [f"00000000-0000-4000-8000-{n:012d}", "modification", f"s{n}", "", changes, "c", "", "dila", "v"],
        )
        for n in range(count)
    ]


def rows_of(kind: str, count: int) -> list[Row]:
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
