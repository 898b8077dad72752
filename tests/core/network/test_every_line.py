"""Every line that QGIS can show is a road; what is no line, no place or no height harms none of the others."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from carto_services_publics.core.network import BuildOptions, RoadLines, build_network, open_network
from carto_services_publics.core.network.errors import NoRoads
from carto_services_publics.core.network.heights import known_heights
from carto_services_publics.core.network.merging import Floors, merge_close
from carto_services_publics.core.network.wkb import decode_lines
from hypothesis import given, settings
from hypothesis import strategies as st

WHOLE = st.integers(-1000, 1000).map(float)


# -- any WKB ----------------------------------------------------------------------------------------------------------


@st.composite
def one_line(draw, kind=2):
    """(WKB of one line, its vertices, heights of its ends): any byte order, codes and dimensions."""
    order, extended, z, m = draw(st.tuples(*[st.booleans()] * 4))
    values = draw(st.lists(st.tuples(*[WHOLE] * (2 + z + m)), min_size=2, max_size=5))
    sign = "<" if order else ">"
    code = kind | (z * 0x80000000 | m * 0x40000000) if extended else kind + 1000 * z + 2000 * m
    srid = b""
    if extended and draw(st.booleans()):
        code, srid = code | 0x20000000, struct.pack(f"{sign}I", 2154)
    head = struct.pack(f"{sign}BI", order, code) + srid + struct.pack(f"{sign}I", len(values))
    body = b"".join(struct.pack(f"{sign}{len(v)}d", *v) for v in values)
    heights = (values[0][2], values[-1][2]) if z else (np.nan, np.nan)
    return head + body, [v[:2] for v in values], heights


@st.composite
def geometries(draw):
    """(WKB, [(vertices, heights)]) of a line, a multi-line or a collection with something else in it, or nothing."""
    what = draw(st.sampled_from(["line", "line", "multi", "collection", "point", "empty", "none"]))
    if what == "none":
        return None, []
    if what == "point":
        return struct.pack("<BIdd", 1, 1, 3.0, 4.0), []
    if what == "empty":
        return struct.pack("<BII", 1, 2, 0), []
    if what == "line":
        wkb, *line = draw(one_line())
        return wkb, [tuple(line)]
    parts = draw(st.lists(one_line(), max_size=3))
    inside = [wkb for wkb, *_ in parts]
    if what == "collection":
        inside.insert(0, struct.pack("<BIdd", 1, 1, 3.0, 4.0))
    order = draw(st.booleans())
    head = struct.pack(f"{'<' if order else '>'}BII", order, 5 if what == "multi" else 7, len(inside))
    return head + b"".join(inside), [tuple(line) for _, *line in parts]


def objects(values):
    array = np.empty(len(values), object)
    array[:] = values
    return array


def as_lists(decoded):
    parts = zip(decoded.offset[:-1], decoded.offset[1:])
    return [decoded.vertices[begin:end].tolist() for begin, end in parts]


@given(st.lists(geometries(), max_size=8))
def test_lines_of_any_wkb_are_read_in_their_order(drawn):
    decoded = decode_lines(objects([wkb for wkb, _ in drawn]))
    expected = [(row, line) for row, (_, lines) in enumerate(drawn) for line in lines]
    assert decoded.row.tolist() == [row for row, _ in expected]
    assert as_lists(decoded) == [[list(xy) for xy in line[0]] for _, line in expected]
    np.testing.assert_array_equal(decoded.z_ends, np.array([line[1] for _, line in expected]).reshape(-1, 2))


@given(st.lists(geometries().filter(lambda g: g[0]), min_size=2, max_size=6), st.data())
def test_a_geometry_cut_short_gives_no_line_and_harms_no_other(drawn, data):
    wkbs = [wkb for wkb, _ in drawn]
    broken = data.draw(st.integers(0, len(wkbs) - 1))
    wkbs[broken] = wkbs[broken][: data.draw(st.integers(0, len(wkbs[broken]) - 1))]
    decoded = decode_lines(objects(wkbs))
    assert as_lists(decoded) == [
        [list(xy) for xy in line[0]] for row, (_, lines) in enumerate(drawn) for line in lines if row != broken
    ]


def circular(points, kind=8, order="<"):
    values = [value for point in points for value in point]
    return struct.pack(f"{order}BII{len(values)}d", order == "<", kind, len(points), *values)


@given(st.floats(0, 6.28), st.floats(0.05, 6.2), st.floats(0.1, 0.9), st.booleans(), st.floats(5, 5000))
def test_an_arc_is_as_long_as_the_arc_and_passes_through_its_points(begin, turn, middle, left, radius):
    turn = turn if left else -turn
    angles = np.array([begin, begin + turn * middle, begin + turn])
    points = 6e6 + radius * np.column_stack((np.cos(angles), np.sin(angles)))
    decoded = decode_lines(objects([circular(points, order=">")]))
    length = np.hypot(*np.diff(decoded.vertices, axis=0).T).sum()
    assert length == pytest.approx(abs(turn) * radius, rel=1e-4, abs=1e-3)
    for point in points:
        assert (decoded.vertices == point).all(axis=1).any()


def test_compound_curves_are_one_line_and_multi_curves_several():
    straight = struct.pack("<BII4d", 1, 2, 2, 0, 0, 1000, 0)
    arc = circular([(1000, 0), (1500, 500), (2000, 0)])
    compound = struct.pack("<BII", 1, 9, 2) + straight + arc
    many = struct.pack("<BII", 1, 11, 2) + compound + arc
    decoded = decode_lines(objects([compound, many, circular([(0, 0), (2, 0), (0, 0)])]))
    assert decoded.row.tolist() == [0, 1, 1, 2]
    lengths = [np.hypot(*np.diff(line, axis=0).T).sum() for line in map(np.array, as_lists(decoded))]
    assert lengths == pytest.approx([1000 + 500 * np.pi, 1000 + 500 * np.pi, 500 * np.pi, 2 * np.pi], rel=1e-4)


# -- rows that are wrong ----------------------------------------------------------------------------------------------


def grid(side=4, step=100.0):
    """The streets of a square town, each between two crossings."""
    across = [[(x * step, y * step), ((x + 1) * step, y * step)] for y in range(side) for x in range(side - 1)]
    return across + [[(y, x) for x, y in line] for line in across]


BAD = st.sampled_from([np.nan, np.inf, -np.inf, 1e30, -1e12])


@settings(max_examples=25)
@given(bad=st.lists(st.tuples(st.integers(0, 24), st.integers(0, 2), BAD), min_size=1, max_size=4))
def test_lines_with_coordinates_that_are_no_place_harm_no_other(tmp_path_factory, bad):
    folder = tmp_path_factory.mktemp("bad")
    lines = grid()
    good = build_network(RoadLines.of(lines), BuildOptions(), folder / "good.network")
    for at, vertex, value in bad:
        line = [(5000.0, 0.0), (5050.0, 0.0), (5100.0, 0.0)]
        line[vertex] = (value, 0.0)
        lines.insert(at, line)
    report = build_network(RoadLines.of(lines), BuildOptions(), folder / "bad.network")
    assert report.no_place == len(bad)
    assert any("no place" in str(warning) for warning in report.warnings)
    assert (report.nodes, report.links, report.length_km) == (good.nodes, good.links, good.length_km)
    one, other = open_network(folder / "good.network"), open_network(folder / "bad.network")
    np.testing.assert_array_equal(one.node_xy, other.node_xy)


def test_a_latitude_beyond_the_pole_is_no_place(tmp_path):
    lines = [[(9.0, 42.0), (9.01, 42.0)], [(9.01, 42.0), (9.01, 42.01)], [(9.5, 95.0), (9.6, 95.0)]]
    report = build_network(RoadLines.of(lines, crs="EPSG:4326"), BuildOptions(), tmp_path / "a.network")
    assert (report.links, report.no_place, report.crs) == (2, 1, "EPSG:2154")
    assert sorted(open_network(tmp_path / "a.network").length.tolist()) == pytest.approx([828.5, 1111], rel=3e-3)
    with pytest.raises(NoRoads, match="coordinate reference system"):
        build_network(RoadLines.of(lines[2:], crs="EPSG:4326"), BuildOptions(), tmp_path / "b.network")


def test_one_stray_line_far_away_does_not_merge_the_millimetres_of_the_others(tmp_path):
    lines = [[(0, 0), (0.01, 0)], [(0.02, 0), (0.03, 0)], [(3.9e7, 3.9e7), (3.9e7, 3.8e7)]]
    report = build_network(RoadLines.of(lines), BuildOptions(), tmp_path / "a.network")
    assert report.nodes == 6


def test_vertices_drawn_twice_cut_no_road(tmp_path):
    line = [(0, 0), (0, 0), (500, 0), (500, 0), (500, 0), (1000, 0), (1000, 0)]
    report = build_network(RoadLines.of([line]), BuildOptions(), tmp_path / "a.network")
    assert (report.links, report.nodes, report.zero_length) == (1, 2, 0)
    aside = [(500, 0), (500, 0), (500, 300)]
    report = build_network(RoadLines.of([line, aside]), BuildOptions(), tmp_path / "a.network")
    assert (report.links, report.nodes, report.zero_length, report.length_km) == (3, 4, 0, 1.3)


def test_rows_without_a_line_and_rows_that_do_not_come_are_said(tmp_path):
    lines = RoadLines.of(grid())._replace(rows=30, without_line=6, given=31)
    report = build_network(lines, BuildOptions(), tmp_path / "a.network")
    said = " ".join(map(str, report.warnings))
    assert "31 rows; 30 were read" in said
    assert "6 rows of the road layer have no line" in said


# -- heights ----------------------------------------------------------------------------------------------------------


def hill(lines, low):
    """Heights of the ends of lines on a slope of 2 %."""
    return np.array([[low + 0.02 * (x + y) for x, y in (line[0], line[-1])] for line in lines])


def ends(lines):
    return np.array([line[0] for line in lines]), np.array([line[-1] for line in lines])


@given(
    st.sampled_from([0.0, -1000.0, -9999.0, -99.0, np.nan, 1e20]),
    st.lists(st.booleans(), min_size=24, max_size=24).filter(lambda chosen: 0 < sum(chosen) < 24),
    st.sampled_from([5.0, 40.0, 350.0]),
)
def test_fillers_among_heights_are_no_heights(filler, chosen, low):
    lines = grid()
    z = hill(lines, low)
    z[chosen] = filler
    known, count = known_heights(z, *ends(lines))
    mixed = {tuple(p) for line, c in zip(lines, chosen) if c for p in line} & {
        tuple(p) for line, c in zip(lines, chosen) if not c for p in line
    }
    assert np.isnan(known[chosen]).all() == (filler != 0 or _stands_alone(lines, chosen, mixed))
    np.testing.assert_array_equal(known[~np.array(chosen)], z[~np.array(chosen)])
    assert count == 0 if np.isnan(filler) else count in (0, 2 * sum(chosen))


def _stands_alone(lines, chosen, mixed):
    """Whether at some crossing one road ends alone on its floor: 0 cannot be a height there."""
    at = [(tuple(p), bool(c)) for line, c in zip(lines, chosen) for p in line]
    return any(at.count((p, True)) == 1 or at.count((p, False)) == 1 for p in mixed)


def test_zero_everywhere_and_zero_at_the_sea_are_heights():
    lines = grid()
    flat, count = known_heights(np.zeros((24, 2)), *ends(lines))
    assert (flat == 0).all() and count == 0
    under = [[(0, 0), (1000, 0)], [(1000, 0), (2000, 0)]]
    bridge = [[(1000, -1000), (1000, 0)], [(1000, 0), (1000, 1000)]]
    ramps = [[(2000, 0), (2000, 2000)], [(2000, 2000), (1000, 1000)]]
    z = np.array([[0, 0], [0, 0], [10, 10], [10, 10], [0, 5], [5, 10]], float)
    known, count = known_heights(z, *ends(under + bridge + ramps))
    np.testing.assert_array_equal(known, z)
    assert count == 0


@pytest.mark.parametrize("filler", [0, -1000, np.nan])
def test_fillers_neither_part_roads_nor_join_floors(tmp_path, filler):
    """A bridge over a road on a plateau; two of the roads that lead to them have no height."""
    under = [[(0, 0, 350), (1000, 0, 350)], [(1000, 0, 350), (2000, 0, 350)]]
    bridge = [[(1000, -1000, 360), (1000, 0, 360)], [(1000, 0, 360), (1000, 1000, 360)]]
    leading = [[(2000, 0, filler), (2000, 900, filler)], [(1000, 1000, filler), (1000, 1900, filler)]]
    fields = {"nature": ["Route à 1 chaussée"] * 6, "sens_de_circulation": ["Double sens"] * 6}
    fields["vitesse_moyenne_vl"] = [60] * 6
    report = build_network(RoadLines.of(under + bridge + leading, fields), BuildOptions(), tmp_path / "a.network")
    assert (report.preset, report.components, report.links, report.nodes) == ("bdtopo", 2, 6, 8)


# -- floors and the tolerance -----------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from([10.0, 20.0, np.nan]), st.sampled_from([0.0, 1.0, np.nan])),
             min_size=2, max_size=12),
    st.integers(1, 4),
)  # fmt: skip
def test_the_tolerance_joins_through_no_floor(places, tolerance):
    x, z, level = (np.array(values, float) for values in zip(*places))
    xy = np.column_stack((x, np.zeros(len(x))))
    floors = Floors(np.where(np.isnan(z), np.inf, z), np.where(np.isnan(z), -np.inf, z), level)
    node, merged = merge_close(np.arange(len(x)), xy, np.ones(len(x), bool), float(tolerance), floors)
    for group in range(len(merged)):
        mine = node == group
        assert np.ptp(z[mine & ~np.isnan(z)]) <= 3 if (mine & ~np.isnan(z)).any() else True
        assert len(set(level[mine & ~np.isnan(level)])) <= 1
    for i in range(len(x)):
        for j in range(i):
            if abs(x[i] - x[j]) <= tolerance and node[i] != node[j]:
                # They stay apart only because what each belongs to lies on two floors.
                one, other = node == node[i], node == node[j]
                both_z = z[(one | other) & ~np.isnan(z)]
                both_levels = set(level[(one | other) & ~np.isnan(level)])
                assert len(both_levels) > 1 or np.ptp(both_z) > 3


@pytest.mark.parametrize("tolerance", [0.0, 0.5])
def test_a_bridge_cut_where_it_passes_over_a_road_stays_above_it(tmp_path, tolerance):
    """The 3D lines of BD TOPO: the road of A passes 10 m under the bridge of B, at one place."""
    lines = [
        [(0, 0, 10), (1000, 0, 10)],
        [(1000, 0, 10), (2000, 0, 10)],
        [(1000, -1000, 20), (1000.2, 0, 20)],
        [(1000.2, 0, 20), (1000, 1000, 20)],
    ]
    fields = {"nature": ["Route à 1 chaussée"] * 4, "sens_de_circulation": ["Double sens"] * 4}
    fields["vitesse_moyenne_vl"] = [60] * 4
    options = BuildOptions(tolerance=tolerance)
    report = build_network(RoadLines.of(lines, fields), options, tmp_path / "a.network")
    assert report.components == 2
    flat = [[(x, y) for x, y, _ in line] for line in lines]
    report = build_network(RoadLines.of(flat, fields), options, tmp_path / "a.network")
    assert report.components == (1 if tolerance else 2)
    fields["position_par_rapport_au_sol"] = ["0", "0", "1", "1"]
    report = build_network(RoadLines.of(flat, fields), options, tmp_path / "a.network")
    assert report.components == 2


# -- wide territories -------------------------------------------------------------------------------------------------


def test_far_territories_in_degrees_are_measured_each_in_its_own_metres(tmp_path):
    places = {
        "métropole": (2.35, 48.85),
        "Réunion": (55.5, -21.1),
        "Guadeloupe": (-61.5, 16.2),
        "Mayotte": (45.2, -12.8),
    }
    lines = [[(lon, lat), (lon, lat + 0.01)] for lon, lat in places.values()]
    report = build_network(RoadLines.of(lines, crs="EPSG:4326"), BuildOptions(), tmp_path / "a.network")
    assert report.links == 4
    network = open_network(tmp_path / "a.network")
    # A hundredth of a degree of latitude on the ellipsoid, from the Equator to 49°.
    assert sorted(network.length.tolist()) == pytest.approx([1106.2, 1106.3, 1106.9, 1112.0], abs=0.5)
    assert np.isfinite(network.node_xy).all()


def test_a_few_strays_do_not_move_a_département_out_of_its_projection(tmp_path):
    lines = [[(2.0 + i * 1e-4, 48.0), (2.0 + (i + 1) * 1e-4, 48.0)] for i in range(3000)]
    report = build_network(RoadLines.of([*lines, [(0, 0), (0, 0.01)]], crs="EPSG:4326"), BuildOptions(), tmp_path / "a")
    assert report.crs == "EPSG:2154"
    assert float(open_network(tmp_path / "a").length.max()) == pytest.approx(1105.7, abs=0.5)


@pytest.mark.parametrize("preset", ["generic", "bdtopo"])
@pytest.mark.parametrize(("height", "parts"), [(15, 2), (5, 1)])
def test_the_tolerance_joins_no_ends_that_height_parts(tmp_path, preset, height, parts):
    lines = [[(0, 0, 3.5), (999.8, 0, 4)], [(1000.1, 0, height), (2000, 0, height + 2)]]
    fields = {"nature": ["Route à 1 chaussée"] * 2, "vitesse_moyenne_vl": [60] * 2}
    fields["sens_de_circulation"] = ["Double sens"] * 2
    options = BuildOptions(preset=preset, tolerance=0.5)
    assert build_network(RoadLines.of(lines, fields), options, tmp_path / "a.network").components == parts
