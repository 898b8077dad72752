"""OpenStreetMap ways, through GDAL's OSM driver or any layer that keeps its keys as fields or in `other_tags`.

Source of the meanings: the OpenStreetMap wiki, pages Key:highway, Key:maxspeed, Default speed limits (France),
Key:oneway, Key:junction, Key:access, Tag:route=ferry. Ways are not cut at junctions: roads meet at every shared vertex.
Barriers on nodes are not in the lines and are left out; turn restrictions are read apart (`osm_restrictions`).
"""

from __future__ import annotations

import re
from typing import Callable

import numpy as np

from ...messages import Message, msg
from ...travel_modes import BIKE, CAR
from ..lines import Column
from ..stress import stress
from .rules import (
    AT_SEA,
    NO_STOPPING,
    UNSAID,
    Fields,
    Rules,
    as_text,
    class_speeds,
    is_true,
    kind_of,
    level_of,
    not_understood,
    parse_number,
    role,
)

AT_VERTICES = True

_KEYS = (
    "highway",
    "route",
    "junction",
    "oneway",
    "oneway:bicycle",
    "oneway:foot",
    "cycleway",
    "cycleway:both",
    "cycleway:left",
    "cycleway:right",
    "cycleway:left:oneway",
    "cycleway:right:oneway",
    "bicycle_road",
    "cyclestreet",
    "maxspeed",
    "maxspeed:forward",
    "maxspeed:backward",
    "maxspeed:type",
    "source:maxspeed",
    "zone:maxspeed",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "bicycle",
    "foot",
    "motorroad",
    "duration",
    "layer",
    "bridge",
    "tunnel",
    "area",
)
FIELDS = (*_KEYS, *(key.replace(":", "_") for key in _KEYS if ":" in key), "other_tags")

KMH_PER_MPH = 1.609344
KMH_PER_KNOT = 1.852
# Code de la route, art. R413-2 and R413-3: what an implicit limit means in France.
IMPLICIT = {
    "urban": 50.0,
    "rural": 80.0,
    "trunk": 110.0,
    "motorway": 130.0,
    "living_street": 20.0,
    "zone20": 20.0,
    "zone:20": 20.0,
    "zone30": 30.0,
    "zone:30": 30.0,
    "20": 20.0,
    "30": 30.0,
    "nsl_single": 80.0,
    "walk": 6.0,
}
_NO_LIMIT = 130.0
_NO_NUMBER = ("signals", "variable", "")

_OPEN = {"yes", "permissive", "designated", "destination", "customers", "official", "public", "permit", "residents"}
_CLOSED = {
    "no", "private", "agricultural", "forestry", "delivery", "military", "emergency", "use_sidepath", "discouraged",
    "service", "bus", "psv", "dismount", "restricted",
}  # fmt: skip
_ACCESS_KEYS = {
    "car": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "bike": ("bicycle", "vehicle", "access"),
    "foot": ("foot", "access"),
}
_MODES = ("motorcar", "motor_vehicle", "vehicle", "bicycle", "foot")
_ONEWAY_BY_NATURE = ("motorway",)
_REVERSIBLE = "reversible"
_LOCAL = ("residential", "living_street", "service", "unclassified", "track")
_OPPOSITE = ("cycleway", "cycleway:left", "cycleway:right")
"""Keys that may say that bikes ride against the cars."""
_TRACKS = ("track", "separate", "opposite_track")
_LANES = ("lane", "opposite_lane", "share_busway", "opposite_share_busway")


def recognises(names: set[str]) -> bool:
    """Whether lower-case field names are OpenStreetMap's keys."""
    return "highway" in names and bool(names & {"oneway", "other_tags"})


