"""What isochrone servers have in common: pace, retries, remembered answers, one failure that stays one failure.

An engine says which calls to make, how to read an answer and how to word an error. `OnlineEngine` does the rest.
"""

from __future__ import annotations

import json
import math
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import requests
from shapely.geometry import shape
from shapely.validation import make_valid

from ..errors import Cancelled, CartoError
from ..http import MEGABYTE, TIMEOUT, AnswerCutShort, OwnQuery, asked_pause, exchange, origin, read_bounded
from ..messages import Message, msg
from ..pacing import Pace, attempts
from ..progress import Progress
from ..travel_modes import UNITS
from .answer_cache import AnswerCache, Result, question
from .engines import Answer, NotOffered, Request, TravelMode
from .polygons import multipolygon

DAY = 86400.0
_LARGEST_ANSWER = 50 * MEGABYTE
_NOT_AN_ISOCHRONE = (ValueError, KeyError, TypeError, IndexError, AttributeError)
_MOST_TRIES = 8
_MOST_UNANSWERED = 12
_FIRST_BACKOFF = 0.5
_LONGEST_BACKOFF = 20.0
LONGEST_WAIT = 120.0
"""Seconds; a server that asks for more is asked again by another run."""
_POLL = 0.1
_TRIED = (2.3488, 48.8534)
"""The centre of Paris, which most servers know."""
_TRIED_MINUTES = 5.0
_TRIAL_TIMEOUT = (10.0, 15.0)


class ServerStopped(CartoError):
    """The server will answer no further request of this run: quota used up, refused, out of reach."""


class Contour(NamedTuple):
    """One contour of one point."""

    key: int
    lon: float
    lat: float
    cutoff: float


class Trial(NamedTuple):
    """Whether a server works, and what is to be said of it."""

    works: bool
    words: Message


class Call(NamedTuple):
    """One request to a server, and the contours it shall bring."""

    method: str
    path: str
    content: dict[str, Any]
    contours: tuple[Contour, ...]


class Reply(NamedTuple):
    """The results read from one answer, and the version of the data they were computed on."""

    results: dict[Contour, Result]
    version: str


class Limit(NamedTuple):
    """At most ``count`` requests in ``period`` seconds."""

    count: int  # type: ignore[assignment]
    period: float


