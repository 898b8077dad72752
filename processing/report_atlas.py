"""The atlas of a report: a PDF with one page a zone."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsFeedback,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsPrintLayout,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
)

from ..core.progress import Progress
from ..core.report import Report, ZoneFigures
from ..core.report.french import compte, minutes, nombre, pourcent, seuil
from ..i18n import tr
from .attributes import as_text
from .basemap import ATTRIBUTION
from .layouts import Frame, LayoutPage
from .literal import literal
from .report_inputs import cost_column
from .report_maps import extent_of, map_crs, of_category, outline_of, over, services_of_the_map, styled, unsure_of
from .report_results import Results

TABLE_TOP, TABLE_BOTTOM, MOST_LINES = 178, 282, 26
"""Of the table of services: millimetres from the top of the page, and lines in a column."""


def write_atlas(
    results: Results,
    report: Report,
    path: str,
    progress: Progress,
    open_at: str = "",
    ground: QgsRasterLayer | None = None,
) -> None:
    """A PDF by QGIS's atlas: one A4 page a zone, with its map and figures for every category."""
    category = results.headline
    last = results.thresholds[-1]
    pages = of_category(results.layers["COVERAGE"], category.category)
    crs = map_crs(pages)
    facts = {"column": cost_column(category.category), "threshold": last}
    times = styled(results.layers["DEMAND"], "Temps d'accès (min)", "costs", facts)
    outline = outline_of(pages)
    given = results.layers["SERVICES"]
    services = [] if given is None else services_of_the_map(given, open_at)[1]
    unsure = unsure_of(pages, facts)
    page = LayoutPage(QgsProject(), 210, 297)
    atlas = page.layout.atlas()
    atlas.setEnabled(True)
    atlas.setCoverageLayer(pages)
    atlas.setSortFeatures(True)
    atlas.setSortExpression('"zone_id"')
    frame = Frame(15, 42, 180, 130)
    page.text(report.title, Frame(15, 12, 180, 8), 11, colour="#5a5a5a")
    heading = page.text("", Frame(15, 19, 180, 12), 20, bold=True)
    lead = page.text("", Frame(15, 31, 180, 8), 11)
    item = page.map(over(ground, [*services, outline, *unsure, times]), frame, extent_of(pages, crs), crs)
    item.setAtlasDriven(True)
    item.setAtlasScalingMode(item.AtlasScalingMode.Auto)
    item.setAtlasMargin(0.08)
    page.legend(item, [times, *unsure], frame)
    page.scale_bar(item, frame)
    if ground is not None:
        page.sign(ATTRIBUTION, frame)
    table = _atlas_table(page, len(results.categories))
    said = [report.territory, report.date, report.circumstances, "Carto Services Publics"]
    foot = " · ".join(filter(None, said))
    page.text(foot, Frame(15, 284, 180, 6), 8, colour="#5a5a5a")
    _export_atlas(page.layout, path, _ZonePages(results, heading, lead, table), progress)


class _ZonePages:
    """Writes the words of each page of the atlas."""

    def __init__(
        self,
        results: Results,
        heading: QgsLayoutItemLabel,
        lead: QgsLayoutItemLabel,
        table: list[QgsLayoutItemLabel],
    ) -> None:
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
            least, most = (nombre(end) for end in row.ends[-1]) if row.ends else ("", "")
            between = f", entre {least} et {most}" if least != most else ""
            lines.append(
                f"{results.labels[row.category]} : {nombre(row.beyond[-1])} ({pourcent(row.share(-1))}){between}, "
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
            pages.show(as_text(feature["zone_id"]))
        progress.show((atlas.currentFeatureNumber() + (not feature.isValid())) / count)
        if progress.cancelled():
            stop.cancel()

    atlas.featureChanged.connect(turn_page)
    result, _ = QgsLayoutExporter.exportToPdf(atlas, path, settings, stop)
    progress.check()
    if result != QgsLayoutExporter.ExportResult.Success:
        raise QgsProcessingException(tr("The PDF could not be written: {path}").format(path=path))


def _atlas_table(page: LayoutPage, categories: int) -> list[QgsLayoutItemLabel]:
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
