"""openrouteservice's isochrones (v2), on the public service (key in the session's authentication) or one's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby, product
from typing import Any

from ..messages import Message, msg
from ..travel_modes import BIKE, CAR, FOOT
from .engines import TravelMode
from .online import LONGEST_WAIT, Call, Contour, Limit, OnlineEngine, Reply, read_polygons

SERVER = "https://api.openrouteservice.org"
MOST_POINTS = 5
MOST_RANGES = 10
_NO_ROAD_NEAR = {3099, 2010, 6010, 2009}


class OpenRouteService(OnlineEngine):
    """5 points and 10 cutoffs a request, 20 requests a minute, and a daily quota that the server counts."""

    name = "openrouteservice"
    costings = {CAR: "driving-car", FOOT: "foot-walking", BIKE: "cycling-regular"}
    limit = Limit(20, 60.0)
    threads = 2

    def calls(self, contours: list[Contour], travel: TravelMode) -> Iterator[Call]:
        points = [tuple(wanted) for _, wanted in groupby(contours, key=lambda contour: contour.key)]
        points.sort(key=lambda contours: tuple(contour.cutoff for contour in contours))
        for cutoffs, group in groupby(points, key=lambda contours: tuple(contour.cutoff for contour in contours)):
            alike = list(group)
            for first, start in product(range(0, len(cutoffs), MOST_RANGES), range(0, len(alike), MOST_POINTS)):
                ranges = slice(first, first + MOST_RANGES)
                yield self._call([contours[ranges] for contours in alike[start : start + MOST_POINTS]], travel)

    def _call(self, points: list[tuple[Contour, ...]], travel: TravelMode) -> Call:
        content = {
            "locations": [[round(contours[0].lon, 7), round(contours[0].lat, 7)] for contours in points],
            "range": [_server_value(contour.cutoff, travel) for contour in points[0]],
            "range_type": travel.metric,
            "location_type": "destination" if travel.direction == "arrival" else "start",
        }
        path = f"/v2/isochrones/{self.costings[travel.profile]}"
        return Call("POST", path, content, tuple(contour for contours in points for contour in contours))

    def read(self, call: Call, content: Any, travel: TravelMode) -> Reply:
        found = {}
        for feature in content["features"]:
            about = feature["properties"]
            found[int(about["group_index"]), round(float(about["value"]), 3)] = read_polygons(feature["geometry"])
        order = {key: number for number, key in enumerate(dict.fromkeys(contour.key for contour in call.contours))}
        nothing = msg("The service gives no area: no road is reached within the cutoff.")
        results = {
            contour: found.get((order[contour.key], round(float(_server_value(contour.cutoff, travel)), 3))) or nothing
            for contour in call.contours
        }
        engine = content.get("metadata", {}).get("engine", {})
        return Reply(results, f"{engine.get('version', '')} {engine.get('graph_date', '')}".strip())

    def explain(self, status: int, content: Any) -> Message:
        error = content.get("error", content) if isinstance(content, dict) else content
        code = error.get("code") if isinstance(error, dict) else None
        said = error.get("message", "") if isinstance(error, dict) else str(error or "")
        if code in _NO_ROAD_NEAR:
            return msg("openrouteservice finds no road near this point for this profile.")
        return msg("openrouteservice answers: {said} (HTTP {status}).", said=said or "–", status=status)

    def is_lasting(self, content: Any) -> bool:
        error = content.get("error") if isinstance(content, dict) else None
        return isinstance(error, dict) and error.get("code") in _NO_ROAD_NEAR

    def stops(self, status: int, headers: Any, content: Any) -> Message | None:
        """403 is how the public service says that the day's quota is used up; 401 that the key is missing or wrong."""
        used_up = msg(
            "The day's quota of openrouteservice is used up. What is computed is kept: run again tomorrow to go on "
            "with the remaining points."
        )
        if status == 403:
            return used_up
        if status == 401:
            return msg("openrouteservice refuses the key; check the connection's authentication (authcfg).")
        if str(headers.get("x-ratelimit-remaining", "")).strip() == "0":
            left = _seconds_until(headers.get("x-ratelimit-reset"))
            if left > LONGEST_WAIT:
                return used_up
            self._pace.hold(left)
        return None


def _seconds_until(reset: str | None) -> float:
    """From now to the moment (Unix time) when the server counts anew; 0 when it does not say."""
    try:
        return max(0.0, float(reset or 0) - time.time())
    except ValueError:
        return 0.0


def _server_value(cutoff: float, travel: TravelMode) -> float:
    """The cutoff in seconds or metres."""
    return round(cutoff * 60, 3) if travel.metric == "time" else cutoff
