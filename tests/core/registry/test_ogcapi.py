"""Reading services from an OGC API – Features, well-behaved or not."""

from __future__ import annotations

import gzip
import itertools
import json
from unittest import mock
from urllib.parse import unquote

import pytest
import requests
from carto_services_publics.core.errors import Cancelled, CartoError
from carto_services_publics.core.http import AnswerTooLarge, Refused
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Connection, Incomplete, Provenance, Query, ogcapi, open_registry
from carto_services_publics.core.registry import web as web_module
from carto_services_publics.core.registry.ogcapi import EndlessPages, ForeignPage, service_from_feature
from carto_services_publics.core.registry.web import AccessDenied, NotARegistry, ServerRefusal, Unreachable
from carto_services_publics.core.services import Rejected, Service
from hypothesis import example, given
from hypothesis import strategies as st

ITEMS = "/collections/services/items"
CQL2 = [
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
]


def read(server, session, query=Query(), progress=Progress()):
    return list(open_registry(Connection("test", "ogcapi", server.url), session).read(query, progress))


def split(records):
    return [r for r in records if isinstance(r, Service)], [r for r in records if isinstance(r, Rejected)]


def pages(make, server_pages, conforms=()):
    """A server whose page n is at ?page=n."""

    def answer(path, headers):
        if path.startswith("/conformance"):
            return make.Answer({"conformsTo": list(conforms)})
        number = int(path.rpartition("page=")[2]) if "page=" in path else 0
        given = server_pages[number]
        return given if isinstance(given, make.Answer) else make.Answer(given)

    return answer


def test_all_pages_are_read_by_their_next_links(serve, session, make):
    server = serve(
        pages(
            make,
            [
                make.page([make.feature("a"), make.feature("b")], f"{ITEMS}?page=1", 3),
                make.page([make.feature("c")], None, 3),
            ],
        )
    )
    services, rejected = split(read(server, session))
    assert [s.id for s in services] == ["a", "b", "c"]
    assert not rejected
    assert (services[0].lon, services[0].lat) == (3.5, 44.5)


def test_the_next_link_is_followed_as_it_is_written(serve, session, make):
    odd = f"{ITEMS}?cursor=a%2Fb+c&page=1"
    server = serve(pages(make, [make.page([make.feature("a")], odd), make.page([make.feature("b")])]))
    assert len(read(server, session)) == 2
    assert server.requests[-1][0] == odd


def test_a_server_that_refuses_large_pages_is_asked_for_smaller_ones(serve, session, make):
    def answer(path, headers):
        if "limit=10000" in path:
            return make.Answer([{"description": "limit is at most 1000"}], 400)
        return make.Answer(make.page([make.feature("a")]))

    assert len(read(serve(answer), session)) == 1


def test_a_filter_is_asked_of_the_server_that_declares_it(serve, session, make):
    server = serve(pages(make, [make.page([make.feature("a")])], CQL2))
    query = Query(categories=("mairie",), communes=frozenset({"48095"}), filter="nom LIKE 'M%'")
    assert len(read(server, session, query)) == 1
    asked = server.requests[-1][0]
    assert "filter-lang=cql2-text" in asked
    assert "categorie%20%3D%20%27mairie%27" in asked
    assert "code_insee%20%3D%20%2748095%27" in asked


def test_a_filter_is_applied_here_when_the_server_does_not_declare_it(serve, session, make):
    features = [make.feature("a"), make.feature("b", categorie="la_poste"), make.feature("c", code_insee="75056")]
    server = serve(pages(make, [make.page(features)]))
    query = Query(categories=("mairie",), communes=frozenset({"48095"}), filter="id <> 'z'")
    assert [r.id for r in read(server, session, query)] == ["a"]
    assert "filter" not in server.requests[-1][0]


def test_a_declared_filter_that_the_server_ignores_is_applied_here(serve, session, make):
    features = [make.feature("a"), make.feature("b", categorie="la_poste")]
    server = serve(pages(make, [make.page(features)], CQL2))
    assert [r.id for r in read(server, session, Query(filter="categorie = 'la_poste'"))] == ["b"]


