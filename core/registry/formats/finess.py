"""FINESS, the register of health and social establishments: its CSV until May 2026, and its JSON since."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ...categories import from_producer
from ...messages import msg
from ...services import Rejected, Service, ServiceRecord
from ...versions import clean
from ..crs import transform
from ..jsontext import stream_items
from ..positions import examine
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
_SYSTEMS = {
    "LAMBERT_93": "EPSG:2154",
    "UTM_N20": "EPSG:5490",
    "UTM_N22": "EPSG:2972",
    "UTM_S40": "EPSG:2975",
    "UTM_S38": "EPSG:4471",
    "UTM_N21": "EPSG:32621",
}
_SYSTEM = re.compile(r"LAMBERT_93|UTM_[NS]\d\d|\b(2154|5490|2972|2975|4471|32621)\b")
_OVERSEAS_DEPARTMENT = re.compile(r"9[A-F]$|97\d?$")
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
    """`01` and `004` are `01004`; overseas (`9A` … `9F`, or `97x`) the commune's three digits follow `97`."""
    department, commune = department.strip(), commune.strip()
    if not department or not commune:
        return ""
    if _OVERSEAS_DEPARTMENT.match(department):
        return "97" + commune[-3:].zfill(3)
    return department + commune.zfill(3)


def _positions(file: TextFile) -> Iterator[tuple[str, _Place]]:
    for line in file.lines():
        if line.startswith("geolocalisation;"):
            cells = line.rstrip("\r\n").split(";")
            if len(cells) >= 5:
                yield cells[1], projected_place(cells[2], cells[3], cells[4])


def projected_place(x: str, y: str, source: str) -> _Place:
    """A position in the system that its own line names. Exchanged axes are told by their size, and put back."""
    found = _SYSTEM.search(source.upper().replace("LAMBERT93", "LAMBERT_93"))
    system = _SYSTEMS.get(found[0], f"EPSG:{found[1]}" if found[1] else "") if found else ""
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


def _exchanged(x: float, y: float) -> bool:
    """In these systems an easting is under 1.3 million metres and a northing above (Guyane's apart: undecidable)."""
    return abs(x) > 1_300_000 > abs(y)


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
    place = place_by_size(coordinates)
    street = _joined(address.get("numeroVoie"), address.get("typeVoie"), address.get("libelleVoie"))
    key = clean(coordinates.get("cleInInteropBAN"))
    telecom = next(
        (c.get("telecom") for c in ege.get("contact") or [] if isinstance(c, Mapping) and c.get("telecom")), {}
    )
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
        "code_insee": address.get("cogCommune"),
        "telephone": telecom.get("telephone"),
        "courriel": telecom.get("courriel"),
        "precision_position": "commune" if len(key) == _COMMUNE_KEY else precision_of(street),
        "date_maj": ege.get("dateDerniereMaj"),
    }
    return build_service(values, place.lon, place.lat, notes=place.notes)


def place_by_size(coordinates: Mapping[str, Any]) -> _Place:
    """The position among two pairs that should be projected and geographical, and are mostly exchanged.

    Sizes tell degrees from metres (https://github.com/ansforge/finess/issues/24).
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
