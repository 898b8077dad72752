"""Measures kept in one file, and what they say together."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from carto_services_publics.core.access.coverage import Served, together
from carto_services_publics.core.observatory import (
    EACH_PLACE,
    AnotherTerritory,
    Figure,
    NewMeasure,
    NotAnObservatory,
    Terms,
    Zone,
    days_of_roads_unsaid,
    figures_of,
    forget,
    in_series,
    keep,
    kept_measures,
    people_words,
    say_population,
    series_kept,
    terms_of,
    trend_of,
    zone_names,
)
from carto_services_publics.core.registry.geopackage import CannotWrite
from hypothesis import given
from hypothesis import strategies as st
from osgeo import ogr

CAR = Terms("car")
ZONES = [
    Zone("2A001", "Afa", ogr.CreateGeometryFromWkt("MULTIPOLYGON(((0 0,0 1,1 1,0 0)))").ExportToWkb()),
    Zone("", ""),
]


def figure(day, zone, beyond, people=100.0, lost=0.0, category="mairie", threshold=20.0):
    return Figure(day, zone, category, threshold, Served(people, lost, 0.0, (beyond,)), 7.5)


def measure(day, *figures, question=CAR):
    return NewMeasure(day, question, "en voiture · 20 min", ("Routes : BD TOPO, édition 2025-06-15",), figures)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "observatoire.gpkg"


def test_a_measure_is_read_back_with_its_question_inputs_and_figures(path):
    own = [figure("2025-11-20", "2A001", 30.0, lost=10.0), figure("2025-11-20", "", 1.0, 2.0)]
    assert keep(path, measure("2025-11-20", *own), ZONES, "EPSG:2154").replaced == 0
    (row,) = kept_measures(path)
    assert (row.date, row.question, row.categories) == ("2025-11-20", CAR, ("mairie",))
    assert row.words == "en voiture · 20 min" and row.inputs == ("Routes : BD TOPO, édition 2025-06-15",)
    assert sorted(figures_of(path, CAR, "mairie", 20.0)) == sorted(own)
    assert figures_of(path, Terms("car", "Sa 10:00"), "mairie", 20.0) == []
    assert zone_names(path) == {"2A001": "Afa", "": ""}


def test_gdal_reads_the_file_with_outlines_dates_and_numbers(path):
    keep(path, measure("2025-11-20", figure("2025-11-20", "2A001", 30.0, lost=10.0)), ZONES, "EPSG:2154")
    source = ogr.Open(str(path))
    zones = source.GetLayerByName("zones")
    assert zones.GetSpatialRef().GetAuthorityCode(None) == "2154" and zones.GetExtent() == (0, 1, 0, 1)
    zones.SetAttributeFilter("zone_id = '2A001'")
    assert zones.GetNextFeature().geometry().GetArea() == 0.5
    row = source.GetLayerByName("chiffres").GetNextFeature()
    assert (row["pop_au_dela"], row["part_au_dela"], row["cout_moyen"]) == (30.0, 30.0 / 90.0, 7.5)
    assert source.GetLayerByName("mesures").GetNextFeature()["date"] == "2025/11/20"


def test_a_measure_taken_again_the_same_day_corrects_the_first_and_nothing_else(path):
    day = "2026-01-05"
    keep(path, measure(day, figure(day, "2A001", 1.0), figure(day, "2A001", 2.0, category="poste")), ZONES, "EPSG:2154")
    keep(path, measure(day, figure(day, "2A001", 3.0), question=Terms("foot")), ZONES, "EPSG:2154")
    assert keep(path, measure(day, figure(day, "2A001", 4.0)), ZONES, "EPSG:2154").replaced == 1
    beyond = [
        [each.served.beyond[0] for each in figures_of(path, question, category, 20.0)]
        for question, category in ((CAR, "mairie"), (CAR, "poste"), (Terms("foot"), "mairie"))
    ]
    assert beyond == [[4.0], [2.0], [3.0]]
    assert [row.categories for row in kept_measures(path)] == [("mairie",), ("mairie",), ("poste",)]


def test_a_measure_left_without_figures_goes_with_its_inputs(path):
    day = "2026-01-05"
    for beyond in (1.0, 2.0):
        last = keep(path, measure(day, figure(day, "2A001", beyond)), ZONES, "EPSG:2154").measure
    assert [row.measure for row in kept_measures(path)] == [last]
    forget(path, last)
    assert kept_measures(path) == [] and figures_of(path, CAR, "mairie", 20.0) == []
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM entrees").fetchone() == (0,)


def test_zones_of_another_territory_are_refused_and_the_file_is_as_it_was(path):
    keep(path, measure("2025-11-20", figure("2025-11-20", "2A001", 30.0)), ZONES, "EPSG:2154")
    with pytest.raises(AnotherTerritory):
        other = measure("2025-11-21", figure("2025-11-21", "48095", 3.0))
        keep(path, other, [Zone("48095", "Mende")], "EPSG:2154")
    assert len(kept_measures(path)) == 1 and zone_names(path) == {"2A001": "Afa", "": ""}


def test_outlines_given_in_another_crs_lie_where_the_first_did(path):
    day = "2025-11-20"
    keep(path, measure(day, figure(day, "2A001", 30.0)), ZONES, "EPSG:4326")
    square = ogr.CreateGeometryFromWkt("MULTIPOLYGON(((700000 6600000,701000 6600000,701000 6601000,700000 6600000)))")
    keep(path, measure(day, figure(day, "2A001", 31.0)), [Zone("2A001", "Afa", square.ExportToWkb())], "EPSG:2154")
    source = ogr.Open(str(path))
    west, east, south, north = source.GetLayerByName("zones").GetExtent()
    assert (west, south) == pytest.approx((3.0, 46.5), abs=1e-6) and 0 < east - west < 0.02 and 0 < north - south < 0.02


@pytest.mark.parametrize("written", ["Sa 10:00", "samedi 10h", " saturday 10:00 "])
def test_the_same_moment_is_the_same_question_however_it_was_written(written):
    assert terms_of("car", written) == Terms("car", "Sa 10:00")
    assert terms_of("car", " ") == CAR and terms_of("car", "2026-11-28T10:00").moment == "2026-11-28T10:00"


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 but no more", b"text" * 500])
def test_a_file_of_anything_else_is_left_alone(path, content):
    path.write_bytes(content)
    for act in (lambda: kept_measures(path), lambda: keep(path, measure("2025-11-20"), ZONES, "EPSG:2154")):
        with pytest.raises(NotAnObservatory):
            act()
    assert path.read_bytes() == content


@pytest.mark.parametrize("crs", ["", "no system"])
def test_what_cannot_be_kept_leaves_no_file(path, crs):
    own = figure("2025-11-20", "2A001", 30.0)
    with pytest.raises(CannotWrite):
        keep(path, measure("2025-11-20", own), ZONES, crs)
    with pytest.raises(CannotWrite):
        keep(path, measure("2025-11-20", own._replace(category=object())), ZONES, "EPSG:2154")
    assert not list(path.parent.iterdir())
    keep(path, measure("2025-11-20", own), ZONES, "EPSG:2154")
    with pytest.raises(CannotWrite):
        keep(path, measure("2026-11-20", own), ZONES, crs)
    assert [row.date for row in kept_measures(path)] == ["2025-11-20"]


def test_a_file_that_another_program_holds_is_no_file_of_something_else(path, monkeypatch):
    keep(path, measure("2025-11-20", figure("2025-11-20", "2A001", 30.0)), ZONES, "EPSG:2154")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{**named, "timeout": 0.05}))
    with closing(connect(str(path), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CannotWrite, match="held by another program"):
            kept_measures(path)


def test_the_whole_is_of_the_zones_measured_each_time(path):
    rows = [("2025-01-01", "a", 10.0), ("2025-01-01", "b", 90.0), ("2026-01-01", "a", 5.0), ("2026-01-01", "c", 50.0)]
    series = in_series(figure(*row) for row in rows)
    assert [point.served.beyond[0] for point in series.points] == [10.0, 5.0]
    assert series.aside == 2 and set(series.zones) == {"a", "b", "c"}
    assert [point.date for point in series.zones["c"]] == ["2026-01-01"]


def test_a_trend_by_hand():
    days = ("2024-01-01", "2025-01-01", "2026-01-01")
    series = in_series(figure(day, "a", beyond, 110.0, 10.0) for day, beyond in zip(days, (30.0, 20.0, 14.0)))
    trend = trend_of(series.points)
    assert (trend.first.date, trend.before.date, trend.last.date) == days
    assert trend.people == -16.0
    assert trend.change == pytest.approx(-0.16) and trend.latest == pytest.approx(-0.06)
    assert trend.yearly == pytest.approx(-0.08, abs=2e-4)  # 2024 has a day more
    assert trend_of(series.points[:2]).yearly is None and trend_of(series.points[:1]) is None


def test_a_date_at_which_nobody_was_computed_is_no_nought():
    rows = [
        figure("2024-01-01", "a", 30.0),
        figure("2025-01-01", "a", 0.0, lost=100.0),
        figure("2026-01-01", "a", 20.0),
    ]
    trend = trend_of(in_series(rows).points)
    assert trend.before.date == "2024-01-01" and trend.yearly is None
    assert trend.change == pytest.approx(-0.1)


DAYS = st.dates().map(str)
FIGURES = st.lists(st.tuples(DAYS, st.sampled_from("abc"), st.integers(0, 100)), max_size=20)


@given(FIGURES, st.randoms())
def test_whatever_the_order_the_whole_is_the_sum_of_its_zones(rows, random):
    figures = [figure(day, zone, float(beyond)) for (day, zone), beyond in {row[:2]: row[2] for row in rows}.items()]
    shuffled = random.sample(figures, len(figures))
    series = in_series(shuffled)
    assert series == in_series(figures)._replace(zones=series.zones)
    dates = {each.date for each in figures}
    whole = [zone for zone, points in series.zones.items() if len(points) == len(dates)]
    assert series.aside == len(series.zones) - len(whole)
    for place, point in enumerate(series.points):
        assert point.served == together(series.zones[zone][place].served for zone in whole)


def test_a_zone_of_which_nobody_is_computed_at_a_date_was_not_measured_then():
    known, unknown = Served(100.0, 0.0, 0.0, (40.0,)), Served(100.0, 100.0, 0.0, (0.0,))
    figures = [
        Figure(day, zone, "mairie", 20.0, served)
        for day, each in (("2026-01-01", known), ("2026-04-01", unknown))
        for zone, served in (("a", known), ("b", each))
    ]
    series = in_series(figures)
    assert [point.served.beyond[0] for point in series.points] == [40.0, 40.0] and series.aside == 1
    assert [point.date for point in series.zones["b"]] == ["2026-01-01"]


IND, MEN = Terms("car", population="ind"), Terms("car", population="men")
DAY = "2025-11-20"


def beyond(path, question, category="mairie"):
    return [(each.date, each.served.beyond[0]) for each in figures_of(path, question, category, 20.0)]


def keep_people(path, *asked, day=DAY):
    """A measure for each question and number of people beyond."""
    return [keep(path, measure(day, figure(day, "2A001", far), question=own), ZONES, "EPSG:2154") for own, far in asked]


@pytest.fixture
def older(path):
    """A file as versions without the column of population left it, with a measure."""
    keep_people(path, (CAR, 30.0))
    with closing(sqlite3.connect(path)) as database, database:
        for column in ("population", "lecture_routes"):
            database.execute(f"ALTER TABLE mesures DROP COLUMN {column}")
    return path


def columns(path):
    with closing(sqlite3.connect(path)) as database:
        return [row[1] for row in database.execute("PRAGMA table_info(mesures)")]


def test_people_and_households_of_one_day_are_two_series_and_each_corrects_itself_alone(path):
    assert [kept.replaced for kept in keep_people(path, (IND, 30.0), (MEN, 12.0), (MEN, 13.0))] == [0, 0, 1]
    assert beyond(path, IND) == [(DAY, 30.0)] and beyond(path, MEN) == [(DAY, 13.0)] and beyond(path, CAR) == []
    assert {row.question for row in kept_measures(path)} == {IND, MEN}
    assert series_kept(path, IND, "mairie", 20.0) == [IND, MEN]
    assert series_kept(path, IND, "mairie", 10.0) == series_kept(path, Terms("foot"), "mairie", 20.0) == []


def test_an_older_file_is_read_as_it_is_its_measures_of_people_not_said(older):
    content = older.read_bytes()
    assert [row.question for row in kept_measures(older)] == [CAR]
    assert beyond(older, CAR) == [(DAY, 30.0)] and beyond(older, IND) == []
    assert series_kept(older, IND, "mairie", 20.0) == [CAR]
    assert older.read_bytes() == content


def test_an_older_file_takes_new_measures_beside_its_own(older):
    assert keep_people(older, (IND, 28.0))[0].replaced == 0
    assert beyond(older, CAR) == [(DAY, 30.0)] and beyond(older, IND) == [(DAY, 28.0)]
    source = ogr.Open(str(older))
    assert [row["population"] for row in source.GetLayerByName("mesures")] == [None, "ind"]


def test_what_fails_leaves_an_older_file_without_the_column(older):
    bad = measure(DAY, figure(DAY, "2A001", 1.0)._replace(category=object()), question=IND)
    with pytest.raises(CannotWrite):
        keep(older, bad, ZONES, "EPSG:2154")
    assert "population" not in columns(older)
    forget(older, kept_measures(older)[0].measure)
    assert kept_measures(older) == []


def test_what_an_older_version_writes_into_a_new_file_is_of_people_not_said(path):
    keep_people(path, (IND, 30.0))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE mesures SET population = NULL")
    assert beyond(path, CAR) == [(DAY, 30.0)] and series_kept(path, IND, "mairie", 20.0) == [CAR]
    assert keep_people(path, (CAR, 31.0))[0].replaced == 1


def test_a_measure_told_whom_it_counted_joins_their_series(older):
    keep(older, measure(DAY, figure(DAY, "2A001", 5.0, category="poste")), ZONES, "EPSG:2154")
    keep_people(older, (IND, 28.0), day="2026-11-20")
    every = [row.measure for row in kept_measures(older)]
    assert say_population(older, every, "ind") == 2, "the one of 2026 says it already"
    assert beyond(older, IND) == [(DAY, 30.0), ("2026-11-20", 28.0)] and beyond(older, IND, "poste") == [(DAY, 5.0)]
    assert say_population(older, every, "men") == 0 and beyond(older, MEN) == []


def test_a_measure_stays_apart_where_its_day_was_measured_again(older):
    keep_people(older, (IND, 28.0))
    unsaid = next(row.measure for row in kept_measures(older) if not row.question.population)
    assert say_population(older, [unsaid], "ind") == 0
    assert beyond(older, CAR) == [(DAY, 30.0)] and beyond(older, IND) == [(DAY, 28.0)]
    assert say_population(older, [unsaid], "men") == 1 and beyond(older, MEN) == [(DAY, 30.0)]


@pytest.mark.parametrize(
    ("column", "population"),
    [("ind", "ind"), (" Ind", "ind"), ("P21_POP", "p.._pop"), ("p22_pop", "p.._pop"), ("", ""), ("*", EACH_PLACE)],
)
def test_the_same_people_are_the_same_series_however_their_column_is_written(column, population):
    assert terms_of("car", population=column) == Terms("car", population=population)


@pytest.mark.parametrize(
    ("population", "words"),
    [
        ("ind", "people (column ind)"),
        ("men", "households (column men)"),
        ("p.._pop", "people (column p.._pop)"),
        ("p.._pop80p", "people of 80 and more (column p.._pop80p)"),
        ("mine", "mine"),
        ("", "population not said"),
        (EACH_PLACE, "places, each of them for 1"),
    ],
)
def test_whom_a_measure_counts_in_words(population, words):
    assert str(people_words(population)) == words


FIELD, NONE = "generic; speed=kmh; direction=-", "generic; speed=-; direction=-"


def test_roads_read_otherwise_are_another_series_and_replace_nothing(path):
    by_field, by_class = IND._replace(roads=FIELD), IND._replace(roads=NONE)
    assert [kept.replaced for kept in keep_people(path, (by_field, 14.0), (by_class, 5.1))] == [0, 0]
    assert keep_people(path, (by_class, 5.0))[0].replaced == 1
    assert beyond(path, by_field) == [(DAY, 14.0)] and beyond(path, by_class) == [(DAY, 5.0)]
    assert series_kept(path, IND, "mairie", 20.0) == [by_class, by_field]
    assert days_of_roads_unsaid(path, by_field, "mairie", 20.0) == []


def test_measures_that_do_not_say_how_roads_were_read_go_on_with_those_that_do_and_this_is_known(path):
    by_field = IND._replace(roads=FIELD)
    keep_people(path, (IND, 15.0), day="2024-11-20")
    keep_people(path, (IND, 16.0))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("ALTER TABLE mesures DROP COLUMN lecture_routes")
    assert [row.question for row in kept_measures(path)] == [IND, IND]
    assert beyond(path, by_field) == beyond(path, IND) == [("2024-11-20", 15.0), (DAY, 16.0)]
    assert keep_people(path, (by_field, 14.0), day=DAY)[0].replaced == 0
    (whole,) = in_series(figures_of(path, by_field, "mairie", 20.0)).zones.values()
    assert [(point.date, point.served.beyond[0]) for point in whole] == [("2024-11-20", 15.0), (DAY, 14.0)]
    assert days_of_roads_unsaid(path, by_field, "mairie", 20.0) == ["2024-11-20"]
    assert days_of_roads_unsaid(path, IND, "mairie", 20.0) == ["2024-11-20", DAY]


def test_a_measure_told_whom_it_counted_stays_apart_where_its_day_says_how_roads_were_read(older):
    keep_people(older, (IND._replace(roads=FIELD), 28.0))
    unsaid = next(row.measure for row in kept_measures(older) if not row.question.population)
    assert say_population(older, [unsaid], "ind") == 0


@pytest.mark.parametrize("typed", ["→7h00-9h00", "→ 07:00 – 9:00"])
def test_hours_kept_as_they_were_typed_go_on_with_the_same_hours(path, typed):
    """Earlier versions kept what was in the field; what is no window of hours stays."""
    terms = Terms("transit", "", "→ 07:00-09:00", "ind")
    for day, departures in (("2025-11-20", typed), ("2025-11-21", "soon")):
        old = terms._replace(departures=departures)
        keep(path, measure(day, figure(day, "2A001", 30.0), question=old), ZONES, "EPSG:2154")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE mesures SET departs = ? WHERE date = '2025-11-20'", (typed,))
    content = path.read_bytes()
    assert beyond(path, terms) == [("2025-11-20", 30.0)] and series_kept(path, terms, "mairie", 20.0) == [terms]
    assert [row.question.departures for row in kept_measures(path)] == ["soon", terms.departures]
    assert path.read_bytes() == content
    again = measure("2025-11-20", figure("2025-11-20", "2A001", 28.0), question=terms)
    assert keep(path, again, ZONES, "EPSG:2154").replaced == 1
    assert beyond(path, terms) == [("2025-11-20", 28.0)]
