"""The contracted network: the same costs on fewer nodes. Dead ends go into their root, chains into one edge.

Only the structure decides what is contracted, so one contraction serves minutes and metres. First, nodes at the end of
a single two-way link are taken away, again and again: what goes is a forest of dead ends, each tree hanging from a
root. Then, of what is left, a node between exactly two links that are open in the same directions is inside a chain.
The other nodes are kept, and put in levels (`hierarchy`). Every link is thus in one tree or in one chain, at a known
cost from the root or from the chain's ends, and any cost between two points is found from costs between kept nodes
(`routing.access_arcs`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ..progress import Progress
from ..ragged import runs
from .hierarchy import Edges, build_hierarchy
from .links import LinkCosts
from .ordering import order_of
from .turns import ExpandedGraph


class Contraction(NamedTuple):
    """N nodes and M links contracted into K kept nodes and C chains. Minutes are inf where forbidden.

    Where there are turn bans these are those of `turns.ExpandedGraph`: first those of the network, then others.
    """

    node_kept: np.ndarray
    """(N,) i4 number among the kept nodes, -1 for others."""
    node_link: np.ndarray
    """(N,) i4 a chain link that ends at the node; -1 inside dead ends and for a node without chain (but those that turn
    bans make)."""
    node_parent: np.ndarray
    """(N,) i4 the next node towards the root for a node of a dead end, else -1."""
    node_parent_link: np.ndarray
    """(N,) i4 the link to that node, else -1."""
    node_root: np.ndarray
    """(N,) i4 the node a dead end hangs from; itself for other nodes."""
    node_depth: np.ndarray
    """(N,) i4 links to the root."""
    node_minutes_up: np.ndarray
    """(N,) f8 to the root."""
    node_minutes_down: np.ndarray
    """(N,) f8 from the root."""
    node_metres: np.ndarray
    """(N,) f8 between the node and the root."""
    link_chain: np.ndarray
    """(M,) i4; -1 for links of dead ends."""
    link_along: np.ndarray
    """(M,) u1: 1 where the link is drawn in the direction of its chain."""
    link_rank: np.ndarray
    """(M,) i4 place in the chain."""
    link_minutes_along: np.ndarray
    """(M,) f8 from the chain's first end to where the link begins, along the chain."""
    link_minutes_against: np.ndarray
    """(M,) f8 from there back to the chain's first end."""
    link_metres: np.ndarray
    """(M,) f8."""
    chain_first: np.ndarray
    """(C,) i4 among the kept nodes."""
    chain_last: np.ndarray
    """(C,) i4."""
    chain_size: np.ndarray
    """(C,) i4 links."""
    chain_minutes_along: np.ndarray
    """(C,) f8 whole chain from first to last."""
    chain_minutes_against: np.ndarray
    """(C,) f8 from last to first."""
    chain_metres: np.ndarray
    """(C,) f8."""
    level_start: np.ndarray
    """(L + 1,) i4: kept nodes are numbered by level, the core (0) first (see `hierarchy`)."""
    up_start: np.ndarray
    """(K - level_start[1] + 1,) i4: the higher neighbours of kept node ``level_start[1] + i`` are
    ``up_start[i]:up_start[i + 1]``."""
    up_node: np.ndarray
    """(U,) i4 among the kept nodes."""
    up_minutes: np.ndarray
    """(U,) f8 from the node to its higher neighbour; inf where closed."""
    down_minutes: np.ndarray
    """(U,) f8 from the neighbour to the node."""
    core_start: np.ndarray
    """(level_start[1] + 1,) i4: the arcs that leave node k of the core are ``core_start[k]:core_start[k + 1]``."""
    core_head: np.ndarray
    """(A,) i4."""
    core_minutes: np.ndarray
    """(A,) f8."""

    @property
    def kept_count(self) -> int:
        """K."""
        return int(self.level_start[-1])


class LevelCosts(NamedTuple):
    """Costs between kept nodes, in the order of `Contraction`: arcs of the core, upward and downward arcs."""

    core: np.ndarray
    up: np.ndarray
    down: np.ndarray


class _Costs(NamedTuple):
    """Minutes in a direction, minutes in the other, metres."""

    along: np.ndarray
    against: np.ndarray
    metres: np.ndarray


