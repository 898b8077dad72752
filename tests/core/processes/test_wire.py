"""What workers say to each other arrives as it was, and can be nothing but data."""

from __future__ import annotations

import io
import json
import math
import struct

import numpy as np
import pytest
from carto_services_publics.core.messages import msg
from carto_services_publics.core.network import BuildOptions, RoadSource
from carto_services_publics.core.processes.mapped import read_mapped, write_mapped
from carto_services_publics.core.processes.wire import packed, receive, send
from carto_services_publics.core.routing.snapped_points import SnappedPoints
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

DTYPES = st.sampled_from(["?", "i1", "<i4", ">i4", "<i8", "u2", "<f4", "<f8", ">f8", "c16", "<U7", "S3", "<M8[s]"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
ARRAYS = arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
VALUES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers() | st.tuples(st.integers(), st.text(max_size=2)), inner)
    ),
    max_leaves=12,
)


def through(value):
    stream = io.BytesIO()
    send(stream, packed(value))
    stream.seek(0)
    return receive(stream)


def same(one, other) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@given(VALUES)
def test_what_is_sent_is_what_arrives(value):
    assert same(through(value), value)


@given(st.lists(VALUES, max_size=4))
def test_letters_follow_one_another(values):
    stream = io.BytesIO()
    for value in values:
        send(stream, packed(value))
    stream.seek(0)
    assert same([receive(stream) for _ in values], values)
    with pytest.raises(EOFError):
        receive(stream)


def test_an_array_that_arrives_can_be_written_and_any_layout_is_sent():
    array = np.arange(12.0).reshape(3, 4)
    for sent in (array.T, array[:, ::2], array[::-1], array[:0]):
        arrived = through(sent)
        np.testing.assert_array_equal(arrived, sent)
        arrived += 1
    assert type(through(np.int64(7))) is np.int64
    assert array[0, 0] == 0


def test_records_of_the_plugin_arrive_as_records():
    options = BuildOptions(profile="foot", speeds=(("path", 3.0),))
    assert through(options) == options
    assert through(RoadSource("a.gpkg", "roads")) == RoadSource("a.gpkg", "roads")
    sentence = msg("{count} rows", count=3)
    assert through(sentence) == sentence
    assert type(through(sentence)) is type(sentence)
    places = SnappedPoints(*(np.arange(3.0) for _ in SnappedPoints._fields))
    assert type(through([places])[0]) is SnappedPoints


@pytest.mark.parametrize("value", [object(), print, {1}, np.array([object()]), io.BytesIO(), Exception("x")])
def test_what_is_not_data_is_not_sent(value):
    with pytest.raises(TypeError, match="cannot be sent"):
        packed(value)


def letter(text) -> io.BytesIO:
    data = json.dumps(text).encode()
    return io.BytesIO(struct.pack("<QQ", len(data), 0) + data)


@pytest.mark.parametrize(
    "text",
    [
        ["record", "os:system", "echo harm"],
        ["record", "subprocess:Popen", ["list", "true"]],
        ["record", "carto_services_publics.core.routing.workers:call", "x", "y"],
        ["record", "carto_services_publics.core.routing.workers:subprocess.Popen", "x"],
        ["record", "carto_services_publics.core.routing.workers:Path", "x"],
        ["record", "carto_services_publics.no_such_module:X"],
        ["record", 7],
        ["array", "|O", [1], 0],
        ["bytes", 3],
        ["eval", "1 + 1"],
        [],
    ],
)
def test_a_letter_that_names_code_or_nothing_is_refused(text):
    with pytest.raises(ValueError):
        receive(letter(text))


def test_what_is_cut_short_is_an_end():
    stream = io.BytesIO()
    send(stream, packed({"a": np.arange(100)}))
    whole = stream.getvalue()
    for size in (0, 3, 17, len(whole) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:size]))


@given(VALUES)
def test_what_a_file_holds_is_mapped_as_it_was(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("mapped") / "value"
    write_mapped(path, value)
    assert same(read_mapped(path), value)


def test_arrays_of_a_file_are_parts_of_it(tmp_path):
    points = SnappedPoints(np.arange(3, dtype=np.int32), np.zeros(3), np.ones(3), np.ones((3, 2)))
    write_mapped(tmp_path / "points", [points, "text"])
    (found, text) = read_mapped(tmp_path / "points")
    assert same((tuple(found), text), (tuple(points), "text"))
    assert not any(column.flags.owndata for column in found)
    found.fraction[0] = 7.0
    assert same(tuple(read_mapped(tmp_path / "points")[0]), tuple(points))
