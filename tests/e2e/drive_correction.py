"""From a click on the map to a row in PostGIS, and back to « accepted » in the panel.

`CSP_REGISTRY` is the address of the registry, `CSP_DATABASE` how psycopg2 reaches its database.
"""

from __future__ import annotations

import contextlib
import os

import psycopg2
from qgis.core import QgsCoordinateTransform, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget

NEW_PHONE = "04 93 41 71 72"
LEFT = Qt.MouseButton.LeftButton


def drive(stage):
    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing import settings
    from carto_services_publics.processing.connections import save_connection
    from carto_services_publics.ui.correction_form import CorrectionForm

    settings.GEOCODER.set(os.environ["CSP_REGISTRY"])  # nothing leaves this machine
    save_connection(Connection("Registre d'essai", "ogcapi", os.environ["CSP_REGISTRY"]))
    window, canvas = stage.iface.mainWindow(), stage.iface.mapCanvas()
    window.resize(1480, 920)
    window.findChild(QAction, "carto_services_publics_plugin").trigger()
    dock = window.findChild(QDockWidget, "CartoServicesPublicsDock")
    stage.wait(dock.isVisible, 10, "the panel")
    dock.open_connection("Registre d'essai")
    services = load_services(stage, dock)
    zoom_to(stage, services)

    with stage.film("corriger"):
        mairie, place = a_correction_accepted(stage, window, dock, services)
    page = dock.corrections
    a_conflict(stage, window, services, mairie, page)
    a_message_for_a_producer(stage, page)

    # A place without a service: the form for a missing one; closing it keeps a draft.
    window.findChild(QAction, "carto_services_publics_corrections").trigger()
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place + QPoint(-150, 120))
    stage.wait(lambda: window.findChildren(CorrectionForm), 10, "the form")
    form = window.findChild(CorrectionForm)
    assert form.type == "creation" and form.position is not None
    QTest.keyClicks(form.rows["nom"].editor, "France services d'Èze")
    stage.shot("service-manquant", form)
    form.close()
    stage.wait(lambda: "brouillon" in state(page), 10, "the draft in the panel")
    page.table.selectRow(0)
    stage.shot("corrections-brouillon")
    assert page.edit_button.isEnabled()


def a_correction_accepted(stage, window, dock, services):
    """The service corrected, and where it is on the map."""
    from carto_services_publics.ui.correction_form import CorrectionForm

    # A click on the service.
    canvas = stage.iface.mapCanvas()
    window.findChild(QAction, "carto_services_publics_corrections").trigger()
    mairie = next(feature for feature in services.getFeatures() if feature["id"] == "mairie-eze")
    place = stage.on_canvas(services, mairie.geometry().asPoint())
    stage.click(canvas.viewport(), place)
    stage.wait(lambda: window.findChildren(CorrectionForm), 10, "the form")
    form = window.findChild(CorrectionForm)
    assert form.service["nom"] == mairie["nom"]

    # A field, a time of the week, and the place, dragged.
    telephone = form.rows["telephone"].editor
    telephone.selectAll()
    QTest.keyClicks(telephone, "0493")
    stage.shot("formulaire-erreur", form)
    assert not form.send.isEnabled() and form.rows["telephone"].error.isVisible()
    telephone.selectAll()
    QTest.keyClicks(telephone, NEW_PHONE)
    stage.click(form.move_button)
    stage.drag(place, place + QPoint(60, -40))
    assert form.position is not None, "dragging moves the service"
    stage.shot("deplacement-sur-la-carte")
    stage.shot("formulaire-rempli", form)
    stage.wait(form.send.isEnabled, 5, form.summary.text())
    stage.start_heartbeat()
    stage.click(form.send)

    # It leaves by itself and is in the registry's database.
    stage.wait(lambda: rows("SELECT 1 FROM corrections"), 30, "the row in PostGIS")
    ((uuid, kind, changes, lon, lat),) = rows("SELECT uuid, type, changes, ST_X(geom), ST_Y(geom) FROM corrections")
    assert kind == "modification" and NEW_PHONE in str(changes), changes
    assert (round(lon, 6), round(lat, 6)) == tuple(round(degrees, 6) for degrees in form_position(changes))
    dock.pages.setCurrentIndex(3)
    page = dock.corrections
    stage.wait(lambda: page.table.model().rowCount() == 1 and "envoy" in state(page), 20, "the state in the panel")
    stage.shot("corrections-envoyee")

    # The moderator accepts; the user asks.
    rows("UPDATE corrections SET etat = 'acceptee', motif = 'Vérifié avec la mairie, merci' WHERE uuid = %s", (uuid,))
    stage.click(page.ask_button)
    stage.wait(lambda: "accept" in state(page), 20, "the answer in the panel")
    page.table.selectRow(0)
    assert "Vérifié avec la mairie" in page.reason.text()
    stage.shot("corrections-acceptee")
    print("longest silence", round(stage.longest_silence, 3))
    return mairie, place


