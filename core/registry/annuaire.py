"""The Annuaire de l'administration (DILA), an Opendatasoft Explore v2.1 data set whose columns hold JSON as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests

from ..categories import from_producer, producer_codes
from ..errors import Cancelled, CartoError
from ..hours_sources import from_dila
from ..http import MEGABYTE, AnswerCutShort, OwnQuery, body_pieces, shown_url
from ..messages import Message, msg
from ..progress import Progress
from ..services import Rejected, Service, ServiceRecord
from .connection import Connection, Incomplete, Provenance, Query
from .cql2 import compile_filter
from .formats.schemas import precision_of
from .jsontext import NotWholeJson, has_broken_text, parse, stream_items
from .positions import examine
from .records import Distinct, build_service, converted, reject, wanted
from .web import NotARegistry, Web, cause_of, with_params

DATASET = "api-lannuaire-administration"
PRODUCER = "dila"
COLUMNS = (
    "id",
    "nom",
    "siret",
    "pivot",
    "adresse",
    "code_insee_commune",
    "telephone",
    "adresse_courriel",
    "site_internet",
    "plage_ouverture",
    "statut_de_diffusion",
    "date_modification",
    "url_service_public",
)
"""What is asked for: never the columns about persons."""

PAGE = 100
MOST_BY_PAGES = 10_000
"""The service's own bounds of a page, and of rows that pages can reach; more rows come from exports."""

EXPORT_LIMIT = 500 * MEGABYTE
_EXPORT_PARTS = "0123456789abcdef"
_EXPORT_ATTEMPTS = 3
_EXPORT_SECONDS = 3600.0
_MOST_CODES = 60
_SAID_BY_US = ("select", "where", "order_by", "limit", "offset")


