"""The four location models against every choice there is, and against a published solver."""

from __future__ import annotations

import importlib.util
from itertools import combinations

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled, InvalidInput
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.snapped_points import Block
from carto_services_publics.core.siting import cover, highs, median
from carto_services_publics.core.siting.curve import coverage_curve
from carto_services_publics.core.siting.models import MODELS, solve
from carto_services_publics.core.siting.problem import (
    EXISTING,
    NOBODY,
    Clock,
    Costs,
    NoCandidate,
    Problem,
    TooManyMandatory,
    UnknownModel,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def _measure(model, table, weight, existing, chosen, threshold):
    """The objective of a choice, straight from its definition; None when it does not serve everyone it must."""
    best = np.minimum(existing, table[:, list(chosen)].min(axis=1, initial=np.inf))
    counted = weight > 0
    if model == "mclp":
        return weight[best <= threshold].sum()
    if model == "lscp":
        return float(len(chosen)) if np.all(best[counted] <= threshold) else None
    if not np.all(np.isfinite(best[counted])):
        return None
    return weight[counted] @ best[counted] if model == "pmedian" else best[counted].max(initial=0.0)


def _every_choice(model, table, weight, existing, sites, threshold, mandatory, forbidden):
    allowed = [j for j in range(table.shape[1]) if not forbidden[j]]
    sizes = range(len(allowed) + 1) if model == "lscp" else [min(sites, len(allowed))]
    values = [
        _measure(model, table, weight, existing, chosen, threshold)
        for size in sizes
        for chosen in combinations(allowed, size)
        if set(np.flatnonzero(mandatory)) <= set(chosen)
    ]
    values = [value for value in values if value is not None]
    if not values:
        return None
    return max(values) if model == "mclp" else min(values)


@st.composite
def instances(draw):
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    whole = st.integers(0, 12).map(float)
    cost = st.one_of(whole, st.floats(0, 12, allow_subnormal=False), st.just(np.inf))
    table = np.array(draw(st.lists(cost, min_size=n * m, max_size=n * m))).reshape(n, m)
    weight = np.array(draw(st.lists(st.one_of(whole, st.just(1.5)), min_size=n, max_size=n)))
    existing = np.array(draw(st.lists(st.one_of(st.just(np.inf), whole), min_size=n, max_size=n)))
    role = draw(st.lists(st.sampled_from("....mf"), min_size=m, max_size=m))
    mandatory, forbidden = np.array([r == "m" for r in role]), np.array([r == "f" for r in role])
    return table, weight, existing, mandatory, forbidden, draw(st.integers(1, 4)), float(draw(st.integers(0, 8)))


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=60, deadline=None)
@given(instance=instances())
def test_no_other_choice_is_better(model, instance):
    table, weight, existing, mandatory, forbidden, sites, threshold = instance
    problem = Problem(Costs.from_dense(table), weight, existing, mandatory, forbidden)
    if forbidden.all():
        if weight.any():
            with pytest.raises(NoCandidate):
                solve(problem, model, sites, threshold)
        return
    if model != "lscp" and mandatory.sum() > sites:
        if weight.any():
            with pytest.raises(TooManyMandatory):
                solve(problem, model, sites, threshold)
        return
    found = solve(problem, model, sites, threshold)
    if not weight.any():
        assert found.status == "no_demand"
        assert len(found.chosen) == 0
        return
    best = _every_choice(model, table, weight, existing, sites, threshold, mandatory, forbidden)
    assert not forbidden[found.chosen].any()
    assert set(np.flatnonzero(mandatory)) <= set(found.chosen.tolist())
    if best is None:
        assert found.status == "infeasible"
        assert len(found.unserved)
        assert found.messages
        return
    assert found.status == "optimal", (found, best)
    assert found.objective == pytest.approx(best, abs=1e-6)
    assert found.gap == 0
    again = _measure(model, table, weight, existing, found.chosen, threshold)
    assert again == pytest.approx(best, abs=1e-6)
    if model != "lscp":
        assert len(found.chosen) == min(sites, (~forbidden).sum())


