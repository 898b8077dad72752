"""Corrections of a layer, sent to a registry."""

from __future__ import annotations

from typing import Any

from ..core.corrections import Outbox, Sender
from ..core.corrections.bulk import (
    Proposal,
    is_corrections_layer,
    preview,
    proposals_of_corrections,
    proposals_of_edits,
)
from ..core.corrections.handover import messages_by_producer, write_message
from ..core.corrections.items import CannotSend
from ..core.corrections.submission import Result, dry_run, keep, results
from ..core.messages import msg
from ..core.progress import Progress
from ..core.registry import Connection
from ..i18n import tr, translate_message
from . import settings
from .address_parameter import AddressParameter
from .asked import Asked
from .base import CartoAlgorithm
from .connections import find_connection
from .correction_rows import read_rows, results_table, write_results
from .outbox import log_sent, user_outbox
from .qgis_enums import SourceType
from .table import ResultTable
from .transport import Cancel, open_session


class SubmitCorrections(CartoAlgorithm):
    """`cartoservices:submitcorrections`"""

    ID = "submitcorrections"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Send corrections")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("INPUT", tr("Corrections, or an edited copy of the services"), SourceType.Vector)
        self.addParameter(AddressParameter("REGISTRY", tr("Registry: a connection's name, or an address")))
        self.add_flag("DRY_RUN", tr("Only look, send nothing"))
        self.add_output("OUTPUT", tr("What came of each correction"))
        self.add_number_outputs(
            ("SENT", tr("Number of corrections that arrived")), ("FAILED", tr("Number of rows that could not be sent"))
        )

    def compute(self, asked: Asked) -> dict[str, int]:
        connection = find_connection(asked.column("REGISTRY"))
        outbox, progress = user_outbox(), asked.progress
        sender = None
        if connection.kind == "ogcapi":
            sender = Sender(open_session(connection.url, connection.authcfg, Cancel(progress)), connection, outbox)
        proposals = _proposals(asked, sender)
        _say(proposals, progress)
        table = results_table(asked)
        if asked.flag("DRY_RUN"):
            return _report(table, dry_run(proposals, sender, asked.upto(1.0)))
        uuids = keep(proposals, outbox, connection.url)
        if sender is None:
            _write_messages(outbox, uuids, connection, progress)
            return _report(table, results(proposals, outbox))
        try:
            log_sent(sender.send_all(uuids, asked.upto(1.0)))
        finally:
            asked.results.update(_report(table, [_still_waiting(r) for r in results(proposals, outbox)]))
        return {}


def _proposals(asked: Asked, sender: Sender | None) -> list[Proposal]:
    source = asked.source("INPUT")
    rows = read_rows(source, asked.context, asked.upto(0.1))
    if is_corrections_layer(source.fields().names()):
        return proposals_of_corrections(rows)
    if sender is None:
        raise CannotSend(
            "This layer is not one of corrections, and the registry cannot be asked what its services were before."
        )
    words = {"auteur_organisation": settings.ORGANISATION.value()}
    return proposals_of_edits(rows, sender.service, words, asked.upto(0.2))


def _report(table: ResultTable, rows: list[Result]) -> dict[str, int]:
    write_results(table, rows)
    return {
        "SENT": sum(result.arrived for result in rows),
        "FAILED": sum(not result.arrived and bool(result.reason) for result in rows),
    }


def _still_waiting(result: Result) -> Result:
    if result.state == "en_attente" and result.reason is None:
        return result._replace(reason=msg("It was not tried: it waits in your outbox."))
    return result


def _write_messages(outbox: Outbox, uuids: list[str], connection: Connection, progress: Progress) -> None:
    """For a producer that takes no corrections over the network: what a person can send to it."""
    waiting = [entry.correction for entry in map(outbox.get, uuids) if entry.state == "en_attente"]
    progress.warn(
        msg(
            "{name} takes no corrections over the network: they wait until you say that you handed them over.",
            name=connection.name,
        )
    )
    for message in messages_by_producer(waiting):
        files = write_message(message, outbox.path.parent / "messages", translate_message)
        progress.info(
            msg(
                "Message for {producer}, with its CSV and GeoJSON: {path}",
                producer=message.producteur or "?",
                path=str(files.text),
            )
        )


def _say(proposals: list[Proposal], progress: Progress) -> None:
    seen = preview(proposals)
    progress.info(
        msg(
            "{count} corrections ({types}); {unchanged} rows unchanged, {unusable} unusable.",
            count=sum(seen.by_type.values()),
            types=", ".join(f"{name} {count}" for name, count in seen.by_type.items()) or "0",
            unchanged=seen.unchanged,
            unusable=seen.unusable,
        )
    )
    if seen.lost:
        progress.warn(
            msg(
                "Not proposed, because the copy lost them on its way (broken, cut, less precise): {fields}.",
                fields=", ".join(f"{name} {count}" for name, count in seen.lost.items()),
            )
        )
