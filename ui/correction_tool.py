"""From a click on the map to a correction in the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsExpression,
    QgsFeature,
    QgsFeatureRequest,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, QTimer

from ..core.corrections import Correction, Entry
from ..core.corrections.addresses import GEOCODER, address_at
from ..core.corrections.model import POSITION, renewed
from ..core.corrections.outbox import NotNow
from ..core.errors import CartoError
from ..core.registry.positions import MISPLACED
from ..core.services import SERVICE_COLUMNS
from ..i18n import tr, translate_message
from ..processing import settings
from ..processing.attributes import as_text, text_of
from ..processing.connections import ANNUAIRE, CONNECTION_PROPERTY, find_connection
from ..processing.coordinates import WGS84, project_mover
from ..processing.qgis_enums import FeatureRequestFlag
from ..processing.transport import open_session
from .background import in_background
from .correction_form import CorrectionForm
from .looks import stand_beside
from .map_tools import PlaceTool, ServicePicker, map_crs, services_layers, tell_what_to_do
from .outbox import desk, kept_name, sends_at_once

SAVE_EVERY_MS = 5000
TITLE = "Carto Services Publics"
# Each lives as long as its form.
_OPEN: set[CorrectionSession] = set()
# The canvas does not keep Python's side of a tool alive.
_PICKER: list[ServicePicker] = []


def start_correction_tool(iface) -> ServicePicker | None:
    """Wait for a click on a service; says what to do when the project has none."""
    if not services_layers():
        iface.messageBar().pushMessage(
            TITLE, tr("Load services first: page Referential of the panel."), Qgis.MessageLevel.Info
        )
        return None
    canvas = iface.mapCanvas()
    tool = ServicePicker(canvas)
    tool.picked.connect(lambda layer, feature: correct_service(iface, layer, feature))
    tool.missed.connect(lambda point: add_service(iface, point))
    canvas.setMapTool(tool)
    canvas.setFocus()
    _PICKER[:] = [tool]
    tell_what_to_do(iface, tool, tr("Click the service to correct, or an empty place to add a missing one."))
    return tool


def correct_service(iface, layer: QgsVectorLayer, feature: QgsFeature) -> CorrectionForm:
    """Open the form on a service of a layer."""
    values, position = _read(layer, feature)
    form = CorrectionSession(iface, connection_of(layer), values, position).form
    if set(values.get("anomalie", "").split(";")) & set(MISPLACED):
        form.set_type("deplacement")  # what is wrong is known: a click on the map is all that lacks
        form.begin_here()
    return form


def add_service(iface, point: QgsPointXY) -> CorrectionForm:
    """Open the form on a service that the referential lacks, at a point of the map."""
    connection = next(map(connection_of, services_layers()), ANNUAIRE)
    values = {"producteur": "dila"} if find_connection(connection).kind == "annuaire" else {}
    session = CorrectionSession(iface, connection, values, None)
    session.place(point)
    session.form.begin_here()
    return session.form


def edit_correction(iface, entry: Entry) -> CorrectionForm:
    """Open the form again on a correction of the outbox; one that was decided on is proposed again."""
    correction = entry.correction
    values, position = _record_of(correction)
    decided = bool(correction.ref_serveur)
    session = CorrectionSession(
        iface,
        entry.connection,
        values,
        position,
        renewed(correction) if decided else correction,
        entry.field_reasons,
        replaces=not decided,
    )
    return session.form


def connection_of(layer: QgsVectorLayer) -> str:
    """The connection that the services of a layer came from: whom corrections go to."""
    return str(layer.customProperty(CONNECTION_PROPERTY) or ANNUAIRE)


def find_service(service_id: str) -> tuple[QgsVectorLayer, QgsFeature] | None:
    """A service in the project's layers."""
    request = QgsFeatureRequest().setFilterExpression(QgsExpression.createFieldEqualityExpression("id", service_id))
    for layer in services_layers():
        for feature in layer.getFeatures(request.setLimit(1)):
            return layer, feature
    return None


def service_name(correction: Correction) -> str:
    """What the service of a correction is called, as far as this QGIS knows."""
    return service_names([correction])[correction.uuid]


