"""FINESS, the register of health and social establishments: its CSV until May 2026, and its JSON since."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ...categories import from_producer
from ...messages import msg
from ...services import Rejected, Service, ServiceRecord
from ...territories import is_known
from ...versions import clean
from ..crs import transform
from ..jsontext import stream_items
from ..places import place_of
from ..positions import examine, is_near
from ..records import build_service, converted, reject
from .schemas import precision_of
from .text import TextFile, is_broken

PRODUCER = "finess"

# Order of the fields of a `structureet` line, after that word (description of the file etalab_cs1100507).
_STRUCTURE = (
    "nofinesset",
    "nofinessej",
    "rs",
    "rslongue",
    "complrs",
    "compldistrib",
    "numvoie",
    "typvoie",
    "voie",
    "compvoie",
    "lieuditbp",
    "commune",
    "departement",
    "libdepartement",
    "ligneacheminement",
    "telephone",
    "telecopie",
    "categetab",
    "libcategetab",
    "categagretab",
    "libcategagretab",
    "siret",
    "codeape",
    "codemft",
    "libmft",
    "codesph",
    "libsph",
    "dateouv",
    "dateautor",
    "datemaj",
    "numuai",
)
_CODED_SYSTEM = re.compile(r"\b(2154|5490|4467|2972|2975|4471|32[67]\d\d|3163)\b")
_UTM = re.compile(r"UTM[ _]?(?:ZONE[ _]?)?(?:([NS])[ _]?(\d{1,2})|(\d{1,2})[ _]?([NS]))(?!\d)")
_LEGAL_SYSTEMS = {"N20": 5490, "N22": 2972, "S38": 4471, "S40": 2975}
"""UTM zones for which the overseas territory there has a system of its own; the others are WGS 84's."""

_SYSTEM_OF_TERRITORY = {
    **dict.fromkeys(("971", "972", "977", "978"), "EPSG:5490"),
    "973": "EPSG:2972",
    "974": "EPSG:2975",
    "975": "EPSG:4467",
    "976": "EPSG:4471",
    "986": "EPSG:32701",
    "987": "EPSG:32706",
    "988": "EPSG:3163",
}
_OVERSEAS_97 = "ABCDEF"
_SEPARATE_ISLANDS = {"97123": "97701", "97127": "97801"}
"""Communes of Guadeloupe until 2007, collectivities since: Saint-Barthélemy, Saint-Martin."""

_GEOGRAPHICAL = "03"
_COMMUNE_KEY = 5


class _Place(NamedTuple):
    lon: Any
    lat: Any
    notes: tuple[str, ...] = ()


def read_legacy(file: TextFile, places: TextFile) -> Iterator[ServiceRecord]:
    """The CSV without header: `structureet` lines joined to the `geolocalisation` lines that follow them all.

    The file is read twice: ``places`` first, of which positions alone are kept.
    """
    with places:
        positions = dict(_positions(places))
    with file:
        for number, line in enumerate(file.lines(), 1):
            if number % 2000 == 0:
                file.advance()
            if not line.startswith("structureet;"):
                if number > 1 and line.strip() and not line.startswith("geolocalisation;"):
                    yield reject(msg("It is neither a structure nor a position."), line)
                continue
            if is_broken(line):
                yield reject(msg("Its text is not valid UTF-8."), line)
                continue
            cells = next(csv.reader([line], delimiter=";"))[1:]
            if len(cells) < len(_STRUCTURE) - 1:
                reason = msg(
                    "It has {found} columns instead of {expected}.", found=len(cells), expected=len(_STRUCTURE)
                )
                yield reject(reason, line)
                continue
            row = dict(zip(_STRUCTURE, cells))
            yield legacy_service(row, positions.get(row["nofinesset"], _Place(None, None)))


