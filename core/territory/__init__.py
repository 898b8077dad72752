"""A territory made ready to compute on: what there is of it at the State's services, in one GeoPackage."""

from __future__ import annotations

from .files import Dropped, recognise_file
from .prepare import Access, Prepared, Wish, is_begun, prepare
from .store import NotATerritory, read_wish, source_rows

__all__ = [
    "Access",
    "Dropped",
    "NotATerritory",
    "Prepared",
    "Wish",
    "is_begun",
    "prepare",
    "read_wish",
    "recognise_file",
    "source_rows",
]
