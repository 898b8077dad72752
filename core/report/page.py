"""The page: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .explorer import Explorer
from .figures import CategoryFigures, Doubt, GroupShare, ZoneFigures
from .french import NARROW, NO_BREAK, compte, minutes, nombre, pourcent, seuil
from .similar import Likeness
from .tables import sheets_of, workbook
from .without_car import DAYS, LivingWithoutCar

MOST_SERVED = (0x41, 0xB6, 0xC4)
TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "report"


class Picture(NamedTuple):
    """A map (PNG bytes) or a chart (SVG text) with its title and what it shows, in words."""

    title: str
    words: str
    png: bytes = b""
    svg: str = ""

    @property
    def data_url(self) -> str:
        """The PNG, inside the page."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


class ProposedSite(NamedTuple):
    """A place proposed: its rank, what it is called and the people it brings nearer."""

    rank: int
    name: str
    gain: float


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
    method: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    without_car: LivingWithoutCar | None = None
    explorer: Explorer | None = None
    """The map and the table that one explores."""
    logo: Picture | None = None
    signature: str = ""
    """Who answers for the report: name, function, service."""

    @property
    def workbook_url(self) -> str:
        """All figures as an open-document workbook, inside the page."""
        content = base64.b64encode(workbook(sheets_of(self))).decode("ascii")
        return f"data:application/vnd.oasis.opendocument.spreadsheet;base64,{content}"

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


def render_page(report: Report) -> str:
    """The HTML text. Whatever comes from layers is shown as text, never as markup."""
    environment = Environment(
        loader=FileSystemLoader(str(TEMPLATES)), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(
        compte=compte,
        nombre=nombre,
        entre=between,
        pourcent=pourcent,
        minutes=minutes,
        seuil=seuil,
        heat=heat,
        own=Markup,
    )
    return environment.get_template("report.html").render(report=report, days=DAYS)


def between(doubt: Doubt) -> str:
    """« Entre 1 200 et 1 900 habitants (3,4 à 5,2 %) : temps à ± 10 %, … »: what the figure may be, and why."""
    shares = (nombre(100 * people / (doubt.computed or 1), 1) for people in (doubt.least, doubt.most))
    causes = [f"temps de trajet à ±{NO_BREAK}{nombre(100 * doubt.width.share)}{NARROW}%"]
    for places, one, several in (
        (doubt.width.unknown, "lieu aux horaires inconnus", "lieux aux horaires inconnus"),
        (doubt.width.vague, "lieu situé à la commune près", "lieux situés à la commune près"),
    ):
        if places:
            causes.append(compte(places, one, several))
    people = f"Entre {nombre(doubt.least)} et {compte(doubt.most, 'habitant')}"
    return f"{people} ({' à '.join(shares)}{NARROW}%) : {', '.join(causes)}."


def heat(share: float | None) -> str:
    """The background of a cell of the week: the more people are within reach, the deeper; ink stays readable on it."""
    mixed = (round(255 + (full - 255) * (share or 0.0)) for full in MOST_SERVED)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
