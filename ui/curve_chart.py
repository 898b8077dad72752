"""The curve « population covered against number of sites », drawn by hand: the panel must not wait for matplotlib."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..i18n import counted, number, percent, tr
from ..processing.attributes import is_null
from ..processing.styling.palette import BETTER, INK, MINUTES, PROPOSAL, ink_on

BETTER_ON_DARK = MINUTES[3].colour


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


class CurveChart(QWidget):
    """The curve, its bend and the number of sites chosen; the pointer reads it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Population covered against number of sites"))
        self.curve: DrawnCurve | None = None
        self._chosen = 0
        self.hide()

    def show_curve(self, curve: DrawnCurve | None, chosen: int) -> None:
        """Draw a curve (hidden when there is none worth a drawing) with the number of sites that was chosen."""
        self.curve, self._chosen = curve, chosen
        worth = curve is not None and len(curve.points) > 1
        self.setAccessibleDescription(knee_sentence(curve) if worth else "")
        self.setVisible(worth)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 12 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event) -> None:
        if self.curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Not the palette's ink: themes made of style sheets leave it unread on their own background.
        ink = QColor(ink_on(self.palette().color(QPalette.ColorRole.Window).name()))
        blue = QColor(BETTER if ink == QColor(INK) else BETTER_ON_DARK)
        faint = QColor(ink)
        faint.setAlpha(60)
        self._draw_axes(painter, ink, faint)
        places = [self._at(point) for point in self.curve.points]
        painter.setPen(QPen(blue, 2))
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(blue)
        if len(places) <= 25:
            for place in places:
                painter.drawEllipse(place, 2, 2)
        self._draw_chosen(painter, faint)
        self._draw_knee(painter, ink)

    def mouseMoveEvent(self, event) -> None:
        if self.curve is not None:
            pointer = event.pos()
            nearest = min(self.curve.points, key=lambda point: abs(self._at(point).x() - pointer.x()))
            words = counted(
                tr("{count} site: {people}|{count} sites: {people}"), nearest.sites, people=_people(nearest)
            )
            QToolTip.showText(self.mapToGlobal(pointer), words, self)

    def _draw_axes(self, painter: QPainter, ink: QColor, faint: QColor) -> None:
        area, line = self._area(), self.fontMetrics().height()
        painter.setPen(QPen(faint, 1))
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(ink)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            label = QRectF(0, y - line / 2, area.left() - 4, line)
            painter.drawText(label, right, self._height_label(share))
        last = self.curve.points[-1].sites
        below = area.bottom() + 2
        painter.drawText(QPointF(area.left(), below + self.fontMetrics().ascent()), "0")
        painter.drawText(QRectF(area.left(), below, area.width(), line), Qt.AlignmentFlag.AlignRight, number(last))
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRectF(area.left(), below, area.width(), line), centre, tr("new sites"))
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, tr("Population covered"))

    def _draw_chosen(self, painter: QPainter, faint: QColor) -> None:
        if 0 < self._chosen <= self.curve.points[-1].sites:
            area, x = self._area(), self._at(self.curve.points[self._chosen]).x()
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

    def _height_label(self, share: float) -> str:
        top = self._top()
        if self.curve.points[-1].share is not None:
            return percent(100 * share)
        return number(share * top)

    def _top(self) -> float:
        """The height of the drawing, in people: all of them when that is known."""
        last = self.curve.points[-1]
        return last.covered / last.share if last.share else last.covered or 1.0

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = max(metrics.horizontalAdvance(self._height_label(share)) for share in (0.0, 0.5, 1.0)) + 6
        line = metrics.height()
        return QRectF(left, 1.6 * line, self.width() - left - 8, self.height() - 3.0 * line)

    def _at(self, point: CurvePoint) -> QPointF:
        area = self._area()
        x = area.left() + area.width() * point.sites / self.curve.points[-1].sites
        return QPointF(x, area.bottom() - area.height() * point.covered / self._top())


def _people(point: CurvePoint) -> str:
    if point.share is None:
        return counted(tr("{count} inhabitant covered|{count} inhabitants covered"), point.covered)
    words = tr("{count} inhabitant covered ({share} %)|{count} inhabitants covered ({share} %)")
    return counted(words, point.covered, share=number(100 * point.share, 1))
