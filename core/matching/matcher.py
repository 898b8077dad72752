"""Two lists of services against each other: the same, perhaps the same, only in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..messages import Message, msg
from ..progress import Progress
from ..services import Service
from .assignment import assign
from .candidates import candidate_pairs
from .evidence import Evidence, reasons, score_of, weigh
from .table import Table, build_table

SURE, TO_CHECK = "sur", "a_verifier"

SURE_POINTS = 4.5
CHECK_POINTS = 0.0
"""Points from which a pair is sure, and from which it is worth a look."""

MARGIN = 2.0
"""Points by which a sure pair must beat the other pairs of its two rows."""

_GIVEN, _TIE = 1000.0, 1e-3
_PART = 100_000


class Pair(NamedTuple):
    """Rows that go together. ``distance`` in metres, NaN where it means nothing; ``score`` in 0..1."""

    local: int
    reference: int
    zone: str
    score: float
    distance: float
    reasons: tuple[Message, ...]


class Alone(NamedTuple):
    """A row without partner; ``resembles``: the row of the other list that another took, -1 when there is none."""

    row: int
    resembles: int
    reasons: tuple[Message, ...]


class Matching(NamedTuple):
    """What became of each row: in exactly one pair, or alone."""

    pairs: list[Pair]
    only_local: list[Alone]
    only_reference: list[Alone]


Verdicts = Mapping[tuple[int, int], bool]
"""What a person has said of pairs (local row, reference row): the same, or not."""


def match(
    local: Sequence[Service],
    reference: Sequence[Service],
    *,
    max_distance: float = 0.0,
    verdicts: Verdicts | None = None,
    progress: Progress = Progress(),
) -> Matching:
    """Pair the rows of a list with those of the reference, each once at most.

    ``max_distance``: metres within which positions may mean one place, in place of each category's own when above 0.
    ``verdicts`` hold whatever the lists say.
    """
    table = build_table((local, reference), max_distance, progress.part(0.0, 0.4))
    split, rows = len(local), len(table.category)
    said = {(x, y + split): same for (x, y), same in (verdicts or {}).items()}
    a, b = candidate_pairs(table, progress.part(0.4, 0.55))
    evidence, given = judged(table, a, b, said, progress.part(0.55, 0.85))
    choice = choose(evidence, given, rows, progress.part(0.85, 0.9))
    pairs = []
    for number, pair in enumerate(choice.pairs):
        if number % 1000 == 0:
            progress.advance(0.9 + 0.1 * number / len(choice.pairs))
        pairs.append(_pair(evidence, choice, number, split, given[pair]))
    best = _best_partner(evidence, choice.points, rows)
    best[best >= split] -= split
    paired = np.zeros(rows, dtype=bool)
    paired[evidence.local[choice.pairs]] = paired[evidence.reference[choice.pairs]] = True
    alone = np.flatnonzero(~paired)
    return Matching(
        pairs,
        [_alone(row, int(best[row])) for row in alone[alone < split].tolist()],
        [_alone(row - split, int(best[row])) for row in alone[alone >= split].tolist()],
    )


class Choice(NamedTuple):
    """Of the pairs of an `Evidence`, those that go together, each row once at most.

    Attributes:
        points: (p,) of all pairs, those that a person gave above all others.
        pairs: (c,) the chosen, ascending.
        sure, clear: (c,) whether they are sure, and whether they beat the others of their rows.
        by_copies: (c,) whether they beat them only because some of them are copies of the chosen partner.
    """

    points: np.ndarray
    pairs: np.ndarray
    sure: np.ndarray
    clear: np.ndarray
    by_copies: np.ndarray


def choose(
    evidence: Evidence,
    given: np.ndarray,
    rows: int,
    progress: Progress = Progress(),
    group: np.ndarray | None = None,
) -> Choice:
    """Who goes with whom.

    ``given``: (p,) pairs that a person has said are one; ``rows``: number of rows of the table; ``group``: (rows,) the
    same number for copies of one place in one list, which are no rivals of each other.
    """
    points = np.where(given, _GIVEN, evidence.points)
    chosen = assign(evidence.local, evidence.reference, points - CHECK_POINTS + _TIE, progress)
    each = np.arange(rows)
    clear = by_itself = _lead(evidence, points, chosen, each) >= MARGIN
    if group is not None:
        clear = _lead(evidence, points, chosen, group) >= MARGIN
    doubtful = evidence.set_apart[chosen] & (evidence.identifier[chosen] == 0)
    sure = given[chosen] | ((points[chosen] >= SURE_POINTS) & clear & ~doubtful)
    return Choice(points, chosen, sure, clear, clear & ~by_itself)


def judged(
    table: Table, a: np.ndarray, b: np.ndarray, verdicts: Verdicts, progress: Progress
) -> tuple[Evidence, np.ndarray]:
    """The evidence on the pairs worth a look, and which of them a person has given; refused ones are left out.

    ``a``, ``b`` and the keys of ``verdicts`` are rows of the table.
    """
    rows = len(table.category)
    said = {same: [x * rows + y for (x, y), s in verdicts.items() if s is same] for same in (True, False)}
    pairs = np.union1d(a * rows + b, np.array(said[True], dtype=np.int64))
    pairs = np.setdiff1d(pairs, np.array(said[False], dtype=np.int64), assume_unique=True)
    parts = []
    for start in range(0, max(len(pairs), 1), _PART):
        progress.advance(start / max(len(pairs), 1))
        part = pairs[start : start + _PART]
        evidence = weigh(table, part // rows, part % rows)
        given = np.isin(part, said[True])
        kept = given | (evidence.points >= CHECK_POINTS)
        parts.append((evidence.take(kept), given[kept]))
    evidence = Evidence(*(np.concatenate(values) for values in zip(*(evidence for evidence, _given in parts))))
    return evidence, np.concatenate([given for _evidence, given in parts])


def _lead(evidence: Evidence, points: np.ndarray, chosen: np.ndarray, group: np.ndarray) -> np.ndarray:
    """By how many points each chosen pair beats the best other pair of its rows.

    A pair whose other row has a much better partner is no rival, nor is a copy (``group``) of the chosen partner.
    """
    rows = len(group)
    own = np.full(rows, -np.inf)
    own[evidence.local[chosen]] = own[evidence.reference[chosen]] = points[chosen]
    with_group = np.full(rows, -1)
    with_group[evidence.local[chosen]] = group[evidence.reference[chosen]]
    with_group[evidence.reference[chosen]] = group[evidence.local[chosen]]
    other = np.ones(len(points), dtype=bool)
    other[chosen] = False
    rival = np.full(rows, -np.inf)
    for row, partner in ((evidence.local, evidence.reference), (evidence.reference, evidence.local)):
        counts = other & (own[partner] < points + MARGIN) & (group[partner] != with_group[row])
        np.maximum.at(rival, row[counts], points[counts])
    return points[chosen] - np.maximum(rival[evidence.local[chosen]], rival[evidence.reference[chosen]])


def _best_partner(evidence: Evidence, points: np.ndarray, rows: int) -> np.ndarray:
    """(rows,) the row of the other list that each resembles most, -1 where it resembles none."""
    best = np.full(rows, -1, dtype=np.int64)
    order = np.argsort(points, kind="stable")
    best[evidence.local[order]] = evidence.reference[order]
    best[evidence.reference[order]] = evidence.local[order]
    return best


def _pair(evidence: Evidence, choice: Choice, number: int, split: int, given: bool) -> Pair:
    pair = int(choice.pairs[number])
    said = (msg("you said so"),) if given else reasons(evidence, pair)
    if not choice.clear[number] and not given:
        said = (*said, msg("another row resembles it as much"))
    return Pair(
        int(evidence.local[pair]),
        int(evidence.reference[pair]) - split,
        SURE if choice.sure[number] else TO_CHECK,
        float(score_of(choice.points[pair])),
        float(evidence.distance[pair]),
        said,
    )


def _alone(row: int, resembles: int) -> Alone:
    if resembles >= 0:
        return Alone(row, resembles, (msg("what it resembles goes with another row: perhaps a duplicate"),))
    return Alone(row, -1, (msg("nothing in the other list resembles it"),))