def read(fields: Fields, count: int, profile: str) -> Rules:
    """Keys of OpenStreetMap as one profile obeys them."""
    tags = _Tags(fields, count)
    ferry = tags.has("route", "ferry")
    category = _category(tags.text("highway"), ferry)
    open_ = _open(tags, profile, ferry) & ~(tags.yes("area") & ~ferry)
    forward, backward = _directions(tags, profile)
    speed, against = _speeds(tags) if profile == "car" else (np.full(count, np.nan), None)
    return Rules(
        category=category,
        notes=_notes(tags, profile, open_),
        speed=np.where(ferry, np.nan, speed),
        against=None if against is None else np.where(ferry, np.nan, against),
        speed_field="maxspeed" if profile == "car" else "",
        direction_field="oneway",
        minutes=np.where(ferry, tags.map("duration", parse_duration, np.nan, np.float64), np.nan),
        forward=open_ & forward,
        backward=open_ & backward,
        level=level_of(
            tags.map("layer", parse_number, np.nan, np.float64),
            tags.map("bridge", lambda text: text not in ("no", ""), False, bool),
            tags.map("tunnel", lambda text: text not in ("no", ""), False, bool),
        ),
        kind=_kind(tags, category, ferry),
    )


def levels(fields: Fields, count: int) -> np.ndarray:
    """(L, 2) u1 how stressful each way is by bike, as drawn and against (`stress`); cars keep to the right."""
    tags = _Tags(fields, count)
    ferry = tags.has("route", "ferry")
    category = _category(tags.text("highway"), ferry)
    # Who rides meets the cars of the ways that are open to them, the faster ones where limits differ.
    ways = np.array(_directions(tags, CAR))
    limit = np.fmax(*np.where(ways | ~ways.any(axis=0), _speeds(tags), np.nan))
    cars = np.where(limit > UNSAID, limit, class_speeds(category, "osm"))
    calm = tags.yes("bicycle_road") | tags.yes("cyclestreet")
    cars = np.where(calm, np.minimum(cars, IMPLICIT["zone30"]), cars)
    driven = _open(tags, CAR, ferry) & np.isfinite(class_speeds(category, "osm"))
    return stress(
        _beside(tags, _TRACKS),
        _beside(tags, _LANES),
        calm | tags.has("highway", *_LOCAL),
        np.where(driven, cars, np.nan),
    )


def _beside(tags: _Tags, values: tuple[str, ...]) -> np.ndarray:
    """(L, 2) bool: a cycleway of these kinds is there for who rides as drawn, and against.

    What is on the right of the drawing is for who rides as drawn, on the left against, unless bikes go one way only or
    `cycleway:…:oneway` says “no” or “-1”. A `cycleway` without a side is for who rides with the cars.
    """
    contraflow = [value for value in values if value.startswith("opposite")]
    kinds = [value for value in values if value not in contraflow]
    with_cars, bikes = (np.column_stack(_directions(tags, profile)) for profile in (CAR, BIKE))
    there = (tags.has("cycleway", *kinds)[:, None] & with_cars) | tags.has("cycleway:both", *kinds)[:, None]
    opposite = np.logical_or.reduce([tags.has(key, *contraflow) for key in _OPPOSITE])
    there |= opposite[:, None] & ~with_cars
    for column, side in enumerate(("right", "left")):
        here, way = tags.has(f"cycleway:{side}", *kinds), f"cycleway:{side}:oneway"
        turned, both = tags.map(way, _oneway, 0, np.int8) < 0, tags.has(way, "no")
        both |= ~turned & (bikes[:, 0] != bikes[:, 1])  # the way that is closed to bikes does not matter
        side_of = np.where(turned, 1, column)
        there |= here[:, None] & (both[:, None] | (np.arange(2) == side_of[:, None]))
    return there


def parse_speed(text: str) -> float:
    """km/h of a `maxspeed` value: plain numbers, mph, knots, `none`, `walk`, implicit values (``FR:urban``); the lowest
    of several; NaN when it says nothing (`signals`, `variable`)."""
    speeds = [_one_speed(part) for part in re.split(r"[;|,]", text) if part.strip()]
    known = [speed for speed in speeds if np.isfinite(speed) and speed > 0]
    return min(known) if known else np.nan


