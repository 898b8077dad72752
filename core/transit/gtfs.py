"""One GTFS feed on one day: its stops, and its trips as arrays.

The timetable of a day is its own trips and, of the day before, those whose times pass 24:00 (GTFS Schedule reference,
« stop_times.txt »: times count from the noon of the service day less twelve hours and may pass 24:00:00).
"""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..progress import Progress
from ..ragged import offsets, ranges
from .aboard import goes_on
from .errors import FeedUnreadable
from .feed_files import FeedFiles, whole
from .feed_report import ENTRANCE, Lines, NetworkDay, report
from .service_days import active_services
from .transfers import Transfer, Transfers, read_transfers
from .vehicles import VehicleRuns

DAY = 86400
"""Seconds."""
_MISSING = -(2**31)
_ROWS_BETWEEN_LOOKS = 50_000
_MOST_HOURS = 999
_BOOKED = {"2", "3"}
"""Kinds of getting on and off: by a telephone call, or as agreed with the driver."""
MOST_HALTS, MOST_RUNS = 50_000_000, 2_000_000
"""Rows of stop_times of one day, and runs by frequency, beyond which a feed is not what it says."""
_MOST_FREQUENT = 5
"""Seconds: a headway below it is an error of the feed."""


class Stops(NamedTuple):
    """The stops where vehicles halt."""

    id: list[str]
    name: list[str]
    lonlat: np.ndarray
    """(S, 2) f8 degrees; NaN where the feed gives no usable position."""
    station: list[str]
    """The id of the station each belongs to, its own where it has none."""
    entrance: np.ndarray
    """(D, 3) f8: a stop, and the longitude and latitude of an entrance of its station; every pair once."""


class FeedDay(NamedTuple):
    """A feed, read for one day."""

    stops: Stops
    trips: VehicleRuns
    transfers: list[Transfer]
    goes_on: np.ndarray
    """(L, 2) i8 halts: see `aboard.goes_on`."""
    lines: int
    trip_names: int
    """How many lines and trips have a number."""
    networks: list[NetworkDay]


class _Trips(NamedTuple):
    """The trips that may run, what is said of each, and how many were left out, by network and reason."""

    service: dict[str, str]
    line: dict[str, int]
    block: dict[str, str]
    lines: Lines
    left_out: Counter[tuple[int, str]]

    def leave_out(self, trip: str, why: str) -> None:
        """Count a trip among those of its network that are not read."""
        self.left_out[self.lines.network[self.line[trip]], why] += 1


def read_feed(feed: FeedFiles, day: date, progress: Progress = Progress()) -> FeedDay:
    """What ``feed`` says of ``day``. Raises `FeedUnreadable`.

    Left out, counted and said by network: trips given twice (once), that go back in time, that have fewer than two
    usable halts or no time at one end, and on-demand services (GTFS-Flex).
    """
    stops = _read_stops(feed)
    lines = _read_lines(feed)
    today, before = active_services(feed, day), active_services(feed, day - timedelta(days=1))
    trips = _read_trips(feed, lines, today | before)
    halts = _read_halts(feed, trips, {stop: i for i, stop in enumerate(stops.id)}, progress)
    transfers = read_transfers(feed, lines.index, {name: number for number, name in enumerate(halts.trips)})
    block = [trips.block.get(name, "") for name in halts.trips]
    runs = _runs(feed, _timed(halts, trips), trips, today, before)
    runs = _once(runs, trips, _particular(block, transfers))
    networks = report(feed, _on_the_day(runs), trips.lines, trips.left_out, bool(today))
    joined = goes_on(runs, block, transfers.aboard)
    return FeedDay(stops, runs, transfers.changes, joined, len(lines.index), len(halts.trips), networks)


def _particular(block: list[str], transfers: Transfers) -> list[tuple[str, int]]:
    """Of each trip, what tells it from another of the same times: its block, and itself where a transfer names it."""
    named = {trip for pair in transfers.aboard for trip in pair}
    named.update(side.trip for transfer in transfers.changes for side in (transfer.origin, transfer.destination))
    return [(of, trip if trip in named else -1) for trip, of in enumerate(block)]


# -- tables -----------------------------------------------------------------------------------------------------------


