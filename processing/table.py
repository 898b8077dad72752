"""The tables that algorithms write: columns of a layer, their own after them; and how QGIS shows them once loaded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Callable

import numpy as np
from qgis.core import (
    QgsFeature,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
)

from .qgis_enums import FIELD_TYPES, LISTS_AND_MAPS
from .sinks import Sink
from .styling import apply_style

BATCH = 1000
"""Rows handed to QGIS at once."""
_AS_THEY_ARE = frozenset((str, int, bool, type(None)))


def make_fields(*columns: tuple[str, str]) -> QgsFields:
    """Fields from (name, type) pairs; types are the keys of `FIELD_TYPES`."""
    fields = QgsFields()
    for name, kind in columns:
        fields.append(QgsField(name, FIELD_TYPES[kind]))
    return fields


def fields_with(
    own: QgsFields, added: QgsFields, only: str | None = None, fid: str = ""
) -> tuple[QgsFields, list[int]]:
    """The added columns after those of the layer that do not have their name, and the indexes of the latter.

    ``only`` keeps one column of the layer (empty: none). GeoPackage's own row number is left out, or renamed to
    ``fid``: a result that repeats a row could not be saved with it.
    """
    taken = {field.name().lower() for field in added} | ({"fid"} if not fid else set())
    kept = [i for i, field in enumerate(own) if field.name().lower() not in taken and only in (None, field.name())]
    fields = QgsFields()
    for index in kept:
        field = QgsField(own.at(index))
        if field.name().lower() == "fid":
            field.setName(fid)
        fields.append(field)
    for field in added:
        fields.append(field)
    return fields, kept


def given_way(own: QgsFields, fields: QgsFields, kept: Sequence[int], only: str | None = None) -> list[str]:
    """The columns of a layer that are not in a result because one of its own has their name (see `fields_with`)."""
    there = {field.name().lower() for field in fields}
    lacking = (field.name() for index, field in enumerate(own) if index not in kept and only in (None, field.name()))
    return [name for name in lacking if name.lower() in there]


class ResultTable:
    """A result while it is written, in batches. One that was not asked for takes rows and keeps none.

    Attributes:
        fields: its columns, those ``kept`` of a layer first.
    """

    def __init__(self, sink: Sink | None, fields: QgsFields, kept: Sequence[int], check: Callable[[], None]) -> None:
        """``check`` is called after each batch, and raises `core.errors.Cancelled` when the user asked to stop."""
        self._sink, self.fields, self._kept, self._check = sink, fields, kept, check
        self._waiting: list[QgsFeature] = []

    @property
    def wanted(self) -> bool:
        """Whether rows go anywhere."""
        return self._sink is not None

    def add(self, values: Iterable[Any], of: QgsFeature | None = None, geometry: QgsGeometry | None = None) -> None:
        """One row: the columns and the geometry of ``of`` (NULL without it), then ``values``; another ``geometry``.

        Numbers that are not finite are NULL. Raises `sinks.SinkError`, `core.errors.Cancelled`.
        """
        if self._sink is not None:
            self._add([value if value.__class__ in _AS_THEY_ARE else _cell(value) for value in values], of, geometry)

    def add_all(self, rows: Iterable[tuple[QgsFeature, list[Any]]], progress: Any, total: int) -> None:
        """Rows of a layer with values that are NULL where they should be: many of them, at twice the speed."""
        if self._sink is None:
            return
        for number, (own, values) in enumerate(rows):
            if number % BATCH == 0:
                progress.advance(number / total)
            self._add(values, own, None)

    def _add(self, values: list[Any], of: QgsFeature | None, geometry: QgsGeometry | None) -> None:
        feature = QgsFeature(self.fields)
        if of is not None:
            read = of.attributes()
            values = [*(read[index] for index in self._kept), *values]
            geometry = of.geometry() if geometry is None else geometry
        elif self._kept:
            values = [*[None] * len(self._kept), *values]
        feature.setAttributes(values)
        if geometry is not None:
            feature.setGeometry(geometry)
        self._waiting.append(feature)
        if len(self._waiting) >= BATCH:
            self.flush()
            self._check()

    def flush(self) -> None:
        """Write what waits. Raises `sinks.SinkError`."""
        if self._sink is not None and self._waiting:
            waiting, self._waiting = self._waiting, []
            self._sink.addFeatures(waiting)

    def close(self, context: QgsProcessingContext) -> None:
        """Write what waits, and read all again. Raises `sinks.SinkError` when a row is missing."""
        self.flush()
        if self._sink is not None:
            self._sink.close(context)


def _cell(value: Any) -> Any:
    """A value as a column takes it: numpy's numbers as Python's, those that are not finite as NULL."""
    if value.__class__ is not float:
        value = value.item() if isinstance(value, np.generic) else value
        if not isinstance(value, float):
            return value
    return value if math.isfinite(value) else None


def writable(fields: QgsFields) -> tuple[QgsFields, list[int]]:
    """Fields that every format can hold: lists and maps (JSON columns) become text. And which these are."""
    written, as_json = QgsFields(), []
    for index, field in enumerate(fields):
        if field.type() in LISTS_AND_MAPS:
            as_json.append(index)
            field = QgsField(field.name(), FIELD_TYPES["text"])
        written.append(field)
    return written, as_json


# -- how a result looks once QGIS has loaded it -----------------------------------------------------------------------

# Style and facts of each layer made, by its destination, until it is styled.
_STYLES: dict[str, tuple[str, dict[str, Any]]] = {}
# QGIS keeps only a pointer: each lives here until its layer is loaded.
_STYLERS: dict[str, _Styler] = {}


def style_later(context: QgsProcessingContext, destination: str, style: str, facts: dict[str, Any]) -> None:
    """Remember how the layer of this destination shall look; QGIS's own Processing applies it when it loads it."""
    _STYLES[destination] = (style, facts)
    if context.willLoadLayerOnCompletion(destination):
        styler = _STYLERS.setdefault(destination, _Styler(destination))
        context.layerToLoadOnCompletionDetails(destination).setPostProcessor(styler)


def style_result(layer: QgsMapLayer, destination: str) -> None:
    """Give a result, named by its destination in the answer of its algorithm, the style that the algorithm chose."""
    if destination in _STYLES:
        apply_style(layer, *_STYLES.pop(destination))


class _Styler(QgsProcessingLayerPostProcessorInterface):
    """Styles a result when QGIS's own Processing loads it."""

    def __init__(self, destination: str) -> None:
        super().__init__()
        self._destination = destination

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        style_result(layer, self._destination)
        _STYLERS.pop(self._destination)
