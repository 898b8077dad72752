"""A real Valhalla on loopback, from the programs inside the PyPI wheel; run this file to install them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

WHEEL = "pyvalhalla==3.9.1"
FOLDER = Path(__file__).resolve().parents[2] / "build" / "valhalla"


def install(folder: Path = FOLDER) -> Path:
    """Put the programs into ``folder`` unless they are there. They run on any Linux, whatever Python they came for."""
    programs = folder / "valhalla"
    if not (programs / "bin" / "valhalla_service").exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
        command += ["--only-binary=:all:", "--python-version", "3.12", "--implementation", "cp", WHEEL]
        subprocess.run(command, check=True)
    return programs


@contextmanager
def running(extract: Path, folder: Path, programs: Path = FOLDER / "valhalla") -> Iterator[str]:
    """The address of a server of the roads of ``extract`` (.osm.pbf); tiles, sockets and log go into ``folder``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    config = _config(programs, folder, address)
    with (folder / "log").open("wb") as log:
        build = [programs / "bin" / "valhalla_build_tiles", "-c", config, extract]
        subprocess.run(build, check=True, stdout=log, stderr=log)
        server = subprocess.Popen([programs / "bin" / "valhalla_service", config, "1"], stdout=log, stderr=log)
        try:
            _wait_for(f"http://{address}", server)
            yield f"http://{address}"
        finally:
            # Asked politely it goes on for half a minute, in case a load balancer still sends it requests.
            server.kill()
            server.wait(10)


def _config(programs: Path, folder: Path, address: str) -> Path:
    made = subprocess.run(
        [sys.executable, programs / "valhalla_build_config.py"], check=True, capture_output=True, text=True
    )
    config = json.loads(made.stdout)
    config["mjolnir"].update(tile_dir=str(folder / "tiles"))
    for absent in ("tile_extract", "traffic_extract", "admin", "landmarks", "timezone", "transit_dir"):
        config["mjolnir"].pop(absent, None)
    for part in ("loki", "thor", "odin", "meili"):
        config[part]["service"]["proxy"] = f"ipc://{folder / part}"
    config["httpd"]["service"].update(
        listen=f"tcp://{address}", loopback=f"ipc://{folder / 'loopback'}", interrupt=f"ipc://{folder / 'interrupt'}"
    )
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config))
    return path


def _wait_for(url: str, server: subprocess.Popen, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError("Valhalla ended at once; see its log")
        try:
            if requests.get(f"{url}/status", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError("Valhalla did not start")


if __name__ == "__main__":
    install()
