"""What an algorithm was asked for in one run: its values read, its layers opened, its results written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSource,
    QgsFields,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
)

from ..core.messages import Message, msg
from ..core.progress import Progress
from .attributes import is_null
from .coordinates import Mover
from .qgis_enums import ParameterFlag, WkbType
from .sinks import Sink, SinkError, destination_of, path_of, suffix_of
from .table import ResultTable, fields_with, given_way, make_fields, style_later, writable

Columns = tuple[tuple[str, str], ...]
"""(name, type) of each column; types are the keys of `FIELD_TYPES`."""


class Asked:
    """One run of an algorithm: its parameters by name, and its results.

    Attributes:
        progress: of the whole run; `upto` gives that of each step.
        results: the answer so far: what is here when the user cancels is kept.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        progress: Progress,
    ) -> None:
        self.algorithm, self.parameters, self.context, self.progress = algorithm, parameters, context, progress
        self.results: dict[str, Any] = {}
        self._tables: list[ResultTable] = []
        self._done = 0.0

    def upto(self, fraction: float) -> Progress:
        """The progress of the next step of the work, which ends when ``fraction`` of the whole is done."""
        start, self._done = self._done, fraction
        return self.progress.part(start, fraction)

    def warn_of_some(self, message: Message) -> None:
        """Warn of the ``count`` of a message, unless that is none."""
        if message.values["count"]:
            self.progress.warn(message)

    # -- values -------------------------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        """Whether the algorithm has this parameter."""
        return self.algorithm.parameterDefinition(name) is not None

    def is_given(self, name: str) -> bool:
        """Whether something was given for this parameter, or is its default."""
        definition = self.algorithm.parameterDefinition(name)
        value = "" if definition is None else self.parameters.get(name, definition.defaultValue())
        return not (is_null(value) or value == "")

    def number(self, name: str, empty: float | None = None) -> float:
        """A number; ``empty``, where that is given, for one that was left empty."""
        if empty is not None and not self.is_given(name):
            return empty
        return self.algorithm.parameterAsDouble(self.parameters, name, self.context)

    def integer(self, name: str) -> int:
        return self.algorithm.parameterAsInt(self.parameters, name, self.context)

    def flag(self, name: str) -> bool:
        return self.algorithm.parameterAsBool(self.parameters, name, self.context)

    def text(self, name: str) -> str:
        """A text without blanks around it; empty where the algorithm does not have the parameter."""
        return self.column(name).strip()

    def column(self, name: str) -> str:
        """The name of a column, as it is written; empty for none."""
        return self.algorithm.parameterAsString(self.parameters, name, self.context) if self.has(name) else ""

    def columns(self, name: str) -> list[str]:
        """The columns chosen for a parameter that takes several, each once."""
        # An older QGIS has only the one that newer ones call deprecated.
        read = getattr(self.algorithm, "parameterAsStrings", None) or self.algorithm.parameterAsFields
        return list(dict.fromkeys(column for column in read(self.parameters, name, self.context) if column))

    def choice(self, name: str, default: str = "") -> str:
        """An enumeration's value; ``default`` where the algorithm does not have it or it was left empty."""
        if not self.has(name):
            return default
        return self.algorithm.parameterAsEnumString(self.parameters, name, self.context) or default

    def file(self, name: str) -> str:
        """The path of a file that is read; empty for none."""
        return self.algorithm.parameterAsFile(self.parameters, name, self.context) if self.has(name) else ""

    def destination(self, name: str, suffix: str = "") -> str:
        """The path of a file that is written, with ``suffix`` where it has none; empty where it is not wanted."""
        path = self.algorithm.parameterAsFileOutput(self.parameters, name, self.context)
        return f"{path}{suffix}" if path and not Path(path).suffix else path

    # -- layers -------------------------------------------------------------------------------------------------------

    def source(self, name: str) -> QgsFeatureSource:
        """The layer given for ``name``, with a plain error when it cannot be read."""
        source = self.optional_source(name)
        if source is None:
            raise QgsProcessingException(self.algorithm.invalidSourceError(self.parameters, name))
        return source

    def optional_source(self, name: str) -> QgsFeatureSource | None:
        """The layer given for ``name``, None for none."""
        return self.algorithm.parameterAsSource(self.parameters, name, self.context)

    def layer(self, name: str) -> QgsMapLayer | None:
        """The map layer given for ``name``, None for none."""
        return self.algorithm.parameterAsVectorLayer(self.parameters, name, self.context)

    def mover(self, source: QgsCoordinateReferenceSystem | str, target: QgsCoordinateReferenceSystem | str) -> Mover:
        """From one CRS to another, by the operation that the project has chosen between them."""
        return Mover(source, target, self.context.transformContext())

    # -- results ------------------------------------------------------------------------------------------------------

    def table(
        self,
        name: str,
        columns: QgsFields | Columns,
        *,
        like: QgsFeatureSource | None = None,
        only: str | None = None,
        fid: str = "",
        geometry: Any = None,
        crs: QgsCoordinateReferenceSystem | str | None = None,
        style: str = "table",
        facts: dict[str, Any] | None = None,
        always: bool = False,
    ) -> ResultTable:
        """Open the result ``name``: its ``columns`` after those of the layer that it is made ``like``.

        Of that layer it has the geometry and the CRS too, unless others are given; ``only`` keeps one of its columns
        (empty: none), ``fid`` is a name for its row number, which is left out otherwise.
        ``style`` names what `styling.apply_style` makes of it once loaded (``table``: only the columns get their
        titles), ``facts`` what its legend must say. What was written stays in the results when the user cancels;
        ``always``: also what is written after that.
        """
        added = columns if isinstance(columns, QgsFields) else make_fields(*columns)
        fields, kept = fields_with(QgsFields() if like is None else like.fields(), added, only, fid)
        if like is not None:
            geometry = like.wkbType() if geometry is None else geometry
            crs = like.sourceCrs() if crs is None else crs
        geometry = WkbType.NoGeometry if geometry is None else geometry
        sink = self.sink(name, fields, geometry, QgsCoordinateReferenceSystem(crs or ""), style, facts)
        if sink is not None and like is not None:
            self._say_replaced(like.sourceName(), given_way(like.fields(), fields, kept, only))
        table = ResultTable(sink, fields, kept, (lambda: None) if always else self.progress.check)
        self._tables.append(table)
        return table

    def _say_replaced(self, layer: str, columns: list[str]) -> None:
        if columns:
            self.progress.info(
                msg(
                    "{count} column of “{layer}” gives way to the result of that name: {names}."
                    "|{count} columns of “{layer}” give way to the results of those names: {names}.",
                    count=len(columns),
                    layer=layer,
                    names=", ".join(columns),
                )
            )

    def sink(
        self,
        name: str,
        fields: QgsFields,
        geometry: Any,
        crs: QgsCoordinateReferenceSystem,
        style: str,
        facts: dict[str, Any] | None,
    ) -> Sink | None:
        """The layer behind a result; None when an optional one was not asked for."""
        asked = destination_of(self.parameters.get(name), self.context)
        if geometry == WkbType.NoGeometry and suffix_of(asked) == ".shp":
            raise SinkError(
                "{path}: a shapefile has a geometry on each row, and this result is a table without any. Choose a"
                " GeoPackage, or a .csv file.",
                path=path_of(asked),
            )
        fields, as_json = writable(fields)
        sink, destination = self.algorithm.parameterAsSink(self.parameters, name, self.context, fields, geometry, crs)
        if sink is None:
            if self.algorithm.parameterDefinition(name).flags() & ParameterFlag.Optional:
                return None
            raise QgsProcessingException(self.algorithm.invalidSinkError(self.parameters, name))
        self.results[name] = destination
        style_later(self.context, destination, style, facts or {})
        return Sink(sink, destination, as_json)

    def finish(self) -> None:
        """Called when the work is done, and was not cancelled."""

    def close(self) -> None:
        """Write what waits in the results, and read them again. Raises `sinks.SinkError` when a row is missing."""
        for table in self._tables:
            table.close(self.context)
