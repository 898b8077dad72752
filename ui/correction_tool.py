"""From a click on the map to a correction in the outbox."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsFeature,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject

from ..core.services import SERVICE_COLUMNS
from ..i18n import tr
from ..processing.base import is_null
from ..processing.connections import ANNUAIRE, CONNECTION_PROPERTY
from .correction_form import CorrectionForm
from .map_tools import PlaceTool, ServicePicker, services_layers
from .outbox import keep_correction

WGS84 = "EPSG:4326"
# Each lives as long as its form.
_OPEN: set[CorrectionSession] = set()


def start_correction_tool(iface) -> ServicePicker | None:
    """Wait for a click on a service; says what to do when the project has none."""
    if not services_layers():
        iface.messageBar().pushMessage(
            "Carto Services Publics", tr("Load services first: page Referential of the panel."), Qgis.MessageLevel.Info
        )
        return None
    canvas = iface.mapCanvas()
    tool = ServicePicker(canvas)
    tool.picked.connect(lambda layer, feature: correct_service(iface, layer, feature))
    tool.missed.connect(lambda point: add_service(iface, point))
    canvas.setMapTool(tool)
    iface.messageBar().pushMessage(
        "Carto Services Publics",
        tr("Click the service to correct, or an empty place to add a missing one."),
        Qgis.MessageLevel.Info,
    )
    return tool


def correct_service(iface, layer: QgsVectorLayer, feature: QgsFeature) -> CorrectionForm:
    """Open the form on a service of a layer."""
    values = {
        name: "" if is_null(feature[name]) else str(feature[name])
        for name in SERVICE_COLUMNS
        if layer.fields().lookupField(name) >= 0
    }
    position = None
    if not feature.geometry().isNull():
        point = feature.geometry().asPoint()
        moved = _transform(layer.crs().authid(), WGS84).transform(point)
        position = (moved.x(), moved.y())
    return CorrectionSession(iface, values, position, connection_of(layer)).form


def add_service(iface, point: QgsPointXY) -> CorrectionForm:
    """Open the form on a service that the referential lacks, at a point of the map."""
    session = CorrectionSession(iface, {}, None, connection_of(services_layers()[0]))
    session.place(point)
    return session.form


def connection_of(layer: QgsVectorLayer) -> str:
    """The connection that the services of a layer came from: who is to be told."""
    return str(layer.customProperty(CONNECTION_PROPERTY) or ANNUAIRE)


class CorrectionSession(QObject):
    """One form, the map tools it calls for, and the correction that comes out."""

    def __init__(self, iface, service: dict[str, str], position: tuple[float, float] | None, connection: str) -> None:
        super().__init__(iface.mainWindow())
        self._iface = iface
        self._connection = connection
        self._canvas = iface.mapCanvas()
        self._tool = None
        self.form = CorrectionForm(service, position, iface.mainWindow())
        self.form.move_asked.connect(self._ask_place)
        self.form.duplicate_asked.connect(self._ask_duplicate)
        self.form.proposed.connect(self._keep)
        self.form.finished.connect(self._end)
        _OPEN.add(self)
        self.form.show()

    def place(self, point: QgsPointXY) -> None:
        """The user has shown the right place, in the map's CRS."""
        new = _transform(self._map_crs(), WGS84).transform(point)
        self.form.move_to(new.x(), new.y(), self._metres_moved(new))

    def _ask_place(self) -> None:
        old = self.form.old_position
        shown = _transform(WGS84, self._map_crs()).transform(QgsPointXY(*old)) if old else None
        self._use(PlaceTool(self._canvas, shown)).placed.connect(self.place)
        if shown is not None and not self._canvas.extent().contains(shown):
            self._canvas.setCenter(shown)
            self._canvas.refresh()

    def _ask_duplicate(self) -> None:
        self._use(ServicePicker(self._canvas)).picked.connect(
            lambda _layer, feature: self.form.set_duplicate(str(feature["id"]), str(feature["nom"]))
        )

    def _use(self, tool):
        self._put_away_tool()
        self._tool = tool
        self._canvas.setMapTool(tool)
        self._canvas.setFocus()
        return tool

    def _put_away_tool(self) -> None:
        if self._tool is None:
            return
        if isinstance(self._tool, PlaceTool):
            self._tool.clear()
        self._canvas.unsetMapTool(self._tool)
        self._tool = None

    def _metres_moved(self, new: QgsPointXY) -> float:
        if self.form.old_position is None:
            return 0.0
        measure = QgsDistanceArea()
        measure.setSourceCrs(QgsCoordinateReferenceSystem(WGS84), QgsProject.instance().transformContext())
        measure.setEllipsoid("WGS84")
        return measure.measureLine(QgsPointXY(*self.form.old_position), new)

    def _map_crs(self) -> str:
        return self._canvas.mapSettings().destinationCrs().authid()

    def _keep(self) -> None:
        keep_correction(self.form, self._connection)
        self._iface.messageBar().pushMessage(
            "Carto Services Publics",
            tr("Correction kept. The Corrections page of the panel sends it and follows its answer."),
            Qgis.MessageLevel.Success,
        )

    def _end(self) -> None:
        self._put_away_tool()
        _OPEN.discard(self)
        self.deleteLater()


def _transform(source: str, target: str) -> QgsCoordinateTransform:
    return QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(source), QgsCoordinateReferenceSystem(target), QgsProject.instance()
    )
