"""Results are temporary layers: when the project is saved, the user is warned, and may keep them beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from osgeo import ogr
from qgis.core import Qgis, QgsApplication, QgsProject, QgsVectorFileWriter, QgsVectorFileWriterTask, QgsVectorLayer
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QPushButton, QWidget

from ..i18n import counted, tr
from ..processing.quiet_ground import GROUND
from ..processing.styling import STYLE_PROPERTY
from .background import once_done
from .plain import as_plain


class ResultsKeeper(QObject):
    """Listens to the project; writes its temporary results into one GeoPackage, a table each, and shows these."""

    def __init__(self, iface, parent: QWidget) -> None:
        super().__init__(parent)
        self._iface = iface
        self._offer: QWidget | None = None
        self._left: list[str] = []
        self._path = Path()
        self._project = ""
        """The one whose results are being kept."""
        self._task: QgsVectorFileWriterTask | None = None
        self._writing = "", ""
        QgsProject.instance().projectSaved.connect(self.offer)

    def offer(self) -> None:
        """Say what the saved project does not hold, with a button to keep it."""
        self._withdraw()
        count = len(temporary_results())
        if not count or self._task is not None or not QgsProject.instance().absoluteFilePath():
            return
        words = tr(
            "{count} result is temporary: it will be empty when the project is opened again."
            "|{count} results are temporary: they will be empty when the project is opened again."
        )
        bar = self._iface.messageBar()
        self._offer = bar.createMessage("Carto Services Publics", counted(words, count))
        button = QPushButton(tr("Keep beside the project"))
        button.clicked.connect(self.keep)
        self._offer.layout().addWidget(button)
        self._offer.destroyed.connect(self._offer_gone)
        bar.pushWidget(self._offer, Qgis.MessageLevel.Warning)

    def keep(self) -> None:
        """Write the results, one task after the other; the project is saved again at the end."""
        if self._task is not None:
            return
        self._withdraw()
        self._project = QgsProject.instance().absoluteFilePath()
        project = Path(self._project)
        self._path = project.with_name(f"{project.stem}_resultats.gpkg")
        self._left = [layer.id() for layer in temporary_results()]
        self._next()

    def _next(self) -> None:
        self._task = layer = None
        while self._left and layer is None:
            layer = QgsProject.instance().mapLayer(self._left.pop(0))
        if layer is None:
            if QgsProject.instance().absoluteFilePath() == self._project:  # another may have been opened meanwhile
                QgsProject.instance().write()
            return
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", _free_table(self._path, layer.name())
        if self._path.exists():
            options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
        self._task = QgsVectorFileWriterTask(layer, str(self._path), options)
        self._writing = layer.id(), options.layerName
        self._task.writeComplete.connect(self._written)
        self._task.errorOccurred.connect(self._not_written)
        QgsApplication.taskManager().addTask(self._task)

    def _written(self, *_where: object) -> None:
        """Show the table instead of the temporary layer, which keeps its name, style and place."""
        identifier, table = self._writing
        layer = QgsProject.instance().mapLayer(identifier)
        if layer is not None:
            layer.setDataSource(f"{self._path}|layername={table}", layer.name(), "ogr")
        once_done(self, self._next)

    def _not_written(self, _code: int, reason: str) -> None:
        self._task = None
        self._left = []
        self._iface.messageBar().pushWarning("Carto Services Publics", as_plain(reason))

    def _withdraw(self) -> None:
        if self._offer is not None:
            self._iface.messageBar().popWidget(self._offer)
            self._offer = None

    def _offer_gone(self) -> None:
        self._offer = None


def temporary_results() -> list[QgsVectorLayer]:
    """The project's layers in memory that this extension has made and that hold something."""
    return [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if isinstance(layer, QgsVectorLayer)
        and layer.providerType() == "memory"
        and layer.customProperty(STYLE_PROPERTY, GROUND) != GROUND
        and layer.featureCount()
    ]


def _free_table(path: Path, name: str) -> str:
    """A table's name after a layer's, that the GeoPackage does not have yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    base = re.sub(r"\W+", "_", plain).strip("_").lower() or "resultat"
    taken = set(_tables(path))
    number, table = 1, base
    while table in taken:
        number += 1
        table = f"{base}_{number}"
    return table


def _tables(path: Path) -> Iterator[str]:
    source = ogr.Open(str(path)) if path.exists() else None
    for position in range(source.GetLayerCount() if source is not None else 0):
        yield source.GetLayerByIndex(position).GetName()
