"""The report: an HTML file that needs nothing else, and a PDF with one page a zone."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsLayoutExporter,
    QgsPrintLayout,
    QgsProcessingException,
    QgsProcessingParameterVectorLayer,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QBuffer, QIODevice, QSize

from ..core.access.baskets import labels as basket_labels
from ..core.access.opening import WeekMoment, opening_at, parse_moment
from ..core.categories import UnknownCategory, by_code
from ..core.columns import column_name
from ..core.errors import InvalidInput
from ..core.network import RoadSource
from ..core.network.errors import NetworkFileInvalid
from ..core.network.file import read_header
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
    render_page,
    worst_zones,
)
from ..core.report.charts import cumulative_chart, gain_chart, share_chart
from ..core.report.french import compte, minutes, nombre, pourcent, seuil
from ..core.report.page import ProposedSite, TimetableRow
from ..core.report.sources import source_by_preset, source_line
from ..i18n import tr
from .asked import Asked
from .attributes import is_null
from .base import CartoAlgorithm
from .coordinates import project_mover
from .coverage_layer import intervals_by_category, served_of, thresholds_of
from .layouts import Frame, Page, filling, map_settings
from .literal import literal
from .meanwhile import drawn, worked_out
from .network_input import NetworkParameter
from .population_groups import in_words
from .qgis_enums import AlgorithmFlag, FeatureRequestFlag, SourceType
from .roads import LayerRoads, Roads, given_roads
from .styling import apply_style, palette, renderers

NAME_COLUMNS = ("nom", "name", "libelle", "nom_officiel")
MAP_FRAME = Frame(0, 0, 180, 120)
MAP_DOTS = 110
"""To the inch."""
MM_AN_INCH = 25.4
LAMBERT_93 = "EPSG:2154"
LAYERS = ("COVERAGE", "DEMAND", "GAPS", "SERVICES", "BASKET", "SITES", "TIMETABLE", "GROUPS")
ROWS_AT_ONCE = 5000
"""Read between two looks at what happens in the interface."""
TRAVELS = {"car": "en voiture", "foot": "à pied", "bike": "à vélo"}
MOST_TIMETABLES = 4
TABLE_TOP, TABLE_BOTTOM, MOST_LINES = 178, 282, 26
"""Of the atlas's table of services: millimetres from the top of the page, and lines in a column."""
HOURS = range(7, 21)
"""Those a report shows."""
DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


class ReportInputError(InvalidInput):
    """A layer that is not what the report needs."""


_READ = {
    "COVERAGE": ("zone_id", "categorie", "population", "cout_moyen"),
    "TIMETABLE": ("categorie", "seuil", "jour", "heure", "part"),
    "SITES": ("rang", "gain"),
    "BASKET": ("manquants",),
    "GROUPS": ("groupe", "categorie", "seuil", "population", "pop_au_dela", "part_au_dela", "ecart"),
}
_OF_NUMBERS = {
    "COVERAGE": re.compile(r"pop_.*|part_.*|cout_.*|population"),
    "DEMAND": re.compile(r"cout_.*|population"),
    "TIMETABLE": re.compile(r"seuil|jour|heure|part"),
    "SITES": re.compile(r"rang|gain"),
    "GROUPS": re.compile(r"seuil|population|pop_.*|part_.*|ecart"),
}


