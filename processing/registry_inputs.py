"""What `loadservices` and `syncservices` share: the registry, the query, rows of services and of rejections."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from qgis.core import QgsFields, QgsGeometry, QgsPointXY
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from ..core.categories import by_code
from ..core.errors import CartoError
from ..core.outlines import Outlines
from ..core.registry import Connection, Provenance, Query, Registry
from ..core.services import SERVICE_COLUMNS
from ..core.territories import communes_of
from ..i18n import tr
from .address_parameter import AddressParameter
from .asked import Asked
from .attributes import plain
from .base import CartoAlgorithm
from .connections import find_connection, open_connection
from .coordinates import WGS84, to_shapely
from .qgis_enums import SourceType
from .transport import Cancel

SERVICES = tuple((column, "text") for column in SERVICE_COLUMNS)
REJECTED = (("raison", "text"), ("brut", "text"))
COMMUNE_FIELDS = ("code_insee", "insee_com", "insee", "codgeo", "code_commune", "depcom", "code")
"""Names under which layers of communes have the INSEE code, the surest first."""


class NoCommunes(CartoError):
    """A layer that is not one of communes."""


def commune_fields(fields: QgsFields) -> list[str]:
    """The fields that may hold INSEE codes, the surest first."""
    names = {name.lower(): name for name in fields.names()}
    return [names[name] for name in COMMUNE_FIELDS if name in names]


class RegistryAsked(Asked):
    """One run of an algorithm that reads a registry; its requests stop when the user cancels."""

    def connection(self) -> Connection:
        """The connection that `REGISTRY` names; an address is asked what it is."""
        return find_connection(self.column("REGISTRY"), Cancel(self.progress))

    def registry(self, connection: Connection) -> Registry:
        """The registry of a connection."""
        return open_connection(connection, Cancel(self.progress))

    def categories(self) -> tuple[str, ...]:
        """The codes of `CATEGORIES`. Raises `UnknownCategory`."""
        codes = _codes(self.column("CATEGORIES"))
        for code in codes:
            by_code(code)
        return codes

    def query(self, extent: tuple[float, float, float, float] | None = None, filter_text: str = "") -> Query:
        """What `CATEGORIES` and `TERRITORY` ask for. Raises `UnknownCategory`, `UnknownTerritory`."""
        territory = _codes(self.column("TERRITORY"))
        return Query(self.categories(), communes_of(territory) if territory else None, extent, filter_text)

    def outlines(self) -> Outlines | None:
        """The outlines that `COMMUNES` gives, None without. Raises `NoCommunes`."""
        source = self.optional_source("COMMUNES")
        if source is None:
            return None
        index = next((source.fields().lookupField(name) for name in commune_fields(source.fields())), -1)
        if index < 0:
            raise NoCommunes(
                "The layer {name} has no field of INSEE codes ({fields}).",
                name="COMMUNES",
                fields=", ".join(COMMUNE_FIELDS),
            )
        move = self.mover(source.sourceCrs(), WGS84).transform
        shapes: dict[str, list[BaseGeometry]] = {}
        for feature in source.getFeatures():
            [shape] = move.shapes([to_shapely(feature.geometry())])
            code = str(plain(feature.attribute(index)) or "").strip().upper()
            if shape is not None and code:
                shapes.setdefault(code, []).append(shape if shape.is_valid else shape.buffer(0))
        return Outlines({code: unary_union(parts) for code, parts in shapes.items()})


class RegistryAlgorithm(CartoAlgorithm):
    """An algorithm that reads a registry."""

    GROUP = "referential"
    ASKED: type[Asked] = RegistryAsked

    def add_registry(self) -> None:
        """`REGISTRY`, `CATEGORIES` and `TERRITORY`."""
        self.addParameter(AddressParameter("REGISTRY", tr("Registry: a connection's name, an address or a file")))
        self.add_text("CATEGORIES", tr("Categories (codes, parted by commas)"), optional=True)
        territory = tr("Territory: INSEE codes, SIREN of EPCI, départements (parted by commas)")
        self.add_text("TERRITORY", territory, optional=True)

    def add_communes(self) -> None:
        """`COMMUNES`: outlines of one's own, by which positions are judged."""
        label = tr("Communes (polygons with their INSEE codes) by which positions are judged")
        self.add_layer("COMMUNES", label, SourceType.VectorPolygon, optional=True, advanced=True)


def point_at(lon: float | None, lat: float | None) -> QgsGeometry | None:
    """A position in degrees, None where there is none."""
    return None if lon is None or lat is None else QgsGeometry.fromPointXY(QgsPointXY(lon, lat))


def source_facts(connection: Connection, source: Provenance) -> dict[str, Any]:
    """What a layer of services must say of where it comes from."""
    return {
        "source": source.title or connection.name,
        "licence": source.licence,
        "attribution": source.attribution,
        "url": source.url,
        "read_on": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
