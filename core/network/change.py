"""A network whose roads are closed, slowed, made one-way or opened, without reading nor connecting any road again.

The links that a drawing acts on are found, what they cost is changed, new roads are joined; then the network is
contracted anew. What comes out costs the same as a network built from roads changed likewise.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np
from shapely import wkb
from shapely.geometry import LineString, Point

from ..errors import InvalidInput
from ..progress import Progress
from ..ragged import offsets
from .components import ISLAND, MAIN, OUTSIDE
from .file import write_arrays
from .link_boxes import Bounds, LinkBoxes
from .links import LinkCosts
from .network import Network, contraction_arrays, forget_network, turn_arrays
from .preprocessing import preprocess
from .presets.rules import ORDINARY, parse_number

CLOSE, SPEED, WAY, OPEN = ACTIONS = ("fermer", "vitesse", "sens", "ouvrir")
DIRECT, REVERSE, BOTH = WAYS = ("direct", "inverse", "double")
_UNITS = ("km/h", "kmh")
_FOLLOWS = 1.0
"""Metres within which a line follows a road."""
_CROSSING = 2.5 * _FOLLOWS
"""Metres of a road that are near a line which only crosses it, at most."""
_MOST = 0.9
"""Part of a road, or of a line, that must be near the other for the line to follow the road."""
_STEP = 0.01
"""Metres along a line that two vertices of a road beside it must be apart to say which way it goes."""

_ROOM = 1024
"""New links, or junctions, before an array is copied."""
_AROUND, _FARTHEST = 64.0, 1e9
"""Metres around a point where the nearest road is first looked for, and at most."""


class NetworkChange(NamedTuple):
    """One drawing: a shape in the CRS of the network, what is done there, and how much."""

    shape: bytes
    """WKB of lines, polygons or points."""
    action: str
    value: str = ""
    """km/h for `SPEED` and `OPEN`, one of `WAYS` for `WAY`; besides km/h, or for `CLOSE`, one of `WAYS` (`BOTH`)."""


class Affected(NamedTuple):
    """A links, as they were and as they are."""

    change: np.ndarray
    """(A,) the number of the change."""
    line: list[np.ndarray]
    before: np.ndarray
    """(A, 2) minutes as drawn and against; inf where closed, NaN where there was no link."""
    after: np.ndarray


def change_network(
    network: Network, changes: list[NetworkChange], path: str | os.PathLike, tolerance: float, progress: Progress
) -> Affected:
    """Write at ``path`` the network with ``changes``, one after the other.

    New roads join at their ends: at a junction within ``tolerance`` metres, else at the nearest point of a link. Raises
    `InvalidInput` for what is no change, or that leaves no road.
    """
    edited = _Edited(network)
    for number, change in enumerate(changes):
        edited.apply(number, change, tolerance)
        progress.advance(0.3 * (number + 1) / len(changes))
    arrays, ban = edited.arrays()
    if not len(arrays["link_from"]):
        raise InvalidInput("Nothing would be left of the network.")
    nodes = len(arrays["node_xy"])
    contracted, parts, turns = preprocess(
        LinkCosts(
            nodes=nodes,
            tail=arrays["link_from"],
            head=arrays["link_to"],
            forward=arrays["minutes_forward"],
            backward=arrays["minutes_backward"],
            length=arrays["length"],
        ),
        ban,
        progress.part(0.3, 0.8),
    )
    core = edited.where_one_stops(parts.link_component)
    arrays = {**arrays, "link_core": core, **contraction_arrays(contracted), **turn_arrays(turns)}
    report = {**network.report, "nodes": nodes, "links": len(arrays["length"]), "components": parts.count}
    report["outside_core"] = int((core == OUTSIDE).sum())
    report["length_km"] = round(float(arrays["length"].sum()) / 1000, 3)
    closed = (np.isinf(arrays[name]) for name in ("minutes_forward", "minutes_backward"))
    report["one_way"] = int(np.logical_or(*closed).sum())
    report["turn_bans"] = len(turns.ban)
    header = {"crs": network.crs, "profile": network.profile, "report": report}
    forget_network(path)
    write_arrays(path, {"network": header, "recorded": None, "options": network.options}, arrays)
    progress.advance(1.0)
    return edited.affected()


def parsed(action: str, value: str) -> tuple[str, float, str]:
    """An action, its km/h (NaN when it needs none) and its way. Raises `InvalidInput`."""
    action = action.strip().lower()
    if action not in ACTIONS:
        raise InvalidInput(
            "“{value}” is no action: it must be one of {actions}.", value=action, actions=", ".join(ACTIONS)
        )
    words = [word for word in str(value or "").lower().replace(";", " ").split() if word not in _UNITS]
    way = next((word for word in words if word in WAYS), BOTH)
    numbers = [parse_number(word) for word in words if word not in WAYS]
    if action in (SPEED, OPEN) and not (len(numbers) == 1 and 0 < numbers[0] < np.inf):
        raise InvalidInput("“{action}” needs a speed in km/h in “valeur”, not “{value}”.", action=action, value=value)
    if action in (CLOSE, WAY) and (numbers or (action == WAY and not words)):
        raise InvalidInput(
            "“{action}” needs one of {ways} in “valeur”, not “{value}”.",
            action=action,
            ways=", ".join(WAYS),
            value=value,
        )
    return action, numbers[0] if numbers else np.nan, way


class _Growing:
    """An array to whose end a row is added without all others being copied."""

    def __init__(self, values: np.ndarray) -> None:
        self._count = len(values)
        self._room = np.empty((self._count + _ROOM, *values.shape[1:]), values.dtype)
        self._room[: self._count] = values

    @property
    def rows(self) -> np.ndarray:
        """Those there are, to be read and changed."""
        return self._room[: self._count]

    def add(self, row: Any) -> None:
        """One more, at the end."""
        if self._count == len(self._room):
            self._room = np.concatenate((self._room, np.empty_like(self._room)))
        self._room[self._count] = row
        self._count += 1


class _Edited:
    """The links of a network while changes are applied: those of the file, then new ones."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._tail, self._head = _Growing(network.link_from), _Growing(network.link_to)
        self._cost = _Growing(np.column_stack((network.minutes_forward, network.minutes_backward)))
        self._length, self._kind = _Growing(network.length), _Growing(network.link_kind)
        self._node_xy = _Growing(network.node_xy)
        self._lines: list[np.ndarray] = []
        """Those of the links that the file does not have."""
        self._piece_of: list[int] = []
        """The link of the file that each of those is a piece of, -1 for new roads."""
        self._ban = np.array(network.turns.ban, np.int64)
        self._usable = _Growing(np.ones(network.link_count, bool))
        """Links that may be used one way at least."""
        self._in_pieces: set[int] = set()
        """Those that others have replaced."""
        self._boxes = LinkBoxes(network)
        self._touched: list[tuple[int, int, np.ndarray]] = []
        """Number of the change, link, minutes before."""

    # -- what a drawing acts on ---------------------------------------------------------------------------------------

    def apply(self, number: int, change: NetworkChange, tolerance: float) -> None:
        action, speed, way = parsed(change.action, change.value)
        drawn = wkb.loads(bytes(change.shape))
        for shape in getattr(drawn, "geoms", [drawn]):
            if action == OPEN:
                self._open(number, shape, speed, way, tolerance)
                continue
            for link in self._met(shape, action):
                against = isinstance(shape, LineString) and self._turned(shape, link)
                cost = self._cost.rows
                before = cost[link].copy()
                cost[link] = _recosted(before, action, speed, _turned_way(way, against), self._length.rows[link])
                self._usable.rows[link] = np.isfinite(cost[link]).any()
                self._touched.append((number, link, before))

    def _met(self, shape: Any, action: str) -> list[int]:
        """The open links that ``shape`` acts on."""
        if isinstance(shape, Point):
            # A road that is closed already is still the one that is meant: another one would be closed in its place.
            link = self._nearest(np.array((shape.x, shape.y)), closed=True)[0]
            return [link] if self._usable.rows[link] else []
        near = self._in_box(shape.bounds, _FOLLOWS)
        if not isinstance(shape, LineString):
            return [link for link in near if shape.intersects(LineString(self._line(link)))]
        beside = shape.buffer(_FOLLOWS)
        return [link for link in near if self._acts(shape, beside, link, action)]

    def _acts(self, shape: LineString, beside: Any, link: int, action: str) -> bool:
        """Whether a line follows a link, or crosses one that it closes."""
        road = LineString(self._line(link))
        common = road.intersection(beside).length
        if common >= road.length - 1e-9:
            return True
        if common > _CROSSING and common >= _MOST * min(road.length, shape.length):
            return True
        if action != CLOSE or not road.intersects(shape):
            return False
        # A road that begins where the line passes is not cut by it.
        crossed = road.intersection(shape)
        ends = [Point(self._line(link)[end]) for end in (0, -1)]
        return any(min(end.distance(part) for end in ends) > _FOLLOWS for part in getattr(crossed, "geoms", [crossed]))

    def _in_box(self, bounds: Bounds, margin: float, closed: bool = False) -> list[int]:
        """The open links (and the ``closed`` ones) whose box meets ``bounds`` widened by ``margin``."""
        links = self._boxes.near(bounds, margin)
        if closed:
            return [link for link in links.tolist() if link not in self._in_pieces]
        return links[self._usable.rows[links]].tolist()

    def _turned(self, shape: LineString, link: int) -> bool:
        """Whether the line is drawn against the link: more of the steps along the link go back on it than ahead.

        The ends alone do not say it of a road that comes back to where it began.
        """
        steps = np.diff([shape.project(Point(vertex)) for vertex in self._line(link)])
        balance = int(np.sign(steps[np.abs(steps) > _STEP]).sum())
        return balance < 0 if balance else bool(steps.sum() < 0)

    def _nearest(self, point: np.ndarray, closed: bool = False) -> tuple[int, float]:
        """The open link (or a ``closed`` one) nearest to a point, and how far along it, in metres of its line."""
        here = Point(point)
        around = _AROUND
        while around < _FARTHEST:
            roads = {link: LineString(self._line(link)) for link in self._in_box(here.bounds, around, closed)}
            away = {link: road.distance(here) for link, road in roads.items()}
            found = min(away, key=lambda link: (away[link], link), default=-1)
            if found >= 0 and away[found] <= around:
                return found, roads[found].project(here)
            around *= 8
        raise InvalidInput("No road is left to act on.")

    def _line(self, link: int) -> np.ndarray:
        known = self._network.link_count
        return self._network.line(link) if link < known else self._lines[link - known]

    # -- new roads ----------------------------------------------------------------------------------------------------

    def _open(self, number: int, shape: Any, speed: float, way: str, tolerance: float) -> None:
        if not isinstance(shape, LineString) or shape.length == 0:
            raise InvalidInput("A new road must be a line.")
        line = np.array(shape.coords)[:, :2]
        ends = [self._junction(number, line[end], tolerance) for end in (0, -1)]
        # The way from the end of the line to where it joins is part of the road.
        nodes = self._node_xy.rows
        line = np.vstack((nodes[ends[0]], line, nodes[ends[1]]))
        line = line[np.append(True, np.abs(np.diff(line, axis=0)).max(axis=1) > 0)]
        if len(line) < 2:
            raise InvalidInput("A new road has both its ends at one junction.")
        minutes = np.hypot(*np.diff(line, axis=0).T).sum() * 0.06 / speed
        cost = np.array((np.inf if way == REVERSE else minutes, np.inf if way == DIRECT else minutes))
        self._touched.append((number, self._add(ends, line, cost, ORDINARY), np.full(2, np.nan)))

    def _junction(self, number: int, point: np.ndarray, tolerance: float) -> int:
        """The junction where an end of a new road joins: one that is near, else one made on the nearest link."""
        links = self._in_box((*point, *point), tolerance)
        ends = np.unique(np.append(self._tail.rows[links], self._head.rows[links]))
        away = np.hypot(*(self._node_xy.rows[ends] - point).T)
        if len(ends) and away.min() <= tolerance:
            return int(ends[away.argmin()])
        link, along = self._nearest(point)
        return self._cut(number, link, along)

    def _cut(self, number: int, link: int, along: float) -> int:
        """The node at ``along`` metres of a link, which is cut in two there unless it is at one of its ends."""
        line = self._line(link)
        walked = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
        if along <= 1e-6:
            return int(self._tail.rows[link])
        if along >= walked[-1] - 1e-6:
            return int(self._head.rows[link])
        after = int(np.searchsorted(walked, along, side="right"))
        part = (along - walked[after - 1]) / (walked[after] - walked[after - 1])
        point = line[after - 1] + (line[after] - line[after - 1]) * part
        node = len(self._node_xy.rows)
        self._node_xy.add(point)
        share = along / walked[-1]
        cost, length, kind = self._cost.rows[link].copy(), self._length.rows[link], self._kind.rows[link]
        tail, head = int(self._tail.rows[link]), int(self._head.rows[link])
        whole = link if link < self._network.link_count else self._piece_of[link - self._network.link_count]
        first, last = (
            self._add(ends, piece, cost * part, kind, length * part, whole)
            for ends, piece, part in (
                ((tail, node), np.vstack((line[:after], point)), share),
                ((node, head), np.vstack((point, line[after:])), 1 - share),
            )
        )
        for column in (0, 2):
            mine = self._ban[:, column] == link
            self._ban[mine, column] = np.where(self._ban[mine, 1] == tail, first, last)
        self._cost.rows[link], self._usable.rows[link] = np.inf, False
        self._in_pieces.add(link)
        for row, (change, touched, before) in enumerate(self._touched):
            if touched == link:
                self._touched[row] = (change, first, before * share)
                self._touched.append((change, last, before * (1 - share)))
        return node

    def _add(
        self, ends: Any, line: np.ndarray, cost: np.ndarray, kind: int, length: float | None = None, piece_of: int = -1
    ) -> int:
        length = float(np.hypot(*np.diff(line, axis=0).T).sum()) if length is None else length
        for column, value in (
            *((self._tail, ends[0]), (self._head, ends[1]), (self._cost, cost)),
            *((self._length, length), (self._kind, kind), (self._usable, True)),
        ):
            column.add(value)
        self._boxes.add(line)
        self._lines.append(line)
        self._piece_of.append(piece_of)
        return len(self._length.rows) - 1

    # -- what comes out -----------------------------------------------------------------------------------------------

    def arrays(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The arrays of the changed network, links that are closed and nodes without links left out; its bans."""
        keep, cost = self._usable.rows, self._cost.rows
        links = np.flatnonzero(keep)
        tail, head = self._tail.rows[links], self._head.rows[links]
        used = np.zeros(len(self._node_xy.rows), bool)
        used[tail] = used[head] = True
        node, link = np.cumsum(used) - 1, np.cumsum(keep) - 1
        vertices, offset = self._drawn(keep)
        ban = self._ban[keep[self._ban[:, 0]] & keep[self._ban[:, 2]]]
        arrays = {
            "node_xy": self._node_xy.rows[used],
            "link_from": node[tail].astype(np.int32),
            "link_to": node[head].astype(np.int32),
            "minutes_forward": cost[links, 0],
            "minutes_backward": cost[links, 1],
            "length": self._length.rows[links],
            "vertices": vertices,
            "vertex_offset": offset,
            "link_kind": self._kind.rows[links],
        }
        return arrays, np.column_stack((link[ban[:, 0]], node[ban[:, 1]], link[ban[:, 2]]))

    def where_one_stops(self, anew: np.ndarray) -> np.ndarray:
        """(M,) the class of each link of the changed network (`components`), of which ``anew`` (M,) is what its roads
        alone would give.

        A cut moves nobody from one road to another: a road that people could reach and leave is still where they live,
        isolated or not. A road that opens may make others better, never worse.
        """
        component = np.asarray(self._network.link_component)
        origin = np.concatenate((np.arange(self._network.link_count), np.array(self._piece_of, np.int64)))
        origin = origin[self._usable.rows]
        old = np.where(origin >= 0, component[origin], OUTSIDE)
        was = np.column_stack((self._network.minutes_forward, self._network.minutes_backward))
        opened = np.isfinite(self._cost.rows[: len(was)]) & np.isinf(was)
        if not self._lines and not opened.any():
            return old
        preferred = np.empty(3, np.int64)
        preferred[[MAIN, ISLAND, OUTSIDE]] = 0, 1, 2
        return np.where(preferred[anew] < preferred[old], anew, old).astype(np.uint8)

    def _drawn(self, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = self._network.link_count
        offset, vertices = np.asarray(self._network.vertex_offset), np.asarray(self._network.vertices)
        gone = np.flatnonzero(~keep[:known])
        # Few links go: what lies between them is copied whole.
        begin, end = np.append(0, offset[gone + 1]), np.append(offset[gone], len(vertices))
        new = [line for line, kept in zip(self._lines, keep[known:]) if kept]
        vertices = np.concatenate((*(vertices[i:j] for i, j in zip(begin.tolist(), end.tolist())), *new))
        count = np.delete(np.diff(offset), gone)
        return vertices, offsets(np.append(count, np.array([len(line) for line in new], np.int64)))

    def affected(self) -> Affected:
        """The links that changes acted on."""
        number = np.array([touched[0] for touched in self._touched], np.int64)
        links = [touched[1] for touched in self._touched]
        before = np.array([touched[2] for touched in self._touched]).reshape(-1, 2)
        return Affected(
            number, [np.array(self._line(link)) for link in links], before, self._cost.rows[links].reshape(-1, 2)
        )


def _turned_way(way: str, against: bool) -> str:
    return {DIRECT: REVERSE, REVERSE: DIRECT}.get(way, way) if against else way


def _recosted(cost: np.ndarray, action: str, speed: float, way: str, length: float) -> np.ndarray:
    """(2,) minutes as drawn and against of a link that cost ``cost``, once ``action`` is done."""
    said = np.array((way in (DIRECT, BOTH), way in (REVERSE, BOTH)))
    if action == CLOSE:
        return np.where(said, np.inf, cost)
    if action == SPEED:
        return np.where(said & np.isfinite(cost), length * 0.06 / speed, cost)
    known = np.where(np.isfinite(cost), cost, cost[::-1])
    return np.where(said, known, np.inf)
