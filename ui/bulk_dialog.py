"""Many corrections at once: a layer of corrections, or an edited copy of the services; looked at first, then sent."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections import Correction, Sender
from ..core.corrections.bulk import (
    Proposal,
    is_corrections_layer,
    preview,
    proposals_of_corrections,
    proposals_of_edits,
)
from ..core.corrections.items import CannotSend
from ..core.corrections.submission import Result, dry_run, keep
from ..core.errors import CartoError
from ..core.registry import Connection
from ..i18n import counted, number, tr, translate_message
from ..processing import settings
from ..processing.base import FeedbackProgress
from ..processing.connections import CONNECTION_PROPERTY, all_connections, find_connection
from ..processing.correction_rows import read_rows
from ..processing.outbox import user_outbox
from ..processing.qgis_enums import LayerFilter
from ..processing.transport import open_session
from .background import in_background
from .correction_words import about, field_label, in_words, short_type_labels, shown_value
from .layer_boxes import Snapshot, layer_box
from .looks import open_at_size, still_wheel
from .outbox import desk
from .plain import PlainLabel

MOST_SHOWN = 500
"""Rows of the table of differences; the counts are of all."""


class Look(NamedTuple):
    """What sending would do: a proposal and a result a row."""

    proposals: list[Proposal]
    results: list[Result]


class BulkDialog(QDialog):
    """Nothing is kept or sent before the user has seen the counts and the differences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Corrections from a layer"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look: Look | None = None
        self._asked: object | None = None
        self._make_widgets()
        self._lay_out()
        self._layer_chosen()

    # -- what the buttons do ------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Compare the layer with the registry, without sending anything."""
        layer = self.layer.currentLayer()
        if not isinstance(layer, QgsVectorLayer):
            return
        connection = find_connection(self.registry.currentData())
        self._forget_look()
        self.counts.setText(tr("Comparing with the registry…"))
        self.look_button.setEnabled(False)
        context = QgsProcessingContext()
        context.setTransformContext(QgsProject.instance().transformContext())
        work = partial(_compare, Snapshot(layer), context, connection)
        self._asked = asked = object()
        in_background(
            tr("Comparing corrections"),
            work,
            lambda look: self._asked is asked and self._show_look(look),
            lambda problem: self._asked is asked and self._show_problem(problem),
            self,
        )

    def send(self) -> None:
        """Keep what can be sent in the outbox, from where it leaves."""
        if self._look is None:
            return
        connection = find_connection(self.registry.currentData())
        try:
            keep(self._look.proposals, user_outbox(), connection.url)
        except CartoError as error:
            self.counts.setText(translate_message(error))
            return
        desk().changed.emit()
        desk().send(connection.url)
        self.accept()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.layer = layer_box(tr("Layer"), LayerFilter.VectorLayer)
        self.layer.layerChanged.connect(self._layer_chosen)
        self.registry = QComboBox()
        self.registry.setAccessibleName(tr("Registry"))
        for connection in all_connections():
            self.registry.addItem(connection.name, connection.url)
        self.registry.currentIndexChanged.connect(self._forget_look)
        self.look_button = QPushButton(tr("Preview"))
        self.look_button.clicked.connect(self.look)
        self.counts = PlainLabel()
        self.counts.setWordWrap(True)
        self.counts.setTextFormat(Qt.TextFormat.PlainText)
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName(tr("Differences"))
        self.table.setHorizontalHeaderLabels([tr("Service"), tr("Differences"), tr("Problem")])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.send_button = self.buttons.addButton(tr("Send"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.send)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Corrections, or an edited copy of the services"), self.layer)
        form.addRow(tr("Registry"), self.registry)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.counts)
        column.addWidget(self.table, 1)
        column.addWidget(self.buttons)
        open_at_size(self, 110, 36)
        still_wheel(self)

    def _layer_chosen(self) -> None:
        layer = self.layer.currentLayer()
        origin = str(layer.customProperty(CONNECTION_PROPERTY) or "") if layer else ""
        known = self.registry.findText(origin)
        if known >= 0:
            self.registry.setCurrentIndex(known)
        self._forget_look()

    def _forget_look(self) -> None:
        self._look = self._asked = None  # an answer about another choice comes too late
        self.table.setRowCount(0)
        self.counts.setText(tr("Choose a layer, then look at what it would change."))
        self.look_button.setEnabled(self.layer.currentLayer() is not None)
        self.send_button.setEnabled(False)

    def _show_problem(self, sentence: str) -> None:
        self._forget_look()
        self.counts.setText(sentence)

    def _show_look(self, look: Look) -> None:
        self._look = look
        self.look_button.setEnabled(True)
        seen = preview(look.proposals)
        count = sum(seen.by_type.values())
        self.counts.setText(_counted(look))
        self.send_button.setText(counted(tr("Send {count} correction|Send {count} corrections"), count))
        self.send_button.setEnabled(count > 0)
        shown = [result for result in look.results if result.correction is not None or result.reason][:MOST_SHOWN]
        self.table.setRowCount(len(shown))
        for row, result in enumerate(shown):
            correction = result.correction
            problem = in_words(result.reason) if result.reason else ""
            cells = (_named(correction), _differences(correction), problem) if correction else ("", "", problem)
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeRowsToContents()


