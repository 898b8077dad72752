"""How the roads of a network were read: a short text that only a choice changes, never an edition, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from ..messages import Message, msg
from ..travel_modes import CAR, FOOT
from .recognised import BACKWARD, BOTH, FORWARD, meanings
from .travel import BuildOptions

_BETWEEN = "; "
_NONE = "-"
_DEFAULTS = asdict(BuildOptions())
_PRESETS = {"bdtopo": "BD TOPO", "osm": "OpenStreetMap", "geofabrik": "OpenStreetMap (Geofabrik)"}
_WITH = {
    "speed": msg("speeds of the column {value}"),
    "minutes": msg("minutes of the column {value}"),
    "direction": msg("directions of the column {value}"),
    "values": msg("values of directions {value}"),
    "classes": msg("own speeds by class: {value}"),
    "default": msg("{value} km/h where nothing says the speed"),
    "tolerance": msg("ends within {value} m joined"),
    "ign_cost": msg("IGN's own cost"),
    "slopes": msg("slower on slopes"),
    "stress": msg("riders accept stress {value} at most"),
    "hour": msg("speeds of {value}"),
}
_WITHOUT = {"speed": msg("no column of speeds"), "direction": msg("no column of directions")}


def reading_of(report: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
    """Of a network, by its report and the `BuildOptions` that made it, both as its file keeps them.

    The same for a layer and for the file made from it; neither files, editions nor the profile are in it. Empty where
    nothing says the options: networks of versions that did not keep them.
    """
    if not kept:
        return ""
    options = {**_DEFAULTS, **kept}
    fields = report["fields"]
    no_speed = options["profile"] == CAR and not (fields["speed"] or fields["cost"])
    no_direction = options["profile"] != FOOT and not fields["direction"]
    said = {
        "speed": options["speed_field"].lower() or (_NONE if no_speed else ""),
        "minutes": options["cost_field"].lower(),
        "direction": options["direction_field"].lower() or (_NONE if no_direction else ""),
        "values": _odd_values(options),
        "classes": _pairs(options["speeds"]),
        "default": _unusual(options, "default_speed"),
        "tolerance": _unusual(options, "tolerance"),
        "ign_cost": "yes" if options["ign_cost"] else "",
        "slopes": "yes" if options["slopes"] else "",
        "stress": _unusual(options, "max_stress"),
        "hour": _hour(options),
    }
    return _BETWEEN.join([report["preset"], *(f"{name}={value}" for name, value in said.items() if value)])


def reading_in_words(reading: str) -> list[Message | str]:
    """What is said of a text of `reading_of`, part by part; a part of a later version as it stands."""
    if not reading:
        return [msg("way of reading the roads not said")]
    preset, *parts = reading.split(_BETWEEN)
    said: list[Message | str] = []
    if preset in _PRESETS:
        said.append(msg("roads of {source}", source=_PRESETS[preset]))
    elif not parts:
        said.append(msg("roads of no known model"))
    for part in parts:
        name, _equals, value = part.partition("=")
        words = _WITHOUT.get(name) if value == _NONE else _WITH.get(name)
        said.append(part if words is None else words._replace(values={"value": value}))
    return said


def _odd_values(options: Mapping[str, Any]) -> str:
    """The values given for directions, where they do not mean what such values usually do."""
    given = {
        part.strip(): meaning
        for name, meaning in (("value_both", BOTH), ("value_backward", BACKWARD), ("value_forward", FORWARD))
        for part in options[name].split(";")
        if part.strip()
    }
    if not given or meanings(list(given), options["direction_field"]) == given:
        return ""
    return " / ".join(options[name] or _NONE for name in ("value_forward", "value_backward", "value_both"))


def _hour(options: Mapping[str, Any]) -> str:
    """Empty where the hour changes nothing: the plugin's own table is neutral."""
    factors = [pair for pair in options["factors"] if pair[1] != 1]
    return f"{options['when']} ({_pairs(factors)})" if factors else ""


def _pairs(pairs: Iterable[Iterable[Any]]) -> str:
    return ", ".join(f"{name} {number:g}" for name, number in sorted(map(tuple, pairs)))


def _unusual(options: Mapping[str, Any], name: str) -> str:
    return "" if options[name] == _DEFAULTS[name] else f"{options[name]:g}"
