"""Layers of a territory in the project: they stay while its file is replaced, and read what is new afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qgis.core import QgsProject, QgsProviderRegistry, QgsVectorLayer

from ..core.registry.geopackage import copied, plain_errors
from ..i18n import tr
from ..processing.base import FeedbackProgress
from ..processing.connections import CONNECTION_PROPERTY
from ..processing.styling import apply_style, follow_services
from ..processing.syncservices import shown_facts

_HELD = "carto_services_publics/held"
"""Property of a layer that cannot be edited while its file is replaced."""
_HIDDEN = ("epci", "routes", "demande")


def layers_of(path: Path) -> list[QgsVectorLayer]:
    """The project's layers that read a territory's file, or the copy of it that is read while it is replaced."""
    files = (path, _copy_of(path))
    every = QgsProject.instance().mapLayers().values()
    return [layer for layer in every if isinstance(layer, QgsVectorLayer) and _file_of(layer) in files]


def hold(path: Path) -> None:
    """No edit of the layers of a file begins before `bring_back`: it would be written into what is replaced."""
    for layer in layers_of(path):
        _read_from(layer, path)
        if not layer.readOnly() and layer.setReadOnly(True):
            layer.setCustomProperty(_HELD, True)


def copy_aside(path: Path, feedback) -> None:
    """Copy a file for its layers to read; in a thread. Raises `CannotWrite`."""
    with plain_errors(_copy_of(path)):
        copied(path, _copy_of(path), FeedbackProgress(feedback))


def set_aside(path: Path) -> None:
    """Let the layers of a file read its copy: one that is open cannot be replaced everywhere."""
    for layer in layers_of(path):
        _read_from(layer, _copy_of(path))


def drop_copy(path: Path) -> None:
    """Remove the copy that no layer reads any more."""
    with suppress(OSError):
        _copy_of(path).unlink()


def bring_back(path: Path) -> Iterator[tuple[str, QgsVectorLayer]]:
    """Let the layers of a file read it again one by one, and be edited; their styles and their places stay."""
    for layer in layers_of(path):
        _read_from(layer, path)
        if layer.customProperty(_HELD):
            layer.removeCustomProperty(_HELD)
            layer.setReadOnly(False)
        if not layer.isValid():
            continue
        if _table_of(layer) == "services":
            follow_services(layer, shown_facts(path))
        layer.triggerRepaint()
        yield _table_of(layer), layer
    drop_copy(path)


def territory_layers(path: Path, place: str, source: str) -> Iterator[tuple[str, QgsVectorLayer]]:
    """The layers of a territory one by one; those that the project has not are added, styled, services on top.

    Roads and people are there and not drawn.
    """
    titles = {
        "epci": tr("Intercommunalities – {place}"),
        "communes": tr("Communes – {place}"),
        "routes": tr("Roads – {place}"),
        "demande": tr("Inhabitants – {place}"),
        "services": tr("Services – {place}"),
    }
    root = QgsProject.instance().layerTreeRoot()
    there = {_table_of(layer): layer for layer in layers_of(path) if layer.isValid()}
    for name, title in titles.items():
        if name in there:
            yield name, there[name]
            continue
        layer = QgsVectorLayer(f"{path}|layername={name}", title.format(place=place), "ogr")
        if not layer.isValid():
            continue
        if name == "services":
            apply_style(layer, "services", shown_facts(path))
            layer.setCustomProperty(CONNECTION_PROPERTY, source)
        elif name in ("communes", "epci"):
            layer.renderer().symbol().setColor(layer.renderer().symbol().color().lighter(190))
            layer.setOpacity(0.4)
        QgsProject.instance().addMapLayer(layer, False)
        root.insertLayer(0, layer).setItemVisibilityChecked(name not in _HIDDEN)
        yield name, layer


def _copy_of(path: Path) -> Path:
    return path.with_name(f".{path.stem}.en-vue.gpkg")


def _source_of(layer: QgsVectorLayer) -> dict[str, object]:
    if layer.providerType() != "ogr":
        return {}
    return QgsProviderRegistry.instance().decodeUri("ogr", layer.source())


def _file_of(layer: QgsVectorLayer) -> Path:
    return Path(str(_source_of(layer).get("path") or ""))


def _table_of(layer: QgsVectorLayer) -> str:
    return str(_source_of(layer).get("layerName") or "")


def _read_from(layer: QgsVectorLayer, path: Path) -> None:
    """Read the same table, by the same filter, in another file; or the file's new state."""
    source = QgsProviderRegistry.instance().encodeUri("ogr", {**_source_of(layer), "path": str(path)})
    layer.setDataSource(source, layer.name(), "ogr")
