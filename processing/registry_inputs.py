"""What `loadservices` and `syncservices` share: the registry, the query, rows of services and of rejections."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
)
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from ..core.categories import by_code
from ..core.errors import CartoError
from ..core.outlines import Outlines
from ..core.progress import Progress
from ..core.registry import Connection, Provenance, Query, Registry
from ..core.services import SERVICE_COLUMNS, Rejected, Service
from ..core.territories import communes_of
from ..i18n import tr, translate_message
from .address_parameter import AddressParameter
from .base import CartoAlgorithm, make_fields, plain
from .connections import find_connection, open_connection
from .coordinates import WGS84, Mover, to_shapely
from .qgis_enums import SourceType

SERVICE_FIELDS = make_fields(*((column, "text") for column in SERVICE_COLUMNS))
REJECTED_FIELDS = make_fields(("raison", "text"), ("brut", "text"))

_BATCH = 1000


COMMUNE_FIELDS = ("code_insee", "insee_com", "insee", "codgeo", "code_commune", "depcom", "code")
"""Names under which layers of communes have the INSEE code, the surest first."""


class NoCommunes(CartoError):
    """A layer that is not one of communes."""


def commune_fields(fields: QgsFields) -> list[str]:
    """The fields that may hold INSEE codes, the surest first."""
    names = {name.lower(): name for name in fields.names()}
    return [names[name] for name in COMMUNE_FIELDS if name in names]


class RegistryAlgorithm(CartoAlgorithm):
    """An algorithm that reads a registry."""

    GROUP = "referential"

    def add_registry(self) -> None:
        """`REGISTRY`, `CATEGORIES` and `TERRITORY`."""
        self.addParameter(AddressParameter("REGISTRY", tr("Registry: a connection's name, an address or a file")))
        self.addParameter(
            QgsProcessingParameterString("CATEGORIES", tr("Categories (codes, parted by commas)"), optional=True)
        )
        self.addParameter(
            QgsProcessingParameterString(
                "TERRITORY", tr("Territory: INSEE codes, SIREN of EPCI, départements (parted by commas)"), optional=True
            )
        )

    def add_communes(self) -> None:
        """`COMMUNES`: outlines of one's own, by which positions are judged."""
        self.add_advanced(
            QgsProcessingParameterFeatureSource(
                "COMMUNES",
                tr("Communes (polygons with their INSEE codes) by which positions are judged"),
                [SourceType.VectorPolygon],
                optional=True,
            )
        )

    def outlines_of(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Outlines | None:
        """The outlines that `COMMUNES` gives, None without. Raises `NoCommunes`."""
        source = self.parameterAsSource(parameters, "COMMUNES", context)
        if source is None:
            return None
        index = next((source.fields().lookupField(name) for name in commune_fields(source.fields())), -1)
        if index < 0:
            raise NoCommunes(
                "The layer {name} has no field of INSEE codes ({fields}).",
                name="COMMUNES",
                fields=", ".join(COMMUNE_FIELDS),
            )
        move = Mover(source.sourceCrs(), WGS84, context.transformContext()).transform
        shapes: dict[str, list[BaseGeometry]] = {}
        for feature in source.getFeatures():
            [shape] = move.shapes([to_shapely(feature.geometry())])
            code = str(plain(feature.attribute(index)) or "").strip().upper()
            if shape is not None and code:
                shapes.setdefault(code, []).append(shape if shape.is_valid else shape.buffer(0))
        return Outlines({code: unary_union(parts) for code, parts in shapes.items()})

    def connection_of(
        self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress
    ) -> Connection:
        """The connection that `REGISTRY` names; an address is asked what it is."""
        return find_connection(self.parameterAsString(parameters, "REGISTRY", context), Cancel(progress))

    def open(self, connection: Connection, progress: Progress) -> Registry:
        """The registry of a connection; its requests stop when the user cancels."""
        return open_connection(connection, Cancel(progress))

    def query_of(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        extent: tuple[float, float, float, float] | None = None,
        filter_text: str = "",
    ) -> Query:
        """What `CATEGORIES` and `TERRITORY` ask for. Raises `UnknownCategory`, `UnknownTerritory`."""
        categories = _codes(self.parameterAsString(parameters, "CATEGORIES", context))
        for code in categories:
            by_code(code)
        territory = _codes(self.parameterAsString(parameters, "TERRITORY", context))
        communes = communes_of(territory) if territory else None
        return Query(categories, communes, extent, filter_text)


class ServiceWriter:
    """Puts services and rejections into their sinks, a thousand at a time."""

    def __init__(self, services: QgsFeatureSink, rejected: QgsFeatureSink | None) -> None:
        self._services, self._rejected = services, rejected
        self._waiting: list[QgsFeature] = []
        self.count = 0
        self.rejected_count = 0

    def add(self, record: Service | Rejected) -> None:
        if isinstance(record, Rejected):
            self.rejected_count += 1
            if self._rejected is not None:
                _add(self._rejected, [_row((translate_message(record.raison), record.brut))])
            return
        self.count += 1
        self._waiting.append(service_feature(record))
        if len(self._waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what still waits."""
        if self._waiting:
            _add(self._services, self._waiting)
            self._waiting = []


def service_feature(service: Service) -> QgsFeature:
    """A row of `SERVICE_FIELDS` with its position in EPSG:4326."""
    feature = _row([getattr(service, column) for column in SERVICE_COLUMNS])
    if service.lon is not None and service.lat is not None:
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(service.lon, service.lat)))
    return feature


def source_facts(connection: Connection, source: Provenance) -> dict[str, Any]:
    """What a layer of services must say of where it comes from."""
    return {
        "source": source.title or connection.name,
        "licence": source.licence,
        "attribution": source.attribution,
        "url": source.url,
        "read_on": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


class Cancel:
    """The user's cancel, as the network adapter asks for it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def isCanceled(self) -> bool:
        return self._progress.cancelled()


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def _row(values) -> QgsFeature:
    feature = QgsFeature()
    feature.setAttributes(list(values))
    return feature


def _add(sink: QgsFeatureSink, features: list[QgsFeature]) -> None:
    sink.addFeatures(features, QgsFeatureSink.Flag.FastInsert)