class OnlineEngine(ABC):
    """An isochrone server. ``new_session`` gives a `requests.Session` to each thread; credentials are its business."""

    name = ""
    crs = "EPSG:4326"
    costings: dict[str, str] = {}
    limit = Limit(10, 1.0)
    threads = 4

    def __init__(
        self,
        server: str,
        new_session: Callable[[], requests.Session] = requests.Session,
        cache: AnswerCache | None = None,
    ) -> None:
        self.server, self._own = server.partition("?")[0].rstrip("/"), OwnQuery(server)
        self._new_session = new_session
        self._cache = cache or AnswerCache()
        self.limit = self.limit_of(origin(server).host)
        ages = self._cache.ages_of_sent(self.server, self.limit.period)
        self._pace = Pace(self.limit.count, self.limit.period, ages)

    # -- what an engine writes ----------------------------------------------------------------------------------------

    def limit_of(self, host: str) -> Limit:
        """How many requests this server bears."""
        return self.limit

    @abstractmethod
    def calls(self, contours: list[Contour], travel: TravelMode) -> Iterator[Call]:
        """The requests that bring these contours, in their order."""

    @abstractmethod
    def read(self, call: Call, content: Any, travel: TravelMode) -> Reply:
        """What a successful answer (JSON) says. Raises `ValueError` or `KeyError` when it is not such an answer."""

    @abstractmethod
    def explain(self, status: int, content: Any) -> Message:
        """What an error answer means, in words a technician can act on. ``content`` is JSON, or None."""

    def is_lasting(self, content: Any) -> bool:
        """Whether a refusal will be the same next time (no road near the point), so that it need not be asked again."""
        return False

    def stops(self, status: int, headers: Any, content: Any) -> Message | None:
        """Why, after this answer, no further request makes sense; None when the run goes on."""
        if status in (401, 403):
            return msg("{server} refuses access (HTTP {status}); check its authentication.", **self._named(status))
        return None

    def version(self, check: Callable[[], None]) -> str | None:
        """The version of the server's data when it can be asked; None when only answers to isochrones tell it."""
        return self._cache.known(self.server, "version", DAY)

    def bounds(self, travel: TravelMode, check: Callable[[], None]) -> tuple[float, float]:
        """The smallest and largest cutoff the server accepts, in the metric's unit."""
        return 0.0, float("inf")

    # -- what all share -----------------------------------------------------------------------------------------------

    def isochrones(
        self, requests: Iterable[Request], travel: TravelMode, progress: Progress | None = None
    ) -> Iterator[Answer]:
        """See `engines.Engine`. Answers come first for what is already known, then as the server gives them."""
        progress = progress or Progress()
        if travel.profile not in self.costings:
            raise NotOffered(
                "{engine} offers no {profile} profile; choose among {offered}.",
                engine=self.name,
                profile=travel.profile,
                offered=", ".join(self.costings),
            )
        requests = [request._replace(cutoffs=tuple(sorted(set(request.cutoffs)))) for request in requests]
        pending = _PendingAnswers(requests)
        health = _ServerHealth()
        version = self.version(progress.check)
        contours = [Contour(r.key, r.x, r.y, cutoff) for r in requests for cutoff in r.cutoffs]
        contours = yield from self._out_of_bounds(contours, travel, self.bounds(travel, progress.check), pending)
        if version is None and contours:
            # The first point is asked in any case: its answer tells which version of the data the others have.
            first = [contour for contour in contours if contour.key == contours[0].key]
            contours = contours[len(first) :]
            yield from self._ask(first, travel, pending, health, progress)
            version = self._cache.known(self.server, "version", float("inf"))
        unknown = []
        for contour in contours:
            progress.check()
            found = self._cache.find(self._question(contour, travel), version or "")
            if found is None:
                unknown.append(contour)
            else:
                yield from pending.add(contour, found)
        progress.show(pending.done)
        yield from self._ask(unknown, travel, pending, health, progress)

    def try_out(self, check: Callable[[], None]) -> Trial:
        """Ask for one small area, once and without patience. Raises `requests.RequestException` when no answer comes.

        ``check`` raises when nobody waits any more.
        """
        travel, started = TravelMode(), time.monotonic()
        (call,) = self.calls([Contour(0, *_TRIED, _TRIED_MINUTES)], travel)
        response, body = self._send(self._new_session(), call, check, _TRIAL_TIMEOUT)
        content, status = _json(body), response.status_code
        if status != 200:
            if self.is_lasting(content):
                return Trial(True, self._knows_no_road())
            refused = self.stops(status, response.headers, content) or self.explain(status, content)
            return Trial(False, refused)
        try:
            result = next(iter(self.read(call, content, travel).results.values()), None)
        except _NOT_AN_ISOCHRONE:
            return Trial(False, msg("{server} sent an answer that is not an isochrone.", server=self.server))
        if not isinstance(result, bytes):
            return Trial(True, self._knows_no_road())
        seconds = max(0.1, round(time.monotonic() - started, 1))
        return Trial(True, msg("It answers: an area of 5 minutes came in {seconds} s.", seconds=seconds))

    def _knows_no_road(self) -> Message:
        return msg("It answers, but knows no road at the place tried (the centre of Paris).")

    def _out_of_bounds(
        self, contours: Iterable[Contour], travel: TravelMode, bounds: tuple[float, float], pending: _PendingAnswers
    ) -> Generator[Answer, None, list[Contour]]:
        lowest, highest = bounds
        inside = []
        for contour in contours:
            if lowest <= contour.cutoff <= highest:
                inside.append(contour)
            else:
                reason = msg(
                    "{server} accepts cutoffs from {lowest} to {highest} {unit} only.",
                    server=self.server,
                    lowest=lowest,
                    highest=highest,
                    unit=UNITS[travel.metric],
                )
                yield from pending.add(contour, reason)
        return inside

    def _ask(
        self,
        contours: list[Contour],
        travel: TravelMode,
        pending: _PendingAnswers,
        health: _ServerHealth,
        progress: Progress,
    ) -> Iterator[Answer]:
        """Have threads make the calls; give answers as points become complete."""
        if not contours:
            return
        threads = _RequestThreads(self, travel, list(self.calls(contours, travel)), health)
        try:
            missing = len(contours)
            while missing:
                progress.check()
                try:
                    results = threads.results.get(timeout=_POLL)
                except queue.Empty:
                    continue
                for contour, result in results.items():
                    missing -= 1
                    yield from pending.add(contour, result)
                progress.show(pending.done)
        finally:
            threads.leave()

    def _keep(self, reply: Reply, travel: TravelMode) -> None:
        """Remember what was answered, at once: whoever reads the answers may be slow, or killed."""
        if reply.version:
            self._cache.learn(self.server, "version", reply.version)
        version = reply.version or self._cache.known(self.server, "version", float("inf")) or ""
        for contour, result in reply.results.items():
            self._cache.keep(self._question(contour, travel), version, result)

    def _question(self, contour: Contour, travel: TravelMode) -> str:
        return question(self.name, self.server, round(contour.lon, 7), round(contour.lat, 7), contour.cutoff, *travel)

    def ask(self, path: str, check: Callable[[], None]) -> dict[str, Any]:
        """What the server says of itself at ``path`` (a JSON object); empty when it does not. ``check`` may raise."""
        answers: queue.Queue[dict[str, Any]] = queue.Queue()
        left = threading.Event()

        def fetch() -> None:
            content: Any = None
            with suppress(requests.RequestException, CartoError, ValueError):
                response, body = self._send(self._new_session(), Call("GET", path, {}, ()), lambda: _stay(left))
                content = json.loads(body) if response.status_code == 200 else None
            answers.put(content if isinstance(content, dict) else {})

        threading.Thread(target=fetch, daemon=True).start()
        try:
            while True:
                check()
                with suppress(queue.Empty):
                    return answers.get(timeout=_POLL)
        finally:
            left.set()

    def _named(self, status: int) -> dict[str, Any]:
        return {"server": self.server, "status": status}

    def _send(
        self,
        session: requests.Session,
        call: Call,
        check: Callable[[], None],
        timeout: tuple[float, float] = TIMEOUT,
    ) -> tuple[requests.Response, bytes]:
        with self._pace.turn(check):
            self._cache.note_sent(self.server)
            options: dict[str, Any] = {"params": call.content} if call.method == "GET" else {"json": call.content}
            address = self._own.on(self.server + call.path)
            response = exchange(session, call.method, address, base_url=self.server, timeout=timeout, **options)
            return response, read_bounded(response, _LARGEST_ANSWER)


