"""From links with costs and turn bans to what searches need: the contraction, and who can be reached and left."""

from __future__ import annotations

import numpy as np

from ..progress import Progress
from .components import OUTSIDE, Components, find_components
from .contraction import Contraction, contract
from .turns import Parted, Turns, part


def fold(
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
    parted = part(nodes, tail, head, forward, backward, length, ban)
    folded = contract(*parted[:6], progress, parted if len(parted.turns.ban) else None)
    once = np.array(parted.length)
    once[len(tail) :] = 0.0  # the other way of a parted link is no other road
    parts = find_components(folded, once)
    return folded, parts._replace(link_core=_core_of_links(parted, parts.link_core, len(tail))), parted.turns


def _core_of_links(parted: Parted, core: np.ndarray, links: int) -> np.ndarray:
    """(M,) ``core`` for the links of the network: one way of a parted link is enough."""
    link, twin = parted.turns.link, parted.twin
    against = np.where(twin >= 0, core[twin], OUTSIDE)
    core[link] = np.where(core[link] == OUTSIDE, against, core[link])
    return core[:links]
