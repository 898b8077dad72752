"""Weights by need: a table that names its source, and people standardised by it, as many in all."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.access.need import Need, NeedError, exceeded, needed, read_need
from hypothesis import given
from hypothesis import strategies as st

TABLE = "colonne;poids;source\nenfants;1,5;une étude, tableau 3\nind_80p;2;\nreste;0,5;\n"


@pytest.mark.parametrize("text", [TABLE, TABLE.replace("une étude,", "une étude").replace(",", ".").replace(";", ",")])
def test_a_table_of_a_spreadsheet_is_read(tmp_path, text):
    path = tmp_path / "besoin.csv"
    path.write_text(text, encoding="utf-8-sig")
    need = read_need(path)
    assert (need.weights, need.rest) == ({"enfants": 1.5, "ind_80p": 2.0}, 0.5)
    assert need.source.startswith("une étude")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_table_is_read_as_french_spreadsheets_save_it(tmp_path, encoding, mark):
    path = tmp_path / "besoin.csv"
    text = TABLE.replace("colonne;poids", "Colonne ; Poids").replace("reste", "Reste") + ";;\n"
    path.write_bytes(text.replace(";", mark).replace("\n", "\r\n").encode(encoding))
    assert read_need(path) == Need({"enfants": 1.5, "ind_80p": 2.0}, 0.5, "une étude, tableau 3")


@pytest.mark.parametrize(
    "text, word",
    [
        ("", "columns"),
        ("colonne;valeur\na;1\n", "columns"),
        ("colonne;poids\na;1\n", "where they come from"),
        (TABLE.replace("2", "deux"), "ind_80p"),
        (TABLE.replace("1,5", "-1"), "enfants"),
        (TABLE + "enfants;1;\n", "enfants"),
        (TABLE + "Reste;1;\n", "Reste"),
    ],
)
def test_a_table_that_says_nothing_is_refused(tmp_path, text, word):
    path = tmp_path / "besoin.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NeedError, match=word):
        read_need(path)
    with pytest.raises(NeedError, match="cannot be read"):
        read_need(tmp_path / "absent.csv")


def test_standardised_people_by_hand():
    people, old = np.array([100.0, 50.0, np.nan]), np.array([10.0, 50.0, 3.0])
    # Needs: 10 × 3 + 90 and 50 × 3: 270 for 150 people.
    found = needed(people, {"ind_80p": old}, Need({"ind_80p": 3.0}, 1.0, "s"))
    assert found[:2] == pytest.approx([120 / 1.8, 150 / 1.8])
    assert np.isnan(found[2])
    with pytest.raises(NeedError, match="nobody"):
        needed(people, {"ind_80p": old}, Need({"ind_80p": 0.0}, 0.0, "s"))


def test_places_whose_columns_hold_more_than_all_are_counted():
    columns = {"young": np.array([4.0, 6.0, 9.0]), "old": np.array([6.4, 4.7, 9.0])}
    assert exceeded(np.array([10.0, 10.0, np.nan]), columns) == 1
    assert exceeded(np.array([10.0]), {}) == 0


PLACES = st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=30)


@given(PLACES, st.floats(0.1, 5), st.floats(0, 5))
def test_as_many_people_in_all_and_the_same_where_all_weigh_the_same(rows, one, other):
    young, old, rest = (np.array(column) for column in zip(*rows))
    people = young + old + rest
    if not people.sum() > 1:
        return
    columns = {"young": young, "old": old}
    found = needed(people, columns, Need({"young": one, "old": other}, one, "s"))
    assert found.sum() == pytest.approx(people.sum(), rel=1e-9) and (found >= 0).all()
    same = needed(people, columns, Need({"young": one, "old": one}, one, "s"))
    assert same == pytest.approx(people, rel=1e-9, abs=1e-6)
