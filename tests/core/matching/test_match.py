"""My list against the referential."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.matching import SURE, TO_CHECK, assignment, match, similarity
from carto_services_publics.core.matching.assignment import assign
from carto_services_publics.core.progress import Progress
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment


def zones(matching):
    return {(pair.local, pair.reference): pair.zone for pair in matching.pairs}


def said(pair):
    return [str(reason) for reason in pair.reasons]


def test_a_town_hall_and_its_social_services_at_one_address_are_two(service):
    together = {"adresse": "1 place de Gaulle", "telephone": "04 66 49 40 00"}
    local = [service("CCAS", "ccas", **together), service("Mairie", **together)]
    reference = [service("Mairie de Mende", **together), service("CCAS de Mende", "ccas", **together)]
    assert zones(match(local, reference)) == {(0, 1): SURE, (1, 0): SURE}


def test_without_category_the_name_tells_them_apart(service):
    together = {"adresse": "1 place de Gaulle", "telephone": "04 66 49 40 00"}
    local = [service("Service Mairie", "", **together)]
    reference = [service("CCAS de Mende", "ccas", **together), service("Mairie de Mende", **together)]
    assert set(zones(match(local, reference))) == {(0, 1)}


def test_chains_with_one_phone_are_many(service):
    communes = [("Mende", "48095", 44.52), ("Marvejols", "48092", 44.55), ("Florac", "48061", 44.32)]
    rows = [
        service(f"Point info {name}", "france_services", commune=name, code_insee=code, lat=lat, telephone="0466000000")
        for name, code, lat in communes
    ]
    assert zones(match(rows, rows[::-1])) == {(0, 2): SURE, (1, 1): SURE, (2, 0): SURE}


def test_an_identifier_holds_whatever_else_says(service):
    local = [service("Ancien nom", "ehpad", id="x", producteur="finess", id_producteur="480000017", lon=None, lat=None)]
    reference = [
        service("Résidence Neuve", "ehpad", id="ref", producteur="finess", id_producteur="480000017"),
        service("Ancien nom", "ehpad", id="autre", adresse="1 rue X"),
    ]
    (pair,) = match(local, reference).pairs
    assert pair.reference == 0 and said(pair)[0] == "same identifier"


def test_a_serial_number_is_no_identifier(service):
    local = [service("École Pasteur", "ecole_primaire", id="12")]
    far = {"commune": "Paris", "code_insee": "75056", "lon": 2.35, "lat": 48.85}
    assert match(local, [service("École Curie", "ecole_primaire", id="12", **far)]).pairs == []


def test_reasons_come_in_words(service):
    local = [service("Pharmacie du Marche", "pharmacie", adresse="3 pl. du Marché", lat=44.5201)]
    reference = [service("Pharmacie du Marché", "pharmacie", adresse="3 place du Marché")]
    (pair,) = match(local, reference).pairs
    assert pair.zone == SURE and pair.distance == pytest.approx(11, abs=1)
    assert {"same name", "same address", "11 m apart", "same commune"} <= set(said(pair))


def test_an_annexe_is_never_surely_the_town_hall(service):
    matching = match([service("Mairie annexe")], [service("Mairie")])
    assert all(pair.zone == TO_CHECK for pair in matching.pairs)


def test_numbers_tell_namesakes_apart(service):
    one, two = service("Collège Pasteur 1", "college"), service("Collège Pasteur 2", "college", lat=44.521)
    assert zones(match([one, two], [two, one])) == {(0, 1): SURE, (1, 0): SURE}
    assert set(zones(match([one], [two])).values()) <= {TO_CHECK}


def test_a_name_is_enough_to_be_looked_at(service):
    nowhere = service("Mairie de Mende", commune="", code_insee="", lon=None, lat=None)
    assert zones(match([nowhere], [service("Mairie - Florac", commune="Florac"), service("Mairie - Mende")])) == {
        (0, 1): TO_CHECK
    }


def test_two_rows_that_resemble_one_service_are_for_a_person_to_see(service):
    copies = [service("Mairie", id="a"), service("Mairie", id="b")]
    matching = match(copies, [service("Mairie de Mende")])
    (pair,) = matching.pairs
    assert pair.zone == TO_CHECK and "another row resembles it as much" in said(pair)
    (alone,) = matching.only_local
    assert alone.resembles == 0


def test_a_commune_s_name_alone_counts_unless_it_has_namesakes(service):
    nowhere = {"lon": None, "lat": None, "code_insee": ""}
    mende = service("Mairie de Mende")
    local = [service("Accueil", commune="Saint-Martin", **nowhere), service("Accueil", commune="Mende", **nowhere)]
    reference = [service("x", commune="Saint-Martin", code_insee=code) for code in ("54480", "66185")]
    assert set(zones(match(local[1:], [mende, *reference]))) == {(0, 0)}
    assert match(local[:1], [mende, *reference]).pairs == []


def test_only_in_one_list(service):
    far = {"commune": "Paris", "code_insee": "75056", "lon": 2.35, "lat": 48.85}
    matching = match([service("Mairie")], [service("Mairie de Paris", **far)])
    assert [alone.row for alone in matching.only_local] == [alone.row for alone in matching.only_reference] == [0]
    assert matching.only_local[0].resembles == -1


def test_what_was_said_holds(service):
    local, reference = [service("Mairie")], [service("Mairie de Mende"), service("Mairie de Mende bis")]
    matching = match(local, reference, verdicts={(0, 0): False, (0, 1): True})
    assert zones(matching) == {(0, 1): SURE}
    assert match(local, reference[:1], verdicts={(0, 0): False}).pairs == []


def test_a_wider_distance_is_the_user_s_choice(service):
    local = [service("Crèche Les Lutins", "creche", commune="", code_insee="", lat=44.53)]
    reference = [service("Crèche Les Lutins", "creche", commune="", code_insee="")]
    near, wide = match(local, reference), match(local, reference, max_distance=3000)
    assert wide.pairs[0].zone == SURE and (not near.pairs or near.pairs[0].score < wide.pairs[0].score)


@pytest.mark.parametrize("empty", [([], []), ([], None), (None, [])])
def test_empty_lists(service, empty):
    local, reference = ([service("Mairie")] if rows is None else rows for rows in empty)
    matching = match(local, reference)
    assert matching.pairs == [] and len(matching.only_local) == len(local)
    assert len(matching.only_reference) == len(reference)


def test_every_row_is_in_one_pair_or_alone(shared_data, matching_set):
    found = matching_set.corse(shared_data, seed=3)
    matching = match(found.local, found.reference)
    local = [pair.local for pair in matching.pairs] + [alone.row for alone in matching.only_local]
    reference = [pair.reference for pair in matching.pairs] + [alone.row for alone in matching.only_reference]
    assert sorted(local) == list(range(len(found.local)))
    assert sorted(reference) == list(range(len(found.reference)))


@pytest.mark.parametrize("which", ["corse", "france"])
def test_the_bars_hold_with_and_without_rapidfuzz(shared_data, matching_set, which, monkeypatch):
    found = getattr(matching_set, which)(shared_data, seed=77)
    matching = match(found.local, found.reference)
    monkeypatch.setattr(similarity, "cpdist", None)
    assert zones(match(found.local, found.reference)) == zones(matching)
    sure = [pair for pair in matching.pairs if pair.zone == SURE]
    right = {pair.reference for pair in matching.pairs if found.truth[pair.local] == pair.reference}
    wanted = {truth for truth in found.truth if truth >= 0}
    assert sum(found.truth[pair.local] == pair.reference for pair in sure) >= 0.995 * len(sure)
    assert len(right) >= 0.98 * len(wanted)
    assert len(sure) >= 0.85 * len(wanted)


def test_cancel_is_seen(shared_data, matching_set):
    class Stop(Progress):
        def cancelled(self):
            return True

    found = matching_set.corse(shared_data)
    with pytest.raises(Cancelled):
        match(found.local, found.reference, progress=Stop())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 50)), max_size=30), st.booleans())
def test_the_assignment_is_one_to_one_and_the_best_there_is(monkeypatch, edges, as_table):
    monkeypatch.setattr(assignment, "_LARGEST_DENSE", 250_000 if as_table else 0)
    gains = {(a, b): gain for a, b, gain in edges}
    left, right = (np.array([pair[side] for pair in gains], dtype=np.int64) for side in (0, 1))
    gain = np.array(list(gains.values()), dtype=float)
    chosen = assign(left, right, gain)
    assert len(set(left[chosen])) == len(set(right[chosen])) == len(chosen)
    dense = np.zeros((7, 7))
    dense[left, right] = gain
    assert gain[chosen].sum() == dense[linear_sum_assignment(dense, maximize=True)].sum()


def test_a_crowd_of_namesakes_is_matched_by_place(service):
    grid = [(3.5 + 0.0005 * (n % 40), 44.5 + 0.0005 * (n // 40)) for n in range(1600)]
    rows = [service("Point de collecte", "dechetterie", id=f"p{n}", lon=x, lat=y) for n, (x, y) in enumerate(grid)]
    matching = match(rows, [replace(row, id=f"r{number}") for number, row in enumerate(rows)])
    assert [(pair.local, pair.reference) for pair in matching.pairs] == [(n, n) for n in range(1600)]
