"""A server on loopback that answers what a test tells it to, faults included."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer:
    """A status, headers and a body; ``announced`` replaces the true Content-Length (None: none at all)."""

    def __init__(self, body=b"", status=200, headers=None, announced=True, content_type="application/geo+json"):
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.headers, self.announced = status, dict(headers or {}), announced
        self.content_type = content_type


class FaultyServer:
    """``answers``: a function from (path with query, headers) to an `Answer`. ``requests``: what came."""

    def __init__(self, answer):
        self.requests: list[tuple[str, dict]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                given = answer(self.path, self.headers)
                self.send_response(given.status)
                self.send_header("Content-Type", given.content_type)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                if given.announced is True:
                    self.send_header("Content-Length", str(len(given.body)))
                elif given.announced is not None:
                    self.send_header("Content-Length", str(given.announced))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(given.body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def feature(id="s1", lon=3.5, lat=44.5, **properties):
    """A feature of the contract, in Lozère."""
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    values = {"id": id, "nom": f"Mairie {id}", "categorie": "mairie", "code_insee": "48095", **properties}
    return {"type": "Feature", "geometry": geometry, "properties": values}


def page(features, next_url=None, matched=None):
    """A page of features."""
    links = [{"rel": "next", "href": next_url}] if next_url else []
    document = {"type": "FeatureCollection", "features": features, "links": links}
    return document if matched is None else {**document, "numberMatched": matched}
