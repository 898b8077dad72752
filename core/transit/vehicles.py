"""Runs of vehicles on one day, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ragged import offsets


class VehicleRuns(NamedTuple):
    """T runs of vehicles and their E halts, run after run, in the order they are driven."""

    first: np.ndarray
    """(T + 1,) i8: the halts of run t are ``first[t]:first[t + 1]``."""
    stop: np.ndarray
    """(E,) i4."""
    arrival: np.ndarray
    """(E,) i4 seconds since 0:00 of the day; negative for what began the day before."""
    departure: np.ndarray
    """(E,) i4."""
    board: np.ndarray
    """(E,) bool: passengers may get on."""
    alight: np.ndarray
    """(E,) bool: passengers may get off."""
    line: np.ndarray
    """(T,) i4 into the lines of the feed."""
    trip: np.ndarray
    """(T,) i4 into the trips of the feed that run."""
    own_day: np.ndarray
    """(T,) bool: of the day itself, not of the day before."""

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.first) - 1

    @classmethod
    def join(cls, parts: list[VehicleRuns]) -> VehicleRuns:
        """All runs of ``parts``, one part after the other."""
        if not parts:
            none, no = np.empty(0, np.int32), np.empty(0, bool)
            return cls(np.zeros(1, np.int64), none, none, none, no, no, none, none, no)
        length = np.concatenate([np.diff(part.first) for part in parts])
        columns = [np.concatenate(column) for column in list(zip(*parts))[1:]]
        return cls(offsets(length), *columns)
