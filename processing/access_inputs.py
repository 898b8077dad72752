"""What the algorithms of access read: demand, services and zones, with what cannot be used set apart and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSource,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingParameterString,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QLocale
from shapely.geometry.base import BaseGeometry

from ..core.access.coverage import NothingComputed
from ..core.access.opening import WeekMoment, parse_moment
from ..core.access.weights import MOST_WEIGHT, unusable_weight
from ..core.errors import InvalidInput
from ..core.messages import Message, msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..i18n import locale, tr, translate_message
from .attributes import as_number, as_text
from .coordinates import Mover, to_shapely
from .positions import read_points
from .qgis_enums import GeometryType

FAILED_COLUMNS = (("couche", "text"), ("identifiant", "text"), ("raison", "text"))


class LayerError(InvalidInput):
    """A layer that cannot be used as it is."""


class Rows(NamedTuple):
    """The rows of a layer of demand or supply (n).

    Attributes:
        features: as read.
        ids: text of the chosen column, of the column `id`, or the feature's number.
        xy: (n, 2) in the CRS asked for, NaN where there is no geometry.
        weight: (n,) NaN where it cannot be used.
        reasons: why a row cannot be used, by row; the others can.
        source: the layer, given by the parameter ``name``.
    """

    features: list[QgsFeature]
    ids: list[str]
    xy: np.ndarray
    weight: np.ndarray
    reasons: dict[int, Message]
    name: str
    source: QgsFeatureSource

    def only(self, wanted: list[bool]) -> Rows:
        """The rows that are ``wanted`` (n,), as if the layer had no others."""
        kept = np.flatnonzero(np.array(wanted, bool))
        numbers = {old: new for new, old in enumerate(kept.tolist())}
        return self._replace(
            features=[self.features[row] for row in kept],
            ids=[self.ids[row] for row in kept],
            xy=self.xy[kept],
            weight=self.weight[kept],
            reasons={numbers[row]: reason for row, reason in self.reasons.items() if row in numbers},
        )

    def usable(self) -> np.ndarray:
        """(n,) bool."""
        mask = np.ones(len(self.features), dtype=bool)
        mask[list(self.reasons)] = False
        return mask

    def not_computed(self) -> float:
        """Weight of the rows that cannot be used: people of whom nothing is known, neither near nor far."""
        return float(np.nansum(self.weight[~self.usable()]))


def read_rows(
    source: QgsFeatureSource,
    name: str,
    crs: QgsCoordinateReferenceSystem | None,
    context: QgsProcessingContext,
    progress: Progress,
    *,
    id_field: str = "",
    weight_field: str = "",
    may_be_empty: bool = False,
) -> Rows:
    """Read the layer of the parameter ``name``; without ``weight_field`` each row weighs 1.

    ``crs`` None: positions do not matter, rows without one can be used.

    Raises `LayerError` for a layer without rows (unless it ``may_be_empty``) or without CRS, or a column that it does
    not have.
    """
    if may_be_empty and source.featureCount() == 0:
        return Rows([], [], np.empty((0, 2)), np.empty(0), {}, name, source)
    for field in filter(None, (id_field, weight_field)):
        if source.fields().lookupField(field) < 0:
            raise LayerError("The layer {name} has no column “{field}”.", name=name, field=field)
    if crs is not None:
        require_crs(source, name)
    features, xy = read_points(source, crs or source.sourceCrs(), context, progress)
    if not features:
        raise LayerError("The layer {name} is empty.", name=name)
    weight = np.ones(len(features))
    if weight_field:
        column = source.fields().lookupField(weight_field)
        weight = np.array([as_number(feature.attribute(column)) for feature in features])
    placed = np.isfinite(xy).all(axis=1) if crs is not None else np.ones(len(features), dtype=bool)
    weighed = (weight >= 0) & (weight <= MOST_WEIGHT)
    reasons = {
        row: unusable_weight(weight[row]) or _unusable_position(features[row])
        for row in np.flatnonzero(~(placed & weighed)).tolist()
    }
    weight[~weighed] = np.nan
    return Rows(features, row_ids(features, id_field), xy, weight, reasons, name, source)


def require_crs(source: QgsFeatureSource, name: str) -> None:
    """Raises `LayerError` when the layer does not say where its coordinates are."""
    if not source.sourceCrs().isValid():
        raise LayerError("The layer {name} has no coordinate reference system; set it first.", name=name)


def _unusable_position(feature: QgsFeature) -> Message:
    """Why a feature has no position."""
    if feature.hasGeometry() and not feature.geometry().isEmpty():
        return msg("The position has no place in the coordinate reference system of the network.")
    return msg("No geometry.")


def row_ids(features: Sequence[QgsFeature], id_field: str) -> list[str]:
    """The identifier of each row as text: the chosen column, else the column `id`, else the feature's number."""
    if not id_field and features and features[0].fields().lookupField("id") >= 0:
        id_field = "id"
    if not id_field or not features:
        return [str(feature.id()) for feature in features]
    column = features[0].fields().lookupField(id_field)
    if column < 0:
        raise LayerError("There is no column “{field}” to identify the rows.", field=id_field)
    return [as_text(feature.attribute(column)) for feature in features]


