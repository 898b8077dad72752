"""Make the network file of a layer of roads."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..messages import Message, msg
from ..progress import Progress
from . import presets
from .components import Components, find_components
from .contraction import contract
from .crs import metric_crs, project
from .errors import FieldMissing, NetworkFileInvalid, NoRoads
from .file import read_header, write_arrays
from .lines import Column, RoadLines
from .network import Network, contraction_arrays, open_network
from .presets.rules import PROFILES, Rules, as_number, as_text, default_speeds, role
from .source import Source, field_names, opened, read_lines
from .topology import Topology, connect, morton_order

_LONG_LINK = 30_000.0
"""Metres above which a link is told as suspicious."""
_SHOWN = 12


@dataclass(frozen=True)
class BuildOptions:
    """How to read a layer of roads. Field names are those of the layer; an empty name means none."""

    preset: str = "auto"
    profile: str = "car"
    speed_field: str = ""
    """km/h; comes before what the preset reads."""
    cost_field: str = ""
    """Minutes for the whole line; comes before any speed."""
    direction_field: str = ""
    value_forward: str = ""
    """Values of `direction_field` for lines open only as drawn; several are parted by “;”."""
    value_backward: str = ""
    value_both: str = ""
    default_speed: float = 50.0
    """km/h where neither the line nor its class gives a speed."""
    tolerance: float = 0.0
    """Metres within which line ends are one junction."""
    speeds: tuple[tuple[str, float], ...] = ()
    """The user's own (class, km/h); replaces the default of these classes, 0 closes them."""

    def __post_init__(self) -> None:
        if self.preset not in presets.PRESET_NAMES:
            raise InvalidInput("There is no preset “{name}”.", name=self.preset)
        if self.profile not in PROFILES:
            raise InvalidInput("There is no profile “{name}”.", name=self.profile)
        if not self.default_speed > 0:
            raise InvalidInput("The default speed must be positive.")
        if not self.tolerance >= 0:
            raise InvalidInput("The tolerance must not be negative.")


@dataclass(frozen=True)
class BuildReport:
    """What was read and made. `as_dict` is what the network file keeps."""

    preset: str
    profile: str
    crs: str
    rows: int
    """Rows of the layer."""
    lines: int
    """Lines that the profile may use."""
    closed: int
    """Lines that it may not."""
    nodes: int
    links: int
    one_way: int
    """Links open one way."""
    components: int
    """Parts of the network that no link joins."""
    outside_core: int
    """Links that people cannot both reach and leave; nothing is snapped to them."""
    length_km: float
    classes: dict[str, int] = field(default_factory=dict)
    """Links by class, most frequent first."""
    default_speed_used: dict[str, int] = field(default_factory=dict)
    """Lines by class whose speed was missing."""
    zero_length: int = 0
    very_long: int = 0
    warnings: tuple[Message, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "warnings": [str(warning) for warning in self.warnings]}


class _Travel(NamedTuple):
    """What L usable lines cost."""

    speed: np.ndarray
    """(L,) km/h."""
    minutes: np.ndarray
    """(L,) NaN where the speed decides."""
    forward: np.ndarray
    backward: np.ndarray
    level: np.ndarray
    category: Column
    guessed: np.ndarray
    """(L,) bool: the speed is a default."""


def build_network(
    source: Source | str | RoadLines,
    options: BuildOptions,
    path: str | os.PathLike,
    progress: Progress | None = None,
) -> BuildReport:
    """Read roads, make the graph of one profile, write it at ``path``.

    ``source`` is a `Source`, a path (QGIS's ``path|layername=…`` too), or lines in memory. Raises `SourceUnreadable`,
    `FieldMissing`, `NoRoads`.
    """
    progress = progress or Progress()
    if isinstance(source, RoadLines):
        recorded, lines = None, source
        names = tuple(lines.fields)
    else:
        source = source if isinstance(source, Source) else Source.parse(os.fspath(source))
        state = source.state()
        with opened(source) as layer:
            names = field_names(layer)
            wanted = _wanted(names, options)
            lines = read_lines(layer, wanted, progress.part(0.0, 0.5))
        recorded = {"state": state, "source": asdict(source), "options": asdict(options)}
    preset = presets.detect(names) if options.preset == "auto" else options.preset
    _check_fields(names, options)
    report = _build(lines, preset, options, path, recorded, progress.part(0.5, 1.0))
    for warning in report.warnings:
        progress.warn(warning)
    return report


