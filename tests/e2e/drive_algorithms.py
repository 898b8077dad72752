"""Every algorithm on the demonstration territory: its window, filled in, and its result, for the documentation.

Works in its own folder, where the examples find their files by name. Writes `exemples.json` beside the pictures.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from carto_services_publics.core.categories import categories
from carto_services_publics.processing.connections import DEMO
from carto_services_publics.processing.layouts import Frame, LayoutPage
from carto_services_publics.processing.styling import apply_style, renderers
from carto_services_publics.processing.table import style_result
from carto_services_publics.scripts.registry import moderate
from examples import (
    EXAMPLES,
    EXTRACTS,
    FILES,
    Example,
    change_registry,
    go_to_the_field,
    read,
    write_basket,
    write_feed,
    write_own_list,
    write_works,
)
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsLayoutExporter,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProject,
    QgsProperty,
    QgsRectangle,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize

import processing

SEA, LAND, AROUND = "#dbe9f0", "#fbfaf7", "#ecebe6"
SHEET = Frame(0, 0, 240, 150)
EXTENT = QgsRectangle(1049500, 6299900, 1061900, 6307300)
PIXELS = QSize(1040, 650)
PROPOSED = "Lieux proposés"
UNSTYLED = {
    ("buildnetwork", "NODES"): lambda: QgsSingleSymbolRenderer(renderers.marker("circle", "#225ea8", 1.0, "", 0)),
    ("buildtransit", "STOPS"): lambda: QgsSingleSymbolRenderer(
        renderers.marker("circle", "#0072b2", 2.2, "#ffffff", 0.2)
    ),
    ("changenetwork", "AFFECTED"): lambda: QgsSingleSymbolRenderer(renderers.line("#d7191c", 0.8)),
    ("buildnetwork", "EDGES"): lambda: QgsSingleSymbolRenderer(renderers.line("#5a5a5a", 0.2)),
    ("explainchange", "OUTPUT"): lambda: QgsSingleSymbolRenderer(renderers.area("#e8dff0", "#4d004b", 0.3)),
    ("spreadpopulation", "OUTPUT"): lambda: QgsSingleSymbolRenderer(people_symbol()),
}
"""What QGIS would draw in a colour of its own choosing."""
SHOTS = Path(os.environ["CSP_SHOTS"])


def drive(stage):
    registry = QgsApplication.processingRegistry()
    stage.wait(lambda: registry.providerById("cartoservices") is not None, 60, "the algorithms")
    folder = Path(os.environ["CSP_FOLDER"])
    os.chdir(folder)
    prepare(folder)
    told = {}
    for name, example in EXAMPLES.items():
        before(name, folder)
        example = with_registry(example)
        told[name] = show(stage, name, example)
    (SHOTS / "exemples.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def prepare(folder: Path) -> None:
    """The files that the examples start from."""
    shutil.copy(DEMO, folder / "demo.gpkg")
    shutil.copy(DEMO, folder / "registre.gpkg")
    write_basket(folder)
    write_own_list(folder)
    write_feed(folder)
    write_works(folder)
    for path, expression in EXTRACTS.items():
        given = {"INPUT": "demo.gpkg|layername=services", "EXPRESSION": expression, "OUTPUT": path}
        processing.run("native:extractbyexpression", given)
    for source, title in FILES.items():
        layer = QgsVectorLayer(source, title, "ogr")
        if source in EXTRACTS:
            category = next(iter(renderers.values_of(layer, "categorie")))
            layer.setRenderer(QgsSingleSymbolRenderer(renderers.service_symbol(categories()[category])))
        QgsProject.instance().addMapLayer(layer)


def before(name: str, folder: Path) -> None:
    """What happened in the world before this example."""
    if name == "syncservices":
        processing.run("cartoservices:syncservices", {**EXAMPLES[name].parameters, "CHANGES": "premiere_fois.gpkg"})
        change_registry(folder / "registre.gpkg")
    if name == "comparescenarios":
        layers = ["mairies.gpkg", "propositions.gpkg"]
        processing.run("native:mergevectorlayers", {"LAYERS": layers, "CRS": "EPSG:4326", "OUTPUT": "apres.gpkg"})
    if name == "readfield":
        go_to_the_field("terrain/terrain.gpkg")
    if name == "correctionstatus":
        accepted, refused, *_ = (row["uuid"] for row in read("envois.gpkg") if row["etat"] == "envoyee")
        moderate(os.environ["CSP_REGISTRY"], accepted, "acceptee")
        moderate(os.environ["CSP_REGISTRY"], refused, "rejetee", "Adresse à confirmer par la pharmacie.")


def with_registry(example: Example) -> Example:
    """The registry's address is known only once it runs."""
    if example.parameters.get("REGISTRY") == "":
        return example._replace(parameters={**example.parameters, "REGISTRY": os.environ["CSP_REGISTRY"]})
    return example


