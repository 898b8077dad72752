"""Small work in the background, and what becomes of it when its window, or QGIS, goes first."""

from __future__ import annotations

import gc
import time

import pytest
from carto_services_publics.ui.background import in_background
from carto_services_publics.ui.runner import Run
from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject


@pytest.fixture
def heard(qgis_app):
    return []


def until_cancelled(feedback):
    while not feedback.isCanceled():
        pass


def test_the_answer_comes_back(heard, qtbot):
    owner = QObject()
    in_background("Answer", lambda _feedback: 42, heard.append, heard.append, owner)
    qtbot.waitUntil(lambda: heard == [42])


def test_a_window_that_closes_cancels_its_work_and_hears_nothing(heard, qtbot):
    owner = QObject()
    task = in_background("For a window", until_cancelled, heard.append, heard.append, owner)
    sip.delete(owner)
    qtbot.waitUntil(lambda: sip.isdeleted(task))
    assert not heard


def test_work_no_longer_wanted_stops_and_is_not_heard_of(heard, qtbot):
    owner = QObject()
    task = in_background("Not needed after all", until_cancelled, heard.append, heard.append, owner)
    task.drop()
    qtbot.waitUntil(lambda: sip.isdeleted(task))
    assert not heard


def test_work_stopped_in_the_task_manager_says_so_to_its_window(heard, qtbot):
    owner = QObject()
    in_background("Stopped", until_cancelled, lambda _answer: None, heard.append, owner)
    (task,) = QgsApplication.taskManager().activeTasks()
    task.cancel()
    qtbot.waitUntil(lambda: heard == ["Stopped."])


def test_work_that_has_ended_may_be_cancelled(heard, qtbot):
    owner = QObject()
    task = in_background("Quick", lambda _feedback: 42, heard.append, heard.append, owner)
    qtbot.waitUntil(lambda: sip.isdeleted(task))
    task.cancel()
    assert heard == [42]


def test_the_window_may_go_after_what_its_work_was_told_with(heard, qtbot):
    """Python ends like that: it frees in any order, also what belongs to work QGIS has not put away yet."""
    owner, feedbacks = QObject(), []

    def python_ends(_answer):
        sip.delete(feedbacks[0])
        sip.delete(owner)
        heard.append("done")

    with qtbot.captureExceptions() as raised:
        in_background("Before the end", feedbacks.append, python_ends, heard.append, owner)
        qtbot.waitUntil(lambda: heard == ["done"])
    assert not raised


@pytest.mark.skipif(not hasattr(QgsTask.Flag, "Silent"), reason="this QGIS notifies of every task")
def test_the_desktop_does_not_notify_of_what_a_window_tells(heard, qtbot):
    owner = QObject()
    task = in_background("Small", lambda _feedback: 42, heard.append, heard.append, owner)
    assert task.flags() & QgsTask.Flag.Silent and task.canCancel()
    qtbot.waitUntil(lambda: heard == [42])


class Nap(QgsProcessingAlgorithm):
    """Ends after a while, and says with what it was told to."""

    def createInstance(self):
        return Nap()

    def name(self):
        return "nap"

    def displayName(self):
        return "Nap"

    def initAlgorithm(self, configuration=None):
        pass

    def processAlgorithm(self, parameters, context, feedback):
        time.sleep(0.2)
        feedback.setProgress(100)
        return {"NAP": context.project() is not None}


def test_an_algorithm_goes_on_to_its_end_when_the_panel_that_started_it_is_gone(heard, qtbot):
    run = Run(Nap(), {})
    run.ended.connect(lambda ended: heard.append(ended.results))
    run.start()
    del run
    gc.collect()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [{"NAP": True}]