def service_names(corrections: Iterable[Correction]) -> dict[str, str]:
    """The same of many, by uuid: as kept with it, as it changes it, as loaded in the project, else the id."""
    corrections = list(corrections)
    names = {correction.uuid: kept_name(correction.uuid) or _name_in(correction) for correction in corrections}
    unknown = {correction.service_id for correction in corrections if not names[correction.uuid]} - {""}
    loaded = _names_in_layers(unknown) if unknown else {}
    return {
        correction.uuid: names[correction.uuid] or loaded.get(correction.service_id) or correction.service_id
        for correction in corrections
    }


class CorrectionSession(QObject):
    """One form, the map tools it calls for, and the correction that comes out."""

    def __init__(
        self,
        iface,
        connection: str,
        service: dict[str, str],
        position: tuple[float, float] | None,
        correction: Correction | None = None,
        field_reasons: dict[str, str] | None = None,
        *,
        replaces: bool = False,
    ) -> None:
        super().__init__(iface.mainWindow())
        self._iface = iface
        self._connection, self._replaces = connection, replaces
        self._canvas = iface.mapCanvas()
        self._tool = None
        self.form = CorrectionForm(service, position, iface.mainWindow(), correction, field_reasons)
        self.form.move_asked.connect(self._ask_place)
        self.form.duplicate_asked.connect(self._ask_duplicate)
        self.form.proposed.connect(self._propose)
        self.form.kept_for_later.connect(self._keep_draft)
        self.form.finished.connect(self._end)
        QgsApplication.instance().aboutToQuit.connect(self._keep_draft_at_the_end)
        self._aside: Correction | None = None
        """What was last saved while typing, so that a crash loses seconds and not the form."""
        self._saving = QTimer(self)
        self._saving.timeout.connect(self._save_aside)
        if not replaces:
            self._saving.start(SAVE_EVERY_MS)
        _OPEN.add(self)
        stand_beside(self.form, self._canvas)
        self.form.show()

    def place(self, point: QgsPointXY) -> None:
        """The user has shown the right place, in the map's CRS."""
        new = _in_degrees(point, self._map_crs())
        if new is None:
            self.form.tell(tr("This is beside the map of the world: show a place on it."))
            return
        self.form.move_to(new.x(), new.y(), self._metres_moved(new))
        self.form.activateWindow()
        if self.form.type == "creation":
            self._look_up_address(new)

    def _ask_place(self) -> None:
        old = self.form.old_position
        shown = project_mover(WGS84, self._map_crs()).point(QgsPointXY(*old)) if old else None
        self._use(PlaceTool(self._canvas, shown)).placed.connect(self.place)
        if shown is not None and not self._canvas.extent().contains(shown):
            self._canvas.setCenter(shown)
            self._canvas.refresh()

    def _ask_duplicate(self) -> None:
        self._use(ServicePicker(self._canvas)).picked.connect(self._take_duplicate)

    def _take_duplicate(self, _layer: QgsVectorLayer, service: QgsFeature) -> None:
        identifier = as_text(service["id"])
        self.form.set_duplicate(identifier, text_of(service, "nom") or identifier)

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
        self._tool.deleteLater()
        self._tool = None

    def _metres_moved(self, new: QgsPointXY) -> float:
        if self.form.old_position is None:
            return 0.0
        measure = QgsDistanceArea()
        measure.setSourceCrs(QgsCoordinateReferenceSystem(WGS84), QgsProject.instance().transformContext())
        measure.setEllipsoid("WGS84")
        return measure.measureLine(QgsPointXY(*self.form.old_position), new)

    def _map_crs(self) -> QgsCoordinateReferenceSystem:
        return map_crs(self._canvas, QgsCoordinateReferenceSystem(WGS84))

    def _look_up_address(self, place: QgsPointXY) -> None:
        """In the background; offline nothing comes, and nothing is missed."""
        work = partial(_address_at, place.x(), place.y())
        in_background(tr("Address of the place"), work, self.form.suggest, _ignore, self.form)

    def _propose(self) -> None:
        if not self._keep(draft=False):
            return
        if find_connection(self._connection).kind != "ogcapi":
            sentence = tr("Correction kept. Hand it over to its producer from the Corrections page of the panel.")
        elif sends_at_once():
            sentence = tr("Correction kept and on its way. The Corrections page of the panel follows its answer.")
        else:
            sentence = tr("Correction kept. The Corrections page of the panel sends it and follows its answer.")
        self._iface.messageBar().pushMessage("", sentence, Qgis.MessageLevel.Success)

    def _keep_draft(self) -> None:
        if self._keep(draft=True):
            sentence = tr("Kept as a draft: the Corrections page of the panel opens it again.")
            self._iface.messageBar().pushMessage("", sentence, Qgis.MessageLevel.Info)

    def _keep_draft_at_the_end(self) -> None:
        if self.form.is_touched:
            self._keep(draft=True)

    def _keep(self, *, draft: bool) -> bool:
        """Into the outbox; whether that went well. If not the form stays and says why."""
        correction = self.form.correction(draft=draft)
        try:
            self._store(correction, draft)
        except CartoError as error:
            self.form.tell(translate_message(error))
            return False
        self.form.accept()
        return True

    def _save_aside(self) -> None:
        correction = self.form.correction(draft=True)
        if self.form.is_touched and correction != self._aside:
            # A disk that is full is said when the user proposes.
            with suppress(CartoError):
                self._store(correction, draft=True)
                self._aside = correction

    def _store(self, correction: Correction, draft: bool) -> None:
        name = self.form.service.get("nom", "")
        if self._replaces:
            try:
                desk().replace(correction, draft=draft)
                return
            except NotNow:  # it has left meanwhile: what was typed since is a correction of its own
                self._replaces = False
                correction = self.form.start_anew(draft=draft)
                if not draft:
                    raise NotNow(
                        "It has left meanwhile. Propose again: what you typed since goes as another correction."
                    ) from None
        if self._aside is None:
            desk().add(correction, self._connection, name, draft=draft)
            return
        # The draft saved while typing may have been withdrawn from the list meanwhile.
        desk().add(correction, self._connection, name, draft=True)
        desk().replace(correction, draft=draft)

    def _end(self, result: int) -> None:
        if self._aside is not None and result == CorrectionForm.DialogCode.Rejected:
            with suppress(CartoError):
                desk().withdraw(self._aside.uuid)
        self._put_away_tool()
        _OPEN.discard(self)
        self.deleteLater()


