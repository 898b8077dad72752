"""The shared definition of a public service, whichever base its record comes from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple, Union

from .messages import Message

MODALITES = ("fixe", "permanence", "itinerant")
ACCESSIBILITES = ("ACC", "DEM", "NAC", "")
PRECISIONS = ("adresse", "voie", "commune", "inconnue")


@dataclass(frozen=True)
class Service:
    """One place where one public service is given. Columns are those of the shared schema; positions are EPSG:4326.

    Personal data (people's names, direct lines) is never part of it.
    """

    id: str
    nom: str
    categorie: str
    producteur: str = ""
    id_producteur: str = ""
    siret: str = ""
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    code_insee: str = ""
    telephone: str = ""
    courriel: str = ""
    site_web: str = ""
    horaires: str = ""
    modalite: str = "fixe"
    accessibilite: str = ""
    precision_position: str = "inconnue"
    date_maj: str = ""
    version: str = ""
    url: str = ""
    anomalie: str = ""
    lon: float | None = None
    lat: float | None = None


SERVICE_COLUMNS = tuple(f.name for f in fields(Service) if f.name not in ("lon", "lat"))


class Rejected(NamedTuple):
    """A record that could not become a `Service`: why, and the record as it was received."""

    raison: Message
    brut: str


ServiceRecord = Union[Service, Rejected]