@pytest.mark.parametrize("model", ["mclp", "lscp"])
@settings(max_examples=60, deadline=None)
@given(instance=instances())
def test_whom_a_site_covers_is_enough_to_choose_and_the_costs_of_the_chosen_to_tell(model, instance):
    """As from all costs: the same sites in the same order, the same people served, at the same cost, as proven."""
    table, weight, existing, mandatory, forbidden, sites, threshold = instance
    if forbidden.all() or (model == "mclp" and mandatory.sum() > sites):
        return
    table, asked = table.astype(np.float32), []

    def costs_of(chosen):
        asked.append(len(chosen))
        return Costs.from_dense(table[:, chosen])

    blocks = [Block(np.arange(len(table)), np.arange(table.shape[1]), table)]
    cover = Costs.from_blocks(blocks, *table.shape, limit=threshold, cover=True)
    full = solve(Problem(Costs.from_dense(table), weight, existing, mandatory, forbidden), model, sites, threshold)
    found = solve(Problem(cover, weight, existing, mandatory, forbidden, costs_of=costs_of), model, sites, threshold)
    assert cover.cost is None and (found.objective, found.bound) == (full.objective, full.bound)
    assert (found.status, found.newly) == (full.status, full.newly)
    for name in ("chosen", "gains", "assignment", "cost", "unserved", "beyond"):
        np.testing.assert_array_equal(getattr(found, name), getattr(full, name))
    assert asked == ([len(found.chosen)] if len(found.chosen) else [])


@settings(max_examples=40, deadline=None)
@given(instance=instances(), data=st.data())
def test_bounds_hold_when_no_exact_solver_is_there(instance, data):
    table, weight, existing, mandatory, forbidden, sites, threshold = instance
    model = data.draw(st.sampled_from(MODELS))
    if forbidden.all() or mandatory.sum() > sites or not weight.any():
        return
    best = _every_choice(model, table, weight, existing, sites, threshold, mandatory, forbidden)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highs, "available", lambda: False)
        found = solve(Problem(Costs.from_dense(table), weight, existing, mandatory, forbidden), model, sites, threshold)
    if best is None or found.status == "infeasible":
        return
    worse, better = (found.objective, found.bound) if model == "mclp" else (found.bound, found.objective)
    assert worse <= best + 1e-6
    assert best <= better + 1e-6


def _with_flows(model, table, weight, existing, capacity, chosen, threshold):
    from scipy.optimize import linprog

    n = len(weight)
    usable = table[:, list(chosen)]
    spare = np.isfinite(existing)
    columns = [(i, k) for i in range(n) for k in range(len(chosen)) if np.isfinite(usable[i, k])]
    if model == "mclp":
        columns = [(i, k) for i, k in columns if usable[i, k] <= threshold]
        spare &= existing <= threshold
    value = np.array([-1.0 if model == "mclp" else usable[i, k] for i, k in columns] + [0.0] * n)
    for i in range(n):
        value[len(columns) + i] = (-1.0 if model == "mclp" else existing[i]) if spare[i] else 0.0
    load, share = np.zeros((len(chosen), len(value))), np.zeros((n, len(value)))
    for number, (i, k) in enumerate(columns):
        load[k, number] = share[i, number] = 1
    for i in range(n):
        share[i, len(columns) + i] = 1
    top = [(0, None)] * len(columns) + [(0, None if spare[i] else 0) for i in range(n)]
    if model == "mclp":
        answer = linprog(value, np.vstack([load, share]), np.append(capacity[list(chosen)], weight), bounds=top)
        return -answer.fun
    answer = linprog(value, load, capacity[list(chosen)], share, weight, bounds=top)
    return answer.fun if answer.status == 0 else None


@pytest.mark.parametrize("model", ["mclp", "pmedian"])
@settings(max_examples=25, deadline=None)
@given(instance=instances(), seed=st.integers(0, 99))
def test_capacities_are_kept_and_no_other_choice_serves_better(model, instance, seed):
    table, weight, existing, _, _, sites, threshold = instance
    weight = weight + 1.0
    capacity = np.random.default_rng(seed).integers(0, 30, table.shape[1]).astype(float)
    found = solve(Problem(Costs.from_dense(table), weight, existing, capacity=capacity), model, sites, threshold)
    size = min(sites, table.shape[1])
    values = [
        _with_flows(model, table, weight, existing, capacity, chosen, threshold)
        for chosen in combinations(range(table.shape[1]), size)
    ]
    values = [value for value in values if value is not None]
    demand, site, share = found.shares
    load = np.bincount(site, share * weight[demand], table.shape[1])
    assert np.all(load <= capacity * (1 + 1e-6) + 1e-6)
    if not values:
        assert found.status == "infeasible"
        return
    assert found.objective == pytest.approx(max(values) if model == "mclp" else min(values), abs=1e-4)
    assert found.status == "optimal"


