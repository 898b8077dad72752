"""Page « Référentiel »: where services come from, which ones, where; load them, refresh them, see what changed."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from qgis.core import (
    QgsAction,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsProject,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..core.errors import CartoError
from ..core.network.crs import metric_crs
from ..core.registry import Connection, Query
from ..core.territories import communes_of
from ..i18n import counted, number, tr, translate_message
from ..processing.connections import CONNECTION_PROPERTY, all_connections, data_folder, open_connection
from ..processing.qgis_enums import AttributeActionType, GeometryType
from ..processing.registry_inputs import commune_fields
from ..processing.styling import apply_style
from ..processing.syncservices import MOST_REMOVED, REFUSED, shown_facts
from .answer_label import Sentence
from .background import in_background
from .category_tree import CategoryTree
from .layer_boxes import project_map
from .looks import give_keys, let_shrink
from .progress_row import ProgressRow
from .runner import Run
from .territory_picker import TerritoryPicker

SETTINGS = "carto_services_publics/referential"
COUNT_DELAY_MS = 600


class Chosen(NamedTuple):
    """What is to be read, into which file; ``place`` is the territory in words."""

    path: Path
    source: str
    place: str
    territory: tuple[str, ...]
    categories: tuple[str, ...]


class ReferentialPage(QWidget):
    """Choices are remembered; loading twice refreshes the same GeoPackage."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._counting = None
        self._loading: Chosen | None = None
        """What is being read, whatever is chosen meanwhile."""
        self.source = QComboBox()
        self.source.setAccessibleName(tr("Source"))
        self.manage = QToolButton()
        self.manage.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        self.manage.setAccessibleName(tr("Manage connections"))
        self.manage.setToolTip(tr("Manage connections"))
        self.manage.clicked.connect(self._open_options)
        let_shrink(self.source)
        self.territory = TerritoryPicker()
        self.categories = CategoryTree()
        self.load = QPushButton()
        self.load.setDefault(True)
        self.load.clicked.connect(self._load)
        self.changes = Sentence()
        self.allow = QPushButton()
        self.allow.setVisible(False)
        self.allow.clicked.connect(lambda: self._start(most_removed=100.0))
        self.progress = ProgressRow()
        source_row = QHBoxLayout()
        source_row.addWidget(self.source, 1)
        source_row.addWidget(self.manage)
        form = QFormLayout()
        form.addRow(tr("Source"), source_row)
        form.addRow(tr("Territory"), self.territory)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.categories, 1)
        column.addWidget(self.load)
        column.addWidget(self.changes)
        column.addWidget(self.progress)
        column.addWidget(self.allow)
        give_keys(self, self.load, self.progress.stop)
        self._count_later = QTimer(self)
        self._count_later.setSingleShot(True)
        self._count_later.setInterval(COUNT_DELAY_MS)
        self._count_later.timeout.connect(self._count)
        self.fill_sources()
        self._remember_last_choices()
        for signal in (self.source.currentIndexChanged, self.territory.changed):
            signal.connect(self._forget_counts)
        for signal in (self.source.currentIndexChanged, self.territory.changed, self.categories.ticked):
            signal.connect(self._choices_changed)
        self._choices_changed()

    def connection(self) -> Connection | None:
        """The chosen source."""
        return self.source.currentData()

    def fill_sources(self) -> None:
        """Read the connections again, the choice kept."""
        chosen, before = self.source.currentText(), self.connection()
        self.source.blockSignals(True)
        self.source.clear()
        for connection in all_connections():
            self.source.addItem(connection.name, connection)
        self.source.setCurrentIndex(max(self.source.findText(chosen), 0))
        self.source.blockSignals(False)
        if before not in (None, self.connection()):
            self._forget_counts()
            self._choices_changed()

    def geopackage(self) -> Path:
        """Where these services are kept, in the user's profile: one file for each source, address and territory."""
        connection, codes = self.source.currentData(), sorted(self.territory.codes())
        label = f"{connection.name}-{'-'.join(codes[:6]) or 'france'}"
        readable = "".join(letter if letter.isalnum() else "_" for letter in label)[:80]
        exactly = "\n".join([connection.kind, connection.url, *codes])
        return data_folder("services") / f"{readable}-{blake2b(exactly.encode(), digest_size=4).hexdigest()}.gpkg"

    def chosen(self) -> Chosen:
        """What « Load » would read. Raises `CartoError` where the profile cannot be written."""
        codes = self.territory.codes()
        words = self.source.currentText(), self.territory.name() or "France"
        return Chosen(self.geopackage(), *words, tuple(codes), tuple(self.categories.codes()))

    def _forget_counts(self) -> None:
        """They are of another source or territory."""
        self.categories.show_counts({})

    def _choices_changed(self) -> None:
        self.allow.setVisible(False)
        self.changes.clear()
        if self._counting is not None:
            self._counting.drop()
            self._counting = None
        count = len(self.categories.codes())
        self.load.setEnabled(count > 0 and self.progress.run is None)
        self.load.setText(tr("Load services") if count else tr("Tick a category to load its services"))
        self._count_later.start()

    def _count(self) -> None:
        """Ask the source how many services there are, without holding the interface."""
        connection, codes = self.connection(), self.categories.codes()
        if connection is None or not codes:
            return
        communes = communes_of(self.territory.codes()) if self.territory.codes() else None

        def count(feedback: QgsFeedback) -> dict[str, int]:
            registry = open_connection(connection, feedback)
            counts = {code: registry.count(Query(categories=(code,), communes=communes)) for code in codes}
            return {code: found for code, found in counts.items() if found is not None}

        self._counting = in_background(tr("Counting services"), count, self._show_counts, self._say, self)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self.categories.show_counts(counts)
        if set(counts) == set(self.categories.codes()):
            self.load.setText(counted(tr("Load {count} service|Load {count} services"), sum(counts.values())))

    def _say(self, sentence: str) -> None:
        self.progress.word.setText(sentence)

    def _load(self) -> None:
        self._start(MOST_REMOVED)

    def _start(self, most_removed: float) -> None:
        self._remember_choices()
        self.allow.setVisible(False)
        try:
            self._loading = chosen = self.chosen()
        except CartoError as error:
            self._say(translate_message(error))
            return
        self.changes.clear()
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:syncservices")
        run = Run(
            algorithm,
            {
                "REGISTRY": chosen.source,
                "CATEGORIES": ",".join(chosen.categories),
                "TERRITORY": ",".join(chosen.territory),
                "GEOPACKAGE": str(chosen.path),
                "MOST_REMOVED": most_removed,
                "COMMUNES": layer_of_communes(),
                "CHANGES": "TEMPORARY_OUTPUT",
            },
        )
        self.load.setEnabled(False)
        self.progress.follow(run, tr("Reading {source}…").format(source=chosen.source))
        run.ended.connect(self._loaded)  # a bound method is disconnected with its widget

    def _loaded(self, run: Run) -> None:
        loaded = self._loading
        self._choices_changed()
        if not run.succeeded or run.cancelled:
            self._ask_about_removals(loaded)
            return
        self.changes.setText(
            tr("{added} added, {changed} changed, {removed} closed or gone since the last reading.").format(
                added=number(run.results.get("ADDED", 0)),
                changed=number(run.results.get("CHANGED", 0)),
                removed=number(run.results.get("REMOVED", 0)),
            )
        )
        self._show_layer(loaded)

    def _ask_about_removals(self, asked: Chosen) -> None:
        """Offer to remove all the same, where that is why nothing was done and it would be of the same services."""
        refusal = REFUSED.get(str(asked.path))
        if refusal is not None and self.chosen() == asked:
            removed = refusal.message.values["removed"]
            words = tr("Remove {count} service all the same|Remove {count} services all the same")
            self.allow.setText(counted(words, removed))
            self.allow.setVisible(True)

    def _show_layer(self, loaded: Chosen) -> None:
        source = f"{loaded.path}|layername=services"
        for layer in QgsProject.instance().mapLayers().values():
            if layer.source() == source:
                layer.dataProvider().reloadData()
                layer.triggerRepaint()
                return
        layer = QgsVectorLayer(source, tr("Services – {place}").format(place=loaded.place), "ogr")
        if layer.isValid():
            is_first = not QgsProject.instance().mapLayers()
            apply_style(layer, "services", shown_facts(loaded.path))
            layer.setCustomProperty(CONNECTION_PROPERTY, loaded.source)
            layer.actions().addAction(_correction_action())
            # Above everything: QGIS would put it beside the chosen layer, be it under areas that hide it.
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
            if is_first:
                project_map(_projection_for(layer))
            self._iface.setActiveLayer(layer)
            self._iface.zoomToActiveLayer()

    def _open_options(self) -> None:
        self._iface.showOptionsDialog(self._iface.mainWindow(), "CartoServicesPublicsOptions")
        self.fill_sources()

    def _remember_choices(self) -> None:
        settings = QgsSettings()
        settings.setValue(f"{SETTINGS}/source", self.source.currentText())
        settings.setValue(f"{SETTINGS}/territory", self.territory.codes())
        settings.setValue(f"{SETTINGS}/categories", self.categories.codes())

    def _remember_last_choices(self) -> None:
        settings = QgsSettings()
        self.source.setCurrentIndex(max(self.source.findText(str(settings.value(f"{SETTINGS}/source", ""))), 0))
        self.territory.set_codes(settings.value(f"{SETTINGS}/territory", []) or [])
        self.categories.tick(settings.value(f"{SETTINGS}/categories", []) or [])


