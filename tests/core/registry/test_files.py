"""Files as they come: spreadsheets, encodings, quotes, lists in a cell, exports, lists without identifier."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os

import pytest
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Connection, Incomplete, Query, guess_connection, open_registry
from carto_services_publics.core.registry.formats.finess import insee_code, projected_place
from carto_services_publics.core.registry.formats.schemas import _several
from carto_services_publics.core.registry.formats.text import UnreadableFile
from carto_services_publics.core.registry.places import degrees_of, place_of
from carto_services_publics.core.services import Rejected, Service
from carto_services_publics.core.territories import communes_of
from carto_services_publics.core.vector_files import UnsafeFile
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal, ogr
from pyproj import Transformer

ROWS = [
    {"id": one, "nom": name, "categorie": "mairie", "code_insee": code, "lon": lon, "lat": lat}
    for one, name, code, lon, lat in (
        ("a1", "Mairie de Mende", "48095", "3.5012", "44.518"),
        ("a2", "Mairie d'Été", "01004", "5.36", "45.95"),
    )
]


class Told(Progress):
    def __init__(self):
        self.said = []

    def warn(self, message):
        self.said.append(str(message))


def read(path, session, mapping=(), query=Query(), progress=None):
    registry = open_registry(Connection("test", "fichier", str(path), mapping=mapping), session)
    return list(registry.read(query, progress or Progress()))


def services_of(records):
    assert all(isinstance(one, Service) for one in records), records
    return records


def table(rows, delimiter=";"):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def sheet(path, driver, rows, numbers=()):
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    made = source.CreateLayer("liste", None, ogr.wkbNone)
    for name in rows[0]:
        made.CreateField(ogr.FieldDefn(name, ogr.OFTReal if name in numbers else ogr.OFTString))
    for row in rows:
        feature = ogr.Feature(made.GetLayerDefn())
        for name, value in row.items():
            feature[name] = float(value) if name in numbers else value
        made.CreateFeature(feature)
    made = source = None
    return path


# -- spreadsheets ----------


@pytest.mark.parametrize(("driver", "suffix"), [("XLSX", "xlsx"), ("ODS", "ods")])
@pytest.mark.parametrize("numbers", [(), ("lon", "lat")], ids=["all-text", "numbers"])
@pytest.mark.parametrize("names", [("lon", "lat"), ("longitude", "latitude"), ("x", "y"), ("X", "Y")])
def test_a_spreadsheet_has_its_header_and_its_columns_of_position(tmp_path, session, driver, suffix, numbers, names):
    renamed = dict(zip(("lon", "lat"), names))
    rows = [{renamed.get(name, name): value for name, value in row.items()} for row in ROWS]
    path = sheet(tmp_path / f"a.{suffix}", driver, rows, [renamed[one] for one in numbers])
    found = services_of(read(path, session))
    assert [(s.id, s.lon, s.lat, s.anomalie) for s in found] == [
        (row["id"], float(row["lon"]), float(row["lat"]), "") for row in ROWS
    ]
    assert [s.code_insee for s in found] == ["48095", "01004"]


def test_the_name_of_a_file_says_nothing(tmp_path, session):
    """A table called .xlsx, a spreadsheet called .csv, GeoJSON called .csv."""
    text = tmp_path / "a.xlsx"
    text.write_text(table(ROWS), encoding="utf-8")
    workbook = sheet(tmp_path / "b.xlsx", "XLSX", ROWS).rename(tmp_path / "b.csv")
    feature = {"type": "Feature", "id": "f", "geometry": None, "properties": {"nom": "n", "categorie": "mairie"}}
    collection = tmp_path / "c.csv"
    collection.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert [s.id for path in (text, workbook, collection) for s in read(path, session)] == ["a1", "a2", "a1", "a2", "f"]


# -- texts ----------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("form", ["csv", "json", "geojson"])
def test_every_encoding_gives_the_same_rows(tmp_path, session, encoding, form):
    if form == "csv":
        text = table(ROWS)
    elif form == "json":
        text = json.dumps(ROWS, ensure_ascii=False)
    else:
        text = json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": {"type": "Point", "coordinates": [float(r["lon"]), float(r["lat"])]},
                        "properties": r,
                    }
                    for r in ROWS
                ],
            },
            ensure_ascii=False,
        )
    path = tmp_path / "a"
    path.write_bytes(text.encode(encoding))
    found = read(path, session)
    if encoding == "cp1252" and form != "csv":  # JSON is UTF-8: the broken record is rejected, the other read
        assert [type(one) for one in found] == [Service, Rejected]
        return
    assert [(s.id, s.nom, s.lon) for s in services_of(found)] == [(r["id"], r["nom"], float(r["lon"])) for r in ROWS]


def test_accents_may_come_late_in_a_file_of_windows(tmp_path, session):
    rows = [{**ROWS[0], "id": f"n{i}"} for i in range(8000)] + [{**ROWS[1], "id": "last"}]
    path = tmp_path / "a.csv"
    path.write_bytes(table(rows).encode("cp1252"))
    assert path.stat().st_size > 1 << 18
    assert services_of(read(path, session))[-1].nom == "Mairie d'Été"


def test_a_utf16_file_cut_in_a_character_breaks_off(tmp_path, session):
    path = tmp_path / "a.csv"
    path.write_bytes(table(ROWS).encode("utf-16")[:-1])
    with pytest.raises(Incomplete):
        read(path, session)


def test_excel_s_word_to_itself_is_no_header(tmp_path, session):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n" + table(ROWS), encoding="utf-8")
    assert len(services_of(read(path, session))) == 2


def test_decimal_commas(tmp_path, session):
    path = tmp_path / "a.csv"
    path.write_text(
        table([{**row, "lon": row["lon"].replace(".", ","), "lat": row["lat"].replace(".", ",")} for row in ROWS])
    )
    plain = [(float(row["lon"]), float(row["lat"])) for row in ROWS]
    assert [(s.lon, s.lat) for s in services_of(read(path, session))] == plain
    mapping = (("id", "id"), ("nom", "nom"), ("lon", "lon"), ("lat", "lat"))
    assert [(s.lon, s.lat) for s in services_of(read(path, session, mapping))] == plain


def test_metres_of_lambert_93_and_pairs_in_one_cell():
    x, y = Transformer.from_crs("OGC:CRS84", "EPSG:2154").transform(3.5, 44.5)
    assert degrees_of(str(x).replace(".", ","), str(y)) == (pytest.approx(3.5), pytest.approx(44.5))
    assert place_of({"X": x, "Y": y})[0] == pytest.approx(3.5)
    assert place_of({"geo_point_2d": "44.5, 3.5"}) == ("3.5", "44.5")
    assert place_of({"geo_point_2d": {"lon": 3.5, "lat": 44.5}}) == (3.5, 44.5)
    assert place_of({"lon": "", "lat": "", "longitude": "3,5", "latitude": "44,5"}) == ("3.5", "44.5")
    assert place_of({"lon": "", "lat": ""}) == (None, None)


# -- quotes ----------


def test_a_quote_that_is_never_closed_takes_its_own_line_only(tmp_path, session):
    lines = [
        "id;nom;categorie",
        "a;x;mairie",
        'b;"never closed;mairie',
        "c;y;mairie",
        'd;"on two\nlines";mairie',
        "e;z;mairie",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    records = read(path, session)
    assert [one.id for one in records if isinstance(one, Service)] == ["a", "c", "d", "e"]
    [rejected] = [one for one in records if isinstance(one, Rejected)]
    assert "quote" in str(rejected.raison) and "never closed" in rejected.brut


def test_a_quote_inside_a_word_is_a_letter(tmp_path, session):
    path = tmp_path / "a.csv"
    path.write_text('id;nom;categorie\na;tube 5" neuf;mairie\nb;"dit ""le bon""";mairie\n')
    assert [s.nom for s in services_of(read(path, session))] == ['tube 5" neuf', 'dit "le bon"']


