"""`requests` over QGIS's network manager, against a small server of the tests' own."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.http import AnswerTooLarge, Refused, exchange
from carto_services_publics.processing import transport
from carto_services_publics.processing.transport import NoCredentials, open_session
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsFeedback

BOMB_SIZE = 40_000_000
BOMB = gzip.compress(bytes(BOMB_SIZE))


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked; `/slow` waits, `/elsewhere` redirects to `server.elsewhere`, `/cut` breaks."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/slow":
            time.sleep(5)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/endless":
            self.close_connection = True
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                while True:
                    self.wfile.write(b" " * 100_000)
        if self.path.startswith("/folded/"):
            _empty, _folded, form, cut = self.path.split("/")
            whole = zlib.compress(bytes(range(256)) * 50)
            data = whole[2:-4] if form == "bare" else whole
            self.send_response(200)
            self.send_header("Content-Encoding", "deflate")
            self.send_header("Content-Length", str(len(data) - int(cut)))
            self.end_headers()
            self.wfile.write(data[: len(data) - int(cut)])
            return
        if self.path in ("/bomb", "/huge", "/damaged"):
            self.send_response(200)
            data = BOMB if self.path == "/bomb" else BOMB[:10] + b"\xff" * 2000
            if self.path != "/huge":
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(10**10 if self.path == "/huge" else len(data)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(data)
            return
        said = {
            "method": self.command,
            "path": self.path,
            "body": body.decode(),
            "authorization": self.headers.get("Authorization"),
            "key": self.headers.get("Idempotency-Key"),
        }
        data = json.dumps(said).encode()
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data) * (2 if self.path == "/cut" else 1)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        if self.path == "/cut":
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

    def log_message(self, *_):
        pass


def start_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    return server


@pytest.fixture
def server(qgis_app):
    server = start_server()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def authcfg(qgis_app):
    """A Basic configuration in QGIS's own authentication store."""
    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("test", True)
    config = QgsAuthMethodConfig("Basic")
    config.setName("registry")
    config.setConfig("username", "ann")
    config.setConfig("password", "s3cret")
    assert manager.storeAuthenticationConfig(config)[0]
    return config.id()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_verb_arrives_with_body_and_headers(server, method):
    answer = open_session(server.url).request(
        method, f"{server.url}/a?b=%C3%A9", data="é".encode(), headers={"Idempotency-Key": "k"}, timeout=5
    )
    said = answer.json()
    assert (said["method"], said["body"], said["key"]) == (method, "é", "k")
    assert said["path"] == "/a?b=%C3%A9"


def test_a_head_has_no_body_and_does_not_wait(server):
    started = time.monotonic()
    answer = open_session(server.url).head(f"{server.url}/a", timeout=5)
    assert answer.status_code == 200 and answer.content == b"" and time.monotonic() - started < 2


def test_an_error_status_is_an_answer(server):
    assert open_session(server.url).get(f"{server.url}/missing", timeout=5).status_code == 404


def test_credentials_go_to_the_connections_own_origin(server, authcfg):
    said = open_session(server.url, authcfg).get(f"{server.url}/a", timeout=5).json()
    assert said["authorization"].startswith("Basic ")


def test_a_redirect_to_another_origin_carries_no_credentials(server, authcfg):
    other = start_server()
    server.elsewhere = f"{other.url}/a"
    said = open_session(server.url, authcfg).get(f"{server.url}/elsewhere", timeout=5).json()
    assert said["path"] == "/a" and said["authorization"] is None
    other.shutdown()
    other.server_close()


def test_credentials_never_go_over_plain_http_to_another_machine(authcfg):
    with pytest.raises(Refused):
        open_session("http://registre.example.org", authcfg)


