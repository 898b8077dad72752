"""The demand and the services of a national run, read once and parted among territories."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from ..access.baskets import places_by_need, read_basket
from ..access.weights import are_usable
from ..access.zones import zone_of_points
from ..errors import InvalidInput
from ..messages import Message, msg
from ..network import BuildOptions, RoadSource
from ..network.build import state_of_roads
from ..network.crs import measure_for
from ..network.source import crs_of, opened
from ..ragged import offsets
from .layers import PlaceTable, Zones, read_places, read_zones
from .question import Question

WHOLE, TERRITORY = "ensemble", "territoire"
"""Levels of the summary that are no column of the zones."""
SMALLEST_CELL = 1.0
"""Metres."""
MOST_ROWS = 100_000
"""Rows of demand of a territory above which it is cut in two: what one task holds in memory is bounded."""
_ARRAYS = "plan.npz"
_WORDS = "plan.json"
_FORMAT = b"4"
"""Of what is kept of a part: what another release kept is not used again."""


class Plan(NamedTuple):
    """What every task reads: rows of demand in the order of their territories, all services.

    Attributes:
        crs: that of the positions and of the networks, in metres.
        xy: (n, 2) NaN where a row has no place.
        weight: (n,) NaN where a row cannot be counted.
        groups: (g, n) people of each group.
        fid: (n,) the rows' own numbers.
        zone: (n,) row of their zone, -1 outside all.
        territory: (n,) row of their territory.
        first: (t + 1,) rows ``first[i]:first[i + 1]`` are those of part i of the work.
        services_xy: (m, 2).
        category: (m,) row of each service's category.
        capacity: (m,) of each service, NaN where it cannot be counted.
    """

    crs: str
    xy: np.ndarray
    weight: np.ndarray
    groups: np.ndarray
    fid: np.ndarray
    zone: np.ndarray
    territory: np.ndarray
    first: np.ndarray
    services_xy: np.ndarray
    category: np.ndarray
    capacity: np.ndarray
    words: dict[str, Any]
    """``categories``, ``territories``, ``zones`` (ids), ``territory_of_zones`` (names), ``levels`` (column → value of
    each zone), ``said``."""

    @property
    def parts(self) -> int:
        """How many pieces of work there are."""
        return len(self.first) - 1

    def messages(self) -> Iterator[Message]:
        """What was noticed while the layers were read."""
        for template, values in self.words["said"]:
            yield Message(template, values)


def make_plan(question: Question, folder: Path) -> Plan:
    """Read the layers, part the demand, keep all in ``folder``. The same question on the same files: the same plan."""
    _check(question)
    crs = _crs_of_roads(question.roads)
    by_demand = not question.zones and question.territory_field
    texts = [question.territory_field] if by_demand else []
    numbers = [*([question.weight] if question.weight else []), *question.groups]
    demand = read_places(question.demand, crs, list(dict.fromkeys(numbers)), texts)
    kinds_of, sizes_of = ([name] if name else [] for name in (question.category_field, question.capacity))
    services = read_places(question.services, crs, sizes_of, kinds_of)
    zones = _read_zones(question, crs)
    zone = zone_of_points(demand.xy, zones.shapes)
    names, territory = _territories(question, demand, zones, zone)
    order, first = _parted(demand.xy, _beside(demand.xy, territory, (zone < 0) & bool(zones.shapes)))
    weight, said = _weights(question, demand)
    said += _noticed(demand, zone, zones, services)
    kinds = services.columns.get(question.category_field, np.full(len(services.fid), "", dtype=str))
    categories, category = np.unique(np.char.strip(kinds), return_inverse=True)
    capacity, lacking = _capacities(question, services)
    said += lacking + _absent(question, categories.tolist(), category)
    plan = Plan(
        crs,
        demand.xy[order],
        weight[order],
        np.array([np.nan_to_num(demand.columns[name][order]) for name in question.groups]).reshape(-1, len(order)),
        demand.fid[order],
        zone[order],
        territory[order],
        first,
        services.xy,
        category.astype(np.int32),
        capacity,
        {
            "categories": categories.tolist(),
            "territories": names,
            "zones": zones.columns.get(question.zone_id, [""] * len(zones.shapes)),
            "territory_of_zones": zones.columns.get(question.territory_field, [""] * len(zones.shapes)),
            "levels": {level: zones.columns[level] for level in question.levels},
            "said": [list(message) for message in said],
        },
    )
    _keep(plan, question, folder)
    return plan


def open_plan(folder: Path) -> tuple[Plan, Question]:
    """What `make_plan` kept."""
    words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        plan = Plan(crs=words["crs"], words=words["plan"], **{name: arrays[name] for name in arrays.files})
    asked = words["question"]
    options = asked.pop("options")
    options["speeds"] = tuple(map(tuple, options["speeds"]))
    lists = {name: tuple(value) for name, value in asked.items() if isinstance(value, list)}
    return plan, Question(**{**asked, **lists, "options": BuildOptions(**options)})


def digest_of(folder: Path) -> str:
    """A short text that changes with the plan and with the roads: what was found for another is not used again."""
    plan, question = open_plan(folder)
    seen = hashlib.sha256((folder / _WORDS).read_bytes() + _FORMAT)
    for array in (plan.xy, plan.services_xy, plan.category, plan.first):  # no part depends on weights and capacities
        seen.update(np.ascontiguousarray(array).tobytes())
    seen.update(state_of_roads(RoadSource.parse(question.roads), question.options).encode())
    return seen.hexdigest()[:24]


def _check(question: Question) -> None:
    """Raises `InvalidInput` for what cannot be answered as it is asked."""
    if question.basket:
        read_basket(question.basket)
        if not question.category_field:
            raise InvalidInput("A basket needs the column of the services' categories.")
    _ = question.catchment
    _check_numbers(question)
    if question.levels and not question.zones:
        raise InvalidInput("Levels are columns of the zones: name the zones too.")
    own = {WHOLE} if question.territory_field in ("", TERRITORY) else {WHOLE, TERRITORY}
    for name in question.levels:
        if name in own:
            raise InvalidInput(
                "The summary has a level “{name}” of its own: rename the column of the zones.", name=name
            )


def _check_numbers(question: Question) -> None:
    """Raises `InvalidInput` for a number out of range, and for a bound that hides who is beyond a threshold."""
    for name, value, smallest in (
        ("--bound", question.bound, 0.0),
        ("--snap-distance", question.snap_distance, 0.0),
        ("--basket-threshold", question.basket_threshold, 0.0),
        ("--cell", question.cell, SMALLEST_CELL),
    ):
        if not value >= smallest:
            raise InvalidInput("{name} must be {smallest} or more.", name=name, smallest=smallest)
    farthest = max(*question.thresholds, question.basket_threshold if question.basket else 0.0)
    if question.bound < farthest:
        raise InvalidInput(
            "Nobody is followed beyond {bound} minutes: who is within {threshold} is not known. Give a larger --bound.",
            bound=question.bound,
            threshold=farthest,
        )


def _keep(plan: Plan, question: Question, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: value for name, value in plan._asdict().items() if isinstance(value, np.ndarray)}
    asked = {**question._asdict(), "options": vars(question.options)}
    words = json.dumps({"crs": plan.crs, "plan": plan.words, "question": asked}, ensure_ascii=False)
    with open(folder / f"{_ARRAYS}.new", "wb") as file:
        np.savez(file, **arrays)
    os.replace(folder / f"{_ARRAYS}.new", folder / _ARRAYS)
    (folder / _WORDS).write_text(words, encoding="utf-8")


def _crs_of_roads(roads: str) -> str:
    """One CRS in metres for all the territories. Raises `InvalidInput` where there is none."""
    with opened(RoadSource.parse(roads)) as layer:
        west, east, south, north = layer.GetExtent()
        corners = np.array([(x, y) for x in (west, east) for y in (south, north)])
        measure = measure_for(crs_of(layer), corners)
    if not measure.everywhere:
        raise InvalidInput("The roads span territories too far apart for one projection: run each of them on its own.")
    return measure.crs


def _read_zones(question: Question, crs: str) -> Zones:
    if not question.zones:
        return Zones([], {})
    wanted = [question.zone_id, question.territory_field, *question.levels]
    return read_zones(question.zones, crs, list(dict.fromkeys(column for column in wanted if column)))


def _territories(
    question: Question, demand: PlaceTable, zones: Zones, zone: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """The territories' names, and that (n,) of each row; rows outside every zone have one without a name."""
    if not question.territory_field:
        return [""], np.zeros(len(demand.fid), dtype=np.int64)
    if question.zones:
        of_zone = np.array([*zones.columns[question.territory_field], ""], dtype=str)
        texts = of_zone[zone]
    else:
        texts = demand.columns[question.territory_field]
    names, row = np.unique(texts, return_inverse=True)
    return names.tolist(), row.astype(np.int64)