def shapes(
    features: Sequence[QgsFeature],
    source_crs: QgsCoordinateReferenceSystem,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> list[BaseGeometry | None]:
    """Geometries of the features in ``crs``; None where there is none, or it has no place there."""
    # shapely merges only what is valid.
    valid = (geometry if geometry.isGeosValid() else geometry.makeValid() for geometry in map(_shape_of, features))
    own = [to_shapely(geometry) for geometry in valid]
    return Mover(source_crs, crs, context.transformContext()).transform.shapes(own)


def _shape_of(feature: QgsFeature) -> QgsGeometry:
    """Its geometry without arcs, whose straight pieces are what must be valid."""
    geometry = QgsGeometry(feature.geometry())
    geometry.convertToStraightSegment()
    return geometry


def is_polygon_layer(source: QgsFeatureSource) -> bool:
    return QgsWkbTypes.geometryType(source.wkbType()) == GeometryType.Polygon


def categories_of(features: Sequence[QgsFeature], field: str) -> tuple[list[str], np.ndarray]:
    """The category codes in alphabetical order, and the row of its code for each feature (n,).

    Without ``field`` all are of one category without name; a NULL category is the empty code, as is text of spaces.
    """
    if not field:
        return [""], np.zeros(len(features), dtype=np.int64)
    return numbered([text.strip() for text in texts_of(features, field)])


def texts_of(features: Sequence[QgsFeature], field: str) -> list[str]:
    """A column as text (see `as_text`). Raises `LayerError` where there is none of that name."""
    column = features[0].fields().lookupField(field) if features else -1
    if features and column < 0:
        raise LayerError("There is no column “{field}” in the layer.", field=field)
    return [as_text(feature.attribute(column)) for feature in features]


def numbered(texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The different texts in alphabetical order, and the row among them of each text (n,)."""
    names = sorted(set(texts))
    row = {name: index for index, name in enumerate(names)}
    return names, np.array([row[text] for text in texts], dtype=np.int64)


def thresholds_parameter(name: str, label: str, default: str) -> QgsProcessingParameterString:
    """A list of thresholds; its tip says how to write one."""
    parameter = QgsProcessingParameterString(name, label, default)
    parameter.setHelp(tr("Parted by commas or spaces: 5,10,20. With decimal commas, by semicolons: 5;7,5;10."))
    return parameter


def moment_in_words(open_at: str) -> str:
    """« on Saturday at 10:00 » from the text of OPEN_AT, in the user's language; empty when it is."""
    if not open_at.strip():
        return ""
    moment = parse_moment(open_at)
    if isinstance(moment, WeekMoment):
        hour = f"{moment.minute // 60:02d}:{moment.minute % 60:02d}"
        return tr("on {weekday} at {hour}").format(weekday=locale().dayName(moment.weekday + 1), hour=hour)
    day = locale().toString(QDate(moment.year, moment.month, moment.day), QLocale.FormatType.ShortFormat)
    return tr("on {date} at {hour}").format(date=day, hour=f"{moment:%H:%M}")


def reasons_column(rows: Rows) -> list[str | None]:
    """(n,) why each row of a layer could not be computed, in the user's language; None for the others."""
    column: list[str | None] = [None] * len(rows.features)
    for row, reason in rows.reasons.items():
        column[row] = translate_message(reason)
    return column


def warn_of_failures(progress: Progress, rows: Rows) -> None:
    """Say how many rows of the layer could not be used."""
    if rows.reasons:
        progress.warn(
            msg(
                "{count} of the {total} rows of {layer} could not be used; FAILED says why.",
                count=len(rows.reasons),
                total=len(rows.features),
                layer=rows.name,
            )
        )


def most_frequent(reasons: dict[int, Message]) -> Message:
    """Of the reasons of rows, the one that most have."""
    words = Counter(str(reason) for reason in reasons.values())
    wanted = words.most_common(1)[0][0]
    return next(reason for reason in reasons.values() if str(reason) == wanted)


def require_some(demand: Rows) -> None:
    """Raises `NothingComputed` when nobody's place could be used, whatever the weights."""
    usable = demand.usable()
    if usable.any() and not (np.nansum(demand.weight) > 0 >= np.nansum(demand.weight[usable])):
        return
    raise NothingComputed(
        "Nobody's place could be put on the network: {reason} Spreading the population over the buildings may help.",
        reason=most_frequent(demand.reasons),
    )


def place(rows: Rows, router: Router, snap_distance: float, progress: Progress) -> tuple[SnappedPoints, np.ndarray]:
    """Snapped points on the network of the rows that can be used, and their row numbers (p,).

    Rows farther than ``snap_distance`` metres from the network get their reason and no place.
    """
    chosen = np.flatnonzero(rows.usable())
    places = router.snap(rows.xy[chosen], snap_distance, progress)
    on_network = places.link >= 0
    nowhere = chosen[~on_network]
    rows.reasons.update(zip(nowhere.tolist(), router.why_not(rows.xy[nowhere], snap_distance)))
    return places.take(on_network), chosen[on_network]
