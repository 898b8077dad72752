"""Real feeds read apart, row by row, and connections scanned over them: answers made apart from what is tested."""

from __future__ import annotations

import bisect
import csv
import io
import math
import zipfile
from datetime import date, timedelta

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def table(path, name):
    with zipfile.ZipFile(path) as source:
        if name not in source.namelist():
            return []
        return list(csv.DictReader(io.TextIOWrapper(source.open(name), "utf-8-sig", newline="")))


def seconds(text):
    hours, minutes, rest = text.strip().split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(rest)


def runs_on(path, day):
    """The services of a day."""
    compact = day.strftime("%Y%m%d")
    active = {
        row["service_id"]
        for row in table(path, "calendar.txt")
        if row[WEEK[day.weekday()]] == "1" and row["start_date"] <= compact <= row["end_date"]
    }
    for row in table(path, "calendar_dates.txt"):
        if row["date"] == compact:
            (active.add if row["exception_type"] == "1" else active.discard)(row["service_id"])
    return active


def trips_of(path):
    """trip → (service, [(sequence, stop, arrival or None, departure or None)])."""
    trips = {row["trip_id"]: (row["service_id"], []) for row in table(path, "trips.txt")}
    for row in table(path, "stop_times.txt"):
        times = [seconds(row[name]) if row[name].strip() else None for name in ("arrival_time", "departure_time")]
        trips[row["trip_id"]][1].append((int(row["stop_sequence"]), row["stop_id"], *times))
    return trips


def filled(halts):
    """Halts in order, blank times evenly between those given, to the nearest second; None if they go back in time."""
    halts = sorted(halts)
    stops = [halt[1] for halt in halts]
    arrives = [halt[3] if halt[2] is None else halt[2] for halt in halts]
    leaves = [halt[2] if halt[3] is None else halt[3] for halt in halts]
    given = [number for number, time in enumerate(arrives) if time is not None]
    for left, right in zip(given, given[1:]):
        for number in range(left + 1, right):
            share = (number - left) / (right - left)
            arrives[number] = leaves[number] = round(leaves[left] + share * (arrives[right] - leaves[left]))
    ordered = [time for pair in zip(arrives, leaves) for time in pair]
    return list(zip(stops, arrives, leaves)) if ordered == sorted(ordered) else None


def plain_day(paths, day: date):
    """Stops [(lon, lat)], and connections (departs, arrives, trip, rank, from, to) in the order of their departure."""
    stops, connections = [], set()
    for number, path in enumerate(paths):
        index = {}
        for row in table(path, "stops.txt"):
            index[row["stop_id"]] = len(stops)
            stops.append((float(row["stop_lon"]), float(row["stop_lat"])))
        today, before = runs_on(path, day), runs_on(path, day - timedelta(days=1))
        for trip, (service, halts) in trips_of(path).items():
            run = filled(halts) if service in today | before else None
            overnight = bool(run) and service in before and run[-1][2] > 86400
            for late in [0] * (service in today) + [86400] * overnight:
                for rank, (here, there) in enumerate(zip(run or [], (run or [])[1:])):
                    connections.add(
                        (here[2] - late, there[1] - late, (number, trip, late), rank, index[here[0]], index[there[0]])
                    )
    return stops, sorted(connections)


class PlainScan:
    """Earliest arrivals at every stop of one who leaves at some moment."""

    def __init__(self, connections, walks, change):
        """``walks``: stop → [(stop, seconds on foot)], the stop itself at 0."""
        self._connections, self._change = connections, change
        self._departures = [connection[0] for connection in connections]
        self._walks = walks

    def arrivals(self, moment, access, longest):
        """stop → the first arrival of a vehicle, given {stop: seconds} on foot from home.

        After ``longest`` seconds one had better walked.
        """
        ready = {stop: moment + math.ceil(walk - 1e-3) for stop, walk in access.items()}
        aboard, there = set(), {}
        for departs, arrives, trip, _, here, to in self._connections[bisect.bisect_left(self._departures, moment) :]:
            if departs > moment + longest:
                break
            if trip not in aboard and ready.get(here, math.inf) > departs:
                continue
            aboard.add(trip)
            if arrives < there.get(to, math.inf):
                there[to] = arrives
                for stop, walk in self._walks[to]:
                    ready[stop] = min(ready.get(stop, math.inf), arrives + self._change + math.ceil(walk - 1e-3))
        return there
