"""What the producers of a referential should correct goes to the outbox, of one producer at a time, once."""

from __future__ import annotations

import pytest
from carto_services_publics.core.consolidation import consolidate, read_priorities
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.services import Service
from carto_services_publics.processing.connections import ANNUAIRE
from carto_services_publics.ui import quality_dialog as module


def hall(producer, **values):
    row = {"adresse": "1 place", "commune": "Mende", "code_insee": "48095", "precision_position": "adresse", **values}
    row = {"producteur": producer, "id_producteur": f"{producer}-1", "lon": 3.5, "lat": 44.5, "date_maj": "2026", **row}
    return Service("", "Mairie de Mende", "mairie", **row)


@pytest.fixture
def dialog(qgis_app, qtbot, tmp_path, monkeypatch):
    outbox = Outbox(tmp_path / "corrections.sqlite")
    monkeypatch.setattr(module, "user_outbox", lambda: outbox)
    monkeypatch.setattr(module.ProposalPreview, "open", lambda preview: preview.accept())
    given = [("", hall("dila")), ("", hall("anct", telephone="04 66 49 40 00"))]
    path = tmp_path / "referentiel.gpkg"
    consolidate(path, given, "2026-06-01", read_priorities())
    dialog = module.QualityDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.referential.setFilePath(str(path))
    dialog.outbox = outbox
    yield dialog
    outbox.close()


def test_the_page_is_written_and_corrections_go_to_the_producer_concerned_once(dialog, qtbot, tmp_path):
    assert not dialog.propose_button.isEnabled()
    dialog.look()
    qtbot.waitUntil(dialog.page_button.isEnabled, timeout=20_000)
    assert "<svg" in (tmp_path / "referentiel-qualite.html").read_text(encoding="utf-8")
    assert [dialog.producer.itemText(row) for row in range(dialog.producer.count())] == ["dila"]
    assert dialog.registry.currentText() == ANNUAIRE
    assert [kind for kind, box in dialog.kinds.items() if box.isEnabled()] == ["vide"]
    for said in ("1 correction is in your outbox", "1 was there already"):
        dialog.propose()
        qtbot.waitUntil(lambda said=said: said in dialog.news.text(), timeout=10_000)
    [entry] = dialog.outbox.entries()
    assert entry.correction.changes == {"telephone": ("", "04 66 49 40 00")}
    assert entry.correction.producteur == "dila" and "api-lannuaire" in entry.connection


def test_the_bridge_is_written_from_there(dialog, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(module.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "p.csv"), ""))
    dialog.export_bridge()
    qtbot.waitUntil(lambda: "2 links written" in dialog.news.text(), timeout=10_000)
    assert len((tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_what_is_no_referential_is_said(dialog, qtbot, tmp_path):
    dialog.referential.setFilePath(str(tmp_path / "absent.gpkg"))
    dialog.look()
    assert "Choose the GeoPackage" in dialog.news.text()
    (tmp_path / "other.gpkg").touch()
    dialog.referential.setFilePath(str(tmp_path / "other.gpkg"))
    dialog.look()
    qtbot.waitUntil(lambda: "no referential" in dialog.news.text(), timeout=10_000)
    assert dialog.look_button.isEnabled() and not dialog.propose_button.isEnabled()


def test_corrections_are_of_the_referential_that_was_looked_at(dialog, qtbot, tmp_path):
    """Another file in the field, not looked at yet, has other records of the same producer."""
    dialog.look()
    qtbot.waitUntil(dialog.page_button.isEnabled, timeout=20_000)
    given = [("", hall("dila", id_producteur="other")), ("", hall("anct", telephone="3939"))]
    consolidate(tmp_path / "autre.gpkg", given, "2026-06-01", read_priorities())
    dialog.referential.setFilePath(str(tmp_path / "autre.gpkg"))
    dialog.propose()
    qtbot.waitUntil(lambda: "1 correction is in your outbox" in dialog.news.text(), timeout=10_000)
    [entry] = dialog.outbox.entries()
    assert entry.correction.service_id == "dila-1"
