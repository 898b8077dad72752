"""Outlines of the communes: a position is told to be outside its commune when it is, and only then."""

from __future__ import annotations

import json
import math
import random

import numpy as np
import pytest
from carto_services_publics.core import outlines
from carto_services_publics.core.registry.positions import FARTHEST_OUTSIDE, examine
from carto_services_publics.core.territories import communes_of, present_commune
from shapely.geometry import Point, shape


def metres(code, lon, lat):
    return outlines.shipped().metres_outside(code, lon, lat)


def moved(lon, lat, kilometres, bearing):
    north, east = kilometres * math.cos(bearing) / 111.195, kilometres * math.sin(bearing) / 111.195
    return lon + east / math.cos(math.radians(lat)), lat + north


def inner_points():
    """A point inside each of a hundred communes drawn by lot, overseas among them."""
    table = outlines._table()
    lot = random.Random(2026)
    for code in [*lot.sample(sorted(table._row), 100), "97411", "97302", "97105", "97209", "97608", "2A041"]:
        place = outlines._area(table.rings(code)).representative_point()
        yield code, place.x, place.y


def test_every_commune_has_its_outline_or_its_territory_bounds():
    departements = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "972", "973", "974", "976"]
    known = communes_of(departements)
    assert len(known) > 34_875
    assert {code for code in known if not outlines._table().rings(present_commune(code))} == set()
    assert metres("97502", 0.0, 0.0) is None and metres("98818", 0.0, 0.0) is None


@pytest.mark.parametrize(
    ("code", "lon", "lat", "inside"),
    [
        ("48095", 3.4989, 44.5176, True),
        ("75112", 2.3876, 48.8408, True),  # an arrondissement has its own outline…
        ("75112", 2.2770, 48.8650, False),
        ("75056", 2.2770, 48.8650, True),  # … and the town the whole
        ("93059", 2.3610, 48.9640, True),  # merged into Saint-Denis in 2025
        ("15031", 2.9300, 45.1100, True),  # made again in 2025
        ("84138", 4.9760, 44.4080, True),  # Valréas, an enclave in another département
        ("66028", 1.9850, 42.4640, False),  # Llívia is Spain
        ("98000", 7.42, 43.73, None),
    ],
)
def test_known_places(code, lon, lat, inside):
    found = metres(code, lon, lat)
    assert found is None if inside is None else (found == 0.0) == inside


def test_what_lies_outside_is_seen_and_nothing_else_is():
    lot = random.Random(7)
    seen = near = 0
    for code, lon, lat in inner_points():
        assert examine(lon, lat, code).anomalie == ""
        for kilometres in (1, 3, 10, 30, 100, 300, 1000):
            x, y = moved(lon, lat, kilometres, lot.uniform(0, 2 * math.pi))
            outside = metres(code, x, y)
            found = examine(x, y, code).anomalie
            assert (found in ("hors_commune", "signe_inverse", "axes_inverses")) == (outside > FARTHEST_OUTSIDE)
            seen += outside > 5000
            near += outside <= FARTHEST_OUTSIDE
    assert seen > 300 and near > 50


def test_a_length_outside_is_that_of_the_plain_computation():
    for code, lon, lat in inner_points():
        for ring in outlines._table().rings(code)[:1]:
            x, y = moved(lon, lat, 40.0, 1.0)
            east = 111_195.0 * math.cos(math.radians((ring[:, 1].min() + ring[:, 1].max()) / 2))
            corners = ring * (east, 111_195.0) - np.array([x * east, y * 111_195.0])
            ends = np.roll(corners, -1, axis=0)
            along = ends - corners
            share = np.clip(-(corners * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9), 0, 1)
            nearest = np.hypot(*(corners + share[:, None] * along).T).min()
            if len(outlines._table().rings(code)) == 1:
                assert metres(code, x, y) == pytest.approx(nearest - outlines.OFF_BY, abs=1.0)


def test_a_layer_of_ones_own_goes_before_the_table():
    own = outlines.Outlines({"48095": Point(3.0, 44.0).buffer(0.1)})
    assert own.metres_outside("48095", 3.0, 44.0) == 0.0
    assert own.metres_outside("48095", 3.4989, 44.5176) > 10_000
    assert own.metres_outside("48140", 3.4989, 44.5176) == metres("48140", 3.4989, 44.5176)


def test_real_town_halls_are_told_as_the_real_outlines_tell_them(shared_data):
    communes = json.loads((shared_data / "corse" / "corse_communes.geojson").read_text(encoding="utf-8"))["features"]
    halls = json.loads((shared_data / "corse" / "corse_mairies.geojson").read_text(encoding="utf-8"))["features"]
    truth = outlines.Outlines({c["properties"]["code_insee"]: shape(c["geometry"]) for c in communes})
    known = {commune["properties"]["code_insee"] for commune in communes}
    right = wrong = 0
    for hall in (each for each in halls if each["properties"]["code_insee"] in known):
        code, (lon, lat) = hall["properties"]["code_insee"], hall["geometry"]["coordinates"][:2]
        outside, found = truth.metres_outside(code, lon, lat), examine(lon, lat, code).anomalie
        assert not (found and outside <= FARTHEST_OUTSIDE)
        assert found or outside <= FARTHEST_OUTSIDE + 2 * outlines.OFF_BY
        right, wrong = right + (outside == 0.0), wrong + bool(found)
    assert right > 0.83 * len(known) and wrong >= (20 if len(known) == 360 else 1)
