"""The categories of services, by theme, to tick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qgis.core import QgsSymbolLayerUtils
from qgis.PyQt.QtCore import QLocale, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ..core.categories import GROUPS, of_group
from ..i18n import number, tr
from ..processing.styling.renderers import service_symbol
from .plain import as_plain

ICON = QSize(20, 20)
CODE = Qt.ItemDataRole.UserRole


class CategoryTree(QTreeWidget):
    """Two columns: label and how many services there are."""

    ticked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Categories of services"))
        self.setHeaderLabels([tr("Category"), tr("Services")])
        self.setUniformRowHeights(True)
        language = QLocale().name()
        self._items: dict[str, QTreeWidgetItem] = {}
        for group in GROUPS.values():
            parent_item = QTreeWidgetItem(
                self, [group.libelle_fr if language.startswith("fr") else group.libelle_en, ""]
            )
            parent_item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            parent_item.setFlags(parent_item.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
            for category in of_group(group.code):
                item = QTreeWidgetItem(parent_item, [category.label(language), ""])
                item.setData(0, CODE, category.code)
                item.setToolTip(0, as_plain(item.text(0)))
                item.setIcon(0, QgsSymbolLayerUtils.symbolPreviewIcon(service_symbol(category), ICON))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(0, Qt.CheckState.Unchecked)
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
                self._items[category.code] = item
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemChanged.connect(lambda item, column: column == 0 and self.ticked.emit())

    def codes(self) -> list[str]:
        """The ticked categories."""
        return [code for code, item in self._items.items() if item.checkState(0) == Qt.CheckState.Checked]

    def tick(self, codes: Iterable[str]) -> None:
        """Tick these and no others."""
        wanted = set(codes)
        self.blockSignals(True)
        for code, item in self._items.items():
            item.setCheckState(0, Qt.CheckState.Checked if code in wanted else Qt.CheckState.Unchecked)
            if code in wanted:
                item.parent().setExpanded(True)
        self.blockSignals(False)
        self.ticked.emit()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many services of each category there are; blank where it is not known."""
        self.blockSignals(True)
        for code, item in self._items.items():
            item.setText(1, number(counts[code]) if code in counts else "")
        for row in range(self.topLevelItemCount()):
            group = self.topLevelItem(row)
            known = [counts[code] for code, item in self._items.items() if item.parent() is group and code in counts]
            group.setText(1, number(sum(known)) if known else "")
        self.blockSignals(False)
