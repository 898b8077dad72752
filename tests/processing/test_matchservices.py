"""A collectivité's own list against the referential, as Processing runs it."""

from __future__ import annotations

import json

import pytest
from carto_services_publics.core.corrections.bulk import (
    CorrectionRow,
    is_corrections_layer,
    preview,
    proposals_of_corrections,
)
from carto_services_publics.core.matching import Decisions
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.processing import matching_inputs
from carto_services_publics.processing.base import HELP
from qgis.core import QgsProcessingException

REFERENCE = [
    Service("dila-1", "Mairie - Mende", "mairie", "dila", adresse="1 place du Général de Gaulle", code_postal="48000",
            commune="Mende", code_insee="48095", telephone="04 66 49 40 00", version="v1", lon=3.4990, lat=44.5180),
    Service("dila-2", "CCAS - Mende", "ccas", "dila", adresse="1 place du Général de Gaulle", code_postal="48000",
            commune="Mende", code_insee="48095", telephone="04 66 49 40 00", version="v2", lon=3.4990, lat=44.5180),
    Service("fs-1", "France services - Florac", "france_services", "anct", adresse="2 rue Neuve", code_postal="48400",
            commune="Florac Trois Rivières", code_insee="48061", version="v3", lon=3.5930, lat=44.3250),
    Service("dila-3", "Mairie - Marvejols", "mairie", "dila", commune="Marvejols", code_insee="48092", version="v4",
            lon=3.2910, lat=44.5530),
]  # fmt: skip

LIST = "Nom:string,Type:string,Adresse:string,CP:string,Ville:string,Tel:string"
MINE = [
    ("POINT(3.4991 44.5181)", "MAIRIE DE MENDE", "Mairie", "1 pl. du Gal de Gaulle", "48000", "Mende", "0466490000"),
    ("POINT(3.4991 44.5181)", "CCAS", "", "1 pl. du Gal de Gaulle", "48000", "Mende", "0466494000"),
    (None, "FS Florac", "France services", "2 r. Neuve", "48400", "FLORAC TROIS RIVIERES", ""),
    ("POINT(3.50 44.52)", "Pharmacie du Marché", "Pharmacie", "3 rue Basse", "48000", "Mende", "04 66 00 00 00"),
    ("POINT(3.4991 44.5181)", "Mairie Mende", "mairie", "", "48000", "Mende", ""),
]