def test_a_cancel_stops_a_request_within_a_second(server):
    feedback = QgsFeedback()
    threading.Timer(0.3, feedback.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        open_session(server.url, feedback=feedback).get(f"{server.url}/slow", timeout=30)
    assert time.monotonic() - started < 1.3


class Hesitant:
    """Cancelled once the request is on its way to Qt, before Qt has begun to send it."""

    def __init__(self) -> None:
        self._looks = 0

    def isCanceled(self) -> bool:
        self._looks += 1
        return self._looks > 1


def test_a_request_cancelled_before_it_is_sent_leaves_nothing_behind(server):
    for _ in range(20):
        with pytest.raises(Cancelled):
            open_session(server.url, feedback=Hesitant()).post(f"{server.url}/echo", data=b"x" * 4096)
        # Qt still has its first step in its queue, and takes it while the next request waits.
        assert open_session(server.url).get(f"{server.url}/echo").ok


def test_a_server_that_stays_silent_is_a_timeout(server):
    with pytest.raises(requests.exceptions.Timeout):
        open_session(server.url).get(f"{server.url}/slow", timeout=0.5)


def test_nobody_listening_and_a_cut_answer_are_connection_errors(server):
    with pytest.raises(requests.exceptions.ConnectionError):
        open_session(server.url).get(f"{server.url}/cut", timeout=5)
    with pytest.raises(requests.exceptions.ConnectionError):
        open_session("http://127.0.0.1:9").get("http://127.0.0.1:9/", timeout=5)


def test_requests_work_in_threads(server):
    answers, session_count = [], 4

    def ask(rank):
        session = open_session(server.url)
        answers.extend(session.get(f"{server.url}/{rank}/{turn}", timeout=10).json()["path"] for turn in range(10))

    threads = [threading.Thread(target=ask, args=(rank,)) for rank in range(session_count)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        QgsApplication.processEvents()
    assert sorted(answers) == sorted(f"/{rank}/{turn}" for rank in range(session_count) for turn in range(10))


def test_a_bomb_is_stopped_while_it_unfolds_and_a_huge_announcement_before_it_comes(server, monkeypatch):
    monkeypatch.setattr(transport, "MOST_BYTES", 5_000_000)
    for path in ("/bomb", "/huge"):
        started = time.monotonic()
        with pytest.raises(AnswerTooLarge):
            open_session(server.url).get(server.url + path, timeout=10)
        assert time.monotonic() - started < 5


def test_a_large_answer_is_read_as_it_comes_and_is_whole(server):
    before = resident()
    answer = open_session(server.url).get(f"{server.url}/bomb", stream=True, timeout=30)
    assert sum(map(len, answer.iter_content(1 << 16))) == BOMB_SIZE
    assert resident() - before < BOMB_SIZE // 2


def resident():
    """Bytes of memory in use, by the system's own count."""
    with open("/proc/self/statm") as facts:
        return int(facts.read().split()[1]) * 4096


def test_an_endless_answer_fills_no_memory_and_hears_a_cancel(server):
    feedback, before, taken = QgsFeedback(), resident(), 0
    threading.Timer(0.9, feedback.cancel).start()  # before the largest answer allowed has come, on a quick machine
    started = time.monotonic()
    answer = open_session(server.url, feedback=feedback).get(f"{server.url}/endless", stream=True, timeout=30)
    time.sleep(0.5)  # the server goes on sending while nobody reads
    with pytest.raises(Cancelled):
        for piece in answer.iter_content(1 << 16):
            taken += len(piece)
    assert time.monotonic() - started < 2.5 and taken > 10_000_000
    assert resident() - before < 40_000_000


def test_an_answer_is_read_however_long_its_reader_takes(server):
    answer = open_session(server.url).get(f"{server.url}/bomb", stream=True, timeout=0.4)
    pieces = answer.iter_content(1 << 16)
    size = len(next(pieces))
    time.sleep(0.8)
    assert size + sum(map(len, pieces)) == BOMB_SIZE


@pytest.mark.parametrize("cut", [0, 5, 200])
@pytest.mark.parametrize("bare", [False, True])
def test_compressed_answers_are_unfolded_and_those_cut_are_none(server, cut, bare):
    session = open_session(server.url)
    address = f"{server.url}/folded/{'bare' if bare else 'zlib'}/{cut}"
    if cut:
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(address, timeout=5)
    else:
        assert session.get(address, timeout=5).content == bytes(range(256)) * 50


def test_a_compressed_answer_that_is_damaged_is_no_answer(server):
    with pytest.raises(requests.exceptions.ConnectionError):
        open_session(server.url).get(f"{server.url}/damaged", timeout=5)


def test_a_redirect_to_nonsense_is_an_answer_for_core_to_judge(server):
    server.elsewhere = "http://[nonsense"
    with pytest.raises(Refused):
        exchange(open_session(server.url), "GET", f"{server.url}/elsewhere", base_url=server.url)


def test_a_configuration_that_is_gone_is_said_and_nothing_is_sent_without_it(server):
    with pytest.raises(NoCredentials, match="abc1234"):
        open_session(server.url, "abc1234").get(server.url, timeout=5)
