"""What all algorithms share: names, help, progress, errors in the user's language, sinks, the network parameter."""

from __future__ import annotations

import errno
import math
import os
import re
from pathlib import Path
from typing import Any, Callable

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsField,
    QgsFields,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QLocale, Qt, QTime, QVariant
from qgis.PyQt.QtGui import QIcon, QTextDocument

from ..core.errors import Cancelled, CartoError, InvalidInput
from ..core.messages import Message, msg
from ..core.progress import Progress
from ..core.proj_threads import hold_proj
from ..i18n import tr, translate_message
from . import log
from .coordinates import Mover
from .qgis_enums import (
    FIELD_TYPES,
    LISTS_AND_MAPS,
    GeometryType,
    InvalidGeometryCheck,
    NumberType,
    ParameterFlag,
    SourceType,
    WkbType,
)
from .sinks import Sink, path_of, refuse_overwriting_inputs
from .styling import apply_style

ROOT = Path(__file__).resolve().parent.parent
HELP = Path(__file__).resolve().parent / "help"
_FARTHEST = 1e9
"""Beyond this no coordinate reference system has a place, in degrees or metres."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORMATTED_ITEM = re.compile(r"^(\s*(?:- |\d+\. ))(?=[*`])", re.MULTILINE)


class FeedbackProgress(Progress):
    """Shows the progress of `core` in a Processing feedback, and hears its cancel."""

    def __init__(self, feedback: QgsProcessingFeedback, words: Callable[[Message], str] = translate_message) -> None:
        self._feedback, self._words = feedback, words

    def show(self, fraction: float) -> None:
        self._feedback.setProgress(100.0 * fraction)

    def cancelled(self) -> bool:
        return self._feedback.isCanceled()

    def info(self, message: Message) -> None:
        self._feedback.pushInfo(self._words(message))

    def warn(self, message: Message) -> None:
        self._feedback.pushWarning(self._words(message))


def group_titles() -> dict[str, str]:
    """The headings of the toolbox, in the order of the work."""
    return {
        "referential": tr("1 · Referential"),
        "network": tr("2 · Road network"),
        "access": tr("3 · Access and gaps"),
        "siting": tr("4 · Where to open"),
        "corrections": tr("5 · Corrections"),
        "report": tr("6 · Report"),
    }


def help_as_html(markdown: str) -> str:
    """A help page for QGIS's pane, without its title (the pane shows the algorithm's) and without Qt's style sheet."""
    document = QTextDocument()
    # Qt would give a whole item the format of its first word; a hair space comes first.
    document.setMarkdown(FORMATTED_ITEM.sub("\\1\u200a", markdown.partition("\n")[2]))
    inside = document.toHtml().partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
    return inside.replace("\n", "")  # the pane makes a paragraph of each line, which would break lists up


