"""Fields of a layer of roads that look like speeds or directions, and what their values mean."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import numpy as np

from .lines import Column
from .presets.rules import Fields, as_number, as_text

FASTEST = 300.0
"""km/h: no road allows more; 999 and the like mean something else."""
_PLAUSIBLE = (3.0, 150.0)
_SPEED_NAMES = frozenset({
    "v", "vit", "vitesse", "vitessekmh", "vitessemoyenne", "vitessemoyennevl", "vitessemo", "vitmoy", "vitmoyvl",
    "vmoy", "vitessemax", "vitmax", "vmax", "vma", "vitesselimite", "vitesseautorisee", "limitevitesse", "kmh", "speed",
    "speedkmh", "speedlimit", "maxspeed", "maxspeedkmh", "freespeedkmh", "averagespeed", "avgspeed",
})  # fmt: skip
_DIRECTION_NAMES = frozenset({
    "oneway", "onewaydir", "sens", "sensunique", "sensdecirculation", "senscirculation", "sensdeci", "senscircu",
    "sensci", "direction", "dir", "dirtravel",
})  # fmt: skip
TRUE = frozenset(("1", "true", "vrai", "yes", "oui"))
FALSE = frozenset(("0", "false", "faux", "no", "non"))
FORWARD, BACKWARD, BOTH, UNKNOWN = 1, -1, 0, 2
_MEANINGS = {
    **dict.fromkeys((*TRUE, "ft", "forward", "direct", "sens direct"), FORWARD),
    **dict.fromkeys(("-1", "reverse", "tf", "backward", "inverse", "sens inverse", "indirect"), BACKWARD),
    **dict.fromkeys((*FALSE, "b", "both", "double", "double sens", "sans objet", "n", ""), BOTH),
}


class Recognised(NamedTuple):
    """Names of fields; empty where none looks right."""

    speed: str
    direction: str


def may_be_read(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``names`` that may be speeds or directions, by their name alone."""
    return tuple(name for name in names if _plain(name) in _SPEED_NAMES | _DIRECTION_NAMES)


def recognise(fields: Fields, count: int) -> Recognised:
    """The first field that is a speed (km/h) and the first that is a direction, by name and by what they hold."""
    speeds = (name for name in fields if _plain(name) in _SPEED_NAMES and _is_speed(as_number(fields[name], count)))
    directions = (
        name
        for name in fields
        if _plain(name) in _DIRECTION_NAMES and _is_direction(as_text(fields[name], count), name)
    )
    return Recognised(next(speeds, ""), next(directions, ""))


def meanings(labels: list[str], name: str) -> dict[str, int] | None:
    """What each of ``labels`` of the direction field ``name`` means, `UNKNOWN` included; None when they may mean two
    things.

    F and T are « from » and « to » in one usage (with B, or in a field named for a direction), false and true in
    another.
    """
    plain = {label: label.strip().casefold() for label in labels}
    says = dict(_MEANINGS)
    used = set(plain.values())
    if used & {"f", "t"}:
        if not (used & {"b", "ft", "tf"} or not _plain(name).startswith("oneway")):
            return None
        says.update(f=FORWARD, t=BACKWARD)
    if used & {"ft", "tf"}:
        del says["n"]  # closed both ways in that usage
    return {label: says.get(text, UNKNOWN) for label, text in plain.items()}


def _is_speed(values: np.ndarray) -> bool:
    known = values[np.isfinite(values) & (values > 0)]
    if len(known) == 0:
        return False
    return bool(((known >= _PLAUSIBLE[0]) & (known <= _PLAUSIBLE[1])).mean() > 0.95)


def _is_direction(column: Column, name: str) -> bool:
    used = [column.labels[code] for code in np.unique(column.code) if code >= 0]
    says = meanings(used, name)
    return bool(used) and says is not None and UNKNOWN not in says.values()


def _plain(name: str) -> str:
    """Letters alone, without accents or case."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", bare)
