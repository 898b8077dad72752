"""Work done by other threads while this one, most often the interface's, processes its events."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar

from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
from qgis.PyQt.QtCore import QEventLoop, QTimer
from qgis.PyQt.QtGui import QImage

from .garbage import collected_by_the_main_thread

_LOOK_EVERY_MS = 20

Result = TypeVar("Result")


def worked_out(work: Callable[[], Result]) -> Result:
    """What ``work``, which must not touch QGIS's layers, gives in a thread."""
    loop, look = QEventLoop(), QTimer()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(collected_by_the_main_thread()(work))
        look.timeout.connect(lambda: loop.quit() if working.done() else None)
        look.start(_LOOK_EVERY_MS)
        loop.exec()
    return working.result()


def drawn(settings: QgsMapSettings) -> QImage:
    """The map of these settings."""
    loop = QEventLoop()
    job = QgsMapRendererParallelJob(settings)
    job.finished.connect(loop.quit)
    job.start()
    loop.exec()
    return job.renderedImage()
