"""The services that count at a moment, and those of which nobody knows whether they are open."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ..core.access.opening import opening_at, parse_moment
from ..processing.access_inputs import texts_of
from ..processing.attributes import as_text
from ..processing.qgis_enums import FeatureRequestFlag
from .layer_boxes import has_field


def sites_that_count(services: QgsVectorLayer, moment: str, category: str | None = None) -> QgsVectorLayer:
    """In memory: the services of a category (None: of all), that are open at a moment, or at any time.

    Those whose hours are not known are closed, as for the algorithms.
    """
    sites = services.materialize(QgsFeatureRequest())
    sites.setName(services.name())
    if category is not None:
        rows = list(sites.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
        others = (row.id() for row, code in zip(rows, _codes(sites, rows)) if code != category)
        sites.dataProvider().deleteFeatures(list(others))
    if moment:
        rows = list(sites.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
        is_open = opening_at(_hours(sites, rows), parse_moment(moment)).open
        sites.dataProvider().deleteFeatures([row.id() for row, counts in zip(rows, is_open) if not counts])
    return sites


class UnknownHours(NamedTuple):
    """How many places of a category have hours that say nothing of a moment, and how many there are."""

    places: int
    total: int


def unknown_hours(services: QgsVectorLayer, moment: str) -> dict[str, UnknownHours]:
    """Of each category of the layer ("" for a layer without)."""
    rows = list(services.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
    codes = _codes(services, rows)
    unknown = opening_at(_hours(services, rows), parse_moment(moment)).unknown
    lacking = Counter(code for code, is_unknown in zip(codes, unknown) if is_unknown)
    return {code: UnknownHours(lacking[code], total) for code, total in Counter(codes).items()}


def _codes(layer: QgsVectorLayer, rows: list[QgsFeature]) -> list[str]:
    """The categories, as the algorithms name them."""
    if not has_field(layer, "categorie"):
        return [""] * len(rows)
    return [text.strip() for text in texts_of(rows, "categorie")]


def _hours(layer: QgsVectorLayer, rows: list[QgsFeature]) -> list[str]:
    return [as_text(row["horaires"]) if has_field(layer, "horaires") else "" for row in rows]
