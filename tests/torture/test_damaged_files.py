"""Damage to every file that the plugin makes or keeps: a sentence, or the same result as before; never another one."""

from __future__ import annotations

import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from campaign import SECONDS, Campaign, damaged
from carto_services_publics.core.consolidation.choice import read_priorities
from carto_services_publics.core.consolidation.consolidate import consolidate
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.errors import CartoError
from carto_services_publics.core.matching.decisions import Decisions
from carto_services_publics.core.network import open_network
from carto_services_publics.core.registry import Connection, Query
from carto_services_publics.core.registry.sync import sync
from carto_services_publics.core.routing.answer_cache import AnswerCache
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.services import Service
from carto_services_publics.core.transit.feed_files import FeedFiles
from carto_services_publics.core.transit.gtfs import read_feed
from carto_services_publics.core.transit.timetable import build_timetable, open_timetable
from corrections_made import correction
from dirt import DAY, TEXTS
from million import Listed


class Kept(NamedTuple):
    """A file of a kind: ``made`` writes a good one, ``read`` gives what the program makes of it.

    ``exact``: every changed byte is seen, or changes nothing. Else a byte changed inside a text may be taken for what
    was written (SQLite has no checksums): what is read must then be of the same kind.
    """

    made: Callable[[Path, Any], None]
    read: Callable[[Path], Any]
    exact: bool


def places(count: int) -> list[Service]:
    return [Service(f"s{n}", f"Mairie {n}", "mairie", lon=3.5 + n / 1000, lat=44.5, version="1") for n in range(count)]


def costs(path: Path) -> list[float]:
    """Travel times between corners of the town."""
    router = Router(open_network(path))
    spots = router.snap(np.array([[700_000.0 + 450 * n, 6_600_000.0 + 400 * n] for n in range(6)]))
    blocks = router.matrix(spots, spots)
    return [round(float(cost), 6) for block in blocks for cost in block.cost.ravel()]


def departures(path: Path) -> tuple[Any, ...]:
    table = open_timetable(path)
    return table.day, table.stops, table.departure.tolist(), table.arrival.tolist(), table.change_time.tolist()


def trips(path: Path) -> tuple[Any, ...]:
    with FeedFiles(path) as feed:
        day = read_feed(feed, DAY)
    return day.stops.id, day.trips.departure.tolist(), day.trips.stop.tolist()


def synced(path: Path) -> list[tuple]:
    """The rows after the next sync: those of the registry, whatever was in the file."""
    sync(path, Listed(places(200)), Connection("c", "ogcapi", "https://r.example"), Query(), full=True)
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT id, nom, categorie, geom FROM services ORDER BY id").fetchall()


def consolidated(path: Path) -> list[tuple]:
    """The rows after the next edition."""
    given = [("dila", replace(one, producteur="dila", id_producteur=one.id)) for one in places(60)]
    consolidate(path, given, "2026-12-01", read_priorities())
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT id, nom, categorie FROM services ORDER BY id").fetchall()


def _copied(name: str) -> Callable[[Path, Any], None]:
    return lambda path, town: path.write_bytes(Path(getattr(town, name)).read_bytes())


def _filled_outbox(path: Path, _town: Any) -> None:
    outbox = Outbox(path)
    outbox.add_all([correction(number) for number in range(50)], "r")
    outbox.close()


def _answers(path: Path, _town: Any = None) -> list[Any]:
    cache = AnswerCache(path)
    cache.learn("https://s.example", "version", "x")
    known = cache.known("https://s.example", "version", 1e9)
    cache.close()
    return [known]