@pytest.mark.parametrize("model", ["mclp", "pmedian"])
@pytest.mark.parametrize("limited", [True, False])
@settings(max_examples=25, deadline=None)
@given(instance=instances(), seed=st.integers(0, 99))
def test_gains_are_those_of_the_model_solved_with_and_without_the_chosen_sites(model, limited, instance, seed):
    """Existing sites are columns with a capacity of their own, beside those known by their costs alone."""
    table, weight, existing, mandatory, _, sites, threshold = instance
    weight, random = weight + 1.0, np.random.default_rng(seed)
    opened = random.random(table.shape[1]) < 0.3
    mandatory = mandatory & ~opened
    if opened.all() or mandatory.sum() > sites:
        return
    capacity = random.integers(0, 30, table.shape[1]).astype(float) if limited else np.full(table.shape[1], 1e6)
    found = solve(
        Problem(Costs.from_dense(table), weight, existing, mandatory, opened=opened, capacity=capacity),
        model,
        sites,
        threshold,
    )
    steps = [
        _with_flows(model, table, weight, existing, capacity, [*np.flatnonzero(opened), *found.chosen[:k]], threshold)
        for k in range(len(found.chosen) + 1)
    ]
    if steps[-1] is None:
        assert found.status == "infeasible"
        return
    sign = 1.0 if model == "mclp" else -1.0
    assert found.objective == pytest.approx(steps[-1], abs=1e-4)
    expected = [np.nan if a is None or b is None else sign * (b - a) for a, b in zip(steps, steps[1:])]
    np.testing.assert_allclose(found.gains, expected, atol=1e-4)
    if steps[0] is None:
        assert np.isnan(found.gain)
    else:
        assert found.gain == pytest.approx(sign * (steps[-1] - steps[0]), abs=1e-4)
        assert found.gain == pytest.approx(found.gains.sum(), abs=1e-6)
        assert list(found.gains) == sorted(found.gains, reverse=True) or mandatory.any()


@pytest.mark.parametrize("model", ["mclp", "pmedian"])
@pytest.mark.parametrize("exact", [True, False])
@settings(max_examples=25, deadline=None)
@given(instance=instances(), seed=st.integers(0, 99))
def test_open_sites_with_capacities_serve_and_the_bound_holds(model, exact, instance, seed):
    """Some people are near an open site only, and it may be full."""
    table, weight, existing, _, _, sites, threshold = instance
    weight, random = weight + 1.0, np.random.default_rng(seed)
    opened = random.random(table.shape[1]) < 0.4
    if opened.all():
        return
    capacity = random.integers(0, 30, table.shape[1]).astype(float)
    problem = Problem(Costs.from_dense(table), weight, existing, opened=opened, capacity=capacity)
    with pytest.MonkeyPatch.context() as patch:
        if not exact:
            patch.setattr(highs, "available", lambda: False)
        found = solve(problem, model, sites, threshold)
    free = np.flatnonzero(~opened)
    values = [
        _with_flows(model, table, weight, existing, capacity, [*np.flatnonzero(opened), *chosen], threshold)
        for chosen in combinations(free, min(sites, len(free)))
    ]
    values = [value for value in values if value is not None]
    if not values:
        assert found.status == "infeasible" if exact else found.status in ("infeasible", "undecided")
        return
    assert found.status != "infeasible"
    if exact:
        assert found.objective == pytest.approx(max(values) if model == "mclp" else min(values), abs=1e-4)
    elif found.status != "undecided":
        best = max(values) if model == "mclp" else -min(values)
        sign = 1.0 if model == "mclp" else -1.0
        assert sign * found.objective - 1e-4 <= best <= sign * found.bound + 1e-4


@pytest.mark.parametrize("model", ["mclp", "pmedian", "pcenter"])
@settings(max_examples=25, deadline=None)
@given(instance=instances())
def test_without_capacities_gains_add_up_to_what_the_sites_change(model, instance):
    table, weight, existing, mandatory, _, sites, threshold = instance
    if mandatory.sum() > sites or not weight.any():
        return
    found = solve(Problem(Costs.from_dense(table), weight, existing, mandatory), model, sites, threshold)
    if found.status == "infeasible":
        return
    served = np.ones(len(weight), bool) if model == "mclp" else np.isfinite(existing) & (weight > 0)
    if model != "mclp":
        assert found.newly == pytest.approx(weight[~served].sum())
    if not served.any():
        assert np.isnan(found.gain)
        return
    # Only those whom a site serves already are compared: a journey that did not exist cannot get shorter.
    who = (table[served], weight[served], existing[served])
    before, after = (_measure(model, *who, sites, threshold) for sites in ([], found.chosen))
    sign = 1.0 if model == "mclp" else -1.0
    assert found.gain == pytest.approx(sign * (after - before), rel=1e-5, abs=1e-4)
    assert found.gains.sum() == pytest.approx(found.gain, rel=1e-5, abs=1e-4)


