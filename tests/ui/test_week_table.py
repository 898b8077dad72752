"""The week without a car as a table: what nobody knows is empty, and no worst zone."""

from __future__ import annotations

from carto_services_publics.core.report.without_car import DAYS
from carto_services_publics.ui.week_table import WeekTable
from qgis.core import QgsFeature, QgsVectorLayer


def test_zones_of_which_nothing_is_known_come_last_and_unknown_days_are_empty(qgis_app, qtbot):
    columns = ["zone_id:string", "categorie:string", "population:double", "jours_par_semaine:double"]
    columns += [f"part_{day}:double" for day in DAYS]
    layer = QgsVectorLayer("NoGeometry?" + "&".join(f"field={name}" for name in columns), "week", "memory")
    rows = [
        ("nobody", "mairie", 0.0, None, *[None] * 7),
        ("often", "mairie", 10.0, None, None, *[0.9] * 6),
        ("seldom", "mairie", 10.0, None, None, *[0.1] * 6),
    ]
    features = []
    for values in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(values))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    table = WeekTable(layer)
    qtbot.addWidget(table)
    shown = [[table.table.item(row, column).text() for column in range(9)] for row in range(3)]
    assert [row[0] for row in shown] == ["seldom", "often", "nobody"]
    assert shown[0][2:5] == ["", "10\u202f%", "10\u202f%"] and shown[2][2:] == [""] * 7
