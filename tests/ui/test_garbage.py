"""What the interface lets go of in a circle is freed on its own thread, whatever thread Python would collect in."""

from __future__ import annotations

import gc
import threading

import pytest
from carto_services_publics.processing.base import CartoAlgorithm
from carto_services_publics.processing.garbage import collected_by_the_main_thread, leave_it_to_python
from carto_services_publics.processing.meanwhile import worked_out
from carto_services_publics.ui.background import in_background
from carto_services_publics.ui.runner import Run
from qgis.PyQt.QtCore import QObject


@pytest.fixture
def died_on(qgis_app):
    """The threads on which windows closed by `close_window` were freed."""
    gc.collect()
    yield []
    assert gc.isenabled()


def close_window(died_on):
    class Window(QObject):
        def __del__(self):
            died_on.append(threading.get_ident())

    window = Window()
    window.itself = window


def make_circles(count=20_000):
    """Far more than Python lets be before it collects."""
    for _ in range(count):
        circle = []
        circle.append(circle)


def is_over(died_on):
    return bool(died_on) and gc.isenabled()


def test_beside_small_work(died_on, qtbot):
    owner, heard = QObject(), []
    close_window(died_on)
    in_background("Circles", lambda _feedback: make_circles(), heard.append, heard.append, owner)
    qtbot.waitUntil(lambda: bool(heard) and is_over(died_on))
    assert died_on == [threading.get_ident()]


class Circles(CartoAlgorithm):
    """Works as any of ours."""

    ID = "circles"

    def displayName(self):
        return "Circles"

    def initAlgorithm(self, configuration=None):
        pass

    def compute(self, asked):
        make_circles()
        return {}


def test_beside_an_algorithm(died_on, qtbot):
    ended = []
    run = Run(Circles(), {})
    run.ended.connect(ended.append)
    close_window(died_on)
    run.start()
    qtbot.waitUntil(lambda: bool(ended) and is_over(died_on))
    assert run.succeeded
    assert died_on == [threading.get_ident()]


def test_beside_what_is_worked_out_meanwhile(died_on, qtbot):
    close_window(died_on)
    worked_out(make_circles)
    qtbot.waitUntil(lambda: is_over(died_on))
    assert died_on == [threading.get_ident()]


def test_long_work_does_not_keep_what_is_garbage(died_on, qtbot):
    """The main thread collects while the work goes on, not only after it."""
    owner, over, heard = QObject(), threading.Event(), []

    def work(_feedback):
        make_circles()
        return over.wait(10)

    close_window(died_on)
    in_background("Long", work, heard.append, heard.append, owner)
    qtbot.waitUntil(lambda: bool(died_on))
    assert not heard and not gc.isenabled()
    over.set()
    qtbot.waitUntil(lambda: bool(heard) and is_over(died_on))
    assert heard == [True] and died_on == [threading.get_ident()]


def test_several_threads_and_who_turned_the_collector_off_keeps_it_off(died_on, qtbot):
    gc.disable()
    try:
        threads = [threading.Thread(target=collected_by_the_main_thread()(make_circles)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        qtbot.wait(500)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_main_thread_keeps_python_s_own_way(died_on):
    with collected_by_the_main_thread():
        assert gc.isenabled()


def test_a_plugin_that_goes_while_a_thread_works_leaves_the_collector_on(died_on, qtbot):
    begun, go_on = threading.Event(), threading.Event()

    @collected_by_the_main_thread()
    def work():
        begun.set()
        go_on.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(10) and not gc.isenabled()
    leave_it_to_python()
    assert gc.isenabled()
    go_on.set()
    thread.join()
    qtbot.wait(200)
    assert gc.isenabled()