FILES = {
    "reseau": Kept(_copied("network"), costs, True),
    "horaires": Kept(_copied("timetable"), departures, True),
    "gtfs": Kept(_copied("feed"), trips, True),
    "referentiel-suivi": Kept(lambda path, _: synced(path), synced, True),
    "referentiel-commun": Kept(lambda path, _: consolidated(path), consolidated, False),
    "boite-d-envoi": Kept(_filled_outbox, lambda path: [e.uuid for e in Outbox(path).entries()], False),
    "decisions": Kept(lambda p, _: Decisions(p).verdicts([], []), lambda p: Decisions(p).verdicts([], []), False),
    "reponses-des-serveurs": Kept(_answers, _answers, False),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_said_or_gives_the_same(tmp_path, town, kind):
    campaign, file = Campaign(f"fichier-abime-{kind}"), FILES[kind]
    good = tmp_path / "good"
    file.made(good, town)
    data, before = good.read_bytes(), file.read(good)
    for chance in campaign.cases(count=25, seconds=SECONDS / 4):
        path = tmp_path / str(campaign.tried)
        path.write_bytes(broken := damaged(data, chance))
        try:
            found = file.read(path)
            if file.exact:
                campaign.wrong += found != before
            elif len(found) > len(before):
                campaign.doubled += 1
        except CartoError:
            campaign.said += 1
        assert campaign.wrong == 0, _shown(campaign, data, broken)
        assert path.exists()
        for left in tmp_path.glob(f"{campaign.tried}*"):
            left.unlink()
    campaign.keep()


def _shown(campaign: Campaign, data: bytes, broken: bytes) -> str:
    differing = next((n for n, (a, b) in enumerate(zip(data, broken)) if a != b), min(len(data), len(broken)))
    return f"{campaign.where()}: from byte {differing} of {len(data)}"


def test_a_network_of_the_cache_that_is_damaged_is_made_again(town, tmp_path):
    """Whatever of its bytes: the headers, the arrays, the spaces between them."""
    campaign = Campaign("reseau-un-octet")
    data = Path(town.network).read_bytes()
    before, path = costs(Path(town.network)), tmp_path / "n.network"
    for chance in campaign.cases(count=40, seconds=SECONDS / 8):
        place = chance.randrange(len(data)) if chance.random() < 0.5 else chance.randrange(200)
        path.unlink(missing_ok=True)
        path.write_bytes(_flipped(data, place, chance))
        try:
            campaign.wrong += costs(path) != before
        except CartoError:
            campaign.said += 1
    campaign.keep()


def _flipped(data: bytes, place: int, chance: random.Random) -> bytes:
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


CELLS = (
    *(text for text in TEXTS if text is not None),
    *("²", "9" * 400, "-1", "99:99:99", "999:00:00", "99999999:00:00", "00:00:00", "24:00:00", "1e400", "inf", "3.5"),
    *("20260229", "99991231", "00000000", "s0", "line", "all", "4", '"', "\0", "x" * (1 << 17)),
)


def test_absurd_values_in_a_feed_are_said_or_left_out(town, tmp_path):
    """Any cell of any table, a frequency of each second, a station of itself."""
    campaign, path = Campaign("gtfs-valeurs"), tmp_path / "feed.zip"
    with zipfile.ZipFile(town.feed) as archive:
        tables = {name: archive.read(name).decode().split("\n") for name in archive.namelist()}
    tables["frequencies.txt"] = ["trip_id,start_time,end_time,headway_secs", "out0,07:00:00,09:00:00,600"]
    tables["transfers.txt"] = ["from_stop_id,to_stop_id,transfer_type,min_transfer_time", "s0,s1,2,120"]
    router = Router(open_network(town.on_foot))
    for chance in campaign.cases(count=60, seconds=SECONDS / 4):
        name = chance.choice(sorted(tables))
        rows = [line.split(",") for line in tables[name]]
        for _ in range(chance.choice([1, 3, 50])):
            row = chance.choice(rows)
            row[chance.randrange(len(row))] = chance.choice(CELLS)
        with zipfile.ZipFile(path, "w") as out:
            for table, lines in tables.items():
                out.writestr(table, "\n".join(map(",".join, rows) if table == name else lines))
        try:
            made = build_timetable([path], router, DAY).timetable
            campaign.wrong += bool(len(made.arrival) and np.any(made.departure < made.arrival))
        except CartoError:
            campaign.said += 1
    campaign.keep()


def test_a_feed_of_one_line_without_end_fills_no_memory(town, tmp_path):
    """Two hundred megabytes of one line, from a zip of a few hundred kilobytes."""
    campaign, path = Campaign("gtfs-ligne-sans-fin"), tmp_path / "feed.zip"
    with zipfile.ZipFile(town.feed) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            out.writestr(name, b"x" * (200 << 20) if name == "stop_times.txt" else archive.read(name))
    with campaign.memory(), pytest.raises(CartoError, match="a line without end"):
        trips(path)
    campaign.tried = campaign.said = 1
    campaign.keep()
    assert campaign.megabytes < 100
