"""UNCERTAINTY: what is doubtful among the services, and the interval it puts around each figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from qgis.core import QgsFeature
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from ..core.access.coverage import Served
from ..core.access.nearest import members_by_category
from ..core.access.opening import opening_at, parse_moment
from ..core.access.sentences import Width, interval_sentence
from ..core.access.travel import Travel
from ..core.access.uncertainty import Doubts, Extremes, Interval, extremes, interval
from ..core.access.weights import exact_weights
from ..core.messages import Message
from ..core.outlines import shipped
from .access_asked import AccessAsked, DemandZones, Placed, Supply
from .access_inputs import categories_of
from .attributes import text_of
from .coordinates import WGS84

VAGUE = "commune"
"""In the column `precision_position`."""
WIDTH = (("incertitude", "float"), ("horaires_inconnus", "int"), ("positions_vagues", "int"))
"""Columns of what makes the intervals of a category wide: by how much the threshold moves (%), and places."""
NEAR = 500.0
"""Metres from its commune within which a recorded position may be."""


class Uncertainty:
    """The doubts of one run of `coveragegaps`, and what they make of each category's figures."""

    def __init__(
        self,
        asked: AccessAsked,
        travel: Travel,
        demand: Placed,
        supply: Supply,
        zones: DemandZones,
        thresholds: tuple[float, ...],
    ) -> None:
        self._share = asked.number("UNCERTAINTY") / 100.0
        self._asked, self._travel, self._demand = asked, travel, demand
        self._supply, self._zones, self._thresholds = supply, zones, thresholds
        self._weight = exact_weights(np.nan_to_num(demand.rows.weight))[demand.row]
        self._zone = zones.of_demand[demand.row]
        candidates = supply.candidates
        self._doubts = Doubts(candidates.places, candidates.category, candidates.unknown, self._areas(), self._lost())

    def search(self, costs: Iterable[np.ndarray]) -> Iterator[Extremes]:
        """The costs at best and at worst of each category, as ``costs`` (n,) to its services that count come."""
        candidates = self._supply.candidates
        counted = np.isin(candidates.row, self._supply.row)
        members = members_by_category(np.where(counted, candidates.category, -1), len(self._supply.categories))
        return extremes(
            self._travel,
            self._asked.router(),
            self._demand.places,
            self._doubts,
            ((of, cost[self._demand.row]) for cost, of in zip(costs, members)),
            max(self._thresholds) * (1 + self._share),
            direction=self._asked.direction,
        )

    def by_zone(self, category: int, found: Extremes) -> Interval:
        """Fewest and most people beyond each threshold; that of all is their sum."""
        weight = np.zeros_like(self._weight) if self._supply.lost[category] else self._weight
        zones = len(self._zones.ids)
        return interval(found, self._zone, weight, self._thresholds, self._share, zones)

    def width(self, category: int) -> Width:
        """What makes the intervals of a category wide."""
        mine = self._doubts.category == category
        vague = int((mine & self._doubts.vague).sum()) + sum(of == category for of, _ in self._doubts.lost)
        return Width(self._share, int((mine & self._doubts.unknown).sum()), vague)

    def sentences(self, category: int, served: Served, whole: Interval) -> list[Message]:
        """For each threshold, the interval of all the people and what makes it wide."""
        width = self.width(category)
        ends = zip(whole.least.sum(axis=0).tolist(), whole.most.sum(axis=0).tolist())
        return [interval_sentence(served, *both, width) for both in ends]

    # -- where vague places may be ------------------------------------------------------------------------------------

    def _areas(self) -> dict[int, BaseGeometry]:
        """For each candidate whose position is known to the commune only, that commune."""
        candidates, features = self._supply.candidates, self._supply.rows.features
        vague = [number for number, row in enumerate(candidates.row) if _is_vague(features[row])]
        at = (candidates.places.xy[number] for number in vague)
        return dict(zip(vague, self._communes([features[candidates.row[number]] for number in vague], at)))

    def _lost(self) -> list[tuple[int, BaseGeometry]]:
        """Category and commune of those that are nowhere on the network, and not closed for certain."""
        rows = self._supply.rows
        vague = np.array([row for row in sorted(rows.reasons) if _is_vague(rows.features[row])], np.int64)
        moment = self._asked.text("OPEN_AT")
        if moment and len(vague):
            opening = opening_at(self._asked.hours(rows, vague), parse_moment(moment))
            vague = vague[opening.open | opening.unknown]
        if not len(vague):
            return []
        _, category = categories_of(rows.features, self._asked.column("CATEGORY_FIELD"))
        areas = self._communes([rows.features[row] for row in vague], rows.xy[vague])
        return list(zip(category[vague].tolist(), areas))

    def _communes(self, features: list[QgsFeature], recorded: Iterable[np.ndarray]) -> list[BaseGeometry]:
        """The commune of each: the zone of its code, else the outline that comes with the plugin, else the zone around
        the position; with none of these the place may be wherever people live.
        """
        if not features:
            return []
        asked, zones, xy = self._asked, self._zones, self._demand.rows.xy
        polygons = asked.shapes(zones.features, zones.source, asked.crs) if zones.source else []
        by_code = {code: shape for code, shape in zip(zones.ids, polygons) if shape is not None}
        everywhere = box(*np.nanmin(xy, axis=0), *np.nanmax(xy, axis=0))
        to_network = asked.mover(WGS84, asked.crs).transform
        areas = []
        for feature, at in zip(features, recorded):
            code, place = text_of(feature, "code_insee"), Point(*at) if np.isfinite(at).all() else None
            outlines = [shipped().area(code)] if code and code not in by_code else []
            moved = to_network.shapes([outline for outline in outlines if outline is not None])
            known = [area for area in moved if area is not None and (place is None or area.distance(place) <= NEAR)]
            around = [shape for shape in by_code.values() if place is not None and shape.covers(place)]
            areas.append(by_code[code] if code in by_code else [*known, *around, everywhere][0])
        return areas


def _is_vague(feature: QgsFeature) -> bool:
    return text_of(feature, "precision_position") == VAGUE
