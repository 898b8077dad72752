"""A GeoPackage kept as a registry says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsVectorLayer,
)

from ..core.messages import msg
from ..core.progress import Progress
from ..core.registry.geopackage import CHANGE_COLUMNS, LAYER, opened, plain_errors
from ..core.registry.sync import TooManyRemoved, changes, read_state, sync
from ..i18n import tr
from .access_inputs import put, row_of
from .base import make_fields
from .correction_followup import follow_handed_over
from .qgis_enums import NumberType, SourceType
from .registry_inputs import RegistryAlgorithm
from .styling import apply_style, keep_style, source_words

MOST_REMOVED = 20.0
"""Percentage of the services that may go at once unless the user says otherwise."""
REFUSED: dict[str, TooManyRemoved] = {}
"""GeoPackages whose last sync would have removed too much: the panel asks, an error's text alone would not tell it."""

CHANGE_FIELDS = make_fields(*((column, "text") for column in CHANGE_COLUMNS))


class SyncServices(RegistryAlgorithm):
    """`cartoservices:syncservices`"""

    ID = "syncservices"

    def displayName(self) -> str:
        return tr("Keep public services up to date")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_registry()
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "GEOPACKAGE", tr("GeoPackage, made or brought up to date"), fileFilter="GeoPackage (*.gpkg)"
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "MOST_REMOVED",
                tr("Most services that may be removed at once (%)"),
                NumberType.Double,
                MOST_REMOVED,
                minValue=0,
                maxValue=100,
            )
        )
        self.add_communes()
        self.add_output("CHANGES", tr("Changes"), SourceType.Vector, optional=True)
        for name, label in (("ADDED", tr("Added")), ("CHANGED", tr("Changed")), ("REMOVED", tr("Removed"))):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        connection = self.connection_of(parameters, context, progress)
        query = self.query_of(parameters, context)
        path = Path(self.parameterAsFileOutput(parameters, "GEOPACKAGE", context))
        is_new = not path.exists()
        outlines = self.outlines_of(parameters, context)
        most_removed = self.parameterAsDouble(parameters, "MOST_REMOVED", context)
        REFUSED.pop(str(path), None)
        registry = self.open(connection, progress)
        try:
            report = sync(path, registry, connection, query, progress, most_removed=most_removed, outlines=outlines)
        except TooManyRemoved as refusal:
            REFUSED[str(path)] = refusal
            raise
        _sign(path)
        if is_new:
            store_style(path)
        self._write_changes(parameters, context, path)
        follow_handed_over(path, progress)
        progress.info(
            msg(
                "Services: {added} added, {changed} changed, {removed} removed. Records rejected: {rejected}.",
                **{name: getattr(report, name) for name in ("added", "changed", "removed", "rejected")},
            )
        )
        return {
            "GEOPACKAGE": str(path),
            "ADDED": report.added,
            "CHANGED": report.changed,
            "REMOVED": report.removed,
        }

    def _write_changes(self, parameters: dict[str, Any], context: QgsProcessingContext, path: Path) -> None:
        sink = self.add_sink(parameters, "CHANGES", context, CHANGE_FIELDS)
        if sink is None:
            return
        for change in changes(path):
            put(sink, [row_of(CHANGE_FIELDS, list(change))])


def kept_facts(path: Path) -> dict[str, Any]:
    """Where and when the services of a GeoPackage were read, as `apply_style` takes it."""
    state = read_state(path)
    return {**state["source"], "source": state["source"]["title"], "read_on": state["read_on"]}


def store_style(path: Path) -> None:
    """Keep the plugin's style of services in the GeoPackage, as the one QGIS opens the layer with."""
    layer = QgsVectorLayer(f"{path}|layername={LAYER}", LAYER, "ogr")
    apply_style(layer, "services", kept_facts(path))
    keep_style(layer, LAYER)


def _sign(path: Path) -> None:
    """Where and when the services were read, as the description that QGIS shows and reports cite."""
    facts = kept_facts(path)
    words = " ".join(filter(None, (source_words(facts), facts["licence"])))
    with plain_errors(path), opened(path) as database:
        database.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (words, LAYER))
