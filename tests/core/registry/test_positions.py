"""Suspicious positions are flagged, and stay where they are."""

from __future__ import annotations

import pytest
from carto_services_publics.core.registry.positions import ANOMALIES, examine
from carto_services_publics.core.registry.records import build_service


@pytest.mark.parametrize(
    ("lon", "lat", "code", "anomaly"),
    [
        (3.5, 44.52, "48095", ""),
        ("3.5", "44.52", "48095", ""),
        (8.73, 41.93, "2A004", ""),
        (55.45, -20.9, "97411", ""),
        (-52.32, 4.93, "97302", ""),
        (44.52, 3.5, "48095", "axes_inverses"),
        (-20.9, 55.45, "97411", "axes_inverses"),
        (55.45, 20.9, "97411", "signe_inverse"),
        (3.5, -44.52, "48095", "signe_inverse"),
        (44.5, 44.5, "48095", "lon_egale_lat"),
        (3.5, 44.5, "97411", "hors_commune"),
        (12.5, 42.0, "48095", "hors_commune"),
        (12.5, 42.0, "", "hors_france"),
        (0, 0, "48095", "position_nulle"),
        ("0.0", "0", "48095", "position_nulle"),
        ("", "", "48095", "sans_position"),
        (None, 44.52, "48095", "sans_position"),
        ("abc", 44.52, "48095", "position_illisible"),
        (float("nan"), 44.52, "48095", "position_illisible"),
        (739_000, 6_380_000, "48095", "position_projetee"),
        (-400_000.5, 5_600_000, "48095", "position_projetee"),
        (3_500_000, 44_520_000, "48095", "position_illisible"),
        (200, 44.52, "48095", "position_illisible"),
        (3.4, 44.4, "48095", "hors_commune"),
        (4.0, 44.4, "48999", ""),
        (5.0, 44.4, "48999", "hors_commune"),
        (2.35, 48.85, "99109", ""),
        (-62.83, 17.9, "97701", ""),
        (70.2, -49.3, "98411", ""),
    ],
)
def test_what_is_odd_is_named(lon, lat, code, anomaly):
    found = examine(lon, lat, code)
    assert found.anomalie == anomaly
    assert anomaly == "" or anomaly in ANOMALIES
    without_place = ("position_nulle", "sans_position", "position_illisible", "position_projetee")
    if anomaly in without_place:
        assert (found.lon, found.lat) == (None, None)
    else:
        assert (found.lon, found.lat) == (float(lon), float(lat))


def test_a_suspicious_position_is_of_unknown_precision():
    values = {"id": "1", "nom": "Mairie", "code_insee": "48095", "precision_position": "adresse"}
    assert build_service(values, 3.5, 44.52).precision_position == "adresse"
    swapped = build_service(values, 44.52, 3.5)
    assert (swapped.precision_position, swapped.anomalie) == ("inconnue", "axes_inverses")
    assert (swapped.lon, swapped.lat) == (44.52, 3.5)
