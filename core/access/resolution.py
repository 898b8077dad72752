"""How fine the polygons of isochrones are drawn: cells as small as pays, for each profile and cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..travel_modes import CAR, MODES

_CELLS_ACROSS_SMALLEST = 260
_CELLS_ACROSS_OTHERS = 180
_CELLS_ACROSS_LARGEST = 400
_ROUND_SIZES = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_MOST_CELLS_NEAR = 2_000_000
_MOST_CELLS_OF_ALL = 2_000_000


class Settings(NamedTuple):
    """What the polygons of one run have in common. ``cutoffs`` ascend, in minutes or metres; lengths are in metres.

    Cells are ``cell`` wide; around each place, as far as the cutoff ``near``, they are ``fine`` wide, of which ``cell``
    is a multiple: both are the same where one grid does for all cutoffs.
    """

    cutoffs: tuple[float, ...]
    metric: str
    direction: str
    reach: float
    cell: float
    fine: float
    near: float

    @property
    def margin(self) -> float:
        """Metres around what is reached that its drawing takes."""
        return self.reach + 3 * self.cell


def settings(
    profile: str,
    cutoffs: Sequence[float],
    *,
    metric: str = "time",
    direction: str = "departure",
    reach: float | None = None,
    cell: float | None = None,
) -> Settings:
    """The settings of a run, with this profile's defaults for what is not given.

    As many fine cells lie between a point and the edge of its smallest isochrone whatever the cutoff and the profile;
    cells are wider where the largest cutoff would need too many of them. The strip of ``reach`` along a road is two
    cells at least.
    """
    ascending = tuple(sorted({float(cutoff) for cutoff in cutoffs}))
    mode = MODES.get(profile, MODES[CAR])
    reach = mode.reach if reach is None else float(reach)
    if cell is not None:
        return Settings(ascending, metric, direction, reach, cell, cell, 0.0)
    metres = mode.usual_speed if metric == "time" else 1.0
    fine = _round_size(max(1.0, min(ascending[0] * metres / _CELLS_ACROSS_SMALLEST, reach / 2)))
    times = np.ceil(ascending[-1] * metres / _CELLS_ACROSS_LARGEST / fine)
    wide = fine * max(1.0, min(times, np.floor(reach / 2 / fine)))
    # What is far enough away is as well drawn with wide cells.
    far = min(_CELLS_ACROSS_OTHERS * wide, np.sqrt(_MOST_CELLS_NEAR) * fine / 2)
    near = max(cutoff for cutoff in ascending if cutoff == ascending[0] or cutoff * metres < far)
    return Settings(ascending, metric, direction, reach, wide, fine, near)


def _round_size(wanted: float) -> float:
    """The largest round figure up to ``wanted``."""
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(power * max(size for size in _ROUND_SIZES if size * power <= wanted * (1 + 1e-9)))


def for_one_area(chosen: Settings, cells: float) -> Settings:
    """Settings for one area of many places, of ``cells`` fine cells: one grid, up to twice as wide as for one place."""
    wider = max(1.0, min(np.sqrt(cells / _MOST_CELLS_OF_ALL), 2 * chosen.cell / chosen.fine))
    cell = _round_size(chosen.fine * wider)
    return chosen._replace(cell=cell, fine=cell)
