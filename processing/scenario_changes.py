"""« Ce que le scénario change », as a table: places, from where to where and with which hours; roads and their length.

The panel, `comparescenarios` and the report have the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
from shapely.geometry.base import BaseGeometry

from ..core.access.zones import zone_of_points
from ..core.network.change import OPEN, SPEED
from ..core.siting.changes import CLOSED, OPENED, RoadChange, RoadsChanged, ServiceSite, SiteChanged
from ..i18n import number, tr
from .attributes import as_number, as_text, or_null
from .styling import apply_style
from .styling.columns import scenario_changes
from .styling.renderers import category_label
from .table import make_fields

PLACE, ROAD = "lieu", "route"
COLUMNS = (
    ("objet", "text"),
    ("changement", "text"),
    ("nom", "text"),
    ("categorie", "text"),
    ("lieu_avant", "text"),
    ("lieu_apres", "text"),
    ("distance_m", "float"),
    ("horaires_avant", "text"),
    ("horaires_apres", "text"),
    ("valeur", "text"),
    ("troncons", "float"),
    ("minutes_avant", "float"),
    ("minutes_apres", "float"),
)
MINUTES = tuple(f"minutes_{way}_{moment}" for moment in ("avant", "apres") for way in ("direct", "inverse"))
"""Columns of the roads that change, as `changenetwork` names them: as drawn and against, before and after."""
Link = tuple[QgsGeometry, str, str, Sequence[float]]
"""A link that changes: its line in metres, the action, its value, and the minutes of `MINUTES`, NaN for none."""
Where = Callable[[float, float], str]
"""The name of the zone that a position lies in, empty for none."""


def zone_names(names: Sequence[str], polygons: Sequence[BaseGeometry | None]) -> Where:
    """Where positions are, in the CRS of the polygons."""

    def where(x: float, y: float) -> str:
        if not np.isfinite((x, y)).all():
            return ""
        row = int(zone_of_points(np.array([[x, y]]), polygons)[0])
        return names[row] if row >= 0 else ""

    return where


def place_of(feature: QgsFeature, x: float, y: float, category: str = "") -> ServiceSite:
    """A row of a layer of services, at a position in metres."""
    known = set(feature.fields().names())
    said = {name: as_text(feature[name]) if name in known else "" for name in ("id", "nom", "categorie", "horaires")}
    return ServiceSite(said["id"], said["nom"], said["categorie"] or category, said["horaires"], x, y)


def road_changes(links: Iterable[Link], where: Where) -> list[RoadChange]:
    """What becomes of links, and where they are.

    A link that several changes act on is as before the first of them, and as after the last.
    """
    found: dict[bytes, RoadChange] = {}
    for line, action, value, minutes in links:
        middle = line.interpolate(line.length() / 2).asPoint()
        before, after = (_quicker(minutes[side : side + 2]) for side in (0, 2))
        key = line.asWkb().data()
        before = found[key].before if key in found else before
        found[key] = RoadChange(action, value, where(middle.x(), middle.y()), line.length(), before, after)
    return list(found.values())


def link_of(feature: QgsFeature, line: QgsGeometry) -> Link:
    """A row of the layer `AFFECTED` of `changenetwork`, for `road_changes`; the line in metres."""
    action, value = (as_text(feature[name]) for name in ("action", "valeur"))
    return line, action, value, [as_number(feature[name]) for name in MINUTES]


def rows_of(places: Iterable[SiteChanged], roads: Iterable[RoadsChanged], where: Where) -> list[list[Any]]:
    """The rows of the table, places first."""
    return [*(_place_row(change, where) for change in places), *map(_road_row, roads)]


class InWords(NamedTuple):
    """A row of the table as people read it."""

    what: str
    before: str
    after: str


def in_words(row: Sequence[Any]) -> InWords:
    """« Déplacé : Mairie de Corte », from a commune and hours to others; « Route fermée : Corte, 1 240 m »."""
    said = dict(zip((name for name, _kind in COLUMNS), row))
    change = scenario_changes().get(said["changement"], str(said["changement"]))
    metres = tr("{metres} m").format(metres=number(said["distance_m"] or 0.0))
    if said["objet"] == ROAD:
        about = ", ".join(filter(None, (said["lieu_avant"], metres)))
        speed = tr("{speed} km/h").format(speed=said["valeur"]) if said["changement"] in (SPEED, OPEN) else ""
        minutes = [_minutes(said[f"minutes_{moment}"]) for moment in ("avant", "apres")]
        after = ", ".join(filter(None, (minutes[1], speed)))
        return InWords(tr("{change}: {what}").format(change=change, what=about), minutes[0], after)
    label = category_label(said["categorie"]) if said["categorie"] else tr("the services")
    name = f"{said['nom']} ({label})" if said["nom"] and said["nom"] != label else label
    hours = [said["horaires_avant"], said["horaires_apres"]]
    shown = hours if hours[0] != hours[1] else ["", ""]
    moved = metres if said["distance_m"] else ""
    unknown = tr("no hours known") if any(shown) and said["changement"] not in (CLOSED, OPENED) else ""
    before = tr("; ").join(filter(None, (said["lieu_avant"], shown[0] or unknown)))
    after = tr("; ").join(filter(None, (said["lieu_apres"], moved, shown[1] or unknown)))
    return InWords(tr("{change}: {what}").format(change=change, what=name), before, after)


def _minutes(value: float | None) -> str:
    return "" if value is None else tr("{minutes} min").format(minutes=number(value, 1))


def changes_layer(rows: Iterable[list[Any]]) -> QgsVectorLayer:
    """The table in memory."""
    layer = QgsVectorLayer("None", tr("What the scenario changes"), "memory")
    layer.dataProvider().addAttributes(make_fields(*COLUMNS).toList())
    layer.updateFields()
    features = []
    for row in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(row)
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    apply_style(layer, "changes")
    return layer


def _place_row(change: SiteChanged, where: Where) -> list[Any]:
    before, after = change.before, change.after
    zones = [where(place.x, place.y) or None if place is not None else None for place in (before, after)]
    hours = [place.hours or None if place is not None else None for place in (before, after)]
    metres = change.metres if before is not None and after is not None else None
    return [
        PLACE,
        change.kind,
        change.site.name or None,
        change.site.category or None,
        *zones,
        metres,
        *hours,
        *[None] * 4,
    ]


def _road_row(change: RoadsChanged) -> list[Any]:
    where, minutes = change.where or None, (or_null(change.before), or_null(change.after))
    about = [change.value or None, float(change.links), *minutes]
    return [ROAD, change.action, None, None, where, where, change.metres, None, None, *about]


def _quicker(minutes: Sequence[float]) -> float:
    finite = [value for value in minutes if np.isfinite(value)]
    return min(finite, default=float("nan"))
