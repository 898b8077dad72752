"""The section « Sans voiture » of a report, from the layers of `withoutcar`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.report.without_car import DAYS, LivingWithoutCar, ModeRow, ZoneWeek, whole_week, worst_weeks
from .attributes import as_number, as_text, or_null
from .coverage_layer import value_of
from .qgis_enums import FeatureRequestFlag
from .report_inputs import name_of


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
