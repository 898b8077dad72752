"""Records under other identifiers: a producer numbers its list anew, or gives an old number to another place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from ..matching.evidence import weigh
from ..matching.matcher import SURE, match
from ..matching.table import build_table
from ..progress import Progress
from ..services import Service
from .records import Key, content_of, key_of

_OTHER_PLACE = -6.0
"""Points below which what a key stands for has nothing left in common with what it stood for."""


def former_keys(
    records: Sequence[Service], before: Mapping[Key, Service], progress: Progress = Progress()
) -> dict[Key, Key]:
    """For each record known before, the key that it had; most often its own.

    First what says the same, word for word; then what kept its key and is no other place; then what surely matches
    among the records of one producer that are left. ``before``: all the records ever read, as last read.
    """
    same = {key: key for key in map(key_of, records) if key in before}
    contents = {key: content_of(service) for key, service in before.items()}
    changed = [one for one in records if contents.get(key_of(one)) != content_of(one)]
    settled = same.keys() - {key_of(one) for one in changed}
    left = {key: one for key, one in before.items() if key not in settled}
    found = {key: key for key in settled}
    found.update(_same_content(changed, left, contents))
    used = set(found.values())
    open_records = [one for one in changed if key_of(one) not in found]
    kept = [one for one in open_records if key_of(one) in left and key_of(one) not in used]
    found.update({key: key for key in _still_the_place(kept, left, progress.part(0.0, 0.4))})
    used = set(found.values())
    open_records = [one for one in open_records if key_of(one) not in found]
    left_over = [one for key, one in sorted(left.items()) if key not in used]
    found.update(_matched(open_records, left_over, progress.part(0.4, 1.0)))
    return found


def _same_content(
    changed: Sequence[Service], left: Mapping[Key, Service], contents: Mapping[Key, str]
) -> dict[Key, Key]:
    """Where several say the same, they go by the order of their keys."""
    there: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in sorted(left, reverse=True):
        there[key[0], contents[key]].append(key)
    found = {}
    for one in sorted(changed, key=key_of):
        same = there[one.producteur, content_of(one)]
        if same:
            found[key_of(one)] = same.pop()
    return found


def _still_the_place(kept: Sequence[Service], before: Mapping[Key, Service], progress: Progress) -> list[Key]:
    """Those whose key does not stand for another place: another commune or category, and nothing else in common."""
    if not kept:
        return []
    table = build_table(([before[key_of(one)] for one in kept], kept), progress=progress)
    rows = np.arange(len(kept))
    evidence = weigh(table, rows, rows + len(kept))
    points = evidence.points - evidence.identifier  # the identifier is what is in question
    told_apart = (evidence.commune < 0) | (evidence.category <= -6.0)
    another = told_apart & (evidence.name < 0) & (points <= _OTHER_PLACE)
    return [key_of(kept[row]) for row in np.flatnonzero(~another).tolist()]


def _matched(records: Sequence[Service], left: Sequence[Service], progress: Progress) -> dict[Key, Key]:
    """The pairs of which the matching of two lists is sure, producer by producer."""
    found = {}
    for producer in sorted({one.producteur for one in records} & {one.producteur for one in left}):
        new = [one for one in records if one.producteur == producer]
        old = [one for one in left if one.producteur == producer]
        for pair in match(new, old, progress=progress).pairs:
            if pair.zone == SURE:
                found[key_of(new[pair.local])] = key_of(old[pair.reference])
    return found
