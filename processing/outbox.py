"""The user's outbox: one file in the QGIS profile, shared by the panel and the algorithms."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ..core.corrections import Outbox
from .connections import data_folder


def outbox_path() -> Path:
    """Where the corrections are kept."""
    return data_folder() / "corrections.sqlite"


def user_outbox() -> Outbox:
    """The open outbox, the same object each time. Raises `OutboxError` when it cannot be read."""
    return _opened(outbox_path())


@lru_cache(maxsize=2)
def _opened(path: Path) -> Outbox:
    return Outbox(path)
