"""The plugin in a QGIS: loads, shows its panel and options, and leaves nothing behind."""

from __future__ import annotations

import pytest
from carto_services_publics.ui.result_groups import RESULT_OF
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsLayerTreeModel,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsLayerTreeView
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QToolBar
from routing_fakes import RoutingServer


class Start(QObject):
    """QGIS's start, as far as a plugin hears of it."""

    completed = pyqtSignal()


@pytest.fixture
def plugin(qgis_app, qgis_iface, qgis_processing, monkeypatch):
    from carto_services_publics import classFactory

    for missing in (
        "addPluginToMenu",
        "removePluginMenu",
        "registerOptionsWidgetFactory",
        "unregisterOptionsWidgetFactory",
        "registerLocatorFilter",
        "deregisterLocatorFilter",
        "registerCustomDropHandler",
        "unregisterCustomDropHandler",
    ):
        monkeypatch.setattr(qgis_iface, missing, lambda *_: None, raising=False)
    monkeypatch.setattr(
        qgis_iface, "addToolBar", lambda title: qgis_iface.mainWindow().addToolBar(title), raising=False
    )
    monkeypatch.setattr(
        qgis_iface,
        "addDockWidget",
        lambda area, dock: qgis_iface.mainWindow().addDockWidget(area, dock),
        raising=False,
    )
    monkeypatch.setattr(
        qgis_iface, "removeDockWidget", lambda dock: qgis_iface.mainWindow().removeDockWidget(dock), raising=False
    )
    start = Start()
    monkeypatch.setattr(qgis_iface, "initializationCompleted", start.completed, raising=False)
    plugin = classFactory(qgis_iface)
    plugin.initGui()
    yield plugin
    plugin.unload()


def test_it_shows_its_provider_toolbar_and_panel(plugin, qgis_iface):
    assert qgis_iface.mainWindow().findChild(QToolBar, "CartoServicesPublicsToolbar")
    plugin.toggle_dock(True)
    assert QgsApplication.processingRegistry().providerById("cartoservices") is not None
    dock = qgis_iface.mainWindow().findChild(QDockWidget, "CartoServicesPublicsDock")
    assert [dock.pages.tabText(page) for page in range(4)]


def test_the_algorithms_join_by_themselves_once_qgis_stands(plugin, qgis_iface, qtbot):
    registry = QgsApplication.processingRegistry()
    assert registry.providerById("cartoservices") is None
    qgis_iface.initializationCompleted.emit()
    qtbot.waitUntil(lambda: registry.providerById("cartoservices") is not None, timeout=20_000)


def test_unloaded_before_it_was_ready_it_never_joins(plugin, qgis_iface, qtbot):
    qgis_iface.initializationCompleted.emit()
    plugin.unload()
    qtbot.wait(500)
    assert QgsApplication.processingRegistry().providerById("cartoservices") is None


def test_unloaded_it_leaves_no_pin_in_the_tree_that_would_be_drawn_after_it_is_freed(plugin, qgis_iface, monkeypatch):
    root, view = QgsProject.instance().layerTreeRoot(), QgsLayerTreeView()
    view.setModel(QgsLayerTreeModel(root))
    monkeypatch.setattr(qgis_iface, "layerTreeView", lambda: view)
    kept, removed = (root.addGroup(name) for name in ("Answer", "Gone"))
    for group in (kept, removed):
        group.setCustomProperty(RESULT_OF, group.name())
    dock = plugin.dock()
    (pin,), (of_removed,) = view.indicators(kept), view.indicators(removed)
    assert {pin.parent(), of_removed.parent()} == {view}, "as long as the tree knows them"
    root.removeChildNode(removed)
    plugin.unload()
    assert not view.indicators(kept)
    dock.pins._show()
    assert not view.indicators(kept), "nothing comes back of what was asked before"


def test_one_s_own_list_has_its_panel(plugin, qgis_iface, qtbot):
    plugin.review_list()
    plugin.review_list()
    assert len(qgis_iface.mainWindow().findChildren(QDockWidget, "CartoServicesPublicsReview")) == 1
    plugin.unload()
    qtbot.waitUntil(lambda: not qgis_iface.mainWindow().findChild(QDockWidget, "CartoServicesPublicsReview"))


