"""A GeoPackage brought up to date."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.messages import msg
from carto_services_publics.core.outlines import Outlines
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Connection, Incomplete, Provenance, Query, open_registry
from carto_services_publics.core.registry import sync as sync_module
from carto_services_publics.core.registry.geopackage import CannotWrite, opened, position_of
from carto_services_publics.core.registry.sync import (
    NotOurs,
    OtherRegistry,
    TooManyRemoved,
    changes,
    instant,
    read_state,
    sync,
)
from carto_services_publics.core.services import Rejected, Service
from osgeo import ogr
from shapely.geometry import Point

CONNECTION = Connection("test", "ogcapi", "https://registre.example.org")


def service(number, **values):
    given = {"nom": f"Mairie {number}", "categorie": "mairie", "version": "1", "lon": 3.5, "lat": 44.5}
    return Service(**{"id": f"s{number}", **given, **values})


class Memory:
    """A registry of a list; ``tells_since`` when it answers what changed; ``fails_after`` so many records."""

    def __init__(self, records, tells_since=False, fails_after=None):
        self.records, self.tells_since, self.fails_after = records, tells_since, fails_after
        self.received, self.asked, self.validators = 0, [], []

    def source(self):
        return Provenance("Registre d'essai", "Licence Ouverte")

    def unchanged(self, validators, progress):
        return False

    def count(self, query):
        return sum(isinstance(r, Service) for r in self.records)

    def read(self, query, progress=Progress()):
        self.asked.append(query.since)
        self.received = 0
        for record in self.records:
            if self.fails_after is not None and self.received >= self.fails_after:
                raise Incomplete("The reading broke off.")
            old = isinstance(record, Service) and query.since and record.date_maj < query.since
            if self.tells_since and old:
                continue
            self.received += 1
            progress.check()
            yield record


def rows(path):
    layer = (source := ogr.Open(str(path))).GetLayerByName("services")
    found = {f["id"]: f.items() for f in layer}
    del source
    return found


def test_the_first_sync_makes_a_layer_that_gdal_reads(tmp_path):
    path = tmp_path / "services.gpkg"
    records = [service(1), service(2, lon=None, lat=None), Rejected(msg("It has no name."), "{}")]
    report = sync(path, Memory(records), CONNECTION, Query())
    assert report[:4] == (2, 0, 0, 1)
    source = ogr.Open(str(path))
    layer = source.GetLayerByName("services")
    assert layer.GetSpatialRef().GetAuthorityCode(None) == "4326"
    assert layer.GetFeatureCount() == 2
    assert layer.GetExtent() == (3.5, 3.5, 44.5, 44.5)
    layer.SetSpatialFilterRect(3, 44, 4, 45)
    assert [f["id"] for f in layer] == ["s1"]
    assert source.GetLayerByName("services_rejets").GetFeature(1)["raison"] == "It has no name."
    assert read_state(path)["source"]["title"] == "Registre d'essai"
    assert not list(tmp_path.glob(".*"))


def test_a_second_sync_tells_what_was_added_changed_and_removed(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1), service(2), service(3)]), CONNECTION, Query())
    moved = service(3, lon=3.6)
    report = sync(path, Memory([service(2, telephone="04 66"), moved, service(4)]), CONNECTION, Query())
    assert report[:4] == (1, 2, 1, 0)
    assert [tuple(c) for c in changes(path)] == [
        ("ajout", "s4", "Mairie 4", "", "", ""),
        ("modification", "s2", "Mairie 2", "telephone", "", "04 66"),
        ("modification", "s3", "Mairie 3", "position", "3.5000000 44.5000000", "3.6000000 44.5000000"),
        ("suppression", "s1", "Mairie 1", "", "", ""),
    ]
    assert set(rows(path)) == {"s2", "s3", "s4"}
    layer = (source := ogr.Open(str(path))).GetLayerByName("services")
    layer.SetSpatialFilterRect(3.55, 44, 4, 45)
    assert [f["id"] for f in layer] == ["s3"], "the spatial index follows"
    del source


def test_a_service_keeps_its_row_number_through_syncs(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1), service(2)]), CONNECTION, Query())
    with sqlite3.connect(path) as database:
        before = database.execute("SELECT fid FROM services WHERE id = 's2'").fetchone()
    sync(path, Memory([service(2, nom="Mairie de Mende")]), CONNECTION, Query())
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT fid FROM services WHERE id = 's2'").fetchone() == before


def test_nothing_changed_is_nothing_told(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1)]), CONNECTION, Query())
    assert sync(path, Memory([service(1)]), CONNECTION, Query())[:4] == (0, 0, 0, 0)
    assert list(changes(path)) == []


def test_a_reading_that_breaks_off_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1), service(2)]), CONNECTION, Query())
    before = rows(path)
    with pytest.raises(Incomplete):
        sync(path, Memory([service(3), service(4)], fails_after=1), CONNECTION, Query())
    assert rows(path) == before


def test_a_first_reading_that_breaks_off_leaves_nothing(tmp_path):
    with pytest.raises(Incomplete):
        sync(tmp_path / "services.gpkg", Memory([service(1)], fails_after=0), CONNECTION, Query())
    assert not list(tmp_path.iterdir())


def test_a_cancel_leaves_the_file_as_it_was(tmp_path):
    class Stopped(Progress):
        def cancelled(self):
            return True

    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1)]), CONNECTION, Query())
    with pytest.raises(Cancelled):
        sync(path, Memory([service(2)]), CONNECTION, Query(), Stopped())
    assert set(rows(path)) == {"s1"}


class Impatient(Progress):
    """Cancels as soon as it is told that the file is held."""

    def __init__(self):
        self.told_at, self.told = None, []

    def info(self, message):
        self.told.append(str(message))
        self.told_at = self.told_at or time.monotonic()

    def cancelled(self):
        return self.told_at is not None


@pytest.mark.parametrize("held", ["BEGIN IMMEDIATE", "BEGIN"])
def test_a_file_that_another_program_holds_is_said_and_a_cancel_is_heard(tmp_path, monkeypatch, held):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1)]), CONNECTION, Query())
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(held)
        other.execute("SELECT count(*) FROM services").fetchone()
        impatient = Impatient()
        with pytest.raises(Cancelled):
            sync(path, Memory([service(2)]), CONNECTION, Query(), progress=impatient)
        assert time.monotonic() - impatient.told_at < 1 and "Another program" in impatient.told[0]
        monkeypatch.setattr(sync_module.gpkg, "BUSY_SECONDS", 0.3)
        monkeypatch.setattr(sync_module.gpkg.opened.__wrapped__, "__defaults__", (Progress(), 0.3))
        with pytest.raises(CannotWrite, match="held by another program"):
            sync(path, Memory([service(2)]), CONNECTION, Query())
    assert list(rows(path)) == ["s1"]
    sync(path, Memory([service(2)]), CONNECTION, Query(), most_removed=100.0)
    assert list(rows(path)) == ["s2"]


KILLED = """
import sys, time
from pathlib import Path
from carto_services_publics.core.registry import sync as module
from carto_services_publics.core.registry import Connection, Query, Provenance, geopackage
from carto_services_publics.core.services import Service

