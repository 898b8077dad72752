"""The maps of a report, drawn in the background, and the layers they are made of."""

from __future__ import annotations

from typing import Any, NamedTuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QBuffer, QIODevice, QSize, Qt
from qgis.PyQt.QtGui import QImageReader, QPainter

from ..core.access.opening import opening_at, parse_moment
from ..core.progress import Progress
from ..core.report import Picture
from ..core.report.french import compte, minutes, nombre, pourcent, seuil
from ..i18n import in_french
from .attributes import text_of
from .basemap import ATTRIBUTION
from .coordinates import project_mover
from .layouts import LAMBERT_93, Frame, LayoutPage, filling, map_settings
from .meanwhile import drawn
from .qgis_enums import FeatureRequestFlag, GeometryType
from .quiet_ground import layer_of_roads, quiet_land, quiet_roads
from .report_inputs import ReportInputError
from .report_results import Results, moment_in_french
from .styling import STYLE_PROPERTY, apply_style, palette, renderers

MAP_WIDTH, LOWEST, HIGHEST = 180, 110, 165
"""Millimetres: maps are as high as their territory asks for."""
LOGO_DOTS = QSize(480, 240)
"""That a logo fills at most."""
MAP_DOTS = 110
"""To the inch."""
MM_AN_INCH = 25.4
_OVER_GROUND = 0.65
"""How opaque areas are over the base map."""


class Sketch(NamedTuple):
    """A map to draw: what it is called and says, its layers from the top, those of its legend."""

    title: str
    words: str
    layers: list[QgsVectorLayer]
    legend: list[QgsVectorLayer]


def draw_maps(results: Results, moment: str, progress: Progress, ground: MapGround) -> list[Picture]:
    """The maps of the page: services, access time, share beyond the last threshold, gap areas."""
    category = results.headline
    label, last = results.labels[category.category], results.thresholds[-1]
    zones = of_category(results.layers["COVERAGE"], category.category)
    limits = [outline_of(zones)] if ground.is_plan else []  # the quiet ground has them
    maps: list[Sketch] = []
    services = results.layers["SERVICES"]
    if services is not None:
        words, drawn_services = services_of_the_map(services, moment)
        maps.append(Sketch("Les services", words, [*drawn_services, *limits], drawn_services))
    facts = {"column": results.cost_columns[category.category], "threshold": last}
    times = styled(results.layers["DEMAND"], "Temps d'accès (min)", "costs", facts)
    words = f"Temps vers le service le plus proche ({label}) ; en moyenne {minutes(category.mean)}."
    maps.append(Sketch(f"Temps d'accès : {label}", words, [times, *limits], [times]))
    shares = styled(zones, f"Habitants à plus de {seuil(last)}", "coverage", facts)
    words = f"Part des habitants de chaque zone à plus de {seuil(last)} ; {pourcent(category.share(-1))} en tout."
    if renderers.unsure_zones(zones, facts) is not None:
        words += " Hachurées : les zones dont la classe peut changer avec ce que l'on ne sait pas."
    maps.append(Sketch(f"Part de la population éloignée : {label}", words, [shares], [shares]))
    if results.layers["GAPS"] is not None:
        inhabited = _inhabited(of_category(results.layers["GAPS"], category.category, last))
        gaps = styled(inhabited, "Secteurs mal desservis", "gaps")
        sectors = compte(gaps.featureCount(), "secteur habité", "secteurs habités")
        words = f"{sectors} d'un seul tenant à plus de {seuil(last)}."
        maps.append(Sketch(f"Secteurs mal desservis : {label}", words, [gaps, *limits], [gaps]))
    return draw_sketches(maps, zones, progress, ground)


def draw_sketches(
    sketches: list[Sketch], zones: QgsVectorLayer, progress: Progress, ground: MapGround
) -> list[Picture]:
    """The maps, of the extent of the zones, with legend and scale."""
    crs = map_crs(zones)
    extent = extent_of(zones, crs)
    pictures = []
    for rank, (title, words, layers, legend) in enumerate(sketches):
        progress.advance(rank / len(sketches))
        pictures.append(Picture(title, words, png=_draw(ground.under(layers), legend, extent, crs, ground.is_plan)))
    return pictures


