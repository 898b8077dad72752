"""The categories of public services, their groups, and each producer's own codes for them.

The table is data: `data/categories.csv`, whose header names the sources. Codes are stable; they are stored in layers.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .errors import CartoError

_TABLE = Path(__file__).parent / "data" / "categories.csv"
_OWN_COLUMNS = ("code", "groupe", "libelle_fr", "libelle_en", "icone")


class UnknownCategory(CartoError):
    """A code that is not in the table."""


class Theme(NamedTuple):
    """A theme, with the colour of all its categories."""

    code: str
    libelle_fr: str
    libelle_en: str
    couleur: str


class Category(NamedTuple):
    """One kind of service. ``codes``: each producer's own codes; ``icone``: a file of `resources/icons/categories`."""

    code: str
    libelle_fr: str
    libelle_en: str
    groupe: str
    icone: str
    codes: Mapping[str, tuple[str, ...]]

    @property
    def couleur(self) -> str:
        """The colour of the group, as `#rrggbb`."""
        return GROUPS[self.groupe].couleur

    def label(self, locale: str = "fr") -> str:
        """The French or the English label."""
        return self.libelle_fr if locale.startswith("fr") else self.libelle_en


# Tol's "muted" scheme, distinguishable with all usual kinds of colour vision: https://personal.sron.nl/~pault/
GROUPS: Mapping[str, Theme] = {
    group.code: group
    for group in (
        Theme("quotidien", "Au quotidien", "Everyday life", "#332288"),
        Theme("enfance", "Petite enfance", "Early childhood", "#cc6677"),
        Theme("education", "Éducation", "Education", "#ddcc77"),
        Theme("sante", "Santé", "Health", "#117733"),
        Theme("social", "Social", "Social services", "#882255"),
        Theme("emploi", "Emploi et entreprises", "Work and business", "#44aa99"),
        Theme("securite", "Sécurité et secours", "Safety and rescue", "#88ccee"),
        Theme("justice", "Justice et droit", "Justice and law", "#aa4499"),
        Theme("administration", "Administration", "Administration", "#999933"),
        Theme("autre", "Autres services", "Other services", "#777777"),
    )
}


@lru_cache(maxsize=1)
def categories() -> Mapping[str, Category]:
    """All categories by code, in the order in which a tree shows them."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {row["code"]: _category(row) for row in rows}


def by_code(code: str) -> Category:
    """The category of a code. Raises `UnknownCategory`."""
    try:
        return categories()[code]
    except KeyError:
        raise UnknownCategory("“{code}” is not a category of services.", code=code) from None


def from_producer(producteur: str, code: str) -> Category | None:
    """The category that stands for a producer's own code, or None when the table does not know it.

    Raises `UnknownCategory` when no producer of that name is in the table.
    """
    codes = _by_producer()
    if producteur not in codes:
        raise UnknownCategory("“{producer}” is not a producer of the table of categories.", producer=producteur)
    return codes[producteur].get(code.strip())


def producer_codes(producteur: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The producer's own codes for our category ``codes``, to filter at the source. Raises `UnknownCategory`."""
    return tuple(own for code in codes for own in by_code(code).codes.get(producteur, ()))


def of_group(groupe: str) -> list[Category]:
    """The categories of a group, in the order of the table."""
    return [category for category in categories().values() if category.groupe == groupe]


def _category(row: dict[str, str]) -> Category:
    codes = {
        producer: tuple(cell.split("|")) if cell else ()
        for producer, cell in row.items()
        if producer not in _OWN_COLUMNS
    }
    own = {column: row[column] for column in _OWN_COLUMNS}
    return Category(codes=codes, **own)


@lru_cache(maxsize=1)
def _by_producer() -> dict[str, dict[str, Category]]:
    result: dict[str, dict[str, Category]] = {}
    for category in categories().values():
        for producer, codes in category.codes.items():
            result.setdefault(producer, {}).update(dict.fromkeys(codes, category))
    return result