cells = st.text(st.sampled_from('ab"; \n\r,é'), max_size=6)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=12), st.sampled_from(";,\t|"))
def test_whatever_a_csv_writer_writes_is_read_back(tmp_path_factory, written, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["id", "nom", "categorie", "adresse"])
    for number, (name, street) in enumerate(written):
        writer.writerow([f"i{number}", f"n{name}", "mairie", street])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.getvalue().encode())
    import requests

    found = services_of(read(path, requests.Session()))
    assert [(s.nom, s.adresse) for s in found] == [(f"n{name}".strip(), street.strip()) for name, street in written]


@given(
    st.lists(st.sampled_from(["a;b;c", 'a;"b;c', 'a;b";c', '";;', "a;b", 'x;"y";z', 'x;"y\n', 'y";z', ""]), max_size=30)
)
def test_every_line_of_a_damaged_table_is_a_service_or_told(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_text("id;nom;categorie\n" + "".join(line if line.endswith("\n") else line + "\n" for line in lines))
    import requests

    told = "\n".join(
        one.brut if isinstance(one, Rejected) else f"{one.id};{one.nom};{one.categorie}"
        for one in read(path, requests.Session())
    )
    for line in lines:
        for letters in filter(None, (cell.strip('"\n') for cell in line.split(";"))):
            assert letters in told


# -- producers ----------

INCLUSION = {
    "source": "dora",
    "id": "dora--1",
    "siret": "21480095000012",
    "nom": "CCAS de Mende",
    "reseaux_porteurs": ["ccas-cias"],
    "description": "x",
    "telephone": "0466000000",
    "courriel": None,
    "lien_source": None,
    "horaires_accueil": "Mo-Fr 09:00-12:00",
    "commune": "Mende",
    "code_postal": "48000",
    "code_insee": "48095",
    "adresse": "1 place de la Mairie",
    "longitude": 3.5012,
    "latitude": 44.518,
}


def inclusion(folder, form):
    path = folder / f"di.{form}"
    flat = {name: str(value or "") for name, value in INCLUSION.items()}
    if form == "json":
        path.write_text(json.dumps([INCLUSION]))
    elif form == "jsonl":
        path.write_text("\n".join(json.dumps({**INCLUSION, "id": one}) for one in ("dora--1", "dora--2")))
    elif form == "geojson":
        geometry = {"type": "Point", "coordinates": [3.5012, 44.518]}
        feature = {"type": "Feature", "properties": INCLUSION, "geometry": geometry}
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    elif form == "csv":
        path.write_text(table([flat], ","))
    else:
        sheet(path, form.upper(), [flat])
    return path


@pytest.mark.parametrize("form", ["json", "jsonl", "geojson", "csv", "xlsx", "ods"])
def test_data_inclusion_in_each_of_its_formats(tmp_path, session, form):
    found = services_of(read(inclusion(tmp_path, form), session))
    assert len(found) == (2 if form == "jsonl" else 1)
    ccas = found[0]
    assert (ccas.categorie, ccas.producteur, ccas.horaires) == ("ccas", "data_inclusion", "Mo-Fr 09:00-12:00")
    assert (ccas.lon, ccas.lat, ccas.code_postal) == (3.5012, 44.518, "48000")


def test_a_page_that_announces_more_than_it_holds_is_not_the_list(tmp_path, session):
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"items": [INCLUSION], "total": 51, "page": 1, "size": 50, "pages": 2}))
    with pytest.raises(Incomplete, match="announced 51 records and gave 1"):
        read(path, session)


