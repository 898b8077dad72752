"""Answers of the page Access that the project holds: each is a group of layers that says what was asked and found."""

from __future__ import annotations

import json
import math
from typing import NamedTuple

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeLayer, QgsMapLayer, QgsProject, QgsVectorLayer

from ..core.access.sentences import Beyond
from ..i18n import tr
from ..processing.styling import STYLE_PROPERTY
from .ground import drawn_by_ground, is_ground
from .result_groups import PINNED, RESULT_OF, is_kept, result_groups

ANSWER = "carto_services_publics/answer"
"""Property of a group: the answer that its layers show, as JSON."""


class Said(NamedTuple):
    """What the page says of the service and time that it shows: the question in one line, the answer, its figure."""

    question: str
    sentence: str
    figure: Beyond


class Answer(NamedTuple):
    """``coverage`` is the layer of its figures by zone, by whose identifier the answer is known."""

    said: Said
    coverage: QgsVectorLayer
    group: QgsLayerTreeGroup

    @property
    def key(self) -> str:
        return self.coverage.id()


def tell(coverage: str, said: Said) -> None:
    """Write on the group of a layer what it shows now."""
    for group in result_groups():
        if coverage in group.findLayerIds():
            group.setCustomProperty(ANSWER, json.dumps(said))


def answers() -> list[Answer]:
    """Those of the project, the present one first."""
    found = []
    for group in result_groups():
        said, coverage = _read(group.customProperty(ANSWER)), _coverage(group)
        if said is not None and coverage is not None:
            found.append(Answer(said, coverage, group))
    return found


def keep_copy(answer: Answer) -> None:
    """Let the answer stay as it is now in a group of its own, not drawn: the page goes on with the present one."""
    root = QgsProject.instance().layerTreeRoot()
    place = root.children().index(answer.group) if answer.group in root.children() else 0
    group = root.insertGroup(place + 1, tr("Kept: {question}").format(question=answer.said.question))
    group.setItemVisibilityChecked(False)
    group.setExpanded(False)
    for node in answer.group.children():
        if not isinstance(node, QgsLayerTreeLayer) or node.layer() is None:
            continue  # the ground: that of the present answer is under both
        copy = node.layer().clone()
        if isinstance(copy, QgsVectorLayer):
            copy.removeSelection()
        QgsProject.instance().addMapLayer(copy, False)
        group.addLayer(copy).setItemVisibilityChecked(node.itemVisibilityChecked())
    for name in (RESULT_OF, ANSWER):
        group.setCustomProperty(name, answer.group.customProperty(name))
    group.setCustomProperty(PINNED, True)


def forget(answer: Answer) -> None:
    """Take an answer and its layers out of the project."""
    layers = answer.group.findLayerIds()
    answer.group.parent().removeChildNode(answer.group)
    QgsProject.instance().removeMapLayers(layers)


def kept_answer(beside: str) -> Answer | None:
    """The newest one kept, besides that of a key; None where there is none."""
    return next((answer for answer in answers() if answer.key != beside and is_kept(answer.group)), None)


def layers_of(answer: Answer) -> list[QgsMapLayer]:
    """What a map of this answer alone shows, from the top: its layers, and all that the project draws besides answers.

    An answer without a ground of its own stands on the one that is drawn.
    """
    root = QgsProject.instance().layerTreeRoot()
    own = {node.layerId() for node in answer.group.findLayers() if _is_checked_within(node, answer.group)}
    of_results = {node.layerId(): node for group in result_groups() for node in group.findLayers()}
    drawn = {node.layerId() for node in root.findLayers() if node.isVisible()}
    order = [layer for layer in root.layerOrder() if layer.isSpatial()]
    shown = [layer for layer in order if layer.id() in own or (layer.id() in drawn and layer.id() not in of_results)]
    if not any(is_ground(layer) and layer.id() in own for layer in shown):
        ground = [layer for layer in order if is_ground(layer) and layer.id() in drawn and layer.id() in of_results]
        under = 1 + max((place for place, layer in enumerate(shown) if layer.id() in own), default=-1)
        shown[under:under] = ground
    in_grey = drawn_by_ground() if any(map(is_ground, shown)) else set()
    return [layer for layer in shown if layer.id() not in in_grey]


def _is_checked_within(node: QgsLayerTreeLayer, group: QgsLayerTreeGroup) -> bool:
    """Whether a layer would be drawn if the group were: kept groups are not drawn on the main map."""
    while node != group:
        if not node.itemVisibilityChecked():
            return False
        node = node.parent()
    return True


def _read(text: object) -> Said | None:
    """From a project, which anybody may have written."""
    try:
        question, sentence, figures = json.loads(str(text or "null"))
        figure = Beyond(*map(float, figures))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    are_numbers = all(math.isfinite(number) and number >= 0 for number in figure)
    return Said(str(question), str(sentence), figure) if are_numbers else None


def _coverage(group: QgsLayerTreeGroup) -> QgsVectorLayer | None:
    layers = (node.layer() for node in group.findLayers())
    return next(
        (
            layer
            for layer in layers
            if isinstance(layer, QgsVectorLayer)
            and layer.customProperty(STYLE_PROPERTY) == "coverage"
            and layer.featureCount()
        ),
        None,
    )
