"""What the algorithms that choose places share: demand, candidates and existing sites with the costs between them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsFeature,
    QgsFeatureSource,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
)

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.siting.candidates import spread_candidates
from ..core.siting.problem import Costs
from ..core.thresholds import within
from ..i18n import tr
from .access_base import AccessAlgorithm
from .access_inputs import Rows, as_number, as_text, read_rows, row_ids
from .base import expected_rows, read_points
from .qgis_enums import GeometryType, SourceType

ROLES = {"obligatoire": "mandatory", "mandatory": "mandatory", "exclu": "forbidden", "forbidden": "forbidden"}


class SitingError(InvalidInput):
    """Layers or tables that do not fit together."""


class Setting(NamedTuple):
    """What a choice of sites starts from; costs are numbered by the rows used.

    Attributes:
        demand: rows of the layer, and ``demand_row`` (n,) those used.
        candidates: rows of the layer, and ``candidate_row`` (m,) those used.
        existing: rows of the layer or None, and ``existing_row`` (e,) those used.
        costs: demand × candidates. ``existing_costs``: demand × existing sites, None when there are none.
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


class SitingAlgorithm(AccessAlgorithm):
    """An algorithm that chooses among candidates by the costs from demand, on a network or from a table."""

    GROUP = "siting"

    def add_optional_layer(self, name: str, label: str, kind=SourceType.VectorAnyGeometry) -> None:
        """A layer that may be left empty."""
        self.addParameter(QgsProcessingParameterFeatureSource(name, label, [kind], optional=True))

    def add_setting(self) -> None:
        """DEMAND, CANDIDATES, EXISTING with their columns; NETWORK or MATRIX."""
        self.add_layer("DEMAND", tr("Demand (places where people live)"))
        self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        self.add_field("DEMAND_WEIGHT", tr("Population or need of each place"), "DEMAND", number=True)
        self.add_optional_layer("CANDIDATES", tr("Candidate sites (empty: made where people live)"))
        self.add_field("CANDIDATE_ID", tr("Identifier of each candidate"), "CANDIDATES")
        self.add_optional_layer("EXISTING", tr("Sites already open"))
        self.add_field("EXISTING_ID", tr("Identifier of each site already open"), "EXISTING")
        self.add_network(optional=True)
        self.add_optional_layer(
            "MATRIX",
            tr("Table of costs (instead of the network: origin_id, destination_id, cout)"),
            SourceType.Vector,
        )
        self.add_transit()
        self.add_metric()
        self.add_direction()

    def setting(self, parameters: dict[str, Any], context: QgsProcessingContext, limit: float, progress: Progress):
        """Read the layers and work out the costs within ``limit``. Raises `SitingError`."""
        if self.parameterAsSource(parameters, "MATRIX", context) is not None:
            return self._from_table(parameters, context, limit, progress)
        if not parameters.get("NETWORK"):
            raise SitingError("Give either NETWORK or MATRIX.")
        return self._from_network(parameters, context, limit, progress)

    def _from_network(self, parameters, context, limit: float, progress: Progress) -> Setting:
        router = self.router(parameters, context, progress.part(0.0, 0.2))
        layers = {
            "DEMAND": self.read_layer(
                parameters, "DEMAND", router, context, progress.part(0.2, 0.25), "DEMAND_ID", "DEMAND_WEIGHT"
            )
        }
        if self.parameterAsSource(parameters, "CANDIDATES", context) is None:
            layers["CANDIDATES"] = self._made_candidates(layers["DEMAND"], progress)
        else:
            layers["CANDIDATES"] = self._sites(parameters, "CANDIDATES", "CANDIDATE_ID", router, context, progress)
        if self.parameterAsSource(parameters, "EXISTING", context) is not None:
            layers["EXISTING"] = self._sites(parameters, "EXISTING", "EXISTING_ID", router, context, progress)
        placed = {
            name: (self.place_demand if name == "DEMAND" else self.place)(
                parameters, rows, router, context, progress.part(0.25, 0.3)
            )
            for name, rows in layers.items()
        }
        if "EXISTING" in layers:
            self.require_placed(layers["EXISTING"])
        demand_places, demand_row = placed["DEMAND"]
        direction = self.choice(parameters, "DIRECTION", context, "departure")
        travel = self.travel(parameters, context, router)
        found = []
        for name, part in (("CANDIDATES", progress.part(0.3, 0.9)), ("EXISTING", progress.part(0.9, 1.0))):
            if name not in placed:
                found.append(None)
                continue
            places = placed[name][0]
            blocks = travel.blocks(demand_places, places, limit, direction=direction, progress=part)
            costs = Costs.from_blocks(blocks, demand_places.count, places.count)
            # The router lets single-precision noise pass the limit; nothing is beyond it here.
            found.append(costs._replace(cost=np.minimum(costs.cost, limit)))
        existing_row = placed["EXISTING"][1] if "EXISTING" in placed else np.empty(0, np.int64)
        return Setting(
            layers["DEMAND"],
            demand_row,
            layers["CANDIDATES"],
            placed["CANDIDATES"][1],
            layers.get("EXISTING"),
            existing_row,
            found[0],
            found[1],
            router.metric,
        )

    def _sites(self, parameters, name: str, id_field: str, router, context, progress: Progress) -> Rows:
        source = self.source(parameters, name, context)
        if source.featureCount() == 0:
            return Rows([], [], np.empty((0, 2)), np.empty(0), {})
        return self.read_layer(parameters, name, router, context, progress.part(0.25, 0.25), id_field)

    def _made_candidates(self, demand: Rows, progress: Progress) -> Rows:
        """The places where most people live, spread over the territory."""
        usable = np.flatnonzero(demand.usable())
        chosen = usable[spread_candidates(demand.xy[usable], demand.weight[usable], MADE)]
        progress.info(
            msg(
                "{count} candidate was made where people live.|{count} candidates were made where people live.",
                count=len(chosen),
            )
        )
        features = [demand.features[row] for row in chosen]
        return Rows(features, [demand.ids[row] for row in chosen], demand.xy[chosen], np.ones(len(chosen)), {})

    def _from_table(self, parameters, context, limit: float, progress: Progress) -> Setting:
        demand = self._listed(parameters, "DEMAND", "DEMAND_ID", context, "DEMAND_WEIGHT")
        if self.parameterAsSource(parameters, "CANDIDATES", context) is None:
            raise SitingError("With MATRIX, CANDIDATES must be given: they are the destinations of the table.")
        candidates = self._listed(parameters, "CANDIDATES", "CANDIDATE_ID", context)
        existing = None
        if self.parameterAsSource(parameters, "EXISTING", context) is not None:
            existing = self._listed(parameters, "EXISTING", "EXISTING_ID", context)
        rows = [np.flatnonzero(side.usable()) for side in (demand, candidates)]
        existing_row = np.empty(0, np.int64) if existing is None else np.flatnonzero(existing.usable())
        origin = _numbers("DEMAND", demand, rows[0])
        site = _numbers("CANDIDATES", candidates, rows[1])
        opened = {} if existing is None else _numbers("EXISTING", existing, existing_row)
        pairs, unknown = self._pairs(parameters, context, origin, site, opened, progress)
        if unknown:
            progress.warn(
                msg(
                    "{count} row of MATRIX is left out: it names no usable place."
                    "|{count} rows of MATRIX are left out: they name no usable place.",
                    count=unknown,
                )
            )
        n = len(rows[0])
        tables = [Costs.from_pairs(*columns, n, len(to)) for columns, to in zip(pairs, (site, opened))]
        tables = [table if np.isinf(limit) else table.select(within(table.cost, limit)) for table in tables]
        return Setting(
            demand,
            rows[0],
            candidates,
            rows[1],
            existing,
            existing_row,
            tables[0],
            tables[1] if existing is not None else None,
            self.choice(parameters, "METRIC", context, "time"),
        )

    def _listed(self, parameters, name: str, id_field: str, context, weight: str = "") -> Rows:
        """The rows of a layer whose costs come from the table; it may be empty when it is not the demand."""
        source: QgsFeatureSource = self.source(parameters, name, context)
        column = self.parameterAsString(parameters, id_field, context)
        if name == "DEMAND":
            weight = self.parameterAsString(parameters, weight, context)
            return read_rows(source, name, None, context, Progress(), column, weight)
        features, xy = read_points(source, source.sourceCrs(), context, Progress())
        return Rows(features, row_ids(features, column), xy, np.ones(len(features)), {})

    def _pairs(self, parameters, context, origin, site, opened, progress: Progress):
        table = self.parameterAsSource(parameters, "MATRIX", context)
        columns = [table.fields().lookupField(name) for name in ("origin_id", "destination_id", "cout")]
        if min(columns) < 0:
            raise SitingError("MATRIX must have the columns origin_id, destination_id and cout.")
        pairs, unknown = ([[], [], []], [[], [], []]), 0
        total = expected_rows(table)
        for number, row in enumerate(table.getFeatures()):
            if number % 10_000 == 0:
                progress.advance(min(1.0, number / total))
            start, end = origin.get(as_text(row[columns[0]])), as_text(row[columns[1]])
            known = False
            for side, numbers in zip(pairs, (site, opened)):
                if start is not None and end in numbers:
                    known = True
                    side[0].append(start)
                    side[1].append(numbers[end])
                    side[2].append(as_number(row[columns[2]]))
            unknown += not known
        return pairs, unknown

    def numbers_of(self, parameters, name: str, rows: Rows, used: np.ndarray, context) -> np.ndarray | None:
        """(m,) numbers of the column that parameter ``name`` names, NaN where NULL; None without such a column."""
        field = self.parameterAsString(parameters, name, context)
        if not field or not rows.features or rows.features[0].fields().lookupField(field) < 0:
            return None
        return np.array([as_number(rows.features[row][field]) for row in used])

    def roles(self, parameters, name: str, rows: Rows, used: np.ndarray, context) -> dict[str, np.ndarray]:
        """Masks (m,) “mandatory” and “forbidden” from the column that parameter ``name`` names."""
        field = self.parameterAsString(parameters, name, context)
        words = [ROLES.get(as_text(rows.features[row][field]).strip().lower(), "") if field else "" for row in used]
        return {role: np.array([word == role for word in words], bool) for role in ("mandatory", "forbidden")}


