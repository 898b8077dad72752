"""Cuts the extracts of tests/data out of the whole files (`../shared/data`, or the folder named by CSP_TEST_DATA).

    /usr/bin/python3 scripts/test_extracts.py          # osm/monaco.osm.pbf only where osmium is (pip install osmium)

tests/data/README.md says what each is, where it comes from and under which licence. Small files are copied as they are.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr
from pyproj import Transformer
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

gdal.UseExceptions()
gdal.SetConfigOption("OGR_CURRENT_DATE", "2026-11-27T00:00:00.000Z")  # the same file each time
ROOT = Path(__file__).resolve().parents[1]
WHOLE = Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data"))
EXTRACTS = ROOT / "tests" / "data"
AS_THEY_ARE = [
    "api/*.json",
    "corse/corse_france-services.csv",
    "corse/corse_mairies.geojson",
    "osm/andorra.osm.pbf",
    "osm/paris-11e.osm.pbf",
    "bdtopo/olemps-12174/COMMUNE.*",
    "bdtopo/olemps-12174/CIMETIERE.*",
    "bdtopo/olemps-12174/ZONE_D_ACTIVITE_OU_D_INTERET.*",
]
CASTAGNICCIA = (1_196_500.0, 6_168_500.0, 1_220_500.0, 6_192_500.0)
"""Around Morosaglia, EPSG:2154: west, south, east, north."""
AROUND_BANS = (893_800.0, 6_244_600.0, 895_600.0, 6_246_500.0)
"""A part of Marseille's 10th arrondissement that holds the three turn bans, EPSG:2154."""
CELLS_OF_ALBI = 200
DEPARTEMENTS = ("2A", "2B", "06", "46", "48", "976")
"""Of the lists of communes and of France services."""


def copy_small_files() -> None:
    for pattern in AS_THEY_ARE:
        for path in sorted(WHOLE.glob(pattern)):
            to = EXTRACTS / path.relative_to(WHOLE)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)


def cut_list(name: str, wanted: Callable[[list[str]], bool]) -> None:
    """The rows of a list that are wanted, to the letter."""
    to = EXTRACTS / name
    to.parent.mkdir(parents=True, exist_ok=True)
    with (WHOLE / name).open(encoding="utf-8", newline="") as lines, to.open("w", encoding="utf-8", newline="") as out:
        read: list[str] = []
        out.write(lines.readline())
        for row in csv.reader(read.append(line) or line for line in lines):  # a row may hold line breaks
            if wanted(row):
                out.writelines(read)
            read.clear()


def cut_layer(name: str, layer: str, wanted: Callable[[ogr.Feature], bool]) -> None:
    """The features of a layer of a GeoPackage that are wanted, with all their columns."""
    source = ogr.Open(str(WHOLE / name))
    given = source.GetLayerByName(layer)
    kept = ",".join(str(feature.GetFID()) for feature in given if wanted(feature))
    where = f"{given.GetFIDColumn()} IN ({kept})"
    to = EXTRACTS / name
    to.parent.mkdir(parents=True, exist_ok=True)
    mode = "update" if to.exists() else None
    gdal.VectorTranslate(str(to), str(WHOLE / name), layers=[layer], where=where, accessMode=mode, format="GPKG")


def cut_roads_of_corse() -> None:
    """The links in Castagniccia, both ways, without those from where one cannot come back."""
    name = "corse/corse_routes_osm.gpkg"
    source = ogr.Open(str(WHOLE / name))
    rows = [
        (feature.GetFID(), feature["from_node"], feature["to_node"])
        for feature in source.GetLayerByName("routes")
        if _inside(feature, CASTAGNICCIA)
    ]
    fid, tail, head = (np.array(column) for column in zip(*rows))
    nodes, number = np.unique(np.concatenate((tail, head)), return_inverse=True)
    tail, head = number[: len(tail)], number[len(tail) :]
    graph = coo_matrix((np.ones(len(tail)), (tail, head)), shape=(len(nodes),) * 2)
    _count, part = connected_components(graph, connection="strong")
    largest = np.bincount(part).argmax()
    kept = set(fid[(part[tail] == largest) & (part[head] == largest)].tolist())
    cut_layer(name, "routes", lambda feature: feature.GetFID() in kept)


