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
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter

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
        self, text: str, frame: Frame, size: float = 10, bold: bool = False, colour: str = palette.INK
    ) -> QgsLayoutItemLabel:
        """Words, shown as they are."""
        label = QgsLayoutItemLabel(self.layout)
        label.setText(literal(text))
        write_with(letters(size, bold, colour), label)
        self._add(label, frame)
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
        item = QgsLayoutItemMap(self.layout)
        # First: once PROJ has refused a transformation, QGIS 3.22 ends by a signal where an item without one is placed.
        item.setCrs(crs)
        self._add(item, frame)
        item.setLayers(list(layers))
        self._drawn += layers
        item.setKeepLayerSet(True)
        item.setBackgroundColor(QColor(background))
        item.setFrameEnabled(True)
        item.setFrameStrokeColor(QColor("#9a9a9a"))
        item.setExtent(filling(extent, frame))
        return item

    def table(self, frame: Frame, widths: Sequence[float]) -> PageTable:
        """An empty table with columns of such widths."""
        return PageTable(self.layout, frame, widths)

    def drawing(self, svg: str, frame: Frame) -> None:
        """A drawing of our own, given as SVG."""
        self._picture(svg.encode(), PictureFormat.SVG, frame)

    def photo(self, png: bytes, frame: Frame) -> None:
        """A picture, as large as the frame lets it, in its upper right corner."""
        item = self._picture(png, PictureFormat.Raster, frame)
        item.setPictureAnchor(QgsLayoutItem.ReferencePoint.UpperRight)

    def _picture(self, content: bytes, kind: Any, frame: Frame) -> QgsLayoutItemPicture:
        picture = QgsLayoutItemPicture(self.layout)
        picture.setMode(kind)
        picture.setPicturePath("base64:" + base64.b64encode(content).decode())
        self._add(picture, frame)
        return picture

    def legend(self, item: QgsLayoutItemMap, layers: Sequence[QgsMapLayer], frame: Frame) -> None:
        """What the map's ``layers`` mean, only what they hold; lower right, or upper left of a tall ``frame``."""
        tree = QgsLayerTree()
        for layer in layers:
            tree.addLayer(layer)
        legend = QgsLayoutItemLegend(self.layout)
        tree.setParent(legend)  # QGIS keeps only a pointer: it must live as long as the legend
        legend.setAutoUpdateModel(False)
        legend.setLinkedMap(item)
        legend.model().setRootGroup(tree)
        self._add(legend, frame)
        for part, size, bold in LEGEND_PARTS:
            write_with(letters(size, bold), legend.rstyle(part))
        legend.setSymbolHeight(3.4)
        for part in (LegendComponent.Symbol, LegendComponent.SymbolLabel):
            legend.rstyle(part).setMargin(QgsLegendStyle.Side.Top, 1.4)
        legend.setBackgroundColor(QColor(255, 255, 255, 225))
        for layer in tree.findLayers():
            layer.setCustomProperty("legend/title-label", literal(layer.name()))
            _keep_what_is_met(legend, layer)
        if frame.height > frame.width:
            legend.setReferencePoint(QgsLayoutItem.ReferencePoint.UpperLeft)
            corner = QgsLayoutPoint(frame.x + 3, frame.y + 3, MM)
        else:
            legend.setReferencePoint(QgsLayoutItem.ReferencePoint.LowerRight)
            corner = QgsLayoutPoint(frame.x + frame.width - 3, frame.y + frame.height - 3, MM)
        legend.adjustBoxSize()
        legend.attemptMove(corner)

    def scale_bar(self, item: QgsLayoutItemMap, frame: Frame) -> None:
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
        self._add(bar, Frame(frame.x + 3, frame.y + frame.height - 13, 50, 10))
        bar.update()

    def sign(self, words: str, frame: Frame) -> None:
        """The producer of the base map, in the upper right corner of ``frame``."""
        label = self.text(words, Frame(frame.x + frame.width - 17, frame.y + 2, 15, 5), 8)
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

    def _add(self, item: QgsLayoutItem, frame: Frame) -> None:
        self.layout.addLayoutItem(item)
        item.attemptMove(QgsLayoutPoint(frame.x, frame.y, MM))
        item.attemptResize(QgsLayoutSize(frame.width, frame.height, MM))


class PageTable:
    """Texts in columns on a page, the first row a heading; the rows are as high as lets all of them stand."""

    HIGHEST = 6.0
    """Millimetres."""

    def __init__(self, layout: QgsPrintLayout, frame: Frame, widths: Sequence[float]) -> None:
        self._frame, self._widths = frame, list(widths)
        self._table = QgsLayoutItemManualTable.create(layout)
        layout.addMultiFrame(self._table)
        shown = QgsLayoutFrame(layout, self._table)
        layout.addLayoutItem(shown)
        shown.attemptMove(QgsLayoutPoint(frame.x, frame.y, MM))
        shown.attemptResize(QgsLayoutSize(frame.width, frame.height, MM))
        self._table.addFrame(shown)
        self._table.setShowGrid(True)
        self._table.setVerticalGrid(False)
        self._table.setGridStrokeWidth(0.15)
        self._table.setGridColor(QColor("#c9c9c9"))
        self._table.setCellMargin(0.5)

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        """Replace what it holds."""
        height = min(self.HIGHEST, self._frame.height / len(rows) - 0.15)
        size = min(9.0, 1.7 * height)
        self._table.setTableContents(
            [
                [_cell(text, size, not row, bool(column)) for column, text in enumerate(cells)]
                for row, cells in enumerate(rows)
            ]
        )
        # QGIS takes half a grid line and both margins from what is asked for.
        self._table.setColumnWidths([width - 1.15 for width in self._widths])
        self._table.setRowHeights([height - 1.15] * len(rows))


def _cell(text: str, size: float, heading: bool, right: bool) -> QgsTableCell:
    cell = QgsTableCell(text)
    cell.setTextFormat(letters(size, heading))
    cell.setHorizontalAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    cell.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
    return cell


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


def write_with(text: QgsTextFormat, item: QgsLayoutItemLabel | QgsLegendStyle) -> None:
    """Give ``item`` its letters; before QGIS 3.24 labels, and before 3.30 legends, know fonts only."""
    if hasattr(item, "setTextFormat"):
        item.setTextFormat(text)
        return
    item.setFont(text.toQFont())
    if isinstance(item, QgsLayoutItemLabel):
        item.setFontColor(text.color())