@pytest.fixture(autouse=True)
def own_profile(tmp_path, monkeypatch):
    monkeypatch.setattr(matching_inputs, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(matching_inputs, "addresses_path", lambda: tmp_path / "geocodage.sqlite")
    return tmp_path


@pytest.fixture
def reference(draw):
    columns = [column for column in SERVICE_COLUMNS if column != "url"]
    rows = [(f"POINT({s.lon} {s.lat})", *(getattr(s, column) or None for column in columns)) for s in REFERENCE]
    return draw("Point", ",".join(f"{column}:string" for column in columns), rows, crs="EPSG:4326")


@pytest.fixture
def mine(draw):
    return draw("Point", LIST, MINE[:4], crs="EPSG:4326")


@pytest.fixture
def matched(run, rows, mine, reference):
    def run_it(**options):
        options = {"LOCAL": mine, "REFERENCE": reference, "GEOCODE": False, **options}
        layers, said = run("matchservices", **options)
        return layers, {name: rows(layer) for name, layer in layers.items()}, said

    return run_it


def test_pairs_with_zone_reasons_and_differences(matched):
    _layers, found, said = matched()
    pairs = {row["reference_id"]: row for row in found["MATCHES"]}
    assert {key: row["nom_local"] for key, row in pairs.items()} == {
        "dila-1": "MAIRIE DE MENDE", "dila-2": "CCAS", "fs-1": "FS Florac"
    }  # fmt: skip
    assert [row["zone"] for row in found["MATCHES"]] == ["sur"] * 3
    assert pairs["dila-1"]["score"] > 0.9 and pairs["dila-1"]["distance_m"] == pytest.approx(14, abs=2)
    assert "same address" in pairs["dila-1"]["raisons"]
    assert json.loads(pairs["dila-1"]["ecarts"])["telephone"] == {"old": "04 66 49 40 00", "new": "04 66 49 00 00"}
    assert pairs["fs-1"]["distance_m"] is None
    assert "nom ← Nom" in said and "Pairs: 3 sure" in said


def test_what_only_one_of_both_knows(matched):
    layers, found, _said = matched()
    (alone,) = found["ONLY_LOCAL"]
    assert alone["Nom"] == "Pharmacie du Marché" and alone["raison"] and alone["ressemble_a"] is None
    assert layers["ONLY_LOCAL"].crs().authid() == "EPSG:4326"
    assert [row["id"] for row in found["ONLY_REFERENCE"]] == ["dila-3"]


def test_proposals_are_a_layer_of_corrections_ready_to_be_sent(matched):
    layers, found, _said = matched()
    layer = layers["PROPOSALS"]
    assert is_corrections_layer(layer.fields().names())
    rows = [
        CorrectionRow(values, *(feature.geometry().asPoint().x(), feature.geometry().asPoint().y()))
        for values, feature in zip(found["PROPOSALS"], layer.getFeatures())
    ]
    seen = preview(proposals_of_corrections(rows))
    assert seen.by_type == {"modification": 1, "creation": 1} and seen.unusable == 0
    change = next(row for row in found["PROPOSALS"] if row["type"] == "modification")
    assert (change["service_id"], change["version"], change["etat"]) == ("dila-1", "v1", "brouillon")
    assert json.loads(change["changes"]) == {"telephone": {"old": "04 66 49 40 00", "new": "04 66 49 00 00"}}


def test_a_second_row_for_one_service_is_said_to_be_perhaps_a_duplicate(matched, draw):
    _layers, found, _said = matched(LOCAL=draw("Point", LIST, MINE, crs="EPSG:4326"))
    resembling = [row for row in found["ONLY_LOCAL"] if row["ressemble_a"] == "dila-1"]
    assert len(resembling) == 1
    assert [row["type"] for row in found["PROPOSALS"] if "harmacie" in (row["changes"] or "")] == ["creation"]


def test_fields_can_be_named_and_the_category_given(matched, draw):
    mine = draw(
        "Point", "a:string,b:string,c:string", [("POINT(3.4991 44.5181)", "x", "accueil", "Mende")], "EPSG:4326"
    )
    _layers, found, _said = matched(LOCAL=mine, FIELD_NOM="b", FIELD_COMMUNE="c", CATEGORY="mairie")
    assert [row["reference_id"] for row in found["MATCHES"]] == ["dila-1"]


def test_any_crs_and_tables_without_geometry(matched, draw):
    table = draw("None", LIST, [(None, *row[1:]) for row in MINE[:3]])
    _layers, found, _said = matched(LOCAL=table)
    assert sorted(row["reference_id"] for row in found["MATCHES"]) == ["dila-1", "dila-2", "fs-1"]


def test_what_was_said_before_holds(matched, own_profile):
    decisions = Decisions(own_profile / "rapprochements.sqlite")
    own = Service("", "MAIRIE DE MENDE", "mairie", adresse="1 pl. du Gal de Gaulle", commune="Mende")
    decisions.say(own, REFERENCE[0], False)
    _layers, found, _said = matched()
    assert "dila-1" not in {row["reference_id"] for row in found["MATCHES"]}


def test_offline_the_geocoder_is_missed_but_the_work_is_done(matched):
    _layers, found, said = matched(GEOCODE=True, GEOCODER="http://127.0.0.1:9/geocodage")
    assert len(found["MATCHES"]) == 3 and "out of reach" in said and "by commune only" in said


def test_what_cannot_be_matched_is_said(matched, draw):
    with pytest.raises(QgsProcessingException, match="looks like the name"):
        matched(LOCAL=draw("Point", "x:double", [("POINT(0 0)", 1.0)]))
    with pytest.raises(QgsProcessingException, match="is empty"):
        matched(LOCAL=draw("Point", LIST, []))
    with pytest.raises(QgsProcessingException, match="identifier|column"):
        matched(REFERENCE=draw("Point", "nom:string", [("POINT(0 0)", "x")]))


def test_the_help_is_there_in_both_languages():
    for language in ("fr", "en"):
        assert (HELP / f"matchservices.{language}.md").is_file()
