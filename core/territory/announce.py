"""What preparing a territory would fetch: from whom, about how much, of which edition. Nothing is kept."""

from __future__ import annotations

from typing import NamedTuple

from ..coordinates import Box
from ..progress import Progress
from ..territories import communes_of, present_commune
from ..wfs import Wfs
from .area import projection_of, rough_box
from .datasets import BUILDINGS, CELLS, COMMUNES, LICENCE, ROADS, Dataset
from .prepare import Wish


class Announced(NamedTuple):
    """A type, how many of its objects meet the bounds of the territory (so at most), its edition and licence."""

    what: str
    producer: str
    count: int  # type: ignore[assignment]
    edition: str
    licence: str = LICENCE


def announce(wish: Wish, wfs: Wfs, progress: Progress) -> list[Announced]:
    """Roads, communes and people as the service counts them now. Raises `WfsUnreachable`, `UnknownTerritory`."""
    codes = communes_of(wish.territory)
    crs = projection_of(present_commune(code) for code in codes)
    inner = rough_box(codes, crs)
    halo = 1000.0 * wish.halo
    outer = (inner[0] - halo, inner[1] - halo, inner[2] + halo, inner[3] + halo)
    people = CELLS if wish.population == "filosofi" else BUILDINGS
    parts: tuple[tuple[Dataset, Box], ...] = ((ROADS, outer), (people, inner), (COMMUNES, inner))
    editions = wfs.editions(tuple(kind.name for kind, _box in parts), progress)
    return [
        Announced(
            kind.name,
            kind.attribution,
            wfs.learn_form(kind.kind, box, crs, progress),
            editions.get(kind.name, ""),
        )
        for kind, box in parts
    ]