MADE = 500
"""Candidates made at most where none are given."""


def best_existing(costs: Costs | None, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(n,) least cost to a site already open (inf where none) and (n,) which one (-1)."""
    best, which = np.full(size, np.inf), np.full(size, -1)
    if costs is not None:
        for site in range(costs.candidates):
            row = costs.row(site)
            demand, cost = costs.demand[row], costs.cost[row]
            better = cost < best[demand]
            best[demand[better]], which[demand[better]] = cost[better], site
    return best, which


def point_of(feature: QgsFeature) -> QgsPointXY | None:
    """A position for a line's end, in the feature's own CRS; None where there is none."""
    geometry: QgsGeometry = feature.geometry()
    if geometry.isNull() or geometry.isEmpty():
        return None
    if geometry.type() != GeometryType.Point:
        geometry = geometry.pointOnSurface()
    vertex = geometry.vertexAt(0)
    return QgsPointXY(vertex.x(), vertex.y())


def _numbers(layer: str, rows: Rows, used: np.ndarray) -> dict[str, int]:
    numbers = {rows.ids[row]: number for number, row in enumerate(used)}
    if len(numbers) < len(used):
        raise SitingError(
            "{count} rows of {layer} share their identifier with another row: MATRIX cannot tell them apart.",
            count=len(used) - len(numbers),
            layer=layer,
        )
    return numbers