def _read_stops(feed: FeedFiles) -> Stops:
    place: dict[str, tuple[str, float, float, str]] = {}
    entrances: dict[str, list[tuple[float, float]]] = {}
    halts = []
    columns = ("stop_id", "stop_name", "stop_lon", "stop_lat", "location_type", "parent_station")
    for stop, name, lon, lat, kind, parent in feed.rows("stops.txt", *columns):
        if not stop or stop in place:
            continue
        place[stop] = (name, *_position(lon, lat), parent)
        if kind in ("", "0"):
            halts.append(stop)
        elif kind == ENTRANCE and parent and not np.isnan(place[stop][1]):
            entrances.setdefault(parent, []).append(place[stop][1:3])
    lonlat = np.full((len(halts), 2), np.nan)
    for i, halt in enumerate(halts):
        _, *own, parent = place[halt]
        lonlat[i] = place[parent][1:3] if np.isnan(own[0]) and parent in place else own
    station = [place[s][3] or s for s in halts]
    ways = [(number, *at) for number, of in enumerate(station) for at in entrances.get(of, ())]
    return Stops(halts, [place[s][0] for s in halts], lonlat, station, np.array(ways, float).reshape(-1, 3))


def _position(lon: str, lat: str) -> tuple[float, float]:
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return np.nan, np.nan
    usable = abs(x) <= 180 and abs(y) <= 90 and (x, y) != (0.0, 0.0)
    return (x, y) if usable else (np.nan, np.nan)


def _read_lines(feed: FeedFiles) -> Lines:
    agencies = {agency: name or agency for agency, name in feed.rows("agency.txt", "agency_id", "agency_name")}
    networks = list(dict.fromkeys(agencies.values())) or [feed.name]
    only = next(iter(agencies.values()), feed.name)
    index: dict[str, int] = {}
    network = []
    for route, agency in feed.rows("routes.txt", "route_id", "agency_id"):
        name = agencies.get(agency, agency or only)
        if name not in networks:
            networks.append(name)
        if route not in index:
            index[route] = len(index)
            network.append(networks.index(name))
    return Lines(index, network, networks)


def _read_trips(feed: FeedFiles, lines: Lines, services: set[str]) -> _Trips:
    """The trips of ``services``."""
    service_of, line_of, block_of = {}, {}, {}
    for trip, route, service, block in feed.rows("trips.txt", "trip_id", "route_id", "service_id", "block_id"):
        if service not in services:
            continue
        if route not in lines.index:  # a trip of a route nobody describes still runs
            lines.index[route] = len(lines.index)
            lines.network.append(0)
        service_of[trip] = service
        line_of[trip] = lines.index[route]
        if block:
            block_of[trip] = block
    return _Trips(service_of, line_of, block_of, lines, Counter())


class _Halts(NamedTuple):
    """Rows of stop_times of the trips that may run, sorted by trip and sequence."""

    trips: list[str]
    trip: np.ndarray
    """(E,) i4 into `trips`, ascending."""
    stop: np.ndarray
    arrival: np.ndarray
    """(E,) i8 seconds; `_MISSING` where blank."""
    departure: np.ndarray
    board: np.ndarray
    alight: np.ndarray


