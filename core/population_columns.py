"""Columns of people as Insee names them, in readable words: cells of 200 m and 1 km, and the census by IRIS.

Source: dictionaries of variables of « Données carroyées » (Filosofi) and « Population (IRIS) », insee.fr.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .messages import Message, msg

_KNOWN = {
    "ind": msg("people"),
    "men": msg("households"),
    "men_pauv": msg("poor households"),
    "men_1ind": msg("people living alone"),
    "men_5ind": msg("households of five and more"),
    "men_prop": msg("households who own their home"),
    "men_loc": msg("tenants"),
    "men_fmp": msg("one-parent families"),
    "men_coll": msg("households in blocks of flats"),
    "men_mais": msg("households in houses"),
    "log_soc": msg("social housing"),
}
_ASKED = ("men_pauv", "men_fmp", "log_soc")
_ASKED_OF_CENSUS = re.compile(r"p\d\d_(?:chom\d*|rp_voit0)$")
_REST = ((re.compile(r"(men)_prop$"), "_loc"), (re.compile(r"(p\d\d_rp)_voit1p$"), "_voit0"))
"""Columns of those who have something, and how the others are called after the column of all."""
OLD = 65
"""Years."""
_NOT_PEOPLE = ("men_surf", "ind_snv", "ind_inc", "log_inc")
_AGES = (re.compile(r"(?:ind|pop)_(\d+)_(\d+)$"), re.compile(r"p(?:\d\d|\.\.)_(?:pop|h|f)(\d\d)(\d\d)$"))
_FROM_AGE = (re.compile(r"(?:ind|pop)_(\d+)p$"), re.compile(r"p(?:\d\d|\.\.)_(?:pop|h|f)(\d\d)p$"))
_CENSUS = {
    re.compile(r"p(?:\d\d|\.\.)_pop$"): msg("people"),
    re.compile(r"p(?:\d\d|\.\.)_rp$"): msg("households"),
    re.compile(r"p(?:\d\d|\.\.)_rp_loc$"): msg("tenants"),
    re.compile(r"p(?:\d\d|\.\.)_rp_prop$"): msg("households who own their home"),
    re.compile(r"p(?:\d\d|\.\.)_rp_voit1p?$"): msg("households with a car"),
    re.compile(r"p(?:\d\d|\.\.)_rp_voit0$"): msg("households without a car"),
    re.compile(r"p(?:\d\d|\.\.)_chom\d*$"): msg("unemployed people"),
}
"""Two dots for the year: any census (`of_any_year`)."""
_YEAR = re.compile(r"^([pc])\d\d_")
_INHABITANTS = re.compile(r"ind$|population$|pop$|pmun$|p(?:\d\d|\.\.)_pop$")


def group_label(column: str) -> Message | str:
    """What a column of people is called: its own name where it is no known column of Insee's."""
    return known_group(column) or column


def of_any_year(column: str) -> str:
    """The name in small letters, two dots for the year of a census: `P21_POP` and `p22_pop` count the same people."""
    return _YEAR.sub(r"\1.._", column.strip().lower())


def counts_inhabitants(column: str) -> bool:
    """Whether a column is known to count everyone: then « inhabitants » need no other word."""
    return _INHABITANTS.match(column.lower()) is not None


def known_group(column: str) -> Message | None:
    """The words for a column that counts people or households; None for any other."""
    name = column.lower()
    for pattern in _AGES:
        ages = pattern.match(name)
        if ages:
            return msg("people from {youngest} to {oldest}", youngest=int(ages[1]), oldest=int(ages[2]))
    for pattern in _FROM_AGE:
        age = pattern.match(name)
        if age:
            return msg("people of {age} and more", age=int(age[1]))
    if name in _NOT_PEOPLE:
        return None
    return _KNOWN.get(name) or next((words for pattern, words in _CENSUS.items() if pattern.match(name)), None)


def proposed_groups(columns: Iterable[str]) -> list[str]:
    """Of the columns, whom one asks for first: the oldest, poor households, one-parent families, those without work or
    car.
    """
    ages = ((column, pattern.match(column.lower())) for column in columns for pattern in _FROM_AGE)
    oldest = [column for column, age in ages if age and int(age[1]) >= OLD]
    asked = [column for column in columns if column.lower() in _ASKED or _ASKED_OF_CENSUS.match(column.lower())]
    return [*oldest, *asked]


def known_groups(columns: Iterable[str]) -> dict[str, Message]:
    """Those of the columns that count people or households, in their order, with their words."""
    found = ((column, known_group(column)) for column in columns)
    return {column: words for column, words in found if words is not None}


class Rest(NamedTuple):
    """Those of the column ``everyone`` who are not in the column ``some``."""

    everyone: str
    some: str


def rest_groups(columns: Iterable[str]) -> dict[str, Rest]:
    """Groups that Insee gives by their contrary, by the name of the column they would have: tenants are the households
    who do not own their home, those without a car the ones who have none. Those that are columns already are left out.
    """
    own = {column.lower(): column for column in columns}
    found = {}
    for some in own:
        for pattern, ending in _REST:
            match = pattern.match(some)
            if match and match[1] in own and match[1] + ending not in own:
                found[match[1] + ending] = Rest(own[match[1]], own[some])
    return found
