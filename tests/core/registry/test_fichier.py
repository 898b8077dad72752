"""Producers' files."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import zipfile

import pytest
import requests
from carto_services_publics.core.http import AnswerTooLarge, Refused
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Connection, Incomplete, Query, fichier, guess_connection, open_registry
from carto_services_publics.core.registry.formats import schemas
from carto_services_publics.core.registry.formats.finess import insee_code, place_by_size, projected_place
from carto_services_publics.core.registry.formats.text import UnreadableFile
from carto_services_publics.core.registry.positions import examine
from carto_services_publics.core.registry.records import converted
from carto_services_publics.core.registry.web import Unreachable
from carto_services_publics.core.services import Rejected, Service
from hypothesis import given
from hypothesis import strategies as st
from osgeo import ogr, osr
from pyproj import Transformer

CONTRACT = "id,nom,categorie,code_insee,lon,lat"
MENDE = "1,Mairie de Mende,mairie,48095,3.5,44.5"


def read(path, session, query=Query(), mapping=()):
    connection = Connection("test", "fichier", str(path), mapping=mapping)
    return list(open_registry(connection, session).read(query))


def written(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


# -- France services ----------


def test_every_france_services_of_the_real_list_is_a_service_or_a_rejection(shared_data, session):
    path = shared_data / "services/france-services_liste-fs-20240801.csv"
    with path.open(encoding="utf-8") as lines:
        rows = {row["id_fs"]: row for row in csv.DictReader(lines)}
    records = read(path, session)
    assert len(records) == len(rows) > 100
    services = {r.id_producteur: r for r in records if isinstance(r, Service)}
    assert services.keys() == rows.keys()
    for number, service in services.items():
        assert service.code_insee == rows[number]["insee_com"]
        assert service.lon == float(rows[number]["longitude"])
    assert {s.categorie for s in services.values()} == {"france_services"}
    assert {s.modalite for s in services.values()} == {"fixe", "itinerant", "permanence"}
    assert sum(s.modalite == "itinerant" for s in services.values()) == sum(
        row["format_fs"].lower().startswith("bus") for row in rows.values()
    )


def test_the_source_and_licence_of_a_known_file_are_told(shared_data, session):
    connection = guess_connection(str(shared_data / "corse/corse_france-services.csv"))
    source = open_registry(connection, session).source()
    assert (source.title, source.attribution) == ("France services", "ANCT")
    assert "licence-ouverte" in source.licence


def test_a_territory_is_picked_from_a_national_list(shared_data, session):
    path = shared_data / "services/france-services_liste-fs-20240801.csv"
    corse = read(path, session, Query(filter="code_insee LIKE '2A%' OR code_insee LIKE '2B%'"))
    assert len(corse) == 37


# -- FINESS ----------


def structure(number="010000024", department="01", commune="053", category="620", name="PHARMACIE X"):
    cells = [""] * 31
    cells[:3], cells[3] = [number, "010780054", "PHARM"], name
    cells[6:9] = ["900", "RTE", "DE PARIS"]
    cells[11], cells[12], cells[14] = commune, department, "01000 BOURG EN BRESSE"
    cells[15], cells[17], cells[21], cells[29] = "0474454647", category, "26010002400017", "2026-04-01"
    return "structureet;" + ";".join(cells)


def place(number, x, y, system):
    return f"geolocalisation;{number};{x};{y};1,ATLASANTE,83,IGN,BD_ADRESSE,V2.1,{system};2026-04-01"


@pytest.mark.parametrize(
    ("department", "commune", "system", "epsg", "lon", "lat", "insee"),
    [
        ("01", "053", "LAMBERT_93", 2154, 5.22, 46.2, "01053"),
        ("2A", "004", "LAMBERT_93", 2154, 8.73, 41.93, "2A004"),
        ("9A", "105", "UTM_N20", 5490, -61.73, 16.0, "97105"),
        ("9B", "209", "UTM_N20", 5490, -61.07, 14.61, "97209"),
        ("9C", "302", "UTM_N22", 2972, -52.32, 4.93, "97302"),
        ("9D", "411", "UTM_S40", 2975, 55.45, -20.9, "97411"),
        ("9F", "608", "UTM_S38", 4471, 45.28, -12.78, "97608"),
        ("9E", "502", "UTM_N21", 32621, -56.2, 46.8, "97502"),
    ],
)
def test_the_old_finess_names_a_system_in_each_row(
    tmp_path, session, department, commune, system, epsg, lon, lat, insee
):
    x, y = Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True).transform(lon, lat)
    number = f"{department}0000024"
    lines = ["finess;etalab;98;2026-05-04", structure(number, department, commune), place(number, x, y, system)]
    [pharmacy] = read(written(tmp_path, "finess.csv", "\n".join(lines)), session)
    assert (pharmacy.lon, pharmacy.lat) == (pytest.approx(lon, abs=1e-6), pytest.approx(lat, abs=1e-6))
    assert (pharmacy.code_insee, pharmacy.categorie, pharmacy.anomalie) == (insee, "pharmacie", "")
    assert (pharmacy.adresse, pharmacy.code_postal) == ("900 RTE DE PARIS", "01000")


def test_exchanged_axes_of_the_old_finess_are_put_back_and_flagged(tmp_path, session):
    x, y = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform(5.22, 46.2)
    lines = ["finess;etalab;98;2026-05-04", structure(), place("010000024", y, x, "LAMBERT_93")]
    [pharmacy] = read(written(tmp_path, "finess.csv", "\n".join(lines)), session)
    assert pharmacy.lon == pytest.approx(5.22, abs=1e-6)
    assert pharmacy.anomalie == "axes_retablis"


def test_the_old_finess_counts_add_up(tmp_path, session):
    lines = ["finess;etalab;98;2026-05-04", structure(), structure("010000025"), structure("010000024", name="DOUBLE")]
    lines += ["structureet;010000026;cut", "garbage", structure("010000027"), place("010000024", "", "", "LAMBERT_93")]
    lines += [place("010000025", "1", "2", "SOMEWHERE")]
    records = read(written(tmp_path, "finess.csv", "\n".join(lines)), session)
    services = [r for r in records if isinstance(r, Service)]
    assert len(records) == 6
    assert {s.id_producteur: s.anomalie for s in services} == {
        "010000024": "sans_position",
        "010000025": "position_illisible",
        "010000027": "sans_position",
    }


def ege(number="010000024", x="5.22", y="46.2", lon="870000.1", lat="6570000.2", **values):
    coordinates = {"coordonneeX": x, "coordonneeY": y, "directionLongitude": lon, "directionLatitude": lat}
    address = {
        "usageAdresse": "03",
        "numeroVoie": "900",
        "typeVoie": "RTE",
        "libelleVoie": "DE PARIS",
        "cogCommune": "01053",
    }
    address.update(codePostal="01000", ligneAcheminement="01000 BOURG EN BRESSE", coordonneesGeographique=coordinates)
    postal = {"usageAdresse": "02", "libelleVoie": "BP 12", "cogCommune": "69123"}
    facts = {"numFinessEge": number, "nomEgeLong": "PHARMACIE X", "siret": "26010002400017"}
    return {"informationsGeneralesEGE": facts, "categorieentiteGeographiqueExercice": "620", "etatObjet": "A",
            "adresse": [postal, address], "contact": [{"telecom": {"telephone": "0474454647"}}], **values}  # fmt: skip


def test_the_new_finess_is_read_from_its_nested_and_compressed_json(tmp_path, session):
    closed = ege("010000025", etatObjet="I")
    document = {
        "schemaVersion": "1.0.0",
        "pmej": [{"informationsGeneralesPMEJ": {}, "ege": [ege(), closed]}, {"ege": None}],
    }
    path = written(tmp_path, "finess-structures.json.gz", gzip.compress(json.dumps(document).encode()))
    pharmacy, rejected = read(path, session)
    assert (pharmacy.id, pharmacy.categorie, pharmacy.code_insee) == ("finess-010000024", "pharmacie", "01053")
    assert (pharmacy.lon, pharmacy.adresse, pharmacy.telephone) == (5.22, "900 RTE DE PARIS", "0474454647")
    assert str(rejected.raison) == "It is closed."


def test_degrees_and_metres_are_told_apart_by_their_size():
    to_lambert = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform
    x, y = to_lambert(5.22, 46.2)
    degrees, metres = ("5.22", "46.2"), (str(x), str(y))

    def found(projected, geographical):
        return place_by_size(
            {"coordonneeX": projected[0], "coordonneeY": projected[1],
             "directionLongitude": geographical[0], "directionLatitude": geographical[1]}
        )  # fmt: skip

    for one, other in ((degrees, metres), (metres, degrees), (metres, (None, None)), (metres, ("0", "0"))):
        position = found(one, other)
        assert float(position.lon) == pytest.approx(5.22, abs=1e-6)
        assert float(position.lat) == pytest.approx(46.2, abs=1e-6)
        assert position.notes == ()
    assert found((None, None), (None, None)).lon is None
    assert found(metres[::-1], (None, None)).notes == ("axes_retablis",)
    assert examine(*found(("0", "0"), ("0", "0"))[:2], "").anomalie == "position_nulle"


def test_insee_codes_of_finess():
    assert insee_code("01", "4") == "01004"
    assert insee_code("2B", "033") == "2B033"
    assert insee_code("974", "411") == "97411"
    assert insee_code("", "411") == ""
    assert projected_place("x", "1", "LAMBERT_93").lon == "?"


# -- data.inclusion and médiation numérique ----------


@pytest.mark.parametrize("wrapped", [True, False])
def test_data_inclusion_old_and_new(tmp_path, session, wrapped):
    common = {"nom": "CCAS", "commune": "Mende", "code_insee": "48095", "adresse": "1 place Urbain V"}
    common.update(longitude=3.5, latitude=44.52, accessibilite="https://acceslibre.example")
    old = {"id": "a", **common, "typologie": "CCAS", "horaires_ouverture": "Mo-Fr 09:00-12:00"}
    new = {"id": "b", **common, "reseaux_porteurs": ["france-travail"], "horaires_accueil": "sur rendez-vous !"}
    items = [old, new]
    document = {"items": items, "total": 2, "page": 1, "size": 50, "pages": 1} if wrapped else items
    first, second = read(written(tmp_path, "structures.json", json.dumps(document)), session)
    assert (first.categorie, first.horaires, first.accessibilite) == ("ccas", "Mo-Fr 09:00-12:00", "")
    assert (second.categorie, second.horaires) == ("france_travail", "")
    assert second.anomalie == "horaires_douteux (sur rendez-vous !)"
    assert second.precision_position == "adresse"


def test_mediation_numerique(tmp_path, session):
    header = (
        "id,pivot,nom,commune,code_postal,code_insee,adresse,complement_adresse,latitude,longitude,typologie,telephone"
    )
    header += ",courriels,site_web,horaires,date_maj,itinerance"
    row = "m1,55217862900132,Espace public,Mende,48000,48095,1 rue Haute,,44.5,3.5,TIERS_LIEUX|BIB,0466,a@b.fr|c@d.fr,"
    row += "https://a.fr|https://b.fr,Mo-Fr 09:00-12:00,2026-01-01,Itinérant"
    [place] = read(written(tmp_path, "mediation.csv", f"{header}\n{row}\n"), session)
    assert (place.categorie, place.siret, place.courriel) == ("numerique", "55217862900132", "a@b.fr")
    assert (place.site_web, place.modalite, place.date_maj) == ("https://a.fr", "itinerant", "2026-01-01")


def test_the_gendarmeries_of_a_recorded_answer(shared_data, session):
    units = read(shared_data / "api/gendarmeries_3_2023.json", session)
    assert [u.code_insee for u in units] == ["01281", "01283", "01034"]
    assert units[0].horaires.startswith("Mo,Tu,Th,Fr 08:00-12:00,14:00-18:00")


# -- layers and mappings ----------

TOWN_HALLS = (("id", "code_insee"), ("nom", "nom"), ("categorie", '="mairie"'), ("code_insee", "code_insee"))


def test_any_layer_through_a_field_mapping(shared_data, session):
    halls = read(shared_data / "corse/corse_mairies.geojson", session, mapping=TOWN_HALLS)
    assert len(halls) == 359
    assert {h.categorie for h in halls} == {"mairie"}
    assert {h.code_insee[:2] for h in halls} == {"2A", "2B"}
    assert all(8.4 < h.lon < 9.7 for h in halls)


def test_a_layer_in_another_reference_system_comes_in_degrees(tmp_path, session):
    path = tmp_path / "layer.gpkg"
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    lambert = osr.SpatialReference()
    lambert.ImportFromEPSG(2154)
    layer = source.CreateLayer("lieux", lambert, ogr.wkbPolygon)
    for name, kind in (
        ("numero", ogr.OFTInteger),
        ("titre", ogr.OFTString),
        ("insee", ogr.OFTInteger),
        ("le", ogr.OFTDateTime),
    ):
        layer.CreateField(ogr.FieldDefn(name, kind))
    feature = ogr.Feature(layer.GetLayerDefn())
    feature["numero"], feature["titre"], feature["insee"], feature["le"] = 7, "Mairie", 1053, "2026-01-31 10:00:00"
    x, y = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform(5.22, 46.2)
    square = f"POLYGON (({x - 5} {y - 5}, {x + 5} {y - 5}, {x + 5} {y + 5}, {x - 5} {y + 5}, {x - 5} {y - 5}))"
    feature.SetGeometry(ogr.CreateGeometryFromWkt(square))
    layer.CreateFeature(feature)
    del layer, source
    mapping = (("id", "numero"), ("nom", "titre"), ("categorie", '="620"'), ("code_insee", "insee"), ("date_maj", "le"))
    [hall] = read(f"{path}|layername=lieux", session, mapping=mapping)
    assert (hall.id, hall.code_insee, hall.categorie, hall.date_maj) == (
        "7",
        "01053",
        "pharmacie",
        "2026-01-31T10:00:00",
    )
    assert (hall.lon, hall.lat) == (pytest.approx(5.22, abs=1e-4), pytest.approx(46.2, abs=1e-4))


def test_a_mapping_that_names_an_absent_field_rejects_with_its_name(tmp_path, session):
    path = written(tmp_path, "a.csv", "numero,titre\n1,Mairie\n")
    [rejected] = read(path, session, mapping=(("id", "numero"), ("nom", "name")))
    assert "“name”" in str(rejected.raison)


def test_geojson_of_the_contract_needs_no_mapping(tmp_path, session, make):
    path = written(tmp_path, "services.geojson", json.dumps(make.page([make.feature("a"), make.feature("b")])))
    assert [s.id for s in read(path, session)] == ["a", "b"]


# -- what goes wrong ----------


def test_compressed_files_are_read_as_they_are(tmp_path, session):
    text = f"{CONTRACT}\n{MENDE}\n"
    assert len(read(written(tmp_path, "a.csv.gz", gzip.compress(text.encode())), session)) == 1
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("services.csv", text)
    assert len(read(tmp_path / "a.zip", session)) == 1


def test_old_windows_text_is_read(tmp_path, session):
    rows = "\n".join(f"{n},Mairie de Sévérac n° {n},mairie,48095,3.5,44.5" for n in range(20))
    assert read(written(tmp_path, "a.csv", f"{CONTRACT}\n{rows}", "cp1252"), session)[0].nom == "Mairie de Sévérac n° 0"


def test_one_line_that_is_not_utf8_is_rejected_alone(tmp_path, session):
    text = (
        f"{CONTRACT}\n{MENDE}\n2,Sévérac,mairie,48095,3.5,44.5\n".encode() + b"3,S\xe9v\xe9rac,mairie,48095,3.5,44.5\n"
    )
    records = read(written(tmp_path, "a.csv", text), session)
    assert [type(r) for r in records] == [Service, Service, Rejected]


def test_a_quoted_line_end_and_a_byte_order_mark_are_no_trouble(tmp_path, session):
    text = f'\ufeff{CONTRACT}\n1,"Mairie\nde Mende",mairie,48095,3.5,44.5\n\n'
    [service] = read(written(tmp_path, "a.csv", text), session)
    assert service.nom == "Mairie\nde Mende"


def test_a_compressed_file_cut_short_is_said_after_its_whole_rows(tmp_path, session):
    rows = "\n".join(f"{n},Mairie {n * 7919 % 1000003},mairie,48095,3.5,44.5" for n in range(50_000))
    whole = gzip.compress(f"{CONTRACT}\n{rows}".encode())
    path = written(tmp_path, "a.csv.gz", whole[: len(whole) * 3 // 4])
    found = []
    with pytest.raises(Incomplete):
        for record in open_registry(guess_connection(str(path)), session).read(Query()):
            found.append(record)
    assert 20_000 < len(found) < 50_000


@pytest.mark.parametrize("name", ["bomb.json.gz", "bomb.csv.gz"])
def test_a_compressed_bomb_is_refused_in_bounded_memory(tmp_path, session, name, monkeypatch):
    from carto_services_publics.core.registry.formats import text

    monkeypatch.setattr(text, "MOST_LINE_BYTES", 1 << 22)
    start = b"[" if "json" in name else CONTRACT.encode() + b"\n"
    path = written(tmp_path, name, gzip.compress(start + b"{" + b"a" * 60_000_000, 9))
    with pytest.raises((Incomplete, UnreadableFile)):
        read(path, session)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<!DOCTYPE html><html>", "web page"),
        (b"a,b\n1,2\n", "unknown shape"),
        (b"", "unknown shape"),
        (b"{}", "unknown shape"),
    ],
)
def test_a_file_that_is_something_else_is_said(tmp_path, session, content, why):
    with pytest.raises(UnreadableFile, match=why):
        read(written(tmp_path, "a.csv", content), session)


# -- files behind an address ----------


def test_a_file_behind_an_address_is_brought_and_read(serve, session, make):
    server = serve(lambda path, headers: make.Answer(f"{CONTRACT}\n{MENDE}\n".encode()))
    assert len(read(server.url + "/services.csv", session)) == 1


def test_a_redirect_elsewhere_is_followed_without_anything_of_ours(serve, session, make):
    other = serve(lambda path, headers: make.Answer(f"{CONTRACT}\n{MENDE}\n".encode()))
    server = serve(lambda path, headers: make.Answer(b"", 302, {"Location": other.url + "/x.csv"}))
    session.headers["X-Api-Key"] = "secret"
    assert len(read(server.url + "/services.csv", session)) == 1
    assert "secret" not in str(other.requests)
    assert "secret" in str(server.requests)


def test_a_redirect_elsewhere_is_refused_when_the_connection_has_credentials(serve, session, make):
    other = serve(lambda path, headers: make.Answer(b""))
    server = serve(lambda path, headers: make.Answer(b"", 302, {"Location": other.url + "/x.csv"}))
    connection = Connection("test", "fichier", server.url + "/services.csv", authcfg="abc1234")
    with pytest.raises(Refused):
        list(open_registry(connection, session).read(Query()))
    assert not other.requests


def test_a_file_larger_than_can_be_is_refused(serve, session, make, monkeypatch):
    announced = serve(lambda path, headers: make.Answer(b"x", announced=10_000_000_000))
    with pytest.raises(AnswerTooLarge):
        read(announced.url + "/a.csv", session)
    monkeypatch.setattr(fichier, "DOWNLOAD_LIMIT", 1000)
    endless = serve(lambda path, headers: make.Answer(b"x" * 5000, announced=None))
    with pytest.raises(AnswerTooLarge):
        read(endless.url + "/a.csv", session)


def test_a_download_that_breaks_off_is_said(serve, session, make):
    server = serve(lambda path, headers: make.Answer(b"x" * 100, announced=5000))
    with pytest.raises(Unreachable):
        read(server.url + "/a.csv", session)


def test_a_short_list_in_old_windows_text_is_read_too(tmp_path, session):
    text = f"{CONTRACT}\n1,Mairie de Sévérac,mairie,48095,3.5,44.5\n"
    assert [s.nom for s in read(written(tmp_path, "a.csv", text, "cp1252"), session)] == ["Mairie de Sévérac"]


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0b", "\x0c", "\x1e"])
def test_a_line_end_of_unicode_inside_a_cell_ends_no_row(tmp_path, session, mark):
    text = f"{CONTRACT}\n1,Mairie{mark}de Mende,mairie,48095,3.5,44.5\n{MENDE.replace('1,', '2,', 1)}\n"
    assert [type(r) for r in read(written(tmp_path, "a.csv", text), session)] == [Service, Service]


def test_half_a_surrogate_pair_between_two_pieces_is_rejected_and_not_written(tmp_path, session):
    from carto_services_publics.core.registry import jsontext

    start = '[{"id":"1","categorie":"mairie","nom":"'
    filling = "a" * (jsontext._PIECE - len(start) - 2)
    text = f'{start}{filling}\\ud800"}}, {{"id":"2","nom":"b","categorie":"mairie"}}]'
    records = read(written(tmp_path, "a.json", text), session)
    assert [type(r) for r in records] == [Rejected, Service]


def test_a_path_may_be_written_as_an_address(tmp_path, session):
    path = written(tmp_path, "mes services n°1.csv", f"{CONTRACT}\n{MENDE}\n")
    assert len(read(path.as_uri(), session)) == 1


@pytest.mark.parametrize("path", ["/a/..", "/", "/" + "x" * 400 + ".csv"])
def test_the_end_of_an_address_is_no_path_here(serve, session, make, path):
    server = serve(lambda p, h: make.Answer(f"{CONTRACT}\n{MENDE}\n".encode(), content_type="text/csv"))
    assert len(read(server.url + path, session)) == 1


@pytest.mark.parametrize(("length", "refused"), [("²", False), ("1" * 5000, True)])
def test_an_announced_length_that_is_no_length_is_not_heard_and_one_beyond_all_is_refused(length, refused, tmp_path):
    response = requests.Response()
    response.status_code, response.url, response.raw = 200, "http://127.0.0.1/a.csv", io.BytesIO(b"x")
    response.request = requests.Request("GET", response.url).prepare()
    response.headers["Content-Length"] = length
    with pytest.raises(AnswerTooLarge) if refused else contextlib.nullcontext():
        fichier._save(response, tmp_path / "a.csv", Progress())
    assert (tmp_path / "a.csv").read_bytes() == (b"" if refused else b"x")


@pytest.mark.parametrize(
    "establishment",
    [
        {"informationsGeneralesEGE": [1]},
        {"contact": 5},
        {"contact": [{"telecom": "x"}]},
        {"adresse": [{"coordonneesGeographique": [1]}]},
        {"adresse": [{"coordonneesGeographique": {"coordonneeX": 10**400, "coordonneeY": 1}}]},
    ],
)
def test_an_establishment_of_an_odd_form_is_rejected_alone(tmp_path, session, establishment):
    good = {"informationsGeneralesEGE": {"numFinessEge": "010000001", "nomEgeLong": "Maison de santé"}}
    odd = {"informationsGeneralesEGE": {"numFinessEge": "2", "nomEgeLong": "x"}, **establishment}
    path = written(tmp_path, "finess.json", json.dumps({"pmej": [{"ege": [odd, good]}]}))
    records = read(path, session)
    assert len(records) == 2 and records[1].nom == "Maison de santé"


texts = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
COLUMNS = {
    schemas.france_services: ("id_fs", "lib_fs", "h_lundi", "adresse", "format_fs", "longitude", "latitude"),
    schemas.data_inclusion: ("id", "nom", "horaires_accueil", "reseaux_porteurs", "adresse", "longitude", "latitude"),
    schemas.mediation_numerique: ("id", "nom", "horaires", "itinerance", "courriels", "typologie", "latitude"),
    schemas.gendarmerie: ("identifiant_public_unite", "service", "horaires_accueil", "voie", "geocodage_x_GPS"),
    schemas.contract: ("id", "nom", "categorie", "lon", "lat", "code_insee", "modalite"),
}


@pytest.mark.parametrize("convert", COLUMNS, ids=lambda convert: convert.__name__)
@given(data=st.data())
def test_whatever_a_producer_writes_is_a_service_or_a_rejection(convert, data):
    row = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS[convert], anything)))
    assert isinstance(converted(convert, row), (Service, Rejected))


def test_a_spreadsheet_is_read_through_a_mapping(tmp_path, session):
    path = tmp_path / "liste.ods"
    source = ogr.GetDriverByName("ODS").CreateDataSource(str(path))
    layer = source.CreateLayer("Feuille 1", None, ogr.wkbNone)
    for name in ("numero", "titre"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    row = ogr.Feature(layer.GetLayerDefn())
    row["numero"], row["titre"] = "a1", "Mairie de Mende"
    layer.CreateFeature(row)
    del row, layer, source
    [service] = read(path, session, mapping=(("id", "numero"), ("nom", "titre"), ("categorie", '="mairie"')))
    assert (service.id, service.nom, service.categorie) == ("a1", "Mairie de Mende", "mairie")


def test_a_damaged_archive_and_a_folder_are_said_in_words(tmp_path, session):
    with pytest.raises(UnreadableFile, match="a.zip"):
        read(written(tmp_path, "a.zip", b"PK\x03\x04 damaged"), session)
    with pytest.raises(UnreadableFile):
        read(tmp_path, session)
