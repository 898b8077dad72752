"""The complete diagnosis, before it runs."""

from __future__ import annotations

import json
import shlex

from carto_services_publics.processing.diagnostic import Choices
from carto_services_publics.processing.styling import apply_style
from carto_services_publics.ui.diagnostic_dialog import DiagnosticDialog
from qgis.core import Qgis, QgsProject, QgsVectorLayer

LAYERS = ("services", "demande", "communes", "routes")


def test_thresholds_that_cannot_be_read_are_said_and_may_be_mended(qgis_app, qtbot):
    choices = Choices(None, None, "", None, "", "roads.network", "car", "ten", basket="")
    dialog = DiagnosticDialog(choices, "")
    qtbot.addWidget(dialog)
    dialog.basket.setCurrentIndex(1)
    dialog.run()
    assert "ten" in dialog.left.text() and dialog.run_button.isEnabled()


def test_baskets_are_named_in_words(qgis_app, qtbot):
    dialog = DiagnosticDialog(Choices(None, None, "", None, "", "roads.network", "car", "20"), "")
    qtbot.addWidget(dialog)
    names = {dialog.basket.itemData(row): dialog.basket.itemText(row) for row in range(dialog.basket.count())}
    assert names["vie_courante"] == "Services publics de la vie courante" and len(names) == 4


def test_the_report_is_put_beside_others_only_when_they_are_chosen(qgis_app, qtbot):
    zones = QgsVectorLayer("Polygon?field=code_insee:string&field=DENS7:integer", "communes", "memory")
    table = QgsVectorLayer("None?field=niveau:string&field=code:string", "summary", "memory")
    QgsProject.instance().addMapLayers([zones, table])
    dialog = DiagnosticDialog(Choices(None, None, "", zones, "code_insee", "roads.network", "car", "20"), "")
    qtbot.addWidget(dialog)
    assert dialog.similar() == {} and dialog.density.currentField() == "DENS7"
    dialog.others.setLayer(table)
    assert dialog.similar() == {"SIMILAR": table, "DENSITY_FIELD": "DENS7"}


def test_the_scenario_compared_in_the_project_is_that_of_the_report_unless_none_is_chosen(qgis_app, qtbot):
    table, other = (QgsVectorLayer("None?field=type:string", name, "memory") for name in ("Mairie : chiffres", "autre"))
    apply_style(table, "summary")
    choices = Choices(None, None, "", None, "", "roads.network", "car", "20")
    QgsProject.instance().addMapLayers([other])
    dialog = DiagnosticDialog(choices, "")
    qtbot.addWidget(dialog)
    assert dialog.scenario.currentLayer() is None
    QgsProject.instance().addMapLayers([table])
    again = DiagnosticDialog(choices, "")
    qtbot.addWidget(again)
    assert again.scenario.currentLayer() == table
    QgsProject.instance().removeAllMapLayers()


def test_the_saved_model_runs_to_the_report_in_the_chosen_folder(provider, qtbot, demo_gpkg, tmp_path, monkeypatch):
    """What the colleague does each quarter: the same chain, from the command that was copied."""
    from carto_services_publics.ui import diagnostic_dialog
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingModelAlgorithm
    from qgis.PyQt.QtWidgets import QApplication

    layers = {name: QgsVectorLayer(f"{demo_gpkg}|layername={name}", name, "ogr") for name in LAYERS}
    layers["services"].setSubsetString("categorie IN ('la_poste', 'mairie')")
    choices = Choices(
        layers["services"], layers["demande"], "population", layers["communes"], "code_insee",
        layers["routes"].source(), "foot", "10,20", open_at="Sa 10:00",
    )  # fmt: skip
    dialog = DiagnosticDialog(choices, "Riviera")
    qtbot.addWidget(dialog)
    dialog.folder.setFilePath(str(tmp_path))
    dialog.basket.setCurrentIndex(dialog.basket.findData("vie_courante"))
    path = tmp_path / "chaîne du trimestre.model3"
    monkeypatch.setattr(diagnostic_dialog.QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    dialog.save_model()
    assert str(tmp_path) in dialog.left.text()
    command = shlex.split(QApplication.clipboard().text())
    if Qgis.QGIS_VERSION_INT < 32400:
        assert command[:4] == ["qgis_process", "run", str(path), "--"]
        values = dict(word.split("=", 1) for word in command[4:])
    else:  # JSON, which keeps what a shell would not
        given = path.with_suffix(".json")
        assert command == ["qgis_process", "run", str(path), "-", "<", str(given)]
        values = json.loads(given.read_text(encoding="utf-8"))["inputs"]
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(path))
    assert {*values} == {definition.name() for definition in model.parameterDefinitions()}
    feedback = QgsProcessingFeedback()
    _, succeeded = model.create().run(values, QgsProcessingContext(), feedback)
    assert succeeded, feedback.textLog()
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert "Riviera" in page and "ouvert le samedi à 10:00" in page and "à pied" in page
    assert "Services manquants du panier" in page and "Au fil de la semaine" in page
    assert (tmp_path / "atlas.pdf").stat().st_size > 10_000
    assert QgsVectorLayer(str(tmp_path / "couverture.gpkg"), "", "ogr").featureCount() > 0
