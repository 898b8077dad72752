"""The whole path from the zip, by mouse and keyboard: welcome, load, isochrones, gaps, correction.

`CSP_ARCHIVE` is the zip; the profile holds no plugin.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QToolBar

MOST_CLICKS = 6
PLACE = "Beausoleil"
ANSWER = re.compile(r"([\d ]+) habitants \(([\d,]+) %\) à plus de (\d+) min de : (.+?) \((?:à pied|en voiture).*")


def drive(stage):
    window = stage.iface.mainWindow()
    window.resize(1480, 920)
    install(stage)
    stage.wait(lambda: button(window, "plugin").isVisible(), 10, "the toolbar")
    with stage.film("qui-est-loin"):
        dock = a_map_of_gaps_of_the_demonstration(stage, window)
    services = services_of_a_commune(stage, dock)
    isochrones_of_these(stage, dock, services)
    isochrones_of_a_place(stage, window, services)
    gaps_of_these(stage, dock, services)
    where_to_open(stage, dock)
    a_correction(stage, window, dock, services)


def install(stage):
    """As « Installer depuis un ZIP » of QGIS's plugin manager does."""
    from pyplugin_installer.installer import pluginInstaller

    pluginInstaller.installFromZipFile(os.environ["CSP_ARCHIVE"])
    import carto_services_publics

    installed = Path(carto_services_publics.__file__).resolve()
    assert installed.is_relative_to(Path(QgsApplication.qgisSettingsDirPath()).resolve()), installed


def a_map_of_gaps_of_the_demonstration(stage, window):
    stage.clicks = 0
    stage.click(button(window, "plugin"))
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    stage.wait(dock.isVisible, 10, "the panel")
    stage.shot("accueil")
    stage.look("panneau-accueil", dock)
    stage.start_heartbeat()
    stage.click(dock.welcome.try_button)
    stage.wait(lambda: dock.access.answer.text() and dock.access.progress.run is None, 120, "the gaps")
    print("clicks", stage.clicks, "longest silence", round(stage.longest_silence, 3))
    assert stage.clicks <= MOST_CLICKS
    assert not dock.welcome.isVisible()
    assert_true_answer(dock, "Manques de couverture")
    stage.wait_for_map()
    stage.shot("premiere-carte")
    return dock


