"""Corrections as rows: read from a layer, written as results."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsFeatureSource, QgsProcessingContext

from ..core.corrections.bulk import CorrectionRow
from ..core.corrections.model import PRIVATE, PROPERTIES, changes_text
from ..core.corrections.submission import Result
from ..core.progress import Progress
from ..i18n import translate_message
from .asked import Asked
from .attributes import plain
from .coordinates import WGS84
from .positions import read_points
from .qgis_enums import WkbType
from .registry_inputs import point_at
from .table import ResultTable

SHOWN = tuple(name for name in PROPERTIES if name not in PRIVATE)
RESULTS = (*((name, "text") for name in SHOWN), ("raison", "text"))
"""Columns of a result. Comment and e-mail of the author stay in the outbox."""


def read_rows(source: QgsFeatureSource, context: QgsProcessingContext, progress: Progress) -> list[CorrectionRow]:
    """All rows of a layer with their position in degrees; NULL is read as absent."""
    names = [field.name() for field in source.fields()]
    features, xy = read_points(source, QgsCoordinateReferenceSystem(WGS84), context, progress)
    return [
        CorrectionRow(_properties(names, feature), *((lon, lat) if lon == lon else (None, None)))
        for feature, (lon, lat) in zip(features, xy.tolist())
    ]


def results_table(asked: Asked) -> ResultTable:
    """OUTPUT, which also says what came of corrections when the user has cancelled."""
    return asked.table("OUTPUT", RESULTS, geometry=WkbType.Point, crs=WGS84, style="corrections", always=True)


def write_results(table: ResultTable, results: list[Result]) -> None:
    """One row a result, in their order."""
    for result in results:
        correction, position, row = result.correction, None, dict.fromkeys(SHOWN)
        if correction is not None:
            row = {name: str(getattr(correction, name)) or None for name in SHOWN}
            row["changes"] = changes_text(correction.changes) or None
            position = point_at(correction.lon, correction.lat)
        row["etat"] = result.state or (correction.etat if correction else None)
        row["ref_serveur"] = result.server_ref or None
        table.add([*row.values(), reason_text(result) or None], geometry=position)


def reason_text(result: Result) -> str:
    """Why a correction is not where it should be, in the user's language, with the registry's words by field."""
    lines = [translate_message(result.reason)] if result.reason else []
    lines += [f"{field}: {words}" for field, words in result.field_reasons.items()]
    return "\n".join(lines)


def _properties(names: list[str], feature: QgsFeature) -> dict[str, Any]:
    return {name: plain(value) for name, value in zip(names, feature.attributes())}
