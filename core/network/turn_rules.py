"""What sources say of forbidden turns: BD TOPO's `non_communication`, OpenStreetMap's `restriction` relations.

Source of the meanings: IGN, « BD TOPO® Version 3.x, descriptif de contenu », class Non-communication (from
`lien_vers_troncon_entree` one cannot go on to `liens_vers_troncon_sortie`, at this point); the OpenStreetMap wiki,
page Relation:restriction.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from osgeo import ogr

from ..travel_modes import FOOT
from .crs import project
from .errors import FieldMissing
from .lines import Column, TurnRules
from .osm_restrictions import read_restrictions
from .presets.rules import Fields, as_text, role, role_name
from .source import RoadSource, crs_of, field_names, is_osm, layer_names, opened
from .topology import Topology

TABLE = "non_communication"
IDENTIFIERS = ("cleabs", "osm_id", "id")
"""Fields that say which road a line is, for turns to name it."""
_COME, _GO = ("lien_ver", "id_tr_ent"), ("liens_ver", "id_tr_sor")
"""How the fields of `non_communication` begin, also where a Shapefile cuts their names, and in IGN's own Shapefiles."""


def rules_of_table(come: list, go: list, xy: np.ndarray, crs: str) -> TurnRules:
    """The rows of `non_communication`: texts (several are parted by “/”), positions (R, 2) in ``crs``."""
    several = [tuple(part for part in re.split(r"[/;,\s]+", str(text or "")) if part) for text in go]
    return TurnRules([str(text or "").strip() for text in come], several, np.zeros(len(come), bool), xy, crs)


def table_fields(names: tuple[str, ...]) -> tuple[str, str]:
    """The fields of a table of turn bans among ``names``: by which road one comes, by which one may not leave.

    Raises `FieldMissing`.
    """
    found = [next((name for name in names if name.lower().startswith(start)), "") for start in (_COME, _GO)]
    if not all(found):
        raise FieldMissing(
            "The table of turn bans has no fields “{fields}”. It has: {names}.",
            fields="lien_vers_troncon_entree, liens_vers_troncon_sortie",
            names=", ".join(names),
        )
    return found[0], found[1]


def rules_of(table: str, profile: str) -> TurnRules | None:
    """What the layer ``table`` says of turns. They bind those who drive or ride: None for those who walk.

    Raises `SourceUnreadable`, `FieldMissing`.
    """
    return None if profile == FOOT else _of_layer(RoadSource.parse(table))


def rules_beside(source: RoadSource, profile: str) -> TurnRules | None:
    """What is said of turns beside the roads of ``source``; None where nothing is. Raises `SourceUnreadable`."""
    if profile == FOOT:
        return None
    if is_osm(source.path):
        return TurnRules(*read_restrictions(Path(source.path), profile))
    beside = table_beside(source)
    return _of_layer(beside) if beside else None


def table_beside(source: RoadSource) -> RoadSource | None:
    """The layer `non_communication` of the same file, or of a file of that name in the same folder."""
    path = Path(source.path)
    if not path.is_file() or is_osm(source.path):
        return None
    for name in layer_names(source.path):
        if name.lower() == TABLE:
            return replace(source, layer=name, where="")
    for file in path.parent.glob(f"*{path.suffix}"):
        if file.stem.lower() == TABLE:
            return RoadSource(str(file), crs=source.crs)
    return None


def _of_layer(source: RoadSource) -> TurnRules:
    with opened(source) as layer:
        come, go = table_fields(field_names(layer))
        crs = source.crs or (crs_of(layer) if layer.GetGeomType() != ogr.wkbNone else "")
        rows = [(feature.GetField(come), feature.GetField(go), *_place(feature)) for feature in layer]
    xy = np.array([row[2:] for row in rows], float).reshape(-1, 2)
    return rules_of_table([row[0] for row in rows], [row[1] for row in rows], xy, crs)


