"""One part of a national run: the nearest service of each category, as on the roads of the whole country."""

from __future__ import annotations

import json
import os
import tempfile
import time
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..access.matrix import cost_blocks
from ..access.nearest import members_by_category
from ..errors import CartoError
from ..messages import Message
from ..network.network import forget_network
from ..processes.outcomes import Resource
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..travel_modes import BIKE, CAR, FOOT
from .around import Around, Box, Snapped, roads_around, snapped
from .plan import Plan, digest_of, open_plan
from .question import Question

_FIRST_SPEED = {CAR: 130.0, BIKE: 30.0, FOOT: 6.0}
"""km/h by which the first halo is drawn; the roads' own largest speed decides whether it was enough."""
_MARGIN = 1.001
"""Halos are drawn by this much wider than needed, so that the noise of floating point does not ask for another."""
_NOISE = 1e-6
SCRATCH = "around."
"""How the names begin of the folders where networks are made."""
UNSEEN = -1
_NO_POSITION = "The point has no position."


class PartsMixed(CartoError):
    """Parts that answer different questions."""


class PartReport(NamedTuple):
    """How one part was answered.

    Attributes:
        part: its number.
        rows: of demand.
        links: of the network on which the answer stands.
        halo: metres.
        tries: networks made.
        seconds: of processor.
    """

    part: int
    rows: int
    links: int
    halo: float
    tries: int
    seconds: float


def folder_of(folder: str) -> Path:
    """What worker processes open: the folder of the plan."""
    return Path(folder)


def shared_folder(folder: Path) -> Resource:
    """The plan's folder, for functions that worker processes call."""
    return Resource(folder_of, str(folder))


@lru_cache(maxsize=1)
def _opened(version: tuple[Path, float]) -> tuple[Plan, Question, str]:
    """The plan in a folder, of one date of change, and its digest."""
    folder = version[0]
    return (*open_plan(folder), digest_of(folder))


def answer(folder: Path, part: int) -> PartReport:
    """Compute part number ``part`` of the plan in ``folder`` and keep it there, unless it is there already."""
    plan, question, digest = _opened((folder, os.stat(folder / "plan.json").st_mtime))
    kept = kept_at(folder, part)
    report = _kept_report(kept, digest)
    if report is not None:
        return report
    rows = slice(int(plan.first[part]), int(plan.first[part + 1]))
    begun = time.process_time()
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
        found = _Search(plan, question, rows, Path(scratch)).run()
    report = PartReport(part, rows.stop - rows.start, found.links, found.halo, found.tries, time.process_time() - begun)
    new = kept.with_name(f"{kept.name}.{os.getpid()}.new")
    with open(new, "wb") as file:
        costs = {cost_name(number): cost for number, cost in enumerate(found.cost)}
        for number, pairs in enumerate(found.pairs):
            costs.update(zip(pair_names(number), (pairs.data, pairs.indices, pairs.indptr)))
        said = json.dumps([[message.template, message.values] for message in found.said])
        arrays = {"said": np.array(said), "computed": found.computed, "placed": found.placed, "why": found.why, **costs}
        np.savez(file, digest=digest, report=np.array(report, float), **arrays)
    os.replace(new, kept)
    return report


def kept_at(folder: Path, part: int) -> Path:
    """Where the answer of a part is kept: a `cost_name` for each category (n,) minutes, NaN where nothing is reached;
    ``computed`` (n,); ``why`` (n,) a place has no cost; ``placed`` (m,) whether each service is on the roads, `UNSEEN`
    where it lies beyond; ``said`` of its roads (JSON, `Message`s); where scores are asked for, `pair_names` of each
    category."""
    return folder / f"part{part:05d}.npz"


