"""Up and down: what the slope of a line makes of the speed of those on foot or by bike.

Tobler's hiking function (W. Tobler, “Three Presentations on Geographical Analysis and Modeling”, NCGIA Technical Report
93-1, 1993): 6·exp(-3.5·|s + 0.05|) km/h on a slope of s metres a metre. Only its shape is taken: the speed on the flat
stays that of the network.

By bike: J. Parkin and J. Rotheram, “Design speeds and acceleration characteristics of bicycle traffic for use in
planning, design and appraisal” (Transport Policy 17, 2010): 6.01 m/s on the flat, 0.4002 m/s less for each percent up,
0.2379 more for each percent down. Again the shape alone is taken. Who would ride more slowly than a walker walks.
"""

from __future__ import annotations

import numpy as np

from ..errors import InvalidInput
from ..messages import Message, msg
from ..travel_modes import BIKE, WALKING
from .presets.rules import AT_SEA
from .travel import LineCosts

_STEEPNESS, _EASIEST = 3.5, -0.05
_STEEPEST = 0.6
"""Metres up a metre forward: a steep stair. What is steeper (a lift, a height that is wrong) is taken as that."""


_FLAT, _UP, _DOWN = 6.01, 40.02, 23.79
"""m/s, and m/s for a slope of 1."""
_STEEPEST_RIDDEN = 0.1
"""Metres down a metre forward beyond which nobody goes faster: one brakes."""


def ridden(speed: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """km/h by bike on each slope (metres up a metre forward), from the speeds on the flat; as there where it is NaN."""
    part = 1 - np.where(slope > 0, _UP * slope, _DOWN * np.maximum(slope, -_STEEPEST_RIDDEN)) / _FLAT
    walked = np.minimum(speed, WALKING) * tobler(slope)
    # Who goes at a walker's pace on the flat walks everywhere.
    riding = np.where(speed > WALKING, np.maximum(speed * part, walked), walked)
    return np.where(np.isfinite(slope), riding, speed)


def tobler(slope: np.ndarray) -> np.ndarray:
    """The speed on each slope (metres up a metre forward) as a part of that on the flat; 1 where the slope is NaN."""
    slope = np.clip(slope, -_STEEPEST, _STEEPEST)
    part = np.exp(-_STEEPNESS * (np.abs(slope - _EASIEST) - abs(_EASIEST)))
    return np.where(np.isfinite(slope), part, 1.0)


def on_slopes(
    costs: LineCosts, z_ends: np.ndarray, length: np.ndarray, profile: str
) -> tuple[LineCosts, tuple[Message, ...]]:
    """``costs`` of L lines with the speeds that their slopes leave, from the heights of their ends (L, 2) in metres.

    Lines of unknown heights are taken as flat, and counted; ferries are flat. Raises `InvalidInput` where no line has
    heights, or all are 0, which fills.
    """
    climb = z_ends[:, 1] - z_ends[:, 0]
    slope = np.divide(climb, length, out=np.full(len(length), np.nan), where=length > 0)
    if not np.isfinite(slope).any():
        raise InvalidInput("The slopes are asked for, and no line has heights at both ends.")
    if not z_ends[np.isfinite(z_ends)].any():
        raise InvalidInput("The slopes are asked for, and all heights of the lines are 0.")
    # A ferry's speed is that of the ship.
    slope[costs.kind == AT_SEA] = 0.0
    flat = int((~np.isfinite(slope)).sum())
    against = costs.speed if costs.against is None else np.where(np.isfinite(costs.against), costs.against, costs.speed)
    if profile == BIKE:
        sloped = costs._replace(speed=ridden(costs.speed, slope), against=ridden(against, -slope))
    else:
        sloped = costs._replace(speed=costs.speed * tobler(slope), against=against * tobler(-slope))
    unknown = msg(
        "{count} line has no heights: it is taken as flat.|{count} lines have no heights: taken as flat.", count=flat
    )
    return sloped, (unknown,) if flat else ()
