"""Habits that a QGIS on Qt 6 does not forgive are found without one."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _script(name: str):
    spec = importlib.util.spec_from_file_location(f"qt6check_{name}", ROOT / "scripts" / "qt6check" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rules, qgis_tool = _script("rules"), _script("qgis_tool")

BREAKS = {
    "dialog.exec_()": "exec",
    "def exec_(self): ...": "exec",
    "from PyQt5.QtCore import Qt": "qgis.PyQt",
    "import PyQt6.QtCore": "qgis.PyQt",
    "from qgis.PyQt.Qt import Qt": "QtCore",
    "from qgis.PyQt.QtWebKit import QWebSettings": "browser",
    "from qgis.PyQt.QtCore import QRegExp": "QRegularExpression",
    "from qgis.PyQt.QtWidgets import qApp": "instance",
    "from .resources_rc import *": "path",
    "from qgis.PyQt.QtGui import QAction": "QtWidgets",
    "value = QVariant()": "NULL",
    "value = QVariant(QVariant.Int)": "NULL",
    "kind = QVariant.Type": "QMetaType",
    "when = QDateTime(2026, 3, 6, 12, 0, 0, 0, utc)": "QTime",
    "when = QDateTime(QDate(2026, 3, 6))": "QTime",
    "when = QDateTime(day)": "QTime",
    "menu.addAction(icon, text, self.run, keys)": "QAction",
    "screen = QApplication.desktop()": "screen",
    "wide = self.fontMetrics().width(text)": "horizontalAdvance",
    "wide = QFontMetrics(font).width(text)": "horizontalAdvance",
    "box.activated[str].connect(self.chosen)": "textActivated",
    "def enterEvent(self, event: QEvent): ...": "QEnterEvent",
    "at = event.globalPos()": "globalPosition",
}


@pytest.mark.parametrize("line", BREAKS)
def test_what_breaks_on_qt_6_is_found_with_the_way_out(line):
    (at, words), *_ = rules.findings(f"'''A module.'''\n{line}\n")
    assert at == 2
    assert BREAKS[line] in words


@pytest.mark.parametrize(
    "line",
    [
        "dialog.exec()",
        "from qgis.PyQt.QtWidgets import QAction",
        "when = QDateTime(QDate(2026, 3, 6), QTime(0, 0))",
        "menu.addAction(text, self.run)",
        "box.activated.connect(self.chosen)",
        "wide = self.fontMetrics().horizontalAdvance(text)",
        "wide = widget.width()",
        "null = QVariant(value)",
    ],
)
def test_what_works_on_both_is_let_through(line):
    assert rules.findings(line) == []


def test_the_project_has_none_of_them(capsys):
    assert rules.main([]) == 0, capsys.readouterr().out


def test_a_module_anywhere_below_is_looked_at(tmp_path, capsys):
    module = tmp_path / "build" / "ui" / "page.py"
    module.parent.mkdir(parents=True)
    module.write_text("dialog.exec_()\n", encoding="utf-8")
    assert rules.main([str(tmp_path)]) == 1
    assert f"{module}:1: exec_()" in capsys.readouterr().out


def test_qgis_own_program_is_heard_when_it_warns_and_when_it_rewrites(tmp_path):
    tool, plugin = tmp_path / "tool.py", tmp_path / "plugin"
    plugin.mkdir()
    (plugin / "module.py").write_text("dialog.exec_()\nfine = 1\n")
    tool.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1], 'module.py')\n"
        "path.write_text(path.read_text().replace('exec_', 'exec'))\n"
        "sys.stderr.write(f'{path}:2:0 WARNING: fragile\\n')\n"
        "raise SystemExit(1)\n"
    )
    found = "\n".join(qgis_tool.findings(tool, plugin))
    assert "WARNING: fragile" in found
    assert "-dialog.exec_()" in found
    assert "+dialog.exec()" in found
    assert qgis_tool.findings(tool, plugin) == [f"{plugin / 'module.py'}:2:0 WARNING: fragile"]


def test_no_package_archive_is_named_where_one_is_used():
    """The machine's own sources are: a mirror, a proxy and an offline archive keep working."""
    for path in (*(ROOT / "scripts").rglob("*.sh"), ROOT / "Makefile", *ROOT.glob("requirements*.txt")):
        assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path
