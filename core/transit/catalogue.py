"""The feeds of transport.data.gouv.fr, France's access point: which there are, of whom, where, until when.

``GET {server}/api/datasets`` answers one list of datasets (as the site's public code has it, etalab/transport-site,
2026): of each ``title``, ``licence`` (a code), ``publisher`` or ``legal_owners``, ``page_url``; ``covered_area``, a
list of ``{type, insee, nom}``, the type being ``commune``, ``epci`` (SIREN), ``departement``, ``region`` or ``pays``
(formerly an object with a ``name``); and ``resources`` with ``format``, a stable ``url``, ``filesize``, ``updated``,
and their validity in ``metadata`` (``start_date``, ``end_date``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ..territories import UnknownTerritory, find
from .errors import FeedUnreadable
from .feed_files import FeedFiles

SERVER = "https://transport.data.gouv.fr"
DATASETS = "/api/datasets"
MOST_BYTES = 200 * 1024 * 1024
LICENCES = {
    "lov2": "Licence Ouverte 2.0",
    "fr-lo": "Licence Ouverte",
    "odc-odbl": "ODbL",
    "mobility-licence": "Licence Mobilités",
}
_COUNTRY = "pays"


class Feed(NamedTuple):
    """One GTFS resource of the catalogue."""

    id: str
    title: str
    publisher: str
    licence: str
    """As people call it; empty where the catalogue does not say."""
    url: str
    page: str
    start: str
    """ISO dates between which it speaks; empty where unknown."""
    end: str
    size: int
    """Bytes, 0 where unknown."""
    updated: str
    areas: tuple[tuple[str, str], ...]
    """(type, code) of the territories that it covers."""


def read_catalogue(document: Any) -> list[Feed]:
    """The GTFS feeds of the answer, in its order. Raises `FeedUnreadable` for what is no catalogue."""
    if not isinstance(document, list):
        raise FeedUnreadable("The server's answer is no catalogue of public transport.")
    feeds = []
    for dataset in document:
        resources = dataset.get("resources") if isinstance(dataset, dict) else None
        for resource in resources if isinstance(resources, list) else ():
            if isinstance(resource, dict) and _text(resource, "format").upper() == "GTFS" and _text(resource, "url"):
                feeds.append(_feed(dataset, resource))
    return feeds


def _feed(dataset: dict[str, Any], resource: dict[str, Any]) -> Feed:
    metadata = resource.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    title, own = _text(dataset, "title"), _text(resource, "title")
    size = resource.get("filesize")
    return Feed(
        _text(resource, "datagouv_id") or _text(resource, "id"),
        f"{title} – {own}" if own and own.lower() not in title.lower() else title,
        _publisher(dataset),
        LICENCES.get(_text(dataset, "licence"), ""),
        _text(resource, "url"),
        _text(dataset, "page_url"),
        _text(metadata, "start_date")[:10],
        _text(metadata, "end_date")[:10],
        size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0,
        _text(resource, "updated"),
        _areas(dataset.get("covered_area")),
    )


def _publisher(dataset: dict[str, Any]) -> str:
    owners = dataset.get("legal_owners")
    names = [_text(owner, "name") for owner in owners if isinstance(owner, dict)] if isinstance(owners, list) else []
    publisher = dataset.get("publisher")
    return ", ".join(filter(None, names)) or (_text(publisher, "name") if isinstance(publisher, dict) else "")


def _areas(covered: Any) -> tuple[tuple[str, str], ...]:
    entries = covered if isinstance(covered, list) else [covered]
    return tuple((_text(e, "type"), _text(e, "insee")) for e in entries if isinstance(e, dict) and _text(e, "type"))


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return str(value).strip() if isinstance(value, (str, int)) else ""


def feeds_of(feeds: Iterable[Feed], communes: frozenset[str]) -> list[Feed]:
    """Those that cover some of the ``communes`` (INSEE codes), the most local first; of unknown area last."""
    reached = []
    for feed in feeds:
        mine = _communes(feed)
        if mine is None or mine & communes:
            reached.append((len(mine) if mine is not None else 10**9, feed.title, feed))
    return [feed for _, _, feed in sorted(reached, key=lambda row: row[:2])]


def _communes(feed: Feed) -> frozenset[str] | None:
    """The communes that a feed covers; None for the whole country, and where nobody knows."""
    found: set[str] = set()
    for kind, code in feed.areas:
        if kind == _COUNTRY:
            return None
        try:
            found |= find(f"R{code}" if kind == "region" else code).communes
        except UnknownTerritory:
            continue
    return frozenset(found) if found else None


# -- what is kept -----------------------------------------------------------------------------------------------------


def kept_at(feed: Feed, folder: Path) -> Path:
    """Where a feed is kept; its name says nothing but its id."""
    name = "".join(letter for letter in feed.id if letter.isalnum() or letter in "-_") or "feed"
    return folder / f"{name}.zip"


def is_kept(feed: Feed, folder: Path) -> bool:
    """Whether this very edition is there."""
    path = kept_at(feed, folder)
    try:
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return path.is_file() and isinstance(card, dict) and card.get("updated") == feed.updated != ""


def keep(feed: Feed, fetched: Path, folder: Path, read_on: str) -> Path:
    """Put a feed that was fetched in the place of the edition kept, with a card that says whose it is.

    Raises `FeedUnreadable` when it is no feed; the edition kept then stays.
    """
    with FeedFiles(fetched):
        pass
    path = kept_at(feed, folder)
    card = {**feed._asdict(), "read_on": read_on}
    os.replace(fetched, path)
    beside = path.with_suffix(".json.new")
    beside.write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(beside, path.with_suffix(".json"))
    return path