@given(st.lists(st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=8), max_size=4))
def test_lists_in_a_cell_whoever_wrote_them(items):
    for text in (items, "|".join(items), json.dumps(items), repr(items), "{" + ",".join(items) + "}"):
        assert _several(text) == items


MEDIATION = {
    "id": "m1",
    "pivot": "21480095000012",
    "nom": "Médiathèque",
    "commune": "Mende",
    "code_postal": "48000",
    "code_insee": "48095",
    "adresse": "1 rue X",
    "typologie": "BIB",
    "horaires": "Mo-Fr 09:00-12:00",
    "courriels": "a@mende.example",
}


def test_mediation_numerique_as_geojson_with_another_reference_system(tmp_path, session):
    x, y = Transformer.from_crs("OGC:CRS84", "EPSG:2154").transform(3.5, 44.5)
    feature = {"type": "Feature", "properties": MEDIATION, "geometry": {"type": "Point", "coordinates": [x, y]}}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    path = tmp_path / "mn.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    [place] = services_of(read(path, session))
    assert (place.categorie, place.producteur) == ("mediatheque", "mediation_numerique")
    assert (place.lon, place.lat) == (pytest.approx(3.5), pytest.approx(44.5))


ANNUAIRE = {
    "id": "00000000-0000-0000-0000-000000000001",
    "nom": "Mairie - Mende",
    "siret": None,
    "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["48095"]}],
    "adresse": [
        {
            "type_adresse": "Adresse",
            "numero_voie": "1 place Foch",
            "code_postal": "48000",
            "nom_commune": "Mende",
            "longitude": "3.5",
            "latitude": "44.518",
        }
    ],
    "code_insee_commune": "48095",
    "telephone": [{"valeur": "04 66 00 00 00", "description": ""}],
    "affectation_personne": [{"nom": "Dupont"}],
    "plage_ouverture": [
        {
            "nom_jour_debut": "Lundi",
            "nom_jour_fin": "Vendredi",
            "valeur_heure_debut_1": "09:00:00",
            "valeur_heure_fin_1": "12:00:00",
            "valeur_heure_debut_2": "",
            "valeur_heure_fin_2": "",
            "commentaire": "",
        }
    ],
    "statut_de_diffusion": "true",
}


