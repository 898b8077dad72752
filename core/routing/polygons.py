"""Whatever geometry an engine or a union gives, as the one kind the plugin writes."""

from __future__ import annotations

from collections.abc import Iterator

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry


def multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """The polygons of a geometry, without its points and lines; empty when it has none."""
    return MultiPolygon(list(_polygons(geometry)))


def _polygons(geometry: BaseGeometry) -> Iterator[Polygon]:
    if geometry.geom_type == "Polygon":
        if geometry.area > 0:
            yield geometry
        return
    for part in getattr(geometry, "geoms", ()):
        yield from _polygons(part)
