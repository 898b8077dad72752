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
        self._connections = sorted(
            (here[2], there[1], number, here[0], there[0], here[3], there[4])
            for number, run in enumerate(day.runs)
            for here, there in zip(run.halts, run.halts[1:])
        )

    def earliest(self, leave: float, access: np.ndarray, egress: np.ndarray) -> float:
        """When one who leaves at ``leave`` is there; ``access`` and ``egress`` (S,) seconds, inf beyond reach."""
        return self._scan([leave + w - EXACT for w in access], egress)

    def departures(self) -> set[tuple[int, int]]:
        """When, and from which stop, one may leave."""
        return {(departs, origin) for departs, _, _, origin, _, on, _ in self._connections if on}

    def arrivals(self) -> set[tuple[int, int]]:
        """When, and at which stop, one may arrive."""
        return {(arrives, stop) for _, arrives, _, _, stop, _, off in self._connections if off}

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
        aboard: set[int] = set()
        boarded_at: dict[int, tuple] = {}
        best = math.inf
        changed = True
        while changed:  # connections of no length at one moment may feed each other
            changed = False
            for connection in self._connections:
                departs, arrives, run, origin, destination, on, off = connection
                riding = run in aboard and boarded_at[run] <= connection
                if not riding and not (on and ready[origin] <= departs):
                    continue
                if not riding:
                    aboard.add(run)
                    boarded_at[run] = connection
                    changed = True
                if off:
                    best = min(best, arrives + egress[destination])
                    for stop, need in self._need[destination]:
                        if arrives + need < ready[stop]:
                            ready[stop] = arrives + need
                            changed = True
        return best