@pytest.mark.parametrize("form", ["export", "dump", "lines", "csv", "page"])
def test_the_annuaire_given_as_a_file(tmp_path, session, form):
    as_text = {k: json.dumps(v) if isinstance(v, list) else v for k, v in ANNUAIRE.items()}
    texts = {
        "export": json.dumps([as_text]),
        "dump": json.dumps({"service": [ANNUAIRE]}),
        "lines": f"{json.dumps(as_text)}\n{json.dumps({**as_text, 'id': '2'})}\n",
        "csv": table([{k: v or "" for k, v in as_text.items()}]),
        "page": json.dumps({"total_count": 1, "results": [as_text]}),
    }
    path = tmp_path / "a"
    path.write_text(texts[form], encoding="utf-8")
    found = services_of(read(path, session))
    mairie = found[0]
    assert (mairie.categorie, mairie.producteur, mairie.adresse) == ("mairie", "dila", "1 place Foch")
    assert (mairie.horaires, mairie.lon, mairie.lat) == ("Mo-Fr 09:00-12:00", 3.5, 44.518)
    assert "Dupont" not in repr(found)


def test_a_table_of_an_unknown_shape_is_refused(tmp_path, session):
    path = tmp_path / "a.geojson"
    feature = {"type": "Feature", "geometry": None, "properties": {"toponyme": "x"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(UnreadableFile, match="unknown shape"):
        read(path, session)


# -- identifiers ----------


def test_a_list_without_identifiers_gets_stable_ones_and_that_is_said(tmp_path, session):
    rows = [
        {"nom": f"Mairie {i}", "categorie": "mairie", "code_insee": "48095", "adresse": f"{i} rue X", "telephone": "1"}
        for i in range(3)
    ]
    twins = [{**rows[0], "telephone": "2"}, rows[1]]

    def ids(rows, name):
        path = tmp_path / name
        path.write_text(table(rows))
        told = Told()
        return read(path, session, progress=told), told.said

    first, said = ids(rows, "a.csv")
    assert len({one.id for one in services_of(first)}) == 3 and "3 records have no identifier" in said[0]
    later, _said = ids([{**row, "telephone": "3"} for row in reversed(rows)], "b.csv")
    assert {one.id for one in first} == {one.id for one in later}
    doubled, _said = ids(rows + twins, "c.csv")
    assert len([one for one in doubled if isinstance(one, Service)]) == 4
    assert [type(one) for one in doubled][-1] is Rejected  # the very same row twice


def test_an_empty_identifier_in_a_list_that_has_them_is_a_fault_of_the_row(tmp_path, session):
    path = tmp_path / "a.csv"
    path.write_text("id;nom;categorie\n;x;mairie\nb;y;mairie\n")
    assert [type(one) for one in read(path, session)] == [Rejected, Service]


# -- FINESS ----------


@pytest.mark.parametrize(
    ("department", "commune", "code"),
    [
        ("9A", "105", "97105"),
        ("9B", "209", "97209"),
        ("9C", "302", "97302"),
        ("9D", "411", "97411"),
        ("9E", "502", "97502"),
        ("9F", "608", "97608"),
        ("9A", "123", "97701"),
        ("9A", "127", "97801"),
        ("971", "123", "97701"),
        ("9J", "613", "98613"),
        ("988", "818", "98818"),
        ("987", "35", "98735"),
        ("986", "613", "98613"),
        ("976", "08", "97608"),
        ("2A", "4", "2A004"),
        ("97", "105", "97105"),
        ("01", "", ""),
    ],
)
def test_communes_of_finess_everywhere(department, commune, code):
    assert insee_code(department, commune) == code


@pytest.mark.parametrize(
    ("words", "epsg", "lon", "lat"),
    [
        ("LAMBERT_93", 2154, 3.5, 44.5),
        ("UTM_N20", 5490, -61.5, 16.2),
        ("UTM_N21", 32621, -56.2, 46.8),
        ("UTM_N22", 2972, -52.3, 4.9),
        ("UTM_S40", 2975, 55.5, -21.1),
        ("UTM_S38", 4471, 45.2, -12.8),
        ("UTM_S1", 32701, -176.2, -13.3),
        ("UTM_S06", 32706, -149.5, -17.5),
        ("UTM_S58", 32758, 166.4, -22.2),
        ("EPSG:2972", 2972, -52.3, 4.9),
        ("RGR92 UTM 40S", 2975, 55.5, -21.1),
        ("LAMBERT_NC", 3163, 166.4, -22.2),
    ],
)
def test_systems_of_finess_everywhere(words, epsg, lon, lat):
    x, y = Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True).transform(lon, lat)
    place = projected_place(str(x), str(y), f"1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,{words}")
    assert (place.lon, place.lat) == (pytest.approx(lon, abs=1e-5), pytest.approx(lat, abs=1e-5))


CONSOLIDATED = {
    "finess": "10000024",
    "etat": "ACTUEL",
    "rs": "CH DE FLEYRIAT",
    "type": "ET",
    "siret": "26010004500012",
    "date_maj_finess": "2026-02-03",
    "adresse_num_voie": "900",
    "adresse_comp_voie": "",
    "adresse_type_voie": "RTE",
    "adresse_nom_voie": "DE PARIS",
    "adresse_lieuditbp": "",
    "adresse_code_postal": "1440",
    "adresse_lib_routage": "VIRIAT",
    "telephone": "0474454647",
    "com_code": "1451",
    "categ_code": "355",
    "geoloc_legal_x": "",
    "geoloc_legal_y": "",
    "geoloc_legal_projection": "",
    "geoloc_4326_long": "5.2085",
    "geoloc_4326_lat": "46.2227",
}


def test_the_consolidated_table_of_finess(tmp_path, session):
    x, y = Transformer.from_crs("OGC:CRS84", "EPSG:2975").transform(55.5, -21.1)
    island = {
        **CONSOLIDATED,
        "finess": "970400001",
        "com_code": "9D411",
        "geoloc_4326_long": "",
        "geoloc_4326_lat": "",
        "geoloc_legal_x": f"{x}",
        "geoloc_legal_y": f"{y}",
        "geoloc_legal_projection": "UTM_S40",
    }
    others = [{**CONSOLIDATED, "type": "EJ"}, {**CONSOLIDATED, "etat": "OBSOLETE"}]
    path = tmp_path / "t-finess.csv"
    path.write_text(table([CONSOLIDATED, island, *others], ","))
    hospital, far, *rejected = read(path, session)
    assert (hospital.id, hospital.code_insee, hospital.code_postal) == ("finess-010000024", "01451", "01440")
    assert (hospital.lon, hospital.lat, hospital.anomalie) == (5.2085, 46.2227, "")
    assert hospital.adresse == "900 RTE DE PARIS"
    assert (far.code_insee, far.lon) == ("97411", pytest.approx(55.5))
    assert [str(one.raison) for one in rejected] == ["It is a legal person, not a place.", "It is closed."]


def test_the_new_finess_overseas(tmp_path, session):
    def ege(number, commune, epsg, lon, lat, swapped):
        x, y = Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}").transform(lon, lat)
        x, y = (y, x) if swapped else (x, y)
        address = {
            "usageAdresse": "03",
            "libelleVoie": "X",
            "cogCommune": commune,
            "coordonneesGeographique": {"coordonneeX": f"{x}", "coordonneeY": f"{y}"},
        }
        facts = {"numFinessEge": number, "nomEgeLong": "X"}
        return {"informationsGeneralesEGE": facts, "etatObjet": "A", "adresse": [address]}

    places = [
        ("97302", 2972, -52.3, 4.9),
        ("9D411", 2975, 55.5, -21.1),
        ("97123", 5490, -62.83, 17.9),
        ("98613", 32701, -176.2, -13.3),
    ]
    for swapped in (False, True):
        items = [ege(str(i), *place, swapped) for i, place in enumerate(places)]
        path = tmp_path / "x.json.gz"
        path.write_bytes(gzip.compress(json.dumps({"pmej": [{"ege": items}]}).encode()))
        found = services_of(read(path, session))
        for service, (_code, _epsg, lon, lat) in zip(found, places):
            assert (service.lon, service.lat) == (pytest.approx(lon, abs=1e-5), pytest.approx(lat, abs=1e-5))
        assert [s.code_insee for s in found] == ["97302", "97411", "97701", "98613"]
        assert len(read(path, session, query=Query(communes=communes_of(("977",))))) == 1