def check_kept(folder: Path, parts: int, digest: str) -> None:
    """Raises `PartsMixed` where what is kept of a part is not the answer to the plan of this ``digest``."""
    for part in range(parts):
        with np.load(kept_at(folder, part), allow_pickle=False) as arrays:
            if str(arrays["digest"]) != digest:
                raise PartsMixed(
                    "Another run worked in {folder}, or the roads changed meanwhile: run the command again.",
                    folder=str(folder),
                )


def cost_name(category: int) -> str:
    """The name of the costs to a category: each is read by itself."""
    return f"cost{category}"


def pair_names(category: int) -> tuple[str, str, str]:
    """The names of the costs within the catchment, (n, m) for the m services of a category: a CSR matrix's arrays."""
    return f"pairs{category}", f"pairs{category}of", f"pairs{category}first"


def _kept_report(path: Path, digest: str) -> PartReport | None:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["digest"]) != digest:
                return None
            part, rows, links, halo, tries, seconds = arrays["report"].tolist()
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return PartReport(int(part), int(rows), int(links), halo, int(tries), seconds)


class _Found(NamedTuple):
    cost: np.ndarray
    computed: np.ndarray
    why: np.ndarray
    placed: np.ndarray
    pairs: list[sparse.csr_matrix]
    links: int = 0
    halo: float = 0.0
    tries: int = 0
    said: tuple[Message, ...] = ()


