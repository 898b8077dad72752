"""The form that proposes a correction: what the referential says beside what it should say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

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

from ..core.categories import UnknownCategory, by_code
from ..core.corrections import Change, Correction, new_correction
from ..core.corrections.model import POSITION, WITH_FIELDS, WITH_POSITION, renewed
from ..core.corrections.validation import check as wrong_in
from ..core.corrections.validation import lacking
from ..core.services import SERVICE_COLUMNS, Service
from ..i18n import number, tr, translate_message
from ..processing import settings
from .answer_label import AnswerLabel, Sentence, WarningLabel
from .correction_words import about, column_labels, field_label, type_labels
from .field_row import FieldRow
from .looks import open_at_size, still_wheel
from .plain import PlainLabel


class CorrectionForm(QDialog):
    """Not modal: the map stays at hand to move the service or to pick its duplicate.

    `proposed` comes when the user proposes what `correction` gives, `kept_for_later` when it is to be a draft, which
    closing the window with something typed also means. Who listens answers with `accept`, or `tell` and the form stays.
    Given a ``correction`` it is filled with it, and what comes out has the same uuid; ``field_reasons`` are the
    registry's words against it. Columns that ``service`` does not have then stay out of the form.
    """

    proposed = pyqtSignal()
    kept_for_later = pyqtSignal()
    move_asked = pyqtSignal()
    duplicate_asked = pyqtSignal()

    def __init__(
        self,
        service: Mapping[str, str],
        position: tuple[float, float] | None,
        parent: QWidget | None = None,
        correction: Correction | None = None,
        field_reasons: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("CartoServicesPublicsCorrection")
        self.setWindowTitle(tr("Propose a correction"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.service = dict(service)
        self.old_position, self.position = position, None
        self.duplicate_of = ""
        self._edited = correction
        self._make_widgets()
        self._lay_out()
        still_wheel(self)
        if not self.service.get("id"):
            self.set_type("creation")
            self.kind.setEnabled(False)
        if correction is not None:
            self._fill(correction)
            self._show_refusals(field_reasons or {})
        self.check()
        self.begin_here()

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
        if self.type not in WITH_FIELDS:
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

    def correction(self, *, draft: bool = False) -> Correction:
        """What the form proposes, as a correction: one form, one uuid, that of the correction it was opened on if any.

        A ``draft`` holds what was typed even where it is wrong as yet.
        """
        made = new_correction(self.type, self._service(), self._all_changes(draft), **self._words())
        if self._edited is None:
            self._edited = made
        return replace(made, uuid=self._edited.uuid, cree_le=self._edited.cree_le)

    def start_anew(self, *, draft: bool = False) -> Correction:
        """What it proposes from now on is another correction: the one it was opened on has left."""
        self._edited = renewed(self.correction(draft=draft))
        return self._edited

    def suggest(self, values: Mapping[str, str]) -> None:
        """Fill in what is still empty (an address found for the place shown)."""
        was_touched = self.is_touched
        for column, value in values.items():
            row = self.rows.get(column)
            if row is not None and value and not row.problem() and not row.proposed():
                row.propose(value)
        if not was_touched:
            self.begin_here()

    def tell(self, sentence: str) -> None:
        """Say why what was asked for could not be done; the form stays."""
        self.summary.setText(sentence)

    @property
    def is_touched(self) -> bool:
        """Whether something was filled in since the form was opened."""
        return self._state() != self._as_opened

    def begin_here(self) -> None:
        """What is filled in by now was not typed by the user: alone it is not worth a draft."""
        self._as_opened = self._state()

    def reject(self) -> None:
        """Escape or the window's cross: what was typed is kept as a draft."""
        if self.is_touched:
            self.kept_for_later.emit()
        else:
            self._leave()

    def keyPressEvent(self, event) -> None:
        # Enter ends the typing of a time; it must not propose the whole form.
        focused = self.focusWidget()
        hours = self.rows["horaires"].editor
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused and hours.isAncestorOf(focused):
            event.accept()
            return
        super().keyPressEvent(event)

    def move_to(self, lon: float, lat: float, metres: float) -> None:
        """The user has moved the service on the map."""
        self.position = (lon, lat)
        if self.old_position is None:
            self.moved.setText(tr("Placed on the map."))
        else:
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
        """The first thing that keeps the correction from leaving, as the form asks for it."""
        if self.type in WITH_FIELDS and has_problems:
            return tr("A field needs your attention.")
        correction = self.correction()
        # The place as it was read is not one that the user has shown.
        shown = correction if self.position is not None else replace(correction, lon=None, lat=None)
        for what in lacking(shown):
            return _asked_for(what)
        for column, reason in wrong_in(correction).items():
            label = self.rows[column].label.text() if column in self.rows else ""
            return ": ".join(filter(None, (label, translate_message(reason))))
        return ""

    def _service(self) -> Service | None:
        """The service as it was read; None when it is one that the referential lacks."""
        if not self.service.get("id"):
            return None
        values = {name: str(self.service.get(name) or "") for name in SERVICE_COLUMNS}
        lon, lat = self.old_position or (None, None)
        return Service(**values, lon=lon, lat=lat)

    def _all_changes(self, draft: bool) -> dict[str, Change]:
        changes = {column: Change(pair["old"], pair["new"]) for column, pair in self.changes.items()}
        if draft:
            typed = {row.column: (row.value, row.typed()) for row in self.rows.values() if row.problem()}
            changes.update({column: Change(*pair) for column, pair in typed.items() if pair[1]})
        if self.position is not None and self.move_button.isVisibleTo(self):
            changes[POSITION] = Change(list(self.old_position) if self.old_position else None, list(self.position))
        return changes

    def _words(self) -> dict[str, Any]:
        words = {**self.details, "duplicate_of": self.duplicate_of if self.type == "doublon" else ""}
        if not self.service.get("id"):
            words["producteur"] = str(self.service.get("producteur") or "")
        return words

    def _state(self) -> tuple:
        typed = tuple(row.typed() for row in self.rows.values())
        return self.type, typed, self.position, self.duplicate_of, tuple(self.details.values())

    def _fill(self, correction: Correction) -> None:
        self.set_type(correction.type)
        for column, change in correction.changes.items():
            if column in self.rows:
                self.rows[column].propose(str(change.new or ""))
        if POSITION in correction.changes and correction.lon is not None and correction.lat is not None:
            self.position = (correction.lon, correction.lat)
            self.moved.setText(tr("Placed on the map."))
        if correction.duplicate_of:
            self.set_duplicate(correction.duplicate_of, correction.duplicate_of)
        if self.service.get("id"):
            for column, row in self.rows.items():
                row.set_visible(column in self.service)
        self.comment.setPlainText(correction.commentaire)
        self.proof.setText(correction.preuve_url)
        self.organisation.setText(correction.auteur_organisation)
        if correction.courriel:
            self.email.setText(correction.courriel)
            self.email_agreed.setChecked(True)

    def _show_refusals(self, field_reasons: Mapping[str, str]) -> None:
        elsewhere = []
        for column, words in field_reasons.items():
            if column in self.rows:
                self.rows[column].refuse(words)
            else:
                elsewhere.append(about(field_label(column), words))
        self.refused.setText("\n".join(elsewhere))

    def _in_words(self) -> str:
        changed = ", ".join(map(field_label, self._all_changes(draft=False)))
        if changed:
            return tr("To be proposed: {fields}.").format(fields=changed)
        return type_labels()[self.type]

    def _show_what_concerns_type(self) -> None:
        self.fields_box.setVisible(self.type in WITH_FIELDS)
        self.move_button.setVisible(self.type in WITH_POSITION)
        self.moved.setVisible(self.type in WITH_POSITION)
        self.duplicate_button.setVisible(self.type == "doublon")
        self.duplicate.setVisible(self.type == "doublon")

    def _make_widgets(self) -> None:
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("What is to be said"))
        for code, label in type_labels().items():
            if code != "creation" or not self.service.get("id"):
                self.kind.addItem(label, code)
        self.kind.currentIndexChanged.connect(lambda _row: self.check())
        self.rows: dict[str, FieldRow] = {}
        self.move_button = QPushButton(tr("Show the right place on the map…"))
        self.move_button.setToolTip(
            tr("Drag it or click; by keyboard: move the map with the arrows, Enter takes its centre.")
        )
        self.move_button.clicked.connect(self.move_asked)
        self.moved = PlainLabel()
        self.refused = WarningLabel()
        self.duplicate_button = QPushButton(tr("Pick the other record on the map…"))
        self.duplicate_button.clicked.connect(self.duplicate_asked)
        self.duplicate = PlainLabel()
        self.duplicate.setTextFormat(Qt.TextFormat.PlainText)
        self.comment = QPlainTextEdit()
        self.comment.setAccessibleName(tr("Comment"))
        self.comment.setTabChangesFocus(True)
        self.comment.setMaximumHeight(5 * self.comment.fontMetrics().lineSpacing())
        self.comment.textChanged.connect(self.check)
        self.proof = QLineEdit()
        self.proof.setPlaceholderText("https://")
        self.proof.textChanged.connect(lambda _text: self.check())
        self.organisation = QLineEdit(settings.ORGANISATION.value())
        self.email = QLineEdit(settings.EMAIL.value())
        self.email.textChanged.connect(lambda _text: self.check())
        self.email_agreed = QCheckBox(tr("Send my e-mail, so that the moderator can answer me (used for nothing else)"))
        self.email_agreed.toggled.connect(lambda _on: self.check())
        self.summary = Sentence()
        self.buttons = QDialogButtonBox()
        self.send = self.buttons.addButton(tr("Propose"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.later = self.buttons.addButton(tr("Keep as a draft"), QDialogButtonBox.ButtonRole.ActionRole)
        self.later.clicked.connect(self.kept_for_later)
        self.discard = self.buttons.addButton(tr("Discard"), QDialogButtonBox.ButtonRole.ResetRole)
        self.discard.clicked.connect(self._leave)
        self.buttons.accepted.connect(self._propose)
        for widget, name in (
            (self.proof, tr("Proof (link)")),
            (self.organisation, tr("My organisation")),
            (self.email, tr("My e-mail")),
        ):
            widget.setAccessibleName(name)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.addWidget(self._scrolled())
        outer.addWidget(self.summary)
        outer.addWidget(self.buttons)
        open_at_size(self, 120, 46)
        # Enter proposes; it must press no other button, such as those of the hours.
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.send)
        self.send.setDefault(True)
        self.kind.setFocus()

    def _lay_out_fields(self) -> None:
        """One row a column: what the referential holds, and what is proposed."""
        self.fields_box = QGroupBox()
        grid = QGridLayout(self.fields_box)
        grid.setHorizontalSpacing(2 * grid.horizontalSpacing())
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 2)
        headings = [_bold(tr("In the referential")), _bold(tr("What I propose"))]
        for place, heading in enumerate(headings, start=1):
            grid.addWidget(heading, 0, place)
        for rank, (column, label) in enumerate(column_labels().items()):
            row = FieldRow(column, label, str(self.service.get(column) or ""), self.check)
            self.rows[column] = row
            beside = Qt.AlignmentFlag.AlignTop if column == "horaires" else Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(row.label, 2 * rank + 1, 0, beside)
            grid.addWidget(row.shown, 2 * rank + 1, 1, beside)
            grid.addWidget(row.editor, 2 * rank + 1, 2)
            grid.addWidget(row.error, 2 * rank + 2, 2)
        if not self.service.get("id"):
            self.fields_box.setTitle(tr("The missing service"))
            for heading in headings:
                heading.hide()
            for row in self.rows.values():
                row.shown.hide()
            grid.setColumnStretch(1, 0)

    def _scrolled(self) -> QScrollArea:
        self._lay_out_fields()
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
        column.addWidget(AnswerLabel("CartoServicesPublicsCorrected", self._title()))
        column.addWidget(self.kind)
        column.addWidget(self.refused)
        column.addLayout(place)
        column.addWidget(self.fields_box)
        column.addLayout(more)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        return scroll

    def _title(self) -> str:
        name = str(self.service.get("nom") or tr("A service that the referential lacks"))
        try:
            label = by_code(str(self.service.get("categorie") or "")).label(QLocale().name())
        except UnknownCategory:
            return name
        return f"{name} — {label}"

    def _leave(self) -> None:
        super().reject()

    def _propose(self) -> None:
        settings.ORGANISATION.set(self.organisation.text().strip())
        if self.email_agreed.isChecked():
            settings.EMAIL.set(self.email.text().strip())
        self.proposed.emit()


def _asked_for(what: str) -> str:
    """What to do about something that a correction of its type lacks."""
    name_and_category = tr("Give the name and the category of the missing service.")
    return {
        "changes": tr("Change at least one field."),
        "nom": name_and_category,
        "categorie": name_and_category,
        POSITION: tr("Show the right place on the map."),
        "duplicate_of": tr("Pick the other record on the map."),
        "commentaire": tr("Say what is wrong in the comment."),
    }[what]


def _bold(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setStyleSheet("font-weight: bold;")
    return label
