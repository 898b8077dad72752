"""Records of producers whose fields say what they hold: one function a schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ...categories import categories, from_producer
from ...hours_sources import Converted, from_anct, from_french_text, from_osm
from ...messages import msg
from ...services import Rejected, Service
from ...versions import clean
from ..places import degrees_of, place_of
from ..records import build_service, reject

_LISTED = re.compile(r"""(["'])(.*?)\1|([^,"']+)""")
"""The items of a list written as text, quoted or not."""

DAYS = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi", "h_dimanche")


def france_services(row: Mapping[str, Any]) -> Service | Rejected:
    """A line of the list of France services (ANCT)."""
    hours = _anct_hours(tuple(clean(row.get(day)) for day in DAYS))
    place = clean(row.get("format_fs")).lower()
    moving = "itinerant" if "bus" in place else "permanence" if "multisite" in place else "fixe"
    number = clean(row.get("id_fs"))
    street = clean(row.get("adresse"))
    values = {
        "id": f"anct-{number}" if number else "",
        "nom": row.get("lib_fs"),
        "categorie": "france_services",
        "producteur": "anct",
        "id_producteur": number,
        "adresse": _joined(street, row.get("complement_adresse")),
        "code_postal": row.get("code_postal"),
        "commune": row.get("lib_com"),
        "code_insee": row.get("insee_com"),
        "telephone": row.get("telephone"),
        "courriel": row.get("mail"),
        "horaires": hours.horaires,
        "modalite": moving,
        "precision_position": precision_of(street),
    }
    return build_service(values, row.get("longitude"), row.get("latitude"), notes=hours.notes)


def data_inclusion(row: Mapping[str, Any]) -> Service | Rejected:
    """A structure of data.inclusion (schema v0 or v1)."""
    hours = from_osm(clean(row.get("horaires_accueil") or row.get("horaires_ouverture")))
    street = clean(row.get("adresse"))
    own_codes = [*_several(row.get("reseaux_porteurs")), *_several(row.get("typologie"))]
    values = {
        **_common(row, street),
        "producteur": "data_inclusion",
        "categorie": _category("data_inclusion", own_codes),
        "siret": row.get("siret"),
        "courriel": row.get("courriel"),
        "horaires": hours.horaires,
        "url": row.get("lien_source"),
    }
    return build_service(values, row.get("longitude"), row.get("latitude"), notes=hours.notes)


def mediation_numerique(row: Mapping[str, Any]) -> Service | Rejected:
    """A place of digital support (schema national, 1.0.2); several values are parted by `|`."""
    hours = from_osm(clean(row.get("horaires")))
    street = clean(row.get("adresse"))
    moving = [value.lower() for value in _several(row.get("itinerance"))]
    values = {
        **_common(row, street),
        "producteur": "mediation_numerique",
        "categorie": _category("mediation_numerique", _several(row.get("typologie")), "numerique"),
        "siret": row.get("pivot"),
        "courriel": next(iter(_several(row.get("courriels") or row.get("courriel"))), ""),
        "horaires": hours.horaires,
        "modalite": "itinerant" if moving and all("itin" in value for value in moving) else "fixe",
    }
    return build_service(values, row.get("longitude"), row.get("latitude"), notes=hours.notes)


def gendarmerie(row: Mapping[str, Any]) -> Service | Rejected:
    """A unit of the list of gendarmeries open to the public."""
    hours = from_french_text(clean(row.get("horaires_accueil")))
    number = clean(row.get("identifiant_public_unite"))
    street = clean(row.get("voie"))
    values = {
        "id": f"gendarmerie-{number}" if number else "",
        "nom": row.get("service"),
        "categorie": "gendarmerie",
        "producteur": "gendarmerie",
        "id_producteur": number,
        "adresse": street,
        "code_postal": row.get("code_postal"),
        "commune": row.get("commune"),
        "code_insee": row.get("code_commune_insee"),
        "telephone": row.get("telephone"),
        "horaires": hours.horaires,
        "precision_position": precision_of(street),
        "url": row.get("url"),
    }
    return build_service(values, row.get("geocodage_x_GPS"), row.get("geocodage_y_GPS"), notes=hours.notes)


_NOT_FOR_VISITORS = {
    *("Centre de tri postal", "Gendarmerie mobile", "Gendarmerie aérienne", "Gendarmerie d'autoroute"),
    *("Gendarmerie motorisée", "Gendarmerie nautique", "Police d'autoroute", "Hôpital militaire"),
}
"""`nature_detaillee` of BD TOPO that its `nature` would make a service of."""


def interest_zone(row: Mapping[str, Any]) -> Service | Rejected:
    """A zone of activity or interest of BD TOPO, under the names of the service or of the Shapefile."""
    zone = {str(name).lower(): value for name, value in row.items()}
    number = clean(zone.get("cleabs") or zone.get("id"))
    nature = clean(zone.get("nature"))
    detail = clean(zone.get("nature_detaillee") or zone.get("nat_detail"))
    category = _category("bdtopo", [] if detail in _NOT_FOR_VISITORS else [detail, nature])
    if category == "autre":
        return reject(msg("“{nature}” is no public service.", nature=detail or nature), dict(row))
    state = clean(zone.get("etat_de_l_objet") or zone.get("etat"))
    if state and state.lower() != "en service":
        return reject(msg("It is not in service ({state}).", state=state), dict(row))
    values = {
        "id": f"bdtopo-{number}" if number else "",
        "nom": clean(zone.get("nom_commercial") or zone.get("nomcommerc") or zone.get("toponyme")) or detail or nature,
        "categorie": category,
        "producteur": "bdtopo",
        "id_producteur": number,
        "adresse": zone.get("adresse_postale"),
        "commune": zone.get("commune"),
        "code_insee": zone.get("insee_commune") or zone.get("insee_com"),
        "precision_position": "adresse",
    }
    return build_service(values, zone.get("lon"), zone.get("lat"))


def contract(row: Mapping[str, Any]) -> Service | Rejected:
    """A line whose columns are the contract's own, in capitals or not, with its position in columns (`places`)."""
    if "nom" not in row:
        row = {str(name).lower(): value for name, value in row.items()}
    return build_service(row, *place_of(row), without_id="id" not in row)


class Mapped:
    """A shape of one's own: which field feeds which column. A field written ``="text"`` is that text for all rows."""

    def __init__(self, mapping: tuple[tuple[str, str], ...]) -> None:
        self._constants = {column: field[2:].strip('"') for column, field in mapping if field.startswith('="')}
        self._fields = {column: field for column, field in mapping if column not in self._constants}

    def __call__(self, row: Mapping[str, Any]) -> Service | Rejected:
        missing = [field for field in self._fields.values() if field not in row]
        if missing:
            return reject(msg("It has no field “{field}”.", field=missing[0]), dict(row))
        values = {**self._constants, **{column: row[field] for column, field in self._fields.items()}}
        hours = from_osm(clean(values.get("horaires")))
        values["horaires"] = hours.horaires
        values["categorie"] = known_category(clean(values.get("categorie")))
        lon, lat = place_of(row)
        place = degrees_of(values.get("lon", lon), values.get("lat", lat))
        return build_service(values, *place, notes=hours.notes, without_id="id" not in values)


def known_category(code: str) -> str:
    """The table's category of a code: its own, or that of any producer; codes of nobody stay as they are."""
    if not code or code in categories():
        return code
    return _any_producer().get(code, code)


def precision_of(street: str) -> str:
    """How precise a position can be when the address is this street line."""
    if not street:
        return "commune"
    return "adresse" if any(character.isdigit() for character in street) else "voie"


@lru_cache(maxsize=20_000)
def _anct_hours(days: tuple[str, ...]) -> Converted:
    return from_anct(dict(zip(DAYS, days)))


@lru_cache(maxsize=1)
def _any_producer() -> dict[str, str]:
    return {
        own: category.code for category in categories().values() for codes in category.codes.values() for own in codes
    }


def _common(row: Mapping[str, Any], street: str) -> dict[str, Any]:
    """Columns that data.inclusion and médiation numérique share."""
    return {
        "id": row.get("id"),
        "id_producteur": row.get("id"),
        "nom": row.get("nom"),
        "adresse": _joined(street, row.get("complement_adresse")),
        "code_postal": row.get("code_postal"),
        "commune": row.get("commune"),
        "code_insee": row.get("code_insee"),
        "telephone": row.get("telephone"),
        "site_web": next(iter(_several(row.get("site_web"))), ""),
        "date_maj": row.get("date_maj"),
        "precision_position": precision_of(street),
    }


def _category(producer: str, own_codes: list[str], otherwise: str = "autre") -> str:
    known = (from_producer(producer, code) for code in own_codes)
    return next((category.code for category in known if category), otherwise)


def _several(value: Any) -> list[str]:
    """Values parted by `|`, a list, or a list as JSON, Python or PostgreSQL write it (`["a"]`, `['a']`, `{a}`)."""
    if isinstance(value, list):
        parts: list[Any] = value
    else:
        text = clean(value)
        if re.fullmatch(r"\[.*\]|\{.*\}", text, re.DOTALL):
            parts = [quoted or bare for _quote, quoted, bare in _LISTED.findall(text[1:-1])]
        else:
            parts = text.split("|")
    return [text for text in map(clean, parts) if text]


def _joined(*parts: Any) -> str:
    return ", ".join(filter(None, map(clean, parts)))
