"""QGIS's own check of a plugin for Qt 6, `pyqt5_to_pyqt6.py`, run on a copy of the plugin: it must have nothing to rewrite.

    python3 scripts/qt6check/qgis_tool.py        (part of `make lint`)

The program is read from QGIS's source tree, never kept here: `CSP_PYQT5_TO_PYQT6` names it, else it is looked for where
`scripts/lanes/qt6.sh` unpacks that tree. It needs a Python with PyQt6; with QGIS on Qt 6 beside it, it checks QGIS's enums
too. Where either is missing, a sentence says so and nothing fails: `rules.py` has checked the same habits.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import importlib.util
import io
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Iterator

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("*.py", ":!tests", ":!bench", ":!scripts", ":!docs")
PLACES = (Path("/build/qgis/scripts/pyqt5_to_pyqt6/pyqt5_to_pyqt6.py"),)
NOT_BUILT = ("qgis._3d", "PyQt6.QtQuickWidgets", "PyQt6.QtTest")
"""The program imports them at its start; where they are not installed, there is nothing of theirs to check."""


def program() -> Path | None:
    named = os.environ.get("CSP_PYQT5_TO_PYQT6")
    return next((place for place in ([Path(named)] if named else PLACES) if place.is_file()), None)


def missing() -> str:
    """What this Python lacks to run the program."""
    return ", ".join(name for name in ("PyQt6", "tokenize_rt") if importlib.util.find_spec(name) is None)


@contextlib.contextmanager
def _without_what_is_not_built() -> Iterator[None]:
    empty = [name for name in NOT_BUILT if not _can_be_imported(name)]
    sys.modules.update({name: ModuleType(name) for name in empty})
    for name in empty:
        parent, _, last = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], last, sys.modules[name])
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


def _can_be_imported(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def findings(tool: Path, folder: Path) -> list[str]:
    """What the program says of the modules in ``folder``, and what it would rewrite there (it does, in that folder)."""
    before = {path: path.read_text("utf-8") for path in sorted(folder.rglob("*.py"))}
    told, arguments = io.StringIO(), sys.argv
    sys.argv = [str(tool), str(folder)]
    try:
        with _without_what_is_not_built(), contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            runpy.run_path(str(tool), run_name="__main__")
    except SystemExit:
        pass
    finally:
        sys.argv = arguments
    found = [line for line in told.getvalue().splitlines() if str(folder) in line or "not available" in line]
    for path, text in before.items():
        name = str(path.relative_to(folder))
        found += difflib.unified_diff(text.splitlines(), path.read_text("utf-8").splitlines(), name, "on Qt 6", "", "", 0, "")
    return found


def copy_of_the_plugin(folder: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "--", *SHIPPED], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def main() -> int:
    tool, lacking = program(), missing()
    if tool is None or lacking:
        reason = f"this Python lacks {lacking}" if tool else "QGIS's source tree is not here (the qt6 lane has it)"
        print(f"pyqt5_to_pyqt6.py was not run: {reason}.")
        return 0
    with tempfile.TemporaryDirectory() as place:
        copy_of_the_plugin(Path(place))
        found = findings(tool, Path(place))
    print("\n".join(found) or "pyqt5_to_pyqt6.py: nothing to rewrite.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
