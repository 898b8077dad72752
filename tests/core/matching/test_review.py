"""Going through the pairs by hand."""

from __future__ import annotations

import pytest
from carto_services_publics.core.matching import Decisions, match
from carto_services_publics.core.matching.matcher import SURE, TO_CHECK
from carto_services_publics.core.matching.review import NEW, Review

COLUMNS = ("nom", "telephone")


@pytest.fixture
def lists(service):
    mende = {"telephone": "04 66 49 40 00", "id": "dila-1"}
    florac = {"commune": "Florac", "code_insee": "48061", "lon": 3.59, "lat": 44.32}
    local = [
        service("Mairie", telephone="04 66 00 00 01"),
        service("Mairie annexe", telephone="04 66 00 00 02", **florac),
        service("La Poste", "la_poste", telephone="3631"),
    ]
    return local, [service("Mairie de Mende", **mende), service("Mairie de Florac", **{**florac, "id": "dila-2"})]


@pytest.fixture
def review(lists, tmp_path):
    local, reference = lists
    decisions = Decisions(tmp_path / "d.sqlite")
    return Review.of(local, reference, match(local, reference), COLUMNS, decisions)


def again(review):
    said = review.decisions.verdicts(review.local, review.reference)
    return match(review.local, review.reference, verdicts=said)


def test_what_is_to_check_comes_first(review):
    assert [case.zone for case in review.cases] == [TO_CHECK, NEW, SURE]
    assert review.next_open(2) == 0


def test_an_accepted_pair_is_sure_at_the_next_run_and_proposes(review):
    assert [c.type for c in review.proposals()] == ["creation", "modification"]
    review.accept(0)
    assert review.next_open(0) == -1
    assert [c.service_id for c in review.proposals()] == ["dila-2", "", "dila-1"]
    assert {(p.local, p.reference): p.zone for p in again(review).pairs}[1, 1] == SURE


def test_a_refused_pair_is_no_pair_at_the_next_run(review):
    review.refuse(0)
    assert "dila-2" not in {c.service_id for c in review.proposals()}
    assert (1, 1) not in {(p.local, p.reference) for p in again(review).pairs}


def test_a_link_by_hand_takes_the_partner_of_another(review):
    poste = next(place for place, case in enumerate(review.cases) if case.zone == NEW)
    review.link(poste, 0)
    assert {(p.local, p.reference) for p in again(review).pairs} >= {(2, 0)}
    mairie = next(case for case in review.cases if case.local == 0)
    assert (mairie.reference, mairie.zone, mairie.resembles) == (-1, NEW, 0)


def test_undo_brings_back_cases_and_decisions(review):
    before = list(review.cases)
    review.refuse(0)
    review.link(1, 0)
    assert review.undo() == 1 and review.undo() == 0 and review.undo() == -1
    assert review.cases == before
    assert review.decisions.verdicts(review.local, review.reference) == {}


def test_a_case_without_partner_can_be_neither_accepted_nor_refused(review):
    review.accept(1)
    assert review.cases[1].same is None


def test_undo_brings_back_what_was_said_in_an_earlier_run(lists, tmp_path):
    local, reference = lists
    decisions = Decisions(tmp_path / "d.sqlite")
    decisions.say(local[2], reference[0], True)
    decisions.say(local[1], reference[0], False)
    before = decisions.verdicts(local, reference)
    review = Review.of(local, reference, match(local, reference, verdicts=before), COLUMNS, decisions)
    poste = next(place for place, case in enumerate(review.cases) if case.local == 2)
    review.link(poste, 1)
    assert decisions.verdicts(local, reference)[2, 1] is True
    review.undo()
    assert decisions.verdicts(local, reference) == before
