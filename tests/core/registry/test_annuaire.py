"""Reading the Annuaire de l'administration."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from carto_services_publics.core.registry import Connection, Incomplete, Query, open_registry
from carto_services_publics.core.registry import annuaire as annuaire_module
from carto_services_publics.core.registry.annuaire import service_from_record
from carto_services_publics.core.registry.jsontext import NotWholeJson, stream_items
from carto_services_publics.core.registry.web import NotARegistry
from carto_services_publics.core.services import Rejected, Service
from hypothesis import given
from hypothesis import strategies as st


def record(id="00000000-0000", code="48095", pivot="mairie", **values):
    """A record as the API writes it: JSON in texts, numbers as texts."""
    address = {"type_adresse": "Adresse", "numero_voie": "1 place Urbain V", "code_postal": "48000"}
    address.update(nom_commune="Mende", longitude="3.4998", latitude="44.5180", accessibilite="ACC")
    return {
        "id": id,
        "nom": f"Mairie {id}",
        "code_insee_commune": code,
        "pivot": json.dumps([{"type_service_local": pivot, "code_insee_commune": [code]}]),
        "adresse": json.dumps([address]),
        "statut_de_diffusion": "true",
        **values,
    }


def annuaire(make, rows, cut_exports=0):
    """The API's `/records` and `/exports/json` on these rows; the first ``cut_exports`` exports break off midway."""
    cuts = [cut_exports]

    def answer(path, headers):
        parts = urlsplit(path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        found = rows
        where = asked.get("where", "")
        if "startswith(id," in where:
            start = where.split('startswith(id,"')[1][0]
            found = [row for row in rows if row["id"].startswith(start)]
        if parts.path.endswith("/exports/json"):
            body = json.dumps(found).encode()
            if cuts[0] and len(found) > 1:
                cuts[0] -= 1
                body = body[: len(body) * 2 // 3] + b'{"error": "the query was interrupted"}'
            return make.Answer(body, announced=None)
        offset, limit = int(asked.get("offset", 0)), int(asked["limit"])
        if limit > 100 or offset + limit > 10_000:
            return make.Answer({"message": "limit", "error_code": "InvalidRESTParameterError"}, 400)
        return make.Answer({"total_count": len(found), "results": found[offset : offset + limit]})

    return answer


def open_annuaire(server, session):
    return open_registry(Connection("Annuaire", "annuaire", server.url + "/api/explore/v2.1"), session)


def test_all_pages_are_read_in_a_stable_order(serve, session, make):
    rows = [record(f"{n:08x}") for n in range(250)]
    server = serve(annuaire(make, rows))
    services = list(open_annuaire(server, session).read(Query()))
    assert [s.id for s in services] == [row["id"] for row in rows]
    assert sum("order_by=id" in path for path, _ in server.requests) == 3


def test_columns_about_persons_are_not_even_asked_for(serve, session, make):
    server = serve(annuaire(make, [record()]))
    list(open_annuaire(server, session).read(Query()))
    assert all("select=" in path and "affectation_personne" not in path for path, _ in server.requests)


def test_more_rows_than_pages_can_reach_come_from_exports(serve, session, make, monkeypatch):
    monkeypatch.setattr(annuaire_module, "MOST_BY_PAGES", 50)
    rows = [record(f"{n % 16:x}{n:07x}") for n in range(120)]
    server = serve(annuaire(make, rows))
    services = list(open_annuaire(server, session).read(Query()))
    assert sorted(s.id for s in services) == sorted(row["id"] for row in rows)
    assert sum("/exports/json" in path for path, _ in server.requests) == 16


def test_an_export_that_breaks_off_is_read_again_without_doubles(serve, session, make, monkeypatch):
    monkeypatch.setattr(annuaire_module, "MOST_BY_PAGES", 50)
    rows = [record(f"{n % 16:x}{n:07x}") for n in range(120)]
    records = list(open_annuaire(serve(annuaire(make, rows, cut_exports=2)), session).read(Query()))
    assert all(isinstance(r, Service) for r in records)
    assert len({r.id for r in records}) == len(records) == 120


def test_an_export_that_always_breaks_off_is_said(serve, session, make, monkeypatch):
    monkeypatch.setattr(annuaire_module, "MOST_BY_PAGES", 50)
    rows = [record(f"{n % 16:x}{n:07x}") for n in range(120)]
    records = []
    with pytest.raises(Incomplete, match="broke off"):
        for one in open_annuaire(serve(annuaire(make, rows, cut_exports=99)), session).read(Query()):
            records.append(one)
    assert 0 < len(records) < 120


def test_categories_and_communes_are_asked_of_the_service_and_checked_here(serve, session, make):
    rows = [record("a"), record("b", pivot="france_services"), record("c", code="75056")]
    server = serve(annuaire(make, rows))
    query = Query(categories=("mairie",), communes=frozenset({"48095"}))
    assert [s.id for s in open_annuaire(server, session).read(query)] == ["a"]
    where = parse_qs(urlsplit(server.requests[-1][0]).query)["where"][0]
    assert 'pivot LIKE "mairie"' in where
    assert 'code_insee_commune IN ("48095")' in where


def test_html_in_its_place_is_no_annuaire(serve, session, make):
    with pytest.raises(NotARegistry):
        list(open_annuaire(serve(lambda path, headers: make.Answer(b"<html>")), session).read(Query()))


def test_a_complete_record_of_2023(shared_data):
    row = json.loads((shared_data / "api/dila_record_complet_2023.json").read_text())["results"][0]
    service = service_from_record(row)
    assert (service.nom, service.categorie, service.siret) == ("Mairie - Fontaine-le-Port", "mairie", "21770188700010")
    assert (service.adresse, service.code_postal, service.code_insee) == ("3 rue du Général-Roux", "77590", "77188")
    assert (service.telephone, service.accessibilite) == ("01 64 38 30 52", "DEM")
    assert service.site_web == "http://www.ville-fontaineleport.fr"
    assert "Tu" in service.horaires and "18:00-19:00" in service.horaires
    assert service.date_maj == "2023-08-09T13:30:19"
    assert (service.precision_position, service.anomalie) == ("adresse", "")
    assert service.lat == pytest.approx(48.4868011475)


def test_recorded_answers_of_2026_all_become_services(shared_data):
    rows = json.loads((shared_data / "api/dila_mairies_records_2026-08.json").read_text())["results"]
    services = [service_from_record(row, ("mairie",)) for row in rows]
    assert all(isinstance(s, Service) and s.categorie == "mairie" for s in services)
    assert [s.code_insee for s in services[:2]] == ["97701", "16025"]
    assert {s.anomalie for s in services} == {"sans_position"}


def test_the_first_address_with_coordinates_is_taken():
    addresses = [
        {"type_adresse": "adresse postale", "numero_voie": "BP 12", "longitude": "", "latitude": ""},
        {"type_adresse": "Adresse", "numero_voie": "2 rue Haute", "longitude": "3.5", "latitude": "44.5"},
    ]
    service = service_from_record(record(adresse=json.dumps(addresses)))
    assert (service.adresse, service.lon) == ("2 rue Haute", 3.5)


@pytest.mark.parametrize("column", ["pivot", "adresse", "telephone", "site_internet"])
def test_a_column_that_is_not_the_json_it_should_be_rejects_the_record(column):
    rejected = service_from_record({**record(), column: '[{"broken'})
    assert isinstance(rejected, Rejected)
    assert column in str(rejected.raison)


def test_persons_are_kept_out_of_rejections_too():
    rejected = service_from_record(record(adresse="{", affectation_personne='[{"nom": "Dupont"}]'))
    assert isinstance(rejected, Rejected)
    assert "Dupont" not in rejected.brut


def test_a_record_that_is_not_to_be_published_is_rejected():
    assert isinstance(service_from_record(record(statut_de_diffusion="false")), Rejected)


# -- arrays that arrive piece by piece ---------------------------------------------------------------------------------

objects = st.lists(
    st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=9), st.integers(), st.lists(st.text(max_size=4)))),
    max_size=8,
)


