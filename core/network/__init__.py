"""From road lines to a compact graph, saved in one file that opens at once.

What builds one is imported when it is asked for: a worker that searches in a network reads no source of roads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .network import Network, open_network, shared_network

if TYPE_CHECKING:
    from .build import BuildOptions, BuildReport, build_network, network_for, refresh_network
    from .lines import RoadLines
    from .source import RoadSource
else:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES.get(name, ".build"), __name__), name)


__all__ = [
    "BuildOptions",
    "BuildReport",
    "Network",
    "RoadLines",
    "RoadSource",
    "build_network",
    "network_for",
    "open_network",
    "refresh_network",
    "shared_network",
]
_HOMES = {"RoadLines": ".lines", "RoadSource": ".source"}
