"""Corse without a car: the feeds of the territory, who is badly served by bus, a run stopped, the week on the map.

`CSP_CORSE` is the folder of the data, `CSP_WALK` and `CSP_CAR` networks of its roads, `CSP_FEED` its buses,
`CSP_TIMETABLE` those of a Tuesday; the figures go to `CSP_FIGURES`.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from carto_services_publics.ui.feed_chooser import FeedChooser
from drive_corse import open_on_corse
from qgis.core import QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

import processing

HOURS = "Mo-Fr 09:00-12:00,13:30-17:00"


def drive(stage):
    dock, communes, services = open_on_corse(stage, os.environ["CSP_WALK"], "transit", "30,60")
    access = dock.access
    access.transit.file.setFilePath(os.environ["CSP_TIMETABLE"])
    access.choose_service("france_services")
    chosen = choose_feeds(stage, access)
    stage.start_heartbeat()
    access.run_gaps()
    stage.wait(lambda: access.progress.run is None and access.answer.text(), 180, "the gaps by bus")
    assert access._found, access.progress.word.text()
    by_bus, silence = " ".join(access.answer.text().split()), stage.longest_hold
    stage.wait_for_map()
    stage.shot("corse-en-car")
    stopped = stop_a_run(stage, access)
    week = the_week(stage, communes, services)
    Path(os.environ["CSP_FIGURES"]).write_text(
        json.dumps({"feeds": chosen, "words": by_bus, "silence": silence, "stopped": stopped, "week": week}),
        encoding="utf-8",
    )


def choose_feeds(stage, access) -> list[str]:
    """The catalogue of the territory; what is ticked is kept on disk."""
    QgsSettings().setValue("carto_services_publics/my_territory", ["2A", "2B"])
    chooser = FeedChooser(access)
    chooser.show()
    stage.wait(lambda: chooser.table.rowCount() > 0, 60, "the catalogue")
    chooser.table.item(0, 0).setCheckState(Qt.CheckState.Checked)
    stage.look("jeux-gtfs", chooser)
    chooser.use.click()
    stage.wait(lambda: chooser.paths, 60, "the feed")
    return [path.name for path in chooser.paths]


def stop_a_run(stage, access) -> float:
    """Seconds between the click on « Annuler » and the end of the run."""
    access.run_gaps()
    stage.wait(lambda: access.progress.run is not None and access.progress.isVisible(), 10, "the run")
    QTest.qWait(100)
    assert access.progress.run is not None, "the run ended before it could be stopped"
    started = time.monotonic()
    access.progress.stop.click()
    stage.wait(lambda: access.progress.run is None and not access.progress.stop.isVisible(), 30, "the end")
    return time.monotonic() - started


def the_week(stage, communes, services) -> dict[str, float]:
    """« Vivre sans voiture », on the map."""
    open_ones = with_hours(services)
    found = processing.runAndLoadResults(
        "cartoservices:withoutcar",
        {
            "DEMAND": communes,
            "DEMAND_WEIGHT": "population",
            "SERVICES": open_ones,
            "CATEGORY_FIELD": "categorie",
            "FEEDS": os.environ["CSP_FEED"],
            "NETWORK": os.environ["CSP_WALK"],
            "NETWORK_CAR": os.environ["CSP_CAR"],
            "DATE": "2025-03-04",
            "ZONES": communes,
            **dict.fromkeys(("WEEK", "MODES", "PLACES", "STOPS", "FAILED"), "TEMPORARY_OUTPUT"),
        },
    )
    layers = {name: QgsProject.instance().mapLayer(found[name]) for name in ("WEEK", "MODES", "PLACES")}
    stage.wait_for_map()
    stage.shot("corse-sans-voiture")
    for name, layer in layers.items():
        for node in QgsProject.instance().layerTreeRoot().findLayers():
            node.setItemVisibilityChecked(node.layer() is layer)
        stage.wait_for_map()
        stage.shot(f"corse-sans-voiture-{name.lower()}")
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    rows = list(layers["WEEK"].getFeatures())
    week = {day: sum((r[f"part_{day}"] or 0) * (r["population"] - r["pop_non_calculee"]) for r in rows) for day in days}
    modes = list(layers["MODES"].getFeatures())
    names = ("population", "pop_a_pied", "pop_transport", "pop_voiture", "pop_depend_voiture", "pop_non_calculee")
    places = list(layers["PLACES"].getFeatures())
    white = sum(row["population"] for row in places if row["zone_blanche"] == True)  # noqa: E712  (QVariant)
    return {**week, **{name: sum(row[name] or 0 for row in modes) for name in names}, "zone_blanche": white}


def with_hours(services) -> QgsVectorLayer:
    """The same, open on weekdays."""
    return processing.run(
        "native:fieldcalculator",
        {"INPUT": services, "FIELD_NAME": "horaires", "FIELD_TYPE": 2, "FORMULA": f"'{HOURS}'", "OUTPUT": "memory:"},
    )["OUTPUT"]
