"""The labelled lists of `bench/`, and services in a few words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[3] / "bench"


@pytest.fixture(scope="session")
def matching_set():
    sys.path.insert(0, str(BENCH))
    try:
        import matching_set
    finally:
        sys.path.remove(str(BENCH))
    return matching_set


@pytest.fixture
def service():
    """A service of Lozère from what matters to a test."""
    from carto_services_publics.core.services import Service

    def make(nom, categorie="mairie", **values):
        values = {"id": nom, "commune": "Mende", "code_insee": "48095", "lon": 3.5, "lat": 44.52, **values}
        return Service(nom=nom, categorie=categorie, **values)

    return make
