"""Draws the map of the demo with QGIS and the plugin's styles, and leaves the styles in the GeoPackage.

    python demo_map.py SETTINGS.json

Runs in a process of its own, where PyQGIS is.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import project  # noqa: F401  makes the package importable
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsInvertedPolygonRenderer,
    QgsLabelObstacleSettings,
    QgsLayoutExporter,
    QgsPalLayerSettings,
    QgsProject,
    QgsRectangle,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QLocale

# isort: split
from carto_services_publics.i18n import install_translator, number
from carto_services_publics.processing.layouts import Frame, LayoutPage
from carto_services_publics.processing.styling import apply_style, keep_style, palette, renderers

CRS = "EPSG:2154"
SEA, LAND, AROUND = "#dbe9f0", "#fbfaf7", "#ecebe6"
DPI = 150
MOST_NAMES = 30


class Panel(NamedTuple):
    """One map with its title and its legend; layers from top to bottom, the legend's layers among them."""

    title: str
    layers: list[QgsVectorLayer]
    in_legend: list[QgsVectorLayer]


def main(settings: dict[str, Any]) -> None:
    layers = _Layers(settings)
    panels = [layers.access_panel(), layers.gaps_panel()]
    page = _Page(settings)
    page.write_header()
    page.place_panels(panels, layers.extent())
    page.write_footer()
    page.export(settings["output"])
    layers.keep_styles()


