"""The address of a place shown on the map."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from carto_services_publics.core.corrections.addresses import address_at
from carto_services_publics.tests.servers.faults import as_json, stub

FOUND = {
    "label": "1 Place du Colonel 06360 Èze",
    "name": "1 Place du Colonel",
    "postcode": "06360",
    "citycode": "06059",
    "city": "Èze",
    "type": "housenumber",
    "distance": 12,
}


@pytest.fixture
def geocoder():
    """A server that answers as the Géoplateforme does; its `answer` may be changed."""

    kept = SimpleNamespace(status=200, answer={"type": "FeatureCollection", "features": [{"properties": FOUND}]})

    def answer(handler, _body):
        asked = urlsplit(handler.path)
        kept.asked = (asked.path, parse_qs(asked.query))
        return as_json(kept.answer, kept.status)

    with stub(answer) as kept.url:
        yield kept


def ask(geocoder, lon=7.36, lat=43.72):
    return address_at(requests.Session(), lon, lat, f"{geocoder.url}/geocodage/")


def test_the_place_gives_the_columns_of_an_address(geocoder):
    assert ask(geocoder) == {
        "adresse": "1 Place du Colonel",
        "code_postal": "06360",
        "commune": "Èze",
        "code_insee": "06059",
    }
    path, query = geocoder.asked
    assert path == "/geocodage/reverse" and (query["lon"], query["lat"]) == (["7.3600000"], ["43.7200000"])


def test_a_far_address_is_not_that_of_the_place_but_its_commune_is(geocoder):
    geocoder.answer["features"][0]["properties"] = {**FOUND, "distance": 350}
    assert "adresse" not in ask(geocoder) and ask(geocoder)["commune"] == "Èze"


@pytest.mark.parametrize("answer", [{"features": []}, {}, [], {"features": [{"properties": None}]}, {"features": None}])
def test_nothing_there_is_an_empty_address(geocoder, answer):
    geocoder.answer = answer
    assert ask(geocoder) == {}


def test_a_server_in_trouble_is_an_error_and_not_an_address(geocoder):
    geocoder.status = 503
    with pytest.raises(requests.HTTPError):
        ask(geocoder)