def _read_halts(feed: FeedFiles, running: _Trips, stops: dict[str, int], progress: Progress) -> _Halts:
    trips: dict[str, int] = {}
    columns = [array("q") for _ in range(7)]
    refused: dict[str, str] = {}
    booked: set[str] = set()
    names = ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type", "drop_off_type")
    flex = ("start_pickup_drop_off_window", "location_id", "location_group_id")
    for number, row in enumerate(feed.rows("stop_times.txt", *names, *flex)):
        if number % _ROWS_BETWEEN_LOOKS == 0:
            _look(feed, len(columns[0]), progress)
        trip, arrival, departure, stop, sequence, pickup, drop_off, *windows = row
        if trip not in running.service:
            continue
        if _BOOKED & {pickup, drop_off}:
            booked.add(trip)
        if any(windows):
            refused[trip] = "flex"
        elif stop not in stops or (order := whole(sequence)) is None:
            refused[trip] = "halt"
        else:
            values = (
                trips.setdefault(trip, len(trips)),
                order,
                stops[stop],
                _seconds(arrival),
                _seconds(departure),
                pickup != "1",
                drop_off != "1",
            )
            for column, value in zip(columns, values):
                column.append(value)
    for trip, why in (*refused.items(), *((trip, "booked") for trip in sorted(booked - set(refused)))):
        running.leave_out(trip, why)
    table = [np.frombuffer(column, np.int64) if len(column) else np.empty(0, np.int64) for column in columns]
    left_out = np.array([trip in refused for trip in trips], bool)
    keep = np.flatnonzero(~left_out[table[0]]) if len(left_out) else np.empty(0, np.int64)
    order = keep[np.lexsort((table[1][keep], table[0][keep]))]
    order = order[_once_each(*(column[order] for column in table[:3]))]
    of_trip, _, stop, arrives, leaves, board, alight = (column[order] for column in table)
    arrives = np.where(arrives == _MISSING, leaves, arrives)
    leaves = np.where(leaves == _MISSING, arrives, leaves)
    return _Halts(list(trips), of_trip, stop, arrives, leaves, board.astype(bool), alight.astype(bool))