class AccessReport(CartoAlgorithm):
    """`cartoservices:accessreport`"""

    ID = "accessreport"
    GROUP = "report"

    def displayName(self) -> str:
        return tr("Access report")

    def flags(self):
        # Layouts are drawn on the main thread.
        return super().flags() | AlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration=None) -> None:
        layers = (
            ("COVERAGE", tr("Coverage by zone (of “Coverage gaps”)"), SourceType.VectorPolygon, False),
            ("DEMAND", tr("Demand with its costs (of “Coverage gaps”)"), SourceType.Vector, False),
            ("GAPS", tr("Gap areas (of “Coverage gaps”)"), SourceType.VectorPolygon, True),
            ("SERVICES", tr("Services"), SourceType.VectorPoint, True),
            ("BASKET", tr("Result of “Basket of services”"), SourceType.Vector, True),
            ("SITES", tr("Places proposed (of “Where to open”)"), SourceType.Vector, True),
            ("TIMETABLE", tr("Table weekday × hour"), SourceType.Vector, True),
            ("GROUPS", tr("Figures by group (of “Coverage gaps”)"), SourceType.Vector, True),
        )
        for name, label, kind, optional in layers:
            self.addParameter(QgsProcessingParameterVectorLayer(name, label, [kind], optional=optional))
        self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)
        roads = tr("Roads travelled on (to name their source)")
        self.add_advanced(NetworkParameter("NETWORK", roads, [SourceType.VectorLine], None, True))
        self.add_text("TITLE", tr("Title"), "Accessibilité des services au public")
        self.add_text("TERRITORY_NAME", tr("Name of the territory"), optional=True)
        self.add_enum("PROFILE", tr("Travelling by"), list(TRAVELS), None, optional=True)
        self.add_text("OPEN_AT", tr("Only places open at (such as “samedi 10:00”)"), optional=True)
        self.add_text("CATEGORY", tr("Service put forward (code; empty: the worst served)"), optional=True)
        self.add_file_output("HTML", tr("Page (HTML)"), tr("HTML (*.html)"))
        self.add_file_output("PDF", tr("Atlas, one page a zone (PDF)"), tr("PDF (*.pdf)"), optional=True)

    def compute(self, asked: Asked) -> dict[str, Any]:
        layers = {name: asked.layer(name) for name in LAYERS}
        roads = given_roads(asked.parameters.get("NETWORK"), asked.context)
        results = Results(layers, asked.column("DEMAND_WEIGHT"), asked.text("CATEGORY"), asked.upto(0.1), roads)
        travel, open_at = TRAVELS.get(asked.choice("PROFILE"), ""), asked.text("OPEN_AT")
        maps = draw_maps(results, open_at, asked.upto(0.5))
        title, territory = asked.column("TITLE"), asked.column("TERRITORY_NAME")
        report = results.report(title, territory, maps, travel, moment_in_words(open_at))
        answer = {}
        html = asked.destination("HTML")
        if html:
            Path(html).write_text(worked_out(partial(render_page, report)), encoding="utf-8")
            answer["HTML"] = html
        pdf = asked.destination("PDF")
        if pdf:
            write_atlas(results, report, pdf, asked.upto(1.0), open_at)
            answer["PDF"] = pdf
        return answer


