"""The two windows of the field, as one uses them: out into a folder, and back with conflicts side by side."""

from __future__ import annotations

import shutil

import pytest
from carto_services_publics.core.field.copies import read_copy
from carto_services_publics.core.field.package import FILE
from carto_services_publics.processing import outbox as kept
from carto_services_publics.processing.connections import CONNECTION_PROPERTY, DEMONSTRATION
from carto_services_publics.tests.servers.field_copies import copy_of
from carto_services_publics.ui.field_dialogs import FieldPackageDialog, FieldReadDialog
from qgis.core import QgsProject, QgsVectorLayer


@pytest.fixture
def outbox(qgis_app, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    return kept.user_outbox()


@pytest.fixture
def folder(provider, qgis_iface, qtbot, demo_gpkg, tmp_path):
    """Made from the window, on the demonstration territory."""
    for name in ("services", "communes"):
        layer = QgsVectorLayer(f"{demo_gpkg}|layername={name}", name, "ogr")
        if name == "services":
            layer.setCustomProperty(CONNECTION_PROPERTY, DEMONSTRATION)
        QgsProject.instance().addMapLayer(layer)
    dialog = FieldPackageDialog()
    qtbot.addWidget(dialog)
    assert not dialog.main_button.isEnabled()
    dialog.folder.setFilePath(str(tmp_path / "terrain"))
    assert [box.currentLayer().name() for box in (dialog.services, dialog.zones)] == ["services", "communes"]
    dialog.make()
    qtbot.waitUntil(lambda: bool(dialog.answer.text()), timeout=30_000)
    yield tmp_path / "terrain"
    QgsProject.instance().clear()


def test_out_and_back_with_a_conflict_to_be_compared(folder, outbox, qtbot, tmp_path):
    service, other = list(read_copy(folder).base.values())[:2]
    row = {"type": "modification", "service_id": service.id}
    ana = copy_of(folder / FILE, tmp_path / "ana", {**row, "nouveau_telephone": "3949"})
    bob = copy_of(
        folder / FILE,
        tmp_path / "bob",
        {**row, "nouveau_telephone": "3646"},
        {"type": "fermeture", "service_id": other.id},
        {"type": "alerte", "service_id": other.id},
    )
    dialog = FieldReadDialog()
    qtbot.addWidget(dialog)
    dialog.copies.setFilePath(" ".join(f'"{path}"' for path in (ana, bob)))
    assert dialog.registry.currentText() == DEMONSTRATION  # as the copies say it
    assert dialog.services.currentLayer().name() == "services"  # the project's own, from that registry
    dialog.look()
    qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=30_000)
    cells = [[dialog.table.item(r, c).text() for c in range(7)] for r in range(dialog.table.rowCount())]
    assert [line[4] for line in cells[:2]] == ["3949", "3646"] and [line[5] for line in cells[:2]] == ["3646", "3949"]
    assert [line[0] for line in cells[:2]] == [f"{service.nom}\nana · 1", f"{service.nom}\nbob · 1"]
    assert [line[0].splitlines()[-1] for line in cells[2:]] == ["bob · 3", "bob · 2"]
    assert "4" in dialog.answer.text() and not outbox.ranks()  # nothing is kept before it was seen
    said = []
    dialog.kept.connect(said.append)
    dialog.keep()
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    assert outbox.counts() == {"conflit": 2, "en_attente": 1}


def test_a_file_that_is_no_package_is_said(folder, outbox, qtbot, tmp_path):
    shutil.copy(__file__, tmp_path / "other.gpkg")
    dialog = FieldReadDialog()
    qtbot.addWidget(dialog)
    dialog.copies.setFilePath(str(tmp_path / "other.gpkg"))
    dialog.look()
    qtbot.waitUntil(lambda: "other.gpkg" in dialog.progress.word.text(), timeout=30_000)
    assert dialog.table.rowCount() == 0 and not dialog.keep_button.isEnabled()


def test_copies_chosen_during_a_preview_are_not_kept_unseen(folder, outbox, qtbot, tmp_path):
    service = next(iter(read_copy(folder).base.values()))
    row = {"type": "modification", "service_id": service.id}
    ana, bob = (
        copy_of(folder / FILE, tmp_path / who, {**row, "nouveau_telephone": number})
        for who, number in (("ana", "3949"), ("bob", "3646"))
    )
    dialog = FieldReadDialog()
    qtbot.addWidget(dialog)
    dialog.copies.setFilePath(str(ana))
    dialog.look()
    dialog.copies.setFilePath(str(bob))
    qtbot.waitUntil(lambda: dialog.progress.run is None, timeout=30_000)
    assert dialog.table.rowCount() == 0 and not dialog.keep_button.isEnabled()
    assert dialog.main_button.isEnabled()
    dialog.look()
    qtbot.waitUntil(dialog.keep_button.isEnabled, timeout=30_000)
    assert "3646" in dialog.table.item(0, 4).text()
