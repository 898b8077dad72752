"""What became of the corrections sent to a registry."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
)

from ..core.corrections import Sender
from ..core.corrections.submission import result_of
from ..core.messages import msg
from ..core.progress import Progress
from ..i18n import tr
from .address_parameter import AddressParameter
from .base import CartoAlgorithm
from .connections import find_connection
from .coordinates import WGS84
from .correction_rows import RESULT_FIELDS, write_results
from .outbox import user_outbox
from .qgis_enums import WkbType
from .registry_inputs import Cancel
from .transport import open_session


class CorrectionStatus(CartoAlgorithm):
    """`cartoservices:correctionstatus`"""

    ID = "correctionstatus"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Follow corrections")

    def initAlgorithm(self, configuration=None) -> None:
        self.addParameter(AddressParameter("REGISTRY", tr("Registry: a connection's name, or an address")))
        self.add_output("OUTPUT", tr("My corrections"))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        connection = find_connection(self.parameterAsString(parameters, "REGISTRY", context))
        outbox = user_outbox()
        crs = QgsCoordinateReferenceSystem(WGS84)
        sink = self.add_sink(parameters, "OUTPUT", context, RESULT_FIELDS, WkbType.Point, crs, style="corrections")
        try:
            if connection.kind == "ogcapi":
                session = open_session(connection.url, connection.authcfg, Cancel(progress))
                news = Sender(session, connection, outbox).ask_all(progress)
                progress.info(
                    msg("{count} correction has a new answer.|{count} corrections have a new answer.", count=len(news))
                )
        finally:
            entries = outbox.entries(connection=connection.url)
            write_results(sink, [result_of(entry) for entry in entries])
        return {}
