"""One referential out of the services of several producers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProcessingUtils,
)

from ..core.consolidation import EditionReport, Priorities, consolidate, priorities_of_text, read_priorities
from ..core.messages import msg
from ..core.progress import Progress
from ..core.services import Service
from ..i18n import tr, translate_message
from .base import CartoAlgorithm
from .matching_inputs import read_services, user_decisions
from .qgis_enums import SourceType

SUFFIX = ".gpkg"


class ConsolidateServices(CartoAlgorithm):
    """`cartoservices:consolidateservices`"""

    ID = "consolidateservices"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Consolidate services")

    def initAlgorithm(self, configuration=None) -> None:
        self.addParameter(
            QgsProcessingParameterMultipleLayers(
                "INPUTS", tr("Layers of services (several producers)"), SourceType.Vector
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "REFERENTIAL",
                tr("Referential (GeoPackage, made or brought up to date)"),
                fileFilter="GeoPackage (*.gpkg)",
            )
        )
        self.addParameter(
            QgsProcessingParameterString(
                "PRIORITIES",
                tr("Priorities of the producers by field (JSON; those of the plugin when empty)"),
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterString("DATE", tr("Date of this edition (ISO; today when empty)"), optional=True)
        )
        self.addParameter(QgsProcessingParameterBoolean("DRY_RUN", tr("Count only, write nothing"), False))
        for name, label in (
            ("SERVICES_COUNT", tr("Number of places")),
            ("MERGED", tr("Records merged")),
            ("TO_REVIEW", tr("Pairs to review")),
            ("CREATED", tr("Identifiers created")),
            ("CLOSED", tr("Places closed")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        path = Path(self.parameterAsFileOutput(parameters, "REFERENTIAL", context))
        path = path if path.suffix else path.with_suffix(SUFFIX)
        layers = self.parameterAsLayerList(parameters, "INPUTS", context)
        report = consolidate(
            path,
            _services_of(layers, context, progress.part(0.0, 0.2)),
            self.parameterAsString(parameters, "DATE", context).strip() or date.today().isoformat(),
            _priorities(self.parameterAsString(parameters, "PRIORITIES", context).strip()),
            said=lambda records: user_decisions().verdicts(records, records),
            words=translate_message,
            dry_run=self.parameterAsBoolean(parameters, "DRY_RUN", context),
            progress=progress.part(0.2, 1.0),
        )
        _tell(report, progress)
        return {
            "REFERENTIAL": str(path),
            "SERVICES_COUNT": report.services,
            "MERGED": report.merged,
            "TO_REVIEW": report.to_review,
            "CREATED": report.created,
            "CLOSED": report.closed,
        }


def _services_of(
    layers: Sequence[QgsMapLayer], context: QgsProcessingContext, progress: Progress
) -> Iterator[tuple[str, Service]]:
    """The services of the layers, each with the name of its layer, for those that name no producer."""
    for number, layer in enumerate(layers):
        source = QgsProcessingUtils.variantToSource(layer, context)
        part = progress.part(number / len(layers), (number + 1) / len(layers))
        for service in read_services(source, layer.name(), context, part):
            yield layer.name(), service


def _priorities(given: str) -> Priorities:
    """Those of a file, or of the text itself; the plugin's own where nothing is given."""
    if given.startswith("{"):
        return priorities_of_text(given, given)
    return read_priorities(Path(given)) if given else read_priorities()


def _tell(report: EditionReport, progress: Progress) -> None:
    if report.unchanged:
        progress.info(msg("The referential already holds this edition: nothing was written."))
    progress.info(
        msg(
            "Services: {services} places out of {records} records; {review} pairs to review. Identifiers: {created} "
            "created, {closed} closed.",
            services=report.services,
            records=report.services + report.merged,
            review=report.to_review,
            created=report.created,
            closed=report.closed,
        )
    )
