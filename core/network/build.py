"""Make the network file of a layer of roads."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any, Callable

import numpy as np

from ..messages import Message, msg
from ..progress import Progress
from ..travel_modes import FOOT
from . import presets
from .components import OUTSIDE, Components
from .crs import Measure, are_places, ground_lengths, measure_for, project
from .errors import FieldMissing, NetworkFileInvalid, NetworkFileVersion, NoRoads
from .file import read_header, write_arrays
from .graph import Graph, line_lengths, with_costs
from .heights import known_heights
from .lines import Column, RoadLines, TurnRules
from .network import Network, contraction_arrays, forget_network, open_network, turn_arrays
from .preprocessing import preprocess
from .recognised import may_be_read
from .slopes import on_slopes
from .source import RoadSource, field_names, opened, read_lines
from .stress import ANY
from .topology import Topology, connect
from .travel import BuildOptions, FieldsRead, LineCosts, counted, read_travel
from .turn_rules import Bans, bans_of, identifier, rules_beside, rules_of, table_beside

__all__ = ["BuildOptions", "BuildReport", "build_network", "network_for", "refresh_network"]

Builder = Callable[[Any, BuildOptions, Any, Any], "BuildReport"]
"""`build_network`, or something that does the same elsewhere."""
_UNKNOWN_STATE = "000000000000"
_LONG_LINK = 30_000.0
"""Metres above which a link is reported as suspicious."""


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
    """Links that people cannot both reach and leave; nothing is snapped to them but what is at their ends."""
    length_km: float
    classes: dict[str, int] = field(default_factory=dict)
    """Links by class, most frequent first."""
    default_speed_used: dict[str, int] = field(default_factory=dict)
    """Lines by class whose speed was missing."""
    zero_length: int = 0
    very_long: int = 0
    fields: FieldsRead = field(default_factory=FieldsRead)
    given: int = -1
    """Rows that the source says it has; -1 when it does not say."""
    without_line: int = 0
    """Rows whose geometry gives no line."""
    no_place: int = 0
    """Lines left out because a vertex of theirs is no place."""
    filler_heights: int = 0
    """Line ends whose height is none."""
    doubled: int = 0
    """Links joined with another one that runs beside them between the same ends (directions drawn apart)."""
    turn_rules: int = 0
    """Rows that forbid turns."""
    turn_bans: int = 0
    """Turns forbidden in the network."""
    turn_away: int = 0
    """Rows about roads that are not in the network."""
    turn_unclear: int = 0
    """Rows left out because their roads do not meet at one junction."""
    warnings: tuple[Message, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as the network file keeps them."""
        return {**asdict(self), "warnings": [warning._asdict() for warning in self.warnings]}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> BuildReport:
        """What `as_dict` gave."""
        warnings = tuple(Message(**warning) for warning in kept["warnings"])
        fields = FieldsRead(**kept["fields"])
        fields = replace(fields, factors=tuple((road, number) for road, number in fields.factors))
        return cls(**{**kept, "fields": fields, "warnings": warnings})


def build_network(
    source: RoadSource | str | RoadLines,
    options: BuildOptions,
    path: str | os.PathLike,
    progress: Progress | None = None,
) -> BuildReport:
    """Read roads, make the graph of one profile, write it at ``path``.

    ``source`` is a `RoadSource`, a path (QGIS's ``path|layername=…`` too), or lines in memory. Raises
    `SourceUnreadable`, `FieldMissing`, `NoRoads`.
    """
    progress = progress or Progress()
    recorded = None
    if isinstance(source, RoadLines):
        lines = source._replace(vertices=np.array(source.vertices))
        if lines.rules is None and options.turn_bans:
            lines = lines._replace(rules=rules_of(options.turn_bans, options.profile))
    else:
        source = source if isinstance(source, RoadSource) else RoadSource.parse(os.fspath(source))
        state = state_of_roads(source, options)
        lines = read_roads(source, options, progress.part(0.0, 0.5))
        if state:
            recorded = {"state": state, "source": asdict(source), "options": asdict(options)}
    names = tuple(lines.fields)
    check_fields(names, options)
    preset = presets.detect(names) if options.preset == "auto" else options.preset
    report = _build(lines, preset, options, path, recorded, progress.part(0.5, 1.0))
    for warning in report.warnings:
        progress.warn(warning)
    return report


