"""The feeds of transport.data.gouv.fr, or of a mirror: asked for, chosen, kept in the profile, brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ..core.http import exchange, read_json
from ..core.progress import Progress
from ..core.territories import find
from ..core.transit.catalogue import (
    DATASETS,
    MOST_BYTES,
    SERVER,
    Feed,
    feeds_of,
    is_kept,
    keep,
    kept_at,
    read_catalogue,
)
from ..core.transit.errors import FeedUnreadable
from . import settings
from .connections import data_folder
from .transit_input import download
from .transport import Cancel, open_session

FOLDER = "gtfs"


def ask_catalogue(progress: Progress) -> list[Feed]:
    """Every GTFS feed of the catalogue. Raises `FeedUnreadable`, `requests.RequestException`, `Cancelled`."""
    server = (settings.TRANSPORT.value() or SERVER).rstrip("/")
    session = open_session(server, feedback=Cancel(progress))
    response = exchange(session, "GET", server + DATASETS, base_url=server)
    if response.status_code != 200:
        raise FeedUnreadable(
            "The catalogue of public transport cannot be read (answer {code}).", code=response.status_code
        )
    return read_catalogue(read_json(response, MOST_BYTES, progress))


def of_territory(feeds: Iterable[Feed], codes: Iterable[str]) -> list[Feed]:
    """Those that cover some of the territories of these codes; all where none is given."""
    communes = frozenset().union(*(find(code).communes for code in codes))
    return feeds_of(feeds, communes) if communes else list(feeds)


def brought(feeds: list[Feed], progress: Progress) -> list[Path]:
    """The feeds as files in the profile: those of which this edition is not kept yet are fetched."""
    folder, paths = data_folder(FOLDER), []
    for number, feed in enumerate(feeds):
        step = progress.part(number / len(feeds), (number + 1) / len(feeds))
        path = kept_at(feed, folder)
        if not is_kept(feed, folder):
            fetched = path.with_suffix(".zip.new")
            try:
                download(feed.url, fetched, step)
                keep(feed, fetched, folder, date.today().isoformat())
            finally:
                fetched.unlink(missing_ok=True)
        paths.append(path)
    return paths
