"""What every isochrone engine offers, whether it runs here or on a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from ..errors import CartoError
from ..messages import Message
from ..progress import Progress
from ..travel_modes import CAR


class NotOffered(CartoError):
    """The engine cannot compute what is asked, for any point."""


class TravelMode(NamedTuple):
    """How one travels: profile, what is counted (time in minutes, distance in metres), towards or from the point."""

    profile: str = CAR
    metric: str = "time"
    direction: str = "departure"


class Request(NamedTuple):
    """A point whose isochrones are wanted: ``key`` comes back with the answer, ``cutoffs`` in the metric's unit."""

    key: int
    x: float
    y: float
    cutoffs: tuple[float, ...]


class Answer(NamedTuple):
    """For each cutoff of one request either its polygon (WKB MultiPolygon) or why there is none."""

    key: int
    polygons: dict[float, bytes]
    failures: dict[float, Message]


class Engine(Protocol):
    """A way to compute isochrones."""

    name: str
    crs: str
    """CRS of the requests' coordinates (x east or longitude, y north or latitude) and of the polygons."""

    def isochrones(self, requests: Iterable[Request], travel: TravelMode, progress: Progress = ...) -> Iterator[Answer]:
        """Exactly one answer for each request, as they become ready (any order).

        A point that fails never ends the run: its answer says why. Raises `NotOffered` before the first answer when
        the engine cannot serve ``travel`` at all, and `Cancelled`.
        """
