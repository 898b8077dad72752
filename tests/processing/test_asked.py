"""What was asked of an algorithm, and the results that it writes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.progress import Progress
from carto_services_publics.processing.asked import Asked
from carto_services_publics.processing.attributes import is_null
from carto_services_publics.processing.base import CartoAlgorithm
from carto_services_publics.processing.table import BATCH
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsProcessingContext, QgsProcessingUtils


class Everything(CartoAlgorithm):
    ID = "everything"

    def displayName(self):
        return "Everything"

    def initAlgorithm(self, configuration=None):
        self.add_layer("INPUT", "places", optional=True)
        self.add_number("LIMIT", "limit", optional=True)
        self.add_number("SHARE", "share", 30, most=100)
        self.add_text("WORDS", "words", optional=True)
        self.add_enum("CHOICE", "choice", ["one", "two"], "one", optional=True)
        self.add_output("OUTPUT", "rows", optional=True)
        self.add_output("UNWANTED", "rows", by_default=False)


class Seen(Progress):
    def __init__(self):
        self.shown, self.stopped = [], False

    def show(self, fraction):
        self.shown.append(fraction)

    def cancelled(self):
        return self.stopped


@pytest.fixture
def asked(qgis_app):
    def ask(**parameters):
        algorithm, context = Everything(), QgsProcessingContext()
        algorithm.initAlgorithm()
        run = Asked(algorithm, {"OUTPUT": "memory:", **parameters}, context, Seen())
        run.keep = (algorithm, context)
        return run

    return ask


def written(run):
    """The rows of OUTPUT, as lists."""
    run.close()
    layer = run.context.getMapLayer(run.results["OUTPUT"])
    return [[None if is_null(value) else value for value in row.attributes()] for row in layer.getFeatures()]


@pytest.mark.parametrize(
    ("parameters", "given", "read"),
    [({}, False, 7.0), ({"LIMIT": None}, False, 7.0), ({"LIMIT": ""}, False, 7.0), ({"LIMIT": 0}, True, 0.0)],
)
def test_a_number_left_empty_is_what_the_algorithm_says(asked, parameters, given, read):
    run = asked(**parameters)
    assert run.is_given("LIMIT") is given and run.number("LIMIT", empty=7.0) == read


def test_defaults_count_as_given_and_parameters_that_are_none_as_empty(asked):
    run = asked(WORDS="  two words ")
    assert run.is_given("SHARE") and run.number("SHARE", empty=0.0) == 30
    assert run.text("WORDS") == "two words" and run.column("WORDS") == "  two words "
    assert (run.text("NONE"), run.file("NONE"), run.choice("NONE", "two"), run.is_given("NONE")) == (
        "",
        "",
        "two",
        False,
    )
    assert run.choice("CHOICE") == "one" and run.optional_source("INPUT") is None


def test_each_step_goes_on_where_the_last_one_ended(asked):
    run = asked()
    run.upto(0.2).advance(0.5)
    run.upto(0.6).advance(0.5)
    run.upto(1.0).advance(1.0)
    assert run.progress.shown == pytest.approx([0.1, 0.4, 1.0])


@given(values=st.lists(st.floats(width=32), min_size=1, max_size=5), narrow=st.booleans())
def test_a_figure_is_written_as_it_is_and_null_where_it_is_not_finite(values, narrow):
    algorithm, context = Everything(), QgsProcessingContext()
    algorithm.initAlgorithm()
    run = Asked(algorithm, {"OUTPUT": "memory:"}, context, Progress())
    numbers = np.array(values, np.float32 if narrow else float)
    table = run.table("OUTPUT", tuple((f"c{place}", "float") for place in range(len(values))))
    table.add(numbers)
    assert written(run) == [[float(each) if math.isfinite(each) else None for each in numbers]]


def test_a_row_keeps_the_columns_and_the_place_of_the_layer_it_is_made_of(asked, draw):
    layer = draw("Point", "fid:integer,id:string,rang:integer", [("POINT(1 2)", 8, "a", 5), (None, 9, "b", 6)])
    run = asked(INPUT=layer)
    table = run.table("OUTPUT", (("rang", "int"), ("sur", "bool")), like=run.source("INPUT"), fid="fid_origine")
    first, second = run.source("INPUT").getFeatures()
    table.add([np.int64(1), np.bool_(True)], first)
    table.add([2, None], second, QgsGeometry.fromWkt("POINT(3 4)"))
    table.add([3, False])
    assert written(run) == [[8, "a", 1, True], [9, "b", 2, None], [None, None, 3, False]]
    made = run.context.getMapLayer(run.results["OUTPUT"])
    assert [row.geometry().asWkt() for row in made.getFeatures()] == ["Point (1 2)", "Point (3 4)", ""]
    assert made.fields().names() == ["fid_origine", "id", "rang", "sur"] and made.crs() == layer.crs()


@pytest.mark.parametrize(
    ("destination", "layered"),
    [
        *((name, True) for name in ("memory:", "many.gpkg", "many.shp", "many.geojson")),
        *((name, False) for name in ("memory:", "many.gpkg", "many.csv")),
    ],
)
def test_many_rows_at_once_are_what_they_are_one_by_one(asked, draw, tmp_path, destination, layered):
    """In batches and a rest, with what is NULL and what has no place, to every kind of file."""
    size, random = 2 * BATCH + 3, np.random.default_rng(25)
    places = [(f"POINT({row} {2 * row})" if row % 5 else None, f"p{row}", row) for row in range(size)]
    layer = draw("Point", "id:string,rang:integer", places)
    costs = random.uniform(0, 60, (2, size))
    costs[random.random(costs.shape) < 0.2], costs[0, 0] = np.nan, np.inf
    texts = [f"« {row} »" if row % 3 else None for row in range(size)]
    kinds = (("cout", "float"), ("cout_2", "float"), ("nom", "text"), ("rang", "int"), ("compte", "int"))
    columns = (*costs, texts, np.arange(size), [np.int64(row) if row % 7 else None for row in range(size)])
    found = []
    for together in (True, False):
        place = destination if destination == "memory:" else str(tmp_path / f"{together}_{destination}")
        run = asked(INPUT=layer, OUTPUT=place)
        own = list(run.source("INPUT").getFeatures()) if layered else [None] * size
        table = run.table("OUTPUT", kinds, like=run.source("INPUT") if layered else None)
        if together:
            table.add_columns(columns, own if layered else None, run.upto(0.5))
            assert run.progress.shown == pytest.approx([0, 0.5 * BATCH / size, BATCH / size])
        else:
            for values, feature in zip(zip(*columns), own):
                table.add(values, feature)
        run.close()
        made = QgsProcessingUtils.mapLayerFromString(run.results["OUTPUT"], run.context)
        rows = [
            (*(None if is_null(value) else value for value in row.attributes()), row.geometry().asWkt())
            for row in made.getFeatures()
        ]
        found.append([row[1:] for row in rows] if destination.endswith(".gpkg") else rows)
    assert len(found[0]) == size and found[0] == found[1]


@pytest.mark.parametrize(("only", "names"), [("id", ["id", "rang"]), ("", ["rang"]), (None, ["id", "nom", "rang"])])
def test_one_column_of_the_layer_or_none_may_be_kept(asked, draw, only, names):
    run = asked(INPUT=draw("Point", "fid:integer,id:string,nom:string", [("POINT(1 2)", 1, "a", "b")]))
    assert run.table("OUTPUT", (("rang", "int"),), like=run.source("INPUT"), only=only).fields.names() == names


def test_a_result_that_was_not_asked_for_takes_rows_and_keeps_none(asked):
    run = asked()
    table = run.table("UNWANTED", (("rang", "int"),))
    table.add([1])
    run.close()
    assert not table.wanted and "UNWANTED" not in run.results


@pytest.mark.parametrize(("always", "kept"), [(False, BATCH), (True, BATCH + 1)])
def test_a_cancel_is_seen_after_a_batch_whose_rows_are_kept(asked, always, kept):
    run = asked()
    table = run.table("OUTPUT", (("rang", "int"),), always=always)
    run.progress.stopped = True
    try:
        for rank in range(BATCH + 1):
            table.add([rank])
    except Cancelled:
        assert not always
    assert len(written(run)) == kept
