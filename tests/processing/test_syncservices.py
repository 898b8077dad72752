"""A GeoPackage kept as a real server says."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timezone

import pytest
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers import ogcapi
from qgis.core import QgsProcessingException, QgsVectorLayer

SERVICES = [
    Service(f"s{n}", f"Mairie {n}", "mairie", code_insee="48095", lon=3.5, lat=44.5, date_maj="2026-01-01")
    for n in range(5)
]


@pytest.mark.servers
def test_a_geopackage_follows_a_registry(run, rows, tmp_path):
    served = ogcapi.make_geopackage(tmp_path / "registry.gpkg", SERVICES)
    copy = str(tmp_path / "mine.gpkg")
    with ogcapi.registry(served) as url:
        layers, said = run("syncservices", REGISTRY=url, GEOPACKAGE=copy)
        assert "Services: 5 added" in said
        assert [row["nature"] for row in rows(layers["CHANGES"])] == ["ajout"] * 5

        layer = QgsVectorLayer(f"{copy}|layername=services", "services", "ogr")
        assert layer.featureCount() == 5
        assert layer.renderer().type() == "RuleRenderer", "the style is in the file"
        assert f"{datetime.now(timezone.utc):%d/%m/%Y}" in layer.metadata().abstract(), "and when it was read"
        del layer

        ogcapi.change_service(served, "s2", {"telephone": "04 66 00 00 00"})
        with sqlite3.connect(served) as database:
            database.create_function("ST_IsEmpty", 1, lambda geometry: 0)
            database.execute("DELETE FROM services WHERE id = 's4'")
        layers, said = run("syncservices", REGISTRY=url, GEOPACKAGE=copy)
    assert "Services: 0 added, 1 changed, 1 removed" in said
    told = [(row["nature"], row["id"], row["champ"] or "", row["nouveau"] or "") for row in rows(layers["CHANGES"])]
    assert told == [("modification", "s2", "telephone", "04 66 00 00 00"), ("suppression", "s4", "", "")]


def test_a_registry_that_does_not_answer_leaves_no_file(run, tmp_path):
    with pytest.raises(QgsProcessingException):
        run("syncservices", REGISTRY="http://127.0.0.1:9/wfs3", GEOPACKAGE=str(tmp_path / "mine.gpkg"))
    assert not list(tmp_path.iterdir())
