"""Two lists of services against each other: one's own list and the referential."""

from __future__ import annotations

from .decisions import Decisions
from .mapping import COLUMNS, guess_fields, service_of
from .matcher import SURE, TO_CHECK, Alone, Matching, Pair, match
from .proposals import of_new, of_pair, proposals

__all__ = [
    "COLUMNS",
    "SURE",
    "TO_CHECK",
    "Alone",
    "Decisions",
    "Matching",
    "Pair",
    "guess_fields",
    "match",
    "of_new",
    "of_pair",
    "proposals",
    "service_of",
]
