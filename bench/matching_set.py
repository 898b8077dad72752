"""Labelled pairs of lists for matching: real records, disturbed as lists in collectivités are. Seeded.

The reference holds real town halls and France services in the form of the Annuaire (DILA); the local list holds the
same in another form, each row disturbed in one known way, some rows twice, some missing on either side. Town halls
have no phone in the data: they get one, and the larger communes a CCAS at the town hall's address, with its phone.
"""

from __future__ import annotations

import csv
import json
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from carto_services_publics.core.services import Service

MISSING_SHARE, DUPLICATE_SHARE = 0.08, 0.05


class LabelledSet(NamedTuple):
    """``truth``: for each local row, the reference row of the same service, -1 when the reference lacks it."""

    local: list[Service]
    reference: list[Service]
    truth: list[int]
    kinds: list[str]


def corse(data: Path, seed: int = 1) -> LabelledSet:
    """Town halls, CCAS and France services of Corsica."""
    return labelled([*town_halls(data, seed), *france_services(data / "corse" / "corse_france-services.csv")], seed)


def france(data: Path, seed: int = 1) -> LabelledSet:
    """All France services."""
    return labelled(france_services(data / "services" / "france-services_liste-fs-20240801.csv"), seed)


def labelled(services: list[Service], seed: int) -> LabelledSet:
    """Disturb a list of real services."""
    rng = random.Random(seed)
    reference, local, truth, kinds = [], [], [], []
    for rank, service in enumerate(services):
        fate = rng.random()
        if fate < MISSING_SHARE:
            reference.append(in_the_annuaire(service, rank))
            continue
        kind, disturb = rng.choice(DISTURBANCES)
        row = -1
        if fate < 2 * MISSING_SHARE:
            kind = "missing from the reference"
        else:
            row = len(reference)
            reference.append(in_the_annuaire(service, rank))
        local.append(disturb(own_form(service, rng), rng))
        truth.append(row)
        kinds.append(kind)
        if row >= 0 and rng.random() < DUPLICATE_SHARE:
            local.append(typos(abbreviated(own_form(service, rng), rng), rng))
            truth.append(row)
            kinds.append("second copy")
    order = rng.sample(range(len(local)), len(local))
    rows = [replace(local[place], id=f"l{number}") for number, place in enumerate(order)]
    return LabelledSet(rows, reference, [truth[place] for place in order], [kinds[place] for place in order])


# -- real records -----------------------------------------------------------------------------------------------------


def town_halls(data: Path, seed: int) -> list[Service]:
    rng = random.Random(seed)
    features = json.loads((data / "corse" / "corse_mairies.geojson").read_text(encoding="utf-8"))["features"]
    found = []
    for feature in features:
        properties = feature["properties"]
        street, _newline, town = properties["adresse"].partition("\n")
        lon, lat = feature["geometry"]["coordinates"]
        hall = Service(
            id="",
            nom=properties["nom"],
            categorie="mairie",
            adresse=street,
            code_postal=town[:5],
            commune=re.sub(r" cedex.*", "", town[6:], flags=re.I),
            code_insee=properties["code_insee"],
            telephone=phone(rng),
            site_web=properties["site"] or "",
            lon=lon,
            lat=lat,
        )
        found.append(hall)
        if properties["population"] > 1500:
            name = hall.nom.replace("Mairie", "Centre communal d'action sociale")
            found.append(replace(hall, nom=name, categorie="ccas", site_web=""))
    return found


def france_services(path: Path) -> list[Service]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Service(
            id="",
            nom=row["lib_fs"],
            categorie="france_services",
            adresse=", ".join(filter(None, (row["adresse"], row["complement_adresse"]))),
            code_postal=row["code_postal"],
            commune=row["lib_com"],
            code_insee=row["insee_com"],
            telephone=row["telephone"],
            courriel=row["mail"],
            modalite="itinerant" if row["format_fs"].startswith("Bus") else "fixe",
            lon=float(row["longitude"]) if row["longitude"] else None,
            lat=float(row["latitude"]) if row["latitude"] else None,
        )
        for row in rows
    ]


def in_the_annuaire(service: Service, rank: int) -> Service:
    """As the Annuaire writes it: « Mairie - Ajaccio », an identifier of its own."""
    name = re.sub(r"^(Mairie|France services|Centre communal d'action sociale) (?:d[eu']\s?)?", r"\1 - ", service.nom)
    return replace(service, id=f"00000000-0000-4000-8000-{rank:012d}", nom=name, producteur="dila")


def own_form(service: Service, rng: random.Random) -> Service:
    """As a list of one's own has it: no identifier, coordinates rounded or of another source, perhaps capitals."""
    lon, lat = service.lon, service.lat
    if lon is not None and lat is not None:
        lon, lat = round(lon + rng.gauss(0, 3e-4), 5), round(lat + rng.gauss(0, 2e-4), 5)
    name = service.nom.replace(
        "Centre communal d'action sociale", rng.choice(["CCAS", "Centre Communal d'Action Sociale"])
    )
    name = name.upper() if rng.random() < 0.3 else name
    number = service.telephone.replace(" ", rng.choice(["", ".", " "]))
    return replace(service, id="", nom=name, telephone=number, lon=lon, lat=lat)


# -- disturbances -----------------------------------------------------------------------------------------------------


def phone(rng: random.Random) -> str:
    return f"04 95 {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)}"


