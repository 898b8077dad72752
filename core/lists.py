"""Lists of numbers as people type them."""

from __future__ import annotations


def items_of(text: str) -> list[str]:
    """The items of ``5,10,20``, ``5 10 20`` or ``5;7,5;10``, with a point as decimal mark.

    A semicolon leaves the comma to decimals; without one, commas part the items. Empty items are left out.
    """
    if ";" in text:
        text, mark = text.replace(",", "."), ";"
    else:
        mark = "," if "," in text else ""
    return [item.strip() for item in text.split(mark or None) if item.strip()]
