"""Vehicles that go on as another trip, in which people may stay: `block_id`, and transfers of the kinds 4 and 5."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .vehicles import VehicleRuns


def goes_on(runs: VehicleRuns, block: Sequence[str], said: Mapping[tuple[int, int], bool]) -> np.ndarray:
    """(L, 2) i8: the last halt of a run, and the first of the run as which its vehicle goes on.

    ``block``: of each trip, empty for none. ``said``: what transfers.txt says of two trips, which prevails. Runs of a
    block follow one another on one service day where the one begins at the stop where the other ended. Trips of a
    frequency have no single run: nobody stays in them.
    """
    begin, end = runs.first[:-1], runs.first[1:] - 1
    times = np.bincount(2 * runs.trip + runs.own_day, minlength=1)
    single = times[2 * runs.trip + runs.own_day] == 1
    of_trip = {(int(t), bool(o)): r for r, (t, o) in enumerate(zip(runs.trip, runs.own_day)) if single[r]}
    pairs = dict.fromkeys(_said(runs, of_trip, said))
    linked = {trip for (trip, _), stays in said.items() if stays}
    for one, other in _in_blocks(runs, block, of_trip):
        trips = int(runs.trip[one]), int(runs.trip[other])
        if trips not in said and trips[0] not in linked and runs.stop[end[one]] == runs.stop[begin[other]]:
            pairs[one, other] = None
    found = [(end[one], begin[other]) for one, other in pairs if runs.arrival[end[one]] <= runs.departure[begin[other]]]
    return np.array(found, np.int64).reshape(-1, 2)


def _said(
    runs: VehicleRuns, of_trip: Mapping[tuple[int, bool], int], said: Mapping[tuple[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """The runs of one service day; of two when the second begins, by the clock of its day, before the first ends."""
    for (trip, then), stays in said.items():
        for own in (True, False):
            one, other, next_day = of_trip.get((trip, own)), of_trip.get((then, own)), of_trip.get((then, True))
            if not stays or one is None:
                continue
            if other is not None and runs.arrival[runs.first[one + 1] - 1] <= runs.departure[runs.first[other]]:
                yield one, other
            elif not own and next_day is not None:
                yield one, next_day


def _in_blocks(
    runs: VehicleRuns, block: Sequence[str], of_trip: Mapping[tuple[int, bool], int]
) -> Iterator[tuple[int, int]]:
    """The runs that follow one another in a block on one service day."""
    members = defaultdict(list)
    for (trip, own), run in of_trip.items():
        if block[trip]:
            members[block[trip], own].append(run)
    for chain in members.values():
        chain.sort(key=lambda run: (runs.departure[runs.first[run]], runs.arrival[runs.first[run + 1] - 1]))
        yield from zip(chain, chain[1:])