def read_roads(
    source: RoadSource,
    options: BuildOptions,
    progress: Progress,
    rules: TurnRules | None = None,
    box: tuple[float, float, float, float] | None = None,
) -> RoadLines:
    """The lines of ``source``, with the fields that ``options`` need and ``rules`` on turns, else those beside them.

    ``box``: only lines that touch it (west, south, east, north in the layer's own CRS).
    Raises `SourceUnreadable`, `FieldMissing`.
    """
    with opened(source) as layer:
        if box is not None:
            layer.SetSpatialFilterRect(*box)
        names = field_names(layer)
        check_fields(names, options)
        if rules is not None:
            pass
        elif options.turn_bans:
            rules = rules_of(options.turn_bans, options.profile)
        elif identifier(names):
            rules = rules_beside(source, options.profile)
        return read_lines(layer, fields_to_read(names, options, rules is not None), progress, source.crs)._replace(
            rules=rules
        )


def network_for(
    source: RoadSource | str | RoadLines,
    options: BuildOptions,
    folder: str | os.PathLike,
    progress: Progress | None = None,
    *,
    build: Builder = build_network,
) -> Network:
    """The network of a layer, kept in ``folder``: built the first time, and again when the layer changed.

    Lines in memory are known by their name and by all they hold, files by their state.
    """
    if not isinstance(source, RoadLines):
        source = source if isinstance(source, RoadSource) else RoadSource.parse(os.fspath(source))
    Path(folder).mkdir(parents=True, exist_ok=True)
    who = ["lines", source.name] if isinstance(source, RoadLines) else asdict(source)
    key = hashlib.sha256(json.dumps([who, asdict(options)]).encode()).hexdigest()[:24]
    state = source.digest() if isinstance(source, RoadLines) else state_of_roads(source, options)
    # One file a state of the source: a file that some process has open cannot be replaced everywhere.
    path = Path(folder) / f"{key}-{state[:12] or _UNKNOWN_STATE}.network"
    if state:
        with suppress(NetworkFileInvalid):
            return open_network(path)
    build(source, options, path, progress)
    for older in Path(folder).glob(f"{key}-*.network"):
        if older != path:
            with suppress(OSError):
                older.unlink()
    return open_network(path)


def refresh_network(
    path: str | os.PathLike, progress: Progress | None = None, *, build: Builder = build_network
) -> Network:
    """The network at ``path``, built again first when the layer it came from is still there and has changed, or when
    another version of the plugin made the file."""
    try:
        recorded = read_header(path)["recorded"]
        same_version = True
    except NetworkFileVersion as error:
        recorded, same_version = error.recorded, False
        if not recorded:
            raise
    if recorded is not None:
        source = _known(RoadSource, recorded["source"])
        options = recorded["options"]
        for name in ("speeds", "factors"):
            options[name] = tuple((road, number) for road, number in options.get(name, ()))
        options = _known(BuildOptions, options)
        state = state_of_roads(source, options)
        if state and not (same_version and state == recorded["state"]):
            build(source, options, path, progress)
    return open_network(path)


def _known(kind: type, values: dict[str, Any]) -> Any:
    """``kind`` of those of ``values`` that it has: another version may have had others."""
    return kind(**{each.name: values[each.name] for each in dataclass_fields(kind) if each.name in values})


def state_of_roads(source: RoadSource, options: BuildOptions) -> str:
    """A short text that changes with the files of the roads and of the turn bans; empty where nobody can say."""
    bans = RoadSource.parse(options.turn_bans) if options.turn_bans else table_beside(source)
    if bans is None or bans.path == source.path or not source.state():
        return source.state()
    return hashlib.sha256(f"{source.state()} {bans.state()}".encode()).hexdigest()[:24]


