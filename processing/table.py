"""The tables that algorithms write: columns of a layer, their own after them; and how QGIS shows them once loaded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import repeat
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

from ..core.progress import Progress
from .qgis_enums import FIELD_TYPES, LISTS_AND_MAPS
from .sinks import Sink
from .styling import apply_style

BATCH = 1000
"""Rows handed to QGIS at once."""
_AS_THEY_ARE = frozenset((str, int, bool, type(None)))


def make_fields(*columns: tuple[str, str]) -> QgsFields:
    """Fields from (name, type) pairs; types are the keys of `FIELD_TYPES`. Raises `ValueError` for a name given twice:
    QGIS would leave the second out, and values would then stand in the wrong columns."""
    fields = QgsFields()
    for name, kind in columns:
        if not fields.append(QgsField(name, FIELD_TYPES[kind])):
            raise ValueError(f"Two columns are called {name}.")
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
        self._blank = [None] * len(kept)
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
            self._add(_cells(values), of, geometry)

    def add_columns(
        self,
        columns: Sequence[Any],
        of: Sequence[QgsFeature | None] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Many rows at once: ``columns`` of n values each, lists or arrays, after the columns and the geometry of
        ``of`` (n), as `add` takes them one by one; the values of an array are converted together.
        """
        if self._sink is None:
            return
        total = len(columns[0])
        for start in range(0, total, BATCH):
            if progress is not None:
                progress.advance(start / total)
            rows = zip(*(_column_cells(column[start : start + BATCH]) for column in columns))
            begun = repeat(None) if of is None else of[start : start + BATCH]
            for values, own in zip(rows, begun):
                self._add(values, own, None)

    def _add(self, values: Sequence[Any], of: QgsFeature | None, geometry: QgsGeometry | None) -> None:
        feature = QgsFeature()
        feature.setFields(self.fields, False)
        own = self._blank
        if of is not None:
            read = of.attributes()
            own = [read[index] for index in self._kept]
            geometry = of.geometry() if geometry is None else geometry
        feature.setAttributes([*own, *values])
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


def _cells(values: Iterable[Any]) -> list[Any]:
    """Values as columns take them."""
    return [value if value.__class__ in _AS_THEY_ARE else _cell(value) for value in values]


def _column_cells(values: Any) -> list[Any]:
    """A part of a column as `_cells` has it: numbers and texts of an array are converted together."""
    if not isinstance(values, np.ndarray):
        return _cells(values)
    cells: list[Any] = values.tolist()
    if values.dtype.kind == "f":
        for row in np.flatnonzero(~np.isfinite(values)).tolist():
            cells[row] = None
    return cells


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
