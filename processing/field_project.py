"""The QGIS project that goes to the field with `terrain.gpkg`: what QField, QGIS and a server such as Lizmap's open.

Only the corrections can be written to. Nothing is read outside the folder, and nothing of the user's machine is in it.
"""

from __future__ import annotations

import json
import os
import re
from html import escape
from pathlib import Path
from uuid import uuid4

import numpy as np
from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorElement,
    QgsAttributeEditorField,
    QgsAttributeEditorRelation,
    QgsCoordinateReferenceSystem,
    QgsDefaultValue,
    QgsEditorWidgetSetup,
    QgsExpression,
    QgsFieldConstraints,
    QgsMapThemeCollection,
    QgsOptionalExpression,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsRelation,
    QgsRelationContext,
    QgsSingleSymbolRenderer,
    QgsValueMapFieldFormatter,
    QgsVectorLayer,
)

from ..core.corrections.model import CHANGEABLE, TYPES
from ..core.errors import CartoError
from ..core.field.package import CORRECTIONS, PHOTO, PROPOSED, ROADS, SERVICES, ZONES, Packed, together
from ..i18n import tr
from .lasting import make_lasting
from .qgis_enums import CONTAINER_IS_TAB, AttributeFormLayout, SnappingMode
from .quiet_ground import quiet_land, quiet_roads
from .styling import apply_style
from .styling.columns import alias, words
from .styling.palette import INK, PROPOSAL
from .styling.renderers import labels, marker

FILE = "terrain.qgs"
PHOTOS = "DCIM"
NEAR = 50
"""Metres within which the service nearest to the point is proposed."""
LARGEST_PICTURE = 1600
"""Pixels of the longer side of a picture: enough to read a notice, and light."""
_IDS = {name: f"terrain_{name}" for name in (CORRECTIONS, SERVICES, ROADS, ZONES)}
"""The same in every package, so that settings made once (Lizmap's) stay right; QGIS makes another of a short one."""
_RELATION = "corrections_services"
_OF_A_LIST = ("categorie", "modalite", "accessibilite")
_FIRST = ("modification", "fermeture", "deplacement", "creation")
"""Types of correction that the field needs most."""
_HIDDEN = ("uuid", "producteur", "version", "changes", "etat", "motif", "ref_serveur")
_LONG = ("commentaire", PROPOSED["horaires"])
_WITH_VALUES = "\"type\" IN ('modification', 'creation', 'deplacement')"
_PICTURE_NAME = f"'{PHOTOS}/corrections_' || format_date(now(), 'yyyyMMddhhmmsszzz') || '.{{extension}}'"
_MEDIA_IMAGE, _RELATIVE_TO_PROJECT, _A_FILE = 1, 1, 0
_PERSONAL = re.compile(r'( saveUser(?:Full)?=)"[^"]*"')
_AUTHOR = re.compile(r"(?<=<author>)[^<]*(?=</author>)")
"""The user's name, which newer versions of QGIS write wherever there is none."""


class CannotWriteProject(CartoError):
    """The project of the field cannot be written."""


def write_field_project(packed: Packed, title: str, organisation: str) -> Path:
    """Write `FILE` beside the GeoPackage; its path. On the main thread. Raises `CannotWriteProject`."""
    project = QgsProject()
    project.setTitle(title)
    project.setCrs(QgsCoordinateReferenceSystem(packed.crs))
    layers = _layers(packed)
    root = project.layerTreeRoot()
    for name in (CORRECTIONS, SERVICES, ROADS, ZONES):
        if name in layers:
            project.addMapLayer(layers[name], False)
            root.addLayer(layers[name])
    relation = _relate(project, layers)
    _make_services_a_list(layers[SERVICES], relation)
    _make_form(layers[CORRECTIONS], relation, organisation)
    _publish(project, layers, title)
    _set_up_phone(project, layers)
    _make_themes(project, layers)
    path = packed.path.with_name(FILE)
    path.with_name(PHOTOS).mkdir(exist_ok=True)
    _write(project, path, {layer.id(): _IDS[name] for name, layer in layers.items()}, organisation)
    return path


