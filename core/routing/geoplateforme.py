"""The Géoplateforme's isochrone service (IGN, no key), as its documentation and the Road2 server behind it say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..messages import Message, msg
from ..travel_modes import CAR, FOOT
from .engines import TravelMode
from .online import DAY, Call, Contour, Limit, OnlineEngine, Reply, read_polygons

SERVER = "https://data.geopf.fr/navigation"
RESOURCE = "bdtopo-valhalla"


class Geoplateforme(OnlineEngine):
    """5 requests a second for each address; beyond, the address is shut out for 5 seconds. One contour a request."""

    name = "geoplateforme"
    costings = {CAR: "car", FOOT: "pedestrian"}
    limit = Limit(5, 1.0)
    threads = 5

    def calls(self, contours: list[Contour], travel: TravelMode) -> Iterator[Call]:
        for contour in contours:
            content = {
                "point": f"{contour.lon:.7f},{contour.lat:.7f}",
                "resource": RESOURCE,
                "costType": travel.metric,
                "costValue": _server_value(contour.cutoff, travel),
                "timeUnit": "second",
                "distanceUnit": "meter",
                "profile": self.costings[travel.profile],
                "direction": travel.direction,
                "geometryFormat": "geojson",
                "crs": "EPSG:4326",
            }
            yield Call("GET", "/isochrone", content, (contour,))

    def read(self, call: Call, content: Any, travel: TravelMode) -> Reply:
        (contour,) = call.contours
        polygon = read_polygons(content["geometry"])
        # Too small a cost comes back as 200 with a Point, or with lines in a GeometryCollection.
        nothing = msg("The service gives no area: no road is reached within the cutoff, or the cutoff is too small.")
        return Reply({contour: polygon or nothing}, str(content.get("resourceVersion", "")))

    def explain(self, status: int, content: Any) -> Message:
        said = _said(content)
        if status == 404 and "path" in said.lower():
            return msg(
                "The Géoplateforme finds no road to leave this point by (it answers the same when its own "
                "computation fails): {said}",
                said=said,
            )
        if status == 404:
            return msg("{server} offers no isochrone service at this address (HTTP 404).", server=self.server)
        return msg("The Géoplateforme answers: {said} (HTTP {status}).", said=said or "–", status=status)

    def bounds(self, travel: TravelMode, check: Callable[[], None]) -> tuple[float, float]:
        """What the capabilities announce for ``costValue``; the service tests it on the value as sent (s or m).

        They are kept a day. Where they cannot be read there are no bounds: requests will tell.
        """
        capabilities = self._cache.known(self.server, "capabilities", DAY)
        if capabilities is None:
            capabilities = self.ask("/getcapabilities", check)
            if capabilities:
                self._cache.learn(self.server, "capabilities", capabilities)
        lowest, highest = _announced_bounds(capabilities)
        unit = _server_value(1, travel)
        return lowest / unit, highest / unit


def _server_value(cutoff: float, travel: TravelMode) -> float:
    """The cutoff in seconds or metres."""
    value = cutoff * 60 if travel.metric == "time" else cutoff
    return int(value) if value == int(value) else round(value, 3)


def _said(content: Any) -> str:
    error = content.get("error", content) if isinstance(content, dict) else content
    if isinstance(error, dict):
        error = error.get("message", "")
    return str(error or "")


def _announced_bounds(capabilities: Any) -> tuple[float, float]:
    for resource in capabilities.get("resources", ()):
        if resource.get("id") != RESOURCE:
            continue
        for operation in resource.get("availableOperations", ()):
            if operation.get("id") != "isochrone":
                continue
            for parameter in operation.get("availableParameters", ()):
                if parameter.get("id") == "costValue":
                    values = parameter.get("values") or parameter
                    if isinstance(values, dict):
                        return float(values.get("min") or 0), float(values.get("max") or "inf")
    return 0.0, float("inf")
