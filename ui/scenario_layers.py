"""Layers of a scenario: the copy to edit, its sites for an algorithm, the zones with what changes."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Iterable

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDefaultValue,
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..core.siting.scenarios import mean_change
from ..i18n import tr
from ..processing.attributes import as_number, as_text
from ..processing.connections import data_folder
from ..processing.qgis_enums import FIELD_TYPES, AttributeFormSuppression
from ..processing.styling import STYLE_PROPERTY, apply_style
from .layer_boxes import has_field
from .live_scenario import Site
from .result_groups import result_groups

SCENARIO = "carto_services_publics/scenario"
"""Property of a scenario's layer: the scenario's name."""
ORIGIN = "carto_services_publics/scenario_of"
"""Property of a scenario's layer: the identifier of the layer of services as they are today."""

SERVICE = "carto_services_publics/scenario_service"
"""Property of the summary of a comparison: the service that it is of."""


def identifiers_of(services: QgsVectorLayer) -> set[str]:
    """The identifiers of the places of a layer; "" where one has none."""
    if not has_field(services, "id"):
        return {""}
    return {as_text(value) for value in services.uniqueValues(services.fields().lookupField("id"))}


def zones_layer(zones: QgsVectorLayer, identifier: str, summary: QgsVectorLayer) -> QgsVectorLayer:
    """The zones with the figures that `comparescenarios` gives for each, coloured by the mean difference.

    Of those who reach a place both before and after: the two means of the summary are of other people.
    """
    figures = {as_text(row["identifiant"]): row for row in summary.getFeatures() if row["type"] == "zone"}
    layer = zones.materialize(QgsFeatureRequest())
    names = [field.name() for field in summary.fields() if field.isNumeric()]
    fresh = [name for name in names if layer.fields().lookupField(name) < 0]
    kind = FIELD_TYPES["float"]
    layer.dataProvider().addAttributes([QgsField(name, kind) for name in (*fresh, "ecart")])
    layer.updateFields()
    place = {name: layer.fields().lookupField(name) for name in (*names, "ecart")}
    changes = {}
    for zone in layer.getFeatures():
        row = figures.get(as_text(zone[identifier]) if identifier else str(zone.id()))
        if row is not None:
            people = sum(as_number(row[name]) for name in ("pop_gagne", "pop_perd", "pop_inchange"))
            change = mean_change(people, as_number(row["gain_total"]), as_number(row["perte_totale"]))
            changes[zone.id()] = {place[name]: row[name] for name in names}
            changes[zone.id()][place["ecart"]] = None if np.isnan(change) else round(change, 6) + 0.0
    layer.dataProvider().changeAttributeValues(changes)
    apply_style(layer, "scenario", {"column": "ecart"})
    return layer


def copy_services(services: QgsVectorLayer, name: str) -> QgsVectorLayer:
    """An editable copy in the user's profile, with the scenario's name in a column and on the layer.

    Raises `OSError` where it cannot be written.
    """
    copy = services.materialize(QgsFeatureRequest())
    lacking = [QgsField(name, FIELD_TYPES["text"]) for name in ("scenario", "horaires") if not has_field(copy, name)]
    copy.dataProvider().addAttributes(lacking)
    copy.updateFields()
    column = copy.fields().lookupField("scenario")
    copy.dataProvider().changeAttributeValues({feature.id(): {column: name} for feature in copy.getFeatures()})
    path = data_folder("scenarios") / f"{re.sub(r'[^0-9A-Za-z]+', '_', name)}_{time.strftime('%Y%m%d_%H%M%S')}.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "scenario"
    transforms = QgsProject.instance().transformContext()
    error, words, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(copy, str(path), transforms, options)
    if error != QgsVectorFileWriter.WriterError.NoError:
        path.unlink(missing_ok=True)
        raise OSError(errno.EIO, words.strip().splitlines()[-1], str(path))  # the last line says it shortest
    layer = QgsVectorLayer(f"{path}|layername=scenario", name, "ogr")
    apply_style(layer, "services")
    layer.setCustomProperty(SCENARIO, name)
    # A place added by QGIS's own tool asks for nothing either: its columns may be filled in afterwards.
    form = layer.editFormConfig()
    form.setSuppress(AttributeFormSuppression.On)
    layer.setEditFormConfig(form)
    layer.setCustomProperty(ORIGIN, services.id())
    layer.setDefaultValueDefinition(layer.fields().lookupField("scenario"), QgsDefaultValue(f"'{name}'"))
    known = layer.uniqueValues(layer.fields().lookupField("categorie")) if has_field(layer, "categorie") else set()
    if len(known) == 1:
        layer.setDefaultValueDefinition(layer.fields().lookupField("categorie"), QgsDefaultValue(f"'{min(known)}'"))
    return layer


def free_name() -> str:
    """« Scenario 1 », or the next number that no layer of the project has."""
    taken = {layer.customProperty(SCENARIO) for layer in QgsProject.instance().mapLayers().values()}
    count = 1
    while (name := tr("Scenario {number}").format(number=count)) in taken:
        count += 1
    return name


def last_scenario(services: QgsVectorLayer | None) -> QgsVectorLayer | None:
    """The newest scenario of some services in the project, by its number; None where there is none."""
    layers = () if services is None else QgsProject.instance().mapLayers().values()
    found = [layer for layer in layers if layer.customProperty(ORIGIN) == services.id()]
    return max(found, key=lambda layer: (len(scenario_name(layer)), scenario_name(layer)), default=None)


def scenario_name(layer: QgsVectorLayer) -> str:
    return str(layer.customProperty(SCENARIO) or layer.name())


def compared_summaries() -> list[QgsVectorLayer]:
    """The summaries of comparisons in the project, the newest first; those that no group of results holds last."""
    inside = [node.layer() for group in result_groups() for node in group.findLayers()]
    every = [*inside, *(layer for layer in QgsProject.instance().mapLayers().values() if layer not in inside)]
    return [layer for layer in every if layer is not None and layer.customProperty(STYLE_PROPERTY) == "summary"]


def changes_beside(summary: QgsMapLayer | None) -> QgsVectorLayer | None:
    """What the scenario of a summary changes: the table of the same group."""
    for group in result_groups() if summary is not None else ():
        layers = [node.layer() for node in group.findLayers()]
        if summary in layers:
            return next((layer for layer in layers if layer.customProperty(STYLE_PROPERTY) == "changes"), None)
    return None


def sites_layer(
    crs: QgsCoordinateReferenceSystem, category: str, scenarios: dict[str, Iterable[Site]]
) -> QgsVectorLayer:
    """The sites of a category that count, in each scenario, as a layer for an algorithm."""
    layer = QgsVectorLayer("Point?field=scenario:string", category, "memory")
    layer.setCrs(crs)
    features = []
    for scenario, sites in scenarios.items():
        for site in sites:
            if site.counts and site.category == category:
                feature = QgsFeature(layer.fields())
                feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(site.x, site.y)))
                feature.setAttribute("scenario", scenario)
                features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer
