"""What a sync may take away, and by which outlines positions are judged."""

from __future__ import annotations

import pytest
from carto_services_publics.processing import syncservices
from qgis.core import QgsFeature, QgsGeometry, QgsProcessingException, QgsVectorLayer


def written(path, count, columns="code_insee,lon,lat", values="48095,3.5,44.52"):
    lines = [f"s{n},Mairie {n},mairie,{values}" for n in range(count)]
    path.write_text("\n".join([f"id,nom,categorie,{columns}", *lines]) + "\n", encoding="utf-8")
    return str(path)


def communes(
    field="insee_com", code="48095", wkt="POLYGON((700000 6300000,701000 6300000,701000 6301000,700000 6300000))"
):
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:2154&field={field}:string", "communes", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttribute(field, code)
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    layer.dataProvider().addFeature(feature)
    return layer


def test_a_sync_that_would_remove_too_much_is_refused_unless_told(run, tmp_path):
    source, copy = tmp_path / "list.csv", str(tmp_path / "mine.gpkg")
    run("syncservices", REGISTRY=written(source, 10), GEOPACKAGE=copy)
    with pytest.raises(QgsProcessingException, match="3 of 10 services"):
        run("syncservices", REGISTRY=written(source, 7), GEOPACKAGE=copy)
    assert syncservices.REFUSED[copy].message.values["removed"] == 3
    assert QgsVectorLayer(f"{copy}|layername=services", "s", "ogr").featureCount() == 10
    _layers, said = run("syncservices", REGISTRY=str(source), GEOPACKAGE=copy, MOST_REMOVED=30)
    assert "3 removed" in said and copy not in syncservices.REFUSED


@pytest.mark.parametrize("algorithm", ["loadservices", "syncservices"])
def test_a_layer_of_communes_judges_positions(run, rows, tmp_path, algorithm):
    registry, copy = written(tmp_path / "list.csv", 2), str(tmp_path / "mine.gpkg")
    found = {}
    for name, layer in (("shipped", None), ("own", communes())):
        options = {"GEOPACKAGE": copy} if algorithm == "syncservices" else {}
        layers, _said = run(algorithm, REGISTRY=registry, COMMUNES=layer, **options)
        layer = layers.get("OUTPUT") or QgsVectorLayer(f"{copy}|layername=services", "s", "ogr")
        found[name] = {str(row["anomalie"] or "") for row in rows(layer)}
    assert found == {"shipped": {""}, "own": {"hors_commune"}}


def test_a_layer_without_codes_is_refused(run, tmp_path):
    with pytest.raises(QgsProcessingException, match="insee_com"):
        run("loadservices", REGISTRY=written(tmp_path / "list.csv", 2), COMMUNES=communes(field="other"))
