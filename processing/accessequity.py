"""How unequally a cost or a score is shared out among people, by zone and group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..core.access.equity import Equity, concentration_curve, equity, lorenz_curve
from ..core.access.groups import PopulationGroup
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.population_columns import group_label
from ..core.progress import Progress
from ..core.report.charts import share_curves_chart
from ..i18n import tr
from .access_asked import AccessAsked, DemandZones, ZoneRow
from .access_base import AccessAlgorithm
from .access_inputs import Rows
from .attributes import numbers_of
from .population_groups import add_groups, in_words, read_groups

FIGURES = (
    ("zone_id", "text"),
    ("groupe", "text"),
    ("population", "float"),
    ("moyenne", "float"),
    ("mediane", "float"),
    ("gini", "float"),
    ("palma", "float"),
    ("concentration", "float"),
    ("theil_t", "float"),
    ("fgt0", "float"),
    ("fgt1", "float"),
    ("fgt2", "float"),
    ("pop_non_calculee", "float"),
    ("pop_sans_rang", "float"),
    ("raison", "text"),
)


class AccessEquity(AccessAlgorithm):
    """`cartoservices:accessequity`"""

    ID = "accessequity"

    def displayName(self) -> str:
        return tr("Equity of access")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand(weight=False, as_table=True)
        self.add_field("VALUE", tr("Cost or score of each place"), "DEMAND", number=True, optional=False)
        self.add_flag("HIGH_IS_GOOD", tr("A high value is good (a score)"))
        self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)
        add_groups(self, output=False)
        self.add_field("SES_FIELD", tr("Wealth of the people (from poor to rich)"), "DEMAND", number=True)
        self.add_number("LINE", tr("Poverty line, in the unit of the value"), optional=True)
        self.add_zones()
        self.add_output("OUTPUT", tr("Equity by zone and group"))
        self.add_file_output("CURVES", tr("Curves (SVG)"), tr("SVG (*.svg)"), optional=True, by_default=False)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> dict[str, Any]:
        demand, zones = _read(asked)
        value = _column(demand, asked.column("VALUE"))
        if not np.isfinite(value).any():
            raise InvalidInput("The column {name} holds no number.", name="VALUE")
        ses = asked.column("SES_FIELD")
        rank = _column(demand, ses) if ses else None
        line = asked.number("LINE") if asked.is_given("LINE") else None
        high_is_good = asked.flag("HIGH_IS_GOOD")
        groups = read_groups(asked, demand)

        def figures(group: PopulationGroup, rows: np.ndarray) -> Equity:
            own_rank = rank[rows] if rank is not None else None
            return equity(value[rows], group.weight[rows], own_rank, line, high_is_good=high_is_good)

        _say(asked.progress, figures(groups[0], np.arange(len(value))), rank is not None)
        table = asked.table("OUTPUT", FIGURES, like=zones.source)
        for number, (zone, rows) in enumerate(zip(zones.each(), _rows_by_zone(zones))):
            asked.progress.advance(0.3 + 0.7 * number / len(zones.ids))
            for group in groups:
                table.add(_values(zone, group.name, figures(group, rows)), zone.feature)
        path = asked.destination("CURVES")
        return _draw(path, value, rank, groups) if path else {}


def _draw(path: str, value: np.ndarray, rank: np.ndarray | None, groups: list[PopulationGroup]) -> dict[str, Any]:
    """The picture of the Lorenz curve of each group over all zones, and of the concentration curve with a rank."""
    curves = {}
    for group in groups:
        name = in_words(group_label(group.name)) if group.name else tr("all")
        curves[tr("Lorenz: {group}").format(group=name)] = lorenz_curve(value, group.weight)
        if rank is not None:
            words = tr("Concentration: {group}").format(group=name)
            curves[words] = concentration_curve(value, group.weight, rank)
    picture = share_curves_chart({name: curve for name, curve in curves.items() if len(curve.people)})
    Path(path).write_text(picture, encoding="utf-8")
    return {"CURVES": path}


def _read(asked: AccessAsked) -> tuple[Rows, DemandZones]:
    """The places of demand, which need a position only where there are zones, and the zones."""
    by_zone = asked.optional_source("ZONES")
    crs = by_zone.sourceCrs() if by_zone is not None else None
    demand = asked.rows("DEMAND", crs, weight="DEMAND_WEIGHT", progress=asked.upto(0.2))
    asked.warn_without_population()
    return demand, asked.zones(demand, crs, 0.3)


def _column(demand: Rows, column: str) -> np.ndarray:
    """The numbers (n,) of a column, NaN where there is none."""
    numbers = numbers_of(demand.features, column)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _rows_by_zone(zones: DemandZones) -> list[np.ndarray]:
    """For each zone, the rows of the demand in it."""
    order = np.argsort(zones.of_demand, kind="stable")
    counts = np.bincount(zones.of_demand, minlength=len(zones.ids))
    return np.split(order, np.cumsum(counts)[:-1])


def _values(zone: ZoneRow, group: str | None, found: Equity) -> list[Any]:
    return [
        zone.id,
        group,
        found.population,
        found.mean,
        found.median,
        found.gini,
        found.palma,
        found.concentration,
        found.theil_t,
        *found.fgt,
        found.not_computed,
        found.without_rank,
        zone.reason,
    ]


def _say(progress: Progress, whole: Equity, ranked: bool) -> None:
    """The figures of all, and who is in none of them."""
    progress.info(
        msg(
            "All together: mean {mean}, median {median}, Gini {gini} (0: the same for all; towards 1: all for one).",
            mean=round(whole.mean, 2),
            median=round(whole.median, 2),
            gini=round(whole.gini, 3),
        )
    )
    if ranked and np.isfinite(whole.concentration):
        progress.info(
            msg(
                "Palma {palma}; concentration {concentration} (above 0: the value is more with the rich).",
                palma=round(whole.palma, 3),
                concentration=round(whole.concentration, 3),
            )
        )
    if round(whole.not_computed):
        progress.warn(
            msg(
                "{count} person lives where there is no value and is in no figure."
                "|{count} people live where there is no value and are in no figure.",
                count=round(whole.not_computed),
            )
        )
    if round(whole.without_rank):
        progress.warn(
            msg(
                "{count} person of unknown wealth is in neither Palma nor concentration."
                "|{count} people of unknown wealth are in neither Palma nor concentration.",
                count=round(whole.without_rank),
            )
        )
