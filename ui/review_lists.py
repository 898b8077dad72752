"""Which two lists are matched, and how: the first page of a review."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from qgis.core import QgsFeatureRequest, QgsProcessingContext, QgsProcessingFeedback, QgsProject
from qgis.PyQt.QtCore import QLocale, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..core.categories import categories
from ..core.matching import match
from ..core.matching.review import Review
from ..i18n import tr
from ..processing.base import FeedbackProgress
from ..processing.matching_inputs import fields_of, find_positions, read_list, read_reference, user_decisions
from ..processing.matchservices import mapped_columns
from ..processing.qgis_enums import FeatureRequestFlag, LayerFilter
from .answer_label import Sentence
from .layer_boxes import Snapshot, field_box, layer_box
from .looks import let_shrink
from .map_tools import services_layers

_ROWS_TO_GUESS_FROM = 200


class MatchingChoices(NamedTuple):
    """What a matching needs."""

    local: Snapshot
    reference: Snapshot
    given: dict[str, list[str]]
    category: str
    distance: float
    geocode: bool


class ListsPage(QWidget):
    """The two layers, the fields of the list as guessed, and the button that asks for their matching."""

    match_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
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
        self.run_button.clicked.connect(lambda _checked: self.match_asked.emit())
        self._guessed: dict[str, tuple[str, ...]] = {}
        self._lay_out()
        self._guess()

    def asked(self) -> MatchingChoices | None:
        """What is to be matched; None while a layer is missing."""
        local, reference = self.local_box.currentLayer(), self.reference_box.currentLayer()
        if local is None or reference is None:
            return None
        return MatchingChoices(
            Snapshot(local),
            Snapshot(reference),
            self.given_fields(),
            self.category.currentData() or "",
            self.distance.value(),
            self.geocode.isChecked(),
        )

    def given_fields(self) -> dict[str, list[str]]:
        """The fields that the user has changed from the guess."""
        return {
            column: [name] if name else []
            for column, box in self.field_boxes.items()
            if (name := box.currentField()) != self._guessed.get(column, ("",))[-1]
        }

    def _lay_out(self) -> None:
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
        row = QHBoxLayout(self)
        row.addLayout(setup, 1)
        row.addLayout(right, 1)

    def _guess(self) -> None:
        """Show which fields of the list would be read as what."""
        layer = self.local_box.currentLayer()
        self._guessed = {}
        if layer is not None:
            request = QgsFeatureRequest().setLimit(_ROWS_TO_GUESS_FROM).setFlags(FeatureRequestFlag.NoGeometry)
            self._guessed = fields_of(list(layer.getFeatures(request)), layer.fields().names(), {})
        for column, box in self.field_boxes.items():
            box.setLayer(layer)
            box.setField(self._guessed.get(column, ("",))[-1])


def matching_work(what: MatchingChoices) -> Callable[[QgsProcessingFeedback], Review]:
    """The work of a run, for a thread."""
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
