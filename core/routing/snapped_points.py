"""Snapped points on a network and the costs between them, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class SnappedPoints(NamedTuple):
    """P points on links. A point that could not be put on the network has link -1."""

    link: np.ndarray
    """(P,) i4; -1 = none."""
    fraction: np.ndarray
    """(P,) f8 in 0…1 along the link, from `link_from` to `link_to`."""
    distance: np.ndarray
    """(P,) f8 metres between the point given and where it is snapped; inf where it is not."""
    xy: np.ndarray
    """(P, 2) f8 where it is snapped, in the network's CRS; NaN where it is not."""

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.link)

    def take(self, rows: np.ndarray | slice) -> SnappedPoints:
        """Those at ``rows`` (indices, mask or slice)."""
        return SnappedPoints(self.link[rows], self.fraction[rows], self.distance[rows], self.xy[rows])


class Nearest(NamedTuple):
    """The k services of lowest cost of each of n demand points, best first."""

    index: np.ndarray  # type: ignore[assignment]
    """(n, k) i4 into the services; -1 where fewer than k are reached."""
    cost: np.ndarray
    """(n, k) f8 minutes or metres; NaN where there is none."""


class Block(NamedTuple):
    """Costs of a group of origins to every destination that at least one of them may reach."""

    origins: np.ndarray
    """(g,) i4 into the origins."""
    destinations: np.ndarray
    """(d,) i4 into the destinations, ascending."""
    cost: np.ndarray
    """(g, d) f4 minutes or metres; inf where unreached or beyond the limit."""
