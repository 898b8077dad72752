"""What the plugin tells QGIS's message log stands in its panel as it was told, `<` and `&` included."""

from __future__ import annotations

import pytest
from carto_services_publics.processing import log, settings
from hypothesis import given
from hypothesis import strategies as st
from qgis.gui import QgsMessageLogViewer
from qgis.PyQt.QtWidgets import QPlainTextEdit, QTabWidget


@pytest.fixture
def panel(qgis_app, qtbot):
    settings.LOG_LEVEL.set("everything")
    panel = QgsMessageLogViewer()
    qtbot.addWidget(panel)
    yield panel
    settings.LOG_LEVEL.set(settings.LOG_LEVEL.default)


def last_line(panel) -> str:
    tabs = panel.findChild(QTabWidget)
    names = [tabs.tabText(index).replace("&", "") for index in range(tabs.count())]
    page = tabs.widget(names.index(log.TAB))
    assert isinstance(page, QPlainTextEdit)
    return page.toPlainText().splitlines()[-1]


@pytest.mark.parametrize("write", [log.done, log.warned, log.failed])
def test_angle_brackets_and_entities_are_shown_as_written(panel, write):
    write("1 < 2 & <b>Mairie d'Èze</b> &lt; &amp;")
    assert last_line(panel).endswith("1 < 2 & <b>Mairie d'Èze</b> &lt; &amp;")


def test_any_words_are_shown_as_written(panel):
    @given(st.lists(st.text("ab<>&;\"'/é#lt", min_size=1), min_size=1).map(" ".join))
    def shown(text):
        log.done(f"« {text} »")
        assert last_line(panel).endswith(f"« {text} »")

    shown()
