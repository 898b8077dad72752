"""Deciding on the corrections of a registry: over QGIS's own network settings, in a thread."""

from __future__ import annotations

import math
from itertools import islice
from typing import NamedTuple

from qgis.core import QgsFeedback

from ..core.corrections.model import Correction
from ..core.corrections.moderation import Moderator, Received, Sight
from ..core.errors import Cancelled, CartoError
from ..core.matching.neighbours import Neighbour, neighbours_of
from ..core.messages import Message
from ..core.progress import Progress
from ..core.registry import Connection, Query
from ..core.services import Service
from ..i18n import translate_message
from .connections import all_connections, open_connection
from .transport import open_session

AROUND_METRES = 300.0
MOST_AROUND = 2000
_METRES_OF_A_DEGREE = 111_320.0


class ModerationCase(NamedTuple):
    """All that a moderator sees of a correction.

    ``problem``: why the services around it could not be read; None where they were.
    """

    received: Received
    sight: Sight
    neighbours: list[Neighbour]
    problem: Message | None = None


def open_moderator(connection: Connection, feedback: QgsFeedback | None = None) -> Moderator:
    """The registry's side of a connection."""
    session = open_session(connection.url, connection.authcfg, feedback)
    return Moderator(session, connection, words=translate_message)


def registries() -> list[Connection]:
    """The saved connections that take corrections over the network."""
    return [connection for connection in all_connections() if connection.kind == "ogcapi"]


def read_case(connection: Connection, received: Received, progress: Progress, feedback: QgsFeedback) -> ModerationCase:
    """The correction against the service as it is now, and the services around it. Raises `CannotSend`."""
    sight = open_moderator(connection, feedback).sight(received)
    progress.check()
    try:
        around = _around(connection, received.correction, sight.proposed, progress, feedback)
    except Cancelled:
        raise
    except CartoError as error:
        return ModerationCase(received, sight, [], error.message)
    return ModerationCase(received, sight, neighbours_of(sight.proposed, around))


def _around(
    connection: Connection, correction: Correction, proposed: Service, progress: Progress, feedback: QgsFeedback
) -> list[Service]:
    """The services near where the proposed one would be; of its commune where it has no position."""
    if proposed.lon is not None and proposed.lat is not None:
        north = AROUND_METRES / _METRES_OF_A_DEGREE
        east = north / max(math.cos(math.radians(proposed.lat)), 0.01)
        lon, lat = proposed.lon, proposed.lat
        query = Query(extent=(lon - east, lat - north, lon + east, lat + north))
    elif proposed.code_insee:
        query = Query(communes=frozenset({proposed.code_insee}))
    else:
        return []
    records = open_connection(connection, feedback).read(query, progress)
    services = (record for record in records if isinstance(record, Service))
    ours = {correction.service_id, correction.uuid}
    return [service for service in islice(services, MOST_AROUND) if service.id not in ours]
