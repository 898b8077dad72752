"""Walking up and down: what the slope of a line makes of the speed of those on foot.

Tobler's hiking function (W. Tobler, “Three Presentations on Geographical Analysis and Modeling”, NCGIA Technical Report
93-1, 1993): 6·exp(-3.5·|s + 0.05|) km/h on a slope of s metres a metre. Only its shape is taken: the speed on the flat
stays that of the network.
"""

from __future__ import annotations

import numpy as np

from ..errors import InvalidInput
from ..messages import Message, msg
from .travel import LineCosts

_STEEPNESS, _EASIEST = 3.5, -0.05
_STEEPEST = 0.6
"""Metres up a metre forward: a steep stair. What is steeper (a lift, a height that is wrong) is taken as that."""


def tobler(slope: np.ndarray) -> np.ndarray:
    """The speed on each slope (metres up a metre forward) as a part of that on the flat; 1 where the slope is NaN."""
    slope = np.clip(slope, -_STEEPEST, _STEEPEST)
    part = np.exp(-_STEEPNESS * (np.abs(slope - _EASIEST) - abs(_EASIEST)))
    return np.where(np.isfinite(slope), part, 1.0)


def on_slopes(costs: LineCosts, z_ends: np.ndarray, length: np.ndarray) -> tuple[LineCosts, tuple[Message, ...]]:
    """``costs`` of L lines with the speeds that their slopes leave, from the heights of their ends (L, 2) in metres.

    Lines of unknown heights are taken as flat, and counted. Raises `InvalidInput` where no line has heights.
    """
    slope = np.divide(z_ends[:, 1] - z_ends[:, 0], length, out=np.full(len(length), np.nan), where=length > 0)
    flat = int((~np.isfinite(slope)).sum())
    if flat == len(slope):
        raise InvalidInput("The slopes are asked for, and no line has heights at both ends.")
    against = costs.speed if costs.against is None else np.where(np.isfinite(costs.against), costs.against, costs.speed)
    sloped = costs._replace(speed=costs.speed * tobler(slope), against=against * tobler(-slope))
    unknown = msg(
        "{count} line has no heights: it is taken as flat.|{count} lines have no heights: taken as flat.", count=flat
    )
    return sloped, (unknown,) if flat else ()
