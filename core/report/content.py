"""What a report holds, whatever page, atlas or workbook it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .evolution import Evolution
from .explorer import Explorer
from .figures import CategoryFigures, Doubt, GroupShare, ZoneFigures
from .gains import GainWords, gain_words
from .picture import Picture
from .scenario import ScenarioFigures
from .similar import Likeness
from .without_car import LivingWithoutCar


class ProposedSite(NamedTuple):
    """A place proposed: its rank, what it is called, what it adds to those before it (None: nothing compares)."""

    rank: int
    name: str
    gain: float | None


class TimetableRow(NamedTuple):
    """A weekday and the share (0 to 1) of people with an open service within reach, hour by hour; None = not known."""

    day: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class Report:
    """All that the page says. `labels` gives the French label of each category's code."""

    title: str
    territory: str
    date: str
    thresholds: tuple[float, ...]
    labels: dict[str, str]
    categories: list[CategoryFigures]
    zones: list[ZoneFigures]
    worst: dict[str, list[ZoneFigures]]
    travel: str = ""
    """« en voiture », where it is known."""
    moment: str = ""
    """« le samedi à 10:00 », when only places open then count."""
    maps: list[Picture] = field(default_factory=list)
    charts: list[Picture] = field(default_factory=list)
    missing: list[tuple[str, float]] = field(default_factory=list)
    """People without each category of the basket within reach, most people first."""
    groups: dict[str, list[GroupShare]] = field(default_factory=dict)
    """Groups of people, by category, the farthest from all first."""
    similar: dict[str, list[Likeness]] = field(default_factory=dict)
    """The territory beside others of the same density, by category: all classes together, then each."""
    evolution: dict[str, Evolution] = field(default_factory=dict)
    """What the measures kept before say, by category, that put forward first."""
    evolution_chart: Picture | None = None
    evolution_people: str = ""
    """Whom the evolution counts, where they are not inhabitants."""
    evolution_doubt: str = ""
    """Why part of the evolution may be none."""
    group_chart: Picture | None = None
    """The groups of the category put forward."""
    doubts: list[Doubt] = field(default_factory=list)
    """The interval of each category."""
    unsure: list[ZoneFigures] = field(default_factory=list)
    """Zones of the category put forward whose class is not certain, the widest interval first."""
    hours: tuple[str, ...] = ()
    timetables: dict[str, list[TimetableRow]] = field(default_factory=dict)
    """The week of each category."""
    sites: list[ProposedSite] = field(default_factory=list)
    gains: GainWords = field(default_factory=gain_words)
    """Of the places proposed."""
    method: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    scenario: ScenarioFigures | None = None
    without_car: LivingWithoutCar | None = None
    explorer: Explorer | None = None
    """The map and the table that one explores."""
    logo: Picture | None = None
    signature: str = ""
    """Who answers for the report: name, function, service."""

    @property
    def circumstances(self) -> str:
        """« en voiture, lieux ouverts le samedi à 10:00 »."""
        return ", ".join(filter(None, (self.travel, f"lieux ouverts {self.moment}" if self.moment else "")))

    @property
    def population(self) -> float:
        """People of the territory."""
        return max((category.population for category in self.categories), default=0.0)

    @property
    def computed(self) -> float:
        """Those of them whose journeys could be computed: shares are of these."""
        return max((category.population - category.not_computed for category in self.categories), default=0.0)
