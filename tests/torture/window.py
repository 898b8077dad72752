"""A QGIS that works on a profile without end, and says each correction kept: `window.py PROFILE GEOPACKAGE ROADS`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from corrections_made import KEPT, correction  # noqa: E402
from million import Listed, Many  # noqa: E402
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback  # noqa: E402


def main(profile: str, geopackage: str, roads: str) -> None:
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile
    application = QgsApplication([], False, profile)
    application.initQgis()
    from carto_services_publics.core.registry import Connection, Query
    from carto_services_publics.core.registry.sync import sync
    from carto_services_publics.processing.connections import save_connection
    from carto_services_publics.processing.outbox import user_outbox
    from carto_services_publics.processing.provider import CartoProvider

    provider = CartoProvider()  # without a name in Python its algorithms go with it
    QgsApplication.processingRegistry().addProvider(provider)
    connection = Connection("c", "ogcapi", "https://r.example")
    number = 0
    while True:
        number += 1
        user_outbox().add(one := correction(number), connection.url)
        print(f"{KEPT}{one.uuid}", flush=True)
        if number % 5 == 0:
            save_connection(Connection(f"c{os.getpid()}", "ogcapi", "https://r.example"))
            sync(Path(geopackage), Listed(Many(200, 1 + number % 3)), connection, Query(), full=True)
        if number % 7 == 0:
            algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:odmatrix")
            places = f"{geopackage}|layername=services"
            given = {"ORIGINS": places, "DESTINATIONS": places, "NETWORK": roads, "OUTPUT": "memory:"}
            algorithm.run(given, QgsProcessingContext(), QgsProcessingFeedback(False))


if __name__ == "__main__":
    main(*sys.argv[1:4])
