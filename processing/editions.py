"""The editions of a referential as layers: what changed between two, and every service at any date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsVectorLayer

from ..core.consolidation import differences, note, write_changes
from ..core.consolidation.bridge import written_whole
from ..core.consolidation.editions import CHANGES_LAYER, PlaceChange
from ..core.consolidation.store import HISTORY
from .styling import apply_style
from .temporal import put_in_time

STYLE = "editions"


class Compared(NamedTuple):
    """What two editions differ in: the changes, the file of their layer, that of their note, how many are nowhere."""

    changes: Sequence[PlaceChange]
    layer: Path
    note: Path
    without_position: int


def compare(referential: Path, before: str, after: str) -> Compared:
    """Write the layer and the note of what changed beside the referential. Raises `CartoError`."""
    changes = list(differences(referential, before, after))
    stem = f"{referential.stem}-changements-{before}-{after}"
    layer, text = referential.with_name(f"{stem}.gpkg"), referential.with_name(f"{stem}.md")
    without = write_changes(changes, layer)
    with written_whole(text) as part:
        part.write_text(note(changes, before, after, referential.stem), encoding="utf-8")
    return Compared(changes, layer, text, without)


def changes_layer(path: Path, title: str) -> QgsVectorLayer:
    """The layer that `compare` wrote, with its style."""
    layer = QgsVectorLayer(f"{path}|layername={CHANGES_LAYER}", title, "ogr")
    apply_style(layer, STYLE)
    return layer


def history_layer(referential: Path, title: str) -> QgsVectorLayer:
    """Every state that a service had, from the edition that brought it until the one that changed it, in time."""
    layer = QgsVectorLayer(f"{referential}|layername={HISTORY}", title, "ogr")
    apply_style(layer, "services")
    put_in_time(layer)
    return layer