class CartoAlgorithm(QgsProcessingAlgorithm):
    """Base of the plugin's algorithms: a subclass gives `ID`, `GROUP`, `displayName`, its parameters and `execute`."""

    ID = ""
    GROUP = "access"
    """One of `group_titles`; also the icon's name."""

    def __init__(self) -> None:
        super().__init__()
        self._results: dict[str, Any] = {}
        self._sinks: list[Sink] = []

    # -- what a subclass writes ---------------------------------------------------------------------------------------

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        """Do the work; the answer joins what `add_sink` has recorded. `CartoError` ends it with a clear message."""
        raise QgsProcessingException(self.ID)

    # -- what QGIS asks -----------------------------------------------------------------------------------------------

    def name(self) -> str:
        return self.ID

    def createInstance(self) -> QgsProcessingAlgorithm:
        return type(self)()

    def icon(self) -> QIcon:
        return QIcon(str(ROOT / "resources" / "icons" / f"{self.GROUP}.svg"))

    def groupId(self) -> str:
        return self.GROUP

    def group(self) -> str:
        return group_titles()[self.GROUP]

    def shortHelpString(self) -> str:
        """The algorithm's Markdown page, in French for French screens and in English for others."""
        language = "fr" if QLocale().name().startswith("fr") else "en"
        page = HELP / f"{self.ID}.{language}.md"
        if not page.is_file():
            return ""
        return help_as_html(page.read_text(encoding="utf-8"))

    def checkParameterValues(self, parameters, context):
        return super().checkParameterValues(self._as_declared(parameters), context)

    def processAlgorithm(self, parameters, context, feedback) -> dict[str, Any]:
        hold_proj()
        self._results = {}
        progress = FeedbackProgress(feedback, self.words)
        check = context.invalidGeometryCheck()
        # QGIS would stop at an invalid geometry by an exception that no Python survives: they are mended here instead.
        context.setInvalidGeometryCheck(InvalidGeometryCheck.NoCheck)
        try:
            try:
                declared = self._as_declared(parameters)
                self._check_numbers(declared)
                self._check_columns(declared, context)
                self._refuse_overwriting(declared, context)
                self._results.update(self.execute(declared, context, progress) or {})
            except Cancelled as cancelled:
                feedback.pushInfo(self.words(cancelled))
            for sink in self._sinks:
                sink.close(context)
        except CartoError as error:
            log.failed(f"{self.displayName()} – {self.words(error)}")
            raise QgsProcessingException(self.words(error)) from error
        except OSError as error:  # a full disk, a file that another program holds
            words = _of_the_system(error)
            log.failed(f"{self.displayName()} – {words}")
            raise QgsProcessingException(words) from error
        except QgsProcessingException:
            raise
        except Exception as error:  # a fault of ours: said in words, its trace in the log
            log.fault(self.displayName())
            raise QgsProcessingException(self.words(_unforeseen(error))) from error
        finally:
            self._sinks.clear()
            context.setInvalidGeometryCheck(check)
        return self._results

    def words(self, message: Message | CartoError) -> str:
        """A sentence in the user's language, its parameters called as on the screen (without their parentheses)."""
        definitions = [*self.outputDefinitions(), *self.parameterDefinitions()]
        labels = {each.name(): re.split(r" ?[:(]", each.description())[0] for each in definitions}
        return translate_message(message, labels)

    def _as_declared(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Values in the form their parameters declare.

        Enumerations are named by strings; models and scripts may also give the position in the list. Texts that list
        codes or numbers may come as lists, which QGIS itself would read as an empty text.
        """
        declared = dict(parameters)
        for definition in self.parameterDefinitions():
            value = parameters.get(definition.name())
            if isinstance(definition, QgsProcessingParameterEnum):
                position = as_text(value)
                if position.isdecimal() and int(position) < len(definition.options()):
                    declared[definition.name()] = definition.options()[int(position)]
            elif isinstance(definition, QgsProcessingParameterString) and isinstance(value, (list, tuple)):
                declared[definition.name()] = ",".join(map(as_text, value))
        return declared

    # -- parameters ---------------------------------------------------------------------------------------------------

    def add_enum(self, name: str, label: str, options: list[str], default: str | None, optional: bool = False) -> None:
        """An enumeration given by its strings (or position)."""
        self.addParameter(
            QgsProcessingParameterEnum(
                name, label, options=options, defaultValue=default, optional=optional, usesStaticStrings=True
            )
        )

    def add_advanced(self, definition: QgsProcessingParameterDefinition) -> None:
        """A parameter that the dialog shows folded."""
        definition.setFlags(definition.flags() | ParameterFlag.Advanced)
        self.addParameter(definition)

    def add_snap_distance(self, default: float = 1000.0) -> None:
        """How far from the network a point may be, in metres."""
        self.add_advanced(
            QgsProcessingParameterNumber(
                "SNAP_DISTANCE",
                tr("Farthest from the network (metres)"),
                NumberType.Double,
                default,
                minValue=0,
            )
        )

    def add_output(self, name: str, label: str, kind=SourceType.Vector, by_default=True, optional=False) -> None:
        """A layer the algorithm makes; ``by_default`` False for those made only when asked for.

        ``optional``: the dialog makes it, and a script that does not name it does without.
        """
        optional = optional or not by_default
        self.addParameter(
            QgsProcessingParameterFeatureSink(name, label, kind, optional=optional, createByDefault=by_default)
        )

    def source(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> QgsFeatureSource:
        """The layer given for ``name``, with a plain error when it cannot be read."""
        source = self.parameterAsSource(parameters, name, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        return source

    # -- outputs ------------------------------------------------------------------------------------------------------

    def add_sink(
        self,
        parameters: dict[str, Any],
        name: str,
        context: QgsProcessingContext,
        fields: QgsFields,
        geometry=WkbType.NoGeometry,
        crs: QgsCoordinateReferenceSystem | None = None,
        style: str = "table",
        facts: dict[str, Any] | None = None,
    ) -> Sink | None:
        """Open the layer ``name``; None when an optional one was not asked for.

        ``style`` names what `styling.apply_style` shall make of it once loaded (``table``: only the columns get their
        titles), ``facts`` what its legend must say.
        What was written stays in the results when the user cancels.
        """
        crs = crs or QgsCoordinateReferenceSystem()
        fields, as_json = _writable(fields)
        sink, destination = self.parameterAsSink(parameters, name, context, fields, geometry, crs)
        if sink is None:
            definition = self.parameterDefinition(name)
            if definition.flags() & ParameterFlag.Optional:
                return None
            raise QgsProcessingException(self.invalidSinkError(parameters, name))
        self._results[name] = destination
        counted = Sink(sink, destination, as_json)
        self._sinks.append(counted)
        _STYLES[destination] = (style, facts or {})
        if context.willLoadLayerOnCompletion(destination):
            context.layerToLoadOnCompletionDetails(destination).setPostProcessor(_dresser_of(destination))
        return counted

    def _check_numbers(self, parameters: dict[str, Any]) -> None:
        """Raise `InvalidInput` for what is called a number and is none."""
        for definition in self.parameterDefinitions():
            value = parameters.get(definition.name())
            if isinstance(definition, QgsProcessingParameterNumber) and isinstance(value, float) and np.isnan(value):
                raise InvalidInput("{name} is not a number.", name=definition.name())

    def _check_columns(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Raise `InvalidInput` when a column is chosen that its layer does not have."""
        for definition in self.parameterDefinitions():
            value = parameters.get(definition.name())
            if not isinstance(definition, QgsProcessingParameterField) or not value:
                continue
            parent = definition.parentLayerParameterName()
            source = self.parameterAsSource(parameters, parent, context) if parent else None
            several = value if isinstance(value, (list, tuple)) else as_text(value).split(";")
            for column in several if definition.allowMultiple() else [as_text(value)]:
                if column and source is not None and source.fields().lookupField(column) < 0:
                    raise InvalidInput("The layer {name} has no column “{field}”.", name=parent, field=column)

    def _refuse_overwriting(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Raise `InvalidInput` when a result would take the place of what it is made from, or of another result."""
        given = {each: parameters.get(each.name()) for each in self.parameterDefinitions()}
        outputs = {each.name(): _destination(value, context) for each, value in given.items() if each.isDestination()}
        if any(os.path.isabs(path_of(output)) for output in outputs.values()):
            inputs = {each.name(): value for each, value in given.items() if not each.isDestination()}
            refuse_overwriting_inputs(outputs, inputs, context)


def _of_the_system(error: OSError) -> str:
    """What the system refused, in words."""
    if error.errno in _NO_ROOM:
        full = tr("The disk is full: the result is not complete and is not to be used. Make room or write elsewhere.")
        return f"{error.filename} – {full}" if error.filename else full
    where = error.filename or tr("the temporary folder")
    return tr("{path} cannot be read or written: {reason}").format(path=where, reason=error.strerror or error)


def _unforeseen(error: Exception) -> Message:
    if isinstance(error, MemoryError):
        return msg("There is not enough memory for this. Ask for less: fewer rows, fewer thresholds, a smaller K.")
    return msg(
        "This case was not foreseen ({kind}: {reason}). What was written is not to be used; please report it, "
        "with the plugin's messages in QGIS's log.",
        kind=type(error).__name__,
        reason=str(error),
    )


def _destination(value: Any, context: QgsProcessingContext) -> str:
    """Where a result goes, as text; empty where QGIS chooses."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink.valueAsString(context.expressionContext())[0]
    return value if isinstance(value, str) else ""


# Style and facts of each layer made, by its destination, until it is dressed.
_STYLES: dict[str, tuple[str, dict[str, Any]]] = {}
# QGIS keeps only a pointer: each lives here until its layer is loaded.
_DRESSERS: dict[str, _Dresser] = {}


def dress(layer: QgsMapLayer, destination: str) -> None:
    """Give a result, named by its destination in the answer of its algorithm, the style that the algorithm chose."""
    if destination in _STYLES:
        apply_style(layer, *_STYLES.pop(destination))


class _Dresser(QgsProcessingLayerPostProcessorInterface):
    """Dresses a result when QGIS's own Processing loads it."""

    def __init__(self, destination: str) -> None:
        super().__init__()
        self._destination = destination

    def postProcessLayer(self, layer, context, feedback) -> None:
        dress(layer, self._destination)
        _DRESSERS.pop(self._destination)


def _dresser_of(destination: str) -> _Dresser:
    return _DRESSERS.setdefault(destination, _Dresser(destination))


def make_fields(*columns: tuple[str, str]) -> QgsFields:
    """Fields from (name, type) pairs; types are the keys of `FIELD_TYPES`."""
    fields = QgsFields()
    for name, kind in columns:
        fields.append(QgsField(name, FIELD_TYPES[kind]))
    return fields


def _writable(fields: QgsFields) -> tuple[QgsFields, list[int]]:
    """Fields that every format can hold: lists and maps (JSON columns) become text. And which these are."""
    written, as_json = QgsFields(), []
    for index, field in enumerate(fields):
        if field.type() in LISTS_AND_MAPS:
            as_json.append(index)
            field = QgsField(field.name(), FIELD_TYPES["text"])
        written.append(field)
    return written, as_json


def is_null(value: Any) -> bool:
    """Whether an attribute holds nothing (None, or QGIS's NULL)."""
    return value is None or (isinstance(value, QVariant) and value.isNull())


def as_text(value: Any) -> str:
    """An attribute as text: NULL is empty, a whole number has no decimals, dates and times are ISO 8601."""
    if is_null(value):
        return ""
    if isinstance(value, (QDate, QTime, QDateTime)):
        return value.toString(Qt.DateFormat.ISODate)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def plain(value: Any) -> Any:
    """An attribute without Qt's own types: NULL is None, dates and times are ISO 8601 text."""
    if is_null(value):
        return None
    return as_text(value) if isinstance(value, (QDate, QTime, QDateTime)) else value


def expected_rows(source: QgsFeatureSource) -> float:
    """How many rows a layer has, for progress; infinite where a filter on the input (QGIS 3.32) hides it."""
    count = source.featureCount()
    return count if count > 0 else math.inf


def read_points(
    source: QgsFeatureSource,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    progress: Progress,
) -> tuple[list[QgsFeature], np.ndarray]:
    """All features of a layer, and one position each in ``crs``: (n, 2) float64, NaN where there is none.

    Lines and polygons count by a point on their surface, multipoints by their first point.
    """
    features: list[QgsFeature] = []
    positions: list[tuple[float, float]] = []
    total = expected_rows(source)
    for index, feature in enumerate(source.getFeatures(QgsFeatureRequest())):
        if index % 1000 == 0:
            progress.advance(min(index / total, 1.0))
        features.append(feature)
        positions.append(_position(feature))
    xy = np.array(positions, dtype=float).reshape(-1, 2)
    xy[~(np.abs(xy) <= _FARTHEST).all(axis=1)] = np.nan
    return features, transform_points(xy, source.sourceCrs(), crs, context)


def transform_points(
    xy: np.ndarray,
    source_crs: QgsCoordinateReferenceSystem,
    target_crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> np.ndarray:
    """Positions (n, 2) in another CRS, NaN kept and given where it has none. Uses the project's transformations."""
    if source_crs == target_crs or not source_crs.isValid() or not len(xy):
        return xy
    return Mover(source_crs, target_crs, context.transformContext()).transform.points(xy)


def _position(feature: QgsFeature) -> tuple[float, float]:
    geometry = feature.geometry()
    if geometry.isEmpty():
        return np.nan, np.nan
    if geometry.type() == GeometryType.Point:
        vertex = geometry.vertexAt(0)
        return vertex.x(), vertex.y()
    inside = geometry.pointOnSurface()
    if inside.isNull():
        inside = geometry.makeValid().pointOnSurface()
    return (inside.asPoint().x(), inside.asPoint().y()) if not inside.isNull() else (np.nan, np.nan)