def test_one_category_is_asked_for_by_the_parameter_that_the_server_s_description_offers(serve, session, make):
    features = [make.feature("a"), make.feature("b", categorie="la_poste")]
    operation = {"get": {"parameters": [{"$ref": "#/x"}, {"name": "categorie", "in": "query"}]}}

    def answer(path, headers):
        if path == "/":
            return make.Answer({"links": [{"rel": "service-desc", "href": "/api"}]})
        if path == "/api":
            return make.Answer({"paths": {ITEMS: operation}})
        if "/items" not in path:
            return make.Answer(b"", 404)
        found = [f for f in features if "categorie=" not in path or f["properties"]["categorie"] in path]
        return make.Answer(make.page(found, None, len(found)))

    server = serve(answer)
    registry = open_registry(Connection("test", "ogcapi", server.url), session)
    assert [r.id for r in registry.read(Query(categories=("mairie",)))] == ["a"]
    assert "categorie=mairie" in server.requests[-1][0]
    assert registry.count(Query(categories=("mairie",))) == 1
    assert registry.count(Query(categories=("mairie", "la_poste"))) is None
    assert len(list(registry.read(Query(categories=("mairie", "la_poste"))))) == 2


def test_many_communes_are_asked_by_department_and_sorted_out_here(serve, session, make):
    communes = frozenset(f"2A{number:03d}" for number in range(1, 200))
    features = [make.feature("a", code_insee="2A004"), make.feature("b", code_insee="2A900")]
    server = serve(pages(make, [make.page(features)], CQL2))
    assert [r.id for r in read(server, session, Query(communes=communes))] == ["a"]
    assert len(server.requests[-1][0]) < 500


def test_the_extent_is_asked_for_in_degrees(serve, session, make):
    server = serve(pages(make, [make.page([make.feature("a"), make.feature("far", lon=9.0)])]))
    assert [r.id for r in read(server, session, Query(extent=(3, 44, 4, 45)))] == ["a"]
    assert "bbox=3,44,4,45" in server.requests[-1][0]


def test_count_is_what_the_server_matched_or_none_when_it_cannot_filter(serve, session, make):
    server = serve(pages(make, [make.page([make.feature("a")], None, 1234)]))
    registry = open_registry(Connection("test", "ogcapi", server.url), session)
    assert registry.count(Query()) == 1234
    assert registry.count(Query(categories=("mairie",))) is None


@pytest.mark.parametrize("suffix", ["", "/", ITEMS, "/collections/services", ITEMS + ".json"])
def test_the_address_may_be_the_landing_page_the_collection_or_its_items(serve, session, make, suffix):
    server = serve(pages(make, [make.page([make.feature("a")])]))
    connection = Connection("test", "ogcapi", server.url + suffix)
    assert len(list(open_registry(connection, session).read(Query()))) == 1
    assert server.requests[-1][0].startswith(ITEMS)


# -- what goes wrong -----------------------------------------------------------------------------------------------


def test_a_loop_of_pages_ends_with_what_was_read(serve, session, make):
    server = serve(
        pages(
            make, [make.page([make.feature("a")], f"{ITEMS}?page=1"), make.page([make.feature("b")], f"{ITEMS}?page=1")]
        )
    )
    records = []
    with pytest.raises(EndlessPages):
        records.extend(read_into(records, server, session))
    assert [r.id for r in records] == ["a", "b"]


def read_into(records, server, session):
    for record in open_registry(Connection("test", "ogcapi", server.url), session).read(Query()):
        records.append(record)
    return []


def test_a_loop_hidden_behind_changing_addresses_ends_too(serve, session, make):
    def answer(path, headers):
        number = int(path.rpartition("page=")[2]) if "page=" in path else 0
        return make.Answer(make.page([make.feature("a"), make.feature("b")], f"{ITEMS}?page={number + 1}"))

    server = serve(answer)
    with pytest.raises(EndlessPages):
        read(server, session)
    assert len(server.requests) < 10


def test_a_next_page_on_another_server_is_not_asked_for(serve, session, make):
    other = serve(lambda path, headers: make.Answer(make.page([make.feature("stolen")])))
    server = serve(pages(make, [make.page([make.feature("a")], f"{other.url}{ITEMS}?page=1")]))
    with pytest.raises(ForeignPage):
        read(server, session)
    assert not other.requests


