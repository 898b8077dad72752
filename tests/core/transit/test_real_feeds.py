"""Porto Alegre and Corse: timetables and travel times equal, to the second, to those made apart."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.transit.journeys import Journeys
from carto_services_publics.core.transit.timetable import Built, build_timetable, to_network
from carto_services_publics.core.transit.window import DepartureWindow

sys.path.insert(0, str(Path(__file__).parent))
from journey_cases import by_matrix, ranked, seconds_on_foot, within
from plain_feed import PlainScan, plain_day

CHANGE = 60


class Region(NamedTuple):
    router: Router
    feeds: list[Path]
    day: date
    built: Built


def region(network, feeds, day):
    router = Router(open_network(network))
    return Region(router, feeds, day, build_timetable(feeds, router, day, change_time=CHANGE))


@pytest.fixture(scope="module")
def porto_alegre(whole_data, tmp_path_factory):
    folder, network = whole_data / "gtfs" / "poa-r5r", tmp_path_factory.mktemp("poa") / "foot.network"
    build_network(str(folder / "poa_osm.pbf"), BuildOptions(preset="osm", profile="foot"), network)
    return region(network, [folder / "poa_eptc.zip", folder / "poa_trensurb.zip"], date(2019, 5, 13))


@pytest.fixture(scope="module")
def corse(whole_data, tmp_path_factory):
    network = tmp_path_factory.mktemp("corse") / "foot.network"
    build_network(
        str(whole_data / "corse" / "corse_routes_osm.gpkg"),
        BuildOptions(preset="generic", profile="foot", default_speed=4.0),
        network,
    )
    return region(network, [whole_data / "gtfs" / "corse-pt" / "corse_gtfs.zip"], date(2025, 3, 4))


def driven(timetable):
    """Every (departs, arrives, from, to) of the timetable."""
    inside = np.ones(len(timetable.stop), bool)
    inside[timetable.first[1:] - 1] = False
    here = np.flatnonzero(inside)
    columns = timetable.departure[here], timetable.arrival[here + 1], timetable.stop[here], timetable.stop[here + 1]
    return sorted(zip(*(column.tolist() for column in columns)))


def near(row):
    return {int(stop): float(row[stop]) for stop in np.flatnonzero(np.isfinite(row))}


class Apart:
    """The same region, its feeds read and scanned apart; walks are those of the router."""

    def __init__(self, region, places, services):
        lonlat, self.connections = plain_day(region.feeds, region.day)
        router = region.router
        stops = router.snap(to_network(router, np.array(lonlat)))
        self.direct = seconds_on_foot(router, places, services)
        self.access = [near(row) for row in within(seconds_on_foot(router, places, stops))]
        self.egress = [near(row) for row in within(seconds_on_foot(router, stops, services)).T]
        walks = defaultdict(list)
        for block in router.matrix(stops, stops, limit=20.0):
            for i, j in zip(*np.nonzero(np.isfinite(block.cost))):
                walks[int(block.origins[i])].append((int(block.destinations[j]), float(block.cost[i, j]) * 60.0))
        self.scan = PlainScan(self.connections, {s: [*walks[s], (s, 0.0)] for s in range(len(lonlat))}, CHANGE)

    def seconds(self, moment):
        """(places, services) seconds of those who leave at ``moment``."""
        least = self.direct.copy()
        for place, access in enumerate(self.access):
            there = self.scan.arrivals(moment, access, self.direct[place].max())
            for service, egress in enumerate(self.egress):
                ridden = min((there.get(stop, math.inf) + walk for stop, walk in egress.items()), default=math.inf)
                least[place, service] = min(least[place, service], ridden - moment)
        return least


def around_stops(region, count, seed):
    """Places a few hundred metres from stops where vehicles halt."""
    draw = np.random.default_rng(seed)
    stops = np.unique(region.built.timetable.stop)
    lonlat = region.built.timetable.stop_lonlat[draw.choice(stops, count)] + draw.normal(0, 0.003, (count, 2))
    return region.router.snap(to_network(region.router, lonlat))


@pytest.mark.parametrize("name", ["porto_alegre", "corse"])
def test_the_timetable_is_what_the_feed_says(name, request):
    region = request.getfixturevalue(name)
    _, connections = plain_day(region.feeds, region.day)
    assert len(connections) > 300
    assert driven(region.built.timetable) == sorted((c[0], c[1], c[4], c[5]) for c in connections)


def test_blank_times_are_those_that_another_program_filled(porto_alegre, whole_data):
    folder = whole_data / "gtfs" / "poa-r5r"
    feeds = [folder / "poa_eptc_times_filled.zip", folder / "poa_trensurb.zip"]
    filled = build_timetable(feeds, porto_alegre.router, porto_alegre.day, change_time=CHANGE).timetable
    assert driven(porto_alegre.built.timetable) == driven(filled)


@pytest.mark.parametrize(
    ("name", "window", "percentile"),
    [("porto_alegre", (12, 5), 50.0), ("corse", (7, 30), 40.0), ("corse", (13, 20), 10.0)],
)
def test_travel_times_are_those_of_the_scan(name, window, percentile, request):
    region = request.getfixturevalue(name)
    places, services = around_stops(region, 5 if name == "porto_alegre" else 20, 1), around_stops(region, 12, 2)
    apart = Apart(region, places, services)
    asked = DepartureWindow(window[0] * 3600, window[1], percentile)
    minutes = np.array([apart.seconds(asked.start + 60 * i) for i in range(asked.minutes)])
    expected = np.apply_along_axis(ranked, 0, minutes, percentile)
    found = by_matrix(Journeys(region.router, region.built.timetable, asked), places, services) * 60.0
    ridden = expected < apart.direct - 1.0
    assert ridden.sum() > 10
    np.testing.assert_allclose(found, expected, atol=0.02)
