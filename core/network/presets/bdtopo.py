"""BD TOPO of the IGN, table `troncon_de_route` (GeoPackage, Shapefile or PostGIS names).

Source of the meanings: IGN, « BD TOPO® Version 3.x, descriptif de contenu », class Tronçon de route. Roads are cut
at every junction at grade and only there, so roads meet at their ends and nowhere else.
"""

from __future__ import annotations

import numpy as np

from ...travel_modes import CAR
from ..lines import Column
from ..stress import stress
from .rules import (
    Fields,
    Rules,
    as_number,
    as_text,
    class_speeds,
    is_true,
    kind_of,
    not_understood,
    role,
    role_name,
)

AT_VERTICES = False

_NATURE = ("nature",)
_DIRECTION = ("sens_de_circulation", "sens_de_ci", "sens_circu", "sens")
_SPEED = ("vitesse_moyenne_vl", "vitesse_mo", "vit_moy_vl")
_ACCESS_CAR = ("acces_vehicule_leger", "acces_vehi", "acces_vl")
_ACCESS_FOOT = ("acces_pieton", "acces_piet", "acces_ped")
_LEVEL = ("position_par_rapport_au_sol", "position_p", "pos_sol")
_STATE = ("etat_de_l_objet", "etat_de_l_", "etat")
_PRIVATE = ("prive",)
_URBAN = ("urbain",)

FIELDS = _NATURE + _DIRECTION + _SPEED + _ACCESS_CAR + _ACCESS_FOOT + _LEVEL + _STATE + _PRIVATE + _URBAN

_IMPORTANCE = ("importance",)
_LANE = ("bande_cyclable", "bande_cycl")
_SIDES = (
    ("amenagement_cyclable_droit", "sens_amenagement_cyclable_droit"),
    ("amenagement_cyclable_gauche", "sens_amenagement_cyclable_gauche"),
)
STRESS_FIELDS = _IMPORTANCE + _LANE + _SIDES[0] + _SIDES[1]
_LOCAL = ("5", "6")
_TRACKS = ("piste cyclable", "voie verte")
_LANES = ("bande cyclable", "aménagement mixte hors voie verte")

_FORWARD_ONLY = "sens direct"
_BACKWARD_ONLY = "sens inverse"
_NOTHING = ("sans objet", "inconnu", "non", "aucune", "")
_DIRECTIONS = (_FORWARD_ONLY, _BACKWARD_ONLY, "double sens", "sans objet", "inconnu", "")
_CLOSED = ("physiquement impossible", "restreint aux ayants droit")
_IN_SERVICE = ("en service", "")
_NO_SPEED = 1.0
"""km/h that `vitesse_moyenne_vl` has where nobody drives, or nobody knows: 0 and 1."""
URBAN_DELAY = 5.0 / 60
"""Minutes that IGN's own car cost adds to each section in a town."""


def recognises(names: set[str]) -> bool:
    """Whether lower-case field names are those of `troncon_de_route`."""
    return "nature" in names and bool(names & set(_DIRECTION)) and bool(names & set(_SPEED + _ACCESS_CAR))


def read(fields: Fields, count: int, profile: str) -> Rules:
    """Directions bind cars and bikes; `vitesse_moyenne_vl` is the speed of cars alone."""
    nature = as_text(role(fields, _NATURE), count)
    direction = as_text(role(fields, _DIRECTION), count)
    open_ = _open(fields, count, profile)
    walks = profile == "foot"
    forward = open_ & (walks | ~_is(direction, _BACKWARD_ONLY))
    backward = open_ & (walks | ~_is(direction, _FORWARD_ONLY))
    speed = as_number(role(fields, _SPEED), count) if profile == "car" else np.full(count, np.nan)
    return Rules(
        category=nature,
        speed=np.where(speed > _NO_SPEED, speed, np.nan),
        minutes=np.full(count, np.nan),
        forward=forward,
        backward=backward,
        notes=not_understood(direction, lambda text: text.lower() in _DIRECTIONS, _DIRECTION[0]),
        level=_levels(as_number(role(fields, _LEVEL), count)),
        speed_field=role_name(fields, _SPEED) if profile == "car" else "",
        direction_field=role_name(fields, _DIRECTION),
        kind=kind_of(nature),
    )