# -- layers -----------------------------------------------------------------------------------------------------------


def _layers(packed: Packed) -> dict[str, QgsVectorLayer]:
    """The layers that the GeoPackage holds, dressed, by table; read-only but the corrections."""
    titles = {CORRECTIONS: tr("Corrections"), SERVICES: tr("Services"), ROADS: tr("Roads"), ZONES: tr("Communes")}
    found = {}
    for name, label in titles.items():
        layer = QgsVectorLayer(f"{packed.path}|layername={name}", label, "ogr")
        if layer.isValid():
            found[name] = layer
    apply_style(found[SERVICES], "services")
    for name, dress in ((ZONES, quiet_land), (ROADS, quiet_roads)):
        if name in found:
            found[name] = dress(found[name])
            found[name].setName(titles[name])
    _dress_corrections(found[CORRECTIONS])
    for name, layer in found.items():
        layer.setReadOnly(name != CORRECTIONS)
    return found


def _dress_corrections(layer: QgsVectorLayer) -> None:
    """A mark that one sees on a phone in the sun, and what it says."""
    apply_style(layer, CORRECTIONS)
    renderer = QgsSingleSymbolRenderer(marker("diamond", PROPOSAL, 6.5, INK, 0.5))
    make_lasting(renderer)
    layer.setRenderer(renderer)
    layer.setLabeling(labels('represent_value("type")', largest_scale=25_000, size=9, beside=4.5))
    layer.setLabelsEnabled(True)
    layer.setDisplayExpression("represent_value(\"type\") || coalesce(' – ' || represent_value(\"service_id\"), '')")


def _relate(project: QgsProject, layers: dict[str, QgsVectorLayer]) -> QgsRelation:
    """A correction is about a service: chosen in a list or on the map, or made from the service's own form."""
    relation = QgsRelation(QgsRelationContext(project))
    relation.setId(_RELATION)
    relation.setName(tr("Corrections"))
    relation.setReferencingLayer(layers[CORRECTIONS].id())
    relation.setReferencedLayer(layers[SERVICES].id())
    relation.addFieldPair("service_id", "id")
    project.relationManager().addRelation(relation)
    return relation


def _make_services_a_list(layer: QgsVectorLayer, relation: QgsRelation) -> None:
    """Services by name and commune: a territory has many « Mairie »; and their corrections on their form."""
    layer.setDisplayExpression("\"nom\" || coalesce(' – ' || \"commune\", '')")
    form = layer.editFormConfig()
    tab = _tab(tr("Corrections"), form.invisibleRootContainer())
    corrections = QgsAttributeEditorRelation(relation, tab)
    corrections.setRelationWidgetTypeId("relation_editor")
    tab.addChildElement(corrections)
    form.addTab(tab)
    layer.setEditFormConfig(form)


# -- the form of a correction -----------------------------------------------------------------------------------------


def _make_form(layer: QgsVectorLayer, relation: QgsRelation, organisation: str) -> None:
    for column, title in _titles().items():
        layer.setFieldAlias(_position(layer, column), title)
    for column, setup in _widgets(relation).items():
        layer.setEditorWidgetSetup(_position(layer, column), setup)
    for column, expression in _defaults(organisation).items():
        layer.setDefaultValueDefinition(_position(layer, column), QgsDefaultValue(expression))
    _constrain(layer)
    form = layer.editFormConfig()
    form.clearTabs()
    form.setLayout(AttributeFormLayout.DragAndDrop)
    for title, columns, condition in _tabs():
        tab = _tab(title, form.invisibleRootContainer())
        for column in columns:
            tab.addChildElement(QgsAttributeEditorField(column, _position(layer, column), tab))
        if condition:
            tab.setVisibilityExpression(QgsOptionalExpression(QgsExpression(condition)))
        form.addTab(tab)
    layer.setEditFormConfig(form)


