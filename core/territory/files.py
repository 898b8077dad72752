"""Files of the producers in place of the service: known by their columns, read a row at a time, cut to a box.

A delivery of BD TOPO (GeoPackage, Shapefile), ADMIN EXPRESS, INSEE's cells of the whole country (GeoPackage, CSV), as
they are, in a folder or in a zip.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import numpy as np
from osgeo import ogr

from ..coordinates import Box, Transform, read_crs
from ..damaged import UNREADABLE, bounded_lines
from ..errors import CartoError
from ..messages import msg
from ..network.source import RoadSource, field_names, opened
from ..progress import Progress
from ..vector_files import UnsafeFile, open_vector, raising_gdal
from ..wfs.service import moved_coordinates
from .archives import files_in
from .datasets import BUILDINGS, CELL_KEYS, CELLS, COMMUNES, EPCI, ROADS, TURN_BANS, ZONES, Dataset
from .inhabitants import cell_corner, cell_key

_EVERY = 5000
_TABLES = (".csv", ".txt")
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
    "date_maj": "date_modification",
    "it_vert": "itineraire_vert",
    "bus": "reserve_aux_bus",
    "fermeture": "periode_de_fermeture",
    "nat_restr": "nature_de_la_restriction",
    "restr_h": "restriction_de_hauteur",
    "restr_p": "restriction_de_poids_total",
    "restr_lar": "restriction_de_largeur",
    "nom_coll_g": "nom_collaboratif_gauche",
    "nom_coll_d": "nom_collaboratif_droite",
    "inseecom_g": "insee_commune_gauche",
    "inseecom_d": "insee_commune_droite",
    "numero": "cpx_numero",
    "id_tr_ent": "lien_vers_troncon_entree",
    "id_tr_sor": "liens_vers_troncon_sortie",
    "leger": "construction_legere",
    "nomcommerc": "nom_commercial",
    "code_post": "code_postal",
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


def recognise_file(path: Path, unfolded: Path, progress: Progress = Progress()) -> list[Dropped]:
    """What a file, folder or zip holds of what a territory is made of. A zip is unfolded under ``unfolded``.

    Raises `UnknownFile`, `UnreadableArchive`, `Cancelled`.
    """
    found: list[Dropped] = []
    try:
        inside = list(files_in(path, unfolded, progress))
        for file in inside:
            progress.check()
            try:
                found += _held_by(file)
            except (RuntimeError, UnsafeFile):
                if file == path:
                    raise
    except (OSError, RuntimeError, UnsafeFile) as error:
        raise UnknownFile("{path} cannot be read: {cause}", path=str(path), cause=str(error)) from error
    if not found:
        raise UnknownFile(
            "{path} holds neither roads, buildings nor communes of IGN (BD TOPO, ADMIN EXPRESS), nor cells of INSEE.",
            path=str(path),
        )
    return found


def _held_by(path: Path) -> list[Dropped]:
    """What one file holds."""
    if path.suffix.lower() in _TABLES:
        return [Dropped(CELLS, path)] if _is_cells(set(_csv_columns(path))) else []
    found = []
    with raising_gdal():
        dataset = open_vector(path)
        for number in range(dataset.GetLayerCount()):
            layer = dataset.GetLayer(number)
            known = _dataset_of({_full(name) for name in field_names(layer)}, layer.GetName())
            if known is not None:
                found.append(Dropped(known, path, layer.GetName()))
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
    if dropped.path.suffix.lower() in _TABLES:
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
        properties = {_full(name): value for name, value in feature.items().items()}
        geometry = None
        if not cell_corner(cell_key(properties)):  # a cell's name tells where it is
            shape = feature.GetGeometryRef()
            geometry = None if shape is None else json.loads(shape.ExportToJson(["COORDINATE_PRECISION=9"]))
        if geometry and moves:
            geometry["coordinates"] = moved_coordinates(geometry["coordinates"], back.points)
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def reach_of(files: Iterable[Dropped], crs: str) -> Box | None:
    """The bounds, in ``crs``, of all that layers hold; None where there is nothing."""
    found = []
    for dropped in files:
        with opened(RoadSource(str(dropped.path), dropped.layer)) as layer:
            if not layer.GetFeatureCount():
                continue
            west, east, south, north = layer.GetExtent()
            reference = layer.GetSpatialRef()
            own = crs if reference is None else reference.ExportToWkt()
        found.append(Transform(own, crs).box(west, south, east, north))
    if not found:
        return None
    low, high = np.array(found)[:, :2].min(axis=0), np.array(found)[:, 2:].max(axis=0)
    return (*low.tolist(), *high.tolist())


def _same(own: str, crs: str) -> bool:
    return read_crs(own).equals(read_crs(crs), ignore_axis_order=True)


def _cells_of_csv(path: Path, box: Box, crs: str, progress: Progress) -> Iterator[dict[str, Any]]:
    """Cells whose middle lies about the box, without a shape: their names tell where they are."""
    boxes: dict[str, Box] = {}
    nameless = 0
    with closing(path.open(encoding="utf-8-sig", errors="replace", newline="")) as lines:
        rows = _table_rows(lines, path)
        names = [name.strip().lower() for name in next(rows, [])]
        key = next(names.index(name) for name in CELL_KEYS if name in names)
        for number, row in enumerate(rows):
            if number % _EVERY == 0:
                progress.check()
            corner = cell_corner(row[key]) if len(row) > key else None
            if corner is None:
                nameless += 1
                continue
            if corner.crs not in boxes:
                boxes[corner.crs] = Transform(crs, corner.crs).box(*box)
            west, south, east, north = boxes[corner.crs]
            x, y = corner.middle
            if west <= x <= east and south <= y <= north:
                yield {"type": "Feature", "geometry": None, "properties": dict(zip(names, row))}
    if nameless:
        progress.warn(
            msg(
                "{count} row of {name} has no cell's name: it is left out."
                "|{count} rows of {name} have no cell's name: they are left out.",
                count=nameless,
                name=path.name,
            )
        )


def _table_rows(lines: TextIO, path: Path) -> Iterator[list[str]]:
    try:
        yield from csv.reader(bounded_lines(lines), delimiter=_delimiter(path))
    except UNREADABLE as error:
        raise UnknownFile("{path} cannot be read: {cause}", path=str(path), cause=str(error)) from error


def _csv_columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return [name.strip().strip('"').lower() for name in lines.readline(1 << 16).split(_delimiter(path))]


def _delimiter(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        first = lines.readline(1 << 16)
    return max((",", ";", "\t"), key=first.count)
