"""The registry's side of a correction: what came in, against the record as it is now, and what is decided of it.

Whoever may change a correction at the registry may decide: that is asked by a change of nothing (`PATCH` with an empty
`modify`), or, where items are changed as a whole only (pygeoapi), by whether `PUT` is among the server's methods. A
decision is written only while nobody else has decided and, when it accepts, while what the correction speaks of is
still what its author read; what the registry holds afterwards is read back, and that is the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple

import requests

from ..errors import Cancelled, CartoError
from ..http import Refused, absolute, same_origin
from ..messages import Message, msg
from ..progress import Progress
from ..services import SERVICE_COLUMNS, Service
from ..versions import feature_version, normalised
from .answers import refusal_of
from .conflicts import Conflict, ThreeWays, current_value, three_ways
from .items import DECIDED, CannotSend, Items, features_of, matched_of, plain_errors, text_of
from .model import POSITION, Correction, NotACorrection, from_feature, place_of, point_of, properties_of, same_value

PAGE = 200
_NOT_IN_PART = (405, 501)
"""Answers of servers that change items as a whole only."""
MOST_INCOMING = 2000
"""Corrections read at once; those beyond are counted, and come when the first are decided."""


class Verdict(Enum):
    """What a moderator may say; the value is the state that the registry then gives it."""

    ACCEPT = "acceptee"
    REFUSE = "rejetee"
    ASK = "envoyee"
    """It stays undecided; its author reads the question."""


class Received(NamedTuple):
    """A correction at the registry and the address of its item."""

    correction: Correction
    address: str


class Incoming(NamedTuple):
    """What waits for a decision; ``unreadable``: items that are no correction; ``beyond``: not read this time."""

    received: list[Received]
    unreadable: int = 0
    beyond: int = 0


class Sight(NamedTuple):
    """A correction against the service as it is now.

    Attributes:
        theirs: GeoJSON feature; None for a creation, and where the registry does not have it.
        proposed: the service as it would be.
        ways: a line for each field that the correction speaks of.
        conflict: why it cannot be accepted as it is.
    """

    theirs: dict[str, Any] | None
    proposed: Service
    ways: list[ThreeWays]
    conflict: Conflict | None


class Ruling(NamedTuple):
    """What came of a decision.

    Attributes:
        state: of the correction at the registry; empty where it is gone.
        done: whether it is what was decided.
        reason: why not, or what the registry says.
        applied: of an accepted change, whether the service shows it; None where that cannot be said.
    """

    state: str
    done: bool
    reason: Message | None = None
    applied: bool | None = None


class WithoutReason(CartoError):
    """A refusal or a question without a word."""


class Moderator(Items):
    """Decides on the corrections of one registry. ``words`` puts reasons that authors read into their language."""

    def __init__(
        self, session: requests.Session, connection: Any, *, words: Callable[[Message], str] = str, **options: Any
    ) -> None:
        super().__init__(session, connection, **options)
        self._words = words

    def may_decide(self) -> bool | None:
        """Whether this account may change the state of corrections; None where none waits, on which to find out.

        A registry that has no corrections, or does not answer, lets nobody decide. Nothing is changed.
        """
        try:
            found = features_of(self._read(self._items("corrections"), etat="envoyee", limit="1"))
            if not found:
                return None if found == [] else False
            address = self._item("corrections", found[0].get("id", ""))
            with self._write("PATCH", address, {"modify": {}}) as response:
                status = response.status_code
            return self._takes_whole(address) if status in _NOT_IN_PART else 200 <= status < 300
        except Cancelled:
            raise
        except (requests.RequestException, CartoError):
            return False

    def incoming(self, progress: Progress = Progress()) -> Incoming:
        """The corrections that wait for a decision, the first to come first. Raises `CannotSend`."""
        received: list[Received] = []
        unreadable = matched = read = 0
        address, params = self._items("corrections"), {"etat": "envoyee", "limit": str(PAGE)}
        with plain_errors():
            while address and read < MOST_INCOMING:
                document = self._read(address, **params)
                features = features_of(document)
                if features is None:
                    raise CannotSend("The registry does not list the corrections that wait.")
                matched = max(matched, (matched_of(document) or 0) if features else 0)
                read += len(features)
                for feature in features:
                    one = self._received(feature)
                    unreadable += one is None
                    received += [one] if one is not None and one.correction.etat == "envoyee" else []
                progress.advance(min(read / max(matched, 1), 1.0))
                address, params = (self._next(document, address) if features else ""), {}
        # A server that does not count has one more at least behind a page that it still names.
        return Incoming(received, unreadable, max(matched - read, 1 if address else 0))

    def sight(self, received: Received) -> Sight:
        """What there is to be seen before deciding. Raises `CannotSend`."""
        with plain_errors():
            return self._sight(received.correction)

    def decide(self, received: Received, verdict: Verdict, reason: str = "") -> Ruling:
        """Write a decision, unless somebody was faster or the service has changed.

        A correction that the service has left behind becomes `conflit`, with what changed for its author to read.
        Raises `WithoutReason`, `CannotSend`.
        """
        reason = reason.strip()
        if verdict is not Verdict.ACCEPT and not reason:
            raise WithoutReason("Say why: the author of the correction reads it.")
        with plain_errors():
            return self._decide(received, verdict, reason)

    def decide_all(
        self, received: Iterable[Received], verdict: Verdict, reason: str = "", progress: Progress = Progress()
    ) -> list[tuple[Received, Ruling]]:
        """The same decision on several, each with its own outcome, until one cannot be reached: the rest is not tried.

        What was decided before a cancel stays. Raises `WithoutReason`, `Cancelled`.
        """
        chosen, answers = list(received), []
        for number, one in enumerate(chosen):
            progress.advance(number / len(chosen))
            try:
                answers.append((one, self.decide(one, verdict, reason)))
            except (CannotSend, Refused) as error:
                answers.append((one, Ruling(one.correction.etat, False, error.message)))
                break
        return answers

    # -- reading ------------------------------------------------------------------------------------------------------

    def _received(self, feature: dict[str, Any]) -> Received | None:
        try:
            correction = from_feature({**feature, "id": text_of(feature, "uuid")})
        except NotACorrection:
            return None
        return Received(correction, self._item("corrections", feature.get("id", correction.uuid)))

    def _next(self, document: Any, address: str) -> str:
        links = document.get("links") if isinstance(document, dict) else None
        found = [one for one in links or () if isinstance(one, dict) and one.get("rel") == "next" and one.get("href")]
        found.sort(key=lambda link: "json" not in str(link.get("type", "json")))
        following = absolute(address, str(found[0]["href"])) if found else ""
        return following if following and following != address and same_origin(following, self._base_url) else ""

    def _sight(self, correction: Correction) -> Sight:
        theirs = self._service(correction.service_id).feature if correction.service_id else None
        ways = three_ways(correction, theirs or {})
        return Sight(theirs, proposed_service(correction, theirs), ways, self._hindrance(correction))

    def _hindrance(self, correction: Correction) -> Conflict | None:
        if correction.type == "creation":
            return None
        conflict = self._conflict(correction)
        if conflict is None and correction.type == "doublon":
            other = self._service(correction.duplicate_of)
            if other.known and other.feature is None:
                return Conflict(msg("The registry does not have the service that this would be a duplicate of."), None)
        return conflict

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _decide(self, received: Received, verdict: Verdict, reason: str) -> Ruling:
        now = self._as_it_is(received)
        if now is None:
            return Ruling("", False, msg("The registry does not show this correction any more."))
        if now.etat != "envoyee":
            return Ruling(now.etat, False, msg("Somebody has decided on it meanwhile."))
        if not _same_proposal(now, received.correction):
            return Ruling(now.etat, False, msg("It is not what was shown any more: read the list again."))
        state, conflict = verdict.value, None
        if verdict is Verdict.ACCEPT:
            conflict = self._hindrance(received.correction)
            if conflict is not None:
                state, reason = "conflit", self._words(conflict.reason)
        change = {"motif": reason} if verdict is Verdict.ASK else {"etat": state, "motif": reason or None}
        with self._change(received.address, change) as response:
            refused = None if 200 <= response.status_code < 300 else refusal_of(response).reason
        return self._outcome(received, verdict, reason, refused)

    def _outcome(self, received: Received, verdict: Verdict, reason: str, refused: Message | None) -> Ruling:
        """What the registry holds after the attempt, whatever it answered to it."""
        after = self._as_it_is(received)
        if after is None:
            return Ruling("", False, refused or msg("The registry does not show this correction any more."))
        if after.etat == "conflit":
            return Ruling(after.etat, False, msg("{words}", words=after.motif))
        done = after.etat == verdict.value and (verdict is Verdict.ACCEPT or after.motif == reason)
        if not done:
            ours = after.etat not in DECIDED
            meanwhile = msg("Somebody has decided on it meanwhile.")
            return Ruling(after.etat, False, (refused or msg("The registry did not take it.")) if ours else meanwhile)
        applied = self._applied(received.correction) if verdict is Verdict.ACCEPT else None
        return Ruling(after.etat, True, None, applied)

    def _as_it_is(self, received: Received) -> Correction | None:
        """The correction as the registry has it now; None where the address shows it no more."""
        feature = self._read(received.address)
        if text_of(feature, "uuid") != received.correction.uuid:
            return None
        found = self._received(feature)
        return found.correction if found else None

    def _change(self, address: str, change: dict[str, Any]) -> requests.Response:
        """Change some properties of a correction that waits: in part, else as a whole, as pygeoapi does it."""
        response = self._write("PATCH", address, {"modify": change})
        if response.status_code not in _NOT_IN_PART or not self._takes_whole(address):
            return response
        feature = self._read(address)
        if text_of(feature, "etat") != "envoyee":
            return response
        response.close()
        whole = {name: feature.get(name) for name in ("type", "id", "geometry")}
        return self._write("PUT", address, {**whole, "properties": {**feature["properties"], **change}})

    def _takes_whole(self, address: str) -> bool:
        """Whether the server says that items may be replaced (`PUT`); asked without changing one."""
        with self._exchange("OPTIONS", address) as response:
            methods = response.headers.get("Allow", "").upper().replace(" ", "").split(",")
            return 200 <= response.status_code < 300 and "PUT" in methods

    def _write(self, method: str, address: str, content: dict[str, Any]) -> requests.Response:
        # ASCII: some servers count a body's characters and not its bytes.
        body = json.dumps(content, ensure_ascii=True).encode("ascii")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self._exchange(method, address, data=body, headers=headers)

    def _applied(self, correction: Correction) -> bool | None:
        if not (correction.service_id and correction.changes):
            return None
        found = self._service(correction.service_id)
        if found.feature is None:
            return None
        theirs = found.feature
        return all(
            same_value(name, current_value(theirs, name), change.new) for name, change in correction.changes.items()
        )


def proposed_service(correction: Correction, theirs: dict[str, Any] | None) -> Service:
    """The service as it would be once the correction is accepted; of a creation, what is said of it."""
    given = {name: change.new for name, change in correction.changes.items() if name != POSITION}
    values = normalised({**properties_of(theirs or {}), **given})
    texts = {name: text for name, text in values.items() if name in SERVICE_COLUMNS and name != "id"}
    own = None if correction.lon is None or correction.lat is None else [correction.lon, correction.lat]
    theirs_at = point_of(theirs or {})
    # What a correction of fields has as geometry is where its author read the service.
    places = (own, theirs_at) if _speaks_of_place(correction) else (theirs_at, own)
    lon, lat = places[0] or places[1] or (None, None)
    service = Service(correction.service_id or correction.uuid, texts.pop("nom", ""), texts.pop("categorie", ""))
    return replace(service, **texts, lon=lon, lat=lat)


def present_service(theirs: dict[str, Any]) -> Service:
    """The service of a GeoJSON feature as it is."""
    identifier = text_of(theirs, "id")
    shown = proposed_service(Correction("", "alerte", identifier), theirs)
    return replace(shown, version=feature_version(theirs))


def moves(correction: Correction, theirs: dict[str, Any] | None) -> bool:
    """Whether it puts the service elsewhere than where it is."""
    proposed = place_of(proposed_service(correction, theirs))
    return theirs is not None and not same_value(POSITION, place_of(present_service(theirs)), proposed)


def _speaks_of_place(correction: Correction) -> bool:
    return POSITION in correction.changes or correction.type in ("creation", "deplacement")


def _same_proposal(one: Correction, other: Correction) -> bool:
    """Whether both propose the same: what authors may not change once it was sent."""
    return all(
        getattr(one, name) == getattr(other, name) for name in ("uuid", "type", "service_id", "duplicate_of", "changes")
    )
