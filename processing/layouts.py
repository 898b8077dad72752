"""Pages drawn by QGIS: text, maps with their legend and scale, in millimetres."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsLayerTree,
    QgsLayerTreeLayer,
    QgsLayoutExporter,
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemManualTable,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsMapSettings,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsRuleBasedRenderer,
    QgsTableCell,
    QgsTextFormat,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from .literal import literal
from .qgis_enums import (
    DistanceUnit,
    FeatureRequestFlag,
    LayoutUnit,
    LegendComponent,
    PictureFormat,
    ScaleBarSegmentSizeMode,
)
from .styling import palette

MM = LayoutUnit.Millimeters
FONT = "DejaVu Sans"
LAMBERT_93 = "EPSG:2154"
FRANCE = QgsRectangle(100_000, 6_050_000, 1_240_000, 7_110_000)
"""In Lambert-93."""
POINTS_A_MM = 72 / 25.4
SMALLEST = 5.0
"""Points of letters that are made smaller to have room."""
MARGINS = 1.15
"""Millimetres that QGIS adds to a cell of a table."""
BAR_WIDTHS = (25, 45)
"""Millimetres between which a scale bar is as long as makes round kilometres."""
LEGEND_PARTS = (
    (LegendComponent.Group, 9, True),
    (LegendComponent.Subgroup, 9, True),
    (LegendComponent.SymbolLabel, 8.5, False),
)


class Frame(NamedTuple):
    """Where an item stands on the page, in millimetres."""

    x: float
    y: float
    width: float
    height: float


class LayoutPage:
    """One page, to be filled and exported; its layout belongs to ``project`` and goes with it."""

    def __init__(self, project: QgsProject, width: float, height: float) -> None:
        self.layout = QgsPrintLayout(project)
        self.layout.setName("Carto Services Publics")
        self.layout.initializeDefaults()
        self.layout.pageCollection().page(0).setPageSize(QgsLayoutSize(width, height, MM))
        # Owned by its project: Python would free the two in any order, and crash.
        project.layoutManager().addLayout(self.layout)
        self._project = project
        self._drawn: list[QgsMapLayer] = []
        """Kept: the maps hold no layer."""
        self.width, self.height = width, height

    def text(
        self,
        text: str,
        frame: Frame,
        size: float = 10,
        bold: bool = False,
        colour: str = palette.INK,
        *,
        name: str = "",
    ) -> QgsLayoutItemLabel:
        """Words, shown as they are."""
        label = QgsLayoutItemLabel(self.layout)
        label.setText(literal(text))
        label.setHAlign(Qt.AlignmentFlag.AlignLeft)
        write_with(letters(size, bold, colour), label)
        self._add(label, frame, name)
        return label

    def map(
        self,
        layers: Sequence[QgsMapLayer],
        frame: Frame,
        extent: QgsRectangle,
        crs: QgsCoordinateReferenceSystem,
        background: str = palette.PAPER,
    ) -> QgsLayoutItemMap:
        """A map of ``layers``, top first, that shows at least ``extent`` (in ``crs``), with its scale."""
        item = self.still_map(frame, "", background)
        item.setLayers(list(layers))
        self._drawn += layers
        item.setKeepLayerSet(True)
        item.setCrs(crs)
        item.setExtent(filling(extent, frame))
        return item

    def still_map(self, frame: Frame, name: str, background: str = palette.PAPER) -> QgsLayoutItemMap:
        """A map of the project's layers, all over France until another extent is given."""
        item = QgsLayoutItemMap(self.layout)
        # First: once PROJ has refused a transformation, QGIS 3.22 ends by a signal where an item without one is placed.
        item.setCrs(QgsCoordinateReferenceSystem(LAMBERT_93))
        self._add(item, frame, name)
        item.setBackgroundColor(QColor(background))
        item.setFrameEnabled(True)
        item.setFrameStrokeColor(QColor("#9a9a9a"))
        item.setExtent(filling(FRANCE, frame))
        return item

    def atlas_map(self, frame: Frame, name: str) -> QgsLayoutItemMap:
        """A map that shows the zone of each page of an atlas, with a margin."""
        item = self.still_map(frame, name)
        item.setAtlasDriven(True)
        item.setAtlasScalingMode(item.AtlasScalingMode.Auto)
        item.setAtlasMargin(0.15)
        return item

    def table(self, frame: Frame, name: str, widths: Sequence[float]) -> None:
        """An empty table with columns of such parts of the frame's width, for `PageTable.of`."""
        table = QgsLayoutItemManualTable.create(self.layout)
        self.layout.addMultiFrame(table)
        shown = QgsLayoutFrame(self.layout, table)
        self._add(shown, frame, name)
        table.addFrame(shown)
        table.setShowGrid(True)
        table.setVerticalGrid(False)
        table.setGridStrokeWidth(0.15)
        table.setGridColor(QColor("#c9c9c9"))
        table.setCellMargin(0.5)
        table.setContentTextFormat(letters(9))
        table.setHeaderTextFormat(letters(9, True))
        PageTable(table, frame, widths).show([[""] * len(widths)])

    def drawing(self, svg: str, frame: Frame, name: str = "") -> None:
        """A drawing of our own, given as SVG."""
        picture = QgsLayoutItemPicture(self.layout)
        self._add(picture, frame, name)
        draw_in(picture, svg)

    def photo(self, png: bytes, frame: Frame, name: str = "") -> None:
        """A picture, as large as the frame lets it, in its upper right corner."""
        picture = QgsLayoutItemPicture(self.layout)
        self._add(picture, frame, name)
        picture.setPictureAnchor(QgsLayoutItem.ReferencePoint.UpperRight)
        if png:
            show_in(picture, png)

    def legend(self, item: QgsLayoutItemMap, layers: Sequence[QgsMapLayer], frame: Frame, name: str = "") -> None:
        """What the map's ``layers`` mean, only what they hold; lower right, or upper left of a tall ``frame``."""
        legend = QgsLayoutItemLegend(self.layout)
        legend.setLinkedMap(item)
        self._add(legend, frame, name)
        for part, size, bold in LEGEND_PARTS:
            write_with(letters(size, bold), legend.rstyle(part))
        legend.setSymbolHeight(3.4)
        legend.setMinimumSymbolSize(1.8)
        for part in (LegendComponent.Symbol, LegendComponent.SymbolLabel):
            legend.rstyle(part).setMargin(QgsLegendStyle.Side.Top, 1.4)
        legend.setBackgroundColor(QColor(255, 255, 255, 225))
        explain(legend, layers)
        if frame.height > frame.width:
            legend.setReferencePoint(QgsLayoutItem.ReferencePoint.UpperLeft)
            corner = QgsLayoutPoint(frame.x + 3, frame.y + 3, MM)
        else:
            legend.setReferencePoint(QgsLayoutItem.ReferencePoint.LowerRight)
            corner = QgsLayoutPoint(frame.x + frame.width - 3, frame.y + frame.height - 3, MM)
        legend.adjustBoxSize()
        legend.attemptMove(corner)

    def scale_bar(self, item: QgsLayoutItemMap, frame: Frame, name: str = "") -> None:
        """Kilometres, in the lower left corner of ``frame``."""
        bar = QgsLayoutItemScaleBar(self.layout)
        bar.setStyle("Line Ticks Up")
        bar.setLinkedMap(item)
        bar.applyDefaultSize(DistanceUnit.Kilometers)
        bar.setUnitLabel("km")
        bar.setNumberOfSegmentsLeft(0)
        # On the pages of an atlas the scale changes: the bar's length follows it.
        bar.setSegmentSizeMode(ScaleBarSegmentSizeMode.FitWidth)
        bar.setMinimumBarWidth(BAR_WIDTHS[0])
        bar.setMaximumBarWidth(BAR_WIDTHS[1])
        bar.setTextFormat(letters(8))
        bar.setBackgroundEnabled(True)
        bar.setBackgroundColor(QColor(255, 255, 255, 225))
        self._add(bar, Frame(frame.x + 3, frame.y + frame.height - 13, 50, 10), name)
        bar.update()

    def sign(self, words: str, frame: Frame, name: str = "") -> None:
        """The producer of the base map, in the upper right corner of ``frame``."""
        label = self.text(words, Frame(frame.x + frame.width - 17, frame.y + 2, 15, 5), 8, name=name)
        label.setBackgroundEnabled(True)
        label.setBackgroundColor(QColor(255, 255, 255, 225))

    def image(self, ground: QImage) -> QImage:
        """The page as a picture, drawn over ``ground``, whose size it takes."""
        nothing = QgsFillSymbol.createSimple({"style": "no", "outline_style": "no"})
        self.layout.pageCollection().setPageStyleSymbol(nothing)
        page = QgsLayoutExporter(self.layout).renderPageToImage(0, ground.size())
        painter = QPainter(ground)
        painter.drawImage(QPoint(0, 0), page)
        painter.end()
        return ground

    def _add(self, item: QgsLayoutItem, frame: Frame, name: str = "") -> None:
        self.layout.addLayoutItem(item)
        item.setId(name)
        item.attemptMove(QgsLayoutPoint(frame.x, frame.y, MM))
        item.attemptResize(QgsLayoutSize(frame.width, frame.height, MM))