def as_it_is(service: Service, rng: random.Random) -> Service:
    return service


def typos(service: Service, rng: random.Random) -> Service:
    """A slip or two in the name, one in the address and in the commune now and then."""
    name = service.nom
    for _ in range(rng.choice((1, 1, 2))):
        name = slip(name, rng)
    commune = slip(service.commune, rng) if rng.random() < 0.3 else service.commune
    return replace(service, nom=name, adresse=slip(service.adresse, rng), commune=commune)


def slip(text: str, rng: random.Random) -> str:
    """One letter lost, doubled, changed or swapped with the next."""
    places = [place for place, letter in enumerate(text[:-1]) if letter.isalpha()]
    if not places:
        return text
    at = rng.choice(places)
    changed = {
        "lost": "",
        "doubled": text[at] * 2,
        "changed": rng.choice("aeinorstul"),
        "swapped": text[at + 1] + text[at],
    }
    how = rng.choice(list(changed))
    return text[:at] + changed[how] + text[at + (2 if how == "swapped" else 1) :]


SHORT = {
    "Saint": "St",
    "Sainte": "Ste",
    "Avenue": "av.",
    "Boulevard": "bd",
    "Place": "pl.",
    "Route": "rte",
    "Rue": "r.",
    "Chemin": "ch.",
    "Quartier": "quart.",
    "Général": "Gal",
    "Docteur": "Dr",
    "Maréchal": "Mal",
    "Lieu-dit": "ld",
    "Impasse": "imp.",
    "France services": "FS",
    "services": "service",
}


def abbreviated(service: Service, rng: random.Random) -> Service:
    """Short forms, no accents, often capitals."""
    name, street = service.nom, service.adresse
    for long, short in SHORT.items():
        name = re.sub(rf"\b{long}\b", short, name, flags=re.I)
        street = re.sub(rf"\b{long}\b", short, street, flags=re.I)
    if rng.random() < 0.5:
        name, street = without_accents(name).upper(), without_accents(street).upper()
    return replace(service, nom=name, adresse=street, commune=without_accents(service.commune).upper())


def without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def moved(service: Service, rng: random.Random) -> Service:
    """A new address in the commune, 200 m to 4 km away, the phone kept once in two."""
    street = (
        f"{rng.randint(1, 90)} {rng.choice(['rue des Écoles', 'avenue de la Gare', 'place du Marché', 'route Neuve'])}"
    )
    number = service.telephone if rng.random() < 0.5 else phone(rng)
    if service.lon is None or service.lat is None:
        return replace(service, adresse=street, telephone=number)
    angle, metres = rng.uniform(0, 6.283), rng.uniform(200, 4000)
    return shifted(replace(service, adresse=street, telephone=number), angle, metres)


def shifted(service: Service, angle: float, metres: float) -> Service:
    from math import cos, radians, sin

    lat = service.lat + metres * cos(angle) / 111_000
    lon = service.lon + metres * sin(angle) / (111_000 * cos(radians(service.lat)))
    return replace(service, lon=lon, lat=lat)


def renamed(service: Service, rng: random.Random) -> Service:
    """Another name for the same place."""
    names = {
        "mairie": [
            "Hôtel de ville",
            f"Commune de {service.commune}",
            "Mairie",
            f"Services municipaux de {service.commune}",
        ],
        "ccas": ["CCAS", "Action sociale", f"Pôle social de {service.commune}"],
        "france_services": [
            f"MSAP {service.commune}",
            f"Maison de services au public de {service.commune}",
            "Maison France Services",
            f"Guichet France Services {service.commune}",
        ],
    }
    return replace(service, nom=rng.choice(names[service.categorie]))


def without_position(service: Service, rng: random.Random) -> Service:
    return replace(service, lon=None, lat=None)


def misplaced(service: Service, rng: random.Random) -> Service:
    """A position 1 to 30 km off, as a twentieth of the town halls of the data have."""
    if service.lon is None:
        return service
    return shifted(service, rng.uniform(0, 6.283), rng.uniform(1000, 30_000))


def bare(service: Service, rng: random.Random) -> Service:
    """Name and commune only."""
    nothing = dict.fromkeys(("adresse", "telephone", "courriel", "site_web", "code_insee"), "")
    return replace(service, **nothing, lon=None, lat=None)


def without_codes(service: Service, rng: random.Random) -> Service:
    """No INSEE code, postcode inside the address."""
    address = f"{service.adresse} {service.code_postal} {service.commune}"
    return replace(service, code_insee="", code_postal="", commune="", adresse=address)


def shared_phone(service: Service, rng: random.Random) -> Service:
    """The switchboard of the intercommunality instead of the place's own number."""
    return replace(service, telephone=f"04 95 00 00 0{rng.randint(0, 3)}", courriel="", site_web="")


def several(service: Service, rng: random.Random) -> Service:
    return without_position(typos(abbreviated(service, rng), rng), rng)


Disturb = Callable[[Service, random.Random], Service]
DISTURBANCES: list[tuple[str, Disturb]] = [
    ("another form only", as_it_is),
    ("typos", typos),
    ("abbreviations", abbreviated),
    ("moved", moved),
    ("renamed", renamed),
    ("no position", without_position),
    ("wrong position", misplaced),
    ("name and commune only", bare),
    ("no INSEE code", without_codes),
    ("shared phone", shared_phone),
    ("typos, abbreviations, no position", several),
]