def show(stage, name: str, example: Example) -> dict[str, Any]:
    """The pictures of one algorithm; what the documentation says of it."""
    dialog = processing.createAlgorithmDialog(f"cartoservices:{name}", example.parameters)
    dialog.resize(1000, 640)
    dialog.show()
    stage.wait(dialog.isVisible, 10, name)
    stage.shot(f"algorithme-{name}", dialog)
    dialog.close()
    answer = processing.run(f"cartoservices:{name}", example.parameters)
    pictures = list(example.pictures)
    if example.drawn:
        pictures = [f"resultat-{name}.png"]
        draw([opened(name, item, answer) for item in example.drawn]).save(str(SHOTS / pictures[0]))
    return {
        "parameters": example.parameters,
        "says": example.says(answer),
        "pictures": pictures,
        "table": table(example, answer) if example.rows else None,
    }


def opened(name: str, item: str, answer: dict[str, Any]) -> QgsVectorLayer:
    """A layer of the map, as the user's project would show it."""
    if item in FILES:
        return QgsProject.instance().mapLayersByName(FILES[item])[0]
    definition = QgsApplication.processingRegistry().algorithmById(f"cartoservices:{name}").parameterDefinition(item)
    layer = QgsVectorLayer(
        answer[item] if definition else item, definition.description() if definition else PROPOSED, "ogr"
    )
    assert layer.isValid(), item
    if definition:
        style_result(layer, answer[item])
    else:
        apply_style(layer, "sites")
    if (name, item) in UNSTYLED:
        layer.setRenderer(UNSTYLED[name, item]())
    return QgsProject.instance().addMapLayer(layer, False)


def table(example: Example, answer: dict[str, Any]) -> dict[str, Any]:
    """Titles and rows of the table, as text."""
    wanted = example.rows
    rows = read(answer[wanted.output])[: wanted.count]
    return {"columns": wanted.columns, "rows": [[as_shown(row[name]) for name in wanted.columns] for row in rows]}


def as_shown(value: Any) -> str:
    if value is None or value == NULL:
        return "NULL"
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(value, float) else str(value)


def draw(layers: list[QgsMapLayer]):
    """The map with its legend, on the background of the demonstration."""
    page = LayoutPage(QgsProject.instance(), SHEET.width, SHEET.height)
    areas = [layer for layer in layers if layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry]
    others = [layer for layer in layers if layer not in areas]
    shown = [communes(), *others, sea(), *areas, roads(), *land()]
    item = page.map(shown, SHEET, EXTENT, QgsCoordinateReferenceSystem("EPSG:2154"), AROUND)
    page.legend(item, layers, SHEET)
    page.scale_bar(item, SHEET)
    picture = QgsLayoutExporter(page.layout).renderPageToImage(0, PIXELS)
    QgsProject.instance().layoutManager().removeLayout(page.layout)
    return picture


def people_symbol() -> QgsMarkerSymbol:
    """A disc as large as its people."""
    symbol = renderers.marker("circle", "#225ea8", 1.0, "", 0)
    symbol.setDataDefinedSize(QgsProperty.fromExpression('0.6 + sqrt("population") / 6'))
    return symbol


def background(layer: str, renderer) -> QgsVectorLayer:
    made = QgsVectorLayer(f"demo.gpkg|layername={layer}", layer, "ogr")
    made.setRenderer(renderer)
    return QgsProject.instance().addMapLayer(made, False)


def communes() -> QgsVectorLayer:
    layer = background("communes", QgsSingleSymbolRenderer(renderers.area("0,0,0,0", "#5a5a5a", 0.3)))
    layer.setLabeling(renderers.labels('"nom"', size=9))
    layer.setLabelsEnabled(True)
    return layer


def roads() -> QgsVectorLayer:
    return background("routes", QgsSingleSymbolRenderer(renderers.line("#c9c7c0", 0.12)))


def sea() -> QgsVectorLayer:
    """Over the areas, which know nothing of the coast."""
    root = renderers.Rule(None)
    root.appendChild(renderers.Rule(renderers.area(SEA, SEA, 0.1), 0, 0, "\"nature\" = 'mer'"))
    return background("voisins", QgsRuleBasedRenderer(root))


def land() -> list[QgsVectorLayer]:
    own = QgsSingleSymbolRenderer(renderers.area(LAND, LAND, 0.1))
    neighbours = QgsSingleSymbolRenderer(renderers.area(AROUND, "#c9c7c0", 0.2))
    return [background("communes", own), background("voisins", neighbours)]
