"""The atlas of a report: a PDF with one page a zone, a group of zones, or both."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeedback,
    QgsGeometry,
    QgsInvertedPolygonRenderer,
    QgsLayoutExporter,
    QgsMarkerSymbol,
    QgsPrintLayout,
    QgsProcessingException,
    QgsProject,
    QgsProperty,
    QgsRenderContext,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

from ..core.messages import msg
from ..core.progress import Progress
from ..core.report import Report, ZoneFigures
from ..core.report.charts import strip_chart
from ..core.report.french import compte, minutes, nombre, pourcent, rang, rang_masculin, seuil
from ..core.report.light_pdf import lighten
from ..i18n import tr
from . import atlas_layout as ids
from .atlas_layout import (
    OF_SERVICES,
    OF_ZONES,
    AtlasLayout,
    Columns,
    layout_in_project,
    layout_like,
    layout_of_template,
    move_marker,
    plain_layout,
    rows_that_fit,
)
from .basemap import ATTRIBUTION
from .coordinates import project_mover
from .layouts import PageTable, draw_in, explain, filling, show_in
from .meanwhile import worked_out
from .qgis_enums import LayoutRenderFlag, LayoutRenderFlags
from .quiet_ground import LAND, LIMIT
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
from .report_pages import (
    BOTH,
    BY_ZONE,
    AtlasPage,
    ZoneGroups,
    group_column,
    groups_of,
    layer_of_pages,
    neighbours_of,
    pages_of,
    places_by_zone,
)
from .report_results import Results
from .settings import REPORT_TEMPLATE
from .styling import palette, renderers
from .styling.rules import new_rule

OF_GROUP = (18, 18)
"""Widths of the two columns that the table has more for a zone among those of its group."""
_VEIL, _LARGE = 0.5, 2.2
"""How opaque the veil over all around is; millimetres of a point in the legend."""
_STEP = 0.25
"""Millimetres within which the line of a coast is straight on the map that shows where the zone is."""


class Wanted(NamedTuple):
    """What the atlas is asked for: its pages, the column of its groups, the user's template, the moment of opening."""

    pages: str = BY_ZONE
    group_field: str = ""
    template: str = ""
    open_at: str = ""


def write_atlas(
    results: Results,
    report: Report,
    path: str,
    progress: Progress,
    wanted: Wanted | None = None,
    ground: MapGround | None = None,
) -> None:
    """A PDF by QGIS's atlas, each page with its map and figures for every category against the whole.

    Raises `ReportInputError` for a template that is none, and where nothing says the groups that are asked for.
    """
    wanted = wanted or Wanted()
    coverage = results.layers["COVERAGE"]
    groups = groups_of(coverage, group_column(coverage, wanted.group_field)) if wanted.pages != BY_ZONE else None
    pages = pages_of(results, wanted.pages, groups)
    layer = layer_of_pages(results, pages)
    project = QgsProject()
    shown = _layout_for(project, len(results.categories), wanted.template, progress)
    _write_around(shown, report)
    kept = _draw_maps(shown, results, layer, ground or ground_of(results, None), wanted.open_at)
    words = _PageWords(results, shown, pages, groups, wanted)
    _export_atlas(shown.layout, layer, path, words, progress)
    del kept  # the maps hold no layer
    worked_out(partial(lighten, path))


def _layout_for(project: QgsProject, services: int, template: str, progress: Progress) -> AtlasLayout:
    """By the template asked for, else as the user changed it in the project, else by the organisation's, else plain."""
    own = layout_in_project(QgsProject.instance())
    path = template or ("" if own is not None else REPORT_TEMPLATE.value())
    if path:
        layout = layout_of_template(project, path)
    elif own is not None:
        layout = layout_like(project, own)
        progress.info(msg("The atlas follows the layout “{name}” of the project.", name=own.name()))
    else:
        return AtlasLayout(plain_layout(project, services))
    shown = AtlasLayout(layout)
    if shown.lacking:
        progress.warn(
            msg(
                "The layout has no item of the id {names}: what it would show is on no page."
                "|The layout has no items of the ids {names}: what they would show is on no page.",
                count=len(shown.lacking),
                names=", ".join(f"« {name} »" for name in shown.lacking),
            )
        )
    return shown


