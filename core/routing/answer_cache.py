"""Answers of routing servers kept on disk, so that an interrupted run resumes and a repeated one asks nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
import time
import zlib
from pathlib import Path
from typing import Any, Union

from ..messages import Message
from ..private import private_file

Result = Union[bytes, Message]
"""A polygon (WKB MultiPolygon), or why the server has none for this point and cutoff."""

_TABLES = """
CREATE TABLE IF NOT EXISTS answer (
    question TEXT, version TEXT, polygon BLOB, reason TEXT, crc INTEGER,
    PRIMARY KEY (question, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (server TEXT, what TEXT, content TEXT, at REAL, PRIMARY KEY (server, what));
CREATE TABLE IF NOT EXISTS sent (server TEXT, at REAL);
CREATE INDEX IF NOT EXISTS sent_at ON sent (server, at);
"""
_FORMAT = 2


class AnswerCache:
    """One SQLite file for all servers; usable by several threads and processes at a time.

    ``path`` ":memory:" keeps nothing. A file of another format, or damaged, is started anew: nothing in it is precious.
    What cannot be kept now (a full disk) is asked again next time; an answer that is not as it was kept is none.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._lock, self._path = threading.Lock(), str(path)
        try:
            self._base = _open(self._path)
        except sqlite3.OperationalError:
            raise  # in use, or out of reach: not damaged
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self._base = _opened_anew(self._path)

    def close(self) -> None:
        """Release the file."""
        self._base.close()

    def find(self, question: str, version: str) -> Result | None:
        """What the server answered to this question with this version of its data."""
        rows = self._run(
            "SELECT polygon, reason, crc FROM answer WHERE question = ? AND version = ?", question, version
        )
        if not rows or rows[0][2] != _sum(*rows[0][:2]):
            return None
        polygon, reason, _crc = rows[0]
        return polygon if polygon is not None else Message(*json.loads(reason))

    def keep(self, question: str, version: str, result: Result) -> None:
        """Remember an answer, for good."""
        polygon, reason = (result, None) if isinstance(result, bytes) else (None, json.dumps([*result]))
        values = question, version, polygon, reason, _sum(polygon, reason)
        self._run("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", *values)

    def known(self, server: str, what: str, max_age: float) -> Any | None:
        """What was last learnt of a server (JSON), None when older than ``max_age`` seconds or never."""
        since = time.time() - max_age
        rows = self._run("SELECT content FROM known WHERE server = ? AND what = ? AND at >= ?", server, what, since)
        try:
            return json.loads(rows[0][0]) if rows else None
        except (ValueError, TypeError):  # damaged
            return None

    def learn(self, server: str, what: str, content: Any) -> None:
        """Remember what a server said of itself."""
        self._run("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?)", server, what, json.dumps(content), time.time())

    def note_sent(self, server: str) -> None:
        """Remember that a request goes out now: the next run must count it against the server's limit."""
        self._run("INSERT INTO sent VALUES (?, ?)", server, time.time())

    def ages_of_sent(self, server: str, period: float) -> tuple[float, ...]:
        """How long ago (seconds) requests went to this server within the last ``period``; forgets older ones."""
        now = time.time()
        self._run("DELETE FROM sent WHERE server = ? AND at < ?", server, now - period)
        return tuple(now - at for (at,) in self._run("SELECT at FROM sent WHERE server = ?", server))

    def empty(self) -> None:
        """Forget what was answered and learnt, not what was sent: a server's limit counts on.

        Raises `sqlite3.OperationalError` while another writes for long.
        """
        with self._lock:
            with self._base:
                self._base.execute("DELETE FROM answer")
                self._base.execute("DELETE FROM known")
            self._base.execute("VACUUM")
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _run(self, statement: str, *values: Any) -> list[tuple]:
        """The rows; none where the file cannot be used now, or was damaged."""
        with self._lock:
            try:
                with self._base:
                    return self._base.execute(statement, values).fetchall()
            except sqlite3.OperationalError:  # in use for long, or no room
                return []
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                self._base.close()
                self._base = _opened_anew(self._path)
                return []


def question(*parts: Any) -> str:
    """One key for all that decides an answer but the version of the server's data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _sum(polygon: bytes | None, reason: str | None) -> int:
    return zlib.crc32(polygon if polygon is not None else str(reason).encode("utf-8", "replace"))


def _opened_anew(path: str) -> sqlite3.Connection:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(PermissionError):  # Windows, where another program has it open
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    return _open(path)


def _open(path: str) -> sqlite3.Connection:
    private_file(path)
    base = sqlite3.connect(path, timeout=10, check_same_thread=False)
    base.execute("PRAGMA journal_mode = WAL")
    # Losing the last answers to a power cut only means asking again.
    base.execute("PRAGMA synchronous = OFF")
    if base.execute("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
        base.close()
        raise sqlite3.DatabaseError("another format")
    base.executescript(_TABLES)
    base.execute(f"PRAGMA user_version = {_FORMAT}")
    return base