# -- damage ----------


def points(folder, driver, suffix, rows=400):
    source = gdal.OpenEx(
        str(
            sheet(
                folder / "rows.gpkg",
                "GPKG",
                [
                    {
                        "id": f"s{i}",
                        "nom": f"Service {i}",
                        "categorie": "mairie",
                        "lon": str(3 + i / 1000),
                        "lat": "44.5",
                    }
                    for i in range(rows)
                ],
            )
        )
    )
    layer = source.GetLayer(0).GetName()
    options = [
        "-sql",
        f"SELECT id, nom, categorie, MakePoint(CAST(lon AS real), CAST(lat AS real), 4326) FROM {layer}",
        "-dialect",
        "sqlite",
    ]
    path = folder / f"s.{suffix}"
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"this GDAL was built without {driver}")
    gdal.VectorTranslate(str(path), source, format=driver, options=options, layerName="s")
    return path


DAMAGED = [
    ("GPKG", "gpkg", ""),
    ("GML", "gml", ""),
    ("LIBKML", "kml", ""),
    ("FlatGeobuf", "fgb", ""),
    ("ESRI Shapefile", "shp", ""),
    ("ESRI Shapefile", "shp", "dbf"),
    ("XLSX", "xlsx", ""),
    ("ODS", "ods", ""),
    ("MapInfo File", "tab", "dat"),
    ("MapInfo File", "tab", "map"),
    ("GeoJSON", "geojson", ""),
    ("SQLite", "sqlite", ""),
]


