"""Permanences over a week: where, when and by whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.access.matrix import cost_blocks
from ..core.hours import HoursError
from ..core.hours import parse as parse_hours
from ..core.messages import msg
from ..core.siting.permanences import (
    DAYS,
    HALVES,
    OSM_DAYS,
    SLOTS,
    ScheduleError,
    Week,
    WeekPlan,
    parse_half_days,
    plan,
)
from ..core.siting.problem import Costs
from ..i18n import tr
from .access_asked import AccessAsked, Placed
from .access_base import AccessAlgorithm

PERMANENCES = (
    ("rang", "int"),
    ("agent", "int"),
    ("jour", "text"),
    ("demi_journee", "text"),
    ("horaires", "text"),
    ("modalite", "text"),
    ("gain", "float"),
)


class PlanPermanences(AccessAlgorithm):
    """`cartoservices:planpermanences`"""

    ID = "planpermanences"
    GROUP = "siting"

    def displayName(self) -> str:
        return tr("Plan permanences over a week")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand()
        self.add_layer("PLACES", tr("Places where a permanence could be held"))
        self.add_field("PLACE_ID", tr("Identifier of each place"), "PLACES")
        self.add_text("AGENTS", tr("When each agent is available; agents are separated by “;”"), "lun-ven")
        preferences = tr("Half-days the population prefers, with their value")
        self.add_text("PREFERENCES", preferences, "lun-sam:1", optional=True)
        self.add_number("WANTED", tr("Half-days a week that each person wants"), 1)
        self.add_number("THRESHOLD", tr("Farthest cost that serves (minutes)"), 20)
        longest = tr("Longest way of an agent between morning and afternoon (minutes)")
        self.add_number("MAX_TRAVEL", longest, 45)
        self.add_number("TIME_LIMIT", tr("Time limit (seconds)"), 60)
        self.add_text("MORNING", tr("Hours of a morning"), "09:00-12:00", advanced=True)
        self.add_text("AFTERNOON", tr("Hours of an afternoon"), "14:00-17:00", advanced=True)
        self.add_network()
        self.add_cluster()
        self.add_output("OUTPUT", tr("Permanences"))
        self.add_output("DEMAND_OUT", tr("Half-days each place of demand has"), optional=True)
        self.add_failed()
        self.add_number_outputs(
            ("OBJECTIVE", tr("Person-half-days served")),
            ("BOUND", tr("Proven bound on the objective")),
            ("GAP", tr("Gap between bound and objective (0: proven best)")),
        )
        self.add_text_outputs(("STATUS", tr("Status")))

    def compute(self, asked: AccessAsked) -> dict[str, Any]:
        hours = tuple(_hours(asked, name) for name in ("MORNING", "AFTERNOON"))
        available = _availability(asked.column("AGENTS"))
        preferred = parse_half_days(asked.column("PREFERENCES") or "lun-dim")
        value = np.array([preferred.get(slot, 0.0) for slot in range(SLOTS)])
        router = asked.router(0.2)
        demand = asked.demand(0.35)
        sites = asked.places("PLACES", 0.4, id="PLACE_ID")
        asked.require_placed(sites)
        people, places, threshold = demand.places, sites.places, asked.number("THRESHOLD")
        cover = Costs.from_blocks(
            cost_blocks(router, people, places, threshold, progress=asked.upto(0.6)), people.count, places.count
        )
        near = np.zeros((places.count, places.count), bool)
        for block in router.matrix(places, places, limit=asked.number("MAX_TRAVEL"), progress=asked.upto(0.65)):
            # What the router reaches is within the limit, whatever the noise of single precision.
            near[np.ix_(block.origins, block.destinations)] = np.isfinite(block.cost)
        found = plan(
            cover,
            demand.rows.weight[demand.row],
            Week(available=available, value=value, wanted=asked.number("WANTED"), near=near),
            asked.number("TIME_LIMIT"),
            asked.upto(1.0),
        )
        _write_permanences(asked, sites, found, hours)
        table = asked.table("DEMAND_OUT", (("demi_journees", "float"),), like=demand.rows.source)
        for place, received in zip(demand.rows.features, demand.by_row(found.received)):
            table.add([received], place)
        asked.progress.info(
            msg(
                "{count} permanence, {served} person-half-days, proven bound {bound} ({status})."
                "|{count} permanences, {served} person-half-days, proven bound {bound} ({status}).",
                count=len(found.permanences),
                served=found.objective,
                bound=found.bound,
                status=found.status,
            )
        )
        return {"OBJECTIVE": found.objective, "BOUND": found.bound, "GAP": found.gap, "STATUS": found.status}


def _write_permanences(asked: AccessAsked, sites: Placed, found: WeekPlan, hours: tuple[str, ...]) -> None:
    table = asked.table("OUTPUT", PERMANENCES, like=sites.rows.source, style="permanences")
    for rank, one in enumerate(found.permanences, start=1):
        day, half = divmod(one.slot, 2)
        when = f"{OSM_DAYS[day]} {hours[half]}"
        values = [rank, one.agent + 1, DAYS[day], HALVES[half], when, "permanence", one.gain]
        table.add(values, sites.rows.features[sites.row[one.place]])


def _hours(asked: AccessAsked, name: str) -> str:
    """The hours of a half-day, such as 09:00-12:00. Raises `ScheduleError` for those that no calculation could read."""
    text = asked.text(name)
    try:
        parse_hours(f"Mo {text}")
    except HoursError:
        text = ""
    if not text:
        raise ScheduleError("{name} cannot be read as opening hours; write them as 09:00-12:00.", name=name)
    return text


def _availability(text: str) -> np.ndarray:
    """(agents, SLOTS) bool from ``"lun-ven; mar, jeu matin"``. Raises `ScheduleError`."""
    rows = [parse_half_days(part) for part in text.split(";") if part.strip()]
    if not rows:
        raise ScheduleError("Say when each agent is available, for example “lun-ven; mar, jeu matin”.")
    return np.array([[slot in row for slot in range(SLOTS)] for row in rows])