def test_an_island_that_no_site_reaches_does_not_hide_what_the_others_gain():
    """Eight people on their island get a site; the hundred others gain five minutes each."""
    table = np.array([[10.0, np.inf], [np.inf, 1.0]])
    found = solve(Problem(Costs.from_dense(table), np.array([100, 8]), np.array([15.0, np.inf])), "pmedian", 2)
    assert (found.gain, found.newly, found.objective) == (500, 8, 1008)
    assert sorted(found.gains) == [0, 500]


@pytest.mark.parametrize(
    ("model", "room", "objective", "newly", "assignment", "cost"),
    [
        ("pmedian", 30.0, 90.0, 17.0, [0, 0, 1], [5, 2, 4]),
        ("pmedian", 12.0, 94.0, 17.0, [0, EXISTING, 1], [5, (2 * 2 + 4 * 3) / 6, 4]),
        ("pmedian", 4.0, 66.0, 11.0, [NOBODY, EXISTING, 1], [5, 3, 4]),
        ("mclp", 12.0, 23.0, 17.0, [0, EXISTING, 1], [5, 3, 4]),
        ("mclp", 4.0, 17.0, 11.0, [0, EXISTING, 1], [5, 3, 4]),
    ],
)
def test_who_is_newly_served_and_by_whom_where_sites_fill_up(model, room, objective, newly, assignment, cost):
    """10, 6 and 7 people, 6 of them 3 min from a site that is open; the first new site has room for a few."""
    table = np.array([[5.0, np.inf], [2.0, 9.0], [np.inf, 4.0]])
    people, existing = np.array([10.0, 6.0, 7.0]), np.array([np.inf, 3.0, np.inf])
    problem = Problem(Costs.from_dense(table), people, existing, capacity=np.array([room, 20.0]))
    found = solve(problem, model, 2, 10.0)
    assert found.status == ("optimal" if model == "mclp" or room > 10 else "infeasible")
    assert (found.objective, found.newly) == (pytest.approx(objective), pytest.approx(newly))
    assert found.assignment.tolist() == assignment
    assert found.cost == pytest.approx(cost)


def _crowd():
    """101 people near a site with room for all but a tenth of one; the other, far away, has room for all."""
    table, people = np.array([[1.0, 30.0], [1.0, 30.0]]), np.array([100.0, 1.0])
    return Problem(Costs.from_dense(table), people, capacity=np.array([100.9, 200.0]))


def test_sites_that_serve_everyone_are_taken_however_little_the_others_leave_out():
    found = solve(_crowd(), "pmedian", 1)
    assert (found.status, found.chosen.tolist(), found.objective) == ("optimal", [1], 3030)


def test_who_is_left_out_is_not_called_impossible_to_serve_when_that_is_not_known(monkeypatch):
    monkeypatch.setattr(highs, "available", lambda: False)
    found = solve(_crowd(), "pmedian", 1)
    assert (found.status, found.chosen.tolist()) == ("undecided", [0])
    (said,) = map(str, found.messages)
    assert "(weight 0.1) is not served by the sites found" in said and "needed" not in said


def test_sites_with_too_little_room_together_are_ruled_out_without_a_program(monkeypatch):
    """Two sites with room for 20 each, for 41 people: no time is needed to know."""
    monkeypatch.setattr(highs, "available", lambda: False)
    people = np.array([21.0, 20.0])
    found = solve(Problem(Costs.from_dense(np.ones((2, 3))), people, capacity=np.full(3, 20.0)), "pmedian", 2)
    assert found.status == "infeasible"


def test_a_far_existing_site_serves_those_for_whom_a_nearer_one_is_full():
    """It is six times farther than the farthest candidate: it serves them all the same."""
    problem = Problem(
        Costs.from_dense(np.array([[np.inf, 4.0]])),
        np.array([44.0]),
        np.array([25.0]),
        mandatory=np.array([True, False]),
        opened=np.array([False, True]),
        capacity=np.array([5.0, 25.6]),
    )
    found = solve(problem, "pmedian", 1)
    assert (found.status, found.objective) == ("optimal", pytest.approx(25.6 * 4 + 18.4 * 25))


