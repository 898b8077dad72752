"""The territory in a folder for the field: a GeoPackage and its QGIS project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from qgis.core import QgsFeature, QgsFeatureSource, QgsProcessingParameterFolderDestination, QgsVectorLayer

from ..core.errors import InvalidInput
from ..core.field.package import Drawn, Luggage, pack, unplaced_message
from ..core.messages import msg
from ..core.progress import Progress
from ..core.services import SERVICE_COLUMNS, Service
from ..core.versions import clean
from ..i18n import tr
from . import settings
from .address_parameter import without_key
from .asked import Asked
from .attributes import plain
from .base import CartoAlgorithm
from .connections import CONNECTION_PROPERTY
from .coordinates import WGS84, Mover, to_shapely
from .correction_rows import read_rows
from .field_project import write_field_project
from .qgis_enums import AlgorithmFlag, SourceType
from .quiet_ground import MAIN_ROADS
from .registry_inputs import commune_fields
from .report_inputs import NAME_COLUMNS

_DETAIL = 1e-5
"""Degrees (about 1 m): the ground is drawn no finer, to be light on a phone."""
_BATCH = 2000


class FieldPackage(CartoAlgorithm):
    """`cartoservices:fieldpackage`"""

    ID = "fieldpackage"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("For the field")

    def flags(self) -> Any:
        # A project, and its layers, belong to the main thread.
        return super().flags() | AlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("SERVICES", tr("Services"), SourceType.Vector)
        self.add_layer("ZONES", tr("Communes or zones"), SourceType.VectorPolygon, optional=True)
        self.add_layer("ROADS", tr("Roads (lines)"), SourceType.VectorLine, optional=True)
        self.add_text("TITLE", tr("Title"), tr("Field work"), optional=True)
        folder = tr("Folder for QField or Lizmap")
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", folder))
        self.add_text_outputs(("PROJECT", tr("Project (terrain.qgs)")), ("GEOPACKAGE", tr("GeoPackage (terrain.gpkg)")))
        self.add_number_outputs(("SERVICES_COUNT", tr("Number of services")))

    def compute(self, asked: Asked) -> dict[str, Any]:
        folder = Path(asked.destination("FOLDER"))
        organisation = settings.ORGANISATION.value()
        luggage = Luggage(
            _services(asked),
            tuple(_ground(asked, "ZONES", asked.upto(0.3))),
            tuple(_ground(asked, "ROADS", asked.upto(0.5))),
            {
                "registre": _registry(asked),
                "organisation": organisation,
                "parti_le": datetime.now().astimezone().isoformat(timespec="seconds"),
            },
        )
        packed = pack(folder, luggage, asked.upto(0.8))
        asked.warn_of_some(unplaced_message(packed.unplaced))
        project = write_field_project(packed, asked.text("TITLE") or tr("Field work"), organisation)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
        asked.progress.info(
            msg(
                "{count} service in {folder} ({size} MB, {crs}): copy the folder to the phone, or to the server."
                "|{count} services in {folder} ({size} MB, {crs}): copy the folder to the phone, or to the server.",
                count=packed.services,
                folder=str(folder),
                size=round(size, 1),
                crs=packed.crs,
            )
        )
        figures = {"SERVICES_COUNT": packed.services}
        return {"FOLDER": str(folder), "PROJECT": str(project), "GEOPACKAGE": str(packed.path), **figures}


def _services(asked: Asked) -> list[Service]:
    """The services as they are in the layer. Raises `InvalidInput` where it is not one of services."""
    source = asked.source("SERVICES")
    if not {"id", "nom"} <= set(source.fields().names()):
        raise InvalidInput(
            "The layer {name} is not one of services: it has no columns “id” and “nom”.", name="SERVICES"
        )
    services: dict[str, Service] = {}
    nameless = 0
    for row in read_rows(source, asked.context, asked.upto(0.2)):
        texts = {column: clean(row.properties.get(column)) for column in SERVICE_COLUMNS}
        if texts["id"] and texts["id"] not in services:
            services[texts["id"]] = Service(**texts, lon=row.lon, lat=row.lat)
        else:
            nameless += 1
    asked.warn_of_some(
        msg(
            "{count} row without identifier, or with that of another, is left: no correction could name it."
            "|{count} rows without identifier, or with that of another, are left: no correction could name them.",
            count=nameless,
        )
    )
    return list(services.values())


def _registry(asked: Asked) -> str:
    """The connection that the services came from, as the layer says it; never with a key."""
    layer = asked.layer("SERVICES")
    origin = layer.customProperty(CONNECTION_PROPERTY) if isinstance(layer, QgsVectorLayer) else ""
    return str(without_key(origin or ""))


def _ground(asked: Asked, name: str, progress: Progress) -> Iterator[Drawn]:
    """The shapes of a layer, in degrees, with the columns by which they are drawn and named."""
    source = asked.optional_source(name)
    if source is None:
        return
    columns = _columns(source)
    mover = asked.mover(source.sourceCrs(), WGS84)
    waiting: list[QgsFeature] = []
    total, done = max(source.featureCount(), 1), 0
    for feature in source.getFeatures():
        waiting.append(feature)
        if len(waiting) >= _BATCH:
            done += len(waiting)
            progress.advance(min(done / total, 1.0))
            yield from _drawn(waiting, columns, mover)
            waiting = []
    yield from _drawn(waiting, columns, mover)


def _columns(source: QgsFeatureSource) -> dict[str, str]:
    """The columns that go along, by the names that they take: a zone's name, code and people, a road's class."""
    names = {name.lower(): name for name in source.fields().names()}
    title = next((names[name] for name in NAME_COLUMNS if name in names), "")
    kept = {name: names[name] for name in (*MAIN_ROADS, "population") if name in names}
    code = next(iter(commune_fields(source.fields())), "")
    return {**kept, **({"nom": title} if title else {}), **({"code_insee": code} if code else {})}


def _drawn(features: list[QgsFeature], columns: Mapping[str, str], mover: Mover) -> Iterator[Drawn]:
    shapes = mover.transform.shapes([to_shapely(feature.geometry()) for feature in features])
    for feature, shape in zip(features, shapes):
        if shape is not None:
            values = {name: plain(feature[column]) for name, column in columns.items()}
            yield Drawn(values, shape.simplify(_DETAIL))
