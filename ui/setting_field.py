"""A preference as the user meets it: what edits it, and below, why it cannot be edited or cannot be kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from qgis.gui import QgsAuthConfigSelect, QgsFileWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ..i18n import tr
from ..processing.settings import Setting
from .answer_label import Sentence, WarningLabel


class SettingField(QWidget):
    """An editor bound to a setting: shows what counts now, keeps what it holds when `apply` is called.

    ``unfit`` says why a value cannot be kept; empty for one that can. ``beside`` are widgets on the editor's right.
    """

    def __init__(
        self,
        setting: Setting,
        editor: QWidget,
        name: str,
        unfit: Callable[[Any], str] = lambda _value: "",
        beside: tuple[QWidget, ...] = (),
    ) -> None:
        super().__init__()
        self.setting, self.editor, self._unfit = setting, editor, unfit
        for part in (editor, *editor.findChildren((QComboBox, QLineEdit))):
            part.setAccessibleName(name)
        self.setFocusProxy(editor)
        self.wrong = WarningLabel()
        self.note = Sentence()
        row = QHBoxLayout()
        row.addWidget(editor, 1)
        for widget in beside:
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.wrong)
        column.addWidget(self.note)
        show_value(editor, setting.value())
        self.is_imposed = setting.imposed() is not None
        editor.setEnabled(not self.is_imposed)
        self.note.setText(self._origin())
        self.check()

    def value(self) -> Any:
        """What the editor holds."""
        return value_of(self.editor)

    def check(self, *_: Any) -> bool:
        """Say below why the value cannot be kept; whether it can."""
        self.wrong.setText("" if self.is_imposed else self._unfit(self.value()))
        return not self.wrong.text()

    def apply(self) -> None:
        """Keep the value, unless it is unfit."""
        if self.check():
            self.setting.set(self.value())

    def _origin(self) -> str:
        """What the environment has to do with it."""
        if self.is_imposed:
            return tr("imposed by the administrator ({variable})").format(variable=self.setting.variable)
        misread = self.setting.misread()
        if misread:
            words = tr("The variable {variable} says “{text}”, which means nothing here: it does not count.")
            return words.format(variable=self.setting.variable, text=misread)
        return ""


@singledispatch
def value_of(editor: QWidget) -> Any:
    """What an editor holds."""
    raise TypeError(editor)


@singledispatch
def show_value(editor: QWidget, value: Any) -> None:
    """Show a value in an editor."""
    raise TypeError(editor)


value_of.register(QLineEdit, lambda editor: editor.text().strip())
value_of.register(QComboBox, lambda editor: editor.currentData())
value_of.register(QCheckBox, lambda editor: editor.isChecked())
value_of.register(QgsAuthConfigSelect, lambda editor: editor.configId())
value_of.register(QgsFileWidget, lambda editor: editor.filePath().strip())
show_value.register(QLineEdit, lambda editor, value: editor.setText(value))
show_value.register(QComboBox, lambda editor, value: editor.setCurrentIndex(editor.findData(value)))
show_value.register(QCheckBox, lambda editor, value: editor.setChecked(value))
show_value.register(QgsAuthConfigSelect, lambda editor, value: editor.setConfigId(value))
show_value.register(QgsFileWidget, lambda editor, value: editor.setFilePath(value))
