"""What a worker process keeps between two tasks of one run."""

from __future__ import annotations

from ..network import Network
from ..routing.local import PreparedPoints, Router
from ..routing.snapped_points import SnappedPoints

_KEPT = "access.prepared"


def ready(network: Network, metric: str, places: SnappedPoints) -> tuple[Router, PreparedPoints]:
    """A router, and ``places`` made ready once for all tasks that are given the same object."""
    kept = network.derived.get(_KEPT)
    if kept is None or kept[0] is not places or kept[1].metric != metric:
        router = Router(network, metric)
        kept = network.derived[_KEPT] = (places, router, router.prepare(places))
    return kept[1], kept[2]
