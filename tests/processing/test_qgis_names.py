"""Every name of QGIS that the plugin uses exists in this QGIS, and is the one it goes by there today."""

from __future__ import annotations

import ast
import inspect
import re
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest
from carto_services_publics.processing import qgis_enums
from qgis import analysis, core, gui

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = ROOT / "processing" / "qgis_enums.py"
"""The one place for old names."""


def _product() -> list[Path]:
    return [
        ROOT / "plugin.py",
        *sorted(path for room in ("processing", "ui", "i18n") for path in (ROOT / room).rglob("*.py")),
    ]


SEAMS = {("processing/asked.py", "parameterAsFields")}
"""Where an older QGIS is asked by the name that a newer one calls deprecated."""


def _chains(tree: ast.AST):
    """`A.b.c` of the tree, the longest ones only, as (line, names)."""
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in inside:
            names, below = [], node
            while isinstance(below, ast.Attribute):
                names.append(below.attr)
                below = below.value
                inside.add(below)
            if isinstance(below, ast.Name):
                yield node.lineno, [below.id, *reversed(names)]


def _found(name: str):
    if name.startswith("Q"):
        return next((getattr(module, name) for module in (core, gui, analysis) if hasattr(module, name)), None)
    return vars(qgis_enums).get(name) if name[0].isupper() else None


def _fault(holder, name: str, moved_to: dict) -> str:
    """What is wrong with asking ``holder`` (a class, or the members of an enum) for ``name``."""
    if not hasattr(holder, name):
        return "does not exist"
    value = getattr(holder, name)
    if isinstance(value, Enum) and isinstance(holder, type) and not isinstance(value, holder):
        return f"is {type(value).__name__}.{name}"
    if isinstance(value, type) and value in moved_to and holder is not core.Qgis:
        return f"is Qgis.{moved_to[value]}"
    return ""


def wrong_names(source: str) -> list[str]:
    """What of this QGIS the source asks for in vain, by a name of the past, or without its scope."""
    wrong = []
    moved_to = {enum: name for name, enum in vars(core.Qgis).items() if isinstance(enum, type)}
    for line, (first, *names) in _chains(ast.parse(source)):
        holder, said = _found(first), first
        for name in names:
            if not isinstance(holder, (type, SimpleNamespace)):
                break  # an enum's value, a property: what it has is no name of QGIS
            said += f".{name}"
            if fault := _fault(holder, name, moved_to):
                wrong.append(f"{line}: {said} {fault}")
                break
            holder = getattr(holder, name)
    return wrong


@pytest.mark.parametrize("path", _product(), ids=lambda path: str(path.relative_to(ROOT)))
def test_names_of_qgis_are_those_of_today(path):
    if path != TRANSLATED:
        assert wrong_names(path.read_text(encoding="utf-8")) == []


def test_a_name_that_does_not_exist_is_seen():
    assert wrong_names("\nQgsProject.instanse()") == ["2: QgsProject.instanse does not exist"]
    assert wrong_names("SourceType.Vektor") == ["1: SourceType.Vektor does not exist"]
    assert wrong_names("QgsProject.instance().title, SourceType.Vector") == []


@pytest.mark.skipif(not hasattr(core.Qgis, "FeatureRequestFlag"), reason="this QGIS has the old name only")
def test_a_name_of_the_past_is_seen():
    assert wrong_names("QgsFeatureRequest.Flag.NoGeometry") == ["1: QgsFeatureRequest.Flag is Qgis.FeatureRequestFlag"]


@pytest.mark.skipif(not issubclass(core.QgsTask.Flag, Enum), reason="on Qt 5 a value may be asked for without its enum")
def test_an_enum_without_its_scope_is_seen():
    assert wrong_names("QgsFeatureSink.FastInsert") == ["1: QgsFeatureSink.FastInsert is Flag.FastInsert"]


def deprecated_names() -> set[str]:
    """Methods that this QGIS's own documentation calls deprecated, in all classes and forms that have them."""
    documented: dict[str, list[bool]] = {}
    for holder in (
        found for module in (core, gui, analysis) for found in vars(module).values() if inspect.isclass(found)
    ):
        for name, method in vars(holder).items():
            words = getattr(method, "__doc__", None) or ""
            forms = len(re.findall(rf"^{re.escape(name)}\(", words, re.MULTILINE))
            if forms and not name.startswith("_"):
                documented.setdefault(name, []).append(words.count("deprecated::") >= forms)
    return {name for name, each in documented.items() if all(each)}


def deprecated_uses(source: str, deprecated: set[str]) -> list[tuple[int, str]]:
    attributes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))
    return [(node.lineno, node.attr) for node in attributes if node.attr in deprecated]


def test_no_method_that_qgis_calls_deprecated_is_asked_for():
    deprecated = deprecated_names()
    if not deprecated:
        pytest.skip("this QGIS's Python modules do not say what is deprecated")
    uses = [
        (str(path.relative_to(ROOT)), line, name)
        for path in _product()
        for line, name in deprecated_uses(path.read_text(encoding="utf-8"), deprecated)
    ]
    assert [use for use in uses if (use[0], use[2]) not in SEAMS] == []


def test_a_deprecated_method_is_seen():
    assert deprecated_uses("\nlayer.oldWay(1)", {"oldWay"}) == [(2, "oldWay")]
