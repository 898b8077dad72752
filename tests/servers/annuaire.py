"""The Annuaire's `/records` and `/exports/json` over a few records of our own, in the form of the DILA's."""

from __future__ import annotations

import json
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from .faults import as_json, stub


def record(id: str, pivot: str, code: str, longitude: float, latitude: float, name: str) -> dict:
    """A record as the API writes it: JSON in texts, numbers as texts."""
    address = {"type_adresse": "Adresse", "numero_voie": "1 rue Droite", "code_postal": f"{code[:2]}000"}
    address |= {"nom_commune": "–", "longitude": str(longitude), "latitude": str(latitude), "accessibilite": "ACC"}
    return {
        "id": id,
        "nom": name,
        "code_insee_commune": code,
        "pivot": json.dumps([{"type_service_local": pivot, "code_insee_commune": [code]}]),
        "adresse": json.dumps([address]),
        "statut_de_diffusion": "true",
    }


@contextmanager
def running(records: list[dict]):
    """The address of the API, while it runs."""

    def answer(handler, _body):
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        start, most = int(asked.get("offset", 0)), int(asked.get("limit", 10))
        page = {"total_count": len(records), "results": records[start : start + most]}
        return as_json(records if parts.path.endswith("/exports/json") else page)

    with stub(answer) as url:
        yield f"{url}/api/explore/v2.1/catalog/datasets/api-lannuaire-administration"
