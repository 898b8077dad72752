"""« Sans voiture »: the week of round trips, access by mode, and people without a stop, as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .picture import Picture

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOST_ZONES = 12


class ZoneWeek(NamedTuple):
    """A zone and a category: people computed, and the share (0 to 1) of them that can go and be back, day by day.

    None on a day of which nothing is known, and of all days where nobody was computed.
    """

    name: str
    category: str
    computed: float
    shares: tuple[float | None, ...]

    @property
    def days(self) -> float | None:
        """Days of the week on which a person can, on average; None where that of a day is not known."""
        known = [share for share in self.shares if share is not None]
        return sum(known) if len(known) == len(self.shares) else None


class ModeRow(NamedTuple):
    """A category: people computed, and how many are near by each mode; None for the car where its roads are lacking."""

    category: str
    computed: float
    on_foot: float
    by_transit: float
    by_car: float | None
    dependent: float | None

    def share(self, people: float | None) -> float | None:
        """Of those computed."""
        return people / self.computed if people is not None and self.computed > 0 else None


class LivingWithoutCar(NamedTuple):
    """What the section says; whatever was not given is empty."""

    week: tuple[ZoneWeek, ...] = ()
    """Over the whole territory, a row a category."""
    zones: tuple[ZoneWeek, ...] = ()
    """Those of the first category with the fewest days."""
    modes: tuple[ModeRow, ...] = ()
    threshold: float = 0.0
    people: float = 0.0
    """Of the places looked at for a stop."""
    without_stop: float | None = None
    maps: tuple[Picture, ...] = ()

    @property
    def categories(self) -> set[str]:
        """Those that the section speaks of."""
        return {row.category for row in self.week} | {row.category for row in self.modes}


def whole_week(rows: Iterable[ZoneWeek]) -> list[ZoneWeek]:
    """All zones together, a row a category in the order they come; shares are of the people computed."""
    by_category: dict[str, list[ZoneWeek]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    return [ZoneWeek("", category, *_together(zones)) for category, zones in by_category.items()]


def _together(zones: list[ZoneWeek]) -> tuple[float, tuple[float | None, ...]]:
    computed = sum(zone.computed for zone in zones)
    return computed, tuple(_of_day([(zone.shares[day], zone.computed) for zone in zones]) for day in range(len(DAYS)))


def _of_day(zones: list[tuple[float | None, float]]) -> float | None:
    """The share of all, from the share of each zone and its people; None where no share is known."""
    known = [(share, people) for share, people in zones if share is not None and people > 0]
    people = sum(people for _share, people in known)
    return sum(share * people for share, people in known) / people if people > 0 else None


def worst_weeks(rows: Iterable[ZoneWeek], category: str) -> list[ZoneWeek]:
    """The inhabited zones of a category with the fewest days known, the most people first among equals."""
    mine = [row for row in rows if row.category == category and row.computed > 0]
    return sorted(mine, key=lambda row: (sum(share or 0.0 for share in row.shares), -row.computed))[:MOST_ZONES]
