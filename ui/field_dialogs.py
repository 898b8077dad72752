"""« Pour le terrain » and « Relire le terrain »: the territory out in a folder, and its copies back into the outbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsVectorLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.corrections.model import read_changes
from ..core.field.copies import NotAFieldPackage, read_copy
from ..core.field.package import FILE
from ..core.field.readback import UNUSABLE
from ..i18n import counted, number, tr
from ..processing.attributes import as_text
from ..processing.connections import all_connections
from ..processing.qgis_enums import LayerFilter
from ..processing.styling.columns import words
from .answer_label import Sentence
from .correction_tool import connection_of
from .correction_words import CORRECTED, about, field_label, shown_value
from .layer_boxes import layer_box, may_be_none
from .looks import open_at_size, still_wheel
from .map_tools import services_layers
from .outbox import desk
from .page_referential import layer_of_communes
from .plain import as_plain
from .progress_row import ProgressRow
from .runner import Run

MOST_SHOWN = 500
"""Lines of the table; the counts are of all."""


def run_of(name: str, parameters: dict[str, Any]) -> Run:
    """A run of one of the plugin's algorithms."""
    return Run(QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}"), parameters)


class FieldDialog(QDialog):
    """What both have: a form, a row that shows what runs, a main button."""

    def __init__(self, title: str, main: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.form = QFormLayout()
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.answer = Sentence()
        self.progress = ProgressRow()
        self.buttons = QDialogButtonBox()
        self.main_button = self.buttons.addButton(main, QDialogButtonBox.ButtonRole.ActionRole)
        self.main_button.setDefault(True)
        self.buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.rejected.connect(self.reject)

    def lay_out(self, *middle: QWidget) -> None:
        """The form, what was answered, what is between, the buttons."""
        column = QVBoxLayout(self)
        column.addLayout(self.form)
        column.addWidget(self.answer)
        for widget in middle:
            column.addWidget(widget, 1)
        column.addWidget(self.progress)
        column.addWidget(self.buttons)
        still_wheel(self)


class FieldPackageDialog(FieldDialog):
    """Services, ground and folder; then where it is, and what to do with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("For the field"), tr("Make the folder"), parent)
        self.services = layer_box(tr("Services"), LayerFilter.VectorLayer)
        self.zones = layer_box(tr("Communes or zones"), LayerFilter.PolygonLayer)
        self.roads = layer_box(tr("Roads (lines)"), LayerFilter.LineLayer)
        for box in (self.zones, self.roads):
            may_be_none(box, tr("None"))
        self.title = QLineEdit(tr("Field work"))
        self.title.setAccessibleName(tr("Title"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.lineEdit().setAccessibleName(tr("Folder for QField or Lizmap"))
        self.open_button = self.buttons.addButton(tr("Open the folder"), QDialogButtonBox.ButtonRole.ActionRole)
        self.open_button.setEnabled(False)
        self.open_button.clicked.connect(lambda _checked: open_folder(self.folder.filePath()))
        rows = (
            (tr("Services"), self.services),
            (tr("Communes or zones"), self.zones),
            (tr("Roads (lines)"), self.roads),
            (tr("Title"), self.title),
            (tr("Folder for QField or Lizmap"), self.folder),
        )
        for label, widget in rows:
            self.form.addRow(label, widget)
        self._choose_layers()
        self.folder.fileChanged.connect(self._choices_changed)
        self.services.layerChanged.connect(self._choices_changed)
        self.main_button.clicked.connect(lambda _checked: self.make())
        self.lay_out()
        open_at_size(self, 70, 16)
        self._choices_changed()

    def make(self) -> None:
        """Write the folder."""
        run = run_of(
            "fieldpackage",
            {
                "SERVICES": self.services.currentLayer(),
                "ZONES": self.zones.currentLayer(),
                "ROADS": self.roads.currentLayer(),
                "TITLE": self.title.text(),
                "FOLDER": self.folder.filePath(),
            },
        )
        self.answer.setText("")
        self.main_button.setEnabled(False)
        self.progress.follow(run, tr("Making the folder…"))
        run.ended.connect(self._made)

    def _choose_layers(self) -> None:
        """What the project has: the services first, the communes it is judged by."""
        loaded, communes = services_layers(), layer_of_communes()
        if loaded:
            self.services.setLayer(loaded[0])
        if communes is not None:
            self.zones.setLayer(communes)

    def _choices_changed(self) -> None:
        ready = self.services.currentLayer() is not None and bool(self.folder.filePath())
        self.main_button.setEnabled(ready and self.progress.run is None)

    def _made(self, run: Run) -> None:
        self._choices_changed()
        self.open_button.setEnabled(run.succeeded)
        if run.succeeded and not run.cancelled:
            made = tr(
                "{count} service is in it. Copy the whole folder to the phone (QField) or to the server (Lizmap)."
                "|{count} services are in it. Copy the whole folder to the phone (QField) or to the server (Lizmap)."
            )
            self.answer.setText(counted(made, int(run.results["SERVICES_COUNT"])))


class FieldReadDialog(FieldDialog):
    """Nothing is kept before the user has seen what each row becomes."""

    kept = pyqtSignal(str)
    """Rows are in the outbox; the sentence that says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Read the field back"), tr("Preview"), parent)
        self.copies = QgsFileWidget()
        self.copies.setStorageMode(QgsFileWidget.StorageMode.GetMultipleFiles)
        self.copies.setFilter("GeoPackage (*.gpkg)")
        self.copies.lineEdit().setAccessibleName(tr("GeoPackages brought back"))
        self.registry = QComboBox()
        self.registry.setAccessibleName(tr("Registry"))
        for connection in all_connections():
            self.registry.addItem(connection.name)
        self.services = layer_box(tr("Services as they are now"), LayerFilter.VectorLayer)
        may_be_none(self.services, tr("As the registry has them"))
        self.table = QTableWidget(0, len(_titles()))
        self.table.setAccessibleName(tr("What each row became"))
        self.table.setHorizontalHeaderLabels(_titles())
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.keep_button = self.buttons.addButton(tr("Keep in the outbox"), QDialogButtonBox.ButtonRole.ActionRole)
        self.form.addRow(tr("GeoPackages brought back"), self.copies)
        self.form.addRow(tr("Registry"), self.registry)
        self.form.addRow(tr("Services as they are now"), self.services)
        self.main_button.clicked.connect(lambda _checked: self.look())
        self.keep_button.clicked.connect(lambda _checked: self.keep())
        self.copies.fileChanged.connect(self._copies_chosen)
        self.registry.currentIndexChanged.connect(self._forget)
        self.services.layerChanged.connect(self._forget)
        self._looked_at: tuple[Any, ...] = ()
        """What the table shows the rows of."""
        self.lay_out(self.table)
        open_at_size(self, 130, 34)
        self._forget()

    def paths(self) -> list[str]:
        """The files chosen."""
        return QgsFileWidget.splitFilePaths(self.copies.filePath()) if self.copies.filePath() else []

    def look(self) -> None:
        """Show what each row would become."""
        self._start(self._looked, dry_run=True)

    def keep(self) -> None:
        """Put in the outbox what was shown."""
        self._start(self._was_kept, dry_run=False)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _choices(self) -> tuple[Any, ...]:
        services = self.services.currentLayer()
        return (*self.paths(), self.registry.currentText(), services.id() if services is not None else None)

    def _start(self, done, *, dry_run: bool) -> None:
        self._looked_at = self._choices()
        run = run_of(
            "readfield",
            {
                "COPIES": self.paths(),
                "REGISTRY": self.registry.currentText(),
                "SERVICES": self.services.currentLayer(),
                "DRY_RUN": dry_run,
                "OUTPUT": "TEMPORARY_OUTPUT",
                "CONFLICTS": "TEMPORARY_OUTPUT",
            },
        )
        self.main_button.setEnabled(False)
        self.keep_button.setEnabled(False)
        self.progress.follow(run, tr("Reading the copies…"))
        run.ended.connect(done)

    def _copies_chosen(self) -> None:
        """The registry that the services came from, as the first copy says it, and the project's layer of it."""
        self._forget()
        for path in self.paths()[:1]:
            try:
                known = self.registry.findText(read_copy(path).facts.get("registre", ""))
            except NotAFieldPackage:
                continue  # said when it is read
            if known >= 0:
                self.registry.setCurrentIndex(known)
        for layer in services_layers():
            if connection_of(layer) == self.registry.currentText():
                self.services.setLayer(layer)

    def _forget(self) -> None:
        self.table.setRowCount(0)
        self.answer.setText(tr("Choose the files, then look at what they bring. Nothing is kept before."))
        self.main_button.setEnabled(bool(self.paths()) and self.progress.run is None)
        self.keep_button.setEnabled(False)

    def _looked(self, run: Run) -> None:
        self.main_button.setEnabled(bool(self.paths()))
        if not run.succeeded or run.cancelled or self._choices() != self._looked_at:
            return  # other copies were chosen meanwhile: these rows are not theirs
        self._show(run)
        self.answer.setText(_counted(run.results))
        self.keep_button.setEnabled(run.results["ADDED"] + run.results["CONFLICT_COUNT"] > 0)

    def _was_kept(self, run: Run) -> None:
        self.main_button.setEnabled(True)
        if not run.succeeded or run.cancelled:
            self.keep_button.setEnabled(self._choices() == self._looked_at)
            return
        desk().changed.emit()
        self.kept.emit(_counted(run.results))
        self.accept()

    def _show(self, run: Run) -> None:
        """Conflicts side by side first, then what cannot be used, then the rest."""
        lines = [_conflict_line(row) for row in _rows(run.layers.get("CONFLICTS"))]
        others = [row for row in _rows(run.layers.get("OUTPUT")) if row["resultat"] != "conflit"]
        others.sort(key=lambda row: row["resultat"] != UNUSABLE)
        lines = (lines + [_plain_line(row) for row in others])[:MOST_SHOWN]
        self.table.setRowCount(len(lines))
        for row, cells in enumerate(lines):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(as_plain(text))
                self.table.setItem(row, column, item)
        self.table.resizeRowsToContents()


def open_folder(path: str) -> None:
    """The system's own window on a folder."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def _titles() -> list[str]:
    return [
        *(tr("Service"), tr("Field"), tr("On leaving"), tr("Now"), tr("Field work"), tr("Elsewhere")),
        tr("Result"),
    ]


def _rows(layer: QgsVectorLayer | None) -> list[dict[str, str]]:
    """The rows of a result, as text."""
    if layer is None:
        return []
    names = layer.fields().names()
    return [dict(zip(names, map(as_text, feature.attributes()))) for feature in layer.getFeatures()]


def _conflict_line(row: dict[str, str]) -> list[str]:
    """One field of a conflict; why it is one is in the columns themselves, and in words in the outbox."""
    field = row["champ"]
    sides = [_shown(field, row[name]) for name in ("au_depart", "aujourd_hui", "terrain", "ailleurs")]
    label = words("type").get(field) or field_label(field)
    return [_who(row), label, *sides, words("resultat")["conflit"]]


def _plain_line(row: dict[str, str]) -> list[str]:
    """A row that is none: what it proposes, what becomes of it and why."""
    changes = read_changes(row["changes"])
    proposed = "\n".join(about(field_label(field), _shown(field, change.new)) for field, change in changes.items())
    result = "\n".join(filter(None, (words("resultat").get(row["resultat"], row["resultat"]), row["raison"])))
    return [_who(row), words("type").get(row["type"], row["type"]), "", "", proposed, "", result]


def _shown(field: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"{value[1]:.5f}, {value[0]:.5f}"
    return shown_value(field, value) if field in CORRECTED and value else words("type").get(value, value) or ""


def _who(row: dict[str, str]) -> str:
    """The service, which copy speaks of it, and which row: the folder tells agents apart, all files have one name."""
    path = Path(row["copie"])
    name = path.parent.name if path.name == FILE else path.name
    where = f"{name} · {row['ligne']}" if row["ligne"] else name
    return "\n".join(filter(None, (row["nom_service"], where)))


def _counted(figures: dict[str, Any]) -> str:
    read, added, conflicts, failed = (int(figures[name]) for name in ("READ", "ADDED", "CONFLICT_COUNT", "FAILED"))
    return tr(
        "Rows read: {read}. To be sent: {added}; to choose from: {conflicts}; with nothing to add: {others}; "
        "unusable: {failed}."
    ).format(
        read=number(read),
        added=number(added),
        conflicts=number(conflicts),
        others=number(read - added - conflicts - failed),
        failed=number(failed),
    )
