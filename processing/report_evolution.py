"""What the measures of an observatory say beside the figures of a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from ..core.messages import Message, msg
from ..core.observatory import Terms, days_of_roads_unsaid, figures_of, people_words, series_kept
from ..core.population_columns import counts_inhabitants
from ..core.report import Picture
from ..core.report.charts import dates_chart
from ..core.report.evolution import Evolution, evolution_of
from ..core.report.french import jour, pourcent, seuil
from ..i18n import in_french
from .meanwhile import worked_out
from .observatory import figures_in, roads_doubt, roads_in_words
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


def other_series(results: Results, path: Path, terms: Terms) -> list[Message]:
    """What to say of the other series of the report's question and services: other people, or roads read otherwise.

    Raises what `figures_of` raises.
    """
    kept = [
        each
        for row in results.categories
        for each in series_kept(path, terms, row.category, results.thresholds[-1])
        if each.roads or each.population != terms.population
    ]
    people = {each.population for each in kept} - {terms.population}
    roads = {each.roads for each in kept if each.population == terms.population} - {terms.roads}
    said = [_of_other_people(terms.population, people)] if people else []
    if roads:
        own, others = roads_in_words(terms.roads), " / ".join(map(roads_in_words, sorted(roads)))
        said.append(
            msg(
                "The roads of this report were read so: {own}. MEASURES has other series of this question, of roads "
                "read otherwise, left out: {others}.",
                own=own,
                others=others,
            )
        )
    return said


def _of_other_people(population: str, others: set[str]) -> Message:
    people = ", ".join(in_words(people_words(each)) for each in sorted(others))
    own = people_words(population)
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


def roads_unsaid(found: Mapping[str, Evolution], results: Results, path: Path, terms: Terms) -> list[Message]:
    """What to say of dates of the evolutions that do not say how the roads were read; nothing where there is none.

    Raises what `figures_of` raises.
    """
    days: set[str] = set()
    for code, evolution in found.items():
        unsaid = days_of_roads_unsaid(path, terms, code, results.thresholds[-1])
        days.update(set(unsaid) & {point.date for point in evolution.points[:-1]})
    return [roads_doubt(len(days))] if days else []


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
