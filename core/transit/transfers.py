"""What a feed says of changes from one vehicle to another (GTFS Schedule reference, « transfers.txt »)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .feed_files import FeedFiles

GENERAL = {"": 0, "0": 0, "1": 1, "2": 2, "3": 3}
"""Kinds that are understood."""


class Transfer(NamedTuple):
    """What transfers.txt says of a change from one stop to another."""

    origin: str
    destination: str
    kind: int
    """0 recommended, 1 timed, 2 needs `seconds`, 3 impossible."""
    seconds: int


def read_transfers(feed: FeedFiles) -> list[Transfer]:
    """The transfers between two stops, whatever the lines."""
    return [
        Transfer(origin, destination, GENERAL[kind], int(seconds) if seconds.isdigit() else 0)
        for origin, destination, kind, seconds, *particular in _rows(feed)
        if _is_general(origin, destination, kind, particular)
    ]


def transfers_left_out(feed: FeedFiles) -> int:
    """How many transfers hold for some lines or trips only, or are of another kind (staying in one vehicle)."""
    return sum(
        not _is_general(origin, destination, kind, particular)
        for origin, destination, kind, _, *particular in _rows(feed)
    )


def _rows(feed: FeedFiles) -> Iterator[list[str]]:
    columns = ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time")
    return feed.rows("transfers.txt", *columns, "from_route_id", "to_route_id", "from_trip_id", "to_trip_id")


def _is_general(origin: str, destination: str, kind: str, particular: list[str]) -> bool:
    return bool(origin and destination) and not any(particular) and kind in GENERAL