class PageTable:
    """Texts in columns on a page, the first row a heading; the rows are as high as lets all of them stand.

    Letters are those of the table's own formats, smaller where there is no room.
    """

    HIGHEST = 6.0
    """Millimetres."""

    def __init__(self, table: QgsLayoutItemManualTable, frame: Frame, widths: Sequence[float]) -> None:
        self._table, self._height = table, frame.height
        self._formats = [table.headerTextFormat(), table.contentTextFormat()]
        # QGIS takes half a grid line and both margins from what is asked for.
        self._widths = [width / sum(widths) * frame.width - MARGINS for width in widths]

    @classmethod
    def of(cls, shown: QgsLayoutFrame, widths: Sequence[float]) -> PageTable | None:
        """The table that a frame of a layout shows; None for anything else.

        Its columns are as wide as they are, or of such parts of their whole where there are more or less of them.
        """
        table = shown.multiFrame()
        if not isinstance(table, QgsLayoutItemManualTable):
            return None
        own = [width + MARGINS for width in table.columnWidths()]
        frame = Frame(0, 0, sum(own) or shown.rect().width(), shown.rect().height())
        return cls(table, frame, own if len(own) == len(widths) and all(own) else widths)

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        """Replace what it holds."""
        height = min(self.HIGHEST, self._height / max(len(rows), 1) - 0.15)
        formats = [QgsTextFormat(each) for each in self._formats]
        for rank, text in enumerate(formats):
            widest = max((self._fill(cells, text) for cells in rows[rank : None if rank else 1]), default=0.0)
            text.setSize(max(SMALLEST, min(text.size(), 1.7 * height, text.size() / max(widest, 1e-9))))
        self._table.setTableContents(
            [
                [_cell(text, formats[row > 0], column > 0) for column, text in enumerate(cells)]
                for row, cells in enumerate(rows)
            ]
        )
        self._table.setColumnWidths(self._widths)
        self._table.setRowHeights([height - MARGINS] * len(rows))

    def _fill(self, cells: Sequence[str], how: QgsTextFormat) -> float:
        """The largest part of its column that a cell fills; above 1 it is cut."""
        return max((text_width(text, how) / max(room, 1.0) for text, room in zip(cells, self._widths)), default=0.0)


