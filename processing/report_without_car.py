"""The section « Sans voiture » of a report, from the layers of `withoutcar`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.progress import Progress
from ..core.report import Picture
from ..core.report.french import nombre, pourcent, seuil
from ..core.report.without_car import DAYS, LivingWithoutCar, ModeRow, ZoneWeek, whole_week, worst_weeks
from .attributes import as_number, as_text, or_null
from .coverage_layer import value_of
from .qgis_enums import FeatureRequestFlag
from .report_inputs import name_of
from .report_maps import MapGround, Sketch, draw_sketches, of_category, outline_of, styled
from .report_results import Results


def without_car(
    week: QgsVectorLayer | None,
    modes: QgsVectorLayer | None,
    places: QgsVectorLayer | None,
    weight: str,
    forward: str,
) -> LivingWithoutCar | None:
    """What the three layers say, each of which may be missing; None without any.

    ``weight``: the column of people of ``places``. The zones are those of the category ``forward`` where the week has
    it.
    """
    if week is None and modes is None and places is None:
        return None
    zones = [_week(row) for row in _rows(week)]
    whole = whole_week(zones)
    first = next((row.category for row in whole if row.category == forward), whole[0].category if whole else "")
    people, without_stop = _stops(places, weight)
    return LivingWithoutCar(
        tuple(whole),
        tuple(worst_weeks(zones, first)),
        tuple(_modes(_rows(modes))),
        next((value_of(row["seuil"]) for row in _rows(modes)), 0.0),
        people,
        without_stop,
    )


def draw_without_car(
    living: LivingWithoutCar, results: Results, progress: Progress, ground: MapGround
) -> list[Picture]:
    """The maps of the section, of the layers that have shapes: days a week, who depends on the car, no stop near."""
    limits = [outline_of(results.layers["COVERAGE"])] if ground.is_plan else []
    sketches = [sketch(living, results) for sketch in (_days_a_week, _by_car_only)]
    places = results.layers["PLACES"]
    if places is not None and places.isSpatial() and living.without_stop is not None and living.people:
        stops = styled(places, "Arrêts à portée de marche", "stop_places")
        share = pourcent(living.without_stop / living.people)
        words = f"Lieux où l'on vit sans arrêt à portée de marche ; {share} des habitants en tout."
        sketches.append(Sketch("Arrêts à portée de marche", words, [stops, *limits], [stops]))
    zones = of_category(results.layers["COVERAGE"], results.headline.category)
    return draw_sketches([sketch for sketch in sketches if sketch is not None], zones, progress, ground)


def _days_a_week(living: LivingWithoutCar, results: Results) -> Sketch | None:
    week = results.layers["WEEK"]
    if week is None or not week.isSpatial() or not living.zones:
        return None
    code = living.zones[0].category
    days = styled(of_category(week, code), "Jours par semaine", "week")
    (whole,) = (row for row in living.week if row.category == code)
    words = "Jours de la semaine où un habitant de la zone peut aller au guichet et rentrer, en moyenne"
    words += "." if whole.days is None else f" ; {nombre(whole.days, 1)} sur tout le territoire."
    return Sketch(f"Aller-retour sans voiture : {results.labels[code]}", words, [days], [days])


def _by_car_only(living: LivingWithoutCar, results: Results) -> Sketch | None:
    modes, known = results.layers["MODES"], [row for row in living.modes if row.dependent is not None]
    if modes is None or not modes.isSpatial() or not known:
        return None
    row = next((row for row in known if row.category == results.headline.category), known[0])
    shares = styled(of_category(modes, row.category), "Part en voiture seulement", "modes")
    words = f"Part des habitants à {seuil(living.threshold)} ou moins en voiture seulement"
    words += f" ; {pourcent(row.share(row.dependent))} en tout."
    return Sketch(f"Dépendants de la voiture : {results.labels[row.category]}", words, [shares], [shares])


def _rows(layer: QgsVectorLayer | None) -> Iterator[QgsFeature]:
    if layer is not None:
        yield from layer.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry))


def _week(row: QgsFeature) -> ZoneWeek:
    return ZoneWeek(
        name_of(row) or as_text(row["zone_id"]) or "Hors zone",
        as_text(row["categorie"]),
        value_of(row["population"]) - value_of(row["pop_non_calculee"]),
        tuple(or_null(as_number(row[f"part_{day}"])) for day in DAYS),
    )


def _modes(rows: Iterable[QgsFeature]) -> list[ModeRow]:
    found: dict[str, ModeRow] = {}
    for row in rows:
        code = as_text(row["categorie"])
        before = found.get(code, ModeRow(code, 0.0, 0.0, 0.0, None, None))
        found[code] = ModeRow(
            code,
            before.computed + value_of(row["population"]) - value_of(row["pop_non_calculee"]),
            before.on_foot + value_of(row["pop_a_pied"]),
            before.by_transit + value_of(row["pop_transport"]),
            _more(before.by_car, row["pop_voiture"]),
            _more(before.dependent, row["pop_depend_voiture"]),
        )
    return list(found.values())


def _more(before: float | None, people: Any) -> float | None:
    """The sum with a column that may be NULL: None where it always is."""
    known = or_null(as_number(people))
    return before if known is None else (before or 0.0) + known


def _stops(places: QgsVectorLayer | None, weight: str) -> tuple[float, float | None]:
    """People of the places looked at, and those of them without a stop near."""
    if places is None:
        return 0.0, None
    weighted = places.fields().lookupField(weight) >= 0
    people = without = 0.0
    for row in _rows(places):
        white = or_null(as_number(row["zone_blanche"]))
        if white is None:
            continue
        here = max(or_null(as_number(row[weight])) or 0.0, 0.0) if weighted else 1.0
        people += here
        without += here * bool(white)
    return people, without
