"""Corrections of a layer sent through Processing to a real registry, and their answers read back."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.services import Service
from carto_services_publics.processing import outbox as outbox_module
from carto_services_publics.processing.table import make_fields
from carto_services_publics.scripts.registry import moderate
from carto_services_publics.tests.servers import ogcapi
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

pytestmark = pytest.mark.servers

SERVICES = [
    Service(id=f"p{n}", nom=f"Poste {n}", categorie="la_poste", producteur="la_poste", telephone="3631", version="v1",
            lon=7.40 + n / 100, lat=43.75)
    for n in range(1, 7)
]  # fmt: skip


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = ogcapi.make_geopackage(tmp_path_factory.mktemp("registry") / "registry.gpkg", SERVICES)
    with ogcapi.registry(path) as base_url:
        yield SimpleNamespace(url=base_url, geopackage=path)


@pytest.fixture(autouse=True)
def own_outbox(tmp_path, monkeypatch):
    path = tmp_path / "corrections.sqlite"
    monkeypatch.setattr(outbox_module, "outbox_path", lambda: path)
    return path


def layer(rows):
    names = sorted({name for row in rows for name in row if name != "at"})
    made = QgsVectorLayer("Point?crs=EPSG:4326", "rows", "memory")
    made.dataProvider().addAttributes(list(make_fields(*((name, "text") for name in names))))
    made.updateFields()
    for row in rows:
        feature = QgsFeature(made.fields())
        for name in names:
            feature[name] = row.get(name)
        if "at" in row:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(*row["at"])))
        made.dataProvider().addFeature(feature)
    return made


def rows_of(result):
    return [dict(zip(result.fields().names(), feature.attributes())) for feature in result.getFeatures()]


def submit(provider, made, registry, **options):
    import processing

    return processing.run(
        "cartoservices:submitcorrections",
        {"INPUT": made, "REGISTRY": registry.url, "OUTPUT": "memory:", **options},
    )


def phone(service_id, new, **more):
    changes = json.dumps({"telephone": {"old": "3631", "new": new}})
    return {"type": "modification", "service_id": service_id, "version": "v1", "changes": changes, **more}


def test_each_row_has_its_result_and_running_again_sends_nothing_twice(provider, registry):
    made = layer([phone("p1", "36 31"), phone("p2", "not a number"), {"type": "nonsense", "changes": ""}])
    result = submit(provider, made, registry)
    good, bad_phone, nonsense = rows_of(result["OUTPUT"])
    assert good["etat"] == "envoyee" and good["ref_serveur"].startswith(registry.url) and not good["raison"]
    assert bad_phone["raison"].startswith("telephone: ")
    assert "nonsense" in nonsense["raison"]
    assert (result["SENT"], result["FAILED"]) == (1, 2)
    again = submit(provider, made, registry)
    assert again["SENT"] == 1
    assert len(ogcapi.items(registry.url, "corrections", service_id="p1")) == 1


def test_a_dry_run_sends_nothing_and_shows_conflicts(provider, registry, own_outbox):
    ogcapi.change_service(registry.geopackage, "p3", {"telephone": "3639", "version": "v2"})
    made = layer([phone("p3", "36 30"), phone("p4", "36 30")])
    result = submit(provider, made, registry, DRY_RUN=True)
    assert [row["etat"] for row in rows_of(result["OUTPUT"])] == ["conflit", "brouillon"]
    assert ogcapi.items(registry.url, "corrections", service_id="p4") == []
    assert Outbox(own_outbox).counts() == {}


def test_an_edited_copy_of_the_services_sends_only_what_was_edited(provider, registry):
    copy = [
        {"id": "p5", "nom": "Poste 5", "categorie": "la_poste", "producteur": "la_poste", "telephone": "3631",
         "modalite": "fixe", "precision_position": "inconnue", "version": "v1", "at": (7.45, 43.75)},
        {"id": "p6", "nom": "La Poste 6", "categorie": "la_poste", "producteur": "la_poste", "telephone": "3631",
         "modalite": "fixe", "precision_position": "inconnue", "version": "v1", "at": (7.4601, 43.75)},
    ]  # fmt: skip
    result = submit(provider, layer(copy), registry)
    assert [row["etat"] for row in rows_of(result["OUTPUT"])] == [None, "envoyee"]
    assert ogcapi.items(registry.url, "corrections", service_id="p5") == []
    [sent] = ogcapi.items(registry.url, "corrections", service_id="p6")
    assert set(json.loads(sent["properties"]["changes"])) == {"nom", "position"}
    assert sent["geometry"]["coordinates"] == [7.4601, 43.75]


def test_the_answer_is_read_back_by_correctionstatus(provider, registry):
    import processing

    made = layer([phone("p1", "36 39", commentaire="Vu sur la porte", courriel="agent@exemple.fr")])
    [sent] = rows_of(submit(provider, made, registry)["OUTPUT"])
    moderate(registry.url, sent["uuid"], "rejetee", "Le <b>36 31</b> est bon.")
    result = processing.run("cartoservices:correctionstatus", {"REGISTRY": registry.url, "OUTPUT": "memory:"})
    [row] = rows_of(result["OUTPUT"])
    assert (row["etat"], row["motif"]) == ("rejetee", "Le <b>36 31</b> est bon.")
    assert "agent@exemple.fr" not in str(row) and "Vu sur la porte" not in str(row)


def test_with_a_producer_that_takes_none_they_wait_to_be_handed_over(provider, registry, own_outbox):
    made = layer([phone("x1", "36 30", producteur="dila")])
    result = submit(provider, made, SimpleNamespace(url="/nowhere/annuaire.csv"))
    assert (result["SENT"], result["FAILED"]) == (0, 0)
    assert Outbox(own_outbox).counts() == {"en_attente": 1}
    text = (own_outbox.parent / "messages" / "corrections_dila.txt").read_text(encoding="utf-8")
    assert "telephone: “3631” → “36 30”" in text