@given(objects, st.integers(1, 9), st.booleans(), st.booleans())
def test_an_array_is_the_same_however_it_is_cut(values, size, as_member, ascii_only):
    text = json.dumps({"total": 1, "items": values} if as_member else values, ensure_ascii=ascii_only)
    body = text.encode("utf-8", "surrogatepass") if ascii_only else text.encode("utf-8", "replace")
    expected = json.loads(body)["items"] if as_member else json.loads(body)
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert [item.value for item in stream_items(chunks, "items" if as_member else "")] == expected


@given(objects.filter(len), st.data())
def test_an_array_cut_short_gives_its_whole_objects_and_then_says_so(values, data):
    body = json.dumps(values).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    found = []
    with pytest.raises(NotWholeJson):
        for item in stream_items([body[:cut]]):
            found.append(item.value)
    assert found == values[: len(found)]


def test_an_error_written_in_the_middle_of_an_array_stops_it():
    chunks = [b'[{"a": 1}, {"b": "x', b'"}\nInternal error: the query was interrupted']
    stream = stream_items(chunks)
    assert [next(stream).value, next(stream).value] == [{"a": 1}, {"b": "x"}]
    with pytest.raises(NotWholeJson, match="Internal error"):
        next(stream)


@pytest.mark.parametrize("column", ["pivot", "adresse", "telephone", "adresse_courriel"])
def test_a_column_nested_without_end_rejects_its_record_alone(column):
    assert isinstance(service_from_record({**record(), column: "[" * 100_000}), Rejected)


def test_hours_nested_without_end_are_only_hours_that_cannot_be_read():
    service = service_from_record(record(plage_ouverture="[" * 100_000))
    assert service.horaires == "" and "horaires_douteux" in service.anomalie


@pytest.mark.parametrize("status", [401, 500])
def test_a_service_that_fails_midway_keeps_what_was_read(serve, session, make, status):
    rows = [record(f"{number:04d}") for number in range(150)]
    answer = annuaire(make, rows)
    server = serve(lambda path, h: make.Answer(b"", status) if "offset=100" in path else answer(path, h))
    found = []
    with pytest.raises(Incomplete):
        follow(open_annuaire(server, session).read(Query()), found)
    assert len(found) == 100


def test_an_export_that_is_refused_midway_keeps_what_was_read(serve, session, make, monkeypatch):
    monkeypatch.setattr(annuaire_module, "MOST_BY_PAGES", 10)
    answer = annuaire(make, [record(f"{digit}{number:03d}") for digit in "0a" for number in range(20)])
    server = serve(lambda p, h: make.Answer(b"", 403) if "exports" in p and "22a" in p else answer(p, h))
    found = []
    with pytest.raises(Incomplete):
        follow(open_annuaire(server, session).read(Query()), found)
    assert len(found) == 20


def follow(records, found):
    for one in records:
        found.append(one)
