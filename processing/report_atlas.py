"""The atlas of a report: a PDF with one page a zone."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeedback,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutPoint,
    QgsPrintLayout,
    QgsProcessingException,
    QgsProject,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)

from ..core.progress import Progress
from ..core.report import Report, ZoneFigures
from ..core.report.charts import strip_chart
from ..core.report.french import compte, minutes, nombre, pourcent, rang, seuil
from ..i18n import tr
from .attributes import as_text
from .basemap import ATTRIBUTION
from .layouts import MM, Frame, LayoutPage, PageTable
from .literal import literal
from .quiet_ground import LAND, LIMIT
from .report_inputs import cost_column
from .report_maps import (
    MAP_DOTS,
    MapGround,
    extent_of,
    ground_of,
    map_crs,
    of_category,
    outline_of,
    services_of_the_map,
    styled,
    unsure_of,
)
from .report_results import Results
from .styling import palette, renderers
from .styling.rules import new_rule

TOP, BOTTOM = 40, 282
"""Of what is under the heading of a page: millimetres from its top."""
LOCATOR, STRIP = Frame(140, 222, 55, 58), Frame(15, 242, 115, 14)
"""Where the zone is, and how it stands among all."""
LOGO = Frame(150, 9, 45, 20)
SMALLEST_MAP, ROW = 112, 6.2
"""Millimetres high; a row of the table, where there is room."""
MOST_LINES = 8
"""Services beside which the locator and the strip have room."""
COLUMNS = (
    ("Service", 48),
    ("à plus de {limit}", 42),
    ("part", 18),
    ("en tout", 20),
    ("temps moyen", 28),
    ("en tout", 24),
)
"""Titles of the table, and their widths in millimetres."""


def write_atlas(
    results: Results,
    report: Report,
    path: str,
    progress: Progress,
    open_at: str = "",
    ground: MapGround | None = None,
) -> None:
    """A PDF by QGIS's atlas: one A4 page a zone, with its map and figures for every category against the whole."""
    pages = of_category(results.layers["COVERAGE"], results.headline.category)
    crs = map_crs(pages)
    page = LayoutPage(QgsProject(), 210, 297)
    # Drawn by line and point, the roads and the thousands of places of a map would weigh half a megabyte.
    page.layout.renderContext().setDpi(MAP_DOTS)
    atlas = page.layout.atlas()
    atlas.setEnabled(True)
    atlas.setCoverageLayer(pages)
    atlas.setSortFeatures(True)
    atlas.setSortExpression('"zone_id"')
    page.text(report.title, Frame(15, 10, 180, 8), 11, colour="#5a5a5a")
    heading = page.text("", Frame(15, 17, 180, 12), 20, bold=True)
    lead = page.text("", Frame(15, 29, 180, 8), 11)
    if report.logo is not None:
        page.photo(report.logo.png, LOGO)
    shown, figures = _frames(len(results.categories))
    _zone_map(page, shown, results, pages, ground or ground_of(results, None), open_at)
    table = page.table(figures, [width for _title, width in COLUMNS])
    signature = " ".join(report.signature.split())
    said = [report.territory, report.date, report.circumstances, signature, "Carto Services Publics"]
    page.text(" · ".join(filter(None, said)), Frame(15, 284, 180, 6), 8, colour="#5a5a5a")
    marker = _standing(page, results, pages, crs) if len(results.categories) <= MOST_LINES else None
    _export_atlas(page.layout, path, _ZonePages(results, heading, lead, table, marker), progress)


def _frames(services: int) -> tuple[Frame, Frame]:
    """Of the map and the table: the fewer rows, the higher the map, so that the page is full."""
    foot = LOCATOR.y if services <= MOST_LINES else BOTTOM
    rows = ROW * (services + 1)
    height = max(SMALLEST_MAP, foot - TOP - rows - 10) if services <= MOST_LINES else SMALLEST_MAP
    table = TOP + height + 4
    return Frame(15, TOP, 180, height), Frame(15, table, 180, foot - table)


def _zone_map(
    page: LayoutPage, frame: Frame, results: Results, pages: QgsVectorLayer, ground: MapGround, open_at: str
) -> None:
    """The zone of the page among its neighbours, which are there and fade."""
    crs = map_crs(pages)
    facts = {"column": cost_column(results.headline.category), "threshold": results.thresholds[-1]}
    times = styled(results.layers["DEMAND"], "Temps d'accès (min)", "costs", facts)
    given = results.layers["SERVICES"]
    services = [] if given is None else services_of_the_map(given, open_at)[1]
    unsure = unsure_of(pages, facts)
    under = ground.under([*unsure, times])
    item = page.map([*services, _veil_of(pages), *under], frame, extent_of(pages, crs), crs)
    item.setAtlasDriven(True)
    item.setAtlasScalingMode(item.AtlasScalingMode.Auto)
    item.setAtlasMargin(0.15)
    page.legend(item, [times, *unsure], frame)
    page.scale_bar(item, frame)
    if ground.is_plan:
        page.sign(ATTRIBUTION, frame)


def _veil_of(zones: QgsVectorLayer) -> QgsVectorLayer:
    """The zone of the page in a strong outline, the others under a veil."""
    copy = outline_of(zones)
    root = new_rule()
    for symbol, condition in (
        (renderers.area("0,0,0,0", palette.INK, 0.9), "$id = @atlas_featureid"),
        (renderers.area("255,255,255,120", "#8a8a8a", 0.2), "ELSE"),
    ):
        root.appendChild(new_rule(symbol, condition))
    copy.setRenderer(QgsRuleBasedRenderer(root))
    return copy


