"""The figures of a report, read from the layers of an analysis."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.access.baskets import labels as basket_labels
from ..core.access.opening import WeekMoment, parse_moment
from ..core.categories import UnknownCategory, by_code
from ..core.messages import NO_BREAK
from ..core.population_columns import group_label
from ..core.progress import Progress
from ..core.report import (
    CategoryFigures,
    Doubt,
    GroupShare,
    Picture,
    Report,
    ZoneFigures,
    category_figures,
    cumulative_curve,
    unsure_zones,
    worst_zones,
)
from ..core.report.charts import cumulative_chart, gain_chart, people_chart, share_chart
from ..core.report.content import ProposedSite, TimetableRow
from ..core.report.figures import MOST_BARS
from ..core.report.french import compte, pourcent, seuil
from ..core.report.gains import GainWords, gain_words
from ..core.siting.curve import knee
from ..i18n import in_french
from .attributes import as_number, as_text, or_null
from .coverage_layer import (
    intervals_by_category,
    intervals_of,
    served_of,
    states_intervals,
    thresholds_of,
    value_of,
)
from .meanwhile import worked_out
from .population_groups import in_words
from .qgis_enums import FeatureRequestFlag
from .report_inputs import ReportInputError, computed_rows, cost_columns, name_of, read_numbers, require_columns
from .report_sources import sources_of
from .roads import Roads
from .styling import palette

MOST_TIMETABLES = 4
HOURS = range(7, 21)
"""Those a report shows."""
SHARE_BOUNDS = tuple(step.high for step in palette.SHARES[:-1])
DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


class Travelled(NamedTuple):
    """How people travel, « en voiture » (empty where nothing says), and by what their times are found."""

    words: str = ""
    by: str = "par le plus court chemin sur le réseau routier"


class Results:
    """The layers of the analysis, and the figures read from them.

    Attributes:
        thresholds: minutes, growing, as the coverage's columns name them.
        zones: a row for each zone and category.
        categories: over the whole territory, the one put forward first, then the worst served.
        sites: the places proposed, by rank.
        gains: the words for what they bring.
    """

    def __init__(
        self,
        layers: dict[str, QgsVectorLayer | None],
        weight: str,
        forward: str,
        progress: Progress,
        roads: Roads | None = None,
    ) -> None:
        self.layers, self.roads, self._weight = layers, roads, weight
        coverage, demand = layers["COVERAGE"], layers["DEMAND"]
        if coverage is None or demand is None:
            raise ReportInputError("The report needs the coverage by zone and the demand with its costs.")
        self._columns = thresholds_of(coverage)
        if not self._columns:
            raise ReportInputError("The coverage by zone is not a result of “Coverage gaps”: no column pop_au_dela_….")
        if coverage.featureCount() == 0:
            raise ReportInputError("The coverage by zone is empty.")
        require_columns(layers, weight)
        self.thresholds = tuple(self._columns.values())
        self._states_intervals = states_intervals(coverage)
        self.zones = [self._zone(feature) for feature in coverage.getFeatures()]
        codes = list(dict.fromkeys(zone.category for zone in self.zones))
        self.cost_columns = cost_columns(codes)
        weights, *costs = read_numbers(demand, [weight, *(self.cost_columns[code] for code in codes)], progress)
        self.computed = computed_rows(demand)
        self.weights = np.where(weights > 0, weights, 0.0) if weight else np.ones(len(weights))
        self.costs = dict(zip(codes, costs))
        figures = [category_figures(self.zones, code, self.costs[code], self.weights) for code in codes]
        if forward and forward not in codes:
            raise ReportInputError("The coverage by zone says nothing of the service “{code}”.", code=forward)
        self.categories = sorted(figures, key=lambda one: (one.category != forward, -one.beyond[-1]))
        self.labels = {code: label_of(code) for code in codes}
        self.sites, self.gains = self._sites()

    @property
    def headline(self) -> CategoryFigures:
        """The category put forward: the one of the maps."""
        return self.categories[0]

    def report(self, title: str, territory: str, maps: list[Picture], travel: Travelled, moment: str) -> Report:
        """All that the page says; ``moment`` as `moment_in_french` puts it."""
        groups = self._groups()
        return Report(
            title=title,
            territory=territory or "Territoire",
            date=date.today().strftime("%d/%m/%Y"),
            travel=travel.words,
            moment=moment,
            thresholds=self.thresholds,
            labels=self.labels,
            categories=self.categories,
            zones=self.zones,
            worst={row.category: worst_zones(self.zones, row.category, -1) for row in self.categories},
            maps=maps,
            charts=worked_out(self._charts),
            missing=self._missing(),
            sites=self.sites,
            gains=self.gains,
            groups=groups,
            group_chart=self._group_chart(groups),
            doubts=self._doubts(),
            unsure=unsure_zones(self.zones, self.headline.category, -1, SHARE_BOUNDS),
            method=self._method(travel, moment),
            sources=sources_of(self.layers, self.roads),
            **self._timetable(),
        )

    def _zone(self, feature: QgsFeature) -> ZoneFigures:
        zone_id = as_text(feature["zone_id"])
        served = served_of(feature, self._columns)
        return ZoneFigures(
            zone_id,
            name_of(feature) or zone_id or "Hors zone",
            as_text(feature["categorie"]),
            served.population,
            served.beyond,
            _number(feature["cout_moyen"]),
            served.unreached,
            served.not_computed,
            intervals_of(feature, self._columns).ends if self._states_intervals else (),
        )

    def _charts(self) -> list[Picture]:
        longest = 1.5 * self.thresholds[-1]
        known = [category for category in self.categories if category.share(-1) is not None]
        curves = {
            self.labels[category.category]: cumulative_curve(self.costs[category.category], self.weights, self.computed)
            for category in known[:7]
        }
        return [
            Picture(
                "Population selon le temps d'accès",
                f"Part de la population selon les minutes jusqu'au service ; {self._curves_in_words()}",
                svg=cumulative_chart(curves, self.thresholds, longest),
            ),
            Picture(
                f"Population à plus de {seuil(self.thresholds[-1])}",
                "Part de la population au-delà du seuil, par service.",
                svg=share_chart(
                    [self.labels[category.category] for category in known],
                    [category.share(-1) or 0.0 for category in known],
                    palette.GAP,
                ),
            ),
            *self._farthest(),
            *self._brought(),
        ]

    def _brought(self) -> list[Picture]:
        """What the places proposed bring, one after the other; nothing where one of them compares to nothing."""
        known = [site.gain for site in self.sites if site.gain is not None]
        if not known or len(known) < len(self.sites):
            return []
        gains = [0.0, *np.cumsum(known).tolist()]
        drawing = gain_chart(gains, self.gains, knee(np.array(gains)), palette.BETTER, palette.PROPOSAL)
        words = self.gains.sentence(len(known), gains[-1])
        return [Picture("Ce qu'apportent les lieux proposés", words, svg=drawing)]

    def _farthest(self) -> list[Picture]:
        """The zones where most people are beyond the last threshold of the service put forward, as the panel shows."""
        headline = self.headline.category
        zones = [zone for zone in worst_zones(self.zones, headline, -1, MOST_BARS) if zone.beyond[-1] > 0]
        if len(zones) < 2:
            return []
        names, people = [zone.name for zone in zones], [zone.beyond[-1] for zone in zones]
        title = f"Où l'on est le plus nombreux à plus de {seuil(self.thresholds[-1])} : {self.labels[headline]}"
        words = " ; ".join(f"{name} : {compte(count, 'habitant')}" for name, count in zip(names[:3], people))
        drawing = people_chart(names, people, [zone.share(-1) for zone in zones], palette.GAP)
        return [Picture(title, f"{words}.", svg=drawing, zones=tuple(zone.zone_id for zone in zones))]

    def _curves_in_words(self) -> str:
        shares = ((each.category, each.share(-1)) for each in self.categories)
        known = [(category, 1 - share) for category, share in shares if share is not None]
        last = seuil(self.thresholds[-1])
        parts = (f"{self.labels[category]} : {pourcent(within)} en {last}" for category, within in known[:3])
        return " ; ".join(parts) + "."

    def _missing(self) -> list[tuple[str, float]]:
        basket = self.layers["BASKET"]
        if basket is None:
            return []
        people: dict[str, float] = {}
        for feature in basket.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)):
            weight = max(_number(feature[self._weight]) or 0.0, 0.0) if self._weight else 1.0
            for code in filter(None, (part.strip() for part in as_text(feature["manquants"]).split(","))):
                people[code] = people.get(code, 0.0) + weight
                self.labels.setdefault(code, label_of(code))
        return sorted(people.items(), key=lambda item: -item[1])

    def _groups(self) -> dict[str, list[GroupShare]]:
        """Shares of the groups beyond the last threshold, in the order of the categories, the worst off first."""
        layer, found = self.layers.get("GROUPS"), dict[str, list[GroupShare]]()
        for row in layer.getFeatures() if layer is not None else ():
            name, share, gap = as_text(row["groupe"]), _number(row["part_au_dela"]), _number(row["ecart"])
            if name and _number(row["seuil"]) == self.thresholds[-1] and share is not None and gap is not None:
                people = (value_of(row["population"]), value_of(row["pop_au_dela"]))
                median = _number(row["cout_median"])
                with in_french():
                    label = in_words(group_label(name))
                group = GroupShare(label, *people, share, share - gap, median)
                found.setdefault(as_text(row["categorie"]), []).append(group)
        order = [each.category for each in self.categories if each.category in found]
        return {code: sorted(found[code], key=lambda group: group.everyone - group.share) for code in order}

    def _group_chart(self, groups: dict[str, list[GroupShare]]) -> Picture | None:
        """The groups of the category put forward against all."""
        rows = groups.get(self.headline.category)
        if not rows:
            return None
        last, service = seuil(self.thresholds[-1]), self.labels[self.headline.category]
        labels = [*(row.label for row in rows), "tous les habitants"]
        shares = [*(row.share for row in rows), rows[0].everyone]
        words = " ; ".join(f"{label} : {pourcent(share)}" for label, share in zip(labels, shares))
        drawing = worked_out(partial(share_chart, labels, shares, palette.GAP))
        return Picture(f"Qui est à plus de {last} : {service}", f"{words}.", svg=drawing)

    def _doubts(self) -> list[Doubt]:
        """The interval of each category at the last threshold; none from a coverage that states none."""
        intervals = intervals_by_category(self.layers["COVERAGE"])
        return [
            Doubt(
                each.category,
                each.beyond[-1],
                *intervals[each.category].ends[-1],
                each.population - each.not_computed,
                each.not_computed,
                len(unsure_zones(self.zones, each.category, -1, SHARE_BOUNDS)),
                intervals[each.category].width,
            )
            for each in self.categories
            if each.category in intervals
        ]

    def _sites(self) -> tuple[list[ProposedSite], GainWords]:
        """The places proposed, by rank, and the words of the model that chose them."""
        layer = self.layers["SITES"]
        if layer is None:
            return [], gain_words()
        sites, said = [], ["", ""]
        given = [layer.fields().lookupField(column) for column in ("modele", "unite")]
        for feature in layer.getFeatures():
            rank, gain = _number(feature["rang"]), _number(feature["gain"])
            if rank is not None:
                sites.append(ProposedSite(int(rank), name_of(feature) or f"Lieu {int(rank)}", gain))
                said = ["" if column < 0 else as_text(feature[column]) for column in given]
        return sorted(sites, key=lambda site: (site.rank, site.name)), gain_words(*said)

    def _timetable(self) -> dict[str, Any]:
        """For each category of the table, a row a weekday."""
        layer = self.layers["TIMETABLE"]
        if layer is None:
            return {}
        share: dict[str, dict[tuple[int, int], float | None]] = {}
        for feature in layer.getFeatures():
            if _number(feature["seuil"]) == self.thresholds[-1]:
                hours = share.setdefault(as_text(feature["categorie"]), {})
                day, hour = _number(feature["jour"]), _number(feature["heure"])
                if day is not None and hour is not None:
                    hours[int(day), int(hour)] = _number(feature["part"])
        tables = {
            category.category: [
                TimetableRow(name, tuple(share[category.category].get((day, hour)) for hour in HOURS))
                for day, name in enumerate(DAYS, 1)
            ]
            for category in self.categories[:MOST_TIMETABLES]
            if category.category in share
        }
        return {"timetables": tables, "hours": tuple(f"{hour}{NO_BREAK}h" for hour in HOURS)}

    def _method(self, travel: Travelled, moment: str) -> list[str]:
        unreached = sum(category.unreached for category in self.categories)
        lacking = max((category.not_computed for category in self.categories), default=0.0)
        lines = [
            f"Temps de trajet {travel.words} {travel.by}, ".replace("  ", " ")
            + "de l'habitant au service le plus proche ; la distance entre l'habitation et la route n'est pas comptée.",
            "Un temps égal au seuil est en deçà du seuil. Les trajets à l'intérieur d'une commune ne sont pas nuls.",
        ]
        if moment:
            lines.append(f"Seuls comptent les lieux ouverts {moment}, sauf au fil de la semaine.")
        if lacking:
            words = compte(lacking, "habitant n'a pas pu être calculé", "habitants n'ont pas pu être calculés")
            lines.append(f"{words} (lieu trop loin d'une route) : ni proches ni loin, hors de toutes les parts.")
        if unreached:
            lines.append("Les habitants qu'aucun chemin ne relie au service comptent au-delà de tous les seuils.")
        return lines


def moment_in_french(open_at: str) -> str:
    """« le samedi à 10:00 » or « le 28/11/2026 à 10:00 » from the text of OPEN_AT; empty when it is."""
    if not open_at.strip():
        return ""
    moment = parse_moment(open_at)
    if isinstance(moment, WeekMoment):
        return f"le {DAYS[moment.weekday].lower()} à {moment.minute // 60:02d}:{moment.minute % 60:02d}"
    return moment.strftime("le %d/%m/%Y à %H:%M")


def label_of(code: str) -> str:
    try:
        return by_code(code).libelle_fr
    except UnknownCategory:
        return basket_labels().get(code, code) or "Services"


def _number(value: Any) -> float | None:
    return or_null(as_number(value))