def services_of_a_commune(stage, dock):
    """Source, territory and categories, then « Charger »."""
    stage.click_tab(dock.pages, "Référentiel")
    page = dock.referential
    stage.pick(page.source, "Démonstration")
    QTest.keyClicks(page.territory.field, PLACE)
    QTest.keyClick(page.territory.field, Qt.Key.Key_Return)
    assert page.territory.name() == PLACE
    tick(stage, page.categories, "La Poste")
    tick(stage, page.categories, "Pharmacie")
    stage.start_heartbeat()
    QApplication.setActiveWindow(page.window())  # no window manager does it here
    page.categories.setFocus()
    QTest.keyClick(page.categories, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.progress.run is not None, "Ctrl+Enter loads"
    stage.wait(lambda: page.progress.run is None and page.changes.text(), 60, "the services")
    print("longest silence while loading", round(stage.longest_silence, 3))
    (layer,) = QgsProject.instance().mapLayersByName(f"Services – {PLACE}")
    assert {service["categorie"] for service in layer.getFeatures()} == {"la_poste", "pharmacie"}
    assert {service["code_insee"] for service in layer.getFeatures()} == {"06012"}
    assert f"ajouts : {layer.featureCount()} ;" in words(page.changes)
    stage.wait_for_map()
    stage.shot("referentiel")
    stage.look("panneau-referentiel", dock)
    return layer


def isochrones_of_these(stage, dock, services):
    stage.click_tab(dock.pages, "Accès")
    access = dock.access
    stage.pick(access.services, services.name())
    stage.click(access.isochrones)
    stage.wait(lambda: access.progress.run is None, 60, "the isochrones")
    (areas,) = layers_of("Isochrones")
    both = {(area["categorie"], area["cutoff"]) for area in areas.getFeatures()}
    assert both == {(category, cutoff) for category in ("la_poste", "pharmacie") for cutoff in (10, 20)}
    stage.wait_for_map()
    stage.shot("isochrones")


def isochrones_of_a_place(stage, window, services):
    """Click, drag to compare, Escape."""
    canvas = stage.iface.mapCanvas()
    tool_button = button(window, "access")
    stage.click(tool_button)
    tool, drawn = canvas.mapTool(), []
    tool.drawn.connect(drawn.append)
    place = stage.on_canvas(services, next(services.getFeatures()).geometry().asPoint())
    stage.click(canvas.viewport(), place)
    stage.wait(lambda: drawn, 20, "the isochrones of the place")
    assert sorted(drawn[-1]) == [10, 20] and drawn[-1][10].area() < drawn[-1][20].area()
    stage.drag(place, place + QPoint(60, 40))
    stage.wait(lambda: len(drawn) > 1, 20, "those of the other place")
    stage.shot("isochrones-d-un-lieu")
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.mapTool() is not tool and not tool_button.isChecked()
    told = [item.text() for item in stage.iface.messageBar().items()]
    assert not any("isochrones" in sentence for sentence in told), f"a tool that is put down: {told}"


def gaps_of_these(stage, dock, services):
    access = dock.access
    stage.start_heartbeat()
    stage.click(access.gaps)
    stage.wait(lambda: access.progress.run is None and access.answer.text(), 60, "the gaps")
    print("longest silence while computing", round(stage.longest_silence, 3))
    assert_true_answer(dock, "Manques de couverture")
    stage.wait_for_map()
    stage.shot("acces")
    stage.look("panneau-acces", dock)


def where_to_open(stage, dock):
    """Only looked at: `drive_action` goes through it."""
    stage.click_tab(dock.pages, "Agir")
    stage.look("panneau-agir", dock)


def most_alone(services):
    """The service with no other near: a click on several asks which."""
    every = list(services.getFeatures())
    shapes = [service.geometry() for service in every]
    return max(every, key=lambda one: min(one.geometry().distance(s) for s in shapes if not s.equals(one.geometry())))


def a_correction(stage, window, dock, services):
    """A click on the map, a wrong number, a right one; the outbox holds it."""
    from carto_services_publics.processing.outbox import user_outbox
    from carto_services_publics.ui.correction_form import CorrectionForm

    canvas = stage.iface.mapCanvas()
    service = most_alone(services)
    stage.click(button(window, "corrections"))
    place = stage.on_canvas(services, service.geometry().asPoint())
    stage.click(canvas.viewport(), place)
    stage.wait(lambda: window.findChildren(CorrectionForm), 10, "the form")
    form = window.findChild(CorrectionForm)
    assert form.service["id"]
    telephone = form.rows["telephone"].editor
    telephone.selectAll()
    QTest.keyClicks(telephone, "0493")
    assert not form.send.isEnabled() and form.rows["telephone"].error.isVisible()
    stage.look("correction-erreur", form)
    telephone.selectAll()
    QTest.keyClicks(telephone, "04 93 41 71 71")
    assert words(form.summary) == "À proposer : Téléphone."
    stage.look("correction", form)
    QTest.keyClick(telephone, Qt.Key.Key_Return)
    stage.wait(lambda: user_outbox().entries(), 10, "the correction in the outbox")
    (entry,) = user_outbox().entries()
    assert entry.state == "en_attente" and entry.correction.changes["telephone"].new == "04 93 41 71 71"
    stage.click_tab(dock.pages, "Corrections")
    stage.wait(lambda: dock.corrections.table.model().rowCount() == 1, 10, "the correction in the panel")
    table = dock.corrections.table
    stage.click(table.viewport(), table.visualRect(table.model().index(0, 0)).center())
    assert words(dock.corrections.summary) == "Corrections : 1 à envoyer."
    stage.shot("corrections")
    stage.look("panneau-corrections", dock)
    escape_from_a_form(stage, window, place)


def escape_from_a_form(stage, window, place):
    """Where nothing was typed, Escape leaves nothing behind; again on the map, it puts the tool down."""
    from carto_services_publics.processing.outbox import user_outbox
    from carto_services_publics.ui.correction_form import CorrectionForm

    canvas = stage.iface.mapCanvas()
    stage.wait(lambda: not window.findChildren(CorrectionForm), 10, "the end of the first form")
    stage.click(canvas.viewport(), place)
    stage.wait(lambda: window.findChildren(CorrectionForm), 10, "the form")
    QTest.keyClick(window.findChild(CorrectionForm), Qt.Key.Key_Escape)
    stage.wait(lambda: not window.findChildren(CorrectionForm), 10, "the form to go")
    assert len(user_outbox().entries()) == 1
    tool = canvas.mapTool()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.mapTool() is not tool


# -- what is looked at ------------------------------------------------------------------------------------------------


def assert_true_answer(dock, title):
    """The sentence says what the layers of the newest group of that title hold."""
    people, share, threshold, category = ANSWER.fullmatch(words(dock.access.answer)).groups()
    coverage = next(layer for layer in layers_of(title) if layer.fields().lookupField("pop_au_dela_20") >= 0)
    label = {"mairie": "Mairie", "la_poste": "La Poste", "pharmacie": "Pharmacie"}
    zones = [zone for zone in coverage.getFeatures() if label[zone["categorie"]] == category]
    beyond, all_people = (sum(zone[name] for zone in zones) for name in ("pop_au_dela_20", "population"))
    assert threshold == "20" and int(people.replace(" ", "")) == round(beyond) > 0
    assert float(share.replace(",", ".")) == round(100 * beyond / all_people, 1)


def layers_of(title) -> list[QgsVectorLayer]:
    """The layers of the newest group of that title, which stands above the others."""
    return [found.layer() for found in QgsProject.instance().layerTreeRoot().findGroup(title).findLayers()]


def words(label) -> str:
    """What a label says, the spaces that do not break told as others."""
    return re.sub(r"\s", " ", label.text())


def button(window, name):
    """A button of the plugin's toolbar."""
    toolbar = window.findChild(QToolBar, "CartoServicesPublicsToolbar")
    (action,) = [action for action in toolbar.actions() if action.objectName() == f"carto_services_publics_{name}"]
    return toolbar.widgetForAction(action)


def tick(stage, tree, label):
    """Open the group, choose the category, press the space bar."""
    (item,) = tree.findItems(label, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    stage.click_item(tree, item.parent())
    QTest.keyClick(tree, Qt.Key.Key_Right)
    stage.click_item(tree, item)
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert item.checkState(0) == Qt.CheckState.Checked, label
