"""Isochrones of any points, by any engine: polygons one can put before an assembly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from qgis.core import (
    QgsExpression,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsFeatureSource,
    QgsFeedback,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingParameterAuthConfig,
)
from shapely import wkb

from ..core.access.local_engine import LocalEngine, ServiceArea
from ..core.access.overlap import Union, rings
from ..core.errors import InvalidInput
from ..core.messages import Message
from ..core.processes.in_order import in_order
from ..core.progress import Progress
from ..core.routing import geoplateforme, openrouteservice
from ..core.routing.answer_cache import AnswerCache
from ..core.routing.engines import Answer, Engine, Request, TravelMode
from ..core.routing.online import OnlineEngine
from ..core.routing.valhalla import Valhalla
from ..core.thresholds import parse_thresholds
from ..core.transit.reach import TransitEngine
from ..core.travel_modes import DIRECTIONS, METRICS, TRANSIT
from ..i18n import tr, translate_message
from . import settings
from .access_inputs import thresholds_parameter
from .address_parameter import AddressParameter
from .attributes import is_null
from .cache import answers_path
from .coordinates import to_qgis
from .hour import refuse_hour
from .isochrone_contents import IsochroneContents, add_contents
from .network_input import NetworkAlgorithm, NetworkAsked, require_walking
from .qgis_enums import GeometryType, SourceType, WkbType
from .transport import open_session

KINDS: dict[str, Callable[..., OnlineEngine]] = {
    "geoplateforme": geoplateforme.Geoplateforme,
    "valhalla": Valhalla,
    "openrouteservice": openrouteservice.OpenRouteService,
}
PUBLIC_SERVERS = {
    "geoplateforme": geoplateforme.SERVER,
    "valhalla": "",
    "openrouteservice": openrouteservice.SERVER,
}
"""Addresses open to all; Valhalla has none that bears a run."""
OVERLAPS = ("separate", "dissolved", "rings")
FID = "fid_origine"
"""A point has several rows: its row number is kept under another name."""
FAILED = (("cutoffs", "text"), ("raison", "text"))
ADDED = (("cutoff", "float"), ("metric", "text"), ("profile", "text"), ("direction", "text"), ("engine", "text"))


class Point(NamedTuple):
    """One point to compute: its feature, and where it is in the engine's CRS."""

    feature: QgsFeature
    x: float
    y: float
    cutoffs: tuple[float, ...]


class Isochrones(NetworkAlgorithm):
    """`cartoservices:isochrones`"""

    ID = "isochrones"

    def displayName(self) -> str:
        return tr("Isochrones")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layer("INPUT", tr("Points"))
        self.add_enum("ENGINE", tr("Computed by"), list(settings.ENGINES), settings.ENGINE.value())
        self.add_network(optional=True)
        self.add_transit()
        self.add_cluster()
        self.add_enum("METRIC", tr("Measured in (time: minutes; distance: metres)"), list(METRICS), "time")
        cutoffs = tr("Cutoffs (minutes or metres): a list, or an expression on each point")
        self.addParameter(thresholds_parameter("CUTOFFS", cutoffs, "5,10,15"))
        self.add_enum("DIRECTION", tr("Direction (arrival: towards the point)"), list(reversed(DIRECTIONS)), "arrival")
        self.add_enum("OVERLAP", tr("Where areas overlap"), list(OVERLAPS), "separate")
        self.add_field("DISSOLVE_FIELD", tr("Dissolved or rings: one area for each value of"), "INPUT")
        reach = tr("How far from a road one still counts (metres; local engine)")
        self.add_number("REACH", reach, least=1, optional=True, advanced=True)
        self.add_advanced(
            AddressParameter("SERVER", tr("Address of the server (else that of the options)"), optional=True)
        )
        self.add_advanced(QgsProcessingParameterAuthConfig("AUTHCFG", tr("Authentication"), optional=True))
        add_contents(self)
        self.add_output("OUTPUT", tr("Isochrones"), SourceType.VectorPolygon)
        self.add_output("FAILED", tr("Points without isochrone"), SourceType.VectorPoint, optional=True)

    def compute(self, asked: NetworkAsked) -> None:
        source = asked.source("INPUT")
        travel = TravelMode(asked.choice("PROFILE"), asked.choice("METRIC"), asked.choice("DIRECTION"))
        under_way = QgsFeedback()
        try:
            engine = _engine(asked, under_way)
            if isinstance(engine, TransitEngine):
                travel = travel._replace(profile=TRANSIT)
            elif isinstance(engine, LocalEngine):
                travel = travel._replace(profile=engine.profile)
            outputs = _Outputs(asked, source, engine, travel)
            points = _points(asked, source, engine, outputs)
            outputs.expect(points)
            if outputs.dissolves and isinstance(engine, LocalEngine):
                outputs.take_areas(points, *engine.merged(*outputs.grouped(points), travel, asked.progress))
            else:
                for point, answer in _answers(engine, points, travel, asked.progress):
                    outputs.take(point, answer)
            outputs.finish(asked.progress)
        finally:
            # Requests that nobody waits for any more end here.
            under_way.cancel()


