"""A registry to try things on: a real OGC API – Features server on this machine, with services and corrections.

    python scripts/registry.py [--geopackage FILE] [--port PORT]

serves a working copy of the demo referential until Ctrl-C. From Python:

    with registry(Path("registry.gpkg")) as base_url: ...

The server is QGIS Server's own `qgis_mapserver` (Debian and Ubuntu: package `qgis-server`).
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import requests

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "resources" / "demo" / "demo.gpkg"
START_SECONDS = 60

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_SET_PARENT_DEATH_SIGNAL = 1

CORRECTION_FIELDS = (
    "uuid",
    "type",
    "service_id",
    "duplicate_of",
    "changes",
    "commentaire",
    "preuve_url",
    "producteur",
    "version",
    "auteur_organisation",
    "courriel",
    "cree_le",
    "etat",
    "motif",
    "ref_serveur",
)


FINAL_DECISION = """
CREATE TRIGGER IF NOT EXISTS corrections_decided BEFORE UPDATE ON corrections
WHEN OLD.etat IN ('acceptee', 'rejetee', 'conflit') AND (NEW.etat IS NOT OLD.etat OR NEW.motif IS NOT OLD.motif)
BEGIN SELECT RAISE(ABORT, 'this correction is decided already'); END
"""
"""As `docs/registre/schema.sql` has it: of two moderators at once, the second one changes nothing."""

REFERENTIAL_TABLES = {"passerelle": "", "evenements": "date", "registre": "derniere_vue"}
"""What a consolidated referential publishes besides, and the column of each that `datetime` asks for."""


class CannotServe(RuntimeError):
    """The server is not installed, or did not start; the text says what to do."""


class Layer(NamedTuple):
    """A layer to publish: its collection's name, its data source as QGIS writes it, its provider's name.

    ``date``: the column that `datetime` asks for; empty without.
    """

    name: str
    source: str
    provider: str = "ogr"
    writable: bool = False
    date: str = ""


@contextmanager
def registry(geopackage: Path, *, port: int | None = None) -> Iterator[str]:
    """Serve a GeoPackage's `services` (read) and `corrections` (read and write) on loopback; give the base URL.

    Of a consolidated referential also its bridge, register and events (read). The `corrections` table is made when
    absent. The file is served in place: give a copy of what must stay as it is.
    The server is stopped when the block ends, however it ends.
    """
    geopackage = Path(geopackage).resolve()
    add_corrections_table(geopackage)
    layers = [
        Layer("services", f"{geopackage}|layername=services"),
        Layer("corrections", f"{geopackage}|layername=corrections", writable=True),
    ]
    layers += [
        Layer(name, f"{geopackage}|layername={name}", date=date)
        for name, date in REFERENTIAL_TABLES.items()
        if name in tables_of(geopackage)
    ]
    with serve(layers, port=port) as base_url:
        yield base_url


@contextmanager
def serve(layers: Sequence[Layer], *, port: int | None = None) -> Iterator[str]:
    """Publish layers by QGIS Server on 127.0.0.1 (a free port unless given); give the base URL `http://…/wfs3`."""
    with tempfile.TemporaryDirectory(prefix="registry-") as folder:
        project = Path(folder, "registry.qgs")
        _write_project(project, layers)
        with serve_project(project, port=port) as address:
            yield f"{address}/wfs3"


@contextmanager
def serve_project(project: Path, *, port: int | None = None) -> Iterator[str]:
    """Serve a QGIS project by QGIS Server on 127.0.0.1 (a free port unless given); give its address `http://…`."""
    program = shutil.which("qgis_mapserver")
    if program is None:
        raise CannotServe(
            "qgis_mapserver was not found; install QGIS Server (Debian, Ubuntu: apt install qgis-server)."
        )
    with tempfile.TemporaryDirectory(prefix="server-") as folder:
        port = port or free_port()
        log = Path(folder, "server.log")
        process = _start(program, project, port, log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_up(process, f"{address}/wfs3", log)
            yield address
        finally:
            stop(process)


def add_corrections_table(geopackage: Path) -> None:
    """Make the `corrections` table unless it is there: a point layer in EPSG:4326 whose `uuid` is unique.

    In either case a decision on one of them is final from then on.
    """
    from osgeo import ogr

    source = ogr.Open(str(geopackage), update=1)
    if source is None:
        raise CannotServe(f"{geopackage} cannot be opened for writing.")
    if source.GetLayerByName("services") is None:
        raise CannotServe(f"{geopackage} has no layer “services”.")
    if source.GetLayerByName("corrections") is None:
        _create_corrections(source)
    source.ExecuteSQL(FINAL_DECISION)


def _create_corrections(source: Any) -> None:
    from osgeo import ogr, osr

    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    layer = source.CreateLayer("corrections", crs, ogr.wkbPoint)
    for name in CORRECTION_FIELDS:
        field = ogr.FieldDefn(name, ogr.OFTString)
        if name == "uuid":
            field.SetNullable(False)
            field.SetUnique(True)
        if name == "etat":
            field.SetDefault("'envoyee'")
        layer.CreateField(field)


def tables_of(geopackage: Path) -> set[str]:
    """The names of its layers and tables."""
    from osgeo import ogr

    source = ogr.Open(str(geopackage))
    return {source.GetLayer(number).GetName() for number in range(source.GetLayerCount())}


def moderate(base_url: str, uuid: str, etat: str, motif: str = "") -> None:
    """Decide on a correction as the registry's moderator would (`acceptee`, `rejetee` with its reason)."""
    items = f"{base_url}/collections/corrections/items"
    found = requests.get(items, params={"uuid": uuid}, timeout=30).json()["features"]
    if not found:
        raise LookupError(f"The registry holds no correction {uuid}.")
    change = {"modify": {"etat": etat, "motif": motif}}
    headers = {"Content-Type": "application/json"}
    requests.patch(f"{items}/{found[0]['id']}", json.dumps(change), headers=headers, timeout=30).raise_for_status()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_parent() -> None:
    """For `preexec_fn`: the child ends when we do, even when we are killed (Linux; nothing elsewhere)."""
    if _LIBC is not None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def stop(process: subprocess.Popen) -> None:
    """End a process we started: ask, then insist after five seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _write_project(path: Path, layers: Sequence[Layer]) -> None:
    description = path.with_suffix(".json")
    description.write_text(json.dumps([layer._asdict() for layer in layers]), encoding="utf-8")
    script = str(Path(__file__).with_name("registry_project.py"))
    environment = _quiet_qgis(path.parent)
    command = [_python_with_qgis(), script, str(path), str(description)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    if not path.exists():
        raise CannotServe(f"The project of the registry could not be written: {done.stderr.strip()[-500:]}")


def _python_with_qgis() -> str:
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import qgis.core"], capture_output=True).returncode == 0:
            return python
    raise CannotServe("PyQGIS was not found; install QGIS (Debian, Ubuntu: apt install python3-qgis).")


def _quiet_qgis(folder: Path) -> dict[str, str]:
    """The environment of a QGIS process that neither reads nor writes the user's own profile."""
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "QGIS_OPTIONS_PATH": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
    }


