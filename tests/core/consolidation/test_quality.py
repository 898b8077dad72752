"""The quality of a referential as a page, and what goes back to its producers as corrections."""

from __future__ import annotations

import gzip
import re
import sqlite3
import zipfile
from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation.closed import closed_establishments
from carto_services_publics.core.consolidation.quality_page import quality_page, read_quality, sirets_of
from carto_services_publics.core.consolidation.to_correct import (
    CLOSED,
    EMPTY,
    OTHER,
    PLACE,
    TWICE,
    counts,
    places,
    to_correct,
)
from carto_services_publics.core.corrections.model import POSITION
from carto_services_publics.core.errors import InvalidInput

SIRET = "21480095000018"


@pytest.fixture
def several(edition, hall, halls):
    """Town halls of two producers: an empty field, another number, a vague place, a record twice, a closed one."""
    precise = {"precision_position": "adresse"}
    edition(
        "2026-06-01",
        halls("dila", range(5), **precise),
        [
            hall("anct", 0, telephone="", **precise),
            hall("anct", 1, telephone="04 66 99 99 99", date_maj="2025-01-01", **precise),
            hall("anct", 2, precision_position="commune", lon=3.401),
            hall("anct", 3, id_producteur="anct-3a", **precise),
            hall("anct", 3, id_producteur="anct-3b", date_maj="2025-01-01", **precise),
            hall("anct", 4, siret=SIRET, telephone="+33 4 66 00 00 14", **precise),
        ],
    )
    return edition.path


def found(path, **options):
    return {
        (one.correction.producteur, one.correction.service_id): (one.kinds, one.correction)
        for one in to_correct(path, **options)
    }


def test_each_producer_is_given_what_the_others_know_better(several):
    corrections = found(several, closed={SIRET: "2026-05-01"}, producers={"anct"})
    kinds = {service: kinds for (_producer, service), (kinds, _correction) in corrections.items()}
    assert kinds == {"anct-0": (EMPTY,), "anct-2": (PLACE,), "anct-3b": (TWICE,), "anct-4": (CLOSED,)} | (
        {"anct-1": (OTHER,)} if "anct-1" in kinds else {}  # who is followed is for the priorities to say
    )
    _kinds, filled = corrections["anct", "anct-0"]
    assert filled.changes == {"telephone": ("", "04 66 00 00 10")} and "dila" in filled.commentaire
    _kinds, moved = corrections["anct", "anct-2"]
    assert moved.type == "deplacement" and moved.changes[POSITION].new == pytest.approx([3.4, 44.5])
    _kinds, twice = corrections["anct", "anct-3b"]
    assert (twice.type, twice.duplicate_of) == ("doublon", "anct-3a")
    _kinds, closing = corrections["anct", "anct-4"]
    assert closing.type == "fermeture" and "2026-05-01" in closing.commentaire


def test_of_two_records_changed_the_same_day_the_first_is_kept(edition, hall):
    edition("2026-06-01", [hall("anct", 3, id_producteur=f"anct-3{letter}") for letter in "ba"])
    _kinds, twice = found(edition.path)["anct", "anct-3b"]
    assert (twice.type, twice.duplicate_of) == ("doublon", "anct-3a")


def test_a_siret_written_with_spaces_is_the_same(edition, hall):
    edition("2026-06-01", [hall("anct", 3, siret="214 800 950 00018")])
    assert sirets_of(edition.path) == {SIRET}
    [(kinds, closing)] = found(edition.path, closed={SIRET: "2026-05-01"}).values()
    assert kinds == (CLOSED,) and SIRET in closing.commentaire


def test_of_two_values_the_producer_that_is_not_followed_is_told_and_a_number_written_otherwise_is_none(several):
    conflicts = {key: one.changes for key, (kinds, one) in found(several, kinds={OTHER}).items() if OTHER in kinds}
    [(producer, service)] = conflicts
    assert service.endswith("-1") and set(conflicts[producer, service]) == {"telephone"}


def test_what_was_proposed_once_is_known_again(several):
    once, again = ([one.correction.uuid for one in to_correct(several)] for _ in range(2))
    assert once == again and len(set(once)) == len(once) == 4


