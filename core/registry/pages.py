"""A page of an OGC API – Features: its features, and what it says of the pages that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, Union

from requests.utils import parse_header_links

from ..errors import CartoError
from ..http import Refused, absolute, shown_url
from ..messages import msg
from ..services import Rejected, Service, ServiceRecord
from .crs import member_crs
from .jsontext import ArrayIn, NotWholeJson, decoded, has_broken_text
from .records import converted, reject
from .web import NotARegistry

Convert = Callable[..., Union[Service, Rejected]]
"""From a feature, with the keyword ``content_crs``."""

_MOST_MATCHED = 10**12
_READABLE = ("json", "")
"""Media types of a next page that we read: any JSON, or none given."""


class Page(NamedTuple):
    """What came of a page. With a ``fault`` it ends before its end: the records are those that came whole."""

    records: list[ServiceRecord]
    next_url: str | None
    matched: int | None
    fault: CartoError | None = None


def read_page(body: bytes, url: str, headers: Mapping[str, str], convert: Convert) -> Page:
    """The records of a page of features, each made by ``convert``. Raises `NotARegistry` when it is something else."""
    text, is_clean = decoded(body)
    del body
    features = ArrayIn(text, "features")
    if not features.found():
        raise not_features(url)
    convert = partial(convert, content_crs=headers.get("Content-Crs", "") or member_crs(features.before()))
    records: list[ServiceRecord] = []
    try:
        for feature in features:
            if not is_clean and has_broken_text(feature):
                records.append(reject(msg("Its text is not valid UTF-8."), feature))
            else:
                records.append(converted(convert, feature))
        document = features.rest()
    except NotWholeJson as fault:
        return Page(records, None, None, fault)
    if not isinstance(document, dict):
        raise not_features(url)
    try:
        return Page(records, next_link(document, url, headers.get("Link", "")), _matched(document))
    except Refused as fault:
        return Page(records, None, _matched(document), fault)


def links_of(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The links of a document; those that are written as an object of addresses (HAL) too."""
    links = document.get("links") or document.get("_links")
    if isinstance(links, dict):
        links = [
            {"rel": rel, **link} if isinstance(link, dict) else {"rel": rel, "href": link}
            for rel, link in links.items()
        ]
    yield from (link for link in links if isinstance(link, dict)) if isinstance(links, list) else ()


def next_link(document: Mapping[str, Any], url: str, header: str = "") -> str | None:
    """The address of the next page: in a link of the page (of several, the one to JSON), a member, or a header.

    Raises `Refused` for one that is no address.
    """
    found = [link for link in links_of(document) if _leads_on(link)]
    if not found and isinstance(document.get("next"), str) and document["next"]:
        found = [{"href": document["next"]}]
    if not found and header:
        found = [{**link, "href": link.get("url")} for link in parse_header_links(header) if _leads_on(link)]
    best = [link for kind in _READABLE for link in found if _is_of(link, kind)] or found
    return absolute(url, str(best[0]["href"])) if best else None


def _leads_on(link: Mapping[str, Any]) -> bool:
    rel = link.get("rel")
    relations = rel if isinstance(rel, list) else str(rel).split()
    return "next" in (str(one).lower() for one in relations) and bool(link.get("href") or link.get("url"))


def _is_of(link: Mapping[str, Any], kind: str) -> bool:
    media = str(link.get("type") or "").lower()
    return kind in media if kind else not media


def _matched(document: Mapping[str, Any]) -> int | None:
    """`numberMatched`; None where it is absent or says nothing (« unknown », -1)."""
    matched = document.get("numberMatched")
    if isinstance(matched, bool) or not isinstance(matched, (int, float, str)):
        return None
    try:
        number = int(matched)
    except (ValueError, OverflowError):  # a word, NaN, infinity, more digits than Python reads
        return None
    return number if 0 <= number <= _MOST_MATCHED else None


def not_features(url: str) -> NotARegistry:
    """What answers is no collection of features."""
    return NotARegistry(
        "{url} does not answer as an OGC API – Features: check the connection's address and kind.", url=shown_url(url)
    )
