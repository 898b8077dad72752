"""Sending a batch: from proposals to a result for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..messages import Message, msg
from ..progress import Progress
from .bulk import Proposal
from .conflicts import Conflict
from .model import Correction
from .outbox import Entry, Outbox, UnknownCorrection
from .sender import Sender

REACHED = ("envoyee", "transmise", "acceptee")


class Result(NamedTuple):
    """What came of one row. ``state`` is empty for a row that is no correction or was only looked at."""

    correction: Correction | None
    state: str
    reason: Message | None
    field_reasons: dict[str, str] = {}
    server_ref: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the registry has it, or its producer."""
        return self.state in REACHED


def keep(proposals: Iterable[Proposal], outbox: Outbox, connection: str) -> list[str]:
    """Put the proposals that can be sent in line; their uuids.

    A correction that is in the outbox already and has not left takes the new wording; one that has left stays as it is.
    """
    corrections = [p.correction for p in proposals if p.correction and not p.reason]
    known = {entry.uuid: entry for entry in outbox.entries()}
    outbox.add_all((c for c in corrections if c.uuid not in known), connection)
    for correction in corrections:
        entry = known.get(correction.uuid)
        if entry is None or not entry.standing.may_be_retried:
            continue
        if entry.standing.may_be_reworded:
            outbox.replace(correction)
        else:
            outbox.retry(correction.uuid)
    return [correction.uuid for correction in corrections]


def dry_run(proposals: Iterable[Proposal], sender: Sender | None, progress: Progress = Progress()) -> list[Result]:
    """What sending would meet, without sending: faults of the rows, and conflicts with the registry's records."""
    proposals = list(proposals)
    results = []
    for index, proposal in enumerate(proposals):
        progress.advance(index / max(len(proposals), 1))
        conflict: Conflict | None = None
        if sender and proposal.correction and not proposal.reason:
            conflict = sender.look(proposal.correction)
        state = "conflit" if conflict else ""
        results.append(Result(proposal.correction, state, conflict.reason if conflict else proposal.reason))
    return results


def results(proposals: Iterable[Proposal], outbox: Outbox) -> list[Result]:
    """The result of each proposal, as the outbox knows it now."""
    return [_result(proposal, outbox) for proposal in proposals]


def _result(proposal: Proposal, outbox: Outbox) -> Result:
    if proposal.correction is None or proposal.reason is not None:
        return Result(proposal.correction, "", proposal.reason)
    try:
        return result_of(outbox.get(proposal.correction.uuid))
    except UnknownCorrection:
        return Result(proposal.correction, "", msg("It was withdrawn meanwhile."))


def result_of(entry: Entry) -> Result:
    """An entry of the outbox as a result."""
    return Result(entry.correction, entry.state, entry.reason, entry.field_reasons, entry.correction.ref_serveur)
