"""What all algorithms share: names, help, progress, errors in the user's language, sinks, the network parameter."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import Any, Callable

import numpy as np
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QLocale
from qgis.PyQt.QtGui import QIcon, QTextDocument

from ..core.errors import Cancelled, CartoError, InvalidInput
from ..core.messages import Message, msg
from ..core.processes.remote import sent_to
from ..core.progress import Progress
from ..core.proj_threads import hold_proj
from ..i18n import tr, translate_message
from . import log, settings
from .asked import Asked
from .attributes import as_text
from .garbage import collected_by_the_main_thread
from .qgis_enums import (
    FIELD_TYPES,
    DocumentationFlag,
    FieldType,
    InvalidGeometryCheck,
    NumberType,
    ParameterFlag,
    SourceType,
)
from .sinks import destination_of, path_of, refuse_overwriting_inputs

__all__ = ("FIELD_TYPES", "HELP", "CartoAlgorithm", "FeedbackProgress", "help_as_html")

ROOT = Path(__file__).resolve().parent.parent
HELP = Path(__file__).resolve().parent / "help"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORMATTED_ITEM = re.compile(r"^(\s*(?:- |\d+\. ))(?=[*`])", re.MULTILINE)


class FeedbackProgress(Progress):
    """Shows the progress of `core` in a Processing feedback, and reports its cancel."""

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
    """Base of the plugin's algorithms: a subclass gives `ID`, `GROUP`, `displayName`, its parameters and `compute`."""

    ID = ""
    ASKED: type[Asked] = Asked
    """How its parameters are read and its results written."""
    GROUP = "access"
    """One of `group_titles`; also the icon's name."""

    # -- what a subclass writes ---------------------------------------------------------------------------------------

    def compute(self, asked: Any) -> dict[str, Any] | None:
        """Read what is ``asked`` (an `ASKED`), do the work, write the results.

        The answer joins the layers written. `CartoError` ends the run with a clear message.
        """
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

    def documentationFlags(self) -> Any:
        """What QGIS adds to the help by itself (3.40): the rows of the layers made here are numbered anew."""
        outputs = self.destinationParameterDefinitions()
        if any(isinstance(output, QgsProcessingParameterFeatureSink) for output in outputs):
            return DocumentationFlag.RegeneratesPrimaryKey
        return super().documentationFlags()

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Any:
        return super().checkParameterValues(self._as_declared(parameters), context)

    @collected_by_the_main_thread()
    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        hold_proj()
        check = context.invalidGeometryCheck()
        # QGIS would stop at an invalid geometry by an exception that no Python survives: they are mended here instead.
        context.setInvalidGeometryCheck(InvalidGeometryCheck.NoCheck)
        try:
            return self._run(self._as_declared(parameters), context, feedback)
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
            context.setInvalidGeometryCheck(check)

    def _run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Check the parameters, compute, close the results; those of a run that was cancelled are kept."""
        self._check_numbers(parameters)
        self._check_columns(parameters, context)
        self._refuse_overwriting(parameters, context)
        progress = FeedbackProgress(feedback, self.words)
        asked = self.ASKED(self, parameters, context, progress)
        try:
            with sent_to(asked.text("CLUSTER") or settings.CLUSTER.value()):
                asked.results.update(self.compute(asked) or {})
            asked.finish()
        except Cancelled as cancelled:
            feedback.pushInfo(self.words(cancelled))
        asked.close()
        return asked.results

    def words(self, message: Message | CartoError) -> str:
        """A sentence in the user's language, its parameters called as on the screen (without their parentheses)."""
        definitions = [*self.outputDefinitions(), *self.parameterDefinitions()]
        labels = {each.name(): re.split(r"\s?[:(]", each.description())[0] for each in definitions}
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

    def add_number(
        self,
        name: str,
        label: str,
        default: float | None = None,
        *,
        least: float = 0,
        most: float | None = None,
        whole: bool = False,
        optional: bool = False,
        advanced: bool = False,
    ) -> None:
        """A number between ``least`` and ``most``."""
        bounds = {"minValue": least} if most is None else {"minValue": least, "maxValue": most}
        kind = NumberType.Integer if whole else NumberType.Double
        definition = QgsProcessingParameterNumber(name, label, kind, default, optional, **bounds)
        self._add(definition, advanced)

    def add_text(
        self, name: str, label: str, default: str | None = None, *, optional: bool = False, advanced: bool = False
    ) -> None:
        self._add(QgsProcessingParameterString(name, label, default, optional=optional), advanced)

    def add_flag(self, name: str, label: str, default: bool = False, advanced: bool = False) -> None:
        self._add(QgsProcessingParameterBoolean(name, label, default), advanced)

    def add_layer(
        self,
        name: str,
        label: str,
        kind: Any = SourceType.VectorAnyGeometry,
        optional: bool = False,
        advanced: bool = False,
    ) -> None:
        """A layer that is read; by its default places: points, or the inner points of other geometries."""
        self._add(QgsProcessingParameterFeatureSource(name, label, [kind], None, optional), advanced)

    def add_field(
        self,
        name: str,
        label: str,
        parent: str,
        *,
        number: bool = False,
        several: bool = False,
        default: str | None = None,
        optional: bool = True,
        advanced: bool = False,
    ) -> None:
        """A column of the layer ``parent``, or ``several``."""
        kind = FieldType.Numeric if number else FieldType.Any
        self._add(QgsProcessingParameterField(name, label, default, parent, kind, several, optional), advanced)

    def add_file_output(
        self, name: str, label: str, files: str, *, optional: bool = False, by_default: bool = True
    ) -> None:
        """A file that is written; ``files`` names its kind: ``GeoPackage (*.gpkg)``."""
        self.addParameter(QgsProcessingParameterFileDestination(name, label, files, None, optional, by_default))

    def add_number_outputs(self, *outputs: tuple[str, str]) -> None:
        """(name, label) of the figures of the answer."""
        for name, label in outputs:
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def add_text_outputs(self, *outputs: tuple[str, str]) -> None:
        """(name, label) of the texts of the answer."""
        for name, label in outputs:
            self.addOutput(QgsProcessingOutputString(name, label))

    def _add(self, definition: QgsProcessingParameterDefinition, advanced: bool) -> None:
        (self.add_advanced if advanced else self.addParameter)(definition)

    def add_output(
        self,
        name: str,
        label: str,
        kind: Any = SourceType.Vector,
        by_default: bool = True,
        optional: bool = False,
    ) -> None:
        """A layer the algorithm makes; ``by_default`` False for those made only when asked for.

        ``optional``: the dialog makes it, and a script that does not name it does without.
        """
        optional = optional or not by_default
        self.addParameter(
            QgsProcessingParameterFeatureSink(name, label, kind, optional=optional, createByDefault=by_default)
        )

    # -- checks -------------------------------------------------------------------------------------------------------

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
        outputs = {each.name(): destination_of(value, context) for each, value in given.items() if each.isDestination()}
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
