"""Services of a registry, as a layer."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterExtent,
    QgsProcessingParameterString,
)

from ..core.messages import msg
from ..core.progress import Progress
from ..core.registry.positions import judged_by
from ..core.registry.records import as_far_as_it_goes
from ..i18n import tr
from .coordinates import WGS84, Mover
from .qgis_enums import SourceType, WkbType
from .registry_inputs import REJECTED_FIELDS, SERVICE_FIELDS, RegistryAlgorithm, ServiceWriter, source_facts


class LoadServices(RegistryAlgorithm):
    """`cartoservices:loadservices`"""

    ID = "loadservices"

    def displayName(self) -> str:
        return tr("Load public services")

    def initAlgorithm(self, configuration=None) -> None:
        self.add_registry()
        self.addParameter(QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True))
        self.addParameter(
            QgsProcessingParameterString("FILTER", tr("Filter (CQL2 text on the columns)"), optional=True)
        )
        self.add_communes()
        self.add_output("OUTPUT", tr("Services"), SourceType.VectorPoint)
        self.add_output("REJECTED", tr("Rejected records"), optional=True)
        self.addOutput(QgsProcessingOutputNumber("COUNT", tr("Number of services")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        connection = self.connection_of(parameters, context, progress)
        query = self.query_of(
            parameters,
            context,
            extent=self._extent(parameters, context),
            filter_text=self.parameterAsString(parameters, "FILTER", context).strip(),
        )
        outlines = self.outlines_of(parameters, context)
        registry = self.open(connection, progress)
        facts = source_facts(connection, registry.source())
        crs = QgsCoordinateReferenceSystem(WGS84)
        services = self.add_sink(parameters, "OUTPUT", context, SERVICE_FIELDS, WkbType.Point, crs, "services", facts)
        writer = ServiceWriter(services, self.add_sink(parameters, "REJECTED", context, REJECTED_FIELDS))
        try:
            records = registry.read(query, progress)
            for record in as_far_as_it_goes(judged_by(outlines, records) if outlines else records, progress):
                writer.add(record)
        finally:
            writer.flush()
            self._results["COUNT"] = writer.count
        progress.info(
            msg(
                "{count} service read; records rejected: {rejected}."
                "|{count} services read; records rejected: {rejected}.",
                count=writer.count,
                rejected=writer.rejected_count,
            )
        )
        return {}

    def _extent(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[float, float, float, float] | None:
        if not self.parameterAsString(parameters, "EXTENT", context):
            return None
        box = self.parameterAsExtent(parameters, "EXTENT", context)
        if box.isNull():
            return None
        own = self.parameterAsExtentCrs(parameters, "EXTENT", context)
        corners = box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()
        return Mover(own, WGS84, context.transformContext()).transform.box(*corners) if own.isValid() else corners
