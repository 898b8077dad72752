"""Whatever one does to places is listed, once, and what one leaves alone is not."""

from __future__ import annotations

import numpy as np
from carto_services_publics.core.siting.changes import (
    CLOSED,
    HOURS,
    MOVED,
    OPENED,
    RoadChange,
    ServiceSite,
    place_changes,
    roads_changed,
)
from hypothesis import given
from hypothesis import strategies as st

ACTS = (CLOSED, MOVED, HOURS, "")


@given(st.lists(st.sampled_from(ACTS), max_size=12), st.integers(0, 3), st.booleans(), st.randoms())
def test_each_act_is_one_row(acts, new, named, random):
    """``named``: places have identifiers; else those that move are closed here and opened there."""
    today = [ServiceSite(f"p{n}" if named else "", f"n{n}", "mairie", "Mo", 100.0 * n, 0.0) for n in range(len(acts))]
    then = {
        CLOSED: lambda place: [],
        MOVED: lambda place: [place._replace(y=50.0)],
        HOURS: lambda place: [place._replace(hours="Tu")],
        "": lambda place: [place._replace(x=place.x + 0.2)],
    }
    after = [one for place, act in zip(today, acts) for one in then[act](place)]
    after += [ServiceSite(f"new{n}" if named else "", "", "mairie", "", -100.0 * (n + 1), 0.0) for n in range(new)]
    random.shuffle(after)
    found = place_changes(today, after)
    moved = acts.count(MOVED)
    count = {kind: sum(change.kind == kind for change in found) for kind in (CLOSED, MOVED, HOURS, OPENED)}
    assert count == {
        CLOSED: acts.count(CLOSED) + (0 if named else moved),
        MOVED: moved if named else 0,
        HOURS: acts.count(HOURS),
        OPENED: new + (0 if named else moved),
    }
    assert {change.metres for change in found if change.kind == MOVED} <= {50.0}


def test_two_places_of_one_identifier_are_known_by_their_positions():
    twice = [ServiceSite("a", "", "mairie", "", 0.0, 0.0), ServiceSite("a", "", "mairie", "", 10.0, 0.0)]
    assert not place_changes(twice, twice[::-1])
    (change,) = place_changes(twice, twice[:1])
    assert change.kind == CLOSED and change.before is twice[1]


def test_a_place_without_position_that_stays_is_no_change():
    nowhere = ServiceSite("a", "", "mairie", "", np.nan, np.nan)
    assert not place_changes([nowhere], [nowhere])


def test_roads_are_told_together_by_what_is_done_and_where():
    links = [
        RoadChange("fermer", "", "Corte", 100.0, 1.0, np.inf),
        RoadChange("ouvrir", "50", "Corte", 30.0, np.nan, 0.5),
        RoadChange("fermer", "", "Corte", 50.0, 0.5, np.inf),
    ]
    closed, opened = roads_changed(links)
    assert (closed.links, closed.metres, closed.before) == (2, 150.0, 1.5) and np.isnan(closed.after)
    assert (opened.metres, opened.after) == (30.0, 0.5) and np.isnan(opened.before)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["9h", "14h"])), max_size=12), st.randoms())
def test_places_without_identifier_moved_by_a_reprojection_and_listed_otherwise_are_the_same(places, chance):
    """Millimetres must not make a place cross from one metre to the next, nor the order of rows change hours."""
    today = [ServiceSite("", "Mairie", "mairie", hours, 2 * x + 0.4999, 0.5) for x, hours in places]
    then = [site._replace(x=site.x + chance.uniform(-0.001, 0.001), y=0.5 + 1e-4) for site in today]
    chance.shuffle(then)
    assert place_changes(today, then) == []
    assert [change.kind for change in place_changes(today, then[1:])] == [CLOSED] * bool(today)
