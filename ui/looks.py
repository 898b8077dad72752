"""Sizes that come from the letters and not from pixels, and the keys that all pages have."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractSpinBox,
    QAction,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from .plain import as_plain

USUAL_WIDTH = 56
"""Letters that a page is wide before the user drags its edge."""
SHORTEST_CHOICE = 9
"""Letters of a choice that are seen in the narrowest panel."""


class PageArea(QScrollArea):
    """Scrolls a page up and down; never narrower than what the page needs."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidget(page)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(USUAL_WIDTH * self.fontMetrics().averageCharWidth(), 0))

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + bar, super().minimumSizeHint().height())


class ScrolledPage(QWidget):
    """A page whose ``column`` scrolls above a ``foot`` that is always in sight: its main button is there."""

    def __init__(self) -> None:
        super().__init__()
        content, foot = QWidget(), QWidget()
        self.column, self.foot = QVBoxLayout(content), QVBoxLayout(foot)
        self.area = PageArea(content)
        self._wanted: QWidget = content
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.area, 1)
        rows.addWidget(foot)

    def bring_into_sight(self, part: QWidget) -> None:
        """Scroll to a part, once the page has been laid out again."""
        self._wanted = part
        QTimer.singleShot(0, self._scroll)  # a bound method, which goes with the page

    def _scroll(self) -> None:
        self.area.ensureWidgetVisible(self._wanted)


def let_shrink(*boxes: QComboBox) -> None:
    """Long names of layers and columns must not widen the panel; the tool tip has them whole."""
    for box in boxes:
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(SHORTEST_CHOICE)
        box.setToolTip(as_plain(box.currentText()))
        box.currentTextChanged.connect(lambda text, box=box: box.setToolTip(as_plain(text)))


def to_be_read(table: QTableWidget) -> None:
    """Rows to look at and choose, nothing typed in: columns as wide as what they hold, the first one takes the rest."""
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def show_rows(table: QTableWidget, most: int) -> None:
    """As high as its rows, of which ``most`` are seen without scrolling."""
    table.horizontalHeader().ensurePolished()
    rows = sum(table.rowHeight(row) for row in range(min(table.rowCount(), most)))
    table.setFixedHeight(table.horizontalHeader().sizeHint().height() + rows + 2 * table.frameWidth())


def open_at_size(window: QWidget, letters: int, lines: int) -> None:
    """A window as wide and high as so much text, and no larger than the screen."""
    metrics = window.fontMetrics()
    wanted = QSize(letters * metrics.averageCharWidth(), lines * metrics.lineSpacing())
    window.resize(wanted.boundedTo(QGuiApplication.primaryScreen().availableSize() * 0.9))


def stand_beside(window: QWidget, kept_free: QWidget) -> None:
    """Beside what must stay in sight, on the side with more room, and no wider than that where it can be."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    free = QRect(kept_free.mapToGlobal(QPoint(0, 0)), kept_free.size())
    left, right = free.left() - screen.left(), screen.right() - free.right()
    width = max(window.minimumSizeHint().width(), min(window.width(), max(left, right)))
    height = min(window.height(), screen.height())
    x = screen.left() if left > right else screen.right() - width + 1
    window.setGeometry(x, screen.top() + max(0, screen.height() - height) // 2, width, height)


class _StillWheel(QObject):
    """The wheel over a choice or a number that has not the keyboard scrolls the page, and changes nothing."""

    def eventFilter(self, box: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or _has_keyboard(box):
            return False
        event.ignore()  # what is around it scrolls
        return True


def _has_keyboard(box: QWidget) -> bool:
    """Whether it, or the field inside it, is what one types in."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is box or box.isAncestorOf(focused))


_STILL = _StillWheel()


def still_wheel(window: QWidget) -> None:
    """In all choices and numbers of a window as it is now, the wheel changes only what one has clicked into."""
    for box in (*window.findChildren(QComboBox), *window.findChildren(QAbstractSpinBox)):
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel alone does not take the keyboard
        box.installEventFilter(_STILL)


def give_keys(page: QWidget, main: QPushButton, stop: QPushButton | None = None) -> None:
    """Wherever the keyboard is on a page: Ctrl+Enter presses its ``main`` button, Escape the one that stops what runs.

    Keys with Alt belong to QGIS's menus.
    """
    enter = [QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")]
    main.setToolTip(enter[0].toString(QKeySequence.SequenceFormat.NativeText))
    _add_keys(page, enter, main)
    if stop is not None:
        _add_keys(page, [QKeySequence("Esc")], stop)


def _add_keys(page: QWidget, keys: list[QKeySequence], button: QPushButton) -> None:
    action = QAction(page)
    action.setShortcuts(keys)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(button.click)
    page.addAction(action)


def is_agreed(parent: QWidget, verb: str, question: str) -> bool:
    """Whether the user presses the button of that name, and not « Cancel »."""
    box = QMessageBox(QMessageBox.Icon.Question, verb, question, QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    agreed = box.addButton(verb, QMessageBox.ButtonRole.AcceptRole)
    box.setEscapeButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is agreed


def ok_and_cancel() -> QDialogButtonBox:
    """The two buttons, in the user's language: Qt's own words stay English where its catalogue is not installed."""
    buttons = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
    box.button(buttons.Cancel).setText(tr("Cancel"))
    return box
