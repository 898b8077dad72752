"""Baskets of services: the mean time to the nearest of each, as Insee measures access to everyday services.

Source: Barbier, Toutin & Levy, « L'accès aux services, une question de densité des territoires », Insee Première 1579,
January 2016: the time to the basket is the mean over its services of the time to the nearest of each.

A basket is a JSON file that users may copy and edit::

    {"nom": "…", "source": "…", "services": [{"code": "…", "libelle": "…", "categories": ["…", "…"]}]}

Each service is met by the nearest place of any of its categories.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..thresholds import within

FOLDER = Path(__file__).resolve().parent.parent / "data" / "baskets"


class BasketError(InvalidInput):
    """A basket that cannot be read."""


class BasketService(NamedTuple):
    """One need: its code, its label, and the categories of places that meet it."""

    code: str
    label: str
    categories: tuple[str, ...]


class Basket(NamedTuple):
    """A named list of needs, with the source of the choice."""

    name: str
    source: str
    services: tuple[BasketService, ...]


class BasketAccess(NamedTuple):
    """Access to a basket of s services from n places.

    Attributes:
        mean: (n,) mean cost over all the services; NaN where one of them cannot be reached.
        missing: (n, s) the service is farther than the threshold, or unreachable.
    """

    mean: np.ndarray
    missing: np.ndarray


def built_in() -> dict[str, Path]:
    """The baskets that come with the plugin, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.json"))}


@lru_cache(maxsize=1)
def labels() -> dict[str, str]:
    """What the needs of the baskets that come with the plugin are called, by their codes."""
    return {service.code: service.label for name in built_in() for service in read_basket(name).services}


def read_basket(name_or_path: str) -> Basket:
    """A built-in basket by its name, or the one in a JSON file. Raises `BasketError`."""
    path = built_in().get(name_or_path.strip()) or Path(name_or_path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BasketError(
            "There is no basket “{name}”: give a JSON file, or one of {names}.",
            name=name_or_path,
            names=", ".join(built_in()),
        ) from error
    except ValueError as error:
        raise BasketError("{name} is not JSON: {why}.", name=name_or_path, why=str(error)) from error
    return _parsed(content, name_or_path)


def _parsed(content: Any, name: str) -> Basket:
    try:
        services = tuple(
            BasketService(service["code"], service.get("libelle", service["code"]), _categories(service["categories"]))
            for service in content["services"]
        )
        basket = Basket(content["nom"], content.get("source", ""), services)
    except (AttributeError, KeyError, TypeError) as error:
        raise BasketError(
            "{name} is not a basket: it needs nom and services, each with code and categories.", name=name
        ) from error
    codes = [service.code for service in basket.services]
    if not codes or len(set(codes)) < len(codes) or not all(service.categories for service in basket.services):
        raise BasketError("{name}: services need a code of their own and at least one category each.", name=name)
    return basket


def _categories(given: Any) -> tuple[str, ...]:
    """The codes of a service. Raises `TypeError` for anything but a list of texts: a text is a list of letters."""
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        raise TypeError(given)
    return tuple(given)


def basket_access(cost: np.ndarray, threshold: float) -> BasketAccess:
    """Access to the basket from the ``cost`` (n, s) to the nearest of each service, NaN where there is none."""
    # NaN spreads through the mean: a mean over fewer services would look better than it is.
    return BasketAccess(cost.mean(axis=1), ~within(cost, threshold))


def places_by_need(basket: Basket, categories: list[str], category: np.ndarray) -> list[np.ndarray]:
    """For each service of the basket, the places (numbers) that meet it; their ``category`` (m,) is a row of
    ``categories``.
    """
    rows = {code: row for row, code in enumerate(categories)}
    return [
        np.flatnonzero(np.isin(category, [rows[code] for code in service.categories if code in rows]))
        for service in basket.services
    ]