def _read(layer: QgsVectorLayer, feature: QgsFeature) -> tuple[dict[str, str], tuple[float, float] | None]:
    """A service's columns and its position in degrees."""
    values = {name: as_text(feature[name]) for name in SERVICE_COLUMNS if layer.fields().lookupField(name) >= 0}
    if feature.geometry().isNull():
        return values, None
    point = feature.geometry().pointOnSurface().asPoint()
    moved = project_mover(layer.crs(), WGS84).point(point)
    return values, None if moved is None else (moved.x(), moved.y())


def _name_in(correction: Correction) -> str:
    named = correction.changes.get("nom")
    return str((named and (named.old or named.new)) or "")


def _names_in_layers(identifiers: set[str]) -> dict[str, str]:
    """Names by identifier, one reading of each layer of services."""
    names = {}
    for layer in services_layers():
        request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)
        for feature in layer.getFeatures(request.setSubsetOfAttributes(["id", "nom"], layer.fields())):
            if feature["id"] in identifiers:
                names[feature["id"]] = text_of(feature, "nom")
    return names


def _record_of(correction: Correction) -> tuple[dict[str, str], tuple[float, float] | None]:
    """The service a correction is about: as loaded in the project, else what the correction itself remembers of it."""
    found = find_service(correction.service_id) if correction.service_id else None
    if found:
        return _read(*found)
    values = {name: str(change.old or "") for name, change in correction.changes.items() if name != POSITION}
    about = {"id": correction.service_id, "producteur": correction.producteur, "version": correction.version}
    if not correction.service_id:
        return about, None
    moved = correction.changes.get(POSITION)
    lon, lat = moved.old or (None, None) if moved else (correction.lon, correction.lat)
    return {**about, **values}, None if lon is None or lat is None else (lon, lat)


def _in_degrees(point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> QgsPointXY | None:
    """A point of the map as longitude and latitude, None beside the world: maps in degrees have no edge."""
    new = project_mover(crs, WGS84).point(point)
    return new if new is not None and abs(new.x()) <= 180 and abs(new.y()) <= 90 else None


def _address_at(lon: float, lat: float, feedback: QgsProcessingFeedback) -> dict[str, str]:
    server = settings.GEOCODER.value() or GEOCODER
    return address_at(open_session(server, feedback=feedback), lon, lat, server)


def _ignore(_sentence: Any) -> None:
    """An address is a help; without it the user types."""
