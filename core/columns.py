"""Names of the columns that results have for each category and threshold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count


def column_name(prefix: str, code: str) -> str:
    """``cout_france_services``: a column for a category; the prefix alone where there is no category."""
    suffix = re.sub(r"\W+", "_", code.strip().lower()).strip("_")
    return f"{prefix}_{suffix}" if suffix else prefix


def column_names(prefix: str, codes: Sequence[str]) -> list[str]:
    """A column for each category, numbered where two codes would give the same one."""
    return distinct_names([column_name(prefix, code) for code in codes], ())


def distinct_names(names: Sequence[str], taken: Iterable[str]) -> list[str]:
    """The names, numbered where one is among those ``taken`` or comes again; databases know no case."""
    used, free = {name.casefold() for name in taken}, []
    for name in names:
        numbers = (f"{name}__{number}" if number > 1 else name for number in count(1))
        free.append(next(candidate for candidate in numbers if candidate.casefold() not in used))
        used.add(free[-1].casefold())
    return free


def threshold_text(threshold: float) -> str:
    """``20`` or ``7_5``: a threshold in a column's name."""
    return f"{threshold:g}".replace(".", "_")