def read_logo(path: str) -> Picture | None:
    """A picture small enough for every page; None without a path. Raises `ReportInputError` for what is no picture."""
    if not path:
        return None
    reader = QImageReader(path)
    if reader.size().isValid():
        reader.setScaledSize(reader.size().scaled(LOGO_DOTS, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise ReportInputError("The logo “{path}” is not a picture that can be read.", path=path)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Picture("Logo", "", png=bytes(buffer.data()))


def services_of_the_map(services: QgsVectorLayer, open_at: str) -> tuple[str, list[QgsVectorLayer]]:
    """What the map of services says and shows; those that are not open at the moment apart, in grey."""
    if not open_at:
        words = f"{compte(services.featureCount(), 'service')} sur le territoire."
        return words, [styled(services, "Services", "services")]
    rows = list(services.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
    opening = opening_at([text_of(row, "horaires") for row in rows], parse_moment(open_at))
    numbers = {row.id() for row, is_open in zip(rows, opening.open) if is_open}
    open_then = services.materialize(QgsFeatureRequest().setFilterFids(list(numbers)))
    others = services.materialize(
        QgsFeatureRequest().setFilterFids([row.id() for row in rows if row.id() not in numbers])
    )
    closed = styled(others, "Fermés ou horaires inconnus", "services")
    closed.setRenderer(QgsSingleSymbolRenderer(renderers.marker("circle", palette.NOT_COMPUTED, 2.0, "#6b6b6b", 0.2)))
    words = (
        f"{compte(len(numbers), 'lieu ouvert', 'lieux ouverts')} {moment_in_french(open_at)} ; "
        f"{compte(int((~opening.open & ~opening.unknown).sum()), 'fermé')}, "
        f"{nombre(int(opening.unknown.sum()))} aux horaires inconnus, en gris."
    )
    return words, [styled(open_then, "Lieux ouverts", "services"), closed]


def _inhabited(gaps: QgsVectorLayer) -> QgsVectorLayer:
    return gaps.materialize(QgsFeatureRequest().setFilterExpression('"population" > 0'))


def map_crs(layer: QgsVectorLayer) -> QgsCoordinateReferenceSystem:
    """The layer's own CRS when it is projected, else Lambert-93."""
    return QgsCoordinateReferenceSystem(LAMBERT_93) if layer.crs().isGeographic() else layer.crs()


class MapGround(NamedTuple):
    """What lies under the maps: Plan IGN, or the roads and the land of the analysis in grey."""

    layers: list[QgsMapLayer]
    is_plan: bool = False

    def under(self, layers: list[QgsMapLayer]) -> list[QgsMapLayer]:
        """The layers over the ground, which is seen through areas of a plain colour."""
        for layer in layers:
            if isinstance(layer, QgsVectorLayer) and layer.geometryType() == GeometryType.Polygon:
                if self.is_plan:
                    layer.setOpacity(_OVER_GROUND)
                elif layer.customProperty(STYLE_PROPERTY) != "gaps":
                    layer.setBlendMode(QPainter.CompositionMode.CompositionMode_Multiply)
        return [*layers, *self.layers]


def ground_of(results: Results, plan: QgsRasterLayer | None) -> MapGround:
    """Plan IGN where it was chosen and answers, else what the user's own layers give."""
    if plan is not None:
        return MapGround([plan], True)
    roads = layer_of_roads(results.roads)
    land = quiet_land(of_category(results.layers["COVERAGE"], results.headline.category))
    return MapGround([*([quiet_roads(roads)] if roads is not None else []), land])


def _draw(
    layers: list[QgsMapLayer],
    legend: list[QgsMapLayer],
    extent: QgsRectangle,
    crs: QgsCoordinateReferenceSystem,
    is_grounded: bool = False,
) -> bytes:
    """A PNG of one map with legend and scale; signed for IGN where the base map is under it."""
    frame = Frame(0, 0, MAP_WIDTH, min(HIGHEST, max(LOWEST, MAP_WIDTH * extent.height() / extent.width())))
    shown = beside_legend(extent, frame)
    size = QSize(*(round(side / MM_AN_INCH * MAP_DOTS) for side in frame[2:]))
    ground = drawn(map_settings(layers, shown, crs, size, MAP_DOTS))
    page = LayoutPage(QgsProject(), frame.width, frame.height)
    item = page.map([], frame, shown, crs)
    item.setBackgroundEnabled(False)
    page.legend(item, legend, frame)
    page.scale_bar(item, frame)
    if is_grounded:
        page.sign(ATTRIBUTION, frame)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    page.image(ground).save(buffer, "PNG")
    return bytes(buffer.data())


def beside_legend(extent: QgsRectangle, frame: Frame) -> QgsRectangle:
    """What the frame shows around an extent, which stands to the left of a frame that is too wide for it."""
    shown = filling(extent, frame)
    spare = shown.width() - extent.width()
    shift = 0.4 * spare if spare > 0.3 * shown.width() else 0.0
    return QgsRectangle(shown.xMinimum() + shift, shown.yMinimum(), shown.xMaximum() + shift, shown.yMaximum())


def of_category(layer: QgsVectorLayer, category: str, threshold: float | None = None) -> QgsVectorLayer:
    """A copy in memory of the rows of one category (and threshold)."""
    quoted = category.replace("'", "''")
    condition = f"coalesce(\"categorie\", '') = '{quoted}'"
    if threshold is not None:
        condition += f' and "seuil" = {threshold}'
    request = QgsFeatureRequest().setFilterExpression(condition)
    return layer.materialize(request)


def styled(layer: QgsVectorLayer, name: str, style: str, facts: dict[str, Any] | None = None) -> QgsVectorLayer:
    """A copy of the layer under a name, with the style of a kind of result; its legend is French as the report is."""
    copy = layer.clone()
    copy.setName(name)
    with in_french():
        apply_style(copy, style, facts)
    return copy


def outline_of(zones: QgsVectorLayer) -> QgsVectorLayer:
    """The zones as lines alone."""
    copy = zones.clone()
    copy.setName("Zones")
    copy.setRenderer(QgsSingleSymbolRenderer(renderers.area("0,0,0,0", "#5a5a5a", 0.3)))
    copy.setLabelsEnabled(False)
    return copy


def unsure_of(zones: QgsVectorLayer, facts: dict[str, Any]) -> list[QgsVectorLayer]:
    """The hatch of the zones whose class is not certain, as a layer; none where the zones do not say it."""
    with in_french():
        renderer = renderers.unsure_zones(zones, facts)
    if renderer is None:
        return []
    copy = zones.clone()
    copy.setName("Part au-delà du seuil")
    copy.setRenderer(renderer)
    copy.setLabelsEnabled(False)
    return [copy]


def extent_of(layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    """The extent of a layer in ``crs``, with a margin."""
    extent = project_mover(layer.crs(), crs).box(layer.extent())
    return extent.buffered(0.03 * max(extent.width(), extent.height()))
