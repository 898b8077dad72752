"""What works in a QGIS on Qt 5 and fails, or means something else, in QGIS 4 on Qt 6, found without running anything.

    python3 scripts/qt6check/rules.py [file or folder …]      (part of `make lint`; by default all of the project)

Pyright, beside, knows every name of PyQt6. These are the habits whose names are valid and that break all the same: what
QGIS's own `pyqt5_to_pyqt6.py` rewrites or warns of (`qgis_tool.py` runs that program itself, where it is at hand) and the
notes of QGIS's and Qt's changes.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ("__init__.py", "plugin.py", "core", "i18n", "processing", "ui", "scripts", "tests", "bench")

GONE_MODULES = {
    "Qt": "import from QtCore, QtGui, QtWidgets",
    "QtWebKit": "show HTML in a QTextBrowser or in the browser",
    "QtWebKitWidgets": "show HTML in a QTextBrowser or in the browser",
    "QtScript": "there is no successor",
    "QtOpenGL": "QOpenGLWidget",
}
GONE_NAMES = {
    "QRegExp": "QRegularExpression",
    "QRegExpValidator": "QRegularExpressionValidator",
    "QDesktopWidget": "QScreen",
    "QTextCodec": "bytes.decode",
    "QMatrix": "QTransform",
    "QStringRef": "str",
    "QLinkedList": "list",
    "QSignalMapper": "a lambda",
    "QGLWidget": "QOpenGLWidget",
    "qApp": "QApplication.instance()",
    "resources_rc": "load icons and forms by their path",
}
GONE_METHODS = {
    "exec_": "exec",
    "print_": "print",
    "desktop": "QWidget.screen()",
    "toTime_t": "toSecsSinceEpoch",
    "setTime_t": "setSecsSinceEpoch",
    "fromTime_t": "fromSecsSinceEpoch",
    "qsrand": "random",
    "globalPos": "globalPosition().toPoint()",
    "shortNameRegExp": "shortNameRegularExpression",
}
SIGNALS_BY_TYPE = {"activated": "textActivated", "currentIndexChanged": "currentTextChanged", "highlighted": "textHighlighted"}
MOVED_CLASSES = {"QAction": "QtGui", "QActionGroup": "QtGui", "QShortcut": "QtGui", "QUndoStack": "QtGui"}
"""In PyQt6's QtGui; `qgis.PyQt` offers them in QtWidgets too, as on Qt 5."""


def _import_from(node: ast.ImportFrom) -> Iterator[str]:
    module = node.module or ""
    if module.split(".")[0] in ("PyQt5", "PyQt6"):
        yield f"{module}: import from qgis.PyQt"
    last = module.rpartition(".")[2]
    if module.startswith("qgis.PyQt.") and last in GONE_MODULES:
        yield f"{module} is gone in Qt 6: {GONE_MODULES[last]}"
    for name in (last, *(alias.name for alias in node.names)):
        if name in GONE_NAMES:
            yield f"{name} is gone in Qt 6: {GONE_NAMES[name]}"
        if module == "qgis.PyQt.QtGui" and name in MOVED_CLASSES:
            yield f"{name} is in QtWidgets on Qt 5: import it from qgis.PyQt.QtWidgets, which has it on both"


def _import(node: ast.Import) -> Iterator[str]:
    for name in (alias.name for alias in node.names):
        if name.split(".")[0] in ("PyQt5", "PyQt6"):
            yield f"{name}: import from qgis.PyQt"


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _call(node: ast.Call) -> Iterator[str]:
    called = _name(node.func)
    if isinstance(node.func, ast.Attribute):
        yield from _method(node, called)
    if called == "QVariant" and (not node.args or _name(getattr(node.args[0], "value", None)) == "QVariant"):
        yield "QVariant() makes None in PyQt6: use qgis.core.NULL"
    if called == "QDateTime" and len(node.args) >= 6:
        yield "QDateTime of numbers is gone in Qt 6: QDateTime(QDate(…), QTime(…))"
    if called == "QDateTime" and len(node.args) == 1:
        yield "QDateTime of a QDate alone is gone in Qt 6: QDateTime(date, QTime(0, 0))"


def _method(node: ast.Call, called: str) -> Iterator[str]:
    if called in GONE_METHODS and not node.args:
        yield f"{called}() is gone in Qt 6: {GONE_METHODS[called]}"
    if called == "addAction" and len(node.args) >= 4:
        yield "addAction takes its arguments in another order in Qt 6: make the QAction, then add it"
    if called == "width" and node.args and "fontmetrics" in ast.dump(node.func.value).lower():
        yield "QFontMetrics.width is gone in Qt 6: horizontalAdvance"


def _definition(node: ast.FunctionDef) -> Iterator[str]:
    if node.name in ("exec_", "print_"):
        yield f"{node.name} is called {GONE_METHODS[node.name]} in Qt 6"
    if node.name == "enterEvent" and any("QEvent" in ast.dump(argument) for argument in node.args.args):
        yield "enterEvent is given a QEnterEvent in Qt 6"


def _attribute(node: ast.Attribute) -> Iterator[str]:
    owner = _name(node.value)
    if owner == "QVariant" and node.attr == "Type":
        yield "QVariant.Type is gone in Qt 6: QMetaType.Type (QGIS 3.38), QVariant.X before"


def _subscript(node: ast.Subscript) -> Iterator[str]:
    signal = getattr(node.value, "attr", "")
    if signal in SIGNALS_BY_TYPE and _name(node.slice) == "str":
        yield f"{signal}[str] is gone in Qt 6: {SIGNALS_BY_TYPE[signal]}"


RULES = {
    ast.ImportFrom: _import_from,
    ast.Import: _import,
    ast.Call: _call,
    ast.FunctionDef: _definition,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
}


def findings(source: str) -> list[tuple[int, str]]:
    """(line, what breaks and what to write) of a module's text."""
    return [
        (node.lineno, words)
        for node in ast.walk(ast.parse(source))
        if type(node) in RULES
        for words in RULES[type(node)](node)
    ]


def _modules(places: list[Path]) -> Iterator[Path]:
    for place in places:
        found = [place] if place.is_file() else sorted(place.rglob("*.py"))
        yield from (path for path in found if not {"__pycache__", "typings"} & set(path.relative_to(place).parts))


def main(arguments: list[str]) -> int:
    places = [Path(argument) for argument in arguments] or [ROOT / name for name in PROJECT]
    told = [f"{path}:{line}: {words}" for path in _modules(places) for line, words in findings(path.read_text("utf-8"))]
    print("\n".join(told) or "Qt 6: nothing that breaks there.")
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
