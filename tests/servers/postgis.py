"""A private PostgreSQL cluster with PostGIS, on loopback at a free port, thrown away afterwards."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
from carto_services_publics.scripts.registry import CannotServe, end_with_parent, free_port, stop

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "registre" / "schema.sql"
UNPRIVILEGED = "postgres"
START_SECONDS = 60
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Database(NamedTuple):
    """A database of the cluster."""

    port: int
    name: str
    user: str

    @property
    def qgis_uri(self) -> str:
        """The beginning of a QGIS data source."""
        return f"host=127.0.0.1 port={self.port} dbname='{self.name}' user='{self.user}' sslmode=disable"

    def connect(self) -> Any:
        """A connection that commits each statement."""
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, dbname=self.name, user=self.user)
        connection.autocommit = True
        return connection

    def rows(self, query: str, values: tuple = ()) -> list[tuple]:
        """What a query answers."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def cluster() -> Iterator[int]:
    """Start a cluster; gives its port. Run as root, it runs as the user `postgres`, since the server refuses root."""
    programs = _programs()
    as_user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="csp-postgis-", dir="/tmp"))
    try:
        if as_user:
            shutil.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
        data = folder / "data"
        _initialise(programs, data, as_user)
        port = free_port()
        process = _start(programs, data, port, as_user)
        try:
            _wait_until_up(process, port, folder / "log")
            yield port
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: sessions are ended, not waited for
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_database(port: int, name: str, *, schema: Path | None = SCHEMA) -> Database:
    """A new database with PostGIS, and the tables of a registry unless ``schema`` is None."""
    with contextlib.closing(Database(port, "postgres", UNPRIVILEGED).connect()) as connection:
        connection.cursor().execute(f'CREATE DATABASE "{name}"')
    database = Database(port, name, UNPRIVILEGED)
    database.rows("CREATE EXTENSION IF NOT EXISTS postgis")
    if schema is not None:
        database.rows(schema.read_text(encoding="utf-8"))
    return database


def _programs() -> Path:
    """Where initdb and pg_ctl are: the newest of Debian's, else those in PATH."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return max(found, key=lambda path: float(re.sub(r"[^0-9.]", "", path.parent.parent.name) or 0)).parent
    if shutil.which("initdb"):
        return Path(shutil.which("initdb")).parent
    raise CannotServe("PostgreSQL was not found (Debian, Ubuntu: apt install postgresql postgresql-15-postgis-3).")


def _initialise(programs: Path, data: Path, as_user: dict[str, Any]) -> None:
    command = [
        programs / "initdb",
        "-D",
        data,
        "-A",
        "trust",
        "-U",
        UNPRIVILEGED,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    done = subprocess.run(command, cwd=data.parent, capture_output=True, text=True, timeout=120, **as_user)
    if done.returncode:
        raise CannotServe(f"initdb failed: {done.stderr[-500:]}")


def _start(programs: Path, data: Path, port: int, as_user: dict[str, Any]) -> subprocess.Popen:
    settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={data.parent}", *FAST)
    command = [programs / "postgres", "-D", data, "-p", str(port)]
    for setting in settings:
        command += ["-c", setting]
    with open(data.parent / "log", "wb") as log:
        return subprocess.Popen(
            command,
            cwd=data.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent,
            **as_user,
        )


def _wait_until_up(process: subprocess.Popen, port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(psycopg2.OperationalError):
            Database(port, "postgres", UNPRIVILEGED).connect().close()
            return
        time.sleep(0.1)
    raise CannotServe(f"PostgreSQL did not start: {log.read_text(errors='replace')[-500:]}")
