"""The services around one that may be the same place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..messages import Message
from ..services import Service
from .evidence import reasons, score_of, weigh
from .table import build_table


class Neighbour(NamedTuple):
    """A service, how likely it is the same (0..1), metres to it (NaN: unknown), what speaks for and against."""

    service: Service
    score: float
    distance: float
    reasons: tuple[Message, ...]


def neighbours_of(subject: Service, others: Sequence[Service], most: int = 10) -> list[Neighbour]:
    """The ``most`` likely to be ``subject`` among the others, the likeliest first; itself (its `id`) is left out."""
    others = [other for other in others if other.id != subject.id]
    if not others:
        return []
    table = build_table(([subject], others))
    rows = np.arange(1, len(others) + 1)
    evidence = weigh(table, np.zeros(len(others), dtype=rows.dtype), rows)
    points = evidence.points
    order = np.argsort(-points, kind="stable")[:most].tolist()
    return [
        Neighbour(others[n], float(score_of(points[n])), float(evidence.distance[n]), reasons(evidence, n))
        for n in order
    ]
