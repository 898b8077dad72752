"""Reading a WFS that holds more than it gives at once: counted first, tile by tile, each tile checked."""

from __future__ import annotations

from .errors import NotWhole, WfsError, WfsRefusal, WfsUnreachable
from .service import SERVER, FeatureType, Wfs
from .tiles import Reading, Selection, Tile, read_tiles

__all__ = [
    "SERVER",
    "FeatureType",
    "NotWhole",
    "Reading",
    "Selection",
    "Tile",
    "Wfs",
    "WfsError",
    "WfsRefusal",
    "WfsUnreachable",
    "read_tiles",
]
