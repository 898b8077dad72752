"""Where people live: INSEE's cells as points, or the populations of communes spread over BD TOPO's dwellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import requests
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

from ..access.demand import spread_by_zone, zones_without_support
from ..coordinates import Transform
from ..errors import CartoError
from ..http import exchange, read_json
from ..messages import msg
from ..pacing import attempts
from ..progress import Progress
from ..territories import departement_of
from .datasets import CELL_KEYS, PEOPLE_COLUMNS

GEOAPI = "https://geo.api.gouv.fr"
MELODI = "https://api.insee.fr/melodi"
_TRIES = 4
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 4.0
_CELL = re.compile(r"CRS(\d+)RES(\d+)mN(-?\d+)E(-?\d+)", re.IGNORECASE)
_DWELLING = "Résidentiel"


class NoPopulation(CartoError):
    """Nobody tells how many people live in the communes."""


# -- INSEE's cells ----------------------------------------------------------------------------------------------------


def lowered(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties by their names in lower case: editions differ in that."""
    return {name.lower(): value for name, value in properties.items()}


def cell_key(properties: Mapping[str, Any]) -> str:
    """What a cell is called, empty when it has no name. ``properties``: names in lower case."""
    return next((str(properties[name]) for name in CELL_KEYS if properties.get(name)), "")


def cell_centres(keys: Sequence[str], crs: str) -> list[tuple[float, float] | None]:
    """The middles of cells in ``crs``, from their names (`CRS3035RES200mN…E…`: the south-west corner)."""
    corners: dict[str, list[tuple[int, float, float]]] = {}
    for row, key in enumerate(keys):
        corner = cell_corner(key)
        if corner:
            corners.setdefault(corner.crs, []).append((row, *corner.middle))
    centres: list[tuple[float, float] | None] = [None] * len(keys)
    for own, found in corners.items():
        xy = Transform(own, crs).points(np.array([middle for _row, *middle in found]))
        for (row, *_middle), (x, y) in zip(found, xy.tolist()):
            centres[row] = (x, y) if x == x else None
    return centres


class CellCorner(NamedTuple):
    """What a cell's name says: its CRS, its south-west corner there, its side (m)."""

    crs: str
    east: int
    north: int
    size: int

    @property
    def middle(self) -> tuple[float, float]:
        """In the cell's own CRS."""
        return self.east + self.size / 2, self.north + self.size / 2


def cell_corner(key: str) -> CellCorner | None:
    """Where a cell lies, by its name; None where the name does not tell."""
    found = _CELL.search(key)
    if found is None:
        return None
    own, size, north, east = map(int, found.groups())
    return CellCorner(f"EPSG:{own}", east, north, size)


def people_row(properties: Mapping[str, Any]) -> list[float | None]:
    """Population (`ind`) and each of `PEOPLE_COLUMNS`, None where the source has none."""
    values = [as_number(properties.get(name)) for name in PEOPLE_COLUMNS]
    return [values[0] or 0.0, *values[1:]]


def as_number(value: Any) -> float | None:
    """A number that may be written as text; None for what is none."""
    try:
        return None if value is None or value == "" else float(str(value).replace(",", "."))
    except ValueError:
        return None


# -- communes ---------------------------------------------------------------------------------------------------------


def populations(
    communes: Iterable[str],
    geoapi: str,
    melodi: str,
    new_session: Callable[[str], requests.Session],
    known: Mapping[str, int],
    progress: Progress,
) -> tuple[dict[str, int], str, str]:
    """People by commune, their source and its address: geo.api.gouv.fr, else INSEE's Melodi, else ``known``.

    Raises `NoPopulation`.
    """
    wanted = set(communes)
    departements = sorted({departement_of(code) for code in wanted})
    for what, address, ask in (("communes", geoapi, _of_geoapi), ("DS_POPULATIONS_REFERENCE", melodi, _of_melodi)):
        found: dict[str, int] = {}
        try:
            for departement in departements:
                found |= ask(address, departement, new_session(address), progress)
        except (CartoError, requests.RequestException, KeyError, TypeError, ValueError, AttributeError) as fault:
            progress.check()
            progress.warn(msg("{url} did not tell populations ({cause}).", url=address, cause=str(fault)[:200]))
            continue
        if wanted & found.keys():
            return {code: found[code] for code in wanted & found.keys()}, what, address
    if wanted & known.keys():
        return {code: known[code] for code in wanted & known.keys()}, "", ""
    raise NoPopulation("No source tells how many people live in these communes; try again later.")


