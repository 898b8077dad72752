"""Starts a real QGIS desktop on a virtual screen, with the plugin in a fresh profile, and lets a script drive it.

The script is a module with a function `drive(stage)`; `Stage` gives it the interface, waiting and screenshots.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "screenshots"
TIMEOUT = 180
SIGNAL = "QGIS died on signal"
"""What its handler of crashes says."""


class Look(NamedTuple):
    """How the desktop looks: QGIS's theme, and how many dots of the screen a pixel takes."""

    suffix: str = ""
    """What the names of its pictures end with."""
    theme: str = "default"
    scale: int = 1


def write_profile(profiles: Path, plugin: Path | None, theme: str) -> None:
    """A profile `test` where nothing is asked at start-up, with the plugin enabled when it is given; kept if there."""
    settings = profiles / "profiles" / "test" / "QGIS"
    if settings.is_dir():
        return
    settings.mkdir(parents=True)
    enabled = "carto_services_publics=true\n" if plugin else ""
    text = (
        f"[PythonPlugins]\n{enabled}processing=true\n[UI]\nUITheme={theme}\n"
        "[qgis]\ncheckVersion=false\nshowTips=false\nfirstRunVersionFlag=49999\n"
        "[app]\nprojections\\defaultProjectCrs=EPSG:2154\n"
        "[locale]\noverrideFlag=true\nuserLocale=fr\n[core]\nNewsFeed\\disabled=true\n"
    )
    for name in ("QGIS3.ini", "QGIS4.ini"):  # each QGIS reads its own
        (settings / name).write_text(text, encoding="utf-8")
    installed = profiles / "profiles" / "test" / "python" / "plugins"
    installed.mkdir(parents=True)
    if plugin:
        (installed / "carto_services_publics").symlink_to(plugin)


def run_desktop(
    script: Path,
    folder: Path,
    plugin: Path | None = ROOT,
    look: Look = Look(),
    seconds: float = TIMEOUT,
    **environment: str,
) -> str:
    """Drive QGIS with ``script``; its output. Raises `AssertionError` with that output when the script fails.

    QGIS itself ends by a signal now and then (docs/developpeurs.md): from the same folder as it was it is driven once
    more, and that is said in a warning. A script that fails is never driven again.
    """
    with tempfile.TemporaryDirectory() as kept:
        before = shutil.copytree(folder, Path(kept) / "before", symlinks=True) if folder.is_dir() else None
        try:
            return _drive(script, folder, plugin, look, seconds, **environment)
        except EndedByASignal as ended:
            warnings.warn(f"{script.name}: {SIGNAL}, driven again\n{ended}", stacklevel=2)
            shutil.rmtree(folder)
            if before is not None:
                shutil.copytree(before, folder, symlinks=True)
        return _drive(script, folder, plugin, look, seconds, **environment)


class EndedByASignal(AssertionError):
    """QGIS ended by a signal before the script did."""


def _drive(script: Path, folder: Path, plugin: Path | None, look: Look, seconds: float, **environment: str) -> str:
    write_profile(folder, plugin, look.theme)
    SHOTS.mkdir(parents=True, exist_ok=True)
    verdict = folder / "verdict"
    stage = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    stage += f"import stage; stage.begin({str(script)!r}, {str(verdict)!r}, {str(SHOTS)!r}, {look.suffix!r})\n"
    start = folder / "start.py"
    start.write_text(stage, encoding="utf-8")
    screen = f"-screen 0 {1500 * look.scale}x{950 * look.scale}x24"
    command = ["xvfb-run", "-a", "-s", screen, "qgis", "--nologo", "--noversioncheck"]
    command += ["--profiles-path", str(folder), "--profile", "test", "--code", str(start)]
    inherited = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    environment = {**inherited, "QT_QPA_PLATFORM": "xcb", "LANG": "fr_FR.UTF-8", **environment}
    if look.scale != 1:
        environment["QT_SCALE_FACTOR"] = str(look.scale)
    said, ended = _run(command, environment, folder, seconds)
    found = verdict.read_text() if verdict.is_file() else ""
    stacks = Path(f"{verdict}.stacks")
    told = f"{found}\n{said}\n{stacks.read_text() if stacks.is_file() else ''}"
    if not found and SIGNAL in said:
        raise EndedByASignal(told)
    assert found == "ok", told
    assert ended, f"QGIS did not close within {seconds} s\n{said}"
    return said


def _run(command: list[str], environment: dict[str, str], folder: Path, seconds: float) -> tuple[str, bool]:
    """What the command said, and whether it ended by itself; killed, with its screen, when it lasts too long."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=seconds)[0], True
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], False


if __name__ == "__main__":
    print(run_desktop(Path(sys.argv[1]).resolve(), Path(tempfile.mkdtemp())))
