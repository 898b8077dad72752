"""Where to open sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from qgis.core import QgsGeometry

from ..core.access.costs import decimals
from ..core.messages import msg
from ..core.progress import Progress
from ..core.report.gains import unit_of_gain
from ..core.siting.curve import coverage_curve
from ..core.siting.models import COVERING, MODELS, solve
from ..core.siting.problem import EXISTING, NOBODY, Costs, Problem, Solution
from ..core.travel_modes import UNITS
from ..i18n import tr
from .attributes import or_null
from .qgis_enums import SourceType, WkbType
from .siting_base import SitingAlgorithm, SitingAsked, SitingError, SitingInputs, best_existing, point_of

SITES = (
    *(("rang", "int"), ("gain", "float"), ("poids_servi", "float"), ("cout_moyen", "float")),
    *(("modele", "text"), ("unite", "text")),
)
ASSIGNMENT = (
    ("origin_id", "text"),
    ("site_id", "text"),
    ("site_type", "text"),
    ("cout", "float"),
    ("poids", "float"),
)
CURVE = (("sites", "int"), ("couverts", "float"), ("gain", "float"), ("part", "float"), ("coude", "bool"))


class ProposeSites(SitingAlgorithm):
    """`cartoservices:proposesites`"""

    ID = "proposesites"

    def displayName(self) -> str:
        return tr("Propose sites to open")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_setting()
        self.add_enum("MODEL", tr("Model"), list(MODELS), "mclp")
        self.add_number("SITES", tr("Sites to open"), 1, whole=True)
        self.add_number("THRESHOLD", tr("Farthest cost that covers (minutes or metres)"), 30, optional=True)
        self.add_field("CAPACITY_FIELD", tr("Capacity of each candidate"), "CANDIDATES")
        self.add_field("ROLE_FIELD", tr("Candidates that must be (obligatoire) or cannot be (exclu)"), "CANDIDATES")
        self.add_number("TIME_LIMIT", tr("Time limit (seconds)"), 60, least=1)
        self.add_max_cost()
        self.add_output("OUTPUT", tr("Proposed sites"))
        self.add_output("ASSIGNMENT", tr("Who goes where"), optional=True)
        curve = tr("Population covered against number of sites")
        self.add_output("CURVE", curve, SourceType.Vector, by_default=False)
        self.add_failed()
        self.add_number_outputs(
            ("OBJECTIVE", tr("Objective")),
            ("GAIN", tr("What the new sites add")),
            ("NEWLY_SERVED", tr("People whom no existing site serves, newly served")),
            ("BOUND", tr("Proven bound on the objective")),
            ("GAP", tr("Gap between bound and objective (0: proven best)")),
        )
        self.add_text_outputs(("STATUS", tr("Status")))
        self.add_number_outputs(
            ("COMPUTED", tr("People whose journeys could be computed")),
            ("NOT_COMPUTED", tr("People who could not be computed")),
        )

    def compute(self, asked: SitingAsked) -> dict[str, Any]:
        model = asked.choice("MODEL", "mclp")
        threshold = asked.number("THRESHOLD", empty=np.inf)
        if model in COVERING and not asked.is_given("THRESHOLD"):
            raise SitingError("The model {model} needs THRESHOLD.", model=model)
        within = threshold if model in COVERING else np.inf
        # Whom a site covers is all that covering needs, unless capacities part the people by their journeys.
        cover = model in COVERING and not asked.column("CAPACITY_FIELD")
        farthest = asked.number("MAX_COST", empty=np.inf)
        setting = asked.setting(min(farthest, within), 0.5, cover)
        lacking = setting.demand.not_computed()
        problem, which = _problem(asked, setting)
        sites, seconds = asked.integer("SITES"), asked.number("TIME_LIMIT")
        solution = solve(problem, model, sites, within, seconds, asked.upto(0.95))
        solution = replace(solution, cost=decimals(solution.cost))
        for message in solution.messages:
            asked.progress.warn(message)
        _say(solution, asked.progress)
        facts = {"metric": setting.metric, "unit": UNITS[setting.metric], "model": model}
        _write_sites(asked, setting, problem, solution, facts)
        _write_assignment(asked, setting, problem, solution, which, facts)
        _write_curve(asked, problem, threshold, farthest)
        _give_reasons(setting, solution, min(farthest, within))
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


def _problem(asked: SitingAsked, setting: SitingInputs) -> tuple[Problem, np.ndarray]:
    """The problem, and (n,) the existing site that serves each point best (-1)."""
    weight = setting.demand.weight[setting.demand_row]
    best, which = best_existing(setting.existing_costs, len(weight))
    roles: dict[str, Any] = asked.roles("ROLE_FIELD", setting.candidates, setting.candidate_row)
    capacity = asked.capacities(setting.candidates, setting.candidate_row)
    if capacity is None:
        return Problem(setting.costs, weight, best, costs_of=setting.costs_of, **roles), which
    known = None
    if setting.existing is not None:
        known = asked.capacities(setting.existing, setting.existing_row)
    if known is None or setting.existing_costs is None:
        return Problem(setting.costs, weight, best, capacity=capacity, **roles), which
    costs = _beside(setting.costs, setting.existing_costs)
    more = len(setting.existing_row)
    opened = np.arange(costs.candidates) >= setting.costs.candidates
    roles = {role: np.append(mask, np.zeros(more, bool)) for role, mask in roles.items()}
    capacity = np.append(capacity, known)
    return Problem(costs, weight, opened=opened, capacity=capacity, **roles), which


# -- writing ----------------------------------------------------------------------------------------------------------


def _write_sites(
    asked: SitingAsked, setting: SitingInputs, problem: Problem, solution: Solution, facts: dict[str, Any]
) -> None:
    made = not asked.is_given("CANDIDATES")
    geometry = WkbType.Point if made else None
    table = asked.table("OUTPUT", SITES, like=setting.candidates.source, geometry=geometry, style="sites", facts=facts)
    served, mean = _loads(problem, solution)
    unit = unit_of_gain(solution.model, setting.metric)
    for rank, (site, gain) in enumerate(zip(solution.chosen, solution.gains), start=1):
        place = setting.candidates.features[setting.candidate_row[site]]
        point = point_of(place) if made else None
        shape = None if point is None else QgsGeometry.fromPointXY(point)
        table.add([rank, gain, served[site], mean[site], solution.model, unit], place, shape)


def _write_assignment(
    asked: SitingAsked,
    setting: SitingInputs,
    problem: Problem,
    solution: Solution,
    which: np.ndarray,
    facts: dict[str, Any],
) -> None:
    crs = setting.demand.source.sourceCrs()
    table = asked.table("ASSIGNMENT", ASSIGNMENT, geometry=WkbType.LineString, crs=crs, style="assignment", facts=facts)
    ends = {
        kind: (rows, used, asked.mover(rows.source.sourceCrs(), crs))
        for kind, rows, used in (
            ("nouveau", setting.candidates, setting.candidate_row),
            ("existant", setting.existing, setting.existing_row),
        )
        if rows is not None
    }
    new = setting.costs.candidates
    for point, site, cost, weight in _trips(problem, solution):
        kind = "existant" if site == EXISTING or site >= new else "nouveau"
        number = int(which[point]) if site == EXISTING else int(site) - (new if site >= new else 0)
        rows, used, move = ends[kind]
        row = setting.demand_row[point]
        start, end, way = point_of(setting.demand.features[row]), point_of(rows.features[used[number]]), None
        end = None if end is None else move.point(end)
        if start is not None and end is not None:
            way = QgsGeometry.fromPolylineXY([start, end])
        table.add([setting.demand.ids[row], rows.ids[used[number]], kind, cost, weight], geometry=way)


def _write_curve(asked: SitingAsked, problem: Problem, threshold: float, farthest: float) -> None:
    """CURVE, within ``threshold``; costs are known up to ``farthest`` (MAX_COST), beyond which nobody is covered."""
    table = asked.table("CURVE", CURVE, style="curve")
    if not table.wanted or not np.isfinite(threshold):
        return
    curve = coverage_curve(problem, threshold, progress=asked.upto(1.0))
    for sites, covered in enumerate(curve.covered):
        gain = covered - curve.covered[sites - 1] if sites else None
        table.add([sites, covered, gain, covered / curve.total if curve.total else None, sites == curve.knee])
    asked.progress.info(
        msg(
            "The curve bends at {sites} sites: {covered} of {total} covered within {threshold}.",
            sites=curve.knee,
            covered=float(curve.covered[curve.knee]),
            total=curve.total,
            threshold=min(threshold, farthest),
        )
    )


def _give_reasons(setting: SitingInputs, solution: Solution, limit: float) -> None:
    """Why demand that nobody serves, at a cost of ``limit`` at most, is in FAILED."""
    for point in solution.unserved:
        reason = msg("More sites or capacity would be needed to serve it.")
        if solution.undecided:
            reason = msg(
                "The sites proposed do not serve it; whether others would was not found out in the time given."
            )
        if solution.beyond is not None and solution.beyond[point]:
            reason = msg("No candidate and no existing site can serve it.")
            if solution.model in COVERING:
                reason = msg("No candidate and no existing site within {threshold}.", threshold=limit)
        setting.demand.reasons.setdefault(int(setting.demand_row[point]), reason)


def _say(solution: Solution, progress: Progress) -> None:
    facts = {"status": solution.status, "count": len(solution.chosen), "objective": solution.objective}
    if np.isnan(solution.bound):
        said = msg(
            "{status}: {count} site, objective {objective} of those who are served; no bound is proven."
            "|{status}: {count} sites, objective {objective} of those who are served; no bound is proven.",
            **facts,
        )
    else:
        said = msg(
            "{status}: {count} site, objective {objective}, proven bound {bound}, gap {gap} %."
            "|{status}: {count} sites, objective {objective}, proven bound {bound}, gap {gap} %.",
            **facts,
            bound=solution.bound,
            gap=100 * solution.gap,
        )
    progress.info(said)
    if solution.model not in COVERING and solution.newly and np.isfinite(solution.gain):
        progress.info(
            msg(
                "{people} people whom no existing site serves are newly served: GAIN is that of the others.",
                people=solution.newly,
            )
        )


def _trips(problem: Problem, solution: Solution) -> Iterator[tuple[int, int, float, float]]:
    """(point, site or `EXISTING`, cost, weight) of all who are served; several for a point that capacities split."""
    if solution.shares is None:
        for point in np.flatnonzero(solution.assignment != NOBODY):
            yield int(point), int(solution.assignment[point]), float(solution.cost[point]), float(problem.weight[point])
        return
    table: dict[int, list[tuple[int, float]]] = {}
    for point, site, share in zip(*solution.shares):
        table.setdefault(int(point), []).append((int(site), float(share)))
    for point in range(problem.costs.size):
        weight, rest = float(problem.weight[point]), 1.0
        for site, share in table.get(point, ()):
            row = problem.costs.row(site)
            cost = problem.costs.values()[row][np.searchsorted(problem.costs.demand[row], point)]
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
    return Costs(offset, np.append(left.demand, right.demand), np.append(left.values(), right.values()), left.size)
