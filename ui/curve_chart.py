"""The curve « population covered against number of sites »: a click asks for that number."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QWidget

from ..core.report.scales import round_axis
from ..i18n import counted, number, percent, tr
from ..processing.attributes import is_null
from ..processing.styling.palette import PROPOSAL
from .chart import Chart


class CurvePoint(NamedTuple):
    """So many new sites cover so many people, a share of all (None when nobody counts)."""

    sites: int
    covered: float
    share: float | None


class DrawnCurve(NamedTuple):
    """The points by number of sites, and at how many sites the curve bends."""

    points: tuple[CurvePoint, ...]
    knee: int


def read_curve(layer: QgsVectorLayer) -> DrawnCurve:
    """The table CURVE of `proposesites`."""
    points, knee = [], 0
    for row in layer.getFeatures():
        share = None if is_null(row["part"]) else float(row["part"])
        points.append(CurvePoint(int(row["sites"]), float(row["couverts"]), share))
        if row["coude"] in (True, 1):
            knee = int(row["sites"])
    return DrawnCurve(tuple(sorted(points)), knee)


def knee_sentence(curve: DrawnCurve) -> str:
    """« From 3 sites on, each more brings little: 8 214 inhabitants covered (81.0 %). »"""
    point = curve.points[curve.knee]
    words = tr(
        "From {count} site on, each more brings little: {people}"
        "|From {count} sites on, each more brings little: {people}"
    )
    return counted(words, curve.knee, people=_people(point))


class CurveChart(Chart):
    """The curve, its bend and the number of sites chosen; a mark is a number of sites."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Population covered against number of sites"), parent)
        self.curve: DrawnCurve | None = None
        self._taken = 0
        self._axis = [0.0, 1.0]

    def show_curve(self, curve: DrawnCurve | None, chosen: int) -> None:
        """Draw a curve (hidden when there is none worth a drawing) with the number of sites that was chosen."""
        self.curve, self._taken = curve, chosen
        worth = curve is not None and len(curve.points) > 1
        if curve is not None:
            heights = list(map(self._height, curve.points))
            self._axis = round_axis(min(heights), max(heights)) if worth else [0.0, 1.0]
        self.setAccessibleDescription(knee_sentence(curve) if worth else "")
        self.setVisible(worth)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 12 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def count(self) -> int:
        return 0 if self.curve is None else len(self.curve.points)

    def words_of(self, mark: int) -> str:
        point = self.curve.points[mark]
        return counted(tr("{count} site: {people}|{count} sites: {people}"), point.sites, people=_people(point))

    def place_of(self, mark: int) -> QRectF:
        place = self._at(self.curve.points[mark])
        return QRectF(place.x() - 5, place.y() - 5, 10, 10)

    def mark_at(self, point: QPointF) -> int:
        """The nearest along the axis: a number is read above and below the line, too."""
        places = [abs(self.place_of(mark).center().x() - point.x()) for mark in range(self.count())]
        return places.index(min(places)) if places else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, blue, _gap, faint = self.inks()
        self._draw_axes(painter, ink, faint)
        places = [self._at(point) for point in self.curve.points]
        painter.setPen(QPen(blue, 2))
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(blue)
        if len(places) <= 25:
            for place in places:
                painter.drawEllipse(place, 2, 2)
        self._draw_taken(painter, faint)
        self._draw_knee(painter, ink)
        self.draw_focus(painter)

    def _draw_axes(self, painter: QPainter, ink: QColor, faint: QColor) -> None:
        area, line = self._area(), self.fontMetrics().height()
        painter.setPen(QPen(faint, 1))
        for height in self._axis:
            y = self._y(height)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(ink)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for height in self._axis:
            label = QRectF(0, self._y(height) - line / 2, area.left() - 4, line)
            painter.drawText(label, right, self._height_label(height))
        last = self.curve.points[-1].sites
        below = area.bottom() + 2
        painter.drawText(QPointF(area.left(), below + self.fontMetrics().ascent()), "0")
        painter.drawText(QRectF(area.left(), below, area.width(), line), Qt.AlignmentFlag.AlignRight, number(last))
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRectF(area.left(), below, area.width(), line), centre, tr("new sites"))
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, tr("Population covered"))

    def _draw_taken(self, painter: QPainter, faint: QColor) -> None:
        if 0 < self._taken <= self.curve.points[-1].sites:
            area, x = self._area(), self._at(self.curve.points[self._taken]).x()
            painter.setPen(QPen(faint, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _draw_knee(self, painter: QPainter, ink: QColor) -> None:
        place, area = self._at(self.curve.points[self.curve.knee]), self._area()
        painter.setPen(QPen(ink, 1))
        painter.setBrush(QColor(PROPOSAL))
        painter.drawEllipse(place, 5, 5)
        words = tr("bend: {sites}").format(sites=number(self.curve.knee))
        width = self.fontMetrics().horizontalAdvance(words)
        x = min(max(place.x() + 8, area.left()), area.right() - width)
        painter.drawText(QPointF(x, min(place.y() + 8 + self.fontMetrics().ascent(), area.bottom() - 4)), words)

    def _height(self, point: CurvePoint) -> float:
        """What the curve shows of a point: % of all people where they are known, else people."""
        return point.covered if self._in_people() else 100 * point.share

    def _in_people(self) -> bool:
        return any(point.share is None for point in self.curve.points)

    def _height_label(self, height: float) -> str:
        decimals = 0 if all(each == round(each) for each in self._axis) else 1
        return number(height, decimals) if self._in_people() else percent(height, decimals)

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = max(metrics.horizontalAdvance(self._height_label(height)) for height in self._axis) + 6
        line = metrics.height()
        return QRectF(left, 1.6 * line, self.width() - left - 8, self.height() - 3.0 * line)

    def _y(self, height: float) -> float:
        area, low, high = self._area(), self._axis[0], self._axis[-1]
        return area.bottom() - area.height() * (height - low) / (high - low)

    def _at(self, point: CurvePoint) -> QPointF:
        area = self._area()
        x = area.left() + area.width() * point.sites / self.curve.points[-1].sites
        return QPointF(x, self._y(self._height(point)))


def _people(point: CurvePoint) -> str:
    if point.share is None:
        return counted(tr("{count} inhabitant covered|{count} inhabitants covered"), point.covered)
    words = tr("{count} inhabitant covered ({share} %)|{count} inhabitants covered ({share} %)")
    return counted(words, point.covered, share=number(100 * point.share, 1))
