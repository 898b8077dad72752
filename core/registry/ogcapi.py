"""Services of an OGC API – Features collection (Parts 1, 2 and 3)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests

from ..errors import Cancelled, CartoError
from ..http import Refused, absolute, same_origin, shown_url
from ..messages import msg
from ..progress import Progress
from ..services import Rejected, Service, ServiceRecord
from ..versions import clean, feature_version
from .connection import Connection, Incomplete, Query, RegistryError, Source
from .cql2 import FilterError, Predicate, compile_filter, quoted
from .crs import to_lon_lat
from .jsontext import ArrayIn, NotWholeJson, decoded, has_broken_text, parse
from .records import Distinct, build_service, converted, reject, wanted
from .web import NotARegistry, ServerRefusal, Web, condition, validator_of, with_params

COLLECTION = "services"
PAGE_SIZES = ("10000", "1000", "")
"""Rows asked for at a time, from the best; a server that refuses one is asked with the next (empty: its own choice)."""

_ACCEPT = {"Accept": "application/geo+json, application/json;q=0.9"}
_CUT_PAGE_ATTEMPTS = 2
_COUNT_SLACK = 10
_MOST_CODES = 60
_CQL2_TEXT = re.compile(r"cql2/.*/conf/cql2-text$")
_FILTER = re.compile(r"ogcapi-features-3/.*/conf/(features-)?filter$")


class EndlessPages(Incomplete):
    """The pages of the collection point back to one another."""


class ForeignPage(Incomplete):
    """The next page is said to be on another server."""


class _Request(NamedTuple):
    """How a query is put to the server, and what is left to check here."""

    params: dict[str, str]
    fully_asked: bool
    predicate: Predicate | None


class OgcApi:
    """One `services` collection. ``connection.url`` is the API's landing page or the collection itself."""

    def __init__(self, connection: Connection, session: requests.Session) -> None:
        self._web = Web(connection, session)
        self._base, self._collection = _addresses(connection.url)
        self._filters: bool | None = None
        self._parameters: set[str] | None = None
        self.received = 0
        self.validators: list[list[str]] = []

    def source(self) -> Source:
        """Title, licence and attribution of the collection."""
        document = self._document(self._collection, Progress())
        links = _links(document)
        licence = next((str(link.get("href", "")) for link in links if link.get("rel") == "license"), "")
        return Source(
            title=_without_markup(document.get("title") or document.get("id")),
            licence=_without_markup(licence or document.get("license")),
            attribution=_without_markup(document.get("attribution")),
            url=self._collection,
        )

    def count(self, query: Query) -> int | None:
        """`numberMatched` of the query, where the server can apply all of it."""
        request = self._request(query, Progress())
        if not request.fully_asked:
            return None
        page = self._page(with_params(f"{self._collection}/items", {**request.params, "limit": "1"}), Progress())
        return page.matched

    def read(self, query: Query, progress: Progress = Progress()) -> Iterator[ServiceRecord]:
        """Services of the query, page by page, and the records that could not become one."""
        request = self._request(query, progress)
        self.received, self.validators = 0, []
        yield from wanted(self._records(request.params, progress), query, request.predicate, progress)

    def unchanged(self, validators: list[list[str]], progress: Progress) -> bool:
        """Asks for each page that was read, to be sent only if it changed."""
        for validator in validators:
            if not validator or not same_origin(validator[0], self._base):
                return False
            try:
                with self._web.opened(validator[0], progress, {**_ACCEPT, **condition(validator)}) as response:
                    if response.status_code != 304:
                        return False
            except (requests.RequestException, RegistryError):
                return False  # the reading that follows says what is wrong
        return bool(validators)

    # -- the query ----------------------------------------------------------------------------------------------------

    def _request(self, query: Query, progress: Progress) -> _Request:
        params: dict[str, str] = {}
        if query.extent is not None:
            params["bbox"] = ",".join(f"{value:.8g}" for value in query.extent)
        if query.since:
            params["datetime"] = f"{query.since}/.."
        if not (query.categories or query.communes is not None or query.filter):
            return _Request(params, True, None)
        if not self._has_filters(progress):
            predicate = compile_filter(query.filter) if query.filter else None
            one_category = len(query.categories) == 1 and "categorie" in self._offered(progress)
            if one_category:
                params["categorie"] = query.categories[0]
            return _Request(params, one_category and query.communes is None and not query.filter, predicate)
        text, exact = _cql2(query)
        params.update({"filter": text, "filter-lang": "cql2-text"})
        return _Request(params, exact, _checkable(query.filter))

    def _has_filters(self, progress: Progress) -> bool:
        """Whether the server declares filters in CQL2 text."""
        if self._filters is None:
            try:
                classes = _list(self._document(f"{self._base}/conformance", progress), "conformsTo")
            except (ServerRefusal, NotARegistry):
                classes = []
            self._filters = all(any(kind.search(str(one)) for one in classes) for kind in (_CQL2_TEXT, _FILTER))
        return self._filters

    def _offered(self, progress: Progress) -> set[str]:
        """The query parameters that the server's description has for the items: properties may be among them."""
        if self._parameters is None:
            self._parameters = set()
            with contextlib.suppress(RegistryError, Refused):
                links = _links(self._document(f"{self._base}/", progress))
                hrefs = [link.get("href") for link in links if link.get("rel") == "service-desc"]
                address = absolute(f"{self._base}/", str(hrefs[0])) if hrefs else ""
                if same_origin(address, self._base):
                    self._parameters = _item_parameters(self._document(address, progress), self._collection)
        return self._parameters

    # -- pages --------------------------------------------------------------------------------------------------------

    def _records(self, params: Mapping[str, str], progress: Progress) -> Iterator[ServiceRecord]:
        received, matched, visited, distinct = 0, None, set(), Distinct()
        page, url = self._first_page(params, progress)
        while True:
            visited.add(url)
            known = distinct.count
            yield from map(distinct.check, page.records)
            says_nothing_new = distinct.count == known and any(isinstance(one, Service) for one in page.records)
            received += len(page.records)
            self.received = received
            matched = page.matched if page.matched is not None else matched
            progress.advance(min(received / matched, 1.0) if matched else 0.0)
            if page.fault is not None:
                raise _broken_off(received, matched, page.fault) from page.fault
            if page.next_url is None or not page.records:
                break
            if page.next_url in visited or says_nothing_new:
                raise EndlessPages("The pages of {url} follow one another in a loop.", url=shown_url(url))
            if not same_origin(page.next_url, url):
                raise ForeignPage(
                    "The next page is said to be at {url}, on another server: the reading stops here.",
                    url=shown_url(page.next_url),
                )
            url = page.next_url
            try:
                page = self._page(url, progress)
            except Cancelled:
                raise
            except CartoError as error:
                raise _broken_off(received, matched, error) from error
        # QGIS Server (3.22) counts without regard to `datetime`.
        if matched is not None and received < matched and "datetime" not in params:
            self._tell_shortfall(received, matched, progress)

    def _tell_shortfall(self, received: int, matched: int, progress: Progress) -> None:
        """Counts may be estimates, or some seconds old; a larger gap means that the server holds something back."""
        values = {"url": shown_url(self._collection), "matched": matched, "received": received}
        if matched - received > max(_COUNT_SLACK, matched // 100):
            raise Incomplete("{url} announced {matched} records and gave {received}; read it again.", **values)
        progress.warn(msg("{url} announced {matched} records and gave {received}.", **values))

    def _first_page(self, params: Mapping[str, str], progress: Progress) -> tuple[_Page, str]:
        for size in PAGE_SIZES:
            url = with_params(f"{self._collection}/items", {**params, "limit": size} if size else params)
            try:
                return self._page(url, progress), url
            except ServerRefusal as error:
                if error.status != 400 or not size:
                    raise
        raise AssertionError("the last size raises or returns")

    def _page(self, url: str, progress: Progress) -> _Page:
        for _attempt in range(_CUT_PAGE_ATTEMPTS):
            response, body = self._web.get(url, progress, _ACCEPT)
            page = read_page(body, response.url, response.headers.get("Content-Crs", ""))
            if page.fault is None:
                break
        self.validators.append(validator_of(response))
        return page

    def _document(self, url: str, progress: Progress) -> dict[str, Any]:
        _response, body = self._web.get(url, progress, {"Accept": "application/json"})
        try:
            document, _clean = parse(body)
        except NotWholeJson as fault:
            raise _not_features(url) from fault
        if not isinstance(document, dict):
            raise _not_features(url)
        return document


class _Page(NamedTuple):
    records: list[ServiceRecord]
    next_url: str | None
    matched: int | None
    fault: CartoError | None = None
    """Set when the page ends before its end: the records are those that came whole."""


def read_page(body: bytes, url: str, content_crs: str = "") -> _Page:
    """The records of a page of features. Raises `NotARegistry` when it is something else."""
    text, is_clean = decoded(body)
    features = ArrayIn(text, "features")
    if not features.found():
        raise _not_features(url)
    records: list[ServiceRecord] = []
    convert = partial(service_from_feature, content_crs=content_crs)
    try:
        for feature in features:
            if not is_clean and has_broken_text(feature):
                records.append(reject(msg("Its text is not valid UTF-8."), feature))
            else:
                records.append(converted(convert, feature))
        document = features.rest()
    except NotWholeJson as fault:
        return _Page(records, None, None, fault)
    if not isinstance(document, dict) or document.get("features") != []:
        raise _not_features(url)
    matched = document.get("numberMatched")
    matched = matched if isinstance(matched, int) and matched >= 0 else None
    try:
        return _Page(records, _next_link(document, url), matched)
    except Refused as fault:
        return _Page(records, None, matched, fault)


def service_from_feature(feature: Any, content_crs: str = "") -> Service | Rejected:
    """A GeoJSON feature of the contract as a service. ``content_crs`` is the answer's header, CRS84 when absent."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return reject(msg("It is not a GeoJSON feature."), feature)
    lon, lat = to_lon_lat(feature.get("geometry"), content_crs)
    if not properties.get("id"):
        properties["id"] = feature.get("id")
    return build_service(properties, lon, lat, version=feature_version(feature))


def _next_link(document: Mapping[str, Any], url: str) -> str | None:
    for link in _links(document):
        if link.get("rel") == "next" and link.get("href"):
            return absolute(url, str(link["href"]))
    return None


def _links(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [link for link in _list(document, "links") if isinstance(link, dict)]


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    return value if isinstance(value, list) else []


def _without_markup(value: Any) -> str:
    """A text that QGIS shows as HTML in a layer's properties: attributions often come with links."""
    return " ".join(re.sub(r"<[^>]*>?", " ", clean(value)).split())


def _item_parameters(description: Mapping[str, Any], collection: str) -> set[str]:
    """Names of the query parameters of a collection's items in an OpenAPI document."""
    paths = description.get("paths")
    end = f"/collections/{collection.rpartition('/')[2]}/items"
    found = [path for path in paths if path.endswith(end)] if isinstance(paths, dict) else []
    try:
        parameters = paths[found[0]]["get"]["parameters"] if found else []
        return {one["name"] for one in parameters if isinstance(one, dict) and "name" in one}
    except (KeyError, TypeError):
        return set()


# -- the query in CQL2 ----------------------------------------------------------------------------------------------


def _cql2(query: Query) -> tuple[str, bool]:
    """The query's filter in basic CQL2 text, and whether it says all (else it lets through too much)."""
    parts, exact = [], True
    if query.categories:
        parts.append(_one_of("categorie", query.categories))
    if query.communes is not None:
        if len(query.communes) <= _MOST_CODES:
            parts.append(_one_of("code_insee", sorted(query.communes)))
        else:
            parts.append(_in_departments(query.communes))
            exact = False
    if query.filter:
        parts.append(query.filter)
    return " AND ".join(f"({part})" for part in parts), exact


def _one_of(column: str, values: Iterable[str]) -> str:
    return " OR ".join(f"{column} = {quoted(value)}" for value in values) or "1 = 0"


def _in_departments(communes: Iterable[str]) -> str:
    """Ranges of codes, since `LIKE` is not part of basic CQL2.

    Between whole codes: servers' databases order `59350` and `5:` by their language, which may put marks first.
    """
    starts = sorted({code[:2] for code in communes})
    return " OR ".join(
        f"(code_insee >= {quoted(start + '000')} AND code_insee <= {quoted(start + '999')})" for start in starts
    )


def _checkable(text: str) -> Predicate | None:
    """The filter as a test of ours too, for servers that ignore what they declare; None when beyond us."""
    if not text:
        return None
    try:
        return compile_filter(text)
    except FilterError:
        return None


# -- addresses and errors ---------------------------------------------------------------------------------------------


def _addresses(url: str) -> tuple[str, str]:
    """The API's base and the collection's address, from either of them (or the address of its items)."""
    address = url.split("?")[0].split("#")[0].rstrip("/")
    address = re.sub(r"/items(\.[a-z]+)?$", "", address)
    found = re.search(r"^(.*)/collections/[^/]+$", urlsplit(address).path)
    if found:
        return address[: len(address) - len(urlsplit(address).path)] + found[1], address
    return address, f"{address}/collections/{COLLECTION}"


def _not_features(url: str) -> NotARegistry:
    return NotARegistry(
        "{url} does not answer as an OGC API – Features: check the connection's address and kind.", url=shown_url(url)
    )


def _broken_off(received: int, matched: int | None, fault: CartoError) -> Incomplete:
    if matched is None:
        return Incomplete(
            "The reading broke off after {received} records: {cause}", received=received, cause=fault.message
        )
    return Incomplete(
        "The reading broke off after {received} of {matched} records: {cause}",
        received=received,
        matched=matched,
        cause=fault.message,
    )
