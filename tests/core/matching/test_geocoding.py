"""The Géoplateforme's geocoder, played by a small server that counts and misbehaves."""

from __future__ import annotations

import csv
import email
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.matching.geocoding import (
    Address,
    GeocodeCache,
    Geocoder,
    GeocoderStopped,
    with_positions,
)
from carto_services_publics.core.progress import Progress

MENDE = Address("1 place de Gaulle", "48000", "Mende", "48095")
NOWHERE = Address("nulle part", "48000", "Mende", "")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = email.message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\n\n" + body)
        fields = [(p.get_param("name", header="content-disposition"), p.get_payload()) for p in parts.get_payload()]
        rows = list(csv.DictReader(io.StringIO(dict(fields)["data"])))
        self.server.asked.append((self.path, sorted(f for f in fields if f[0] != "data"), rows))
        status = self.server.faults.pop(0) if self.server.faults else 200
        if self.server.elsewhere:
            status = 307
        self.send_response(status)
        if status in (429, 503):
            self.send_header("Retry-After", self.server.wait)
        if self.server.elsewhere:
            self.send_header("Location", self.server.elsewhere)
        answer = io.StringIO()
        names = [*rows[0], "longitude", "latitude", "result_score", "result_type"]
        writer = csv.DictWriter(answer, names)
        writer.writeheader()
        for row in rows[: -1 if self.server.short else None]:
            found = {"longitude": 3.5, "latitude": 44.52, "result_score": 0.9, "result_type": "housenumber"}
            writer.writerow({**row, **(found if row["adresse"] != "nulle part" else {})})
        content = answer.getvalue().encode()
        content = content if self.server.page is None else self.server.page
        self.send_header("Content-Length", str(len(content) + self.server.cut))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.faults, server.short = [], [], False
    server.wait, server.page, server.cut, server.elsewhere = "0", None, False, ""
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}/geocodage"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def session():
    session = requests.Session()
    session.trust_env = False
    return session


def test_addresses_go_in_one_batch_with_their_filters(server, session):
    found = Geocoder(session, server.url).find([MENDE, NOWHERE, MENDE])
    assert found[MENDE][:2] == (3.5, 44.52) and found[MENDE].precision == "adresse" and found[NOWHERE] is None
    ((path, roles, rows),) = server.asked
    assert path == "/geocodage/search/csv" and len(rows) == 2
    assert roles == [
        ("citycode", "code_insee"), ("columns", "adresse"), ("columns", "commune"), ("postcode", "code_postal")
    ]  # fmt: skip


def test_what_was_answered_is_not_asked_again(server, session, tmp_path):
    path = tmp_path / "cache" / "geocodage.sqlite"
    first = Geocoder(session, server.url, GeocodeCache(path)).find([MENDE, NOWHERE])
    assert Geocoder(session, server.url, GeocodeCache(path)).find([NOWHERE, MENDE]) == first
    assert len(server.asked) == 1
    path.write_text("damaged " * 500)
    assert GeocodeCache(path).find(MENDE) == (False, None)


def test_a_busy_server_is_asked_again(server, session):
    server.faults = [429, 429]
    assert Geocoder(session, server.url).find([MENDE])[MENDE] is not None
    assert len(server.asked) == 3


def test_a_refusal_stops_at_once(server, session):
    server.faults = [403]
    with pytest.raises(GeocoderStopped, match="403"):
        Geocoder(session, server.url).find([MENDE])
    assert len(server.asked) == 1


def test_an_answer_of_another_length_is_not_believed(server, session):
    server.short = True
    with pytest.raises(GeocoderStopped, match="0 rows for 1"):
        Geocoder(session, server.url).find([MENDE])


def test_out_of_reach(session):
    with pytest.raises(GeocoderStopped, match="out of reach"):
        Geocoder(session, "http://127.0.0.1:9/geocodage").find([MENDE])


def test_cancel_is_heard_before_anything_is_sent(server, session):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        Geocoder(session, server.url).find([MENDE], Stop())
    assert server.asked == []


def test_only_rows_without_position_are_placed_and_it_is_noted(server, session, service):
    rows = [service("Mairie", adresse="1 place de Gaulle", lon=None, lat=None), service("La Poste")]
    placed, count = with_positions(rows, Geocoder(session, server.url))
    assert count == 1 and (placed[0].lon, placed[0].anomalie) == (3.5, "geocodage") and placed[1] is rows[1]


def test_a_cache_that_cannot_be_written_or_read_only_costs_asking_again(server, session, tmp_path):
    path = tmp_path / "geocodage.sqlite"
    cache = GeocodeCache(path)
    cache._base.execute("PRAGMA query_only = ON")
    assert Geocoder(session, server.url, cache).find([MENDE])[MENDE] is not None
    cache._base.execute("PRAGMA query_only = OFF")
    cache._base.execute("DROP TABLE answer")
    assert Geocoder(session, server.url, cache).find([MENDE])[MENDE] is not None
    assert len(server.asked) == 2


def test_a_wait_of_hours_is_not_waited_for(server, session):
    server.faults, server.wait = [503], "86400"
    with pytest.raises(GeocoderStopped, match="503"):
        Geocoder(session, server.url).find([MENDE])


@pytest.mark.parametrize(
    "page", [b"<html>\n<p>Portail captif</p>\n", b"longitude,latitude\n" + b"x" * 200_000 + b",1\n", b""]
)
def test_what_is_no_table_of_places_is_not_kept_as_nothing_found(server, session, page):
    server.page, cache = page, GeocodeCache()
    with pytest.raises(GeocoderStopped):
        Geocoder(session, server.url, cache).find([MENDE])
    assert cache.find(MENDE) == (False, None)


def test_an_answer_cut_short_and_a_redirect_elsewhere_are_a_geocoder_out_of_reach(server, session):
    for server.cut, server.elsewhere in ((True, ""), (False, "http://127.0.0.1:9/other")):
        with pytest.raises(GeocoderStopped, match="out of reach"):
            Geocoder(session, server.url).find([MENDE])
