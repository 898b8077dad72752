"""Types for `wfs.GeoplateformeLike` made of real data (`tests/real_data.py`).

Roads are BD TOPO's of Marseille's 10th arrondissement, as they are. The commune is drawn from the plugin's own outline,
INSEE's cells are those of Albi, moved to Marseille: no extract has all three of one place.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from carto_services_publics.core.territory.area import as_multipolygon, rough_shape
from carto_services_publics.core.territory.datasets import COMMUNES as COMMUNES_DATASET
from carto_services_publics.core.territory.datasets import ROADS as ROADS_DATASET
from carto_services_publics.core.territory.datasets import TURN_BANS as BANS_DATASET
from carto_services_publics.core.territory.inhabitants import commune_of_each
from osgeo import ogr
from pyproj import Transformer
from shapely.geometry import shape
from shapely.ops import transform, unary_union

from . import annuaire, wfs

COMMUNE = "13055"
INSIDE = "13210"
EDITION = "2026-06-15"
_ADMIN = "ADMINEXPRESS-COG-CARTO-PE.LATEST"
ROADS = "BDTOPO_V3:troncon_de_route"
CELLS = "INSEE.FILOSOFI.INDICATORS:carreaux_200m"
BUILDINGS = "BDTOPO_V3:batiment"
ZONES = "BDTOPO_V3:zone_d_activite_ou_d_interet"
COMMUNES, EPCI, BANS = f"{_ADMIN}:commune", f"{_ADMIN}:epci", "BDTOPO_V3:non_communication"


def roads(data: Path) -> list[dict[str, Any]]:
    """Real roads of Marseille's 10th: 2 936, or those of the extract."""
    rows = _rows(data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg", "troncon_de_route")
    made = [_feature({name: value for name, value in row.items() if name != "fid"}, shape) for row, shape in rows]
    return sorted(made, key=lambda feature: feature["properties"]["cleabs"])


def bans(data: Path) -> list[dict[str, Any]]:
    """3 real turn bans of Marseille's 10th."""
    rows = _rows(data / "bdtopo" / "marseille10" / "bdtopo_marseille10.gpkg", "non_communication")
    return [_feature({name: row[name] for name in BANS_DATASET.columns}, shape) for row, shape in rows]


def cells(data: Path) -> list[dict[str, Any]]:
    """Real cells of Albi, moved by whole cells to Marseille's 10th, and named by where they lie then."""
    given = json.loads((data / "filosofi" / "albi" / "albi_carreaux_200m.geojson").read_text(encoding="utf-8"))
    to_lambert = Transformer.from_crs("EPSG:3035", "EPSG:2154", always_xy=True).transform
    features = []
    for feature in given["features"]:
        properties = dict(feature["properties"])
        north, east = map(int, properties["idcar_200m"].partition("mN")[2].split("E"))
        north, east = north - 93_400, east + 258_400
        properties["idcar_200m"] = f"CRS3035RES200mN{north}E{east}"
        corners = [(east, north), (east + 200, north), (east + 200, north + 200), (east, north + 200), (east, north)]
        ring = [list(to_lambert(*corner)) for corner in corners]
        features.append({"type": "Feature", "geometry": _polygon(ring), "properties": properties})
    return features


def buildings() -> list[dict[str, Any]]:
    """A few invented buildings in Marseille's 10th."""
    made = []
    for number in range(200):
        x, y = 896_000 + 37 * (number % 20), 6_245_500 + 41 * (number // 20)
        ring = [[x, y], [x + 8, y], [x + 8, y + 8], [x, y + 8], [x, y]]
        properties = {
            "cleabs": f"BATIMENT{number:016d}",
            "usage_1": "Résidentiel" if number % 3 else "Annexe",
            "usage_2": None,
            "nombre_de_logements": number % 5 if number % 3 else None,
            "etat_de_l_objet": "En service",
            "construction_legere": False,
            "date_modification": "2025-01-02",
        }
        made.append({"type": "Feature", "geometry": _polygon(ring), "properties": properties})
    return made


SERVICES = [
    annuaire.record("m", "mairie", "13055", 5.419, 43.281, "Mairie des 9e et 10e arrondissements"),
    annuaire.record("f", "france_services", "13055", 5.412, 43.284, "France services Saint-Loup"),
]
"""Of the Annuaire, inside the territory."""


def layers(data: Path, people: bool = True) -> dict[str, wfs.Layer]:
    """All types of a territory."""
    shape = rough_shape([INSIDE], "EPSG:2154")[INSIDE]
    commune = {
        "cleabs": "COMMUNE_13055",
        "nom_officiel": "Marseille",
        "code_insee": COMMUNE,
        "population": 886040,
        "code_insee_du_departement": "13",
        "code_insee_de_la_region": "93",
        "codes_siren_des_epci": "200054807",
        "code_postal": "13010",
    }
    epci = {"cleabs": "EPCI_1", "nom_officiel": "Aix-Marseille", "code_siren": "200054807", "nature": "Métropole"}
    other = {**epci, "cleabs": "EPCI_2", "code_siren": "200035087", "nom_officiel": "Voisine"}
    far = {**commune, "cleabs": "COMMUNE_13002", "code_insee": "13002", "nom_officiel": "Allauch"}
    outline = as_multipolygon(shape)
    zone = dict.fromkeys(("categorie", "nature_detaillee", "adresse_postale", "nom_commercial", "fictif"))
    zone |= {"cleabs": "SURFACTI1", "nature": "Mairie", "toponyme": "Mairie du 10e", "insee_commune": COMMUNE}
    zone |= {"etat_de_l_objet": "En service", "date_modification": "2025-03-04"}
    moved = copy.deepcopy(outline)
    for part in moved["coordinates"]:
        part[:] = [[[x + 9000, y] for x, y in ring] for ring in part]
    return {
        COMMUNES: wfs.layer([_feature(commune, outline), _feature(far, moved)]),
        EPCI: wfs.layer([_feature(epci, outline), _feature(other, moved)]),
        ROADS: wfs.layer(roads(data), edition=EDITION),
        BANS: wfs.layer(bans(data)),
        CELLS: wfs.layer(cells(data) if people else [], "geom"),
        BUILDINGS: wfs.layer(buildings()),
        ZONES: wfs.layer([_feature(zone, {"type": "MultiPolygon", "coordinates": [outline["coordinates"][0]]})]),
    }


def demo_layers(demo: Path) -> dict[str, wfs.Layer]:
    """The demonstration territory under the names of the Géoplateforme: its roads with the columns of BD TOPO."""
    communes = [_feature(_communes_row(row), shape) for row, shape in _rows(demo, "communes") if row["code_insee"]]
    given = [_feature(_road_row(number), shape) for number, (_row, shape) in enumerate(_rows(demo, "routes"))]
    people = []
    to_grid = Transformer.from_crs("EPSG:2154", "EPSG:3035", always_xy=True).transform
    for row, place in _rows(demo, "demande"):
        east, north = (int(part // 200) * 200 for part in to_grid(*place["coordinates"][:2]))
        x, y = place["coordinates"][:2]
        ring = [[x - 100, y - 100], [x + 100, y - 100], [x + 100, y + 100], [x - 100, y + 100], [x - 100, y - 100]]
        name = f"CRS3035RES200mN{north}E{east}"
        people.append(_feature({"idcar_200m": name, "ind": float(row["population"]), "men": 1.0}, _polygon(ring)))
    empty = {name: wfs.layer([]) for name in (EPCI, BANS, ZONES, BUILDINGS)}
    return {COMMUNES: wfs.layer(communes), ROADS: wfs.layer(given), CELLS: wfs.layer(people, "geom"), **empty}


def corse_layers(data: Path) -> dict[str, wfs.Layer]:
    """Corse: OpenStreetMap's roads with the columns of BD TOPO, real communes and EPCI, their people in cells of 200 m.

    No extract has INSEE's cells of Corse: the people of each commune are put on the cells that its junctions lie in.
    """
    folder = data / "corse"
    given = json.loads((folder / "corse_communes.geojson").read_text(encoding="utf-8"))["features"]
    to_lambert = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    outlines = {
        each["properties"]["code_insee"]: transform(to_lambert.transform, shape(each["geometry"]).buffer(0))
        for each in given
    }
    names = {each["properties"]["siren_epci"]: each["properties"]["nom_epci"] for each in given}
    communes, groups = [], {siren: [] for siren in names}
    for each in given:
        row, outline = each["properties"], outlines[each["properties"]["code_insee"]]
        code, siren = row["code_insee"], row["siren_epci"]
        groups[siren].append(outline)
        own = {"cleabs": f"COMMUNE_{code}", "nom_officiel": row["nom"], "code_insee": code, "code_postal": None}
        own |= {"population": row["population"], "codes_siren_des_epci": siren}
        own |= {"code_insee_du_departement": code[:2], "code_insee_de_la_region": "94"}
        communes.append(_feature(own, as_multipolygon(outline)))
    epci = [
        _feature(
            {"cleabs": f"EPCI_{siren}", "nom_officiel": names[siren], "code_siren": siren, "nature": "CC"},
            as_multipolygon(unary_union(parts)),
        )
        for siren, parts in groups.items()
    ]
    roads_given, junctions = _corse_roads(folder / "corse_routes_osm.gpkg")
    people = {each["properties"]["code_insee"]: each["properties"]["population"] or 0 for each in given}
    empty = {name: wfs.layer([]) for name in (BANS, ZONES, BUILDINGS)}
    return {
        COMMUNES: wfs.layer(communes, edition="2026-03-01"),
        EPCI: wfs.layer(epci, edition="2026-03-01"),
        ROADS: wfs.layer(roads_given, edition=EDITION),
        CELLS: wfs.layer(_cells_of(outlines, people, junctions), "geom"),
        **empty,
    }


def _corse_roads(path: Path) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Each road once, both directions together, and where the junctions are."""
    with TemporaryDirectory() as folder:  # from a copy: SQLite writes beside what it reads
        source = ogr.Open(shutil.copy(path, folder))
        links = [(each.items(), json.loads(each.GetGeometryRef().ExportToJson())) for each in source.GetLayer(0)]
    there = {(row["osm_way_id"], row["from_node"], row["to_node"]) for row, _line in links}
    made = []
    for number, (row, line) in enumerate(links):
        has_return = (row["osm_way_id"], row["to_node"], row["from_node"]) in there
        if has_return and row["from_node"] > row["to_node"]:
            continue
        own = _road_row(number) | {"vitesse_moyenne_vl": round(row["speed_chord_kmh"]), "importance": "4"}
        own |= {"nom_collaboratif_gauche": row["name"], "date_modification": "2026-05-02"}
        own |= {} if has_return else {"sens_de_circulation": "Sens direct"}
        points = [[*point[:2], 0.0] for point in line["coordinates"]]
        made.append(_feature(own, {"type": "LineString", "coordinates": points}))
    ends = np.array([feature["geometry"]["coordinates"][0][:2] for feature in made])
    return made, np.unique(ends, axis=0)


def _cells_of(outlines: dict[str, Any], people: dict[str, int], places: np.ndarray) -> list[dict[str, Any]]:
    """Cells of 200 m with the people of communes, those of a commune alike."""
    to_grid = Transformer.from_crs("EPSG:2154", "EPSG:3035", always_xy=True)
    east, north = (np.asarray(part) // 200 * 200 for part in to_grid.transform(*places.T))
    corners = np.unique(np.column_stack([east, north]).astype(int), axis=0)
    middles = np.column_stack(to_grid.transform(*(corners + 100).T, direction="INVERSE"))
    commune = np.array(list(outlines))[commune_of_each(middles, outlines)]
    shares = Counter(commune.tolist())
    made = []
    for (x, y), (east, north), code in zip(middles.tolist(), corners.tolist(), commune.tolist()):
        count = people[code] / shares[code]
        ring = [[x - 100, y - 100], [x + 100, y - 100], [x + 100, y + 100], [x - 100, y + 100], [x - 100, y - 100]]
        row = {"idcar_200m": f"CRS3035RES200mN{north}E{east}", "ind": count, "ind_80p": count / 10, "men": count / 2}
        made.append(_feature(row | {"men_pauv": count / 12}, _polygon(ring)))
    return made


def _rows(path: Path, name: str):
    source = ogr.Open(str(path))
    layer = source.GetLayerByName(name)
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(column).GetName() for column in range(definition.GetFieldCount())]
    for feature in layer:  # `feature.items()` looks for each column among all
        row = {column: feature.GetField(place) for place, column in enumerate(names)}
        yield row, json.loads(feature.GetGeometryRef().ExportToJson())


def _communes_row(row: dict[str, Any]) -> dict[str, Any]:
    made = dict.fromkeys(COMMUNES_DATASET.columns)
    return made | {"cleabs": row["code_insee"], "code_insee": row["code_insee"], "nom_officiel": row["nom"]}


def _road_row(number: int) -> dict[str, Any]:
    made = dict.fromkeys(ROADS_DATASET.columns)
    return made | {
        "cleabs": f"TRONROUT{number:016d}",
        "nature": "Route à 1 chaussée",
        "etat_de_l_objet": "En service",
        "sens_de_circulation": "Double sens",
        "vitesse_moyenne_vl": 40,
        "acces_vehicule_leger": "Libre",
    }


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _polygon(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}