def _one_speed(text: str) -> float:
    text = text.strip().lower()
    if text == "none":
        return _NO_LIMIT
    number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?", text)
    if number:
        return float(number[1]) * {"mph": KMH_PER_MPH, "knots": KMH_PER_KNOT}.get(number[2] or "", 1.0)
    country, _, kind = text.rpartition(":") if not text.startswith("fr:") else ("fr", ":", text[3:])
    return IMPLICIT.get(kind, np.nan) if country in ("fr", "") else np.nan


def parse_duration(text: str) -> float:
    """Minutes of a `duration` value: ``mm``, ``hh:mm``, ``hh:mm:ss`` or ISO 8601 (``PT1H30M``); NaN otherwise."""
    text = text.strip().upper()
    clock = re.fullmatch(r"(\d+):(\d{1,2})(?::(\d{1,2}))?", text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60
    iso = re.fullmatch(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text)
    if iso and any(iso.groups()):
        days, hours, minutes, seconds = (int(value or 0) for value in iso.groups())
        return days * 1440 + hours * 60 + minutes + seconds / 60
    return parse_number(text)


class _Tags:
    """The keys of ways, from fields of their own or from `other_tags`."""

    def __init__(self, fields: Fields, count: int) -> None:
        self._fields = fields
        self._count = count
        other = role(fields, ("other_tags",))
        self._other = as_text(other, count) if other is not None else None
        self._parsed = [parse_hstore(label) for label in self._other.labels] if self._other else []

    def text(self, key: str) -> Column:
        own = as_text(role(self._fields, (key, key.replace(":", "_"))), self._count)
        if self._other is None or (own.code >= 0).all():
            return own
        given = Column.of([tags.get(key) for tags in self._parsed])
        code = np.append(given.code, np.int32(-1))[self._other.code]
        code = np.where(code >= 0, code + len(own.labels), -1)
        return Column(np.where(own.code >= 0, own.code, code).astype(np.int32), own.labels + given.labels)

    def map(self, key: str, function: Callable, missing: object, dtype: object) -> np.ndarray:
        return self.text(key).map(lambda text: function(text.strip().lower()), missing, dtype)

    def has(self, key: str, *values: str) -> np.ndarray:
        return self.map(key, lambda text: text in values, False, bool)

    def yes(self, key: str) -> np.ndarray:
        return self.map(key, is_true, False, bool)

    def given(self, key: str) -> np.ndarray:
        return self.map(key, bool, False, bool)


def parse_hstore(text: str) -> dict[str, str]:
    """The keys and values of GDAL's `other_tags` (``"a"=>"b","c"=>"d"``)."""
    pairs = re.findall(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"', text)
    return {re.sub(r"\\(.)", r"\1", key): re.sub(r"\\(.)", r"\1", value) for key, value in pairs}


def _category(highway: Column, ferry: np.ndarray) -> Column:
    labels = [*highway.labels, "ferry"]
    return Column(np.where(ferry & (highway.code < 0), len(labels) - 1, highway.code).astype(np.int32), labels)


def _open(tags: _Tags, profile: str, ferry: np.ndarray) -> np.ndarray:
    """The most specific access key that is present decides; a ferry that names other modes alone is not for cars."""
    undecided = np.ones(len(ferry), bool)
    open_ = np.ones(len(ferry), bool)
    for key in _ACCESS_KEYS[profile]:
        says = tags.map(key, lambda text: 1 if text in _OPEN else -1 if text in _CLOSED else 0, 0, np.int8)
        open_[undecided & (says < 0)] = False
        undecided &= says == 0
    if profile == "car":
        named = np.logical_or.reduce([tags.given(mode) for mode in _MODES])
        open_ &= ~(ferry & undecided & named)
    elif profile in ("foot", "bike"):
        open_ &= ~(undecided & tags.yes("motorroad"))
    return open_


def _kind(tags: _Tags, category: Column, ferry: np.ndarray) -> np.ndarray:
    """Trunk roads that one may not walk along are as motorways: they have no doors."""
    express = tags.has("highway", "trunk", "trunk_link") & (tags.yes("motorroad") | tags.has("foot", "no"))
    kind = np.where(express, NO_STOPPING, kind_of(category))
    return np.where(ferry, AT_SEA, kind).astype(np.uint8)


def _directions(tags: _Tags, profile: str) -> tuple[np.ndarray, np.ndarray]:
    says = tags.map("oneway", _oneway, 0, np.int8)
    implied = tags.has("junction", "roundabout", "circular") | tags.has("highway", *_ONEWAY_BY_NATURE)
    says = np.where((says == 0) & implied & ~tags.has("oneway", "no", "false", "0"), 1, says)
    turning = tags.has("oneway", _REVERSIBLE)
    if profile == "foot":
        says = tags.map("oneway:foot", _oneway, 0, np.int8)
        turning = tags.has("oneway:foot", _REVERSIBLE)
    elif profile == "bike":
        own = tags.map("oneway:bicycle", _oneway, 0, np.int8)
        contraflow = [tags.map(key, lambda text: text.startswith("opposite"), False, bool) for key in _OPPOSITE]
        against = np.logical_or.reduce([tags.has("oneway:bicycle", "no"), *contraflow])
        says = np.where(tags.given("oneway:bicycle"), own, np.where(against, 0, says))
        turning &= ~against & ~tags.given("oneway:bicycle")
    return (says >= 0) & ~turning, (says <= 0) & ~turning


def _oneway(text: str) -> int:
    if text in ("yes", "true", "1"):
        return 1
    return -1 if text in ("-1", "reverse") else 0


def _notes(tags: _Tags, profile: str, open_: np.ndarray) -> tuple[Message, ...]:
    """What to say of limits and directions that are not understood, or understood in a way that must be known."""

    def is_limit(text: str) -> bool:
        return text in _NO_NUMBER or parse_speed(text) > 0

    limits = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
    notes = [note for key in limits for note in not_understood(tags.text(key), is_limit, key)]
    if profile == "foot":
        return tuple(notes)
    known = ("yes", "true", "1", "-1", "reverse", "no", "false", "0", "", _REVERSIBLE, "alternating")
    notes += not_understood(tags.text("oneway"), lambda text: text.lower() in known, "oneway")
    turning = int((tags.has("oneway", _REVERSIBLE) & open_).sum())
    if turning:
        notes.append(
            msg(
                "{count} road changes its direction with the hour (oneway=reversible): it is closed here."
                "|{count} roads change their direction with the hour (oneway=reversible): they are closed here.",
                count=turning,
            )
        )
    return tuple(notes)


def _speeds(tags: _Tags) -> tuple[np.ndarray, np.ndarray]:
    """km/h along the drawing and against it; `maxspeed:forward` and `maxspeed:backward` come before `maxspeed`.

    NaN where nothing is said of a way; `UNSAID` against the drawing where something is said of the other way.
    """
    both = _speed(tags)
    along, against = (tags.map(f"maxspeed:{way}", parse_speed, np.nan, float) for way in ("forward", "backward"))
    along, against = np.where(np.isfinite(along), along, both), np.where(np.isfinite(against), against, both)
    return along, np.where(np.isnan(against) & np.isfinite(along), UNSAID, against)


def _speed(tags: _Tags) -> np.ndarray:
    speed = tags.map("maxspeed", parse_speed, np.nan, np.float64)
    for key in ("maxspeed:type", "zone:maxspeed", "source:maxspeed"):
        speed = np.where(np.isfinite(speed), speed, tags.map(key, parse_speed, np.nan, np.float64))
    return speed
