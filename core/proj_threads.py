"""What pyproj needs in threads that are not Python's own, such as QGIS's: its PROJ context held for good.

From 3.7, pyproj remembers its context by the thread of the system, and frees it with what Python knows of that thread.
In a thread of Qt's pool, Python forgets all after each task: the next task in the same thread uses a freed context, and
the process dies.
"""

from __future__ import annotations

from typing import Any

_HELD: list[Any] = []


def hold_proj() -> None:
    """To be called in a thread before anything else uses pyproj there; cheap when called again."""
    from pyproj import network  # here: it is heavy, and QGIS's start-up does without it

    try:
        from pyproj._context import get_context_manager
    except ImportError:
        return  # before 3.7, each task makes a context of its own
    network.is_network_enabled()  # makes the context, where this thread of the system has none
    manager = get_context_manager()
    if manager is not None and not any(manager is held for held in _HELD):
        _HELD.append(manager)
