"""One WFS 2.0 service as GeoServer runs it (the Géoplateforme's), asked with patience.

What it does, and this module copes with: it answers `hits` in XML whatever is asked, errors in HTML or XML with any
status, 429 with a time to wait, nothing at all one time in four, and 0 objects where a box has its axes in an order
that it does not expect.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np
import requests

from ..coordinates import Box, Transform
from ..errors import CartoError
from ..http import MEGABYTE, TIMEOUT, AnswerTooLarge, OwnQuery, Refused, asked_pause, exchange, origin, read_bounded
from ..http import shown_url as shown
from ..messages import msg
from ..pacing import Pace, attempts
from ..progress import Progress
from .errors import WfsRefusal, WfsUnreachable

SERVER = "https://data.geopf.fr/wfs/ows"
PAGE = 5000
"""Objects that the Géoplateforme gives at most, whatever is asked, and without a word."""

_RATES = {"data.geopf.fr": (25, 1.0)}
"""Requests in seconds that a host bears: the Géoplateforme publishes 30 a second an address."""
_NO_RATE = (1000, 1.0)
_MOST_TRIES = 18
_MOST_UNANSWERED = 24
"""Failures in a row, of whatever requests, after which the service is taken to be out of reach."""
_MOST_NEVER_ANSWERED = 12
"""The same for a service that never answered."""
_TOLD_EVERY = 4
"""Failures in a row after which it is said that the service is asked again."""
_FIRST_BACKOFF, _LONGEST_BACKOFF, _LONGEST_WAIT = 0.5, 8.0, 60.0
_LARGEST_PAGE = 200 * MEGABYTE
_CHUNK = 1 << 19
"""Bytes read at once: with small pieces, threads that read wait for one that parses at each of them."""
_MATCHED = re.compile(rb'number(?:Matched|OfFeatures)="(\d+|unknown)"')
_REFUSALS = {400, 401, 403, 404, 405, 501}
_WORDS = re.compile(r"<(?:\w+:)?ExceptionText>(.*?)</", re.DOTALL)
_EDITION = re.compile(r"\b(20\d\d)[-_./ ]?(0[1-9]|1[0-2])(?:[-_./ ]?(0[1-9]|[12]\d|3[01]))?\b")
_BESIDE = 100_000.0
"""Metres outside the box within which an object of it may begin."""


class FeatureType(NamedTuple):
    """What is asked for: the type's name at the source, its geometry's name, the columns wanted (none = all)."""

    name: str
    geometry: str
    columns: tuple[str, ...] = ()


class WfsPage(NamedTuple):
    """One answer: what was made of its objects; ``matched``: how many there are in all."""

    rows: list[Any]
    matched: int | None


Convert = Callable[[list[dict[str, Any]]], list[Any]]
"""Makes a row of each object: GeoJSON, x first, in the CRS asked for."""


class _NotAnAnswer(Exception):
    """Something came, and is not what was asked for: an error page, a text that breaks off."""


class _Form(NamedTuple):
    """One way of writing a box: in degrees or as it is, which axis first, what the CRS is called."""

    degrees: bool
    swapped: bool
    crs: str

    def written(self, box: Box, crs: str) -> str:
        if self.degrees:
            box = Transform(crs, "EPSG:4326").box(*box)
        west, south, east, north = box
        numbers = (south, west, north, east) if self.swapped else (west, south, east, north)
        decimals = 7 if self.degrees else 2
        return ",".join([*(f"{number:.{decimals}f}" for number in numbers), self.crs or crs])


_FORMS = (
    _Form(False, False, ""),
    _Form(True, False, "EPSG:4326"),
    _Form(True, True, "urn:ogc:def:crs:EPSG::4326"),
    _Form(True, True, "EPSG:4326"),
    _Form(False, True, ""),
)


class Wfs:
    """A service at an address. ``new_session`` gives a `requests.Session` to each thread that asks.

    Every method raises `WfsUnreachable` when patience is at its end, `WfsRefusal` for what will never be answered,
    `Cancelled`.
    """

    threads = 6

    def __init__(
        self,
        address: str = SERVER,
        new_session: Callable[[], requests.Session] = requests.Session,
        timeout: tuple[float, float] = (TIMEOUT[0], 30.0),
    ) -> None:
        self.address, self._own = address.partition("?")[0], OwnQuery(address)
        self._new_session, self._timeout = new_session, timeout
        self._pace = Pace(*_RATES.get(origin(address).host, _NO_RATE))
        self._threads = threading.local()
        self._parsing = threading.Lock()
        self._unanswered, self._has_answered = 0, False
        self._forms: dict[str, _Form] = {}
        self._bare: set[str] = set()
        """Types that refuse the columns we would like: they are given whole."""

    def hits(self, kind: FeatureType, box: Box, crs: str, progress: Progress) -> int:
        """How many objects meet a box, by the service's own count."""
        return self._counted(kind, box, crs, self._forms.get(kind.name, _FORMS[0]), progress)

    def learn_form(self, kind: FeatureType, box: Box, crs: str, progress: Progress) -> int:
        """How many objects meet the widest box; the way of writing it that gives any is kept for this type."""
        for form in _FORMS:
            count = self._counted(kind, box, crs, form, progress)
            if count:
                self._forms[kind.name] = form
                return count
        return 0

    def page(
        self,
        kind: FeatureType,
        box: Box,
        crs: str,
        convert: Convert,
        *,
        progress: Progress,
        start: int = 0,
        count: int = PAGE,
    ) -> WfsPage:
        """Objects that meet a box, at most ``count``, from the ``start``-th in the order of their first column.

        ``convert`` is called with those of one answer at a time, whatever thread asks.
        """
        form = self._forms.get(kind.name, _FORMS[0])
        params = self._params(kind) | {
            "OUTPUTFORMAT": "application/json",
            "SRSNAME": crs,
            "BBOX": form.written(box, crs),
            "COUNT": str(count),
        }
        if start:
            params |= {"STARTINDEX": str(start)}
        if start or count < PAGE:
            params |= {"SORTBY": kind.columns[0]} if kind.columns else {}
        if kind.columns and kind.name not in self._bare:
            wanted = params | {"PROPERTYNAME": ",".join((*kind.columns, kind.geometry))}
            try:
                return self._ask(wanted, lambda body: self._page_of(body, box, crs, convert), progress)
            except WfsRefusal:
                self._bare.add(kind.name)
        return self._ask(params, lambda body: self._page_of(body, box, crs, convert), progress)

    def editions(self, names: tuple[str, ...], progress: Progress) -> dict[str, str]:
        """The date of each type's edition (`2026-06-15`), where the capabilities tell it. Nothing where they fail."""
        try:
            text = self._ask({"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetCapabilities"}, _xml, progress, 3)
        except (WfsUnreachable, WfsRefusal):
            return {}
        return {name: edition for name in names if (edition := _edition_in(text, name))}

    # -- asking -------------------------------------------------------------------------------------------------------

    def _counted(self, kind: FeatureType, box: Box, crs: str, form: _Form, progress: Progress) -> int:
        params = self._params(kind) | {"RESULTTYPE": "hits", "BBOX": form.written(box, crs)}
        count = self._ask(params, _hits_of, progress)
        if count is not None:
            return count
        params = self._params(kind) | {
            "OUTPUTFORMAT": "application/json",
            "BBOX": form.written(box, crs),
            "COUNT": "1",
        }
        return self._ask(params, _matched_of, progress)

    def _params(self, kind: FeatureType) -> dict[str, str]:
        return {
            "SERVICE": "WFS",
            "VERSION": "2.0.0",
            "REQUEST": "GetFeature",
            "TYPENAMES": kind.name,
            "EXCEPTIONS": "application/json",
        }

    def _ask(
        self, params: Mapping[str, str], read: Callable[[bytes], Any], progress: Progress, tries: int = _MOST_TRIES
    ) -> Any:
        """What ``read`` makes of the answer; asked again, later and later, while nothing usable comes."""
        last, url = "", shown(self.address)
        for _attempt in attempts(tries, _FIRST_BACKOFF, _LONGEST_BACKOFF, progress.check):
            try:
                with self._pace.turn(progress.check):
                    body = self._fetch(params, progress)
                answer = read(body)
            except (requests.RequestException, _NotAnAnswer) as fault:
                last = "timeout" if isinstance(fault, requests.Timeout) else re.sub(r"\?\S*", "", str(fault))[:200]
            except (WfsRefusal, Refused, AnswerTooLarge):
                raise
            except CartoError as fault:
                progress.check()
                last = str(fault)
            else:
                self._unanswered, self._has_answered = 0, True
                return answer
            self._unanswered += 1
            if self._unanswered >= (_MOST_UNANSWERED if self._has_answered else _MOST_NEVER_ANSWERED):
                break
            if self._unanswered % _TOLD_EVERY == 0:
                progress.info(
                    msg("{url} does not answer as it should ({cause}); it is asked again…", url=url, cause=last)
                )
        raise WfsUnreachable(
            "{url} does not answer as it should ({cause}). What was read is kept: run again later to go on.",
            url=url,
            cause=last or "–",
        )

    def _fetch(self, params: Mapping[str, str], progress: Progress) -> bytes:
        response = exchange(
            self._session(),
            "GET",
            self._own.on(self.address),
            base_url=self.address,
            params=dict(params),
            timeout=self._timeout,
        )
        with closing(response):
            if response.status_code == 429:
                pause = asked_pause(response)
                self._pace.hold(min(5.0 if pause is None else pause, _LONGEST_WAIT))
                raise _NotAnAnswer("429")
            body = read_bounded(response, _LARGEST_PAGE, progress, _CHUNK)
            if response.status_code in _REFUSALS and not _is_html(body):
                raise WfsRefusal(
                    "{url} refuses ({status}): {words}",
                    url=shown(self.address),
                    status=response.status_code,
                    words=_words_of(body) or response.reason or "–",
                )
            if response.status_code != 200:
                raise _NotAnAnswer(f"HTTP {response.status_code}")
            return body

    def _session(self) -> requests.Session:
        if not hasattr(self._threads, "session"):
            self._threads.session = self._new_session()
        return self._threads.session

    def _page_of(self, body: bytes, box: Box, crs: str, convert: Convert) -> WfsPage:
        with self._parsing:  # one page unfolded at a time: that is what takes memory, and Python's collector long
            document = _json(body)
            features = document.get("features")
            if not isinstance(features, list):
                raise _NotAnAnswer("no features")
            _put_in_place(features, box, crs)
            return WfsPage(convert(features), _matched(document))


