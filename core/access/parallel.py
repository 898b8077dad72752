"""What a worker process keeps between two tasks of one run."""

from __future__ import annotations

from ..network import Network
from ..routing.local import Prepared, Router
from ..routing.places import Places

_KEPT = "access.prepared"


def ready(network: Network, metric: str, places: Places) -> tuple[Router, Prepared]:
    """A router, and ``places`` made ready once for all tasks that are given the same object."""
    kept = network.derived.get(_KEPT)
    if kept is None or kept[0] is not places or kept[1].metric != metric:
        router = Router(network, metric)
        kept = network.derived[_KEPT] = (places, router, router.prepare(places))
    return kept[1], kept[2]
