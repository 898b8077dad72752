"""Services of an OGC API – Features collection (Parts 1, 2 and 3)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests

from ..errors import Cancelled, CartoError
from ..http import AnswerTooLarge, OwnQuery, Refused, absolute, same_origin, shown_url
from ..messages import msg
from ..progress import Progress
from ..services import Rejected, Service, ServiceRecord
from ..versions import clean, feature_version
from .connection import Connection, Incomplete, Provenance, Query, RegistryError
from .cql2 import FilterError, Predicate, compile_filter, quoted
from .crs import to_lon_lat
from .jsontext import NotWholeJson, parse
from .pages import Page, links_of, not_features, read_page
from .records import Distinct, build_service, reject, wanted
from .web import NotARegistry, ServerRefusal, Web, condition, validator_of, with_params

COLLECTION = "services"
PAGE_SIZES = ("10000", "1000", "100", "")
"""Rows asked for at a time, from the best; a server that refuses one is asked with the next (empty: its own choice)."""

MOST_RECORDS = 2_000_000
"""Where pages that announce no number of records are taken to be endless."""

MOST_EMPTY_PAGES = 100
"""Pages without a record that are followed one after another."""

_ACCEPT = {"Accept": "application/geo+json, application/json;q=0.9"}
_CUT_PAGE_ATTEMPTS = 2
_LIMIT_REFUSED = {400, 413, 422}
_OFFSETS = ("offset", "startindex")
_SAID_BY_US = ("limit", "offset", "startindex", "page")
_OWN_LIMIT_LEAST = 10
"""Servers cut pages at a multiple of this, when they do so without a word."""
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
        shown = {"f"} if OwnQuery(connection.url).value("f").lower() in ("html", "text/html") else set()
        self._own = OwnQuery(connection.url, {*_SAID_BY_US, *shown})
        self._filters: bool | None = None
        self._parameters: set[str] | None = None
        self.received = 0
        self.validators: list[list[str]] = []

    def source(self) -> Provenance:
        """Title, licence and attribution of the collection."""
        document = self._document(self._collection, Progress())
        links = list(links_of(document))
        licence = next((str(link.get("href", "")) for link in links if link.get("rel") == "license"), "")
        return Provenance(
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
        return self._page(self._items({**request.params, "limit": "1"}), Progress()).matched

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
                address = self._own.on(validator[0])
                with self._web.opened(address, progress, {**_ACCEPT, **condition(validator)}) as response:
                    if response.status_code != 304:
                        return False
            except (requests.RequestException, RegistryError):
                return False  # the reading that follows says what is wrong
        return bool(validators)

    # -- the query ----------------------------------------------------------------------------------------------------

    def _request(self, query: Query, progress: Progress) -> _Request:
        request = self._whole_request(query, progress)
        own = self._own.names() & set(request.params)
        if not own:
            return request
        # What the address says itself stands; ours is sorted out here.
        predicate = compile_filter(query.filter) if query.filter else None
        left = {name: value for name, value in request.params.items() if name not in own | {"filter", "filter-lang"}}
        return _Request(left, False, predicate)

    def _whole_request(self, query: Query, progress: Progress) -> _Request:
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
                links = links_of(self._document(f"{self._base}/", progress))
                hrefs = [link.get("href") for link in links if link.get("rel") == "service-desc"]
                address = absolute(f"{self._base}/", str(hrefs[0])) if hrefs else ""
                if same_origin(address, self._base):
                    self._parameters = _item_parameters(self._document(address, progress), self._collection)
        return self._parameters

    # -- pages --------------------------------------------------------------------------------------------------------

    def _records(self, params: Mapping[str, str], progress: Progress) -> Iterator[ServiceRecord]:
        distinct, trail = Distinct(), _Trail(self._collection)
        first, url, limit = self._first_page(params, progress)
        page: Page | None = first
        # QGIS Server (3.22) counts without regard to `datetime`.
        counts = "datetime" not in params
        while page is not None:
            known = distinct.count
            yield from map(distinct.check, page.records)
            says_nothing_new = distinct.count == known and any(isinstance(one, Service) for one in page.records)
            trail.visited(url, page, says_nothing_new, counts)
            self.received = trail.received
            progress.advance(trail.fraction())
            if page.fault is not None:
                raise _broken_off(trail, page.fault) from page.fault
            if page.next_url is not None:
                url = trail.checked(page.next_url, url)
                page = self._page_after(trail, url, progress)
            else:
                page, url = self._page_beyond(trail, page, {**params, **limit}, distinct, progress)
        distinct.tell(progress)
        if counts and trail.matched is not None and trail.received < trail.matched:
            self._tell_shortfall(trail.received, trail.matched, progress)

    def _page_after(self, trail: _Trail, url: str, progress: Progress) -> Page:
        try:
            return self._page(url, progress)
        except Cancelled:
            raise
        except CartoError as error:
            raise _broken_off(trail, error) from error

    def _page_beyond(
        self, trail: _Trail, page: Page, params: Mapping[str, str], distinct: Distinct, progress: Progress
    ) -> tuple[Page | None, str]:
        """What follows a page that leads nowhere but may not be the last: asked for by number of records.

        None where nothing follows. Raises `Incomplete` when the page is as full as can be, no count says that this
        was all, and the server cannot be asked for more.
        """
        if not trail.may_go_on(page):
            return None, ""
        for name in (trail.offset,) if trail.offset else _OFFSETS:
            url = self._items({**params, name: str(trail.received)})
            try:
                following = self._page(url, progress)
            except ServerRefusal as error:
                if error.status in _LIMIT_REFUSED or error.status == 404:  # it knows no such parameter
                    continue
                raise _broken_off(trail, error) from error
            except Cancelled:
                raise
            except CartoError as error:
                raise _broken_off(trail, error) from error
            if following.fault is None and not following.records:
                return None, ""
            if distinct.knows_less_than(following.records):
                trail.offset = name
                return following, url
        if trail.matched is None:
            self._tell_full(len(page.records), params.get("limit", ""), progress)
        return None, ""

    def _tell_full(self, rows: int, limit: str, progress: Progress) -> None:
        values = {"url": shown_url(self._collection), "count": rows}
        if limit and rows >= int(limit):
            raise Incomplete(
                "{url} gave a page full to its limit ({count} records), without saying whether more follow, and cannot"
                " be asked for more.",
                **values,
            )
        progress.warn(msg("{url} gave {count} records without saying whether more follow.", **values))

    def _tell_shortfall(self, received: int, matched: int, progress: Progress) -> None:
        """Counts may be estimates, or some seconds old; a larger gap means that the server holds something back."""
        values = {"url": shown_url(self._collection), "matched": matched, "received": received}
        if matched - received > _slack(matched):
            raise Incomplete("{url} announced {matched} records and gave {received}; read it again.", **values)
        progress.warn(msg("{url} announced {matched} records and gave {received}.", **values))

    def _first_page(self, params: Mapping[str, str], progress: Progress) -> tuple[Page, str, dict[str, str]]:
        """The first page, its address, and the limit that the server bore."""
        for size in PAGE_SIZES:
            limit = {"limit": size} if size else {}
            url = self._items({**params, **limit})
            try:
                return self._page(url, progress), url, limit
            except ServerRefusal as error:
                if error.status not in _LIMIT_REFUSED or not size:
                    raise
            except AnswerTooLarge:
                if size != PAGE_SIZES[0]:
                    raise
        raise AssertionError("the last size raises or returns")

    def _items(self, params: Mapping[str, str]) -> str:
        return self._own.on(with_params(f"{self._collection}/items", params))

    def _page(self, url: str, progress: Progress) -> Page:
        for _attempt in range(_CUT_PAGE_ATTEMPTS):
            response, body = self._web.get(url, progress, _ACCEPT)
            page = read_page(body, response.url, response.headers, service_from_feature)
            if page.fault is None:
                break
        validator = validator_of(response)
        self.validators.append([self._own.off(validator[0]), *validator[1:]] if validator else [])
        return page._replace(next_url=self._own.on(page.next_url) if page.next_url else None)

    def _document(self, url: str, progress: Progress) -> dict[str, Any]:
        _response, body = self._web.get(self._own.on(url), progress, {"Accept": "application/json"})
        try:
            document, _clean = parse(body)
        except NotWholeJson as fault:
            raise not_features(url) from fault
        if not isinstance(document, dict):
            raise not_features(url)
        return document


class _Trail:
    """How far the pages were followed, and when that is enough."""

    def __init__(self, collection: str) -> None:
        self._collection, self._empty = collection, 0
        self._urls: set[str] = set()
        self.received, self.offset = 0, ""
        self.matched: int | None = None

    def visited(self, url: str, page: Page, says_nothing_new: bool, counts: bool) -> None:
        """Take note of a page. Raises `EndlessPages` when there is no end to be expected."""
        self._urls.add(url)
        self.received += len(page.records)
        if page.matched is not None and counts:
            self.matched = page.matched
        self._empty = 0 if page.records else self._empty + 1
        if page.next_url is None:
            return
        if page.next_url in self._urls or says_nothing_new or self._empty > MOST_EMPTY_PAGES:
            raise EndlessPages("The pages of {url} follow one another in a loop.", url=shown_url(url))
        most = MOST_RECORDS if self.matched is None else self.matched + _slack(self.matched)
        if self.received > most:
            raise EndlessPages(
                "The pages of {url} do not end: {received} records came where {expected} were to be expected.",
                url=shown_url(url),
                received=self.received,
                expected=MOST_RECORDS if self.matched is None else self.matched,
            )

    def fraction(self) -> float:
        return min(self.received / self.matched, 1.0) if self.matched else 0.0

    def checked(self, next_url: str, url: str) -> str:
        """The address of the next page. Raises `ForeignPage` when it is on another server."""
        if not same_origin(next_url, url):
            raise ForeignPage(
                "The next page is said to be at {url}, on another server: the reading stops here.",
                url=shown_url(next_url),
            )
        return next_url

    def may_go_on(self, page: Page) -> bool:
        """Whether records may follow a page that names no next one: it seems full, or too few came."""
        if self.matched is not None:
            return 0 < self.received < self.matched
        rows = len(page.records)
        return rows > 0 and rows % _OWN_LIMIT_LEAST == 0 and self.received < MOST_RECORDS


def _slack(matched: int) -> int:
    """By how much a count may differ: it may be an estimate, or some seconds old."""
    return max(_COUNT_SLACK, matched // 100)


def service_from_feature(feature: Any, content_crs: str = "") -> Service | Rejected:
    """A GeoJSON feature of the contract as a service. ``content_crs`` is the answer's header, CRS84 when absent."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return reject(msg("It is not a GeoJSON feature."), feature)
    lon, lat = to_lon_lat(feature.get("geometry"), content_crs)
    without_id = "id" not in feature and "id" not in properties
    if not properties.get("id"):
        properties["id"] = feature.get("id")
    return build_service(properties, lon, lat, version=feature_version(feature), without_id=without_id)


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    return value if isinstance(value, list) else []


def _without_markup(value: Any) -> str:
    """A text that QGIS shows as HTML in a layer's properties: attributions often come with links."""
    return " ".join(re.sub(r"<[^>]*>?", " ", clean(value)).split())


def _item_parameters(description: Mapping[str, Any], collection: str) -> set[str]:
    """Names of the query parameters of a collection's items in an OpenAPI document."""
    paths = description.get("paths")
    paths = paths if isinstance(paths, dict) else {}
    end = f"/collections/{collection.rpartition('/')[2]}/items"
    found = [path for path in paths if path.endswith(end)]
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


def _broken_off(trail: _Trail, fault: CartoError) -> Incomplete:
    if trail.matched is None:
        return Incomplete(
            "The reading broke off after {received} records: {cause}", received=trail.received, cause=fault.message
        )
    return Incomplete(
        "The reading broke off after {received} of {matched} records: {cause}",
        received=trail.received,
        matched=trail.matched,
        cause=fault.message,
    )
