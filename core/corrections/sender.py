"""Sends corrections to a registry that takes them (kind `ogcapi`), and asks what became of them.

For each correction: ask whether it arrived when an earlier attempt ended without an answer; see whether the service has
changed since it was read; mark it as leaving; `POST`; write down what the server said. Only a 201 that names the new
item, or the item itself read back, makes it `envoyee`.
"""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import requests

from ..errors import Cancelled, CartoError
from ..http import (
    MEGABYTE,
    TIMEOUT,
    OwnQuery,
    Refused,
    absolute,
    asked_pause,
    check_connection_url,
    exchange,
    read_json,
    same_origin,
    shown_url,
)
from ..messages import Message, msg
from ..pacing import backoff
from ..progress import Progress
from .answers import refusal_of
from .conflicts import Conflict, conflict_of
from .model import Correction, to_send
from .outbox import Entry, Outbox, UnknownCorrection

ANSWER_LIMIT = 5 * MEGABYTE
FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0
MOST_ATTEMPTS = 12
"""After so many attempts without the registry's word, one that it surely does not have is shown to the user."""

MINUTE, DAY = 60.0, 86_400.0

_DECIDED = ("acceptee", "rejetee", "conflit")
_PASSING = {408, 425, 429}
_NOT_PROCESSED = {425, 429}


class Target(Protocol):
    """A connection, as far as sending is concerned."""

    @property
    def url(self) -> str: ...

    @property
    def authcfg(self) -> str: ...


class CannotSend(CartoError):
    """Nothing can be sent over this connection until the user does something about it."""


class Outcome(Enum):
    """What one attempt came to."""

    DONE = "done"
    """The entry has a state that only the user or the registry changes."""
    CHANGED = "changed"
    """The user has changed it meanwhile: read it again."""
    LATER = "later"
    """The server is busy, out of reach or did not answer: try again."""
    STOP = "stop"
    """The connection itself is at fault (credentials, address): the next ones would fare alike."""


class Patience(NamedTuple):
    """How long a run keeps trying: failures in a row before it leaves the rest for later, seconds a single wait."""

    failures: int = 6
    longest_wait: float = 60.0


class _Found(NamedTuple):
    """The answer to "do you have it?": the item (None = no), or ``known`` False when the server does not say."""

    known: bool
    feature: dict[str, Any] | None = None
    address: str = ""
    by_filter: bool = False


