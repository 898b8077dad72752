"""What a report says of its sources; of a prepared territory, with the editions and the days they were read on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from qgis.core import QgsFeatureRequest, QgsProviderRegistry, QgsVectorLayer

from ..core.errors import CartoError
from ..core.network import RoadSource
from ..core.network.errors import NetworkFileInvalid
from ..core.network.file import read_header
from ..core.registry.geopackage import sql
from ..core.report.sources import edition_line, source_by_preset, source_line
from ..core.territory import source_rows
from .attributes import as_text
from .qgis_enums import FeatureRequestFlag
from .roads import LayerRoads, Roads, source_of_network
from .styling import renderers

_COMPARED = 50
"""Rows of a result by which it is known whose it is."""


def sources_of(layers: dict[str, QgsVectorLayer | None], roads: Roads | None) -> list[str]:
    """A line for each input: as its territory's file says, else as it says itself, else as its columns tell."""
    roles = {"Services": layers["SERVICES"], "Habitants": layers["DEMAND"], "Zones": layers["COVERAGE"]}
    territory = _territory(filter(None, [_file_of(layers["SERVICES"]), _file_of_roads(roads)]))
    lines = []
    for role, layer in roles.items():
        if layer is not None:
            lines.append(_cited(role, layer, territory) or _source_of(role, layer))
    if roads:
        lines.append(_cited_roads(roads, territory) or _source_of_roads(roads))
    return lines


# -- a prepared territory ---------------------------------------------------------------------------------------------


def _territory(paths: Iterable[Path]) -> Path | None:
    """The first of the files that was made by « Préparer mon territoire »."""
    for path in paths:
        with suppress(CartoError, sqlite3.Error):
            if path.suffix.lower() == ".gpkg" and source_rows(path):
                return path
    return None


def _file_of(layer: QgsVectorLayer | None) -> Path | None:
    if layer is None or layer.providerType() != "ogr":
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    return Path(parts["path"]) if parts.get("path") else None


def _file_of_roads(roads: Roads | None) -> Path | None:
    source = source_of_network(roads) if isinstance(roads, Path) else roads
    return Path(source.path) if isinstance(source, RoadSource) else None


def _cited(role: str, layer: QgsVectorLayer, territory: Path | None) -> str:
    """The line of the territory's file for a layer that is of it; empty for any other."""
    if territory is None:
        return ""
    if role == "Services":
        return edition_line(role, source_rows(territory), "services") if _file_of(layer) == territory else ""
    column, table, key, kinds = {
        "Habitants": ("id", "demande", "id", ("carreaux_200m", "batiment")),
        "Zones": ("zone_id", "communes", "code_insee", ("commune",)),
    }[role]
    if _is_of(layer, column, territory, table, key):
        return edition_line(role, source_rows(territory), *kinds)
    return ""


def _cited_roads(roads: Roads, territory: Path | None) -> str:
    if territory is None or _file_of_roads(roads) != territory:
        return ""
    return edition_line("Routes", source_rows(territory), "troncon_de_route")


def _is_of(layer: QgsVectorLayer, column: str, territory: Path, table: str, key: str) -> bool:
    """Whether the layer's first rows are rows of a table of the file, by their identifiers."""
    if layer.fields().lookupField(column) < 0:
        return False
    request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry).setLimit(_COMPARED)
    names = {as_text(row[column]) for row in layer.getFeatures(request)} - {""}
    places = ", ".join("?" * len(names))
    try:
        address = f"{territory.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=1.0)) as database:
            rows = sql("FROM", f'"{table}"', "WHERE", f'"{key}"', "IN (", places, ")")
            asked = sql("SELECT count(DISTINCT", f'"{key}"', ")", rows)
            return bool(names) and database.execute(asked, list(names)).fetchone()[0] == len(names)
    except sqlite3.Error:
        return False


# -- anything else ----------------------------------------------------------------------------------------------------


def _source_of(role: str, layer: QgsVectorLayer) -> str:
    metadata = layer.metadata()
    said = f"{metadata.abstract()} {', '.join(metadata.licenses())}".strip()
    return source_line(role, said, layer.fields().names(), layer.name(), renderers.values_of(layer, "producteur"))


def _source_of_roads(roads: Roads) -> str:
    """Of a network file by the layer that it was made from, of a layer of roads by its fields."""
    said, layer = "", roads
    if isinstance(roads, Path):
        with suppress(NetworkFileInvalid):
            said = source_by_preset(read_header(roads)["network"]["report"]["preset"])
        layer = source_of_network(roads) or roads
    if isinstance(layer, LayerRoads):
        return source_line("Routes", said, layer.fields, layer.name)
    columns: list[str] = []
    if isinstance(layer, RoadSource):
        read = QgsVectorLayer(f"{layer.path}|layername={layer.layer}" if layer.layer else layer.path, "", "ogr")
        columns, layer = read.fields().names(), Path(layer.path)
    return source_line("Routes", said, columns, layer.stem)
