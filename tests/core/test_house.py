"""What keeps the house as it is described."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_no_data_and_no_result_is_kept_at_the_top():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    kinds = {Path(name).suffix for name in listed.stdout.split() if "/" not in name and not name.startswith(".")}
    assert kinds <= {"", ".md", ".py", ".toml", ".txt", ".yml"}


def test_qgis_own_processing_is_not_hidden():
    import processing

    assert ROOT not in Path(processing.__file__).resolve().parents


ROOMS = ("core", "processing", "ui")
MOST_LINES = 60


def _modules() -> dict[str, Path]:
    """Every module of the package by its dotted name; a package by the name of its folder."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + [ROOT / "plugin.py"]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def _imported(name: str, path: Path, modules: dict[str, Path]) -> set[str]:
    """The modules of the package that ``name`` imports, wherever in the file it does so."""
    parts = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*parts[: len(parts) - node.level + 1], *filter(None, (node.module or "").split("."))]
            for alias in node.names:
                member = ".".join([*base, alias.name])
                found.add(member if member in modules else ".".join(base))
    return found & set(modules) - {name}


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that import one another in a circle; empty when there is none."""
    left = {name: set(targets) for name, targets in graph.items()}
    ends = {""}
    while ends:
        wanted = set().union(*left.values())
        ends = {name for name, targets in left.items() if not targets or name not in wanted}
        left = {name: targets - ends for name, targets in left.items() if name not in ends}
    return sorted(left)


def test_no_circle_of_imports():
    modules = _modules()
    assert not _circle({name: _imported(name, path, modules) for name, path in modules.items()})


def test_the_interface_knows_the_algorithms_and_they_know_core_not_the_other_way_round():
    floor = {room: number for number, room in enumerate(ROOMS)}
    modules = _modules()
    guilty = [
        (name, target)
        for name, path in modules.items()
        if name != "plugin"
        for target in _imported(name, path, modules)
        if floor.get(target.split(".")[0], len(ROOMS)) > floor[name.split(".")[0]]
    ]
    assert not guilty


CALLED_IN_THREADS = {"processAlgorithm", "fetchResults", "createChildren", "createDataItem", "func"}
"""Methods that QGIS calls from threads of its own; `run` of a `QgsTask` too."""


def _runs_in_a_thread(made: ast.ClassDef, method: ast.stmt) -> bool:
    is_task = any(ast.unparse(base) == "QgsTask" for base in made.bases)
    return isinstance(method, ast.FunctionDef) and (
        method.name in CALLED_IN_THREADS or (is_task and method.name == "run")
    )


def test_what_qgis_calls_in_a_thread_leaves_collecting_to_the_main_thread():
    """Else windows that were closed die in the thread of a computation, and QGIS crashes now and then."""
    methods = [
        (f"{name}.{made.name}.{method.name}", ast.unparse(method))
        for name, path in _modules().items()
        for made in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(made, ast.ClassDef)
        for method in made.body
        if _runs_in_a_thread(made, method)
    ]
    assert len(methods) > 5
    assert not [
        name
        for name, text in methods
        if "@collected_by_the_main_thread()" not in text and "super().processAlgorithm(" not in text
    ]


def _lines_of(function: ast.FunctionDef) -> int:
    """Lines of a function without its signature, its docstring and the literal tables in it."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    lines = set(range(body[0].lineno, function.end_lineno + 1))
    for node in ast.walk(function):
        if isinstance(node, (ast.Dict, ast.List, ast.Set, ast.Tuple)):
            lines -= set(range(node.lineno + 1, node.end_lineno + 1))
    return len(lines)


def test_a_function_can_be_read_at_once():
    guilty = [
        (name, node.name, _lines_of(node))
        for name, path in _modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _lines_of(node) > MOST_LINES
    ]
    assert not guilty


def _untyped(function: ast.FunctionDef) -> list[str]:
    """The parameters of a function that say no type, and `return` where it gives none."""
    given = function.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    lacking = [each.arg for each in parameters if each.annotation is None and each.arg not in ("self", "cls")]
    return [*lacking, *(["return"] if function.returns is None else [])]


def test_every_function_of_the_lower_floors_says_its_types():
    """mypy then looks into each of them (`make lint`)."""
    guilty = [
        (name, node.name, _untyped(node))
        for name, path in _modules().items()
        if name.split(".")[0] in ("core", "processing")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _untyped(node)
    ]
    assert not guilty
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'packages = ["carto_services_publics.core", "carto_services_publics.processing"]' in settings


def test_two_things_of_the_house_have_two_names():
    """The public classes of the lower floors: a reader who looks for one finds one."""
    rooms: dict[str, list[str]] = {}
    for name, path in _modules().items():
        if name.split(".")[0] in ("core", "processing"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    rooms.setdefault(node.name, []).append(name)
    assert not {name: where for name, where in rooms.items() if len(where) > 1}


MOST_BY_POSITION = 6


def test_what_travels_together_is_a_structure():
    """A call of many values in a row is read by counting commas: they are one named structure, or given by name."""
    guilty = [
        (name, node.name)
        for name, path in _modules().items()
        if name.split(".")[0] in ("core", "processing")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if len([each for each in (*node.args.posonlyargs, *node.args.args) if each.arg not in ("self", "cls")])
        > MOST_BY_POSITION
    ]
    assert not guilty


def test_what_was_asked_of_an_algorithm_is_not_carried_from_function_to_function():
    """`processing/asked.py` holds it; only QGIS's own methods are given it as it comes."""
    own = ("processing.base", "processing.asked", "processing.network_input")
    guilty = [
        (name, node.name)
        for name, path in _modules().items()
        if name.startswith("processing.") and name not in own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and {"parameters", "context"} <= {arg.arg for arg in node.args.args}
        if node.name != "prepareAlgorithm"
    ]
    assert not guilty
