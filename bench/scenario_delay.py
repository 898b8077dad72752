"""How long from the edit of a site to the words on the page Act, from a dragged place to the minutes on the map.

    QT_QPA_PLATFORM=offscreen python bench/scenario_delay.py [FOLDER OF THE CORSE DATA]

Demonstration territory (4 122 places where people live, on foot), then Corse when its folder is given: every junction
of its roads is a place of demand, by car, and the services are its France services and town halls. Seeded. The delay of
an edit includes the 300 ms that the page waits for the user to stop; a place that is dragged waits for nothing.
"""

from __future__ import annotations

import csv
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build" / "python"))

from carto_services_publics.core.network import BuildOptions, build_network, open_network  # noqa: E402
from carto_services_publics.core.network.source import RoadSource  # noqa: E402
from carto_services_publics.processing.coordinates import project_mover  # noqa: E402
from carto_services_publics.processing.network_input import ROAD_FIELDS  # noqa: E402
from carto_services_publics.ui import scenario_layers  # noqa: E402
from carto_services_publics.ui.scenario_panel import ScenarioPanel  # noqa: E402
from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas  # noqa: E402
from qgis.PyQt import sip  # noqa: E402
from qgis.PyQt.QtCore import QEventLoop, QTimer  # noqa: E402

EDITS = 20
FAR = 0.005
"""Degrees a site is moved by, at most: some hundreds of metres."""


def main() -> None:
    app = QgsApplication([], True)
    app.initQgis()
    folder = Path(tempfile.mkdtemp())
    scenario_layers.data_folder = lambda *_inside: folder
    demo = Path(shutil.copy(ROOT / "resources" / "demo" / "demo.gpkg", folder))
    people, zones = _in_memory(f"{demo}|layername=demande"), _in_memory(f"{demo}|layername=communes")
    services = _in_memory(f"{demo}|layername=services")
    measure("demo", services, people, "population", zones, _network(demo, "foot", folder))
    if len(sys.argv) > 1:
        corse = Path(sys.argv[1])
        network = _network(corse / "corse_routes_osm.gpkg", "car", folder)
        zones = _in_memory(str(corse / "corse_communes.geojson"))
        measure("corse", _corse_services(corse), _junctions(network), "", zones, network)
    QgsProject.instance().clear()
    shutil.rmtree(folder)
    app.exitQgis()


def measure(
    title: str, services: QgsVectorLayer, people: QgsVectorLayer, weight: str, zones: QgsVectorLayer, network: str
) -> None:
    """Start a scenario, move sites one after the other, print the delays."""
    QgsProject.instance().addMapLayers([services, people])
    unheard = SimpleNamespace(connect=lambda _slot: None)
    access = SimpleNamespace(
        services=SimpleNamespace(currentLayer=lambda: services, layerChanged=unheard),
        changed=unheard,
        demand=SimpleNamespace(currentLayer=lambda: people),
        weight=SimpleNamespace(currentField=lambda: weight),
        zones=SimpleNamespace(currentLayer=lambda: zones),
        road_profile=lambda: "car",
        roads_parameters=lambda: dict.fromkeys(ROAD_FIELDS, ""),
        by_transit=lambda: False,
        roads_path=lambda: network,
        open_at=lambda: "",
    )
    canvas = QgsMapCanvas()
    canvas.resize(1200, 800)
    canvas.setDestinationCrs(people.crs())
    canvas.show()
    canvas.setExtent(people.extent())
    panel = ScenarioPanel(
        SimpleNamespace(setActiveLayer=lambda _layer: None, mapCanvas=lambda: canvas), access, lambda: 20.0
    )
    started = time.perf_counter()
    panel.start()
    _wait(lambda: panel.compare_button.isEnabled())
    ready = time.perf_counter() - started
    delays, silences = [], []
    panel.updated.connect(delays.append)
    beat = _Beat()
    chance = random.Random(0)
    layer = panel.layer
    sites = list(layer.getFeatures())
    for edit in range(EDITS):
        site = chance.choice(sites)
        shape = QgsGeometry(site.geometry())
        shape.translate(chance.uniform(-FAR, FAR), chance.uniform(-FAR, FAR))
        beat.longest = 0.0
        layer.changeGeometry(site.id(), shape)
        _wait(lambda wanted=edit + 1: len(delays) == wanted)
        silences.append(beat.longest)
    print(
        f"{title}: {people.featureCount()} places of demand, {len(sites)} sites; ready in {ready:.2f} s; "
        f"words after {statistics.median(delays):.3f} s (median), {max(delays):.3f} s (longest of {EDITS}); "
        f"longest silence of the interface {max(silences):.3f} s"
    )
    print("   ", panel.words.text().splitlines()[0])
    print("   ", _dragged(panel, sites, chance, canvas))
    layer.rollBack()
    panel.leave()
    for window in (panel, canvas):
        sip.delete(window)  # while QGIS is there: Python would do it after


def _dragged(panel: ScenarioPanel, sites: list, chance: random.Random, canvas: QgsMapCanvas) -> str:
    """Hold one site over the map after the other; from the move to the picture with its minutes."""
    to_map = project_mover(panel.layer.crs(), canvas.mapSettings().destinationCrs())
    told, delays = [], []
    panel.updated.connect(told.append)
    for move in range(EDITS):
        site = chance.choice(sites)
        here = site.geometry().asPoint()
        held = to_map.point(QgsPointXY(here.x() + chance.uniform(-FAR, FAR), here.y() + chance.uniform(-FAR, FAR)))
        began = time.perf_counter()
        panel._carry(site.id(), held)
        _wait(lambda wanted=move + 1: len(told) == wanted)
        canvas.grab()
        delays.append(time.perf_counter() - began)
    panel._let_go()
    return (
        f"dragged: minutes on the map after {statistics.median(delays):.3f} s (median), {max(delays):.3f} s (longest)"
    )


class _Beat:
    """How long the interface did not answer."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


def _wait(condition) -> None:
    end = time.perf_counter() + 120
    while not condition():
        assert time.perf_counter() < end
        QgsApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def _in_memory(source: str) -> QgsVectorLayer:
    return QgsVectorLayer(source, "stored", "ogr").materialize(QgsFeatureRequest())


def _network(roads: Path, profile: str, folder: Path) -> str:
    path = folder / f"{roads.stem}.network"
    layer = "routes" if roads.stem == "demo" else ""
    build_network(RoadSource(str(roads), layer), BuildOptions(profile=profile), path)
    return str(path)


def _junctions(network: str) -> QgsVectorLayer:
    opened = open_network(Path(network))
    return _points(opened.crs, [(float(x), float(y), None) for x, y in opened.node_xy])


def _corse_services(corse: Path) -> QgsVectorLayer:
    with open(corse / "corse_france-services.csv", encoding="utf-8") as table:
        rows = [(float(r["longitude"]), float(r["latitude"]), "france_services") for r in csv.DictReader(table)]
    for hall in QgsVectorLayer(str(corse / "corse_mairies.geojson"), "mairies", "ogr").getFeatures():
        if hall.hasGeometry():
            point = hall.geometry().centroid().asPoint()
            rows.append((point.x(), point.y(), "mairie"))
    return _points("EPSG:4326", rows)


def _points(crs: str, rows: list[tuple[float, float, str | None]]) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"Point?crs={crs}&field=categorie:string", "points", "memory")
    features = []
    for x, y, category in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature.setAttribute("categorie", category)
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


if __name__ == "__main__":
    main()
