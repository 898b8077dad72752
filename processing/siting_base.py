"""What the algorithms that choose places share: demand, candidates and existing sites with the costs between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from qgis.core import QgsFeature, QgsPointXY

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Hearing, Progress
from ..core.routing.snapped_points import SnappedPoints
from ..core.siting.candidates import spread_candidates
from ..core.siting.problem import Costs
from ..core.thresholds import within
from ..i18n import tr
from .access_asked import AccessAsked, Placed
from .access_base import AccessAlgorithm
from .access_inputs import Rows
from .asked import Asked
from .attributes import as_text, numbers_of
from .matrix_input import by_table, numbers_by_id, read_pairs
from .positions import first_point

ROLES = {"obligatoire": "mandatory", "mandatory": "mandatory", "exclu": "forbidden", "forbidden": "forbidden"}


SOME_WORDS = 5
"""Words named of those that are no role."""


class SitingError(InvalidInput):
    """Layers or tables that do not fit together."""


class SitingInputs(NamedTuple):
    """What a choice of sites starts from; costs are numbered by the rows used.

    Attributes:
        demand: rows of the layer, and ``demand_row`` (n,) those used.
        candidates: rows of the layer, and ``candidate_row`` (m,) those used.
        existing: rows of the layer or None, and ``existing_row`` (e,) those used.
        costs: demand × candidates, or who is covered and ``costs_of`` to have the costs of some candidates.
        existing_costs: demand × existing sites, None when there are none.
        metric: "time" or "distance".
    """

    demand: Rows
    demand_row: np.ndarray
    candidates: Rows
    candidate_row: np.ndarray
    existing: Rows | None
    existing_row: np.ndarray
    costs: Costs
    existing_costs: Costs | None
    metric: str
    costs_of: Callable[[np.ndarray], Costs] | None = None


class SitingAsked(AccessAsked):
    """One run of an algorithm that chooses among candidates by the costs from demand."""

    def setting(self, limit: float, upto: float, cover: bool = False) -> SitingInputs:
        """Read the layers and work out the costs within ``limit``, or only whom they ``cover``: half the memory.

        Raises `SitingError`, `CostTableError`.
        """
        return self._from_table(limit, upto) if by_table(self) else self._from_network(limit, upto, cover)

    def _from_network(self, limit: float, upto: float, cover: bool) -> SitingInputs:
        router = self.router(0.2 * upto)
        demand = self.demand(0.25 * upto)
        if self.is_given("CANDIDATES"):
            candidates = self.places("CANDIDATES", 0.28 * upto, id="CANDIDATE_ID", may_be_empty=True)
            self.require_placed(candidates)
        else:
            candidates = self.placed(self._made_candidates(demand.rows), self.upto(0.28 * upto))
        existing = None
        if self.is_given("EXISTING"):
            existing = self.places("EXISTING", 0.3 * upto, id="EXISTING_ID", may_be_empty=True)
            self.require_placed(existing)
        costs = self._costs(demand, candidates.places, limit, self.upto(0.9 * upto), cover)

        def costs_of(sites: np.ndarray) -> Costs:
            return self._costs(demand, candidates.places.take(sites), limit, Hearing(self.progress))

        return SitingInputs(
            demand.rows,
            demand.row,
            candidates.rows,
            candidates.row,
            existing.rows if existing else None,
            existing.row if existing else np.empty(0, np.int64),
            costs,
            self._costs(demand, existing.places, limit, self.upto(upto)) if existing else None,
            router.metric,
            costs_of if cover else None,
        )

    def _costs(
        self, demand: Placed, sites: SnappedPoints, limit: float, progress: Progress, cover: bool = False
    ) -> Costs:
        blocks = self.travel().blocks(demand.places, sites, limit, direction=self.direction, progress=progress)
        costs = Costs.from_blocks(blocks, demand.places.count, sites.count, cover=cover)
        # The router lets single-precision noise pass the limit; nothing is beyond it here.
        return costs if costs.cost is None else costs._replace(cost=np.minimum(costs.cost, limit))

    def _made_candidates(self, demand: Rows) -> Rows:
        """The places where most people live, spread over the territory."""
        usable = np.flatnonzero(demand.usable())
        chosen = usable[spread_candidates(demand.xy[usable], demand.weight[usable], MADE)]
        self.progress.info(
            msg(
                "{count} candidate was made where people live.|{count} candidates were made where people live.",
                count=len(chosen),
            )
        )
        features, ids = ([column[row] for row in chosen] for column in (demand.features, demand.ids))
        return Rows(features, ids, demand.xy[chosen], np.ones(len(chosen)), {}, "CANDIDATES", demand.source)

    def _from_table(self, limit: float, upto: float) -> SitingInputs:
        demand = self.rows("DEMAND", None, id="DEMAND_ID", weight="DEMAND_WEIGHT")
        if not self.is_given("CANDIDATES"):
            raise SitingError("With MATRIX, CANDIDATES must be given: they are the destinations of the table.")
        candidates = self.rows("CANDIDATES", None, id="CANDIDATE_ID", may_be_empty=True)
        existing = None
        if self.is_given("EXISTING"):
            existing = self.rows("EXISTING", None, id="EXISTING_ID", may_be_empty=True)
        origins, sites = numbers_by_id(demand), numbers_by_id(candidates)
        opened = {} if existing is None else numbers_by_id(existing)
        pairs = read_pairs(self, upto, origins, sites, opened)
        tables = [Costs.from_pairs(*side, len(origins), len(to)) for side, to in zip(pairs, (sites, opened))]
        tables = [table if np.isinf(limit) else table.select(within(table.values(), limit)) for table in tables]
        return SitingInputs(
            demand,
            np.flatnonzero(demand.usable()),
            candidates,
            np.flatnonzero(candidates.usable()),
            existing,
            np.empty(0, np.int64) if existing is None else np.flatnonzero(existing.usable()),
            tables[0],
            tables[1] if existing is not None else None,
            self.choice("METRIC", "time"),
        )

    def capacities(self, rows: Rows, used: np.ndarray) -> np.ndarray | None:
        """(m,) the column CAPACITY_FIELD of a layer, infinite where empty; None without such a column.

        Raises `SitingError` for a negative one and for what is no number.
        """
        field = self.column("CAPACITY_FIELD")
        if not field or not rows.features or rows.features[0].fields().lookupField(field) < 0:
            return None
        features = [rows.features[row] for row in used]
        capacity = numbers_of(features, field)
        texts = [as_text(feature[field]).strip() for feature in features]
        unread = [text for text, number in zip(texts, capacity) if text and np.isnan(number)]
        if unread:
            raise SitingError(
                "{layer}: the capacity “{text}” in the column “{field}” is no number.",
                layer=rows.name,
                text=unread[0],
                field=field,
            )
        if np.any(capacity < 0):
            raise SitingError("A capacity is negative.")
        return np.where(np.isnan(capacity), np.inf, capacity)

    def roles(self, name: str, rows: Rows, used: np.ndarray) -> dict[str, np.ndarray]:
        """Masks (m,) “mandatory” and “forbidden” from the column that parameter ``name`` names."""
        field = self.column(name)
        said = [as_text(rows.features[row][field]).strip() if field else "" for row in used]
        unread = [text for text in said if text and text.lower() not in ROLES]
        self.warn_of_some(
            msg(
                "{count} candidate has a role that is neither obligatoire nor exclu; it may be chosen: {words}."
                "|{count} candidates have a role that is neither obligatoire nor exclu; they may be chosen: {words}.",
                count=len(unread),
                words=", ".join(sorted(set(unread))[:SOME_WORDS]),
            )
        )
        words = [ROLES.get(text.lower(), "") for text in said]
        return {role: np.array([word == role for word in words], bool) for role in ("mandatory", "forbidden")}


class SitingAlgorithm(AccessAlgorithm):
    """An algorithm that chooses among candidates by the costs from demand, on a network or from a table."""

    GROUP = "siting"
    ASKED: type[Asked] = SitingAsked

    def add_setting(self) -> None:
        """DEMAND, CANDIDATES, EXISTING with their columns; NETWORK or MATRIX."""
        self.add_layer("DEMAND", tr("Demand (places where people live)"))
        self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        self.add_field("DEMAND_WEIGHT", tr("Population or need of each place"), "DEMAND", number=True)
        self.add_layer("CANDIDATES", tr("Candidate sites (empty: made where people live)"), optional=True)
        self.add_field("CANDIDATE_ID", tr("Identifier of each candidate"), "CANDIDATES")
        self.add_layer("EXISTING", tr("Sites already open"), optional=True)
        self.add_field("EXISTING_ID", tr("Identifier of each site already open"), "EXISTING")
        self.add_network(optional=True)
        self.add_matrix()
        self.add_transit()
        self.add_cluster()
        self.add_metric()
        self.add_direction()


MADE = 500
"""Candidates made at most where none are given."""


def best_existing(costs: Costs | None, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(n,) least cost to a site already open (inf where none) and (n,) which one (-1)."""
    best, which = np.full(size, np.inf), np.full(size, -1)
    if costs is not None:
        for site in range(costs.candidates):
            row = costs.row(site)
            demand, cost = costs.demand[row], costs.values()[row]
            better = cost < best[demand]
            best[demand[better]], which[demand[better]] = cost[better], site
    return best, which


def point_of(feature: QgsFeature) -> QgsPointXY | None:
    """A position for a line's end, in the feature's own CRS; None where there is none."""
    return first_point(feature.geometry())
