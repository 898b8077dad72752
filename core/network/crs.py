"""A metric CRS for any road layer: lengths are never taken from degrees."""

from __future__ import annotations

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

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


def metric_crs(crs: str, vertices: np.ndarray) -> str:
    """The CRS to compute in for ``vertices`` (V, 2) given in ``crs``: itself when projected in metres (Web Mercator
    excepted, since its metres are not), else the legal projection of the place in France, else UTM."""
    source = read_crs(crs)
    if source.is_projected and not _is_mercator(source) and _in_metres(source):
        return _name(source)
    if len(vertices) == 0:
        return "EPSG:2154"
    box = np.stack([vertices.min(axis=0), vertices.max(axis=0)])
    lon, lat = Transformer.from_crs(source, "EPSG:4326", always_xy=True).transform(box[:, 0], box[:, 1])
    for (west, south, east, north), code in LEGAL_CRS:
        if west <= min(lon) and max(lon) <= east and south <= min(lat) and max(lat) <= north:
            return code
    zone = int((np.mean(lon) + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if np.mean(lat) >= 0 else 32700) + zone}"


def project(vertices: np.ndarray, source: str, target: str) -> np.ndarray:
    """``vertices`` (V, 2) from one CRS to another, x (or longitude) first in both."""
    if read_crs(source) == read_crs(target):
        return vertices
    transformer = Transformer.from_crs(read_crs(source), read_crs(target), always_xy=True)
    x, y = transformer.transform(vertices[:, 0], vertices[:, 1])
    return np.column_stack((x, y))


def read_crs(text: str) -> CRS:
    """Raises `SourceUnreadable` when nobody knows this CRS."""
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
