"""On one's own territory: every page gives one figure, twice, a minute apart, and it is that of scipy alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from desktop import run_desktop

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]
OPTIONS = BuildOptions(speed_field="speed_chord_kmh", direction_field="sens", value_forward="F")


@pytest.fixture(scope="module")
def figures(whole_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corse")
    network, given = folder / "corse.network", folder / "figures.json"
    build_network(str(whole_data / "corse" / "corse_routes_osm.gpkg"), OPTIONS, network)
    environment = {"CSP_CORSE": whole_data / "corse", "CSP_NETWORK": network, "CSP_FIGURES": given}
    script = Path(__file__).parent / "drive_corse.py"
    print(run_desktop(script, folder / "profile", **{name: str(value) for name, value in environment.items()}))
    found = json.loads(given.read_text(encoding="utf-8"))
    print(found)
    return found


def test_every_page_gives_one_figure(figures):
    assert figures["population"] == 334_938
    assert figures["beyond"] == figures["by_place"] == figures["by_gap"]
    percent = f"{100 * figures['share']:.1f}".replace(".", ",")
    assert figures["cell"] == f"{percent} %" and f"({percent} %)" in figures["words"]
    assert figures["siting"]["within"] == pytest.approx(100 * (1 - figures["share"]), abs=0.051)


def test_those_who_could_not_be_computed_are_said_on_every_page(figures):
    assert figures["not_computed"] > 0
    said = f"{figures['not_computed']:,.0f}".replace(",", " ")
    for words in (figures["words"], figures["siting"]["words"], figures["scenario"]["words"]):
        assert f"{said} habitants n'ont pas pu être calculés" in words and "bâtiments" in words
    assert "en voiture" in figures["words"] and "France services" in figures["words"]