def _cell(text: str, how: QgsTextFormat, right: bool) -> QgsTableCell:
    cell = QgsTableCell(text)
    cell.setTextFormat(how)
    cell.setHorizontalAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    cell.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
    return cell


def explain(legend: QgsLayoutItemLegend, layers: Sequence[QgsMapLayer]) -> None:
    """Let a legend say what the ``layers`` mean, only what they hold, in the letters that it has."""
    tree = QgsLayerTree()
    for layer in layers:
        tree.addLayer(layer)
    tree.setParent(legend)  # QGIS keeps only a pointer: it must live as long as the legend
    legend.setAutoUpdateModel(False)
    legend.model().setRootGroup(tree)
    for layer in tree.findLayers():
        layer.setCustomProperty("legend/title-label", literal(layer.name()))
        _keep_what_is_met(legend, layer)
    if legend.resizeToContents():
        legend.adjustBoxSize()


def draw_in(picture: QgsLayoutItemPicture, svg: str) -> None:
    """Let an item show a drawing of our own."""
    _fill(picture, svg.encode(), PictureFormat.SVG)


def show_in(picture: QgsLayoutItemPicture, png: bytes) -> None:
    """Let an item show a picture."""
    _fill(picture, png, PictureFormat.Raster)


def _fill(picture: QgsLayoutItemPicture, content: bytes, kind: Any) -> None:
    picture.setMode(kind)
    picture.setPicturePath("base64:" + base64.b64encode(content).decode() if content else "")


