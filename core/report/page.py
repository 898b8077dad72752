"""The page: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..messages import NARROW, NO_BREAK
from .content import Report
from .figures import Doubt
from .french import compte, cout, ecart, jour, minutes, nombre, points, pourcent, seuil
from .tables import sheets_of, workbook
from .without_car import DAYS

MOST_SERVED = (0x41, 0xB6, 0xC4)
TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "report"


def render_page(report: Report) -> str:
    """The HTML text. Whatever comes from layers is shown as text, never as markup."""
    template = templates().get_template("report.html")
    return template.render(report=report, days=DAYS, workbook_url=_workbook_url(report))


def templates() -> Environment:
    """The pages of `resources/report`, with the filters that write French."""
    environment = Environment(
        loader=FileSystemLoader(str(TEMPLATES)), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(
        compte=compte,
        cout=cout,
        nombre=nombre,
        entre=between,
        pourcent=pourcent,
        minutes=minutes,
        ecart=ecart,
        points=points,
        jour=jour,
        seuil=seuil,
        heat=heat,
        own=Markup,
    )
    return environment


def _workbook_url(report: Report) -> str:
    """All figures as an open-document workbook, inside the page."""
    content = base64.b64encode(workbook(sheets_of(report))).decode("ascii")
    return f"data:application/vnd.oasis.opendocument.spreadsheet;base64,{content}"


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
    if nombre(doubt.least) == nombre(doubt.most):
        return f"{compte(doubt.most, 'habitant')}, le même nombre avec : {', '.join(causes)}."
    return f"{people} ({' à '.join(shares)}{NARROW}%) : {', '.join(causes)}."


def heat(share: float | None) -> str:
    """The background of a cell of the week: the more people are within reach, the deeper; ink stays readable on it."""
    mixed = (round(255 + (full - 255) * (share or 0.0)) for full in MOST_SERVED)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