class Registry:
    received, validators = 0, []
    def unchanged(self, validators, progress): return False
    def source(self): return Provenance("x")
    def count(self, query): return None
    def read(self, query, progress=None):
        for n in range(20000): yield Service(id=f"n{n}", nom="new", categorie="mairie", lon=3.0, lat=44.0)

def slow(database):
    print("inside", flush=True)
    time.sleep(30)

geopackage.refresh_contents = slow
module.sync(Path(sys.argv[1]), Registry(), Connection("test", "ogcapi", "https://registre.example.org"), Query())
"""


def test_a_process_killed_in_the_middle_of_writing_leaves_the_previous_state_readable(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(n) for n in range(50)]), CONNECTION, Query())
    before = rows(path)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "inside\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert rows(path) == before
    assert sync(path, Memory([service(1)]), CONNECTION, Query()).removed == 49


def test_only_changes_are_asked_for_once_the_registry_proved_that_it_tells_them(tmp_path):
    path = tmp_path / "services.gpkg"
    records = [service(n, date_maj=f"2026-01-{1 + n // 10:02d}T00:00:00Z") for n in range(200)]
    registry = Memory(records, tells_since=True)
    assert sync(path, registry, CONNECTION, Query()).partial is False
    registry.records = [*records[:-1], service(199, nom="changed", date_maj="2026-02-01T00:00:00Z")]
    report = sync(path, registry, CONNECTION, Query())
    assert report.partial
    assert (report.added, report.changed, report.removed) == (0, 1, 0)
    assert report.received < 20
    assert rows(path)["s199"]["nom"] == "changed"


def test_a_registry_that_ignores_dates_is_read_in_full(tmp_path):
    path = tmp_path / "services.gpkg"
    records = [service(n, date_maj=f"2026-01-{1 + n // 10:02d}T00:00:00Z") for n in range(200)]
    sync(path, Memory(records), CONNECTION, Query())
    assert sync(path, Memory(records), CONNECTION, Query()).partial is False


def test_a_removal_that_a_list_of_changes_cannot_tell_is_found_by_the_count(tmp_path):
    path = tmp_path / "services.gpkg"
    records = [service(n, date_maj=f"2026-01-{1 + n // 10:02d}T00:00:00Z") for n in range(200)]
    registry = Memory(records, tells_since=True)
    sync(path, registry, CONNECTION, Query())
    registry.records = records[1:]
    report = sync(path, registry, CONNECTION, Query())
    assert (report.partial, report.removed) == (False, 1)
    assert "s0" not in rows(path)


def test_another_query_makes_a_full_reading(tmp_path):
    path = tmp_path / "services.gpkg"
    records = [service(n, date_maj=f"2026-01-{1 + n // 10:02d}T00:00:00Z") for n in range(200)]
    registry = Memory(records, tells_since=True)
    sync(path, registry, CONNECTION, Query())
    assert sync(path, registry, CONNECTION, Query(categories=("mairie",))).partial is False


def test_a_file_of_another_registry_or_of_another_making_is_left_alone(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1)]), CONNECTION, Query())
    with pytest.raises(OtherRegistry):
        sync(path, Memory([]), Connection("b", "ogcapi", "https://autre.example.org"), Query())
    foreign = tmp_path / "foreign.gpkg"
    ogr.GetDriverByName("GPKG").CreateDataSource(str(foreign)).CreateLayer("x")
    content = foreign.read_bytes()
    with pytest.raises(NotOurs):
        sync(foreign, Memory([]), CONNECTION, Query())
    assert foreign.read_bytes() == content


def test_instants_are_written_as_the_standard_wants():
    assert instant("2026-01-31") == "2026-01-31T00:00:00Z"
    assert instant("2026-01-31T10:00:00.000") == "2026-01-31T10:00:00.000Z"
    assert instant("2026-01-31T10:00:00+00") == "2026-01-31T10:00:00+00:00"
    assert instant("2026-01-31T10:00:00+02:00") == "2026-01-31T10:00:00+02:00"


def test_positions_written_by_others_are_read(tmp_path):
    point = ogr.CreateGeometryFromWkt("POINT (3.5 44.5)").ExportToWkb(ogr.wkbXDR)
    assert position_of(b"GP\x00\x00\x00\x00\x10\xe6" + bytes(point)) == (3.5, 44.5)
    assert position_of(None) is None


# -- conditional requests ----------


def pages_with_tags(make, tags, features):
    """Two pages, each with its ETag; a request that already has it is answered 304."""

    def answer(path, headers):
        if "/items" not in path:
            return make.Answer({"conformsTo": []})
        number = int("page=1" in path)
        if headers.get("If-None-Match") == tags[number]:
            return make.Answer(b"", 304)
        next_url = None if number else "/collections/services/items?page=1"
        return make.Answer(make.page(features[number], next_url), headers={"ETag": tags[number]})

    return answer


def test_pages_that_did_not_change_are_not_sent_again(serve, session, make, tmp_path):
    tags, features = ['"a"', '"b"'], [[make.feature("1")], [make.feature("2")]]
    server = serve(pages_with_tags(make, tags, features))
    connection = Connection("test", "ogcapi", server.url)
    registry, path = open_registry(connection, session), tmp_path / "services.gpkg"
    sync(path, registry, connection, Query())
    asked = len(server.requests)
    report = sync(path, registry, connection, Query())
    assert (report.received, report[:3]) == (0, (0, 0, 0))
    assert len(server.requests) == asked + 2
    tags[1], features[1] = '"c"', [make.feature("2", nom="changed")]
    assert sync(path, registry, connection, Query())[:3] == (0, 1, 0)
    assert sync(path, registry, connection, Query(categories=("mairie",))).received == 2


def test_a_file_that_did_not_change_is_not_read_again(session, tmp_path):
    source, path = tmp_path / "a.csv", tmp_path / "services.gpkg"
    source.write_text("id,nom,categorie,lon,lat\n1,Mairie,mairie,3.5,44.5\n")
    connection = Connection("test", "fichier", str(source))
    registry = open_registry(connection, session)
    assert sync(path, registry, connection, Query()).received == 1
    assert sync(path, registry, connection, Query()).received == 0
    source.write_text("id,nom,categorie,lon,lat\n1,Mairie de Mende,mairie,3.5,44.5\n")
    assert sync(path, registry, connection, Query()).changed == 1


def test_a_file_behind_an_address_is_asked_for_only_if_it_changed(serve, session, make, tmp_path):
    def answer(path, headers):
        if headers.get("If-None-Match") == '"v1"':
            return make.Answer(b"", 304)
        return make.Answer(b"id,nom,categorie,lon,lat\n1,Mairie,mairie,3.5,44.5\n", headers={"ETag": '"v1"'})

    server = serve(answer)
    connection = Connection("test", "fichier", server.url + "/a.csv?key=s3cret")
    registry, path = open_registry(connection, session), tmp_path / "services.gpkg"
    assert sync(path, registry, connection, Query()).received == 1
    assert sync(path, registry, connection, Query()).received == 0
    assert b"s3cret" not in path.read_bytes(), "a file that may be given to others"
    other = replace(connection, url=server.url + "/a.csv?key=another")
    with pytest.raises(OtherRegistry, match="/a.csv;"):
        sync(path, open_registry(other, session), other, Query())


def test_a_row_drawn_by_hand_without_identifier_stays_and_hides_no_change(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1), service(2)]), CONNECTION, Query())
    layer = (source := ogr.Open(str(path), 1)).GetLayerByName("services")
    drawn = ogr.Feature(layer.GetLayerDefn())
    drawn["nom"] = "Dessiné à la main"
    layer.CreateFeature(drawn)
    del drawn, layer, source
    report = sync(path, Memory([service(2), service(3)]), CONNECTION, Query())
    assert (report.added, report.removed) == (1, 1)
    with opened(path) as database:
        found = database.execute("SELECT coalesce(id, ''), nom FROM services ORDER BY id").fetchall()
    assert found == [("", "Dessiné à la main"), ("s2", "Mairie 2"), ("s3", "Mairie 3")]


def test_two_programs_that_make_the_same_file_do_not_take_each_other_s(tmp_path):
    path = tmp_path / "services.gpkg"

    class Interrupted(Memory):
        def read(self, query, progress=Progress()):
            yield service(1)
            sync(path, Memory([service(7), service(8)]), CONNECTION, Query())
            assert set(rows(path)) == {"s7", "s8"}
            yield service(2)

    sync(path, Interrupted([]), CONNECTION, Query())
    assert set(rows(path)) == {"s1", "s2"}
    assert [file.name for file in tmp_path.iterdir()] == ["services.gpkg"]


def test_what_a_dead_program_left_is_cleared_away_after_a_day(tmp_path):
    path, left = tmp_path / "a[1].gpkg", tmp_path / ".a[1].0123abcd.part.gpkg"
    left.write_bytes(b"unfinished")
    os.utime(left, (0, 0))
    sync(path, Memory([service(1)]), CONNECTION, Query())
    assert not left.exists()


def test_a_full_disk_is_told_in_clear_and_the_file_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1)]), CONNECTION, Query())

    def full(*_arguments, **_options):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sync_module, "_apply", full)
    with pytest.raises(CannotWrite, match="disk is full"):
        sync(path, Memory([service(2)]), CONNECTION, Query())
    assert set(rows(path)) == {"s1"}


def test_a_full_reading_dated_in_the_future_is_not_trusted(tmp_path):
    state = {"tells_changes": True, "since": "2026-01-01", "full_on": "2040-01-01T00:00:00+00:00"}
    assert not sync_module._may_be_partial(state)


class Asked(Memory):
    """Gives what the query wants."""

    def read(self, query, progress=Progress()):
        return (record for record in super().read(query, progress) if query.wants(record))


def test_what_is_not_asked_for_any_more_is_not_told_as_removed(tmp_path):
    """A correction that says « closed » would else be taken for accepted."""
    path = tmp_path / "services.gpkg"
    posts = [service(n, categorie="la_poste", code_insee="48095") for n in (1, 2)]
    halls = [service(n, code_insee="48001") for n in (3, 4)]
    sync(path, Asked([*posts, *halls]), CONNECTION, Query())
    report = sync(path, Asked([posts[0], *halls]), CONNECTION, Query(categories=("la_poste",)))
    assert (report.removed, [change.id for change in changes(path)]) == (1, ["s2"])
    assert set(rows(path)) == {"s1"}
    report = sync(path, Asked([posts[0], *halls]), CONNECTION, Query(communes=frozenset({"48001"})))
    assert (report.added, report.removed, set(rows(path))) == (2, 0, {"s3", "s4"})


def test_a_file_whose_notes_are_gone_is_named(tmp_path):
    path = tmp_path / "services.gpkg"
    sync(path, Memory([service(1)]), CONNECTION, Query())
    with opened(path) as database:
        database.execute("DELETE FROM services_etat WHERE cle = 'full_on'")
    with pytest.raises(NotOurs, match="services.gpkg"):
        sync(path, Memory([service(1)]), CONNECTION, Query())


# -- a sync never takes away because reading failed ------------------------------------------------------------------


class Told(Progress):
    """Keeps the warnings."""

    def __init__(self):
        self.warnings = []

    def warn(self, message):
        self.warnings.append(str(message))


@pytest.fixture
def follow(tmp_path, session):
    """Syncs a CSV file of given text; gives the report, the services after it and the warnings."""
    source, path = tmp_path / "source.csv", tmp_path / "kept.gpkg"
    connection = Connection("f", "fichier", str(source))

    def again(text, **options):
        source.write_text(text, encoding="utf-8")
        told = Told()
        report = sync(path, open_registry(connection, session), connection, Query(), told, **options)
        return report, rows_of(path), told.warnings

    again.path = path
    return again


def rows_of(path):
    with opened(path) as database:
        database.row_factory = lambda cursor, row: dict(zip([column[0] for column in cursor.description], row))
        return {row["id"]: row for row in database.execute("SELECT * FROM services ORDER BY id")}


def table(numbers, columns="telephone,lon,lat", values="04 66 49 00 00,3.5,44.52"):
    lines = [f"s{n},Mairie {n},mairie,{values}" for n in numbers]
    return "\n".join([f"id,nom,categorie,{columns}", *lines]) + "\n"


def test_a_sync_that_would_remove_more_than_allowed_is_refused_and_changes_nothing(follow):
    follow(table(range(10)))
    before = follow.path.read_bytes()
    with pytest.raises(TooManyRemoved, match="3 of 10 services"):
        follow(table(range(7)), most_removed=20.0)
    assert rows_of(follow.path).keys() == {f"s{n}" for n in range(10)} and len(before) == follow.path.stat().st_size
    report, rows, warnings = follow(table(range(8)), most_removed=20.0)
    assert (report.removed, len(rows)) == (2, 8) and "2 of 10" in warnings[0]
    report, rows, _warnings = follow(table(range(2)), most_removed=100.0)
    assert (report.removed, len(rows)) == (6, 2)


def test_few_removals_are_not_warned_of(follow):
    follow(table(range(40)))
    report, _rows, warnings = follow(table(range(38)), most_removed=20.0)
    assert (report.removed, warnings) == (2, [])


def test_a_record_that_came_and_could_not_be_read_is_not_gone(follow):
    follow(table(range(10)))
    report, rows, warnings = follow(table(range(9)) + "s9,,mairie,04,3.5,44.52\n")
    assert (report.removed, report.rejected, len(rows)) == (0, 1, 10)
    assert rows["s9"]["nom"] == "Mairie 9" and "stays as it was" in warnings[0]


@pytest.mark.parametrize("column", ["telephone", "position"])
def test_a_column_that_the_source_has_no_more_empties_nothing(follow, column):
    _report, first, _warnings = follow(table(range(5)))
    left = ("lon,lat", "3.5,44.52") if column == "telephone" else ("telephone", "04 66 49 00 00")
    report, rows, warnings = follow(table(range(5), *left))
    assert (report.changed, report.removed) == (0, 0)
    compared = ("telephone", "geom", "anomalie", "precision_position")
    assert [{name: row[name] for name in compared} for row in rows.values()] == [
        {name: row[name] for name in compared} for row in first.values()
    ]
    assert len(warnings) == 1 and ("telephone" in warnings[0] or "geom" in warnings[0])


def test_a_value_that_one_service_lost_is_emptied(follow):
    follow(table(range(5)))
    report, rows, warnings = follow(table(range(4)) + "s4,Mairie 4,mairie,,3.5,44.52\n")
    assert (report.changed, rows["s4"]["telephone"], warnings) == (1, "", [])


def test_ones_own_outlines_judge_positions(follow):
    text = table(range(3), "code_insee,lon,lat", "48095,3.5,44.52")
    _report, rows, _warnings = follow(text)
    assert {row["anomalie"] for row in rows.values()} == {""}
    elsewhere = Outlines({"48095": Point(2.0, 45.0).buffer(0.1)})
    report, rows, _warnings = follow(text, outlines=elsewhere)
    assert report.changed == 3 and {row["anomalie"] for row in rows.values()} == {"hors_commune"}


def test_a_file_judged_by_something_else_is_read_again(follow):
    text = table(range(3))
    follow(text)
    with opened(follow.path) as database:
        database.execute("DELETE FROM services_etat WHERE cle = 'judged_by'")
    report, _rows, _warnings = follow(text)
    assert report.received == 3