def _json(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _NotAnAnswer(_words_of(body) or "no JSON") from error
    if not isinstance(document, dict) or "exceptions" in document:
        raise _NotAnAnswer(_words_of(body) or "no features")
    return document


def _matched(document: Mapping[str, Any]) -> int | None:
    for name in ("numberMatched", "totalFeatures"):
        if isinstance(document.get(name), int):
            return document[name]
    return None


def _matched_of(body: bytes) -> int:
    count = _matched(_json(body))
    if count is None:
        raise _NotAnAnswer("no count")
    return count


def _hits_of(body: bytes) -> int | None:
    """The count, None where the service says that it does not know."""
    found = _MATCHED.search(body[:20_000])
    if found is None:
        raise _NotAnAnswer(_words_of(body) or "no count")
    return None if found[1] == b"unknown" else int(found[1])


def _xml(body: bytes) -> str:
    if b"WFS_Capabilities" not in body[:2000] or b"</" not in body[-60:]:
        raise _NotAnAnswer(_words_of(body) or "no capabilities")
    return body.decode("utf-8", "replace")


def _is_html(body: bytes) -> bool:
    return body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def _words_of(body: bytes) -> str:
    """What an error says, in whichever of its forms."""
    text = body[:5000].decode("utf-8", "replace").strip()
    if _is_html(body):
        return "HTML"
    found = _WORDS.search(text) or re.search(r'"text"\s*:\s*"(.*?)"', text)
    return (found[1] if found else "" if text.startswith("{") else text)[:200].strip()


def _edition_in(text: str, name: str) -> str:
    found = re.search(rf"<(?:\w+:)?Name>{re.escape(name)}</.*?</(?:\w+:)?FeatureType>", text, re.DOTALL)
    dates = ["-".join(filter(None, match)) for match in _EDITION.findall(found[0] if found else "")]
    return max(dates, default="")


# -- where objects are ------------------------------------------------------------------------------------------------


def _put_in_place(features: list[dict[str, Any]], box: Box, crs: str) -> None:
    """Turn coordinates to x first, in the CRS asked for, where the service gave them otherwise.

    The first object tells: it meets the box. Raises `_NotAnAnswer` when nothing brings it there.
    """
    point = next((first for each in features if (first := _first_point(each.get("geometry")))), None)
    if point is None or _is_beside(point, box):
        return
    x, y = point
    if _is_beside((y, x), box):
        _change(features, _turned)
        return
    for swapped, (lon, lat) in ((False, (x, y)), (True, (y, x))):
        if abs(lon) > 180 or abs(lat) > 90:
            continue
        to_crs = Transform("EPSG:4326", crs)
        if _is_beside(tuple(to_crs.points(np.array([[lon, lat]]))[0]), box):
            if swapped:
                _change(features, _turned)
            _change(features, to_crs.points)
            return
    raise _NotAnAnswer("objects that do not lie where they were asked for")


def _first_point(geometry: Any) -> tuple[float, float] | None:
    part = geometry.get("coordinates") if isinstance(geometry, dict) else None
    while isinstance(part, list) and part and isinstance(part[0], list):
        part = part[0]
    return (part[0], part[1]) if isinstance(part, list) and len(part) >= 2 else None


def _is_beside(point: tuple[float, ...], box: Box) -> bool:
    west, south, east, north = box
    return west - _BESIDE <= point[0] <= east + _BESIDE and south - _BESIDE <= point[1] <= north + _BESIDE


def _turned(xy: np.ndarray) -> np.ndarray:
    return xy[:, ::-1]


def _change(features: list[dict[str, Any]], move: Callable[[np.ndarray], np.ndarray]) -> None:
    for feature in features:
        geometry = feature.get("geometry")
        if isinstance(geometry, dict):
            geometry["coordinates"] = moved_coordinates(geometry["coordinates"], move)


def moved_coordinates(part: list, move: Callable[[np.ndarray], np.ndarray]) -> list:
    if part and isinstance(part[0], list) and part[0] and isinstance(part[0][0], list):
        return [moved_coordinates(inside, move) for inside in part]
    points = part if part and isinstance(part[0], list) else [part]
    xy = move(np.array([point[:2] for point in points], float)).tolist()
    moved = [[*pair, *point[2:]] for pair, point in zip(xy, points)]
    return moved if part and isinstance(part[0], list) else moved[0]