def legacy_service(row: Mapping[str, str], place: _Place) -> Service | Rejected:
    """A `structureet` line as a service."""
    street = _joined(row["numvoie"], row["typvoie"], row["voie"], row["compvoie"])
    postcode, _blank, town = row["ligneacheminement"].partition(" ")
    values = {
        "id": f"finess-{row['nofinesset']}" if row["nofinesset"] else "",
        "nom": row["rslongue"] or row["rs"],
        "categorie": _category(row["categetab"]),
        "producteur": PRODUCER,
        "id_producteur": row["nofinesset"],
        "siret": row["siret"],
        "adresse": ", ".join(filter(None, (street, row["lieuditbp"].strip()))),
        "code_postal": postcode,
        "commune": town,
        "code_insee": insee_code(row["departement"], row["commune"]),
        "telephone": row["telephone"],
        "precision_position": precision_of(street),
        "date_maj": row["datemaj"],
    }
    return build_service(values, place.lon, place.lat, notes=place.notes)


def insee_code(department: str, commune: str) -> str:
    """`01` and `004` are `01004`; overseas (`9A`…`9F` and others, `97x`, `98x`) the digits follow `97` or `98`.

    Saint-Barthélemy and Saint-Martin have the codes they have had since they left Guadeloupe.
    """
    department, commune = department.strip().upper(), commune.strip()
    if not department or not commune:
        return ""
    if re.fullmatch(r"9[A-Z]", department):
        digits = commune[-3:].zfill(3)
        code = f"97{digits}"
        if department[1] not in _OVERSEAS_97 and (is_known(f"98{digits}") or not is_known(code)):
            code = f"98{digits}"
    elif re.fullmatch(r"9[78]\d", department):
        code = department[:2] + commune[-3:] if len(commune) >= 3 else department + commune.zfill(2)
    else:
        code = department + commune[-3:].zfill(3)
    return _SEPARATE_ISLANDS.get(code, code)


def _positions(file: TextFile) -> Iterator[tuple[str, _Place]]:
    for line in file.lines():
        if line.startswith("geolocalisation;"):
            cells = line.rstrip("\r\n").split(";")
            if len(cells) >= 5:
                yield cells[1], projected_place(cells[2], cells[3], cells[4])


def projected_place(x: str, y: str, source: str) -> _Place:
    """A position in the system that its own line names. Exchanged axes are known by their size, and put back."""
    system = _system(source.upper())
    try:
        a, b = float(x.replace(",", ".")), float(y.replace(",", "."))
    except ValueError:
        return _Place(None, None) if not x.strip() or not y.strip() else _Place("?", "?")
    if not system:
        return _Place("?", "?")
    if a == 0.0 and b == 0.0:
        return _Place(0.0, 0.0)
    if _exchanged(a, b):
        return _Place(*transform(b, a, system), ("axes_retablis",))
    return _Place(*transform(a, b, system))


def _system(source: str) -> str:
    """The reference system that a line names, by its code or in words; empty for one that is not known."""
    coded = _CODED_SYSTEM.search(source)
    if coded:
        return f"EPSG:{coded[1]}"
    if re.search(r"LAMBERT[ _-]?(93\b|93_)", source):
        return "EPSG:2154"
    if re.search(r"LAMBERT[ _-]?NC", source):
        return "EPSG:3163"
    named = _UTM.search(source)
    if not named:
        return ""
    half, zone = named[1] or named[4], int(named[2] or named[3])
    return f"EPSG:{_LEGAL_SYSTEMS.get(f'{half}{zone}') or (32600 if half == 'N' else 32700) + zone}"


def _exchanged(x: float, y: float) -> bool:
    """In these systems an easting is under 1.3 million metres and a northing above (Guyane's apart: undecidable)."""
    return abs(x) > 1_300_000 > abs(y)


# -- one line a place, with a header ----------------------------------------------------------------------------------


