"""What changed between two editions of a referential, and the bridge of one, for whoever follows it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import InvalidInput
from ..matching.table import metres_between
from ..ogr_file import write_table
from ..registry import geopackage as gpkg
from ..services import SERVICE_COLUMNS, Service
from ..versions import CONTENT_COLUMNS
from . import store
from .bridge import check_day, written_whole

ADDED, CHANGED, MOVED, MERGED, CLOSED = "ajout", "modification", "deplacement", "fusion", "fermeture"
NATURES = (ADDED, CHANGED, MOVED, MERGED, CLOSED)

CHANGES_LAYER = "changements"
CHANGE_COLUMNS = (
    *((name, "text") for name in ("nature", "id", "nom", "categorie", "commune", "code_insee")),
    *((name, "text") for name in ("champs", "avant", "apres", "fusionne_dans")),
    *((name, "real") for name in ("metres", "lon_avant", "lat_avant")),
)
"""Name and kind of each column of the layer of changes."""

MOVED_METRES = 50.0
"""From here on a place has moved; less is the same place pointed at more precisely."""


class PlaceChange(NamedTuple):
    """What became of a place. ``service``: as it is after, as it was before where it is no more.

    Attributes:
        fields: what differs, column → (before, after).
        into: the place that it was merged into.
        metres: how far it moved, NaN where it did not or one position is missing.
        was: longitude and latitude before, of one that moved; None where there was no position.
    """

    nature: str
    service: Service
    fields: dict[str, tuple[str, str]]
    into: str = ""
    metres: float = math.nan
    was: tuple[float, float] | None = None


def editions(path: Path) -> list[str]:
    """The dates of the editions, the first first. Raises `NotAReferential`."""
    return [row[0] for row in _rows(path, "SELECT date FROM editions ORDER BY date")]


def state(path: Path, date: str) -> dict[str, Service]:
    """The services of the edition of a date, or of the last one before it, by identifier. Raises `NotAReferential`."""
    query = gpkg.sql(
        *("SELECT geom,", gpkg.COLUMNS, "FROM historique WHERE du <= ? AND (au IS NULL OR au > ?) ORDER BY id"),
    )
    found = {}
    for geometry, *values in _rows(path, query, (date, date)):
        lon, lat = gpkg.position_of(geometry) or (None, None)
        service = Service(**dict(zip(SERVICE_COLUMNS, values)), lon=lon, lat=lat)
        found[service.id] = service
    return found


def differences(path: Path, before: str, after: str) -> Iterator[PlaceChange]:
    """What changed between two dates, by identifier. A place that moved is listed once, its other changes with it.

    Raises `InvalidInput` where the first date is after the second, or before the first edition; `NotAReferential`.
    """
    for day in (before, after):
        check_day(day)
    known = editions(path)
    if not known or not known[0] <= before <= after:
        raise InvalidInput(
            "Between {before} and {after} nothing can be compared: the editions are {editions}.",
            before=before,
            after=after,
            editions=", ".join(known),
        )
    old, new = state(path, before), state(path, after)
    into = _merged(path, before, after)
    for identifier in sorted(old.keys() | new.keys()):
        if identifier not in old:
            yield PlaceChange(ADDED, new[identifier], {})
        elif identifier in new:
            yield from _between(old[identifier], new[identifier])
        else:
            heir = _heir(identifier, into)
            yield PlaceChange(MERGED if heir in new else CLOSED, old[identifier], {}, heir if heir in new else "")


def _merged(path: Path, before: str, after: str) -> dict[str, str]:
    """What went into what between two dates, as it was then: a merge may have been undone since."""
    query = "SELECT ids FROM evenements WHERE type = ? AND date > ? AND date <= ? ORDER BY date, fid"
    found = {}
    for (ids,) in _rows(path, query, (MERGED, before, after)):
        main, *others = store.from_json(ids)
        found.update(dict.fromkeys(others, main))
    return found


def write_changes(changes: Sequence[PlaceChange], output: Path) -> int:
    """The changes as a layer of points in a GeoPackage; gives how many have no position.

    Columns: `CHANGE_COLUMNS`; `champs`, `avant`, `apres`: what differs, one a line. Raises `BridgeNotWritten`.
    """
    points = [_position(change.service) for change in changes]
    with written_whole(output) as part:
        write_table(part, "GPKG", CHANGES_LAYER, CHANGE_COLUMNS, map(_row, changes), points)
    return points.count(None)


def note(changes: Iterable[PlaceChange], before: str, after: str, name: str) -> str:
    """The changes as a page of Markdown in French: figures by category, then each place."""
    listed = list(changes)
    counts = Counter((change.nature, change.service.categorie) for change in listed)
    lines = [f"# {name} : du {before} au {after}", ""]
    lines += ["| catégorie | " + " | ".join(_TITLES[nature] for nature in NATURES) + " |", "|---" * 6 + "|"]
    for category in sorted({change.service.categorie for change in listed}):
        figures = (str(counts[nature, category] or "–") for nature in NATURES)
        lines.append(f"| {_cell(category)} | " + " | ".join(figures) + " |")
    for nature in NATURES:
        shown = [change for change in listed if change.nature == nature]
        if shown:
            lines += ["", f"## {_TITLES[nature]} ({len(shown)})", "", *map(_line, shown)]
    return "\n".join(lines if listed else [*lines[:2], "Rien n'a changé."]) + "\n"


def _position(service: Service) -> tuple[float, float] | None:
    return None if service.lon is None or service.lat is None else (service.lon, service.lat)


def _row(change: PlaceChange) -> tuple[str | float | None, ...]:
    service = change.service
    before, after = ("\n".join(" ".join(said[side].split()) for said in change.fields.values()) for side in (0, 1))
    return (
        *(change.nature, service.id, service.nom, service.categorie, service.commune, service.code_insee),
        *(
            "\n".join(change.fields),
            before,
            after,
            change.into,
            None if math.isnan(change.metres) else round(change.metres, 1),
        ),
        *(change.was or (None, None)),
    )


_TITLES = {
    ADDED: "Ajoutés",
    CHANGED: "Modifiés",
    MOVED: "Déplacés",
    MERGED: "Réunis à un autre",
    CLOSED: "Fermés",
}


def _between(old: Service, new: Service) -> Iterator[PlaceChange]:
    fields = {
        column: (getattr(old, column), getattr(new, column))
        for column in CONTENT_COLUMNS
        if getattr(old, column) != getattr(new, column)
    }
    metres = metres_between(old, new)
    if metres >= MOVED_METRES or (old.lon is None) != (new.lon is None):
        was = None if old.lon is None or old.lat is None else (old.lon, old.lat)
        yield PlaceChange(MOVED, new, fields, metres=metres, was=was)
    elif fields:
        yield PlaceChange(CHANGED, new, fields)


def _heir(identifier: str, into: dict[str, str]) -> str:
    """Where a merged place is now: what it went into may have gone into another."""
    seen = {identifier}
    heir = into.get(identifier, "")
    while heir in into and heir not in seen:
        seen.add(heir)
        heir = into[heir]
    return heir


def _line(change: PlaceChange) -> str:
    service = change.service
    place = f"- **{_cell(service.nom)}**, {_cell(service.commune)} ({service.categorie}, `{service.id}`)"
    shown = [f"{column} : « {_cell(old)} » → « {_cell(new)} »" for column, (old, new) in change.fields.items()]
    if not math.isnan(change.metres):
        shown.insert(0, f"à {round(change.metres)} m")
    if change.into:
        shown.append(f"désormais `{change.into}`")
    return f"{place} : {' ; '.join(shown)}" if shown else place


def _cell(text: str) -> str:
    """A text that stays on its line and in its cell, and is no markup."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return "".join("\\" + sign if sign in "|*_`[]\\" else sign for sign in plain)


def _rows(path: Path, query: str, values: tuple[str, ...] = ()) -> list[tuple]:
    with store.reading(path) as database:
        return database.execute(query, values).fetchall()
