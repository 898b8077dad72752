"""One column of the correction form."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QLineEdit

from ..core.identifiers import CHECKS, NORMAL_FORMS
from ..i18n import tr, translate_message
from .answer_label import WarningLabel
from .correction_words import choices, shown_value
from .plain import PlainLabel
from .week_grid import WeekGrid

CHANGED = "font-weight: bold;"


class FieldRow:
    """One column: label, value as read, editor, and what is wrong with what was typed."""

    def __init__(self, column: str, label: str, value: str, check: Callable[[], None]) -> None:
        self.column, self.value = column, value
        self.label = PlainLabel(label)
        self.shown = PlainLabel(shown_value(column, value))
        self.shown.setTextFormat(Qt.TextFormat.PlainText)
        self.shown.setWordWrap(True)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.refusal = ""
        """The registry's words about what was proposed; they go as soon as something else is."""
        self._refused_value: str | None = None
        self.error = WarningLabel()
        self.editor: QComboBox | WeekGrid | QLineEdit = self._make_editor()
        self.editor.setAccessibleName(tr("{field}, proposed value").format(field=label))
        self.label.setBuddy(self.editor)
        self._listen(check)

    def proposed(self) -> str:
        """What the editor says. Raises `ValueError` while hours are wrong."""
        if isinstance(self.editor, QComboBox):
            return self.editor.currentData()
        if isinstance(self.editor, WeekGrid):
            return self.editor.text()
        text = self.editor.text()
        # What was not touched stays as it was read, normal form or not.
        return text if text == self.value else NORMAL_FORMS.get(self.column, str.strip)(text)

    def typed(self) -> str:
        """What was typed, right or wrong; hours only when they are right."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text()
        return "" if self.problem() else self.proposed()

    def propose(self, value: str) -> None:
        """Put a value into the editor, as if it had been typed."""
        if isinstance(self.editor, QComboBox):
            if self.editor.findData(value) < 0:
                self.editor.addItem(value, value)
            self.editor.setCurrentIndex(self.editor.findData(value))
        elif isinstance(self.editor, WeekGrid):
            self.editor.set_text(value)
        else:
            self.editor.setText(value)

    def refuse(self, words: str) -> None:
        """Show what the registry said against the value that is proposed now."""
        self.refusal = words
        self._refused_value = self.proposed() if not self.problem() else None

    def set_visible(self, visible: bool) -> None:
        """Show the row or not; it is not proposed either way."""
        for widget in (self.label, self.shown, self.editor):
            widget.setVisible(visible)

    def problem(self) -> str:
        """What is wrong with the proposed value, or nothing."""
        if isinstance(self.editor, WeekGrid):
            return self.editor.problem
        if isinstance(self.editor, QComboBox) or self.editor.text() == self.value:
            return ""
        check = CHECKS.get(self.column)
        problem = check(self.editor.text()) if check else None
        return translate_message(problem) if problem else ""

    def is_changed(self) -> bool:
        return not self.problem() and self.proposed() != self.value

    def show_state(self) -> str:
        """Bold where changed, the problem beside the field; returns the problem."""
        problem = self.problem()
        if self.refusal and (problem or self.proposed() != self._refused_value):
            self.refusal = ""
        self.error.setText(problem or self.refusal)
        self.label.setStyleSheet(CHANGED if self.is_changed() else "")
        return problem

    def _make_editor(self) -> QComboBox | WeekGrid | QLineEdit:
        options = choices(self.column)
        if options is not None:
            editor = QComboBox()
            editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            for code, label in options.items():
                editor.addItem(label, code)
            if editor.findData(self.value) < 0:
                editor.insertItem(0, self.value, self.value)
            editor.setCurrentIndex(editor.findData(self.value))
            return editor
        if self.column == "horaires":
            editor = WeekGrid()
            editor.set_text(self.value)
            return editor
        return QLineEdit(self.value)

    def _listen(self, called: Callable[[], None]) -> None:
        if isinstance(self.editor, QComboBox):
            self.editor.currentIndexChanged.connect(lambda _row: called())
        elif isinstance(self.editor, WeekGrid):
            self.editor.changed.connect(called)
        else:
            self.editor.textChanged.connect(lambda _text: called())