def _write_around(shown: AtlasLayout, report: Report) -> None:
    """What is the same on all pages."""
    shown.write(ids.TITLE, report.title)
    said = [report.territory, report.date, report.circumstances, "Carto Services Publics"]
    shown.write(ids.FOOT, " · ".join(filter(None, said)))
    shown.sign(" ".join(report.signature.split()))
    if report.logo is not None and ids.LOGO in shown.items:
        show_in(shown.items[ids.LOGO], report.logo.png)


# -- maps -------------------------------------------------------------------------------------------------------------


def _draw_maps(
    shown: AtlasLayout, results: Results, pages: QgsVectorLayer, ground: MapGround, open_at: str
) -> list[QgsVectorLayer]:
    """Fill the map of the page, its legend, its signature, and the one that says where it is; the layers to hold."""
    zones = of_category(results.layers["COVERAGE"], results.headline.category)
    facts = {"column": results.cost_columns[results.headline.category], "threshold": results.thresholds[-1]}
    times = styled(results.layers["DEMAND"], "Temps d'accès (min)", "costs", facts)
    given = results.layers["SERVICES"]
    services = [] if given is None else services_of_the_map(given, open_at)[1]
    unsure = unsure_of(zones, facts)
    layers = [*services, *_highlighted(pages), *ground.under([*unsure, times])]
    if ids.MAP in shown.items:
        item = shown.items[ids.MAP]
        item.setCrs(map_crs(zones))
        item.setFollowVisibilityPreset(False)
        item.setKeepLayerSet(True)
        item.setLayers(layers)
        item.setExtent(filling(extent_of(zones, map_crs(zones)), shown.frame(ids.MAP)))
    if ids.LEGEND in shown.items:
        times = _with_large_symbols(times)
        explain(shown.items[ids.LEGEND], [times, *unsure])
    shown.write(ids.PRODUCER, ATTRIBUTION if ground.is_plan else "")
    return [*layers, times, *unsure, *_locate(shown, zones, pages)]


def _with_large_symbols(layer: QgsVectorLayer) -> QgsVectorLayer:
    """A copy whose points are of one size, that their colours be read in a legend."""
    copy = layer.clone()
    for symbol in copy.renderer().symbols(QgsRenderContext()):
        if isinstance(symbol, QgsMarkerSymbol):
            symbol.setDataDefinedSize(QgsProperty())
            symbol.setSize(_LARGE)
    return copy


def _highlighted(pages: QgsVectorLayer) -> list[QgsVectorLayer]:
    """The zone of the page in a strong outline, all around it under a veil."""
    line, veil = outline_of(pages), outline_of(pages)
    this = "$id = @atlas_featureid"
    line.setRenderer(_by_rules((renderers.area("0,0,0,0", palette.INK, 0.9), this)))
    veil.setRenderer(QgsInvertedPolygonRenderer(_by_rules((renderers.area(palette.PAPER, "0,0,0,0", 0.0), this))))
    # As a whole, so that the map is a picture: drawn by line and point, roads and thousands of places weigh far more.
    veil.setOpacity(_VEIL)
    return [line, veil]


def _locate(shown: AtlasLayout, zones: QgsVectorLayer, pages: QgsVectorLayer) -> list[QgsVectorLayer]:
    """Where the zone lies in the territory, whose outline is drawn as finely as the map shows it."""
    if ids.LOCATOR not in shown.items:
        return []
    item, crs = shown.items[ids.LOCATOR], map_crs(zones)
    here = outline_of(pages)
    here.setRenderer(_by_rules((renderers.area(palette.GAP, palette.GAP, 0.4), "$id = @atlas_featureid")))
    frame = shown.frame(ids.LOCATOR)
    extent = filling(extent_of(zones, crs), frame)
    land = _outline_of_land(zones, crs, _STEP * extent.width() / frame.width)
    item.setCrs(crs)
    item.setKeepLayerSet(True)
    item.setLayers([here, land])
    item.setExtent(extent)
    return [here, land]


