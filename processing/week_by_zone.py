"""How well each zone is served at each hour of an ordinary week: asked of `coveragegaps` by the panel alone."""

from __future__ import annotations

import base64
import json
from typing import NamedTuple

import numpy as np

from ..core.access.opening import heat_by_zone, open_hours
from .access_asked import AccessAsked, DemandZones, Placed

WEEK_BY_ZONE = "_week_by_zone"
"""Asked for, the only result: the text of a `WeekByZone`."""


class WeekByZone(NamedTuple):
    """Of zones (z) by hours of the week (168, Monday 0–1 h first).

    Attributes:
        zone_ids: (z,) empty for the people outside every zone.
        beyond: (z, 168) people who have no open place within the threshold; those not computed left out.
        computed: (z,) people whose journey could be computed.
        unknown, places: places whose hours are unknown, which count as closed, and all of them.
    """

    zone_ids: list[str]
    beyond: np.ndarray
    computed: np.ndarray
    unknown: int
    places: int

    def share(self, hour: int) -> np.ndarray:
        """(z,) 0 to 1; NaN where nobody was computed."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.computed > 0, self.beyond[:, hour] / self.computed, np.nan)

    def whole(self, hour: int) -> float:
        """Of all people computed; NaN where there is none."""
        computed = float(self.computed.sum())
        return float(self.beyond[:, hour].sum()) / computed if computed > 0 else np.nan

    def as_text(self) -> str:
        """For `read_week`."""
        tables = (base64.b64encode(table.astype("<f8").tobytes()).decode() for table in (self.beyond, self.computed))
        return json.dumps([self.zone_ids, *tables, self.unknown, self.places])


def read_week(text: str) -> WeekByZone:
    """What `WeekByZone.as_text` wrote."""
    zone_ids, *tables, unknown, places = json.loads(text)
    beyond, computed = (np.frombuffer(base64.b64decode(table), "<f8") for table in tables)
    return WeekByZone(zone_ids, beyond.reshape(-1, 168), computed, unknown, places)


def week_by_zone(asked: AccessAsked, demand: Placed, zones: DemandZones, threshold: float) -> str:
    """All services of the layer as one, whatever their category."""
    supply = asked.supply(0.5, at_any_time=True)
    week = open_hours(asked.hours(supply.rows, supply.row))
    rows, count = demand.rows, len(zones.ids)
    weight = np.where(np.isfinite(rows.weight), rows.weight, 0.0)
    blocks = asked.travel().blocks(demand.places, supply.places, threshold, direction=asked.direction)
    of_places = zones.of_demand[demand.row]
    served = heat_by_zone(blocks, weight[demand.row], of_places, count, week.open, threshold)
    known = rows.usable()
    computed = np.bincount(zones.of_demand[known], weights=weight[known], minlength=count)
    beyond = np.maximum(computed[:, None] - served, 0.0)
    found = WeekByZone(list(zones.ids), beyond, computed, int(week.unknown.sum()), len(week.unknown))
    return found.as_text()
