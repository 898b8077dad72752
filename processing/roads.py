"""Roads as the user sees them: a file where that is the same, else the features of the QGIS layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from ..core.network import BuildOptions, RoadLines, RoadSource
from ..core.network.build import check_fields, fields_to_read
from ..core.network.errors import NetworkFileInvalid
from ..core.network.file import is_network_file, read_header
from ..core.network.lines import Column
from ..core.network.presets import detect
from ..core.network.presets.rules import Fields
from ..core.network.recognised import Recognised, may_be_read, recognise
from ..core.network.source import Batches, gather, objects
from ..core.progress import Progress
from ..core.travel_modes import FOOT
from ..i18n import tr
from .attributes import plain
from .qgis_enums import CrsWktVariant, FeatureRequestFlag, InvalidGeometryCheck

_BATCH = 10_000
_TRIED = 2_000
"""Rows of a layer by which its columns are recognised."""
_PLAIN = (str, int, float, bool, type(None))
_SAME_IN_GDAL = {"path", "layerName", "subset"}
"""What QGIS may say of a layer of a file for GDAL to read the same rows."""


@dataclass(frozen=True)
class LayerRoads:
    """A layer as QGIS shows it at one moment: edits, joins, virtual fields, filter, selection, CRS.

    Made on the main thread, where alone a layer may be looked at; read on any.
    """

    name: str
    """What the user calls it: an identifier would change with every copy that the panel makes of a layer."""
    crs: str
    fields: tuple[str, ...]
    given: int
    """Rows there are to read; -1 when nobody knows before they are read."""
    source: QgsVectorLayerFeatureSource
    request: QgsFeatureRequest

    def read(self, options: BuildOptions, progress: Progress) -> RoadLines:
        """The lines, with the fields that building with ``options`` needs. Raises `FieldMissing`."""
        check_fields(self.fields, options)
        wanted = fields_to_read(self.fields, options)
        lines = gather(self._batches(wanted), wanted, progress, self.crs, self.given)
        return lines._replace(name=self.name)

    def _batches(self, wanted: tuple[str, ...]) -> Batches:
        index = [self.fields.index(name) for name in wanted]
        request = QgsFeatureRequest(self.request).setSubsetOfAttributes(index)
        geometries: list[bytes | None] = []
        values: list[list[Any]] = [[] for _ in wanted]
        for feature in self.source.getFeatures(request):
            geometries.append(feature.geometry().asWkb().data() if feature.hasGeometry() else None)
            for column, at in zip(values, index):
                value = feature.attribute(at)
                column.append(value if type(value) in _PLAIN else plain(value))
            if len(geometries) == _BATCH:
                yield from _batch(geometries, values, wanted)
                geometries, values = [], [[] for _ in wanted]
        if geometries:
            yield from _batch(geometries, values, wanted)


Roads = Union[Path, RoadSource, LayerRoads]
"""A network file; a layer of a file that GDAL reads as QGIS shows it; any other layer."""


def given_roads(value: Any, context: QgsProcessingContext) -> Roads | None:
    """What was given for roads: a layer, its id, name or source, a path, with Processing's choice of features.

    To be called on the main thread. Raises `QgsProcessingException` for what is neither a network nor a layer.
    """
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        text, _ = value.source.valueAsString(context.expressionContext())
        return _of_layer(_layer(text, context), value)
    if isinstance(value, QgsVectorLayer):
        return _of_layer(value)
    text = str(value or "").strip()
    if not text:
        return None
    file = network_file(text)
    if file:
        return file
    shown = QgsProcessingUtils.mapLayerFromString(text, context, False)
    # A check of the parameters may have opened the path as well, perhaps by another of its layers.
    if isinstance(shown, QgsVectorLayer) and context.project() and context.project().mapLayer(shown.id()):
        return _of_layer(shown)
    source = RoadSource.parse(text)
    if Path(source.path).is_file() and _as_written(source, text):
        return source
    return _of_layer(_layer(text, context))


def proposed_fields(layer: QgsVectorLayer, profile: str) -> Recognised | None:
    """The columns of a layer that look like speeds and directions, by its first rows.

    None where there is nothing to choose: on foot neither counts, and known sources say both in a way of their own.
    """
    names = tuple(layer.fields().names())
    if profile == FOOT or detect(names) != "generic":
        return None
    wanted = may_be_read(names)
    index = [names.index(name) for name in wanted]
    request = QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry).setSubsetOfAttributes(index)
    rows = list(layer.getFeatures(request.setLimit(_TRIED)))
    columns: Fields = {name: Column.of([plain(row.attribute(at)) for row in rows]) for name, at in zip(wanted, index)}
    return recognise(columns, len(rows))


def network_file(text: str) -> Path | None:
    """The network file at the path ``text``."""
    return Path(text) if text.endswith(".network") or is_network_file(text) else None


def source_of_network(network: Path) -> RoadSource | None:
    """The layer that a network file was made from, where it says so."""
    with suppress(NetworkFileInvalid):
        header = read_header(network)
        return RoadSource(**header["recorded"]["source"]) if header["recorded"] else None
    return None


def built_for(roads: Any) -> str:
    """How one travels on a network file, by path; empty for what is none, or says nothing."""
    if not (isinstance(roads, (str, Path)) and str(roads) and network_file(str(roads))):
        return ""
    with suppress(NetworkFileInvalid):
        return str(read_header(roads)["network"]["profile"])
    return ""


def _as_written(source: RoadSource, text: str) -> bool:
    """Whether ``text`` says no more than ``source``."""
    parts = [source.path]
    parts += [f"layername={source.layer}"] if source.layer else []
    parts += [f"subset={source.where}"] if source.where else []
    return text == "|".join(parts) and not _is_query(source.where)


def _is_query(where: str) -> bool:
    """Whether a filter is a whole query, which QGIS runs and GDAL's filters do not."""
    return where.strip().lower().startswith("select ")


