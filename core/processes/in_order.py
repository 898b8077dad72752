"""Results that come as they are ready, given in the order of what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from ..errors import CartoError

_Result = TypeVar("_Result")


def in_order(numbered: Iterator[tuple[int, _Result]], *, out_of_turn: bool = False) -> Iterator[_Result]:
    """The results numbered 0, 1, 2 … by their number, each as soon as those before it have come.

    A number may be missing. ``out_of_turn``, for results that say themselves what they are of: before an error or a
    cancel goes on, those whose turn has not come are given too, and nothing that is finished is lost.
    """
    held: dict[int, _Result] = {}
    due = 0
    try:
        for number, result in numbered:
            held[number] = result
            while due in held:
                yield held.pop(due)
                due += 1
    except CartoError:
        if out_of_turn:
            yield from (held[number] for number in sorted(held))
        raise
    yield from (held[number] for number in sorted(held))
