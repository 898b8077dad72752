"""Real OGC API – Features servers for tests: QGIS Server on a GeoPackage or on PostGIS, pygeoapi on PostGIS."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.scripts.registry import CORRECTION_FIELDS, Layer, registry, serve
from osgeo import ogr, osr

__all__ = [
    "CORRECTION_FIELDS",
    "Layer",
    "correction_rows",
    "items",
    "make_geopackage",
    "registry",
    "serve",
    "serve_postgis",
]


def make_geopackage(path: Path, services: Iterable[Service]) -> Path:
    """A GeoPackage whose layer `services` has the contract's columns."""
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    layer = source.CreateLayer("services", crs, ogr.wkbPoint)
    for name in SERVICE_COLUMNS:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    source.StartTransaction()
    for service in services:
        feature = ogr.Feature(layer.GetLayerDefn())
        for name in SERVICE_COLUMNS:
            feature[name] = getattr(service, name)
        if service.lon is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({service.lon} {service.lat})"))
        layer.CreateFeature(feature)
    source.CommitTransaction()
    return path


def correction_rows(geopackage: Path) -> list[dict[str, Any]]:
    """The corrections in a GeoPackage, read from the file and not from the server."""
    with sqlite3.connect(f"file:{geopackage}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM corrections ORDER BY fid")]


def change_service(geopackage: Path, service_id: str, values: Mapping[str, str]) -> None:
    """Someone else's edit, made behind the server's back."""
    source = ogr.Open(str(geopackage), update=1)
    layer = source.GetLayerByName("services")
    layer.SetAttributeFilter(f"id = '{service_id}'")
    feature = layer.GetNextFeature()
    for name, value in values.items():
        feature[name] = value
    layer.SetFeature(feature)


def remove_service(geopackage: Path, service_id: str) -> None:
    """A service that its producer took away."""
    source = ogr.Open(str(geopackage), update=1)
    layer = source.GetLayerByName("services")
    layer.SetAttributeFilter(f"id = '{service_id}'")
    layer.DeleteFeature(layer.GetNextFeature().GetFID())


def items(base_url: str, collection: str, **params: str) -> list[dict[str, Any]]:
    """Features of a collection, as the server gives them."""
    answer = requests.get(f"{base_url}/collections/{collection}/items", params=params, timeout=30)
    answer.raise_for_status()
    return answer.json()["features"]


@contextmanager
def serve_postgis(database: Any):
    """QGIS Server on the tables `services` and `corrections` of a `postgis.Database`; gives the base URL."""
    layers = [
        Layer(
            "services",
            f'{database.qgis_uri} key=\'id\' type=Point srid=4326 table="public"."services" (geom)',
            "postgres",
        ),
        Layer(
            "corrections",
            f'{database.qgis_uri} key=\'uuid\' type=Point srid=4326 table="public"."corrections" (geom)',
            "postgres",
            writable=True,
        ),
    ]
    with serve(layers) as base_url:
        yield base_url