def _isochrone_action(qgis_iface):
    return qgis_iface.mainWindow().findChild(QAction, "carto_services_publics_access")


def test_isochrones_of_a_place_need_roads_and_say_so(plugin, qgis_iface, qgis_new_project):
    plugin.dock().access.network_file.setFilePath("")
    action = _isochrone_action(qgis_iface)
    action.trigger()
    assert not action.isChecked() and plugin.dock().pages.currentIndex() == 1
    assert any("Access" in sentence for sentence in qgis_iface.messageBar().get_messages(Qgis.MessageLevel.Info))


def test_a_click_shows_the_isochrones_the_access_page_describes_until_escape(
    plugin, qgis_iface, qgis_new_project, demo_gpkg, qtbot
):
    roads = QgsVectorLayer(f"{demo_gpkg}|layername=routes", "routes", "ogr")
    QgsProject.instance().addMapLayer(roads)
    page, canvas, action = plugin.dock().access, qgis_iface.mapCanvas(), _isochrone_action(qgis_iface)
    page.choose(None, None, None, roads, "foot", "5,10")
    canvas.setDestinationCrs(roads.crs())
    action.trigger()
    tool = canvas.mapTool()
    assert action.isChecked()
    with qtbot.waitSignal(tool.drawn, timeout=20_000) as drawn:
        tool.look_from(roads.getFeature(1).geometry().pointOnSurface().asPoint())
    (areas,) = drawn.args
    assert sorted(areas) == [5.0, 10.0] and areas[10.0].area() > areas[5.0].area() > 0
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.mapTool() is not tool and not action.isChecked()
    action.trigger()
    assert canvas.mapTool() is not tool and action.isChecked()
    action.trigger()
    assert not action.isChecked()


def test_where_the_options_name_a_server_it_draws_them_and_needs_no_roads(
    plugin, qgis_iface, qgis_new_project, qtbot, monkeypatch, tmp_path
):
    monkeypatch.setenv("CARTO_SP_ISOCHRONES_ENGINE", "valhalla")
    monkeypatch.setenv("CARTO_SP_CACHE_FOLDER", str(tmp_path))
    page, canvas = plugin.dock().access, qgis_iface.mapCanvas()
    page.network_file.setFilePath("")
    page.thresholds.setText("5,10")
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    with RoutingServer() as server:
        monkeypatch.setenv("CARTO_SP_VALHALLA_SERVER", server.url)
        _isochrone_action(qgis_iface).trigger()
        tool = canvas.mapTool()
        with qtbot.waitSignal(tool.drawn, timeout=20_000) as drawn:
            tool.look_from(QgsPointXY(2.3, 46.1))
        assert sorted(drawn.args[0]) == [5.0, 10.0]
    canvas.unsetMapTool(tool)


def test_it_leaves_nothing_behind(plugin, qgis_iface, qtbot):
    plugin.toggle_dock(True)
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("cartoservices") is None
    qtbot.waitUntil(lambda: not qgis_iface.mainWindow().findChild(QDockWidget, "CartoServicesPublicsDock"))
    qtbot.waitUntil(lambda: not qgis_iface.mainWindow().findChild(QToolBar, "CartoServicesPublicsToolbar"))


def test_the_options_page_lists_the_connections_ready_at_first_run(qgis_app, qtbot):
    from carto_services_publics.processing.connections import ANNUAIRE, DEMONSTRATION
    from carto_services_publics.ui.options import CartoOptionsFactory

    page = CartoOptionsFactory().createWidget(None)
    qtbot.addWidget(page)
    names = {page.connections.list.item(row).text() for row in range(page.connections.list.count())}
    assert {ANNUAIRE, DEMONSTRATION} <= names


def test_a_service_is_found_by_its_name_or_its_commune(demo_gpkg, qgis_iface, qgis_new_project, qtbot):
    from carto_services_publics.ui.locator import ServiceLocator
    from qgis.core import QgsFeedback, QgsLocatorContext, QgsProject, QgsVectorLayer

    QgsProject.instance().addMapLayer(QgsVectorLayer(f"{demo_gpkg}|layername=services", "services", "ogr"))
    locator, found = ServiceLocator(qgis_iface), []
    locator.resultFetched.connect(lambda result: found.append((result.displayString, result.description)))
    locator.prepare("beausol", QgsLocatorContext())
    locator.fetchResults("beausol", QgsLocatorContext(), QgsFeedback())
    assert found and all("beausol" in (name + commune).lower() for name, commune in found)
    found.clear()
    locator.fetchResults("' OR 1=1 --", QgsLocatorContext(), QgsFeedback())
    assert found == []