class Sender:
    """Sends what an outbox holds for one connection. Clock, sleep and chance can be replaced in tests.

    Raises `core.http.Refused` when the connection's address is not safe for what it carries.
    """

    def __init__(
        self,
        session: requests.Session,
        connection: Target,
        outbox: Outbox,
        *,
        timeout: tuple[float, float] = TIMEOUT,
        first_wait: float = FIRST_WAIT,
        patience: Patience = Patience(),
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
    ) -> None:
        check_connection_url(connection.url, has_auth=bool(connection.authcfg or session.auth))
        self._session, self._outbox = session, outbox
        self._connection = connection.url
        self._base_url, self._services = _base_and_services(connection.url)
        self._own = OwnQuery(connection.url, ("f", "limit", "offset", "startindex", "page"))
        self._timeout, self._first_wait, self._patience = timeout, first_wait, patience
        self._clock, self._sleep, self._chance = clock, sleep, chance or random.SystemRandom()

    def send_all(self, uuids: Iterable[str] | None = None, progress: Progress = Progress()) -> list[Entry]:
        """Try what waits for this connection (or those named) until each has an answer or patience runs out.

        Gives the entries as they are then. Raises `AlreadySending`, `Cancelled`; entries keep their true state.
        """
        with self._outbox.sending(self._connection):
            waiting = self._outbox.entries("en_attente", connection=self._connection)
            wanted = None if uuids is None else set(uuids)
            asked = [entry for entry in waiting if wanted is None or entry.uuid in wanted]
            soon = self._patience.longest_wait
            self._run(deque(entry.uuid for entry in asked if self._is_due(entry, within=soon)), progress)
            uuids = {entry.uuid for entry in asked}
            return [entry for entry in self._outbox.entries(connection=self._connection) if entry.uuid in uuids]

    def ask_all(self, progress: Progress = Progress(), *, due_only: bool = False) -> list[Entry]:
        """Ask the registry about those it has not decided on; gives the entries whose fate is news.

        ``due_only``, for asking in the background: the longer a correction has waited, the more rarely it is asked
        about (after a tenth of its age, between a minute and a day). Stops quietly when the registry is out of reach.
        """
        news = []
        sent = self._outbox.entries("envoyee", connection=self._connection)
        if due_only:
            sent = [entry for entry in sent if self._is_due(entry)]
        for index, entry in enumerate(sent):
            progress.advance(index / len(sent))
            try:
                if self._ask(entry):
                    news.append(self._outbox.get(entry.uuid))
                age = self._clock() - entry.changed_at
                self._outbox.ask_again(entry.uuid, self._clock() + min(max(age / 10, MINUTE), DAY))
            except (requests.RequestException, CartoError) as error:
                progress.check()
                progress.warn(msg("The registry does not answer about corrections: {cause}", cause=_cause(error)))
                break
        return news

    def look(self, correction: Correction) -> Conflict | None:
        """Whether the service has changed since it was read, without sending anything.

        Raises `CannotSend`, `core.http.Refused`.
        """
        with _plain_errors():
            return self._conflict(correction)

    def service(self, service_id: str) -> dict[str, Any] | None:
        """A service as the registry has it now (a GeoJSON feature), None when it does not. Raises as `look` does."""
        with _plain_errors():
            return self._service(service_id).feature

    # -- one run ------------------------------------------------------------------------------------------------------

    def _run(self, queue: deque[str], progress: Progress) -> None:
        total, failures = max(len(queue), 1), 0
        while queue:
            progress.advance(1 - len(queue) / total)
            uuid = queue.popleft()
            try:
                outcome = self._send(self._outbox.get(uuid))
            except UnknownCorrection:  # the user has withdrawn it meanwhile
                continue
            if outcome is Outcome.STOP:
                break
            if outcome is Outcome.CHANGED:
                queue.append(uuid)
                continue
            if outcome is Outcome.DONE:
                failures = 0
                continue
            queue.append(uuid)
            failures += 1
            pause = self._outbox.get(uuid).next_try - self._clock()
            if failures >= self._patience.failures or pause > self._patience.longest_wait:
                progress.warn(msg("The registry does not answer; what is left will be sent later."))
                break
            self._wait(pause, progress)

    def _wait(self, seconds: float, progress: Progress) -> None:
        """Sleep, awake to a cancel. The whole line waits: a registry in trouble is not pressed from behind."""
        while seconds > 0:  # counted here: the clock may be set while we sleep
            progress.check()
            self._sleep(min(seconds, 0.2))
            seconds -= 0.2

    def _is_due(self, entry: Entry, within: float = 0.0) -> bool:
        """Whether its turn comes within so many seconds. One beyond all waits was noted by a wrong clock."""
        wait = entry.next_try - self._clock()
        return wait <= within or wait > 2 * DAY

    # -- one correction -----------------------------------------------------------------------------------------------

    def _send(self, entry: Entry) -> Outcome:
        if entry.state != "en_attente":  # the user has made it a draft again
            return Outcome.DONE
        try:
            if entry.outcome_unknown:
                outcome = self._settle(entry)
                if outcome is not None:
                    return outcome
            conflict = self._conflict(entry.correction)
        except Cancelled:
            raise
        except (CannotSend, Refused) as error:
            return self._later(entry, error.message, outcome_unknown=entry.outcome_unknown, outcome=Outcome.STOP)
        except (requests.RequestException, CartoError) as error:
            return self._later(entry, _cause(error), outcome_unknown=entry.outcome_unknown)
        if not conflict:
            return self._post(entry)
        if not self._outbox.is_as(entry):
            return Outcome.CHANGED
        self._outbox.conflict(entry.uuid, conflict.reason, conflict.theirs)
        return Outcome.DONE

    def _settle(self, entry: Entry) -> Outcome | None:
        """Find out what an attempt without answer came to; None when the registry surely does not have it."""
        found = self._find(entry.uuid)
        if found.feature is not None:
            self._outbox.sent(entry.uuid, found.address)
            return Outcome.DONE
        if found.known and entry.attempts < MOST_ATTEMPTS:
            return None
        if found.known:
            reason = msg("The registry failed on it {count} times and does not have it.", count=entry.attempts)
            self._outbox.failed(entry.uuid, reason)
            return Outcome.DONE
        reason = msg(
            "It cannot be known whether the registry received this; ask it, then choose “send again” or “withdraw”."
        )
        self._outbox.failed(entry.uuid, reason, outcome_unknown=True)
        return Outcome.DONE

    def _post(self, entry: Entry) -> Outcome:
        body = to_send(entry.correction)
        headers = {"Content-Type": "application/geo+json", "Idempotency-Key": entry.uuid, "Accept": "application/json"}
        if not self._outbox.leaving(entry):
            return Outcome.CHANGED
        try:
            response = self._exchange("POST", self._items("corrections"), data=body, headers=headers)
        except requests.RequestException as error:
            return self._later(entry, _cause(error), outcome_unknown=True)
        except Cancelled:
            raise
        except CartoError as error:
            return self._later(entry, error.message, outcome_unknown=True, outcome=Outcome.STOP)
        with response:
            return self._heed(entry, response)

    def _heed(self, entry: Entry, response: requests.Response) -> Outcome:
        """Write down what the answer to a `POST` means."""
        status = response.status_code
        location = self._location(response)
        if status == 201 and location:
            self._outbox.sent(entry.uuid, location)
            return Outcome.DONE
        if status in _PASSING or status >= 500:
            wait = asked_pause(response)
            reason = msg("The registry is not able to take it now (error {status}).", status=status)
            unknown = entry.outcome_unknown or status not in _NOT_PROCESSED
            return self._later(entry, reason, outcome_unknown=unknown, wait=wait)
        if 200 <= status < 400:
            reason = msg("The registry did not say that it took it (answer {status}).", status=status)
            return self._later(entry, reason, outcome_unknown=True)
        if status in (409, 412):
            return self._clash(entry)
        refusal = refusal_of(response)
        if refusal.stops:
            unknown = entry.outcome_unknown
            return self._later(entry, refusal.reason, outcome_unknown=unknown, outcome=Outcome.STOP)
        self._outbox.failed(entry.uuid, refusal.reason, refusal.field_reasons)
        return Outcome.DONE

    def _location(self, response: requests.Response) -> str:
        """The address of the new item; empty when the registry gives none, or one that is not its own."""
        try:
            location = absolute(response.url, response.headers.get("Location") or "")
        except Refused:
            return ""
        location = self._own.off(location)
        return location if response.headers.get("Location") and same_origin(location, self._base_url) else ""

    def _clash(self, entry: Entry) -> Outcome:
        """409 or 412: the registry has this very correction already, or the service is not what it was."""
        try:
            found = self._find(entry.uuid)
            if found.feature is not None:
                self._outbox.sent(entry.uuid, found.address)
                return Outcome.DONE
            theirs = self._service(entry.correction.service_id).feature
        except Cancelled:
            raise
        except (requests.RequestException, CartoError) as error:
            return self._later(entry, _cause(error), outcome_unknown=True)
        self._outbox.conflict(entry.uuid, msg("The registry says that the service has changed meanwhile."), theirs)
        return Outcome.DONE

    def _later(
        self,
        entry: Entry,
        reason: Message,
        *,
        outcome_unknown: bool,
        wait: float | None = None,
        outcome: Outcome = Outcome.LATER,
    ) -> Outcome:
        now = self._outbox.get(entry.uuid)
        if now.state != "en_attente":  # the user has made it a draft again
            return Outcome.DONE
        pause = self._back_off(now.attempts) if wait is None else min(wait, DAY)
        self._outbox.later(entry.uuid, reason, self._clock() + pause, outcome_unknown=outcome_unknown)
        return outcome

    def _back_off(self, attempts: int) -> float:
        """Doubling waits, each drawn between half of it and the whole, so that clients do not come back together."""
        return backoff(attempts + 1, self._first_wait, LONGEST_WAIT, self._chance)

    # -- what the registry has ----------------------------------------------------------------------------------------

    def _ask(self, entry: Entry) -> bool:
        found = self._find(entry.uuid)
        feature = found.feature
        if feature is None and entry.correction.ref_serveur:
            feature = self._read(entry.correction.ref_serveur)
            feature = feature if _property(feature, "uuid") == entry.uuid else None
        if feature is None:
            lost = msg("The registry does not show it any more: ask it why.")
            return found.known and self._outbox.answered(entry.uuid, "envoyee", lost)
        state, words = _property(feature, "etat"), _property(feature, "motif")
        answer = state if state in _DECIDED else "envoyee"
        return self._outbox.answered(entry.uuid, answer, _said(words) if words else None)

    def _find(self, uuid: str) -> _Found:
        """Ask for the correction by its uuid."""
        return self._sure(self._look_up("corrections", "uuid", uuid))

    @staticmethod
    def _sure(found: _Found) -> _Found:
        """No item of that name says nothing where items are named otherwise than by the identifier."""
        return found if found.feature or found.by_filter else _Found(False)

    def _conflict(self, correction: Correction) -> Conflict | None:
        if not correction.service_id:
            return None
        found = self._service(correction.service_id)
        return conflict_of(correction, found.feature) if found.known else None

    def _service(self, service_id: str) -> _Found:
        """The service as the registry has it now. Not known when the registry publishes no services."""
        return self._sure(self._look_up(self._services, "id", service_id))

    def _look_up(self, collection: str, key: str, value: str) -> _Found:
        """An item by a property, or by its name where the server does not filter by that property."""
        document = self._read(self._items(collection), **{key: value, "limit": "2"})
        features = _features(document)
        for feature in features or ():
            if _property(feature, key) == value:
                return _Found(True, feature, self._item(collection, feature.get("id", value)), by_filter=True)
        if features == [] and _matched(document) == 0:
            return _Found(True, by_filter=True)
        address = self._item(collection, value)
        feature = self._read(address)
        if _property(feature, key) == value:
            return _Found(True, feature, address)
        return _Found(features is not None)

    def _read(self, url: str, **params: str) -> Any:
        """JSON of an address, None when the server has nothing there or does not understand what is asked.

        Raises `CannotSend` when access is denied; other answers are passing failures (`requests.HTTPError`).
        """
        headers = {"Accept": "application/geo+json, application/json"}
        with self._exchange("GET", url, params=params or None, headers=headers) as response:
            if response.status_code in (400, 404, 410):
                return None
            if response.status_code in (401, 403):
                denied = refusal_of(response).reason
                raise CannotSend(denied.template, **denied.values)
            if response.status_code != 200:
                raise requests.HTTPError(f"HTTP {response.status_code}", response=response)
            return read_json(response, ANSWER_LIMIT)

    def _exchange(self, method: str, url: str, **options: Any) -> requests.Response:
        url = self._own.on(url)
        return exchange(self._session, method, url, base_url=self._base_url, timeout=self._timeout, **options)

    def _items(self, collection: str) -> str:
        return f"{self._base_url}/collections/{collection}/items"

    def _item(self, collection: str, item: Any) -> str:
        return f"{self._items(collection)}/{quote(str(item), safe='')}"