def _of_geoapi(address: str, departement: str, session: requests.Session, progress: Progress) -> dict[str, int]:
    url = f"{address.rstrip('/')}/communes"
    params = {"codeDepartement": departement, "fields": "nom,code,population", "format": "json"}
    rows = _json(session, url, params, progress)
    return {row["code"]: int(row["population"]) for row in rows if row.get("population") is not None}


def _of_melodi(address: str, departement: str, session: requests.Session, progress: Progress) -> dict[str, int]:
    url = f"{address.rstrip('/')}/data/DS_POPULATIONS_REFERENCE"
    params = {"GEO": f"DEP-{departement}*COM", "maxResult": "10000", "POPREF_MEASURE": "PMUN"}
    latest: dict[str, tuple[str, int]] = {}
    for row in _json(session, url, params, progress)["observations"]:
        dimensions = row["dimensions"]
        if dimensions.get("POPREF_MEASURE", "PMUN") != "PMUN":
            continue
        code, year = dimensions["GEO"].rpartition("-")[2], str(dimensions.get("TIME_PERIOD", ""))
        people = int(row["measures"]["OBS_VALUE_NIVEAU"]["value"])
        latest[code] = max(latest.get(code, ("", 0)), (year, people))
    return {code: people for code, (_year, people) in latest.items()}


def _json(session: requests.Session, url: str, params: dict[str, str], progress: Progress) -> Any:
    """The answer of an open service, asked a few times."""
    for attempt in attempts(_TRIES, _FIRST_BACKOFF, _LONGEST_BACKOFF, progress.check):
        try:
            response = exchange(session, "GET", url, base_url=url, params=params)
            if response.status_code in (400, 404):
                raise NoPopulation("{url} answers {status}.", url=url, status=response.status_code)
            response.raise_for_status()
            return read_json(response, progress=progress)
        except (CartoError, requests.RequestException) as fault:
            progress.check()
            if attempt.is_last or isinstance(fault, NoPopulation):
                raise
    raise AssertionError("the last attempt raises or returns")


def dwellings_of(properties: Mapping[str, Any]) -> float:
    """How many dwellings a building has; 0 where nobody lives."""
    count = as_number(properties.get("nombre_de_logements", properties.get("nb_logts")))
    return count or 0.0


def is_lived_in(properties: Mapping[str, Any]) -> bool:
    """Whether people may live in a building: it has dwellings, or is called residential."""
    uses = (properties.get("usage_1", properties.get("usage1")), properties.get("usage_2", properties.get("usage2")))
    return dwellings_of(properties) > 0 or _DWELLING in uses


def commune_of_each(xy: np.ndarray, outlines: Mapping[str, BaseGeometry]) -> np.ndarray:
    """(n,) the row, in ``outlines``, of the commune that each point (n, 2) lies in; -1 for none."""
    rows = np.full(len(xy), -1)
    for row, outline in enumerate(outlines.values()):
        west, south, east, north = outline.bounds
        inside = prep(outline)
        near = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north) & (rows < 0)
        for number in np.flatnonzero(near):
            if inside.intersects(Point(*xy[number])):
                rows[number] = row
    return rows


def spread_over_dwellings(
    people: Mapping[str, int],
    outlines: Mapping[str, BaseGeometry],
    xy: np.ndarray,
    dwellings: np.ndarray,
    progress: Progress,
) -> tuple[np.ndarray, dict[str, tuple[float, float]]]:
    """People of each building, and where to put those of communes without any: in their middle.

    Whole people, the sums of communes exact (`core.access.demand`). Buildings of a commune without known dwellings
    count alike.
    """
    weights = np.array([float(people.get(code, 0)) for code in outlines])
    zone = commune_of_each(xy, outlines)
    spread = spread_by_zone(weights, zone, dwellings, whole=True)
    without = [list(outlines)[row] for row in zones_without_support(len(outlines), zone) if weights[row]]
    if without:
        progress.warn(
            msg(
                "{count} commune has no building where people live: its inhabitants are put in its middle."
                "|{count} communes have no building where people live: their inhabitants are put in their middle.",
                count=len(without),
            )
        )
    middles = {code: outlines[code].representative_point() for code in without}
    return spread, {code: (point.x, point.y) for code, point in middles.items()}
