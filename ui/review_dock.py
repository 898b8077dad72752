"""My list against the referential, pair by pair: side by side, on the map, by the keyboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from qgis.core import (
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QAbstractTableModel, QEvent, QLocale, QModelIndex, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDockWidget,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..core.categories import categories
from ..core.corrections import Correction
from ..core.corrections.model import POSITION
from ..core.errors import CartoError
from ..core.matching import SURE, TO_CHECK, match
from ..core.matching.proposals import says_no_more
from ..core.matching.review import NEW, Case, Review
from ..core.services import Service
from ..i18n import counted, number, tr, translate_message
from ..processing import settings
from ..processing.base import FeedbackProgress
from ..processing.connections import find_connection
from ..processing.coordinates import WGS84, project_mover
from ..processing.matching_inputs import fields_of, find_positions, read_list, read_reference, user_decisions
from ..processing.matchservices import in_words, mapped_columns
from ..processing.outbox import user_outbox
from ..processing.qgis_enums import FeatureRequestFlag, GeometryType, LayerFilter
from .answer_label import AnswerLabel, Sentence
from .background import in_background
from .correction_tool import connection_of
from .correction_words import about, column_labels, type_labels
from .layer_boxes import Snapshot, field_box, layer_box
from .looks import let_shrink, open_at_size, still_wheel
from .map_tools import ServicePicker, services_layers
from .outbox import desk
from .plain import PlainLabel

MINE, THEIRS = QColor("#0072b2"), QColor("#d55e00")
"""Blue and vermilion of Okabe and Ito's palette, distinct for all usual kinds of colour vision."""

ZONE = Qt.ItemDataRole.UserRole
_ROWS_TO_GUESS_FROM = 200
_NARROWEST_DEGREES = 0.002
_SHOWN = (
    "nom",
    "categorie",
    "adresse",
    "code_postal",
    "commune",
    "telephone",
    "courriel",
    "site_web",
    "horaires",
    "siret",
)
_OPEN: list[ReviewDock] = []


def open_review(iface) -> ReviewDock:
    """Show the panel; there is one."""
    if not _OPEN:
        _OPEN.append(ReviewDock(iface))
        iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, _OPEN[0])
    _OPEN[0].show()
    return _OPEN[0]


def close_review(iface) -> None:
    """Take the panel away, when there is one."""
    while _OPEN:
        dock = _OPEN.pop()
        dock.clear_map()
        iface.removeDockWidget(dock)
        dock.deleteLater()


