"""Files of the producers in place of the service: known by their columns, read a row at a time, cut to a box.

A delivery of BD TOPO (GeoPackage, Shapefile), ADMIN EXPRESS, INSEE's cells of the whole country (GeoPackage, CSV).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from osgeo import ogr

from ..coordinates import Box, Transform, read_crs
from ..errors import CartoError
from ..network.source import RoadSource, field_names, opened
from ..progress import Progress
from ..vector_files import open_vector
from ..wfs.service import moved_coordinates
from .datasets import BUILDINGS, CELL_KEYS, CELLS, COMMUNES, EPCI, ROADS, TURN_BANS, ZONES, Dataset
from .inhabitants import cell_centre, cell_key, lowered

_EVERY = 5000
_SHORT = {
    "id": "cleabs",
    "insee_com": "code_insee",
    "nom": "nom_officiel",
    "siren_epci": "codes_siren_des_epci",
    "insee_dep": "code_insee_du_departement",
    "insee_reg": "code_insee_de_la_region",
    "nb_logts": "nombre_de_logements",
    "usage1": "usage_1",
    "usage2": "usage_2",
    "etat": "etat_de_l_objet",
    "nat_detail": "nature_detaillee",
    "sens": "sens_de_circulation",
    "vit_moy_vl": "vitesse_moyenne_vl",
    "acces_vl": "acces_vehicule_leger",
    "acces_ped": "acces_pieton",
    "pos_sol": "position_par_rapport_au_sol",
    "nb_voies": "nombre_de_voies",
    "largeur": "largeur_de_chaussee",
    "prive": "prive",
    "urbain": "urbain",
    "date_maj": "date_modification",
}
"""Names of the Shapefiles, as the GeoPackage and the service call them."""
_SIGNS: tuple[tuple[Dataset, tuple[str, ...]], ...] = (
    (ROADS, ("cleabs", "nature", "sens_de_circulation", "vitesse_moyenne_vl")),
    (TURN_BANS, ("cleabs", "lien_vers_troncon_entree")),
    (BUILDINGS, ("cleabs", "usage_1", "nombre_de_logements")),
    (ZONES, ("cleabs", "nature", "nature_detaillee", "toponyme", "categorie")),
    (EPCI, ("cleabs", "code_siren", "nature")),
    (COMMUNES, ("code_insee", "nom_officiel", "population")),
)


class UnknownFile(CartoError):
    """A file that is none of those a territory is made of."""


class Dropped(NamedTuple):
    """A file (and its layer) that stands for a type of the service."""

    dataset: Dataset
    path: Path
    layer: str = ""


def recognise_file(path: Path) -> list[Dropped]:
    """What a file holds of what a territory is made of. Raises `UnknownFile`."""
    if path.suffix.lower() in (".csv", ".txt") and _is_cells(set(_csv_columns(path))):
        return [Dropped(CELLS, path)]
    found = []
    try:
        dataset = open_vector(path)
        for number in range(dataset.GetLayerCount()):
            layer = dataset.GetLayer(number)
            known = _dataset_of({_full(name) for name in field_names(layer)}, layer.GetName())
            if known is not None:
                found.append(Dropped(known, path, layer.GetName()))
    except (OSError, RuntimeError, CartoError) as error:
        raise UnknownFile("{path} cannot be read: {cause}", path=str(path), cause=str(error)) from error
    if not found:
        raise UnknownFile(
            "{path} holds neither roads, buildings nor communes of IGN (BD TOPO, ADMIN EXPRESS), nor cells of INSEE.",
            path=str(path),
        )
    return found


def _dataset_of(columns: set[str], layer: str) -> Dataset | None:
    if _is_cells(columns):
        return CELLS
    if "vitesse_moyenne_vl" in columns or "acces_vehicule_leger" in columns:
        return ROADS if "nature" in columns else None
    fits = [dataset for dataset, signs in _SIGNS if columns.issuperset(signs) and _may_be(dataset, layer.lower())]
    return fits[0] if fits else None


def _may_be(dataset: Dataset, layer: str) -> bool:
    """Whether a layer's name does not gainsay: seats of communes and joined tables have the columns of communes."""
    if dataset not in (COMMUNES, EPCI):
        return True
    return dataset.layer.rstrip("s") in layer and not re.search(r"che?f_?lieu", layer)


def _is_cells(columns: set[str]) -> bool:
    return "ind" in columns and "men" in columns and bool(columns & set(CELL_KEYS))


def _full(name: str) -> str:
    return _SHORT.get(name.lower(), name.lower())


def rows_of(dropped: Dropped, box: Box, crs: str, progress: Progress) -> Iterator[dict[str, Any]]:
    """Objects of a file that meet a box, one by one: GeoJSON features in ``crs`` with the service's names."""
    if dropped.path.suffix.lower() in (".csv", ".txt"):
        yield from _cells_of_csv(dropped.path, box, crs, progress)
        return
    with opened(RoadSource(str(dropped.path), dropped.layer)) as layer:
        yield from _features(layer, box, crs, progress)


def _features(layer: ogr.Layer, box: Box, crs: str, progress: Progress) -> Iterator[dict[str, Any]]:
    reference = layer.GetSpatialRef()
    own = crs if reference is None else reference.ExportToWkt()
    there, back = Transform(crs, own), Transform(own, crs)
    layer.SetSpatialFilterRect(*there.box(*box))
    moves = there.source != there.target and not _same(own, crs)
    for number, feature in enumerate(layer):
        if number % _EVERY == 0:
            progress.check()
        shape = feature.GetGeometryRef()
        geometry = None if shape is None else json.loads(shape.ExportToJson(["COORDINATE_PRECISION=9"]))
        if geometry and moves:
            geometry["coordinates"] = moved_coordinates(geometry["coordinates"], back.points)
        properties = {_full(name): value for name, value in feature.items().items()}
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def _same(own: str, crs: str) -> bool:
    return read_crs(own).equals(read_crs(crs), ignore_axis_order=True)


def _cells_of_csv(path: Path, box: Box, crs: str, progress: Progress) -> Iterator[dict[str, Any]]:
    west, south, east, north = box
    transforms: dict[str, Transform] = {}
    with closing(path.open(encoding="utf-8-sig", newline="")) as lines:
        rows = csv.DictReader(lines, delimiter=_delimiter(path))
        for number, row in enumerate(rows):
            if number % _EVERY == 0:
                progress.check()
            properties = lowered(row)
            centre = cell_centre(cell_key(properties), transforms, crs)
            if centre and west <= centre[0] <= east and south <= centre[1] <= north:
                yield {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": list(centre)},
                    "properties": properties,
                }


def _csv_columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return [name.strip().strip('"').lower() for name in lines.readline(1 << 16).split(_delimiter(path))]


def _delimiter(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        first = lines.readline(1 << 16)
    return max((",", ";", "\t"), key=first.count)
