"""How one travels, what is counted, and which way: the one table of these choices, by the words of the parameters."""

from __future__ import annotations

from typing import NamedTuple

from .messages import Message, msg

CAR, FOOT, BIKE, TRANSIT = "car", "foot", "bike", "transit"


class Mode(NamedTuple):
    """What is particular to a way of travelling."""

    words: Message
    reach: float
    """Metres from a road within which a place still counts, by default: about the width of the built strip along
    roads; less on foot, where the way to the road is part of the effort."""
    usual_speed: float
    """Metres a minute, roughly: only to choose how fine the grid of an isochrone is."""


MODES = {
    CAR: Mode(msg("by car"), reach=200.0, usual_speed=700.0),
    FOOT: Mode(msg("on foot"), reach=100.0, usual_speed=80.0),
    BIKE: Mode(msg("by bicycle"), reach=150.0, usual_speed=250.0),
    TRANSIT: Mode(msg("by public transport"), reach=100.0, usual_speed=300.0),
}
PROFILES = (CAR, FOOT, BIKE)
"""The modes for which a network is built; people go to the stops of public transport on that on foot."""
WALKING = 5.0
"""km/h of those on foot on the flat."""
UNITS = {"time": "min", "distance": "m"}
"""The unit of each metric."""
METRICS = tuple(UNITS)
DIRECTIONS = ("departure", "arrival")
"""From the place (a departure) or towards it (an arrival)."""
