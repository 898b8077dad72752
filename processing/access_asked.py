"""What an algorithm of access was asked for: demand, services and zones, placed on the network it travels on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsFeatureSource
from shapely.geometry.base import BaseGeometry

from ..core.access.coverage import NothingComputed
from ..core.access.opening import opening_at, parse_moment
from ..core.access.sentences import not_computed_sentence
from ..core.access.zones import also_in_later_zones, zone_of_points
from ..core.messages import msg
from ..core.progress import Progress
from ..core.routing.local import Router
from ..core.routing.snapped_points import SnappedPoints
from ..core.thresholds import parse_thresholds
from ..i18n import translate_message
from .access_inputs import (
    FAILED_COLUMNS,
    LayerError,
    Rows,
    categories_of,
    most_frequent,
    place,
    read_rows,
    reasons_column,
    require_crs,
    require_some,
    row_ids,
    shapes,
    warn_of_failures,
)
from .asked import Columns
from .attributes import as_text
from .garbage import beside
from .network_input import NetworkAsked
from .table import ResultTable

MANY = 5_000
"""Rows whose reading takes as long as what is made ready meanwhile to put them on the network."""


class Placed(NamedTuple):
    """The rows of a layer (n), and those that are on the network (p).

    Attributes:
        row: (p,) the row of each place.
    """

    rows: Rows
    places: SnappedPoints
    row: np.ndarray

    def by_row(self, values: np.ndarray) -> np.ndarray:
        """(n,) the values (p,) of the places, NaN for the rows that have none."""
        found = np.full(len(self.rows.features), np.nan)
        found[self.row] = values
        return found


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

    def require_some(self) -> None:
        """Raises `NothingComputed` when no service of any category could be put on the network."""
        if self.lost.all():
            raise _none_placed(self.rows)


class ZoneRow(NamedTuple):
    """A zone as a row of a result; the people outside every zone have one too, without feature."""

    feature: QgsFeature | None
    id: str | None
    reason: str | None


class DemandZones(NamedTuple):
    """The zones, and after them a last one without geometry for the demand that lies in none."""

    source: QgsFeatureSource | None
    features: list[QgsFeature]
    ids: list[str]
    of_demand: np.ndarray
    polygons: list[BaseGeometry | None]
    """In the CRS of the network."""

    def each(self) -> Iterator[ZoneRow]:
        """As rows of a result."""
        for number, zone_id in enumerate(self.ids):
            feature = self.features[number] if number < len(self.features) else None
            outside = feature is None and self.source is not None
            yield ZoneRow(feature, zone_id or None, translate_message(msg("Outside every zone.")) if outside else None)


class AccessAsked(NetworkAsked):
    """One run of an algorithm where demand and services meet on a road network.

    What could not be used of the layers that it reads goes to FAILED when the work is done.
    """

    def __init__(self, *run: Any) -> None:
        super().__init__(*run)
        self._read: list[Rows] = []
        self._services: tuple[Placed, list[str], np.ndarray] | None = None

    @property
    def direction(self) -> str:
        """DIRECTION: departure, towards the service, unless said."""
        return self.choice("DIRECTION", "departure")

    def thresholds(self, name: str = "THRESHOLDS") -> tuple[float, ...]:
        """Growing thresholds from their text."""
        return parse_thresholds(self.column(name))

    # -- layers -------------------------------------------------------------------------------------------------------

    def rows(
        self,
        name: str,
        crs: QgsCoordinateReferenceSystem | None,
        *,
        id: str = "",
        weight: str = "",
        progress: Progress | None = None,
        may_be_empty: bool = False,
        listed: bool = True,
        wanted: Callable[[QgsFeature], bool] | None = None,
    ) -> Rows:
        """The rows of a layer, or those ``wanted`` of it, their positions in ``crs`` (None: they need none).

        ``id`` and ``weight`` are the names of the parameters that name its columns. Rows that cannot be used are
        ``listed`` in FAILED.
        """
        source = self.source(name)
        progress = progress or Progress()
        id_field, weight_field = (self.column(parameter) for parameter in (id, weight))
        rows = read_rows(
            source,
            name,
            crs,
            self.context,
            progress,
            id_field=id_field,
            weight_field=weight_field,
            may_be_empty=may_be_empty,
        )
        if wanted is not None:
            rows = rows.only([wanted(feature) for feature in rows.features])
        if self.has(id) and len(set(rows.ids)) < len(rows.ids):
            progress.warn(msg("Some rows of {name} have the same identifier.", name=name))
        if listed:
            self._read.append(rows)
        return rows

    def places(self, name: str, upto: float, **which: Any) -> Placed:
        """The rows of a layer, ``which`` as `rows` has it, and the places of those that can be used (see
        `access_inputs.place`)."""
        step, router = self.upto(upto), self.router()
        many = self.source(name).featureCount() > MANY
        with beside(router.prepare_to_snap) if many else nullcontext():
            rows = self.rows(name, self.crs, progress=step.part(0.0, 0.7), **which)
        return self.placed(rows, step.part(0.7, 1.0))

    def placed(self, rows: Rows, progress: Progress, router: Router | None = None) -> Placed:
        """Rows on the network, or on that of another ``router``."""
        return Placed(rows, *place(rows, router or self.router(), self.number("SNAP_DISTANCE"), progress))

    def require_placed(self, sites: Placed) -> None:
        """Raises `NothingComputed` when there are sites and none could be put on the network."""
        if sites.rows.features and not len(sites.row):
            raise _none_placed(sites.rows)

    def demand(self, upto: float) -> Placed:
        """DEMAND; says how many people could not be computed. Raises `NothingComputed` where nobody could."""
        demand = self.places("DEMAND", upto, id="DEMAND_ID", weight="DEMAND_WEIGHT")
        require_some(demand.rows)
        sentence = not_computed_sentence(demand.rows.not_computed())
        if sentence is not None:
            self.progress.warn(sentence)
        return demand

    def warn_without_population(self) -> None:
        """Say that places count for 1 where no column of population was chosen."""
        if not self.column("DEMAND_WEIGHT"):
            self.progress.warn(msg("No population was given: every place of demand counts for 1."))

    def supply(self, upto: float, at_any_time: bool = False) -> Supply:
        """SERVICES, with only those that are open at OPEN_AT unless ``at_any_time``."""
        if self._services is None:
            services = self.places("SERVICES", upto, id="SERVICE_ID")
            self._services = (services, *categories_of(services.rows.features, self.column("CATEGORY_FIELD")))
        (rows, places, row), names, category = self._services
        counted, unknown = self.open_then(rows, row) if not at_any_time else (np.ones(len(row), bool),) * 2
        lost = _lost(rows, category, len(names))
        if lost.any() and not at_any_time:
            codes = ", ".join(names[row] for row in np.flatnonzero(lost))
            self.progress.warn(
                msg("No place could be put on the network of: {names}. Nobody is computed for these.", names=codes)
            )
        may = counted | unknown
        candidates = Candidates(places.take(may), row[may], category[row[may]], unknown[may])
        return Supply(rows, places.take(counted), row[counted], names, category[row[counted]], lost, candidates)

    def open_then(self, rows: Rows, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(p,) bool each: which places at ``row`` (p,) count at OPEN_AT, and which are of unknown hours."""
        moment = self.text("OPEN_AT")
        if not moment:
            return np.ones(len(row), dtype=bool), np.zeros(len(row), dtype=bool)
        opening = opening_at(self.hours(rows, row), parse_moment(moment))
        counts = {"open": int(opening.open.sum()), "unknown": int(opening.unknown.sum()), "total": len(row)}
        if self.choice("UNKNOWN_HOURS", "closed") == "open":
            self.progress.warn(
                msg("{open} of {total} places are open; {unknown} of unknown hours also count.", **counts)
            )
            return opening.open | opening.unknown, opening.unknown
        self.progress.warn(msg("{open} of {total} places are open; {unknown} of unknown hours do not count.", **counts))
        return opening.open, opening.unknown

    def hours(self, rows: Rows, row: np.ndarray) -> list[str]:
        """The opening hours of the places at ``row``, empty where there is no such column."""
        field = self.column("HOURS_FIELD") if self.has("HOURS_FIELD") else "horaires"
        if not rows.features or rows.features[0].fields().lookupField(field) < 0:
            return [""] * len(row)
        return [as_text(rows.features[number][field]) for number in row]

    def zones(self, demand: Rows, crs: QgsCoordinateReferenceSystem | None, upto: float) -> DemandZones:
        """The zone of each place of demand, whose positions are in ``crs``; without ZONES all are in a single one."""
        progress = self.upto(upto)
        source = self.optional_source("ZONES")
        if source is None:
            return DemandZones(None, [], [""], np.zeros(len(demand.features), dtype=np.int64), [])
        require_crs(source, "ZONES")
        features = list(source.getFeatures())
        if not features:
            raise LayerError("The layer {name} is empty.", name="ZONES")
        ids = row_ids(features, self.column("ZONE_ID"))
        if len(set(ids)) < len(ids):
            progress.warn(msg("Some zones have the same identifier: each has its own row in the result."))
        polygons = self.shapes(features, source, crs)
        of_demand = np.full(len(demand.features), -1)
        located = np.isfinite(demand.xy).all(axis=1)
        of_demand[located] = zone_of_points(demand.xy[located], polygons, progress)
        shared = np.flatnonzero(located)[also_in_later_zones(demand.xy[located], polygons, of_demand[located])]
        people = float(np.nansum(demand.weight[shared]))
        if people:
            progress.warn(
                msg(
                    "Zones overlap: {count} person lives in several of them, and counts in the first one."
                    "|Zones overlap: {count} people live in several of them, and count in the first one.",
                    count=people,
                )
            )
        outside = of_demand < 0
        if outside.any():
            people = float(np.nansum(demand.weight[outside & located]))
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
        return DemandZones(source, features, ids, of_demand, polygons)

    def shapes(
        self, features: Sequence[QgsFeature], source: QgsFeatureSource, crs: QgsCoordinateReferenceSystem
    ) -> list[BaseGeometry | None]:
        """Geometries of the features of a layer in ``crs``; None where there is none, or it has no place there."""
        return shapes(features, source.sourceCrs(), crs, self.context)

    # -- results ------------------------------------------------------------------------------------------------------

    def rows_table(self, name: str, rows: Rows, columns: Columns, **how: Any) -> ResultTable:
        """The result ``name``: a layer's rows with more ``columns``, and why a row could not be computed."""
        return self.table(name, (*columns, ("raison", "text")), like=rows.source, **how)

    def write_rows(self, table: ResultTable, rows: Rows, columns: Iterable[Any], upto: float) -> None:
        """All rows (n) of a layer with more ``columns`` of n values each, and the reasons."""
        if table.wanted:
            table.add_columns([*columns, reasons_column(rows)], rows.features, self.upto(upto))

    def finish(self) -> None:
        """Fill FAILED with the rows of each layer that could not be used, and say how many."""
        if not self.has("FAILED"):
            return
        table = self.table("FAILED", FAILED_COLUMNS, style="problems")
        for rows in self._read:
            for row, reason in sorted(rows.reasons.items()):
                table.add([rows.name, rows.ids[row], translate_message(reason)])
            warn_of_failures(self.progress, rows)


def _none_placed(sites: Rows) -> NothingComputed:
    return NothingComputed(
        "None of the services could be put on the network: {reason}", reason=most_frequent(sites.reasons)
    )


def _lost(rows: Rows, category: np.ndarray, categories: int) -> np.ndarray:
    """(c,) bool: the categories that have places, none of which can be used."""
    usable = rows.usable()
    return (np.bincount(category[usable], minlength=categories) == 0) & (
        np.bincount(category[~usable], minlength=categories) > 0
    )
