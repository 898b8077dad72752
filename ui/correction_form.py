"""The form that proposes a correction: what the referential says beside what it should say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QLocale, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..core.categories import UnknownCategory, by_code, categories
from ..core.identifiers import CHECKS, NORMAL_FORMS
from ..i18n import number, tr, translate_message
from .week_grid import WeekGrid

SETTINGS = "carto_services_publics/corrections"
CHANGED = "font-weight: bold;"
WRONG = "color: #a40000;"


def type_labels() -> dict[str, str]:
    """What each type of correction is called on the screen, in the order of the list."""
    return {
        "modification": tr("Something is wrong in the record"),
        "deplacement": tr("The place is not where the map shows it"),
        "fermeture": tr("The service has closed"),
        "reouverture": tr("The service is open again"),
        "doublon": tr("The same service is there twice"),
        "confirmation": tr("Everything is right (confirm it)"),
        "alerte": tr("Something else"),
        "creation": tr("A service is missing"),
    }


def column_labels() -> dict[str, str]:
    """Columns that may be corrected, as the form names them."""
    return {
        "nom": tr("Name"),
        "categorie": tr("Category"),
        "adresse": tr("Address"),
        "code_postal": tr("Post code"),
        "commune": tr("Commune"),
        "code_insee": tr("INSEE code"),
        "telephone": tr("Telephone"),
        "courriel": tr("E-mail"),
        "site_web": tr("Web site"),
        "siret": tr("SIRET"),
        "modalite": tr("How the service is given"),
        "accessibilite": tr("Accessibility"),
        "horaires": tr("Opening hours"),
    }


def choices(column: str) -> dict[str, str] | None:
    """Codes and labels of a column that takes one of a list."""
    if column == "categorie":
        language = QLocale().name()
        return {code: category.label(language) for code, category in categories().items()}
    if column == "modalite":
        return {
            "fixe": tr("at a fixed place"),
            "permanence": tr("by someone who comes at set hours"),
            "itinerant": tr("by a round (bus, van)"),
        }
    if column == "accessibilite":
        return {
            "": tr("not known"),
            "ACC": tr("accessible"),
            "DEM": tr("accessible on request"),
            "NAC": tr("not accessible"),
        }
    return None


class FieldRow:
    """One column: label, value as read, editor, and what is wrong with what was typed."""

    def __init__(self, column: str, label: str, value: str, form: CorrectionForm) -> None:
        self.column, self.value = column, value
        self.label = QLabel(label)
        self.shown = QLabel(_shown(column, value))
        self.shown.setTextFormat(Qt.TextFormat.PlainText)
        self.shown.setWordWrap(True)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.error = QLabel()
        self.error.setStyleSheet(WRONG)
        self.error.setWordWrap(True)
        self.error.hide()
        self.editor: QComboBox | WeekGrid | QLineEdit = self._make_editor()
        self.editor.setAccessibleName(tr("{field}, proposed value").format(field=label))
        self.label.setBuddy(self.editor)
        self._listen(form.check)

    def proposed(self) -> str:
        """What the editor says. Raises `ValueError` while hours are wrong."""
        if isinstance(self.editor, QComboBox):
            return self.editor.currentData()
        if isinstance(self.editor, WeekGrid):
            return self.editor.text()
        text = self.editor.text()
        # What was not touched stays as it was read, normal form or not.
        return text if text == self.value else NORMAL_FORMS.get(self.column, str.strip)(text)

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
        self.error.setText(problem)
        self.error.setVisible(bool(problem))
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


class CorrectionForm(QDialog):
    """Not modal: the map stays at hand to move the service or to pick its duplicate.

    `proposed` comes when the user accepts: read `type`, `changes`, `position`, `duplicate_of` and the rest.
    """

    proposed = pyqtSignal()
    move_asked = pyqtSignal()
    duplicate_asked = pyqtSignal()

    def __init__(
        self,
        service: Mapping[str, str],
        position: tuple[float, float] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("CartoServicesPublicsCorrection")
        self.setWindowTitle(tr("Propose a correction"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.service = dict(service)
        self.old_position, self.position = position, None
        self.duplicate_of = ""
        self._make_widgets()
        self._lay_out()
        if not self.service.get("id"):
            self.set_type("creation")
            self.kind.setEnabled(False)
        self.check()

    # -- what was filled in -------------------------------------------------------------------------------------------

    @property
    def type(self) -> str:
        """The type of correction (contract's codes)."""
        return self.kind.currentData()

    def set_type(self, code: str) -> None:
        """Choose a type of correction."""
        self.kind.setCurrentIndex(self.kind.findData(code))

    @property
    def changes(self) -> dict[str, dict[str, str]]:
        """Per changed column, the value as read and the proposed one."""
        if self.type not in ("modification", "creation"):
            return {}
        return {row.column: {"old": row.value, "new": row.proposed()} for row in self.rows.values() if row.is_changed()}

    @property
    def details(self) -> dict[str, str]:
        """Comment, proof, organisation and, when the user agreed, e-mail."""
        return {
            "commentaire": self.comment.toPlainText().strip(),
            "preuve_url": self.proof.text().strip(),
            "auteur_organisation": self.organisation.text().strip(),
            "courriel": self.email.text().strip() if self.email_agreed.isChecked() else "",
        }

    def move_to(self, lon: float, lat: float, metres: float) -> None:
        """The user has moved the service on the map."""
        self.position = (lon, lat)
        self.moved.setText(tr("Moved by {metres} m.").format(metres=number(metres)))
        if self.type not in ("creation", "modification"):
            self.set_type("deplacement")
        self.check()

    def set_duplicate(self, service_id: str, name: str) -> None:
        """The user has picked the record that stands for the same service."""
        self.duplicate_of = service_id
        self.duplicate.setText(tr("Same as: {name}").format(name=name))
        self.set_type("doublon")
        self.check()

    def check(self) -> None:
        """Say what is missing, and let the user send only what is whole."""
        problems = [row.show_state() for row in self.rows.values()]
        self._show_what_concerns_type()
        self.email.setEnabled(self.email_agreed.isChecked())
        lacking = self._lacking(any(problems))
        self.summary.setText(lacking or self._in_words())
        self.send.setEnabled(not lacking)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _lacking(self, has_problems: bool) -> str:
        if self.type in ("modification", "creation") and has_problems:
            return tr("A field needs your attention.")
        if self.type == "modification" and not self.changes and self.position is None:
            return tr("Change at least one field.")
        if self.type == "creation" and not (self.changes.get("nom") and self.changes.get("categorie")):
            return tr("Give the name and the category of the missing service.")
        if self.type in ("deplacement", "creation") and self.position is None:
            return tr("Show the right place on the map.")
        if self.type == "doublon" and not self.duplicate_of:
            return tr("Pick the other record on the map.")
        if self.type == "alerte" and not self.details["commentaire"]:
            return tr("Say what is wrong in the comment.")
        given = {"preuve_url": self.proof.text()}
        if self.email_agreed.isChecked():
            given["courriel"] = self.email.text()
        for column, text in given.items():
            problem = CHECKS[column](text)
            if problem:
                return translate_message(problem)
        return ""

    def _in_words(self) -> str:
        changed = ", ".join(self.rows[column].label.text() for column in self.changes)
        if changed:
            return tr("To be proposed: {fields}.").format(fields=changed)
        return type_labels()[self.type]

    def _show_what_concerns_type(self) -> None:
        self.fields_box.setVisible(self.type in ("modification", "creation"))
        self.move_button.setVisible(self.type in ("modification", "creation", "deplacement"))
        self.moved.setVisible(self.type in ("modification", "creation", "deplacement"))
        self.duplicate_button.setVisible(self.type == "doublon")
        self.duplicate.setVisible(self.type == "doublon")

    def _make_widgets(self) -> None:
        settings = QgsSettings()
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("What is to be said"))
        for code, label in type_labels().items():
            if code != "creation" or not self.service.get("id"):
                self.kind.addItem(label, code)
        self.kind.currentIndexChanged.connect(lambda _row: self.check())
        self.rows: dict[str, FieldRow] = {}
        self.move_button = QPushButton(tr("Show the right place on the map…"))
        self.move_button.clicked.connect(self.move_asked)
        self.moved = QLabel()
        self.duplicate_button = QPushButton(tr("Pick the other record on the map…"))
        self.duplicate_button.clicked.connect(self.duplicate_asked)
        self.duplicate = QLabel()
        self.duplicate.setTextFormat(Qt.TextFormat.PlainText)
        self.comment = QPlainTextEdit()
        self.comment.setAccessibleName(tr("Comment"))
        self.comment.setTabChangesFocus(True)
        self.comment.setMaximumHeight(64)
        self.comment.textChanged.connect(self.check)
        self.proof = QLineEdit()
        self.proof.setPlaceholderText("https://")
        self.proof.textChanged.connect(lambda _text: self.check())
        self.organisation = QLineEdit(str(settings.value(f"{SETTINGS}/organisation", "")))
        self.email = QLineEdit(str(settings.value(f"{SETTINGS}/email", "")))
        self.email.textChanged.connect(lambda _text: self.check())
        self.email_agreed = QCheckBox(tr("Send my e-mail, so that the moderator can answer me (used for nothing else)"))
        self.email_agreed.toggled.connect(lambda _on: self.check())
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.send = self.buttons.addButton(tr("Propose"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._propose)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        title = QLabel(self._title())
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setStyleSheet("font-weight: bold; font-size: 12pt;")
        title.setWordWrap(True)
        self.fields_box = QGroupBox(tr("As read, and as it should be"))
        grid = QGridLayout(self.fields_box)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 2)
        for rank, (column, label) in enumerate(column_labels().items()):
            row = FieldRow(column, label, str(self.service.get(column) or ""), self)
            self.rows[column] = row
            grid.addWidget(row.label, 2 * rank, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.shown, 2 * rank, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.editor, 2 * rank, 2)
            grid.addWidget(row.error, 2 * rank + 1, 2)
        place = QHBoxLayout()
        for widget in (self.move_button, self.moved, self.duplicate_button, self.duplicate):
            place.addWidget(widget)
        place.addStretch()
        more = QFormLayout()
        more.addRow(tr("Comment"), self.comment)
        more.addRow(tr("Proof (link)"), self.proof)
        more.addRow(tr("My organisation"), self.organisation)
        more.addRow(self.email_agreed)
        more.addRow(tr("My e-mail"), self.email)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(title)
        column.addWidget(self.kind)
        column.addLayout(place)
        column.addWidget(self.fields_box)
        column.addLayout(more)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.addWidget(scroll)
        outer.addWidget(self.summary)
        outer.addWidget(self.buttons)
        self.resize(760, 780)

    def _title(self) -> str:
        name = str(self.service.get("nom") or tr("A service that the referential lacks"))
        try:
            label = by_code(str(self.service.get("categorie") or "")).label(QLocale().name())
        except UnknownCategory:
            return name
        return f"{name} — {label}"

    def _propose(self) -> None:
        settings = QgsSettings()
        settings.setValue(f"{SETTINGS}/organisation", self.organisation.text().strip())
        if self.email_agreed.isChecked():
            settings.setValue(f"{SETTINGS}/email", self.email.text().strip())
        self.proposed.emit()
        self.accept()


def _shown(column: str, value: str) -> str:
    options = choices(column) or {}
    return options.get(value, value) or "—"
