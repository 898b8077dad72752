"""Names of the columns that results have for each category and threshold."""

from __future__ import annotations

import re
from collections.abc import Sequence


def column_name(prefix: str, code: str) -> str:
    """``cout_france_services``: a column for a category; the prefix alone where there is no category."""
    suffix = re.sub(r"\W+", "_", code.strip().lower()).strip("_")
    return f"{prefix}_{suffix}" if suffix else prefix


def column_names(prefix: str, codes: Sequence[str]) -> list[str]:
    """A column for each category, numbered where two codes would give the same one."""
    names: list[str] = []
    for code in codes:
        name = column_name(prefix, code)
        same = sum(other == name or other.startswith(f"{name}__") for other in names)
        names.append(f"{name}__{same + 1}" if same else name)
    return names


def threshold_text(threshold: float) -> str:
    """``20`` or ``7_5``: a threshold in a column's name."""
    return f"{threshold:g}".replace(".", "_")
