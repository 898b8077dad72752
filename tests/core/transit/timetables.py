"""Random days of public transport: as GTFS feeds on disk, and as plain runs for an answer made apart."""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

DAY = "20250304"  # a Tuesday
LON, LAT = 8.9, 42.3
STEP = 0.012  # about a kilometre


@dataclass
class Run:
    """One vehicle: (stop, arrival, departure, may get on, may get off) at each halt, seconds since 0:00 of the day."""

    halts: list[tuple[int, int, int, bool, bool]]
    line: tuple[int, int] = (0, 0)
    """The feed and the line in it."""
    trip: tuple[int, int] = (0, 0)
    own: bool = True
    """Of the day itself, not of the day before."""
    repeats: bool = False
    """One of several starts of a frequency."""


@dataclass
class Day:
    feeds: list[Path]
    stops: list[tuple[float, float]]
    runs: list[Run] = field(default_factory=list)
    least: dict[tuple[int, int], int] = field(default_factory=dict)
    """Pairs of stops with a least time between two vehicles."""
    barred: set[tuple[int, int]] = field(default_factory=set)
    rules: list[tuple] = field(default_factory=list)
    """Of single lines or trips: two stops, from line, from trip, to line, to trip (None: any), kind, seconds."""
    block: dict[tuple[int, int], str] = field(default_factory=dict)
    entrances: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    """Stops that are entered by the entrances of their station only."""
    said: dict[tuple[tuple[int, int], tuple[int, int]], bool] = field(default_factory=dict)
    """Two trips of one vehicle: whether one may stay in it."""


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def walking_grid(path: Path, side: int) -> Path:
    """Streets of a grid of ``side`` × ``side`` crossings, as GeoJSON."""
    node = [[(LON + STEP * i, LAT + STEP * j) for j in range(side)] for i in range(side)]
    lines = [[node[i][j], node[i + 1][j]] for i in range(side - 1) for j in range(side)]
    lines += [[node[i][j], node[i][j + 1]] for i in range(side) for j in range(side - 1)]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}} for line in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def random_day(folder: Path, seed: int, side: int = 6, feeds: int = 2, particular: bool = False) -> Day:
    """A day of some thirty runs over twelve stops in two feeds.

    With ``particular``, changes of single lines and trips, and vehicles that go on as another trip.
    """
    draw = random.Random(seed)
    day = Day([], [])
    for number in range(feeds):
        more = random.Random(f"{seed} {number}") if particular else None
        _feed(folder / f"feed{number}.zip", day, draw, side, number, more)
    return day


def _feed(path: Path, day: Day, draw: random.Random, side: int, feed: int, more: random.Random | None) -> None:
    base = len(day.stops)
    count = draw.randint(4, 7)
    own = [(LON + STEP * draw.uniform(0, side - 1), LAT + STEP * draw.uniform(0, side - 1)) for _ in range(count)]
    if day.stops and draw.random() < 0.5:
        own[0] = day.stops[0]  # a stop shared with another feed, under another id
    day.stops += own
    trips, times, frequencies, transfers = [], [], [], []
    services: dict[int, str] = {}
    drawn: dict[int, list] = {}
    for number in range(draw.randint(24, 36) if more is None else 45):
        service = draw.choice(["today", "today", "week", "yesterday", "sunday"])
        most = 5 if more is None else 3  # of short trips many are changed
        halts = _halts(draw, count, most, late=service == "yesterday" or draw.random() < 0.2)
        if more and drawn and more.random() < 0.4:  # the vehicle of the trip before goes on
            service = services[number - 1]
            halts = _from(drawn[number - 1][-1], more.choice([0, 20, 90]), halts)
        trips.append(f"line{number % 3},{service},t{number}")
        times += [
            ",".join(
                (
                    f"t{number}",
                    *_times(halt, blank),
                    f"s{halt[0]}",
                    str(3 * place + 1),
                    str(int(not halt[3])),
                    str(int(not halt[4])),
                )
            )
            for place, (halt, blank) in enumerate(halts)
        ]
        filled = _filled(halts)
        services[number], drawn[number] = service, filled
        starts = [filled[0][2]]
        if draw.random() < 0.5 and service != "yesterday":
            begin, headway = draw.randrange(5 * 3600, 8 * 3600), draw.choice([600, 900, 1234])
            end = begin + headway * draw.randint(1, 9)
            frequencies.append(f"t{number},{clock(begin)},{clock(end)},{headway}")
            starts = list(range(begin, end, headway))
        for start in starts:
            later = start - filled[0][2]
            run = [(base + s, a + later, d + later, on, off) for s, a, d, on, off in filled]
            of = (feed, number % 3), (feed, number)
            repeats = len(starts) > 1
            if service in ("today", "week"):
                day.runs.append(Run(run, *of, True, repeats))
            if service in ("yesterday", "week") and run[-1][2] > 86400:
                before = [(s, a - 86400, d - 86400, on, off) for s, a, d, on, off in run]
                day.runs.append(Run(before, *of, False, repeats))
    for _ in range(draw.randint(0, 4)):
        pair = draw.randrange(count), draw.randrange(count)
        key = (base + pair[0], base + pair[1])
        if key in day.least or key in day.barred:
            continue
        if draw.random() < 0.5:
            transfers.append(f"s{pair[0]},s{pair[1]},3,,,,,")
            day.barred.add(key)
        else:
            seconds = draw.randrange(0, 900)
            transfers.append(f"s{pair[0]},s{pair[1]},2,{seconds},,,,")
            day.least[key] = seconds
    if more:
        for stop in range(0, count, 2):
            near = [tuple(x + STEP * more.uniform(-0.6, 0.6) for x in own[stop]) for _ in range(more.randint(1, 3))]
            day.entrances[base + stop] = near
        transfers += _rules(day, more, feed, base, count, len(trips))
        transfers += _vehicles(day, more, feed, drawn, services)
        more.shuffle(transfers)
    trips = [f"{trip},{day.block.get((feed, number), '')}" for number, trip in enumerate(trips)]
    doors = {stop - base: near for stop, near in day.entrances.items() if stop >= base}
    _write(path, draw, own, trips, times, frequencies, transfers, doors)
    day.feeds.append(path)


