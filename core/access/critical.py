"""Which roads matter most: what each cut would do to the people who go to the nearest service, and the worst of them.

A cut is what `network.change` makes of a closed link: nobody passes it, both directions together, and who lived along
it (or the service that stood there) is put on the nearest of the other roads. Everyone else stays where they are.

Only the links of the quickest ways matter, and those along which people or services are. For each an upper bound of
what its cut does is known from one search: the people whose quickest way it is on, and the detour around it that the
trees of quickest ways show. The links are looked at from the greatest bound on; each that may still rank is cut, and
the costs behind it are searched anew, exactly. The search ends when no bound is left that could rank.
"""

from __future__ import annotations

from heapq import heappush, heappushpop
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from ..network import Network, open_network
from ..processes import pool
from ..progress import Progress
from ..ragged import owners, ranges
from ..routing.detours import detours
from ..routing.forest import grow
from ..routing.link_graph import LinkArcs, NodeAccess, access_of, along_link, arcs_of
from ..routing.local import Router
from ..routing.snapped_points import SnappedPoints
from ..thresholds import within
from .weights import exact_weights

_MARGIN = 1e-9
"""Relative: sums along two ways that cost the same differ by less."""


class SnappedTwice(NamedTuple):
    """P places, and where each goes when its own road is cut (link -1 where there is no other road near)."""

    places: SnappedPoints
    elsewhere: SnappedPoints

    def take(self, rows: np.ndarray) -> SnappedTwice:
        return SnappedTwice(*(places.take(rows) for places in self))


class CutEffect(NamedTuple):
    """What the cut of a link does."""

    link: int
    isolated: float
    """People who reached a service and no more do."""
    beyond: float
    """People newly beyond the threshold who still reach one."""
    minutes: float
    """Person-minutes added to those who still reach one."""

    @property
    def rank(self) -> tuple[float, float, int]:
        """Greater for what matters more."""
        return self.isolated + self.beyond, self.minutes, -self.link


