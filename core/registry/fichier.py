"""Producers' files, local or behind an address: what they are is found in their content."""

from __future__ import annotations

import contextlib
import glob
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

import requests

from ..errors import CartoError
from ..http import (
    MEGABYTE,
    TIMEOUT,
    AnswerCutShort,
    Refused,
    absolute,
    asked,
    asked_bare,
    body_pieces,
    check_connection_url,
    kept_url,
    same_origin,
    shown_url,
)
from ..messages import msg
from ..progress import Progress
from ..services import Rejected, Service, ServiceRecord
from ..vector_files import is_layer
from .annuaire import service_from_record, without_persons
from .connection import Connection, Incomplete, Provenance, Query
from .cql2 import compile_filter
from .crs import member_crs, to_lon_lat
from .formats import finess, schemas
from .formats.layer import read_layer
from .formats.text import TableRow, TextFile, UnreadableFile, header_of, table_rows
from .jsontext import ArrayIn, stream_items
from .ogcapi import service_from_feature
from .records import Distinct, converted, reject, wanted
from .web import Unreachable, cause_of, condition, refusal, validator_of

DOWNLOAD_LIMIT = 2048 * MEGABYTE
DOWNLOAD_SECONDS = 3600.0
"""The largest file fetched, and the longest that it may take."""

_MOST_REDIRECTS = 5
_HEAD = 1 << 16
_IN_SEVERAL_FILES = (".shp", ".tab", ".mif")
_LISTS = ("features", "items", "results", "data", "service", "structures")
"""Members in which producers put their records, GeoJSON's first."""

_TOTAL = re.compile(r'"(?:total|total_count|nhits)"\s*:\s*(\d{1,9})\b')
_OPEN_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

Records = Callable[[Progress], Iterator[ServiceRecord]]
Convert = Callable[[Mapping[str, Any]], "Service | Rejected"]


class Content(NamedTuple):
    """What a file turned out to be."""

    source: Provenance
    records: Records


