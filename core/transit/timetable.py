"""The timetable of one day on one walking network: what `buildtransit` makes and every search reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pyproj import CRS, Transformer

from ..errors import InvalidInput
from ..network.file import read_arrays, write_arrays
from ..progress import Progress
from ..routing.local import Router
from .errors import NoService, TransitFileInvalid
from .feed_files import FeedFiles
from .feed_report import NetworkDay
from .gtfs import FeedDay, VehicleRuns, read_feed
from .transfers import Transfer

_IMPOSSIBLE, _NEEDS_TIME = 3, 2
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
    trips = VehicleRuns.join(_numbered(read))
    stops = tuple(
        Stop(Path(path).name, stop, name)
        for path, d in zip(feeds, read)
        for stop, name in zip(d.stops.id, d.stops.name)
    )
    lonlat = np.concatenate([d.stops.lonlat for d in read])
    walks, unlinked = _walks(router, lonlat, max_walk, snap_distance, progress.part(0.5, 1.0))
    changes = _changes(len(stops), walks, change_time, _by_number(read))
    table = Timetable(
        day.isoformat(), max_walk * 60.0, stops, trips.first, trips.stop, trips.arrival, trips.departure,
        trips.board.astype(np.uint8), trips.alight.astype(np.uint8), lonlat, *changes,
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
    """The trips of all feeds, with stops numbered through."""
    offset, parts = 0, []
    for feed_day in read:
        parts.append(feed_day.trips._replace(stop=feed_day.trips.stop + np.int32(offset)))
        offset += len(feed_day.stops.id)
    return parts


def _by_number(read: list[FeedDay]) -> Iterable[tuple[int, int, Transfer]]:
    """The transfers of all feeds by numbers of stops; a station stands for all its stops."""
    offset = 0
    for feed_day in read:
        members: dict[str, list[int]] = {}
        for number, (stop, station) in enumerate(zip(feed_day.stops.id, feed_day.stops.station)):
            members.setdefault(stop, []).append(offset + number)
            if station != stop:
                members.setdefault(station, []).append(offset + number)
        for transfer in feed_day.transfers:
            for origin in members.get(transfer.origin, ()):
                for destination in members.get(transfer.destination, ()):
                    yield origin, destination, transfer
        offset += len(feed_day.stops.id)


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
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The changes on foot and at one stop, with what the feeds say of some of them."""
    same = np.arange(stops)
    seconds = change_time + whole_seconds(np.concatenate((np.zeros(stops), walks[2] * 60.0)))
    need = dict(
        zip(zip(np.concatenate((same, walks[0])).tolist(), np.concatenate((same, walks[1])).tolist()), seconds.tolist())
    )
    for origin, destination, transfer in transfers:
        if transfer.kind == _IMPOSSIBLE:
            need.pop((origin, destination), None)
        elif transfer.kind == _NEEDS_TIME:
            need[origin, destination] = max(need.get((origin, destination), change_time), transfer.seconds)
    table = np.array([(*pair, time) for pair, time in need.items()], np.int64).reshape(-1, 3)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    return table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2].astype(np.int32)


_EXACT = 1e-3
"""Seconds below which a walk that ends just after a whole second ends at it: costs are single precision."""


def whole_seconds(seconds: np.ndarray) -> np.ndarray:
    """The first whole second by which a walk of ``seconds`` that began on a whole second has ended."""
    return np.ceil(seconds - _EXACT).astype(np.int64)
