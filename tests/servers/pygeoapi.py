"""pygeoapi 0.24 on PostGIS, where a Python ≥ 3.12 can be found; it lives in an environment of its own in `build/`."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests
from carto_services_publics.scripts.registry import CannotServe, end_with_parent, free_port, stop

from .postgis import ROOT, Database

VENV = ROOT / "build" / "pygeoapi"
REQUIREMENTS = ("pygeoapi>=0.24,<0.25", "psycopg2-binary", "geoalchemy2", "pygeofilter[backend-sqlalchemy]", "gunicorn")
START_SECONDS = 60


def python_for_pygeoapi() -> Path | None:
    """A Python ≥ 3.12: from PATH, else one that pyenv has installed. None when there is none."""
    named = [shutil.which(f"python3.{minor}") for minor in range(20, 11, -1)]
    roots = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))]
    pyenv = [path for root in roots for path in sorted(root.glob("versions/3.*/bin/python"), reverse=True)]
    for python in (*filter(None, named), shutil.which("python3"), *pyenv):
        if python and _version(python) >= (3, 12):
            return Path(python)
    return None


def install() -> Path:
    """The environment's `bin`, made when absent. Raises `CannotServe` with what is missing."""
    ready = VENV / "ready"
    if not ready.exists():
        python = python_for_pygeoapi()
        if python is None:
            raise CannotServe("pygeoapi 0.24 needs Python 3.12 or later, which was not found in PATH or pyenv.")
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            subprocess.run([python, "-m", "venv", VENV], check=True, capture_output=True, timeout=300)
            command = [VENV / "bin" / "pip", "install", "-q", *REQUIREMENTS]
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)
        except subprocess.SubprocessError as error:
            why = str(getattr(error, "stderr", None) or error).strip()[-300:]
            raise CannotServe(f"pygeoapi could not be installed: {why}") from error
        ready.touch()
    return VENV / "bin"


@contextlib.contextmanager
def serve_pygeoapi(database: Database) -> Iterator[str]:
    """pygeoapi on the tables `services` and `corrections`; gives the base URL."""
    programs = install()
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="csp-pygeoapi-") as name:
        folder = Path(name)
        (folder / "config.yml").write_text(json.dumps(_configuration(database, base_url)), encoding="utf-8")
        environment = {
            **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
            "PYGEOAPI_CONFIG": str(folder / "config.yml"),
            "PYGEOAPI_OPENAPI": str(folder / "openapi.yml"),
        }
        command = [programs / "pygeoapi", "openapi", "generate", folder / "config.yml"]
        command += ["--output-file", folder / "openapi.yml"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise CannotServe(f"pygeoapi: {done.stderr[-500:]}")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "gunicorn", "--threads", "4", "-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        try:
            _wait_until_up(process, base_url, folder / "log")
            yield base_url
        finally:
            stop(process)


def _configuration(database: Database, base_url: str) -> dict:
    contact = {"name": "test", "url": base_url}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 5000},
            "url": base_url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 100, "max_items": 10000},
            "map": {"url": "http://127.0.0.1:1/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "Registre",
                "description": "test",
                "keywords": ["test"],
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": base_url,
            },
            "license": {"name": "Licence Ouverte", "url": base_url},
            "provider": contact,
            "contact": {**contact, "email": "test@example.org", "role": "pointOfContact"},
        },
        "resources": {
            "services": _collection(database, "services", "id", False),
            "corrections": _collection(database, "corrections", "uuid", True),
        },
    }


def _collection(database: Database, table: str, key: str, editable: bool) -> dict:
    crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    return {
        "type": "collection",
        "title": table,
        "description": table,
        "keywords": [table],
        "links": [],
        "extents": {"spatial": {"bbox": [-180, -90, 180, 90], "crs": crs}},
        "providers": [
            {
                "type": "feature",
                "name": "PostgreSQL",
                "editable": editable,
                "data": {
                    "host": "127.0.0.1",
                    "port": database.port,
                    "dbname": database.name,
                    "user": database.user,
                    "password": "none",
                    "search_path": ["public"],
                },
                "id_field": key,
                "table": table,
                "geom_field": "geom",
                "count": True,
                "storage_crs": crs,
            }
        ],
    }


def _version(python: str | Path) -> tuple[int, ...]:
    done = subprocess.run([python, "--version"], capture_output=True, text=True)
    return tuple(map(int, re.findall(r"\d+", done.stdout)[:2]))


def _wait_until_up(process: subprocess.Popen, base_url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{base_url}/conformance?f=json", timeout=10).ok:
                return
        time.sleep(0.1)
    raise CannotServe(f"pygeoapi did not start: {log.read_text(errors='replace')[-1000:]}")
