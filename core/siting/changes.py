"""What a scenario changes itself: places opened, closed, moved, open at other hours; roads closed, slowed, new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

OPENED, CLOSED, MOVED, HOURS = "ouverture", "fermeture", "deplacement", "horaires"
NEARBY = 0.5
"""Metres within which a place is where it was: what reprojecting it may move it by, and more."""


class ServiceSite(NamedTuple):
    """A site of today or of a scenario; ``x``, ``y`` in metres."""

    identifier: str
    name: str
    category: str
    hours: str
    x: float
    y: float

    def away(self, other: ServiceSite) -> float:
        """Metres to another; 0 where the position of one is not known."""
        metres = float(np.hypot(self.x - other.x, self.y - other.y))
        return metres if np.isfinite(metres) else 0.0


Sites = list[ServiceSite]


class SiteChanged(NamedTuple):
    """``kind`` is one of the four above; ``before`` is None for what opens, ``after`` for what closes."""

    kind: str
    before: ServiceSite | None
    after: ServiceSite | None

    @property
    def site(self) -> ServiceSite:
        """As it is, else as it was."""
        (*_, site) = (each for each in (self.before, self.after) if each is not None)
        return site

    @property
    def metres(self) -> float:
        """How far it moves."""
        return 0.0 if self.before is None or self.after is None else self.before.away(self.after)


class RoadChange(NamedTuple):
    """A link that a scenario changes: an action of `core.network.change` and its value, where it is, metres, minutes.

    The minutes are those of the quicker way: infinite where it is closed, NaN before it was there.
    """

    action: str
    value: str
    where: str
    metres: float
    before: float
    after: float


class RoadsChanged(NamedTuple):
    """Links of one action, value and place together; minutes end to end before and after, NaN where there are none."""

    action: str
    value: str
    where: str
    links: int
    metres: float
    before: float
    after: float


def place_changes(today: Iterable[ServiceSite], then: Iterable[ServiceSite]) -> list[SiteChanged]:
    """What becomes of each place; a moved place may have other hours too.

    A place is known by its identifier where one place alone has it on each side, else by its category and position.
    Closed ones first, then moved, hours, opened; by category and name.
    """
    before, after = list(today), list(then)
    pairs, before, after = _paired(before, after)
    changed = [SiteChanged(MOVED if was.away(now) > NEARBY else HOURS, was, now) for was, now in pairs]
    found = [each for each in changed if each.kind == MOVED or _hours_differ(each)]
    found += [SiteChanged(CLOSED, place, None) for place in before]
    found += [SiteChanged(OPENED, None, place) for place in after]
    order = (CLOSED, MOVED, HOURS, OPENED)
    return sorted(found, key=lambda each: (order.index(each.kind), each.site.category, each.site.name))


def roads_changed(links: Iterable[RoadChange]) -> list[RoadsChanged]:
    """The links by action, value and place, in the order of their first."""
    groups: dict[tuple[str, str, str], list[RoadChange]] = {}
    for link in links:
        groups.setdefault(link[:3], []).append(link)
    return [
        RoadsChanged(
            *group,
            len(members),
            sum(link.metres for link in members),
            _total(link.before for link in members),
            _total(link.after for link in members),
        )
        for group, members in groups.items()
    ]


def _paired(
    before: list[ServiceSite], after: list[ServiceSite]
) -> tuple[list[tuple[ServiceSite, ServiceSite]], list[ServiceSite], list[ServiceSite]]:
    """Pairs of the same place, and those that are left on each side."""
    pairs = []
    for known in (_by_identifier, _by_position):
        found = known(before, after)
        pairs += [(before[was], after[now]) for was, now in found]
        gone = [set(side) for side in zip(*found)] or [set(), set()]
        before, after = (
            [place for rank, place in enumerate(places) if rank not in taken]
            for places, taken in zip((before, after), gone)
        )
    return pairs, before, after


def _by_identifier(before: list[ServiceSite], after: list[ServiceSite]) -> list[tuple[int, int]]:
    """Ranks of those whose identifier is theirs alone, on each side."""
    mine, its = _alone(before), _alone(after)
    return [(rank, its[key]) for key, rank in mine.items() if key in its]


def _alone(places: list[ServiceSite]) -> dict[tuple[str, str], int]:
    count = Counter(place.identifier for place in places)
    return {
        (place.identifier, place.category): rank
        for rank, place in enumerate(places)
        if place.identifier and count[place.identifier] == 1
    }


def _by_position(before: list[ServiceSite], after: list[ServiceSite]) -> list[tuple[int, int]]:
    """Ranks of those of one category within `NEARBY` of each other, each in one pair: first those that say the same."""
    near = []
    for category in sorted({place.category for place in before}):
        mine, its = (_placed(places, category) for places in (before, after))
        if not (mine and its):
            continue
        trees = [
            cKDTree([(places[rank].x, places[rank].y) for rank in ranks])
            for places, ranks in ((before, mine), (after, its))
        ]
        for was, others in zip(mine, trees[0].query_ball_tree(trees[1], NEARBY)):
            near += [(was, its[other]) for other in others]
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for was, now in sorted(near, key=lambda pair: (_unlike(before[pair[0]], after[pair[1]]), pair)):
        if was not in taken[0] and now not in taken[1]:
            pairs.append((was, now))
            taken[0].add(was)
            taken[1].add(now)
    return pairs


def _placed(places: list[ServiceSite], category: str) -> list[int]:
    """Ranks of the places of a category that have a position."""
    return [
        rank
        for rank, place in enumerate(places)
        if place.category == category and np.isfinite((place.x, place.y)).all()
    ]


def _unlike(was: ServiceSite, now: ServiceSite) -> tuple[bool, bool, float]:
    return was.name != now.name, was.hours != now.hours, was.away(now)


def _hours_differ(change: SiteChanged) -> bool:
    return change.before is not None and change.after is not None and change.before.hours != change.after.hours


def _total(minutes: Iterable[float]) -> float:
    finite = [value for value in minutes if np.isfinite(value)]
    return float(sum(finite)) if finite else np.nan
