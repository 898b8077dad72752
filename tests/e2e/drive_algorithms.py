"""The window of every algorithm, pictured for the documentation."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtTest import QTest

import processing


def drive(stage):
    registry = QgsApplication.processingRegistry()
    stage.wait(lambda: registry.providerById("cartoservices") is not None, 60, "the algorithms")
    for algorithm in registry.providerById("cartoservices").algorithms():
        dialog = processing.createAlgorithmDialog(algorithm.id(), {})
        dialog.resize(1000, 640)
        dialog.show()
        stage.wait(dialog.isVisible, 10, algorithm.id())
        QTest.qWait(200)
        stage.shot(f"algorithme-{algorithm.name()}", dialog)
        dialog.close()
