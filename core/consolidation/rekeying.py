"""Records under other identifiers: a producer numbers its list anew, or gives an old number to another place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..matching.evidence import weigh
from ..matching.matcher import SURE, match
from ..matching.table import build_table
from ..progress import Progress
from ..services import Service
from .records import Key, content_of, key_of

_OTHER_PLACE = -6.0
"""Points below which what a key stands for has nothing left in common with what it stood for."""

_SAME_SHARE = 0.5


def renamed_producers(records: Sequence[Service], before: Mapping[Key, Service]) -> dict[str, str]:
    """Producers that nobody knew, which are one that is gone under another name: new → former.

    Many are known by the name of a layer, which is that of a file: « mairies-2026-12 » after « mairies-2026-11 ». Half
    of the records of the longer list say the same as in the other, word for word.
    """
    now, known = {one.producteur for one in records}, {producer for producer, _own in before}
    if now <= known or known <= now:
        return {}
    new, gone = _contents(records, now - known), _contents(before.values(), known - now)
    found: dict[str, str] = {}
    common = {(name, old): sum((new[name] & gone[old]).values()) for name in new for old in gone}
    for (name, old), count in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        enough = count >= _SAME_SHARE * max(sum(new[name].values()), sum(gone[old].values()))
        if enough and name not in found and old not in found.values():
            found[name] = old
    return found


def _contents(records: Iterable[Service], producers: Collection[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {producer: Counter() for producer in sorted(producers)}
    for record in records:
        if record.producteur in found:
            found[record.producteur][content_of(record)] += 1
    return found


def former_keys(
    records: Sequence[Service],
    before: Mapping[Key, Service],
    renamed: Mapping[str, str] | None = None,
    progress: Progress = Progress(),
) -> dict[Key, Key]:
    """For each record known before, the key that it had; most often its own. ``renamed``: as `renamed_producers`."""
    if not renamed:
        return _former_keys(records, before, progress)
    under_former = [replace(one, producteur=renamed.get(one.producteur, one.producteur)) for one in records]
    own = {key_of(former): key_of(one) for former, one in zip(under_former, records)}
    return {own[key]: old for key, old in _former_keys(under_former, before, progress).items()}


def _former_keys(records: Sequence[Service], before: Mapping[Key, Service], progress: Progress) -> dict[Key, Key]:
    """First what says the same, word for word; then what kept its key and is no other place; then what surely matches
    among the records of one producer that are left. ``before``: all the records ever read, as last read.
    """
    same = {key: key for key in map(key_of, records) if key in before}
    contents = {key: content_of(service) for key, service in progress.over(before.items())}
    changed = [one for one in progress.over(records) if contents.get(key_of(one)) != content_of(one)]
    settled = same.keys() - {key_of(one) for one in changed}
    left = {key: one for key, one in before.items() if key not in settled}
    found = {key: key for key in settled}
    found.update(_same_content(progress.over(changed), left, contents))
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
    changed: Iterable[Service], left: Mapping[Key, Service], contents: Mapping[Key, str]
) -> dict[Key, Key]:
    """Where several say the same, they go by the order of their keys."""
    there: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in sorted(left, reverse=True):
        there[key[0], contents[key]].append(key)
    found = {}
    said = sorted((key_of(one), content_of(one)) for one in changed)
    for key, content in said:
        same = there.get((key[0], content))
        if same:
            found[key] = same.pop()
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
