"""A WFS of our own that behaves as the Géoplateforme's does (it is not a recording of it).

What it shares with the real one, as read in public clients: at most `cap` objects an answer and no word of it, no order
unless asked for, `hits` in XML whatever is asked, boxes whose axes depend on how the CRS is written and answer 0
objects when they are turned round, 400 for a property of another name, 500 for a filter with a box, errors in HTML and
XML, 429 with a time to wait, answers that stop in their middle or never come.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from pyproj import Transformer

FAULTS = ("stalled", "busy", "html", "error", "cut", "xml", "reset", "empty")


class Layer(NamedTuple):
    """A type: its GeoJSON features in ``crs`` (x first), their bounds (n, 4), its geometry's name, its edition."""

    features: list[dict[str, Any]]
    bounds: np.ndarray
    geometry: str
    crs: str = "EPSG:2154"
    edition: str = ""


def layer(features: list[dict[str, Any]], geometry: str = "geometrie", crs="EPSG:2154", edition="") -> Layer:
    """A type of the server."""
    bounds = np.array([_bounds(feature["geometry"]["coordinates"]) for feature in features]).reshape(-1, 4)
    return Layer(features, bounds, geometry, crs, edition)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Those who ask may go away: they are stopped in the middle."""


class GeoplateformeLike:
    """The server. ``share`` of the answers are spoiled, by a seeded draw; ``asked`` counts requests of each kind."""

    def __init__(self, layers: dict[str, Layer], cap: int = 5000, share: float = 0.0, seed: int = 1) -> None:
        self.layers, self.cap, self.share = layers, cap, share
        self.stall_seconds, self.delay = 0.6, 0.0
        self.asked: Counter[str] = Counter()
        self.spoiled: Counter[str] = Counter()
        self.most_at_once = self._at_once = 0
        self._random, self._lock = random.Random(seed), threading.Lock()
        self._fates: list[bool] = []
        self.address = ""

    @contextmanager
    def running(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):  # noqa: N802
                with outer._lock:
                    outer._at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer._at_once)
                try:
                    outer._serve(self)
                finally:
                    with outer._lock:
                        outer._at_once -= 1

            def log_message(self, *_arguments):
                pass

        server = _Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        self.address = f"http://127.0.0.1:{server.server_address[1]}/wfs/ows"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    # -- answering ----------------------------------------------------------------------------------------------------

    def _is_spoiled(self) -> bool:
        """Drawn without putting back: as many of each ten, whatever the order in which threads ask."""
        if not self._fates:
            self._fates = [rank < round(10 * self.share) for rank in range(10)]
            self._random.shuffle(self._fates)
        return self._fates.pop()

    def _serve(self, handler) -> None:
        params = {name.upper(): value for name, value in parse_qsl(urlsplit(handler.path).query)}
        time.sleep(self.delay)
        with self._lock:
            fault = self._random.choice(FAULTS) if self._is_spoiled() else ""
            if fault:
                self.spoiled[fault] += 1
        if fault == "stalled":
            time.sleep(self.stall_seconds)
            handler.close_connection = True
            return
        if fault == "reset":
            handler.close_connection = True
            handler.connection.close()
            return
        if fault == "busy":
            _send(handler, 429, b"<html><body>Too many requests</body></html>", "text/html", {"Retry-After": "0"})
            return
        if fault in ("html", "error"):
            _send(handler, 200 if fault == "html" else 504, b"<html><body>Gateway</body></html>", "text/html")
            return
        if fault == "xml":
            _send(handler, 200, _exception("java.lang.RuntimeException"), "application/xml")
            return
        status, body, kind = self.answer(params)
        if fault == "empty" and params.get("RESULTTYPE") != "hits" and b'"features"' in body[:40]:
            body = json.dumps({"features": [], "numberMatched": 0, "numberReturned": 0}).encode()
        _send(handler, status, body, kind, cut=fault == "cut")

    def answer(self, params: dict[str, str]) -> tuple[int, bytes, str]:
        """Status, body and kind of the answer to a request, unspoiled."""
        if params.get("REQUEST") == "GetCapabilities":
            self.asked["capabilities"] += 1
            return 200, self._capabilities(), "application/xml"
        known = self.layers.get(params.get("TYPENAMES", ""))
        if known is None:
            return 400, _exception("Feature type unknown"), "application/xml"
        if "CQL_FILTER" in params and "BBOX" in params:
            return 500, _exception("bbox and cql_filter are mutually exclusive"), "application/xml"
        found = self._within(known, params.get("BBOX"))
        if params.get("RESULTTYPE") == "hits":
            self.asked["hits"] += 1
            text = f'<wfs:FeatureCollection numberMatched="{len(found)}" numberReturned="0"/>'
            return 200, text.encode(), "application/xml"
        self.asked["pages"] += 1
        return self._page(known, params, found)

    def _page(self, known: Layer, params: dict[str, str], found: np.ndarray) -> tuple[int, bytes, str]:
        wanted = params["PROPERTYNAME"].split(",") if "PROPERTYNAME" in params else None
        names = {known.geometry, *(known.features[0]["properties"] if known.features else ())}
        if wanted and not names.issuperset(wanted):
            return 400, _exception("Requested property not available"), "application/xml"
        if "SORTBY" in params:
            found = np.array(sorted(found, key=lambda row: known.features[row]["properties"][params["SORTBY"]]))
        else:
            with self._lock:
                found = np.array(self._random.sample(list(found), len(found)))
        start = int(params.get("STARTINDEX", 0))
        chosen = found[start : start + min(int(params.get("COUNT", self.cap)), self.cap)]
        move = _mover(known.crs, params.get("SRSNAME", known.crs))
        features = [_given(known.features[int(row)], wanted, known.geometry, move) for row in chosen]
        body = {"type": "FeatureCollection", "features": features, "numberMatched": len(found)}
        return 200, json.dumps(body | {"numberReturned": len(features)}).encode(), "application/json"

    def _within(self, known: Layer, box: str | None) -> np.ndarray:
        if not box or not len(known.bounds):
            return np.arange(len(known.features))
        *numbers, crs = box.split(",")
        a, b, c, d = map(float, numbers)
        # As GeoServer takes it: x first, but for the long names of EPSG, which keep the authority's order.
        west, south, east, north = (b, a, d, c) if crs.startswith("urn:") else (a, b, c, d)
        code = "EPSG:" + crs.rpartition(":")[2]
        if code != known.crs:
            to_own = Transformer.from_crs(code, known.crs, always_xy=True)
            west, south, east, north = to_own.transform_bounds(west, south, east, north)
        own = known.bounds
        return np.flatnonzero((own[:, 0] <= east) & (own[:, 2] >= west) & (own[:, 1] <= north) & (own[:, 3] >= south))

    def _capabilities(self) -> bytes:
        types = "".join(
            f"<FeatureType><Name>{name}</Name><Abstract>{name} – {known.edition}</Abstract></FeatureType>"
            for name, known in self.layers.items()
        )
        return f"<?xml version='1.0'?><wfs:WFS_Capabilities>{types}</wfs:WFS_Capabilities>".encode()


def _send(handler, status: int, body: bytes, kind: str, headers: dict | None = None, cut: bool = False) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2] if cut else body)
    if cut:
        handler.close_connection = True
        handler.wfile.flush()


def _exception(words: str) -> bytes:
    return f"<ows:ExceptionReport><ows:ExceptionText>{words}</ows:ExceptionText></ows:ExceptionReport>".encode()


def _given(feature: dict[str, Any], wanted: list[str] | None, geometry: str, move) -> dict[str, Any]:
    properties = feature["properties"]
    if wanted:
        properties = {name: properties[name] for name in wanted if name != geometry}
    shape = feature["geometry"]
    if move is not None:
        shape = {"type": shape["type"], "coordinates": _moved(shape["coordinates"], move)}
    return {"type": "Feature", "geometry": shape, "geometry_name": geometry, "properties": properties}


def _mover(own: str, asked: str):
    code = "EPSG:" + asked.rpartition(":")[2]
    return None if code == own else Transformer.from_crs(own, code, always_xy=True).transform


def _moved(part, move):
    if isinstance(part[0], list):
        return [_moved(inside, move) for inside in part]
    return [*move(part[0], part[1]), *part[2:]]


def _bounds(part) -> tuple[float, float, float, float]:
    points = np.array(list(_points(part)))
    return (*points.min(axis=0), *points.max(axis=0))


def _points(part):
    if isinstance(part[0], (list, tuple)):
        for inside in part:
            yield from _points(inside)
    else:
        yield part[0], part[1]
