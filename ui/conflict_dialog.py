"""Someone changed the service meanwhile: what was read, what it is now, what I propose, and a choice a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import Correction
from ..core.corrections.conflicts import ThreeWays, resolved, three_ways
from ..core.corrections.model import POSITION, same_value
from ..i18n import tr
from .answer_label import AnswerLabel
from .correction_words import column_labels, field_label, shown_value, type_labels
from .looks import open_at_size

THEIRS, MINE = 0, 1
LONGEST_SHOWN = 300


class ConflictDialog(QDialog):
    """Three columns. `outcome` holds what is to be sent once accepted: None when nothing is left to propose.

    Fields that only one side changed are chosen already; where both did, the user must.
    """

    def __init__(
        self, correction: Correction, theirs: Mapping[str, Any], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("The service has changed meanwhile"))
        self._correction, self._theirs = correction, theirs
        self.outcome: Correction | None = None
        self.ways = three_ways(correction, theirs)
        self.choices: dict[str, QButtonGroup] = {}
        self._lay_out(name)
        for group in self.choices.values():
            group.buttonToggled.connect(self._check)
        self._check()

    def choose(self, field: str, side: int) -> None:
        """Choose `THEIRS` or `MINE` for a field."""
        self.choices[field].button(side).setChecked(True)

    def accept(self) -> None:
        chosen = {way.field: way.mine if self._side(way.field) == MINE else way.theirs for way in self.ways}
        self.outcome = resolved(self._correction, self._theirs, chosen)
        super().accept()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _lay_out(self, name: str) -> None:
        title = AnswerLabel("CartoServicesPublicsCompared", name)
        explained = _plain(tr("Choose, field by field, what the record should say. Nothing leaves before you have."))
        inside = QWidget()
        grid = QGridLayout(inside)
        for column, text in enumerate((tr("Field"), tr("As you read it"), tr("As it is now"), tr("As you propose"))):
            heading = _plain(text)
            heading.setStyleSheet("font-weight: bold;")
            grid.addWidget(heading, 0, column)
            grid.setColumnStretch(column, 1 if column == 0 else 2)
        for row, way in enumerate(self.ways, start=1):
            self._add_row(grid, row, way)
        if not self.ways:
            self._show_record(grid)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.addWidget(title)
        column.addWidget(explained)
        column.addWidget(scroll, 1)
        if len(self.ways) > 1:
            column.addLayout(self._shortcuts())
        self.summary = _plain("")
        column.addWidget(self.summary)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.ok = self.buttons.addButton(tr("Propose this"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.ok)
        self.ok.setDefault(True)
        open_at_size(self, 110, 14 + 4 * max(len(self.ways), 3))

    def _add_row(self, grid: QGridLayout, row: int, way: ThreeWays) -> None:
        label = field_label(way.field)
        grid.addWidget(_plain(label), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_plain(_shown(way.field, way.read)), row, 1, Qt.AlignmentFlag.AlignTop)
        group = QButtonGroup(self)
        sides = (
            (THEIRS, way.theirs, tr("{field}, as it is now: {value}")),
            (MINE, way.mine, tr("{field}, mine: {value}")),
        )
        for side, value, spoken in sides:
            shown = _shown(way.field, value)
            button = QRadioButton()
            button.setAccessibleName(spoken.format(field=label, value=shown))
            words = _plain(shown)
            words.setBuddy(button)
            cell = QHBoxLayout()
            cell.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            cell.addWidget(words, 1)
            grid.addLayout(cell, row, 2 + side)
            group.addButton(button, side)
        self.choices[way.field] = group
        if same_value(way.field, way.theirs, way.read):
            group.button(MINE).setChecked(True)
        elif same_value(way.field, way.theirs, way.mine):
            group.button(THEIRS).setChecked(True)

    def _show_record(self, grid: QGridLayout) -> None:
        """A correction about the whole record: what the record says now."""
        properties = self._theirs.get("properties") or {}
        for row, (column, label) in enumerate(column_labels().items(), start=1):
            grid.addWidget(_plain(label), row, 0)
            grid.addWidget(_plain(_shown(column, properties.get(column))), row, 2)

    def _shortcuts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for side, text in ((THEIRS, tr("Everything as it is now")), (MINE, tr("Everything as I propose"))):
            button = QPushButton(text)
            button.clicked.connect(lambda _checked, side=side: self._choose_all(side))
            row.addWidget(button)
        row.addStretch()
        return row

    def _choose_all(self, side: int) -> None:
        for field in self.choices:
            self.choose(field, side)

    def _side(self, field: str) -> int:
        return self.choices[field].checkedId()

    def _check(self) -> None:
        undecided = [way.field for way in self.ways if self._side(way.field) not in (THEIRS, MINE)]
        self.ok.setEnabled(not undecided)
        if undecided:
            self.summary.setText(tr("To be chosen: {fields}.").format(fields=", ".join(map(field_label, undecided))))
        elif self.ways and all(self._side(way.field) == THEIRS for way in self.ways):
            self.summary.setText(tr("Nothing is left to propose: the correction will be withdrawn."))
        elif self.ways:
            mine = [field_label(way.field) for way in self.ways if self._side(way.field) == MINE]
            self.summary.setText(tr("To be proposed: {fields}.").format(fields=", ".join(mine)))
        else:
            self.summary.setText(type_labels()[self._correction.type])


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _shown(field: str, value: Any) -> str:
    if field == POSITION and isinstance(value, (list, tuple)):
        return f"{value[1]:.5f}, {value[0]:.5f}"
    return shown_value(field, "" if value is None else str(value))[:LONGEST_SHOWN]
