"""Services of a registry, as a layer."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingParameterExtent

from ..core.messages import msg
from ..core.registry.positions import judged_by
from ..core.registry.records import as_far_as_it_goes
from ..core.services import SERVICE_COLUMNS, Rejected
from ..i18n import tr, translate_message
from .coordinates import WGS84
from .qgis_enums import SourceType, WkbType
from .registry_inputs import REJECTED, SERVICES, RegistryAlgorithm, RegistryAsked, point_at, source_facts


class LoadServices(RegistryAlgorithm):
    """`cartoservices:loadservices`"""

    ID = "loadservices"

    def displayName(self) -> str:
        return tr("Load public services")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_registry()
        self.addParameter(QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True))
        self.add_text("FILTER", tr("Filter (CQL2 text on the columns)"), optional=True)
        self.add_communes()
        self.add_output("OUTPUT", tr("Services"), SourceType.VectorPoint)
        self.add_output("REJECTED", tr("Rejected records"), optional=True)
        self.add_number_outputs(("COUNT", tr("Number of services")))

    def compute(self, asked: RegistryAsked) -> None:
        connection = asked.connection()
        query = asked.query(_extent(asked), asked.text("FILTER"))
        outlines = asked.outlines()
        registry = asked.registry(connection)
        facts = source_facts(connection, registry.source())
        # What was read is written, also of a reading that was cut short.
        table = asked.table(
            "OUTPUT", SERVICES, geometry=WkbType.Point, crs=WGS84, style="services", facts=facts, always=True
        )
        failed = asked.table("REJECTED", REJECTED, always=True)
        counts = {"count": 0, "rejected": 0}
        try:
            records = registry.read(query, asked.progress)
            records = as_far_as_it_goes(judged_by(outlines, records) if outlines else records, asked.progress)
            for record in records:
                if isinstance(record, Rejected):
                    counts["rejected"] += 1
                    failed.add([translate_message(record.raison), record.brut])
                    continue
                counts["count"] += 1
                values = [getattr(record, column) for column in SERVICE_COLUMNS]
                table.add(values, geometry=point_at(record.lon, record.lat))
        finally:
            asked.results["COUNT"] = counts["count"]
        asked.progress.info(
            msg(
                "{count} service read; records rejected: {rejected}."
                "|{count} services read; records rejected: {rejected}.",
                **counts,
            )
        )


def _extent(asked: RegistryAsked) -> tuple[float, float, float, float] | None:
    """EXTENT in degrees, None for none."""
    if not asked.column("EXTENT"):
        return None
    given = (asked.parameters, "EXTENT", asked.context)
    box, own = asked.algorithm.parameterAsExtent(*given), asked.algorithm.parameterAsExtentCrs(*given)
    if box.isNull():
        return None
    corners = box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()
    return asked.mover(own, WGS84).transform.box(*corners) if own.isValid() else corners
