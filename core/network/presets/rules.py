"""What every preset gives, and what presets share."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Callable, NamedTuple, Union

import numpy as np

from ...errors import InvalidInput
from ...messages import Message, msg
from ...spreadsheets import typed_table
from ...travel_modes import CAR
from ..lines import Column, number_text

Fields = dict[str, Union[Column, np.ndarray]]
ORDINARY, NO_STOPPING, AT_SEA = 0, 1, 2
"""Kinds of links: where people stop, motorways with their slip roads, ferry lines."""
_NO_STOPPING = ("type autoroutier", "bretelle", "motorway", "motorway_link")
_AT_SEA = ("bac ou liaison maritime", "ferry")
UNSAID = 0.0
"""A speed that the source does not give: that of the class."""
SPEEDS = Path(__file__).with_name("speeds.csv")


class Rules(NamedTuple):
    """What the attributes of L lines mean for one profile."""

    category: Column
    """The class of each road, for defaults and for the report."""
    speed: np.ndarray
    """(L,) f8 km/h as given by the source; NaN where it says nothing usable."""
    minutes: np.ndarray
    """(L,) f8 for the whole line where the source says how long it lasts (ferries), else NaN."""
    forward: np.ndarray
    """(L,) bool: along the line is permitted."""
    backward: np.ndarray
    """(L,) bool."""
    level: np.ndarray
    """(L,) i4: 0 on the ground, above positive, below negative."""
    kind: np.ndarray
    """(L,) u1: `ORDINARY`, `NO_STOPPING` or `AT_SEA`."""
    notes: tuple[Message, ...] = ()
    against: np.ndarray | None = None
    """(L,) f8 km/h against the drawing where the source gives another speed there, `UNSAID` where it gives one as drawn
    alone, else NaN."""
    speed_field: str = ""
    """The field that speeds are from; empty when there is none."""
    direction_field: str = ""
    """The field that directions are from."""
    delay: np.ndarray | None = None
    """(L,) f8 minutes that each line costs besides its length, None where none does."""


@cache
def default_speeds(preset: str, profile: str) -> dict[str, float]:
    """km/h by road class, from ``speeds.csv``; a class that is not there is not for this profile."""
    with open(SPEEDS, encoding="utf-8", newline="") as table:
        return {
            row["classe"]: float(row[profile])
            for row in csv.DictReader(table, delimiter=";")
            if row["preset"] == preset and row[profile]
        }


def class_speeds(category: Column, preset: str, profile: str = CAR) -> np.ndarray:
    """(L,) km/h of each road's class, NaN where the class is not for this profile."""
    table = default_speeds(preset, profile)
    return category.map(lambda label: table.get(label, np.nan), np.nan, float)


def own_speeds(path: str | os.PathLike) -> tuple[tuple[str, float], ...]:
    """The user's (class, km/h) out of a CSV with columns ``classe`` and ``kmh``, comma or semicolon; 0 closes a class.

    Raises `InvalidInput` naming the row that cannot be read.
    """
    try:
        names, rows = typed_table(path)
    except (OSError, csv.Error) as error:
        raise InvalidInput("The table of speeds cannot be read: {reason}", reason=error) from error
    if not {"classe", "kmh"} <= set(names):
        raise InvalidInput("The table of speeds needs the columns “classe” and “kmh”.")
    speeds = []
    for number, row in enumerate(rows, start=2):
        speed = parse_number(row["kmh"])
        if not speed >= 0:
            raise InvalidInput("Row {row} of the table of speeds has no speed in km/h.", row=number)
        speeds.append((row["classe"], speed))
    return tuple(speeds)


def role(fields: Fields, names: tuple[str, ...]) -> Column | np.ndarray | None:
    """The first of ``names`` present, whatever its case."""
    return fields.get(role_name(fields, names))


def role_name(fields: Iterable[str], names: tuple[str, ...]) -> str:
    """What the layer calls the first of ``names`` present, whatever its case; empty when none is."""
    lower = {name.lower(): name for name in fields}
    return next((lower[name] for name in names if name in lower), "")


def as_text(column: Column | np.ndarray | None, count: int) -> Column:
    """A column of texts; whole numbers lose their decimals; NULL everywhere when there is no column."""
    if column is None:
        return Column(np.full(count, -1, np.int32), [])
    if isinstance(column, Column):
        return column
    known = np.isfinite(column)
    values, inverse = np.unique(column[known], return_inverse=True)
    code = np.full(len(column), -1, np.int32)
    code[known] = inverse
    return Column(code, [number_text(value) for value in values.tolist()])


def as_number(column: Column | np.ndarray | None, count: int) -> np.ndarray:
    """(count,) f8; NaN for NULL and for what is not a number. A decimal comma is read."""
    if column is None:
        return np.full(count, np.nan)
    if isinstance(column, Column):
        return column.map(parse_number, np.nan, np.float64)
    return np.asarray(column, np.float64)


def parse_number(text: str) -> float:
    """NaN when ``text`` is not a number. Spaces between digits and a decimal comma are read."""
    try:
        return float(re.sub(r"(?<=\d)[\s\u202f](?=\d{3}\b)", "", text.strip()).replace(",", "."))
    except ValueError:
        return np.nan


def kind_of(category: Column) -> np.ndarray:
    """(L,) u1: the kind of links of each road class, by its name in any of the sources."""

    def kind(label: str) -> int:
        label = label.strip().lower()
        return NO_STOPPING if label in _NO_STOPPING else AT_SEA if label in _AT_SEA else ORDINARY

    return category.map(kind, ORDINARY, np.uint8)


def not_understood(column: Column, understood: Callable[[str], bool], name: str) -> tuple[Message, ...]:
    """What to say of the values of the field ``name`` that mean nothing here."""
    strange = column.map(lambda text: not understood(text.strip()), False, bool)
    if not strange.any():
        return ()
    example = column.labels[int(column.code[strange][0])]
    return (
        msg(
            "In the field “{name}”, {count} values are not understood (for example “{example}”).",
            name=name,
            count=int(strange.sum()),
            example=example,
        ),
    )


def is_true(text: str) -> bool:
    """Whether a text means yes."""
    return text.strip().lower() in ("1", "t", "true", "vrai", "yes", "oui")


def level_of(layer: np.ndarray, bridge: np.ndarray, tunnel: np.ndarray) -> np.ndarray:
    """The level of each line: its layer, else one above for a bridge and one below for a tunnel."""
    level = np.nan_to_num(layer).astype(np.int32)
    implied = bridge.astype(np.int32) - tunnel.astype(np.int32)
    return np.where(level == 0, implied, level).astype(np.int32)
