"""Where an input comes from, for the report's list of sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .french import jour

OSM = "© les contributeurs d'OpenStreetMap, ODbL 1.0"
BDTOPO = "IGN, BD TOPO®, Licence Ouverte 2.0"
INSEE = "Insee, Licence Ouverte 2.0"
DILA = "Service-Public.gouv.fr / DILA, Annuaire de l'administration, Licence Ouverte 2.0"
_BY_COLUMN = (
    ({"osm_id", "osm_way_id", "osm_type", "highway"}, OSM),
    ({"cleabs", "id_bdtopo", "cleabs_de_l_objet"}, BDTOPO),
    ({"idcar_200m", "idcar_1km", "ind_snv", "i_est_200", "p21_pop", "p20_pop", "pmun", "iris", "ind_80p"}, INSEE),
    ({"insee_com", "insee_dep", "siren_epci", "nom_officiel"}, "IGN, ADMIN EXPRESS, Licence Ouverte 2.0"),
)
_PRODUCERS = {
    "BDTOPO": "IGN, BD TOPO®",
    "ADMINEXPRESS": "IGN, ADMIN EXPRESS",
    "INSEE": "Insee, Filosofi",
}
"""By how the names of their types begin."""
_BY_PRESET = {"osm": OSM, "geofabrik": OSM, "bdtopo": BDTOPO}


def source_by_columns(columns: Collection[str]) -> str:
    """The producer that names its columns so; empty when none is known to."""
    names = {column.lower() for column in columns}
    return next((source for known, source in _BY_COLUMN if known & names), "")


def source_by_preset(preset: str) -> str:
    """The producer of the roads that a preset reads; empty for roads of any other kind."""
    return _BY_PRESET.get(preset, "")


def source_line(role: str, said: str, columns: Collection[str], name: str, producers: Collection[str] = ()) -> str:
    """« Routes : … »: what the input says of itself, else what its columns or its producers tell, else its name."""
    known = said or source_by_columns(columns) or (DILA if "dila" in producers else "")
    return f"{role} : {known or f'couche « {name} », source non renseignée'}"


def edition_line(role: str, rows: Collection[Mapping[str, Any]], *types: str) -> str:
    """« Routes : IGN, BD TOPO® (troncon_de_route), édition 2026-06-15, lu le 27/11/2026, Licence Ouverte 2.0 ».

    ``rows``: the table `sources` of a prepared territory; ``types``: those of the role, by the ends of their names.
    Empty where there is none.
    """
    row = next((row for kind in types for row in rows if str(row["quoi"]).rpartition(":")[2] == kind), None)
    if row is None:
        return ""
    what = str(row["quoi"])
    producer = next((words for start, words in _PRODUCERS.items() if what.startswith(start)), "")
    kind = what.rpartition(":")[2]
    name = f"{producer} ({kind})" if producer else str(row["adresse"])
    edition = f"édition {row['edition']}" if row["edition"] else ""
    read_on = f"lu le {jour(str(row['date_lecture']))}" if row["date_lecture"] else ""
    return f"{role} : {', '.join(filter(None, (name, edition, read_on, row['licence'])))}"
