"""The map and the table of the page that one explores: what its script is given. No server, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .figures import ZoneFigures, is_unsure

WIDTH = 1000.0
"""Units of the drawing from west to east; its height follows."""


class ShareClass(NamedTuple):
    """A class of shares, of values above ``low`` and up to ``high`` (0 to 1), in words and in colour."""

    label: str
    low: float
    high: float
    colour: str


class DrawnZone(NamedTuple):
    """A zone on the map: its outline as an SVG path, and its colour for the service put forward."""

    zone_id: str
    name: str
    path: str
    colour: str


class Explorer(NamedTuple):
    """The drawing's height, its zones, its legend, and the figures behind them for the page's script."""

    height: float
    shapes: list[DrawnZone]
    steps: list[ShareClass]
    data: dict[str, Any]


def explorer(
    outlines: Mapping[str, list[np.ndarray]],
    zones: Sequence[ZoneFigures],
    labels: Mapping[str, str],
    services: Sequence[str],
    steps: Sequence[ShareClass],
    unknown: str,
) -> Explorer | None:
    """From the rings (n, 2) of each zone, in metres; None where no zone has a shape.

    ``services``: codes, the one put forward first. ``unknown``: the colour of zones without a share.
    """
    rings = [ring for own in outlines.values() for ring in own]
    if not rings:
        return None
    low, high = (edge(np.vstack(rings), axis=0) for edge in (np.min, np.max))
    scale = WIDTH / max(float(high[0] - low[0]), 1e-9)
    bounds = [step.high for step in steps[:-1]]
    figures: dict[str, dict[str, list[float | None]]] = {}
    names: dict[str, str] = {}
    for zone in zones:
        names[zone.zone_id] = zone.name
        figures.setdefault(zone.zone_id, {})[zone.category] = [
            round(zone.population),
            round(zone.beyond[-1]),
            zone.share(-1),
            zone.mean,
            is_unsure(zone, -1, bounds),
            *(map(round, zone.ends[-1]) if zone.ends else (None, None)),
        ]
    shapes = []
    for zone_id, own in outlines.items():
        path = "".join(_path((ring - (low[0], high[1])) * (scale, -scale)) for ring in own)
        share = (figures.get(zone_id, {}).get(services[0]) or [None] * 4)[2]
        shapes.append(DrawnZone(zone_id, names.get(zone_id, zone_id), path, colour_of(share, steps, unknown)))
    data = {
        "services": [[code, labels.get(code, code)] for code in services],
        "names": names,
        "zones": figures,
        "steps": [[None if np.isinf(step.high) else step.high, step.colour] for step in steps],
        "unknown": unknown,
    }
    return Explorer(round(float(high[1] - low[1]) * scale, 1), shapes, list(steps), data)


def colour_of(share: float | None, steps: Sequence[ShareClass], unknown: str) -> str:
    """The colour of a share (0 to 1); ``unknown`` where there is none."""
    if share is None:
        return unknown
    return next(step.colour for step in steps if share <= step.high)


def _path(ring: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.tolist()) + "Z"
