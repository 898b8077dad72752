"""How each source of roads says who may drive where, and how fast."""

from __future__ import annotations

from types import ModuleType

from . import bdtopo, generic, geofabrik, osm

PRESETS: dict[str, ModuleType] = {"bdtopo": bdtopo, "osm": osm, "geofabrik": geofabrik, "generic": generic}
PRESET_NAMES = ("auto", *PRESETS)


def detect(names: tuple[str, ...]) -> str:
    """The preset whose telling fields are among ``names``; `generic` when none is."""
    lower = {name.lower() for name in names}
    for preset, module in PRESETS.items():
        if module.recognises(lower):
            return preset
    return "generic"
