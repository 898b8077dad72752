"""A network file whose roads are closed, slowed, made one-way or opened as drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.network.apart import change_apart
from ..core.network.change import NetworkChange
from ..core.travel_modes import CAR, PROFILES
from ..i18n import tr
from .attributes import as_text
from .buildnetwork import refuse_other_files
from .coordinates import line_of
from .network_input import NetworkAlgorithm, NetworkAsked
from .qgis_enums import SourceType, WkbType

AFFECTED = (
    ("action", "text"),
    ("valeur", "text"),
    ("minutes_direct_avant", "float"),
    ("minutes_inverse_avant", "float"),
    ("minutes_direct_apres", "float"),
    ("minutes_inverse_apres", "float"),
)


class ChangeNetwork(NetworkAlgorithm):
    """`cartoservices:changenetwork`"""

    ID = "changenetwork"
    GROUP = "network"

    def displayName(self) -> str:
        return tr("Change the road network")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_roads()
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), CAR)
        self.add_layer("CHANGES", tr("Changes drawn (columns “action” and “valeur”)"))
        self.add_number("TOLERANCE", tr("A new road joins a junction this near (metres)"), 5, advanced=True)
        self.add_file_output("OUTPUT", tr("Changed network"), tr("Road network (*.network)"))
        self.add_output("AFFECTED", tr("Roads that change"), SourceType.VectorLine, optional=True)
        self.add_number_outputs(("AFFECTED_COUNT", tr("Number of roads that change")))

    def compute(self, asked: NetworkAsked) -> dict[str, Any]:
        network = asked.network(0.2)
        crs = QgsCoordinateReferenceSystem(network.crs)
        path = asked.destination("OUTPUT", ".network")
        refuse_other_files(Path(path))
        if Path(path).resolve() == Path(network.path).resolve():
            raise InvalidInput("The changed network needs a file of its own: it is made of {path}.", path=path)
        changes = _changes(asked, crs)
        affected = change_apart(network, changes, path, asked.number("TOLERANCE"), asked.upto(0.9))
        roads = len(affected.line)
        asked.progress.info(
            msg("Changes: {changes}; roads that they act on: {roads}.", changes=len(changes), roads=roads)
        )
        idle = len(changes) - len(np.unique(affected.change))
        asked.warn_of_some(msg("{count} change acts on no road.|{count} changes act on no road.", count=idle))
        table = asked.table("AFFECTED", AFFECTED, geometry=WkbType.LineString, crs=crs, style="network")
        for number, line, before, after in zip(*affected):
            change = changes[int(number)]
            table.add([change.action, change.value, *before, *after], geometry=line_of(line))
        return {"OUTPUT": path, "AFFECTED_COUNT": roads}


def _changes(asked: NetworkAsked, crs: QgsCoordinateReferenceSystem) -> list[NetworkChange]:
    """The rows of CHANGES that have a shape, in the CRS of the network."""
    source = asked.source("CHANGES")
    names = [name.lower() for name in source.fields().names()]
    if "action" not in names:
        raise InvalidInput("The changes have no column “action”.")
    mover = asked.mover(source.sourceCrs(), crs)
    changes, lost = [], 0
    for feature in source.getFeatures():
        geometry = mover.geometry(feature.geometry())
        if geometry is None or geometry.isEmpty():
            lost += 1
            continue
        texts = [as_text(feature.attribute(names.index(n))) if n in names else "" for n in ("action", "valeur")]
        changes.append(NetworkChange(geometry.asWkb().data(), *texts))
    asked.warn_of_some(msg("{count} change has no place.|{count} changes have no place.", count=lost))
    if not changes:
        raise InvalidInput("The layer of changes has no drawing.")
    return changes
