"""Rows of the field put in the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..corrections import Outbox
from .readback import ADDED, CONFLICT, RowOutcome, feature_of


def keep(outcomes: Iterable[RowOutcome], outbox: Outbox, connection: str) -> int:
    """Put in line what can be sent; conflicts wait there until the user has chosen. How many were added.

    Raises `OutboxError`.
    """
    outcomes = list(outcomes)
    added = outbox.add_all(
        [each.correction for each in outcomes if each.correction and each.result == ADDED], connection
    )
    for outcome in outcomes:
        correction, reason = outcome.correction, outcome.reason
        if outcome.result != CONFLICT or correction is None or reason is None:
            continue
        # A draft first: it must not leave before it is said to be in conflict.
        if outbox.add(correction, connection, draft=True):
            outbox.conflict(correction.uuid, reason, _compared_with(outcome))
            added += 1
    return added


def _compared_with(outcome: RowOutcome) -> dict[str, Any] | None:
    """The service to choose against: as it is now, else as it was on leaving where nobody could be asked."""
    if outcome.looked_up or outcome.base is None:
        return dict(outcome.theirs) if outcome.theirs else None
    return feature_of(outcome.base)
