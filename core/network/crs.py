"""A metric CRS for any road layer: lengths are never taken from degrees."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError

from ..proj_threads import hold_proj
from .errors import SourceUnreadable

# Legal projections of France (décret n° 2000-1276, amended in 2019): west, south, east, north in degrees, and the code.
LEGAL_CRS = (
    ((-5.5, 41.0, 10.0, 51.5), "EPSG:2154"),  # metropolitan France: RGF93 v1 / Lambert-93
    ((-63.2, 14.2, -60.7, 18.2), "EPSG:5490"),  # Guadeloupe, Martinique: RGAF09 / UTM 20N
    ((-54.7, 2.0, -51.5, 6.0), "EPSG:2972"),  # Guyane: RGFG95 / UTM 22N
    ((55.1, -21.5, 55.9, -20.8), "EPSG:2975"),  # La Réunion: RGR92 / UTM 40S
    ((44.9, -13.1, 45.4, -12.5), "EPSG:4471"),  # Mayotte: RGM04 / UTM 38S
    ((-56.6, 46.6, -56.0, 47.2), "EPSG:4467"),  # Saint-Pierre-et-Miquelon: RGSPM06 / UTM 21N
)


_NEARLY_ALL = 0.999
"""Share of the vertices in one territory above which its legal projection serves; the rest are strays."""
_EARTH = 4.1e7
"""Metres round the Earth."""
_UTM_HALF = 4.0
"""Degrees on each side of a meridian within which UTM's metres are metres (to 0.2 %)."""


class Measure(NamedTuple):
    """The CRS to compute in, and whether its metres are metres everywhere."""

    crs: str
    everywhere: bool
    """False: lines are measured on the ellipsoid, those of `crs` being stretched away from its middle."""


def measure_for(crs: str, vertices: np.ndarray) -> Measure:
    """How to measure ``vertices`` (V, 2) given in ``crs``: in itself when projected in metres (Web Mercator excepted,
    since its metres are not), else in the legal projection of the place in France, else in UTM.

    Territories too far apart for one of these (France with its overseas) share a conformal projection, whose angles
    and places are true; lengths are then taken from the ellipsoid.
    """
    source = read_crs(crs)
    if source.is_projected and not _is_mercator(source) and _in_metres(source):
        return Measure(_name(source), True)
    if len(vertices) == 0:
        return Measure("EPSG:2154", True)
    to_degrees = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    box = np.array([(x, y) for x in _range(vertices[:, 0]) for y in _range(vertices[:, 1])])
    for places in (box, vertices):
        lon, lat = to_degrees.transform(places[:, 0], places[:, 1])
        for (west, south, east, north), code in LEGAL_CRS:
            inside = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
            if inside.all() or (places is vertices and inside.mean() >= _NEARLY_ALL):
                return Measure(code, bool(inside.all()))
    middle = _middle(lon, lat)
    if np.max(np.abs((lon - middle[0] + 180) % 360 - 180)) <= _UTM_HALF and abs(lat).max() <= 84:
        zone = int((middle[0] + 180) // 6) % 60 + 1
        return Measure(f"EPSG:{(32600 if middle[1] >= 0 else 32700) + zone}", True)
    return Measure(CRS.from_proj4(_STEREOGRAPHIC.format(lon=middle[0], lat=middle[1])).to_wkt(), False)


def metric_crs(crs: str, vertices: np.ndarray) -> str:
    """The CRS of `measure_for` alone."""
    return measure_for(crs, vertices).crs


_STEREOGRAPHIC = "+proj=stere +lat_0={lat:.3f} +lon_0={lon:.3f} +k_0=0.87 +ellps=GRS80 +units=m +no_defs"


def _range(values: np.ndarray) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _middle(lon: np.ndarray, lat: np.ndarray) -> tuple[float, float]:
    """Longitude and latitude of the middle of the box that holds all places on the sphere."""
    east, north = np.radians(lon), np.radians(lat)
    places = np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))
    x, y, z = (places.min(axis=0) + places.max(axis=0)) / 2
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def ground_lengths(vertices: np.ndarray, crs: str) -> np.ndarray:
    """(V - 1,) metres on the ellipsoid between each vertex (V, 2) of ``crs`` and the next."""
    reference = read_crs(crs)
    lon, lat = Transformer.from_crs(reference, "EPSG:4326", always_xy=True).transform(vertices[:, 0], vertices[:, 1])
    return Geod(ellps="GRS80").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]


def project(vertices: np.ndarray, source: str, target: str) -> np.ndarray:
    """``vertices`` (V, 2) from one CRS to another, x (or longitude) first in both; infinite where it has none."""
    if read_crs(source) == read_crs(target):
        return vertices
    transformer = Transformer.from_crs(read_crs(source), read_crs(target), always_xy=True)
    x, y = transformer.transform(vertices[:, 0], vertices[:, 1])
    return np.column_stack((x, y))


def are_places(vertices: np.ndarray, crs: str) -> np.ndarray:
    """(V,) whether each vertex of ``crs`` is a place on Earth: finite, and within what the CRS can count."""
    reference = read_crs(crs)
    if reference.is_geographic:
        unit = np.degrees(reference.axis_info[0].unit_conversion_factor)
        wide, high = 360.0 / unit, 90.0 / unit
    else:
        wide = high = _EARTH / reference.axis_info[0].unit_conversion_factor
    # A comparison with NaN is false.
    return (np.abs(vertices[:, 0]) <= wide) & (np.abs(vertices[:, 1]) <= high)


def read_crs(text: str) -> CRS:
    """Raises `SourceUnreadable` when nobody knows this CRS."""
    hold_proj()
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise SourceUnreadable("The coordinate reference system of the roads is not understood.") from error


def _in_metres(crs: CRS) -> bool:
    return all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info[:2])


def _is_mercator(crs: CRS) -> bool:
    operation = crs.coordinate_operation
    return (
        operation is not None
        and "mercator" in operation.method_name.lower()
        and "transverse" not in operation.method_name.lower()
    )


def _name(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.to_wkt()
