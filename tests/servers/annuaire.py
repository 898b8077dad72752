"""The Annuaire's `/records` and `/exports/json` over a few records of our own, in the form of the DILA's."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


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

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            start, most = int(asked.get("offset", 0)), int(asked.get("limit", 10))
            page = {"total_count": len(records), "results": records[start : start + most]}
            body = json.dumps(records if parts.path.endswith("/exports/json") else page).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = "api/explore/v2.1/catalog/datasets/api-lannuaire-administration"
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{path}"
    finally:
        server.shutdown()
        server.server_close()
