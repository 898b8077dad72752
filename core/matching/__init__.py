"""Two lists of services against each other: one's own list and the referential."""

from __future__ import annotations

from .mapping import COLUMNS, guess_fields, service_of
from .matcher import SURE, TO_CHECK, Alone, Matching, Pair, match

__all__ = ["COLUMNS", "SURE", "TO_CHECK", "Alone", "Matching", "Pair", "guess_fields", "match", "service_of"]