def _beside(xy: np.ndarray, territory: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """The territory (n,) with which each row is computed: those outside every zone go with their nearest neighbour."""
    placed = np.isfinite(xy).all(axis=1)
    inside, strays = np.flatnonzero(placed & ~outside), np.flatnonzero(placed & outside)
    if not len(inside) or not len(strays):
        return territory
    territory = territory.copy()
    territory[strays] = territory[inside[cKDTree(xy[inside]).query(xy[strays])[1]]]
    return territory


def _parted(xy: np.ndarray, territory: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The order (n,) of the rows, territory by territory, and where each part of the work begins."""
    pieces: list[np.ndarray] = []
    for number in range(int(territory.max(initial=-1)) + 1):
        rows = np.flatnonzero(territory == number)
        pieces += _halved(rows, xy) if len(rows) else []
    first = offsets([len(piece) for piece in pieces])
    return np.concatenate(pieces) if pieces else np.empty(0, np.int64), first


def _halved(rows: np.ndarray, xy: np.ndarray) -> list[np.ndarray]:
    """``rows`` in pieces of at most `MOST_ROWS`, cut across their longer side."""
    if len(rows) <= MOST_ROWS:
        return [rows]
    places = np.nan_to_num(xy[rows])
    side = int(np.ptp(places, axis=0).argmax())
    order = rows[np.argsort(places[:, side], kind="stable")]
    middle = len(order) // 2
    return _halved(np.sort(order[:middle]), xy) + _halved(np.sort(order[middle:]), xy)


def _weights(question: Question, demand: PlaceTable) -> tuple[np.ndarray, list[Message]]:
    """People (n,) of each row, NaN for those that cannot be counted, and what to say of those."""
    if not question.weight:
        return np.ones(len(demand.fid)), [msg("No population was given: every place of demand counts for 1.")]
    weight = demand.columns[question.weight].copy()
    bad = ~are_usable(weight)
    weight[bad] = np.nan
    if not bad.any():
        return weight, []
    return weight, [
        msg(
            "{count} row of demand has no usable population and is left out."
            "|{count} rows of demand have no usable population and are left out.",
            count=int(bad.sum()),
        )
    ]


def _capacities(question: Question, services: PlaceTable) -> tuple[np.ndarray, list[Message]]:
    """Capacity (m,) of each service, NaN for those that cannot be counted, and what to say of those."""
    if not question.capacity:
        return np.ones(len(services.fid)), []
    capacity = services.columns[question.capacity].copy()
    bad = ~(np.isfinite(capacity) & (capacity >= 0))
    capacity[bad] = np.nan
    if not bad.any():
        return capacity, []
    return capacity, [
        msg(
            "{count} service has no usable capacity and counts in no score."
            "|{count} services have no usable capacity and count in no score.",
            count=int(bad.sum()),
        )
    ]


def _absent(question: Question, categories: list[str], category: np.ndarray) -> list[Message]:
    """The services of the basket that no place meets, and the places whose lines could be taken for the basket's."""
    if not question.basket:
        return []
    basket = read_basket(question.basket)
    needs = places_by_need(basket, categories, category)
    absent = [service.label for service, members in zip(basket.services, needs) if not len(members)]
    said = []
    if absent:
        names = ", ".join(absent)
        said.append(msg("The layer of services has no place for: {names}. The mean is then NULL.", names=names))
    nameless = int((category == categories.index("")).sum()) if "" in categories else 0
    if nameless:
        said.append(
            msg(
                "{count} service has no category: of two lines without category, the first is its own, the second the "
                "basket's.|{count} services have no category: of two lines without category, the first is theirs, the "
                "second the basket's.",
                count=nameless,
            )
        )
    return said


def _noticed(demand: PlaceTable, zone: np.ndarray, zones: Zones, services: PlaceTable) -> list[Message]:
    said = (
        msg(
            "{count} row of demand has no position and is not computed."
            "|{count} rows of demand have no position and are not computed.",
            count=int((~np.isfinite(demand.xy).all(axis=1)).sum()),
        ),
        msg(
            "{count} row of demand lies outside every zone: it has a line of its own."
            "|{count} rows of demand lie outside every zone: they have a line of their own.",
            count=int((zone < 0).sum()) if zones.shapes else 0,
        ),
        msg(
            "{count} service has no position and serves nobody.|{count} services have no position and serve nobody.",
            count=int((~np.isfinite(services.xy).all(axis=1)).sum()),
        ),
    )
    return [message for message in said if message.values["count"]]