def _outline_of_land(zones: QgsVectorLayer, crs: QgsCoordinateReferenceSystem, step: float) -> QgsVectorLayer:
    """The zones as one land, its coast drawn by lines that stray ``step`` at most (units of the CRS)."""
    land = QgsVectorLayer("MultiPolygon", "", "memory")
    land.setCrs(crs)
    moved = map(project_mover(zones.crs(), crs).geometry, (row.geometry().makeValid() for row in zones.getFeatures()))
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.unaryUnion([shape for shape in moved if shape is not None]).simplify(step))
    land.dataProvider().addFeature(feature)
    land.updateExtents()
    land.setRenderer(QgsSingleSymbolRenderer(renderers.area(LAND, LIMIT, 0.2)))
    return land


def _by_rules(*rules: tuple) -> QgsRuleBasedRenderer:
    root = new_rule()
    for symbol, condition in rules:
        root.appendChild(new_rule(symbol, condition))
    return QgsRuleBasedRenderer(root)


# -- words ------------------------------------------------------------------------------------------------------------


class _PageWords:
    """Writes the words of each page of the atlas."""

    def __init__(
        self, results: Results, shown: AtlasLayout, pages: list[AtlasPage], groups: ZoneGroups | None, wanted: Wanted
    ) -> None:
        self._results, self._shown, self._pages, self._groups = results, shown, pages, groups
        self._beside = groups if wanted.pages == BOTH else None
        self._headline, self._limit = results.headline.category, seuil(results.thresholds[-1])
        self._whole = {each.category: each for each in results.categories}
        self._zones = {row.zone_id: row for row in results.zones if row.category == self._headline}
        self._by_group = {page.rows[0].zone_id: page for page in pages if page.is_group}
        self._neighbours = neighbours_of(results, pages) if ids.ZONES in shown.items else {}
        self._on_the_spot = places_by_zone(results)
        columns = self._columns()
        self._titles = columns.titles
        self._services = shown.table(ids.TABLE, columns)
        self._around = shown.table(ids.ZONES, OF_ZONES)
        self._draw_strip()

    def _columns(self) -> Columns:
        """Of the table of services; where zones stand among their group, with the figures of the group."""
        titles, widths = OF_SERVICES.heading(self._limit), [*OF_SERVICES.widths]
        if self._beside is not None:
            titles[3:3], widths[3:3] = [self._beside.noun], OF_GROUP[:1]
            titles[6:6], widths[6:6] = [self._beside.noun], OF_GROUP[1:]
        return Columns(tuple(titles), tuple(widths))

    def _draw_strip(self) -> None:
        """A stroke for each zone or, on an atlas of groups, each group."""
        pages = [page for page in self._pages if page.is_group]
        own = [page.of(self._headline) for page in pages] if self._groups else [*self._zones.values()]
        self._shares = [share for share in (row.share(-1) for row in own) if share is not None]
        each, label = self._groups.noun if self._groups else "zone", self._results.labels[self._headline]
        words = f"{label} : part des habitants à plus de {self._limit}, un trait par {each}"
        self._shown.write_whole(ids.STRIP_TITLE, words)
        if ids.STRIP in self._shown.items:
            draw_in(self._shown.items[ids.STRIP], strip_chart(self._shares, self._results.headline.share(-1)))

    def show(self, rank: int) -> None:
        """Put the figures of one page on it."""
        page = self._pages[rank]
        forward = page.of(self._headline)
        self._shown.write_whole(ids.NAME, page.name)
        self._shown.write_whole(ids.LEAD, self._lead_of(page, forward))
        if self._services is not None:
            rows = sorted(page.rows, key=lambda row: -row.beyond[-1])
            self._services.show([self._titles, *(self._cells(page, row) for row in rows)])
        if self._around is not None:
            self._show_around(page, self._around)
        share = forward.share(-1)
        self._shown.write(ids.MARKER, f"▲ {pourcent(share)}" if share is not None else "non calculé")
        move_marker(self._shown, share)

    def _lead_of(self, page: AtlasPage, row: ZoneFigures) -> str:
        """Its people, their part of all, those not computed, and its rank among the zones or the groups."""
        everyone = self._results.headline.population
        part = pourcent(row.population / everyone if everyone else None)
        said = [f"{compte(row.population, 'habitant')} ({part} du territoire)"]
        if page.is_group:
            said.insert(0, compte(len(page.zones), "zone"))
        elif self._groups is not None:
            said.insert(0, self._group_of(page).name)
        if row.not_computed:
            said.append(compte(row.not_computed, "non calculé"))
        if page.is_group or self._groups is None:
            said += self._rank_of(row.share(-1))
        return " ; ".join(said)

    def _group_of(self, page: AtlasPage) -> AtlasPage:
        """The page of the group that a zone is of."""
        return self._by_group[self._groups.of_zone[page.zones[0]]] if self._groups else page

    def _rank_of(self, own: float | None) -> list[str]:
        """« 3e zone la plus éloignée sur 12 », where there are others."""
        if own is None or len(self._shares) < 2:
            return []
        above = 1 + sum(other > own for other in self._shares)
        tied = " ex æquo" if self._shares.count(own) > 1 else ""
        place = f"{rang(above)} zone la plus éloignée"
        if self._groups is not None:
            place = f"{rang_masculin(above)} {self._groups.noun} le plus éloigné"
        return [f"{place}{tied} sur {len(self._shares)}"]

    # -- tables -------------------------------------------------------------------------------------------------------

    def _cells(self, page: AtlasPage, row: ZoneFigures) -> list[str]:
        whole = self._whole[row.category]
        least, most = (nombre(end) for end in row.ends[-1]) if row.ends else ("", "")
        between = f" ({least}–{most})" if least != most else ""
        there = sum(self._on_the_spot.get((key, row.category), 0) for key in page.zones)
        cells = [
            self._results.labels[row.category],
            f"{nombre(row.beyond[-1])}{between}",
            pourcent(row.share(-1)),
            pourcent(whole.share(-1)),
            minutes(row.mean),
            minutes(whole.mean),
            nombre(there if self._on_the_spot else None),
        ]
        if self._beside is not None:
            group = self._group_of(page).of(row.category)
            cells[3:3], cells[6:6] = [pourcent(group.share(-1))], [minutes(group.mean)]
        return cells

    def _show_around(self, page: AtlasPage, table: PageTable) -> None:
        """The zones of a group, or those around a zone: where most people are far first, as many as can be read."""
        keys = page.zones if page.is_group else self._neighbours.get(page.zones[0], [])
        rows = sorted((self._zones[key] for key in keys), key=lambda row: (-row.beyond[-1], row.name))
        shown, label = rows[: rows_that_fit(self._shown, ids.ZONES)], self._results.labels[self._headline]
        kind = "Les zones" if page.is_group else "Les zones voisines"
        some = f" ({len(shown)} sur {len(rows)}, d'abord où l'on est le plus nombreux loin)" if shown != rows else ""
        self._shown.write_whole(ids.ZONES_TITLE, f"{kind} : {label}{some}" if rows else "")
        table.show([OF_ZONES.heading(self._limit), *map(_cells_of_zone, shown)] if rows else [[]])


