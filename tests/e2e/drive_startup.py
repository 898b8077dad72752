"""How long QGIS says the plugin took to start, and that its algorithms then join by themselves."""

from __future__ import annotations

import json
import os
from pathlib import Path

from qgis.core import QgsApplication
from qgis.utils import plugin_times


def drive(stage):
    registry = QgsApplication.processingRegistry()
    stage.wait(lambda: registry.algorithmById("cartoservices:coveragegaps") is not None, 60, "the algorithms")
    seconds = float(plugin_times["carto_services_publics"].rstrip("s"))
    Path(os.environ["CSP_TIMES"]).write_text(json.dumps({"processor_seconds": seconds}))
