"""Baskets: what they hold, and what access to them means."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.access.baskets import (
    Basket,
    BasketError,
    BasketService,
    basket_access,
    built_in,
    places_by_need,
    read_basket,
)
from carto_services_publics.core.categories import categories


@pytest.mark.parametrize("name", sorted(built_in()))
def test_built_in_baskets_name_their_source_and_known_categories(name):
    basket = read_basket(name)
    assert basket.name
    assert len(basket.source) > 20
    assert len(basket.services) >= 5
    unknown = {code for service in basket.services for code in service.categories} - set(categories())
    assert not unknown


def test_the_three_baskets_are_there():
    assert sorted(built_in()) == ["france_services", "sante", "vie_courante"]


def test_mean_over_the_basket_is_unknown_when_one_service_is_unreachable():
    access = basket_access(np.array([[5.0, 10.0], [5.0, np.nan], [30.0, 0.0]]), 10.0)
    assert access.mean[[0, 2]].tolist() == [7.5, 15.0]
    assert np.isnan(access.mean[1])
    assert access.missing.tolist() == [[False, False], [False, True], [True, False]]


def test_a_need_is_met_by_any_of_its_categories_and_a_place_may_meet_several():
    basket = Basket("b", "", (BasketService("x", "X", ("a", "b")), BasketService("y", "Y", ("b", "zzz"))))
    needs = places_by_need(basket, ["a", "b", "c"], np.array([0, 1, 2, 1]))
    assert [need.tolist() for need in needs] == [[0, 1, 3], [1, 3]]


def test_a_need_that_no_category_of_the_layer_meets_has_no_place():
    basket = Basket("b", "", (BasketService("x", "X", ("zzz",)),))
    assert [need.tolist() for need in places_by_need(basket, ["a"], np.array([0]))] == [[]]


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"nom": "é", "services": [{"code": "a", "categories": ["a"]}]}', encoding="utf-8-sig")
    assert read_basket(str(path)) == Basket("é", "", (BasketService("a", "a", ("a",)),))


def test_two_services_of_one_code_are_refused(tmp_path):
    path = tmp_path / "p.json"
    service = '{"code": "a", "categories": ["a"]}'
    path.write_text(f'{{"nom": "x", "services": [{service}, {service}]}}')
    with pytest.raises(BasketError, match="code of their own"):
        read_basket(str(path))
