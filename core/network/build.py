"""Make the network file of a layer of roads."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Callable

import numpy as np

from ..messages import Message
from ..progress import Progress
from . import presets
from .components import Components, find_components
from .contraction import contract
from .crs import metric_crs, project
from .errors import FieldMissing, NetworkFileInvalid, NoRoads
from .file import read_header, write_arrays
from .graph import Graph, with_costs
from .lines import Column, RoadLines
from .network import Network, contraction_arrays, forget_network, open_network
from .source import Source, field_names, opened, read_lines
from .topology import connect
from .travel import BuildOptions, Travel, read_travel

__all__ = ["BuildOptions", "BuildReport", "build_network", "network_for", "refresh_network"]

Builder = Callable[[Any, BuildOptions, Any, Any], "BuildReport"]
"""`build_network`, or something that does the same elsewhere."""
_LONG_LINK = 30_000.0
"""Metres above which a link is told as suspicious."""


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
        recorded, lines = None, source._replace(vertices=np.array(source.vertices))
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
    source: Source | str,
    options: BuildOptions,
    folder: str | os.PathLike,
    progress: Progress | None = None,
    *,
    build: Builder = build_network,
) -> Network:
    """The network of a layer, kept in ``folder``: built the first time, and again when the layer changed."""
    source = source if isinstance(source, Source) else Source.parse(os.fspath(source))
    Path(folder).mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(json.dumps([asdict(source), asdict(options)]).encode()).hexdigest()[:24]
    # One file a state of the source: a file that some process has open cannot be replaced everywhere.
    path = Path(folder) / f"{key}-{source.state()[:12]}.network"
    try:
        return open_network(path)
    except NetworkFileInvalid:
        build(source, options, path, progress)
    for older in Path(folder).glob(f"{key}-*.network"):
        if older != path:
            with suppress(OSError):
                older.unlink()
    return open_network(path)


def refresh_network(
    path: str | os.PathLike, progress: Progress | None = None, *, build: Builder = build_network
) -> Network:
    """The network at ``path``, built again first when the layer it came from is still there and has changed."""
    recorded = read_header(path)["recorded"]
    if recorded is not None:
        source = Source(**recorded["source"])
        state = source.state()
        if state != recorded["state"] and Path(source.path).exists():
            options = recorded["options"]
            speeds = tuple((name, speed) for name, speed in options.pop("speeds"))
            build(source, BuildOptions(**options, speeds=speeds), path, progress)
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
    travel, warnings = read_travel(lines, preset, options)
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
    travel = Travel(*(column.take(usable) if isinstance(column, Column) else column[usable] for column in travel))
    crs = metric_crs(lines.crs, kept.vertices)
    vertices = project(kept.vertices, lines.crs, crs)
    progress.advance(0.25)

    topology = connect(
        vertices,
        kept.offset,
        at_vertices=presets.PRESETS[preset].AT_VERTICES,
        level=travel.level,
        z_ends=kept.z_ends,
        tolerance=options.tolerance,
        progress=progress.part(0.25, 0.55),
    )
    progress.advance(0.55)
    graph = with_costs(topology, travel)
    progress.advance(0.7)

    folded = contract(
        len(graph.topology.node_xy),
        graph.topology.link_from,
        graph.topology.link_to,
        graph.forward,
        graph.backward,
        graph.length,
        progress.part(0.7, 0.85),
    )
    parts = find_components(folded, graph.length)
    progress.advance(0.9)
    report = _report(lines, kept, preset, options, crs, travel, graph, parts, warnings)
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
    forget_network(path)
    write_arrays(path, header, arrays)
    progress.advance(1.0)
    return report


def _report(
    lines: RoadLines,
    kept: RoadLines,
    preset: str,
    options: BuildOptions,
    crs: str,
    travel: Travel,
    graph: Graph,
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
        classes=_by_class(travel.category.take(graph.topology.link_line)),
        default_speed_used=_by_class(travel.category.take(travel.guessed)),
        zero_length=int((graph.length == 0).sum()),
        very_long=int((graph.length > _LONG_LINK).sum()),
        warnings=warnings,
    )


def _by_class(category: Column) -> dict[str, int]:
    count = np.bincount(category.code + 1, minlength=len(category.labels) + 1)
    names = ["", *category.labels]
    return {names[i]: int(count[i]) for i in np.argsort(-count, kind="stable") if count[i]}
