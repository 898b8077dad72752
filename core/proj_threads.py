"""What pyproj needs in threads that are not Python's own, such as QGIS's: its PROJ context held for good.

From 3.7, pyproj remembers its context by the thread of the system, and frees it with what Python knows of that thread.
In a thread of Qt's pool, Python forgets all after each task: the next task in the same thread uses a freed context, and
the process dies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

_HELD: list[Any] = []


def hold_proj() -> None:
    """To be called in a thread before anything else uses pyproj there; cheap when called again."""
    find = _manager_finder()
    if find is None:
        return
    manager = find()
    if manager is not None and not any(manager is held for held in _HELD):
        _HELD.append(manager)


@lru_cache(maxsize=1)
def _manager_finder() -> Callable[[], Any] | None:
    """What gives the manager of this thread's context; None before pyproj 3.7, where each task makes its own."""
    from pyproj import network  # here: it is heavy, and QGIS's start-up does without it

    try:
        from pyproj._context import get_context_manager
    except ImportError:
        return None

    def find() -> Any:
        network.is_network_enabled()  # makes the context, where this thread of the system has none
        return get_context_manager()

    return find