def _start(program: str, project: Path, port: int, log: Path) -> subprocess.Popen:
    environment = {
        **_quiet_qgis(log.parent),
        "QGIS_PROJECT_FILE": str(project),
        "QGIS_SERVER_LOG_STDERR": "1",
        "QGIS_SERVER_LOG_LEVEL": "2",
        "QGIS_SERVER_API_WFS3_MAX_LIMIT": "10000",
    }
    with log.open("wb") as output:
        return subprocess.Popen(
            [program, f"127.0.0.1:{port}"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=end_with_parent,
        )


def _wait_until_up(process: subprocess.Popen, base_url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            if requests.get(f"{base_url}/collections.json", timeout=10).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise CannotServe(f"qgis_mapserver did not start: {log.read_text(errors='replace')[-1000:]}")


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--geopackage", type=Path, default=DEMO, help="services to serve (a copy of it is served)")
    parser.add_argument("--port", type=int, help="a free one by default")
    options = parser.parse_args()
    # Said for both: in the background of a script, a program is started with Ctrl-C ignored.
    for asked_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_end, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="registry-") as folder:
            copy = Path(shutil.copy(options.geopackage, Path(folder, "registry.gpkg")))
            with registry(copy, port=options.port) as base_url:
                print(f"Registry: {base_url}  (services and corrections; Ctrl-C stops it)", flush=True)
                signal.pause()
    except (CannotServe, OSError) as error:
        sys.exit(f"The registry could not be started. {error}")
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    main()