def network_for(
    source: Source | str, options: BuildOptions, folder: str | os.PathLike, progress: Progress | None = None
) -> Network:
    """The network of a layer, kept in ``folder``: built the first time, and again when the layer changed."""
    source = source if isinstance(source, Source) else Source.parse(os.fspath(source))
    Path(folder).mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(json.dumps([asdict(source), asdict(options)]).encode()).hexdigest()[:24]
    path = Path(folder) / f"{name}.network"
    try:
        if (read_header(path)["recorded"] or {}).get("state") == source.state():
            return open_network(path)
    except NetworkFileInvalid:
        pass
    build_network(source, options, path, progress)
    return open_network(path)


def refresh_network(path: str | os.PathLike, progress: Progress | None = None) -> Network:
    """The network at ``path``, built again first when the layer it came from is still there and has changed."""
    recorded = read_header(path)["recorded"]
    if recorded is not None:
        source = Source(**recorded["source"])
        state = source.state()
        if state != recorded["state"] and Path(source.path).exists():
            options = recorded["options"]
            speeds = tuple((name, speed) for name, speed in options.pop("speeds"))
            build_network(source, BuildOptions(**options, speeds=speeds), path, progress)
    return open_network(path)


def _wanted(names: tuple[str, ...], options: BuildOptions) -> tuple[str, ...]:
    preset = presets.detect(names) if options.preset == "auto" else options.preset
    known = {name.lower() for name in presets.PRESETS[preset].FIELDS}
    named = {options.speed_field, options.cost_field, options.direction_field}
    return tuple(name for name in names if name.lower() in known or name in named)


def _check_fields(names: tuple[str, ...], options: BuildOptions) -> None:
    for name in (options.speed_field, options.cost_field, options.direction_field):
        if name and name not in names:
            raise FieldMissing(
                "The road layer has no field “{name}”. It has: {names}.", name=name, names=", ".join(names)
            )


def _build(
    lines: RoadLines,
    preset: str,
    options: BuildOptions,
    path: str | os.PathLike,
    recorded: dict[str, Any] | None,
    progress: Progress,
) -> BuildReport:
    module = presets.PRESETS[preset]
    warnings: list[Message] = []
    rules = _with_mapping(module.read(lines.fields, lines.count, options.profile), lines, options, warnings)
    warnings += rules.notes
    travel = _travel(rules, preset, options, warnings)
    progress.advance(0.1)

    usable = (travel.forward | travel.backward) & (np.diff(lines.offset) >= 2)
    if not usable.any():
        raise NoRoads(
            "None of the {count} lines can be used by the profile “{profile}” (preset “{preset}”).",
            count=lines.count,
            profile=options.profile,
            preset=preset,
        )
    kept = lines.select(usable)
    travel = _Travel(*(column.take(usable) if isinstance(column, Column) else column[usable] for column in travel))
    crs = metric_crs(lines.crs, kept.vertices)
    vertices = project(kept.vertices, lines.crs, crs)
    progress.advance(0.25)

    topology = connect(
        vertices,
        kept.offset,
        at_vertices=module.AT_VERTICES,
        level=travel.level,
        z_ends=kept.z_ends,
        tolerance=options.tolerance,
    )
    progress.advance(0.55)
    length = line_lengths(topology.vertices, topology.offset)
    forward, backward = _minutes(topology, length, travel)
    graph = _Graph(topology, length, forward, backward, topology.link_line)
    graph = _in_order(_join_opposites(graph))
    progress.advance(0.75)

    folded = contract(
        len(graph.topology.node_xy),
        graph.topology.link_from,
        graph.topology.link_to,
        graph.forward,
        graph.backward,
        graph.length,
    )
    parts = find_components(folded, graph.length)
    progress.advance(0.9)
    report = _report(lines, kept, preset, options, crs, travel, graph, parts, tuple(warnings))
    arrays = {
        "node_xy": graph.topology.node_xy,
        "link_from": graph.topology.link_from,
        "link_to": graph.topology.link_to,
        "minutes_forward": graph.forward,
        "minutes_backward": graph.backward,
        "length": graph.length,
        "vertices": graph.topology.vertices,
        "vertex_offset": graph.topology.offset,
        "link_core": parts.link_core,
        **contraction_arrays(folded),
    }
    header = {"network": {"crs": crs, "profile": options.profile, "report": report.as_dict()}, "recorded": recorded}
    write_arrays(path, header, arrays)
    progress.advance(1.0)
    return report