def _rules(day: Day, draw: random.Random, feed: int, base: int, stops: int, trips: int) -> list[str]:
    """Changes of single lines and trips; of two that would be as particular for the same vehicles one is drawn."""
    rows, shapes = [], {}
    for _ in range(150):
        pair = draw.randrange(stops), draw.randrange(stops)
        sides = tuple(draw.choice(("", "line", "trip")) for _ in range(2))
        rank = tuple(sorted(sides))
        names = tuple(draw.randrange(3 if side == "line" else trips) if side else None for side in sides)
        used = shapes.setdefault((pair, rank), (sides, set()))
        if rank == ("", "") or used[0] != sides or names in used[1]:
            continue
        used[1].add(names)
        kind, seconds = draw.choice("0123"), draw.randrange(1800)
        line = [names[i] if sides[i] == "line" else None for i in range(2)]
        trip = [names[i] if sides[i] == "trip" else None for i in range(2)]
        lines = ["" if name is None else f"line{name}" for name in line]
        runs = ["" if name is None else f"t{name}" for name in trip]
        rows.append(f"s{pair[0]},s{pair[1]},{kind},{seconds},{lines[0]},{lines[1]},{runs[0]},{runs[1]}")
        of = [None if name is None else (feed, name) for name in (line[0], trip[0], line[1], trip[1])]
        day.rules.append((base + pair[0], base + pair[1], *of, int(kind), seconds))
    return rows


def _vehicles(day: Day, draw: random.Random, feed: int, drawn: dict, services: dict[int, str]) -> list[str]:
    """Blocks of trips that follow one another, and pairs of trips of which it is said whether one may stay aboard."""
    rows = []
    follow = [
        (one, other)
        for one in drawn
        for other in drawn
        if one != other and services[one] == services[other] and drawn[one][-1][1] <= drawn[other][0][2]
    ]
    same = [(one, other) for one, other in follow if drawn[one][-1][0] == drawn[other][0][0]]
    tight = [(one, other) for one, other in same if other == one + 1]
    for number, (one, other) in enumerate(tight[::2] + draw.sample(same, min(len(same), 5))):
        block = day.block.setdefault((feed, one), f"b{number}")
        day.block.setdefault((feed, other), block)
    pairs = [*tight[1::2], *draw.sample(follow, min(len(follow), 10)), *draw.sample(same, min(len(same), 5))]
    pairs += [(draw.randrange(len(drawn)), draw.randrange(len(drawn))) for _ in range(4)]
    for one, other in dict.fromkeys(pairs):
        stays = draw.random() < 0.7
        day.said[(feed, one), (feed, other)] = stays
        rows.append(f",,{4 if stays else 5},,,,t{one},t{other}")
    return rows


