"""A package of three services, and copies of it."""

from __future__ import annotations

import pytest
from carto_services_publics.core.field.package import Luggage, pack
from carto_services_publics.tests.servers.field_copies import SERVICES, copy_of


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    return pack(tmp_path_factory.mktemp("terrain"), Luggage(SERVICES, facts={"registre": "Annuaire"}))


@pytest.fixture
def go_out(packed, tmp_path):
    """``go_out(agent, *rows)``: the path of an agent's copy with these rows; ``at`` is a place in EPSG:2154."""
    return lambda agent, *rows: copy_of(packed.path, tmp_path / agent, *rows)
