"""Where a session may go, and how much of an answer is read."""

from __future__ import annotations

import gzip
import io
import socket
import threading
from datetime import datetime, timezone

import pytest
import requests
from carto_services_publics.core import http
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.http import (
    AnswerCutShort,
    AnswerTooLarge,
    NotJson,
    Refused,
    absolute,
    check_connection_url,
    exchange,
    origin,
    read_bounded,
    read_json,
    retry_after,
    same_origin,
    shown_url,
)
from carto_services_publics.core.progress import Progress
from carto_services_publics.tests.servers.faults import Answer, stub
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def session():
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://a.fr/x", "https://A.fr:443/y?z", True),
        ("https://a.fr", "https://a.fr./", True),
        ("http://a.fr", "https://a.fr", False),
        ("https://a.fr", "https://a.fr:8443", False),
        ("https://a.fr", "https://a.fr@b.fr", False),
        ("https://a.fr", "https://a.fr.b.fr", False),
        ("file:///a", "file:///a", False),
        ("https://a.fr", "https://[broken", False),
        ("https://a.fr", "https://a.fr:99999", False),
        ("//a.fr", "https://a.fr", False),
    ],
)
def test_one_origin_is_one_scheme_host_and_port(a, b, same):
    assert same_origin(a, b) is same and same_origin(b, a) is same


@pytest.mark.parametrize(
    "url", ["http://localhost:1/", "http://127.0.0.1/", "http://127.9.9.9/", "http://[::1]/", "https://a.fr"]
)
def test_credentials_may_go_over_https_or_to_this_machine(url):
    check_connection_url(url, has_auth=True)


@pytest.mark.parametrize(
    "url", ["http://a.fr", "http://localhost.a.fr", "http://10.0.0.1", "http://0x7f.1.a", "ftp://localhost", ""]
)
def test_credentials_may_not_go_anywhere_else(url):
    with pytest.raises(Refused):
        check_connection_url(url, has_auth=True)


@pytest.mark.parametrize("url", ["https://me:pw@a.fr/x?token=pw#pw", "https://pw@a.fr/x"])
def test_a_password_in_an_address_is_refused_and_never_shown(url):
    with pytest.raises(Refused) as refused:
        check_connection_url(url, has_auth=False)
    assert shown_url(url) == "https://a.fr/x" in str(refused.value)
    assert "pw" not in str(refused.value)


def test_a_redirect_on_the_same_origin_is_followed_with_its_method_and_body(session):
    def moved(handler, body):
        if handler.path == "/old":
            return Answer(308, [("Location", "/new")], b"")
        return Answer(200, [], f"{handler.command} {handler.path} {body.decode()}".encode())

    with stub(moved) as url, exchange(session, "POST", url + "/old", base_url=url, data=b"body") as response:
        assert read_bounded(response) == b"POST /new body"


def test_a_redirect_that_would_turn_a_post_into_a_get_is_not_followed(session):
    with stub(lambda *_: Answer(302, [("Location", "/login")], b"")) as url:
        assert exchange(session, "POST", url, base_url=url, data=b"x").status_code == 302


@pytest.mark.parametrize(
    "location", ["http://localhost:1/", "https://127.0.0.1/", "file:///etc/passwd", "//evil.example/"]
)
def test_a_redirect_to_another_origin_is_refused(session, location):
    with (
        stub(lambda *_: Answer(302, [("Location", location)], b"")) as url,
        pytest.raises(Refused, match="nothing was sent"),
    ):
        exchange(session, "GET", url, base_url=url)


def test_a_ring_of_redirects_ends(session):
    with (
        stub(lambda *_: Answer(302, [("Location", "/again")], b"")) as url,
        pytest.raises(Refused, match="without end"),
    ):
        exchange(session, "GET", url, base_url=url)


def test_an_answer_larger_than_allowed_is_not_read_even_compressed(session):
    bomb = gzip.compress(b"0" * 5_000_000)
    with stub(lambda *_: Answer(200, [("Content-Encoding", "gzip")], bomb)) as url, pytest.raises(AnswerTooLarge):
        read_bounded(exchange(session, "GET", url, base_url=url), limit=1_000_000)


