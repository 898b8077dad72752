"""The complete diagnosis, before it runs."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape

from carto_services_publics.processing.diagnostic import Choices
from carto_services_publics.processing.styling import apply_style
from carto_services_publics.ui.diagnostic_dialog import DiagnosticDialog
from carto_services_publics.ui.layer_boxes import Given, add_results
from carto_services_publics.ui.scenario_layers import SERVICE
from qgis.core import Qgis, QgsFeature, QgsProject, QgsVectorLayer

LAYERS = ("services", "demande", "communes", "routes")


def test_thresholds_that_cannot_be_read_are_said_and_may_be_mended(qgis_app, qtbot):
    choices = Choices(None, None, "", None, "", "roads.network", "car", "ten", basket="")
    dialog = DiagnosticDialog(choices, "")
    qtbot.addWidget(dialog)
    dialog.basket.setCurrentIndex(1)
    dialog.run()
    assert "ten" in dialog.left.text() and dialog.run_button.isEnabled()


def test_a_layer_removed_since_the_window_was_opened_is_said(qgis_app, qtbot, demo_gpkg):
    services = QgsVectorLayer(f"{demo_gpkg}|layername=services", "services", "ogr")
    QgsProject.instance().addMapLayer(services)
    dialog = DiagnosticDialog(Choices(services, None, "", None, "", "roads.network", "car", "20"), "")
    qtbot.addWidget(dialog)
    QgsProject.instance().clear()
    dialog.run()
    assert "was removed" in dialog.left.text() and dialog.run_button.isEnabled()


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


def compared(service):
    """A comparison as the panel puts it in the project: the summary of a service, and what the scenario changes."""
    from carto_services_publics.processing.scenario_changes import COLUMNS, changes_layer

    columns = ["population", "pop_gagne", "pop_perd", "pop_gagne_acces", "pop_perd_acces"]
    columns += ["cout_moyen_avant", "cout_moyen_apres", "pop_au_dela_20_avant", "pop_au_dela_20_apres"]
    fields = "&".join(f"field={name}:double" for name in columns)
    summary = QgsVectorLayer(f"None?field=type:string&field=identifiant:string&{fields}", service, "memory")
    row = QgsFeature(summary.fields())
    row.setAttributes(["total", None, 100, 40, 5, 0, 0, 12.0, 11.0, 30, 20])
    summary.dataProvider().addFeature(row)
    apply_style(summary, "summary")
    summary.setCustomProperty(SERVICE, service)
    moved = dict.fromkeys((name for name, _kind in COLUMNS), None)
    moved |= {"objet": "lieu", "changement": "deplacement", "nom": "Mairie de Menton", "categorie": service}
    moved |= {"lieu_avant": "Menton", "lieu_apres": "Castellar", "distance_m": 1234.0}
    changes = changes_layer([list(moved.values())])
    add_results(Given(service, {"a": summary, "b": changes}), ("a", "b"))
    return summary, changes


def test_of_several_comparisons_the_one_of_the_service_put_forward_is_in_the_report(qgis_app, qtbot, demo_gpkg):
    services = QgsVectorLayer(f"{demo_gpkg}|layername=services", "services", "ogr")
    (town_hall, listed), (post, _), (_, _) = compared("mairie"), compared("la_poste"), compared("pharmacie")
    choices = Choices(services, None, "", None, "", "roads.network", "car", "20", category="la_poste")
    dialog = DiagnosticDialog(choices, "")
    qtbot.addWidget(dialog)
    assert dialog.scenario.currentLayer() == post
    dialog.service.setCurrentIndex(dialog.service.findData("mairie"))
    assert dialog.choices().scenario == town_hall and dialog.choices().scenario_changes == listed
    dialog.scenario.setLayer(post)
    dialog.scenario.activated.emit(dialog.scenario.currentIndex())
    dialog.service.setCurrentIndex(dialog.service.findData("pharmacie"))
    assert dialog.scenario.currentLayer() == post, "what was chosen stays"
    QgsProject.instance().clear()


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
    compared("mairie")
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
    section = " ".join(unescape(page).partition('id="scenario"')[2].partition("</section>")[0].split())
    assert "Ce que le scénario change" in section and "Déplacé" in section and "1 234 m" in section
    assert re.search("Mairie de Menton .*Menton</td>.*Castellar", section)
    QgsProject.instance().clear()
    assert (tmp_path / "atlas.pdf").stat().st_size > 10_000
    assert QgsVectorLayer(str(tmp_path / "couverture.gpkg"), "", "ogr").featureCount() > 0


def test_pages_by_epci_are_offered_where_a_column_of_the_zones_says_it(qgis_app, qtbot):
    kinds = {}
    for column in ("code_insee", "siren_epci"):
        zones = QgsVectorLayer(f"Polygon?field={column}:string", "communes", "memory")
        row = QgsFeature(zones.fields())
        row[column] = "200000000"
        zones.dataProvider().addFeature(row)
        dialog = DiagnosticDialog(Choices(None, None, "", zones, column, "roads.network", "car", "20"), "")
        qtbot.addWidget(dialog)
        kinds[column] = [dialog.pages.itemData(row) for row in range(dialog.pages.count())]
    assert kinds == {"code_insee": ["zones"], "siren_epci": ["zones", "groups", "both"]}


def test_the_layout_of_the_atlas_is_opened_for_the_services_of_the_report(qgis_app, qtbot, demo_gpkg):
    services = QgsVectorLayer(f"{demo_gpkg}|layername=services", "services", "ogr")
    services.setSubsetString("categorie IN ('la_poste', 'mairie')")
    dialog = DiagnosticDialog(Choices(services, None, "", None, "", "roads.network", "car", "20"), "")
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.layout_asked) as asked:
        dialog.layout_button.click()
    assert asked.args == [2]