class _Search:
    """Networks of a growing halo, until the answer is proved."""

    def __init__(self, plan: Plan, question: Question, rows: slice, scratch: Path) -> None:
        self._plan, self._asked, self._scratch = plan, question, scratch
        self._xy = plan.xy[rows]
        self._placed = np.flatnonzero(np.isfinite(self._xy).all(axis=1))
        self._members = members_by_category(plan.category, len(plan.words["categories"]))
        self._catchment = question.catchment

    def run(self) -> _Found:
        nothing = np.full((len(self._members), len(self._xy)), np.nan)
        if not len(self._placed):
            why = np.full(len(self._xy), _NO_POSITION)
            none = np.empty(0, np.int32)
            pairs = self._split(none, none, np.empty(0, np.float32))
            return _Found(nothing, np.zeros(len(self._xy), dtype=bool), why, self._unseen(), pairs)
        home = Box.around(self._xy[self._placed])
        speed = _FIRST_SPEED[self._asked.options.profile] * 1000 / 60
        halo = self._halo(speed, max(min(max(self._asked.thresholds), self._asked.bound), self._catchment))
        for tries in range(1, 60):
            path = self._scratch / f"{tries}.network"
            box = home.wider(halo)
            around = roads_around(self._asked.roads, self._asked.options, self._plan.crs, box, path)
            done, halo_needed = (None, 2 * halo) if around is None else self._on(around, halo)
            if done is not None and around is not None:
                return done._replace(halo=halo, tries=tries)
            halo = halo_needed
            forget_network(path)
            path.unlink(missing_ok=True)
        raise AssertionError("a halo that doubles holds the Earth before this")

    def _unseen(self) -> np.ndarray:
        """(m,) i1 for each service `UNSEEN`; 0 where it has no position."""
        return np.where(np.isfinite(self._plan.services_xy).all(axis=1), UNSEEN, 0).astype(np.int8)

    def _halo(self, speed: float, minutes: float) -> float:
        """Metres within which all lies that can be reached in ``minutes`` at ``speed`` (metres per minute)."""
        return (speed * minutes + 3 * self._asked.snap_distance) * _MARGIN

    def _on(self, around: Around, halo: float) -> tuple[_Found | None, float]:
        """What these roads say where it is proved, else the halo to try next."""
        near = self._plan.services_xy
        inside = np.isfinite(near).all(axis=1)
        if not around.whole:
            inside &= around.box.wider(-self._asked.snap_distance).holds(np.nan_to_num(near, nan=np.inf))
        chosen = np.flatnonzero(inside)
        places = snapped(around, self._xy[self._placed], near[chosen], self._asked.snap_distance)
        if not places.sure:
            return None, 1.5 * halo
        cost = self._costs(around, places.demand, places.services, self._plan.category[chosen])
        speed = around.largest_speed
        proved = np.inf if around.whole else _proved(halo, self._asked.snap_distance, speed)
        on_network = places.demand.link >= 0
        followed = cost[:, on_network]
        followed = np.where(np.isnan(followed), np.inf, followed)
        farthest = self._catchment
        if proved < self._asked.bound and (followed > proved).any():
            farthest = max(farthest, min(followed.max(), self._asked.bound))
        if farthest > proved:
            return None, self._halo(speed, farthest) if np.isfinite(farthest) and speed < np.inf else 2 * halo
        placed = self._unseen()
        placed[chosen] = places.services.link >= 0
        done = self._found(around, cost, on_network)
        return done._replace(placed=placed, pairs=self._pairs(around, places, chosen)), halo

    def _costs(
        self, around: Around, demand: SnappedPoints, services: SnappedPoints, category: np.ndarray
    ) -> np.ndarray:
        """Minutes (c, n) to the nearest service of each category; NaN where there is none."""
        router = Router(around.network)
        prepared = router.prepare(demand)
        cost = np.full((len(self._members), demand.count), np.nan)
        for number, members in enumerate(members_by_category(category, len(self._members))):
            if len(members):
                found = router.nearest(prepared, services.take(members), direction=self._asked.direction)
                cost[number] = found.cost[:, 0]
        return cost

    def _pairs(self, around: Around, places: Snapped, chosen: np.ndarray) -> list[sparse.csr_matrix]:
        """Minutes within the catchment, a table a category; ``chosen`` are the services' numbers in the country."""
        if not self._catchment:
            return []
        blocks = cost_blocks(
            Router(around.network),
            places.demand,
            places.services,
            self._catchment,
            direction=self._asked.direction,
            workers=False,
        )
        rows, services, costs = [np.empty(0, np.int32)], [np.empty(0, np.int32)], [np.empty(0, np.float32)]
        for block in blocks:
            row, column = np.nonzero(np.isfinite(block.cost))
            rows.append(self._placed[block.origins[row]].astype(np.int32))
            services.append(chosen[block.destinations[column]].astype(np.int32))
            costs.append(block.cost[row, column])
        return self._split(np.concatenate(rows), np.concatenate(services), np.concatenate(costs))

    def _split(self, row: np.ndarray, service: np.ndarray, cost: np.ndarray) -> list[sparse.csr_matrix]:
        """Pairs of rows and services as a table a category, where scores are asked for."""
        if not self._catchment:
            return []
        tables = []
        for number, members in enumerate(self._members):
            here = np.flatnonzero(self._plan.category[service] == number)
            at = row[here], np.searchsorted(members, service[here])
            tables.append(sparse.coo_matrix((cost[here], at), shape=(len(self._xy), len(members))).tocsr())
        return tables

    def _found(self, around: Around, cost: np.ndarray, on_network: np.ndarray) -> _Found:
        rows, count = self._placed, len(self._xy)
        kept = np.full((len(self._members), count), np.nan)
        kept[:, rows] = np.where(cost <= self._asked.bound, cost, np.nan)
        computed = np.zeros(count, dtype=bool)
        computed[rows] = on_network
        why = np.full(count, _NO_POSITION, dtype=object)
        why[rows] = ""
        lost = rows[~on_network]
        if len(lost):
            reasons = Router(around.network).why_not(self._xy[lost], self._asked.snap_distance)
            why[lost] = [str(reason) for reason in reasons]
        return _Found(kept, computed, why.astype(str), self._unseen(), [], around.network.link_count, said=around.said)


def _proved(halo: float, snap_distance: float, speed: float) -> float:
    """Minutes up to which costs found within ``halo`` metres are those of all roads (`around`)."""
    return (halo * (1 - _NOISE) - 3 * snap_distance) / speed if speed > 0 else np.inf