def test_the_browser_shows_the_connections(qgis_app):
    from carto_services_publics.processing.connections import ANNUAIRE
    from carto_services_publics.ui.browser import ConnectionsProvider

    opened = []
    provider = ConnectionsProvider(opened.append)
    root = provider.createDataItem("", None)
    items = {item.name(): item for item in root.createChildren()}
    items[ANNUAIRE].handleDoubleClick()
    assert opened == [ANNUAIRE]


def test_a_producers_file_dropped_on_qgis_becomes_a_connection(qgis_app, tmp_path, shared_data):
    import shutil

    from carto_services_publics.processing.connections import find_connection, remove_connection
    from carto_services_publics.ui.drop import ProducerFileDrop

    opened = []
    drop = ProducerFileDrop(opened.append)
    other = tmp_path / "autre.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert not drop.handleFileDrop(str(other))
    known = tmp_path / "liste-fs.csv"
    shutil.copyfile(shared_data / "corse" / "corse_france-services.csv", known)
    assert drop.handleFileDrop(str(known))
    assert opened == ["liste-fs"] and find_connection("liste-fs").kind == "fichier"
    remove_connection("liste-fs")


def test_a_dropped_file_takes_no_other_connection_s_name(qgis_app, tmp_path, shared_data):
    import shutil

    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing.connections import find_connection, remove_connection, save_connection
    from carto_services_publics.ui.drop import ProducerFileDrop

    mine = Connection("registre", "ogcapi", "https://registre.example.org", "abc1234")
    save_connection(mine)
    known = tmp_path / "registre.csv"
    shutil.copyfile(shared_data / "corse" / "corse_france-services.csv", known)
    opened = []
    for _ in range(2):
        assert ProducerFileDrop(opened.append).handleFileDrop(str(known))
    assert opened == ["registre (2)"] * 2
    assert find_connection("registre") == mine and find_connection("registre (2)").url == str(known)
    for name in ("registre", "registre (2)"):
        remove_connection(name)


def test_each_address_and_each_territory_has_a_copy_of_its_own(plugin, qgis_app):
    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing.connections import remove_connection, save_connection

    page = plugin.dock().referential

    def copy_of(url, codes):
        save_connection(Connection("Mon/registre", "ogcapi", url))
        plugin.dock().open_connection("Mon/registre")
        page.territory.set_codes(codes)
        return page.geopackage()

    communes = ["48095", "48001", "48002", "48003", "48004", "48005", "48007"]
    try:
        first = copy_of("https://a.example.org", communes)
        assert first == copy_of("https://a.example.org", communes[::-1])
        assert first != copy_of("https://a.example.org", communes[:6]), "another territory"
        assert first != copy_of("https://b.example.org", communes), "the address was changed in the connection"
        assert first.name.startswith("Mon_registre_48001_48002")
    finally:
        page.territory.set_codes([])
        remove_connection("Mon/registre")


def test_a_profile_that_cannot_be_written_is_said_on_the_page(plugin, monkeypatch):
    from pathlib import Path

    page = plugin.dock().referential

    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    page._load()
    assert "Permission denied" in page.progress.word.text() and page.progress.run is None


def test_a_sync_that_would_remove_much_is_asked_about_in_the_panel(plugin, tmp_path, qtbot):
    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing.connections import remove_connection, save_connection

    page = plugin.dock().referential
    source = tmp_path / "list.csv"

    def write(count):
        rows = [f"s{n},Mairie {n},mairie,3.5,44.52" for n in range(count)]
        source.write_text("\n".join(["id,nom,categorie,lon,lat", *rows]) + "\n", encoding="utf-8")

    def load(button):
        button.click()
        qtbot.waitUntil(lambda: page.progress.run is None, timeout=20_000)

    save_connection(Connection("Ma liste", "fichier", str(source)))
    try:
        page.fill_sources()
        page.source.setCurrentIndex(page.source.findText("Ma liste"))
        page.territory.set_codes([])
        page.categories.tick(["mairie"])
        write(10)
        load(page.load)
        write(4)
        load(page.load)
        assert "6" in page.progress.word.text() and "10" in page.progress.word.text()
        assert not page.allow.isHidden() and "6" in page.allow.text()
        load(page.allow)
        assert page.allow.isHidden() and "6" in page.changes.text()
    finally:
        remove_connection("Ma liste")
        page.fill_sources()


