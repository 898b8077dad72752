"""Living without a car: the week of round trips, who depends on the car, places without a stop, stops by day."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY

from ..core.access.coverage import share_of
from ..core.access.day_hours import open_intervals
from ..core.access.nearest import members_by_category
from ..core.access.travel import ByRoad, Travel
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..core.thresholds import within
from ..core.transit.by_transit import ByTransit
from ..core.transit.feed_files import FeedFiles
from ..core.transit.round_trip import best_trips
from ..core.transit.service_days import silent_days
from ..core.transit.timetable import Built
from ..core.transit.walking import doors_on_network
from ..core.transit.week import ModeCosts, mode_figures, or_standstill, week_of, week_timetables
from ..core.transit.window import DepartureWindow
from ..core.travel_modes import CAR, FOOT
from ..i18n import percent, tr
from .access_asked import AccessAsked, DemandZones, Placed, Supply
from .access_base import AccessAlgorithm
from .address_parameter import AddressParameter
from .coordinates import WGS84
from .network_input import require_walking
from .qgis_enums import SourceType, WkbType
from .roundtrip import add_most_on_foot, outing_of
from .styling.renderers import service_in_sentences
from .transit_input import day_of, feed_paths

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEK = (
    ("zone_id", "text"),
    ("categorie", "text"),
    ("population", "float"),
    ("pop_non_calculee", "float"),
    *((f"part_{day}", "float") for day in DAYS),
    ("jours_par_semaine", "float"),
)
MODES = (
    ("zone_id", "text"),
    ("categorie", "text"),
    ("population", "float"),
    ("pop_non_calculee", "float"),
    ("seuil", "float"),
    ("pop_a_pied", "float"),
    ("pop_transport", "float"),
    ("pop_voiture", "float"),
    ("pop_depend_voiture", "float"),
    ("part_depend_voiture", "float"),
)
PLACES = (("marche_arret", "float"), ("zone_blanche", "bool"))
STOPS = (("stop_id", "text"), ("nom", "text"), ("jeu", "text"), *((day, "int") for day in DAYS))


class _Question(NamedTuple):
    """The layers, on the network on foot."""

    router: Router
    demand: Placed
    zones: DemandZones
    supply: Supply
    members: list[np.ndarray]


class _ByCar(NamedTuple):
    """Of each category the minutes (n,) by car, and which rows (n,) could be computed."""

    costs: list[np.ndarray]
    known: list[np.ndarray]


class WithoutCar(AccessAlgorithm):
    """`cartoservices:withoutcar`"""

    ID = "withoutcar"
    NETWORKS = ("NETWORK", "NETWORK_CAR")

    def displayName(self) -> str:
        return tr("Living without a car")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_demand(identified=True)
        self.add_services(identified=True)
        self.addParameter(AddressParameter("FEEDS", tr("GTFS feeds: zips, folders or addresses (several: a;b)")))
        self.add_network(profile=FOOT)
        self.add_cluster()
        self.add_roads(True, "NETWORK_CAR", tr("Road network by car (to tell who depends on the car)"))
        self.add_text("DATE", tr("A day of the week (as 2026-12-08; empty: one of term time)"), optional=True)
        self.add_text("LEAVE", tr("Leaving home at the earliest"), "07:00")
        self.add_text("HOME", tr("Home again at the latest"), "20:00")
        self.add_number("STAY", tr("Minutes at the counter"), 30, most=1440)
        add_most_on_foot(self, 60)
        self.add_number("THRESHOLD", tr("Near: minutes one way, by each mode"), 30, least=0.1)
        self.add_text("WINDOW", tr("Leaving between (public transport)"), "07:00-09:00", advanced=True)
        self.add_number("STOP_WALK", tr("A stop is near within (minutes on foot)"), 10, least=0.1)
        self.add_number("MAX_WALK", tr("Longest walk (minutes)"), 20, least=0.1, most=240, advanced=True)
        label = tr("Least time to change (seconds)")
        self.add_number("CHANGE_TIME", label, 60, most=7200, whole=True, advanced=True)
        self.add_zones()
        self.add_hours_field()
        self.add_output("WEEK", tr("The week without a car"))
        self.add_output("MODES", tr("Who depends on the car"), optional=True)
        self.add_output("PLACES", tr("Places without a stop"), optional=True)
        self.add_output("STOPS", tr("Stops, day by day"), SourceType.VectorPoint, optional=True)
        self.add_failed()

    def compute(self, asked: AccessAsked) -> None:
        outing = outing_of(asked)
        question = _read(asked)
        timetables, usual, silent = _timetables(asked, question.router)
        weeks = [open_intervals(_hours(asked, question), day, outing.home) for day in week_of(usual)]
        possible = []
        for number, (built, opening) in enumerate(zip(timetables, weeks)):
            step = asked.upto(0.3 + 0.4 * (number + 1) / len(weeks))
            trips = best_trips(
                question.router,
                or_standstill(built.timetable),
                question.demand.places,
                question.supply.places,
                opening,
                outing,
                groups=question.members,
                snap_distance=asked.number("SNAP_DISTANCE"),
                progress=step,
            )
            possible.append([found.reason == 0 for found in trips])
        unknown = silent[:, None] | _without_hours(asked.progress, question, weeks)
        _write_week(asked, question, np.array(possible), unknown)
        _write_places(asked, question, timetables[usual.weekday()])
        _write_modes(asked, question, timetables[usual.weekday()])
        _write_stops(asked, timetables)


def _read(asked: AccessAsked) -> _Question:
    router = asked.router(0.05)
    require_walking(router)
    demand = asked.demand(0.1)
    zones = asked.zones(demand.rows, asked.crs, 0.12)
    supply = asked.supply(0.15)
    supply.require_some()
    return _Question(router, demand, zones, supply, members_by_category(supply.category, len(supply.categories)))


def _timetables(asked: AccessAsked, router: Router) -> tuple[list[Built], date, np.ndarray]:
    """Those of the week, the day that stands for it, and the days (7,) bool of which no feed speaks."""
    with tempfile.TemporaryDirectory() as folder:
        feeds = feed_paths(asked.column("FEEDS"), Path(folder), asked.upto(0.2))
        day = day_of(asked.column("DATE"), feeds, date.today())
        silent = _silent(asked.progress, feeds, week_of(day))
        timetables = week_timetables(
            feeds,
            router,
            week_of(day),
            max_walk=asked.number("MAX_WALK"),
            change_time=asked.integer("CHANGE_TIME"),
            snap_distance=asked.number("SNAP_DISTANCE"),
            progress=asked.upto(0.3),
        )
    if not any(built.trips for built in timetables):
        raise InvalidInput("Nothing runs in the week of {day}: choose one on which the feeds speak.", day=str(day))
    for network in timetables[day.weekday()].report:
        if network.trips == 0:
            asked.progress.warn(msg("{network}: nothing runs on {day}.", network=network.name, day=str(day)))
    return timetables, day, silent


def _silent(progress: Progress, feeds: list[Path], week: list[date]) -> np.ndarray:
    """(7,) bool: the days of which no feed speaks; the feeds that do not speak of all are said."""
    silent = np.ones(len(week), bool)
    for path in feeds:
        with FeedFiles(path) as feed:
            days = silent_days(feed, week)
        silent &= [day in days for day in week]
        if days:
            progress.warn(
                msg(
                    "The feed {feed} says nothing of {days}: who goes by it on these days is not known, and where no "
                    "feed does the day is left empty.",
                    feed=path.name,
                    days=", ".join(map(str, days)),
                )
            )
    return silent


def _hours(asked: AccessAsked, question: _Question) -> list[str]:
    return asked.hours(question.supply.rows, question.supply.row)


def _known(question: _Question, category: int) -> np.ndarray:
    """(n,) bool: the rows of demand whose journeys to a category could be computed."""
    known = np.zeros(len(question.demand.rows.features), bool)
    known[question.demand.row] = not question.supply.lost[category]
    return known


# -- the week ---------------------------------------------------------------------------------------------------------


def _without_hours(progress: Progress, question: _Question, weeks: Sequence[Sequence[Any]]) -> np.ndarray:
    """(7, categories) bool: the days on which the hours of no place of a category are known; ``weeks`` (7, places).

    A place of unknown hours counts as closed beside others that are known; how many there are is said.
    """
    lacking = np.array([[hours is None for hours in opening] for opening in weeks], bool).reshape(len(DAYS), -1)
    places = int(lacking.any(axis=0).sum())
    if places:
        progress.warn(
            msg(
                "{count} place of {total} has unknown hours: nobody goes there. A service none of whose places has "
                "known hours has no figures of the week."
                "|{count} places of {total} have unknown hours: nobody goes there. A service none of whose places has "
                "known hours has no figures of the week.",
                count=places,
                total=lacking.shape[1],
            )
        )
    return np.array([lacking[:, rows].all(axis=1) & (len(rows) > 0) for rows in question.members]).T


def _write_week(asked: AccessAsked, question: _Question, possible: np.ndarray, unknown: np.ndarray) -> None:
    """``possible`` (7, categories, places); days of a category (7, categories) that are ``unknown`` have no figures."""
    table = asked.table("WEEK", WEEK, like=question.zones.source, style="week")
    zones, weight = question.zones, np.nan_to_num(question.demand.rows.weight)
    count = len(zones.ids)
    population = np.bincount(zones.of_demand, weight, count)
    for category, code in enumerate(question.supply.categories):
        known = _known(question, category)
        computed = np.bincount(zones.of_demand, np.where(known, weight, 0.0), count)
        able = np.zeros((len(DAYS), count))
        for day in range(len(DAYS)):
            mask = np.zeros(len(known), bool)
            mask[question.demand.row] = possible[day, category]
            able[day] = np.bincount(zones.of_demand, np.where(mask & known, weight, 0.0), count)
        able[unknown[:, category]] = np.nan
        share = share_of(able, computed)
        for row, zone in enumerate(zones.each()):
            days = [float(one) for one in share[:, row]]
            values = [population[row], population[row] - computed[row], *days, float(sum(days))]
            table.add([zone.id, code or None, *values], zone.feature)
        _say(asked.progress, code, able.sum(axis=1), float(computed.sum()))


def _say(progress: Progress, code: str, able: np.ndarray, computed: float) -> None:
    known = (100 * people / computed for people in able.tolist()) if computed else ()
    shares = ["–" if share != share else percent(share) for share in known]
    if shares:
        progress.info(
            msg(
                "{category}, there and back from Monday to Sunday: {shares} of the people.",
                category=service_in_sentences(code),
                shares=", ".join(shares),
            )
        )


# -- who depends on the car -------------------------------------------------------------------------------------------


def _write_modes(asked: AccessAsked, question: _Question, built: Built) -> None:
    table = asked.table("MODES", MODES, like=question.zones.source, style="modes")
    if not table.wanted:
        return
    zones, weight = question.zones, np.nan_to_num(question.demand.rows.weight)
    threshold = asked.number("THRESHOLD")
    by_car = _by_car(asked, question)
    foot = ByRoad(question.router)
    window = DepartureWindow.parse(asked.column("WINDOW"))
    transit = (
        ByTransit(question.router, built.timetable, window, asked.number("SNAP_DISTANCE")) if built.trips else foot
    )
    on_foot = list(_minutes(foot, question.demand, question.supply.places, question.members, asked.upto(0.8)))
    ridden = list(_minutes(transit, question.demand, question.supply.places, question.members, asked.upto(0.95)))
    for category, code in enumerate(question.supply.categories):
        known = _known(question, category)
        car_costs = np.full(len(known), np.nan)
        if by_car is not None:
            car_costs, known = by_car.costs[category], known & by_car.known[category]
        costs = ModeCosts(on_foot[category], ridden[category], car_costs)
        figures = mode_figures(zones.of_demand, len(zones.ids), weight, costs, known, threshold)
        share = figures.dependent_share
        for row, zone in enumerate(zones.each()):
            near = [figures.on_foot[row], figures.by_transit[row]]
            car = [figures.by_car[row], figures.dependent[row], share[row]] if by_car else [None] * 3
            values = [figures.population[row], figures.not_computed[row], threshold, *near, *car]
            table.add([zone.id, code or None, *values], zone.feature)


def _minutes(
    travel: Travel, demand: Placed, services: SnappedPoints, members: list[np.ndarray], progress: Progress
) -> Iterator[np.ndarray]:
    """Of each category the minutes (n,) of each row of demand to the nearest service."""
    for found in travel.nearest(demand.places, services, members, progress=progress):
        yield demand.by_row(found.cost[:, 0])


def _by_car(asked: AccessAsked, question: _Question) -> _ByCar | None:
    """None without roads. What could not be put on them goes to FAILED, the people are said."""
    network = asked.algorithm.open_network(CAR, "", "", asked.upto(0.75), "NETWORK_CAR")
    if network is None:
        return None
    if network.profile != CAR:
        raise InvalidInput("NETWORK_CAR must be a network by car: this one was built for another profile.")
    router = Router(network)
    crs = QgsCoordinateReferenceSystem(network.crs)
    demand, services = (
        asked.placed(asked.rows(name, crs, listed=False), asked.upto(0.75), router) for name in ("DEMAND", "SERVICES")
    )
    category = np.full(len(question.supply.rows.features), -1)
    category[question.supply.row] = question.supply.category
    members = members_by_category(category[services.row], len(question.supply.categories))
    on_roads = np.zeros(len(demand.rows.features), bool)
    on_roads[demand.row] = True
    _say_off_roads(asked, question, on_roads)
    for own, by_car in ((question.demand.rows, demand.rows), (question.supply.rows, services.rows)):
        own.reasons.update({row: why for row, why in by_car.reasons.items() if row not in own.reasons})
    costs = list(_minutes(ByRoad(router), demand, services.places, members, asked.upto(0.78)))
    # A category none of whose places is on the roads tells nothing of who reaches it by car.
    known = [on_roads & (len(some) > 0 or not len(all_)) for some, all_ in zip(members, question.members)]
    return _ByCar(costs, known)


def _say_off_roads(asked: AccessAsked, question: _Question, on_roads: np.ndarray) -> None:
    """The people who are on the network on foot and not on that by car."""
    off = np.zeros(len(on_roads), bool)
    off[question.demand.row] = True
    people = float(np.nansum(question.demand.rows.weight[off & ~on_roads]))
    if people:
        asked.progress.warn(
            msg(
                "{count} person is too far from the roads by car: who depends on the car is not computed for them."
                "|{count} people are too far from the roads by car: who depends on the car is not computed for them.",
                count=people,
            )
        )


# -- places and stops -------------------------------------------------------------------------------------------------


def _write_places(asked: AccessAsked, question: _Question, built: Built) -> None:
    table = asked.rows_table("PLACES", question.demand.rows, PLACES, style="stop_places")
    if not table.wanted:
        return
    doors = doors_on_network(question.router, built.timetable, asked.number("SNAP_DISTANCE"))
    stops = doors.places.take(built.departures[doors.stop] > 0)
    (walk,) = _minutes(
        ByRoad(question.router), question.demand, stops, [np.flatnonzero(stops.link >= 0)], asked.upto(0.72)
    )
    white = ~within(np.where(np.isnan(walk), np.inf, walk), asked.number("STOP_WALK"))
    usable = question.demand.rows.usable()
    far = [beyond if known else None for beyond, known in zip(white.tolist(), usable.tolist())]
    asked.write_rows(table, question.demand.rows, (np.where(usable, walk, np.nan), far), 0.73)
    people = float(np.nansum(question.demand.rows.weight[white & usable]))
    asked.progress.info(
        msg(
            "{count} person lives more than {minutes} minutes on foot from a stop with a departure on {day}."
            "|{count} people live more than {minutes} minutes on foot from a stop with a departure on {day}.",
            count=round(people),
            minutes=asked.number("STOP_WALK"),
            day=built.timetable.day,
        )
    )


def _write_stops(asked: AccessAsked, timetables: list[Built]) -> None:
    table = asked.table("STOPS", STOPS, geometry=WkbType.Point, crs=WGS84)
    stops = timetables[0].timetable
    departures = np.array([built.departures for built in timetables]).T.tolist()
    for stop, lonlat, days in zip(stops.stops, stops.stop_lonlat, departures):
        shape = QgsGeometry.fromPointXY(QgsPointXY(*lonlat)) if np.isfinite(lonlat).all() else None
        table.add([stop.id, stop.name, stop.feed, *days], geometry=shape)
