"""What people have said of pairs, kept for the next run: one SQLite file in the user's profile."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..errors import CartoError
from ..messages import msg
from ..progress import Progress
from ..services import Service
from .mapping import fingerprint

_TABLES = """
CREATE TABLE IF NOT EXISTS decision (
    local TEXT, reference TEXT, same INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (local, reference)) WITHOUT ROWID
"""
_BUSY_SECONDS = 10.0

Said = tuple[str, str, int, float]
"""A decision as it is kept: the row's key, the service's identifier, whether they are one, and when it was said."""


class DecisionsError(CartoError):
    """The file of decisions cannot be read or written."""


class Decisions:
    """Whether a row of a list and a service of the reference are one.

    A row is known again by its name, address, commune and category, in whatever list it comes; a service by its
    identifier. Usable by several programs at a time.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        with self._open() as base:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute(_TABLES)

    def say(self, own: Service, theirs: Service, same: bool) -> list[Said]:
        """Keep a decision; the last one counts. A row that is one service is no other: what it was before is undone.

        Gives what it took the place of, for `take_back`.
        """
        key = key_of(own)
        values = (key, theirs.id, same, key, theirs.id)
        with self._open() as base:
            before = base.execute(
                "SELECT * FROM decision WHERE (local = ? AND reference = ?) "
                "OR (? AND same AND (local = ? OR reference = ?))",
                values,
            ).fetchall()
            forgotten = [said[:2] for said in before]
            base.executemany("DELETE FROM decision WHERE local = ? AND reference = ?", forgotten)
            base.execute("INSERT INTO decision VALUES (?, ?, ?, ?)", (key, theirs.id, same, time.time()))
        return before

    def take_back(self, own: Service, theirs: Service, before: list[Said]) -> None:
        """As if the last decision on the pair had not been said: ``before`` holds again."""
        with self._open() as base:
            base.execute("DELETE FROM decision WHERE local = ? AND reference = ?", (key_of(own), theirs.id))
            base.executemany("INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?)", before)

    def verdicts(
        self, local: Sequence[Service], reference: Sequence[Service], progress: Progress = Progress()
    ) -> dict[tuple[int, int], bool]:
        """What was said of pairs of these lists, by row numbers.

        An identifier that several services of the reference bear says which of them was meant to nobody: what was said
        of it is left out, with a warning.
        """
        with self._open() as base:
            said = base.execute("SELECT local, reference, same FROM decision").fetchall()
        if not said:
            return {}
        rows: dict[str, list[int]] = {}
        for number, service in enumerate(local):
            rows.setdefault(key_of(service), []).append(number)
        bearers = Counter(service.id for service in reference)
        there = {service.id: number for number, service in enumerate(reference) if bearers[service.id] == 1}
        unclear = sum(bearers[identifier] > 1 and key in rows for key, identifier, _same in said)
        if unclear:
            progress.warn(
                msg(
                    "{count} decision of the review is left out: several services bear the identifier that it speaks "
                    "of.|{count} decisions of the review are left out: several services bear the identifiers that "
                    "they speak of.",
                    count=unclear,
                )
            )
        return {
            (row, there[identifier]): bool(same)
            for key, identifier, same in said
            if identifier in there
            for row in rows.get(key, ())
        }

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            base = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
        except (OSError, sqlite3.Error) as error:
            raise self._cannot(error) from error
        try:
            with base:
                yield base
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a damaged file may say anything of itself
            raise self._cannot(error) from error
        finally:
            base.close()

    def _cannot(self, error: Exception) -> DecisionsError:
        return DecisionsError(
            "The file of your decisions, {path}, cannot be used: {cause}", path=str(self._path), cause=str(error)
        )


def key_of(service: Service) -> str:
    """What a row of a list is known by at the next run."""
    return fingerprint(service.nom, service.adresse, service.commune, service.categorie)
