"""The colours of maps, charts and reports, in one place. No QGIS here, so that every page can use it.

Minutes: from ColorBrewer's YlGnBu, shares of people badly served from OrRd (https://colorbrewer2.org), both moved until
any two classes in a row are distinct for colour-blind people and in grey, which `tests/processing/test_colours.py`
computes. Dark is near on the first, badly served on the second; the places farthest away are a full yellow, seen on
white paper. Gaps are darker than any share, and of another hue: their hatch is read on top of it. Changes: blue for
minutes gained, orange for minutes lost, around a light grey; in grey the symbols of those who lose differ.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import NamedTuple

NOT_COMPUTED = "#bdbdbd"
UNKNOWN_INK = "#7d7d7d"
"""Of the rings of places that were not computed. Areas are dotted: grey alone could be a class in a print in grey."""
OUT_OF_REACH = "#cc4c02"
"""Of places from where no way leads to the service: beyond every class of minutes, and not unknown."""
INK = "#2b2b2b"
PAPER = "#ffffff"
GAP = "#4d004b"
PROPOSAL = "#ffb000"
BETTER = "#225ea8"
WORSE = "#d7301f"


class Class(NamedTuple):
    """Values above ``low`` and up to ``high`` (both may be infinite)."""

    low: float
    high: float
    colour: str


MINUTES = (
    Class(-math.inf, 5, "#081d58"),
    Class(5, 10, "#225ea8"),
    Class(10, 15, "#1580c4"),
    Class(15, 20, "#4aa3d8"),
    Class(20, 30, "#5cc3a6"),
    Class(30, 45, "#a2d19a"),
    Class(45, 60, "#d1e271"),
    Class(60, math.inf, "#fff340"),
)
METRES = tuple(
    Class(low, high, step.colour)
    for low, high, step in zip(
        (-math.inf, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000),
        (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, math.inf),
        MINUTES,
    )
)
SHARES = (
    Class(-math.inf, 0, "#ffffff"),
    Class(0, 0.05, "#f9e6cf"),
    Class(0.05, 0.1, "#fac898"),
    Class(0.1, 0.25, "#fba55d"),
    Class(0.25, 0.5, "#ec6e5a"),
    Class(0.5, 0.75, "#c44a2e"),
    Class(0.75, math.inf, "#8f1220"),
)
CHANGES = ("#08519c", "#4292c6", "#b3d1e8", "#efefef", "#fdd0a2", "#e6711b", "#8c2d04")
"""From much gained to much lost, the middle for hardly any change."""
CHANGE_BOUNDS = {"min": (1.0, 5.0, 15.0), "m": (100.0, 1_000.0, 5_000.0)}
"""Sizes of a change that bound its classes, by unit: below the first it is hardly any."""
REASONS = {
    "sans_arret": "#40004b",
    "sans_course": "#d55e00",
    "ferme": "#f0e442",
    "sans_retour": "#cc79a7",
    "horaires_inconnus": "#d9d9d9",
}
"""Why no round trip is possible, by its code (`core.transit.round_trip.REASONS`)."""
ROUNDS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")
"""Okabe and Ito's, distinct for colour-blind people: for things that have no order."""
SCORES = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")


def colour_of_minutes(minutes: float) -> str:
    """The colour of a time, between those of the classes' upper bounds, so that any two cutoffs differ."""
    bounds = [step.high for step in MINUTES[:-1]]
    place = bisect_left(bounds, minutes)
    if place == 0 or place == len(bounds):
        return MINUTES[min(place, len(MINUTES) - 1)].colour
    low, high = MINUTES[place - 1], MINUTES[place]
    return blend(low.colour, high.colour, (minutes - low.high) / (high.high - low.high))


def colours_from_dark_to_light(count: int) -> list[str]:
    """``count`` colours of the ramp of minutes, for costs that are not minutes."""
    last = len(MINUTES) - 2
    return [_at(last * step / max(count - 1, 1)) for step in range(count)]


def blend(one: str, other: str, share: float) -> str:
    """The colour ``share`` of the way (0 to 1) from ``one`` to ``other``, both as ``#rrggbb``."""
    pairs = zip(_channels(one), _channels(other))
    return "#" + "".join(f"{round(first + (last - first) * share):02x}" for first, last in pairs)


def ink_on(colour: str) -> str:
    """Black or white: whichever is read better on ``colour`` (WCAG relative luminance)."""
    linear = [channel / 255 / 12.92 if channel <= 10 else ((channel / 255 + 0.055) / 1.055) ** 2.4
              for channel in _channels(colour)]  # fmt: skip
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return PAPER if luminance < 0.4 else INK


def _at(position: float) -> str:
    below = min(int(position), len(MINUTES) - 2)
    return blend(MINUTES[below].colour, MINUTES[below + 1].colour, position - below)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))
