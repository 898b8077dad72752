"""Day and hour as sliders: the map of the zones follows, from the figures of a whole week worked out once."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

import numpy as np
from qgis.core import QgsFeature, QgsField, QgsLayerTreeGroup, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QLocale, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from ..i18n import counted, number, tr
from ..processing.attributes import as_text
from ..processing.qgis_enums import FIELD_TYPES
from ..processing.styling import STYLE_PROPERTY
from ..processing.styling.renderers import zones_by
from ..processing.week_by_zone import WeekByZone
from .answer_label import Sentence
from .hour_chart import HourChart
from .layer_boxes import Given, add_results
from .plain import PlainLabel
from .result_groups import RESULT_OF, result_groups

HOURS = range(6, 22)
"""Of the slider: outside them nothing is open."""
FIRST = 5, 10
"""Saturday at ten, when the question is asked."""
_PAUSE_MS = 15
"""Between a move of the slider and the map: several moves in a row are one."""


class WeekMap(QWidget):
    """A button that asks for the week; then two sliders, the figure of the hour in words, and the map that follows."""

    asked = pyqtSignal()
    """The figures of the week are wanted: they are to be given to `show_week`."""

    def __init__(self) -> None:
        super().__init__()
        self._week: WeekByZone | None = None
        self._layer = self._service = self._threshold = self._travel = ""
        self.button = QPushButton(tr("Through the week…"))
        self.button.setCheckable(True)
        self.button.setToolTip(tr("Day and hour as sliders; the map shows who is far from an open place then."))
        self.button.clicked.connect(self._turn)
        self.day, self.hour = QSlider(Qt.Orientation.Horizontal), QSlider(Qt.Orientation.Horizontal)
        self.day.setRange(0, 6)
        self.hour.setRange(HOURS[0], HOURS[-1])
        for slider, name, value in ((self.day, tr("Day"), FIRST[0]), (self.hour, tr("Hour"), FIRST[1])):
            slider.setAccessibleName(name)
            slider.setPageStep(1)
            slider.setTickPosition(QSlider.TickPosition.TicksBelow)
            slider.setTickInterval(1)
            slider.setValue(value)
        self.words = Sentence()
        self.chart = HourChart(HOURS, self._words_of)
        self.chart.chosen.connect(self._turn_to)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._draw)
        for slider in (self.day, self.hour):
            slider.valueChanged.connect(self._moved)
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        self.sliders = QWidget()
        form = QFormLayout(self.sliders)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("Day"), self.day)
        form.addRow(tr("Hour"), self.hour)
        form.addRow(PlainLabel(tr("The darker, the more people near an open place:")))
        form.addRow(self.chart)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.sliders)
        column.addWidget(self.words)

    def clear(self) -> None:
        """No week is known."""
        self._week = None
        self.button.setChecked(False)
        self.sliders.hide()
        self.words.clear()

    def show_week(self, week: WeekByZone, coverage: QgsVectorLayer, service: str, threshold: str, travel: str) -> None:
        """Put the zones of an answer on the map with a column an hour, and turn them to the sliders' hour.

        ``travel``: « by car ».
        """
        if week.unknown == week.places:
            self.clear()
            words = tr("The hours of no place are known for: {category}. Nobody can say who is far at what hour.")
            self.words.setText(words.format(category=service))
            return
        self._week, self._service, self._threshold, self._travel = week, service, threshold, travel
        layer = _layer_of(week, coverage)
        self._layer = layer.id()
        title = tr("Through the week")
        shown = [group for group in result_groups() if group.customProperty(RESULT_OF) != title]
        for group in shown:
            group.setItemVisibilityChecked(False)
        add_results(Given(title, {"OUTPUT": layer}), ("OUTPUT",), circumstances=service)
        self.button.setChecked(True)
        self.sliders.show()
        self.chart.show_week(1.0 - np.array([week.whole(place) for place in range(168)]))
        self._draw()

    def _turn(self, wanted: bool) -> None:
        if wanted:
            self.asked.emit()
        else:
            self.leave()

    def leave(self) -> None:
        """Take the week off the map, and show the answer again."""
        for group in self._groups():
            layers = group.findLayerIds()
            group.parent().removeChildNode(group)
            QgsProject.instance().removeMapLayers(layers)
        answers = result_groups()
        if self._week is not None and answers:
            answers[0].setItemVisibilityChecked(True)
        self.clear()

    def _groups(self) -> list[QgsLayerTreeGroup]:
        return [group for group in result_groups() if self._layer and self._layer in group.findLayerIds()]

    def _moved(self, _value: int) -> None:
        if self._week is not None:
            self._soon.start()

    def _turn_to(self, mark: int) -> None:
        """The hour chosen on the chart."""
        day, hour = self.chart.when(mark)
        self.day.setValue(day)
        self.hour.setValue(hour)

    def _words_of(self, day: int, hour: int) -> str:
        return self._sentence(day, hour, self._week.whole(24 * day + hour)) if self._week is not None else ""

    def _draw(self) -> None:
        """The hour of the sliders, in words and on the map."""
        if self._week is None:
            return
        day, hour = self.day.value(), self.hour.value()
        place = 24 * day + hour
        self.chart.show_hour(day, hour)
        self.words.setText(self._sentence(day, hour, self._week.whole(place)))
        layer = QgsProject.instance().mapLayer(self._layer)
        if layer is not None:
            layer.setRenderer(zones_by(_column(place)))
            layer.setName(_moment(day, hour))
            layer.triggerRepaint()

    def _sentence(self, day: int, hour: int, share: float) -> str:
        words = tr(
            "{moment}: {share} % of the people are more than {minutes} min from an open place ({service}, {travel})."
        )
        shown = "–" if np.isnan(share) else number(100 * share, 1)
        of_what = {"minutes": self._threshold, "service": self._service, "travel": self._travel}
        said = words.format(moment=_moment(day, hour), share=shown, **of_what)
        unknown = self._week.unknown if self._week is not None else 0
        if not unknown:
            return said
        lacking = tr(
            "{count} place of unknown hours counts as closed.|{count} places of unknown hours count as closed."
        )
        return f"{said} {counted(lacking, unknown)}"


def _moment(day: int, hour: int) -> str:
    """« samedi 10–11 h »: a place counts when it is open at least half of the hour."""
    name = QLocale().dayName(day + 1)
    return tr("{day} {hour}:00 to {next}:00").format(day=name, hour=hour, next=hour + 1)


def _column(place: int) -> str:
    return f"h{place:03d}"


def _rows_of(week: WeekByZone, coverage: QgsVectorLayer) -> Iterator[tuple[QgsFeature, int]]:
    """Each zone of one service of the answer, and its row in the week; both have the zones in the same order.

    Zones of the same identifier, or of none, are parted by it.
    """
    places: dict[str, deque[int]] = defaultdict(deque)
    for place, zone_id in enumerate(week.zone_ids):
        places[zone_id].append(place)
    category = None
    for zone in coverage.getFeatures():
        own, zone_id = as_text(zone["categorie"]), as_text(zone["zone_id"])
        category = own if category is None else category
        if own == category and places[zone_id]:
            yield zone, places[zone_id].popleft()


def _layer_of(week: WeekByZone, coverage: QgsVectorLayer) -> QgsVectorLayer:
    """In memory: each zone once, with its share at every hour of the week."""
    layer = QgsVectorLayer("MultiPolygon", tr("Through the week"), "memory")
    layer.setCrs(coverage.crs())
    columns = [QgsField("zone_id", FIELD_TYPES["text"])]
    columns += [QgsField(_column(place), FIELD_TYPES["float"]) for place in range(168)]
    layer.dataProvider().addAttributes(columns)
    layer.updateFields()
    shares = np.stack([week.share(place) for place in range(168)], axis=1)
    rows = []
    for zone, place in _rows_of(week, coverage):
        if not zone.hasGeometry():
            continue
        row = QgsFeature(layer.fields())
        shape = zone.geometry()
        shape.convertToMultiType()
        row.setGeometry(shape)
        known = (None if np.isnan(share) else float(share) for share in shares[place])
        row.setAttributes([as_text(zone["zone_id"]), *known])
        rows.append(row)
    layer.dataProvider().addFeatures(rows)
    layer.setCustomProperty(STYLE_PROPERTY, "coverage")
    layer.setOpacity(0.9)
    layer.setDisplayExpression('"zone_id"')
    return layer