def _engine(asked: NetworkAsked, under_way: QgsFeedback) -> Engine:
    name = asked.choice("ENGINE")
    ride = asked.ride()
    if name != "local":
        if ride is not None:
            raise InvalidInput("Servers know no timetable: with TRANSIT, ENGINE must be “local”.")
        refuse_hour(asked)
        return open_engine(name, asked.text("SERVER"), asked.column("AUTHCFG"), under_way)
    if not asked.is_given("NETWORK"):
        raise InvalidInput("The local engine needs a road network: give NETWORK, or choose a server.")
    snap_distance, reach = asked.number("SNAP_DISTANCE"), asked.number("REACH", empty=0.0) or None
    if ride is None:
        return LocalEngine(asked.network(1.0), snap_distance, reach)
    require_walking(asked.router(0.1))
    return TransitEngine(asked.router().network, ride, snap_distance, reach)


def _points(asked: NetworkAsked, source: QgsFeatureSource, engine: Engine, outputs: _Outputs) -> list[Point]:
    """Every single point, multipoints in their parts. What has no position goes to FAILED at once."""
    cutoffs = _Cutoffs(asked.column("CUTOFFS"), source, asked.context)
    to_engine = asked.mover(source.sourceCrs(), engine.crs)
    points = []
    for feature in source.getFeatures():
        try:
            wanted = cutoffs.of(feature)
            for place in _single_points(feature.geometry()):
                moved = to_engine.point(place)
                if moved is None:
                    raise InvalidInput("The position does not exist in the coordinates the engine uses.")
                points.append(Point(feature, moved.x(), moved.y(), wanted))
        except InvalidInput as error:
            outputs.fail(feature, (), error.message)
    return points


def open_engine(name: str, server: str, authcfg: str, under_way: QgsFeedback) -> OnlineEngine:
    """The engine of an isochrone server; requests end when ``under_way`` is cancelled. Answers are kept on disk.

    Without ``server`` it is that of the options, and so is its authentication: it never goes to another address.
    """
    if not server:
        server, authcfg = settings.SERVER[name].value(), authcfg or settings.AUTHCFG[name].value()
    address = server or PUBLIC_SERVERS[name]
    if not address:
        raise InvalidInput("Give the address of the Valhalla server (SERVER), or set it in the options.")
    return KINDS[name](address, lambda: open_session(address, authcfg, under_way), AnswerCache(answers_path()))


