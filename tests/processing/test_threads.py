"""A figure is the same a minute later: QGIS's threads end after 30 s idle, and what they made with them."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from carto_services_publics.processing.coordinates import USUAL, Mover
from carto_services_publics.processing.layouts import Frame, LayoutPage
from carto_services_publics.tests.idle_threads import LONGER_MS, end_soon
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsProject,
    QgsRectangle,
    QgsTask,
    QgsVectorFileWriter,
)

DEGREES, METRES, NEIGHBOUR, THIRD = "EPSG:4171", "EPSG:3948", "EPSG:3949", "EPSG:3947"
"""Systems that the plugin does not keep: the threads are the first to make them."""
PLACE = (3.0, 48.0)


@pytest.fixture
def in_a_thread(qgis_app):
    """Call a function in QGIS's pool of threads: its answer, and the thread."""

    def call(work):
        answers = []

        def run(_task):
            answers.append((work(), threading.get_native_id()))

        task = QgsTask.fromFunction("work", run)
        QgsApplication.taskManager().addTask(task)
        end = time.monotonic() + 60
        while not answers and time.monotonic() < end:
            QgsApplication.processEvents()
            time.sleep(0.01)
        return answers[0]

    return call


def by_qgis(metres=METRES):
    """The way that fails: QGIS's own transform, made anew each time."""
    systems = QgsCoordinateReferenceSystem(DEGREES), QgsCoordinateReferenceSystem(metres)
    moved = QgsCoordinateTransform(*systems, QgsCoordinateTransformContext()).transform(*PLACE)
    return moved.x(), moved.y()


def by_qgis_to_neighbour():
    return by_qgis(NEIGHBOUR)


def moved_at_last():
    """A transformation that succeeds, between systems met by nobody yet: it ends what a refused one leaves behind."""
    systems = QgsCoordinateReferenceSystem("EPSG:3942"), QgsCoordinateReferenceSystem("EPSG:3943")
    moved = QgsCoordinateTransform(*systems, QgsCoordinateTransformContext()).transform(1_700_000, 1_200_000)
    assert moved.y() > 2_000_000


def by_the_plugin():
    systems = QgsCoordinateReferenceSystem(DEGREES), QgsCoordinateReferenceSystem(METRES)
    return Mover(*systems, QgsCoordinateTransformContext()).transform.point(*PLACE)


@pytest.fixture
def far_and_near(draw, tmp_path):
    """A road of 60 km in metres, and in degrees: people at its start and end, a service at its start."""
    middle = by_the_plugin()
    lines = [(f"LINESTRING({middle[0] + x} {middle[1]}, {middle[0] + x + 1000} {middle[1]})", 1.0)
             for x in range(0, 60_000, 1000)]  # fmt: skip
    roads = draw("LineString", "minutes:double", lines, METRES)
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(
        roads, str(tmp_path / "roads.gpkg"), QgsCoordinateTransformContext(), options
    )
    path = tmp_path / "road.network"
    build_network(str(tmp_path / "roads.gpkg"), BuildOptions(preset="generic", cost_field="minutes"), path)
    end = Mover(METRES, DEGREES).transform.point(middle[0] + 59_000, middle[1])
    people = [(f"POINT({PLACE[0]} {PLACE[1]})", 70.0), (f"POINT({end[0]} {end[1]})", 30.0)]
    return {
        "DEMAND": draw("Point", "population:double", people, DEGREES),
        "DEMAND_WEIGHT": "population",
        "SERVICES": draw("Point", "id:string", [(f"POINT({PLACE[0]} {PLACE[1]})", "s")], DEGREES),
        "NETWORK": str(path),
        "THRESHOLDS": "20",
        **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "FAILED"), "TEMPORARY_OUTPUT"),
    }


def test_the_second_click_says_what_the_first_one_said(provider, in_a_thread, request, rows, qtbot):
    from carto_services_publics.ui.runner import Run

    end_soon()
    right, one = in_a_thread(by_qgis)
    assert by_qgis() == right
    far_and_near = request.getfixturevalue("far_and_near")

    def clicked():
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:coveragegaps")
        run = Run(algorithm, far_and_near)
        with qtbot.waitSignal(run.ended, timeout=60_000):
            run.start()
        assert run.succeeded, run.problem
        (row,) = rows(run.layers["OUTPUT"])
        return row, run.layers["GAPS"]

    first, gaps = clicked()
    assert (first["pop_au_dela_20"], first["part_au_dela_20"]) == (30, 0.3)
    in_a_thread(by_qgis_to_neighbour)
    by_qgis_to_neighbour()
    in_a_thread(lambda: by_qgis(THIRD))
    qtbot.wait(LONGER_MS)
    unmoved, other = in_a_thread(by_qgis_to_neighbour)
    assert one != other, "the first thread has ended"
    if Qgis.QGIS_VERSION_INT < 32300:
        assert unmoved == PLACE, "here QGIS gives its input back: without this the test proves nothing"
    moved, _ = in_a_thread(by_the_plugin)
    assert moved == pytest.approx(right, abs=0.01)
    second, _ = clicked()
    assert second == first
    # Where QGIS 3.22 was refused a transformation, it ends by a signal when asked about no system, as by a page's map.
    refused = by_qgis(THIRD)
    if Qgis.QGIS_VERSION_INT < 32300:
        assert refused == PLACE
    page, frame = LayoutPage(QgsProject(), 100, 100), Frame(0, 0, 100, 100)
    metres = QgsCoordinateReferenceSystem(METRES)
    assert page.map([], frame, QgsRectangle(0, 0, 1000, 1000), metres).crs() == metres
    moved_at_last()
    assert all(QgsCoordinateReferenceSystem(code).toWkt() for code in USUAL), "so do layers that are saved"
    assert gaps.crs().toWkt(), "a result keeps its coordinate reference system"
    assert np.isfinite(gaps.extent().width())