class _Index(NamedTuple):
    """The rows that have each number: those of number i are ``row[start[i]:start[i + 1]]``."""

    start: np.ndarray
    row: np.ndarray

    @classmethod
    def of(cls, number: np.ndarray, size: int) -> _Index:
        """Rows of negative number are left out."""
        order = np.argsort(number, kind="stable")
        order = order[np.searchsorted(number[order], 0) :]
        return cls(np.searchsorted(number[order], np.arange(size + 1)), order)

    def at(self, number: int) -> np.ndarray:
        return self.row[self.start[number] : self.start[number + 1]]

    def among(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows of several numbers, and the position in ``numbers`` of each."""
        count = self.start[numbers + 1] - self.start[numbers]
        return self.row[ranges(self.start[numbers], count)], owners(count)


def critical_links(
    network: Network,
    demand: SnappedTwice,
    weight: np.ndarray,
    services: SnappedTwice,
    threshold: float,
    most: int,
    *,
    direction: str = "departure",
    arcs: LinkArcs | None = None,
    progress: Progress = Progress(),
) -> list[CutEffect]:
    """The ``most`` links whose cut does the most harm, the worst first; those that do none are left out.

    ``demand`` (P) all on the network, of ``weight`` (P,) >= 0; ``services`` all on the network as well.
    ``direction``: ``departure`` = to the service, ``arrival`` = from it. ``arcs``: `arcs_of` the network, when known.
    """
    cuts = Cuts(
        network,
        demand,
        weight,
        services,
        threshold,
        direction=direction,
        arcs=arcs,
        progress=progress.part(0.0, 0.4),
    )
    return cuts.worst(most, progress.part(0.4, 1.0))


class Cuts:
    """The quickest ways of the people to the services, and what each cut makes of them."""

    def __init__(
        self,
        network: Network,
        demand: SnappedTwice,
        weight: np.ndarray,
        services: SnappedTwice,
        threshold: float,
        *,
        direction: str,
        arcs: LinkArcs | None = None,
        progress: Progress = Progress(),
    ) -> None:
        self._network, self._threshold = network, threshold
        self._departing = direction == "departure"
        self._weight = exact_weights(weight)
        arcs = arcs or arcs_of(network)
        self._into, self._arcs = (arcs, arcs.turned()) if self._departing else (arcs.turned(), arcs)
        progress.advance(0.2)
        self._services, self._demand = services, demand
        self._prepare_seeds()
        self._forest = grow(self._arcs, self._seed_node, self._seed_cost, progress)
        progress.advance(0.5)
        self._cost = self._forest.cost.copy()
        """(N,) the costs at hand: changed while a cut is looked at, then as they were."""
        self._prepare_people()
        self._place = np.full(arcs.size, -1, np.int64)
        self._prepare_bounds(progress.part(0.5, 1.0))

    # -- what is prepared ---------------------------------------------------------------------------------------------

    def _prepare_seeds(self) -> None:
        """Where the search begins: the nodes beside each service."""
        nodes, links = self._arcs.size, self._network.link_count
        access = self._access(self._services.places, not self._departing)
        service, side = np.nonzero(np.isfinite(access.cost))
        self._seed_node, self._seed_cost = access.node[service, side], access.cost[service, side]
        self._seed_link = self._services.places.link[service]
        self._seeds_at = _Index.of(self._seed_node, nodes)
        self._services_on = _Index.of(self._services.places.link, links)

    def _prepare_people(self) -> None:
        """What it costs everyone, where they are and where they would go."""
        nodes, links = self._arcs.size, self._network.link_count
        here, there = self._demand
        self._access_here = self._access(here, self._departing)
        self._access_there = self._access(there, self._departing)
        self._direct_here = self._direct(here, self._services.places)
        self._direct_there = self._direct(there, self._services.places)
        self._before = self._costs(self._access_here, self._direct_here)
        self._people_on = _Index.of(here.link, links)
        self._people_at = _Index.of(self._access_here.node.ravel(), nodes)

    def _prepare_bounds(self, progress: Progress) -> None:
        """The most that the cut of each link may do."""
        links, forest, weight = self._network.link_count, self._forest, self._weight
        via = self._cost[self._access_here.node] + self._access_here.cost
        best = np.take_along_axis(self._access_here.node, via.argmin(axis=1)[:, None], axis=1)[:, 0]
        hang = np.where(via.min(axis=1) < self._direct_here, best, -1)
        self._hanging = _Index.of(np.where(hang >= 0, forest.rank[hang], -1), len(forest.order))
        near = (hang >= 0) & within(self._before, self._threshold)
        people, reaching = (
            forest.sums(np.bincount(hang[some], weight[some], len(self._cost))) for some in (hang >= 0, near)
        )
        self._prepare_detours(people, progress)

        head = np.flatnonzero(self._link_of >= 0)
        link, longer = self._link_of[head], self._detour[head]
        known = np.isfinite(longer)
        passing = np.bincount(link, np.where(known, reaching[head], people[head]), links)
        more = np.where(known, people[head] * np.where(known, longer, 0), np.where(people[head] > 0, np.inf, 0))
        more_minutes = np.bincount(link, more, links)
        worst = np.zeros(links)
        np.maximum.at(worst, link, longer)
        self._after_there = self._costs(self._access_there, self._direct_there)
        here = self._demand.places.link
        first, minutes = self._harm(np.arange(len(here)), self._after_there + worst[here])
        self._first = passing + np.bincount(here, first, links)
        self._minutes = (more_minutes + np.bincount(here, minutes, links)) * (1 + _MARGIN)
        self._first[self._services.places.link] = self._minutes[self._services.places.link] = np.inf

    def _prepare_detours(self, people: np.ndarray, progress: Progress) -> None:
        """How much farther, at most, each node is without the link that leads to it; ``people`` (N,) are beyond it."""
        links, forest = self._network.link_count, self._forest
        self._link_of = np.where(forest.arc >= 0, self._arcs.link[forest.arc], -1)
        self._heads = _Index.of(self._link_of, links)
        self._roots = _Index.of(np.where(forest.seed >= 0, self._seed_link[forest.seed], -1), links)
        # Whoever lives on the link goes elsewhere, and may pass where nobody passed.
        living = np.bincount(self._demand.places.link, self._weight, links)
        stake = people + forest.sums(np.where(self._link_of >= 0, living[self._link_of], 0.0))
        seeds = self._seed_node, self._seed_cost, self._seed_link
        best = detours(forest, self._arcs, stake, seeds, progress)
        known = np.isfinite(best)
        # Beside turn bans both directions of a link may be in the trees, one beyond the other.
        known &= np.diff(self._heads.start)[self._link_of] == 1
        self._detour = np.where(known, best - np.where(known, forest.cost, 0.0), np.inf)

    def _access(self, places: SnappedPoints, leaving: bool) -> NodeAccess:
        """`access_of`, with nothing for places that are on no link."""
        access = NodeAccess(np.full((places.count, 2), 0), np.full((places.count, 2), np.inf))
        on = np.flatnonzero(places.link >= 0)
        access.node[on], access.cost[on] = access_of(self._network, places.take(on), self._arcs.size, leaving)
        return access

    def _direct(self, people: SnappedPoints, services: SnappedPoints) -> np.ndarray:
        """(P,) minutes to the nearest of ``services`` on the same link, without leaving it; inf where there is none."""
        cost = np.full(people.count, np.inf)
        inside = np.flatnonzero((people.link >= 0) & (people.fraction > 0) & (people.fraction < 1))
        standing = np.flatnonzero((services.link >= 0) & (services.fraction > 0) & (services.fraction < 1))
        standing = standing[np.argsort(services.link[standing], kind="stable")]
        first, last = (
            np.searchsorted(services.link[standing], people.link[inside], side) for side in ("left", "right")
        )
        one, other = np.repeat(inside, last - first), standing[ranges(first, last - first)]
        ends = people.fraction[one], services.fraction[other]
        minutes = along_link(self._network, people.link[one], *(ends if self._departing else ends[::-1]))
        np.minimum.at(cost, one, minutes)
        return cost

    def _costs(self, access: NodeAccess, direct: np.ndarray) -> np.ndarray:
        """(n,) minutes, with the costs of the nodes at hand."""
        return np.minimum((self._cost[access.node] + access.cost).min(axis=1), direct)

    def _harm(self, rows: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) each: the people at ``rows`` isolated or newly beyond if it costs them ``after`` at most, and the
        person-minutes added at most (inf where nothing bounds them)."""
        before, weight = self._before[rows], self._weight[rows]
        reached = np.isfinite(before) & (weight > 0)
        lost = reached & np.isinf(after)
        late = reached & within(before, self._threshold) & ~within(after * (1 + _MARGIN), self._threshold)
        more = np.where(reached & ~lost, np.maximum(after - np.where(reached, before, 0), 0), 0)
        with np.errstate(invalid="ignore"):
            return np.where(lost | late, weight, 0), np.where(lost, np.inf, more * weight)

    # -- the ranking --------------------------------------------------------------------------------------------------

    def worst(self, most: int, progress: Progress) -> list[CutEffect]:
        """See `critical_links`."""
        found: list[tuple[tuple[float, float, int], CutEffect]] = []
        """The worst so far by their ranks: a heap, whose first is the least of them."""
        order = self.candidates()
        for number, link in enumerate(order.tolist()):
            least = found[0][0][:2] if len(found) == most else (0.0, 0.0)
            if (self._first[link], self._minutes[link]) < least:
                break
            if number % 16 == 0:
                progress.advance(number / len(order))
            if self._bound(link) < least:
                continue
            effect = self.effect(link)
            if effect.rank[:2] <= (0.0, _MARGIN):
                continue
            if len(found) < most:
                heappush(found, (effect.rank, effect))
            else:
                heappushpop(found, (effect.rank, effect))
        return [effect for _, effect in sorted(found, reverse=True)]

    def candidates(self) -> np.ndarray:
        """The links whose cut may do any harm, the greatest bound first."""
        order = np.lexsort((-self._minutes, -self._first))
        return order[(self._first[order] > 0) | (self._minutes[order] > 0)]

    def _bound(self, link: int) -> tuple[float, float]:
        """The most that the cut of a link may do, from the costs of the very people who pass there."""
        if np.isinf(self._first[link]):
            return np.inf, np.inf
        first, minutes, longest = 0.0, 0.0, 0.0
        for head in self._heads.at(link).tolist():
            longer = float(self._detour[head])
            rows, _ = self._hanging.among(np.arange(self._forest.rank[head], self._forest.end[head]))
            harm = self._harm(rows, self._before[rows] + longer)
            first, minutes, longest = first + harm[0].sum(), minutes + harm[1].sum(), max(longest, longer)
        rows = self._people_on.at(link)
        harm = self._harm(rows, self._after_there[rows] + longest)
        return float(first + harm[0].sum()), float(minutes + harm[1].sum()) * (1 + _MARGIN)

    # -- one cut ------------------------------------------------------------------------------------------------------

    def effect(self, link: int) -> CutEffect:
        """What the cut of a link does."""
        gone = self._services_on.at(link)
        moved = self._services.elsewhere.take(gone)
        roots = self._roots.at(link)
        cut = self._forest.under(np.concatenate((self._heads.at(link), roots)))
        seeds = self._access(moved, not self._departing)
        seeds = NodeAccess(seeds.node.ravel(), seeds.cost.ravel())
        was = self._cost[cut]
        self._cost[cut] = self._searched(cut, link, seeds)
        nearer, old = self._come_nearer(link, seeds, cut[self._cost[cut] < was])
        rows = self._touched(link, np.concatenate((cut, nearer)), moved)
        after = self._after(link, rows, moved)
        # Newest first: a node of the cut may have come nearer as well.
        self._cost[nearer] = old
        self._cost[cut] = was
        return self._summed(link, rows, after)

    def _searched(self, cut: np.ndarray, link: int, moved: NodeAccess) -> np.ndarray:
        """(n,) the costs of the nodes ``cut``, from those around them and the seeds that remain."""
        size = len(cut)
        if size == 0:
            return np.empty(0)
        self._place[cut] = np.arange(size)
        into = self._into
        count = into.start[cut + 1] - into.start[cut]
        rows = ranges(into.start[cut], count)
        node = owners(count)
        open_ = into.link[rows] != link
        rows, node = rows[open_], node[open_]
        before, cost = self._place[into.head[rows]], into.cost[rows]
        outside = before < 0
        start = np.full(size, np.inf)
        np.minimum.at(start, node[outside], self._cost[into.head[rows[outside]]] + cost[outside])
        seed, at = self._seeds_at.among(cut)
        stays = self._seed_link[seed] != link
        np.minimum.at(start, at[stays], self._seed_cost[seed[stays]])
        arrived = self._place[moved.node]
        np.minimum.at(start, arrived[arrived >= 0], moved.cost[arrived >= 0])
        self._place[cut] = -1

        inner = np.flatnonzero(~outside)
        inner = inner[np.argsort(before[inner], kind="stable")]
        seeded = np.flatnonzero(np.isfinite(start))
        begin = np.append(np.searchsorted(before[inner], np.arange(size + 1)), len(inner) + len(seeded))
        heads, costs = np.append(node[inner], seeded), np.append(cost[inner], start[seeded])
        graph = csr_matrix((costs, heads.astype(np.int32), begin.astype(np.int32)), shape=(size + 1,) * 2)
        return dijkstra(graph, indices=size)[:size]

    def _come_nearer(self, link: int, moved: NodeAccess, lowered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower the costs of the nodes that services which had to move are now nearer to, beyond those that were
        ``lowered`` already; those nodes, and the costs they had."""
        nodes, was = [np.empty(0, np.int64)], [np.empty(0)]
        node, cost = self._next(lowered, link)
        node, cost = np.concatenate((node, moved.node)), np.concatenate((cost, moved.cost))
        while len(node):
            better = cost < self._cost[node]
            node, cost = node[better], cost[better]
            changed = np.unique(node)
            nodes.append(changed)
            was.append(self._cost[changed])
            np.minimum.at(self._cost, node, cost)
            node, cost = self._next(changed, link)
        # A node may have come nearer several times: what it was at first counts.
        every, first = np.unique(np.concatenate(nodes), return_index=True)
        return every, np.concatenate(was)[first]

    def _next(self, nodes: np.ndarray, link: int) -> tuple[np.ndarray, np.ndarray]:
        """The ends of the arcs that leave ``nodes`` by other links, and what it costs there that way."""
        count = self._arcs.start[nodes + 1] - self._arcs.start[nodes]
        rows = ranges(self._arcs.start[nodes], count)
        cost = np.repeat(self._cost[nodes], count) + self._arcs.cost[rows]
        open_ = self._arcs.link[rows] != link
        return self._arcs.head[rows[open_]], cost[open_]

    def _touched(self, link: int, nodes: np.ndarray, moved: SnappedPoints) -> np.ndarray:
        """The people whose cost may change: beside ``nodes``, on the link, and where its services moved to."""
        beside = self._people_at.among(nodes)[0] // 2
        welcoming = np.unique(moved.link[moved.link >= 0])
        return np.unique(np.concatenate((beside, self._people_on.at(link), self._people_on.among(welcoming)[0])))

    def _after(self, link: int, rows: np.ndarray, moved: SnappedPoints) -> np.ndarray:
        """(n,) what it costs the people at ``rows`` once the link is cut, with the costs of the nodes at hand."""
        after = np.empty(len(rows))
        leaving = self._demand.places.link[rows] == link
        for some, access, direct, places in (
            (~leaving, self._access_here, self._direct_here, self._demand.places),
            (leaving, self._access_there, self._direct_there, self._demand.elsewhere),
        ):
            who = rows[some]
            near = np.minimum(direct[who], self._direct(places.take(who), moved))
            after[some] = self._costs(NodeAccess(access.node[who], access.cost[who]), near)
        return after

    def _summed(self, link: int, rows: np.ndarray, after: np.ndarray) -> CutEffect:
        before, weight = self._before[rows], self._weight[rows]
        reached, still = np.isfinite(before), np.isfinite(after)
        late = reached & still & within(before, self._threshold) & ~within(after, self._threshold)
        more = np.where(reached & still, np.where(still, after, 0) - np.where(reached, before, 0), 0)
        more[np.abs(more) <= _MARGIN * np.where(reached, before, 0)] = 0.0
        return CutEffect(link, float(weight[reached & ~still].sum()), float(weight[late].sum()), float(weight @ more))


def standing(
    router: Router, xy: np.ndarray, places: SnappedPoints, snap_distance: float, progress: Progress = Progress()
) -> SnappedTwice:
    """``places`` (P) where the points ``xy`` (P, 2) were put, and where they go when that road is cut."""
    return SnappedTwice(places, router.snap(xy, snap_distance, progress, without=places.link))


class Order(NamedTuple):
    """What `critical_in_groups` asks of a worker process: positions are those that ``demand`` and ``services`` stand
    for."""

    network: str
    demand_xy: np.ndarray
    demand: SnappedPoints
    weight: np.ndarray
    services_xy: np.ndarray
    services: SnappedPoints
    groups: list[np.ndarray]
    """The services of each group."""
    threshold: float
    most: int
    direction: str
    snap_distance: float


def critical_in_groups(order: Order, progress: Progress = Progress()) -> list[list[CutEffect]]:
    """`critical_links` for each group of services, in a process of its own: a cancel is obeyed at once.

    None for a group without services.
    """
    return pool.call(ranked_in_groups, order, progress=progress)


def ranked_in_groups(order: Order, progress: Progress) -> list[list[CutEffect]]:
    """What the worker does."""
    network = open_network(order.network, checked=True)
    router, snap_distance = Router(network), order.snap_distance
    services = standing(router, order.services_xy, order.services, snap_distance)
    demand = standing(router, order.demand_xy, order.demand, snap_distance, progress.part(0.0, 0.1))
    arcs = arcs_of(network)
    ranked: list[list[CutEffect]] = []
    for number, members in enumerate(order.groups):
        if not len(members):  # nobody's way is known
            ranked.append([])
            continue
        part = progress.part(0.1 + 0.9 * number / len(order.groups), 0.1 + 0.9 * (number + 1) / len(order.groups))
        ranked.append(
            critical_links(
                network,
                demand,
                order.weight,
                services.take(members),
                order.threshold,
                order.most,
                direction=order.direction,
                arcs=arcs,
                progress=part,
            )
        )
    return ranked