class _PendingAnswers:
    """Brings the contours of a point together until all are there."""

    def __init__(self, requests: list[Request]) -> None:
        self._answers = {r.key: Answer(r.key, {}, {}) for r in requests}
        self._missing = {r.key: len(r.cutoffs) for r in requests}
        self._total = len(requests)

    def add(self, contour: Contour, result: Result) -> Iterator[Answer]:
        answer = self._answers[contour.key]
        if isinstance(result, Message):
            answer.failures[contour.cutoff] = result
        else:
            answer.polygons[contour.cutoff] = result
        if len(answer.polygons) + len(answer.failures) == self._missing[contour.key]:
            del self._answers[contour.key]
            yield answer

    @property
    def done(self) -> float:
        return 1.0 - len(self._answers) / max(self._total, 1)


class _ServerHealth:
    """What a run knows of its server: whether it answers at all, and why nothing more is to be asked."""

    def __init__(self) -> None:
        self.stopped: Message | None = None
        self._unanswered = 0

    def answered(self) -> None:
        self._unanswered = 0

    def unanswered(self, reason: Message) -> None:
        """One more try in vain; after many in a row, by any thread, the server is taken to be out of reach."""
        self._unanswered += 1
        if self._unanswered >= _MOST_UNANSWERED:
            self.stopped = reason


