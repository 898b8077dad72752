"""What keeps the house as it is described."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_core_never_imports_qgis_or_qt():
    guilty = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "core").rglob("*.py")
        for name in _imports(path)
        if name.split(".")[0] in ("qgis", "PyQt5", "PyQt6", "sip")
    }
    assert not guilty


def test_positions_are_moved_in_one_place_only():
    """QGIS's own transforms fail in silence in threads (`core/coordinates.py`)."""
    guilty = [
        str(path.relative_to(ROOT))
        for room in ("processing", "ui")
        for path in (ROOT / room).rglob("*.py")
        if "QgsCoordinateTransform(" in path.read_text(encoding="utf-8")
    ]
    assert not guilty


def test_every_module_of_core_imports_without_qgis():
    modules = [
        "carto_services_publics." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "core").rglob("*.py"))
    ]
    code = (
        "import sys, importlib\n"
        "for name in ('qgis', 'PyQt5', 'PyQt6'):\n    sys.modules[name] = None\n"
        f"for name in {modules!r}:\n    importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr


def test_core_knows_nobody_above_it_and_its_rooms_keep_apart():
    apart = {"registry", "network", "corrections"}
    guilty = []
    for path in (ROOT / "core").rglob("*.py"):
        depth = len(path.relative_to(ROOT).parts)
        room = path.relative_to(ROOT / "core").parts[0]
        for name in _imports(path):
            level = len(name) - len(name.lstrip("."))
            if level >= depth:
                guilty.append((str(path), name))
            target = name.lstrip(".").split(".")[0]
            if level == depth - 1 and room in apart and target in apart - {room}:
                guilty.append((str(path), name))
    assert not guilty


def test_qgis_own_processing_is_not_hidden():
    import processing

    assert ROOT not in Path(processing.__file__).resolve().parents
