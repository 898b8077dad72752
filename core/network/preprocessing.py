"""From links with costs and turn bans to what searches need: the contraction, and who can be reached and left."""

from __future__ import annotations

import numpy as np

from ..progress import Progress
from .components import OUTSIDE, Components, find_components
from .contraction import Contraction, contract
from .links import LinkCosts
from .turns import ExpandedGraph, Turns, expand


def preprocess(links: LinkCosts, ban: np.ndarray, progress: Progress) -> tuple[Contraction, Components, Turns]:
    """Contract ``links`` with the bans (B, 3), each a link, a node, a link, and find the parts of the network."""
    expanded = expand(links, ban)
    contracted = contract(expanded.links, progress, expanded if len(expanded.turns.ban) else None)
    count = len(links.tail)
    once = np.array(expanded.links.length)
    once[count:] = 0.0  # the other way of an expanded link is no other road
    parts = find_components(contracted, once)
    return (
        contracted,
        parts._replace(link_component=_component_of_links(expanded, parts.link_component, count)),
        expanded.turns,
    )


def _component_of_links(expanded: ExpandedGraph, core: np.ndarray, links: int) -> np.ndarray:
    """(M,) ``core`` for the links of the network: one way of an expanded link is enough."""
    link, twin = expanded.turns.link, expanded.twin
    against = np.where(twin >= 0, core[twin], OUTSIDE)
    core[link] = np.where(core[link] == OUTSIDE, against, core[link])
    return core[:links]