class _Tree(NamedTuple):
    """(N,) root and depth of each node, and the costs up to the root (along), down from it (against)."""

    root: np.ndarray
    depth: np.ndarray
    cost: _Costs


class _Arcs(NamedTuple):
    """Open arcs by the node they leave: those of node k are ``start[k]:start[k + 1]``."""

    start: np.ndarray
    head: np.ndarray
    minutes: np.ndarray


class _Trees(NamedTuple):
    parent: np.ndarray
    link: np.ndarray
    rounds: list[np.ndarray]
    """Nodes taken away, round after round."""


def contract(links: LinkCosts, progress: Progress, expanded: ExpandedGraph | None = None) -> Contraction:
    """Contract a graph of N nodes and M ``links``.

    ``expanded``: the same graph, where junctions are expanded by turn bans: their nodes are all kept.
    """
    links = links._replace(tail=links.tail.astype(np.int64), head=links.head.astype(np.int64))
    degree, total = _degrees(links)
    trees = _contract_dead_ends(links, degree, total)
    in_tree = np.zeros(len(links.tail), bool)
    in_tree[trees.link[trees.link >= 0]] = True
    progress.advance(0.1)
    inside = _inside_chains(links, degree, in_tree)
    if expanded is not None:
        inside &= ~expanded.kept
    chain, along, rank, ends = _walk_chains(links, inside, total, in_tree)
    kept = np.flatnonzero((trees.parent < 0) & ~inside)
    number = np.full(links.nodes, -1, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    first, last = number[ends[0]], number[ends[1]]
    link_cost, chain_cost = _chain_costs(links, chain, along, rank, len(first))
    progress.advance(0.4)
    hierarchy = build_hierarchy(
        len(kept), Edges(first, last, np.column_stack((chain_cost.along, chain_cost.against))), progress.part(0.4, 0.9)
    )
    number[kept] = hierarchy.number
    tree = _tree_costs(links, trees)
    core = _arcs(int(hierarchy.level_start[1]), hierarchy.core)
    return Contraction(
        node_kept=number,
        node_link=_a_link_of_each_node(links, ~in_tree if expanded is None else ~in_tree & expanded.own),
        node_parent=trees.parent.astype(np.int32),
        node_parent_link=trees.link.astype(np.int32),
        node_root=tree.root,
        node_depth=tree.depth,
        node_minutes_up=tree.cost.along,
        node_minutes_down=tree.cost.against,
        node_metres=tree.cost.metres,
        link_chain=chain,
        link_along=along.astype(np.uint8),
        link_rank=rank,
        link_minutes_along=link_cost.along,
        link_minutes_against=link_cost.against,
        link_metres=link_cost.metres,
        chain_first=hierarchy.number[first],
        chain_last=hierarchy.number[last],
        chain_size=np.bincount(chain[chain >= 0], minlength=len(first)).astype(np.int32),
        chain_minutes_along=chain_cost.along,
        chain_minutes_against=chain_cost.against,
        chain_metres=chain_cost.metres,
        level_start=hierarchy.level_start,
        up_start=hierarchy.up_start,
        up_node=hierarchy.up_node,
        up_minutes=hierarchy.up_cost[:, 0],
        down_minutes=hierarchy.up_cost[:, 1],
        core_start=core.start,
        core_head=core.head,
        core_minutes=core.minutes,
    )


def minutes_in_levels(contracted: Contraction) -> LevelCosts:
    """The costs of the levels in minutes, as the network file holds them."""
    return LevelCosts(contracted.core_minutes, contracted.up_minutes, contracted.down_minutes)


def metres_in_levels(contracted: Contraction) -> LevelCosts:
    """The same in metres: the shortest ways, which may be others than the quickest.

    Few ask for metres: they are worked out from the chains, by putting the same nodes in the same levels again.
    """
    kept = contracted.node_kept[contracted.node_kept >= 0]
    before = np.empty(len(kept), np.int32)
    before[kept] = np.arange(len(kept), dtype=np.int32)
    ways = (contracted.chain_minutes_along, contracted.chain_minutes_against)
    cost = np.column_stack([np.where(np.isinf(minutes), np.inf, contracted.chain_metres) for minutes in ways])
    edges = Edges(before[contracted.chain_first], before[contracted.chain_last], cost)
    hierarchy = build_hierarchy(len(kept), edges, Progress(), len(contracted.level_start) - 1)
    core = _arcs(int(hierarchy.level_start[1]), hierarchy.core).minutes
    return LevelCosts(core, *hierarchy.up_cost.T)


def _degrees(links: LinkCosts) -> tuple[np.ndarray, np.ndarray]:
    """Link ends at each node (a loop has two), and the sum of the numbers of the links at each node.

    With one link left at a node the sum is that link; with two, it gives the other one from either.
    """
    number = np.arange(len(links.tail), dtype=float)
    degree = np.bincount(links.tail, minlength=links.nodes) + np.bincount(links.head, minlength=links.nodes)
    total = np.bincount(links.tail, number, links.nodes) + np.bincount(links.head, number, links.nodes)
    return degree, total.astype(np.int64)


def _contract_dead_ends(links: LinkCosts, degree: np.ndarray, total: np.ndarray) -> _Trees:
    """Take leaves away until none is left; ``degree`` and ``total`` are then of what remains."""
    two_way = np.isfinite(links.forward) & np.isfinite(links.backward)
    parent = np.full(len(degree), -1, np.int64)
    parent_link = np.full(len(degree), -1, np.int64)
    rounds = []
    leaf = np.flatnonzero(degree == 1)
    while len(leaf):
        link = total[leaf]
        other = links.tail[link] ^ links.head[link] ^ leaf
        folds = two_way[link] & ((degree[other] > 1) | (leaf > other))
        leaf, link, other = leaf[folds], link[folds], other[folds]
        parent[leaf], parent_link[leaf] = other, link
        degree[leaf] = 0
        np.subtract.at(degree, other, 1)
        np.subtract.at(total, other, link)
        rounds.append(leaf)
        leaf = np.unique(other[degree[other] == 1])
    return _Trees(parent, parent_link, rounds)


def _inside_chains(links: LinkCosts, degree: np.ndarray, in_tree: np.ndarray) -> np.ndarray:
    """(N,) bool: nodes between two different links through which both directions, or the same one, go."""
    rest = np.flatnonzero(~in_tree)
    tail, head = links.tail[rest], links.head[rest]
    forward, backward = np.isfinite(links.forward[rest]), np.isfinite(links.backward[rest])
    enters = np.concatenate((head[forward], tail[backward]))
    leaves = np.concatenate((tail[forward], head[backward]))
    even = np.bincount(enters, minlength=len(degree)) == np.bincount(leaves, minlength=len(degree))
    looped = np.zeros(len(degree), bool)
    looped[tail[tail == head]] = True
    return (degree == 2) & ~looped & even


def _walk_chains(
    links: LinkCosts, inside: np.ndarray, total: np.ndarray, in_tree: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Chain, direction and rank of each link, and both end nodes of each chain.

    A ring whose nodes are all inside gets one of them as its end: ``inside`` is changed there.
    """
    count = len(links.tail)
    chain = np.full(count, -1, np.int32)
    along = np.ones(count, bool)
    rank = np.zeros(count, np.int32)
    firsts, lasts, chains = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 0
    rest = np.flatnonzero(~in_tree)
    while len(rest):
        inside_tail, inside_head = inside[links.tail[rest]], inside[links.head[rest]]
        alone = rest[~inside_tail & ~inside_head]
        from_tail, from_head = rest[~inside_tail & inside_head], rest[inside_tail & ~inside_head]
        begin = np.concatenate((from_tail, from_head))
        node = np.concatenate((links.tail[from_tail], links.head[from_head]))
        last_link, last_node = _follow(links, inside, total, node, begin)
        once = begin < last_link
        begin, node, last_node = begin[once], node[once], last_node[once]
        chain[alone] = chains + np.arange(len(alone))
        number = chains + len(alone) + np.arange(len(begin))
        _follow(links, inside, total, node, begin, (number, chain, along, rank))
        firsts += [links.tail[alone], node]
        lasts += [links.head[alone], last_node]
        chains += len(alone) + len(begin)
        rest = rest[chain[rest] < 0]
        if len(rest):
            inside[_one_node_a_part(links.tail[rest], links.head[rest])] = False
    return chain, along, rank, (np.concatenate(firsts), np.concatenate(lasts))


def _one_node_a_part(tail: np.ndarray, head: np.ndarray) -> np.ndarray:
    """One node of each connected part of the graph of these links."""
    nodes, place = np.unique(np.concatenate((tail, head)), return_inverse=True)
    ends = place[: len(tail)], place[len(tail) :]
    graph = csr_matrix((np.ones(len(tail), np.int8), ends), shape=(len(nodes), len(nodes)))
    _, part = connected_components(graph, directed=False)
    return nodes[np.unique(part, return_index=True)[1]]


def _follow(
    links: LinkCosts,
    inside: np.ndarray,
    total: np.ndarray,
    node: np.ndarray,
    link: np.ndarray,
    record: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Walk from ``node`` by ``link`` until a node that is not inside a chain, all walks in step.

    Gives the last link and node of each. ``record`` is (number of each walk, chain, along, rank), filled on the way.
    """
    last_link, last_node = np.array(link), np.array(node)
    walk = np.arange(len(link))
    step = 0
    while len(walk):
        if record is not None:
            number, chain, along, rank = record
            chain[link], along[link], rank[link] = number[walk], links.tail[link] == node, step
        node = links.tail[link] ^ links.head[link] ^ node
        last_link[walk], last_node[walk] = link, node
        on = inside[node]
        walk, node = walk[on], node[on]
        link = total[node] - link[on]
        step += 1
    return last_link, last_node


def _chain_costs(
    links: LinkCosts, chain: np.ndarray, along: np.ndarray, rank: np.ndarray, chains: int
) -> tuple[_Costs, _Costs]:
    """Per link, costs from the chain's first end to the link; per chain, whole costs."""
    member = np.flatnonzero(chain >= 0)
    size = np.bincount(chain[member], minlength=chains)
    lone = (size == 1)[chain[member]]
    alone, member = member[lone], member[~lone]
    size[size == 1] = 0
    several = np.flatnonzero(size)
    first = np.cumsum(size) - size
    order = np.empty(len(member), np.int64)
    order[first[chain[member]] + rank[member]] = member
    first, size = first[several], size[several]
    going = np.where(along, links.forward, links.backward)
    coming = np.where(along, links.backward, links.forward)
    starts, totals = [], []
    for cost in (going, coming, links.length):
        start, total = np.zeros(len(chain)), np.empty(chains)
        total[chain[alone]] = cost[alone]
        if len(several):
            ordered = cost[order]
            closed = np.isinf(ordered)
            ordered[closed] = 0.0
            walked = np.concatenate(([0.0], np.cumsum(ordered[:-1])))
            start[order] = walked - np.repeat(walked[first], size)
            total[several] = np.where(closed[first], np.inf, np.add.reduceat(ordered, first))
        starts.append(start)
        totals.append(total)
    return _Costs(*starts), _Costs(*totals)


def _tree_costs(links: LinkCosts, trees: _Trees) -> _Tree:
    nodes = links.nodes
    root = np.arange(nodes, dtype=np.int32)
    depth = np.zeros(nodes, np.int32)
    up, down, metres = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
    for leaf in reversed(trees.rounds):
        parent, link = trees.parent[leaf], trees.link[leaf]
        drawn_up = links.tail[link] == leaf
        root[leaf] = root[parent]
        depth[leaf] = depth[parent] + 1
        up[leaf] = up[parent] + np.where(drawn_up, links.forward[link], links.backward[link])
        down[leaf] = down[parent] + np.where(drawn_up, links.backward[link], links.forward[link])
        metres[leaf] = metres[parent] + links.length[link]
    return _Tree(root, depth, _Costs(up, down, metres))


def _a_link_of_each_node(links: LinkCosts, some: np.ndarray) -> np.ndarray:
    """(N,) i4 one of the links where ``some`` (M,) is true, -1 where there is none."""
    link = np.full(links.nodes, -1, np.int32)
    rest = np.flatnonzero(some)
    link[links.tail[rest]] = rest
    link[links.head[rest]] = rest
    return link


def _arcs(nodes: int, edges: Edges) -> _Arcs:
    going, coming = (np.isfinite(edges.cost[:, way]) for way in (0, 1))
    tail = np.concatenate((edges.a[going], edges.b[coming]))
    head = np.concatenate((edges.b[going], edges.a[coming]))
    cost = np.concatenate((edges.cost[going, 0], edges.cost[coming, 1]))
    order = order_of(tail, nodes)
    start = runs(tail, nodes).astype(np.int32)
    return _Arcs(start, head[order].astype(np.int32), cost[order])