@pytest.mark.parametrize(("driver", "suffix", "side"), DAMAGED, ids=[f"{s}-{side}" for _d, s, side in DAMAGED])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_file_cut_short_is_never_a_shorter_list(tmp_path, session, driver, suffix, side, part):
    path = points(tmp_path, driver, suffix)
    whole = len(services_of(read(path, session)))
    assert whole == 400
    victim = path.with_suffix(f".{side}") if side else path
    body = victim.read_bytes()
    victim.write_bytes(body[: int(len(body) * part)])
    with pytest.raises((Incomplete, UnreadableFile, UnsafeFile)):
        read(path, session)


@pytest.mark.parametrize("ending", ["dbf", "shx", "prj"])
def test_a_change_of_a_side_file_is_a_change(tmp_path, session, ending):
    path = points(tmp_path, "ESRI Shapefile", "shp")
    registry = open_registry(Connection("t", "fichier", str(path)), session)
    list(registry.read(Query()))
    kept = json.loads(json.dumps(registry.validators))
    assert registry.unchanged(kept, Progress())
    side = path.with_suffix(f".{ending}")
    os.utime(side, (1, 1))
    assert not registry.unchanged(kept, Progress())


# -- real files ----------

REAL = [
    ("services/france-services_liste-fs-20240801.csv", (), None),
    ("corse/corse_france-services.csv", (), 37),
    (
        "corse/corse_mairies.geojson",
        (("id", "code_insee"), ("nom", "nom"), ("categorie", '="mairie"'), ("code_insee", "code_insee")),
        359,
    ),
    ("api/dila_mairies_records_2026-08.json", (), None),
    ("api/dila_record_complet_2023.json", (), None),
    ("api/gendarmeries_3_2023.json", (), 3),
]


