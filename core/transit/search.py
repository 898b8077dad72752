"""Earliest arrivals from every departure of a timetable, by one depth-first pass over its time-expanded graph.

The graph has three nodes a halt: in the vehicle on arrival (R), on the platform after it (P), at the stop ready for the
departure (W). Forward arcs: R → R of the next halt, and of the first halt of the run as which the vehicle goes on;
R → P (get off); P → P of the next arrival of the group (stay); P → W (change, after the time it takes); W → W of the
next departure (wait); W → R of the next halt (ride). Arrival, platform and departure are apart, or vehicles would be
changed in no time. A departure that rules tell from others of its stop (`changes`) has one more node W for those
whom they concern, who wait among its group only.

Which destination is reached first from a node is found without any comparison of times: walk the arcs backwards from
the arrivals in the order of when they end, depth first; each node belongs to the first that reaches it. One pass costs
what the graph has of arcs, whatever the number of destinations. (Time-expanded model: Pyrga, Schulz, Wagner and
Zaroliagis 2008; here for all departures of a day at once, as a profile search.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import depth_first_order

from ..ragged import ranges
from .changes import grouped
from .timetable import Timetable, require_service

_SPAN = np.int64(1) << 32
_MIDDLE = np.int64(1) << 31
_CHANGES_AT_ONCE = 2_000_000
"""Arrivals × changes looked at together: what they need of memory stays under some 150 MB."""


class Arrivals(NamedTuple):
    """What each departure of a timetable reaches first. B departures in the order of `DayGraph.boardings`."""

    rank: np.ndarray
    """(B,) i4 into `when`, ascending within a stop; ``len(when)`` where nothing is reached."""
    when: np.ndarray
    """(K,) f8 seconds, ascending: the moments at which someone may be at a destination."""
    halt: np.ndarray
    """(K,) the halt at which the last vehicle is left."""


class DayGraph:
    """The time-expanded graph of a timetable, ready for `arrivals` at any destinations.

    Raises `NoService` for a timetable without any halt.
    """

    def __init__(self, timetable: Timetable) -> None:
        require_service(timetable)
        self.timetable = timetable
        halts = len(timetable.stop)
        inside = np.ones(halts, bool)
        inside[timetable.first[:-1]] = False
        onward = np.ones(halts, bool)
        onward[timetable.first[1:] - 1] = False
        can_board = np.flatnonzero(onward & (timetable.board == 1))
        can_alight = np.flatnonzero(inside & (timetable.alight == 1))
        self.boardings = can_board[np.lexsort((timetable.departure[can_board], timetable.stop[can_board]))]
        """(B,) halts where one may get on, by stop and departure."""
        changes = grouped(timetable, can_alight, self.boardings)
        by_group = np.lexsort((timetable.arrival[can_alight], changes.arriving))
        self.alightings = can_alight[by_group]
        """(A,) halts where one may get off, by group (see `changes`) and arrival."""
        self._arriving, self._groups = changes.arriving[by_group], changes
        self.boarding_stop = timetable.stop[self.boardings].astype(np.int64)
        self.boarding_time = timetable.departure[self.boardings].astype(np.int64)
        self.first_boarding = np.searchsorted(self.boarding_stop, np.arange(len(timetable.stops) + 1))
        """(S + 1,): the departures of stop s are ``first_boarding[s]:first_boarding[s + 1]``."""
        # Where one waits: the departures themselves, then those of groups once more.
        extra = changes.extra_boarding
        self._wait_group = np.concatenate((self.boarding_stop, changes.extra_group))
        self._wait_node = np.concatenate((halts + self.boardings, 3 * halts + np.arange(len(extra))))
        self._wait_halt = np.concatenate((self.boardings, self.boardings[extra]))
        self._wait_key = _key(self._wait_group, timetable.departure[self._wait_halt])
        self._first_wait = np.searchsorted(self._wait_group, np.arange(changes.departing + 1))
        self._indptr, self._indices = self._backwards(inside)

    def next_boarding(self, stop: np.ndarray, time: np.ndarray) -> np.ndarray:
        """The first departure from ``stop`` at ``time`` (whole seconds) or later; B where there is none that day."""
        found = np.searchsorted(self._wait_key, _key(stop, time))
        beyond = found >= self.first_boarding[np.asarray(stop) + 1]
        return np.where(beyond, len(self.boardings), found)

    def arrivals(self, egress: np.ndarray) -> Arrivals:
        """What each departure reaches first, ``egress`` (S,) being the seconds from each stop to a destination."""
        timetable = self.timetable
        out = egress[timetable.stop[self.alightings]]
        ends = self.alightings[np.isfinite(out)]
        when = timetable.arrival[ends] + egress[timetable.stop[ends]]
        order = np.argsort(when, kind="stable")
        ends, when = ends[order], when[order]
        rank = self._owners(ends)[len(timetable.stop) + self.boardings]
        return Arrivals(rank, when, ends)

    def _owners(self, ends: np.ndarray) -> np.ndarray:
        """Of each node, the place in ``ends`` of the first end that it leads to; ``len(ends)`` for none."""
        nodes = len(self._indptr) - 1
        count = len(ends)
        owner = np.full(nodes + count, count, np.int32)
        if count == 0:
            return owner[:nodes]
        # A chain of helpers, one an end, so that no node has many neighbours: helper i leads to end i, then to i + 1.
        chain = np.empty(2 * count - 1, np.int32)
        chain[0::2] = ends
        chain[1::2] = nodes + np.arange(1, count)
        indptr = np.concatenate((self._indptr, self._indptr[-1] + np.append(np.arange(2, 2 * count, 2), 2 * count - 1)))
        indices = np.concatenate((self._indices, chain))
        size = nodes + count
        graph = csr_matrix((np.broadcast_to(1.0, len(indices)), indices, indptr.astype(np.int32)), shape=(size, size))
        visited = depth_first_order(graph, nodes, directed=True, return_predecessors=False)
        owner[visited] = np.cumsum(visited >= nodes) - 1
        return owner[:nodes]

    def _backwards(self, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The arcs against time, as CSR; R, W and P of halt h are h, E + h and 2 E + h, more W stand from 3 E on."""
        halts, node = len(self.timetable.stop), self._wait_node
        reached = np.flatnonzero(inside)
        waits = np.flatnonzero(np.diff(self._wait_group) == 0)
        stays = np.flatnonzero(np.diff(self._arriving) == 0)
        aboard = np.asarray(self.timetable.goes_on)
        platform, departure = self._changes()
        tail = [
            reached,
            aboard[:, 1],
            self._wait_halt + 1,
            node[waits + 1],
            2 * halts + self.alightings[stays + 1],
            2 * halts + self.alightings,
            *departure,
        ]
        head = [
            reached - 1,
            aboard[:, 0],
            node,
            node[waits],
            2 * halts + self.alightings[stays],
            self.alightings,
            *(2 * halts + part for part in platform),
        ]
        del platform, departure  # of a whole region these are most of what is held
        tails, heads = _joined(tail), _joined(head)
        size = 3 * halts + len(self._groups.extra_boarding)
        graph = coo_matrix((np.ones(len(tails), np.int8), (tails, heads)), shape=(size, size)).tocsr()
        return graph.indptr.astype(np.int32), graph.indices.astype(np.int32)

    def _changes(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Halts left and nodes W reached by a change, in parts: of the arrivals that catch one departure, the last."""
        begin = np.searchsorted(self._arriving, self._groups.change_from, side="left")
        count = np.searchsorted(self._arriving, self._groups.change_from, side="right") - begin
        cuts = np.searchsorted(np.cumsum(count), np.arange(_CHANGES_AT_ONCE, count.sum(), _CHANGES_AT_ONCE)) + 1
        found = [
            self._some_changes(begin[low:high], count[low:high], low)
            for low, high in zip(np.append(0, cuts), np.append(cuts, len(count)))
        ]
        left, taken = zip(*found)
        return list(left), list(taken)

    def _some_changes(self, begin: np.ndarray, count: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Those of the changes from number ``first`` on, whose arrivals are ``begin … begin + count - 1``."""
        changes = self._groups
        pair = np.repeat(np.arange(first, first + len(count)), count)
        left = self.alightings[ranges(begin, count)]
        ready = self.timetable.arrival[left].astype(np.int64) + changes.change_time[pair]
        group = changes.change_to[pair].astype(np.int64)
        taken = np.searchsorted(self._wait_key, _key(group, ready))
        last = np.ones(len(pair), bool)
        last[:-1] = (pair[1:] != pair[:-1]) | (taken[1:] != taken[:-1])
        last &= taken < self._first_wait[group + 1]
        return left[last].astype(np.int32), self._wait_node[taken[last]].astype(np.int32)


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    """All ``parts`` as one array of i4; the list is emptied."""
    whole = np.concatenate([part.astype(np.int32, copy=False) for part in parts])
    parts.clear()
    return whole


def _key(stop: np.ndarray, time: np.ndarray) -> np.ndarray:
    """One number that sorts by stop, then by time."""
    return np.asarray(stop, np.int64) * _SPAN + (np.asarray(time, np.int64) + _MIDDLE)