def cut_communes_of_corse() -> None:
    """Those of which the middle lies in Castagniccia."""
    name = "corse/corse_communes.geojson"
    document = json.loads((WHOLE / name).read_text(encoding="utf-8"))
    west, south, east, north = Transformer.from_crs(2154, 4326, always_xy=True).transform_bounds(*CASTAGNICCIA)
    middles = [ogr.CreateGeometryFromJson(json.dumps(one["geometry"])).Centroid() for one in document["features"]]
    document["features"] = [
        feature
        for feature, middle in zip(document["features"], middles)
        if west <= middle.GetX() <= east and south <= middle.GetY() <= north
    ]
    (EXTRACTS / name).write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def cut_marseille() -> None:
    name = "bdtopo/marseille10/bdtopo_marseille10.gpkg"
    cut_layer(name, "troncon_de_route", lambda feature: _inside(feature, AROUND_BANS))
    cut_layer(name, "non_communication", lambda feature: True)


def cut_cells_of_albi() -> None:
    """The cells nearest to the middle of all."""
    name = "filosofi/albi/albi_carreaux_200m.geojson"
    document = json.loads((WHOLE / name).read_text(encoding="utf-8"))
    corners = np.array([feature["geometry"]["coordinates"][0][0] for feature in document["features"]])
    far = np.hypot(*((corners - corners.mean(axis=0)) * (np.cos(np.radians(43.9)), 1.0)).T)
    order = np.sort(np.argsort(far, kind="stable")[:CELLS_OF_ALBI])
    document["features"] = [document["features"][row] for row in order.tolist()]
    (EXTRACTS / name).parent.mkdir(parents=True, exist_ok=True)
    (EXTRACTS / name).write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def cut_olemps() -> None:
    """The first fifty buildings and cells."""
    for name in ("BATIMENT", "population"):
        path = f"bdtopo/olemps-12174/{name}.shp"
        gdal.VectorTranslate(str(EXTRACTS / path), str(WHOLE / path), limit=50)


def cut_roads_of_monaco() -> None:
    """The ways with `highway`, their nodes, and the turn restrictions of which all members are there."""
    try:
        import osmium
    except ImportError:
        print("osmium is not here: osm/monaco.osm.pbf is left as it is")
        return
    source, to = str(WHOLE / "osm" / "monaco.osm.pbf"), EXTRACTS / "osm" / "monaco.osm.pbf"
    kept: dict[str, set[int]] = {"n": set(), "w": set(), "r": set()}
    for way in osmium.FileProcessor(source, osmium.osm.WAY):
        if "highway" in way.tags:
            kept["w"].add(way.id)
            kept["n"].update(node.ref for node in way.nodes)
    for relation in osmium.FileProcessor(source, osmium.osm.RELATION):
        is_restriction = relation.tags.get("type", "").startswith("restriction")
        if is_restriction and all(member.ref in kept[member.type] for member in relation.members):
            kept["r"].add(relation.id)
    to.unlink(missing_ok=True)
    with osmium.SimpleWriter(osmium.io.File(str(to), "pbf,add_metadata=false")) as writer:
        for one in osmium.FileProcessor(source):
            if one.id in kept.get(one.type_str(), ()):
                writer.add(one)


def _is_listed(row: list[str]) -> bool:
    """A France services of the départements, one of the first, or one with several addresses in a cell."""
    return row[1] in DEPARTEMENTS or int(row[0]) < 100 or row[10].count("@") > 1


def _inside(feature: ogr.Feature, box: tuple[float, float, float, float]) -> bool:
    west, east, south, north = feature.GetGeometryRef().GetEnvelope()
    return box[0] <= west and east <= box[2] and box[1] <= south and north <= box[3]


def main() -> None:
    for path in EXTRACTS.rglob("*"):
        if path.is_file() and path.name not in ("README.md", "monaco.osm.pbf"):
            path.unlink()
    copy_small_files()
    cut_list("admin/communes-cog2026.csv", lambda row: row[2] in DEPARTEMENTS)
    cut_list("services/france-services_liste-fs-20240801.csv", _is_listed)
    cut_roads_of_corse()
    cut_communes_of_corse()
    cut_marseille()
    cut_cells_of_albi()
    cut_olemps()
    cut_roads_of_monaco()


if __name__ == "__main__":
    main()