def _keep_what_is_met(legend: QgsLayoutItemLegend, item: QgsLayerTreeLayer) -> None:
    """Leave out of the legend the rules that no row of the layer meets, and the one that catches the rest.

    QGIS can do so by what the map shows; it then asks each row on each page, which takes far longer than the map.
    """
    renderer = item.layer().renderer()
    if not isinstance(renderer, QgsRuleBasedRenderer):
        return
    met = {rule.ruleKey() for rule in _met(item.layer(), renderer.rootRule(), "true")}
    kept = [position for position, entry in enumerate(renderer.legendSymbolItems()) if entry.ruleKey() in met]
    QgsMapLayerLegendUtils.setLegendNodeOrder(item, kept)
    legend.model().refreshLayerLegend(item)


def _met(
    layer: QgsVectorLayer, parent: QgsRuleBasedRenderer.Rule, condition: str
) -> Iterator[QgsRuleBasedRenderer.Rule]:
    """The rules under ``parent`` that some row that meets ``condition`` meets; a heading where one under it is."""
    for rule in parent.children():
        if rule.isElse():
            continue
        both = f"{condition} and ({rule.filterExpression() or 'true'})"
        request = QgsFeatureRequest().setFilterExpression(both).setFlags(FeatureRequestFlag.NoGeometry).setLimit(1)
        if any(True for _ in layer.getFeatures(request)):
            yield rule
            yield from _met(layer, rule, both)


def map_settings(
    layers: Sequence[QgsMapLayer], extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, size: QSize, dots: float
) -> QgsMapSettings:
    """A map of ``layers``, top first, with ``dots`` to the inch."""
    settings = QgsMapSettings()
    settings.setLayers(list(layers))
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(size)
    settings.setOutputDpi(dots)
    settings.setBackgroundColor(QColor(palette.PAPER))
    settings.setTransformContext(QgsProject.instance().transformContext())
    known = QgsExpressionContext()
    known.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(known)
    return settings


def filling(extent: QgsRectangle, frame: Frame) -> QgsRectangle:
    """The smallest rectangle of the frame's proportions around ``extent``."""
    width = max(extent.width(), extent.height() * frame.width / frame.height)
    return QgsRectangle.fromCenterAndSize(extent.center(), width, width * frame.height / frame.width)


def letters(size: float, bold: bool = False, colour: str = palette.INK) -> QgsTextFormat:
    """The pages' typeface at ``size`` points."""
    font = QFont(FONT)
    font.setPointSizeF(size)
    font.setBold(bold)
    made = QgsTextFormat.fromQFont(font)
    made.setColor(QColor(colour))
    return made


def text_width(text: str, how: QgsTextFormat) -> float:
    """Millimetres that a line takes on paper."""
    font = how.toQFont()
    font.setPixelSize(100)  # metrics of small letters are rounded to pixels of the screen
    return QFontMetricsF(font).horizontalAdvance(text) / 100 * how.size() / POINTS_A_MM


def letters_of(label: QgsLayoutItemLabel) -> QgsTextFormat:
    """What a label is written with."""
    if hasattr(label, "textFormat"):
        return QgsTextFormat(label.textFormat())
    made = QgsTextFormat.fromQFont(label.font())
    made.setColor(label.fontColor())
    return made


def write_with(text: QgsTextFormat, item: QgsLayoutItemLabel | QgsLegendStyle) -> None:
    """Give ``item`` its letters; before QGIS 3.24 labels, and before 3.30 legends, know fonts only."""
    if hasattr(item, "setTextFormat"):
        item.setTextFormat(text)
        return
    item.setFont(text.toQFont())
    if isinstance(item, QgsLayoutItemLabel):
        item.setFontColor(text.color())