def raw_server(answer: bytes):
    """A server that says these bytes to whoever comes first, then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(answer)
        connection.close()
        listener.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_ten_announced_gigabytes_are_refused_before_the_first_byte(session):
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    with pytest.raises(AnswerTooLarge):
        read_bounded(exchange(session, "GET", url, base_url=url))


def test_an_answer_that_breaks_off_is_not_taken_for_whole(session):
    url = raw_server(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a": 1}')
    with pytest.raises((AnswerCutShort, requests.RequestException)):
        read_json(exchange(session, "GET", url, base_url=url))


@pytest.mark.parametrize("body", [b"<html>", b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_says_so(session, body):
    with stub(lambda *_: Answer(200, [], body)) as url, pytest.raises(NotJson, match="did not answer with JSON"):
        read_json(exchange(session, "GET", url, base_url=url))


def test_reading_hears_a_cancel(session):
    class Stopped(Progress):
        def cancelled(self):
            return True

    with stub(lambda *_: Answer(200, [], b"x" * 100_000)) as url, pytest.raises(Cancelled):
        read_bounded(exchange(session, "GET", url, base_url=url), progress=Stopped())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("Mon, 23 Nov 2026 01:02:00 GMT", 60),
        ("Mon, 23 Nov 2026 00:00:00 GMT", 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e3", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after(value, datetime(2026, 11, 23, 1, 1, tzinfo=timezone.utc)) == seconds


@pytest.mark.parametrize("location", ["http://[nonsense", "//[", "http://127.0.0.1:notaport/"])
def test_a_redirect_to_what_is_no_address_is_refused(session, location):
    with stub(lambda handler, body: Answer(302, [("Location", location)], b"")) as url, pytest.raises(Refused):
        exchange(session, "GET", url, base_url=url)


def test_a_length_without_end_is_too_large_and_no_error_of_ours(session):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n{}"
    url = raw_server(answer)
    with pytest.raises((AnswerTooLarge, requests.RequestException)):
        read_bounded(exchange(session, "GET", url, base_url=url))


def test_a_date_beyond_all_calendars_is_no_time_to_wait():
    assert retry_after("Mon, 01 Jan 99999999999999999999 00:00:00 GMT") is None


@given(st.text(max_size=60) | st.from_regex(r"(Mon|Fri), \d{1,5} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d [+-]?\d{0,9}"))
def test_whatever_retry_after_says_it_is_a_time_from_now_or_nothing(value):
    seconds = retry_after(value)
    assert seconds is None or seconds >= 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_reference_leads_to_an_address_or_is_refused(base, reference):
    try:
        address = absolute(f"https://a.example.org/{base}", reference)
        found = origin(address)
    except Refused as refusal:
        assert "is not an http or https address" in str(refusal)
        return
    assert found.scheme in ("http", "https") and found.host and 0 < found.port < 65536
    assert found.host in address.lower() and same_origin(address, absolute(address, "?page=2"))


def test_an_answer_that_drips_has_an_end(monkeypatch):
    """However steadily it comes: never silent, never done."""
    response = requests.Response()
    response.status_code, response.url, response.raw = 200, "https://x.example/a", io.BytesIO()
    moments = iter(range(100))
    monkeypatch.setattr(http.time, "monotonic", lambda: float(next(moments)))
    response.iter_content = lambda _size: iter([b" "] * 50)
    with pytest.raises(http.AnswerTooSlow, match="within 20 s"):
        list(http.body_pieces(response, 1000, seconds=20.0))


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_a_compression_that_was_not_asked_for_is_not_unfolded(encoding):
    response = requests.Response()
    response.url, response.headers["Content-Encoding"], response.raw = "https://x.example/a", encoding, io.BytesIO()
    with pytest.raises(Refused, match="not asked for"):
        list(http.body_pieces(response, 1000))
