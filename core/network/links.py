"""The links of a network as arrays that travel together, from the topology to the contraction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class LinkCosts(NamedTuple):
    """M links between N ``nodes``, and what they cost each way."""

    nodes: int
    tail: np.ndarray
    """(M,) node."""
    head: np.ndarray
    """(M,)."""
    forward: np.ndarray
    """(M,) f8 minutes from tail to head, inf where closed, >= 0."""
    backward: np.ndarray
    """(M,) f8 minutes from head to tail."""
    length: np.ndarray
    """(M,) f8 metres, >= 0."""
