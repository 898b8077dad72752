"""One ordinary use on Corse: communes as demand, the same question twice, a minute apart, on every page: one figure.

`CSP_CORSE` is the folder of the data, `CSP_NETWORK` a network made of its roads; the figures go to `CSP_FIGURES`.
"""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

from carto_services_publics.core.access.coverage import together
from carto_services_publics.tests.idle_threads import LONGER_MS, end_soon
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget

CORSE = Path(os.environ["CSP_CORSE"])
THRESHOLD = 20


def open_on_corse(stage, network, *how):
    """The page Access, asked ``how`` (mode, thresholds) on a network file; then the communes and the services."""
    window = stage.iface.mainWindow()
    window.resize(1480, 920)
    communes, services = QgsVectorLayer(str(CORSE / "corse_communes.geojson"), "Communes", "ogr"), france_services()
    for layer in (communes, services):
        QgsProject.instance().addMapLayer(layer)
    stage.iface.setActiveLayer(communes)
    stage.iface.zoomToActiveLayer()
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    dock.welcome.hide()
    dock.show_access()
    dock.access.choose(services, communes, communes, None, *how)
    dock.access.weight.setField("population")
    dock.access.network_file.setFilePath(network)
    return dock, communes, services


def drive(stage):
    end_soon()
    dock, *_layers = open_on_corse(stage, os.environ["CSP_NETWORK"], "car", "10,20")
    access = dock.access
    access.choose_service("france_services")
    first = asked(stage, access)
    stage.wait_for_map()
    stage.shot("corse-premier")
    QTest.qWait(LONGER_MS)
    second = asked(stage, access)
    stage.wait_for_map()
    stage.shot("corse-second")
    assert first == second, (first, second)
    siting = where_to_open(stage, dock)
    scenario = a_scenario(stage, dock)
    figures = {**first, "siting": siting, "scenario": scenario}
    Path(os.environ["CSP_FIGURES"]).write_text(json.dumps(figures), encoding="utf-8")


def france_services() -> QgsVectorLayer:
    """The list of the ANCT, as a layer of services."""
    fields = "&".join(f"field={name}:string" for name in ("id", "nom", "categorie", "producteur", "version"))
    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{fields}", "France services", "memory")
    with (CORSE / "corse_france-services.csv").open(encoding="utf-8", newline="") as rows:
        for number, row in enumerate(csv.DictReader(rows)):
            feature = QgsFeature(layer.fields())
            place = QgsPointXY(float(row["longitude"]), float(row["latitude"]))
            feature.setGeometry(QgsGeometry.fromPointXY(place))
            feature.setAttributes([str(number), f"France services {number}", "france_services", "anct", "1"])
            layer.dataProvider().addFeatures([feature])
    return layer


def asked(stage, access) -> dict:
    """Who is badly served: what is said, shown in the table, and in the layers."""
    access.run_gaps()
    stage.wait(lambda: access.progress.run is None and access.answer.text(), 120, "the gaps")
    assert access._found, access.progress.word.text()
    (found,) = access._found
    served = together([found.served])
    group = QgsProject.instance().layerTreeRoot().findGroup("Manques de couverture")
    layers = [node.layer() for node in group.findLayers()]
    demand = next(layer for layer in layers if layer.fields().lookupField("cout_france_services") >= 0)
    known = [row for row in demand.getFeatures() if not row["raison"]]
    beyond = sum(row["population"] for row in known if not (row["cout_france_services"] or 1e9) <= THRESHOLD)
    gaps = next(layer for layer in layers if layer.fields().lookupField("seuil") >= 0)
    return {
        "words": " ".join(access.answer.text().split()),
        "cell": " ".join(access.table.item(0, 1).text().split()),
        "population": served.population,
        "not_computed": served.not_computed,
        "beyond": served.beyond[1],
        "share": served.share(1),
        "by_place": beyond,
        "by_gap": sum(r["population"] for r in gaps.getFeatures() if r["seuil"] == THRESHOLD),
    }


def where_to_open(stage, dock) -> dict:
    action = dock.action
    dock.pages.setCurrentIndex(2)
    assert action.category.currentData() == "france_services", "the service is that of the other page"
    action.threshold.setValue(THRESHOLD)
    action.run()
    stage.wait(lambda: action.progress.run is None and action.answer.text(), 120, "the places")
    stage.shot("corse-agir")
    text = " ".join(action.answer.text().split())
    return {"words": text, "within": float(re.search(r"de ([\d,]+) % à", text)[1].replace(",", "."))}


def a_scenario(stage, dock) -> dict:
    """The places proposed are taken up; the effect is of the people computed, and says who could not be."""
    scenario = dock.action.scenario
    dock.action.take_up_places()
    stage.wait(lambda: scenario.compare_button.isEnabled(), 60, "the scenario")
    stage.wait(lambda: "habitants" in scenario.words.text(), 30, "the effect")
    QTest.qWait(1500)
    stage.shot("corse-scenario")
    return {"words": " ".join(scenario.words.text().split())}
