"""Sends corrections to a registry that takes them (kind `ogcapi`), and asks what became of them.

For each correction: ask whether it arrived when an earlier attempt ended without an answer; see whether the service has
changed since it was read; mark it as leaving; `POST`; write down what the server said. Only a 201 that names the new
item, or the item itself read back, makes it `envoyee`.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

import requests

from ..errors import Cancelled, CartoError
from ..http import TIMEOUT, Refused, asked_pause
from ..messages import Message, msg
from ..pacing import backoff
from ..progress import Progress
from .answers import refusal_of
from .conflicts import Conflict
from .items import DECIDED, CannotSend, Items, Target, cause_of, plain_errors, text_of
from .model import Correction, to_send
from .outbox import Entry, Outbox, UnknownCorrection

FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0
MOST_ATTEMPTS = 12
"""After so many attempts without the registry's word, one that it surely does not have is shown to the user."""

MINUTE, DAY = 60.0, 86_400.0

_PASSING = {408, 425, 429}
_NOT_PROCESSED = {425, 429}


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


class Sender(Items):
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
        super().__init__(session, connection, timeout=timeout)
        self._outbox, self._connection = outbox, connection.url
        self._first_wait, self._patience = first_wait, patience
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
                progress.warn(msg("The registry does not answer about corrections: {cause}", cause=cause_of(error)))
                break
        return news

    def look(self, correction: Correction) -> Conflict | None:
        """Whether the service has changed since it was read, without sending anything.

        Raises `CannotSend`, `core.http.Refused`.
        """
        with plain_errors():
            return self._conflict(correction)

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
            return self._later(entry, cause_of(error), outcome_unknown=entry.outcome_unknown)
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
            return self._later(entry, cause_of(error), outcome_unknown=True)
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
            return self._later(entry, cause_of(error), outcome_unknown=True)
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
            feature = feature if text_of(feature, "uuid") == entry.uuid else None
        if feature is None:
            lost = msg("The registry does not show it any more: ask it why.")
            return found.known and self._outbox.answered(entry.uuid, "envoyee", lost)
        state, words = text_of(feature, "etat"), text_of(feature, "motif")
        answer = state if state in DECIDED else "envoyee"
        return self._outbox.answered(entry.uuid, answer, _said(words) if words else None)


def _said(words: str) -> Message:
    return msg("{words}", words=words)
