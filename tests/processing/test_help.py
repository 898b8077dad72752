"""The help texts name only what the algorithms have."""

from __future__ import annotations

import re

import pytest
from carto_services_publics.processing.base import HELP

NAME = re.compile(r"`([A-Z][A-Z_]*)`")


@pytest.mark.parametrize("page", sorted(HELP.glob("*.md")), ids=lambda page: page.name)
def test_every_parameter_named_is_one_of_the_algorithm(provider, page):
    algorithm = next(found for found in provider.algorithms() if found.name() == page.name.split(".")[0])
    own = {item.name() for item in (*algorithm.parameterDefinitions(), *algorithm.outputDefinitions())}
    assert set(NAME.findall(page.read_text(encoding="utf-8"))) - own == set()
