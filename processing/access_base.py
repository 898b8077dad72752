"""What the algorithms where demand meets services share: their parameters, and the two sides placed on the network."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSource,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.access.coverage import NothingComputed
from ..core.access.opening import Moment, opening_at, parse_moment
from ..core.access.sentences import not_computed_sentence
from ..core.access.travel import ByRoad, Travel
from ..core.access.zones import zone_of_points
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..core.transit.by_transit import ByTransit
from ..core.transit.timetable import open_timetable
from ..core.transit.window import DepartureWindow
from ..i18n import tr
from .access_inputs import (
    FAILED_COLUMNS,
    LayerError,
    Rows,
    as_text,
    categories_of,
    most_frequent,
    place,
    read_rows,
    require_crs,
    require_some,
    row_ids,
    shapes,
    warn_of_failures,
    write_failures,
)
from .network_input import NetworkAlgorithm
from .qgis_enums import FieldType, NumberType, SourceType

METRICS = ("time", "distance")
UNITS = {"time": "min", "distance": "m"}
DIRECTIONS = ("departure", "arrival")
WALKING = "foot"


class Candidates(NamedTuple):
    """The services (c) that are open or of unknown hours: their places, rows, and the rows of their categories."""

    places: SnappedPoints
    row: np.ndarray
    category: np.ndarray
    unknown: np.ndarray


class Supply(NamedTuple):
    """The services that count.

    Attributes:
        rows: all rows of the layer.
        places: (p) where those that count are on the network.
        row: (p,) their rows.
        categories: codes in alphabetical order, also those of which no place counts.
        category: (p,) row of the category of each place.
        lost: (c,) bool: the categories of which no place could be put on the network, and some could not.
        candidates: those that count, and those of unknown hours when they do not.
    """

    rows: Rows
    places: SnappedPoints
    row: np.ndarray
    categories: list[str]
    category: np.ndarray
    lost: np.ndarray
    candidates: Candidates


class Zones(NamedTuple):
    """The zones, and after them a last one without geometry for the demand that lies in none."""

    source: QgsFeatureSource | None
    features: list[QgsFeature]
    ids: list[str]
    of_demand: np.ndarray


def _none_placed(sites: Rows) -> NothingComputed:
    return NothingComputed(
        "None of the services could be put on the network: {reason}", reason=most_frequent(sites.reasons)
    )


def require_walking(router: Router) -> None:
    """Raises `InvalidInput` for a network that is not on foot: people walk to the stops."""
    if router.network.profile != WALKING:
        raise InvalidInput("With TRANSIT, NETWORK must be one on foot: this one was built for another profile.")


class AccessAlgorithm(NetworkAlgorithm):
    """An algorithm where demand and services meet on a road network."""

    # -- parameters ---------------------------------------------------------------------------------------------------

    def add_layer(self, name: str, label: str, or_table: bool = False) -> None:
        """A layer of places: points, or the inner points of other geometries; ``or_table``: none may be needed."""
        kind = SourceType.Vector if or_table else SourceType.VectorAnyGeometry
        self.addParameter(QgsProcessingParameterFeatureSource(name, label, [kind]))

    def add_field(
        self,
        name: str,
        label: str,
        parent: str,
        *,
        number: bool = False,
        default: str | None = None,
        optional: bool = True,
    ) -> None:
        """A column of the layer ``parent``."""
        self.addParameter(
            QgsProcessingParameterField(
                name,
                label,
                default,
                parentLayerParameterName=parent,
                type=FieldType.Numeric if number else FieldType.Any,
                optional=optional,
            )
        )

    def add_demand(self, weight: bool = True) -> None:
        """DEMAND, with DEMAND_WEIGHT."""
        self.add_layer("DEMAND", tr("Demand (places where people live)"))
        if weight:
            self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)

    def add_services(self) -> None:
        """SERVICES and CATEGORY_FIELD."""
        self.add_layer("SERVICES", tr("Services"))
        self.add_field("CATEGORY_FIELD", tr("Category of each service"), "SERVICES")

    def add_opening(self) -> None:
        """OPEN_AT, UNKNOWN_HOURS and HOURS_FIELD."""
        self.addParameter(
            QgsProcessingParameterString("OPEN_AT", tr("Only places open at (such as “samedi 10:00”)"), optional=True)
        )
        self.add_enum(
            "UNKNOWN_HOURS", tr("Places of unknown hours count as"), ["closed", "open"], "closed", optional=True
        )
        self.add_hours_field()

    def add_hours_field(self) -> None:
        """HOURS_FIELD."""
        self.add_advanced(
            QgsProcessingParameterField(
                "HOURS_FIELD",
                tr("Opening hours of each service"),
                "horaires",
                parentLayerParameterName="SERVICES",
                optional=True,
            )
        )

    def add_metric(self) -> None:
        self.add_enum(
            "METRIC", tr("Measured in (time: minutes; distance: metres)"), list(METRICS), "time", optional=True
        )

    def add_direction(self) -> None:
        self.add_enum(
            "DIRECTION",
            tr("Direction (departure: towards the service; arrival: from it)"),
            list(DIRECTIONS),
            "departure",
            optional=True,
        )

    def add_max_cost(self, default: float | None = None) -> None:
        self.addParameter(
            QgsProcessingParameterNumber(
                "MAX_COST",
                tr("Farthest cost (minutes or metres)"),
                NumberType.Double,
                default,
                optional=True,
                minValue=0,
            )
        )

    def add_transit(self) -> None:
        """TRANSIT, WINDOW, PERCENTILE and ARRIVE_BY."""
        files = tr("Timetable (*.transit);;All files (*)")
        self.addParameter(
            QgsProcessingParameterFile(
                "TRANSIT",
                tr("Public transport (the file made by “Build the public transport timetable”)"),
                optional=True,
                fileFilter=files,
            )
        )
        label = tr("Leaving between (public transport)")
        self.add_advanced(QgsProcessingParameterString("WINDOW", label, "07:00-09:00", optional=True))
        self.add_advanced(
            QgsProcessingParameterNumber(
                "PERCENTILE",
                tr("Percentile of the minutes of that time (public transport)"),
                NumberType.Double,
                50,
                minValue=0,
                maxValue=100,
            )
        )
        self.add_advanced(
            QgsProcessingParameterBoolean("ARRIVE_BY", tr("These are times of arrival (public transport)"), False)
        )

    def add_failed(self) -> None:
        self.add_output("FAILED", tr("What could not be computed"), SourceType.Vector, optional=True)

    # -- reading ------------------------------------------------------------------------------------------------------

    def router(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> Router:
        """The network with the costs asked for by METRIC."""
        return Router(self.network(parameters, context, progress), self.choice(parameters, "METRIC", context, "time"))

    def travel(self, parameters: dict[str, Any], context: QgsProcessingContext, router: Router) -> Travel:
        """By the network's roads, or by the timetable given for TRANSIT.

        Raises `InvalidInput` when a timetable is given with a network that is not on foot, or with METRIC distance.
        """
        path = self._transit(parameters, context)
        if not path:
            return ByRoad(router)
        require_walking(router)
        window = DepartureWindow.parse(
            self.parameterAsString(parameters, "WINDOW", context),
            self.parameterAsDouble(parameters, "PERCENTILE", context),
            self.parameterAsBool(parameters, "ARRIVE_BY", context),
        )
        snap_distance = self.parameterAsDouble(parameters, "SNAP_DISTANCE", context)
        return ByTransit(router, open_timetable(path), window, snap_distance)

    def _transit(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        if self.parameterDefinition("TRANSIT") is None:
            return ""
        return self.parameterAsFile(parameters, "TRANSIT", context)

    def profile(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """On foot with a timetable, else PROFILE."""
        return WALKING if self._transit(parameters, context) else super().profile(parameters, context)

    def choice(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext, default: str) -> str:
        """An enumeration's value; ``default`` where the algorithm does not have it or it was left empty."""
        if self.parameterDefinition(name) is None:
            return default
        return self.parameterAsEnumString(parameters, name, context) or default

    def max_cost(self, parameters: dict[str, Any], context: QgsProcessingContext) -> float:
        """MAX_COST, infinite when it was left empty."""
        if parameters.get("MAX_COST") is None and self.parameterDefinition("MAX_COST").defaultValue() is None:
            return np.inf
        return self.parameterAsDouble(parameters, "MAX_COST", context)

    def crs_of(self, router: Router) -> QgsCoordinateReferenceSystem:
        return QgsCoordinateReferenceSystem(router.network.crs)

    def read_layer(
        self, parameters, name: str, router: Router, context, progress: Progress, id_field: str = "", weight: str = ""
    ) -> Rows:
        """The rows of a layer; ``id_field`` and ``weight`` are the names of the parameters that name its columns."""
        rows = read_rows(
            self.source(parameters, name, context),
            name,
            self.crs_of(router),
            context,
            progress,
            self.parameterAsString(parameters, id_field, context) if id_field else "",
            self.parameterAsString(parameters, weight, context) if weight else "",
        )
        if id_field and len(set(rows.ids)) < len(rows.ids):
            progress.warn(msg("Some rows of {name} have the same identifier.", name=name))
        return rows

    def read_rows_without_place(self, parameters, name: str, context, id_field: str, weight: str) -> Rows:
        """The rows of a layer whose costs come from a table: they need no position."""
        return read_rows(
            self.source(parameters, name, context),
            name,
            None,
            context,
            Progress(),
            self.parameterAsString(parameters, id_field, context),
            self.parameterAsString(parameters, weight, context),
        )

    def place(
        self, parameters, rows: Rows, router: Router, context, progress: Progress
    ) -> tuple[SnappedPoints, np.ndarray]:
        """Snapped points of the rows that can be used, and their row numbers; see `access_inputs.place`."""
        return place(rows, router, self.parameterAsDouble(parameters, "SNAP_DISTANCE", context), progress)

    def place_demand(
        self, parameters, demand: Rows, router: Router, context, progress: Progress
    ) -> tuple[SnappedPoints, np.ndarray]:
        """As `place`; says how many people could not be computed. Raises `NothingComputed` where nobody could."""
        places, row = self.place(parameters, demand, router, context, progress)
        require_some(demand)
        said = not_computed_sentence(demand.not_computed())
        if said is not None:
            progress.warn(said)
        return places, row

    def supply(
        self, parameters, router: Router, context, progress: Progress, id_field: str = "", at_any_time: bool = False
    ) -> Supply:
        """SERVICES, with only those that are open at OPEN_AT unless ``at_any_time``."""
        moment = None if at_any_time else self._moment(parameters, context)
        rows = self.read_layer(parameters, "SERVICES", router, context, progress.part(0.0, 0.7), id_field)
        names, category = categories_of(rows.features, self.parameterAsString(parameters, "CATEGORY_FIELD", context))
        places, row = self.place(parameters, rows, router, context, progress.part(0.7, 1.0))
        counted, unknown = np.ones(len(row), dtype=bool), np.zeros(len(row), dtype=bool)
        if moment is not None:
            counted, unknown = self._open(parameters, rows, row, moment, context, progress)
        lost = _lost(rows, category, len(names))
        if lost.any():
            codes = ", ".join(names[row] for row in np.flatnonzero(lost))
            progress.warn(
                msg("No place could be put on the network of: {names}. Nobody is computed for these.", names=codes)
            )
        may = counted | unknown
        candidates = Candidates(places.take(may), row[may], category[row[may]], unknown[may])
        return Supply(rows, places.take(counted), row[counted], names, category[row[counted]], lost, candidates)

    def require_services(self, supply: Supply) -> None:
        """Raises `NothingComputed` when no service of any category could be put on the network."""
        if supply.lost.all():
            raise _none_placed(supply.rows)

    def require_placed(self, sites: Rows) -> None:
        """Raises `NothingComputed` when there are sites and none could be put on the network."""
        if sites.features and not sites.usable().any():
            raise _none_placed(sites)

    def _open_at(self, parameters, context) -> str:
        """OPEN_AT as it was given, empty where the algorithm does not have it."""
        has_it = self.parameterDefinition("OPEN_AT") is not None
        return self.parameterAsString(parameters, "OPEN_AT", context).strip() if has_it else ""

    def _moment(self, parameters, context) -> Moment | None:
        text = self._open_at(parameters, context)
        return parse_moment(text) if text else None

    def _open(
        self, parameters, services: Rows, row: np.ndarray, moment: Moment, context, progress
    ) -> tuple[np.ndarray, np.ndarray]:
        """(p,) bool each: which services at ``row`` (p,) count at that moment, and which are of unknown hours."""
        opening = opening_at(self.hours(parameters, services, row, context), moment)
        counts = {"open": int(opening.open.sum()), "unknown": int(opening.unknown.sum()), "total": len(row)}
        if self.choice(parameters, "UNKNOWN_HOURS", context, "closed") == "open":
            progress.warn(msg("{open} of {total} places are open; {unknown} of unknown hours also count.", **counts))
            return opening.open | opening.unknown, opening.unknown
        progress.warn(msg("{open} of {total} places are open; {unknown} of unknown hours do not count.", **counts))
        return opening.open, opening.unknown

    def hours(self, parameters, services: Rows, row: np.ndarray, context) -> list[str]:
        """The opening hours of the services at ``row``, empty where there is no such column."""
        field = self.parameterAsString(parameters, "HOURS_FIELD", context)
        if services.features[0].fields().lookupField(field) < 0:
            return [""] * len(row)
        return [as_text(services.features[number][field]) for number in row]

    def zones(self, parameters, demand: Rows, crs, context, progress: Progress) -> Zones:
        """The zone of each place of demand; without layer of zones all are in a single one."""
        source = self.parameterAsSource(parameters, "ZONES", context)
        if source is None:
            return Zones(None, [], [""], np.zeros(len(demand.features), dtype=np.int64))
        require_crs(source, "ZONES")
        features = list(source.getFeatures())
        if not features:
            raise LayerError("The layer {name} is empty.", name="ZONES")
        ids = row_ids(features, self.parameterAsString(parameters, "ZONE_ID", context))
        if len(set(ids)) < len(ids):
            progress.warn(msg("Some zones have the same identifier: each has its own row in the result."))
        polygons = shapes(features, source.sourceCrs(), crs, context)
        of_demand = np.full(len(demand.features), -1)
        located = np.isfinite(demand.xy).all(axis=1)
        of_demand[located] = zone_of_points(demand.xy[located], polygons, progress)
        outside = of_demand < 0
        if outside.any():
            people = float(np.nansum(demand.weight[outside]))
            if people:
                progress.warn(
                    msg(
                        "{count} person lives outside every zone, in a row without zone."
                        "|{count} people live outside every zone, in a row without zone.",
                        count=people,
                    )
                )
            of_demand[outside] = len(features)
            ids = [*ids, ""]
        return Zones(source, features, ids, of_demand)

    # -- writing ------------------------------------------------------------------------------------------------------

    def report_failures(self, parameters, context, progress: Progress, **layers: Rows) -> None:
        """Fill FAILED with the rows of each layer that could not be used, and say how many."""
        sink = self.add_sink(parameters, "FAILED", context, FAILED_COLUMNS, style="problems")
        for name, rows in layers.items():
            write_failures(sink, name, rows)
            warn_of_failures(progress, name, rows)


def _lost(rows: Rows, category: np.ndarray, categories: int) -> np.ndarray:
    """(c,) bool: the categories that have places, none of which can be used."""
    usable = rows.usable()
    return (np.bincount(category[usable], minlength=categories) == 0) & (
        np.bincount(category[~usable], minlength=categories) > 0
    )
