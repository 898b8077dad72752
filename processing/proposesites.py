"""Where to open sites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from qgis.core import (
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterNumber,
)

from ..core.access.costs import decimals
from ..core.messages import msg
from ..core.progress import Progress
from ..core.siting.curve import coverage_curve
from ..core.siting.models import MODELS, solve
from ..core.siting.problem import EXISTING, NOBODY, Costs, Problem, Solution
from ..i18n import tr
from .access_base import UNITS
from .access_inputs import fields_with, or_null, put, row_of
from .base import make_fields
from .coordinates import Mover
from .qgis_enums import NumberType, SourceType, WkbType
from .siting_base import Setting, SitingAlgorithm, SitingError, best_existing, point_of


class ProposeSites(SitingAlgorithm):
    """`cartoservices:proposesites`"""

    ID = "proposesites"

    def displayName(self) -> str:
        return tr("Propose sites to open")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_setting()
        self.add_enum("MODEL", tr("Model"), list(MODELS), "mclp")
        self.addParameter(QgsProcessingParameterNumber("SITES", tr("Sites to open"), NumberType.Integer, 1, minValue=0))
        self.addParameter(
            QgsProcessingParameterNumber(
                "THRESHOLD",
                tr("Farthest cost that covers (minutes or metres)"),
                NumberType.Double,
                30.0,
                minValue=0,
                optional=True,
            )
        )
        self.add_field("CAPACITY_FIELD", tr("Capacity of each candidate"), "CANDIDATES")
        self.add_field("ROLE_FIELD", tr("Candidates that must be (obligatoire) or cannot be (exclu)"), "CANDIDATES")
        self.addParameter(
            QgsProcessingParameterNumber("TIME_LIMIT", tr("Time limit (seconds)"), NumberType.Double, 60.0, minValue=1)
        )
        self.add_max_cost()
        self.add_output("OUTPUT", tr("Proposed sites"))
        self.add_output("ASSIGNMENT", tr("Who goes where"), optional=True)
        table = SourceType.Vector
        self.add_output("CURVE", tr("Population covered against number of sites"), table, by_default=False)
        self.add_failed()
        self.addOutput(QgsProcessingOutputNumber("OBJECTIVE", tr("Objective")))
        self.addOutput(QgsProcessingOutputNumber("GAIN", tr("What the new sites add")))
        self.addOutput(
            QgsProcessingOutputNumber("NEWLY_SERVED", tr("People whom no existing site serves, newly served"))
        )
        self.addOutput(QgsProcessingOutputNumber("BOUND", tr("Proven bound on the objective")))
        self.addOutput(QgsProcessingOutputNumber("GAP", tr("Gap between bound and objective (0: proven best)")))
        self.addOutput(QgsProcessingOutputString("STATUS", tr("Status")))
        self.addOutput(QgsProcessingOutputNumber("COMPUTED", tr("People whose journeys could be computed")))
        self.addOutput(QgsProcessingOutputNumber("NOT_COMPUTED", tr("People who could not be computed")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        model = self.choice(parameters, "MODEL", context, "mclp")
        threshold = self._threshold(parameters, model, context)
        limit = min(self.max_cost(parameters, context), threshold if model in ("mclp", "lscp") else np.inf)
        setting = self.setting(parameters, context, limit, progress.part(0.0, 0.5))
        lacking = setting.demand.not_computed()
        problem, which = self._problem(parameters, setting, context)
        solution = solve(
            problem,
            model,
            self.parameterAsInt(parameters, "SITES", context),
            threshold if model in ("mclp", "lscp") else np.inf,
            self.parameterAsDouble(parameters, "TIME_LIMIT", context),
            progress.part(0.5, 0.95),
        )
        solution = replace(solution, cost=decimals(solution.cost))
        for message in solution.messages:
            progress.warn(message)
        _tell(solution, progress)
        facts = {"metric": setting.metric, "unit": UNITS[setting.metric], "model": model}
        self._write_sites(parameters, context, setting, problem, solution, facts)
        self._write_assignment(parameters, context, setting, problem, solution, which, facts)
        self._write_curve(parameters, context, problem, threshold, progress)
        self._report_unserved(setting, solution, threshold)
        layers = {"DEMAND": setting.demand, "CANDIDATES": setting.candidates}
        if setting.existing is not None:
            layers["EXISTING"] = setting.existing
        self.report_failures(parameters, context, progress, **layers)
        return {
            "OBJECTIVE": solution.objective,
            "GAIN": or_null(solution.gain),
            "NEWLY_SERVED": solution.newly,
            "BOUND": or_null(solution.bound),
            "GAP": or_null(solution.gap),
            "STATUS": solution.status,
            "COMPUTED": float(problem.weight.sum()),
            "NOT_COMPUTED": lacking,
        }

    def _threshold(self, parameters, model: str, context) -> float:
        if parameters.get("THRESHOLD", 30.0) is None:
            if model in ("mclp", "lscp"):
                raise SitingError("The model {model} needs THRESHOLD.", model=model)
            return np.inf
        return self.parameterAsDouble(parameters, "THRESHOLD", context)

    def _problem(self, parameters, setting: Setting, context) -> tuple[Problem, np.ndarray]:
        """The problem, and (n,) the existing site that serves each point best (-1)."""
        weight = setting.demand.weight[setting.demand_row]
        best, which = best_existing(setting.existing_costs, len(weight))
        roles = self.roles(parameters, "ROLE_FIELD", setting.candidates, setting.candidate_row, context)
        capacity = self.numbers_of(parameters, "CAPACITY_FIELD", setting.candidates, setting.candidate_row, context)
        if capacity is None:
            return Problem(setting.costs, weight, best, **roles), which
        known = None
        if setting.existing is not None:
            known = self.numbers_of(parameters, "CAPACITY_FIELD", setting.existing, setting.existing_row, context)
        capacity = np.where(np.isnan(capacity), np.inf, capacity)
        if np.any(capacity < 0):
            raise SitingError("A capacity is negative.")
        if known is None:
            return Problem(setting.costs, weight, best, capacity=capacity, **roles), which
        costs = _beside(setting.costs, setting.existing_costs)
        more = len(setting.existing_row)
        opened = np.arange(costs.candidates) >= setting.costs.candidates
        roles = {role: np.append(mask, np.zeros(more, bool)) for role, mask in roles.items()}
        capacity = np.append(capacity, np.where(np.isnan(known), np.inf, known))
        return Problem(costs, weight, None, opened=opened, capacity=capacity, **roles), which

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write_sites(self, parameters, context, setting: Setting, problem, solution: Solution, facts) -> None:
        name = "CANDIDATES" if self.parameterAsSource(parameters, "CANDIDATES", context) is not None else "DEMAND"
        source = self.source(parameters, name, context)
        added = make_fields(("rang", "int"), ("gain", "float"), ("poids_servi", "float"), ("cout_moyen", "float"))
        fields, kept = fields_with(source.fields(), added)
        geometry = WkbType.Point if name == "DEMAND" else source.wkbType()
        sink = self.add_sink(parameters, "OUTPUT", context, fields, geometry, source.sourceCrs(), "sites", facts)
        served, mean = _loads(problem, solution)
        for rank, (site, gain) in enumerate(zip(solution.chosen, solution.gains), start=1):
            place = setting.candidates.features[setting.candidate_row[site]]
            shape = place.geometry()
            if name == "DEMAND" and point_of(place) is not None:
                shape = QgsGeometry.fromPointXY(point_of(place))
            own = [place.attribute(index) for index in kept]
            attributes = [*own, rank, or_null(gain), float(served[site]), or_null(mean[site])]
            put(sink, [row_of(fields, attributes, shape)])

    def _write_assignment(self, parameters, context, setting: Setting, problem, solution, which, facts) -> None:
        demand_crs = self.source(parameters, "DEMAND", context).sourceCrs()
        fields = make_fields(
            ("origin_id", "text"), ("site_id", "text"), ("site_type", "text"), ("cout", "float"), ("poids", "float")
        )
        sink = self.add_sink(
            parameters, "ASSIGNMENT", context, fields, WkbType.LineString, demand_crs, "assignment", facts
        )
        ends = {}
        for kind, rows, used in (
            ("CANDIDATES", setting.candidates, setting.candidate_row),
            ("EXISTING", setting.existing, setting.existing_row),
        ):
            given = self.parameterAsSource(parameters, kind, context)
            crs = given.sourceCrs() if given is not None else demand_crs
            move = Mover(crs, demand_crs, context.transformContext())
            ends[kind] = (rows, used, move)
        new = setting.costs.candidates
        for point, site, cost, weight in _trips(problem, solution):
            kind = "existant" if site == EXISTING or site >= new else "nouveau"
            number = int(which[point]) if site == EXISTING else int(site) - (new if site >= new else 0)
            rows, used, move = ends["EXISTING" if kind == "existant" else "CANDIDATES"]
            place = rows.features[used[number]]
            origin = setting.demand.features[setting.demand_row[point]]
            start, end, way = point_of(origin), point_of(place), None
            end = None if end is None else move.point(end)
            if start is not None and end is not None:
                way = QgsGeometry.fromPolylineXY([start, end])
            identifier = setting.demand.ids[setting.demand_row[point]]
            put(sink, [row_of(fields, [identifier, rows.ids[used[number]], kind, or_null(cost), weight], way)])

    def _write_curve(self, parameters, context, problem: Problem, threshold: float, progress: Progress) -> None:
        fields = make_fields(
            ("sites", "int"), ("couverts", "float"), ("gain", "float"), ("part", "float"), ("coude", "bool")
        )
        sink = self.add_sink(parameters, "CURVE", context, fields, style="curve")
        if sink is None or not np.isfinite(threshold):
            return
        curve = coverage_curve(problem, threshold, progress=progress.part(0.95, 1.0))
        for sites, covered in enumerate(curve.covered):
            gain = covered - curve.covered[sites - 1] if sites else None
            share = float(covered) / curve.total if curve.total else None
            gain = gain if gain is None else float(gain)
            put(sink, [row_of(fields, [sites, float(covered), gain, share, sites == curve.knee])])
        progress.info(
            msg(
                "The curve bends at {sites} sites: {covered} of {total} covered within {threshold}.",
                sites=curve.knee,
                covered=float(curve.covered[curve.knee]),
                total=curve.total,
                threshold=threshold,
            )
        )

    def _report_unserved(self, setting: Setting, solution: Solution, threshold: float) -> None:
        for point in solution.unserved:
            reason = msg("More sites or capacity would be needed to serve it.")
            if solution.beyond is not None and solution.beyond[point]:
                reason = msg("No candidate and no existing site can serve it.")
                if solution.model in ("mclp", "lscp"):
                    reason = msg("No candidate and no existing site within {threshold}.", threshold=threshold)
            setting.demand.reasons.setdefault(int(setting.demand_row[point]), reason)


def _tell(solution: Solution, progress: Progress) -> None:
    progress.info(
        msg(
            "{status}: {count} site, objective {objective}, proven bound {bound}, gap {gap} %."
            "|{status}: {count} sites, objective {objective}, proven bound {bound}, gap {gap} %.",
            status=solution.status,
            count=len(solution.chosen),
            objective=solution.objective,
            bound=solution.bound,
            gap=100 * solution.gap,
        )
    )
    if solution.model in ("pmedian", "pcenter") and solution.newly and np.isfinite(solution.gain):
        progress.info(
            msg(
                "{people} people whom no existing site serves are newly served: GAIN is that of the others.",
                people=solution.newly,
            )
        )


def _trips(problem: Problem, solution: Solution):
    """(point, site or `EXISTING`, cost, weight) of all who are served; several for a point that capacities split."""
    if solution.shares is None:
        for point in np.flatnonzero(solution.assignment != NOBODY):
            yield int(point), int(solution.assignment[point]), float(solution.cost[point]), float(problem.weight[point])
        return
    table = {}
    for point, site, share in zip(*solution.shares):
        table.setdefault(int(point), []).append((int(site), float(share)))
    for point in range(problem.costs.size):
        weight, rest = float(problem.weight[point]), 1.0
        for site, share in table.get(point, ()):
            row = problem.costs.row(site)
            cost = problem.costs.cost[row][np.searchsorted(problem.costs.demand[row], point)]
            rest -= share
            yield point, site, float(cost), weight * share
        if np.isfinite(problem.existing_cost[point]) and rest > 1e-9:
            yield point, EXISTING, float(problem.existing_cost[point]), weight * rest


def _loads(problem: Problem, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """(m,) weight each candidate serves and its mean cost (NaN where it serves nobody)."""
    served, spent = np.zeros(problem.costs.candidates), np.zeros(problem.costs.candidates)
    for _, site, cost, weight in _trips(problem, solution):
        if site >= 0:
            served[site] += weight
            spent[site] += weight * cost
    with np.errstate(invalid="ignore", divide="ignore"):
        return served, spent / served


def _beside(left: Costs, right: Costs) -> Costs:
    """The candidates of two tables of the same demand, one after the other."""
    offset = np.append(left.offset, right.offset[1:] + left.offset[-1])
    return Costs(offset, np.append(left.demand, right.demand), np.append(left.cost, right.cost), left.size)
