"""Public transport by scanning connections (Dibbelt and others 2013): an answer made apart, slow and plain."""

from __future__ import annotations

import math

import numpy as np

EXACT = 1e-3


class Scan:
    """Earliest arrivals over runs of vehicles.

    ``walk`` (S, S) seconds on foot between stops, inf where farther than may be walked.
    """

    def __init__(self, day, walk: np.ndarray, change: int) -> None:
        self._need: list[list[tuple[int, int]]] = []
        count = len(day.stops)
        for a in range(count):
            self._need.append([])
            for b in range(count):
                if (a, b) in day.barred:
                    continue
                on_foot = 0.0 if a == b else walk[a, b]
                need = change + math.ceil(on_foot - EXACT) if math.isfinite(on_foot) else None
                if (a, b) in day.least:
                    need = max(change if need is None else need, day.least[a, b])
                if need is not None:
                    self._need[a].append((b, need))
        self._day, self._walk, self._change = day, walk, change
        self._connections = sorted(
            (here[2], there[1], number, rank, here[0], there[0], here[3], there[4])
            for number, run in enumerate(day.runs)
            for rank, (here, there) in enumerate(zip(run.halts, run.halts[1:]))
        )
        self._first, self._last = {}, {}
        for connection in self._connections:
            self._first.setdefault(connection[2], connection)
            self._last[connection[2]] = connection
        self._goes_on = self._vehicles()
        self._plain = {(a, b): need for a, needs in enumerate(self._need) for b, need in needs}
        named = {rule[0] for rule in day.rules}
        self._rules: dict[tuple[int, int], list] = {}
        for rule in day.rules:
            self._rules.setdefault(rule[:2], []).append(rule)
        self._caught = {c: self._catches(c) for c in self._connections if c[5] in named and c[7]}

    def earliest(self, leave: float, access: np.ndarray, egress: np.ndarray) -> float:
        """When one who leaves at ``leave`` is there; ``access`` and ``egress`` (S,) seconds, inf beyond reach."""
        return self._scan([leave + w - EXACT for w in access], egress)

    def departures(self) -> set[tuple[int, int]]:
        """When, and from which stop, one may leave."""
        return {(departs, origin) for departs, _, _, _, origin, _, on, _ in self._connections if on}

    def arrivals(self) -> set[tuple[int, int]]:
        """When, and at which stop, one may arrive."""
        return {(arrives, stop) for _, arrives, _, _, _, stop, _, off in self._connections if off}

    def latest(self, there: float, access: np.ndarray, egress: np.ndarray) -> float:
        """When one must leave to be there at ``there`` at the latest; -inf when that cannot be."""
        stands = self.departures()
        for leave, departs, origin in sorted(((d - access[o], d, o) for d, o in stands), reverse=True):
            ready = [math.inf] * len(access)
            ready[origin] = departs
            if math.isfinite(leave) and self._scan(ready, egress) <= there + 1e-6:
                return leave
        return -math.inf

    def _scan(self, ready: list[float], egress: np.ndarray) -> float:
        caught: set[tuple] = set()
        aboard: set[int] = set()
        boarded_at: dict[int, tuple] = {}
        best = math.inf
        changed = True
        while changed:  # connections of no length at one moment may feed each other
            changed = False
            for connection in self._connections:
                departs, arrives, run, _, origin, destination, on, off = connection
                riding = run in aboard and boarded_at[run] <= connection
                if not riding and not (on and (ready[origin] <= departs or (caught and connection in caught))):
                    continue
                if not riding:
                    aboard.add(run)
                    boarded_at[run] = connection
                    changed = True
                if self._goes_on[run] and self._last[run] == connection:
                    for other in self._goes_on[run]:
                        if other not in aboard or boarded_at[other] > self._first[other]:
                            aboard.add(other)
                            boarded_at[other] = self._first[other]
                            changed = True
                if off and self._caught and connection in self._caught:
                    best = min(best, arrives + egress[destination])
                    changed |= not self._caught[connection] <= caught
                    caught |= self._caught[connection]
                elif off:
                    best = min(best, arrives + egress[destination])
                    for stop, need in self._need[destination]:
                        if arrives + need < ready[stop]:
                            ready[stop] = arrives + need
                            changed = True
        return best

    # -- single lines and trips ---------------------------------------------------------------------------------------

    def _catches(self, arrived: tuple) -> set[tuple]:
        """Every connection that one who arrives by another may change to, looked at one by one."""
        caught = set()
        for taken in self._connections:
            need = self._between(arrived, taken)
            if taken[6] and need is not None and arrived[1] + need <= taken[0]:
                caught.add(taken)
        return caught

    def _between(self, arrived: tuple, taken: tuple) -> int | None:
        """Seconds between two vehicles: of the rules that speak of both, the one that says most of them."""
        one, other = self._day.runs[arrived[2]], self._day.runs[taken[2]]
        a, b = arrived[5], taken[4]
        best, speaks = None, -1
        for rule in self._rules.get((a, b), ()):
            fits = [name in (None, of) for name, of in zip(rule[2:6], (one.line, one.trip, other.line, other.trip))]
            trips, lines = (rule[3], rule[5]), (rule[2], rule[4])
            score = 10 * (2 - trips.count(None)) + (2 - lines.count(None))
            # two trips 20, a trip and a line 11, a trip 10, two lines 2, a line 1
            if all(fits) and score > speaks:
                best, speaks = rule, score
        if best is None:
            return self._plain.get((a, b))
        on_foot = 0.0 if a == b else self._walk[a, b]
        usual = self._change + math.ceil(on_foot - EXACT) if math.isfinite(on_foot) else None
        if best[6] == 3:
            return None
        return max(usual or self._change, best[7]) if best[6] == 2 else usual

    def _vehicles(self) -> list[list[int]]:
        """Of each run those as which its vehicle goes on."""
        runs, said, block = self._day.runs, self._day.said, self._day.block
        then: list[list[int]] = [[] for _ in runs]
        for i, one in enumerate(runs):
            ends, day = one.halts[-1][1], one.own
            followers = []
            for j, other in enumerate(runs):
                if i == j or one.repeats or other.repeats:
                    continue
                begins = other.halts[0][2]
                if said.get((one.trip, other.trip)):
                    # By the clock of its own day the second may begin before the first ends: then it is the day after.
                    clock = begins + 86400 * (not other.own), ends + 86400 * (not one.own)
                    same = clock[1] <= clock[0]
                    if ends <= begins and (other.own == day if same else (other.own and not day)):
                        then[i].append(j)
                mine = block.get(one.trip)
                if mine and block.get(other.trip) == mine and other.own == day and one.trip[0] == other.trip[0]:
                    followers.append((begins, other.halts[-1][1], j))
            followers = [f for f in followers if f[:2] >= (one.halts[0][2], ends)]
            stays = any(stays for (first, _), stays in said.items() if first == one.trip)
            if followers and not stays:
                j = min(followers)[2]
                pair = one.trip, runs[j].trip
                if pair not in said and ends <= runs[j].halts[0][2] and one.halts[-1][0] == runs[j].halts[0][0]:
                    then[i].append(j)
        return then
