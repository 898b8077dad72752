"""The territories that the demo knows: what each asks for, and how its layers are made ready."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Callable, NamedTuple

from osgeo import gdal
from project import ROOT

EMBEDDED = ROOT / "resources" / "demo" / "demo.gpkg"
Run = Callable[..., "dict[str, Any]"]


class MissingData(RuntimeError):
    """The folder of real data is not here; the text says where it was looked for."""


class Prepared(NamedTuple):
    """The layers of a territory, as an algorithm takes them.

    Attributes:
        services: GeoPackage with the table `services`, for the registry to serve.
        roads: layer of roads.
        network: parameters of `buildnetwork`.
        zones: communes, with `code_insee` and `nom`.
        demand: makes the layer of demand (column `population`), given the junctions of the network.
        around: land to draw behind, where the zones are not all of it.
    """

    services: Path
    roads: str
    network: dict[str, Any]
    zones: str
    demand: Callable[[Path], str]
    around: str = ""


class Territory(NamedTuple):
    """A territory and the question asked of it.

    Attributes:
        basket: categories that people should all have near; the first one also gets isochrones.
        threshold: minutes within which they should.
        cell: side in metres of the cells that gap areas are made of.
        reach: metres from a road within which an isochrone counts a place as reached.
        access_title, gaps_title, beyond: the words of the map; ``beyond`` follows "… inhabitants live".
        extent: of the map, in EPSG:2154 (west, south, east, north); that of the zones when empty.
    """

    name: str
    title: str
    subtitle: str
    basket: tuple[str, ...]
    profile: str
    cutoffs: str
    threshold: int
    cell: int
    reach: int
    access_title: str
    gaps_title: str
    beyond: str
    attribution: str
    prepare: Callable[[Path, Run], Prepared]
    extent: tuple[float, ...] = ()


def prepare_riviera(folder: Path, run: Run) -> Prepared:
    """The embedded territory, from a copy: QGIS leaves its mark in the GeoPackages it opens."""
    copy = Path(shutil.copy(EMBEDDED, folder / "territoire.gpkg"))
    return Prepared(
        services=copy,
        roads=f"{copy}|layername=routes",
        network={"PRESET": "osm", "PROFILE": "foot"},
        zones=f"{copy}|layername=communes",
        demand=lambda nodes: f"{copy}|layername=demande",
        around=f"{copy}|layername=voisins",
    )


def prepare_corse(folder: Path, run: Run) -> Prepared:
    """France services from ANCT's file, roads with their times, commune populations spread over the junctions."""
    source = Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data")) / "corse"
    if not source.is_dir():
        raise MissingData(
            f"The data on Corse are not here: {source}. They are not part of the project; "
            "set CSP_TEST_DATA to the folder that holds them, or run the demo without TERRITORY."
        )
    # From a copy: SQLite writes beside what it reads, and the folder may be read-only.
    roads = Path(shutil.copy(source / "corse_routes_osm.gpkg", folder / "routes_source.gpkg"))
    minutes = folder / "routes.gpkg"
    sql = "SELECT geom, highway, osm_way_id, time_s / 60.0 AS minutes, 'direct' AS sens FROM routes"
    gdal.VectorTranslate(str(minutes), str(roads), SQLStatement=sql, SQLDialect="OGRSQL", layerName="routes")
    zones = folder / "communes.gpkg"
    gdal.VectorTranslate(str(zones), str(source / "corse_communes.geojson"), dstSRS="EPSG:2154", layerName="communes")
    services = folder / "france_services.gpkg"
    run(
        "cartoservices:loadservices",
        REGISTRY=source / "corse_france-services.csv",
        OUTPUT=f"ogr:dbname='{services}' table=\"services\" (geom)",
    )

    def spread(nodes: Path) -> str:
        demand = folder / "demande.gpkg"
        run(
            "cartoservices:spreadpopulation",
            ZONES=zones,
            WEIGHT="population",
            ZONE_ID="code_insee",
            SUPPORT=nodes,
            OUTPUT=demand,
            FAILED=folder / "communes_sans_carrefour.gpkg",
        )
        return str(demand)

    return Prepared(
        services=services,
        roads=str(minutes),
        network={
            "PRESET": "generic",
            "PROFILE": "car",
            "COST_FIELD": "minutes",
            "DIRECTION_FIELD": "sens",
            "VALUE_FORWARD": "direct",
        },
        zones=str(zones),
        demand=spread,
    )


TERRITORIES = {
    territory.name: territory
    for territory in (
        Territory(
            name="demo",
            title="Autour de Monaco : les services du quotidien à pied",
            subtitle="Beausoleil, Cap-d'Ail, Èze, Roquebrune-Cap-Martin et La Turbie",
            basket=("la_poste", "pharmacie"),
            profile="foot",
            cutoffs="5,10,15",
            threshold=10,
            cell=100,
            reach=100,
            access_title="Temps de marche jusqu'à La Poste",
            gaps_title="Où La Poste ou une pharmacie est à plus de 10 minutes à pied",
            beyond="n'ont pas La Poste et une pharmacie à moins de 10 minutes à pied",
            attribution="© les contributeurs d'OpenStreetMap (ODbL), 2016 ; IGN, INSEE, DILA (Licence Ouverte)",
            prepare=prepare_riviera,
            extent=(1050250, 6300300, 1061400, 6306780),
        ),
        Territory(
            name="corse",
            title="Corse : rejoindre une France services",
            subtitle="En voiture, aux 37 lieux de la liste du 1er août 2024",
            basket=("france_services",),
            profile="car",
            cutoffs="10,20,30",
            threshold=30,
            cell=1000,
            reach=800,
            access_title="Temps de route jusqu'à une France services",
            gaps_title="Où elle est à plus de 30 minutes",
            beyond="vivent à plus de 30 minutes de route d'une France services",
            attribution="© les contributeurs d'OpenStreetMap (ODbL) ; ANCT 2024, IGN, INSEE (Licence Ouverte)",
            prepare=prepare_corse,
        ),
    )
}
