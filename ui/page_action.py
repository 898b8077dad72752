"""Page « Agir »: where to open, how many, and what it would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..i18n import number, tr
from ..processing.diagnostic import Choices
from .diagnostic_dialog import DiagnosticDialog
from .layer_boxes import add_results, layer_box
from .page_access import AccessPage
from .progress_row import ProgressRow
from .runner import Run


def model_labels() -> dict[str, str]:
    """What one may seek, as the page asks it."""
    return {
        "mclp": tr("reach the most people within the time"),
        "lscp": tr("reach everyone within the time, with the fewest sites"),
        "pmedian": tr("make all journeys shortest on the whole"),
        "pcenter": tr("make the longest journey shortest"),
    }


class ActionPage(QWidget):
    """Demand, roads and existing services are those of the page Access."""

    def __init__(self, iface, access: AccessPage, territory: Callable[[], str]) -> None:
        super().__init__()
        self._iface, self._access, self._territory = iface, access, territory
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.answer.setStyleSheet("font-size: 12pt; font-weight: bold;")
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.candidates = layer_box(tr("Candidate places"), QgsMapLayerProxyModel.Filter.VectorLayer)
        self.model = QComboBox()
        self.model.setAccessibleName(tr("What is sought"))
        for code, label in model_labels().items():
            self.model.addItem(label, code)
        self.model.currentIndexChanged.connect(lambda _row: self._show_what_concerns_model())
        self.sites = QSpinBox()
        self.sites.setRange(1, 500)
        self.sites.setValue(3)
        self.threshold = QDoubleSpinBox()
        self.threshold.setRange(1, 240)
        self.threshold.setValue(20)
        self.threshold.setSuffix(" min")
        self.run_button = QPushButton(tr("Where to open"))
        self.run_button.clicked.connect(self.run)
        self.diagnostic_button = QPushButton(tr("Complete diagnosis and report…"))
        self.diagnostic_button.clicked.connect(self.open_diagnostic)
        self.progress = ProgressRow()
        form = QFormLayout()
        form.addRow(tr("Candidates"), self.candidates)
        form.addRow(tr("I want to"), self.model)
        form.addRow(tr("Sites to open"), self.sites)
        form.addRow(tr("Within"), self.threshold)
        column = QVBoxLayout(self)
        column.addWidget(self.answer)
        column.addLayout(form)
        column.addWidget(self.run_button)
        column.addWidget(self.progress)
        column.addWidget(self.diagnostic_button)
        column.addStretch()
        self._show_what_concerns_model()

    def parameters(self) -> dict[str, Any]:
        """For `proposesites`."""
        gaps = self._access.gap_parameters()
        return {
            **{name: gaps[name] for name in ("DEMAND", "DEMAND_WEIGHT", "NETWORK", "PROFILE")},
            "EXISTING": gaps["SERVICES"],
            "CANDIDATES": self.candidates.currentLayer(),
            "MODEL": self.model.currentData(),
            "SITES": self.sites.value(),
            "THRESHOLD": self.threshold.value(),
            **dict.fromkeys(("OUTPUT", "ASSIGNMENT"), "TEMPORARY_OUTPUT"),
        }

    def open_diagnostic(self) -> None:
        """The whole chain and its report, on what the page Access says."""
        access = self._access
        choices = Choices(
            services=access.services.currentLayer(),
            demand=access.demand.currentLayer(),
            weight=access.weight.currentField(),
            zones=access.zones.currentLayer(),
            zone_id=access.zone_id.currentField(),
            roads=access.roads_path(),
            profile=access.profile.currentData(),
            thresholds=access.thresholds.text(),
            open_at=access.open_at(),
        )
        if not all((choices.services, choices.demand, choices.zones, choices.roads)):
            self.answer.setText(tr("Fill in the page Access first: services, people, zones and roads."))
            return
        self.diagnostic = DiagnosticDialog(choices, self._territory(), self._iface.mainWindow())
        self.diagnostic.show()

    def run(self) -> None:
        """Ask for the places that serve most."""
        lacking = [
            name
            for name, value in (
                (tr("Candidates"), self.candidates.currentLayer()),
                (tr("People"), self._access.demand.currentLayer()),
                (tr("Roads"), self._access.roads_path()),
            )
            if not value
        ]
        if lacking or self.progress.run is not None:
            self.answer.setText(tr("Choose first: {lacking}.").format(lacking=", ".join(lacking)))
            return
        self.answer.clear()
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:proposesites")
        run = self.progress.follow(Run(algorithm, self.parameters()), tr("Looking for the best places…"))
        run.ended.connect(self._show)

    def _show(self, run: Run) -> None:
        if not run.succeeded:
            return
        add_results(run, ("ASSIGNMENT", "OUTPUT"))
        count = run.layers["OUTPUT"].featureCount() if "OUTPUT" in run.layers else 0
        self.answer.setText(
            tr("{count} places proposed. Gain: {gain}. Proven to be within {gap} % of the best possible.").format(
                count=number(count),
                gain=number(run.results.get("GAIN") or 0),
                gap=number(100 * (run.results.get("GAP") or 0), 1),
            )
        )
        QgsProject.instance().setDirty(True)

    def _show_what_concerns_model(self) -> None:
        model = self.model.currentData()
        self.sites.setEnabled(model != "lscp")
        self.threshold.setEnabled(model in ("mclp", "lscp"))