def _tab(title: str, root: QgsAttributeEditorElement) -> QgsAttributeEditorContainer:
    """A tab of a form: one screen of a phone."""
    tab = QgsAttributeEditorContainer(title, root)
    if CONTAINER_IS_TAB is None:
        tab.setIsGroupBox(False)
    else:
        tab.setType(CONTAINER_IS_TAB)
    return tab


def _titles() -> dict[str, str]:
    """What each column is called; that of a new value says of what, and how to empty it is in the constraint."""
    new = {PROPOSED[column]: tr("New: {field}").format(field=alias(column)) for column in CHANGEABLE}
    return {
        "type": tr("What is it?"),
        "service_id": tr("Service"),
        "duplicate_of": tr("The other record, the one to keep"),
        "commentaire": tr("Comment"),
        PHOTO: tr("Picture"),
        "preuve_url": tr("Proof (link)"),
        "auteur_organisation": tr("Organisation"),
        "courriel": tr("My e-mail, to be answered (optional)"),
        "cree_le": tr("Written on"),
        **new,
    }


def _tabs() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """(title, columns, when it is shown)."""
    return (
        (tr("Correction"), ("type", "service_id", "commentaire", PHOTO), ""),
        (tr("New values"), tuple(PROPOSED.values()), _WITH_VALUES),
        (tr("Duplicate"), ("duplicate_of",), "\"type\" = 'doublon'"),
        (tr("Author"), ("auteur_organisation", "courriel", "preuve_url", "cree_le"), ""),
    )


def _widgets(relation: QgsRelation) -> dict[str, QgsEditorWidgetSetup]:
    hidden = {column: QgsEditorWidgetSetup("Hidden", {}) for column in _HIDDEN}
    plain = {
        column: QgsEditorWidgetSetup("TextEdit", {"IsMultiline": column in _LONG, "UseHtml": False})
        for column in ("commentaire", "preuve_url", "auteur_organisation", "courriel", *PROPOSED.values())
    }
    kinds = words("type")
    chosen = {"AllowNULL": True, "OrderByValue": True, "FetchLimitActive": False, "FetchLimitNumber": 100}
    of_service = {**chosen, "Relation": relation.id(), "MapIdentification": True, "ShowForm": False}
    duplicate = {**chosen, "Layer": relation.referencedLayerId(), "Key": "id", "Value": "nom", "UseCompleter": True}
    moment = {"display_format": "dd/MM/yyyy HH:mm", "field_format": "yyyy-MM-dd HH:mm:ss", "calendar_popup": True}
    return {
        **hidden,
        **plain,
        **{PROPOSED[column]: _choice(words(column), tr("(unchanged)")) for column in _OF_A_LIST},
        "type": _choice({kind: kinds[kind] for kind in dict.fromkeys((*_FIRST, *TYPES))}),
        "service_id": QgsEditorWidgetSetup("RelationReference", {**of_service, "ReadOnly": False}),
        "duplicate_of": QgsEditorWidgetSetup("ValueRelation", duplicate),
        "cree_le": QgsEditorWidgetSetup("DateTime", {**moment, "allow_null": False}),
        PHOTO: QgsEditorWidgetSetup("ExternalResource", _picture()),
    }


def _choice(meanings: dict[str, str], empty: str = "") -> QgsEditorWidgetSetup:
    """One of a list, in its order; ``empty`` names the choice of none."""
    none = [{empty: QgsValueMapFieldFormatter.NULL_VALUE}] if empty else []
    return QgsEditorWidgetSetup("ValueMap", {"map": none + [{word: code} for code, word in meanings.items() if code]})


def _picture() -> dict[str, object]:
    """A file that is named from the project's folder, shown as a picture."""
    return {
        "DocumentViewer": _MEDIA_IMAGE,
        "DocumentViewerHeight": 0,
        "DocumentViewerWidth": 0,
        "FileWidget": True,
        "FileWidgetButton": True,
        "FileWidgetFilter": "",
        "RelativeStorage": _RELATIVE_TO_PROJECT,
        "StorageMode": _A_FILE,
    }


