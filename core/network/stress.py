"""How stressful roads are by bike, from 1 (children) to 4 (the fearless), and what riders who accept less make of it.

The levels are those of Mekuria, Furth & Nixon, “Low-Stress Bicycling and Network Connectivity” (Mineta Transportation
Institute, report 11-19, 2012), their tables for mixed traffic and for cycle lanes, with what roads' attributes say:

- 1: apart from cars (cycle track, path), or a local road where cars go at 30 km/h at most;
- 2: cars at 30 km/h at most elsewhere; a local road at 50 at most; a cycle lane beside cars at 50 at most;
- 3: any other road at 50 at most; a cycle lane beside cars at 70 at most;
- 4: all else.

Where a road is more stressful than what they accept, riders get off and walk beside the bike (as in Conveyal's R5).
Minutes are then still those of a journey that can be made: nothing else than the speed there changes.
"""

from __future__ import annotations

import numpy as np

from ..travel_modes import WALKING

CALMEST, ANY = 1, 4
"""Levels: nobody is troubled; every road will do."""
_CALM, _TOWN, _FAST = 30.0, 50.0, 70.0
"""km/h of cars."""


def stress(apart: np.ndarray, lane: np.ndarray, local: np.ndarray, cars: np.ndarray) -> np.ndarray:
    """(L, 2) u1 the level of each of L lines, as drawn and against.

    ``apart`` and ``lane`` (L, 2) bool: there is a track of its own, a cycle lane, that way; ``local`` (L,) bool: a road
    without through traffic; ``cars`` (L,) km/h of cars there, NaN where there are none.
    """
    apart = apart | np.isnan(cars)[:, None]
    speed, local = np.nan_to_num(cars)[:, None], local[:, None]
    mixed: np.ndarray = np.where(speed <= _CALM, 2, np.where(speed <= _TOWN, 3, 4)) - (local & (speed <= _TOWN))
    beside = np.where(speed <= _TOWN, 2, np.where(speed <= _FAST, 3, 4))
    return np.where(apart, CALMEST, np.where(lane, np.minimum(beside, mixed), mixed)).astype(np.uint8)


def walked(speed: np.ndarray, level: np.ndarray, accepted: int) -> np.ndarray:
    """(L,) km/h: a walker's where the ``level`` (L,) is higher than what is ``accepted``."""
    return np.where(level > accepted, np.minimum(speed, WALKING), speed)