def _layer(text: str, context: QgsProcessingContext) -> QgsVectorLayer:
    layer = QgsProcessingUtils.mapLayerFromString(text, context)
    if not isinstance(layer, QgsVectorLayer):
        raise QgsProcessingException(tr("“{value}” is neither a network file nor a layer of roads.").format(value=text))
    return layer


def _of_layer(
    layer: QgsVectorLayer, chosen: QgsProcessingFeatureSourceDefinition | None = None
) -> RoadSource | LayerRoads:
    request, given = QgsFeatureRequest(), int(layer.featureCount())
    # A line that QGIS calls invalid (it crosses itself) is a road all the same.
    request.setInvalidGeometryCheck(InvalidGeometryCheck.NoCheck)
    some = False
    if chosen is not None and chosen.selectedFeaturesOnly:
        some, given = True, layer.selectedFeatureCount()
        request.setFilterFids(layer.selectedFeatureIds())
    if chosen is not None and getattr(chosen, "filterExpression", None):
        some, given = True, -1
        request.setFilterExpression(chosen.filterExpression)
    if chosen is not None and chosen.featureLimit >= 0:
        some, given = True, min(given, chosen.featureLimit)
        request.setLimit(chosen.featureLimit)
    source = None if some else same_in_gdal(layer)
    if source is not None:
        return source
    names = tuple(layer.fields().names())
    return LayerRoads(layer.name(), _crs_text(layer.crs()), names, given, QgsVectorLayerFeatureSource(layer), request)


def same_in_gdal(layer: QgsVectorLayer) -> RoadSource | None:
    """The file of ``layer``, when GDAL finds in it the same rows, fields and texts; the CRS is said to it."""
    provider = layer.dataProvider()
    if layer.providerType() != "ogr" or layer.isModified() or layer.fields().names() != provider.fields().names():
        return None
    said = {key: value for key, value in _decoded(layer).items() if value not in ("", None, [], {})}
    path, name, where = (said.get(key, "") for key in ("path", "layerName", "subset"))
    source = RoadSource(path, name, where)
    one_layer = bool(name) or provider.subLayerCount() == 1
    plain_file = set(said) <= _SAME_IN_GDAL and Path(path).is_file() and not path.lower().endswith(".vrt")
    if not (one_layer and plain_file) or _is_query(where) or not _same_texts(layer):
        return None
    crs = "" if layer.crs() == provider.crs() and layer.crs().isValid() else _crs_text(layer.crs())
    return RoadSource(source.path, source.layer, source.where, crs)


def _decoded(layer: QgsVectorLayer) -> dict[str, Any]:
    said = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    return {key: value for key, value in said.items() if key not in ("uniqueGeometryType", "databaseName")}


def _same_texts(layer: QgsVectorLayer) -> bool:
    """Whether QGIS reads the texts of the file in the encoding that the file states."""
    encoding = layer.dataProvider().encoding()
    unchanged = QgsVectorLayer(layer.source(), "", "ogr")
    return encoding in ("", "UTF-8") or encoding == unchanged.dataProvider().encoding()


def _crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """A CRS for `core`. Raises `QgsProcessingException` when it is none."""
    if not crs.isValid():
        raise QgsProcessingException(tr("The road layer has no coordinate reference system; set it first."))
    known = crs.authid()
    return known if known.startswith("EPSG:") else crs.toWkt(CrsWktVariant.Preferred)


def _batch(geometries: list[bytes | None], values: list[list[Any]], wanted: tuple[str, ...]) -> Iterator:
    yield objects(geometries), {name: objects(column) for name, column in zip(wanted, values)}
