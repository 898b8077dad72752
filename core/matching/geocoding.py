"""Positions for addresses, from the Géoplateforme's geocoder (IGN, no key): in batches, paced, answers kept.

`POST /search/csv` takes a table and gives it back with `longitude`, `latitude`, `result_score`, `result_type`, …;
the service allows 50 requests a second and answers 429 with `Retry-After` beyond.
"""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import requests

from ..errors import Cancelled, CartoError
from ..http import MEGABYTE, asked_pause, exchange, read_bounded, shown_url
from ..pacing import Pace, attempts
from ..private import private_file
from ..progress import Progress
from ..services import Service
from .text import plain

SERVER = "https://data.geopf.fr/geocodage"
BATCH = 1000
"""Rows a request: a second or two of work for the server, so that a cancel is seen soon."""

LOWEST_SCORE = 0.5
FROM_ADDRESS = "geocodage"
"""Note (`anomalie`) of a service whose position was worked out from its address."""

_PRECISIONS = {"housenumber": "adresse", "street": "voie", "locality": "voie", "municipality": "commune"}
_REQUESTS_A_SECOND = 5
_MOST_TRIES = 5
_FIRST_BACKOFF = 1.0
_LONGEST_WAIT = 60.0
_LARGEST_ANSWER = 50 * MEGABYTE
_ROLES = (("columns", "adresse"), ("columns", "commune"), ("postcode", "code_postal"), ("citycode", "code_insee"))
"""Which columns are searched and which filter; a filter binds only the rows that have it."""

_COLUMNS = ("adresse", "code_postal", "commune", "code_insee")


class GeocoderStopped(CartoError):
    """The geocoder answers no more: out of reach, too busy, or not what was expected."""


class Address(NamedTuple):
    """What is asked; any part may be empty."""

    adresse: str
    code_postal: str
    commune: str
    code_insee: str


class GeocodedAddress(NamedTuple):
    """Degrees (EPSG:4326), how sure the server is (0..1), and the precision as services have it."""

    lon: float
    lat: float
    score: float
    precision: str


