"""The complete diagnosis, before it runs."""

from __future__ import annotations

from carto_services_publics.processing.diagnostic import Choices
from carto_services_publics.ui.diagnostic_dialog import DiagnosticDialog


def test_thresholds_that_cannot_be_read_are_said_and_may_be_mended(qgis_app, qtbot):
    choices = Choices(None, None, "", None, "", "roads.network", "car", "ten", basket="")
    dialog = DiagnosticDialog(choices, "")
    qtbot.addWidget(dialog)
    dialog.basket.setCurrentIndex(1)
    dialog.run()
    assert "ten" in dialog.left.text() and dialog.run_button.isEnabled()