class _Graph(NamedTuple):
    topology: Topology
    length: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    line: np.ndarray


def line_lengths(vertices: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """(M,) metres of each line of ``vertices`` (V, 2) parted by ``offset`` (M + 1,)."""
    step = np.hypot(*(vertices[1:] - vertices[:-1]).T)
    step[offset[1:-1] - 1] = 0.0
    along = np.concatenate(([0.0], np.cumsum(step)))
    return along[offset[1:] - 1] - along[offset[:-1]]


def _with_mapping(rules: Rules, lines: RoadLines, options: BuildOptions, warnings: list[Message]) -> Rules:
    """The preset's rules, with what the user's own fields say instead."""
    count = lines.count
    if options.speed_field:
        speed = _named_numbers(lines, options.speed_field, warnings)
        rules = rules._replace(speed=np.where(speed > 0, speed, rules.speed), minutes=np.full(count, np.nan))
    if options.cost_field:
        minutes = _named_numbers(lines, options.cost_field, warnings)
        rules = rules._replace(minutes=np.where(minutes >= 0, minutes, rules.minutes))
    if options.direction_field:
        forward, backward = _named_directions(lines, options, warnings)
        open_ = rules.forward | rules.backward
        rules = rules._replace(forward=open_ & forward, backward=open_ & backward)
    return rules


def _named_numbers(lines: RoadLines, name: str, warnings: list[Message]) -> np.ndarray:
    column = role(lines.fields, (name.lower(),))
    values = as_number(column, lines.count)
    text = as_text(column, lines.count)
    unreadable = (text.code >= 0) & ~np.isfinite(values)
    if not np.isfinite(values).any():
        warnings.append(msg("The field “{name}” holds no number: it is not used.", name=name))
    elif unreadable.any():
        example = text.labels[int(text.code[unreadable][0])]
        warnings.append(
            msg(
                "In the field “{name}”, {count} values are not numbers (for example “{example}”).",
                name=name,
                count=int(unreadable.sum()),
                example=example,
            )
        )
    return values


def _named_directions(
    lines: RoadLines, options: BuildOptions, warnings: list[Message]
) -> tuple[np.ndarray, np.ndarray]:
    text = as_text(role(lines.fields, (options.direction_field.lower(),)), lines.count)
    says = {}
    for value, direction in (
        (options.value_both, 0),
        (options.value_backward, -1),
        (options.value_forward, 1),
    ):
        says.update({part.strip(): direction for part in value.split(";") if part.strip()})
    direction = text.map(lambda label: says.get(label.strip(), 2), 3, np.int8)
    unknown = direction == 2
    if (direction >= 2).all():
        warnings.append(
            msg(
                "The field “{name}” never has one of the values given: every line is taken as two-way.",
                name=options.direction_field,
            )
        )
    elif unknown.any():
        warnings.append(
            msg(
                "In the field “{name}”, {count} lines have another value (for example “{example}”): "
                "they are taken as two-way.",
                name=options.direction_field,
                count=int(unknown.sum()),
                example=text.labels[int(text.code[unknown][0])],
            )
        )
    return direction != -1, direction != 1


def _travel(rules: Rules, preset: str, options: BuildOptions, warnings: list[Message]) -> _Travel:
    """Speeds from the line, else from its class, else the default; classes that are not for the profile are closed."""
    table = {**default_speeds(preset, options.profile), **dict(options.speeds)}
    listed = {name for profile in PROFILES for name in default_speeds(preset, profile)} | set(table)
    by_class = rules.category.map(lambda label: table.get(label, -1.0 if label in listed else np.nan), np.nan, float)
    unlisted = np.isnan(by_class)
    closed = by_class <= 0
    if preset in ("osm", "geofabrik"):
        closed |= unlisted
    elif preset == "bdtopo" and (unlisted & (rules.forward | rules.backward)).any():
        names = {rules.category.labels[c] if c >= 0 else "NULL" for c in np.unique(rules.category.code[unlisted])}
        warnings.append(
            msg(
                "Road classes that BD TOPO does not know: {names}. They are open, with the speed of the line "
                "or the default speed.",
                names=", ".join(sorted(names)[:_SHOWN]),
            )
        )
    guessed = ~np.isfinite(rules.speed) & ~np.isfinite(rules.minutes) & ~closed
    speed = np.where(np.isfinite(rules.speed), rules.speed, np.where(by_class > 0, by_class, options.default_speed))
    return _Travel(
        speed=speed,
        minutes=rules.minutes,
        forward=rules.forward & ~closed,
        backward=rules.backward & ~closed,
        level=rules.level,
        category=rules.category,
        guessed=guessed,
    )


def _minutes(topology: Topology, length: np.ndarray, travel: _Travel) -> tuple[np.ndarray, np.ndarray]:
    """(M,) minutes each way. A line's own minutes are shared between its links by length."""
    line = topology.link_line
    minutes = length * (0.06 / travel.speed[line])
    fixed = np.isfinite(travel.minutes)[line]
    if fixed.any():
        whole = np.bincount(line, length, len(travel.speed))[line]
        pieces = np.bincount(line, minlength=len(travel.speed))[line]
        share = np.divide(length, whole, out=1.0 / pieces, where=whole > 0)
        minutes = np.where(fixed, travel.minutes[line] * share, minutes)
    return np.where(travel.forward[line], minutes, np.inf), np.where(travel.backward[line], minutes, np.inf)


def _join_opposites(graph: _Graph) -> _Graph:
    """Make one two-way link of two one-way links that run the same line in opposite directions.

    Some sources draw each direction on its own; a place snapped to one of the two lines must be left both ways.
    """
    topology = graph.topology
    along = np.flatnonzero(np.isfinite(graph.forward) & np.isinf(graph.backward))
    against = np.flatnonzero(np.isinf(graph.forward) & np.isfinite(graph.backward))
    one_way = np.concatenate((along, against))
    if len(one_way) < 2:
        return graph
    begin = np.concatenate((topology.link_from[along], topology.link_to[against])).astype(np.int64)
    end = np.concatenate((topology.link_to[along], topology.link_from[against])).astype(np.int64)
    size = len(topology.node_xy)
    key = np.minimum(begin, end) * size + np.maximum(begin, end)
    middle = _middles(topology.vertices, topology.offset)[one_way]
    shape = np.round(np.column_stack((middle, graph.length[one_way])), 2)
    order = np.lexsort((begin > end, shape[:, 2], shape[:, 1], shape[:, 0], key))
    a, b = order[:-1], order[1:]
    pair = (key[a] == key[b]) & (shape[a] == shape[b]).all(axis=1) & (begin[a] == end[b]) & (begin[a] != end[a])
    pair[1:] &= ~pair[:-1]
    stays, goes = one_way[a[pair]], one_way[b[pair]]
    if len(stays) == 0:
        return graph
    forward, backward = graph.forward.copy(), graph.backward.copy()
    same_way = topology.link_from[stays] == topology.link_from[goes]
    other_forward = np.where(same_way, forward[goes], backward[goes])
    other_backward = np.where(same_way, backward[goes], forward[goes])
    forward[stays] = np.minimum(forward[stays], other_forward)
    backward[stays] = np.minimum(backward[stays], other_backward)
    keep = np.ones(len(forward), bool)
    keep[goes] = False
    return _pick(graph._replace(forward=forward, backward=backward), np.flatnonzero(keep))


def _middles(vertices: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """(M, 2) the mean of the vertices of each line: the same whichever way it is drawn."""
    total = np.add.reduceat(vertices, offset[:-1], axis=0)
    return total / np.diff(offset)[:, None]


def _in_order(graph: _Graph) -> _Graph:
    """Nodes in Morton order, links by their lower node; nodes that no link uses are dropped."""
    topology = graph.topology
    used = np.zeros(len(topology.node_xy), bool)
    used[topology.link_from] = True
    used[topology.link_to] = True
    kept = np.flatnonzero(used)
    order = kept[morton_order(topology.node_xy[kept])]
    new = np.full(len(used), -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    renamed = topology._replace(
        node_xy=topology.node_xy[order], link_from=new[topology.link_from], link_to=new[topology.link_to]
    )
    low, high = (side(renamed.link_from, renamed.link_to) for side in (np.minimum, np.maximum))
    links = np.argsort(low.astype(np.int64) * len(order) + high, kind="stable")
    return _pick(graph._replace(topology=renamed), links)


def _pick(graph: _Graph, links: np.ndarray) -> _Graph:
    """The links named, in that order."""
    topology = graph.topology
    count = np.diff(topology.offset)[links]
    offset = np.concatenate(([0], np.cumsum(count)))
    index = np.repeat(topology.offset[:-1][links] - offset[:-1], count) + np.arange(offset[-1])
    picked = topology._replace(
        link_from=topology.link_from[links],
        link_to=topology.link_to[links],
        link_line=topology.link_line[links],
        vertices=topology.vertices[index],
        offset=offset,
    )
    return _Graph(picked, graph.length[links], graph.forward[links], graph.backward[links], picked.link_line)


def _report(
    lines: RoadLines,
    kept: RoadLines,
    preset: str,
    options: BuildOptions,
    crs: str,
    travel: _Travel,
    graph: _Graph,
    parts: Components,
    warnings: tuple[Message, ...],
) -> BuildReport:
    return BuildReport(
        preset=preset,
        profile=options.profile,
        crs=crs,
        rows=lines.rows,
        lines=kept.count,
        closed=lines.count - kept.count,
        nodes=len(graph.topology.node_xy),
        links=len(graph.length),
        one_way=int((np.isinf(graph.forward) | np.isinf(graph.backward)).sum()),
        components=parts.count,
        outside_core=int((parts.link_core == 0).sum()),
        length_km=round(float(graph.length.sum()) / 1000, 3),
        classes=_by_class(travel.category.take(graph.line)),
        default_speed_used=_by_class(travel.category.take(travel.guessed)),
        zero_length=int((graph.length == 0).sum()),
        very_long=int((graph.length > _LONG_LINK).sum()),
        warnings=warnings,
    )


def _by_class(category: Column) -> dict[str, int]:
    count = np.bincount(category.code + 1, minlength=len(category.labels) + 1)
    names = ["", *category.labels]
    return {names[i]: int(count[i]) for i in np.argsort(-count, kind="stable") if count[i]}
