"""An edited copy of the services, whatever it went through: what was edited is proposed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.corrections.bulk import CorrectionRow, preview, proposals_of_edits
from carto_services_publics.core.corrections.losses import is_loss
from carto_services_publics.core.corrections.model import CHANGEABLE
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.core.versions import content_version
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from osgeo import gdal, ogr, osr

FORMATS = {
    "ESRI Shapefile": ("shp", ["ENCODING=UTF-8"]),
    "CSV": ("csv", ["GEOMETRY=AS_XY"]),
    "XLSX": ("xlsx", []),
    "ODS": ("ods", []),
    "GPKG": ("gpkg", []),
    "GeoJSON": ("geojson", []),
    "MapInfo File": ("tab", ["ENCODING=UTF-8"]),
}

HALL = Service(
    id="m1",
    nom="Mairie de Sévérac-d’Aveyron",
    categorie="mairie",
    producteur="dila",
    siret="21120270400016",
    adresse="9 rue Serge Duhourquet",
    code_postal="01004",
    commune="Sévérac-d'Aveyron",
    code_insee="01004",
    telephone="05 65 71 65 15",
    courriel="mairie@severac.example",
    site_web="https://severac.example",
    horaires="Mo-Fr 09:00-12:00,13:30-17:00",
    accessibilite="ACC",
    version="v1",
    lon=5.3489012345,
    lat=45.9501234567,
)

words = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll", "Nd", "Pd", "Po")), max_size=12)
long_texts = st.one_of(st.just(HALL.nom), st.text("aé’ 7", min_size=70, max_size=300))


@pytest.fixture(scope="module", autouse=True)
def headers():
    """The first line of a sheet holds the names, also where all is text."""
    for name in ("OGR_XLSX_HEADERS", "OGR_ODS_HEADERS"):
        gdal.SetConfigOption(name, "FORCE")
    yield
    for name in ("OGR_XLSX_HEADERS", "OGR_ODS_HEADERS"):
        gdal.SetConfigOption(name, None)


def known(service):
    """The registry's record, by identifier."""
    properties = {name: getattr(service, name) for name in SERVICE_COLUMNS}
    geometry = {"type": "Point", "coordinates": [service.lon, service.lat]}
    return {"type": "Feature", "id": service.id, "geometry": geometry, "properties": properties}


def row_of(service, columns=SERVICE_COLUMNS):
    return CorrectionRow({name: getattr(service, name) for name in columns}, service.lon, service.lat)


def proposed(row, service=HALL):
    [proposal] = proposals_of_edits([row], lambda _: known(service), {})
    return proposal


def written(path, driver, options, service, columns):
    """A copy of one service by GDAL, read back as QGIS would: names, types and geometry as the format has them."""
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    layer = source.CreateLayer("copy", crs, ogr.wkbPoint, options)
    for column in columns:
        layer.CreateField(ogr.FieldDefn(column, ogr.OFTString))
    feature = ogr.Feature(layer.GetLayerDefn())
    for number, column in enumerate(columns):
        feature.SetField(number, getattr(service, column))
    if layer.GetLayerDefn().GetGeomFieldCount():  # a sheet has no shapes
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({service.lon!r} {service.lat!r})"))
    layer.CreateFeature(feature)
    del feature, layer, source
    opened = gdal.OpenEx(str(path))
    [read] = list(opened.GetLayer(0))
    values = {read.GetFieldDefnRef(i).GetName(): read.GetField(i) for i in range(read.GetFieldCount())}
    place = read.GetGeometryRef()
    return CorrectionRow(values, *((place.GetX(), place.GetY()) if place else (None, None)))


@pytest.mark.parametrize("driver", FORMATS)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    dropped=st.sets(st.sampled_from(CHANGEABLE)),
    with_version=st.booleans(),
    name=long_texts,
    number=st.integers(1, 10**9),
)
@pytest.mark.filterwarnings("ignore")
def test_a_copy_that_nobody_edited_corrects_nothing(driver, tmp_path, dropped, with_version, name, number):
    if not ogr.GetDriverByName(driver):
        pytest.skip(f"GDAL has no {driver}")
    suffix, options = FORMATS[driver]
    service = replace(HALL, id=f"m{number}", nom=" ".join(name.split()) or "Mairie")
    columns = [c for c in SERVICE_COLUMNS if c not in dropped and (with_version or c != "version")]
    folder = tmp_path / f"{number}-{len(dropped)}-{len(name)}-{with_version}"
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    copy = written(folder / f"copy.{suffix}", driver, options, service, columns)
    found = proposed(copy, service)
    assert (found.correction, found.reason) == (None, None)


