"""Writes the QGIS project that publishes layers as OGC API – Features collections.

    python registry_project.py PROJECT.qgs LAYERS.json

``LAYERS.json`` is a list of ``{"name", "source", "provider", "writable", "date"}``. Runs where PyQGIS is, in its own
process.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer


def write_project(path: str, layers: list[dict]) -> None:
    """Write a project whose layers all are readable through WFS 3, the writable ones also by POST, PATCH and DELETE."""
    project = QgsProject.instance()
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    published, writable = [], []
    for spec in layers:
        layer = QgsVectorLayer(spec["source"], spec["name"], spec["provider"])
        if not layer.isValid():
            sys.exit(f"QGIS cannot open the layer “{spec['name']}” ({spec['provider']}).")
        if spec["date"]:
            layer.serverProperties().addWmsDimension(dimension_of(layer, spec["date"]))
        project.addMapLayer(layer)
        published.append(layer.id())
        if spec["writable"]:
            writable.append(layer.id())
    project.writeEntry("WFSLayers", "/", published)
    for operation in ("Insert", "Update", "Delete"):
        project.writeEntry("WFSTLayers", operation, writable)
    if not project.write(path):
        sys.exit(f"QGIS cannot write {path}.")
    project.clear()


def dimension_of(layer: QgsVectorLayer, field: str) -> object:
    """The column that the parameter `datetime` of OGC API – Features asks for."""
    return type(layer.serverProperties()).WmsDimensionInfo("date", field)


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    write_project(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    application.exitQgis()