class Fichier:
    """``connection.url``: a path or an https address, perhaps followed by `|layername=…`."""

    def __init__(self, connection: Connection, session: requests.Session) -> None:
        self._connection, self._session, self.received = connection, session, 0
        self.validators: list[list[str]] = []
        address, _bar, self._layer = connection.url.partition("|layername=")
        self._address = _path_of(address)
        if _is_remote(self._address):
            check_connection_url(self._address, has_auth=bool(connection.authcfg or session.auth))

    def source(self) -> Provenance:
        """The producer and licence of a file whose shape is known, else its name."""
        if _is_remote(self._address):
            name = urlsplit(self._address).path.rpartition("/")[2] or self._address
            return Provenance(title=name, url=shown_url(self._address))
        return self._content(Path(self._address), Progress()).source

    def count(self, query: Query) -> int | None:
        """Unknown before the file is read."""
        return None

    def unchanged(self, validators: list[list[str]], progress: Progress) -> bool:
        """A local file is the same when its size and time are, another when its server says so."""
        if not _is_remote(self._address):
            return bool(validators) and validators == _file_validators(Path(self._address))
        if len(validators) != 1 or not validators[0] or validators[0][0] != kept_url(self._address):
            return False
        try:
            headers = condition(validators[0])
            response = asked(self._session, "GET", self._address, headers=headers, timeout=TIMEOUT)
        except requests.RequestException:
            return False
        with contextlib.closing(response):
            return response.status_code == 304

    def read(self, query: Query, progress: Progress = Progress()) -> Iterator[ServiceRecord]:
        """Services of the query and the records that could not become one."""
        predicate = compile_filter(query.filter) if query.filter else None
        self.received = 0
        with self._local(progress) as path:
            yield from wanted(self._services(path, progress), query, predicate, progress)

    def _services(self, path: Path, progress: Progress) -> Iterator[ServiceRecord]:
        distinct = Distinct()
        for record in self._content(path, progress).records(progress):
            self.received += 1
            yield distinct.check(record)
        distinct.tell(progress)

    def _content(self, path: Path, progress: Progress) -> Content:
        if not path.is_file():
            raise UnreadableFile("There is no file “{name}”.", name=str(path))
        return recognise(path, self._layer, self._connection.mapping, progress)

    @contextlib.contextmanager
    def _local(self, progress: Progress) -> Iterator[Path]:
        if not _is_remote(self._address):
            self.validators = _file_validators(Path(self._address))
            yield Path(self._address)
            return
        folder = Path(tempfile.mkdtemp(prefix="carto-"))
        try:
            path = folder / (urlsplit(self._address).path.rpartition("/")[2].strip(".")[-100:] or "download")
            validator = download(self._address, path, self._session, bool(self._connection.authcfg), progress)
            # Only of the address itself: where a redirect leads is not asked again.
            self.validators = [[kept_url(self._address), *validator[1:]]] if validator[:1] == [self._address] else []
            yield path
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def recognise(path: Path, layer: str, mapping: tuple[tuple[str, str], ...], progress: Progress) -> Content:
    """What the file is, by its content; its name says nothing. Raises `UnreadableFile`, `UnsafeFile`."""
    plain = Provenance(title=path.stem)
    if layer or is_layer(path):
        return _layer_content(path, layer, mapping, plain)
    file = TextFile(path, progress)
    with file:
        head = next(file.chunks(), b"")[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadableFile("“{name}” is a web page, not a file of services.", name=path.name)
    if head.startswith(b"finess;"):
        return Content(_finess_source(), lambda p: finess.read_legacy(TextFile(path, p), TextFile(path, p)))
    if head[:1] in (b"{", b"["):
        return _json_content(path, head, mapping, plain)
    if head[:1] == b"<" or _is_binary(head) or _is_mapinfo(head):
        return _layer_content(path, layer, mapping, plain)
    return _table_content(path, head, mapping, plain)


def _layer_content(path: Path, layer: str, mapping: tuple[tuple[str, str], ...], plain: Provenance) -> Content:
    def convert_of(columns: set[str]) -> Convert:
        if mapping:
            return schemas.Mapped(mapping)
        return _shape(columns, (), plain)[1] or schemas.contract

    return Content(plain, lambda p: read_layer(path, layer, convert_of, p))


def download(url: str, path: Path, session: requests.Session, has_auth: bool, progress: Progress) -> list[str]:
    """Bring a file here, and give its validator (`web.validator_of`).

    A redirect to another origin is followed without credentials, unless there are any: then `Refused`, since the other
    server would not know them. Raises `AnswerTooLarge`, `Unreachable`.
    """
    origin = url
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            response = _get(session, url, origin)
        except requests.RequestException as error:
            raise Unreachable("{url} could not be read: {cause}", url=shown_url(url), cause=cause_of(error)) from error
        with contextlib.closing(response):
            if response.status_code in (301, 302, 303, 307, 308) and response.headers.get("Location"):
                url = absolute(url, response.headers["Location"])
                if has_auth and not same_origin(url, origin):
                    raise Refused(
                        "The server {base} points to another one, {url}: nothing was sent there.",
                        base=shown_url(origin),
                        url=shown_url(url),
                    )
                continue
            if response.status_code != 200:
                raise refusal(response, progress)
            _save(response, path, progress)
            return validator_of(response)
    raise Refused("The server {base} redirects without end.", base=shown_url(origin))


def _get(session: requests.Session, url: str, origin: str) -> requests.Response:
    if same_origin(url, origin):
        return asked(session, "GET", url, timeout=TIMEOUT)
    check_connection_url(url, has_auth=False)
    return asked_bare(session, url, timeout=TIMEOUT)


def _save(response: requests.Response, path: Path, progress: Progress) -> None:
    try:
        with path.open("wb") as file:
            for piece in body_pieces(response, DOWNLOAD_LIMIT, progress, DOWNLOAD_SECONDS):
                file.write(piece)
    except AnswerCutShort as error:
        raise Unreachable(error.message.template, **error.message.values) from error
    except requests.RequestException as error:
        raise Unreachable(
            "{url} could not be read: {cause}", url=shown_url(response.url), cause=cause_of(error)
        ) from error


# -- shapes ----------------------------------------------------------------------------------------------------------


def _table_content(path: Path, head: bytes, mapping: tuple[tuple[str, str], ...], plain: Provenance) -> Content:
    lines = head.decode("utf-8", "replace").splitlines()
    first = next((line for line in lines if not line.lower().startswith("sep=")), "")
    columns = set(header_of(first)[0])
    source, convert = _shape(columns, mapping, plain)
    if convert is None:
        raise _unknown_shape(path, columns)

    def records(progress: Progress) -> Iterator[ServiceRecord]:
        with TextFile(path, progress) as file:
            for row in table_rows(file):
                yield converted(convert, row.values) if isinstance(row, TableRow) else row

    return Content(source, records)


def _json_content(path: Path, head: bytes, mapping: tuple[tuple[str, str], ...], plain: Provenance) -> Content:
    text = head.decode("utf-8", "replace")
    if head[:1] == b"{" and b'"pmej"' in head:
        return Content(_finess_source(), lambda p: finess.read_structures(TextFile(path, p)))
    key = _list_key(text)
    columns = _json_columns(head)
    source, convert = _shape(columns, mapping, plain)
    if convert is None:
        raise _unknown_shape(path, columns)
    if key == "features":
        convert = _of_feature(convert, member_crs(ArrayIn(text, key).before()))
    announced = next((int(found[1]) for found in [_TOTAL.search(text)] if found and key not in ("", "features")), 0)

    def records(progress: Progress) -> Iterator[ServiceRecord]:
        received = 0
        with TextFile(path, progress) as file:
            for item in stream_items(file.chunks(), key):
                received += 1
                if received % 1000 == 0:
                    file.advance()
                if item.broken:
                    yield reject(msg("Its text is not valid UTF-8."), without_persons(item.value))
                else:
                    yield converted(convert, item.value)
        if received < announced:
            raise Incomplete(
                "{url} announced {matched} records and gave {received}; read it again.",
                url=path.name,
                matched=announced,
                received=received,
            )

    return Content(source, records)


def _list_key(text: str) -> str | None:
    """Where a JSON text holds its records: itself ("") or a member; None for one record after another."""
    if text[:1] == "[":
        return ""
    if re.match(r"\{.*\}[ \t]*\r?\n\s*\{", text):
        return None
    return next((key for key in _LISTS if ArrayIn(text, key).found()), "")


def _of_feature(convert: Convert, crs: str) -> Convert:
    """From a GeoJSON feature, what ``convert`` makes of its properties and its position as longitude and latitude."""
    if convert is schemas.contract:
        return partial(service_from_feature, content_crs=crs)

    def from_feature(feature: Mapping[str, Any]) -> Service | Rejected:
        properties = feature.get("properties")
        if not isinstance(properties, Mapping):
            return reject(msg("It is not a GeoJSON feature."), feature)
        lon, lat = to_lon_lat(feature.get("geometry"), crs)
        if lon is None and lat is None:
            return convert(properties)
        return convert({**properties, "lon": lon, "lat": lat, "longitude": lon, "latitude": lat})

    return from_feature


def _shape(
    columns: set[str], mapping: tuple[tuple[str, str], ...], plain: Provenance
) -> tuple[Provenance, Convert | None]:
    """The producer's schema that has such columns, and what turns its rows into services."""
    if mapping:
        return plain, schemas.Mapped(mapping)
    for schema in _SCHEMAS:
        if all(columns & one_of for one_of in schema.needs):
            cited = schema.cited
            if not cited:
                return plain, schema.convert
            return plain._replace(title=cited[0], licence=_OPEN_LICENCE, attribution=cited[1]), schema.convert
    if {"nom", "categorie"} <= {column.lower() for column in columns}:
        return plain, schemas.contract
    return plain, None


class _Schema(NamedTuple):
    """A producer's schema: of each set of ``needs`` one column at least is there; the title and owner to be cited."""

    needs: tuple[set[str], ...]
    convert: Convert
    cited: tuple[str, str] | None


_SCHEMAS = (
    _Schema(({"id_fs"}, {"lib_fs"}), schemas.france_services, ("France services", "ANCT")),
    _Schema(({"identifiant_public_unite"},), schemas.gendarmerie, ("Gendarmeries", "Ministère de l'Intérieur")),
    _Schema(({"finess"}, {"categ_code"}), finess.consolidated_service, ("FINESS", "FINESS")),
    _Schema(({"nofinesset"}, {"categetab"}), finess.named_legacy_service, ("FINESS", "FINESS")),
    _Schema(
        ({"cleabs", "ID"}, {"nature", "NATURE"}, {"nature_detaillee", "NAT_DETAIL"}, {"toponyme", "TOPONYME"}),
        schemas.interest_zone,
        ("BD TOPO", "IGN"),
    ),
    _Schema(({"id"}, {"nom"}, {"categorie"}), schemas.contract, None),
    _Schema(
        ({"id"}, {"nom"}, {"plage_ouverture", "type_service_local", "code_insee_commune"}, {"pivot"}),
        service_from_record,
        ("Annuaire de l'administration", "Service-Public.gouv.fr / DILA"),
    ),
    _Schema(
        ({"id"}, {"nom"}, {"reseaux_porteurs", "horaires_accueil", "horaires_ouverture", "lien_source"}),
        schemas.data_inclusion,
        ("data.inclusion", "data.inclusion"),
    ),
    _Schema(
        ({"id"}, {"nom"}, {"pivot", "courriels", "fiche_acces_libre", "typologies"}),
        schemas.mediation_numerique,
        ("Médiation numérique", "Médiation numérique"),
    ),
    _Schema(({"id"}, {"nom"}, {"typologie"}), schemas.data_inclusion, ("data.inclusion", "data.inclusion")),
)


def _json_columns(head: bytes) -> set[str]:
    """The names of members seen at the beginning of a JSON text."""
    text = head.decode("utf-8", "replace")
    return {piece.rpartition('"')[2] for piece in re.split(r'"\s*:', text)[:-1]}


def _finess_source() -> Provenance:
    return Provenance("FINESS", _OPEN_LICENCE, "FINESS")


def _unknown_shape(path: Path, columns: set[str]) -> CartoError:
    return UnreadableFile(
        "“{name}” is of an unknown shape (columns {columns}); say in the connection which field feeds which column.",
        name=path.name,
        columns=", ".join(sorted(columns)[:12]),
    )


def _file_validators(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    beside = [Path(f"{path}-wal")]
    if path.suffix.lower() in _IN_SEVERAL_FILES:
        beside += sorted(one for one in path.parent.glob(f"{glob.escape(path.stem)}.*") if one != path)
    seen = [(one, one.stat()) for one in (path, *beside) if one.is_file()]
    return [[str(one), f"{facts.st_size}", f"{facts.st_mtime_ns}"] for one, facts in seen]


def _path_of(address: str) -> str:
    """A path, also where it is written as an address: `file:///C:/Mes%20listes/a.csv`."""
    parts = urlsplit(address)
    return url2pathname(parts.path) if parts.scheme == "file" else address


def _is_remote(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _is_mapinfo(head: bytes) -> bool:
    return head[:6].lower() == b"!table" or re.match(rb"version\s+\d+\s+charset", head, re.IGNORECASE) is not None


def _is_binary(head: bytes) -> bool:
    return b"\x00" in head[:1024]
