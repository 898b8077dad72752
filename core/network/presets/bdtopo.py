"""BD TOPO of the IGN, table `troncon_de_route` (GeoPackage, Shapefile or PostGIS names).

Source of the meanings: IGN, « BD TOPO® Version 3.x, descriptif de contenu », class Tronçon de route. Roads are cut
at every junction at grade and only there, so roads meet at their ends and nowhere else.
"""

from __future__ import annotations

import numpy as np

from ..lines import Column
from .rules import Fields, Rules, as_number, as_text, is_true, kind_of, not_understood, role, role_name

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

_FORWARD_ONLY = "sens direct"
_BACKWARD_ONLY = "sens inverse"
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