def named_legacy_service(row: Mapping[str, str]) -> Service | Rejected:
    """A line of the old file to which somebody gave a header, its position in the same line."""
    columns = dict.fromkeys(_STRUCTURE, "")
    columns.update({name: clean(row[name]) for name in _STRUCTURE if name in row})
    columns["datemaj"] = columns["datemaj"] or clean(row.get("maj"))
    x, y = clean(row.get("coordxet")), clean(row.get("coordyet"))
    place = projected_place(x, y, clean(row.get("sourcecoordet"))) if x or y else _Place(*place_of(row))
    return legacy_service(columns, place)


def consolidated_service(row: Mapping[str, Any]) -> Service | Rejected:
    """A line of the consolidated table (`t-finess`): establishments and legal persons, open and closed."""
    number = _finess_number(row.get("finess"))
    facts = {"finess": number, "type": row.get("type"), "etat": row.get("etat")}
    if clean(row.get("type")).upper() == "EJ":
        return reject(msg("It is a legal person, not a place."), facts)
    if clean(row.get("etat")).upper()[:4] in ("OBSO", "FERM", "CADU"):
        return reject(msg("It is closed."), facts)
    street = _joined(*(row.get(f"adresse_{part}") for part in ("num_voie", "comp_voie", "type_voie", "nom_voie")))
    place = _Place(row.get("geoloc_4326_long"), row.get("geoloc_4326_lat"))
    if not clean(place.lon) or not clean(place.lat):
        place = _legal_place(row)
    town = clean(row.get("adresse_lib_routage"))
    commune = clean(row.get("com_code"))
    values = {
        "id": f"finess-{number}" if number else "",
        "nom": row.get("rs") or row.get("et_rs"),
        "categorie": _category(clean(row.get("categ_code"))),
        "producteur": PRODUCER,
        "id_producteur": number,
        "siret": row.get("siret"),
        "adresse": ", ".join(filter(None, (street, clean(row.get("adresse_lieuditbp"))))),
        "code_postal": row.get("adresse_code_postal"),
        "commune": town.partition(" ")[2] if town[:5].isdigit() else town,
        "code_insee": insee_code(commune[:2], commune[2:]) if len(commune) == 5 else commune,
        "telephone": row.get("telephone"),
        "precision_position": precision_of(street),
        "date_maj": row.get("date_maj_finess") or row.get("date_maj"),
    }
    return build_service(values, place.lon, place.lat, notes=place.notes)


def _legal_place(row: Mapping[str, Any]) -> _Place:
    for prefix in ("geoloc_legal", "geoloc"):
        x, y = clean(row.get(f"{prefix}_x")), clean(row.get(f"{prefix}_y"))
        if x and y:
            return projected_place(x, y, clean(row.get(f"{prefix}_projection")))
    return _Place(None, None)


def _finess_number(value: Any) -> str:
    number = clean(value)
    return number.zfill(9) if number.isdigit() and len(number) == 8 else number


# -- since 2026 -----------------------------------------------------------------------------------------------------


def read_structures(file: TextFile) -> Iterator[ServiceRecord]:
    """`finess-structures-1`: legal persons (`pmej`), and inside each its geographical establishments (`ege`)."""
    with file:
        for number, item in enumerate(stream_items(file.chunks(), "pmej"), 1):
            if number % 500 == 0:
                file.advance()
            establishments = item.value.get("ege")
            if item.broken:
                yield reject(msg("Its text is not valid UTF-8."), establishments)
                continue
            for establishment in establishments if isinstance(establishments, list) else ():
                yield converted(structure_service, establishment)


