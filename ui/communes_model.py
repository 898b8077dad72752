"""The figures of each zone for one service and threshold, as a table that sorts; the whole is first in any order."""

from __future__ import annotations

from typing import Any, NamedTuple

from qgis.core import QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt.QtCore import QAbstractTableModel, QLocale, QModelIndex, Qt
from qgis.PyQt.QtGui import QFont

from ..core.access.coverage import Served, mean_together, together
from ..core.spreadsheets import as_cell
from ..i18n import number, tr
from ..processing.attributes import as_number, as_text
from ..processing.coverage_layer import served_of, thresholds_of
from ..processing.qgis_enums import FeatureRequestFlag
from ..processing.report_inputs import name_of
from .plain import as_plain

Role = Qt.ItemDataRole
NAME, PEOPLE, BEYOND, SHARE, MEAN, NOT_COMPUTED = range(6)
_BREAKS = str.maketrans("\t\r\n", "   ")


class Zone(NamedTuple):
    """A row: the zone, its row in the layer of the answer, its people and their mean minutes (NaN: nobody reaches)."""

    zone_id: str
    name: str
    feature: int
    served: Served
    mean: float


def read_zones(coverage: QgsVectorLayer) -> dict[str, list[Zone]]:
    """The zones of an answer of `coveragegaps` that anybody lives in, by category."""
    thresholds = thresholds_of(coverage)
    found: dict[str, list[Zone]] = {}
    for row in coverage.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)):
        zone_id, served = as_text(row["zone_id"]), served_of(row, thresholds)
        name = name_of(row) or zone_id or tr("outside the zones")
        zones = found.setdefault(as_text(row["categorie"]), [])
        if served.population > 0 or zone_id:
            zones.append(Zone(zone_id, name, row.id(), served, as_number(row["cout_moyen"])))
    return found


def whole(zones: list[Zone]) -> Zone:
    """All zones as one: the figures of the answer."""
    served = together(zone.served for zone in zones)
    mean = mean_together((zone.served, zone.mean) for zone in zones)
    return Zone("", tr("Together"), -1, served, mean)


class CommunesModel(QAbstractTableModel):
    """Row 0 is the whole; the others are zones, in the order asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Zone] = []
        self._rank, self._threshold = -1, ""
        self._order = BEYOND, Qt.SortOrder.DescendingOrder

    def row_of(self, feature: int) -> int:
        """The row of the zone of that row of the layer, -1 where there is none."""
        return next((row for row, zone in enumerate(self._rows) if row and zone.feature == feature), -1)

    def show_zones(self, zones: list[Zone], rank: int, threshold: str) -> None:
        """Show the figures of some zones beyond the threshold of a rank, written ``threshold``."""
        self.beginResetModel()
        self._rank, self._threshold = rank, threshold
        self._rows = [whole(zones), *self._sorted(zones)] if zones else []
        self.endResetModel()

    def zone(self, row: int) -> Zone:
        """The zone of a row."""
        return self._rows[row]

    def rows_of(self, zone_ids: set[str]) -> list[int]:
        """The rows of some zones."""
        return [row for row, zone in enumerate(self._rows) if row and zone.zone_id in zone_ids]

    def lacks_nobody(self) -> bool:
        """Whether everybody's journey could be computed."""
        return not self._rows or self._rows[0].served.not_computed == 0

    def as_text(self, rows: list[int]) -> str:
        """Some rows under their titles for a spreadsheet: tabs between cells, numbers without spaces."""
        columns = range(self.columnCount())
        lines = [[self.headerData(column, Qt.Orientation.Horizontal) for column in columns]]
        lines += [[self._plain(row, column) for column in columns] for row in rows]
        return "\n".join("\t".join(line) for line in lines) + "\n"

    def _plain(self, row: int, column: int) -> str:
        value = self._value(self._rows[row], column)
        if isinstance(value, str):
            return as_cell(value.translate(_BREAKS))
        decimals = 0 if column in (PEOPLE, BEYOND, NOT_COMPUTED) else 1
        return f"{value:.{decimals}f}".replace(".", QLocale().decimalPoint()) if value == value else ""

    def _in_words(self, row: int) -> str:
        """Everything of a row, whatever columns are shown."""
        titles = [self.headerData(column, Qt.Orientation.Horizontal, Role.ToolTipRole) for column in range(6)]
        shown = [self.data(self.index(row, column)) for column in range(6)]
        facts = (tr("{what}: {figure}").format(what=what, figure=figure) for what, figure in zip(titles[1:], shown[1:]))
        return "\n".join((shown[NAME], *facts))

    # -- what Qt asks -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if role == Role.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return (
                tr("A click on a row shows it on the map."),
                tr("Inhabitants"),
                tr("Inhabitants beyond the threshold"),
                tr("Their share of those whose journey was computed"),
                tr("Mean time of those who reach the service (min)"),
                tr("Inhabitants whose journey could not be computed"),
            )[section]
        if role != Role.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        beyond = tr("> {minutes} min").format(minutes=self._threshold)
        return (tr("Zone"), tr("Inhab."), beyond, "%", tr("mean"), tr("unknown"))[section]

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        column = index.column()
        if role == Role.TextAlignmentRole and column != NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.FontRole and index.row() == 0:
            bold = QFont()
            bold.setBold(True)
            return bold
        if role == Role.ToolTipRole:
            return as_plain(self._in_words(index.row()))
        if role != Role.DisplayRole:
            return None
        value = self._value(self._rows[index.row()], column)
        if isinstance(value, str):
            return value
        return "–" if value != value else number(value, 1 if column in (SHARE, MEAN) else 0)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the zones in the order of a column; what nobody knows is last."""
        self._order = column, order
        if not self._rows:
            return
        self.layoutAboutToBeChanged.emit()
        before = {zone.feature: row for row, zone in enumerate(self._rows)}
        self._rows[1:] = self._sorted(self._rows[1:])
        now = {before[zone.feature]: row for row, zone in enumerate(self._rows)}
        held = self.persistentIndexList()
        self.changePersistentIndexList(held, [self.index(now[each.row()], each.column()) for each in held])
        self.layoutChanged.emit()

    def _sorted(self, zones: list[Zone]) -> list[Zone]:
        column, order = self._order
        falling = order == Qt.SortOrder.DescendingOrder
        if column == NAME:
            return sorted(zones, key=lambda zone: QLocale().toLower(zone.name), reverse=falling)
        known = [zone for zone in zones if self._value(zone, column) == self._value(zone, column)]
        lacking = [zone for zone in zones if self._value(zone, column) != self._value(zone, column)]
        return sorted(known, key=lambda zone: self._value(zone, column), reverse=falling) + lacking

    def _value(self, zone: Zone, column: int) -> Any:
        """A text, or a number that is NaN where nobody knows it."""
        served = zone.served
        share = served.share(self._rank) if column == SHARE else None
        return (
            zone.name,
            served.population,
            served.beyond[self._rank],
            float("nan") if share is None else 100 * share,
            zone.mean,
            served.not_computed,
        )[column]
