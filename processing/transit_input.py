"""What is given of public transport: feeds as files, folders or addresses, a timetable, a window."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from ..core.errors import InvalidInput
from ..core.http import MEGABYTE, absolute, body_pieces, exchange, shown_url
from ..core.progress import Progress
from ..core.transit.errors import FeedUnreadable
from ..core.transit.feed_files import FeedFiles
from ..core.transit.service_days import usual_day
from .transport import Cancel, open_session

_MOST = 500 * MEGABYTE
_MOST_ADDRESSES = 5
_MOVED = (301, 302, 303, 307, 308)


def feed_paths(text: str, folder: Path, progress: Progress) -> list[Path]:
    """The feeds named by ``text``, several parted by “;”; those at an address are brought to ``folder`` first.

    Raises `InvalidInput`, `FeedUnreadable`.
    """
    names = [name.strip().strip('"') for name in text.split(";")]
    names = [name for name in names if name]
    if not names:
        raise InvalidInput("Give at least one GTFS feed: a zip, a folder or an address.")
    paths = []
    for number, name in enumerate(names):
        step = progress.part(number / len(names), (number + 1) / len(names))
        path = _downloaded(name, folder, step) if "://" in name else Path(name)
        if not path.exists():
            raise FeedUnreadable("There is no feed at {path}.", path=name)
        paths.append(path)
    return paths


def day_of(text: str, paths: list[Path], today: date) -> date:
    """The day written as an ISO date; without one a Tuesday of term time on which the feeds speak."""
    if not text.strip():
        with ExitStack() as opened:
            return usual_day([opened.enter_context(FeedFiles(path)) for path in paths], today)
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise InvalidInput("DATE “{text}” is no day: write it as 2026-12-08.", text=text) from None


def _downloaded(address: str, folder: Path, progress: Progress) -> Path:
    path = folder / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}.zip"
    download(address, path, progress)
    return path


def download(address: str, path: Path, progress: Progress) -> None:
    """Write the feed at ``address`` to ``path``. It needs no credentials, so it may send on to another server.

    Raises `FeedUnreadable`.
    """
    session = open_session(address, feedback=Cancel(progress))
    for _ in range(_MOST_ADDRESSES):
        response = exchange(session, "GET", address, base_url=address, redirects=False)
        if response.status_code in _MOVED and response.headers.get("Location"):
            response.close()
            address = absolute(address, response.headers["Location"])
            continue
        if response.status_code != 200:
            break
        with open(path, "wb") as out:
            for piece in body_pieces(response, _MOST, progress):
                out.write(piece)
        return
    raise FeedUnreadable("{url} gives no feed (answer {code}).", url=shown_url(address), code=response.status_code)
