"""changenetwork: drawings of a layer, in any CRS, become a network of its own."""

from __future__ import annotations

import pytest
from carto_services_publics.core.network import open_network
from carto_services_publics.processing.buildnetwork import BuildNetwork
from carto_services_publics.processing.changenetwork import ChangeNetwork
from qgis.core import QgsProcessingException, QgsProcessingUtils

from .conftest import Heard, run_new


@pytest.fixture
def network(draw, tmp_path):
    lines = [
        ("LINESTRING(700000 6600000, 701000 6600000)", 60.0),
        ("LINESTRING(701000 6600000, 702000 6600000)", 60.0),
    ]
    roads = draw("LineString", "kmh:double", lines)
    path = str(tmp_path / "a.network")
    run_new(BuildNetwork(), {"INPUT": roads, "SPEED_FIELD": "kmh", "OUTPUT": path})
    return path


def test_a_road_is_slowed_and_another_closed(draw, network, tmp_path):
    changes = draw(
        "LineString",
        "action:string,valeur:string",
        [
            ("LINESTRING(700000 6600000, 701000 6600000)", "vitesse", "30"),
            ("LINESTRING(701500 6599900, 701500 6600100)", "fermer", None),
            ("LINESTRING(900000 6600000, 901000 6600000)", "fermer", None),
        ],
    )
    heard = Heard()
    parameters = {"NETWORK": network, "CHANGES": changes, "OUTPUT": str(tmp_path / "b"), "AFFECTED": "memory:"}
    results, context = run_new(ChangeNetwork(), parameters, heard)
    made = open_network(results["OUTPUT"])
    assert made.minutes_forward.tolist() == pytest.approx([2.0])
    layer = QgsProcessingUtils.mapLayerFromString(results["AFFECTED"], context)
    rows = [[row["action"], row["minutes_direct_avant"], row["minutes_direct_apres"]] for row in layer.getFeatures()]
    assert [row[0] for row in rows] == ["vitesse", "fermer"]
    assert rows[0][1:] == pytest.approx([1.0, 2.0]) and rows[1][1] == pytest.approx(1.0)
    assert results["AFFECTED_COUNT"] == 2
    assert open_network(network).link_count == 2  # the first one is as it was


def test_numbers_and_another_crs_are_read(draw, network, tmp_path):
    changes = draw("Point", "action:string,valeur:double", [("POINT(3.006 46.5)", "vitesse", 30.0)], crs="EPSG:4326")
    results, _ = run_new(
        ChangeNetwork(), {"NETWORK": network, "CHANGES": changes, "OUTPUT": str(tmp_path / "b.network")}
    )
    assert sorted(open_network(results["OUTPUT"]).minutes_forward.tolist()) == pytest.approx([1.0, 2.0], rel=1e-3)


@pytest.mark.parametrize(("action", "value"), [("casser", ""), ("vitesse", "vite"), ("sens", "30")])
def test_what_is_no_change_is_refused(draw, network, tmp_path, action, value):
    changes = draw("Point", "action:string,valeur:string", [("POINT(700500 6600000)", action, value)])
    with pytest.raises(QgsProcessingException):
        run_new(ChangeNetwork(), {"NETWORK": network, "CHANGES": changes, "OUTPUT": str(tmp_path / "b.network")})
    assert not (tmp_path / "b.network").exists()


def test_a_network_is_not_written_over_itself(draw, network):
    changes = draw("Point", "action:string,valeur:string", [("POINT(700500 6600000)", "vitesse", "30")])
    with pytest.raises(QgsProcessingException):
        run_new(ChangeNetwork(), {"NETWORK": network, "CHANGES": changes, "OUTPUT": network})
