"""The form that proposes a correction: what the referential says beside what it should say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
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

from ..core.categories import UnknownCategory, by_code, categories
from ..core.corrections import Change, Correction, new_correction
from ..core.corrections.model import POSITION, renewed
from ..core.corrections.validation import check as wrong_in
from ..core.hours import HoursError, parse
from ..core.identifiers import CHECKS, NORMAL_FORMS
from ..core.messages import Message
from ..core.services import SERVICE_COLUMNS, Service
from ..i18n import number, tr, translate_message
from ..processing import settings
from .answer_label import AnswerLabel, Sentence, WarningLabel
from .looks import open_at_size, still_wheel
from .plain import PlainLabel
from .week_grid import WeekGrid, shown_time

CHANGED = "font-weight: bold;"
TO = "\u2060–\u2060"
"""Between the ends of an opening; a line does not break there."""


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


def short_type_labels() -> dict[str, str]:
    """The same in a list, where there is little room."""
    return {
        "modification": tr("Modification"),
        "deplacement": tr("Move"),
        "fermeture": tr("Closing"),
        "reouverture": tr("Opening again"),
        "doublon": tr("Duplicate"),
        "confirmation": tr("Confirmation"),
        "alerte": tr("Alert"),
        "creation": tr("New service"),
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


def field_label(field: str) -> str:
    """What a field of a correction is called on the screen."""
    others = {POSITION: tr("Place"), "commentaire": tr("Comment"), "preuve_url": tr("Proof (link)")}
    return {**column_labels(), **others}.get(field, field)


def about(what: str, words: str) -> str:
    """« Telephone: not a number »: a colon as each language writes it."""
    return tr("{what}: {words}").format(what=what, words=words)


def in_words(message: Message) -> str:
    """A sentence of `core.corrections` for the user: columns and hours named as on the form."""
    values = dict(message.values)
    if values.get("field") == "horaires":
        for side in {"old", "new"} & set(values):
            values[side] = _week_in_words(str(values[side])).replace("\n", "; ")
    for name in {"field", "fields"} & set(values):
        values[name] = ", ".join(map(field_label, str(values[name]).split(", ")))
    return translate_message(message._replace(values=values))


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
        return self._refused_by_rules()

    def _refused_by_rules(self) -> str:
        """What the rules of the contract still find, in a sentence that names the field."""
        for column, reason in wrong_in(self.correction()).items():
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
        self.fields_box.setVisible(self.type in ("modification", "creation"))
        self.move_button.setVisible(self.type in ("modification", "creation", "deplacement"))
        self.moved.setVisible(self.type in ("modification", "creation", "deplacement"))
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
            row = FieldRow(column, label, str(self.service.get(column) or ""), self)
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


def shown_value(column: str, value: str) -> str:
    """A value as a person reads it: labels for codes, days for hours."""
    if column == "horaires":
        return _week_in_words(value) or "—"
    return (choices(column) or {}).get(value, value) or "—"


def _bold(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setStyleSheet("font-weight: bold;")
    return label


def _week_in_words(hours: str) -> str:
    """One line for each run of days that open alike; hours that are no plain week stay as they are written."""
    try:
        table = parse(hours).week_table() if hours.strip() else None
    except HoursError:
        table = None
    if table is None:
        return hours
    lines = []
    for _, run in groupby(enumerate(table.days, start=1), key=itemgetter(1)):
        days, intervals = zip(*run)
        if intervals[0]:
            times = ", ".join(f"{shown_time(start)}{TO}{shown_time(end)}" for start, end in intervals[0])
            lines.append(f"{_days_in_words(days[0], days[-1])} {times}")
    if table.closed_on_public_holidays:
        lines.append(tr("Closed on public holidays"))
    return "\n".join(lines)


def _days_in_words(first: int, last: int) -> str:
    names = [QLocale().dayName(day, QLocale.FormatType.ShortFormat) for day in (first, last)]
    return names[0] if first == last else f"{names[0]}–{names[1]}"
