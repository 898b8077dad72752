"""From links with costs and turn bans to what searches need: the contraction, and who can be reached and left."""

from __future__ import annotations

import numpy as np

from ..progress import Progress
from .components import OUTSIDE, Components, find_components
from .contraction import Contraction, contract
from .turns import ExpandedGraph, Turns, expand


def preprocess(
    nodes: int,
    tail: np.ndarray,
    head: np.ndarray,
    forward: np.ndarray,
    backward: np.ndarray,
    length: np.ndarray,
    ban: np.ndarray,
    progress: Progress,
) -> tuple[Contraction, Components, Turns]:
    """Contract a graph of ``nodes`` nodes and M links with the bans (B, 3), and find its parts.

    Costs in minutes (inf = closed) and metres, all >= 0; a ban is a link, a node, a link.
    """
    expanded = expand(nodes, tail, head, forward, backward, length, ban)
    contracted = contract(*expanded[:6], progress, expanded if len(expanded.turns.ban) else None)
    once = np.array(expanded.length)
    once[len(tail) :] = 0.0  # the other way of an expanded link is no other road
    parts = find_components(contracted, once)
    return (
        contracted,
        parts._replace(link_component=_component_of_links(expanded, parts.link_component, len(tail))),
        expanded.turns,
    )


def _component_of_links(expanded: ExpandedGraph, core: np.ndarray, links: int) -> np.ndarray:
    """(M,) ``core`` for the links of the network: one way of an expanded link is enough."""
    link, twin = expanded.turns.link, expanded.twin
    against = np.where(twin >= 0, core[twin], OUTSIDE)
    core[link] = np.where(core[link] == OUTSIDE, against, core[link])
    return core[:links]
