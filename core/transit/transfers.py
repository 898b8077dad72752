"""What a feed says of changes from one vehicle to another (GTFS Schedule reference, « transfers.txt »)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .feed_files import FeedFiles, whole

RECOMMENDED, TIMED, NEEDS_TIME, IMPOSSIBLE = range(4)
ANY = -1
"""Whatever the line, whatever the trip."""
_BETWEEN_STOPS = {"": RECOMMENDED, "0": RECOMMENDED, "1": TIMED, "2": NEEDS_TIME, "3": IMPOSSIBLE}
_ABOARD, _NOT_ABOARD = "4", "5"


class Side(NamedTuple):
    """Where a change begins or ends."""

    stop: str
    """A stop, or a station that stands for all its stops."""
    line: int
    """Of the feed, or `ANY`."""
    trip: int

    @property
    def particular(self) -> int:
        """2 for a trip, 1 for a line, 0 for all."""
        return 2 if self.trip != ANY else int(self.line != ANY)


class Transfer(NamedTuple):
    """What transfers.txt says of the change from one stop to another, of all vehicles or of some."""

    origin: Side
    destination: Side
    kind: int
    """0 recommended, 1 timed, 2 needs `seconds`, 3 impossible."""
    seconds: int

    @property
    def rank(self) -> tuple[int, int]:
        """Where several speak of two vehicles the one of the highest rank counts, as the reference orders them.

        Two trips, a trip and a line, a trip, two lines, a line, none.
        """
        both = self.origin.particular, self.destination.particular
        return max(both), min(both)


class Transfers(NamedTuple):
    """All that a feed says of changes on one day."""

    changes: list[Transfer]
    aboard: dict[tuple[int, int], bool]
    """Trips (the first, the second) of one vehicle: whether people may stay in it."""


def read_transfers(feed: FeedFiles, lines: Mapping[str, int], trips: Mapping[str, int]) -> Transfers:
    """The transfers of the ``lines`` and ``trips`` that run (numbers by name); those of others have no effect."""
    found = Transfers([], {})
    for origin, destination, kind, seconds, *names in _rows(feed):
        if not _is_read(origin, destination, kind, names):
            continue
        from_line, to_line, from_trip, to_trip = names
        if kind in (_ABOARD, _NOT_ABOARD):
            if from_trip in trips and to_trip in trips:
                found.aboard[trips[from_trip], trips[to_trip]] = kind == _ABOARD
            continue
        sides = _side(origin, from_line, from_trip, lines, trips), _side(destination, to_line, to_trip, lines, trips)
        if sides[0] and sides[1]:
            found.changes.append(Transfer(sides[0], sides[1], _BETWEEN_STOPS[kind], max(whole(seconds) or 0, 0)))
    return found


def transfers_left_out(feed: FeedFiles) -> int:
    """How many transfers are of no known kind, or lack the stops or trips that theirs needs."""
    return sum(not _is_read(origin, to, kind, names) for origin, to, kind, _, *names in _rows(feed))


def _rows(feed: FeedFiles) -> Iterator[list[str]]:
    columns = ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time")
    return feed.rows("transfers.txt", *columns, "from_route_id", "to_route_id", "from_trip_id", "to_trip_id")


def _is_read(origin: str, destination: str, kind: str, names: list[str]) -> bool:
    return all(names[2:]) if kind in (_ABOARD, _NOT_ABOARD) else kind in _BETWEEN_STOPS and bool(origin and destination)


def _side(stop: str, line: str, trip: str, lines: Mapping[str, int], trips: Mapping[str, int]) -> Side | None:
    """None where the trip or the line does not run; where both are given the trip prevails."""
    if trip:
        return Side(stop, ANY, trips[trip]) if trip in trips else None
    if line:
        return Side(stop, lines[line], ANY) if line in lines else None
    return Side(stop, ANY, ANY)