class _RequestThreads:
    """Threads that make calls until none is left. `leave` never waits for a request under way."""

    def __init__(self, engine: OnlineEngine, travel: TravelMode, calls: list[Call], health: _ServerHealth) -> None:
        self.results: queue.Queue[dict[Contour, Result]] = queue.Queue()
        self._engine, self._travel, self._health = engine, travel, health
        self._calls: queue.Queue[Call] = queue.Queue()
        for call in calls:
            self._calls.put(call)
        self._left = threading.Event()
        for _ in range(min(engine.threads, len(calls))):
            threading.Thread(target=self._work, daemon=True, name=f"{engine.name} isochrones").start()

    def leave(self) -> None:
        self._left.set()

    def _check(self) -> None:
        if self._left.is_set():
            raise Cancelled
        if self._health.stopped:
            raise ServerStopped(self._health.stopped.template, **self._health.stopped.values)

    def _work(self) -> None:
        session = self._engine._new_session()
        while not self._left.is_set():
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return
            try:
                self._make(session, call)
            except Cancelled:
                return
            except CartoError as error:
                self._fail(call, error.message)
            except Exception as error:  # a defect must cost one point, not leave the run waiting
                self._fail(call, msg("Unexpected error: {error}", error=f"{type(error).__name__}: {error}"))

    def _make(self, session: requests.Session, call: Call) -> None:
        """Send until an answer stands, that is good or says plainly no."""
        reason = msg("{server} did not answer.", server=self._engine.server)
        for _attempt in attempts(_MOST_TRIES, _FIRST_BACKOFF, _LONGEST_BACKOFF, self._check):
            try:
                response, body = self._engine._send(session, call, self._check)
            except (requests.RequestException, AnswerCutShort) as error:
                reason = msg(
                    "{server} did not answer ({error}). Check the address and the network, then run again: what is "
                    "computed is kept.",
                    server=self._engine.server,
                    error=type(error).__name__,
                )
                self._health.unanswered(reason)
                continue
            self._health.answered()
            content, status = _json(body), response.status_code
            if status == 429:
                self._hold(asked_pause(response) or self._engine.limit.period)
            self._health.stopped = self._health.stopped or self._engine.stops(status, response.headers, content)
            if status == 200:
                try:
                    reply = self._engine.read(call, content, self._travel)
                    absent = msg("{server} gave no polygon for this cutoff.", server=self._engine.server)
                    results = {contour: reply.results.get(contour, absent) for contour in call.contours}
                    self._engine._keep(Reply(results, reply.version), self._travel)
                    self.results.put(results)
                    return
                except _NOT_AN_ISOCHRONE:
                    reason = msg("{server} sent an answer that is not an isochrone.", server=self._engine.server)
            elif 400 <= status < 500 and status not in (408, 429):
                self._refused(call, status, content)
                return
            else:
                reason = self._engine.explain(status, content)
        self._fail(call, reason)

    def _hold(self, seconds: float) -> None:
        """Wait as long as the server asks; a wait that nobody would sit through ends the run in words."""
        if seconds <= LONGEST_WAIT:
            self._engine._pace.hold(seconds)
        elif not self._health.stopped:
            self._health.stopped = msg(
                "{server} asks to wait {minutes} min. What is computed is kept: run again later to go on.",
                server=self._engine.server,
                minutes=math.ceil(min(seconds, 366 * DAY) / 60),
            )

    def _refused(self, call: Call, status: int, content: Any) -> None:
        """The server says no: the answer for one point; several are asked again one by one, as one spoils the others.

        Other threads may have ended for want of calls: this one takes what it puts back.
        """
        points = {contour.key for contour in call.contours}
        stopped = self._health.stopped
        if stopped or len(points) == 1:
            reason = stopped or self._engine.explain(status, content)
            if not stopped and self._engine.is_lasting(content):
                self._engine._keep(Reply(dict.fromkeys(call.contours, reason), ""), self._travel)
            self._fail(call, reason)
            return
        for key in points:
            for alone in self._engine.calls([contour for contour in call.contours if contour.key == key], self._travel):
                self._calls.put(alone)

    def _fail(self, call: Call, reason: Message) -> None:
        self.results.put(dict.fromkeys(call.contours, reason))


def _json(body: bytes) -> Any:
    """What the body says; None when it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _stay(left: threading.Event) -> None:
    if left.is_set():
        raise Cancelled


def read_polygons(geometry: Any) -> bytes | None:
    """The polygons of a GeoJSON geometry as a valid WKB MultiPolygon; None when it has none (a Point, a line)."""
    if not geometry or not (geometry.get("coordinates") or geometry.get("geometries")):
        return None
    made = shape(geometry)
    if not made.is_valid:
        made = make_valid(made)
    polygons = multipolygon(made)
    return None if polygons.is_empty else polygons.wkb
