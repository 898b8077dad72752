"""One referential out of the services of several producers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingParameterMultipleLayers, QgsProcessingUtils

from ..core.consolidation import EditionReport, Priorities, consolidate, priorities_of_text, read_priorities
from ..core.consolidation.bridge import check_writable
from ..core.consolidation.closed import check_sirene
from ..core.errors import CartoError
from ..core.messages import msg
from ..core.progress import Progress
from ..core.services import Service
from ..i18n import tr, translate_message
from .asked import Asked
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.addParameter(
            QgsProcessingParameterMultipleLayers(
                "INPUTS", tr("Layers of services (several producers)"), SourceType.Vector
            )
        )
        label = tr("Referential (GeoPackage, made or brought up to date)")
        self.add_file_output("REFERENTIAL", label, "GeoPackage (*.gpkg)")
        priorities = tr("Priorities of the producers by field (JSON; those of the plugin when empty)")
        self.add_text("PRIORITIES", priorities, optional=True)
        self.add_text("DATE", tr("Date of this edition (ISO; today when empty)"), optional=True)
        self.add_flag("DRY_RUN", tr("Count only, write nothing"))
        self.add_text("PAGE", tr("Page of the quality to write (HTML)"), optional=True, advanced=True)
        sirene = tr("Establishments of Sirene, for those that are closed (CSV, zip or gz)")
        self.add_text("SIRENE", sirene, optional=True, advanced=True)
        self.add_number_outputs(
            ("SERVICES_COUNT", tr("Number of places")),
            ("MERGED", tr("Records merged")),
            ("TO_REVIEW", tr("Pairs to review")),
            ("CREATED", tr("Identifiers created")),
            ("CLOSED", tr("Places closed")),
        )

    def compute(self, asked: Asked) -> dict[str, Any]:
        path = Path(asked.destination("REFERENTIAL", SUFFIX))
        _check_page(asked)  # before anything is changed
        layers = self.parameterAsLayerList(asked.parameters, "INPUTS", asked.context)
        day = asked.text("DATE") or date.today().isoformat()
        report = consolidate(
            path,
            _services_of(layers, asked.context, asked.upto(0.2)),
            day,
            _priorities(asked.text("PRIORITIES")),
            said=lambda records: user_decisions().verdicts(records, records, asked.progress),
            words=translate_message,
            dry_run=asked.flag("DRY_RUN"),
            progress=asked.upto(0.9),
        )
        _say(report, asked.progress)
        if day > date.today().isoformat():
            words = msg("The edition is dated {date}, after today: none of an earlier date can follow it.", date=day)
            asked.progress.warn(words)
        if asked.text("PAGE") and not asked.flag("DRY_RUN"):
            _write_page(path, asked)
        return {
            "REFERENTIAL": str(path),
            "SERVICES_COUNT": report.services,
            "MERGED": report.merged,
            "TO_REVIEW": report.to_review,
            "CREATED": report.created,
            "CLOSED": report.closed,
        }


def _check_page(asked: Asked) -> None:
    """Raise `InvalidInput` or `BridgeNotWritten` where the page could not be made in the end."""
    if asked.text("PAGE") and not asked.flag("DRY_RUN"):
        check_writable(Path(asked.text("PAGE")))
        if asked.text("SIRENE"):
            check_sirene(Path(asked.text("SIRENE")))


def _write_page(path: Path, asked: Asked) -> None:
    """The page of a referential that is in its place: what goes wrong now takes nothing from it, and is said."""
    from ..core.consolidation.quality_page import write_quality  # with matplotlib

    page, sirene = Path(asked.text("PAGE")), asked.text("SIRENE")
    try:
        closed = write_quality(path, page, path.stem, Path(sirene) if sirene else None, asked.upto(1.0))
    except CartoError as error:
        asked.progress.warn(error.message)
        asked.progress.warn(
            msg("The referential is whole; its page was not written. Make it on the page Corrections, “Quality…”.")
        )
        return
    asked.progress.info(msg("The page of the quality is {path}.", path=str(page)))
    if closed is not None:
        asked.progress.info(msg("Establishments that Sirene has as closed: {count}.", count=len(closed)))


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


def _say(report: EditionReport, progress: Progress) -> None:
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