class Annuaire:
    """``connection.url``: the API's base (`…/api/explore/v2.1`), the data set, or its `records`."""

    def __init__(self, connection: Connection, session: requests.Session) -> None:
        self._web = Web(connection, session)
        self._dataset = _dataset_address(connection.url)
        self._own = OwnQuery(connection.url, _SAID_BY_US)
        self._own_where = OwnQuery(connection.url).value("where")
        self.received = 0
        self.validators: list[list[str]] = []

    def source(self) -> Provenance:
        """What the producer asks to be cited as."""
        return Provenance(
            title="Annuaire de l'administration",
            licence="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            attribution="Service-Public.gouv.fr / DILA",
            url=self._dataset,
        )

    def count(self, query: Query) -> int | None:
        """How many records match, where the service can tell exactly: kinds of service are searched as words there."""
        if query.categories or query.extent is not None or query.filter or len(query.communes or ()) > _MOST_CODES:
            return None
        return self._total(self._where(query), Progress())

    def read(self, query: Query, progress: Progress = Progress()) -> Iterator[ServiceRecord]:
        """Services of the query and the records that could not become one."""
        predicate = compile_filter(query.filter) if query.filter else None
        where = self._where(query)
        total = self._total(where, progress)
        by_pages = total <= MOST_BY_PAGES
        raw_records = self._pages(where, total, progress) if by_pages else self._exports(where, total, progress)
        self.received = 0
        yield from wanted(self._services(raw_records, query.categories), query, predicate, progress)

    def _services(self, raw_records: Iterable[Any], categories: tuple[str, ...]) -> Iterator[ServiceRecord]:
        distinct, convert = Distinct(), partial(service_from_record, wanted=categories)
        for raw in raw_records:
            self.received += 1
            yield distinct.check(converted(convert, raw))

    def unchanged(self, validators: list[list[str]], progress: Progress) -> bool:
        """The service offers no conditional requests."""
        return False

    def _total(self, where: str, progress: Progress) -> int:
        document, _clean = self._json(self._address("records", where, select="id", limit="1"), progress)
        total = document.get("total_count")
        if not isinstance(total, int) or isinstance(total, bool) or total < 0:
            raise _not_the_annuaire(self._dataset)
        return total

    def _pages(self, where: str, total: int, progress: Progress) -> Iterator[Any]:
        received = 0
        for offset in range(0, total, PAGE):
            url = self._address("records", where, order_by="id", limit=str(PAGE), offset=str(offset))
            try:
                document, clean = self._json(url, progress)
            except Cancelled:
                raise
            except CartoError as error:
                raise _broken_off(received, total, error) from error
            rows = document.get("results")
            if not isinstance(rows, list):
                raise _broken_off(received, total, _not_the_annuaire(url))
            for row in rows:
                yield row if clean or not has_broken_text(row) else _NotText(row)
            received += len(rows)
            progress.advance(received / total)
        _check_complete(received, total, self._dataset)

    def _exports(self, where: str, total: int, progress: Progress) -> Iterator[Any]:
        """The rows by the first character of their identifiers: each part is small, and read again if it breaks off."""
        received = 0
        for number, start in enumerate(_EXPORT_PARTS):
            part = f'startswith(id,"{start}")'
            url = self._address("exports/json", f"({where}) AND {part}" if where else part, order_by="id")
            for row in self._export(url, progress):
                received += 1
                if received % 1000 == 0:
                    progress.advance(min(received / total, 1.0))
                yield row
            progress.advance((number + 1) / len(_EXPORT_PARTS))
        _check_complete(received, total, self._dataset)

    def _export(self, url: str, progress: Progress) -> Iterator[Any]:
        given = 0
        for attempt in range(1, _EXPORT_ATTEMPTS + 1):
            try:
                with self._web.opened(url, progress) as response:
                    for number, item in enumerate(
                        stream_items(body_pieces(response, EXPORT_LIMIT, progress, _EXPORT_SECONDS))
                    ):
                        if number < given:
                            continue  # given before the break, in the same order
                        given += 1
                        yield _NotText(item.value) if item.broken else item.value
                return
            except (NotWholeJson, AnswerCutShort, requests.RequestException) as error:
                if attempt == _EXPORT_ATTEMPTS:
                    raise _export_broken_off(given, cause_of(error)) from error
            except Cancelled:
                raise
            except CartoError as error:  # the server says no: asking again would not help
                raise _export_broken_off(given, error.message) from error

    def _json(self, url: str, progress: Progress) -> tuple[dict[str, Any], bool]:
        _response, body = self._web.get(url, progress, {"Accept": "application/json"})
        try:
            document, clean = parse(body)
        except NotWholeJson as error:
            raise _not_the_annuaire(url) from error
        if not isinstance(document, dict):
            raise _not_the_annuaire(url)
        return document, clean

    def _where(self, query: Query) -> str:
        return " AND ".join(filter(None, [f"({self._own_where})" if self._own_where else "", _where(query)]))

    def _address(self, path: str, where: str, **params: str) -> str:
        params = {"select": ",".join(COLUMNS), **params}
        return self._own.on(with_params(f"{self._dataset}/{path}", {**params, "where": where} if where else params))


class _NotText:
    """A row whose text is not UTF-8."""

    def __init__(self, row: Any) -> None:
        self.row = row


def service_from_record(row: Any, wanted: tuple[str, ...] = ()) -> Service | Rejected:
    """A record of the Annuaire as a service; of several kinds of service in one place, one of the ``wanted``."""
    if isinstance(row, _NotText):
        return reject(msg("Its text is not valid UTF-8."), without_persons(row.row))
    if not isinstance(row, Mapping):
        return reject(msg("It is not a record of the Annuaire."), row)
    if str(row.get("statut_de_diffusion")).lower() == "false":
        return reject(msg("Its producer does not publish it."), without_persons(row))
    try:
        pivots = _list(row, "pivot")
        address = _best_address(_list(row, "adresse"))
        values = _values(row, address)
    except _Unreadable as error:
        return reject(msg("Its column “{column}” cannot be read.", column=error.args[0]), without_persons(row))
    hours = from_dila(row.get("plage_ouverture"))
    values["horaires"] = hours.horaires
    values["categorie"] = _category([str(pivot.get("type_service_local") or "") for pivot in pivots], wanted)
    return build_service(
        values,
        address.get("longitude"),
        address.get("latitude"),
        notes=hours.notes,
    )


class _Unreadable(Exception):
    """A column that should hold JSON does not."""


def _list(row: Mapping[str, Any], column: str) -> list[Any]:
    """A column that holds a list, as such or as JSON text; its objects only when it is to hold objects."""
    value = row.get(column)
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.strip() else []
        except (ValueError, RecursionError):
            raise _Unreadable(column) from None
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise _Unreadable(column)
    return value