def _halts(
    draw: random.Random, count: int, most: int, late: bool
) -> list[tuple[tuple[int, int, int, bool, bool], bool]]:
    """Halts, each with whether its times are left blank in the feed."""
    now = draw.randrange(22 * 3600, 25 * 3600) if late else draw.randrange(6 * 3600, 9 * 3600)
    length = draw.randint(2, min(most, count))
    halts = []
    for place, stop in enumerate(draw.sample(range(count), length)):
        arrival = now
        departure = arrival + draw.choice([0, 0, 30, 120])
        blank = 0 < place < length - 1 and draw.random() < 0.3
        halts.append(((stop, arrival, departure, draw.random() < 0.9, draw.random() < 0.9), blank))
        now = departure + draw.choice([0, 61, 180, 433, 900])
    return halts


def _from(end: tuple, wait: int, halts: list) -> list:
    """The halts, moved in time and begun at the stop of another trip's last, ``wait`` seconds after."""
    later = end[1] + wait - halts[0][0][2]
    moved = [((s, a + later, d + later, on, off), blank) for (s, a, d, on, off), blank in halts]
    (_, *rest), blank = moved[0]
    return [((end[0], *rest), blank), *((halt, b) for halt, b in moved[1:] if halt[0] != end[0] or not b)]


def _filled(halts: list[tuple[tuple[int, int, int, bool, bool], bool]]) -> list[tuple[int, int, int, bool, bool]]:
    """The halts with the times that a reader puts where they are blank: evenly between those given, to the
    nearest second."""
    given = [place for place, (_, blank) in enumerate(halts) if not blank]
    filled = []
    for place, ((stop, arrival, departure, on, off), blank) in enumerate(halts):
        if blank:
            left = max(p for p in given if p < place)
            right = min(p for p in given if p > place)
            leaves, comes = halts[left][0][2], halts[right][0][1]
            arrival = departure = round(leaves + (comes - leaves) * (place - left) / (right - left))
        filled.append((stop, arrival, departure, on, off))
    return filled


def _times(halt: tuple[int, int, int, bool, bool], blank: bool) -> tuple[str, str]:
    return ("", "") if blank else (clock(halt[1]), clock(halt[2]))


def _places(stops: list, doors: dict) -> list[str]:
    """The rows of stops.txt: stops, and stations with their entrances."""
    station = {stop: f"g{stop}" for stop in doors}
    rows = [f"s{i},Arrêt {i},{y!r},{x!r},,{station.get(i, '')}" for i, (x, y) in enumerate(stops)]
    rows += [f"g{i},Gare {i},{stops[i][1]!r},{stops[i][0]!r},1," for i in doors]
    return rows + [f"e{i}-{n},,{y!r},{x!r},2,g{i}" for i, near in doors.items() for n, (x, y) in enumerate(near)]


def _write(path, draw, stops, trips, times, frequencies, transfers, doors) -> None:
    draw.shuffle(times)
    inner = draw.choice(["", "gtfs/"])
    bom = draw.choice(["", "\ufeff"])
    tables = {
        "agency.txt": ("agency_id,agency_name,agency_url,agency_timezone", ["a,Réseau,http://x.example,Europe/Paris"]),
        "stops.txt": (
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
            _places(stops, doors),
        ),
        "routes.txt": ("route_id,agency_id,route_short_name,route_type", [f"line{i},a,{i},3" for i in range(3)]),
        "trips.txt": ("route_id,service_id,trip_id,block_id", trips),
        "stop_times.txt": (
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
            times,
        ),
        "calendar.txt": (
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            ["week,1,1,1,1,1,1,1,20250101,20251231", "sunday,0,0,0,0,0,0,1,20250101,20251231",
             "today,0,1,0,0,0,0,0,20250301,20250331"],
        ),
        "calendar_dates.txt": ("service_id,date,exception_type", ["yesterday,20250303,1", "sunday,20250304,2"]),
        "frequencies.txt": ("trip_id,start_time,end_time,headway_secs", frequencies),
        "transfers.txt": (
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time,"
            "from_route_id,to_route_id,from_trip_id,to_trip_id",
            transfers,
        ),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as out:
        if inner:
            out.writestr("__MACOSX/._stops.txt", "nothing")
        for name, (header, rows) in tables.items():
            out.writestr(inner + name, bom + "\r\n".join([header, *rows]) + "\r\n")
