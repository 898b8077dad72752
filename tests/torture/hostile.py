"""A registry that wishes ill: each trick is an answer and what may become of it."""

from __future__ import annotations

import gzip
import json
import random
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from campaign import damaged
from dirt import TEXTS

ITEMS = "/collections/services/items"
Rows = dict[str, str]


class Trick(NamedTuple):
    """``answer`` sends page number n (0 …) of the items. ``rows``: identifier → name of what may be read.

    Whole or not at all; None when nothing may. ``must``: it is good and has to be read. ``anything``: what is read
    cannot be foretold, but for the ``rows`` if given.
    """

    answer: Callable[[Handler, int], None]
    rows: Rows | None = None
    must: bool = False
    anything: bool = False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    trick: Trick
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if ITEMS not in self.path:
            known = {"/conformance": {"conformsTo": []}, "/collections/services": {"id": "services", "title": "T"}}
            self.send(json.dumps(known.get(self.path.partition("?")[0], {})).encode())
            return
        with suppress(BrokenPipeError, ConnectionResetError):
            self.trick.answer(self, int(self.path.partition("page=")[2].partition("&")[0] or 0))

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.begin(status, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def begin(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "application/geo+json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@contextmanager
def hostile() -> Iterator[tuple[str, type[Handler]]]:
    """A registry at the address; the class's `trick` is what it answers, `asked` what it was asked."""
    kind = type("Registry", (Handler,), {"trick": None, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # clients that go away are what this is about
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", kind
    finally:
        server.shutdown()
        server.server_close()


def record(number: int, **properties: Any) -> dict[str, Any]:
    """A good service of the contract, but for what ``properties`` say."""
    told = {"id": f"s{number}", "nom": f"Mairie {number}", "categorie": "mairie", **properties}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.5, 44.5]}, "properties": told}


def collection(records: list[Any], links: list[Any] | None = None, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": records, "links": links or [], **more}).encode()


def good(count: int) -> Trick:
    """As it should be: ``count`` services on one page."""
    body = collection([record(n) for n in range(count)], numberMatched=count)
    return Trick(lambda handler, _page: handler.send(body), {f"s{n}": f"Mairie {n}" for n in range(count)}, True)


# -- tricks -----------------------------------------------------------------------------------------------------------


def endless_pages(chance: random.Random) -> Trick:
    announced = {"numberMatched": 250} if chance.random() < 0.5 else {}
    to_itself = chance.random() < 0.3

    def answer(handler: Handler, page: int) -> None:
        link = {"rel": "next", "href": f"{ITEMS}?page={page if to_itself else page + 1}"}
        if page > 60 and not announced:  # no end was announced: MOST_RECORDS is the limit, too far for a test
            handler.send(b"", 500)
        else:
            handler.send(collection([record(page * 100 + n) for n in range(100)], [link], **announced))

    return Trick(answer)


def next_page_elsewhere(chance: random.Random) -> Trick:
    places = [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "http://u:p@127.0.0.1:9/x",
        "//127.0.0.1:9/x",
        "http://[::1",
    ]
    link = {"rel": "next", "href": chance.choice([*places, "gopher://x/", "\\\\host\\share", "javascript:1"])}
    return Trick(lambda handler, _page: handler.send(collection([record(1)], [link], numberMatched=2)))


def endless_body(chance: random.Random) -> Trick:
    piece = chance.choice([b" " * (1 << 20), b"[" * (1 << 20), json.dumps(record(1)).encode() * 5000])

    def answer(handler: Handler, _page: int) -> None:
        handler.begin()
        handler.wfile.write(b'{"type":"FeatureCollection","features":[')
        while True:
            handler.wfile.write(piece)

    return Trick(answer)


def inflated(chance: random.Random) -> Trick:
    """A few hundred kilobytes that unfold to gigabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(b'{"features":[') + b"".join(packer.compress(b" " * (1 << 24)) for _ in range(20))
    body += packer.flush()
    kind = chance.choice(["gzip", "gzip, gzip", "br", "deflate"])
    return Trick(lambda handler, _page: handler.send(body, Content_Encoding=kind))


def dripping(chance: random.Random) -> Trick:
    """A byte now and then, in the body or before it."""
    pause, in_header = chance.uniform(0.01, 0.3), chance.random() < 0.3

    def answer(handler: Handler, _page: int) -> None:
        if in_header:
            handler.close_connection = True
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        else:
            handler.begin()
        for _ in range(2000):
            handler.wfile.write(b"a" if in_header else b" ")
            handler.wfile.flush()
            time.sleep(pause)

    return Trick(answer)


def wrong_length(chance: random.Random) -> Trick:
    body = collection([record(n) for n in range(4)], numberMatched=4)
    length = chance.choice(["9" * 30, str(len(body) + 50), str(1 << 40), "-5", "abc"])

    def answer(handler: Handler, _page: int) -> None:
        handler.close_connection = True
        handler.begin(Content_Length=length)
        handler.wfile.write(body)

    return Trick(answer, {f"s{n}": f"Mairie {n}" for n in range(4)})


def wrong_counts(chance: random.Random) -> Trick:
    counts = [0, 1, 3, 5, 500, 10**6, -4, 10**400, "4", 4.5, None, True, [], {"a": 1}, "abc"]
    told = {"numberMatched": chance.choice(counts), "numberReturned": chance.choice(counts)}
    body = collection([record(n) for n in range(4)], **told)
    return Trick(lambda handler, _page: handler.send(body), {f"s{n}": f"Mairie {n}" for n in range(4)})


def contradictory(chance: random.Random) -> Trick:
    """The same identifier with other content, on one page or on two."""
    again = record(1, nom="Une autre mairie", telephone="04 66 00 00 00")
    if chance.random() < 0.5:
        body = collection([record(1), record(2), again], numberMatched=3)
        return Trick(lambda handler, _page: handler.send(body), anything=True)

    def answer(handler: Handler, page: int) -> None:
        link = [{"rel": "next", "href": f"{ITEMS}?page=1"}] if page == 0 else []
        handler.send(collection([record(1), record(2)] if page == 0 else [again, record(3)], link, numberMatched=4))

    return Trick(answer, anything=True)


def broken_json(chance: random.Random) -> Trick:
    body = damaged(collection([record(n) for n in range(50)], numberMatched=50), chance)
    packed = gzip.compress(body)
    if chance.random() < 0.3:
        packed = damaged(packed, chance)
        return Trick(lambda handler, _page: handler.send(packed, Content_Encoding="gzip"), anything=True)
    return Trick(lambda handler, _page: handler.send(body), anything=True)


def odd_records(chance: random.Random) -> Trick:
    """Good services among records that are none."""
    deep = json.loads("[" * 200 + "]" * 200)
    odd: list[Any] = [
        *(5, None, "x", [], {}, {"type": "Feature"}, {"type": "Feature", "properties": []}, True, 1e308),
        *(record(90, id={"a": 1}), record(91, nom=["a"]), record(92, nom=deep), record(93, id=10**300)),
        {**record(94), "geometry": {"type": "Point", "coordinates": ["a", "b"]}, "properties": {"id": "", "nom": "n"}},
        record(95, id="", nom=""),
        record(96, categorie=None, nom=None),
    ]
    mixed = [record(n) for n in range(10)] + chance.sample(odd, chance.randrange(1, len(odd)))
    chance.shuffle(mixed)
    body = collection(mixed, numberMatched=len(mixed))
    if chance.random() < 0.3:
        body = body.replace(b'"coordinates": [3.5, 44.5]', b'"coordinates": [NaN, 1e999]')
    return Trick(lambda handler, _page: handler.send(body), {f"s{n}": f"Mairie {n}" for n in range(10)}, anything=True)


def names_that_would_be_run(chance: random.Random) -> Trick:
    """Markup, formulas, templates and expressions, as names: they come as they are."""
    harmless = [text for text in TEXTS if text and text == " ".join(text.split())]
    names = chance.sample(harmless, 6)
    body = collection([record(n, nom=name) for n, name in enumerate(names)], numberMatched=6)
    return Trick(lambda handler, _page: handler.send(body), {f"s{n}": name for n, name in enumerate(names)}, True)


def huge_identifiers(chance: random.Random) -> Trick:
    size = chance.choice([70_000, 1 << 20])
    body = collection([record(n, id=f"{n}" + chance.choice("aé\u202e🏠") * size) for n in range(3)], numberMatched=3)
    return Trick(lambda handler, _page: handler.send(body), anything=True)


def refusals(chance: random.Random) -> Trick:
    status = chance.choice([301, 302, 307, 400, 401, 403, 404, 418, 429, 500, 503])
    waits = ["31536000", "9" * 5000, "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "120"]
    places = ["/loop" + ITEMS, "file:///etc/passwd", "http://[bad", "http://127.0.0.1:9/", ITEMS]
    words = b'{"description": "<img src=x> [% 1+1 %] {x} %s {0.__class__}"}'
    headers = {"Retry_After": chance.choice(waits), "Location": chance.choice(places)}
    return Trick(lambda handler, _page: handler.send(words, status, **headers))


TRICKS = (
    endless_pages,
    next_page_elsewhere,
    endless_body,
    inflated,
    dripping,
    wrong_length,
    wrong_counts,
    contradictory,
    broken_json,
    odd_records,
    names_that_would_be_run,
    huge_identifiers,
    refusals,
)
