"""The package that leaves, and its copies as they come back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest
from carto_services_publics.core.coordinates import Transform
from carto_services_publics.core.errors import Cancelled, CartoError, InvalidInput
from carto_services_publics.core.field.copies import NotAFieldPackage, read_copy
from carto_services_publics.core.field.package import CORRECTION_COLUMNS, FILE, Luggage, NotReadBack, crs_for, pack
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers.field_copies import SERVICES, write_into
from osgeo import ogr

METRES = Transform("EPSG:4326", "EPSG:2154")
PHONE = {"uuid": "7f5e0a1e-0000-4000-8000-000000000001", "type": "modification", "service_id": "s1"}


def test_the_package_holds_the_services_in_metres_an_empty_layer_of_corrections_and_what_was_there_on_leaving(packed):
    source = ogr.Open(str(packed.path))
    services, corrections = source.GetLayerByName("services"), source.GetLayerByName("corrections")
    assert (packed.crs, packed.services, packed.unplaced) == ("EPSG:2154", 3, 0)
    assert {layer.GetSpatialRef().GetAuthorityCode(None) for layer in (services, corrections)} == {"2154"}
    assert corrections.GetFeatureCount() == 0
    assert [field.name for field in corrections.schema] == list(CORRECTION_COLUMNS)
    assert corrections.GetExtent() == services.GetExtent()  # servers publish it
    back = read_copy(packed.path)
    assert list(back.base.values()) == SERVICES
    assert (back.rows, back.edited, back.left_open, back.facts["registre"]) == ([], 0, False, "Annuaire")


@pytest.mark.parametrize(
    ("place", "code"), [((55.45, -20.88), "EPSG:2975"), ((9.15, 42.3), "EPSG:2154"), ((45.2, -12.8), "EPSG:4471")]
)
def test_each_territory_has_its_own_projection(place, code, tmp_path):
    service = Service(id="a", nom="A", categorie="mairie", lon=place[0], lat=place[1])
    assert crs_for([service]) == code
    packed = pack(tmp_path, Luggage([service]))
    source = ogr.Open(str(packed.path))  # GDAL frees what nobody holds
    layer = source.GetLayerByName("services")
    feature = layer.GetNextFeature()
    x, y, *_ = feature.geometry().GetPoint()
    assert Transform(code, "EPSG:4326").point(x, y) == pytest.approx(place, abs=1e-7)
    assert next(iter(read_copy(packed.path).base.values())).lon == place[0]


@pytest.mark.parametrize("astray", [(0.0, 0.0), (9.15, -42.3), (float("nan"), 42.3), (9.15, None), (float("inf"), 0.0)])
def test_one_service_whose_position_is_wrong_does_not_move_the_map_of_all(astray, tmp_path):
    many = [Service(id=f"s{n}", nom="A", categorie="mairie", lon=9 + n / 100, lat=42.2) for n in range(20)]
    wrong = Service(id="w", nom="W", categorie="mairie", lon=astray[0], lat=astray[1])
    packed = pack(tmp_path, Luggage([*many, wrong]))
    has_place = all(value is not None and abs(value) < 1e3 for value in astray)
    assert (packed.crs, packed.unplaced) == ("EPSG:2154", 0 if has_place else 1)
    assert len(read_copy(packed.path).base) == 21


def test_a_service_without_position_goes_along_and_a_list_of_those_alone_does_not(tmp_path):
    lost = Service(id="b", nom="B", categorie="mairie")
    packed = pack(tmp_path, Luggage([SERVICES[0], lost]))
    assert packed.unplaced == 1 and "b" in read_copy(packed.path).base
    for none in ([lost], []):
        with pytest.raises(InvalidInput):
            pack(tmp_path / "other", Luggage(none))


def test_corrections_that_nobody_has_read_back_are_not_written_over(go_out):
    path = go_out("ana", PHONE)
    before = path.read_bytes()
    with pytest.raises(NotReadBack):
        pack(path.parent, Luggage(SERVICES))
    assert path.read_bytes() == before
    shutil.copy(path.with_name(FILE), path.with_name("kept.gpkg"))
    path.write_bytes(b"not a database")
    with pytest.raises(NotReadBack):
        pack(path.parent, Luggage(SERVICES))


def test_an_empty_package_is_made_anew(packed, tmp_path):
    shutil.copy(packed.path, tmp_path / FILE)
    assert pack(tmp_path, Luggage(SERVICES[:1])).services == 1
    assert list(tmp_path.iterdir()) == [tmp_path / FILE]


def test_rows_come_back_in_degrees_with_their_words(go_out):
    here = (9.151234, 42.307)
    path = go_out(
        "ana", {**PHONE, "nouveau_telephone": "04 95 00 00 01", "at": METRES.point(*here)}, {"type": "alerte"}
    )
    first, second = read_copy(path).rows
    assert first.values["nouveau_telephone"] == "04 95 00 00 01" and first.values["service_id"] == "s1"
    assert (first.lon, first.lat) == pytest.approx(here, abs=1e-7)
    assert (second.fid, second.lon, second.values["type"]) == (2, None, "alerte")
    assert read_copy(path.parent).rows == [first, second]  # its folder will do


def test_what_a_phone_left_in_the_file_beside_is_read_and_nothing_is_touched(go_out, tmp_path):
    path = go_out("ana")
    back = tmp_path / "back"
    back.mkdir()
    phone = ogr.Open(str(path), update=1)
    phone.ExecuteSQL("PRAGMA journal_mode = WAL")  # as QGIS and QField open a GeoPackage
    write_into(phone, {"uuid": "u", "type": "fermeture", "service_id": "s2"})
    for beside in path.parent.iterdir():  # as one copies the folder off a phone where the project is open
        shutil.copy(beside, back / beside.name)
    del phone
    before = {file.name: file.read_bytes() for file in back.iterdir()}
    assert f"{FILE}-wal" in before
    copy = read_copy(back / FILE)
    assert [row.values["service_id"] for row in copy.rows] == ["s2"] and not copy.left_open
    assert {file.name: file.read_bytes() for file in back.iterdir()} == before
    (back / f"{FILE}-wal").unlink()
    alone = read_copy(back / FILE)
    assert alone.left_open and alone.rows == []  # it is said that rows may lack


def test_services_changed_in_the_copy_are_counted(go_out):
    path = go_out("ana")
    source = ogr.Open(str(path), update=1)
    layer = source.GetLayerByName("services")
    changed = layer.GetNextFeature()
    changed["telephone"] = "3939"
    layer.SetFeature(changed)
    layer.DeleteFeature(2)
    del changed, layer, source
    assert read_copy(path).edited == 2


@pytest.mark.parametrize(
    "spoilt",
    [
        "DELETE FROM gpkg_geometry_columns",
        "UPDATE gpkg_geometry_columns SET srs_id = -1",
        "UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 999999 WHERE srs_id = 2154",
        "DROP TABLE services_depart",
        "ALTER TABLE services_depart RENAME COLUMN id TO autre",
    ],
)
def test_a_package_that_somebody_spoilt_is_said(go_out, spoilt):
    path = go_out("ana", PHONE)
    with closing(sqlite3.connect(str(path))) as database, database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(spoilt)
    with pytest.raises(NotAFieldPackage):
        read_copy(path)


def test_columns_that_lack_and_values_of_other_types_are_read_as_what_they_say(go_out):
    path = go_out("ana", PHONE)
    with closing(sqlite3.connect(str(path))) as database, database:
        database.execute("ALTER TABLE services_depart RENAME COLUMN url TO page")
        database.execute("UPDATE services_depart SET telephone = 3949, lon = 'est'")
    base = read_copy(path).base["s1"]
    assert (base.telephone, base.url, base.lon) == ("3949", "", None)


@pytest.mark.parametrize("content", [b"", b"garbage" * 500, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_package_is_said(content, tmp_path):
    path = tmp_path / "any.gpkg"
    path.write_bytes(content)
    with pytest.raises(NotAFieldPackage):
        read_copy(path)
    with pytest.raises(NotAFieldPackage):
        read_copy(tmp_path / "absent.gpkg")


def test_a_compressed_folder_is_to_be_unpacked(go_out, tmp_path):
    """QField sends the project so."""
    folder = go_out("ana", PHONE).parent
    sent = shutil.make_archive(str(tmp_path / "sent"), "zip", folder)
    with pytest.raises(NotAFieldPackage, match="unpack it"):
        read_copy(sent)
    shutil.unpack_archive(sent, tmp_path / "back")
    assert len(read_copy(tmp_path / "back").rows) == 1


def test_a_cancel_leaves_nothing_behind_and_the_bar_goes_on(tmp_path):
    seen = []

    class Watched(Progress):
        def show(self, fraction):
            seen.append(fraction)

        def cancelled(self):
            return len(seen) > 2

    many = [Service(id=str(n), nom="x", categorie="mairie", lon=3.0, lat=45.0) for n in range(9000)]
    with pytest.raises(Cancelled):
        pack(tmp_path, Luggage(many), Watched())
    assert list(tmp_path.iterdir()) == [] and seen == sorted(seen)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CartoError):
        pack(tmp_path / "file", Luggage(SERVICES))


@pytest.mark.parametrize(
    "spoilt",
    [
        "ALTER TABLE services RENAME COLUMN nom TO name",
        "ALTER TABLE services RENAME COLUMN id TO code",
        "UPDATE services SET nom = CAST(X'4de9' AS TEXT)",
        "UPDATE corrections SET commentaire = CAST(X'e974e9' AS TEXT)",
    ],
)
def test_what_spoils_one_cell_or_the_layer_to_look_at_loses_no_correction(go_out, spoilt):
    path = go_out("ana", PHONE)
    with closing(sqlite3.connect(str(path))) as database, database:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # of the file's own triggers
            database.create_function(function, 1, lambda _geometry: None)
        database.execute(spoilt)
    copy = read_copy(path)
    assert [row.values["service_id"] for row in copy.rows] == ["s1"]
    assert "corrections" in spoilt or copy.edited
