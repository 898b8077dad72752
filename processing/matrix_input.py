"""MATRIX: a table of costs that stands in for the network."""

from __future__ import annotations

from array import array

import numpy as np

from ..core.access.costs import CostTableError
from ..core.messages import msg
from .access_asked import AccessAsked
from .access_inputs import Rows
from .attributes import as_number, as_text
from .hour import refuse_hour
from .positions import expected_rows

COLUMNS = ("origin_id", "destination_id", "cout")


def by_table(asked: AccessAsked) -> bool:
    """Whether costs come from MATRIX rather than from NETWORK.

    Raises `CostTableError` where neither was given, `InvalidInput` where a table is asked to be of an hour.
    """
    given = asked.optional_source("MATRIX") is not None
    if not given and not asked.is_given("NETWORK"):
        raise CostTableError("Give either NETWORK or MATRIX.")
    if given:
        refuse_hour(asked)
    return given


def numbers_by_id(rows: Rows) -> dict[str, int]:
    """The rank of each identifier among the rows that can be used. Raises `CostTableError` when one is given twice."""
    used = np.flatnonzero(rows.usable())
    numbers = {rows.ids[row]: number for number, row in enumerate(used)}
    if len(numbers) < len(used):
        raise CostTableError(
            "{count} rows of {layer} share their identifier with another row: MATRIX cannot tell them apart.",
            count=len(used) - len(numbers),
            layer=rows.name,
        )
    return numbers


def read_pairs(
    asked: AccessAsked, upto: float, origins: dict[str, int], *sides: dict[str, int]
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each side of destinations, numbered by identifier: (p,) number of the origin, of the destination, and cost.

    Rows that name no place of these are left out and counted. Raises `CostTableError` for another table.
    """
    table, progress = asked.source("MATRIX"), asked.upto(upto)
    columns = [table.fields().lookupField(name) for name in COLUMNS]
    if min(columns) < 0:
        raise CostTableError("MATRIX must have the columns origin_id, destination_id and cout.")
    pairs, unknown = [(array("q"), array("q"), array("d")) for _ in sides], 0
    total = expected_rows(table)
    for number, row in enumerate(table.getFeatures()):
        if number % 10_000 == 0:
            progress.advance(min(1.0, number / total))
        start, end = origins.get(as_text(row[columns[0]])), as_text(row[columns[1]])
        known = False
        for numbers, (starts, ends, costs) in zip(sides, pairs):
            if start is not None and end in numbers:
                known = True
                starts.append(start)
                ends.append(numbers[end])
                costs.append(as_number(row[columns[2]]))
        unknown += not known
    asked.warn_of_some(
        msg(
            "{count} row of MATRIX is left out: it names no usable place."
            "|{count} rows of MATRIX are left out: they name no usable place.",
            count=unknown,
        )
    )
    return [(np.array(starts), np.array(ends), np.array(costs)) for starts, ends, costs in pairs]