def _compare(
    layer: Snapshot, context: QgsProcessingContext, connection: Connection, feedback: QgsProcessingFeedback
) -> Look:
    progress = FeedbackProgress(feedback)
    rows = read_rows(layer, context, progress.part(0.0, 0.1))
    sender = None
    if connection.kind == "ogcapi":
        sender = Sender(open_session(connection.url, connection.authcfg, feedback), connection, user_outbox())
    if is_corrections_layer(layer.fields().names()):
        proposals = proposals_of_corrections(rows)
    elif sender is None:
        raise CannotSend(
            "This layer is not one of corrections, and the registry cannot be asked what its services were before."
        )
    else:
        words = {"auteur_organisation": settings.ORGANISATION.value()}
        proposals = proposals_of_edits(rows, sender.service, words, progress.part(0.1, 0.5))
    return Look(proposals, dry_run(proposals, sender, progress.part(0.5, 1.0)))


def _counted(look: Look) -> str:
    seen = preview(look.proposals)
    kinds = ", ".join(f"{short_type_labels().get(kind, kind)} {number(n)}" for kind, n in seen.by_type.items())
    fields = ", ".join(f"{field_label(field)} {number(n)}" for field, n in seen.by_field.items())
    conflicts = sum(result.state == "conflit" for result in look.results)
    lines = [
        tr("Corrections: {count}; rows without change: {unchanged}; unusable rows: {unusable}.").format(
            count=number(sum(seen.by_type.values())), unchanged=number(seen.unchanged), unusable=number(seen.unusable)
        ),
        " — ".join(filter(None, (kinds, fields))),
    ]
    if seen.lost:
        lost = ", ".join(f"{field_label(field)} {number(n)}" for field, n in seen.lost.items())
        lines.append(tr("Not proposed, because the copy lost them on its way: {fields}.").format(fields=lost))
    if conflicts:
        lines.append(tr("Changed meanwhile by someone else: {count}.").format(count=number(conflicts)))
    return "\n".join(filter(None, lines))


def _named(correction: Correction) -> str:
    named = correction.changes.get("nom")
    return str((named and (named.old or named.new)) or correction.service_id)


def _differences(correction: Correction) -> str:
    lines = [
        about(field_label(field), f"{_shown(field, change.old)} → {_shown(field, change.new)}")
        for field, change in correction.changes.items()
    ]
    return "\n".join(lines) or short_type_labels().get(correction.type, correction.type)


def _shown(field: str, value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"{value[1]:.5f}, {value[0]:.5f}"
    return shown_value(field, "" if value is None else str(value))
