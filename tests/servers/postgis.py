"""A private PostgreSQL cluster with PostGIS, on loopback at a free port, thrown away afterwards."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
from carto_services_publics.scripts.registry import CannotServe, free_port

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "registre" / "schema.sql"
UNPRIVILEGED = "postgres"
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
    port = free_port()
    try:
        if as_user:
            shutil.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
        data, user = str(folder / "data"), UNPRIVILEGED
        initdb = [programs / "initdb", "-D", data, "-A", "trust", "-U", user, "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        _run(initdb, folder, as_user)
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FAST)
        options = " ".join([f"-p {port}", *(f"-c {setting}" for setting in settings)])
        _run([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], folder, as_user)
        try:
            yield port
        finally:
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder, as_user)
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


def _run(command: list, folder: Path, as_user: dict[str, Any]) -> None:
    # Files, not pipes: the server would hold a pipe open for ever.
    with open(folder / "output", "ab") if not as_user else open(os.devnull, "wb") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=120,
            **as_user,
        )
    if done.returncode:
        raise CannotServe(f"{Path(str(command[0])).name} failed ({done.returncode}) in {folder}.")