def fields_to_read(names: tuple[str, ...], options: BuildOptions, turns: bool = False) -> tuple[str, ...]:
    """Those of the fields ``names`` of a layer that building with ``options`` reads; with ``turns``, also the one that
    says which road a line is."""
    preset = presets.detect(names) if options.preset == "auto" else options.preset
    known = {name.lower() for name in presets.PRESETS[preset].FIELDS}
    named = {options.speed_field, options.cost_field, options.direction_field}
    if options.max_stress < ANY:
        known |= set(getattr(presets.PRESETS[preset], "STRESS_FIELDS", ()))
    if preset == "generic":
        named.update(may_be_read(names))
    if turns or options.turn_bans:
        named.add(identifier(names))
    return tuple(name for name in names if name.lower() in known or name in named)


def check_fields(names: tuple[str, ...], options: BuildOptions) -> None:
    """Raise `FieldMissing` where ``options`` name a field that is not among ``names``."""
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
    travel, fields, warnings = read_travel(lines, preset, options)
    progress.advance(0.1)

    placed = _placed(lines)
    kept, travel, measure = _kept(lines, placed, travel, preset, options)
    kept, travel, vertices, lost = _projected(kept, travel, measure.crs)
    progress.advance(0.25)

    first, last = kept.offset[:-1], kept.offset[1:] - 1
    z_ends, fillers = known_heights(kept.z_ends, vertices[first], vertices[last])
    if options.slopes:
        steps = None if measure.everywhere else ground_lengths(vertices, measure.crs)
        travel, flat = on_slopes(travel, z_ends, line_lengths(vertices, kept.offset, steps), options.profile)
        warnings += flat
    topology = connect(
        vertices,
        kept.offset,
        at_vertices=presets.PRESETS[preset].AT_VERTICES,
        level=travel.level,
        z_ends=z_ends,
        tolerance=options.tolerance,
        progress=progress.part(0.25, 0.55),
    )
    progress.advance(0.55)
    bans = _bans(kept, topology, options, measure.crs)
    graph = with_costs(topology, travel, "" if measure.everywhere else measure.crs, bans.ban)
    progress.advance(0.7)

    contracted, parts, turns = preprocess(graph.links(), graph.ban, progress.part(0.7, 0.85))
    progress.advance(0.9)
    no_place = int((~placed).sum()) + lost
    left_out: dict[str, Any] = {"without_line": lines.without_line, "no_place": no_place, "filler_heights": fillers}
    warnings += _left_out(lines.rows, lines.given, left_out)
    report = BuildReport(
        preset=preset,
        profile=options.profile,
        crs=measure.crs,
        rows=lines.rows,
        given=lines.given,
        lines=kept.count,
        closed=lines.count - kept.count,
        doubled=len(topology.link_from) - len(graph.length),
        **_counts(graph, parts, travel),
        fields=counted(fields, travel),
        warnings=warnings,
        turn_rules=len(kept.rules.come) if kept.rules else 0,
        turn_bans=len(turns.ban),
        turn_away=bans.away,
        turn_unclear=bans.unclear,
        **left_out,
    )
    arrays = {
        **_link_arrays(graph),
        "link_core": parts.link_component,
        "link_kind": travel.kind[graph.topology.link_line],
        **contraction_arrays(contracted),
        **turn_arrays(turns),
    }
    network = {"crs": measure.crs, "profile": options.profile, "report": report.as_dict()}
    forget_network(path)
    write_arrays(path, {"network": network, "recorded": recorded, "options": asdict(options)}, arrays)
    progress.advance(1.0)
    return report


def _link_arrays(graph: Graph) -> dict[str, np.ndarray]:
    """What the network file keeps of the nodes and links themselves."""
    return {
        "node_xy": graph.topology.node_xy,
        "link_from": graph.topology.link_from,
        "link_to": graph.topology.link_to,
        "minutes_forward": graph.forward,
        "minutes_backward": graph.backward,
        "length": graph.length,
        "vertices": graph.topology.vertices,
        "vertex_offset": graph.topology.offset,
    }


def _bans(lines: RoadLines, topology: Topology, options: BuildOptions, crs: str) -> Bans:
    """The forbidden turns among the links of ``topology``. Those who walk turn as they wish."""
    if lines.rules is None or options.profile == FOOT:
        return Bans(np.empty((0, 3), np.int64), 0, 0)
    return bans_of(lines.rules, lines.fields, lines.count, topology, crs)


