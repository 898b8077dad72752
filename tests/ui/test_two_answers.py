"""An answer is kept, another question asked: both are seen beside each other, with the figures that the page gave."""

from __future__ import annotations

import re

import pytest
from carto_services_publics.core.access.sentences import Beyond, difference_sentences
from carto_services_publics.i18n import number, translate_message
from carto_services_publics.ui.answers import ANSWER, answers, layers_of
from carto_services_publics.ui.ground import is_ground
from carto_services_publics.ui.result_groups import PINNED, result_groups
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsProject, QgsRectangle, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication


def ask(access, qtbot):
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=60_000)
    assert access._found, access.progress.word.text()


@pytest.fixture
def kept(access, qtbot):
    """On foot to a town hall, kept; then to a pharmacy."""
    access.only_open.setChecked(False)
    access.resize(480, 800)
    access.show()
    access.choose_service("mairie")
    ask(access, qtbot)
    said = access.answer.text()
    answers()[0].coverage.selectAll()
    access.kept.keep_button.click()
    access.choose_service("pharmacie")
    yield access, said
    QgsProject.instance().clear()


@pytest.fixture
def window(kept):
    access, _said = kept
    access.kept.beside_button.click()
    window = access.kept.two_answers
    window.resize(900, 700)
    QTest.qWait(50)
    yield window
    window.close()


def test_the_window_says_both_questions_and_the_very_sentences_of_the_page(kept, window):
    access, said = kept
    first, second = window.sides
    assert first.question.text() == "A · Town hall · on foot · 20 min"
    assert second.question.text() == "B · Pharmacy · on foot · 20 min"
    assert (first.sentence.text(), second.sentence.text()) == (said, access.answer.text())


def test_the_difference_is_that_of_the_two_headlines(kept, window):
    access, said = kept
    before, after = (int(re.sub(r"\D", "", text.partition(" p")[0])) for text in (said, access.answer.text()))
    assert before != after
    assert f"{number(abs(after - before))} people {'fewer' if after < before else 'more'}" in window.difference.text()
    assert window.difference.text() in access.kept.words.text() and "Town hall" in access.kept.words.text()


def test_each_map_shows_its_own_answer_on_the_same_ground(kept, window):
    second, first = answers()
    left, right = (canvas.layers() for canvas in window.maps.canvases)
    assert first.coverage in left and first.coverage not in right
    assert second.coverage in right and second.coverage not in left
    services = QgsProject.instance().mapLayersByName("services")[0]
    assert left[0] == right[0] == services, "services are on top of both"
    assert left == layers_of(first) and right == layers_of(second)
    for layers, answer in ((left, first), (right, second)):
        places = [layers.index(layer) for layer in layers if is_ground(layer)]
        assert places and min(places) > layers.index(answer.coverage), "the ground is under what is answered"


@pytest.mark.parametrize("is_wide", [True, False])
def test_the_maps_open_on_what_is_answered_unless_the_main_map_shows_less(kept, is_wide):
    """They are smaller than the main map: what lies around is left out."""
    access, _said = kept
    coverage, main = answers()[0].coverage, access.kept._canvas
    whole = coverage.extent()
    here = QgsRectangle.fromCenterAndSize(whole.center(), 500, 500)
    main.setDestinationCrs(coverage.crs())
    main.setExtent(whole.buffered(100_000) if is_wide else here)
    access.kept.open()
    QApplication.processEvents()
    shown, expected = access.kept.two_answers.maps.right.extent(), whole if is_wide else here
    access.kept.two_answers.close()
    assert shown.contains(expected) and shown.height() < 4 * expected.height()


def test_a_map_that_goes_takes_nothing_away_that_a_drawing_given_up_still_writes_to(window):
    """QGIS 3.22 ends by a signal where a canvas with a cache goes first: in one run of five of this file."""
    assert not any(canvas.isCachingEnabled() for canvas in window.maps.canvases)


def test_what_one_map_does_the_other_does(window):
    maps, box = window.maps, QgsRectangle(1_040_000, 6_300_000, 1_050_000, 6_310_000)
    for mine, other in ((maps.left, maps.right), (maps.right, maps.left)):
        mine.setExtent(box)
        assert other.extent().toString(3) == mine.extent().toString(3) and other.scale() == pytest.approx(mine.scale())
        box = box.buffered(500)
        QTest.keyClick(mine, Qt.Key.Key_Right)
        assert other.extent().center().x() == pytest.approx(mine.extent().center().x())
    window.resize(1000, 600)
    QApplication.processEvents()
    assert maps.left.size() == maps.right.size() and maps.left.extent().toString(3) == maps.right.extent().toString(3)