def _standing(
    page: LayoutPage, results: Results, pages: QgsVectorLayer, crs: QgsCoordinateReferenceSystem
) -> QgsLayoutItemLabel:
    """Where the zone lies in the territory, and a strip of all zones' shares; the label that moves along it."""
    land = outline_of(pages)
    root = new_rule()
    for symbol, condition in (
        (renderers.area(palette.GAP, palette.GAP, 0.4), "$id = @atlas_featureid"),
        (renderers.area(LAND, LIMIT, 0.1), "ELSE"),
    ):
        root.appendChild(new_rule(symbol, condition))
    land.setRenderer(QgsRuleBasedRenderer(root))
    page.map([land], LOCATOR, extent_of(pages, crs), crs)
    last = seuil(results.thresholds[-1])
    label = results.labels[results.headline.category]
    words = f"{label} : part des habitants à plus de {last}, un trait par zone"
    page.text(words, Frame(STRIP.x, STRIP.y - 10, STRIP.width, 9), 9, bold=True)
    shares = [zone.share(-1) for zone in results.zones if zone.category == results.headline.category]
    drawing = strip_chart([share for share in shares if share is not None], results.headline.share(-1))
    page.drawing(drawing, STRIP)
    return page.text("", Frame(STRIP.x, STRIP.y + STRIP.height, STRIP.width, 6), 9, bold=True, colour=palette.GAP)


class _ZonePages:
    """Writes the words of each page of the atlas."""

    def __init__(
        self,
        results: Results,
        heading: QgsLayoutItemLabel,
        lead: QgsLayoutItemLabel,
        table: PageTable,
        marker: QgsLayoutItemLabel | None,
    ) -> None:
        self._heading, self._lead, self._table, self._marker = heading, lead, table, marker
        self._results = results
        self._whole = {each.category: each for each in results.categories}
        self._rows: dict[str, list[ZoneFigures]] = {}
        for zone in results.zones:
            self._rows.setdefault(zone.zone_id, []).append(zone)
        shares = (zone.share(-1) for zone in results.zones if zone.category == results.headline.category)
        self._shares = [share for share in shares if share is not None]

    def show(self, zone_id: str) -> None:
        """Put the figures of one zone on the page."""
        results = self._results
        rows = sorted(self._rows[zone_id], key=lambda row: -row.beyond[-1])
        forward = next(row for row in rows if row.category == results.headline.category)
        self._heading.setText(literal(forward.name))
        self._lead.setText(literal(self._lead_of(forward)))
        titles = [title.format(limit=seuil(results.thresholds[-1])) for title, _width in COLUMNS]
        self._table.show([titles, *map(self._cells, rows)])
        if self._marker is not None:
            _mark(self._marker, forward.share(-1))

    def _lead_of(self, zone: ZoneFigures) -> str:
        """Its people, their part of all, those not computed, and its rank among the zones."""
        share = zone.population / self._results.headline.population if self._results.headline.population else None
        said = [f"{compte(zone.population, 'habitant')} ({pourcent(share)} du territoire)"]
        if zone.not_computed:
            said.append(compte(zone.not_computed, "non calculé"))
        own = zone.share(-1)
        if own is not None and len(self._shares) > 1:
            rank = 1 + sum(other > own for other in self._shares)
            tied = " ex æquo" if self._shares.count(own) > 1 else ""
            said.append(f"{rang(rank)} zone la plus éloignée{tied} sur {len(self._shares)}")
        return " ; ".join(said)

    def _cells(self, row: ZoneFigures) -> list[str]:
        whole = self._whole[row.category]
        least, most = (nombre(end) for end in row.ends[-1]) if row.ends else ("", "")
        between = f" ({least}–{most})" if least != most else ""
        return [
            self._results.labels[row.category],
            f"{nombre(row.beyond[-1])}{between}",
            pourcent(row.share(-1)),
            pourcent(whole.share(-1)),
            minutes(row.mean),
            minutes(whole.mean),
        ]


def _mark(marker: QgsLayoutItemLabel, share: float | None) -> None:
    """Put a share under its place on the strip."""
    marker.setText(literal(f"▲ {pourcent(share)}" if share is not None else "non calculé"))
    x = STRIP.x + (0.02 + 0.96 * (share or 0.0)) * STRIP.width - 1.5
    marker.attemptMove(QgsLayoutPoint(min(x, STRIP.x + STRIP.width - 18), STRIP.y + STRIP.height, MM))


def _export_atlas(layout: QgsPrintLayout, path: str, pages: _ZonePages, progress: Progress) -> None:
    atlas = layout.atlas()
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText  # words one can search and a screen reader reads
    count, stop = max(atlas.updateFeatures(), 1), QgsFeedback()

    def turn_page(feature: QgsFeature) -> None:
        if feature.isValid():  # the atlas ends with a feature that is none
            pages.show(as_text(feature["zone_id"]))
        progress.show((atlas.currentFeatureNumber() + (not feature.isValid())) / count)
        if progress.cancelled():
            stop.cancel()

    atlas.featureChanged.connect(turn_page)
    result, _ = QgsLayoutExporter.exportToPdf(atlas, path, settings, stop)
    progress.check()
    if result != QgsLayoutExporter.ExportResult.Success:
        raise QgsProcessingException(tr("The PDF could not be written: {path}").format(path=path))