def _answers(
    engine: Engine, points: list[Point], travel: TravelMode, progress: Progress
) -> Iterator[tuple[Point, Answer]]:
    """What the engine answers for each point, in the same order at each run.

    The local engine has an order of its own, neighbours together; servers answer in any order.
    """
    answers = engine.isochrones(_requests(points), travel, progress)
    if not isinstance(engine, LocalEngine):
        answers = in_order(((answer.key, answer) for answer in answers), out_of_turn=True)
    for answer in answers:
        yield points[answer.key], answer


def _requests(points: list[Point]) -> list[Request]:
    return [Request(key, point.x, point.y, point.cutoffs) for key, point in enumerate(points)]


def _single_points(geometry: QgsGeometry) -> list[QgsPointXY]:
    """The points of a point or multipoint; a point on the surface of anything else. Raises `InvalidInput` for none."""
    if geometry.isNull() or geometry.isEmpty():
        raise InvalidInput("No geometry.")
    if geometry.type() != GeometryType.Point:
        geometry = geometry.pointOnSurface()
    return [QgsPointXY(vertex.x(), vertex.y()) for vertex in geometry.vertices()]


class _Cutoffs:
    """The cutoffs of each feature: the same list for all, or what an expression gives."""

    def __init__(self, text: str, source: QgsFeatureSource, context: QgsProcessingContext) -> None:
        self._expression = None
        try:
            self._all = _positive(text)
        except InvalidInput:
            self._expression = QgsExpression(text)
            known = set(source.fields().names())
            columns = self._expression.referencedColumns()
            if self._expression.hasParserError() or not columns or not columns <= known:
                raise
            self._context = context.expressionContext()
            self._context.setFields(source.fields())
            self._context.appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(None))
            self._expression.prepare(self._context)

    def of(self, feature: QgsFeature) -> tuple[float, ...]:
        if self._expression is None:
            return self._all
        self._context.setFeature(feature)
        value = self._expression.evaluate(self._context)
        if self._expression.hasEvalError() or is_null(value):
            raise InvalidInput("The expression of the cutoffs gives nothing for this point.")
        values = value if isinstance(value, list) else [value]
        return _positive(",".join(str(one) for one in values))


def _positive(text: str) -> tuple[float, ...]:
    cutoffs = parse_thresholds(text)
    if cutoffs[0] <= 0:
        raise InvalidInput("Cutoffs must be above zero.")
    return cutoffs