def structure_service(ege: Any) -> Service | Rejected:
    """A geographical establishment as a service."""
    if not isinstance(ege, Mapping):
        return reject(msg("It is not an establishment."), ege)
    facts = ege.get("informationsGeneralesEGE") or {}
    number = clean(facts.get("numFinessEge"))
    state = ege.get("etatObjet")
    if facts.get("dateFermeture") or (state[0] if isinstance(state, list) and state else state) == "I":
        return reject(msg("It is closed."), {"numFinessEge": number, "dateFermeture": facts.get("dateFermeture")})
    address = _geographical_address(ege)
    coordinates = address.get("coordonneesGeographique") or {}
    commune = clean(address.get("cogCommune"))
    commune = insee_code(commune[:2], commune[2:]) if len(commune) == 5 else commune
    place = place_by_size(coordinates, commune)
    street = _joined(address.get("numeroVoie"), address.get("typeVoie"), address.get("libelleVoie"))
    key = clean(coordinates.get("cleInInteropBAN"))
    contacts = (c.get("telecom") for c in ege.get("contact") or [] if isinstance(c, Mapping))
    telecom: Mapping[str, Any] = next(filter(None, contacts), {})
    line = clean(address.get("ligneAcheminement"))
    values = {
        "id": f"finess-{number}" if number else "",
        "nom": facts.get("nomEgeLong") or facts.get("nomEgeCourt"),
        "categorie": _category(clean(ege.get("categorieentiteGeographiqueExercice"))),
        "producteur": PRODUCER,
        "id_producteur": number,
        "siret": facts.get("siret"),
        "adresse": street,
        "code_postal": address.get("codePostal") or line.partition(" ")[0],
        "commune": line.partition(" ")[2] if line[:5].isdigit() else line,
        "code_insee": commune,
        "telephone": telecom.get("telephone"),
        "courriel": telecom.get("courriel"),
        "precision_position": "commune" if len(key) == _COMMUNE_KEY else precision_of(street),
        "date_maj": ege.get("dateDerniereMaj"),
    }
    return build_service(values, place.lon, place.lat, notes=place.notes)


def place_by_size(coordinates: Mapping[str, Any], code_insee: str = "") -> _Place:
    """The position among two pairs that should be projected and geographical, and are mostly exchanged.

    Sizes tell degrees from metres (https://github.com/ansforge/finess/issues/24); overseas, the commune tells the
    system of the metres.
    """
    pairs = (
        (coordinates.get("directionLongitude"), coordinates.get("directionLatitude")),
        (coordinates.get("coordonneeX"), coordinates.get("coordonneeY")),
    )
    projected: tuple[float, float] | None = None
    for x, y in pairs:
        position = examine(x, y, "")
        if position.lon is not None:
            return _Place(x, y)
        numbers = _numbers(x, y)
        projected = numbers if numbers and numbers != (0.0, 0.0) else projected
    if projected is None:
        given = [value for pair in pairs for value in pair if clean(value)]
        return _Place(*pairs[0]) if given else _Place(None, None)
    x, y = projected
    system = _SYSTEM_OF_TERRITORY.get(code_insee[:3])
    if system:
        places = (_Place(*transform(x, y, system)), _Place(*transform(y, x, system), ("axes_retablis",)))
        return next((one for one in places if is_near(one.lon, one.lat, code_insee)), _Place("?", "?"))
    if _exchanged(x, y):
        return _Place(*transform(y, x, "EPSG:2154"), ("axes_retablis",))
    return _Place(*transform(x, y, "EPSG:2154")) if 6e6 < y < 7.2e6 else _Place("?", "?")


def _numbers(x: Any, y: Any) -> tuple[float, float] | None:
    try:
        return float(x), float(y)
    except (TypeError, ValueError, OverflowError):
        return None


def _geographical_address(ege: Mapping[str, Any]) -> Mapping[str, Any]:
    addresses = [one for one in ege.get("adresse") or [] if isinstance(one, Mapping)]
    of_place = (one for one in addresses if clean(one.get("usageAdresse")) == _GEOGRAPHICAL)
    return next(of_place, addresses[0] if addresses else {})


def _category(own_code: str) -> str:
    category = from_producer(PRODUCER, own_code)
    return category.code if category else "autre"


def _joined(*parts: Any) -> str:
    return " ".join(filter(None, map(clean, parts)))
