"""Caches are the user's alone."""

from __future__ import annotations

import os

import pytest
from carto_services_publics.core.matching.geocoding import GeocodeCache
from carto_services_publics.core.private import private_folder
from carto_services_publics.core.routing.answer_cache import AnswerCache

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions of another kind")


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("kind", [AnswerCache, GeocodeCache])
@pytest.mark.parametrize("older", [False, True])
def test_a_cache_is_open_to_its_owner_alone(tmp_path, kind, older):
    path = tmp_path / "cache.sqlite"
    if older:
        kind(path).close()
        path.chmod(0o644)
    cache = kind(path)
    assert {mode(one) for one in tmp_path.iterdir()} == {0o600}
    cache.close()


def test_a_folder_is_made_private_also_when_it_was_open(tmp_path):
    assert mode(private_folder(tmp_path / "new")) == 0o700
    (tmp_path / "old").mkdir(mode=0o755)
    assert mode(private_folder(tmp_path / "old")) == 0o700
