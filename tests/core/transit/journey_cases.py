"""Random days with every answer made apart, for the tests of public transport."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from carto_services_publics.core.transit.timetable import build_timetable, to_network
from connection_scan import Scan
from pyproj import Geod
from timetables import STEP, random_day

TUESDAY = date(2025, 3, 4)
SIDE = 6
MAX_WALK = 20.0


def some_places(router, count, seed, stops):
    """Places, most of them a few hundred metres from a stop."""
    draw = np.random.default_rng(seed)
    lonlat = np.array(stops)[draw.integers(0, len(stops), count)] + STEP * draw.normal(0, 0.3, (count, 2))
    return router.snap(to_network(router, lonlat))


def seconds_on_foot(router, a, b):
    table = np.full((a.count, b.count), np.inf)
    for block in router.matrix(a, b):
        table[np.ix_(block.origins, block.destinations)] = block.cost * 60.0
    return table


def within(table):
    return np.where(table <= MAX_WALK * 60.0 + 1e-3, table, np.inf)


def to_stops(router, day, places, back=False):
    """Seconds from each place to each stop, or back, by the entrances of its station where it has some."""
    doors = [(stop, door) for stop, at in enumerate(day.stops) for door in day.entrances.get(stop, [at])]
    there = router.snap(to_network(router, np.array([door for _, door in doors])))
    walk = seconds_on_foot(router, there, places).T if back else seconds_on_foot(router, places, there)
    found = np.full((places.count, len(day.stops)), np.inf)
    for (stop, door), column in zip(doors, walk.T):
        inside = Geod(ellps="GRS80").line_length(*zip(door, day.stops[stop]))
        found[:, stop] = np.minimum(found[:, stop], column + inside)
    return found


class Answers:
    """Every minute of a window, by scanning."""

    def __init__(self, router, day, demand, services, change):
        stops = router.snap(to_network(router, np.array(day.stops)))
        self.direct = seconds_on_foot(router, demand, services)
        self.back = seconds_on_foot(router, services, demand)
        self.to_stop = within(to_stops(router, day, demand))
        self.from_stop = within(to_stops(router, day, services, back=True).T)
        self.service_to_stop = within(to_stops(router, day, services))
        self.stop_to_demand = within(to_stops(router, day, demand, back=True).T)
        self.scan = Scan(day, within(seconds_on_foot(router, stops, stops)), change)

    def departing(self, place, service, moment):
        ridden = self.scan.earliest(moment, self.to_stop[place], self.from_stop[:, service]) - moment
        return min(ridden, self.direct[place, service])

    def returning(self, place, service, moment):
        ridden = self.scan.earliest(moment, self.service_to_stop[service], self.stop_to_demand[:, place]) - moment
        return min(ridden, self.back[service, place])

    def being_there(self, place, service, moment):
        latest = self.scan.latest(moment, self.to_stop[place], self.from_stop[:, service])
        return min(moment - latest, self.direct[place, service])

    def being_home(self, place, service, moment):
        latest = self.scan.latest(moment, self.service_to_stop[service], self.stop_to_demand[:, place])
        return min(moment - latest, self.back[service, place])


def ranked(costs, percentile):
    return sorted(costs)[max(1, math.ceil(percentile / 100 * len(costs) - 1e-9)) - 1]


def by_matrix(journeys, demand, services):
    table = np.full((demand.count, services.count), np.inf)
    for block in journeys.matrix(demand, services):
        table[np.ix_(block.origins, block.destinations)] = block.cost
    return table


class Drawn:
    """A random day, five places and four services on it, and every answer made apart."""

    def __init__(self, router, folder, seed, particular=False):
        self.seed = seed
        change = [60, 0, 150][seed % 3]
        self.day = random_day(folder, seed, SIDE, particular=particular)
        self.built = build_timetable(self.day.feeds, router, TUESDAY, max_walk=MAX_WALK, change_time=change)
        self.demand, self.services = (some_places(router, count, seed + count, self.day.stops) for count in (5, 4))
        self.answers = Answers(router, self.day, self.demand, self.services, change)

    def table(self, one, window):
        moments = [window.start + 60 * i for i in range(window.minutes)]
        return np.array(
            [
                [ranked([one(p, s, m) for m in moments], window.percentile) / 60.0 for s in range(self.services.count)]
                for p in range(self.demand.count)
            ]
        )
