"""The timetable of one day on one walking network: what `buildtransit` makes and every search reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pyproj import CRS, Geod, Transformer

from ..errors import InvalidInput
from ..network.file import read_arrays, write_arrays
from ..progress import Progress
from ..ragged import offsets
from ..routing.local import Router
from .errors import NoService, TransitFileInvalid
from .feed_files import FeedFiles
from .feed_report import NetworkDay
from .gtfs import FeedDay, read_feed
from .transfers import ANY, IMPOSSIBLE, NEEDS_TIME, Side, Transfer
from .vehicles import VehicleRuns

_NEVER = -1
_INSIDE = 1.0
"""Metres a second inside a station (R5's pace of walking)."""
_ARRAYS = (
    "first",
    "stop",
    "arrival",
    "departure",
    "board",
    "alight",
    "stop_lonlat",
    "change_from",
    "change_to",
    "change_time",
    "line",
    "trip",
    "rules",
    "goes_on",
    "door_stop",
    "door_lonlat",
    "door_time",
)


class Stop(NamedTuple):
    """A stop, as people know it."""

    feed: str
    id: str
    name: str


class Timetable(NamedTuple):
    """R runs of vehicles with E halts, S stops, C possible changes between two vehicles."""

    day: str
    """ISO date."""
    max_walk: float
    """Seconds: the longest walk to the first stop, between two vehicles, and from the last stop."""
    stops: tuple[Stop, ...]
    first: np.ndarray
    """(R + 1,) i8: the halts of run r are ``first[r]:first[r + 1]``."""
    stop: np.ndarray
    """(E,) i4 into the stops."""
    arrival: np.ndarray
    """(E,) i4 seconds since 0:00 of the day."""
    departure: np.ndarray
    """(E,) i4."""
    board: np.ndarray
    """(E,) u1: passengers may get on."""
    alight: np.ndarray
    """(E,) u1: passengers may get off."""
    stop_lonlat: np.ndarray
    """(S, 2) f8 degrees; NaN where unknown."""
    change_from: np.ndarray
    """(C,) i4: the stop where one vehicle is left, ascending; one may change at a stop unless the feed forbids it."""
    change_to: np.ndarray
    """(C,) i4: the stop where the next is taken."""
    change_time: np.ndarray
    """(C,) i4 whole seconds at least between the arrival of the one and the departure of the next: walk included."""
    line: np.ndarray
    """(R,) i4 the line of each run, and"""
    trip: np.ndarray
    """(R,) i4 its trip: those of two feeds differ."""
    rules: np.ndarray
    """(K, 7) i4 what holds for changes of some lines or trips only: from stop, to stop, from line, from trip, to line,
    to trip (-1: any), least seconds (-1: never). A later one prevails over those before."""
    goes_on: np.ndarray
    """(L, 2) i8: the last halt of a run, and the first of the run as which its vehicle goes on: people may stay."""
    door_stop: np.ndarray
    """(D,) i4: by its doors a stop is reached from the streets; those of a station with entrances are these,"""
    door_lonlat: np.ndarray
    """(D, 2) f8 degrees; that of another stop is where it stands."""
    door_time: np.ndarray
    """(D,) f8 seconds between the door and the stop, in a straight line."""

    def mirrored(self) -> Timetable:
        """The same day run backwards: every journey from a to b becomes one from b to a, with times negated."""
        order = np.lexsort((self.change_from, self.change_to))
        return self._replace(
            first=self.first[-1] - self.first[::-1],
            stop=self.stop[::-1],
            arrival=-self.departure[::-1],
            departure=-self.arrival[::-1],
            board=self.alight[::-1],
            alight=self.board[::-1],
            change_from=self.change_to[order],
            change_to=self.change_from[order],
            change_time=self.change_time[order],
            line=self.line[::-1],
            trip=self.trip[::-1],
            rules=self.rules[:, [1, 0, 4, 5, 2, 3, 6]],
            goes_on=len(self.stop) - 1 - self.goes_on[:, ::-1],
        )


class Built(NamedTuple):
    """A timetable and what should be said of how it came about."""

    timetable: Timetable
    report: list[NetworkDay]
    departures: np.ndarray
    """(S,) departures a passenger may take from each stop on the day itself."""
    trips: int
    """Runs of the day itself."""
    unlinked: int
    """Stops too far from the walking network: reached by vehicles only."""


def build_timetable(
    feeds: Sequence[str | os.PathLike],
    router: Router,
    day: date,
    *,
    max_walk: float = 20.0,
    change_time: int = 60,
    snap_distance: float = np.inf,
    progress: Progress = Progress(),
) -> Built:
    """The timetable of ``day`` out of ``feeds`` (zips or folders), with walks on the network of ``router``.

    ``max_walk``: minutes. ``change_time``: seconds between two vehicles, on top of the walk from the one to the other.
    Raises `FeedUnreadable`. A day on which nothing runs has an empty timetable, and a report that says why.
    """
    if not max_walk > 0 or change_time < 0:
        raise InvalidInput("The longest walk must be positive, the time to change not negative.")
    read: list[FeedDay] = []
    for number, path in enumerate(feeds):
        with FeedFiles(path) as feed:
            read.append(read_feed(feed, day, progress.part(0.5 * number / len(feeds), 0.5 * (number + 1) / len(feeds))))
    report = [network for feed_day in read for network in feed_day.networks]
    halts = offsets([len(feed_day.trips.stop) for feed_day in read])
    trips = VehicleRuns.join(_numbered(read))
    stops = tuple(
        Stop(Path(path).name, stop, name)
        for path, d in zip(feeds, read)
        for stop, name in zip(d.stops.id, d.stops.name)
    )
    lonlat = np.concatenate([d.stops.lonlat for d in read])
    walks, unlinked = _walks(router, lonlat, max_walk, snap_distance, progress.part(0.5, 1.0))
    change_from, change_to, change_least, rules = _changes(len(stops), walks, change_time, _by_number(read))
    goes_on = np.concatenate([feed_day.goes_on + first for feed_day, first in zip(read, halts)])
    table = Timetable(
        day.isoformat(), max_walk * 60.0, stops, trips.first, trips.stop, trips.arrival, trips.departure,
        trips.board.astype(np.uint8), trips.alight.astype(np.uint8), lonlat, change_from, change_to, change_least,
        trips.line, trips.trip, rules, goes_on, *_doors(read, lonlat),
    )  # fmt: skip
    own = np.repeat(trips.own_day, np.diff(trips.first)) & trips.board
    own[trips.first[1:] - 1] = False
    departures = np.bincount(trips.stop[own], minlength=len(stops))
    return Built(table, report, departures, int(trips.own_day.sum()), unlinked)


def require_service(timetable: Timetable) -> None:
    """Raises `NoService` when nothing runs on the day of the timetable."""
    if len(timetable.stop) == 0:
        raise NoService("Nothing runs on {day}: choose a day on which the feeds speak.", day=timetable.day)


def require_time(metric: str) -> None:
    """Raises `InvalidInput` for what vehicles are not measured in."""
    if metric != "time":
        raise InvalidInput("Public transport is counted in minutes, not in metres.")


def write_timetable(path: str | os.PathLike, timetable: Timetable) -> None:
    """Write the file that `open_timetable` reads, whole or not at all."""
    header = {"day": timetable.day, "max_walk": timetable.max_walk, "stops": [list(stop) for stop in timetable.stops]}
    write_arrays(path, {"timetable": header}, {name: getattr(timetable, name) for name in _ARRAYS})


def open_timetable(path: str | os.PathLike) -> Timetable:
    """The timetable in the file at ``path``. Raises `TransitFileInvalid`, `NetworkFileInvalid`."""
    header, arrays = read_arrays(path)
    content: dict[str, Any] | None = header.get("timetable")
    if content is None or not set(_ARRAYS) <= set(arrays):
        raise TransitFileInvalid(
            "{path} is not a timetable; make one with the algorithm « buildtransit ».", path=str(path)
        )
    stops = tuple(Stop(*stop) for stop in content["stops"])
    return Timetable(content["day"], content["max_walk"], stops, **{name: np.asarray(arrays[name]) for name in _ARRAYS})


# -- stops and walks --------------------------------------------------------------------------------------------------


def _numbered(read: list[FeedDay]) -> list[VehicleRuns]:
    """The trips of all feeds, with stops, lines and trips numbered through."""
    return [
        feed_day.trips._replace(
            stop=feed_day.trips.stop + np.int32(stop),
            line=feed_day.trips.line + np.int32(line),
            trip=feed_day.trips.trip + np.int32(trip),
        )
        for feed_day, (stop, line, trip) in zip(read, _firsts(read))
    ]


def _firsts(read: list[FeedDay]) -> list[list[int]]:
    """The numbers of the first stop, line and trip of each feed."""
    counts = [(len(feed_day.stops.id), feed_day.lines, feed_day.trip_names) for feed_day in read]
    return np.concatenate((np.zeros((1, 3), np.int64), np.cumsum(counts, axis=0)[:-1])).tolist()


def _by_number(read: list[FeedDay]) -> Iterable[tuple[int, int, Transfer]]:
    """The transfers of all feeds by numbers; a station stands for all its stops. The more particular come later.

    Of two as particular, that which names stops prevails over that which names stations, then the first of the file.
    """
    for feed_day, (offset, line, trip) in zip(read, _firsts(read)):
        members: dict[str, list[int]] = {}
        for number, (stop, station) in enumerate(zip(feed_day.stops.id, feed_day.stops.station)):
            members.setdefault(stop, []).append(offset + number)
            if station != stop:
                members.setdefault(station, []).append(offset + number)
        for transfer in _least_particular_first(feed_day):
            numbered = transfer._replace(
                origin=_shifted(transfer.origin, line, trip), destination=_shifted(transfer.destination, line, trip)
            )
            for origin in members.get(transfer.origin.stop, ()):
                for destination in members.get(transfer.destination.stop, ()):
                    yield origin, destination, numbered


def _least_particular_first(feed_day: FeedDay) -> list[Transfer]:
    stops = set(feed_day.stops.id)
    order = feed_day.transfers[::-1]
    order.sort(key=lambda t: (t.rank, (t.origin.stop in stops) + (t.destination.stop in stops)))
    return order


def _shifted(side: Side, line: int, trip: int) -> Side:
    """The same with lines and trips numbered through all feeds, given the first of its own."""
    return Side(
        side.stop,
        side.line if side.line == ANY else side.line + line,
        side.trip if side.trip == ANY else side.trip + trip,
    )


def _doors(read: list[FeedDay], lonlat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each door its stop, its position, and the seconds between the two."""
    first = offsets([len(feed_day.stops.id) for feed_day in read])
    entrance = np.concatenate([feed_day.stops.entrance for feed_day in read])
    count = [len(feed_day.stops.entrance) for feed_day in read]
    inside = entrance[:, 0].astype(np.int64) + np.repeat(first[:-1], count)
    metres = Geod(ellps="GRS80").inv(*entrance[:, 1:].T, *lonlat[inside].T)[2] if len(inside) else np.empty(0)
    known = np.isfinite(metres)
    others = np.setdiff1d(np.arange(len(lonlat)), inside)
    return (
        np.concatenate((others, inside)).astype(np.int32),
        np.concatenate((lonlat[others], entrance[:, 1:])),
        np.concatenate((np.zeros(len(others)), np.where(known, metres, 0.0) / _INSIDE)),
    )


def to_network(router: Router, lonlat: np.ndarray) -> np.ndarray:
    """(n, 2) positions in degrees, in the network's CRS; NaN stay NaN."""
    transformer = Transformer.from_crs("EPSG:4326", CRS.from_user_input(router.network.crs), always_xy=True)
    known = np.isfinite(lonlat).all(axis=1)
    xy = np.full(lonlat.shape, np.nan)
    xy[known] = np.column_stack(transformer.transform(*lonlat[known].T))
    return xy


def _walks(
    router: Router, lonlat: np.ndarray, max_walk: float, snap_distance: float, progress: Progress
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], int]:
    """Pairs of different stops and the minutes between them, at most ``max_walk``; how many are off the network."""
    places = router.snap(to_network(router, lonlat), snap_distance)
    linked = np.flatnonzero(places.link >= 0)
    some = router.prepare(places.take(linked))
    origin, destination, minutes = [], [], []
    for block in router.matrix(some, some, limit=max_walk, progress=progress):
        row, column = np.nonzero(np.isfinite(block.cost))
        origin.append(linked[block.origins[row]])
        destination.append(linked[block.destinations[column]])
        minutes.append(block.cost[row, column].astype(float))
    if not origin:
        none = np.empty(0, np.int64)
        return (none, none, np.empty(0)), len(lonlat) - len(linked)
    pairs = np.concatenate(origin), np.concatenate(destination), np.concatenate(minutes)
    apart = pairs[0] != pairs[1]
    return (pairs[0][apart], pairs[1][apart], pairs[2][apart]), len(lonlat) - len(linked)


def _changes(
    stops: int,
    walks: tuple[np.ndarray, np.ndarray, np.ndarray],
    change_time: int,
    transfers: Iterable[tuple[int, int, Transfer]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The changes on foot and at one stop with what the feeds say of them, and the rules of single lines and trips."""
    same = np.arange(stops)
    seconds = change_time + whole_seconds(np.concatenate((np.zeros(stops), walks[2] * 60.0)))
    need = dict(
        zip(zip(np.concatenate((same, walks[0])).tolist(), np.concatenate((same, walks[1])).tolist()), seconds.tolist())
    )
    usual: dict[tuple[int, int], int] = {}
    rules = []
    for origin, destination, transfer in transfers:
        pair = origin, destination
        without = usual.setdefault(pair, need.get(pair, _NEVER))  # what the walk alone takes
        least = _least(transfer, without, change_time)
        if transfer.rank == (0, 0):
            need[pair] = least
        else:
            rules.append((*pair, *transfer.origin[1:], *transfer.destination[1:], least))
    table = np.array([(*pair, time) for pair, time in need.items() if time != _NEVER], np.int64).reshape(-1, 3)
    origins, destinations, times = table[np.lexsort((table[:, 1], table[:, 0]))].T.astype(np.int32)
    return origins, destinations, times, np.array(rules, np.int32).reshape(-1, 7)


def _least(transfer: Transfer, usual: int, change_time: int) -> int:
    """Seconds that a change takes at least, or `_NEVER`; ``usual``: without what the feed says of it."""
    if transfer.kind == IMPOSSIBLE:
        return _NEVER
    if transfer.kind == NEEDS_TIME:
        return max(change_time if usual == _NEVER else usual, transfer.seconds)
    return usual


_EXACT = 1e-3
"""Seconds below which a walk that ends just after a whole second ends at it: costs are single precision."""


def whole_seconds(seconds: np.ndarray) -> np.ndarray:
    """The first whole second by which a walk of ``seconds`` that began on a whole second has ended."""
    return np.ceil(seconds - _EXACT).astype(np.int64)
