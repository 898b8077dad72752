"""Suspicious positions are flagged, and stay where they are."""

from __future__ import annotations

import pytest
from carto_services_publics.core.registry.positions import ANOMALIES, examine
from carto_services_publics.core.registry.records import build_service


@pytest.mark.parametrize(
    ("lon", "lat", "code", "anomaly"),
    [
        (3.5, 44.5, "48095", ""),
        ("3.5", "44.5", "48095", ""),
        (8.7, 41.9, "2A004", ""),
        (55.45, -20.88, "97411", ""),
        (-52.3, 4.9, "97302", ""),
        (44.5, 3.5, "48095", "axes_inverses"),
        (-20.88, 55.45, "97411", "axes_inverses"),
        (55.45, 20.88, "97411", "signe_inverse"),
        (3.5, -44.5, "48095", "signe_inverse"),
        (44.5, 44.5, "48095", "lon_egale_lat"),
        (3.5, 44.5, "97411", "hors_commune"),
        (12.5, 42.0, "48095", "hors_commune"),
        (12.5, 42.0, "", "hors_france"),
        (0, 0, "48095", "position_nulle"),
        ("0.0", "0", "48095", "position_nulle"),
        ("", "", "48095", "sans_position"),
        (None, 44.5, "48095", "sans_position"),
        ("abc", 44.5, "48095", "position_illisible"),
        (float("nan"), 44.5, "48095", "position_illisible"),
        (1e6, 6e6, "48095", "position_illisible"),
    ],
)
def test_what_is_odd_is_named(lon, lat, code, anomaly):
    found = examine(lon, lat, code)
    assert found.anomalie == anomaly
    assert anomaly == "" or anomaly in ANOMALIES
    without_place = ("position_nulle", "sans_position", "position_illisible")
    if anomaly in without_place:
        assert (found.lon, found.lat) == (None, None)
    else:
        assert (found.lon, found.lat) == (float(lon), float(lat))


def test_a_suspicious_position_is_of_unknown_precision():
    values = {"id": "1", "nom": "Mairie", "code_insee": "48095", "precision_position": "adresse"}
    assert build_service(values, 3.5, 44.5).precision_position == "adresse"
    swapped = build_service(values, 44.5, 3.5)
    assert (swapped.precision_position, swapped.anomalie) == ("inconnue", "axes_inverses")
    assert (swapped.lon, swapped.lat) == (44.5, 3.5)
