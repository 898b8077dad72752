"""Rows written into copies of the field's package, as the programs of the field do."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carto_services_publics.core.field.package import FILE
from carto_services_publics.core.services import Service
from osgeo import ogr

SERVICES = [
    Service(
        id=f"s{n}", nom=f"Mairie {n}", categorie="mairie", producteur="dila", commune="Corte", code_insee="2B096",
        telephone="0495460000", horaires="Mo-Fr 09:00-12:00", version=f"v{n}", lon=9.15 + n / 100, lat=42.30,
    )
    for n in range(3)
]  # fmt: skip


def copy_of(package: Path, folder: Path, *rows: Mapping[str, Any]) -> Path:
    """A copy of a package in a folder of its own, with these rows; ``at`` is a place in the CRS of the package."""
    folder.mkdir(parents=True)
    path = Path(shutil.copy(package, folder / FILE))
    write_rows(path, rows)
    return path


def write_rows(path: Path, rows: tuple[Mapping[str, Any], ...]) -> None:
    """Rows of corrections, through GDAL."""
    source = ogr.Open(str(path), update=1)
    write_into(source, *rows)
    del source


def write_into(source: ogr.DataSource, *rows: Mapping[str, Any]) -> None:
    """Rows of corrections, into a file that stays open."""
    layer = source.GetLayerByName("corrections")
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in row.items():
            if name != "at":
                feature[name] = value
        if "at" in row:
            feature.SetGeometry(ogr.CreateGeometryFromWkt("POINT ({} {})".format(*row["at"])))
        assert layer.CreateFeature(feature) == 0