@pytest.mark.parametrize(("name", "mapping", "rows"), REAL, ids=[name for name, *_ in REAL])
def test_real_files_are_read_whole(shared_data, session, name, mapping, rows):
    path = shared_data / name
    if rows is None and path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            rows = sum(1 for _ in csv.DictReader(lines))
    elif rows is None:
        document = json.loads(path.read_text(encoding="utf-8"))
        rows = len(document["results"]) if "results" in document else 1
    try:
        records = read(path, session, mapping)
    except Incomplete as short:  # a page recorded from a longer list says so
        assert "announced" in str(short)
        records = []
        with pytest.raises(Incomplete):
            for record in open_registry(Connection("t", "fichier", str(path)), session).read(Query()):
                records.append(record)
    assert len(records) == rows


@pytest.mark.parametrize("end", [1, 8, 20])
def test_a_table_cut_in_a_row_breaks_off(tmp_path, session, end):
    path = tmp_path / "a.csv"
    path.write_text(table(ROWS * 20)[: -10 - end], encoding="utf-8")
    with pytest.raises(Incomplete, match="middle of a row"):
        read(path, session)


# -- what an address is ----------


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://www.data.gouv.fr/fr/datasets/r/061a5736-8fc2", "fichier"),
        ("https://www.data.gouv.fr/api/1/datasets/r/061a5736-8fc2", "fichier"),
        ("https://portail.fr/api/explore/v2.1/catalog/datasets/mairies/exports/csv?delimiter=%3B", "fichier"),
        ("https://x.fr/api/explore/v2.1/catalog/datasets/api-lannuaire-administration/exports/json", "annuaire"),
        ("https://x.fr/api/explore/v2.1", "annuaire"),
        ("https://x.fr/download?file=liste.csv", "fichier"),
        ("https://x.fr/a/b.xlsx", "fichier"),
        ("https://x.fr/ogc/collections/services/items.json", "ogcapi"),
        ("https://x.fr/ogc", "ogcapi"),
        ("file:///home/a/liste.xlsx", "fichier"),
        ("/home/a/liste", "fichier"),
        ("C:\\listes\\a.ods", "fichier"),
    ],
)
def test_the_form_of_an_address_tells_its_kind_where_nothing_else_does(address, kind):
    assert guess_connection(address).kind == kind


LANDING = {"title": "t", "links": []}
ANSWERS = [
    ("/x", "id;nom;categorie\na;b;mairie\n", "fichier"),
    ("/x", [{"id": "a"}], "fichier"),
    ("/x", {"type": "FeatureCollection", "features": []}, "fichier"),
    ("/collections/services/items", {"type": "FeatureCollection", "features": []}, "ogcapi"),
    ("/data.csv", LANDING, "ogcapi"),
    ("/x", {"service": []}, "fichier"),
    ("/api/explore/v2.1/x/records", {"total_count": 1, "results": [{"plage_ouverture": ""}]}, "annuaire"),
    ("/api/explore/v2.1/x/records", {"total_count": 1, "results": [{"nom": ""}]}, "fichier"),
]


@pytest.mark.parametrize(("path", "answer", "kind"), ANSWERS, ids=range(len(ANSWERS)))
@pytest.mark.parametrize("moved", [False, True])
def test_what_answers_at_an_address_tells_its_kind(serve, session, make, path, answer, kind, moved):
    body = answer.encode() if isinstance(answer, str) else answer
    whole = serve(lambda _path, headers: make.Answer(body))
    redirect = serve(lambda _path, headers: make.Answer(b"", 302, {"Location": f"{whole.url}/elsewhere"}))
    address = (redirect if moved else whole).url + path
    assert guess_connection(address, session).kind == kind


def test_where_nothing_answers_the_form_tells(session):
    assert guess_connection("http://127.0.0.1:9/a.csv", session).kind == "fichier"
    assert guess_connection("http://127.0.0.1:9/a", session).kind == "ogcapi"
