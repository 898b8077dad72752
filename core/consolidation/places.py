"""Which records of N producers are one place: sure, excluded, or to be looked at by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..matching.candidates import candidate_pairs, keys_of
from ..matching.evidence import Evidence, reasons, score_of, weigh
from ..matching.matcher import SURE_POINTS, choose, judged
from ..matching.table import ANY, Table, build_table
from ..messages import Message, msg
from ..progress import Progress
from ..services import Service
from .records import producers_of

Verdicts = Mapping[tuple[int, int], bool]
"""What a person has said of pairs of records (lesser row, greater row): the same place, or not."""

COPY_POINTS = 8.0
COPY_LIKENESS = 0.9
"""Points and likeness of names from which two records of one producer are sure to be copies.

More than between two producers: a producer seldom lists a place twice, and the places of one list resemble each other.
"""

WORTH_A_LOOK = 2.0
"""Points from which two records of one producer, or a record and one that another took, are a doubt."""

_GIVEN = 1000.0


class DoubtfulPair(NamedTuple):
    """Two records that may be one place. ``score`` in 0..1."""

    first: int
    second: int
    score: float
    reasons: tuple[Message, ...]


class Places(NamedTuple):
    """``place``: (n,) number of the place of each record, by the first record of each; ``doubts``: best first."""

    place: np.ndarray
    doubts: list[DoubtfulPair]


class Links(NamedTuple):
    """(p,) pairs of rows, ``first`` < ``second``: their points, whether they are sure, and given by a person.

    ``by_copies``: sure only because the rivals of the pair are copies of one place.
    """

    first: np.ndarray
    second: np.ndarray
    points: np.ndarray
    sure: np.ndarray
    given: np.ndarray
    by_copies: np.ndarray

    def take(self, chosen: np.ndarray) -> Links:
        """Some of the pairs."""
        return Links(*(values[chosen] for values in self))


def find_places(records: Sequence[Service], verdicts: Verdicts, progress: Progress = Progress()) -> Places:
    """Group records, ordered by producer, into places.

    Records of two known categories are never one place, unless a person says so: a town hall and its CCAS, a France
    services inside a post office are two services at one place. A service on the road and a fixed one are never surely
    one. Two records of one producer are one place only where they are sure copies of each other, and no other producer
    has two places for them. What is sure but would break this is a doubt.
    """
    if not records:
        return Places(np.zeros(0, dtype=np.int64), [])
    table = build_table(producers_of(records), progress=progress.part(0.0, 0.3))
    links = _links(table, _Traits.of(records), verdicts, progress.part(0.3, 0.9))
    place = _grouped(table, links, verdicts)
    return Places(place, _doubts(table, links, place, verdicts, progress.part(0.9, 1.0)))


# -- pairs ------------------------------------------------------------------------------------------------------------


class _Traits(NamedTuple):
    """(n,) whether a record is of a service on the road, and a number for its e-mail address, `ANY` without."""

    on_the_road: np.ndarray
    email: np.ndarray

    @classmethod
    def of(cls, records: Sequence[Service]) -> _Traits:
        known: dict[str, int] = {"": ANY}
        emails = [known.setdefault(record.courriel.strip().lower(), len(known)) for record in records]
        return cls(np.array([record.modalite == "itinerant" for record in records]), np.array(emails))

    def same_kind(self, links: Links) -> np.ndarray:
        """(p,) where both are on the road, or neither."""
        return self.on_the_road[links.first] == self.on_the_road[links.second]

    def other_email(self, links: Links) -> np.ndarray:
        """(p,) where both have an e-mail address, not the same."""
        first, second = self.email[links.first], self.email[links.second]
        return (first != second) & (first != ANY) & (second != ANY)


def _links(table: Table, traits: _Traits, verdicts: Verdicts, progress: Progress) -> Links:
    """The pairs within each list, then between each two lists, that go together or may."""
    lists, rows = int(table.source.max()) + 1, len(table.source)
    keys = keys_of(table)
    said = _by_lists(table, verdicts)
    found: list[Links] = []
    asked = [(one, one) for one in range(lists)] + [(a, b) for a in range(lists) for b in range(a + 1, lists)]
    group, told_apart = np.arange(rows), np.zeros(rows, dtype=bool)
    for number, pair in enumerate(asked):
        part = progress.part(number / len(asked), (number + 1) / len(asked))
        if number == lists:
            copies = _joined(found)
            group = _components(copies.take(copies.sure), rows)
        a, b = candidate_pairs(table, part.part(0.0, 0.3), pair, keys)
        evidence, given = judged(table, a, b, said[pair], part.part(0.3, 0.9))
        if pair[0] == pair[1]:
            found.append(_copies(table, traits, evidence, given))
        else:
            found.append(_partners(traits, evidence, given, group))
            _tell_apart(found[-1], group, told_apart)
    return _without_copies(_joined(found), table, told_apart)


def _by_lists(table: Table, verdicts: Verdicts) -> dict[tuple[int, int], dict[tuple[int, int], bool]]:
    found: dict[tuple[int, int], dict[tuple[int, int], bool]] = defaultdict(dict)
    for (a, b), same in verdicts.items():
        found[int(table.source[a]), int(table.source[b])][a, b] = same
    return found


def _copies(table: Table, traits: _Traits, evidence: Evidence, given: np.ndarray) -> Links:
    """Records of one list that are one place, or may be.

    Sure copies contradict each other in nothing: a producer that says « place de l'Église » and « place de l'Église,
    Bourg », or gives a name to one of two, may mean two.
    """
    points = np.where(given, _GIVEN, evidence.points)
    a, b = evidence.local, evidence.reference
    links = Links(a, b, points, given, given, np.zeros(len(a), dtype=bool))
    only_one_named = np.isnan(evidence.likeness) & (evidence.name < 0)
    told_apart = (
        evidence.set_apart
        | (evidence.category < 0)
        | (evidence.likeness < COPY_LIKENESS)
        | only_one_named
        | (table.ways[a] != table.ways[b])
        | traits.other_email(links)
        | ~traits.same_kind(links)
    )
    return links._replace(sure=given | ((points >= COPY_POINTS) & ~told_apart)).take(points >= WORTH_A_LOOK)


def _partners(traits: _Traits, evidence: Evidence, given: np.ndarray, group: np.ndarray) -> Links:
    """Records of two lists that are one place, or may be.

    Each has one partner at most in the other list; one that another took is a doubt for those left alone.
    """
    choice = choose(evidence, given, len(group), group=group)
    chosen, sure, by_copies = (np.zeros(len(given), dtype=bool) for _ in range(3))
    chosen[choice.pairs] = True
    sure[choice.pairs], by_copies[choice.pairs] = choice.sure, choice.by_copies
    paired = np.zeros(len(group), dtype=bool)
    paired[evidence.local[chosen]] = paired[evidence.reference[chosen]] = True
    left_alone = ~paired[evidence.local] | ~paired[evidence.reference]
    links = Links(evidence.local, evidence.reference, choice.points, sure, given, by_copies & ~given)
    contrary = ~traits.same_kind(links) | ((evidence.contact < 0) & traits.other_email(links)) | ~_tells_who(evidence)
    links = links._replace(sure=given | (sure & ~contrary))
    return links.take(chosen | (left_alone & (choice.points >= WORTH_A_LOOK)))


def _tells_who(evidence: Evidence) -> np.ndarray:
    """(p,) where something besides the address and the position speaks for the pair: those tell of a building."""
    named = evidence.likeness > 0
    return (evidence.identifier > 0) | (evidence.contact > 0) | (evidence.alone > 0) | (named & (evidence.name > 0))


# -- copies that others know to be two --------------------------------------------------------------------------------


def _tell_apart(links: Links, group: np.ndarray, told_apart: np.ndarray) -> None:
    """Note in ``told_apart`` (rows,) the records of copies that go with records of two places in another list."""
    likely = links.take((links.points >= SURE_POINTS) & ~links.given)
    for own, other in ((likely.first, likely.second), (likely.second, likely.first)):
        # The best partner of each record, by the group that each is in.
        order = np.lexsort((-likely.points, own))
        rows, best = np.unique(own[order], return_index=True)
        mine, theirs = group[rows], group[other[order][best]]
        several = np.unique(np.column_stack((mine, theirs)), axis=0)
        groups, count = np.unique(several[:, 0], return_counts=True)
        told_apart[rows[np.isin(mine, groups[count > 1])]] = True


def _without_copies(links: Links, table: Table, told_apart: np.ndarray) -> Links:
    """What was sure because records are copies is sure no more where another list tells them apart."""
    within = table.source[links.first] == table.source[links.second]
    concerned = told_apart[links.first] | told_apart[links.second]
    return links._replace(sure=links.sure & (links.given | ~(concerned & (within | links.by_copies))))


def _joined(parts: Sequence[Links]) -> Links:
    return Links(*(np.concatenate(values) for values in zip(*parts)))


def _components(links: Links, rows: int) -> np.ndarray:
    """(rows,) the first row of each group of linked rows."""
    graph = coo_matrix((np.ones(len(links.first)), (links.first, links.second)), shape=(rows, rows))
    _count, label = connected_components(graph, directed=False)
    _labels, first = np.unique(label, return_index=True)
    return first[label]


# -- groups -----------------------------------------------------------------------------------------------------------


def _grouped(table: Table, links: Links, verdicts: Verdicts) -> np.ndarray:
    """(n,) the first row of the place of each row. Groups that hold together stay whole, the others are made anew."""
    rows = len(table.source)
    sure = links.take(links.sure)
    place = _components(sure, rows)
    refused = {pair for pair, same in verdicts.items() if not same}
    contested = np.flatnonzero(np.isin(place, _contested(table, place, refused)))
    if not len(contested):
        return place
    place[contested] = contested
    within = sure.take(np.isin(sure.first, contested))
    groups = _Groups(table, contested.tolist(), _copies_among(within, table), refused)
    order = np.lexsort((within.second, within.first, -within.points))
    for a, b, given in zip(*(values[order].tolist() for values in (within.first, within.second, within.given))):
        groups.join(a, b, given)
    place[contested] = [groups.root(row) for row in contested.tolist()]
    return place


def _copies_among(links: Links, table: Table) -> set[tuple[int, int]]:
    chosen = links.take(table.source[links.first] == table.source[links.second])
    return set(zip(chosen.first.tolist(), chosen.second.tolist()))


def _contested(table: Table, place: np.ndarray, refused: set[tuple[int, int]]) -> np.ndarray:
    """The groups in which a producer, or more than one category, comes more than once, or that a person has parted."""
    several, count = np.unique(place * (table.source.max() + 1) + table.source, return_counts=True)
    known = table.category != ANY
    kinds = np.unique(place[known] * (table.category.max() + 2) + table.category[known]) // (table.category.max() + 2)
    mixed, kind_count = np.unique(kinds, return_counts=True)
    parted = np.array([place[a] for a, b in refused if place[a] == place[b]], dtype=np.int64)
    return np.concatenate([several[count > 1] // (table.source.max() + 1), mixed[kind_count > 1], parted])


class _Groups:
    """Rows joined pair by pair, the likeliest first, as long as nothing in the joined group contradicts it."""

    def __init__(
        self, table: Table, rows: Sequence[int], copies: set[tuple[int, int]], refused: set[tuple[int, int]]
    ) -> None:
        self._table, self._copies, self._refused = table, copies, refused
        self._root = {row: row for row in rows}
        self._members = {row: [row] for row in rows}

    def root(self, row: int) -> int:
        """The first row of the group of a row."""
        return self._root[row]

    def join(self, a: int, b: int, given: bool) -> None:
        """Make one group of those of two rows. A person's word (``given``) yields to a person's word only."""
        first, second = sorted((self._root[a], self._root[b]))
        if first == second or self._parted(first, second) or not (given or self._agree(first, second)):
            return
        for row in self._members[second]:
            self._root[row] = first
        self._members[first] += self._members.pop(second)

    def _parted(self, first: int, second: int) -> bool:
        return any(pair in self._refused for pair in self._between(first, second))

    def _agree(self, first: int, second: int) -> bool:
        return self._one_category(first, second) and self._only_copies(first, second)

    def _one_category(self, first: int, second: int) -> bool:
        known = {int(self._table.category[row]) for row in self._members[first] + self._members[second]}
        return len(known - {ANY}) < 2

    def _only_copies(self, first: int, second: int) -> bool:
        """Whether each producer that both groups have has a sure copy across."""
        source = self._table.source
        shared = {int(source[row]) for row in self._members[first]} & {int(source[r]) for r in self._members[second]}
        across = {int(source[a]) for a, b in self._between(first, second) if (a, b) in self._copies}
        return shared <= across

    def _between(self, first: int, second: int) -> list[tuple[int, int]]:
        return [(min(a, b), max(a, b)) for a in self._members[first] for b in self._members[second]]


# -- doubts -----------------------------------------------------------------------------------------------------------


def _doubts(
    table: Table, links: Links, place: np.ndarray, verdicts: Verdicts, progress: Progress
) -> list[DoubtfulPair]:
    """The best pair between each two places that may be one and of which no person has said that they are not."""
    parted = {_ends(place, a, b) for (a, b), same in verdicts.items() if not same}
    order = np.lexsort((links.second, links.first, -links.points))
    open_pairs = order[(place[links.first] != place[links.second])[order]]
    best: dict[tuple[int, int], int] = {}
    for pair in open_pairs.tolist():
        ends = _ends(place, links.first[pair], links.second[pair])
        if ends not in parted:
            best.setdefault(ends, pair)
    chosen = links.take(np.array(list(best.values()), dtype=np.int64))
    evidence = weigh(table, chosen.first, chosen.second)
    scores = score_of(chosen.points)
    found = []
    for number, (a, b) in enumerate(zip(chosen.first.tolist(), chosen.second.tolist())):
        if number % 1000 == 0:
            progress.advance(number / len(best))
        said = reasons(evidence, number)
        if chosen.sure[number]:
            said = (*said, msg("one of the two goes with another record that contradicts it"))
        found.append(DoubtfulPair(a, b, round(float(scores[number]), 4), said))
    return found


def _ends(place: np.ndarray, a: int, b: int) -> tuple[int, int]:
    first, second = int(place[a]), int(place[b])
    return min(first, second), max(first, second)
