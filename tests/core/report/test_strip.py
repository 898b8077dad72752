"""The strip that shows how a zone stands among all."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from carto_services_publics.core.report.charts import strip_chart
from carto_services_publics.core.report.french import rang
from hypothesis import given
from hypothesis import strategies as st

SHARES = st.lists(st.floats(0, 1), max_size=40)


@given(SHARES, st.one_of(st.none(), st.floats(0, 1)))
def test_each_share_has_its_stroke_at_its_place(shares, whole):
    drawing = ElementTree.fromstring(strip_chart(shares, whole, width=1000))
    _axis, strokes, everyone = (path.get("d") for path in drawing.iter("{http://www.w3.org/2000/svg}path"))
    at = [(float(x) - 20) / 960 for x in re.findall(r"M([\d.]+)", strokes)]
    assert len(at) == len(shares) and all(abs(one - other) < 1e-3 for one, other in zip(at, shares))
    assert bool(everyone) == (whole is not None)


def test_ranks_are_french():
    assert [rang(place) for place in (1, 2, 21)] == ["1re", "2e", "21e"]
