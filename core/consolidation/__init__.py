"""One referential out of many: the records of N producers as places, each with an identifier that lasts."""

from __future__ import annotations

from .bridge import BridgeNotWritten, write_bridge
from .choice import BUILT_IN, Priorities, priorities_of, priorities_of_text, read_priorities
from .consolidate import EditionReport, TooOld, consolidate, undo
from .editions import differences, editions, note, state, write_changes
from .store import DISTINCT, SAME, TABLES, NotAReferential

__all__ = [
    "BUILT_IN",
    "DISTINCT",
    "SAME",
    "TABLES",
    "BridgeNotWritten",
    "EditionReport",
    "NotAReferential",
    "Priorities",
    "TooOld",
    "consolidate",
    "differences",
    "editions",
    "note",
    "priorities_of",
    "priorities_of_text",
    "read_priorities",
    "state",
    "undo",
    "write_bridge",
    "write_changes",
]
