"""What became of the corrections sent to a registry."""

from __future__ import annotations

from typing import Any

from ..core.corrections import Sender
from ..core.corrections.submission import result_of
from ..core.messages import msg
from ..i18n import tr
from .address_parameter import AddressParameter
from .asked import Asked
from .base import CartoAlgorithm
from .connections import find_connection
from .correction_rows import results_table, write_results
from .outbox import user_outbox
from .transport import Cancel, open_session


class CorrectionStatus(CartoAlgorithm):
    """`cartoservices:correctionstatus`"""

    ID = "correctionstatus"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Follow corrections")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.addParameter(AddressParameter("REGISTRY", tr("Registry: a connection's name, or an address")))
        self.add_output("OUTPUT", tr("My corrections"))

    def compute(self, asked: Asked) -> None:
        connection = find_connection(asked.column("REGISTRY"))
        outbox, table = user_outbox(), results_table(asked)
        try:
            if connection.kind == "ogcapi":
                session = open_session(connection.url, connection.authcfg, Cancel(asked.progress))
                news = Sender(session, connection, outbox).ask_all(asked.progress)
                asked.progress.info(
                    msg("{count} correction has a new answer.|{count} corrections have a new answer.", count=len(news))
                )
        finally:
            write_results(table, [result_of(entry) for entry in outbox.entries(connection=connection.url)])