def test_the_line_is_moved_by_keys_and_by_the_mouse_and_the_choice_is_remembered(kept, window, qtbot):
    maps, line = window.maps, window.maps.line
    window.over.setChecked(True)
    QApplication.processEvents()
    assert maps.left.geometry() == maps.right.geometry() == maps.rect()
    for key, part in ((Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 1), (Qt.Key.Key_Left, 0.98), (Qt.Key.Key_PageDown, 0.88)):
        QTest.keyClick(line, key)
        assert line.part == pytest.approx(part)
    assert maps.right.mask().boundingRect().left() == round(0.88 * maps.width())
    QTest.mousePress(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, line.rect().center())
    target = line.mapFromParent(maps.rect().center())
    QTest.mouseMove(line, target)
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, target)
    assert QgsSettings().value("carto_services_publics/two_answers/over", type=bool)
    window.over.setChecked(False)
    assert maps.right.mask().isEmpty() and not line.isVisible()


def test_a_third_answer_takes_the_place_of_the_second_and_the_one_kept_stays(kept, window, qtbot):
    access, said = kept
    access.thresholds.setText("10")
    ask(access, qtbot)
    QTest.qWait(50)
    first, second = window.sides
    assert first.sentence.text() == said and second.question.text() == "B · Pharmacy · on foot · 10 min"
    assert "beyond the time of each answer" in window.difference.text()
    access.choose_service("la_poste")
    QTest.qWait(50)
    assert second.question.text() == "B · Post office · on foot · 10 min"
    assert second.sentence.text() == access.answer.text()


def test_layers_that_go_and_projects_that_close_leave_nothing(kept, window):
    access, _said = kept
    first = answers()[-1]
    QgsProject.instance().layerTreeRoot().removeChildNode(first.group)
    QgsProject.instance().removeMapLayer(first.key)
    QTest.qWait(50)
    assert not window.sides[0].question.text() and not window.maps.left.layers()
    assert access.kept.beside_button.isHidden() and access.kept.keep_button.isEnabled()
    QgsProject.instance().clear()
    QTest.qWait(50)
    assert not window.maps.right.layers() and access.kept.isHidden()


def test_what_is_kept_stays_as_it_was_and_may_be_forgotten(kept):
    """One run answers every service: two of them are compared without asking again."""
    access, said = kept
    first = answers()[-1]
    assert first.group.customProperty(PINNED) and not first.group.itemVisibilityChecked()
    assert first.said.sentence == said and first.coverage.featureCount()
    assert not first.coverage.selectedFeatureCount(), "what is selected is led by the present answer"
    assert access.kept.keep_button.isEnabled()
    layers = set(first.group.findLayerIds())
    access.kept.forget_button.click()
    assert not layers & set(QgsProject.instance().mapLayers()) and len(answers()) == 1
    assert access.kept.beside_button.isHidden() and not access.kept.words.text()
    access.kept.keep_button.click()
    assert not access.kept.keep_button.isEnabled(), "the same answer once"


NO_ANSWERS = (
    *("{}", "[1, 2]", '["q", "s", ["a", 1, 2]]', "no JSON", '["q", "s", [1, 2]]', 7, "[" * 100_000),
    *(f'["q", "s", [{figures}]]' for figures in ("NaN, 5, 20", "Infinity, 5, 20", "1, 1e999, 20", "-3, 5, 20")),
    f'["q", "s", [1{"0" * 400}, 5, 20]]',
)


@pytest.mark.parametrize("written", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
def test_a_group_that_somebody_else_wrote_on_is_no_answer(kept, written):
    for group in result_groups():
        group.setCustomProperty(ANSWER, written)
    assert not answers()


figure = st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from([10.0, 20.0]))
figures = figure.map(lambda each: Beyond(min(each[:2]), max(each[:2]), each[2]))


@given(figures, figures)
def test_the_difference_adds_up_to_the_headlines(first, second):
    said = [translate_message(message) for message in difference_sentences(first, second)]
    if not (first.computed and second.computed):
        assert "cannot be compared" in said[0]
        return
    change = round(second.people) - round(first.people)
    words = f"{number(abs(change))} p" if change else "As many people"
    assert said[0].startswith(words) and (" fewer " in said[0]) == (change < 0) and (" more p" not in said[0])
    assert (len(said) == 2) == (round(first.computed) != round(second.computed))
