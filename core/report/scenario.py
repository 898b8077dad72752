"""« Scénario »: what it changes, before and after, as the page shows it."""

from __future__ import annotations

from typing import NamedTuple

MOST_ZONES = 12


class ScenarioRow(NamedTuple):
    """The people of a zone, or all of them: who comes nearer or gets access, who gets farther or loses it.

    ``before`` and ``after`` are mean costs, None where nobody reaches a place; ``beyond_before`` and
    ``beyond_after`` (t,) are people beyond each threshold.
    """

    name: str
    population: float
    gaining: float
    losing: float
    before: float | None
    after: float | None
    beyond_before: tuple[float, ...]
    beyond_after: tuple[float, ...]
    not_computed: float = 0.0
    newly: float = 0.0
    """People who reach a place that they did not reach before."""
    cut_off: float = 0.0
    """People who reach none any more."""
    change: float | None = None
    """What those who reach a place both before and after spend more on average; the two means are of other people."""

    @property
    def fewer_beyond(self) -> float:
        """People beyond the last threshold who are not any more; negative where they become more."""
        return self.beyond_before[-1] - self.beyond_after[-1] if self.beyond_before else 0.0


class ScenarioChange(NamedTuple):
    """A place or a road that the scenario changes, in words: what is done to it, before and after."""

    what: str
    before: str
    after: str


class ScenarioFigures(NamedTuple):
    """What the section says; ``name`` is the table's, ``thresholds`` grow.

    ``unit``: of the costs and the thresholds, ``min`` or ``m``.
    """

    name: str
    thresholds: tuple[float, ...]
    whole: ScenarioRow
    zones: tuple[ScenarioRow, ...]
    unit: str = "min"
    changes: tuple[ScenarioChange, ...] = ()

    @property
    def mean(self) -> str:
        """What the mean cost is called."""
        return "distance moyenne" if self.unit == "m" else "temps moyen"

    @property
    def changed(self) -> list[ScenarioRow]:
        """The zones where most people's journeys change, those first."""
        rows = [row for row in self.zones if round(row.gaining + row.losing)]
        return sorted(rows, key=lambda row: (-(row.gaining + row.losing), row.name))[:MOST_ZONES]

    @property
    def worse_off(self) -> int:
        """Zones where more people lose than gain."""
        return sum(row.losing > row.gaining for row in self.zones)
