"""Corrections as rows: read from a layer, written as results."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFeatureSource,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
)

from ..core.corrections.bulk import CorrectionRow
from ..core.corrections.model import PRIVATE, PROPERTIES, changes_text
from ..core.corrections.submission import Result
from ..core.progress import Progress
from ..i18n import translate_message
from .base import make_fields, plain, read_points
from .coordinates import WGS84

SHOWN = tuple(name for name in PROPERTIES if name not in PRIVATE)
RESULT_FIELDS = make_fields(*((name, "text") for name in SHOWN), ("raison", "text"))
"""Columns of a result. Comment and e-mail of the author stay in the outbox."""


def read_rows(source: QgsFeatureSource, context: QgsProcessingContext, progress: Progress) -> list[CorrectionRow]:
    """All rows of a layer with their position in degrees; NULL is read as absent."""
    names = [field.name() for field in source.fields()]
    features, xy = read_points(source, QgsCoordinateReferenceSystem(WGS84), context, progress)
    return [
        CorrectionRow(_properties(names, feature), *((lon, lat) if lon == lon else (None, None)))
        for feature, (lon, lat) in zip(features, xy.tolist())
    ]


def write_results(sink: QgsFeatureSink, results: list[Result]) -> None:
    """One row a result, in their order."""
    for result in results:
        sink.addFeature(_feature(result), QgsFeatureSink.Flag.FastInsert)


def reason_text(result: Result) -> str:
    """Why a correction is not where it should be, in the user's language, with the registry's words by field."""
    lines = [translate_message(result.reason)] if result.reason else []
    lines += [f"{field}: {words}" for field, words in result.field_reasons.items()]
    return "\n".join(lines)


def _properties(names: list[str], feature: QgsFeature) -> dict[str, Any]:
    return {name: plain(value) for name, value in zip(names, feature.attributes())}


def _feature(result: Result) -> QgsFeature:
    feature = QgsFeature(RESULT_FIELDS)
    correction = result.correction
    if correction is not None:
        for name in SHOWN:
            feature[name] = str(getattr(correction, name)) or None
        feature["changes"] = changes_text(correction.changes) or None
        if correction.lon is not None and correction.lat is not None:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(correction.lon, correction.lat)))
    feature["etat"] = result.state or (correction.etat if correction else None)
    feature["ref_serveur"] = result.server_ref or None
    feature["raison"] = reason_text(result) or None
    return feature
