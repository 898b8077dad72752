"""The section « Scénario » of a report, from the summary of `comparescenarios`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.report.scenario import ScenarioChange, ScenarioFigures, ScenarioRow
from ..core.siting.scenarios import mean_change
from ..core.travel_modes import UNITS
from ..i18n import in_french
from .attributes import as_number, as_text, or_null, plain, text_of
from .coverage_layer import value_of
from .qgis_enums import FeatureRequestFlag
from .report_inputs import ReportInputError
from .scenario_changes import COLUMNS, in_words

_BEYOND = re.compile(r"pop_au_dela_(\d+(?:_\d+)?)_avant")


def scenario_figures(
    summary: QgsVectorLayer | None, names: Mapping[str, str], changes: QgsVectorLayer | None = None
) -> ScenarioFigures | None:
    """What a scenario changes; ``names`` gives the name of a zone by its identifier. None without a table.

    ``changes`` lists its places and roads.
    A table without the column ``metric`` is in minutes. Raises `ReportInputError` where nothing is said of all people.
    """
    if summary is None:
        return None
    texts = [match[1] for match in map(_BEYOND.fullmatch, summary.fields().names()) if match]
    by_threshold = sorted((float(text.replace("_", ".")), text) for text in texts)
    columns = [text for _threshold, text in by_threshold]
    whole, zones, unit = None, [], UNITS["time"]
    for feature in summary.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)):
        kind, identifier = as_text(feature["type"]), as_text(feature["identifiant"])
        unit = UNITS.get(text_of(feature, "metric"), unit)
        if kind == "total":
            whole = _row(feature, "", columns)
        elif kind == "zone":
            zones.append(_row(feature, names.get(identifier) or identifier or "Hors zone", columns))
    if whole is None:
        raise ReportInputError(
            "The summary of the scenario has no row of all people: give that of “Compare two scenarios”."
        )
    thresholds = tuple(threshold for threshold, _text in by_threshold)
    return ScenarioFigures(summary.name(), thresholds, whole, tuple(zones), unit, _changes(changes))


def _changes(table: QgsVectorLayer | None) -> tuple[ScenarioChange, ...]:
    """The rows of the table of changes, in French."""
    if table is None:
        return ()
    with in_french():
        rows = ([plain(feature[name]) for name, _kind in COLUMNS] for feature in table.getFeatures())
        return tuple(ScenarioChange(*in_words(row)) for row in rows)


def _row(feature: QgsFeature, name: str, columns: list[str]) -> ScenarioRow:
    known = feature.fields().names()
    return ScenarioRow(
        name,
        value_of(feature["population"]),
        value_of(feature["pop_gagne"]) + value_of(feature["pop_gagne_acces"]),
        value_of(feature["pop_perd"]) + value_of(feature["pop_perd_acces"]),
        or_null(as_number(feature["cout_moyen_avant"])),
        or_null(as_number(feature["cout_moyen_apres"])),
        tuple(value_of(feature[f"pop_au_dela_{text}_avant"]) for text in columns),
        tuple(value_of(feature[f"pop_au_dela_{text}_apres"]) for text in columns),
        value_of(feature["pop_non_calculee"]) if "pop_non_calculee" in known else 0.0,
        value_of(feature["pop_gagne_acces"]),
        value_of(feature["pop_perd_acces"]),
        _mean_change(feature) if {"pop_inchange", "gain_total", "perte_totale"} <= set(known) else None,
    )


def _mean_change(feature: QgsFeature) -> float | None:
    people = sum(value_of(feature[name]) for name in ("pop_gagne", "pop_perd", "pop_inchange"))
    return or_null(mean_change(people, value_of(feature["gain_total"]), value_of(feature["perte_totale"])))
