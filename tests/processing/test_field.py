"""Out to the field and back: the folder as QGIS, QField and a server open it, and its copies read into the outbox."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
import requests
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.field.package import CORRECTION_COLUMNS, FILE, PROPOSED
from carto_services_publics.core.services import Service
from carto_services_publics.processing import outbox as outbox_module
from carto_services_publics.scripts.registry import CORRECTION_FIELDS, serve_project
from carto_services_publics.tests.servers import ogcapi
from carto_services_publics.tests.servers.field_copies import copy_of, write_into
from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsFeatureRequest,
    QgsFieldConstraints,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)

from .conftest import Heard

LAYERS = {"terrain_corrections", "terrain_services", "terrain_routes", "terrain_communes"}
OFFICE = "Mairie"


@pytest.fixture(scope="module")
def folder(provider, demo_gpkg, tmp_path_factory):
    """The folder of the demonstration territory, carried elsewhere: where it was made, nothing is left."""
    import processing

    made = tmp_path_factory.mktemp("made")
    layer = QgsVectorLayer(f"{demo_gpkg}|layername=services", "Services", "ogr")
    layer.setCustomProperty("carto_services_publics/connection", "Démonstration")
    results = processing.run(
        "cartoservices:fieldpackage",
        {
            "SERVICES": layer,
            "ZONES": f"{demo_gpkg}|layername=communes",
            "ROADS": f"{demo_gpkg}|layername=routes",
            "TITLE": "Le terrain",
            "FOLDER": str(made / "terrain"),
        },
    )
    assert results["SERVICES_COUNT"] == layer.featureCount()
    away = tmp_path_factory.mktemp("telephone") / "Le terrain"
    shutil.move(made / "terrain", away)
    return away


@pytest.fixture
def project(folder, qgis_app):
    """The project open in QGIS as a phone opens it."""
    opened = QgsProject.instance()
    assert opened.read(str(folder / "terrain.qgs"))
    yield opened
    opened.clear()


@pytest.fixture(autouse=True)
def own_outbox(tmp_path, monkeypatch):
    path = tmp_path / "corrections.sqlite"
    monkeypatch.setattr(outbox_module, "outbox_path", lambda: path)
    return path


@pytest.fixture
def read_back(provider):
    """Read copies back: the answer, its layers by name, and what the user was told."""

    def run(**parameters):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:readfield")
        context, heard = QgsProcessingContext(), Heard()
        context.setProject(QgsProject.instance())
        asked = {"OUTPUT": "memory:", "CONFLICTS": "memory:", **parameters}
        assert algorithm.checkParameterValues(asked, context)[0]
        results, done = algorithm.run(asked, context, heard, catchExceptions=False)
        assert done
        layers = {name: context.takeResultLayer(results[name]) for name in ("OUTPUT", "CONFLICTS")}
        return SimpleNamespace(results=results, layers=layers, said=heard.text())

    return run


# -- the folder -------------------------------------------------------------------------------------------------------


def test_the_folder_opens_elsewhere_with_all_its_layers(folder, project):
    layers = project.mapLayers()
    assert set(layers) == LAYERS  # the same in every package
    assert all(layer.isValid() and layer.featureCount() >= 0 for layer in layers.values())
    assert {layer.id() for layer in layers.values() if not layer.readOnly()} == {"terrain_corrections"}
    assert {layer.crs().authid() for layer in layers.values()} == {project.crs().authid()} == {"EPSG:2154"}
    assert all(layer.source().startswith(str(folder)) for layer in layers.values())
    assert [relation.isValid() for relation in project.relationManager().relations().values()] == [True]
    assert len(project.mapThemeCollection().mapThemes()) == 2 and project.snappingConfig().enabled()
    assert sorted(file.name for file in folder.iterdir() if "-" not in file.name) == ["DCIM", FILE, "terrain.qgs"]


def test_the_project_says_nothing_of_the_machine_and_reads_nothing_outside(folder):
    text = (folder / "terrain.qgs").read_text(encoding="utf-8")
    sources = set(re.findall(r"<datasource>(.*?)</datasource>", text)) | set(re.findall(r' source="([^"]+)"', text))
    assert {source for source in sources if source} == {
        f"./{FILE}|layername={name}" for name in ("services", "corrections", "communes", "routes")
    }
    for personal in ("/tmp", "/home", "/root", "authcfg=", 'saveUser="r', "password"):
        assert personal not in text
    assert re.findall(r"<author>(.*?)</author>", text) == [""]


def test_a_correction_begins_with_what_is_known(project):
    corrections, services = (project.mapLayer(f"terrain_{name}") for name in ("corrections", "services"))
    service = next(services.getFeatures(QgsFeatureRequest().setLimit(1)))
    place = service.geometry().asPoint()
    here, far = (QgsGeometry.fromPointXY(QgsPointXY(place.x() + off, place.y())) for off in (3, 500_000))
    context = corrections.createExpressionContext()
    begun, other = (QgsVectorLayerUtils.createFeature(corrections, at, {}, context) for at in (here, far))
    assert begun["service_id"] == service["id"] and not other["service_id"]
    assert begun["uuid"] != other["uuid"] and re.fullmatch(r"[0-9a-f-]{36}", begun["uuid"])
    assert (begun["type"], begun["etat"]) == ("modification", "brouillon") and begun["cree_le"].isValid()
    assert not any(begun[column] for column in PROPOSED.values())


def test_the_form_asks_in_words_and_the_picture_is_named_from_the_folder(project):
    corrections = project.mapLayer("terrain_corrections")
    fields = corrections.fields()
    assert set(CORRECTION_FIELDS) < set(fields.names()) and set(fields.names()) == {"fid", *CORRECTION_COLUMNS}
    widgets = {name: corrections.editorWidgetSetup(fields.lookupField(name)) for name in fields.names()}
    kinds = {next(iter(each.values())) for each in widgets["type"].config()["map"]}
    assert {"creation", "fermeture", "modification", "deplacement"} <= kinds
    assert "la_poste" in {next(iter(each.values())) for each in widgets["nouveau_categorie"].config()["map"]}
    assert widgets["service_id"].type() == "RelationReference" and widgets["cree_le"].type() == "DateTime"
    assert widgets["photo"].type() == "ExternalResource" and widgets["photo"].config()["RelativeStorage"] == 1
    assert {name for name, widget in widgets.items() if widget.type() == "Hidden"} >= {"uuid", "etat", "changes"}
    shown = [name for name in fields.names() if widgets[name].type() != "Hidden" and name != "fid"]
    assert all(corrections.attributeAlias(fields.lookupField(name)) for name in shown)
    constraints = fields.field("uuid").constraints()
    not_null, hard = (
        QgsFieldConstraints.Constraint.ConstraintNotNull,
        QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard,
    )
    assert constraints.constraintStrength(not_null) == hard
    naming = json.loads(corrections.customProperty("QFieldSync/attachment_naming"))
    assert naming["photo"].startswith("'DCIM/") and corrections.customProperty("QFieldSync/action") == "copy"


def test_la_reunion_goes_out_in_its_own_projection_to_a_folder_that_qgis_chooses(provider, tmp_path, monkeypatch):
    import processing

    monkeypatch.chdir(tmp_path)
    hall = Service("r0", "Mairie du Tampon", "mairie", commune="Le Tampon", lon=55.517, lat=-21.277)
    halls = [hall, *(replace(hall, id=f"r{n}", lat=hall.lat + 0.01 * n) for n in range(1, 12))]
    source = ogcapi.make_geopackage(tmp_path / "reunion.gpkg", [*halls, replace(hall, id="astray", lon=0.0, lat=0.0)])
    results = processing.run(
        "cartoservices:fieldpackage", {"SERVICES": f"{source}|layername=services", "FOLDER": "TEMPORARY_OUTPUT"}
    )
    assert sorted(file.name for file in tmp_path.iterdir() if "-" not in file.name) == ["reunion.gpkg"]
    opened = QgsProject()
    assert opened.read(results["PROJECT"]) and opened.crs().authid() == "EPSG:2975"
    assert opened.viewSettings().presetFullExtent().height() < 20_000  # of the halls, not of the one at 0° N, 0° E
    assert set(opened.mapLayers()) == {"terrain_corrections", "terrain_services"}  # no ground was given
    assert all(layer.isValid() for layer in opened.mapLayers().values())


# -- a server ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    served = tmp_path_factory.mktemp("server") / "terrain"
    shutil.copytree(folder, served)
    with serve_project(served / "terrain.qgs") as address:
        yield SimpleNamespace(address=address, folder=served)


def ask(server, service, request, **parameters):
    answer = requests.get(server.address, {"SERVICE": service, "REQUEST": request, **parameters}, timeout=60)
    answer.raise_for_status()
    return answer


def extent_of(server):
    source = ogr.Open(str(server.folder / FILE))
    west, east, south, north = source.GetLayerByName("services").GetExtent()
    return f"{west},{south},{east},{north}"


@pytest.mark.servers
def test_a_server_publishes_the_layers_and_draws_them(server):
    capabilities = ask(server, "WMS", "GetCapabilities", VERSION="1.3.0").text
    assert "<Title>Le terrain</Title>" in capabilities
    assert {f"<Name>{name}</Name>" for name in ("services", "corrections", "communes", "routes")} <= set(
        re.findall(r"<Name>\w+</Name>", capabilities)
    )
    assert "e+308" not in capabilities and "<CRS>EPSG:2154</CRS>" in capabilities
    picture = ask(
        server, "WMS", "GetMap", VERSION="1.3.0", LAYERS="communes,routes,services", STYLES="", CRS="EPSG:2154",
        BBOX=extent_of(server), WIDTH="400", HEIGHT="400", FORMAT="image/png",
    )  # fmt: skip
    assert picture.headers["Content-Type"] == "image/png" and len(picture.content) > 5000
    of_wfs = ask(server, "WFS", "GetCapabilities", VERSION="1.1.0").text
    writable = re.search(r"<Name>corrections</Name>.*?<Operations>(.*?)</Operations>", of_wfs, re.DOTALL)
    only_read = re.search(r"<Name>services</Name>.*?<Operations>(.*?)</Operations>", of_wfs, re.DOTALL)
    assert "Insert" in writable[1] and "Insert" not in only_read[1]


INSERT = (
    '<wfs:Transaction service="WFS" version="1.1.0" xmlns:wfs="http://www.opengis.net/wfs"'
    ' xmlns:gml="http://www.opengis.net/gml" xmlns:qgs="http://www.qgis.org/gml"><wfs:Insert><qgs:{layer}>'
    '<qgs:geometry><gml:Point srsName="EPSG:2154"><gml:pos>{at}</gml:pos></gml:Point></qgs:geometry>{values}'
    "</qgs:{layer}></wfs:Insert></wfs:Transaction>"
)


def insert(server, layer, at, **values):
    columns = "".join(f"<qgs:{name}>{value}</qgs:{name}>" for name, value in values.items())
    body = INSERT.format(layer=layer, at=at, values=columns).encode(
        "ascii", "xmlcharrefreplace"
    )  # its development server waits for others for ever
    return requests.post(server.address, body, headers={"Content-Type": "text/xml"}, timeout=60)


@pytest.mark.servers
def test_a_correction_written_through_a_server_is_there_and_read_back_and_services_are_not_to_be_written(
    server, read_back
):
    source = ogr.Open(str(server.folder / FILE))
    layer = source.GetLayerByName("services")
    service = layer.GetNextFeature()
    geometry = service.geometry()
    x, y, service_id = geometry.GetX(), geometry.GetY(), service["id"]
    del geometry, service, layer, source
    uuid = "0b3c52f4-96a4-4df8-9a7e-2e28f0a2f4d1"
    words = {"uuid": uuid, "type": "fermeture", "service_id": service_id, "commentaire": "Rideau baissé"}
    answer = insert(server, "corrections", f"{x + 5} {y}", **words)
    assert answer.ok and "totalInserted" in answer.text, answer.text
    refused = insert(server, "services", f"{x} {y}", id="intrus", nom="Intrus", categorie="mairie")
    assert "Exception" in refused.text
    seen = ask(
        server, "WMS", "GetFeatureInfo", VERSION="1.3.0", LAYERS="corrections", QUERY_LAYERS="corrections", STYLES="",
        CRS="EPSG:2154", BBOX=f"{x - 50},{y - 50},{x + 60},{y + 60}", WIDTH="110", HEIGHT="110", I="55", J="60",
        INFO_FORMAT="application/json", FI_POINT_TOLERANCE="10",
    )  # fmt: skip
    [feature] = seen.json()["features"]
    assert uuid in json.dumps(feature)
    read = read_back(COPIES=[str(server.folder / FILE)])
    assert (read.results["READ"], read.results["ADDED"]) == (1, 1)


# -- back -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def seen(folder):
    """Two services as the agents see them."""
    with closing(sqlite3.connect(str(folder / FILE))) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM services_depart LIMIT 2")]


def row(number, service, **values):
    uuid = f"00000000-0000-4000-8000-{number:012d}"
    return {"uuid": uuid, "type": "modification", "service_id": service["id"], **values}


def test_copies_of_two_agents_come_back_every_row_counted_and_conflicts_side_by_side(
    folder, seen, tmp_path, read_back, rows, own_outbox
):
    first, second = seen
    ana = copy_of(
        folder / FILE, tmp_path / "ana", row(1, first, nouveau_telephone="3949", photo="DCIM/a.jpg"),
        row(2, second, nouveau_horaires="du lundi au vendredi 9h-12h"), row(3, second, nouveau_siret="123"),
    )  # fmt: skip
    bob = copy_of(folder / FILE, tmp_path / "bob", row(4, first, nouveau_telephone="3646"))
    (tmp_path / "bob" / "DCIM").mkdir()
    bad = tmp_path / "bad.gpkg"
    bad.write_bytes(b"no database")
    read = read_back(COPIES=[str(ana), str(bob), str(bad)])
    figures = {name: read.results[name] for name in ("READ", "ADDED", "CONFLICT_COUNT", "FAILED")}
    assert figures == {"READ": 4, "ADDED": 1, "CONFLICT_COUNT": 2, "FAILED": 1}
    told = rows(read.layers["OUTPUT"])
    assert [each["resultat"] for each in told] == ["conflit", "ajoutee", "inutilisable", "conflit", "inutilisable"]
    assert [bool(each["raison"]) for each in told] == [True, False, True, True, True]
    assert told[0]["photo"].endswith("DCIM/a.jpg") and "DCIM/a.jpg" in read.said  # it did not come along
    sides = [
        (each["champ"], each["au_depart"], each["terrain"], each["ailleurs"]) for each in rows(read.layers["CONFLICTS"])
    ]
    before = first["telephone"] or ""
    assert [tuple(text or "" for text in side) for side in sides] == [
        ("telephone", before, "3949", "3646"),
        ("telephone", before, "3646", "3949"),
    ]
    outbox = Outbox(own_outbox)
    assert outbox.counts() == {"en_attente": 1, "conflit": 2}
    again = read_back(COPIES=[str(bob), str(ana)])
    assert (again.results["ADDED"], again.results["CONFLICT_COUNT"]) == (0, 0) and len(outbox.ranks()) == 3
    outbox.close()


def test_the_services_of_today_tell_what_changed_since_the_package_left(
    folder, seen, demo_gpkg, tmp_path, read_back, rows
):
    first, second = seen
    today = tmp_path / "today.gpkg"
    shutil.copy(demo_gpkg, today)
    ogcapi.change_service(today, first["id"], {"telephone": "3646", "version": "later"})
    ogcapi.remove_service(today, second["id"])
    path = copy_of(
        folder / FILE, tmp_path / "ana", row(1, first, nouveau_telephone="3949"), row(2, second, nouveau_nom=OFFICE)
    )
    look = {"COPIES": [str(path)], "SERVICES": f"{today}|layername=services"}
    read = read_back(DRY_RUN=True, **look)
    assert read.results["CONFLICT_COUNT"] == 2
    assert [each["aujourd_hui"] or "" for each in rows(read.layers["CONFLICTS"])] == ["3646", ""]
    assert read_back(**look).results["CONFLICT_COUNT"] == 2  # looking kept nothing


def test_a_row_written_again_after_it_was_read_is_said_and_one_withdrawn_stays_so(
    folder, seen, tmp_path, own_outbox, read_back, rows
):
    copies = [
        copy_of(folder / FILE, tmp_path / day, row(1, seen[0], nouveau_telephone=number))
        for day, number in (("monday", "3949"), ("tuesday", "3646"))
    ]
    assert read_back(COPIES=[str(copies[0])]).results["ADDED"] == 1
    again = read_back(COPIES=[str(copies[1])])
    assert again.results["ADDED"] == 0 and "1 row read before is not as your outbox has it" in again.said
    outbox = Outbox(own_outbox)
    outbox.withdraw(*(entry.uuid for entry in outbox.entries()))
    outbox.close()
    gone = read_back(COPIES=[str(copies[0])])
    assert gone.results["ADDED"] == 0 and "withdrawn" in rows(gone.layers["OUTPUT"])[0]["raison"]
    assert read_back(COPIES=[str(copies[1])]).results["ADDED"] == 1


@pytest.mark.servers
def test_a_registry_that_answers_is_asked_how_the_services_are_now(folder, seen, demo_gpkg, tmp_path, read_back):
    first, second = seen
    today = tmp_path / "registry.gpkg"
    shutil.copy(demo_gpkg, today)
    ogcapi.change_service(today, first["id"], {"telephone": "3646", "version": "later"})
    rows_out = row(1, first, nouveau_telephone="3949"), row(2, second, nouveau_telephone="3949")
    path = copy_of(folder / FILE, tmp_path / "ana", *rows_out)
    with ogcapi.registry(today) as address:
        read = read_back(COPIES=[str(path)], REGISTRY=address)
    assert (read.results["ADDED"], read.results["CONFLICT_COUNT"]) == (1, 1)
    again = read_back(COPIES=[str(path)], REGISTRY=address)  # out of reach now: said, and nothing is lost
    assert again.results["READ"] == 2 and "when you send" in again.said


def test_what_a_phone_has_not_folded_into_the_file_is_read(folder, seen, tmp_path, read_back):
    phone, back = tmp_path / "phone", tmp_path / "back"
    source = ogr.Open(str(copy_of(folder / FILE, phone)), update=1)
    source.ExecuteSQL("PRAGMA journal_mode = WAL")
    write_into(source, row(1, seen[0], nouveau_telephone="3949"))
    shutil.copytree(phone, back)
    del source
    assert (back / f"{FILE}-wal").exists()
    assert read_back(COPIES=[str(back / FILE)]).results["ADDED"] == 1
    (back / f"{FILE}-wal").unlink()
    alone = read_back(COPIES=[str(back / FILE)])
    assert alone.results["READ"] == 0 and f"{FILE}-wal" in alone.said
