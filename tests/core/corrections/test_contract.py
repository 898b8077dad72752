"""The description given to registries says what the code does, and the trial registry starts and stops cleanly."""

from __future__ import annotations

import contextlib
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from carto_services_publics.core.corrections.model import PROPERTIES, STATES, TYPES
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.scripts.registry import CORRECTION_FIELDS
from carto_services_publics.tests.servers import ogcapi

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = (ROOT / "docs" / "registre" / "schema.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def openapi():
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: the OpenAPI document is not read")
    return yaml.safe_load((ROOT / "docs" / "registre" / "openapi.yaml").read_text(encoding="utf-8"))


def columns(table):
    body = re.search(rf"CREATE TABLE {table} \((.*?)\n\);", SCHEMA, re.S).group(1)
    return [line.split()[0] for line in body.splitlines() if re.match(r"    [a-z_]+ (text|geometry)", line)]


def test_the_openapi_document_has_the_fields_types_and_states_of_the_code(openapi):
    schemas = openapi["components"]["schemas"]
    correction = schemas["Correction"]["properties"]["properties"]["properties"]
    assert tuple(correction) == PROPERTIES
    assert tuple(correction["type"]["enum"]) == TYPES
    assert set(schemas["ServerState"]["enum"]) <= set(STATES)
    assert tuple(schemas["Service"]["properties"]["properties"]["properties"]) == SERVICE_COLUMNS


def test_every_reference_of_the_openapi_document_leads_somewhere(openapi):
    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(openapi):
        node = openapi
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_the_tables_have_the_columns_of_the_code():
    assert tuple(columns("services")) == (*SERVICE_COLUMNS, "geom")
    assert tuple(columns("corrections")) == (*PROPERTIES, "geom")
    assert CORRECTION_FIELDS == PROPERTIES
    for word in TYPES:
        assert f"'{word}'" in SCHEMA


@pytest.mark.servers
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_trial_registry_says_its_address_and_ends_when_asked(tmp_path, end):
    path = ogcapi.make_geopackage(tmp_path / "mine.gpkg", [Service("s1", "Poste", "la_poste", lon=7.4, lat=43.7)])
    before = path.read_bytes()
    command = [sys.executable, str(ROOT / "scripts" / "registry.py"), "--geopackage", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    url = re.search(r"http://127\.0\.0\.1:\d+/wfs3", process.stdout.readline()).group()
    assert [service["properties"]["id"] for service in ogcapi.items(url, "services")] == ["s1"]
    process.send_signal(end)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0 and "Traceback" not in said
    with pytest.raises(requests.ConnectionError):
        ogcapi.items(url, "services")
    assert path.read_bytes() == before


@pytest.mark.servers
@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends children with their parent")
def test_a_killed_registry_leaves_no_server_behind(tmp_path):
    path = ogcapi.make_geopackage(tmp_path / "mine.gpkg", [Service("s1", "Poste", "la_poste", lon=7.4, lat=43.7)])
    command = [sys.executable, str(ROOT / "scripts" / "registry.py"), "--geopackage", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    url = re.search(r"http://127\.0\.0\.1:\d+/wfs3", process.stdout.readline()).group()
    process.kill()
    process.communicate()
    for _ in range(50):
        try:
            ogcapi.items(url, "services")
        except requests.ConnectionError:
            return
        time.sleep(0.1)
    pytest.fail("the server outlived its parent")


def test_a_registry_that_cannot_start_says_why(tmp_path):
    command = [sys.executable, str(ROOT / "scripts" / "registry.py"), "--geopackage", str(tmp_path / "none.gpkg")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "could not be started" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def database(postgis_port):
    from carto_services_publics.tests.servers import postgis

    database = postgis.make_database(postgis_port, "rules")
    database.rows(
        "INSERT INTO services (id, nom, categorie, telephone, siret) VALUES ('s1', 'Poste', 'la_poste', '1', NULL)"
    )
    return database


@pytest.mark.servers
class TestDatabase:
    """The rules of `schema.sql`, asked of PostGIS itself."""

    def insert(self, database, number, **values):
        values = {"uuid": f"00000000-0000-4000-8000-{number:012}", "service_id": "s1", "type": "modification", **values}
        marks = ", ".join(["%s"] * len(values))
        database.rows(f"INSERT INTO corrections ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
        return values["uuid"]

    def test_the_client_does_not_decide(self, database):
        uuid = self.insert(database, 1, etat="acceptee", motif="moi", ref_serveur="x")
        [(etat, motif, reference)] = database.rows(
            f"SELECT etat, motif, ref_serveur FROM corrections WHERE uuid = '{uuid}'"
        )
        assert (etat, motif) == ("envoyee", None) and reference.startswith("C-")

    @pytest.mark.parametrize(
        "values",
        [
            {"uuid": "42"},
            {"type": "autre"},
            {"changes": "{"},
            {"changes": "[1]"},
            {"service_id": ""},
            {"service_id": None},
            {"type": "doublon"},
            {"type": "deplacement"},
            {"preuve_url": "javascript:x"},
            {"commentaire": "x" * 2001},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, database, values):
        import psycopg2

        with pytest.raises(psycopg2.Error):
            self.insert(database, 2, **values)

    def test_an_accepted_correction_changes_the_service_and_is_final(self, database):
        import psycopg2

        uuid = self.insert(
            database,
            3,
            changes='{"telephone": {"old": "1", "new": "3631"}, "nom": {"old": "Poste", "new": "La Poste"}}',
        )
        database.rows(f"UPDATE corrections SET etat = 'acceptee' WHERE uuid = '{uuid}'")
        [row] = database.rows("SELECT nom, telephone, categorie, version FROM services WHERE id = 's1'")
        assert row == ("La Poste", "3631", "la_poste", uuid)
        with pytest.raises(psycopg2.Error, match="already acceptee"):
            database.rows(f"UPDATE corrections SET etat = 'rejetee', motif = 'x' WHERE uuid = '{uuid}'")

    def test_a_rejection_gives_its_reason(self, database):
        import psycopg2

        uuid = self.insert(database, 4)
        with pytest.raises(psycopg2.Error):
            database.rows(f"UPDATE corrections SET etat = 'rejetee' WHERE uuid = '{uuid}'")

    def test_a_creation_then_a_closing(self, database):
        uuid = self.insert(
            database, 5, type="creation", service_id=None, producteur="anct", geom="SRID=4326;POINT(7.4 43.7)",
            changes='{"nom": {"old": "", "new": "Maison"}, "categorie": {"old": "", "new": "france_services"}}',
        )  # fmt: skip
        database.rows(f"UPDATE corrections SET etat = 'acceptee' WHERE uuid = '{uuid}'")
        made = database.rows(f"SELECT nom, producteur, ST_X(geom) FROM services WHERE id = '{uuid}'")
        assert made == [("Maison", "anct", 7.4)]
        closing = self.insert(database, 6, type="fermeture", service_id=uuid)
        database.rows(f"UPDATE corrections SET etat = 'acceptee' WHERE uuid = '{closing}'")
        assert database.rows(f"SELECT 1 FROM services WHERE id = '{uuid}'") == []

    def service(self, database, name, **values):
        columns = {"id": name, "nom": "Poste", "categorie": "la_poste", "telephone": "1", "version": "1", **values}
        marks = ", ".join(["%s"] * len(columns))
        database.rows(f"INSERT INTO services ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))
        return name

    def accept(self, database, uuid):
        database.rows("UPDATE corrections SET etat = 'acceptee' WHERE uuid = %s", (uuid,))
        [answer] = database.rows("SELECT etat, motif FROM corrections WHERE uuid = %s", (uuid,))
        return answer

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten(self, database):
        name = self.service(database, "s-changed", geom="SRID=4326;POINT(7.4 43.7)")
        changes = (
            '{"telephone": {"old": "1", "new": "2"}}',
            '{"telephone": {"old": "1", "new": "3"}}',
            '{"horaires": {"old": "", "new": "Mo 09:00-12:00"}}',
            '{"position": {"old": [7.4, 43.7], "new": [7.5, 43.7]}}',
            '{"position": {"old": [7.4, 43.7], "new": [7.6, 43.7]}}',
            '{"position": {"old": "x", "new": [7.6, 43.7]}}',
        )
        answers = []
        for number, text in enumerate(changes, 10):
            moved = text.startswith('{"position"')
            given = {"type": "deplacement", "geom": f"SRID=4326;POINT(7.{number - 8} 43.7)"} if moved else {}
            uuid = self.insert(database, number, service_id=name, version="1", changes=text, **given)
            answers.append(self.accept(database, uuid))
        assert [etat for etat, _ in answers] == ["acceptee", "conflit", "acceptee", "acceptee", "conflit", "conflit"]
        assert "telephone" in answers[1][1] and "position" in answers[4][1]
        found = database.rows("SELECT telephone, horaires, ST_X(geom) FROM services WHERE id = %s", (name,))
        assert found == [("2", "Mo 09:00-12:00", 7.5)]

    def test_of_two_that_are_said_to_be_one_never_both_go(self, database):
        first, second = self.service(database, "s-one"), self.service(database, "s-two")
        uuids = [
            self.insert(database, number, type="doublon", service_id=gone, duplicate_of=kept)
            for number, gone, kept in ((20, first, second), (21, second, first))
        ]
        assert [self.accept(database, uuid)[0] for uuid in uuids] == ["acceptee", "conflit"]
        assert database.rows("SELECT id FROM services WHERE id IN (%s, %s)", (first, second)) == [(second,)]
        late = self.insert(database, 22, service_id=first, changes='{"nom": {"old": "Poste", "new": "La Poste"}}')
        assert self.accept(database, late)[0] == "conflit"

    def test_two_moderators_at_once_give_each_correction_one_outcome(self, database):
        import psycopg2

        services = [self.service(database, f"s-many-{number}") for number in range(100)]
        uuids = [
            self.insert(
                database,
                1000 + number,
                service_id=services[number % 100],
                version="1",
                changes=f'{{"telephone": {{"old": "1", "new": "{number}"}}}}',
            )
            for number in range(1000)
        ]

        def moderate(state):
            decided = []
            with contextlib.closing(database.connect()) as connection, connection.cursor() as cursor:
                for uuid in random.Random(state).sample(uuids, len(uuids)):
                    with contextlib.suppress(psycopg2.errors.RaiseException):  # the other one was first
                        query = "UPDATE corrections SET etat = %s, motif = 'non' WHERE uuid = %s RETURNING etat"
                        cursor.execute(query, (state, uuid))
                        decided.append((uuid, cursor.fetchone()[0]))
            return decided

        with ThreadPoolExecutor(2) as pool:
            decided = [each for part in pool.map(moderate, ("acceptee", "rejetee")) for each in part]
        assert sorted(uuid for uuid, _ in decided) == sorted(uuids)
        stored = dict(database.rows("SELECT uuid, etat FROM corrections WHERE service_id LIKE 's-many-%'"))
        assert dict(decided) == stored and set(stored.values()) >= {"acceptee", "rejetee"}
        taken = [uuid for uuid, state in decided if state == "acceptee"]
        changed = database.rows("SELECT version FROM services WHERE id LIKE 's-many-%' AND version <> '1'")
        assert sorted(version for (version,) in changed) == sorted(taken), "none was written over"