def a_conflict(stage, window, services, mairie, page):
    """Someone else changes the record in the database; the user compares and chooses."""
    from carto_services_publics.ui.conflict_dialog import MINE, ConflictDialog
    from carto_services_publics.ui.correction_tool import correct_service

    rows("UPDATE services SET telephone = '04 99 99 99 99', version = '2' WHERE id = 'mairie-eze'")
    form = correct_service(stage.iface, services, mairie)
    form.rows["telephone"].editor.setText("04 93 41 71 73")
    form.rows["site_web"].editor.setText("https://www.eze.fr")
    QTest.mouseClick(form.send, LEFT)
    stage.wait(lambda: "confli" in state(page), 20, "the conflict in the panel")
    page.table.selectRow(0)
    stage.shot("corrections-conflit")
    QTest.mouseClick(page.edit_button, LEFT)
    stage.wait(lambda: page.findChildren(ConflictDialog), 10, "the comparison")
    dialog = page.findChild(ConflictDialog)
    stage.shot("comparaison", dialog)
    dialog.choose("telephone", MINE)
    QTest.mouseClick(dialog.ok, LEFT)
    stage.wait(lambda: rows("SELECT 1 FROM corrections WHERE changes LIKE '%04 99 99 99 99%'"), 20, "the second row")


def a_message_for_a_producer(stage, page):
    """A producer that takes nothing over the network gets a message."""
    from carto_services_publics.core.corrections import new_correction
    from carto_services_publics.core.services import Service
    from carto_services_publics.ui.handover_dialog import HandoverDialog
    from carto_services_publics.ui.outbox import desk

    prefecture = Service("a1", "Sous-préfecture de Florac", "prefecture", producteur="dila", version="1")
    closing = new_correction("fermeture", prefecture, commentaire="Fermée pour travaux depuis le 2 novembre.")
    desk().add(closing, "Annuaire (DILA)", prefecture.nom)
    QTest.mouseClick(page.hand_button, LEFT)
    stage.wait(lambda: page.findChild(HandoverDialog) is not None, 10, "the messages")
    dialog = page.findChild(HandoverDialog)
    stage.shot("transmission", dialog)
    assert "Sous-préfecture de Florac" in dialog.text.toPlainText()
    QTest.mouseClick(dialog.mark_button, LEFT)
    stage.wait(lambda: "transmise" in state(page), 10, "the state in the panel")


def load_services(stage, dock):
    page = dock.referential
    page.categories.tick(["mairie", "la_poste"])
    stage.wait(page.load.isEnabled, 10, "the button")
    QTest.mouseClick(page.load, LEFT)
    stage.wait(lambda: page.progress.run is None, 60, "the services")
    loaded = [layer for layer in QgsProject.instance().mapLayers().values() if layer.name().startswith("Services")]
    assert loaded and loaded[0].featureCount() == 2, page.progress.word.text()
    return loaded[0]


def zoom_to(stage, layer):
    """Once QGIS itself has zoomed to its first layer."""
    canvas = stage.iface.mapCanvas()
    QTest.qWait(1000)
    stage.wait(lambda: not canvas.isDrawing(), 20, "the first map")
    box = transform(canvas, layer).transformBoundingBox(QgsRectangle(7.355, 43.722, 7.367, 43.731))
    canvas.setExtent(box)
    canvas.refresh()
    QTest.qWait(500)
    stage.wait(lambda: not canvas.isDrawing(), 20, "the map")


def transform(canvas, layer):
    return QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())


def state(page) -> str:
    return page.table.model().index(0, 1).data() if page.table.model().rowCount() else ""


def form_position(changes):
    import json

    return (json.loads(changes) if isinstance(changes, str) else changes)["position"]["new"]


def rows(query, values=()):
    """What the registry's database answers, from its side."""
    with contextlib.closing(psycopg2.connect(os.environ["CSP_DATABASE"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []
