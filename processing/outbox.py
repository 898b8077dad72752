"""The user's outbox: one file in the QGIS profile, shared by the panel and the algorithms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ..core.corrections import Entry, Outbox
from ..i18n import tr, translate_message
from . import log
from .connections import data_folder


def outbox_path() -> Path:
    """Where the corrections are kept."""
    return data_folder() / "corrections.sqlite"


def user_outbox() -> Outbox:
    """The open outbox, the same object each time. Raises `OutboxError` when it cannot be read."""
    return _opened(outbox_path())


def log_sent(entries: Iterable[Entry]) -> None:
    """Log what became of corrections that were to be sent."""
    for entry in entries:
        write = {"erreur": log.failed, "conflit": log.warned, "en_attente": log.warned}.get(entry.state, log.done)
        words = tr("Correction {uuid}: {state}").format(uuid=entry.uuid, state=entry.state)
        write(f"{words} – {translate_message(entry.reason)}" if entry.reason else words)


@lru_cache(maxsize=2)
def _opened(path: Path) -> Outbox:
    return Outbox(path)
