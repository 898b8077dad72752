"""Which vehicles may be taken after which, and after how long.

Arrivals at a stop that are treated alike form a group, and so do departures. Without rules of single lines and trips a
group is a stop. Where rules speak of a stop, its arrivals (departures) fall apart into those that no rule tells from
one another; each change then leads from such a group to such a group in a time of its own, or not at all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..ragged import owners, ranges
from .timetable import Timetable
from .transfers import ANY


class Groups(NamedTuple):
    """Groups of arrivals and of departures, the first S of each named as the stops, and the changes between them."""

    arriving: np.ndarray
    """(A,) the group of each arrival; every one is in one."""
    extra_group: np.ndarray
    """(X,) ascending: groups of departures beside those that hold all of a stop,"""
    extra_boarding: np.ndarray
    """(X,) and the departures that they hold, in the order of the departures."""
    departing: int
    """Groups of departures in all."""
    change_from: np.ndarray
    """(C,) ascending."""
    change_to: np.ndarray
    change_time: np.ndarray


class _Split(NamedTuple):
    """The events at the stops that rules speak of, by what the rules can tell."""

    group: np.ndarray
    """(n,) of each event; its stop where no rule tells it from others."""
    stop: np.ndarray
    """(G,) of each group,"""
    line: np.ndarray
    """(G,) and its line and trip where rules name them, else `ANY`."""
    trip: np.ndarray
    stops: int
    """S: of the groups the first S are named as the stops."""

    def of_stop(self, stop: int) -> np.ndarray:
        """The groups at a stop: what no rule tells apart, then the others, which ascend by their stops."""
        extra = self.stop[self.stops :]
        low, high = np.searchsorted(extra, (stop, stop + 1))
        return np.append(stop, np.arange(self.stops + low, self.stops + high))


def grouped(timetable: Timetable, alightings: np.ndarray, boardings: np.ndarray) -> Groups:
    """The groups of the halts ``alightings`` and ``boardings``, and the changes between them."""
    stops, rules = len(timetable.stops), np.asarray(timetable.rules)
    plain = (timetable.change_from, timetable.change_to, timetable.change_time)
    if not len(rules):
        none = np.empty(0, np.int64)
        return Groups(timetable.stop[alightings], none, none, stops, *plain)
    arrivals = _split(timetable, alightings, rules[:, [0, 2, 3]])
    departures = _split(timetable, boardings, rules[:, [1, 4, 5]])
    # Groups of departures are taken beside the whole of a stop, which the ungoverned go on to use.
    of_stop = np.flatnonzero(np.isin(departures.stop[departures.group], rules[:, 1]))
    extra = of_stop[np.argsort(departures.group[of_stop], kind="stable")]
    governed = _governed(rules, arrivals, departures, plain, stops)
    change = _everywhere(plain, arrivals, stops)
    barred = governed[:, 0] * stops + governed[:, 1]
    keep = ~np.isin(change[:, 0] * stops + change[:, 1], barred)
    allowed = governed[governed[:, 3] >= 0][:, [0, 2, 3]]
    allowed[:, 1] += stops
    table = np.concatenate((change[keep], allowed))
    table = table[np.argsort(table[:, 0], kind="stable")]
    return Groups(
        arrivals.group, departures.group[extra] + stops, extra, stops + len(departures.stop), *table.T.astype(np.int64)
    )


def _split(timetable: Timetable, halts: np.ndarray, sides: np.ndarray) -> _Split:
    """The ``halts`` by what ``sides`` (K, 3) of rules (stop, line, trip) tell of them."""
    run = owners(np.diff(timetable.first))[halts]
    stop, stops = timetable.stop[halts].astype(np.int64), len(timetable.stops)
    line, trip = (np.asarray(column)[run].astype(np.int64) for column in (timetable.line, timetable.trip))
    line = np.where(_named(stop, line, sides[:, 0], sides[:, 1]), line, ANY)
    trip = np.where(_named(stop, trip, sides[:, 0], sides[:, 2]), trip, ANY)
    keys = np.column_stack((stop, line, trip))
    marked = (line != ANY) | (trip != ANY)
    group = stop.copy()
    extra, which = np.unique(keys[marked], axis=0, return_inverse=True)
    group[marked] = stops + which.ravel()
    whole = np.full(stops, ANY)
    of_stop, of_line, of_trip = (
        np.append(first, more) for first, more in zip((np.arange(stops), whole, whole), extra.T)
    )
    return _Split(group, of_stop, of_line, of_trip, stops)


def _named(stop: np.ndarray, name: np.ndarray, stops: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Whether each pair of a stop and a name is one of some."""
    span = max(int(name.max(initial=0)), int(names.max(initial=0))) + 1
    some = names != ANY
    return np.isin(stop * span + name, stops[some].astype(np.int64) * span + names[some])


def _everywhere(plain: tuple[np.ndarray, ...], arrivals: _Split, stops: int) -> np.ndarray:
    """(C, 3) the changes of whole stops, and the same from each of the groups that their arrivals fall into."""
    table = np.column_stack(plain).astype(np.int64)
    first = np.searchsorted(table[:, 0], np.arange(stops + 1))
    of_stop = arrivals.stop[stops:]
    count = np.diff(first)[of_stop]
    more = table[ranges(first[of_stop], count)]
    more[:, 0] = stops + owners(count)
    return np.concatenate((table, more))


def _governed(
    rules: np.ndarray, arrivals: _Split, departures: _Split, plain: tuple[np.ndarray, ...], stops: int
) -> np.ndarray:
    """(n, 4) a group of arrivals, a stop, a group of departures from it, and the seconds between them (-1: never)."""
    plain_key = plain[0].astype(np.int64) * stops + plain[1]
    plain_time = dict(zip(plain_key.tolist(), np.asarray(plain[2]).tolist()))
    pair = rules[:, 0].astype(np.int64) * stops + rules[:, 1]
    order = np.argsort(pair, kind="stable")
    cuts = np.flatnonzero(np.diff(pair[order], prepend=-1))
    found = [np.empty((0, 4), np.int64)]
    for rows in np.split(order, cuts[1:]):
        key = int(pair[rows[0]])
        origin, destination = divmod(key, stops)
        before, after = arrivals.of_stop(origin), departures.of_stop(destination)
        need = np.full((len(before), len(after)), plain_time.get(key, -1), np.int64)
        touched = np.zeros(len(before), bool)
        for *_, from_line, from_trip, to_line, to_trip, seconds in rules[rows].tolist():
            left = _matching(arrivals, before, from_line, from_trip)
            need[np.ix_(left, _matching(departures, after, to_line, to_trip))] = seconds
            touched[left] = True
        one, other = np.nonzero(np.broadcast_to(touched[:, None], need.shape))
        columns = before[one], np.full(len(one), destination), after[other], need[one, other]
        found.append(np.column_stack(columns))
    return np.concatenate(found)


def _matching(split: _Split, groups: np.ndarray, line: int, trip: int) -> np.ndarray:
    """Which of the groups a rule speaks of."""
    return np.flatnonzero(
        ((line == ANY) | (split.line[groups] == line)) & ((trip == ANY) | (split.trip[groups] == trip))
    )
