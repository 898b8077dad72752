from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import requests

_spec = importlib.util.spec_from_file_location("registry_faulty", Path(__file__).with_name("faulty.py"))
faulty = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(faulty)


@pytest.fixture
def session():
    session = requests.Session()
    session.trust_env = False
    with session:
        yield session


@pytest.fixture
def serve():
    """Starts servers that answer as told: ``serve(lambda path, headers: Answer(…))``."""
    servers = []

    def start(answer):
        servers.append(faulty.FaultyServer(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def make():
    """`make.Answer`, `make.feature`, `make.page`."""
    return faulty


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Waits between attempts are shortened."""
    from carto_services_publics.core.registry import web

    monkeypatch.setattr(web, "_FIRST_WAIT", 0.01)