def test_a_redirect_to_another_server_is_not_followed_and_gets_no_credentials(serve, session, make):
    other = serve(lambda path, headers: make.Answer(make.page([])))
    server = serve(lambda path, headers: make.Answer(b"", 302, {"Location": other.url + path}))
    session.auth = ("user", "secret")
    with pytest.raises(Refused):
        read(server, session)
    assert not other.requests


def test_credentials_are_not_sent_over_plain_http_beyond_this_machine(session):
    with pytest.raises(Refused, match="not encrypted"):
        open_registry(Connection("test", "ogcapi", "http://registre.example.org", authcfg="abc1234"), session)


@pytest.mark.parametrize("status", [401, 403])
def test_denied_access_points_to_the_connection_s_authentication(serve, session, make, status):
    with pytest.raises(AccessDenied, match="authentication"):
        read(serve(lambda path, headers: make.Answer(b"", status)), session)


def test_a_server_s_error_is_shown_in_its_own_words(serve, session, make):
    server = serve(lambda path, headers: make.Answer([{"code": "x", "description": "the table is locked"}], 500))
    with pytest.raises(ServerRefusal, match="500: the table is locked"):
        read(server, session)


def test_a_busy_server_is_asked_again(serve, session, make):
    answers = [
        make.Answer(b"", 429, {"Retry-After": "0"}),
        make.Answer(b"", 503),
        make.Answer(make.page([make.feature("a")])),
    ]
    server = serve(lambda path, headers: answers.pop(0))
    assert len(read(server, session)) == 1


