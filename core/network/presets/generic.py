"""Any layer of lines: everything is said by the user's field mapping. Roads meet wherever they share a vertex."""

from __future__ import annotations

import numpy as np

from .rules import Fields, Rules, as_text, kind_of, role

AT_VERTICES = True

_CLASS = ("highway", "fclass", "nature", "classe", "class", "type")
FIELDS = _CLASS


def recognises(names: set[str]) -> bool:
    """Never by itself: this is what is left."""
    return False


def read(fields: Fields, count: int, profile: str) -> Rules:
    """Every line is open both ways; a class, when a field looks like one, tells motorways and ferries."""
    everywhere = np.ones(count, bool)
    category = as_text(role(fields, _CLASS), count)
    return Rules(
        category=category,
        speed=np.full(count, np.nan),
        minutes=np.full(count, np.nan),
        forward=everywhere,
        backward=everywhere.copy(),
        level=np.zeros(count, np.int32),
        kind=kind_of(category),
    )
