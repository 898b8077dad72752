"""A thread of Qt's pool may be used twice."""

from __future__ import annotations

import subprocess
import sys

TWICE = """
import threading
from carto_services_publics.core.proj_threads import hold_proj
from carto_services_publics.core.coordinates import read_crs
from qgis.PyQt.QtCore import QCoreApplication, QRunnable, QSemaphore, QThreadPool

done, threads = QSemaphore(), []

class Task(QRunnable):
    def run(self):
        hold_proj()
        threads.append((threading.get_native_id(), read_crs("EPSG:4171").name))
        done.release()

application = QCoreApplication([])
pool = QThreadPool()
pool.setMaxThreadCount(1)
for _ in range(3):
    pool.start(Task())
    done.acquire()
print(len(set(threads)), len(threads))
"""


def test_a_thread_that_comes_back_still_knows_where_places_are():
    """In a process of its own, which would die."""
    told = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, timeout=60)
    assert told.stdout.split() == ["1", "3"], told.stderr