def _place(feature: ogr.Feature) -> tuple[float, float]:
    shape = feature.GetGeometryRef()
    if shape is None or shape.IsEmpty():
        return np.nan, np.nan
    centre = shape.Centroid()
    return centre.GetX(), centre.GetY()


class Bans(NamedTuple):
    """The turns of `rules` in a network."""

    ban: np.ndarray
    """(B, 3) i8 link, node, link."""
    away: int
    """Rules about roads that are not in the network (or not for its profile)."""
    unclear: int
    """Rules whose roads do not meet, meet several times, or that name a sequence of roads: they are left out."""


def identifier(names: tuple[str, ...] | Fields) -> str:
    """The field that says which road a line is; empty when there is none."""
    return role_name(names, IDENTIFIERS)


def bans_of(rules: TurnRules, fields: Fields, lines: int, topology: Topology, crs: str) -> Bans:
    """The turns that ``rules`` forbid among the links of ``topology``, whose lines have ``fields``; metres of ``crs``.

    A rule holds at the one junction where both its roads end; of several, at the one it is placed at. Raises
    `FieldMissing` when no field says which road a line is.
    """
    if rules.come and not identifier(fields):
        raise FieldMissing(
            "The road layer has no field “{name}” by which the forbidden turns name roads. It has: {names}.",
            name="cleabs",
            names=", ".join(fields),
        )
    ends = _Ends(topology, as_text(role(fields, IDENTIFIERS), lines), rules)
    xy = project(rules.xy, rules.crs, crs) if rules.crs and np.isfinite(rules.xy).any() else rules.xy
    found: set[tuple[int, int, int]] = set()
    away = unclear = 0
    for come, go, only, where in zip(rules.come, rules.go, rules.only.tolist(), xy):
        if come not in ends.of or (go and not any(road in ends.of for road in go)):
            away += 1
            continue
        turns = [ends.turn(come, road, where) for road in go if road in ends.of]
        clear = [turn for turn in turns if turn is not None]
        if not turns or len(clear) < len(turns):
            unclear += 1
            continue
        found.update(ends.all_but(clear) if only else clear)
    ban = np.array(sorted(found), np.int64).reshape(-1, 3)
    return Bans(ban, away, unclear)


class _Ends:
    """The link ends of the roads that rules name."""

    _NEAR = 1.0
    """Metres between the place of a rule and its junction."""

    def __init__(self, topology: Topology, ids: Column, rules: TurnRules) -> None:
        self._topology = topology
        wanted = {*rules.come, *(road for roads in rules.go for road in roads)} - {""}
        named = np.array([label in wanted for label in ids.labels] + [False])
        links = np.flatnonzero(named[ids.code[topology.link_line]])
        self.of: dict[str, list[tuple[int, int]]] = {}
        """(link, node) of each end of each road."""
        for link in links.tolist():
            road = ids.labels[int(ids.code[topology.link_line[link]])]
            ends = self.of.setdefault(road, [])
            ends += [(link, int(topology.link_from[link])), (link, int(topology.link_to[link]))]

    def turn(self, come: str, go: str, where: np.ndarray) -> tuple[int, int, int] | None:
        """Link, node, link of the turn from one road to another; None where it is not clear which."""
        turns = [(a, node, b) for a, node in self.of[come] for b, other in self.of[go] if node == other]
        if come == go:
            turns = [(a, node, b) for a, node, b in turns if a == b]
        if len(turns) > 1 and np.isfinite(where).all():
            away = [float(np.hypot(*(self._topology.node_xy[node] - where))) for _, node, _ in turns]
            turns = [turn for turn, metres in zip(turns, away) if metres <= max(min(away), self._NEAR)]
        return turns[0] if len(set(turns)) == 1 else None

    def all_but(self, turns: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        """Every other turn of who comes as ``turns`` do."""
        come, node, _ = turns[0]
        topology = self._topology
        links = np.flatnonzero((topology.link_from == node) | (topology.link_to == node)).tolist()
        return [(come, node, link) for link in links if (come, node, link) not in turns]