@pytest.mark.parametrize("driver", FORMATS)
@pytest.mark.filterwarnings("ignore")
def test_what_was_edited_in_a_copy_is_all_that_is_proposed(driver, tmp_path):
    suffix, options = FORMATS[driver]
    edited = replace(HALL, code_postal="01005", telephone="05 65 71 65 16")
    columns = [column for column in SERVICE_COLUMNS if column != "horaires"]
    found = proposed(written(tmp_path / f"copy.{suffix}", driver, options, edited, columns))
    assert {name: change.new for name, change in found.correction.changes.items()} == {
        "code_postal": "01005",
        "telephone": "05 65 71 65 16",
    }


@given(st.sets(st.sampled_from(SERVICE_COLUMNS)))
def test_a_column_that_the_copy_has_not_changes_nothing(dropped):
    left = [column for column in SERVICE_COLUMNS if column not in dropped - {"id"}]
    assert proposed(row_of(HALL, left)) == (None, None, ())
    emptied = row_of(replace(HALL, telephone=""), left)
    found = proposed(emptied)
    expected = None if "telephone" in dropped else {"telephone": ("05 65 71 65 15", "")}
    assert (found.correction and dict(found.correction.changes)) == expected


def test_a_copy_without_identifiers_makes_no_new_places():
    without = [column for column in SERVICE_COLUMNS if column != "id"]
    assert "“id”" in str(proposed(row_of(HALL, without)).reason)
    assert "“nom”" in str(proposed(CorrectionRow({"Field1": "m1", "Field2": "Mairie"})).reason)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Mairie de Sévérac", "Mairie de S\ufffdv\ufffdrac"),
        ("", "\ufffdcole"),
        ("Mairie de Sévérac", "Mairie de S?v?rac"),
        ("Mairie de Sévérac", "Mairie de Svrac"),
        ("Mairie de Sévérac", "Mairie de Severac"),
        ("Mairie de Sévérac", "MAIRIE DE SEVERAC"),
        ("Mairie de Sévérac", "MAIRIE DE SÉVÉRAC"),
        ("Mairie de Sévérac", "Mairie de SÃ©vÃ©rac"),
        ("Maison de l’Œuvre", "Maison de l'Oeuvre"),
        ("é" * 200, "é" * 127),
        ("a" * 300, "a" * 254),
        ("a" * 300, "a" * 80),
        ("04 66 49 00 00", "466490000"),
        ("04 66 49 00 00", "466490000.0"),
        ("21120270400016", "2.11202704E+13"),
        ("", "2,11202704E+13"),
    ],
)
def test_what_a_conversion_breaks_is_no_correction(old, new):
    assert is_loss(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Mairie de Severac", "Mairie de Sévérac"),
        ("MAIRIE DE SÉVÉRAC", "Mairie de Sévérac"),
        ("Mairie de Sévérac", "Mairie de Sévérac-d'Aveyron"),
        ("Mairie de Sévérac-d'Aveyron", "Mairie"),
        ("Mairie de Sévérac", ""),
        ("04 66 49 00 00", "04 66 49 00 01"),
        ("Mairie", "Mairie ?"),
        ("", "École"),
    ],
)
def test_what_a_person_wrote_is(old, new):
    assert not is_loss(old, new)


@given(st.integers(0, 6), st.floats(-5, 9), st.floats(42, 51))
def test_a_position_rounded_or_broken_is_no_move(decimals, lon, lat):
    service = replace(HALL, lon=lon, lat=lat)
    for place in ((round(lon, decimals), round(lat, decimals)), (lat, lon), (0.0, 0.0), (lon + 4e-6, lat)):
        found = proposed(row_of(service)._replace(lon=place[0], lat=place[1]), service)
        assert found.correction is None and set(found.lost) <= {"position"}
    found = proposed(row_of(service)._replace(lon=lon + 0.0012345678, lat=lat), service)
    assert found.correction.type == "deplacement" and found.lost == ()


@given(st.dictionaries(st.sampled_from(CHANGEABLE), words, max_size=4))
def test_each_value_of_a_row_is_proposed_or_counted_as_lost_or_the_same(values):
    row = row_of(HALL)
    row = row._replace(properties={**row.properties, **values, "version": ""})
    found = proposed(row)
    said = set(found.correction.changes) if found.correction else set()
    assert said | set(found.lost) <= set(values)
    assert preview([found]).lost == dict.fromkeys(found.lost, 1)


def test_a_row_whose_columns_were_cut_still_has_the_version_it_was_read_with():
    read = replace(HALL, version="")
    read = replace(read, version=content_version(vars(read), read.lon, read.lat))
    cut = CorrectionRow({name[:10]: getattr(read, name) for name in SERVICE_COLUMNS}, read.lon, read.lat)
    [proposal] = proposals_of_edits([cut], lambda _: pytest.fail("asked the registry"), {})
    assert proposal == (None, None, ())