class _Outputs:
    """Writes what the engine answers, as the user wants overlaps to be."""

    def __init__(self, asked: NetworkAsked, source: QgsFeatureSource, engine: Engine, travel: TravelMode) -> None:
        self._overlap, self._group_by = asked.choice("OVERLAP"), asked.column("DISSOLVE_FIELD")
        self._travel_columns = [travel.metric, travel.profile, travel.direction, engine.name]
        facts = {"metric": travel.metric}
        self._contents = IsochroneContents(asked, engine.crs)
        self._areas = asked.table(
            "OUTPUT",
            (*ADDED, *self._contents.columns),
            like=source,
            only=self._group_by if self.dissolves else None,
            fid=FID,
            geometry=WkbType.MultiPolygon,
            style="isochrones",
            facts=facts,
        )
        self._failed = asked.table(
            "FAILED", FAILED, like=source, fid=FID, geometry=WkbType.MultiPoint, style="problems", facts=facts
        )
        self._back = asked.mover(engine.crs, source.sourceCrs())
        self._parts: dict[int, int] = defaultdict(int)
        self._waiting: dict[int, dict[float, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        self._unions: dict[tuple[Any, float], Union] = {}
        self._sample: dict[Any, QgsFeature] = {}

    @property
    def dissolves(self) -> bool:
        """Whether one area stands for many points."""
        return self._overlap == "dissolved" or (self._overlap == "rings" and bool(self._group_by))

    def expect(self, points: Iterable[Point]) -> None:
        """How many answers each feature waits for (one a part)."""
        for point in points:
            self._parts[point.feature.id()] += 1

    def take(self, point: Point, answer: Answer) -> None:
        """One more point is answered. A multipoint is written when all its parts are."""
        self._take_failures(point, answer)
        if self.dissolves:
            self._dissolve(point.feature, answer)
            return
        number = point.feature.id()
        for cutoff, polygon in answer.polygons.items():
            self._waiting[number][cutoff].append(polygon)
        self._parts[number] -= 1
        if not self._parts[number]:
            self._write_areas(point.feature, self._waiting.pop(number, {}))

    def _take_failures(self, point: Point, answer: Answer) -> None:
        by_reason = defaultdict(list)
        for cutoff, reason in answer.failures.items():
            by_reason[str(reason)].append((cutoff, reason))
        for cutoffs in by_reason.values():
            self.fail(point.feature, [cutoff for cutoff, _ in cutoffs], cutoffs[0][1])

    def take_areas(self, points: list[Point], areas: Iterable[ServiceArea], failed: Iterable[Answer]) -> None:
        """What an engine that unites areas itself has made of all points."""
        for answer in failed:
            self._take_failures(points[answer.key], answer)
        for area in areas:
            self._unions.setdefault((area.group, area.cutoff), Union()).add(area.polygon)

    def grouped(self, points: list[Point]) -> tuple[list[Request], list[Any]]:
        """What is asked for each point, and to which area it belongs."""
        return _requests(points), [self._group_of(point.feature) for point in points]

    def _write_areas(self, feature: QgsFeature, parts: dict[float, list[bytes]]) -> None:
        self._write_cut(
            feature, {cutoff: wkbs[0] if len(wkbs) == 1 else Union(wkbs).wkb for cutoff, wkbs in parts.items()}
        )

    def _dissolve(self, feature: QgsFeature, answer: Answer) -> None:
        group = self._group_of(feature)
        for cutoff, polygon in answer.polygons.items():
            self._unions.setdefault((group, cutoff), Union()).add(polygon)

    def _group_of(self, feature: QgsFeature) -> Any:
        value = feature[self._group_by] if self._group_by else None
        group = None if is_null(value) else value
        self._sample.setdefault(group, feature)
        return group

    def finish(self, progress: Progress) -> None:
        """Write what could only be known at the end."""
        groups: dict[Any, dict[float, bytes]] = defaultdict(dict)
        for group, cutoff in sorted(self._unions, key=lambda key: (str(key[0]), key[1])):
            progress.check()
            groups[group][cutoff] = self._unions[group, cutoff].wkb
        for group, areas in groups.items():
            progress.check()
            self._write_cut(self._sample[group], areas)
        self._contents.say()

    def _write_cut(self, of: QgsFeature, areas: dict[float, bytes]) -> None:
        """The areas of one point, or of the group of this one; or their rings when these are wanted."""
        cut = self._overlap == "rings"
        counted = self._contents.of(areas, cut)
        if cut:
            areas = rings(areas)
        for cutoff in sorted(areas):
            self._write(of, cutoff, areas[cutoff], counted[cutoff])

    def _write(self, of: QgsFeature, cutoff: float, polygon: bytes, counted: list[Any]) -> None:
        (area,) = self._back.transform.shapes([wkb.loads(polygon)])
        geometry = to_qgis(area)
        if geometry is None:
            raise InvalidInput("An area has no place in the coordinate reference system of the layer of points.")
        self._areas.add([cutoff, *self._travel_columns, *counted], of, geometry)

    def fail(self, feature: QgsFeature, cutoffs: Iterable[float], reason: Message) -> None:
        """A point, or some of its cutoffs, that could not be computed."""
        text = ",".join(f"{cutoff:g}" for cutoff in sorted(cutoffs))
        geometry = QgsGeometry(feature.geometry())
        if geometry.isNull() or geometry.type() != GeometryType.Point:
            geometry = QgsGeometry()
        geometry.convertToMultiType()
        self._failed.add([text, translate_message(reason)], feature, geometry)