def test_what_is_chosen_during_a_reading_changes_neither_its_name_nor_whom_corrections_go_to(plugin, tmp_path, qtbot):
    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing.connections import CONNECTION_PROPERTY, remove_connection, save_connection

    page, names = plugin.dock().referential, ("Ma liste", "Autre liste")
    rows = "id,nom,categorie,code_insee,lon,lat\ns1,Mairie,mairie,48095,3.5,44.52\n"
    for name in names:
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
        save_connection(Connection(name, "fichier", str(tmp_path / f"{name}.csv")))
    QgsProject.instance().clear()
    try:
        page.fill_sources()
        page.source.setCurrentText("Ma liste")
        page.territory.set_codes(["48"])
        page.categories.tick(["mairie"])
        page.load.click()
        page.source.setCurrentText("Autre liste")
        page.territory.set_codes(["30"])
        qtbot.waitUntil(lambda: page.progress.run is None, timeout=20_000)
        (layer,) = (each for each in QgsProject.instance().mapLayers().values() if each.name().startswith("Services –"))
        assert layer.name() == "Services – Lozère"
        assert layer.customProperty(CONNECTION_PROPERTY) == "Ma liste"
    finally:
        QgsProject.instance().clear()
        for name in names:
            remove_connection(name)
        page.territory.set_codes([])
        page.fill_sources()


def test_counts_and_what_a_reading_gave_go_when_another_territory_is_chosen(plugin, tmp_path, qtbot):
    from carto_services_publics.core.registry import Connection
    from carto_services_publics.processing.connections import remove_connection, save_connection

    page, source = plugin.dock().referential, tmp_path / "list.csv"
    source.write_text("id,nom,categorie,code_insee,lon,lat\ns1,Mairie,mairie,48095,3.5,44.52\n", encoding="utf-8")
    save_connection(Connection("Ma liste", "fichier", str(source)))
    try:
        page.fill_sources()
        page.source.setCurrentText("Ma liste")
        page.territory.set_codes(["48"])
        page.categories.tick(["mairie"])
        counted = page.categories._items["mairie"]
        page.load.click()
        qtbot.waitUntil(lambda: page.progress.run is None, timeout=20_000)
        page._show_counts({"mairie": 158})
        assert page.changes.text().startswith("1 added")
        assert page.load.text() == "Load 158 services" and counted.text(1) == "158"
        page._count()
        page.territory.set_codes(["30"])
        assert page.load.text() == "Load services" and counted.text(1) == "" and not page.changes.text()
        assert page._counting is None, "what is counted of the territory left comes too late"
        source.unlink()
        page.load.click()
        qtbot.waitUntil(lambda: page.progress.run is None, timeout=20_000)
        assert "list.csv" in page.progress.word.text() and not page.changes.text()
    finally:
        QgsProject.instance().clear()
        remove_connection("Ma liste")
        page.territory.set_codes([])
        page.fill_sources()


def test_the_projects_layer_of_communes_judges_positions():
    from carto_services_publics.ui.page_referential import layer_of_communes
    from qgis.core import QgsProject, QgsVectorLayer

    layers = [
        QgsVectorLayer("Polygon?crs=EPSG:2154&field=insee_com:string", "batiment", "memory"),
        QgsVectorLayer("Polygon?crs=EPSG:2154&field=name:string", "communes", "memory"),
        QgsVectorLayer("Point?crs=EPSG:2154&field=insee_com:string", "communes", "memory"),
    ]
    project = QgsProject.instance()
    try:
        project.addMapLayers(layers)
        assert layer_of_communes() is None
        wanted = QgsVectorLayer("Polygon?crs=EPSG:2154&field=INSEE_COM:string", "Communes 48", "memory")
        layers.append(wanted)
        project.addMapLayer(wanted)
        assert layer_of_communes() == wanted
    finally:
        project.removeMapLayers([layer.id() for layer in layers])