def test_a_producer_that_follows_has_nothing_left_to_correct(several, edition):
    with sqlite3.connect(several) as base:
        rows = base.execute("SELECT id_producteur FROM enregistrements").fetchall()
    assert len(rows) == 11
    corrections, followed = found(several), []
    for place in places(several):
        for record in place.records:
            kinds, correction = corrections.get((record.producteur, record.id), ((), None))
            if TWICE in kinds:
                continue
            for field, change in correction.changes.items() if correction else ():
                lon_lat = dict(zip(("lon", "lat"), change.new)) if field == POSITION else {field: change.new}
                record = replace(record, **lon_lat)
                record = replace(record, precision_position="adresse") if field == POSITION else record
            followed.append(replace(record, id=""))
    edition("2026-07-01", followed)
    assert found(several) == {}


def test_the_page_says_what_the_table_holds_and_what_producers_write_is_no_markup(several):
    page = quality_page(several, "Lozère <script>")
    with sqlite3.connect(several) as base:
        [share] = base.execute(
            "SELECT part FROM qualite WHERE (mesure, champ, producteur) = ('completude', 'telephone', 'anct')"
        ).fetchone()
    shown = read_quality(several, "x", {SIRET: ""})
    assert shown.completeness["Téléphone"]["anct"] == share == pytest.approx(5 / 6, abs=1e-6)
    assert shown.closed == {"anct": 1, "dila": 0} and shown.producers == {"anct": 6, "dila": 5}
    assert "<script>" not in page and page.count("<svg") == len(shown.charts) == 6
    assert not re.search(r'(src|href)="(?!#)', page) and "non regardé" in page
    for (producer, kind), count in counts(to_correct(several)).items():
        assert count == sum(kind in kinds for (who, _), (kinds, _one) in found(several).items() if who == producer)


def test_a_period_that_has_ended_closes_nothing(tmp_path):
    path = tmp_path / "StockEtablissementHistorique.csv"
    other = "21480095000026"
    path.write_text(
        "siret,dateFin,dateDebut,etatAdministratifEtablissement\n"
        f"{SIRET},2015-01-01,2010-01-01,F\n{SIRET},,2015-01-02,A\n"
        f"{other},2026-01-01,2010-01-01,A\n{other},,2026-01-02,F\n",
        encoding="utf-8",
    )
    assert closed_establishments(path, {SIRET, other}) == {other: "2026-01-02"}


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_a_damaged_or_locked_archive_is_said(tmp_path, suffix):
    path = tmp_path / f"sirene.csv{suffix}"
    rows = "siret,etatAdministratifEtablissement\n" + "".join(f"{n * 7919:014},A\n" for n in range(5000))
    if suffix == ".gz":
        path.write_bytes(gzip.compress(rows.encode()))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", rows)
    whole = path.read_bytes()
    for start in range(200, 1000, 50):
        path.write_bytes(whole[:start] + bytes(range(255, 155, -1)) + whole[start + 100 :])
        with pytest.raises(InvalidInput, match="cannot be read"):
            closed_establishments(path, {SIRET})
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.csv", rows)
        locked = bytearray(path.read_bytes())
        locked[6] |= 1  # the flags of the file, then those of the archive's list
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(locked)
        with pytest.raises(InvalidInput, match="password"):
            closed_establishments(path, {SIRET})


@pytest.mark.parametrize("kind", ["csv", "gz", "zip", "semicolons"])
def test_closed_establishments_are_read_as_sirene_has_them(several, tmp_path, kind):
    text = (
        f"siren,siret,dateDebut,etatAdministratifEtablissement\n1,{SIRET},2026-05-01,F\n2,21480095000026,2026-01-01,F\n"
    )
    text += f"1,{SIRET[:-1]}9,2026-01-01,A\n"
    text = text.replace(",", ";") if kind == "semicolons" else text
    path = tmp_path / {"gz": "s.csv.gz", "zip": "s.zip"}.get(kind, "s.csv")
    if kind == "gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("StockEtablissement_utf8.csv", text)
    else:
        path.write_text(text, encoding="utf-8")
    assert sirets_of(several) == {SIRET}
    assert closed_establishments(path, sirets_of(several)) == {SIRET: "2026-05-01"}


def test_another_file_is_not_taken_for_sirene(tmp_path):
    (tmp_path / "a.csv").write_text("nom,ville\n", encoding="utf-8")
    (tmp_path / "a.zip").write_bytes(b"PK")
    for name in ("a.csv", "a.zip", "absent.csv"):
        with pytest.raises(InvalidInput, match=name):
            closed_establishments(tmp_path / name, {SIRET})
