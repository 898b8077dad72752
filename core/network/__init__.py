"""From road lines to a compact graph, saved in one file that opens at once."""

from __future__ import annotations

from .build import BuildOptions, BuildReport, build_network, network_for, refresh_network
from .lines import RoadLines
from .network import Network, open_network, shared_network
from .source import RoadSource

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