def levels(fields: Fields, count: int) -> np.ndarray:
    """(L, 2) u1 how stressful each section is by bike, as drawn and against (`stress`).

    The speed of cars is `vitesse_moyenne_vl`, else that of the class; local roads are those of `importance` 5 and 6.
    """
    nature, speed = as_text(role(fields, _NATURE), count), as_number(role(fields, _SPEED), count)
    cars = np.where(speed > _NO_SPEED, speed, class_speeds(nature, "bdtopo"))
    cars[~np.isfinite(class_speeds(nature, "bdtopo")) | ~_open(fields, count, CAR)] = np.nan
    lane = _ways(as_text(role(fields, _LANE), count), unsaid=True)
    apart, beside = (_sides(fields, count, kinds) for kinds in (_TRACKS, _LANES))
    local = _is(as_text(role(fields, _IMPORTANCE), count), *_LOCAL)
    return stress(apart, beside | lane, local, cars)


def _sides(fields: Fields, count: int, kinds: tuple[str, ...]) -> np.ndarray:
    """(L, 2) bool: whether there is something of these kinds for who rides as drawn, and against.

    Its own direction says for whom; else what is on the right is for who rides as drawn, on the left against, and on
    either side of a one-way section for who may ride there.
    """
    there = np.zeros((count, 2), bool)
    one_way = _is(as_text(role(fields, _DIRECTION), count), _FORWARD_ONLY, _BACKWARD_ONLY)
    for side, (kind, way) in enumerate(_SIDES):
        here = _is(as_text(role(fields, (kind,)), count), *kinds)
        said = _ways(as_text(role(fields, (way,)), count))
        usual = one_way[:, None] | (np.arange(2) == side)
        there |= here[:, None] & np.where(said.any(axis=1)[:, None], said, usual)
    return there


def _ways(column: Column, unsaid: bool = False) -> np.ndarray:
    """(L, 2) bool: whether a direction is that of the drawing, and the opposite one.

    ``unsaid``: of both ways are other texts too, unless they mean that there is nothing.
    """
    nothing = (_FORWARD_ONLY, _BACKWARD_ONLY, *_NOTHING)
    both = _is(column, "double sens")
    if unsaid:
        both |= column.map(lambda label: label.strip().lower() not in nothing, False, bool)
    return np.column_stack((both | _is(column, _FORWARD_ONLY), both | _is(column, _BACKWARD_ONLY)))


def with_ign_cost(rules: Rules, fields: Fields, count: int) -> Rules:
    """The cars' rules of IGN's own route service: sections without a speed are closed, each in a town costs 5 s more.

    Source: IGNF, route-graph-generator, costs of the profile `car`.
    """
    known = np.isfinite(rules.speed)
    urban = as_text(role(fields, _URBAN), count).map(is_true, False, bool)
    return rules._replace(
        forward=rules.forward & known, backward=rules.backward & known, delay=np.where(urban, URBAN_DELAY, 0.0)
    )


def _levels(values: np.ndarray) -> np.ndarray:
    """`position_par_rapport_au_sol` runs from -4 to 4; anything else says nothing."""
    return np.where(np.abs(values) <= 9, values, 0).astype(np.int32)


def _open(fields: Fields, count: int, profile: str) -> np.ndarray:
    state = as_text(role(fields, _STATE), count)
    open_ = state.map(lambda label: label.strip().lower() in _IN_SERVICE, True, bool)
    access = as_text(role(fields, _ACCESS_FOOT if profile == "foot" else _ACCESS_CAR), count)
    if profile != "bike":
        open_ &= ~_is(access, *_CLOSED)
    private = role(fields, _PRIVATE)
    if private is not None:
        open_ &= ~as_text(private, count).map(is_true, False, bool)
    return open_


def _is(column: Column, *texts: str) -> np.ndarray:
    return column.map(lambda label: label.strip().lower() in texts, False, bool)