def _placed(lines: RoadLines) -> np.ndarray:
    """(L,) whether every vertex of a line is a place on Earth."""
    if lines.count == 0:
        return np.empty(0, bool)
    good = are_places(lines.vertices, lines.crs)
    return np.ones(lines.count, bool) if good.all() else np.logical_and.reduceat(good, lines.offset[:-1])


def _kept(
    lines: RoadLines, placed: np.ndarray, travel: LineCosts, preset: str, options: BuildOptions
) -> tuple[RoadLines, LineCosts, Measure]:
    """The lines that are somewhere and that the profile may use, what they cost, how to measure them."""
    usable = placed & (travel.forward | travel.backward) & (np.diff(lines.offset) >= 2)
    if not usable.any():
        raise _no_roads(lines, placed, preset, options)
    kept = lines.select(usable)
    return kept, travel.take(usable), measure_for(lines.crs, kept.vertices)


def _projected(kept: RoadLines, travel: LineCosts, crs: str) -> tuple[RoadLines, LineCosts, np.ndarray, int]:
    """The lines and what they cost, their vertices in ``crs``, and how many lines it has no place for: left out."""
    vertices = project(kept.vertices, kept.crs, crs)
    good = np.isfinite(vertices).all(axis=1)
    if good.all():
        return kept, travel, vertices, 0
    whole = np.logical_and.reduceat(good, kept.offset[:-1])
    vertices = vertices[np.repeat(whole, np.diff(kept.offset))]
    return kept.select(whole), travel.take(whole), vertices, int((~whole).sum())


def _no_roads(lines: RoadLines, placed: np.ndarray, preset: str, options: BuildOptions) -> NoRoads:
    if lines.count == 0:
        return NoRoads("None of the {count} rows of the road layer has a line.", count=lines.rows)
    if not placed.any():
        return NoRoads("The coordinates of the roads are no places: is the coordinate reference system right?")
    return NoRoads(
        "None of the {count} lines can be used by the profile “{profile}” (preset “{preset}”).",
        count=lines.count,
        profile=options.profile,
        preset=preset,
    )


def _left_out(rows: int, given: int, counts: dict[str, int]) -> tuple[Message, ...]:
    """What must be said of rows and lines that are not as they should be."""
    said = []
    if 0 <= given != rows:
        said.append(msg("The road layer says it has {given} rows; {rows} were read.", given=given, rows=rows))
    if counts["without_line"]:
        said.append(
            msg(
                "{count} row of the road layer has no line: it is left out."
                "|{count} rows of the road layer have no line: they are left out.",
                count=counts["without_line"],
            )
        )
    if counts["no_place"]:
        said.append(
            msg(
                "{count} line has coordinates that are no place: it is left out."
                "|{count} lines have coordinates that are no place: they are left out.",
                count=counts["no_place"],
            )
        )
    if counts["filler_heights"]:
        said.append(
            msg(
                "{count} height of a line end is a filler (0, -1000 …): it is not used."
                "|{count} heights of line ends are fillers (0, -1000 …): they are not used.",
                count=counts["filler_heights"],
            )
        )
    return tuple(said)


def _counts(graph: Graph, parts: Components, travel: LineCosts) -> dict[str, Any]:
    """What a `BuildReport` says of the links."""
    return {
        "nodes": len(graph.topology.node_xy),
        "links": len(graph.length),
        "one_way": int((np.isinf(graph.forward) | np.isinf(graph.backward)).sum()),
        "components": parts.count,
        "outside_core": int((parts.link_component == OUTSIDE).sum()),
        "length_km": round(float(graph.length.sum()) / 1000, 3),
        "classes": _by_class(travel.category.take(graph.topology.link_line)),
        "default_speed_used": _by_class(travel.category.take(travel.guessed)),
        "zero_length": int((graph.length == 0).sum()),
        "very_long": int((graph.length > _LONG_LINK).sum()),
    }


def _by_class(category: Column) -> dict[str, int]:
    count = np.bincount(category.code + 1, minlength=len(category.labels) + 1)
    names = ["", *category.labels]
    return {names[i]: int(count[i]) for i in np.argsort(-count, kind="stable") if count[i]}
