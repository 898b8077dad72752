"""How far everyone is from services, over a whole country, without QGIS.

The demand is parted by territory; each part is computed on the roads around it, as wide as its own answer needs, and
equals what one run over everything would give. What is done stays in FILE.parts: the same command goes on from there.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..access.baskets import built_in
from ..errors import CartoError
from ..network import BuildOptions, RoadSource
from ..processes.remote import ANSWERS_WITHIN
from ..progress import Progress
from ..thresholds import parse_thresholds
from .cluster import Workers, answers
from .figures import Answers
from .plan import digest_of, make_plan
from .question import Question
from .tables import check_output, write_tables
from .territory import check_kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as said by ``arguments``; 0 when all went well, 1 with a sentence when it did not."""
    given = _parser().parse_args(arguments)
    try:
        return _run(given)
    except CartoError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
    except OSError as error:  # a full disk, a folder that is read-only
        where = f"{error.filename}: " if error.filename else ""
        said = f"error: {where}{error.strerror or error}; the same command goes on from here"
        print(said, file=sys.stderr)  # noqa: T201
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)  # noqa: T201
    return 1


def _run(given: argparse.Namespace) -> int:
    spent = _Spent()
    output = Path(given.output).absolute()
    folder = output.with_name(f"{output.name}.parts")
    question = _question(given)
    check_output(output, (question.roads, question.demand, question.services, question.zones))
    plan = make_plan(question, folder)
    for message in plan.messages():
        _say(f"note: {message}")
    _say(
        f"{len(plan.fid)} places of demand, {len(plan.services_xy)} services in {len(plan.words['categories'])} "
        f"categories, {plan.parts} parts ({spent})"
    )
    digest = digest_of(folder)
    workers = Workers(given.workers, given.scheduler, given.memory, given.answers_within)
    for report in answers(folder, plan.parts, workers, Progress()):
        _say(
            f"part {report.part + 1} of {plan.parts}: {report.rows} places on {report.links} links within "
            f"{report.halo / 1000:.1f} km, {report.tries} networks, {report.seconds:.1f} s of processor ({spent})"
        )
    check_kept(folder, plan.parts, digest)
    found = Answers(plan, question, folder)
    for message in found.messages():
        _say(f"note: {message}")
    written = write_tables(plan, question, found, output)
    _say(", ".join(f"{name}: {count} rows" for name, count in written.items()) + f" in {output} ({spent})")
    return 0


class _Spent:
    """Since the run began: what the clock says, and the processor time of this process (a part has its own)."""

    def __init__(self) -> None:
        self._clock, self._processor = time.monotonic(), time.process_time()

    def __str__(self) -> str:
        clock, processor = time.monotonic() - self._clock, time.process_time() - self._processor
        return f"{clock:.1f} s; this process {processor:.1f} s of processor"


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _question(given: argparse.Namespace) -> Question:
    options = BuildOptions(
        preset=given.preset,
        profile=given.profile,
        speed_field=given.speed_field,
        cost_field=given.cost_field,
        direction_field=given.direction_field,
        value_forward=given.value_forward,
        value_backward=given.value_backward,
        value_both=given.value_both,
        default_speed=given.default_speed,
        tolerance=given.tolerance,
    )
    return Question(
        roads=_absolute(given.roads),
        demand=_absolute(given.demand),
        services=_absolute(given.services),
        thresholds=parse_thresholds(given.thresholds),
        options=options,
        weight=given.weight,
        groups=_names(given.groups),
        category_field=given.category_field,
        zones=_absolute(given.zones),
        zone_id=given.zone_id,
        territory_field=given.territory_field,
        levels=_names(given.levels),
        direction=given.direction,
        snap_distance=given.snap_distance,
        bound=given.bound,
        basket=given.basket,
        basket_threshold=given.basket_threshold,
        steps=given.steps,
        capacity=given.capacity,
        gaps=given.gaps,
        cell=given.cell,
    )


def _absolute(name: str) -> str:
    """A layer's name as workers elsewhere find it."""
    source = RoadSource.parse(name)
    return replace(source, path=os.path.abspath(source.path)).text() if os.path.exists(source.path) else name


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m carto_services_publics.core.national", description=__doc__)
    layers = parser.add_argument_group(
        "layers", "PATH or PATH|layername=NAME; also PG:dbname=…|layername=TABLE, but for the roads"
    )
    layers.add_argument("--roads", required=True)
    layers.add_argument("--demand", required=True, help="places where people live; longitude and latitude in a CSV")
    layers.add_argument("--services", required=True)
    layers.add_argument("--zones", default="", help="polygons by which figures are given (communes)")
    columns = parser.add_argument_group("columns")
    columns.add_argument("--weight", default="", help="people, in the demand; without it each place counts for 1")
    columns.add_argument("--groups", default="", help="columns of some of the people, parted by commas")
    columns.add_argument("--category-field", default="", help="in the services")
    columns.add_argument("--capacity", default="", help="in the services, for scores; without it each counts for 1")
    columns.add_argument("--zone-id", default="", help="in the zones")
    columns.add_argument("--territory-field", default="", help="in the zones, else in the demand: one part each value")
    columns.add_argument("--levels", default="", help="more columns of the zones to add up by (EPCI, density class)")
    _add_roads(parser.add_argument_group("roads, as in the algorithm buildnetwork"))
    question = parser.add_argument_group("question")
    question.add_argument("--thresholds", default="20", help="minutes: 10,20,30")
    question.add_argument("--direction", default="departure", choices=("departure", "arrival"))
    question.add_argument("--snap-distance", type=float, default=1000.0, help="metres from the roads, at most")
    question.add_argument("--bound", type=float, default=float("inf"), help="minutes beyond which nobody is followed")
    _add_more(parser.add_argument_group("more than the nearest"))
    run = parser.add_argument_group("run")
    run.add_argument("--output", required=True, help="FILE.gpkg, or a folder for GeoParquet")
    run.add_argument("--workers", type=int, default=1, help="processes on this machine")
    run.add_argument("--scheduler", default="", help="tcp://… of a Dask scheduler, whose workers see the same files")
    run.add_argument("--answers-within", type=float, default=ANSWERS_WITHIN, help="seconds a scheduler has to answer")
    run.add_argument("--memory", default="auto", help="of each worker under Dask: 6GB")
    return parser


def _add_more(group: argparse._ArgumentGroup) -> None:
    usual = Question("", "", "", ())
    group.add_argument("--basket", default="", help=f"a JSON file, or one of {', '.join(built_in())}")
    group.add_argument("--basket-threshold", type=float, default=usual.basket_threshold, help="minutes")
    group.add_argument("--steps", default="", help="scores (E2SFCA) by category, weight by minutes: 5:1,10:0.3,15:0.1")
    group.add_argument("--gaps", action="store_true", help="the areas of the badly served, in a table of their own")
    group.add_argument("--cell", type=float, default=usual.cell, help="metres, of the cells of these areas")


def _add_roads(group: argparse._ArgumentGroup) -> None:
    usual = BuildOptions()
    for name in ("preset", "profile", "speed_field", "cost_field", "direction_field"):
        group.add_argument(f"--{name.replace('_', '-')}", default=getattr(usual, name))
    for name in ("value_forward", "value_backward", "value_both"):
        group.add_argument(f"--{name.replace('_', '-')}", default=getattr(usual, name))
    for name in ("default_speed", "tolerance"):
        group.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(usual, name))


if __name__ == "__main__":
    sys.exit(main())
