"""What is said of a feed on a day: the trips of each network, zeros shown, and what was met in it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from ..messages import Message, msg
from .feed_files import FeedFiles
from .service_days import validity
from .transfers import transfers_left_out

_FLEX = ("locations.geojson", "location_groups.txt", "booking_rules.txt", "stop_areas.txt")
_NOT_READ = ("pathways.txt", "levels.txt")
ENTRANCE = "2"
"""The kind of a place of stops.txt by which one enters a station."""


class NetworkDay(NamedTuple):
    """What runs of one network (agency) on the day."""

    name: str
    lines: int
    trips: int
    first_departure: int | None
    """Seconds since 0:00."""
    last_departure: int | None
    anomalies: tuple[Message, ...]


class Lines(NamedTuple):
    """The routes of a feed and the network each belongs to."""

    index: dict[str, int]  # type: ignore[assignment]
    network: list[int]
    networks: list[str]


def report(
    feed: FeedFiles,
    departures: tuple[np.ndarray, np.ndarray],
    lines: Lines,
    found: Counter[tuple[int, str]],
    any_service: bool,
) -> list[NetworkDay]:
    """One row a network, those without a trip too.

    ``departures``: the line and the first departure of each run of the day. ``found``: what was met, by network and
    kind (`_said`). ``any_service``: whether any service of the feed runs on the day.
    """
    network = np.array(lines.network, np.int64)
    of_run, leaves = network[departures[0]] if len(departures[0]) else np.empty(0, np.int64), departures[1]
    general = _anomalies_of_feed(feed)
    rows = []
    for number, name in enumerate(lines.networks):
        own = of_run == number
        anomalies = [_said(why, count) for (where, why), count in sorted(found.items()) if where == number]
        if not own.any():
            anomalies.append(_nothing_runs(feed, any_service))
        first, last = (int(leaves[own].min()), int(leaves[own].max())) if own.any() else (None, None)
        of_network = int((network == number).sum())
        rows.append(NetworkDay(name, of_network, int(own.sum()), first, last, (*anomalies, *general)))
    return rows


def _nothing_runs(feed: FeedFiles, any_service: bool) -> Message:
    start, end = validity(feed)
    if not start:
        return msg("No trip on this day: the feed has no calendar.")
    if any_service:
        return msg("No trip on this day.")
    return msg("No trip on this day: the feed speaks of {start} to {end}.", start=_iso(start), end=_iso(end))


def _iso(compact: str) -> str:
    return f"{compact[:4]}-{compact[4:6]}-{compact[6:]}"


def _anomalies_of_feed(feed: FeedFiles) -> list[Message]:
    said = []
    flex = sorted(feed.names() & set(_FLEX))
    if flex:
        said.append(msg("On-demand transport (GTFS-Flex) is not read: {names}.", names=", ".join(flex)))
    left = sorted(feed.names() & set(_NOT_READ))
    if left:
        said.append(msg("Ways inside stations are not read: {names}.", names=", ".join(left)))
    if feed.others:
        said.append(
            msg("Other feeds beside this one are not read, give each by itself: {names}.", names=", ".join(feed.others))
        )
    places = feed.rows("stops.txt", "location_type", "parent_station")
    lost = sum(kind == ENTRANCE and not station for kind, station in places)
    if lost:
        said.append(
            msg(
                "{count} entrance names no station: left out.|{count} entrances name no station: left out.",
                count=lost,
            )
        )
    others = transfers_left_out(feed)
    if others:
        said.append(
            msg(
                "{count} transfer is of no known kind or lacks its stops or trips: left out."
                "|{count} transfers are of no known kind or lack their stops or trips: left out.",
                count=others,
            )
        )
    if feed.broken_text:
        said.append(msg("{count} row holds broken letters.|{count} rows hold broken letters.", count=feed.broken_text))
    return said


def _said(why: str, count: int) -> Message:
    said = {
        "back": msg("{count} trip goes back in time: left out.|{count} trips go back in time: left out.", count=count),
        "twice": msg(
            "{count} trip is given twice: left out once.|{count} trips are given twice: left out once.", count=count
        ),
        "short": msg(
            "{count} trip has fewer than two stops: left out.|{count} trips have fewer than two stops: left out.",
            count=count,
        ),
        "open": msg(
            "{count} trip has no time at one end: left out.|{count} trips have no time at one end: left out.",
            count=count,
        ),
        "flex": msg(
            "{count} trip is on demand (GTFS-Flex): left out.|{count} trips are on demand (GTFS-Flex): left out.",
            count=count,
        ),
        "halt": msg(
            "{count} trip stops where no stop is: left out.|{count} trips stop where no stop is: left out.", count=count
        ),
        "booked": msg(
            "{count} trip must be booked at some stops: counted as if it ran."
            "|{count} trips must be booked at some stops: counted as if they ran.",
            count=count,
        ),
        "frequency": msg(
            "{count} frequency cannot be understood: left out.|{count} frequencies cannot be understood: left out.",
            count=count,
        ),
    }
    return said[why]
