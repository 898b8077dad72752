"""What a national run says before and after the work: it takes the place of nothing it reads, and is true of all."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from carto_services_publics.core.national.figures import Answers
from carto_services_publics.core.national.tables import OutputFailed, check_output

EMPTY = "{count} row of the road layer has no line: it is left out."
NO_CLASS = "No road is of these classes of the table of factors: {names}."
FIELD = "The field “{name}” holds no number: it is not used."


@pytest.mark.parametrize("output", ["data", "data/france.gpkg"])
def test_a_source_is_not_written_over(tmp_path, output):
    pytest.importorskip("pyarrow")
    (tmp_path / "data").mkdir()
    for name in ("demand.parquet", "france.gpkg", "roads.gpkg"):
        (tmp_path / "data" / name).touch()
    read = [f"{tmp_path}/data/demand.parquet|subset=a > 1", f"{tmp_path}/data/../data/france.gpkg|layername=d", ""]
    with pytest.raises(OutputFailed, match="written over"):
        check_output(tmp_path / output, read)
    check_output(tmp_path / "other", read)
    check_output(tmp_path / output, [f"{tmp_path}/data/roads.gpkg"])


def test_what_is_true_of_some_parts_is_said_of_them():
    parts = [
        [(EMPTY, {"count": 2}), (FIELD, {"name": "speed"}), (FIELD, {"name": "cost"})],
        [(EMPTY, {"count": 5}), (FIELD, {"name": "speed"}), (FIELD, {"name": "cost"})],
        [(FIELD, {"name": "speed"}), (NO_CLASS, {"names": "Autoroute"})],
    ]
    answers = SimpleNamespace(
        _plan=SimpleNamespace(parts=len(parts)), _array=lambda part, _name: json.dumps(parts[part])
    )
    assert [str(message) for message in Answers._of_roads(answers)] == [
        "5 row of the road layer has no line: it is left out.",
        "The field “speed” holds no number: it is not used.",
        "2 of 3 parts: The field “cost” holds no number: it is not used.",
        "1 of 3 parts: No road is of these classes of the table of factors: Autoroute.",
    ]
