"""What speaks for and against a pair being one service, in points that add up, and in words.

The sum is read as in the record linkage of Fellegi and Sunter (1969): a point stands for a factor of two in the odds,
so that the score, 1 / (1 + 2^-(points - `EVEN`)), grows with each independent agreement. The points themselves are set
by hand and held by `bench/matching.py`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..messages import Message, msg
from .similarity import ratios
from .table import ANY, Table, Words, common_weight

EVEN = 1.0
"""Points at which the score is one half."""

_WEIGHT_OF_A_NAME = 4.0
_WEIGHT_OF_A_STREET = 3.0
"""Weight of shared words from which a likeness counts in full."""

# (value, points) from which points are interpolated.
_BY_NAME = ((0.0, -3.0), (0.3, -2.0), (0.5, 0.0), (0.8, 3.0), (1.0, 4.0))
_BY_STREET = ((0.0, -1.5), (0.4, -1.0), (0.6, 0.0), (0.9, 2.0), (1.0, 2.0))
_BY_PLACE = ((0.0, 3.2), (0.1, 3.0), (0.5, 1.5), (1.0, 0.0), (2.0, -1.5), (10.0, -3.0))


class Evidence(NamedTuple):
    """Of p pairs: points, and the measures that they come from.

    Attributes:
        local, reference: (p,) rows of the table.
        identifier, category, name, street, place, commune, contact, alone: (p,) points.
        distance: (p,) metres, NaN where a position is missing or stands for the commune.
        likeness: (p,) of the names, 0..1; NaN where neither has words of its own.
        set_apart: (p,) bool: a word or number that one name has alone, such as « annexe ».
    """

    local: np.ndarray
    reference: np.ndarray
    identifier: np.ndarray
    category: np.ndarray
    name: np.ndarray
    street: np.ndarray
    place: np.ndarray
    commune: np.ndarray
    contact: np.ndarray
    alone: np.ndarray
    distance: np.ndarray
    likeness: np.ndarray
    set_apart: np.ndarray

    @property
    def points(self) -> np.ndarray:
        """(p,) for (above 0) or against the pair."""
        return (
            self.identifier
            + self.category
            + self.name
            + self.street
            + self.place
            + self.commune
            + self.contact
            + self.alone
        )

    def take(self, chosen: np.ndarray) -> Evidence:
        """The evidence on some of the pairs."""
        return Evidence(*(values[chosen] for values in self))


def score_of(points: Any) -> Any:
    """Points (one or many) as a score between 0 and 1."""
    return 1.0 / (1.0 + np.exp2(-(points - EVEN)))


def weigh(table: Table, local: np.ndarray, reference: np.ndarray) -> Evidence:
    """Compare the rows of each pair."""
    same_commune, kept__apart = _same(table.commune, local, reference)
    same_category, other_category = _same(table.category, local, reference)
    name, likeness, set_apart = _name(table, local, reference, same_category, same_commune)
    distance = _distance(table, local, reference)
    return Evidence(
        local=local,
        reference=reference,
        identifier=_identifier(table, local, reference),
        category=np.where(other_category, -6.0, np.where(same_category, 0.0, -1.0)),
        name=name,
        street=_street(table, local, reference),
        place=_place(table, local, distance),
        commune=np.where(same_commune, 1.0, np.where(kept__apart, -2.0, 0.0)),
        contact=_contact(table, local, reference),
        alone=np.where(same_commune & same_category & _alone(table, local, reference), 3.0, 0.0),
        distance=distance,
        likeness=likeness,
        set_apart=set_apart,
    )


def reasons(evidence: Evidence, pair: int) -> tuple[Message, ...]:
    """What speaks for the pair, then against it, the strongest first."""
    found = [(getattr(evidence, kind)[pair], _in_words(evidence, kind, pair)) for kind in _KINDS]
    spoken = [(points, message) for points, message in found if message is not None]
    spoken.sort(key=lambda item: (item[0] < 0, -abs(item[0])))
    return tuple(message for _points, message in spoken)


_KINDS = ("identifier", "category", "name", "street", "place", "commune", "contact", "alone")


def _in_words(evidence: Evidence, kind: str, pair: int) -> Message | None:
    points = getattr(evidence, kind)[pair]
    if kind == "name":
        return _name_in_words(evidence, pair)
    if kind == "place":
        distance = evidence.distance[pair]
        return None if np.isnan(distance) else msg("{distance} m apart", distance=round(float(distance)))
    if kind == "identifier":
        return msg("same identifier") if points > 0 else None
    if kind == "category":
        return _AGAINST_CATEGORY.get(points)
    if kind == "alone":
        return msg("the only one of its kind in the commune, in both lists") if points > 0 else None
    if abs(points) < 0.3:
        return None
    return _WORDS[kind][0] if points > 0 else _WORDS[kind][1]


_AGAINST_CATEGORY = {-6.0: msg("another category"), -1.0: msg("category not known")}
_WORDS = {
    "street": (msg("same address"), msg("another address")),
    "commune": (msg("same commune"), msg("another commune")),
    "contact": (msg("same phone, e-mail or web site"), msg("another phone")),
}


def _name_in_words(evidence: Evidence, pair: int) -> Message | None:
    if evidence.set_apart[pair]:
        return msg("a word sets the names apart")
    likeness = evidence.likeness[pair]
    if np.isnan(likeness):
        return msg("same name") if evidence.name[pair] > 0 else None
    if likeness > 0.99:
        return msg("same name")
    if evidence.name[pair] <= 0:
        return msg("the names differ")
    return msg("names alike ({share} %)", share=round(100 * float(likeness)))


# -- one measure each --------------------------------------------------------------------------------------------------


def _same(codes: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether both are known and equal, and whether both are known and differ."""
    known = (codes[a] != ANY) & (codes[b] != ANY)
    return known & (codes[a] == codes[b]), known & (codes[a] != codes[b])


