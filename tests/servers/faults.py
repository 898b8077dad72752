"""A proxy that stands before a real server and spoils a known share of the exchanges, in an order set by a seed."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

GOOD = "good"
FAULTS = {
    "refused": 2,  # the connection is reset before anything is read
    "lost": 2,  # the request is read, never delivered, and the connection reset
    "reset": 4,  # delivered, then reset instead of an answer
    "cut": 3,  # delivered, the answer ends in its middle
    "stalled": 1,  # delivered, the answer comes after the client's patience
    "late": 1,  # delivered only after the client's patience
    "busy": 2,  # 429 with Retry-After, not delivered
    "error": 2,  # 500, not delivered
    "error_after": 3,  # delivered, 500 all the same
    "nonsense": 2,  # 200 with a page of HTML, not delivered
    "nonsense_after": 2,  # delivered, 200 with broken JSON
    "twice": 3,  # delivered twice, the second answer is given
}
"""What can happen, and how often relative to the others."""

KILLS = {"kill_before": 1, "kill_after": 1, "kill_soon": 2}
"""The client is killed: before delivery, after delivery without answer, a few milliseconds after the answer."""


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class FaultProxy:
    """Forwards to the server at ``upstream``. ``share`` of the exchanges are spoiled, ``kill_share`` of them kill.

    ``kill`` ends the client's process. The same seed gives the same faults to the same sequence of exchanges.
    """

    def __init__(
        self,
        upstream: str,
        seed: int,
        *,
        share: float = 0.5,
        kill_share: float = 0.0,
        kill: Callable[[], None] = lambda: None,
        stall_seconds: float = 1.0,
    ) -> None:
        self.upstream = urlsplit(upstream)
        self.seed, self.share, self.kill_share, self.kill, self.stall_seconds = (
            seed,
            share,
            kill_share,
            kill,
            stall_seconds,
        )
        self.seen: Counter[str] = Counter()
        self._count, self._lock = 0, threading.Lock()

    @property
    def url(self) -> str:
        """The base address to use in place of the server's."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.upstream.path}"

    def draw(self) -> tuple[str, random.Random]:
        """What befalls the next exchange, and chance of its own for the details."""
        with self._lock:
            self._count += 1
            chance = random.Random(f"{self.seed}:{self._count}")
            what = GOOD
            if chance.random() < self.share:
                kinds = KILLS if chance.random() < self.kill_share else FAULTS
                what = chance.choices(list(kinds), list(kinds.values()))[0]
            self.seen[what] += 1
            return what, chance

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Deliver a request to the real server."""
        with contextlib.closing(http.client.HTTPConnection(self.upstream.netloc, timeout=60)) as connection:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())

    def __enter__(self) -> FaultProxy:
        proxy = self

        class Handler(_Handler):
            faults = proxy

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address) -> None:
        """A client that goes away is what this is about."""


class _Handler(BaseHTTPRequestHandler):
    faults: FaultProxy

    def handle_one_request(self) -> None:
        self.close_connection = True
        self._what, self._chance = self.faults.draw()
        if self._what == "refused":
            self._reset()
        else:
            super().handle_one_request()
            self.close_connection = True

    def do_GET(self) -> None:
        what, faults = self._what, self.faults
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # Qt 6 sends names in small letters, which QGIS's development server takes for others (Content-Length).
        headers = {name.title(): value for name, value in self.headers.items() if name.lower() != "connection"}

        def deliver() -> Answer:
            return faults.forward(self.command, self.path, headers, body)

        if what == "lost":
            self._reset()
        elif what == "busy":
            self._send(Answer(429, [("Retry-After", "0")], b"slow down"))
        elif what == "error":
            self._send(Answer(500, [("Content-Type", "text/html")], b"<h1>Internal error</h1>"))
        elif what == "nonsense":
            self._send(Answer(200, [("Content-Type", "text/html")], b"<html>Please log in to the wifi</html>"))
        elif what == "kill_before":
            faults.kill()
            self._reset()
        elif what == "late":
            time.sleep(faults.stall_seconds)
            deliver()
            self._reset()
        else:
            self._spoil(what, deliver(), deliver)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

    def _spoil(self, what: str, answer: Answer, deliver: Callable[[], Answer]) -> None:
        """What happens once the request was delivered."""
        if what == "twice":
            self._send(deliver())
        elif what == "reset":
            self._reset()
        elif what == "cut":
            self._send(answer, keep=self._chance.randrange(len(answer.body) or 1))
        elif what == "stalled":
            time.sleep(self.faults.stall_seconds)
            self._send(answer)
        elif what == "error_after":
            self._send(Answer(500, [], b"{"))
        elif what == "nonsense_after":
            self._send(Answer(200, [("Content-Type", "application/json")], b'{"features": [{"type": "Feat'))
        elif what == "kill_after":
            self.faults.kill()
            self._reset()
        else:
            self._send(answer)
            if what == "kill_soon":
                time.sleep(self._chance.uniform(0, 0.02))
                self.faults.kill()

    def _send(self, answer: Answer, keep: int | None = None) -> None:
        with contextlib.suppress(OSError):
            self.send_response(answer.status)
            for name, value in answer.headers:
                if name.lower() not in ("server", "date", "content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body if keep is None else answer.body[:keep])

    def _reset(self) -> None:
        """Break the connection with a RST, as a dying machine or a firewall does."""
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


def as_json(document: object, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """A document as a server would send it."""
    return Answer(status, [("Content-Type", "application/json"), *headers], json.dumps(document).encode())


@contextlib.contextmanager
def stub(answers: Callable[[BaseHTTPRequestHandler, bytes], Answer]) -> Iterator[str]:
    """A server of one function, for the answers that no real server can be brought to give; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_PATCH = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = _QuietServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
