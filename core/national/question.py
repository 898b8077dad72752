"""What is asked of a national run."""

from __future__ import annotations

from typing import NamedTuple

from ..access.gaps import DEFAULT_CELL
from ..access.scores import parse_steps
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
    basket: str = ""
    """Name or JSON file of a basket of services; empty: none."""
    basket_threshold: float = 20.0
    """Minutes beyond which a service of the basket is missing."""
    steps: str = ""
    """Weights of a score by cost (`access.scores.parse_steps`); empty: no score."""
    capacity: str = ""
    """Column of the services; empty: each counts for 1."""
    gaps: bool = False
    """Whether the areas of the badly served are drawn."""
    cell: float = DEFAULT_CELL
    """Metres: the cells of which these areas are made."""

    @property
    def catchment(self) -> float:
        """Minutes beyond which a service counts in no score; 0 where none is asked for."""
        return parse_steps(self.steps)[-1][0] if self.steps else 0.0