class CaseModel(QAbstractTableModel):
    """The cases of a review: mine, theirs, how sure, what was said."""

    def __init__(self, review: Review | None = None) -> None:
        super().__init__()
        self.review = review

    def start(self, review: Review) -> None:
        """Show another review."""
        self.beginResetModel()
        self.review = review
        self.endResetModel()

    def refresh(self) -> None:
        """Decisions have been made."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 3))

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() or self.review is None else len(self.review.cases)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (tr("My list"), tr("Referential"), tr("Likeness"), tr("Decision"))[section]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        case = self.review.cases[index.row()]
        if role == ZONE:
            return case.zone
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return self.review.local[case.local].nom
        if index.column() == 1:
            return self.review.reference[case.reference].nom if case.reference >= 0 else "—"
        if index.column() == 2:
            return f"{100 * case.score:.0f} %" if case.reference >= 0 else ""
        return decision_in_words(case)


class ZoneFilter(QSortFilterProxyModel):
    """Only the cases of a zone; all when it is empty."""

    zone = ""

    def show_zone(self, zone: str) -> None:
        self.zone = zone
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        return not self.zone or self.sourceModel().index(row, 0).data(ZONE) == self.zone


class CaseTable(QTableView):
    """Letters decide (A, R, L, Z) instead of searching; arrows go through the cases."""

    def __init__(self, keys: dict[int, Callable[[], None]]) -> None:
        super().__init__()
        self._keys = keys
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()

    def event(self, event) -> bool:
        # Before a shortcut of the main window takes the key.
        if event.type() == QEvent.Type.ShortcutOverride and self._called(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:
        called = self._called(event)
        if called:
            called()
        else:
            super().keyPressEvent(event)

    def _called(self, event) -> Callable[[], None] | None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return self._keys.get(event.key()) if plain else None


class ReviewDock(QDockWidget):
    """Choose two layers, match, go through the pairs, put what differs in the outbox."""

    def __init__(self, iface) -> None:
        super().__init__(tr("My list against the referential"), iface.mainWindow())
        self.setObjectName("CartoServicesPublicsReview")
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._marks: list[Any] = []
        self._picker: ServicePicker | None = None
        self._task = None
        self.review: Review | None = None
        self.connection = ""
        self._make_widgets()
        self._lay_out()
        self._guess()
        self._show_case()
        still_wheel(self)

    # -- matching -----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Match the two layers in the background."""
        local, reference = self.local_box.currentLayer(), self.reference_box.currentLayer()
        if local is None or reference is None:
            self.summary.setText(tr("Choose your list and a layer of services."))
            return
        self.connection = connection_of(reference)
        self.run_button.setEnabled(False)
        self.summary.setText(tr("Matching…"))
        work = _matching(
            Snapshot(local),
            Snapshot(reference),
            self.given_fields(),
            self.category.currentData() or "",
            self.distance.value(),
            self.geocode.isChecked(),
        )
        self._task = in_background(tr("Match services"), work, self.start, self._fail, self)
        self._task.taskTerminated.connect(self._may_run_again)

    def given_fields(self) -> dict[str, list[str]]:
        """The fields that the user has changed from the guess."""
        return {
            column: [name] if name else []
            for column, box in self.field_boxes.items()
            if (name := box.currentField()) != self._guessed.get(column, ("",))[-1]
        }

    def start(self, review: Review) -> None:
        """Go through a review."""
        self.review = review
        self._may_run_again()
        self.model.start(review)
        self.pages.setCurrentIndex(1)
        self.table.setFocus()
        self._show_counts()
        self._select(max(review.next_open(0), 0))

    # -- deciding -----------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """The pair shown is one service."""
        self._decide(lambda position: self.review.accept(position))

    def refuse(self) -> None:
        """The pair shown is two services."""
        self._decide(lambda position: self.review.refuse(position))

    def link(self) -> None:
        """Pick on the map the service of the referential that the row shown is."""
        if self.position() < 0:
            return
        self._put_away_picker()
        self._picker = ServicePicker(self._canvas)
        self._picker.picked.connect(lambda _layer, feature: self.link_to(str(feature["id"])))
        self._canvas.setMapTool(self._picker)
        self.reasons.setText(tr("Click the same service of the referential on the map."))

    def link_to(self, identifier: str) -> None:
        """The row shown is the service of that identifier."""
        self._put_away_picker()
        row = next((row for row, service in enumerate(self.review.reference) if service.id == identifier), -1)
        if row < 0:
            self.reasons.setText(tr("This service is not in the layer that your list was matched with."))
            return
        self._decide(lambda position: self.review.link(position, row))

    def undo(self) -> None:
        """Take back the last decision."""
        undone: list[int] = []
        if self.review is None or not self._safely(lambda: undone.append(self.review.undo())):
            return
        self.model.refresh()
        self._show_counts()
        if undone[0] >= 0:
            self._select(undone[0])
            self._show_case()

    def position(self) -> int:
        """The case shown, -1 without any."""
        index = self.table.currentIndex()
        return self.zones.mapToSource(index).row() if index.isValid() else -1

    # -- proposing ----------------------------------------------------------------------------------------------------

    def propose(self) -> None:
        """Show what would be proposed, and put it in the outbox when the user agrees."""
        if self.review is None:
            return
        proposed = self.review.proposals()
        names = {service.id: service.nom for service in self.review.reference}
        preview = ProposalPreview(proposed, names, self)
        if preview.exec() == QDialog.DialogCode.Accepted:
            self.keep(proposed)

    def keep(self, proposed: list[Correction]) -> None:
        """Put corrections in the outbox, to be sent from the page of corrections."""

        def add() -> None:
            by = settings.ORGANISATION.value()
            signed = [replace(correction, auteur_organisation=by) for correction in proposed]
            added = user_outbox().add_all(signed, find_connection(self.connection).url)
            desk().changed.emit()
            self.summary.setText(
                counted(
                    tr(
                        "{count} correction is in your outbox; send it from the page Corrections."
                        "|{count} corrections are in your outbox; send them from the page Corrections."
                    ),
                    added,
                )
            )

        self._safely(add)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _decide(self, say: Callable[[int], None]) -> None:
        position = self.position()
        if self.review is None or position < 0 or not self._safely(lambda: say(position)):
            return
        self.model.refresh()
        self._show_counts()
        following = self.review.next_open(position + 1)
        self._select(following if following >= 0 else position)
        self._show_case()

    def _safely(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except CartoError as error:
            self.reasons.setText(translate_message(error))
            return False
        return True

    def _may_run_again(self) -> None:
        self.run_button.setEnabled(True)

    def _fail(self, sentence: str) -> None:
        self._may_run_again()
        self.summary.setText(sentence)

    def _show_counts(self) -> None:
        """The answer first: counts in a sentence."""
        zones = Counter(case.zone for case in self.review.cases)
        left = sum(case.zone == TO_CHECK and case.same is None for case in self.review.cases)
        self.summary.setText(
            tr("{sure} sure pairs, {check} to check ({left} left), {new} only in your list.").format(
                sure=number(zones[SURE]), check=number(zones[TO_CHECK]), left=number(left), new=number(zones[NEW])
            )
        )

    def _select(self, position: int) -> None:
        index = self.zones.mapFromSource(self.model.index(position, 0))
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)
        else:
            self._show_case()

    def _show_case(self, *_changed: Any) -> None:
        position = self.position()
        case = self.review.cases[position] if self.review is not None and position >= 0 else None
        for button in (self.accept_button, self.refuse_button):
            button.setEnabled(case is not None and case.reference >= 0)
        self.link_button.setEnabled(case is not None)
        self.clear_map()
        if case is None:
            self.side.setRowCount(0)
            self.reasons.clear()
            return
        own = self.review.local[case.local]
        partner = case.reference if case.reference >= 0 else case.resembles
        theirs = self.review.reference[partner] if partner >= 0 else None
        self._show_side_by_side(own, theirs)
        self.reasons.setText(in_words(case.reasons))
        self._show_on_map(own, theirs)

    def _show_side_by_side(self, own: Service, theirs: Service | None) -> None:
        labels = column_labels()
        rows = [(name, getattr(own, name), getattr(theirs, name, "")) for name in _SHOWN]
        rows = [row for row in rows if row[1] or row[2]]
        self.side.setRowCount(len(rows))
        for row, (name, mine, other) in enumerate(rows):
            differs = bool(mine and other) and not says_no_more(name, mine, other)
            for column, text in enumerate((labels[name], mine, other)):
                item = QTableWidgetItem(text)
                font = QFont(item.font())
                font.setBold(differs)
                item.setFont(font)
                self.side.setItem(row, column, item)
        self.side.resizeRowsToContents()

    # -- map ----------------------------------------------------------------------------------------------------------

    def clear_map(self) -> None:
        """Take the marks off the map."""
        for mark in self._marks:
            self._canvas.scene().removeItem(mark)
        self._marks = []

    def _show_on_map(self, own: Service, theirs: Service | None) -> None:
        """Mine in blue, theirs in vermilion, a line between; the map follows when it does not show both."""
        points = [(self._on_map(own), MINE), (self._on_map(theirs), THEIRS)]
        shown = [point for point, _colour in points if point is not None]
        for point, colour in points:
            if point is not None:
                self._marks.append(_marker(self._canvas, point, colour))
        if len(shown) == 2:
            line = QgsRubberBand(self._canvas, GeometryType.Line)
            line.setColor(MINE)
            line.setWidth(2)
            line.setToGeometry(QgsGeometry.fromPolylineXY(shown), None)
            self._marks.append(line)
        if shown and not all(self._canvas.extent().contains(point) for point in shown):
            self._zoom(shown)

    def _on_map(self, service: Service | None) -> QgsPointXY | None:
        if service is None or service.lon is None or service.lat is None:
            return None
        shown = self._canvas.mapSettings().destinationCrs()
        return project_mover(WGS84, shown).point(QgsPointXY(service.lon, service.lat))

    def _zoom(self, points: list[QgsPointXY]) -> None:
        extent = QgsRectangle(points[0], points[-1])
        degrees = self._canvas.mapSettings().destinationCrs().isGeographic()
        extent.grow(max(extent.width(), extent.height(), _NARROWEST_DEGREES if degrees else 200.0) / 2)
        self._canvas.setExtent(extent)
        self._canvas.refresh()

    def _put_away_picker(self) -> None:
        if self._picker is not None:
            self._canvas.unsetMapTool(self._picker)
            self._picker = None

    def hideEvent(self, event) -> None:
        self.clear_map()
        self._put_away_picker()
        super().hideEvent(event)

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        kinds = LayerFilter.VectorLayer
        self.local_box = layer_box(tr("My list"), kinds)
        self.local_box.layerChanged.connect(lambda _layer: self._guess())
        self.reference_box = layer_box(tr("Referential"), kinds)
        self.reference_box.setLayer(next(iter(services_layers()), None))
        self.category = QComboBox()
        self.category.setAccessibleName(tr("Category of my whole list"))
        let_shrink(self.category)
        self.category.addItem(tr("as the list says"), "")
        for code, category in categories().items():
            self.category.addItem(category.label(QLocale().name()), code)
        self.distance = QDoubleSpinBox()
        self.distance.setRange(0, 100_000)
        self.distance.setDecimals(0)
        self.distance.setSuffix(" m")
        self.distance.setSpecialValueText(tr("by category"))
        self.distance.setAccessibleName(tr("Farthest that two positions of one place may be"))
        self.geocode = QCheckBox(tr("Place rows without position by their address"))
        self.geocode.setChecked(True)
        self.field_boxes = {column: field_box(label) for column, label in mapped_columns().items()}
        self.run_button = QPushButton(tr("Match"))
        self.run_button.clicked.connect(self.run)
        choose = tr("Choose your list and a layer of services, then match them.")
        self.summary = AnswerLabel("CartoServicesPublicsMatching", choose)
        self._make_case_widgets()

    def _make_case_widgets(self) -> None:
        """The pairs, the two records side by side, and what may be decided."""
        self.zone = QComboBox()
        self.zone.setAccessibleName(tr("Shown"))
        self.zone.addItem(tr("All"), "")
        for zone, text in ((TO_CHECK, tr("To check")), (NEW, tr("Only in my list")), (SURE, tr("Sure"))):
            self.zone.addItem(text, zone)
        self.model, self.zones = CaseModel(), ZoneFilter()
        self.zones.setSourceModel(self.model)
        self.zone.currentIndexChanged.connect(lambda _row: self.zones.show_zone(self.zone.currentData()))
        keys = {Qt.Key.Key_A: self.accept, Qt.Key.Key_R: self.refuse, Qt.Key.Key_L: self.link, Qt.Key.Key_Z: self.undo}
        self.table = CaseTable(keys)
        self.table.setAccessibleName(tr("Pairs"))
        self.table.setModel(self.zones)
        for column in range(4):
            mode = QHeaderView.ResizeMode.ResizeToContents if column == 2 else QHeaderView.ResizeMode.Stretch
            self.table.horizontalHeader().setSectionResizeMode(column, mode)
        self.table.selectionModel().currentRowChanged.connect(self._show_case)
        self.side = QTableWidget(0, 3)
        self.side.setAccessibleName(tr("Side by side"))
        self.side.setHorizontalHeaderLabels(["", tr("My list"), tr("Referential")])
        self.side.setTabKeyNavigation(False)
        self.side.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.side.verticalHeader().hide()
        for column in (1, 2):
            self.side.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.reasons = PlainLabel()
        self.reasons.setWordWrap(True)
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        self.accept_button = _button(tr("Same service (A)"), self.accept)
        self.refuse_button = _button(tr("Not the same (R)"), self.refuse)
        self.link_button = _button(tr("Link on the map (L)"), self.link)
        self.undo_button = _button(tr("Undo (Z)"), self.undo)
        self.propose_button = _button(tr("Propose corrections…"), self.propose)

    def _lay_out(self) -> None:
        self.pages = QTabWidget()
        self.pages.addTab(self._lists_page(), tr("Lists"))
        self.pages.addTab(self._pairs_page(), tr("Pairs"))
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(self.summary)
        column.addWidget(self.pages, 1)
        self.setWidget(content)

    def _lists_page(self) -> QWidget:
        setup = QFormLayout()
        setup.addRow(tr("My list"), self.local_box)
        setup.addRow(tr("Category"), self.category)
        setup.addRow(tr("Referential"), self.reference_box)
        setup.addRow(tr("Farthest"), self.distance)
        setup.addRow(self.geocode)
        setup.addRow(self.run_button)
        fields = QWidget()
        rows = QFormLayout(fields)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for column, label in mapped_columns().items():
            rows.addRow(label, self.field_boxes[column])
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(fields)
        right = QVBoxLayout()
        right.addWidget(Sentence(tr("Fields of my list, as guessed; change what is wrong.")))
        right.addWidget(scroll)
        page = QWidget()
        row = QHBoxLayout(page)
        row.addLayout(setup, 1)
        row.addLayout(right, 1)
        return page

    def _pairs_page(self) -> QWidget:
        buttons = QGridLayout()
        for rank, button in enumerate((self.accept_button, self.refuse_button, self.link_button, self.undo_button)):
            buttons.addWidget(button, rank // 2, rank % 2)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.zone)
        left.addWidget(self.table, 1)
        left.addWidget(self.propose_button)
        right.addWidget(self.side, 1)
        right.addWidget(self.reasons)
        right.addLayout(buttons)
        page = QWidget()
        row = QHBoxLayout(page)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        return page

    def _guess(self) -> None:
        """Show which fields of the list would be read as what."""
        layer = self.local_box.currentLayer()
        self._guessed: dict[str, tuple[str, ...]] = {}
        if layer is not None:
            request = QgsFeatureRequest().setLimit(_ROWS_TO_GUESS_FROM).setFlags(FeatureRequestFlag.NoGeometry)
            self._guessed = fields_of(list(layer.getFeatures(request)), layer.fields().names(), {})
        for column, box in self.field_boxes.items():
            box.setLayer(layer)
            box.setField(self._guessed.get(column, ("",))[-1])


class ProposalPreview(QDialog):
    """What would go to the outbox: how many of each kind, and each difference in words."""

    def __init__(self, proposed: list[Correction], names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Corrections to propose"))
        self.summary = PlainLabel(_counted(proposed))
        self.summary.setWordWrap(True)
        self.words = QPlainTextEdit("\n".join(correction_in_words(one, names) for one in proposed))
        self.words.setReadOnly(True)
        self.words.setAccessibleName(tr("Differences"))
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.keep = self.buttons.addButton(tr("Put them in my outbox"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.keep.setEnabled(bool(proposed))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.summary, self.words, self.buttons):
            column.addWidget(widget)
        open_at_size(self, 95, 30)


def decision_in_words(case: Case) -> str:
    """What was said of a case, else its zone."""
    if case.same is not None:
        return tr("same service") if case.same else tr("not the same")
    return {SURE: tr("sure"), TO_CHECK: tr("to check"), NEW: tr("only in my list")}[case.zone]


def correction_in_words(correction: Correction, names: Mapping[str, str]) -> str:
    """One line: which service, and each field with what was read and what is proposed."""
    changes = {name: change for name, change in correction.changes.items() if name != POSITION}
    if correction.type == "creation":
        said = [str(changes[name].new) for name in ("nom", "adresse", "commune") if name in changes]
        return f"+ {' · '.join(said)}"
    labels = column_labels()
    said = [about(labels.get(name, name), f"{change.old or '—'} → {change.new}") for name, change in changes.items()]
    if POSITION in correction.changes:
        said.append(tr("moved"))
    return f"{names.get(correction.service_id, correction.service_id)} · {'; '.join(said)}"


def _counted(proposed: list[Correction]) -> str:
    kinds = Counter(correction.type for correction in proposed)
    counted = ", ".join(about(type_labels()[kind], number(count)) for kind, count in kinds.most_common())
    return counted or tr("Nothing differs in the pairs that are sure or accepted.")


class _Asked(NamedTuple):
    """What a matching needs."""

    local: Snapshot
    reference: Snapshot
    given: dict[str, list[str]]
    category: str
    distance: float
    geocode: bool


def _matching(*asked: Any) -> Callable[[QgsProcessingFeedback], Review]:
    """The work of a run, for a thread."""
    what = _Asked(*asked)
    context = QgsProcessingContext()
    context.setTransformContext(QgsProject.instance().transformContext())

    def work(feedback: QgsProcessingFeedback) -> Review:
        progress = FeedbackProgress(feedback)
        own = read_list(what.local, "LOCAL", what.given, what.category, context, progress.part(0.0, 0.1))
        theirs = read_reference(what.reference, context, progress.part(0.1, 0.2))
        services = own.services
        if what.geocode:
            services = find_positions(services, "", progress.part(0.2, 0.5))
        decisions = user_decisions()
        matching = match(
            services,
            theirs.services,
            max_distance=what.distance,
            verdicts=decisions.verdicts(services, theirs.services),
            progress=progress.part(0.5, 1.0),
        )
        return Review.of(services, theirs.services, matching, own.columns, decisions, theirs.columns)

    return work


def _marker(canvas, point: QgsPointXY, colour: QColor) -> QgsVertexMarker:
    marker = QgsVertexMarker(canvas)
    marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
    marker.setIconSize(16)
    marker.setPenWidth(3)
    marker.setColor(colour)
    marker.setCenter(point)
    return marker


def _button(text: str, called: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked: called())
    return button
