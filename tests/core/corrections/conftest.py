"""An outbox of one's own, and the servers."""

from __future__ import annotations

import pytest
import requests
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.tests.servers.fixtures import postgis_port, registry

__all__ = ["outbox", "postgis_port", "registry", "session"]


@pytest.fixture()
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox" / "corrections.sqlite")
    yield box
    box.close()


@pytest.fixture(scope="session")
def session():
    session = requests.Session()
    session.trust_env = False
    return session