class GeocodeCache:
    """Answers by address, "nothing found" too; ``path`` ":memory:" keeps them for this run only.

    A damaged file is started anew: nothing in it is precious.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        try:
            self._base = _open(path)
        except sqlite3.OperationalError:
            raise  # in use, or out of reach: not damaged
        except sqlite3.DatabaseError:
            Path(path).unlink(missing_ok=True)
            self._base = _open(path)

    def close(self) -> None:
        """Release the file."""
        self._base.close()

    def find(self, address: Address) -> tuple[bool, GeocodedAddress | None]:
        """Whether the answer is known, and the answer."""
        asked = "SELECT lon, lat, score, level FROM answer WHERE address = ?"
        try:
            row = self._base.execute(asked, (_key(address),)).fetchone()
        except sqlite3.DatabaseError:
            row = None
        if row is None:
            return False, None
        return True, None if row[0] is None else GeocodedAddress(*row)

    def keep(self, answers: Sequence[tuple[Address, GeocodedAddress | None]]) -> None:
        """Remember answers; one that cannot be kept (a full disk, another program at work) is asked again next time."""
        with contextlib.suppress(sqlite3.DatabaseError), self._base:
            self._base.executemany(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)",
                [(_key(address), *(found or (None, None, None, None))) for address, found in answers],
            )

    def empty(self) -> None:
        """Forget every answer. Raises `sqlite3.OperationalError` while another writes for long."""
        with self._base:
            self._base.execute("DELETE FROM answer")
        self._base.execute("VACUUM")


class Geocoder:
    """Asks through the session given, never faster than ``pace``."""

    def __init__(
        self,
        session: requests.Session,
        server: str = SERVER,
        cache: GeocodeCache | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._session, self._server = session, server.rstrip("/")
        self._cache = cache or GeocodeCache()
        self._pace = pace or Pace(_REQUESTS_A_SECOND, 1.0)

    def find(
        self, addresses: Sequence[Address], progress: Progress = Progress()
    ) -> dict[Address, GeocodedAddress | None]:
        """The place of each address, None where there is none. Raises `GeocoderStopped`; what came before is kept."""
        answers: dict[Address, GeocodedAddress | None] = {}
        unknown: list[Address] = []
        for address in dict.fromkeys(addresses):
            known, answers[address] = self._cache.find(address)
            if not known:
                unknown.append(address)
        for start in range(0, len(unknown), BATCH):
            progress.advance(start / len(unknown))
            batch = unknown[start : start + BATCH]
            rows = list(_read(self._ask(_table(batch), progress), len(batch)))
            self._cache.keep(list(zip(batch, rows)))
            answers.update(zip(batch, rows))
        return answers

    def _ask(self, table: bytes, progress: Progress) -> bytes:
        for attempt in attempts(_MOST_TRIES, _FIRST_BACKOFF, _LONGEST_WAIT, progress.check):
            try:
                with self._pace.turn(progress.check):
                    response = exchange(
                        self._session,
                        "POST",
                        f"{self._server}/search/csv",
                        base_url=self._server,
                        data=_ROLES,
                        files={"data": ("addresses.csv", table, "text/csv")},
                    )
                    body = read_bounded(response, _LARGEST_ANSWER, progress)
            except Cancelled:
                raise
            except (CartoError, requests.RequestException) as error:
                raise GeocoderStopped(
                    "The geocoder {server} is out of reach: {cause}",
                    server=shown_url(self._server),
                    cause=type(error).__name__,
                ) from error
            if response.status_code == 200:
                return body
            if response.status_code != 429 and response.status_code < 500:
                break
            asked = asked_pause(response)
            attempt.pause = attempt.pause if asked is None else asked
            if attempt.pause > _LONGEST_WAIT:
                break
        raise GeocoderStopped(
            "The geocoder {server} answers HTTP {status}; try again later.",
            server=shown_url(self._server),
            status=response.status_code,
        )


def with_positions(
    services: Sequence[Service], geocoder: Geocoder, progress: Progress = Progress()
) -> tuple[list[Service], int]:
    """The services, those without position placed by their address; and how many were.

    Raises `GeocoderStopped`. A position that was worked out is noted (`FROM_ADDRESS`) and never proposed as a move.
    """
    asked = {
        row: Address(s.adresse, s.code_postal, s.commune, s.code_insee)
        for row, s in enumerate(services)
        if s.lon is None and (s.adresse or s.commune) and (s.commune or s.code_postal or s.code_insee)
    }
    answers = geocoder.find(list(asked.values()), progress)
    placed = list(services)
    for row, address in asked.items():
        found = answers[address]
        if found is not None:
            placed[row] = replace(
                services[row], lon=found.lon, lat=found.lat, precision_position=found.precision, anomalie=FROM_ADDRESS
            )
    return placed, sum(answers[address] is not None for address in asked.values())


def _open(path: str | Path) -> sqlite3.Connection:
    private_file(path)
    base = sqlite3.connect(str(path), timeout=10.0)
    try:
        base.execute(
            "CREATE TABLE IF NOT EXISTS answer (address TEXT PRIMARY KEY, lon REAL, lat REAL, score REAL, level TEXT)"
        )
    except sqlite3.DatabaseError:
        base.close()
        raise
    return base


def _key(address: Address) -> str:
    return "|".join(map(plain, address))


def _table(batch: Sequence[Address]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows([" ".join(part.split()) for part in address] for address in batch)
    return text.getvalue().encode("utf-8")


def _read(body: bytes, expected: int) -> Iterator[GeocodedAddress | None]:
    """The answer's rows, in the order of the question."""
    reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig", "replace")))
    try:
        rows = list(reader) if {"longitude", "latitude"} <= set(reader.fieldnames or ()) else []
    except csv.Error:
        rows = []
    if len(rows) != expected:
        raise GeocoderStopped(
            "The geocoder answered with {found} rows for {expected}.", found=len(rows), expected=expected
        )
    for row in rows:
        yield _found(row)


def _found(row: dict[str, str]) -> GeocodedAddress | None:
    try:
        lon, lat, score = (float(row[name]) for name in ("longitude", "latitude", "result_score"))
    except (KeyError, TypeError, ValueError):
        return None
    if score < LOWEST_SCORE or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return GeocodedAddress(lon, lat, score, _PRECISIONS.get(row.get("result_type") or "", "inconnue"))