@pytest.mark.parametrize("asked", ["1000000000", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_nobody_would_sit_through_is_said(serve, session, make, asked):
    server = serve(lambda path, headers: make.Answer(b"", 503, {"Retry-After": asked}))
    with pytest.raises(ServerRefusal, match=r"asks to wait \d+ min"):
        read(server, session)


def test_html_instead_of_json_says_that_this_is_no_registry(serve, session, make):
    server = serve(
        lambda path, headers: make.Answer(b"<!doctype html><script>alert(1)</script>", content_type="text/html")
    )
    with pytest.raises(NotARegistry, match="OGC API"):
        read(server, session)


def test_html_in_the_middle_of_a_reading_says_how_far_it_went(serve, session, make):
    server = serve(
        pages(
            make,
            [
                make.page([make.feature("a"), make.feature("b")], f"{ITEMS}?page=1", 5),
                make.Answer(b"<html>sorry</html>"),
            ],
        )
    )
    with pytest.raises(Incomplete, match="after 2 of 5 records"):
        read(server, session)


def test_a_page_cut_short_gives_its_whole_features_and_then_says_so(serve, session, make):
    whole = json.dumps(make.page([make.feature("a"), make.feature("b"), make.feature("c")], None, 3)).encode()
    cut = whole[: whole.index(b'"c"')]
    server = serve(pages(make, [make.Answer(cut, announced=None)]))
    records = []
    with pytest.raises(Incomplete, match="after 2 records"):
        read_into(records, server, session)
    assert [r.id for r in records] == ["a", "b"]


def test_a_page_shorter_than_announced_is_asked_again(serve, session, make):
    body = json.dumps(make.page([make.feature("a")])).encode()
    answers = [make.Answer(body[:50], announced=len(body)), make.Answer(body)]
    server = serve(lambda path, headers: answers.pop(0))
    assert len(read(server, session)) == 1


def test_far_fewer_records_than_announced_is_an_incomplete_reading(serve, session, make):
    with pytest.raises(Incomplete, match="announced 700 records and gave 1"):
        read(serve(pages(make, [make.page([make.feature("a")], None, 700)])), session)


def test_a_count_slightly_off_is_told_and_no_more(serve, session, make):
    class Heard(Progress):
        said = ""

        def warn(self, message):
            self.said += str(message)

    heard = Heard()
    assert len(read(serve(pages(make, [make.page([make.feature("a")], None, 2)])), session, progress=heard)) == 1
    assert "announced 2 records and gave 1" in heard.said


def test_ten_announced_gigabytes_are_refused_before_they_are_read(serve, session, make):
    server = serve(lambda path, headers: make.Answer(b"{", announced=10_000_000_000))
    with pytest.raises(AnswerTooLarge):
        read(server, session)


def test_a_gzip_bomb_is_refused_while_it_unfolds(serve, session, make, monkeypatch):
    monkeypatch.setattr(web_module, "PAGE_LIMIT", 20_000_000)
    bomb = gzip.compress(b" " * 200_000_000, 9)
    assert len(bomb) < 300_000
    server = serve(lambda path, headers: make.Answer(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(AnswerTooLarge):
        read(server, session)


def test_a_record_that_is_not_utf8_is_rejected_alone(serve, session, make):
    body = json.dumps(make.page([make.feature("a"), make.feature("b", nom="XXX"), make.feature("c")])).encode()
    server = serve(lambda path, headers: make.Answer(body.replace(b"XXX", b"Mairie d'\xe9t\xe9")))
    services, rejected = split(read(server, session))
    assert [s.id for s in services] == ["a", "c"]
    assert [str(r.raison) for r in rejected] == ["Its text is not valid UTF-8."]
    rejected[0].brut.encode("utf-8")


def test_half_a_surrogate_pair_is_rejected_and_a_whole_one_is_not(serve, session, make):
    body = json.dumps(make.page([make.feature("a", nom="😀"), make.feature("b", nom="\ud83d")])).encode()
    services, rejected = split(read(serve(lambda path, headers: make.Answer(body)), session))
    assert [s.nom for s in services] == ["😀"]
    assert len(rejected) == 1


def test_a_second_record_of_the_same_identifier_is_rejected(serve, session, make):
    features = [make.feature("a"), make.feature("a", nom="other"), make.feature("b")]
    services, rejected = split(read(serve(pages(make, [make.page(features)])), session))
    assert [s.id for s in services] == ["a", "b"]
    assert "already read" in str(rejected[0].raison)
    assert "other" in rejected[0].brut


def test_counts_add_up_whatever_the_records_are(serve, session, make):
    features = [
        make.feature("a", lat=44.52),
        make.feature(None),
        make.feature("c", nom="  "),
        None,
        17,
        {"type": "Feature"},
        make.feature("d", lon=None),
        make.feature("e", lon="x", lat="y"),
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": []}, "properties": {"id": "f", "nom": "F"}},
    ]
    services, rejected = split(read(serve(pages(make, [make.page(features, None, 9)])), session))
    assert len(services) + len(rejected) == 9
    assert [s.id for s in services] == ["a", "d", "e", "f"]
    assert [s.anomalie for s in services] == ["", "sans_position", "position_illisible", "sans_position"]


def test_a_cancel_is_heard_between_pages(serve, session, make):
    class Stopped(Progress):
        asked = 0

        def cancelled(self):
            self.asked += 1
            return self.asked > 3

    def answer(path, headers):
        number = int(path.rpartition("page=")[2]) if "page=" in path else 0
        return make.Answer(make.page([make.feature(f"s{number}")], f"{ITEMS}?page={number + 1}"))

    with pytest.raises(Cancelled):
        read(serve(answer), session, progress=Stopped())


# -- one feature -----------------------------------------------------------------------------------------------------


def test_codes_keep_their_letters_and_leading_zeros(make):
    assert service_from_feature(make.feature(code_insee="2A004", code_postal="01200")).code_insee == "2A004"
    assert service_from_feature(make.feature(code_insee=1033, code_postal=1200.0)).code_postal == "01200"
    assert service_from_feature(make.feature(code_insee=1033)).code_insee == "01033"


def test_the_feature_s_own_id_serves_when_the_column_is_absent(make):
    feature = {**make.feature(None), "id": 42}
    assert service_from_feature(feature).id == "42"


def test_positions_in_another_reference_system_become_longitude_and_latitude(make):
    swapped = make.feature(lon=44.5, lat=3.5)
    lambert = make.feature(lon=739_793, lat=6_378_541)
    mende = service_from_feature(lambert, "<http://www.opengis.net/def/crs/EPSG/0/2154>")
    assert (mende.lon, mende.lat) == (pytest.approx(3.4998, abs=0.01), pytest.approx(44.5, abs=0.05))
    latitude_first = service_from_feature(swapped, "<http://www.opengis.net/def/crs/EPSG/0/4326>")
    assert (latitude_first.lon, latitude_first.lat) == (pytest.approx(3.5), pytest.approx(44.5))


def test_the_version_changes_with_the_content_and_not_with_a_date(make):
    read_once = service_from_feature(make.feature(date_maj="2025-01-01")).version
    assert service_from_feature(make.feature(date_maj="2026-01-01")).version == read_once
    assert service_from_feature(make.feature(telephone="04 66 00 00 00")).version != read_once
    assert service_from_feature(make.feature(lon=3.5001)).version != read_once
    assert service_from_feature(make.feature(version="etag-7")).version == "etag-7"


def test_personal_data_of_a_record_is_not_kept(make):
    service = service_from_feature(make.feature(affectation_personne="Jeanne Dupont"))
    assert "Dupont" not in repr(service)


NASTY = [
    {"type": "Point", "coordinates": [10**400, 1]},
    {"type": "Point", "coordinates": [float("nan"), 44.5]},
    {"type": "Point", "coordinates": {"x": 1}},
    {"type": "GeometryCollection", "geometries": 5},
    "POINT(3 44)",
    [3, 44],
]


@pytest.mark.parametrize("geometry", NASTY, ids=str)
@pytest.mark.parametrize("crs", ["", "<http://www.opengis.net/def/crs/EPSG/0/2154>"])
def test_a_position_that_is_nonsense_does_not_stop_the_others(serve, session, make, geometry, crs):
    odd = {**make.feature("odd"), "geometry": geometry}
    answer = make.Answer(make.page([odd, make.feature("good")]), headers={"Content-Crs": crs} if crs else {})
    found = read(serve(lambda path, headers: answer), session)
    assert {getattr(one, "id", "rejected") for one in found} >= {"good"} and len(found) == 2


def test_a_record_of_a_form_that_nobody_foresaw_is_rejected_alone(serve, session, make, monkeypatch):
    def refuse(feature, content_crs):
        return {}["x"] if feature["id"] == "odd" else service_from_feature(feature, content_crs)

    monkeypatch.setattr(ogcapi, "service_from_feature", refuse)
    features = [{**make.feature(name), "id": name} for name in ("odd", "good")]
    services, [rejected] = split(read(serve(pages(make, [make.page(features)])), session))
    assert [s.id for s in services] == ["good"] and "KeyError" in str(rejected.raison)


def test_a_page_of_rejections_is_not_the_end(serve, session, make):
    nameless = make.feature("x", nom="")
    server = serve(pages(make, [make.page([nameless], f"{ITEMS}?page=1"), make.page([make.feature("a")])]))
    services, rejected = split(read(server, session))
    assert ([s.id for s in services], len(rejected)) == (["a"], 1)


def test_a_next_address_that_is_none_ends_the_reading_with_what_was_read(serve, session, make):
    server = serve(pages(make, [make.page([make.feature("a")], "http://[nonsense")]))
    records = []
    with pytest.raises(Incomplete):
        read_into(records, server, session)
    assert [r.id for r in records] == ["a"]


@pytest.mark.parametrize("departement", ["59", "09", "2A", "97"])
def test_communes_of_a_departement_are_asked_for_between_whole_codes(serve, session, make, departement):
    """Databases that sort as people read put `:` before digits: `59350` is not below `5:` there."""
    communes = frozenset(f"{departement}{number:03d}" for number in range(1, 200))
    server = serve(pages(make, [make.page([])], CQL2))
    read(server, session, Query(communes=communes))
    asked = unquote(server.requests[-1][0])
    assert f"code_insee >= '{departement}000' AND code_insee <= '{departement}999'" in asked


def test_services_that_no_territory_can_place_are_told(serve, session, make):
    class Told(Progress):
        said = []

        def warn(self, message):
            self.said.append(str(message))

    server = serve(pages(make, [make.page([make.feature("a"), make.feature("b", code_insee="")])]))
    found = read(server, session, Query(communes=frozenset({"48095"})), Told())
    assert [s.id for s in found] == ["a"]
    assert Told.said == ["1 record without INSEE code was left out of the territory."]


def test_a_query_that_failed_is_not_repeated_in_the_error(session):
    connection = Connection("test", "ogcapi", "http://127.0.0.1:9/api")
    with pytest.raises(Unreachable) as caught:
        list(open_registry(connection, session).read(Query(since="2026-01-01")))
    assert "datetime" not in str(caught.value) and "127.0.0.1" in str(caught.value)


def test_what_a_registry_says_of_itself_is_text(serve, session, make):
    said = {"title": "Registre<script>alert(1)</script>", "attribution": '<a href="https://x.fr">ANCT</a>', "links": 5}
    server = serve(lambda path, headers: make.Answer({**said, "links": []}))
    source = open_registry(Connection("test", "ogcapi", server.url), session).source()
    assert (source.title, source.attribution) == ("Registre alert(1)", "ANCT")


@pytest.mark.parametrize("links", [5, {"rel": "next"}, "next", [5, None]])
def test_links_of_another_form_are_no_links(serve, session, make, links):
    page = {**make.page([make.feature("a")]), "links": links}
    server = serve(lambda path, headers: make.Answer(page if "items" in path else {"title": "x", "links": links}))
    registry = open_registry(Connection("test", "ogcapi", server.url), session)
    assert registry.source().title == "x"
    assert [one.id for one in registry.read(Query())] == ["a"]


def test_a_next_link_that_leads_nowhere_breaks_the_reading_off(serve, session, make):
    page = {**make.page([make.feature("a")]), "links": [{"rel": "next", "href": {"a": 1}}]}
    server = serve(lambda path, headers: make.Answer(page if "items" in path else {"title": "x"}))
    records = open_registry(Connection("test", "ogcapi", server.url), session).read(Query())
    assert next(records).id == "a"
    with pytest.raises(Incomplete, match="after 1 records"):
        next(records)


words = st.sampled_from(["next", "service-desc", "/", ITEMS, "get", "parameters", "href", "rel", "id", "nom", *CQL2])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)
names = ["links", "conformsTo", "features", "properties", "geometry", "numberMatched", "paths", "title", "total_count"]
documents = anything | st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything))


@given(st.lists(documents, min_size=1, max_size=4), st.sampled_from(["", "nom LIKE 'a%'"]))
def test_whatever_a_server_answers_the_reading_ends_in_records_or_in_words(answers, text):
    """The same few documents answer all requests, in turn."""
    turns = itertools.cycle(answers)

    def get(_web, url, _progress, _headers=None):
        response = requests.Response()
        response.url, response.status_code = url, 200
        return response, json.dumps(next(turns)).encode()

    query = Query(categories=("mairie",), filter=text)
    with mock.patch.object(web_module.Web, "get", get):
        registry = open_registry(Connection("test", "ogcapi", "https://registre.example.org"), requests.Session())
        for ask in (registry.source, lambda: registry.count(query), lambda: list(registry.read(query))):
            assert_ends_well(ask)


def assert_ends_well(ask):
    """Words of ours, or one of the three things that can be asked of a registry."""
    try:
        found = ask()
    except CartoError as error:
        assert str(error).strip()
        return
    if isinstance(found, list):
        assert [type(one) for one in found if not isinstance(one, (Service, Rejected))] == []
    elif isinstance(found, Provenance):
        assert "<script" not in found.title + found.licence + found.attribution
    else:
        assert found is None or (type(found) is int and found >= 0)


@given(st.lists(documents, min_size=1, max_size=4))
@example([{"total_count": False}])
@example([{"total_count": -3}])
def test_whatever_the_annuaire_answers_the_reading_ends_in_records_or_in_words(answers):
    turns = itertools.cycle(answers)

    def get(_web, url, _progress, _headers=None):
        document = next(turns)
        if isinstance(document, dict):
            document = {"total_count": 3, "results": [document, *answers], **document}
        response = requests.Response()
        response.url, response.status_code = url, 200
        return response, json.dumps(document).encode()

    with mock.patch.object(web_module.Web, "get", get):
        registry = open_registry(Connection("test", "annuaire", "https://annuaire.example.org"), requests.Session())
        for ask in (lambda: registry.count(Query()), lambda: list(registry.read(Query()))):
            assert_ends_well(ask)