def layer_of_communes() -> QgsVectorLayer | None:
    """The project's layer of communes, by which positions are judged: one called so, with a field of INSEE codes."""
    for layer in QgsProject.instance().mapLayers().values():
        if not isinstance(layer, QgsVectorLayer) or layer.providerType() in ("WFS", "OAPIF"):
            continue
        is_called_so = layer.geometryType() == GeometryType.Polygon and "commune" in layer.name().lower()
        if is_called_so and commune_fields(layer.fields()):
            return layer
    return None


def _projection_for(layer: QgsVectorLayer) -> QgsCoordinateReferenceSystem:
    """The legal projection of where the services are: a map in degrees would be squashed."""
    extent = layer.extent()
    corners = np.array([[extent.xMinimum(), extent.yMinimum()], [extent.xMaximum(), extent.yMaximum()]])
    return QgsCoordinateReferenceSystem(metric_crs(layer.crs().authid(), corners))


def _correction_action() -> QgsAction:
    """« Propose a correction », in the attribute form and in identify results."""
    call = "import qgis.utils\nqgis.utils.plugins['carto_services_publics'].correct('[% @layer_id %]', [% $id %])"
    action = QgsAction(AttributeActionType.GenericPython, tr("Propose a correction"), call)
    action.setActionScopes({"Feature", "Canvas"})
    return action
