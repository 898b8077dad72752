"""What the plugin adds to QGIS's start: the desktop with and without it, in turn, in one run.

    /usr/bin/python3 bench/startup.py [--runs 5]

Wall-clock time from the launch to the moment QGIS runs a script given on its command line, and the processor time spent
until then; a profile of its own for each start, Processing enabled in both. Needs qgis and xvfb-run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "carto_services_publics"
SETTINGS = """[PythonPlugins]
carto_services_publics={enabled}
processing=true
[qgis]
checkVersion=false
showTips=false
firstRunVersionFlag=49999
[core]
NewsFeed\\disabled=true
"""
STANDS = """
import json, os, time
from pathlib import Path
from qgis.utils import iface, plugin_times
facts = {{"wall": time.time() - float(os.environ["CSP_LAUNCHED"]), "cpu": time.process_time(),
          "plugin": float(plugin_times.get("carto_services_publics", "0s")[:-1])}}
Path({answer!r}).write_text(json.dumps(facts))
os._exit(0)
"""


def start(profiles: Path, enabled: bool) -> dict[str, float]:
    """Start QGIS once in the profile and kill it as soon as it stands; seconds."""
    answer, script = profiles / "answer.json", profiles / "stands.py"
    answer.unlink(missing_ok=True)
    script.write_text(STANDS.format(answer=str(answer)), encoding="utf-8")
    settings = profiles / "profiles" / "test" / "QGIS"
    settings.mkdir(parents=True, exist_ok=True)
    for name in ("QGIS3.ini", "QGIS4.ini"):  # each QGIS reads its own
        (settings / name).write_text(SETTINGS.format(enabled=str(enabled).lower()), encoding="utf-8")
    plugins = profiles / "profiles" / "test" / "python" / "plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    if not (plugins / PACKAGE).exists():
        (plugins / PACKAGE).symlink_to(ROOT)
    command = ["xvfb-run", "-a", "qgis", "--nologo", "--noversioncheck", "--profiles-path", str(profiles)]
    command += ["--profile", "test", "--code", str(script)]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "QT_QPA_PLATFORM": "xcb", "CSP_LAUNCHED": str(time.time()),
                   "PYTHONPYCACHEPREFIX": str(profiles / "bytecode")}  # fmt: skip
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return json.loads(answer.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        profiles = Path(folder)
        start(profiles, True)  # writes the bytecode, as a first start does
        found = {True: [], False: []}
        for _ in range(runs):
            for enabled in (False, True):
                found[enabled].append(start(profiles, enabled))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {runs} starts each, medians in ms")
    for key, words in (("wall", "until QGIS stands"), ("cpu", "processor time")):
        without, having = (1000 * median(run[key] for run in found[enabled]) for enabled in (False, True))
        print(f"{words}: {without:.0f} without, {having:.0f} with, {having - without:+.0f}")
    own = 1000 * median(run["plugin"] for run in found[True])
    print(f"processor time of the plugin's start, as QGIS takes it: {own:.0f}")


if __name__ == "__main__":
    main()
