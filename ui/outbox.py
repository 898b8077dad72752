"""From what the form says to a correction kept in the user's outbox."""

from __future__ import annotations

from typing import Any

from ..core.corrections import Change, new_correction
from ..core.corrections.model import POSITION
from ..core.services import SERVICE_COLUMNS, Service
from ..processing.connections import find_connection
from ..processing.outbox import user_outbox
from .correction_form import CorrectionForm


def keep_correction(form: CorrectionForm, connection: str) -> str:
    """Keep what the form proposes, to be sent to the registry of that connection; the correction's uuid."""
    correction = new_correction(form.type, _service(form), _changes(form), **_words(form))
    user_outbox().add(correction, find_connection(connection).url)
    return correction.uuid


def _service(form: CorrectionForm) -> Service | None:
    """The service as it was read; None when it is one that the referential lacks."""
    if not form.service.get("id"):
        return None
    values = {name: str(form.service.get(name) or "") for name in SERVICE_COLUMNS}
    lon, lat = form.old_position or (None, None)
    return Service(**values, lon=lon, lat=lat)


def _changes(form: CorrectionForm) -> dict[str, Change]:
    changes = {column: Change(pair["old"], pair["new"]) for column, pair in form.changes.items()}
    if form.position is not None:
        changes[POSITION] = Change(list(form.old_position) if form.old_position else None, list(form.position))
    return changes


def _words(form: CorrectionForm) -> dict[str, Any]:
    return {**form.details, "duplicate_of": form.duplicate_of if form.type == "doublon" else ""}
