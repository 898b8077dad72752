"""Servers as they are: addresses with a query of their own, pages of every habit."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from carto_services_publics.core.errors import CartoError
from carto_services_publics.core.http import OwnQuery
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Connection, Incomplete, Query, guess_connection, ogcapi, open_registry
from carto_services_publics.core.registry.ogcapi import EndlessPages
from carto_services_publics.core.services import Rejected, Service
from hypothesis import given
from hypothesis import strategies as st

ITEMS = "/collections/services/items"


class Told(Progress):
    def __init__(self):
        self.said = []

    def warn(self, message):
        self.said.append(str(message))


def read(address, session, query=Query(), progress=None, kind="ogcapi"):
    registry = open_registry(Connection("test", kind, address), session)
    return list(registry.read(query, progress or Progress()))


def params(path):
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def offsets(make, total, most, name="offset", matched=None):
    """A server of ``total`` records that gives ``most`` at a time from ``name``, and no link to the next page."""

    def answer(path, headers):
        asked = params(path)
        start = int(asked.get(name, 0))
        limit = min(int(asked.get("limit", 10)), most)
        return make.Answer(
            make.page([make.feature(f"s{i}") for i in range(start, min(total, start + limit))], None, matched)
        )

    return answer


# -- the address's own query ----------


@pytest.mark.parametrize("suffix", ["/", "", ITEMS, "/collections/services"])
def test_the_query_of_an_address_goes_with_each_request(serve, session, make, suffix):
    def answer(path, headers):
        if "key=k%2F1" not in path or "MAP=/srv/p.qgs" not in path:
            return make.Answer({"description": "no"}, 401)
        if ITEMS not in path:
            return make.Answer({"title": "t", "links": [], "conformsTo": []})
        if "page=1" in path:
            return make.Answer(make.page([make.feature("b")]))
        return make.Answer(make.page([make.feature("a")], f"{ITEMS}?page=1", 2), headers={"ETag": '"1"'})

    server = serve(answer)
    connection = Connection("t", "ogcapi", f"{server.url}{suffix}?MAP=/srv/p.qgs&key=k%2F1&limit=5&f=html")
    registry = open_registry(connection, session)
    assert registry.source().title == "t" and registry.count(Query()) == 2
    assert [one.id for one in registry.read(Query(categories=("mairie",)))] == ["a", "b"]
    asked = [path for path, _headers in server.requests]
    assert not any("limit=5" in path or "f=html" in path for path in asked)
    assert "k%2F1" not in json.dumps(registry.validators) and "srv" not in str(registry.source())
    assert registry.unchanged(registry.validators[:1], Progress()) is False
    assert "k%2F1" in server.requests[-1][0]


def test_what_the_address_says_itself_stands_and_ours_is_sorted_out_here(serve, session, make):
    features = [make.feature("a"), make.feature("far", lon=3.9)]
    server = serve(lambda path, headers: make.Answer(make.page(features)))
    found = read(f"{server.url}?bbox=3,44,4,45", session, Query(extent=(3, 44, 3.6, 45)))
    assert [one.id for one in found] == ["a"]
    assert params(server.requests[-1][0])["bbox"] == "3,44,4,45"


def test_a_key_in_an_address_is_in_no_message_and_no_name(serve, session, make):
    server = serve(lambda path, headers: make.Answer(b"{}", 500))
    address = f"{server.url}/api?token=s3cret"
    for kind in ("ogcapi", "annuaire", "fichier"):
        with pytest.raises(CartoError) as caught:
            read(address, session, kind=kind)
        assert "s3cret" not in str(caught.value) and "/api" in str(caught.value)
    assert "s3cret" not in guess_connection(address).name


def test_the_annuaire_too_keeps_the_query_of_its_address(serve, session, make):
    server = serve(lambda path, headers: make.Answer({"total_count": 0, "results": []}))
    address = (
        f"{server.url}/api/explore/v2.1/catalog/datasets/x/records?apikey=k&where=pivot%20LIKE%20%22mairie%22&limit=20"
    )
    assert read(address, session, kind="annuaire", query=Query(since="2026-01-01")) == []
    asked = params(server.requests[-1][0])
    assert asked["apikey"] == "k" and asked["limit"] == "1"
    assert asked["where"].startswith('(pivot LIKE "mairie") AND (')


query_parts = st.lists(st.from_regex(r"[a-zA-Z]{1,4}=[a-z0-9/%:]{0,4}", fullmatch=True), max_size=4)


@given(query_parts, query_parts)
def test_an_own_query_is_whole_once_put_on_and_gone_once_taken_off(own, other):
    address, given_ = (
        "https://h.example/p",
        f"https://h.example/p?{'&'.join(other)}" if other else "https://h.example/p",
    )
    query = OwnQuery(f"{address}?{'&'.join(own)}")
    asked = query.on(given_)
    assert query.names() <= set(map(str.lower, parse_qs(urlsplit(asked).query, keep_blank_values=True)))
    assert query.on(asked) == asked
    assert asked.startswith(given_)
    assert not query.names() & set(parse_qs(urlsplit(query.off(asked)).query, keep_blank_values=True))


# -- pages ----------


@pytest.mark.parametrize("name", ["offset", "startindex"])
@pytest.mark.parametrize("matched", [None, 45])
def test_full_pages_without_a_next_one_are_followed_by_number(serve, session, make, name, matched):
    server = serve(offsets(make, 45, 20, name, matched))
    assert len(read(server.url, session)) == 45


def test_a_full_page_that_is_the_whole_list_is_just_that(serve, session, make):
    told = Told()
    assert len(read(serve(offsets(make, 20, 20)).url, session, progress=told)) == 20
    assert told.said == []


def test_a_page_full_to_its_limit_of_a_server_that_cannot_go_on_is_an_error(serve, session, make, monkeypatch):
    monkeypatch.setattr(ogcapi, "PAGE_SIZES", ("20", ""))
    features = [make.feature(f"s{i}") for i in range(20)]
    server = serve(lambda path, headers: make.Answer(make.page(features)))
    with pytest.raises(Incomplete, match="full to its limit"):
        read(server.url, session)
    monkeypatch.setattr(ogcapi, "PAGE_SIZES", ("10000", ""))
    told = Told()
    assert len(read(server.url, session, progress=told)) == 20
    assert "without saying whether more follow" in told.said[0]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_limit_that_is_refused_is_made_smaller(serve, session, make, status):
    def answer(path, headers):
        if int(params(path).get("limit", 0)) > 500:
            return make.Answer({"detail": "limit"}, status)
        return make.Answer(make.page([make.feature("a")]))

    server = serve(answer)
    assert len(read(server.url, session)) == 1
    assert "limit=100&" in server.requests[-1][0] + "&"


def test_an_empty_page_that_leads_on_is_not_the_end(serve, session, make):
    def answer(path, headers):
        number = int(params(path).get("page", 0))
        features = [make.feature(f"s{number}")] if number in (0, 4) else []
        return make.Answer(make.page(features, f"{ITEMS}?page={number + 1}" if number < 4 else None))

    assert [one.id for one in read(serve(answer).url, session)] == ["s0", "s4"]


def test_empty_pages_do_not_lead_on_for_ever(serve, session, make):
    def answer(path, headers):
        return make.Answer(make.page([], f"{ITEMS}?page={int(params(path).get('page', 0)) + 1}"))

    server = serve(answer)
    with pytest.raises(EndlessPages):
        read(server.url, session)
    assert len(server.requests) < 2 * ogcapi.MOST_EMPTY_PAGES


@pytest.mark.parametrize(("matched", "most"), [(25, 60), (None, 300)])
def test_pages_without_end_stop_at_what_was_announced_or_at_a_limit(serve, session, make, monkeypatch, matched, most):
    monkeypatch.setattr(ogcapi, "MOST_RECORDS", 200)

    def answer(path, headers):
        number = int(params(path).get("page", 0))
        features = [make.feature(f"s{number}-{i}") for i in range(10)]
        return make.Answer(make.page(features, f"{ITEMS}?page={number + 1}", matched))

    found = []
    with pytest.raises(EndlessPages, match="do not end"):
        for one in open_registry(Connection("t", "ogcapi", serve(answer).url), session).read(Query()):
            found.append(one)
    assert len(found) <= most


NEXT = f"{ITEMS}?page=1"
HTML = {"rel": "next", "type": "text/html", "href": f"{ITEMS}?html"}
LEADS = [
    ({"links": [HTML, {"rel": "next", "type": "application/geo+json", "href": NEXT}]}, {}),
    ({"links": [HTML, {"rel": "next", "href": NEXT}]}, {}),
    ({"links": [{"rel": "Next", "href": NEXT}]}, {}),
    ({"links": [{"rel": ["self", "next"], "href": f"{ITEMS}?page=1"}]}, {}),
    ({"links": {"next": {"href": NEXT}}}, {}),
    ({"links": {"next": NEXT}}, {}),
    ({"_links": {"next": {"href": NEXT}}}, {}),
    ({"next": NEXT}, {}),
    ({}, {"Link": f'<{ITEMS}?html>; rel="next"; type="text/html", <{NEXT}>; rel="next"; type="application/geo+json"'}),
    ({}, {"Link": f"<{NEXT}>; rel=next"}),
    ({"links": [{"rel": "self", "href": ITEMS}]}, {"Link": f'<{NEXT}>; rel="next"'}),
]  # fmt: skip


@pytest.mark.parametrize(("members", "headers"), LEADS, ids=range(len(LEADS)))
def test_the_next_page_is_found_wherever_it_is_said(serve, session, make, members, headers):
    def answer(path, _headers):
        if "html" in path:
            return make.Answer(b"<html></html>", content_type="text/html")
        if "page=1" in path:
            return make.Answer(make.page([make.feature("b")]))
        document = {"type": "FeatureCollection", "features": [make.feature("a")], **members}
        return make.Answer(document, headers=headers)

    server = serve(answer)
    assert [one.id for one in read(server.url, session)] == ["a", "b"]


def test_no_features_at_all_are_an_empty_page(serve, session, make):
    server = serve(lambda path, headers: make.Answer({"type": "FeatureCollection", "features": None, "links": []}))
    assert read(server.url, session) == []


def test_the_features_are_those_of_the_document_itself(serve, session, make):
    document = {"schema": {"features": []}, **make.page([make.feature("a", features=[])])}
    server = serve(lambda path, headers: make.Answer(document))
    assert [one.id for one in read(server.url, session)] == ["a"]


@pytest.mark.parametrize("matched", ["unknown", "1", 1.0, -1, True, float("nan"), 10**400])
def test_a_count_in_another_form_is_understood_or_left_out(serve, session, make, matched):
    server = serve(lambda path, headers: make.Answer(make.page([make.feature("a")], None, matched)))
    assert len(read(server.url, session)) == 1


def test_a_page_that_names_its_reference_system_as_before_2016(serve, session, make):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    document = {"crs": crs, **make.page([make.feature("a", lon=739_793.0, lat=6_378_541.0)])}
    [mende] = read(serve(lambda path, headers: make.Answer(document)).url, session)
    assert (mende.lon, mende.lat) == (pytest.approx(3.4998, abs=0.01), pytest.approx(44.5, abs=0.05))


@given(
    total=st.integers(0, 70),
    cap=st.sampled_from([10, 20, 30]),
    name=st.sampled_from(["offset", "startindex"]),
    counts=st.booleans(),
    links=st.booleans(),
)
def test_a_server_gives_all_or_an_error(total, cap, name, counts, links):
    """Whatever a server's habit, no reading without an error is shorter than its list."""
    from unittest import mock

    from carto_services_publics.core.registry import web as web_module

    def get(_web, url, _progress, _headers=None):
        asked = params(url)
        start, size = int(asked.get(name, 0)), min(int(asked.get("limit", 10)), cap)
        rows = [
            {"type": "Feature", "id": i, "geometry": None, "properties": {"nom": f"n{i}", "categorie": "mairie"}}
            for i in range(start, min(total, start + size))
        ]
        document = {"type": "FeatureCollection", "features": rows}
        if counts:
            document["numberMatched"] = total
        if links and start + size < total:
            document["links"] = [{"rel": "next", "href": f"{url.partition('?')[0]}?limit={size}&{name}={start + size}"}]
        response = requests.Response()
        response.url, response.status_code = url, 200
        return response, json.dumps(document).encode()

    with mock.patch.object(web_module.Web, "get", get):
        records = read("https://registre.example.org", requests.Session())
    assert len([one for one in records if isinstance(one, Service)]) == total
    assert not any(isinstance(one, Rejected) for one in records)


@pytest.mark.parametrize("kind", ["ogcapi", "fichier"])
def test_the_body_of_a_redirect_is_not_read(serve, session, make, kind):
    """`requests` reads it whole by itself, however long."""

    def answer(path, headers):
        if path.startswith("/there"):
            return make.Answer(make.page([make.feature("a")]))
        return make.Answer(b" " * 5_000_000, 302, {"Location": "/there"}, announced=10**9)

    assert len(read(f"{serve(answer).url}/x", session, kind=kind)) == 1
