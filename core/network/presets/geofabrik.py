"""Geofabrik's shapefiles of OpenStreetMap roads (`gis_osm_roads_free_1`).

Source of the meanings: Geofabrik, « OpenStreetMap Data in Layered GIS Format », roads: `fclass`, `oneway` (B both, F as
drawn, T against), `maxspeed` in km/h (0 unknown), `layer`, `bridge` and `tunnel` (T or F). Lines are OpenStreetMap
ways, not cut at junctions: roads meet at every shared vertex.
"""

from __future__ import annotations

import numpy as np

from ..stress import stress
from .rules import (
    Fields,
    Rules,
    as_number,
    as_text,
    class_speeds,
    is_true,
    kind_of,
    level_of,
    not_understood,
    role,
    role_name,
)

AT_VERTICES = True

FIELDS = ("fclass", "oneway", "maxspeed", "layer", "bridge", "tunnel")

_LOCAL = ("residential", "living_street", "service", "unclassified", "unknown")


def recognises(names: set[str]) -> bool:
    """Whether lower-case field names are those of Geofabrik's roads."""
    return {"fclass", "oneway"} <= names


def read(fields: Fields, count: int, profile: str) -> Rules:
    """`oneway` binds cars and bikes; `maxspeed` is the speed of cars alone."""
    given = as_text(role(fields, ("oneway",)), count)
    oneway = given.map(lambda text: text.strip().upper(), "B", object)
    walks = profile == "foot"
    category = as_text(role(fields, ("fclass",)), count)
    speed = as_number(role(fields, ("maxspeed",)), count) if profile == "car" else np.full(count, np.nan)
    return Rules(
        category=category,
        speed=np.where(speed > 0, speed, np.nan),
        minutes=np.full(count, np.nan),
        forward=walks | (oneway != "T"),
        backward=walks | (oneway != "F"),
        notes=not_understood(given, lambda text: text.upper() in ("B", "F", "T", ""), "oneway"),
        level=level_of(
            as_number(role(fields, ("layer",)), count),
            as_text(role(fields, ("bridge",)), count).map(is_true, False, bool),
            as_text(role(fields, ("tunnel",)), count).map(is_true, False, bool),
        ),
        speed_field=role_name(fields, ("maxspeed",)) if profile == "car" else "",
        direction_field=role_name(fields, ("oneway",)),
        kind=kind_of(category),
    )


def levels(fields: Fields, count: int) -> np.ndarray:
    """(L, 2) u1 how stressful each way is by bike (`stress`), both ways alike: cycle lanes are not known."""
    category = as_text(role(fields, ("fclass",)), count)
    limit, usual = as_number(role(fields, ("maxspeed",)), count), class_speeds(category, "geofabrik")
    cars = np.where(np.isfinite(usual) & (limit > 0), limit, usual)
    nothing = np.zeros((count, 2), bool)
    return stress(nothing, nothing, category.map(lambda name: name in _LOCAL, False, bool), cars)
