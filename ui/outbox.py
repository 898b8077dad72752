"""The user's outbox as the screen sees it: says when it changes, talks to the registries in the background."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..core.corrections import Correction, Entry, Sender
from ..core.messages import Message
from ..core.registry import Connection
from ..i18n import counted, tr
from ..processing import settings
from ..processing.base import FeedbackProgress
from ..processing.connections import find_connection
from ..processing.outbox import log_sent, user_outbox
from ..processing.transport import open_session
from .background import in_background
from .correction_words import in_words

SETTINGS = "carto_services_publics/corrections"
NAMES = f"{SETTINGS}/names"
Work = Callable[[Sender, "_Recorder"], Any]


@lru_cache(maxsize=1)
def desk() -> OutboxDesk:
    """The one desk of this QGIS."""
    return OutboxDesk()


class OutboxDesk(QObject):
    """Where the interface leaves corrections. One sending at a time a registry; what comes meanwhile follows."""

    changed = pyqtSignal()
    """The outbox is not what it was."""
    said = pyqtSignal(str)
    """What came of sending or asking, for the user."""

    def __init__(self) -> None:
        super().__init__()
        self._sending: set[str] = set()
        self._send_again: set[str] = set()

    # -- keeping ------------------------------------------------------------------------------------------------------

    def add(self, correction: Correction, connection: str, name: str = "", *, draft: bool = False) -> None:
        """Keep a correction for the registry of that connection (name or address). Raises `OutboxError`."""
        url = find_connection(connection).url
        user_outbox().add(correction, url, draft=draft)
        if name:
            QgsSettings().setValue(f"{NAMES}/{correction.uuid}", name)
        self._kept(url, draft)

    def replace(self, correction: Correction, *, draft: bool = False) -> None:
        """Keep the new wording of a correction that has not left. Raises `OutboxError`."""
        user_outbox().replace(correction, draft=draft)
        self._kept(user_outbox().get(correction.uuid).connection, draft)

    def withdraw(self, *uuids: str) -> None:
        """Forget corrections. Raises `OutboxError`."""
        user_outbox().withdraw(*uuids)
        kept = QgsSettings()
        for uuid in uuids:
            kept.remove(f"{NAMES}/{uuid}")
        self.changed.emit()

    def handed_over(self, uuids: tuple[str, ...]) -> None:
        """The user gave these to their producer. Raises `OutboxError`."""
        user_outbox().handed_over(uuids)
        self.changed.emit()

    # -- registries ---------------------------------------------------------------------------------------------------

    def send(self, url: str) -> None:
        """Send what waits for a registry that takes corrections over the network; nothing for others."""
        connection = find_connection(url)
        if connection.kind != "ogcapi":
            return
        if url in self._sending:
            self._send_again.add(url)
            return
        self._sending.add(url)
        task = exchange(tr("Sending corrections"), connection, _send, self._was_sent, self.said.emit, self)
        for ended in (task.taskCompleted, task.taskTerminated):
            ended.connect(partial(self._sending_ended, url))

    def send_now(self) -> None:
        """The user asks: send what waits, also what was to be tried again later only. Raises `OutboxError`."""
        user_outbox().try_now()
        for url in user_outbox().connections("en_attente"):
            self.send(url)

    def ask(self, *, due_only: bool = False) -> None:
        """Ask what became of what was sent; ``due_only``: in the background, and without a word when nothing is new."""
        work = partial(_ask, due_only=due_only)
        said = self._was_updated if due_only else self._was_answered
        failed = _ignore if due_only else self.said.emit
        for url in user_outbox().connections("envoyee"):
            connection = find_connection(url)
            if connection.kind == "ogcapi":
                exchange(tr("Asking for answers"), connection, work, said, failed, self)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _kept(self, url: str, draft: bool) -> None:
        self.changed.emit()
        if not draft and sends_at_once():
            self.send(url)

    def _was_sent(self, answer: tuple[list[Entry], list[Message]]) -> None:
        entries, warnings = answer
        states = Counter(entry.state for entry in entries)
        words = [
            (states["envoyee"], tr("{count} sent")),
            (states["en_attente"], tr("{count} will be tried again")),
            (states["conflit"], tr("{count} changed meanwhile")),
            (states["erreur"], tr("{count} refused")),
        ]
        sentence = ", ".join(counted(text, count) for count, text in words if count)
        reasons = [entry.reason for entry in entries if entry.reason] or warnings
        self._say([f"{sentence}."] if sentence else [], reasons)

    def _was_answered(self, answer: tuple[list[Entry], list[Message]]) -> None:
        news, warnings = answer
        said = counted(tr("{count} new answer.|{count} new answers."), len(news)) if news else tr("No new answer.")
        self._say([said], warnings)

    def _was_updated(self, answer: tuple[list[Entry], list[Message]]) -> None:
        if answer[0]:
            self._was_answered(answer)

    def _say(self, sentences: list[str], reasons: list[Message]) -> None:
        self.changed.emit()
        self.said.emit("\n".join([*sentences, *map(in_words, reasons[:1])]))

    def _sending_ended(self, url: str) -> None:
        self._sending.discard(url)
        self.changed.emit()
        if url in self._send_again:
            self._send_again.discard(url)
            self.send(url)


def sends_at_once() -> bool:
    """Whether a correction leaves as soon as it is proposed, rather than when the user says so."""
    return settings.SEND_AT_ONCE.value()


def kept_name(uuid: str) -> str:
    """What the service of a correction was called when the form was filled in."""
    return str(QgsSettings().value(f"{NAMES}/{uuid}", ""))


def exchange(title: str, connection: Connection, work: Work, done: Callable, failed: Callable, owner: QObject):
    """Run ``work(sender, progress)`` in the background; see `in_background`."""

    def run(feedback: QgsProcessingFeedback) -> Any:
        session = open_session(connection.url, connection.authcfg, feedback)
        return work(Sender(session, connection, user_outbox()), _Recorder(feedback))

    return in_background(title, run, done, failed, owner)


class _Recorder(FeedbackProgress):
    """Remembers what it was warned of."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        super().__init__(feedback)
        self.warnings: list[Message] = []

    def warn(self, message: Message) -> None:
        self.warnings.append(message)
        super().warn(message)


def _send(sender: Sender, progress: _Recorder) -> tuple[list[Entry], list[Message]]:
    entries = sender.send_all(progress=progress)
    log_sent(entries)
    return entries, progress.warnings


def _ask(sender: Sender, progress: _Recorder, *, due_only: bool) -> tuple[list[Entry], list[Message]]:
    return sender.ask_all(progress, due_only=due_only), progress.warnings


def _ignore(_sentence: str) -> None:
    """Nobody asked: being offline is no news."""
