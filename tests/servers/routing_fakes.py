"""Isochrone servers of the tests' own, for what real ones cannot be asked: obeying a limit under faults at will.

One server speaks the three contracts. It refuses, and remembers, every request beyond its limit; with ``faults`` it
answers a share of requests with 429, 500, 503, a page of HTML, half an answer, or a closed connection.
Points with a latitude above 80 have no road near.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections import Counter, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class RoutingServer:
    """Context manager; `url` is the base address for the engine."""

    def __init__(
        self,
        limit: tuple[int, float] | None = None,
        faults: float = 0.0,
        daily_quota: int | None = None,
        version: str = "2026-10-01",
        delay: float = 0.0,
        refuse: int = 0,
        retry_after: str = "0",
        seed: int = 1,
    ) -> None:
        self.refuse, self.retry_after = refuse, retry_after
        self.limit, self.faults, self.daily_quota, self.version, self.delay = limit, faults, daily_quota, version, delay
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.requests: list[tuple[float, str]] = []
        self.beyond_limit = 0
        self.answered: Counter[tuple] = Counter()
        """How often each contour (point, cutoff) was answered in full."""
        self._recent: deque[float] = deque()
        self._count_of_day = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> RoutingServer:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._http.shutdown()
        self._http.server_close()

    def admit(self, path: str) -> str:
        """What becomes of a request: "answer", "limit", "quota", or a fault."""
        with self.lock:
            now = time.monotonic()
            self.requests.append((now, path))
            if self.limit:
                count, period = self.limit
                while self._recent and self._recent[0] <= now - period:
                    self._recent.popleft()
                self._recent.append(now)
                if len(self._recent) > count:
                    self.beyond_limit += 1
                    return "limit"
            if self.daily_quota is not None and self._count_of_day >= self.daily_quota:
                return "quota"
            if "isochrone" in path and self.random.random() < self.faults:
                return self.random.choice(["429", "500", "503", "html", "half", "reset"])
            self._count_of_day += 1
            return "answer"


def _handler(server: RoutingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._serve(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._serve(self.path, json.loads(body))

        def _serve(self, path: str, asked: dict[str, Any]) -> None:
            fate = server.admit(path)
            time.sleep(server.delay)
            if fate in ("limit", "429"):
                return self._send(429, b"<html>Too many requests</html>", {"Retry-After": server.retry_after})
            if server.refuse:
                return self._send_json(server.refuse, {"error": "refused"})
            if fate == "quota":
                return self._send_json(403, {"error": "Daily quota reached or API key unauthorized"})
            if fate in ("500", "503"):
                return self._send(int(fate), b"<html>oops</html>")
            if fate == "html":
                return self._send(200, b"<html>a portal</html>")
            if fate == "reset":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return None
            status, content, contours = _answer(path, asked, server.version)
            if fate == "half":
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
                return None
            with server.lock:
                server.answered.update(contours)
            return self._send_json(status, content)

        def _send_json(self, status: int, content: Any) -> None:
            self._send(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

        def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _answer(path: str, asked: dict[str, Any], version: str) -> tuple[int, Any, list[tuple]]:
    if path == "/getcapabilities":
        return 200, _CAPABILITIES, []
    if path == "/status":
        return 200, {"version": "3.9.1", "tileset_last_modified": version}, []
    if path == "/isochrone" and "point" in asked:
        return _geoplateforme(asked, version)
    if path == "/isochrone":
        return _valhalla(asked)
    if path.startswith("/v2/isochrones/"):
        return _openrouteservice(asked, version)
    return 404, {"error": "Not found"}, []


def _geoplateforme(asked, version):
    lon, lat = (float(part) for part in asked["point"].split(","))
    if lat > 80:
        return 404, {"error": {"errorType": "notFound", "message": "No path found"}}, []
    cost = float(asked["costValue"])
    shape = square(lon, lat, cost) if cost >= 10 else {"type": "Point", "coordinates": [lon, lat]}
    return 200, {**asked, "resourceVersion": version, "geometry": shape}, [(lon, lat, cost)]


def _valhalla(asked):
    place = asked["locations"][0]
    if place["lat"] > 80:
        return 400, {"error_code": 171, "error": "No suitable edges near location", "status_code": 400}, []
    features, contours = [], []
    for contour in reversed(asked["contours"]):
        ((metric, value),) = contour.items()
        shape = square(place["lon"], place["lat"], value)
        about = {"contour": value, "metric": metric}
        features.append({"type": "Feature", "properties": about, "geometry": shape})
        contours.append((place["lon"], place["lat"], value))
    return 200, {"type": "FeatureCollection", "features": features}, contours


def _openrouteservice(asked, version):
    bad = next((number for number, place in enumerate(asked["locations"]) if place[1] > 80), None)
    if bad is not None:
        message = f"Could not find routable point within a radius of 350.0 meters of specified coordinate {bad}"
        return 404, {"error": {"code": 3099, "message": message}}, []
    if len(asked["locations"]) > 5 or len(asked["range"]) > 10:
        return 400, {"error": {"code": 3004, "message": "too many"}}, []
    features, contours = [], []
    for number, (lon, lat) in enumerate(asked["locations"]):
        for value in asked["range"]:
            about = {"group_index": number, "value": float(value)}
            features.append({"type": "Feature", "properties": about, "geometry": square(lon, lat, value)})
            contours.append((lon, lat, value))
    metadata = {"engine": {"version": "9.1", "graph_date": version}}
    return 200, {"type": "FeatureCollection", "metadata": metadata, "features": features}, contours


def square(lon: float, lat: float, size: float) -> dict[str, Any]:
    """A polygon around the point that grows with the cutoff."""
    half = 1e-3 * size
    far = 1.5 * half
    corners = [(-half, -half), (far, -half), (far, half), (-half, half), (-half, -half)]
    return {"type": "Polygon", "coordinates": [[[lon + dx, lat + dy] for dx, dy in corners]]}


_CAPABILITIES = {
    "resources": [
        {
            "id": "bdtopo-valhalla",
            "availableOperations": [
                {
                    "id": "isochrone",
                    "availableParameters": [{"id": "costValue", "values": {"min": 1, "max": 36000}}],
                }
            ],
        }
    ]
}
