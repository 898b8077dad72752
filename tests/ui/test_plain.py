"""What others wrote is shown letter by letter, wherever Qt would read markup."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from qgis.PyQt.QtGui import QTextDocument

UI = Path(__file__).resolve().parents[2] / "ui"


@given(st.text(alphabet="<>&;/=\"'abimgsrc \n", max_size=40))
def test_a_tooltip_shows_every_letter(text):
    from carto_services_publics.ui.plain import as_plain

    shown = as_plain(text)
    if shown == text:
        assert "<" not in text and "&" not in text
    else:
        document = QTextDocument()
        document.setHtml(shown)
        assert "".join(document.toPlainText().split()) == "".join(text.split())


def test_a_label_shows_markup_as_text(qtbot):
    from carto_services_publics.ui.plain import PlainLabel

    label = PlainLabel("<b>x</b>")
    qtbot.addWidget(label)
    plain = PlainLabel("x")
    qtbot.addWidget(plain)
    assert label.sizeHint().width() > 2 * plain.sizeHint().width()


def test_no_label_of_the_plugin_guesses_what_its_text_is():
    """A label made without its format would take a name in `<…>` for markup. The welcome's own words are markup."""
    guessing = {
        f"{path.name}:{node.lineno}"
        for path in UI.glob("*.py")
        if path.name not in ("plain.py", "welcome.py", "conflict_dialog.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
    }
    assert not guessing