def _identifier(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A SIRET stands for all the services of a commune at one address: it counts by how few share it."""
    strong, siret = common_weight(table.strong, a, b), common_weight(table.siret, a, b)
    return np.where(strong > 0, 10.0, 0.0) + 5.0 * np.minimum(siret, 1.0)


def _name(
    table: Table, a: np.ndarray, b: np.ndarray, same_category: np.ndarray, same_commune: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, likeness, and whether a word sets the names apart.

    In one commune its name tells nothing, nor do the words of a category that both rows have.
    """
    likeness, weight = np.empty(len(a)), np.empty(len(a))
    empty = np.zeros((2, len(a)), dtype=bool)
    for words, rows in (
        (table.rests, same_category & same_commune),
        (table.names, same_category & ~same_commune),
        (table.said, ~same_category),
    ):
        likeness[rows], weight[rows] = _likeness(words, a[rows], b[rows])
        empty[:, rows] = words.text[a[rows]] == 0, words.text[b[rows]] == 0
    points = np.interp(likeness, *np.transpose(_BY_NAME))
    points = np.where(points > 0, points * np.clip(weight / _WEIGHT_OF_A_NAME, 0.25, 1.0), points)
    points = np.where(empty.all(axis=0), np.where(same_commune, 1.0, 0.0), points)
    points = np.where(empty[0] ^ empty[1], -0.5, points)
    set_apart = table.marks[a] != table.marks[b]
    contrary = set_apart & (table.marks[a] != ANY) & (table.marks[b] != ANY)
    points = np.where(set_apart, np.minimum(points, 0.0) - np.where(contrary, 4.5, 2.5), points)
    return points, np.where(empty.any(axis=0), np.nan, likeness), set_apart


def _street(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    known = (table.streets.text[a] > 0) & (table.streets.text[b] > 0)
    points = np.zeros(len(a))
    likeness, weight = _likeness(table.streets, a[known], b[known])
    score = np.interp(likeness, *np.transpose(_BY_STREET))
    score = np.where(score > 0, score * np.clip(weight / _WEIGHT_OF_A_STREET, 0.2, 1.0), score)
    first, second = table.number[a[known]], table.number[b[known]]
    numbered = (first >= 0) & (second >= 0)
    score = np.where((score > 0) & numbered & (first == second), score + 1.0, score)
    points[known] = np.where((score > 0) & numbered & (first != second), score - 1.5, score)
    return points


def _likeness(words: Words, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(p,) in 0..1: the larger of the share of common words (by weight) and that of common letters (beyond 60 %);
    and the weight of what is alike."""
    shared, total = common_weight(words, a, b), words.total[a] + words.total[b]
    by_words = np.where(total > 0, 2.0 * shared / np.maximum(total, 1e-12), 0.0)
    by_letters = np.clip((ratios(words.texts, words.text[a], words.text[b]) - 0.6) / 0.36, 0.0, 1.0)
    likeness = np.maximum(by_words, np.where(total > 0, by_letters, 0.0))
    return np.minimum(likeness, 1.0), np.where(
        by_letters > by_words, np.minimum(words.total[a], words.total[b]), shared
    )


def _distance(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    metres = np.linalg.norm(table.xyz[a] - table.xyz[b], axis=1)
    return np.where(table.is_rough[a] | table.is_rough[b], np.nan, metres)


def _place(table: Table, a: np.ndarray, distance: np.ndarray) -> np.ndarray:
    points = np.interp(distance / table.radius[a], *np.transpose(_BY_PLACE))
    return np.where(np.isnan(distance), 0.0, points)


def _contact(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    shared = np.minimum(common_weight(table.contacts, a, b), 1.0)
    differ = (shared == 0) & table.has_phone[a] & table.has_phone[b]
    return np.where(differ, -1.0, 4.0 * shared)


def _alone(table: Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether each is the only one of its category in its commune, within its list."""
    lists = table.source.max(initial=0) + 1
    cell = (table.commune * (table.category.max(initial=0) + 1) + table.category) * lists + table.source
    _, position, count = np.unique(cell, return_inverse=True, return_counts=True)
    return (count[position[a]] == 1) & (count[position[b]] == 1)
