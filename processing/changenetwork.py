"""A network file whose roads are closed, slowed, made one-way or opened as drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsGeometry,
    QgsLineString,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.network.building import change_apart
from ..core.network.change import Affected, NetworkChange
from ..core.progress import Progress
from ..i18n import tr
from .base import make_fields, plain
from .buildnetwork import refuse_other_files
from .coordinates import Mover
from .network_input import PROFILES, NetworkAlgorithm, NetworkParameter
from .qgis_enums import NumberType, SourceType, WkbType


class ChangeNetwork(NetworkAlgorithm):
    """`cartoservices:changenetwork`"""

    ID = "changenetwork"
    GROUP = "network"

    def displayName(self) -> str:
        return tr("Change the road network")

    def initAlgorithm(self, configuration=None) -> None:
        label = tr("Road network (the file made by “Build the road network”, or a layer of roads)")
        self.addParameter(NetworkParameter("NETWORK", label, [SourceType.VectorLine]))
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), "car")
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "CHANGES", tr("Changes drawn (columns “action” and “valeur”)"), [SourceType.VectorAnyGeometry]
            )
        )
        self.add_advanced(
            QgsProcessingParameterNumber(
                "TOLERANCE",
                tr("A new road joins a junction this near (metres)"),
                NumberType.Double,
                5,
                minValue=0,
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination("OUTPUT", tr("Changed network"), tr("Road network (*.network)"))
        )
        self.add_output("AFFECTED", tr("Roads that change"), SourceType.VectorLine, optional=True)
        self.addOutput(QgsProcessingOutputNumber("AFFECTED_COUNT", tr("Number of roads that change")))
        self.addOutput(QgsProcessingOutputString("ROADS_TOLD", tr("What the fields of the roads gave")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        network = self.network(parameters, context, progress.part(0.0, 0.2))
        if network is None:
            raise InvalidInput("Give a road network.")
        crs = QgsCoordinateReferenceSystem(network.crs)
        path = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        path += "" if Path(path).suffix else ".network"
        refuse_other_files(Path(path))
        if Path(path).resolve() == Path(network.path).resolve():
            raise InvalidInput("The changed network needs a file of its own: it is made of {path}.", path=path)
        changes = self._changes(parameters, context, crs, progress)
        tolerance = self.parameterAsDouble(parameters, "TOLERANCE", context)
        affected = change_apart(network, changes, path, tolerance, progress.part(0.2, 0.9))
        self._tell(changes, affected, progress)
        self._write(parameters, context, crs, changes, affected)
        return {"OUTPUT": path, "AFFECTED_COUNT": len(affected.line)}

    def _changes(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
        progress: Progress,
    ) -> list[NetworkChange]:
        """The rows of CHANGES that have a shape, in the CRS of the network."""
        source = self.source(parameters, "CHANGES", context)
        names = [name.lower() for name in source.fields().names()]
        if "action" not in names:
            raise InvalidInput("The changes have no column “action”.")
        mover = Mover(source.sourceCrs(), crs, context.transformContext())
        changes, lost = [], 0
        for feature in source.getFeatures():
            geometry = mover.geometry(feature.geometry())
            if geometry is None or geometry.isEmpty():
                lost += 1
                continue
            said = [plain(feature.attribute(names.index(n))) if n in names else None for n in ("action", "valeur")]
            changes.append(NetworkChange(geometry.asWkb().data(), *(_text(value) for value in said)))
        if lost:
            progress.warn(msg("{count} change has no place.|{count} changes have no place.", count=lost))
        if not changes:
            raise InvalidInput("The layer of changes has no drawing.")
        return changes

    def _tell(self, changes: list[NetworkChange], affected: Affected, progress: Progress) -> None:
        progress.info(
            msg(
                "{changes} changes act on {roads} roads.",
                changes=len(changes),
                roads=len(affected.line),
            )
        )
        idle = len(changes) - len(np.unique(affected.change))
        if idle:
            progress.warn(msg("{count} change acts on no road.|{count} changes act on no road.", count=idle))

    def _write(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
        changes: list[NetworkChange],
        affected: Affected,
    ) -> None:
        fields = make_fields(
            ("action", "text"),
            ("valeur", "text"),
            ("minutes_direct_avant", "float"),
            ("minutes_inverse_avant", "float"),
            ("minutes_direct_apres", "float"),
            ("minutes_inverse_apres", "float"),
        )
        sink = self.add_sink(parameters, "AFFECTED", context, fields, WkbType.LineString, crs, style="network")
        if sink is None:
            return
        for number, line, before, after in zip(*affected):
            feature = QgsFeature(fields)
            feature.setGeometry(QgsGeometry(QgsLineString(line[:, 0].tolist(), line[:, 1].tolist())))
            minutes = [float(m) if np.isfinite(m) else None for m in (*before, *after)]
            change = changes[int(number)]
            feature.setAttributes([change.action, change.value, *minutes])
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)


def _text(value: Any) -> str:
    """A value as its text; whole numbers without decimals, nothing where there is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
