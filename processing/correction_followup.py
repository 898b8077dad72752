"""After a sync: what became of the corrections that were handed over to producers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..core.corrections import OutboxError
from ..core.corrections.handover import Followed, follow_up
from ..core.messages import msg
from ..core.progress import Progress
from ..core.registry import geopackage
from ..core.registry.sync import changes
from ..core.services import SERVICE_COLUMNS, Service
from .outbox import outbox_path, user_outbox


def follow_handed_over(path: Path, progress: Progress) -> Followed:
    """Compare the GeoPackage just synchronised with the corrections handed over; remind of those still not applied.

    An outbox that cannot be read is reported and does not stop the sync.
    """
    nothing = Followed((), ())
    if not outbox_path().exists():
        return nothing
    try:
        outbox = user_outbox()
        wanted = [entry.correction.service_id for entry in outbox.entries("transmise")]
        removed = {change.id for change in changes(path) if change.nature == "suppression"}
        followed = follow_up(outbox, _services(path, wanted), date.today().isoformat(), removed)
    except OutboxError as error:
        progress.warn(error.message)
        return nothing
    if followed.closed:
        progress.info(
            msg(
                "{count} correction handed over is now in the records."
                "|{count} corrections handed over are now in the records.",
                count=len(followed.closed),
            )
        )
    if followed.reminded:
        progress.warn(
            msg(
                "{count} correction handed over is not in the records yet: a reminder?"
                "|{count} corrections handed over are not in the records yet: a reminder?",
                count=len(followed.reminded),
            )
        )
    return followed


def _services(path: Path, identifiers: list[str]) -> Iterator[Service]:
    query = geopackage.sql("SELECT geom,", geopackage.COLUMNS, "FROM services WHERE id = ?")
    with geopackage.opened(path) as database:
        for identifier in identifiers:
            for geometry, *values in database.execute(query, (identifier,)):
                lon, lat = geopackage.position_of(geometry) or (None, None)
                texts = {name: value or "" for name, value in zip(SERVICE_COLUMNS, values)}
                yield Service(**texts, lon=lon, lat=lat)
