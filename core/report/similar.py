"""A territory beside others of the same density: shares beyond a threshold, class by class and all classes together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..access.coverage import Served, together


class ZoneOfDensity(NamedTuple):
    """A zone, or a class of zones (``zone_id`` empty), and one service: its class of density, and its people."""

    zone_id: str
    category: str
    density: str
    served: Served


class Likeness(NamedTuple):
    """The people here of one class, or of all classes (``density`` empty), beside those elsewhere.

    ``share`` here and ``other`` elsewhere are 0 to 1, None without anybody. Of all classes, ``other`` is what the share
    here would be if in each class it were that of elsewhere: unlike densities are not compared. ``people`` here and
    ``others`` elsewhere are those of whom the shares are; ``zones`` are those elsewhere, 0 where they are not known.
    ``aside``, of all classes: people here, computed, who are in none of them (a zone without class, a class that
    nobody has elsewhere).
    """

    density: str
    people: float
    share: float | None
    others: float
    zones: int
    other: float | None
    aside: float = 0.0


def likenesses(
    here: Sequence[ZoneOfDensity], there: Sequence[ZoneOfDensity], rank: int = -1
) -> dict[str, list[Likeness]]:
    """For each category of both, all the classes that both have together, then each class in order.

    Zones of ``there`` that are also ``here`` are left out. ``rank``: of the threshold.
    """
    own = {place.zone_id for place in here if place.zone_id}
    others = [place for place in there if place.zone_id not in own]
    found: dict[str, list[Likeness]] = {}
    for category in dict.fromkeys(place.category for place in here):
        mine, theirs = ([place for place in side if place.category == category] for side in (here, others))
        common = sorted({place.density for place in mine} & {place.density for place in theirs} - {""})
        rows = [_likeness(density, mine, theirs, rank) for density in common]
        rows = [row for row in rows if row.share is not None and row.other is not None]
        if rows:
            computed = together(place.served for place in mine).computed
            found[category] = [_all_of(rows, computed), *rows]
    return found


def _likeness(density: str, mine: Iterable[ZoneOfDensity], theirs: Iterable[ZoneOfDensity], rank: int) -> Likeness:
    sides = [[place for place in side if place.density == density] for side in (mine, theirs)]
    own, other = (together(place.served for place in side) for side in sides)
    zones = sum(bool(place.zone_id) for place in sides[1])
    return Likeness(density, own.computed, own.share(rank), other.computed, zones, other.share(rank))


def _all_of(rows: list[Likeness], computed: float) -> Likeness:
    """The classes together, weighed by the people here; ``computed`` are all of them, in whatever class."""
    people = sum(row.people for row in rows)
    share, other = (sum(row.people * (each or 0.0) for row, each in zip(rows, side)) / people for side in _sides(rows))
    others, zones = sum(row.others for row in rows), sum(row.zones for row in rows)
    return Likeness("", people, share, others, zones, other, max(computed - people, 0.0))


def _sides(rows: list[Likeness]) -> tuple[list[float | None], list[float | None]]:
    return [row.share for row in rows], [row.other for row in rows]
