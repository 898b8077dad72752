"""The one place from which the plugin starts a process: always the Python it runs in itself, on its own code."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404 - only `started` below uses it
import sys
from pathlib import Path

_PATH_THEN = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); sys.argv[:] = sys.argv[2:]; "

DISCARDED, PIPE = subprocess.DEVNULL, subprocess.PIPE


def interpreter() -> str | None:
    """A Python that can run workers. Inside QGIS on Windows and macOS, `sys.executable` is QGIS itself."""
    names = ("python3.exe", "python.exe") if os.name == "nt" else ("python3", "python")
    folders = [Path(sys.exec_prefix), Path(sys.exec_prefix) / "bin", Path(sys.executable or "").parent]
    folders += [folder / "bin" for folder in (Path(sys.executable or "").parent,)]
    if "python" in Path(sys.executable or "").name.lower():
        return sys.executable
    for folder in folders:
        for name in names:
            if (folder / name).is_file():
                return str(folder / name)
    return None


def started(
    python: str,
    program: str,
    arguments: list[str],
    *,
    first: tuple[str, ...] = (),
    stdin: int = DISCARDED,
    stdout: int = DISCARDED,
    environment: dict[str, str] | None = None,
) -> subprocess.Popen:
    """A child process of ``python`` (see `interpreter`) that runs ``program``, a literal of this plugin's code.

    It sees this process's import path, with ``first`` before it, and ``arguments`` in ``sys.argv``; no shell reads
    them. What it says on its error stream is discarded. Raises `OSError` where it cannot start.
    """
    path = json.dumps([*first, *(entry for entry in sys.path if entry)])
    return subprocess.Popen(  # nosec B603 - a list, no shell: our interpreter and our own code; data is in sys.argv
        [python, "-c", _PATH_THEN + program, path, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
