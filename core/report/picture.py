"""A map or a chart of a report."""

from __future__ import annotations

import base64
from typing import NamedTuple


class Picture(NamedTuple):
    """A map (PNG bytes) or a chart (SVG text) with its title and what it shows, in words."""

    title: str
    words: str
    png: bytes = b""
    svg: str = ""
    zones: tuple[str, ...] = ()
    """Identifiers of the zones whose bars it has, in their order: a click shows one on the map that one explores."""

    @property
    def data_url(self) -> str:
        """The PNG, inside the page."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")