def _once_each(trip: np.ndarray, sequence: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Which rows do not repeat the one before."""
    keep = np.ones(len(trip), bool)
    keep[1:] = (np.diff(trip) != 0) | (np.diff(sequence) != 0) | (np.diff(stop) != 0)
    return keep


def _look(feed: FeedFiles, halts: int, progress: Progress) -> None:
    progress.check()
    if halts > MOST_HALTS:
        raise too_many(feed, MOST_HALTS)


def too_many(feed: FeedFiles, most: int) -> FeedUnreadable:
    """What is said of a feed that would fill the memory."""
    return FeedUnreadable(
        "{path} holds more than {most} departures of one day: it is not read.", path=feed.name, most=most
    )


@lru_cache(maxsize=200_000)
def _seconds(text: str) -> int:
    """Seconds of ``H:MM:SS`` (hours may pass 24); `_MISSING` when it is no time."""
    parts = [whole(part.strip(), _MOST_HOURS) for part in text.split(":")]
    hours, minutes, seconds = (*parts, 0)[:3] if len(parts) in (2, 3) else (None, None, None)
    if hours is None or minutes is None or seconds is None or min(hours, minutes, seconds) < 0:
        return _MISSING
    return hours * 3600 + minutes * 60 + seconds


def _timed(halts: _Halts, running: _Trips) -> _Halts:
    """The halts of trips whose times make sense; blank times stand evenly between those given, by halt."""
    starts = np.flatnonzero(np.diff(halts.trip, prepend=-1))
    ends = np.append(starts[1:], len(halts.trip)) if len(starts) else starts
    why = np.zeros(len(halts.trips), np.int8)
    given = halts.arrival != _MISSING
    short = ends - starts < 2
    open_ended = ~given[starts] | ~given[ends - 1] if len(starts) else short
    why[halts.trip[starts[short]]] = 1
    why[halts.trip[starts[open_ended & ~short]]] = 2
    position = np.arange(len(halts.trip))
    arrival, departure = halts.arrival.copy(), halts.departure.copy()
    blank = ~given & (why[halts.trip] == 0)
    if blank.any():
        known = np.flatnonzero(given)
        at = np.searchsorted(known, position[blank])
        left, right = known[at - 1], known[at]
        share = (position[blank] - left) / (right - left)
        filled = np.rint(departure[left] + share * (arrival[right] - departure[left])).astype(np.int64)
        arrival[blank] = departure[blank] = filled
    same = np.diff(halts.trip) == 0
    back = np.flatnonzero(same & (arrival[1:] < departure[:-1])) + 1
    back = np.concatenate((back, np.flatnonzero(departure < arrival)))
    ordinary = why[halts.trip[back]] == 0
    why[halts.trip[back[ordinary]]] = 3
    for number in np.flatnonzero(why):
        running.leave_out(halts.trips[number], ("short", "open", "back")[why[number] - 1])
    keep = why[halts.trip] == 0
    return _Halts(
        halts.trips, halts.trip[keep], halts.stop[keep], arrival[keep], departure[keep],
        halts.board[keep], halts.alight[keep],
    )  # fmt: skip


# -- runs of the day --------------------------------------------------------------------------------------------------


def _runs(feed: FeedFiles, halts: _Halts, running: _Trips, today: set[str], before: set[str]) -> VehicleRuns:
    """One run for each trip of the day (each start of a frequency), and those of the day before that pass 24:00."""
    headways = _read_frequencies(feed, set(halts.trips), running)
    starts = np.flatnonzero(np.diff(halts.trip, prepend=-1))
    ends = np.append(starts[1:], len(halts.trip)) if len(starts) else starts
    runs: list[tuple[int, int, bool]] = []
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist())):
        name = halts.trips[halts.trip[start]]
        latest = int(halts.departure[end - 1])
        begin = int(halts.departure[start])
        for leaves in headways.get(name, (begin,)):
            late = leaves - begin
            if running.service[name] in today:
                runs.append((number, late, True))
            if running.service[name] in before and latest + late > DAY:
                runs.append((number, late - DAY, False))
    trip, shift, own = np.array(runs, np.int64).reshape(-1, 3).T
    length = (ends - starts)[trip]
    first = offsets(length)
    row = ranges(starts[trip], length)
    later = np.repeat(shift, length)
    line = np.array([running.line[halts.trips[halts.trip[start]]] for start in starts], np.int32)
    return VehicleRuns(
        first,
        halts.stop[row].astype(np.int32),
        (halts.arrival[row] + later).astype(np.int32),
        (halts.departure[row] + later).astype(np.int32),
        halts.board[row],
        halts.alight[row],
        line[trip] if len(line) else np.empty(0, np.int32),
        halts.trip[starts][trip].astype(np.int32),
        own.astype(bool),
    )


def _once(runs: VehicleRuns, trips: _Trips, particular: list[tuple[str, int]]) -> VehicleRuns:
    """The runs without those that repeat another of the same line, halt for halt, which are counted.

    ``particular``: of each trip, what else must be the same.
    """
    columns = (runs.stop, runs.arrival, runs.departure, runs.board, runs.alight)
    seen: set[tuple] = set()
    keep = np.ones(runs.count, bool)
    for run, (start, end) in enumerate(zip(runs.first[:-1].tolist(), runs.first[1:].tolist())):
        alike = int(runs.line[run]), bool(runs.own_day[run]), particular[runs.trip[run]]
        key = (*alike, *(column[start:end].tobytes() for column in columns))
        keep[run] = key not in seen
        seen.add(key)
    if keep.all():
        return runs
    for run in np.flatnonzero(~keep & runs.own_day):
        trips.left_out[trips.lines.network[runs.line[run]], "twice"] += 1
    halt = np.repeat(keep, np.diff(runs.first))
    stop, arrival, departure, board, alight = (column[halt] for column in columns)
    first = offsets(np.diff(runs.first)[keep])
    of_run = runs.line[keep], runs.trip[keep], runs.own_day[keep]
    return VehicleRuns(first, stop, arrival, departure, board, alight, *of_run)


def _on_the_day(runs: VehicleRuns) -> tuple[np.ndarray, np.ndarray]:
    """The line and the first departure of each run of the day itself."""
    return runs.line[runs.own_day], runs.departure[runs.first[:-1]][runs.own_day]


def _read_frequencies(feed: FeedFiles, trips: set[str], running: _Trips) -> dict[str, list[int]]:
    """The departures from the first halt of trips that repeat; the end of a period is not one of them."""
    headways: dict[str, list[int]] = {}
    count = 0
    for trip, start, end, headway in feed.rows("frequencies.txt", "trip_id", "start_time", "end_time", "headway_secs"):
        if trip not in trips:
            continue
        begin, stop = _seconds(start), _seconds(end)
        every = whole(headway) or 0
        if _MISSING in (begin, stop) or every < _MOST_FREQUENT or stop <= begin:
            running.leave_out(trip, "frequency")
            continue
        headways.setdefault(trip, []).extend(range(begin, stop, every))
        count += len(range(begin, stop, every))
        if count > MOST_RUNS:
            raise too_many(feed, MOST_RUNS)
    return headways