def _values(row: Mapping[str, Any], address: Mapping[str, Any]) -> dict[str, Any]:
    lines = (address.get(part) for part in ("complement1", "complement2", "numero_voie", "service_distribution"))
    street = str(address.get("numero_voie") or "").strip()
    return {
        "id": row.get("id"),
        "nom": row.get("nom"),
        "producteur": PRODUCER,
        "id_producteur": row.get("id"),
        "siret": row.get("siret"),
        "adresse": ", ".join(str(line).strip() for line in lines if line and str(line).strip()),
        "code_postal": address.get("code_postal"),
        "commune": address.get("nom_commune"),
        "code_insee": row.get("code_insee_commune"),
        "telephone": _first_value(row, "telephone"),
        "courriel": _first_mail(row.get("adresse_courriel")),
        "site_web": _first_value(row, "site_internet"),
        "accessibilite": address.get("accessibilite"),
        "precision_position": precision_of(street),
        "date_maj": row.get("date_modification_datetime") or row.get("date_modification"),
        "url": row.get("url_service_public"),
    }


def _best_address(addresses: list[Any]) -> Mapping[str, Any]:
    """The first address with usable coordinates, else the first."""
    for address in addresses:
        if examine(address.get("longitude"), address.get("latitude"), "").lon is not None:
            return address
    return addresses[0] if addresses else {}


def _first_value(row: Mapping[str, Any], column: str) -> str:
    return next((str(one["valeur"]) for one in _list(row, column) if one.get("valeur")), "")


def _first_mail(value: Any) -> str:
    if isinstance(value, str) and value.lstrip()[:1] == "[":
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _Unreadable("adresse_courriel") from None
    if isinstance(value, list):
        value = next((one for one in value if one), "")
    return str(value or "").replace(";", ",").split(",")[0].strip()


def _category(pivots: list[str], wanted: tuple[str, ...]) -> str:
    known = [category.code for category in (from_producer(PRODUCER, pivot) for pivot in pivots) if category]
    return next((code for code in known if code in wanted), known[0] if known else "autre")


def without_persons(row: Any) -> Any:
    """What may be kept of a record that is rejected: other columns may be about persons."""
    return {key: row[key] for key in COLUMNS if key in row} if isinstance(row, Mapping) else row


def _where(query: Query) -> str:
    """The query in ODSQL. It may let through too much, never too little."""
    parts = []
    pivots = producer_codes(PRODUCER, query.categories)
    if query.categories and 0 < len(pivots) <= _MOST_CODES and "autre" not in query.categories:
        parts.append(" OR ".join(f"pivot LIKE {_quoted(pivot)}" for pivot in pivots))
    if query.communes is not None:
        if len(query.communes) <= _MOST_CODES:
            parts.append(f"code_insee_commune IN ({','.join(map(_quoted, sorted(query.communes)))})")
        else:
            starts = sorted({code[:2] for code in query.communes})
            parts.append(" OR ".join(f"startswith(code_insee_commune,{_quoted(start)})" for start in starts))
    if query.since:
        parts.append(f"date_modification_datetime >= date'{query.since[:19]}'")
    return " AND ".join(f"({part})" for part in parts)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "") + '"'


def _dataset_address(url: str) -> str:
    address = url.split("?")[0].rstrip("/")
    for end in ("/records", "/exports/json", "/exports"):
        address = address[: -len(end)] if address.endswith(end) else address
    if "/catalog/datasets/" in urlsplit(address).path:
        return address
    return f"{address}/catalog/datasets/{DATASET}"


def _check_complete(received: int, total: int, url: str) -> None:
    if received < total:
        raise Incomplete(
            "{url} announced {matched} records and gave {received}; read it again.",
            url=shown_url(url),
            matched=total,
            received=received,
        )


def _export_broken_off(given: int, cause: str | Message) -> Incomplete:
    return Incomplete("The export broke off after {given} records of a part: {cause}", given=given, cause=cause)


def _broken_off(received: int, total: int, cause: CartoError) -> Incomplete:
    return Incomplete(
        "The reading broke off after {received} of {matched} records: {cause}",
        received=received,
        matched=total,
        cause=cause.message,
    )


def _not_the_annuaire(url: str) -> NotARegistry:
    return NotARegistry(
        "{url} does not answer as the Annuaire's API: check the connection's address and kind.", url=shown_url(url)
    )
