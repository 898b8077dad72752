"""Corrections to public services: what is proposed, the outbox that never loses it, the ways to send it."""

from __future__ import annotations

from .items import Target
from .model import Change, Correction, NotACorrection, as_feature, differences, from_feature, new_correction, of_edit
from .outbox import Entry, Outbox, OutboxError
from .sender import Sender

__all__ = [
    "Change",
    "Correction",
    "Entry",
    "NotACorrection",
    "Outbox",
    "OutboxError",
    "Sender",
    "Target",
    "as_feature",
    "differences",
    "from_feature",
    "new_correction",
    "of_edit",
]
