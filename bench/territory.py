"""A département from a WFS on loopback: time against `curl` on the same pages, memory, killed and resumed.

    python bench/territory.py            # the time and the memory
    python bench/territory.py --kills 8  # killed at random moments, then compared with a run that was not
    python bench/territory.py --render   # the server writes its pages when asked, as GeoServer does

The server is of our own (`tests/servers/wfs.py` says in what it behaves as the Géoplateforme's). Roads are BD TOPO's of
Marseille's 10th arrondissement, 102 times side by side over the Dordogne; cells and communes are drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build" / "python"))

import requests  # noqa: E402
from carto_services_publics.core.registry import Connection, open_registry  # noqa: E402
from carto_services_publics.core.territories import communes_of  # noqa: E402
from carto_services_publics.core.territory import Access, Wish, prepare  # noqa: E402
from carto_services_publics.core.territory.area import as_multipolygon, rough_shape  # noqa: E402
from carto_services_publics.core.territory.datasets import COMMUNES, ROADS  # noqa: E402
from carto_services_publics.core.wfs import Wfs  # noqa: E402
from carto_services_publics.tests.servers import territory_data, wfs  # noqa: E402
from pyproj import Transformer  # noqa: E402

DATA = Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data"))
CODE = "24"
COPIES = 102
CELLS = 8000


class Logged(wfs.GeoplateformeLike):
    """Writes down what was asked."""

    def __init__(self, layers, log: Path) -> None:
        super().__init__(layers)
        self._log = log

    def _serve(self, handler) -> None:
        with self._lock, self._log.open("a") as log:
            log.write(handler.path + "\n")
        super()._serve(handler)


class Ready(Logged):
    """Has its pages' objects written out beforehand: there is no faster server, and none of the State's is like it."""

    def __init__(self, layers, log: Path) -> None:
        super().__init__(layers, log)
        self._texts = {
            name: [json.dumps(_asked_for(name, each)) for each in layer.features] for name, layer in layers.items()
        }

    def _page(self, known, params, found):
        texts = self._texts[params["TYPENAMES"]]
        chosen = found[: min(int(params.get("COUNT", self.cap)), self.cap)]
        body = '{"type": "FeatureCollection", "features": [%s], "numberMatched": %d, "numberReturned": %d}'
        text = body % (", ".join(texts[row] for row in chosen), len(found), len(chosen))
        return 200, text.encode(), "application/json"


def _asked_for(name: str, feature: dict) -> dict:
    """The object with the columns that `prepare` asks for: `PROPERTYNAME`, as the service takes it."""
    columns = next((kind.columns for kind in (COMMUNES, ROADS) if kind.name == name), None) or feature["properties"]
    return {**feature, "properties": {column: feature["properties"][column] for column in columns}}


def layers(copies: int = COPIES) -> dict[str, wfs.Layer]:
    """300 000 roads (102 copies), 8 000 cells, the communes of the Dordogne."""
    outlines = rough_shape(communes_of([CODE]), "EPSG:2154")
    names = ("cleabs", "nom_officiel", "code_insee", "population", "code_insee_du_departement")
    names += ("code_insee_de_la_region", "codes_siren_des_epci", "code_postal")
    communes = [
        territory_data._feature(
            dict.fromkeys(names) | {"cleabs": f"C{code}", "code_insee": code}, as_multipolygon(shape)
        )
        for code, shape in outlines.items()
    ]
    west = min(shape.bounds[0] for shape in outlines.values())
    south = min(shape.bounds[1] for shape in outlines.values())
    return {
        territory_data.COMMUNES: wfs.layer(communes),
        territory_data.ROADS: wfs.layer(_roads(west + 15_000, south + 15_000, copies), edition="2026-06-15"),
        territory_data.CELLS: wfs.layer(_cells(west + 30_000, south + 30_000), "geom"),
        territory_data.EPCI: wfs.layer([]),
        territory_data.BANS: wfs.layer([]),
    }


def _roads(west: float, south: float, copies: int) -> list[dict]:
    given = territory_data.roads(DATA)
    left = min(feature["geometry"]["coordinates"][0][0] for feature in given)
    low = min(feature["geometry"]["coordinates"][0][1] for feature in given)
    made = []
    for copy in range(copies):
        east, north = west - left + 7000 * (copy % 10), south - low + 6000 * (copy // 10)
        for feature in given:
            points = [[round(x + east, 1), round(y + north, 1), z] for x, y, z in feature["geometry"]["coordinates"]]
            properties = {**feature["properties"], "cleabs": f"{feature['properties']['cleabs']}_{copy}"}
            made.append(territory_data._feature(properties, {"type": "LineString", "coordinates": points}))
    return made


def _cells(west: float, south: float) -> list[dict]:
    given = territory_data.cells(DATA)
    to_grid = Transformer.from_crs("EPSG:2154", "EPSG:3035", always_xy=True)
    first_east, first_north = (int(part // 200) * 200 for part in to_grid.transform(west, south))
    made = []
    for number in range(CELLS):
        east, north = first_east + 200 * (number % 100), first_north + 200 * (number // 100)
        corners = [(east, north), (east + 200, north), (east + 200, north + 200), (east, north + 200), (east, north)]
        ring = [list(to_grid.transform(*corner, direction="INVERSE")) for corner in corners]
        name = f"CRS3035RES200mN{north}E{east}"
        properties = {**given[number % len(given)]["properties"], "idcar_200m": name}
        made.append(territory_data._feature(properties, territory_data._polygon(ring)))
    return made


def _session(_address: str = "") -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def fetch(address: str, path: Path) -> None:
    """What is measured, in a process of its own."""
    services = path.with_suffix(".csv")
    services.write_text("id;nom;categorie;code_insee;latitude;longitude\na;M;mairie;24322;45.18;0.72\n")
    connection = Connection("Essai", "fichier", str(services))
    access = Access(Wfs(address, _session), open_registry(connection, _session()), connection, _session)
    began = time.monotonic()
    made = prepare(path, Wish((CODE,), 20.0), access)
    seconds = time.monotonic() - began
    status = Path("/proc/self/status").read_text()  # the process alone: getrusage counts what it was forked from
    memory = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu": time.process_time(),
                "MB": memory,
                "roads": made.roads,
                "failed": len(made.failed),
            }
        )
    )


def _child(address: str, path: Path) -> subprocess.Popen:
    command = [sys.executable, __file__, "--fetch", address, str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603


def _curl(base: str, asked: list[str], folder: Path, at_once: int) -> float:
    """Seconds that the server needs to hand the same answers to `curl`, so many at once."""
    config = folder / "urls"
    config.write_text("".join(f'url = "{base}{path}"\noutput = "/dev/null"\n' for path in asked))
    command = [
        "curl",
        "-sS",
        "--no-progress-meter",
        "-K",
        str(config),
        *(["-Z", "--parallel-max", str(at_once)] if at_once > 1 else []),
    ]
    began = time.monotonic()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)  # noqa: S603, S607
    return time.monotonic() - began


def _processor(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _keys(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [key for (key,) in database.execute("SELECT cleabs FROM routes")]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--copies", type=int, default=COPIES, help="of 2 936 roads")
    parser.add_argument("--render", action="store_true")
    parser.add_argument("--fetch", nargs=2)
    given = parser.parse_args()
    if given.fetch:
        fetch(given.fetch[0], Path(given.fetch[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = (Logged if given.render else Ready)(layers(given.copies), folder / "asked")
        pid = os.fork()  # the server in a process of its own
        if not pid:
            with server.running():
                (folder / "address").write_text(server.address)
                time.sleep(3600)
        while not (folder / "address").exists():
            time.sleep(0.1)
        time.sleep(0.2)
        address = (folder / "address").read_text()
        try:
            measure(address, folder, given.kills, pid)
        finally:
            os.kill(pid, signal.SIGKILL)


def measure(address: str, folder: Path, kills: int, server: int) -> None:
    """Print the figures; with ``kills``, compare with a run that was killed so often."""
    whole = folder / "whole.gpkg"
    told, _ = _child(address, whole).communicate()
    print("prepare", told.strip())
    ours = json.loads(told)["seconds"]
    asked = (folder / "asked").read_text().splitlines()
    for at_once in (1, Wfs.threads):
        before = _processor(server)
        seconds = _curl(address.partition("/wfs")[0], asked, folder, at_once)
        print(f"curl, {at_once} at once, on the same {len(asked)} requests: {seconds:.1f} s; ×{ours / seconds:.2f}")
        print(f"    the server's processor time: {_processor(server) - before:.1f} s")
    chance, path, done = random.Random(7), folder / "killed.gpkg", 0
    while kills:
        child = _child(address, path)
        try:
            child.wait(chance.uniform(0.5, ours if done < kills else 10 * ours))
            break
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            done += 1
    if kills:
        first, second = set(_keys(whole)), _keys(path)
        print(f"killed {done} times: {len(second)} roads, {len(set(second))} distinct, same: {first == set(second)}")


if __name__ == "__main__":
    main()
