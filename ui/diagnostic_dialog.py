"""« Diagnostic complet »: one button from the panel's choices to the layers and the report."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject, QgsSettings, QgsVectorLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.access.baskets import built_in, read_basket
from ..core.errors import CartoError
from ..i18n import number, tr, translate_message
from ..processing.access_inputs import moment_in_words
from ..processing.diagnostic import (
    Choices,
    command,
    diagnostic_model,
    diagnostic_steps,
    model_inputs,
    output_name,
    report_parameters,
)
from ..processing.qgis_enums import LayerFilter
from ..processing.report_pages import BOTH, BY_GROUP, BY_ZONE, epci_column
from ..processing.styling.renderers import category_label
from .answer_label import Sentence
from .chain import ChainRun
from .layer_boxes import add_results, categories_of, field_box, layer_box, may_be_none
from .looks import open_at_size, still_wheel
from .observatory import observatory_of_project
from .progress_row import ProgressRow
from .runner import Run
from .scenario_layers import SERVICE, changes_beside, compared_summaries

SETTINGS = "carto_services_publics/diagnostic"
DENSITY = ("dens", "libdens", "grille_dens")
"""How columns of INSEE's grid of density begin."""


class DiagnosticDialog(QDialog):
    """Not modal; the chain runs in the task manager, then the report is drawn and opened.

    ``layout_asked``: the user wants the atlas's print layout, for so many services.
    """

    layout_asked = pyqtSignal(int)

    def __init__(self, choices: Choices, territory: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("CartoServicesPublicsDiagnostic")
        self.setWindowTitle(tr("Complete diagnosis"))
        self._choices = self._run_on = choices
        """What the panel said, and what the chain that runs was given."""
        self._started = 0.0
        self._scenario_by_hand = False
        self.title = QLineEdit(choices.title)
        self.territory = QLineEdit(territory)
        self.territory.setCursorPosition(0)
        self.basket = QComboBox()
        self.basket.setAccessibleName(tr("Basket"))
        self.basket.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.basket.addItem(tr("none"), "")
        for name in built_in():
            self.basket.addItem(read_basket(name).name, name)
        self.service = QComboBox()
        self.service.setAccessibleName(tr("Service put forward"))
        self.service.addItem(tr("the worst served"), "")
        for code in categories_of(choices.services):
            self.service.addItem(category_label(code), code)
        self.service.setCurrentIndex(max(self.service.findData(choices.category), 0))
        self._make_report_widgets()
        self._add_others(choices)
        self._add_scenario()
        self.progress = ProgressRow()
        self.left = Sentence()
        column = QVBoxLayout(self)
        column.addLayout(self._form())
        column.addLayout(self._make_buttons())
        column.addWidget(self.left)
        column.addWidget(self.progress)
        open_at_size(self, 75, 1)
        still_wheel(self)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.addRow(tr("Title"), self.title)
        form.addRow(tr("Territory"), self.territory)
        form.addRow(tr("Service put forward"), self.service)
        form.addRow(tr("Basket"), self.basket)
        form.addRow(tr("Folder of the report"), self.folder)
        form.addRow(tr("Logo"), self.logo)
        form.addRow(tr("Signed by"), self.signature)
        form.addRow(tr("Atlas"), self._make_atlas_row())
        form.addRow("", self.basemap)
        form.addRow(tr("Compared with"), self.others)
        form.addRow(tr("by class of density"), self.density)
        form.addRow(tr("Scenario"), self.scenario)
        return form

    def _make_buttons(self) -> QHBoxLayout:
        self.run_button = QPushButton(tr("Run"))
        self.run_button.setDefault(True)
        self.run_button.clicked.connect(self.run)
        save = QPushButton(tr("Save as a model…"))
        save.clicked.connect(self.save_model)
        buttons = QHBoxLayout()
        buttons.addWidget(self.run_button)
        buttons.addWidget(save)
        return buttons

    def _add_others(self, choices: Choices) -> None:
        """Whose figures the report puts beside: none unless chosen."""
        self.others = layer_box(tr("Figures of other territories"), LayerFilter.VectorLayer)
        may_be_none(self.others, tr("none"))
        self.density = field_box(tr("Class of density of the zones"))
        self.density.setLayer(choices.zones)
        names = choices.zones.fields().names() if choices.zones is not None else []
        self.density.setField(next((name for name in names if name.lower().startswith(DENSITY)), ""))

    def _add_scenario(self) -> None:
        """What a scenario compared in this project changes, for the report; another one or none may be chosen."""
        self.scenario = layer_box(tr("Summary of a scenario (of “Compare two scenarios”)"), LayerFilter.VectorLayer)
        may_be_none(self.scenario, tr("none"))
        self._guess_scenario()
        self.scenario.activated.connect(self._scenario_chosen)
        self.service.currentIndexChanged.connect(self._guess_scenario)

    def _scenario_chosen(self, _row: int) -> None:
        self._scenario_by_hand = True

    def _guess_scenario(self, _row: int = 0) -> None:
        """That of the service put forward, unless one was chosen; of several, or where none is of it, the newest."""
        if self._scenario_by_hand:
            return
        found = compared_summaries()
        service = self.service.currentData()
        own = [layer for layer in found if layer.customProperty(SERVICE) == service]
        if found:
            self.scenario.setLayer((own or found)[0])

    def similar(self) -> dict[str, Any]:
        """What the report compares with; nothing where no layer is chosen."""
        others = self.others.currentLayer()
        return {} if others is None else {"SIMILAR": others, "DENSITY_FIELD": self.density.currentField()}

    def _make_report_widgets(self) -> None:
        """Where the report goes, and what is on it besides figures."""
        settings = QgsSettings()
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(str(settings.value(f"{SETTINGS}/folder", str(Path.home()))))
        self.logo = QgsFileWidget()
        self.logo.setFilter(tr("Pictures (*.png *.jpg *.jpeg *.svg);;All files (*)"))
        self.logo.setFilePath(str(settings.value(f"{SETTINGS}/logo", "")))
        self.signature = QLineEdit(str(settings.value(f"{SETTINGS}/signature", "")))
        self.signature.setPlaceholderText(tr("name, function, service"))
        self.basemap = QCheckBox(tr("Plan IGN under the maps"))

    def _make_atlas_row(self) -> QHBoxLayout:
        """What has a page, and the layout of the pages; groups only where a column of the zones says them."""
        self.pages = QComboBox()
        self.pages.setAccessibleName(tr("Pages of the atlas"))
        self.pages.addItem(tr("a page for each zone"), BY_ZONE)
        zones = self._choices.zones
        if zones is not None and epci_column(zones):
            self.pages.addItem(tr("a page for each EPCI"), BY_GROUP)
            self.pages.addItem(tr("EPCI, then their zones"), BOTH)
        self.layout_button = QPushButton(tr("Open the layout"))
        self.layout_button.setToolTip(
            tr("Change the pages of the atlas in QGIS's layout window; the report follows it.")
        )
        self.layout_button.clicked.connect(lambda: self.layout_asked.emit(max(self.service.count() - 1, 1)))
        row = QHBoxLayout()
        row.addWidget(self.pages, 1)
        row.addWidget(self.layout_button)
        return row

    def choices(self) -> Choices:
        """The panel's choices and those of this window."""
        own = {
            "basket": self.basket.currentData(),
            "category": self.service.currentData(),
            "title": self.title.text(),
            "territory": self.territory.text(),
            "scenario": self.scenario.currentLayer(),
            "scenario_changes": changes_beside(self.scenario.currentLayer()),
        }
        return Choices(**{**vars(self._choices), **own})

    def run(self) -> None:
        """Run the chain; the report follows."""
        settings = QgsSettings()
        settings.setValue(f"{SETTINGS}/folder", self.folder.filePath())
        settings.setValue(f"{SETTINGS}/logo", self.logo.filePath())
        settings.setValue(f"{SETTINGS}/signature", self.signature.text())
        self._run_on = choices = self.choices()
        if any(isinstance(value, QgsVectorLayer) and sip.isdeleted(value) for value in vars(choices).values()):
            self.left.setText(tr("A layer was removed since this window was opened: open it again."))
            return
        try:
            steps = diagnostic_steps(choices)
        except CartoError as error:
            self.left.setText(translate_message(error))
            return
        self.run_button.setEnabled(False)
        self._started = time.monotonic()
        chain = ChainRun(self.windowTitle(), steps, model_inputs(choices))
        run = self.progress.follow(chain, tr("Diagnosis under way…"))
        run.progressed.connect(self._show_time_left)
        run.ended.connect(self._chain_ended)

    def save_model(self) -> None:
        """Keep the chain for the Modeler, and its command for a schedule."""
        title = tr("Save as a model")
        path, _ = QFileDialog.getSaveFileName(self, title, "diagnostic_complet.model3", tr("Models (*.model3)"))
        if not path:
            return
        try:
            diagnostic_model(self.choices()).toFile(path)
            QApplication.clipboard().setText(command(self.choices(), path, Path(self.folder.filePath())))
        except CartoError as error:
            self.left.setText(translate_message(error))
            return
        said = tr("Model saved. The command that runs it again is in the clipboard; results go to {folder}.")
        self.left.setText(said.format(folder=self.folder.filePath()))

    def _show_time_left(self, percent: float) -> None:
        spent = time.monotonic() - self._started
        if percent > 5 and spent > 2:
            self.left.setText(tr("About {seconds} s left.").format(seconds=number(spent * (100 - percent) / percent)))

    def _chain_ended(self, run: ChainRun) -> None:
        self.run_button.setEnabled(True)
        self.left.clear()
        if not run.succeeded or run.cancelled:
            return
        shown = [("manques", "DEMAND_OUT"), ("manques", "OUTPUT"), ("isochrones", "OUTPUT"), ("manques", "GAPS")]
        names = tuple(output_name(*result) for result in shown)
        moment = moment_in_words(self._run_on.open_at)
        add_results(run, names, hidden=(output_name("isochrones", "OUTPUT"),), circumstances=moment)
        self._write_report(run)

    def _write_report(self, run: ChainRun) -> None:
        folder = Path(self.folder.filePath())
        folder.mkdir(parents=True, exist_ok=True)
        html = folder / "rapport.html"
        parameters = {
            **report_parameters(self._run_on, run.layers),
            "TITLE": self.title.text(),
            "TERRITORY_NAME": self.territory.text(),
            "BASEMAP": self.basemap.isChecked(),
            "PAGES": self.pages.currentData(),
            **self.similar(),
            "MEASURES": observatory_of_project(),
            "LOGO": self.logo.filePath(),
            "SIGNATURE": self.signature.text(),
            "HTML": str(html),
            "PDF": str(folder / "atlas.pdf"),
        }
        report = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:accessreport")
        written = self.progress.follow(Run(report, parameters), tr("Writing the report…"))
        written.ended.connect(lambda ended: self._report_ended(ended, html))

    def _report_ended(self, run: Run, html: Path) -> None:
        if run.succeeded:
            self.left.setText(tr("Report: {path}").format(path=html))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(html)))
            QgsProject.instance().setDirty(True)