class Results:
    """The layers of the analysis, and the figures read from them.

    Attributes:
        thresholds: minutes, growing, as the coverage's columns name them.
        zones: a row for each zone and category.
        categories: over the whole territory, the one put forward first, then the worst served.
        sites: the places proposed, by rank.
    """

    def __init__(
        self, layers: dict[str, QgsVectorLayer | None], weight: str, forward: str, progress: Progress, roads=None
    ):
        self.layers, self.roads = layers, roads
        coverage, demand = layers["COVERAGE"], layers["DEMAND"]
        if coverage is None or demand is None:
            raise ReportInputError("The report needs the coverage by zone and the demand with its costs.")
        self._columns = thresholds_of(coverage)
        if not self._columns:
            raise ReportInputError("The coverage by zone is not a result of “Coverage gaps”: no column pop_au_dela_….")
        if coverage.featureCount() == 0:
            raise ReportInputError("The coverage by zone is empty.")
        _require_columns(layers)
        self.thresholds = tuple(self._columns.values())
        self.zones = [self._zone(feature) for feature in coverage.getFeatures()]
        codes = list(dict.fromkeys(zone.category for zone in self.zones))
        weights, *costs = _numbers(demand, [weight, *map(cost_column, codes)], progress)
        self.computed = _without_reason(demand)
        self.weights = np.where(weights > 0, weights, 0.0) if weight else np.ones(len(weights))
        self.costs = dict(zip(codes, costs))
        figures = [category_figures(self.zones, code, self.costs[code], self.weights) for code in codes]
        if forward and forward not in codes:
            raise ReportInputError("The coverage by zone says nothing of the service “{code}”.", code=forward)
        self.categories = sorted(figures, key=lambda one: (one.category != forward, -one.beyond[-1]))
        self.labels = {code: _label(code) for code in codes}
        self.sites = self._sites()

    @property
    def headline(self) -> CategoryFigures:
        """The category put forward: the one of the maps."""
        return self.categories[0]

    def report(self, title: str, territory: str, maps: list[Picture], travel: str, moment: str) -> Report:
        """All that the page says; ``travel`` and ``moment`` as `TRAVELS` and `moment_in_words` put them."""
        return Report(
            title=title,
            territory=territory or tr("Territory"),
            date=date.today().strftime("%d/%m/%Y"),
            travel=travel,
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
            groups=self._groups(),
            doubts=self._doubts(),
            method=self._method(travel, moment),
            sources=self._sources(),
            **self._timetable(),
        )

    def _zone(self, feature: QgsFeature) -> ZoneFigures:
        names = feature.fields().names()
        zone_id = _text(feature, "zone_id")
        name = next((_text(feature, column) for column in NAME_COLUMNS if column in names), "") or zone_id
        mean = _number(feature["cout_moyen"])
        served = served_of(feature, self._columns)
        return ZoneFigures(
            zone_id,
            name or "Hors zone",
            _text(feature, "categorie"),
            served.population,
            served.beyond,
            mean if mean == mean else None,
            served.unreached,
            served.not_computed,
        )

    def _charts(self) -> list[Picture]:
        longest = 1.5 * self.thresholds[-1]
        known = [category for category in self.categories if category.share(-1) is not None]
        curves = {
            self.labels[category.category]: cumulative_curve(self.costs[category.category], self.weights, self.computed)
            for category in known[:7]
        }
        charts = [
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
                    [category.share(-1) for category in known],
                    palette.GAP,
                ),
            ),
        ]
        sites = self.sites
        if sites:
            gains = list(np.cumsum([site.gain for site in sites]))
            verb = "rapproche" if len(sites) == 1 else "rapprochent"
            words = f"{compte(len(sites), 'lieu', 'lieux')} {verb} {compte(gains[-1], 'habitant')}."
            charts.append(
                Picture(
                    "Ce qu'apportent les lieux proposés",
                    words,
                    svg=gain_chart([site.rank for site in sites], gains, palette.BETTER),
                )
            )
        return charts

    def _curves_in_words(self) -> str:
        parts = []
        for category in [each for each in self.categories if each.share(-1) is not None][:3]:
            within = 1 - category.share(-1)
            parts.append(f"{self.labels[category.category]} : {pourcent(within)} en {seuil(self.thresholds[-1])}")
        return " ; ".join(parts) + "."

    def _missing(self) -> list[tuple[str, float]]:
        basket = self.layers["BASKET"]
        if basket is None or basket.fields().lookupField("manquants") < 0:
            return []
        features = list(basket.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
        weights = self.weights if len(features) == len(self.weights) else np.ones(len(features))
        people: dict[str, float] = {}
        for feature, weight in zip(features, weights):
            for code in filter(None, (part.strip() for part in _text(feature, "manquants").split(","))):
                people[code] = people.get(code, 0.0) + float(weight)
                self.labels.setdefault(code, _label(code))
        return sorted(people.items(), key=lambda item: -item[1])

    def _groups(self) -> dict[str, list[GroupShare]]:
        """Shares of the groups beyond the last threshold, in the order of the categories, the worst off first."""
        layer, found = self.layers.get("GROUPS"), {}
        for row in layer.getFeatures() if layer is not None else ():
            name, share, gap = _text(row, "groupe"), _number(row["part_au_dela"]), _number(row["ecart"])
            if name and _number(row["seuil"]) == self.thresholds[-1] and math.isfinite(share) and math.isfinite(gap):
                people = (_number(row["population"]), _number(row["pop_au_dela"]))
                group = GroupShare(in_words(group_label(name)), *people, share, share - gap)
                found.setdefault(_text(row, "categorie"), []).append(group)
        order = [each.category for each in self.categories if each.category in found]
        return {code: sorted(found[code], key=lambda group: group.everyone - group.share) for code in order}

    def _doubts(self) -> list[Doubt]:
        """The interval of each category at the last threshold; none from a coverage that states none."""
        intervals = intervals_by_category(self.layers["COVERAGE"])
        return [
            Doubt(each.category, each.beyond[-1], *intervals[each.category][-1], each.not_computed)
            for each in self.categories
            if each.category in intervals
        ]

    def _sites(self) -> list[ProposedSite]:
        layer = self.layers["SITES"]
        if layer is None:
            return []
        sites = []
        for feature in layer.getFeatures():
            names = feature.fields().names()
            rank, gain = _number(feature["rang"]), _number(feature["gain"])
            name = next((_text(feature, column) for column in NAME_COLUMNS if column in names), "")
            if rank is not None and gain is not None:
                sites.append(ProposedSite(int(rank), name or f"Lieu {int(rank)}", gain))
        return sorted(sites)

    def _timetable(self) -> dict[str, Any]:
        """For each category of the table, a row a weekday."""
        layer = self.layers["TIMETABLE"]
        if layer is None:
            return {}
        share: dict[str, dict[tuple[int, int], float | None]] = {}
        for feature in layer.getFeatures():
            if _number(feature["seuil"]) == self.thresholds[-1]:
                hours = share.setdefault(_text(feature, "categorie"), {})
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
        return {"timetables": tables, "hours": tuple(f"{hour} h" for hour in HOURS)}

    def _method(self, travel: str, moment: str) -> list[str]:
        unreached = sum(category.unreached for category in self.categories)
        lacking = max((category.not_computed for category in self.categories), default=0.0)
        lines = [
            f"Temps de trajet {travel} par le plus court chemin sur le réseau routier, ".replace("  ", " ")
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

    def _sources(self) -> list[str]:
        """Where each input comes from: as it says, else as its columns tell, else its name."""
        roles = (("Services", "SERVICES"), ("Habitants", "DEMAND"), ("Zones", "COVERAGE"))
        lines = [_source_of(role, self.layers[name]) for role, name in roles if self.layers[name] is not None]
        return [*lines, *([_source_of_roads(self.roads)] if self.roads else [])]


def _source_of(role: str, layer: QgsVectorLayer) -> str:
    told = layer.metadata()
    said = f"{told.abstract()} {', '.join(told.licenses())}".strip()
    return source_line(role, said, layer.fields().names(), layer.name(), renderers.values_of(layer, "producteur"))


def _source_of_roads(roads: Roads) -> str:
    """Of a network file by the layer that it was made from, of a layer of roads by its fields."""
    said, layer = "", roads
    if isinstance(roads, Path):
        with suppress(NetworkFileInvalid):
            header = read_header(roads)
            said = source_by_preset(header["network"]["report"]["preset"])
            layer = RoadSource(**header["recorded"]["source"]) if header["recorded"] else roads
    if isinstance(layer, LayerRoads):
        return source_line("Routes", said, layer.fields, layer.name)
    columns: list[str] = []
    if isinstance(layer, RoadSource):
        read = QgsVectorLayer(f"{layer.path}|layername={layer.layer}" if layer.layer else layer.path, "", "ogr")
        columns, layer = read.fields().names(), Path(layer.path)
    return source_line("Routes", said, columns, layer.stem)


def moment_in_words(open_at: str) -> str:
    """« le samedi à 10:00 » or « le 28/11/2026 à 10:00 » from the text of OPEN_AT; empty when it is."""
    if not open_at.strip():
        return ""
    moment = parse_moment(open_at)
    if isinstance(moment, WeekMoment):
        return f"le {DAYS[moment.weekday].lower()} à {moment.minute // 60:02d}:{moment.minute % 60:02d}"
    return moment.strftime("le %d/%m/%Y à %H:%M")


def draw_maps(results: Results, moment: str, progress: Progress) -> list[Picture]:
    """The maps of the page: services, access time, share beyond the last threshold, gap areas."""
    category = results.headline
    label, last = results.labels[category.category], results.thresholds[-1]
    zones = _of_category(results.layers["COVERAGE"], category.category)
    crs = map_crs(zones)
    extent = _extent(zones, crs)
    outline = _outline(zones)
    maps = []
    if results.layers["SERVICES"] is not None:
        words, drawn_services = _services_of_the_map(results, moment)
        maps.append(("Les services", words, [*drawn_services, outline], drawn_services))
    facts = {"column": cost_column(category.category), "threshold": last}
    times = _dressed(results.layers["DEMAND"], "Temps d'accès (min)", "costs", facts)
    words = f"Temps vers le service le plus proche ({label}) ; en moyenne {minutes(category.mean)}."
    maps.append((f"Temps d'accès : {label}", words, [times, outline], [times]))
    shares = _dressed(zones, f"Habitants à plus de {seuil(last)}", "coverage", facts)
    words = f"Part des habitants de chaque zone à plus de {seuil(last)} ; {pourcent(category.share(-1))} en tout."
    maps.append((f"Part de la population éloignée : {label}", words, [shares], [shares]))
    if results.layers["GAPS"] is not None:
        inhabited = _inhabited(_of_category(results.layers["GAPS"], category.category, last))
        gaps = _dressed(inhabited, "Secteurs mal desservis", "gaps")
        sectors = compte(gaps.featureCount(), "secteur habité", "secteurs habités")
        words = f"{sectors} d'un seul tenant à plus de {seuil(last)}."
        maps.append((f"Secteurs mal desservis : {label}", words, [gaps, outline], [gaps]))
    pictures = []
    for rank, (title, words, layers, legend) in enumerate(maps):
        progress.advance(rank / len(maps))
        pictures.append(Picture(title, words, png=_draw(layers, legend, extent, crs)))
    return pictures


def write_atlas(results: Results, report: Report, path: str, progress: Progress, open_at: str = "") -> None:
    """A PDF by QGIS's atlas: one A4 page a zone, with its map and figures for every category."""
    category = results.headline
    last = results.thresholds[-1]
    pages = _of_category(results.layers["COVERAGE"], category.category)
    crs = map_crs(pages)
    facts = {"column": cost_column(category.category), "threshold": last}
    times = _dressed(results.layers["DEMAND"], "Temps d'accès (min)", "costs", facts)
    outline = _outline(pages)
    services = [] if results.layers["SERVICES"] is None else _services_of_the_map(results, open_at)[1]
    page = Page(QgsProject(), 210, 297)
    atlas = page.layout.atlas()
    atlas.setEnabled(True)
    atlas.setCoverageLayer(pages)
    atlas.setSortFeatures(True)
    atlas.setSortExpression('"zone_id"')
    frame = Frame(15, 42, 180, 130)
    page.text(report.title, Frame(15, 12, 180, 8), 11, colour="#5a5a5a")
    heading = page.text("", Frame(15, 19, 180, 12), 20, bold=True)
    lead = page.text("", Frame(15, 31, 180, 8), 11)
    item = page.map([*services, outline, times], frame, _extent(pages, crs), crs)
    item.setAtlasDriven(True)
    item.setAtlasScalingMode(item.AtlasScalingMode.Auto)
    item.setAtlasMargin(0.08)
    page.legend(item, [times], frame)
    page.scale_bar(item, frame)
    table = _atlas_table(page, len(results.categories))
    said = [report.territory, report.date, report.circumstances, "Carto Services Publics"]
    foot = " · ".join(filter(None, said))
    page.text(foot, Frame(15, 284, 180, 6), 8, colour="#5a5a5a")
    _export_atlas(page.layout, path, _ZonePages(results, heading, lead, table), progress)


class _ZonePages:
    """Writes the words of each page of the atlas."""

    def __init__(self, results: Results, heading, lead, table) -> None:
        self._heading, self._lead, self._table = heading, lead, table
        self._results = results
        self._rows: dict[str, list[ZoneFigures]] = {}
        for zone in results.zones:
            self._rows.setdefault(zone.zone_id, []).append(zone)

    def show(self, zone_id: str) -> None:
        """Put the figures of one zone on the page."""
        results = self._results
        rows = sorted(self._rows[zone_id], key=lambda row: -row.beyond[-1])
        last = results.thresholds[-1]
        self._heading.setText(literal(rows[0].name))
        lacking = max(row.not_computed for row in rows)
        words = f" ; {compte(lacking, 'non calculé')}" if lacking else ""
        self._lead.setText(f"{compte(rows[0].population, 'habitant')}{words}")
        lines = [f"Habitants à plus de {seuil(last)}"]
        for row in rows:
            lines.append(
                f"{results.labels[row.category]} : {nombre(row.beyond[-1])} ({pourcent(row.share(-1))}), "
                f"temps moyen {minutes(row.mean)}"
            )
        for label, line in zip(self._table, [*lines, *[""] * len(self._table)]):
            label.setText(literal(line))


def _export_atlas(layout: QgsPrintLayout, path: str, pages: _ZonePages, progress: Progress) -> None:
    atlas = layout.atlas()
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText  # words one can search and a screen reader reads
    count, stop = max(atlas.updateFeatures(), 1), QgsFeedback()

    def turn_page(feature: QgsFeature) -> None:
        if feature.isValid():  # the atlas ends with a feature that is none
            pages.show(_text(feature, "zone_id"))
        progress.show((atlas.currentFeatureNumber() + (not feature.isValid())) / count)
        if progress.cancelled():
            stop.cancel()

    atlas.featureChanged.connect(turn_page)
    result, _ = QgsLayoutExporter.exportToPdf(atlas, path, settings, stop)
    progress.check()
    if result != QgsLayoutExporter.ExportResult.Success:
        raise QgsProcessingException(tr("The PDF could not be written: {path}").format(path=path))


def _atlas_table(page: Page, categories: int) -> list:
    """A title, and a line for each category: smaller, then in columns, the more there are."""
    title = page.text("", Frame(15, TABLE_TOP, 180, 7), 10, bold=True)
    columns = -(-categories // MOST_LINES)
    lines = -(-categories // max(columns, 1))
    height = min(7.0, (TABLE_BOTTOM - TABLE_TOP - 7) / max(lines, 1))
    width = 180 / max(columns, 1)
    size = min(10.0, 10 * height / 5, 10 if columns < 2 else 6.5)
    frames = (
        Frame(15 + width * (row // lines), TABLE_TOP + 7 + height * (row % lines), width, height)
        for row in range(categories)
    )
    return [title, *(page.text("", frame, size) for frame in frames)]


def _services_of_the_map(results: Results, open_at: str) -> tuple[str, list[QgsVectorLayer]]:
    """What the map of services says and shows; those that are not open at the moment apart, in grey."""
    services = results.layers["SERVICES"]
    if not open_at:
        words = f"{compte(services.featureCount(), 'service')} sur le territoire."
        return words, [_dressed(services, "Services", "services")]
    rows = list(services.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
    known = services.fields().lookupField("horaires") >= 0
    opening = opening_at([_text(row, "horaires") if known else "" for row in rows], parse_moment(open_at))
    numbers = {row.id() for row, is_open in zip(rows, opening.open) if is_open}
    open_then = services.materialize(QgsFeatureRequest().setFilterFids(list(numbers)))
    others = services.materialize(
        QgsFeatureRequest().setFilterFids([row.id() for row in rows if row.id() not in numbers])
    )
    closed = _dressed(others, "Fermés ou horaires inconnus", "services")
    closed.setRenderer(QgsSingleSymbolRenderer(renderers.marker("circle", palette.NOT_COMPUTED, 2.0, "#6b6b6b", 0.2)))
    words = (
        f"{compte(len(numbers), 'lieu ouvert', 'lieux ouverts')} {moment_in_words(open_at)} ; "
        f"{compte(int((~opening.open & ~opening.unknown).sum()), 'fermé')}, "
        f"{nombre(int(opening.unknown.sum()))} aux horaires inconnus, en gris."
    )
    return words, [_dressed(open_then, "Lieux ouverts", "services"), closed]


def _inhabited(gaps: QgsVectorLayer) -> QgsVectorLayer:
    return gaps.materialize(QgsFeatureRequest().setFilterExpression('"population" > 0'))


def _without_reason(demand: QgsVectorLayer) -> np.ndarray:
    """(n,) bool: the rows that could be computed."""
    if demand.fields().lookupField("raison") < 0:
        return np.ones(demand.featureCount(), bool)
    request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)
    return np.array([not _text(row, "raison") for row in demand.getFeatures(request)], bool)


def cost_column(category: str) -> str:
    """The demand's column of minutes to a category, as `coveragegaps` names it."""
    return column_name("cout", category)


def map_crs(layer: QgsVectorLayer) -> QgsCoordinateReferenceSystem:
    """The layer's own CRS when it is projected, else Lambert-93."""
    return QgsCoordinateReferenceSystem(LAMBERT_93) if layer.crs().isGeographic() else layer.crs()


def _draw(layers: list, legend: list, extent: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> bytes:
    """A PNG of one map with legend and scale."""
    size = QSize(*(round(side / MM_AN_INCH * MAP_DOTS) for side in MAP_FRAME[2:]))
    ground = drawn(map_settings(layers, filling(extent, MAP_FRAME), crs, size, MAP_DOTS))
    page = Page(QgsProject(), MAP_FRAME.width, MAP_FRAME.height)
    item = page.map([], MAP_FRAME, extent, crs)
    item.setBackgroundEnabled(False)
    page.legend(item, legend, MAP_FRAME)
    page.scale_bar(item, MAP_FRAME)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    page.image(ground).save(buffer, "PNG")
    return bytes(buffer.data())


def _of_category(layer: QgsVectorLayer, category: str, threshold: float | None = None) -> QgsVectorLayer:
    """A copy in memory of the rows of one category (and threshold)."""
    quoted = category.replace("'", "''")
    condition = f"coalesce(\"categorie\", '') = '{quoted}'"
    if threshold is not None:
        condition += f' and "seuil" = {threshold}'
    request = QgsFeatureRequest().setFilterExpression(condition)
    return layer.materialize(request)


def _dressed(layer: QgsVectorLayer, name: str, style: str, facts: dict[str, Any] | None = None) -> QgsVectorLayer:
    copy = layer.clone()
    copy.setName(name)
    apply_style(copy, style, facts)
    return copy


def _outline(zones: QgsVectorLayer) -> QgsVectorLayer:
    copy = zones.clone()
    copy.setName("Zones")
    copy.setRenderer(QgsSingleSymbolRenderer(renderers.area("0,0,0,0", "#5a5a5a", 0.3)))
    copy.setLabelsEnabled(False)
    return copy


def _extent(layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    extent = project_mover(layer.crs(), crs).box(layer.extent())
    return extent.buffered(0.03 * max(extent.width(), extent.height()))


def _label(code: str) -> str:
    try:
        return by_code(code).libelle_fr
    except UnknownCategory:
        return basket_labels().get(code, code) or "Services"


def _text(feature: QgsFeature, column: str) -> str:
    value = feature[column]
    return "" if is_null(value) else str(value)


def _number(value: Any) -> float | None:
    number = None if is_null(value) else float(value)
    return number if number is not None and math.isfinite(number) else None


def _require_columns(layers: dict[str, QgsVectorLayer | None]) -> None:
    """Raise `ReportInputError` for a layer that lacks what the report reads in it, or has text for numbers there."""
    given = {name: layer.fields() for name, layer in layers.items() if layer is not None}
    for name, fields in given.items():
        for column in _READ.get(name, ()):
            if fields.lookupField(column) < 0:
                raise ReportInputError("The layer {name} has no column “{field}”.", name=name, field=column)
        for field in fields if name in _OF_NUMBERS else ():
            if _OF_NUMBERS[name].fullmatch(field.name()) and not field.isNumeric():
                raise ReportInputError(
                    "The column “{field}” of the layer {name} holds text, not numbers.", name=name, field=field.name()
                )


def _numbers(layer: QgsVectorLayer, columns: list[str], progress: Progress) -> np.ndarray:
    """(columns, n) float64, NaN for NULL and for a column without a name."""
    places = [layer.fields().lookupField(column) for column in columns]
    request = (
        QgsFeatureRequest()
        .setFlags(FeatureRequestFlag.NoGeometry)
        .setSubsetOfAttributes([place for place in places if place >= 0])
    )
    rows = []
    for feature in layer.getFeatures(request):
        if len(rows) % ROWS_AT_ONCE == 0:
            progress.advance(min(1.0, len(rows) / max(layer.featureCount(), 1)))
        values = (feature[place] if place >= 0 else None for place in places)
        rows.append([np.nan if is_null(value) else float(value) for value in values])
    return np.array(rows, dtype=float).reshape(-1, len(columns)).T
