"""The catalogue of feeds: read as the access point answers, chosen by territory, kept with a card."""

from __future__ import annotations

import json
import zipfile

import pytest
from carto_services_publics.core.territories import find
from carto_services_publics.core.transit.catalogue import feeds_of, is_kept, keep, kept_at, read_catalogue
from carto_services_publics.core.transit.errors import FeedUnreadable


def dataset(title, area, licence="lov2", **resource):
    """One dataset with one resource, in the form of the access point's answers."""
    return {
        "id": f"d-{title}",
        "datagouv_id": f"d-{title}",
        "title": title,
        "licence": licence,
        "type": "public-transit",
        "page_url": "https://transport.example/datasets/x",
        "publisher": {"id": "p", "name": "Une plateforme", "type": "organization"},
        "legal_owners": [{"name": "Collectivité de Corse", "siren": "200076958", "type": "region"}],
        "covered_area": area,
        "community_resources": [],
        "resources": [
            {
                "id": 81,
                "datagouv_id": f"r-{title}",
                "title": "GTFS.zip",
                "format": "GTFS",
                "url": "https://static.example/gtfs.zip",
                "original_url": "https://producer.example/gtfs.zip",
                "filesize": 42,
                "updated": "2026-11-20T10:00:00Z",
                "is_available": True,
                "metadata": {"start_date": "2026-09-01", "end_date": "2026-12-31"},
                **resource,
            },
            {"id": 82, "title": "Temps réel", "format": "gtfs-rt", "url": "https://rt.example"},
        ],
    }


CORSE = [{"insee": "94", "nom": "Corse", "type": "region"}]
AJACCIO = [{"insee": "2A004", "nom": "Ajaccio", "type": "commune"}]
LOZERE = [{"insee": "48", "nom": "Lozère", "type": "departement"}]
FRANCE = [{"insee": "FR", "nom": "France", "type": "pays"}]


def test_a_feed_says_whose_it_is_until_when_and_under_which_licence():
    (feed,) = read_catalogue([dataset("Cars de Corse", CORSE, "odc-odbl")])
    assert feed.title == "Cars de Corse – GTFS.zip" and feed.publisher == "Collectivité de Corse"
    assert (feed.licence, feed.start, feed.end, feed.size) == ("ODbL", "2026-09-01", "2026-12-31", 42)
    assert feed.url == "https://static.example/gtfs.zip" and feed.areas == (("region", "94"),)


def test_feeds_of_a_territory_are_those_that_cover_it_the_most_local_first():
    former = {"type": "aom", "name": "Quelque part", "aom": {"name": "Quelque part", "siren": "1"}}
    areas = {"region": CORSE, "town": AJACCIO, "elsewhere": LOZERE, "country": FRANCE, "former": former}
    feeds = read_catalogue([dataset(title, area) for title, area in areas.items()])
    found = [feed.id for feed in feeds_of(feeds, find("2A004").communes)]
    assert found == ["r-town", "r-region", "r-country", "r-former"]
    assert [feed.id for feed in feeds_of(feeds, find("48").communes)][0] == "r-elsewhere"


@pytest.mark.parametrize("answer", [{}, None, "text", {"error": "?"}])
def test_another_answer_is_no_catalogue(answer):
    with pytest.raises(FeedUnreadable):
        read_catalogue(answer)


def test_oddities_of_the_answer_are_no_error():
    odd = [
        7,
        {},
        {"resources": None},
        {"resources": [3, {"format": "GTFS"}]},
        dataset("x", None, metadata=None, filesize="big"),
    ]
    (feed,) = read_catalogue(odd)
    assert (feed.start, feed.size, feed.areas) == ("", 0, ())


def test_what_is_kept_is_this_edition_with_its_card(tmp_path):
    (feed,) = read_catalogue([dataset("Cars", CORSE)])
    (tmp_path / "new").write_bytes(b"no zip")
    with pytest.raises(FeedUnreadable):
        keep(feed, tmp_path / "new", tmp_path, "2026-11-27")
    with zipfile.ZipFile(tmp_path / "new", "w") as out:
        for name in ("stops.txt", "trips.txt", "stop_times.txt"):
            out.writestr(name, "")
    assert not is_kept(feed, tmp_path)
    path = keep(feed, tmp_path / "new", tmp_path, "2026-11-27")
    assert path == kept_at(feed, tmp_path) and is_kept(feed, tmp_path)
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert (card["licence"], card["read_on"]) == ("Licence Ouverte 2.0", "2026-11-27")
    assert not is_kept(feed._replace(updated="2026-11-26T00:00:00Z"), tmp_path)
    assert not is_kept(feed._replace(updated=""), tmp_path)
    hostile = feed._replace(id="../../x")
    assert kept_at(hostile, tmp_path).parent == tmp_path
