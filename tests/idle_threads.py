"""QGIS ends its threads once they have been idle for 30 s; here after a second, so that tests need not wait for it."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QThreadPool

KEPT_MS = 1000
LONGER_MS = 3000
"""After which none is left."""


def end_soon() -> None:
    """For the threads in which tasks run, those there already included."""
    for pool in (QThreadPool.globalInstance(), *QgsApplication.taskManager().findChildren(QThreadPool)):
        pool.setExpiryTimeout(KEPT_MS)
