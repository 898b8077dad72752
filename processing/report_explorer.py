"""What the page that one explores is given: the outlines of the zones, light enough for one file."""

from __future__ import annotations

from functools import partial

import numpy as np
from qgis.core import QgsGeometry, QgsVectorLayer

from ..core.report.explorer import Explorer, ShareClass, explorer
from ..i18n import in_french
from .attributes import as_text
from .coordinates import project_mover
from .meanwhile import worked_out
from .report_maps import map_crs, of_category
from .report_results import Results
from .styling import palette, renderers

FINENESS = 1500
"""How many times the finest detail of an outline lies in the territory's width."""


def explored(results: Results) -> Explorer | None:
    """The zones with the figures of each service; None where zones have no shape."""
    with in_french():
        steps = [ShareClass(renderers.share_label(step), step.low, step.high, step.colour) for step in palette.SHARES]
    services = [each.category for each in results.categories]
    outlines = _outlines(of_category(results.layers["COVERAGE"], services[0]))
    return worked_out(partial(explorer, outlines, results.zones, results.labels, services, steps, palette.NOT_COMPUTED))


def _outlines(zones: QgsVectorLayer) -> dict[str, list[np.ndarray]]:
    """The rings of each zone, simplified, in metres."""
    mover = project_mover(zones.crs(), map_crs(zones))
    box = mover.box(zones.extent())
    tolerance = max(box.width(), box.height()) / FINENESS
    found: dict[str, list[np.ndarray]] = {}
    for zone in zones.getFeatures():
        shape = mover.geometry(QgsGeometry(zone.geometry())) if zone.hasGeometry() else None
        if shape is None or shape.isEmpty():
            continue
        shape.convertToMultiType()
        simple = shape.simplify(tolerance)
        simple.convertToMultiType()
        parts = simple.asMultiPolygon() or shape.asMultiPolygon()
        rings = [np.array([(point.x(), point.y()) for point in ring]) for part in parts for ring in part]
        found.setdefault(as_text(zone["zone_id"]), []).extend(ring for ring in rings if len(ring) > 3)
    return found
