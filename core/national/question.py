"""What is asked of a national run."""

from __future__ import annotations

from typing import NamedTuple

from ..network import BuildOptions


class Question(NamedTuple):
    """Layers as ``path|layername=…``, names of columns, and what is wanted."""

    roads: str
    demand: str
    services: str
    thresholds: tuple[float, ...]
    """Minutes, ascending."""
    options: BuildOptions = BuildOptions()
    weight: str = ""
    """Column of people; empty: each row counts for 1."""
    groups: tuple[str, ...] = ()
    """Columns of some of the people."""
    category_field: str = ""
    zones: str = ""
    zone_id: str = ""
    territory_field: str = ""
    """Column of the zones (of the demand where there are none) whose values are the territories."""
    levels: tuple[str, ...] = ()
    """More columns of the zones by which the summary adds up."""
    direction: str = "departure"
    snap_distance: float = 1000.0
    """Metres."""
    bound: float = float("inf")
    """Minutes beyond which nobody is followed."""
