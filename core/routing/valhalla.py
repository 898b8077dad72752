"""Valhalla's isochrone service, on the user's own server or a public one (contract of Valhalla 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from ..messages import Message, msg
from ..travel_modes import BIKE, CAR, FOOT
from .engines import TravelMode
from .online import Call, Contour, Limit, OnlineEngine, Reply, read_polygons

PUBLIC_SERVERS = {"valhalla1.openstreetmap.de"}
MOST_CONTOURS = 4
_NO_ROAD_NEAR = {170, 171, 442, 443}


class Valhalla(OnlineEngine):
    """Several contours of one point in a request. A server of one's own sets no limit, the public ones do."""

    name = "valhalla"
    costings = {CAR: "auto", FOOT: "pedestrian", BIKE: "bicycle"}
    limit = Limit(20, 1.0)
    threads = 4

    def limit_of(self, host: str) -> Limit:
        return Limit(1, 1.0) if host in PUBLIC_SERVERS else self.limit

    def calls(self, contours: list[Contour], travel: TravelMode) -> Iterator[Call]:
        for _, group in groupby(contours, key=lambda contour: contour.key):
            of_point = sorted(group, key=lambda contour: contour.cutoff)
            for start in range(0, len(of_point), MOST_CONTOURS):
                yield self._call(tuple(of_point[start : start + MOST_CONTOURS]), travel)

    def _call(self, contours: tuple[Contour, ...], travel: TravelMode) -> Call:
        content = {
            "locations": [{"lon": round(contours[0].lon, 7), "lat": round(contours[0].lat, 7)}],
            "costing": self.costings[travel.profile],
            "contours": [_contour(contour.cutoff, travel) for contour in contours],
            "polygons": True,
            "reverse": travel.direction == "arrival",
            # Islands and small holes are part of the answer.
            "denoise": 0,
            "generalize": 0,
        }
        return Call("POST", "/isochrone", content, contours)

    def read(self, call: Call, content: Any, travel: TravelMode) -> Reply:
        found: dict[float, bytes | None] = {}
        for feature in content["features"]:
            is_area = feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
            if is_area and not _is_nothing_but_the_point(feature["geometry"], call.contours[0]):
                found[float(feature["properties"]["contour"])] = read_polygons(feature["geometry"])
        nothing = msg("The server gives no area: it finds no road near this point, or reaches none within the cutoff.")
        results = {
            contour: found.get(float(_said_contour(contour.cutoff, travel))) or nothing for contour in call.contours
        }
        return Reply(results, "")

    def explain(self, status: int, content: Any) -> Message:
        if isinstance(content, dict) and content.get("error_code") in _NO_ROAD_NEAR:
            return msg("The server finds no road near this point for this profile.")
        if isinstance(content, dict) and "error" in content:
            said = f"{content['error']} ({content.get('error_code', status)})"
            return msg("{server} answers: {said}.", server=self.server, said=said)
        return msg("{server} answers with HTTP {status}.", server=self.server, status=status)

    def is_lasting(self, content: Any) -> bool:
        return isinstance(content, dict) and content.get("error_code") in _NO_ROAD_NEAR

    def version(self, check: Callable[[], None]) -> str:
        """Program and tiles of the server, asked each run: on one's own server they change at any time."""
        status = self.ask("/status", check)
        if not status:
            return self._cache.known(self.server, "version", float("inf")) or ""
        version = f"{status.get('version', '')} {status.get('tileset_last_modified', '')}".strip()
        self._cache.learn(self.server, "version", version)
        return version


def _is_nothing_but_the_point(geometry: dict[str, Any], contour: Contour) -> bool:
    """Whether it is the small disc, one cell of the server's grid, that stands for « no road near »."""
    rings = geometry["coordinates"] if geometry["type"] == "Polygon" else geometry["coordinates"][0]
    (outer, *holes) = rings
    if holes or len(outer) > 17 or (geometry["type"] == "MultiPolygon" and len(geometry["coordinates"]) > 1):
        return False
    lons, lats = zip(*outer)
    off_centre = max(abs((min(lons) + max(lons)) / 2 - contour.lon), abs((min(lats) + max(lats)) / 2 - contour.lat))
    return off_centre < 5e-6 and max(lons) - min(lons) < 0.002


def _contour(cutoff: float, travel: TravelMode) -> dict[str, float]:
    return {travel.metric: _said_contour(cutoff, travel)}


def _said_contour(cutoff: float, travel: TravelMode) -> float:
    """Minutes, or kilometres, as the server takes them."""
    return cutoff if travel.metric == "time" else cutoff / 1000