def _cells_of_zone(row: ZoneFigures) -> list[str]:
    return [row.name, nombre(row.population), nombre(row.beyond[-1]), pourcent(row.share(-1)), minutes(row.mean)]


def _export_atlas(
    layout: QgsPrintLayout, pages: QgsVectorLayer, path: str, words: _PageWords, progress: Progress
) -> None:
    layout.renderContext().setDpi(MAP_DOTS)
    atlas = layout.atlas()
    atlas.setEnabled(True)
    atlas.setFilterFeatures(False)
    atlas.setHideCoverage(False)
    atlas.setCoverageLayer(pages)
    atlas.setSortFeatures(True)
    atlas.setSortExpression('"rang"')
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText  # words one can search and a screen reader reads
    # Maps as they are drawn, not as photographs: their few colours then weigh little (`lighten`).
    settings.flags = LayoutRenderFlags(settings.flags | LayoutRenderFlag.LosslessImageRendering)
    count, stop = max(atlas.updateFeatures(), 1), QgsFeedback()

    def turn_page(feature: QgsFeature) -> None:
        if feature.isValid():  # the atlas ends with a feature that is none
            words.show(int(feature["rang"]))
        progress.show((atlas.currentFeatureNumber() + (not feature.isValid())) / count)
        if progress.cancelled():
            stop.cancel()

    atlas.featureChanged.connect(turn_page)
    result, _ = QgsLayoutExporter.exportToPdf(atlas, path, settings, stop)
    progress.check()
    if result != QgsLayoutExporter.ExportResult.Success:
        raise QgsProcessingException(tr("The PDF could not be written: {path}").format(path=path))