class _Layers:
    """The results, dressed by the plugin, and the background."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._results = settings["results"]
        self._dressed: list[tuple[QgsVectorLayer, str]] = []
        threshold, first = settings["threshold"], settings["basket"][0]
        self.services = _dressed(settings["basket_services"], "Services", "services")
        self.first_services = _dressed(settings["first_services"], renderers.category_label(first), "services")
        for layer in (self.services, self.first_services):
            _keep_labels_away(layer)
        self.isochrones = self._result("isochrones", settings["access_title"], "isochrones")
        self.share = self._result(
            "panier_par_commune",
            f"Part des habitants à plus de {threshold} min",
            "coverage",
            {"threshold": threshold},
        )
        self.share.setOpacity(0.6)  # the areas are drawn over it
        self.gaps = self._result("manques_du_panier", "Secteurs mal desservis", "gaps")
        self._result("services", "Services", "services")
        self._result("acces_par_commune", "Accès par commune", "coverage", {"threshold": threshold})
        self._result("manques", "Secteurs mal desservis", "gaps")
        self._result("habitants", "Habitants", "costs", {"column": f"cout_{first}"})
        self._result("corrections", "Corrections", "corrections")

    def access_panel(self) -> Panel:
        above = [self._communes("nom"), self.first_services, *self._sea(), self._roads("#6f6f6f")]
        layers = [*above, self.isochrones, *self._land()]
        return Panel(self._settings["access_title"], layers, [self.isochrones, self.first_services])

    def gaps_panel(self) -> Panel:
        share = f"nom || '\\n' || format_number(100 * part_au_dela_{self._settings['threshold']}, 0) || ' %'"
        above = [self._communes(share), self.services, *self._sea(), self.gaps, self._roads("#a0a0a0")]
        layers = [*above, self.share, *self._land()]
        return Panel(self._settings["gaps_title"], layers, [self.share, self.gaps, self.services])

    def extent(self) -> QgsRectangle:
        if self._settings["extent"]:
            return QgsRectangle(*self._settings["extent"])
        extent = self.share.extent()
        return extent.buffered(0.02 * max(extent.width(), extent.height()))

    def keep_styles(self) -> None:
        """Whoever opens the GeoPackage in QGIS sees the layers as on the map."""
        for layer, kind in self._dressed:
            keep_style(layer, kind)

    def _result(self, table: str, name: str, kind: str, facts: dict[str, Any] | None = None) -> QgsVectorLayer:
        layer = _dressed(f"{self._results}|layername={table}", name, kind, facts)
        self._dressed.append((layer, kind))
        return layer

    def _communes(self, label: str) -> QgsVectorLayer:
        layer = _open(f"{self._results}|layername=panier_par_commune", "Communes")
        outline = ("#9a9a9a", 0.08) if self._wide() else ("#5a5a5a", 0.3)
        layer.setRenderer(QgsSingleSymbolRenderer(renderers.area("0,0,0,0", *outline)))
        if not self._wide():
            layer.setLabeling(renderers.labels(label, size=9.5))
            layer.setLabelsEnabled(True)
        return layer

    def _roads(self, colour: str) -> QgsVectorLayer:
        layer = _open(self._settings["roads"], "Voies")
        layer.setRenderer(QgsSingleSymbolRenderer(renderers.line(colour, 0.05 if self._wide() else 0.14)))
        return layer

    def _wide(self) -> bool:
        """Whether the map shows a département rather than a few communes."""
        return self.share.featureCount() > MOST_NAMES

    def _land(self) -> list[QgsVectorLayer]:
        own = _open(f"{self._results}|layername=panier_par_commune", "Territoire")
        own.setRenderer(QgsSingleSymbolRenderer(renderers.area(LAND, LAND, 0.1)))
        if not self._settings["around"]:
            return [own]
        around = _open(self._settings["around"], "Alentours")
        around.setRenderer(QgsSingleSymbolRenderer(renderers.area(AROUND, "#c9c7c0", 0.2)))
        around.setLabeling(renderers.labels('"nom"', size=7, colour="#8a8780"))
        around.setLabelsEnabled(True)
        return [own, around]

    def _sea(self) -> list[QgsVectorLayer]:
        """Over the areas, which know nothing of the coast: the sea, or all that is not the zones."""
        if not self._settings["around"]:
            zones = _open(f"{self._results}|layername=panier_par_commune", "Mer")
            sea = QgsInvertedPolygonRenderer(QgsSingleSymbolRenderer(renderers.area(SEA, SEA, 0.1)))
            sea.setPreprocessingEnabled(True)
            zones.setRenderer(sea)
            return [zones]
        around = _open(self._settings["around"], "Mer")
        root = renderers.Rule(None)
        root.appendChild(renderers.Rule(renderers.area(SEA, SEA, 0.1), 0, 0, "\"nature\" = 'mer'"))
        around.setRenderer(QgsRuleBasedRenderer(root))
        return [around]


class _Page:
    """An A3 sheet: what was found, two maps, and where it comes from."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._page = LayoutPage(QgsProject.instance(), 297, 420)

    def write_header(self) -> None:
        settings, figures = self._settings, self._settings["figures"]
        share = 100 * figures["beyond"] / figures["population"] if figures["population"] else 0
        self._page.text(settings["title"], Frame(12, 9, 273, 12), 23, bold=True)
        self._page.text(settings["subtitle"], Frame(12, 20, 273, 8), 13, colour="#5a5a5a")
        answer = f"{number(figures['beyond'])} habitants sur {number(figures['population'])} ({number(share)} %)"
        self._page.text(answer, Frame(12, 31, 273, 11), 20, bold=True, colour=palette.GAP)
        self._page.text(f"{settings['beyond']}.", Frame(12, 41, 273, 8), 13)

    def place_panels(self, panels: list[Panel], extent: QgsRectangle) -> None:
        tall = extent.height() > extent.width()
        first = Frame(12, 53, 134.5, 340) if tall else Frame(12, 53, 273, 168)
        second = first._replace(x=150.5) if tall else first._replace(y=225)
        for panel, frame in zip(panels, (first, second)):
            self._place(panel, frame, extent)

    def write_footer(self) -> None:
        today = date.today().strftime("%d/%m/%Y")
        figures = self._settings["figures"]
        text = (
            f"{number(figures['services'])} services lus dans le référentiel le {today}. Temps de parcours par le plus "
            "court chemin sur le réseau routier ; population communale répartie sur le bâti ou les carrefours.\n"
            f"Sources : {self._settings['attribution']}. Carte : Carto Services Publics."
        )
        self._page.text(text, Frame(12, 399, 273, 14), 8, colour="#5a5a5a")

    def export(self, path: str) -> None:
        image = QgsLayoutExporter.ImageExportSettings()
        image.dpi = DPI
        done = QgsLayoutExporter(self._page.layout).exportToImage(path, image)
        if done != QgsLayoutExporter.ExportResult.Success:
            sys.exit(f"{path} could not be written ({done}).")

    def _place(self, panel: Panel, frame: Frame, extent: QgsRectangle) -> None:
        self._page.text(panel.title, Frame(frame.x, frame.y, frame.width, 8), 14, bold=True)
        drawing = Frame(frame.x, frame.y + 9, frame.width, frame.height - 9)
        canvas = self._page.map(panel.layers, drawing, extent, QgsCoordinateReferenceSystem(CRS), AROUND)
        self._page.legend(canvas, panel.in_legend, drawing)
        self._page.scale_bar(canvas, drawing)


def _open(source: str, name: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(source, name, "ogr")
    if not layer.isValid():
        sys.exit(f"QGIS cannot open {source}.")
    QgsProject.instance().addMapLayer(layer, False)
    return layer


def _dressed(source: str, name: str, kind: str, facts: dict[str, Any] | None = None) -> QgsVectorLayer:
    layer = _open(source, name)
    apply_style(layer, kind, facts)
    return layer


def _keep_labels_away(layer: QgsVectorLayer) -> None:
    """Labels of other layers go around these symbols, that bear none."""
    settings = QgsPalLayerSettings()
    settings.drawLabels = False
    obstacle = QgsLabelObstacleSettings()
    obstacle.setFactor(2)
    settings.setObstacleSettings(obstacle)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


if __name__ == "__main__":
    QLocale.setDefault(QLocale("fr_FR"))
    application = QgsApplication([], True)
    application.initQgis()
    translator = install_translator("fr")
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    QgsProject.instance().clear()
    application.exitQgis()