def test_sites_that_serve_everyone_are_feasible_where_the_search_for_the_center_found_none(monkeypatch):
    monkeypatch.setattr(cover, "center", lambda *_: None)
    found = solve(Problem(Costs.from_dense(np.array([[2.0, 9.0], [8.0, 3.0]])), np.ones(2)), "pcenter", 1)
    assert (found.status, found.objective, found.bound) == ("feasible", 8, 3)


@pytest.mark.parametrize("far", [1e9, 1e12, 1e15 / 7, 3e13 / 7])
def test_no_bound_is_below_what_is_covered_however_many_cannot_be(far):
    """The people out of reach are so many that the sum of all loses the others' decimals."""
    table = np.array([[1.0, np.inf], [np.inf, 1.0], [np.inf, np.inf]])
    found = solve(Problem(Costs.from_dense(table), np.array([0.1, 0.7, far])), "mclp", 2, 5.0)
    assert found.objective == pytest.approx(0.8)
    assert found.bound >= found.objective


@settings(max_examples=25, deadline=None)
@given(instance=instances(), seed=st.integers(0, 99))
def test_the_curve_with_capacities_serves_no_more_than_they_allow(instance, seed):
    table, weight, existing, _, _, _, threshold = instance
    capacity = np.random.default_rng(seed).integers(0, 30, table.shape[1]).astype(float)
    problem = Problem(Costs.from_dense(table), weight, existing, capacity=capacity)
    curve = coverage_curve(problem, threshold).covered
    everyone = list(range(table.shape[1]))
    served = _with_flows("mclp", table, weight, existing, capacity, everyone, threshold)
    assert curve[0] == pytest.approx(_with_flows("mclp", table, weight, existing, capacity, [], threshold), abs=1e-6)
    assert curve[-1] == pytest.approx(served, abs=1e-6)
    assert (np.diff(np.diff(curve)) <= 1e-6).all()
    if len(curve) > 1:
        alone = [_with_flows("mclp", table, weight, existing, capacity, [site], threshold) for site in everyone]
        assert curve[1] == pytest.approx(max(alone), abs=1e-6)


def test_the_curve_of_gains_goes_down_and_adds_up():
    generator = np.random.default_rng(7)
    table = np.hypot(*(generator.uniform(0, 60, (300, 1, 2)) - generator.uniform(0, 60, (1, 40, 2))).transpose(2, 0, 1))
    weight = generator.integers(1, 90, 300)
    found = solve(Problem(Costs.from_dense(table), weight), "mclp", 6, 10)
    assert np.all(np.diff(found.gains) <= 0)
    assert found.gains.sum() == found.gain == found.objective
    assert set(np.unique(found.assignment)) <= {NOBODY, *found.chosen.tolist()}


def test_existing_sites_count_but_are_not_chosen():
    table = np.array([[5.0, 50.0], [50.0, 5.0]])
    found = solve(Problem(Costs.from_dense(table), np.array([100, 10]), np.array([3.0, np.inf])), "mclp", 1, 10)
    assert found.chosen.tolist() == [1]
    assert (found.objective, found.gain) == (110, 10)
    assert found.assignment.tolist() == [EXISTING, 1]


def test_more_sites_than_candidates_opens_them_all_and_says_so():
    found = solve(Problem(Costs.from_dense(np.ones((3, 2))), np.ones(3)), "pmedian", 9)
    assert sorted(found.chosen.tolist()) == [0, 1]
    assert found.status == "optimal"
    assert "only 2 candidates" in str(found.messages[0])


def test_a_cover_that_cannot_be_says_who_is_left_out_and_why():
    table = np.array([[5.0, np.inf], [40.0, 31.0], [np.inf, np.inf]])
    found = solve(Problem(Costs.from_dense(table), np.array([10, 20, 30])), "lscp", threshold=30)
    assert found.status == "infeasible"
    assert found.unserved.tolist() == [1, 2]
    assert found.chosen.tolist() == [0]
    assert str(found.messages[0]) == ("2 demand points (weight 50.0) have no candidate or existing site within 30.")