def _base_and_services(url: str) -> tuple[str, str]:
    """The API's root and the name of the collection of services, from a connection's address (root or collection)."""
    address = url.split("?")[0].split("#")[0].rstrip("/")
    found = re.fullmatch(r"(.+)/collections/([^/]+)(?:/items)?", address)
    return (found[1], found[2]) if found else (address, "services")


def _features(document: Any) -> list[dict[str, Any]] | None:
    features = document.get("features") if isinstance(document, dict) else None
    return [feature for feature in features if isinstance(feature, dict)] if isinstance(features, list) else None


def _matched(document: Any) -> int | None:
    """How many items the server says match; a list given without that number is taken at its length."""
    return document.get("numberMatched", len(document["features"]))


def _property(feature: Any, name: str) -> str:
    """A property as text. Servers that keep their key out of the properties give it as the feature's id."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return ""
    properties = feature.get("properties")
    value = properties.get(name) if isinstance(properties, dict) else None
    if value is None and name in ("uuid", "id"):
        value = feature.get("id")
    return "" if value is None else str(value)


def _said(words: str) -> Message:
    return msg("{words}", words=words)


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except requests.RequestException as error:
        cause = _cause(error)
        raise CannotSend(cause.template, **cause.values) from error


def _cause(error: Exception) -> Message:
    """Why there was no usable answer, without the addresses and bodies that libraries put in their texts."""
    if isinstance(error, CartoError):
        return error.message
    if isinstance(error, requests.Timeout):
        return msg("The registry did not answer in time.")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        url, status = shown_url(error.response.url), error.response.status_code
        return msg("{url} answered with error {status}.", url=url, status=status)
    return msg("The registry is out of reach.")
