"""What the measures of an observatory say beside the figures of a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from ..core.messages import Message, msg
from ..core.observatory import Terms, figures_of, people_kept, people_words
from ..core.population_columns import counts_inhabitants
from ..core.report import Picture
from ..core.report.charts import dates_chart
from ..core.report.evolution import Evolution, evolution_of
from ..core.report.french import jour, pourcent, seuil
from ..i18n import in_french
from .meanwhile import worked_out
from .observatory import figures_in
from .population_groups import in_words
from .report_inputs import ReportInputError
from .report_results import Results

MOST_LINES = 7


def evolutions(results: Results, path: Path, terms: Terms) -> dict[str, Evolution]:
    """At the longest threshold, each category of the report that was measured before, in the report's order.

    Raises `ReportInputError` where the way of travelling is not said, and what `figures_of` raises.
    """
    coverage, threshold = results.layers["COVERAGE"], results.thresholds[-1]
    if not terms.travel:
        raise ReportInputError("To compare with measures kept (MEASURES), say how people travel (PROFILE).")
    if coverage is None:
        return {}
    now = [each for each in figures_in(coverage, date.today().isoformat()) if each.threshold == threshold]
    names = {zone.zone_id: zone.name for zone in results.zones}
    found = {}
    for code in (row.category for row in results.categories):
        kept = figures_of(path, terms, code, threshold)
        own = evolution_of(kept, [each for each in now if each.category == code], names)
        if own is not None:
            found[code] = own
    return found


def other_series(results: Results, path: Path, terms: Terms) -> Message | None:
    """What to say of measures of the report's question and services that count other people; None where none is kept.

    Raises what `figures_of` raises.
    """
    threshold = results.thresholds[-1]
    kept = (people_kept(path, terms, row.category, threshold) for row in results.categories)
    others = {population for found in kept for population in found} - {terms.population}
    if not others:
        return None
    people = ", ".join(in_words(people_words(population)) for population in sorted(others))
    own = people_words(terms.population)
    if "" in others:
        return msg(
            "This report counts: {own}. MEASURES has other series of this question, left out: {people}. Where "
            "measures do not say whom they count, say it on the page Access, “Observatory…”.",
            own=own,
            people=people,
        )
    return msg(
        "This report counts: {own}. MEASURES has other series of this question, left out: {people}.",
        own=own,
        people=people,
    )


def people_in_french(terms: Terms) -> str:
    """Whom the figures count; empty where they are inhabitants."""
    if counts_inhabitants(terms.population):
        return ""
    with in_french():
        return in_words(people_words(terms.population))


def evolution_chart(results: Results, found: Mapping[str, Evolution], terms: Terms) -> Picture | None:
    """A line a category over the dates."""
    if not found:
        return None
    shown = {results.labels[code]: found[code].points for code in list(found)[:MOST_LINES]}
    words = " ; ".join(
        f"{label} : " + ", ".join(f"{pourcent(point.served.share())} le {jour(point.date)}" for point in points)
        for label, points in shown.items()
    )
    people = people_in_french(terms)
    title = f"Part de la population à plus de {seuil(results.thresholds[-1])}, au fil des mesures"
    title = f"{title} : {people}" if people else title
    return Picture(title, f"{words}.", svg=worked_out(partial(dates_chart, shown)))
