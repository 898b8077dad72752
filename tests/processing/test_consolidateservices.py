"""The layers of several producers become one referential, as Processing runs it."""

from __future__ import annotations

import json
import sqlite3

import pytest
from carto_services_publics.core.services import SERVICE_COLUMNS
from carto_services_publics.processing import matching_inputs
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

TOWNS = {"Mende": ("48095", 3.499, 44.518), "Florac": ("48061", 3.593, 44.325), "Marvejols": ("48092", 3.291, 44.553)}
COLUMNS = ("nom", "categorie", "producteur", "id_producteur", "adresse", "commune", "code_insee", "telephone")


@pytest.fixture(autouse=True)
def own_profile(tmp_path, monkeypatch):
    monkeypatch.setattr(matching_inputs, "data_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def halls(draw):
    """A layer of the town halls of some towns."""

    def make(producer, towns=tuple(TOWNS), phone="04 66 49 40 0{}", columns=COLUMNS):
        rows = []
        for number, town in enumerate(TOWNS):
            code, lon, lat = TOWNS[town]
            told = {
                "nom": f"Mairie de {town}",
                "categorie": "mairie",
                "producteur": producer,
                "id_producteur": f"{producer} {number}",
                "adresse": f"{number + 1} place Verte",
                "commune": town,
                "code_insee": code,
                "telephone": phone.format(number),
            }
            if town in towns:
                rows.append((f"POINT({lon} {lat})", *(told[column] for column in columns)))
        layer = draw("Point", ",".join(f"{column}:string" for column in columns), rows, crs="EPSG:4326")
        layer.setName(f"couche {producer}")
        return layer

    return make


@pytest.fixture
def consolidate(provider, tmp_path):
    import processing

    path = tmp_path / "referentiel.gpkg"

    def call(*layers, date="2026-11-01", **options):
        given = {"INPUTS": list(layers), "REFERENTIAL": str(path), "DATE": date, **options}
        return processing.run("cartoservices:consolidateservices", given)

    call.path = path
    return call


def table(path, query):
    with sqlite3.connect(path) as base:
        return base.execute(query).fetchall()


FIGURES = ("SERVICES_COUNT", "MERGED", "TO_REVIEW", "CREATED", "CLOSED")


def test_two_layers_become_one_referential_that_qgis_opens(consolidate, halls):
    made = consolidate(halls("dila"), halls("osm", ("Mende",)))
    assert [made[name] for name in FIGURES] == [3, 1, 0, 3, 0]
    layer = QgsVectorLayer(f"{made['REFERENTIAL']}|layername=services", "s", "ogr")
    assert layer.isValid() and layer.featureCount() == 3 and not layer.extent().isEmpty()
    assert [field.name() for field in layer.fields()] == ["fid", *SERVICE_COLUMNS]
    for name in ("passerelle", "provenance", "registre", "evenements", "a_verifier", "qualite", "historique"):
        assert QgsVectorLayer(f"{made['REFERENTIAL']}|layername={name}", name, "ogr").isValid()


def test_the_next_edition_keeps_the_identifiers_and_the_same_changes_nothing(consolidate, halls):
    consolidate(halls("dila"), halls("osm"))
    before = table(consolidate.path, "SELECT id FROM services ORDER BY id")
    made = consolidate(halls("dila", ("Mende", "Florac")), halls("osm"), date="2026-12-01")
    assert [made[name] for name in FIGURES] == [3, 2, 0, 0, 0]
    assert table(consolidate.path, "SELECT id FROM services ORDER BY id") == before
    whole = consolidate.path.read_bytes()
    consolidate(halls("osm"), halls("dila", ("Mende", "Florac")), date="2026-12-01")
    assert consolidate.path.read_bytes() == whole


@pytest.mark.parametrize("as_file", [True, False])
def test_priorities_are_a_file_or_its_text(consolidate, halls, tmp_path, as_file):
    text = json.dumps({"telephone": {"producteurs": ["osm"], "raison": "appelés un à un"}})
    (tmp_path / "priorites.json").write_text(text, encoding="utf-8")
    given = str(tmp_path / "priorites.json") if as_file else text
    consolidate(halls("dila"), halls("osm", phone="04 66 00 00 0{}"), PRIORITIES=given)
    assert table(consolidate.path, "SELECT DISTINCT substr(telephone, 1, 8) FROM services") == [("04 66 00",)]


def test_a_layer_without_producer_is_known_by_its_name(consolidate, halls):
    consolidate(halls("sans", columns=[c for c in COLUMNS if c != "producteur"]))
    assert table(consolidate.path, "SELECT DISTINCT producteur FROM passerelle") == [("couche sans",)]


def test_a_dry_run_writes_nothing(consolidate, halls):
    assert consolidate(halls("dila"), DRY_RUN=True)["CREATED"] == 3
    assert not consolidate.path.exists()


def test_what_cannot_be_is_said(consolidate, halls):
    with pytest.raises(QgsProcessingException, match="hier"):
        consolidate(halls("dila"), date="hier")
    with pytest.raises(QgsProcessingException, match="priorit"):
        consolidate(halls("dila"), PRIORITIES="{")


def test_the_page_of_the_quality_is_written_with_what_sirene_has_as_closed(consolidate, halls, tmp_path):
    page, sirene = tmp_path / "qualite.html", tmp_path / "sirene.csv"
    sirene.write_text("siret,etatAdministratifEtablissement\n", encoding="utf-8")
    made = consolidate(halls("dila"), halls("osm", ("Mende",)), PAGE=str(page), SIRENE=str(sirene))
    text = page.read_text(encoding="utf-8")
    assert "Établissements fermés</th>" in text and "3 lieux" in text and made["SERVICES_COUNT"] == 3
    page.unlink()
    consolidate(halls("dila"), date="2026-12-01", PAGE=str(page), DRY_RUN=True)
    assert not page.exists()


def test_a_page_that_cannot_be_made_is_said_before_anything_is_changed(consolidate, halls, tmp_path):
    consolidate(halls("dila"))
    before = consolidate.path.read_bytes()
    (tmp_path / "notes.csv").write_text("a,b\n", encoding="utf-8")
    wrong = (
        {"PAGE": str(tmp_path / "absent" / "page.html")},
        {"PAGE": str(tmp_path)},
        {"PAGE": str(tmp_path / "page.html"), "SIRENE": str(tmp_path / "notes.csv")},
        {"PAGE": str(tmp_path / "page.html"), "SIRENE": str(tmp_path / "absent.csv")},
    )
    for options in wrong:
        with pytest.raises(QgsProcessingException):
            consolidate(halls("dila", ("Mende",)), date="2026-12-01", **options)
        assert consolidate.path.read_bytes() == before and not (tmp_path / "page.html").exists()


def test_a_page_that_fails_in_the_end_takes_nothing_from_the_referential(consolidate, halls, tmp_path):
    """A file of Sirene that breaks off is seen only when it is read."""
    page, sirene = tmp_path / "page.html", tmp_path / "sirene.csv"
    page.write_text("before", encoding="utf-8")
    sirene.write_bytes(b"siret,etatAdministratifEtablissement\n" + b"1,A\n" * 50_000 + b"\xff\xfe")
    made = consolidate(halls("dila"), PAGE=str(page), SIRENE=str(sirene))
    assert made["CREATED"] == 3 and table(consolidate.path, "SELECT count(*) FROM services") == [(3,)]
    assert page.read_text(encoding="utf-8") == "before"


def test_rows_without_identifier_keep_theirs_of_ours_in_whatever_order_they_come(consolidate, halls, draw):
    """A number of a row is no identifier: the list sorted otherwise would be another list."""
    columns = ("nom", "adresse", "commune")
    told = [(f"Mairie de {town}", f"{code} rue Haute", town) for town, (code, _lon, _lat) in TOWNS.items()]

    def made(rows):
        layer = draw("Point", ",".join(f"{name}:string" for name in columns),
                     [("POINT(3.5 44.5)", *row) for row in rows], crs="EPSG:4326")  # fmt: skip
        layer.setName("liste")
        consolidate(layer)
        with sqlite3.connect(consolidate.path) as base:
            found = base.execute("SELECT id, nom FROM services ORDER BY nom").fetchall()
        consolidate.path.unlink()
        return found

    first = made(told)
    assert len(first) == len(TOWNS) and made(told[::-1]) == first


def test_an_edition_of_tomorrow_is_said_for_none_of_today_could_follow_it(provider, halls, tmp_path):
    algorithm = provider.algorithm("consolidateservices").create()
    for date, count in (("2000-01-01", 0), ("9000-01-01", 1)):
        heard = QgsProcessingFeedback()
        given = {"INPUTS": [halls("dila")], "REFERENTIAL": str(tmp_path / "r.gpkg"), "DATE": date}
        assert algorithm.run(given, QgsProcessingContext(), heard, catchExceptions=False)[1]
        assert heard.textLog().count("after today") == count