def _defaults(organisation: str) -> dict[str, str]:
    """Expressions by column, worked out when a correction begins."""
    # Not by overlay_nearest, which takes no notice of a greatest distance in some QGIS (3.40).
    away = "distance($geometry, geometry(@parent))"
    near = f'expression:="id", filter:={away} <= {NEAR}, order_by:={away}'
    nearest = f"array_first(aggregate('{_IDS[SERVICES]}', 'array_agg', {near}))"
    return {
        "uuid": "uuid('WithoutBraces')",
        "type": "'modification'",
        "service_id": f"if(\"type\" = 'creation', NULL, {nearest})",
        "etat": "'brouillon'",
        "cree_le": "now()",
        "auteur_organisation": QgsExpression.quotedString(organisation),
    }


def _constrain(layer: QgsVectorLayer) -> None:
    """What must be there is; what only should be is asked for: in the field, saving comes first."""
    hard, soft = (
        QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard,
        QgsFieldConstraints.ConstraintStrength.ConstraintStrengthSoft,
    )
    must = QgsFieldConstraints.Constraint.ConstraintNotNull
    for column in ("uuid", "type"):
        layer.setFieldConstraint(_position(layer, column), must, hard)
    asked = {
        "service_id": ('"type" = \'creation\' OR "service_id" IS NOT NULL', tr("Choose the service.")),
        "duplicate_of": (
            '"type" <> \'doublon\' OR ("duplicate_of" IS NOT NULL AND "duplicate_of" <> "service_id")',
            tr("Choose the other record, the one to keep."),
        ),
        "commentaire": (
            "\"type\" <> 'alerte' OR length(coalesce(\"commentaire\", '')) > 0",
            tr("Say in a few words what is wrong."),
        ),
        PROPOSED["nom"]: (
            f'"type" <> \'creation\' OR "{PROPOSED["nom"]}" IS NOT NULL',
            tr("A new place needs it."),
        ),
        PROPOSED["categorie"]: (
            f'"type" <> \'creation\' OR "{PROPOSED["categorie"]}" IS NOT NULL',
            tr("A new place needs it."),
        ),
    }
    for column, (expression, reason) in asked.items():
        layer.setConstraintExpression(_position(layer, column), expression, reason)
        kind = QgsFieldConstraints.Constraint.ConstraintExpression
        layer.setFieldConstraint(_position(layer, column), kind, soft)


def _position(layer: QgsVectorLayer, column: str) -> int:
    return layer.fields().lookupField(column)


# -- the project ------------------------------------------------------------------------------------------------------


def _publish(project: QgsProject, layers: dict[str, QgsVectorLayer], title: str) -> None:
    """What a QGIS server says and lets do: all to be seen and read, the corrections to be written."""
    box = _box(layers)
    crs = project.crs().authid()
    project.writeEntryBool("WMSServiceCapabilities", "/", True)
    project.writeEntry("WMSServiceTitle", "/", title)
    project.writeEntry("WMSRootName", "/", "terrain")
    project.writeEntryBool("WMSUseLayerIDs", "/", False)
    project.writeEntryBool("WMSAddWktGeometry", "/", True)
    project.writeEntry("WMSCrsList", "/", list(dict.fromkeys((crs, "EPSG:3857", "EPSG:4326"))))
    corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    project.writeEntry("WMSExtent", "/", [repr(corner) for corner in corners])
    project.writeEntry("WFSLayers", "/", [layer.id() for layer in layers.values()])
    for layer in layers.values():
        project.writeEntry("WFSLayersPrecision", f"/{layer.id()}", 8)
    for operation in ("Insert", "Update", "Delete"):
        project.writeEntry("WFSTLayers", operation, [layers[CORRECTIONS].id()])
    for name, layer in layers.items():
        properties = layer.serverProperties()
        # The first is what QGIS 3.38 has, and calls the other deprecated.
        (getattr(properties, "setShortName", None) or layer.setShortName)(name)
    project.writeEntryBool("Paths", "/Absolute", False)
    view = project.viewSettings()
    view.setDefaultViewExtent(QgsReferencedRectangle(box, project.crs()))
    view.setPresetFullExtent(QgsReferencedRectangle(box, project.crs()))


