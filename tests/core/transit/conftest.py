"""A small town to walk in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.routing.local import Router

sys.path.insert(0, str(Path(__file__).parent))
from journey_cases import SIDE
from timetables import walking_grid


@pytest.fixture(scope="session")
def on_foot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("streets")
    build_network(
        str(walking_grid(folder / "grid.geojson", SIDE)), BuildOptions(profile="foot"), folder / "grid.network"
    )
    return Router(open_network(folder / "grid.network"))