def test_ties_always_give_the_first_candidates():
    table = np.full((6, 5), 4.0)
    for model in MODELS:
        answers = {tuple(solve(Problem(Costs.from_dense(table), np.ones(6)), model, 2, 10).chosen) for _ in range(3)}
        assert len(answers) == 1, model


@pytest.mark.parametrize(("weight", "read"), [(12.34, "12"), (9.96, "10"), (3.46, "3.5"), (10.0, "10")])
def test_who_cannot_be_served_is_counted_in_whole_people_but_for_a_few(weight, read):
    problem = Problem(Costs.from_dense(np.array([[1.0], [np.inf]])), np.array([1.0, weight]))
    (message,) = solve(problem, "mclp", 1, 5.0).messages
    assert f"(weight {read})" in str(message) or f"(weight {read}.0)" in str(message)


def test_a_cost_equal_to_the_threshold_covers():
    assert solve(Problem(Costs.from_dense(np.array([[30.0]])), np.ones(1)), "mclp", 1, 30).objective == 1


def test_what_cannot_be_used_is_refused_by_name():
    costs = Costs.from_dense(np.ones((2, 2)))
    with pytest.raises(UnknownModel):
        solve(Problem(costs, np.ones(2)), "plusgrand")
    for sites, threshold in ((-1, 10.0), (1, -0.5), (1, np.nan)):
        with pytest.raises(InvalidInput):
            solve(Problem(costs, np.ones(2)), "mclp", sites, threshold)
    with pytest.raises(InvalidInput):
        Problem(costs, np.array([1.0, -1.0]))
    with pytest.raises(InvalidInput):
        Problem(costs, np.array([1.0, np.nan]))
    with pytest.raises(InvalidInput):
        Costs.from_pairs([0], [0], [-1.0], 1, 1)


def test_of_a_pair_given_twice_the_least_cost_is_kept():
    costs = Costs.from_pairs([0, 0, 0], [0, 0, 1], [9.0, 4.0, np.nan], 1, 2)
    assert costs.cost.tolist() == [4.0]
    assert costs.offset.tolist() == [0, 1, 1]


def _towns(n, seed):
    xy = np.random.default_rng(seed).uniform(0, 100, (n, 2))
    return np.round(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), 3)


def test_a_medium_p_median_is_proven():
    table = _towns(250, 5)
    found = solve(Problem(Costs.from_dense(table), np.ones(250)), "pmedian", 25, time_limit=30)
    assert found.gap <= 1e-3


def test_a_cancel_is_heard_while_the_exact_solver_works():
    class Impatient(Progress):
        def __init__(self):
            self.asked = 0

        def cancelled(self):
            self.asked += 1
            return self.asked > 20

    table = np.random.default_rng(1).integers(1, 10_000, (220, 220)).astype(float)
    with pytest.raises(Cancelled):
        solve(Problem(Costs.from_dense(table), np.ones(220)), "pmedian", 9, time_limit=120, progress=Impatient())


def test_a_heuristic_cut_short_still_proves_its_gap():
    table = _towns(150, 3)
    task = median.Median(np.ones(150), np.full(150, 1e6), Costs.from_dense(table), 12)
    chosen, value, lower = median.solve(task, Clock(0.0, Progress()))
    assert len(chosen) == 12
    assert lower <= value


@pytest.mark.skipif(importlib.util.find_spec("spopt") is None, reason="spopt is not installed")
@pytest.mark.parametrize("model", MODELS)
def test_the_same_objective_as_spopt_with_an_exact_solver(model):
    import pulp
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

    generator = np.random.default_rng(11)
    table = np.hypot(*(generator.uniform(0, 60, (200, 1, 2)) - generator.uniform(0, 60, (1, 50, 2))).transpose(2, 0, 1))
    weight = generator.integers(1, 200, 200).astype(float)
    exact = pulp.PULP_CBC_CMD(msg=False)
    ours = solve(Problem(Costs.from_dense(table), weight if model != "pcenter" else np.ones(200)), model, 6, 15.0)
    if model == "mclp":
        theirs = MCLP.from_cost_matrix(table, weight, 15.0, 6).solve(exact)
        assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective))
    elif model == "lscp":
        theirs = LSCP.from_cost_matrix(table, 15.0).solve(exact)
        assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective))
    elif model == "pmedian":
        theirs = PMedian.from_cost_matrix(table, weight, 6).solve(exact)
        assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective))
    else:
        theirs = PCenter.from_cost_matrix(table, 6).solve(exact)
        assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective))
    assert ours.status == "optimal"