def _box(layers: dict[str, QgsVectorLayer]) -> QgsRectangle:
    """Where the services and the zones are, with a margin; a few services far from all others are left out."""
    shapes = (feature.geometry() for feature in layers[SERVICES].getFeatures())
    places = np.array([(shape.asPoint().x(), shape.asPoint().y()) for shape in shapes if not shape.isEmpty()])
    near = places[together(places)]
    box = QgsRectangle(*near.min(axis=0), *near.max(axis=0))
    if ZONES in layers:
        box.combineExtentWith(layers[ZONES].extent())
    box.grow(max(500.0, 0.02 * max(box.width(), box.height())))
    return box


def _set_up_phone(project: QgsProject, layers: dict[str, QgsVectorLayer]) -> None:
    """What QField reads (custom properties of QFieldSync), and snapping to what is there.

    The GeoPackage goes and comes back as it is (`copy`): a conversion to another file would not be read back. On
    QFieldCloud the corrections of several agents meet (`offline`).
    """
    naming = json.dumps({PHOTO: _PICTURE_NAME})
    for name, layer in layers.items():
        layer.setCustomProperty("QFieldSync/action", "copy")
        layer.setCustomProperty("QFieldSync/cloud_action", "offline" if name == CORRECTIONS else "no_action")
        if name == CORRECTIONS:
            layer.setCustomProperty("QFieldSync/photo_naming", naming)  # until QField 2.6
            layer.setCustomProperty("QFieldSync/attachment_naming", naming)
        else:
            layer.setCustomProperty("QFieldSync/is_geometry_locked", True)
    project.writeEntry("qfieldsync", "/initialActiveLayer", layers[CORRECTIONS].id())
    project.writeEntry("qfieldsync", "/maximumImageWidthHeight", LARGEST_PICTURE)
    snapping = project.snappingConfig()
    snapping.setEnabled(True)
    snapping.setMode(SnappingMode.AllLayers)
    project.setSnappingConfig(snapping)


def _make_themes(project: QgsProject, layers: dict[str, QgsVectorLayer]) -> None:
    """With the ground, and without: for a white screen in the sun, or over a map of the phone's own."""
    themes = {tr("Field work"): tuple(layers), tr("Services only"): (CORRECTIONS, SERVICES)}
    for title, shown in themes.items():
        record = QgsMapThemeCollection.MapThemeRecord()
        records = []
        for name in shown:
            of_layer = QgsMapThemeCollection.MapThemeLayerRecord(layers[name])
            of_layer.currentStyle = layers[name].styleManager().currentStyle()
            of_layer.usingCurrentStyle = True
            records.append(of_layer)
        record.setLayerRecords(records)
        project.mapThemeCollection().insert(title, record)


def _write(project: QgsProject, path: Path, ids: dict[str, str], author: str) -> None:
    """The file, whole or not at all: its layers by ``ids`` that last, its paths from the folder, no user's name."""
    # Beside the file that it becomes: paths in it are from its own folder.
    draft = path.with_name(f"terrain-{uuid4().hex}.qgs")
    try:
        if not project.write(str(draft)):
            raise CannotWriteProject("“{path}” cannot be written: {cause}.", path=str(path), cause=project.error())
        text = _PERSONAL.sub(r'\1""', draft.read_text(encoding="utf-8")).replace(draft.name, path.name)
        text = _AUTHOR.sub(lambda _: escape(author), text)
        for made, kept in ids.items():
            text = text.replace(made, kept)
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
    finally:
        for left in path.parent.glob(f"{draft.stem}*"):
            left.unlink()
