"""What changed between two editions, the bridge as a file, and the referential served and read back."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys

import pytest
from carto_services_publics.core.consolidation import (
    BridgeNotWritten,
    NotAReferential,
    bridge,
    differences,
    editions,
    note,
    read_priorities,
    state,
    undo,
    write_bridge,
    write_changes,
)
from carto_services_publics.core.consolidation.bridge import write_by_gdal
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.registry import Connection, Query, open_registry
from carto_services_publics.core.registry.geopackage import CannotWrite
from carto_services_publics.core.services import Service


@pytest.fixture
def three(edition, hall, halls):
    """Three editions: a town hall moves, one changes, one closes, one opens, two become one."""
    edition("2026-01-01", halls("dila", range(7)), [hall("osm", 6, nom="Annexe | <b>", adresse="", telephone="")])
    with sqlite3.connect(edition.path) as base:
        base.execute("INSERT INTO decisions (producteur_a, id_producteur_a, producteur_b, id_producteur_b, decision) "
                     "VALUES ('dila', 'dila-6', 'osm', 'osm-6', 'meme_lieu')")  # fmt: skip
    second = [
        hall("dila", 0, lon=3.21),
        hall("dila", 1, telephone="3939", lon=3.30001),
        *halls("dila", [2, 3, 4, 6, 7]),
        hall("osm", 6, nom="Annexe | <b>", adresse="", telephone=""),
    ]
    edition("2026-02-01", second)
    edition("2026-03-01", second)
    return edition.path


def test_each_place_that_changed_is_told_once_by_what_happened(three):
    found = {change.service.nom: change for change in differences(three, "2026-01-01", "2026-03-01")}
    natures = {name: change.nature for name, change in found.items()}
    assert natures.pop("Mairie de Mende") == "deplacement"
    assert natures.pop("Mairie de Florac") == "modification"
    assert natures.pop("Mairie de Villefort") == "fermeture"
    assert natures.pop("Mairie de Meyrueis") == "ajout"
    assert list(natures.values()) == ["fusion"]
    assert found["Mairie de Mende"].metres == pytest.approx(795, abs=5)
    assert found["Mairie de Florac"].fields == {"telephone": ("04 66 00 00 11", "3939")}


def test_nothing_changes_between_an_edition_and_the_next_of_the_same(three):
    assert list(differences(three, "2026-02-01", "2026-03-01")) == []
    assert editions(three) == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert "Rien n'a changé" in note([], "2026-02-01", "2026-03-01", "Lozère")


def test_a_referential_is_seen_at_any_date(three):
    assert len(state(three, "2026-01-20")) == len(state(three, "2026-01-01")) == 8
    assert len(state(three, "2026-02-01")) == 7
    assert state(three, "2025-12-31") == {}


def test_the_note_is_readable_and_what_producers_write_is_no_markup(three):
    text = note(differences(three, "2026-01-01", "2026-02-01"), "2026-01-01", "2026-02-01", "Lozère")
    assert "| mairie | 1 | 1 | 1 | 1 | 1 |" in text
    assert "## Déplacés (1)" in text and "« 04 66 00 00 11 » → « 3939 »" in text
    assert "<b>" not in text


def test_dates_without_edition_are_refused_with_those_there_are(three):
    for dates in (("2025-01-01", "2026-02-01"), ("2026-03-01", "2026-02-01")):
        with pytest.raises(InvalidInput, match="2026-03-01"):
            list(differences(three, *dates))


@pytest.mark.parametrize("text", ["2026-2-1", "01/02/2026", "20260201", "hier"])
def test_a_date_written_otherwise_is_no_date_to_compare_or_to_write_the_bridge_of(three, tmp_path, text):
    with pytest.raises(InvalidInput):
        write_bridge(three, tmp_path / "bridge.csv", text)
    for pair in (("2026-01-01", text), (text, "2026-03-01")):
        with pytest.raises(InvalidInput):
            list(differences(three, *pair))


def test_another_file_is_no_referential(tmp_path):
    (tmp_path / "empty.gpkg").touch()
    with pytest.raises(NotAReferential):
        editions(tmp_path / "empty.gpkg")


def test_the_bridge_is_written_whole_or_of_a_date(three, tmp_path):
    whole, then = tmp_path / "whole.csv", tmp_path / "then.csv"
    assert write_bridge(three, then, "2026-01-15") == 8
    assert write_bridge(three, whole) > 8
    with whole.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "producteur", "id_producteur", "du", "au"]
    assert {row["id_producteur"] for row in rows if row["au"]} == {"dila-5", "osm-6"}


def bridge_rows(path):
    with sqlite3.connect(path) as base:
        return base.execute(
            "SELECT id, producteur, id_producteur, du, au FROM passerelle ORDER BY 1, 4, 2, 3"
        ).fetchall()


def test_the_bridge_as_parquet_says_the_same_with_dates(three, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    output = tmp_path / "passerelle.parquet"
    rows = bridge_rows(three)
    assert write_bridge(three, output) == len(rows)
    table = parquet.read_table(output)
    assert [str(field.type) for field in table.schema] == ["string"] * 3 + ["date32[day]"] * 2
    read = [tuple(None if value is None else str(value) for value in row.values()) for row in table.to_pylist()]
    assert read == rows and any(row[4] for row in rows) and not all(row[4] for row in rows)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_where_only_gdal_writes_it_the_rows_are_the_same(three, tmp_path):
    # Debian's GDAL has no Parquet: its GeoPackage is written the same way.
    rows = bridge_rows(three)
    write_by_gdal(("id", "producteur", "id_producteur", "du", "au"), rows, tmp_path / "p.gpkg", driver="GPKG")
    assert bridge_rows(tmp_path / "p.gpkg") == rows


def test_a_disk_that_fills_up_is_an_error_and_the_file_before_stays(tmp_path):
    """In the middle of the rows, at the commit or at the end: no half of a bridge takes the place of a whole one."""
    resource = pytest.importorskip("resource")  # not on Windows
    output = tmp_path / "passerelle.gpkg"
    output.write_bytes(b"before")
    rows = [(f"id {n}", "dila", f"dila-{n}" + "x" * 200, "2026-01-01", None) for n in range(2000)]
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (90_000, 200_000, 400_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        try:
            with pytest.raises(BridgeNotWritten), bridge.written_whole(output) as part:
                write_by_gdal(("id", "producteur", "id_producteur", "du", "au"), rows, part, driver="GPKG")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_soft, hard))
        assert output.read_bytes() == b"before" and [path.name for path in tmp_path.glob(".*")] == []


def test_where_nothing_writes_parquet_it_is_said_and_what_was_there_stays(three, tmp_path, monkeypatch):
    output = tmp_path / "passerelle.parquet"
    output.write_bytes(b"before")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setattr(bridge.gdal, "GetDriverByName", lambda _name: None)
    with pytest.raises(BridgeNotWritten, match="csv"):
        write_bridge(three, output)
    assert output.read_bytes() == b"before"
    with pytest.raises(BridgeNotWritten, match="absent"):
        write_bridge(three, tmp_path / "absent" / "p.csv")


@pytest.mark.servers
def test_what_is_consolidated_is_served_and_read_back(three):
    requests = pytest.importorskip("requests")
    from carto_services_publics.tests.servers import ogcapi

    expected = state(three, "2026-03-01")
    with ogcapi.registry(three) as address, requests.Session() as session:
        read = list(open_registry(Connection("nous", "ogcapi", address), session).read(Query()))
        assert {one.id: one.nom for one in read if isinstance(one, Service)} == {
            one.id: one.nom for one in expected.values()
        }
        assert len(ogcapi.items(address, "passerelle", limit="100")) > 8
        assert len(ogcapi.items(address, "evenements", datetime="2026-01-15/..")) == 2
        assert ogcapi.items(address, "evenements", datetime="2026-02-15/..") == []


def test_what_was_merged_is_told_as_it_was_then_though_it_was_undone_since(three):
    with sqlite3.connect(three) as base:
        ((event, ids),) = base.execute("SELECT uuid, ids FROM evenements WHERE type = 'fusion'").fetchall()
    undo(three, event, read_priorities())

    def told(before, after):
        found = {change.service.id: change for change in differences(three, before, after)}
        return [(found[one].nature, found[one].into) for one in json.loads(ids) if one in found]

    main, gone = json.loads(ids)
    assert ("fusion", main) in told("2026-01-01", "2026-02-01")
    assert told("2026-02-01", "2026-03-01")[-1] == ("ajout", "")
    assert [nature for nature, _into in told("2026-01-01", "2026-03-01")] in ([], ["modification"])
    assert gone in state(three, "2026-03-01")


def test_nothing_but_its_next_edition_takes_the_place_of_a_referential(three, halls):
    before = three.read_bytes()
    writes = (
        lambda: write_bridge(three, three),
        lambda: write_changes([], three),
        lambda: bridge.check_writable(three),
    )
    for write in writes:
        with pytest.raises(BridgeNotWritten, match="choose another file"):
            write()
    assert three.read_bytes() == before
    kept = three.with_suffix(".csv")
    assert write_bridge(three, kept) == write_bridge(three, kept)


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files are those of POSIX")
def test_a_read_only_referential_stays_and_those_who_may_write_one_still_may(edition, halls):
    edition("2026-01-01", halls("a"))
    edition.path.chmod(0o664)
    edition("2026-02-01", halls("a"))
    assert edition.path.stat().st_mode & 0o777 == 0o664
    edition.path.chmod(0o444)
    before = edition.path.read_bytes()
    with pytest.raises(CannotWrite, match="read-only"):
        edition("2026-03-01", halls("a"))
    assert edition("2026-03-01", halls("a"), dry_run=True).services == 8
    assert edition.path.read_bytes() == before and edition.path.stat().st_mode & 0o777 == 0o444
