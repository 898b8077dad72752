"""Where services are read from, what is asked for, and what can go wrong on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from ..errors import CartoError
from ..http import shown_url
from ..progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from ..services import Service, ServiceRecord

_FILE_ADDRESS = re.compile(
    r"/datasets/r/|\.(csv|tsv|txt|jsonl?|geojson|gz|zip|gpkg|sqlite|xlsx|xls|ods|kml|gml|fgb|shp|parquet)(?=$|[&/|])"
)
"""In the path or the query of an address: it is a file's."""

KINDS = ("ogcapi", "annuaire", "fichier")


class RegistryError(CartoError):
    """The registry cannot be read."""


class UnknownKind(RegistryError):
    """A connection of a kind this program does not know."""


class Incomplete(RegistryError):
    """The reading stopped before its end: what was read until then is good, the rest is missing."""


@dataclass(frozen=True)
class Connection:
    """A place to read services from. It holds no password: ``authcfg`` names a QGIS authentication configuration.

    ``mapping`` says, for a `fichier` of a shape of its own, which field feeds which column of the contract
    (pairs ``(column, field)``; a field written ``="text"`` gives that same text to all rows).
    """

    name: str
    kind: str
    url: str
    authcfg: str = ""
    mapping: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Query:
    """Which services are wanted. Empty members do not restrict.

    ``communes`` are INSEE codes; ``extent`` is (west, south, east, north) in degrees (EPSG:4326); ``filter`` is CQL2
    text on the columns of the contract; ``since`` an ISO 8601 instant: records changed at or after it.
    """

    categories: tuple[str, ...] = ()
    communes: frozenset[str] | None = None
    extent: tuple[float, float, float, float] | None = None
    filter: str = ""
    since: str = ""

    def wants(self, service: Service) -> bool:
        """Whether a service is in the categories, communes, extent and period asked for (``filter`` apart)."""
        if self.categories and service.categorie not in self.categories:
            return False
        if self.communes is not None and service.code_insee not in self.communes:
            return False
        if self.since and service.date_maj and service.date_maj[:10] < self.since[:10]:  # hours may be of any time zone
            return False
        return self.extent is None or _within(self.extent, service.lon, service.lat)


class Provenance(NamedTuple):
    """Where rows come from, to be shown beside them."""

    title: str
    licence: str = ""
    attribution: str = ""
    url: str = ""


class Registry(Protocol):
    """What every kind of registry offers."""

    received: int
    """Records that the last reading was sent, wanted or not."""

    validators: list[list[str]]
    """What the last reading was made of, as `unchanged` takes it; empty where the source offers nothing of the kind."""

    def source(self) -> Provenance:
        """Title, licence and attribution, as the registry declares them."""

    def count(self, query: Query) -> int | None:
        """How many services the registry says it has for the query, None when it cannot say without being read."""

    def unchanged(self, validators: list[list[str]], progress: Progress) -> bool:
        """Whether reading again would give just what gave these ``validators`` (JSON holds them between readings)."""

    def read(self, query: Query, progress: Progress = Progress()) -> Iterator[ServiceRecord]:
        """Services one by one, and the records that could not become one.

        Raises `Incomplete` when the reading stops midway, other `CartoError` when it cannot begin.
        """


def guess_connection(address: str, session: requests.Session | None = None) -> Connection:
    """A connection from what someone typed: a file, the Annuaire's address, else an OGC API's.

    With a ``session`` what answers at the address decides (`kinds`); without, or where nothing tells, its form.
    """
    address = address.strip()
    kind = ""
    if session is not None and address.lower().startswith(("http://", "https://")):
        from .kinds import kind_answered

        kind = kind_answered(address, session)
    name = shown_url(address) if "://" in address else address
    return Connection(name=name, kind=kind or _kind_by_form(address), url=address)


def _kind_by_form(address: str) -> str:
    parts = urlsplit(address)
    path = parts.path.lower()
    if "://" not in address or parts.scheme.lower() == "file":
        return "fichier"
    if "/collections/" in path:
        return "ogcapi"
    if "/api/explore/" in path:
        of_another = "/catalog/datasets/" in path and "lannuaire" not in address.lower()
        return "fichier" if of_another and "/exports/" in path else "annuaire"
    if _FILE_ADDRESS.search(path) or _FILE_ADDRESS.search(unquote(parts.query.lower())):
        return "fichier"
    return "ogcapi"


def _within(extent: tuple[float, float, float, float], lon: float | None, lat: float | None) -> bool:
    if lon is None or lat is None:
        return False
    west, south, east, north = extent
    if west > east:  # across the antimeridian
        return south <= lat <= north and (lon >= west or lon <= east)
    return west <= lon <= east and south <= lat <= north
