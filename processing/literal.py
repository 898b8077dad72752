"""Text of others where QGIS would work out what stands between ``[%`` and ``%]``: legends, titles, labels of pages."""

from __future__ import annotations


def literal(text: str) -> str:
    """The text, its opening marks parted by a blank: QGIS then shows it and works nothing out."""
    return text.replace("[%", "[ %")
