"""QGIS's enums under their names of today, in `Qgis`; in an older QGIS, the same values from where they were.

`tests/processing/test_qgis_names.py` fails where the plugin uses an old name that its QGIS knows a new one for.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from qgis.core import (
    Qgis,
    QgsAction,
    QgsAggregateCalculator,
    QgsCoordinateReferenceSystem,
    QgsDataItem,
    QgsDataProvider,
    QgsEditFormConfig,
    QgsFeatureRequest,
    QgsLayoutItemPicture,
    QgsLayoutRenderContext,
    QgsLegendStyle,
    QgsMapLayerProxyModel,
    QgsPalLayerSettings,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsScaleBarSettings,
    QgsSimpleMarkerSymbolLayerBase,
    QgsSnappingConfig,
    QgsSymbolLayer,
    QgsUnitTypes,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType, QVariant


def _moved(name: str, old: Any, **members: str) -> Any:
    """`Qgis.<name>`, or the members of ``old`` under their new names (new name = old name)."""
    found = getattr(Qgis, name, None)
    return found or SimpleNamespace(**{new: getattr(old, before) for new, before in members.items()})


# QGIS 3.24 to 3.26
AttributeActionType = _moved("AttributeActionType", QgsAction.ActionType, GenericPython="GenericPython")
CrsWktVariant = _moved("CrsWktVariant", QgsCoordinateReferenceSystem.WktVariant, Preferred="WKT_PREFERRED")
MarkerShape = _moved("MarkerShape", QgsSimpleMarkerSymbolLayerBase, Triangle="Triangle")
LabelPlacement = _moved("LabelPlacement", QgsPalLayerSettings.Placement, AroundPoint="AroundPoint")
SnappingMode = _moved("SnappingMode", QgsSnappingConfig.SnappingMode, AllLayers="AllLayers")

# QGIS 3.30
GeometryType = _moved(
    "GeometryType", QgsWkbTypes.GeometryType, Point="PointGeometry", Line="LineGeometry", Polygon="PolygonGeometry"
)
WkbType = _moved(
    "WkbType",
    QgsWkbTypes.Type,
    **{
        name: name
        for name in ("NoGeometry", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
    },
)
DistanceUnit = _moved("DistanceUnit", QgsUnitTypes.DistanceUnit, Kilometers="DistanceKilometers")
LayoutUnit = _moved("LayoutUnit", QgsUnitTypes.LayoutUnit, Millimeters="LayoutMillimeters")
RenderUnit = _moved("RenderUnit", QgsUnitTypes.RenderUnit, Millimeters="RenderMillimeters", Points="RenderPoints")

# QGIS 3.32 to 3.36
AttributeFormSuppression = _moved("AttributeFormSuppression", QgsEditFormConfig.FeatureFormSuppress, On="SuppressOn")
AttributeFormLayout = _moved("AttributeFormLayout", QgsEditFormConfig.EditorLayout, DragAndDrop="TabLayout")
_CONTAINER = getattr(Qgis, "AttributeEditorContainerType", None)
CONTAINER_IS_TAB = None if _CONTAINER is None else _CONTAINER.Tab
"""The type of a part of a form that is a tab; None where a part is said to be a box or not."""
LayerFilter = _moved(
    "LayerFilter",
    QgsMapLayerProxyModel.Filter,
    **{name: name for name in ("PointLayer", "LineLayer", "PolygonLayer", "VectorLayer")},
)
LayerFilters = getattr(Qgis, "LayerFilters", None) or QgsMapLayerProxyModel.Filters
"""Several of them; on Qt 5, Python makes a number of `|`."""
Aggregate = _moved("Aggregate", QgsAggregateCalculator.Aggregate, Sum="Sum")
BrowserItemState = _moved("BrowserItemState", QgsDataItem.State, Populated="Populated")
BrowserItemType = _moved("BrowserItemType", QgsDataItem.Type, Custom="Custom")
DataItemProviderCapability = _moved("DataItemProviderCapability", QgsDataProvider.DataCapability, NetworkSources="Net")
FeatureRequestFlag = _moved("FeatureRequestFlag", QgsFeatureRequest.Flag, NoGeometry="NoGeometry")
InvalidGeometryCheck = _moved("InvalidGeometryCheck", QgsFeatureRequest.InvalidGeometryCheck, NoCheck="GeometryNoCheck")
SourceType = _moved(
    "ProcessingSourceType",
    QgsProcessing.SourceType,
    Vector="TypeVector",
    VectorAnyGeometry="TypeVectorAnyGeometry",
    VectorPoint="TypeVectorPoint",
    VectorLine="TypeVectorLine",
    VectorPolygon="TypeVectorPolygon",
    File="TypeFile",
)
AlgorithmFlag = _moved("ProcessingAlgorithmFlag", QgsProcessingAlgorithm.Flag, NoThreading="FlagNoThreading")
ParameterFlag = _moved(
    "ProcessingParameterFlag", QgsProcessingParameterDefinition.Flag, Advanced="FlagAdvanced", Optional="FlagOptional"
)
NumberType = _moved(
    "ProcessingNumberParameterType", QgsProcessingParameterNumber.Type, Double="Double", Integer="Integer"
)
FieldType = _moved(
    "ProcessingFieldParameterDataType", QgsProcessingParameterField.DataType, Any="Any", Numeric="Numeric"
)

# QGIS 3.40
DocumentationFlag = _moved(  # before, nobody asks for it
    "ProcessingAlgorithmDocumentationFlag", SimpleNamespace(nothing=0), RegeneratesPrimaryKey="nothing"
)
PictureFormat = _moved("PictureFormat", QgsLayoutItemPicture.Format, SVG="FormatSVG", Raster="FormatRaster")
ScaleBarSegmentSizeMode = _moved(
    "ScaleBarSegmentSizeMode", QgsScaleBarSettings.SegmentSizeMode, FitWidth="SegmentSizeFitWidth"
)

LayoutRenderFlag = _moved(
    "LayoutRenderFlag", QgsLayoutRenderContext.Flag, LosslessImageRendering="FlagLosslessImageRendering"
)
LayoutRenderFlags = getattr(Qgis, "LayoutRenderFlags", None) or QgsLayoutRenderContext.Flags
"""Several of them; Python may make a number of `|`."""

# QGIS 3.36
_FILL = getattr(QgsSymbolLayer.Property, "FillColor", None)
FILL_COLOUR = _FILL if _FILL is not None else QgsSymbolLayer.Property.PropertyFillColor
"""The property of a symbol layer that an expression may give."""

# QGIS 3.42
LegendComponent = _moved(
    "LegendComponent",
    QgsLegendStyle.Style,
    **{name: name for name in ("Group", "Subgroup", "Symbol", "SymbolLabel")},
)

# QGIS 3.38: what a column holds
if Qgis.QGIS_VERSION_INT >= 33800:
    _Type = QMetaType.Type
    FIELD_TYPES = {"text": _Type.QString, "int": _Type.LongLong, "float": _Type.Double, "bool": _Type.Bool}
    LISTS_AND_MAPS = (_Type.QVariantMap, _Type.QVariantList, _Type.QStringList)
else:
    _Type = QVariant  # its types have no scope of their own before Qt 6
    FIELD_TYPES = {
        "text": _Type.String,  # pyright: ignore[reportAttributeAccessIssue]
        "int": _Type.LongLong,  # pyright: ignore[reportAttributeAccessIssue]
        "float": _Type.Double,  # pyright: ignore[reportAttributeAccessIssue]
        "bool": _Type.Bool,  # pyright: ignore[reportAttributeAccessIssue]
    }
    LISTS_AND_MAPS = (_Type.Map, _Type.List, _Type.StringList)  # pyright: ignore[reportAttributeAccessIssue]
