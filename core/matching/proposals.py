"""What one's list knows better than the referential, as corrections to review."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from ..corrections.losses import is_loss
from ..corrections.model import CHANGEABLE, Correction, of_edit, settled
from ..corrections.validation import check, check_field
from ..hours import HoursError, State, parse
from ..outlines import FARTHEST_OUTSIDE, shipped
from ..progress import Progress
from ..services import Service
from .geocoding import FROM_ADDRESS
from .matcher import SURE, Matching
from .table import metres_between
from .text import commune_words, is_nearly, name_words, phones_of, street_of, web_of

FARTHEST_SAME_PLACE = 50.0
"""Metres up to which two positions are two ways to point at one door."""

PRECISE = ("adresse", "inconnue")
"""Precisions of a position that may correct another; one found from a street or commune tells less than it seems."""


def proposals(
    local: Sequence[Service],
    reference: Sequence[Service],
    matching: Matching,
    columns: Collection[str],
    progress: Progress = Progress(),
    known: Collection[str] | None = None,
) -> list[Correction]:
    """A correction for each sure pair that differs, and for each row that the reference lacks.

    ``columns``: those that the list gives; of the others nothing is known. ``known``: those that the reference
    has (all when None); what it does not tell is not corrected, neither are positions where it has none at all. Rows
    that may be duplicates, new rows without name, category or position, and pairs still to check give none. The same
    lists give the same identifiers, so that what was proposed once is not proposed twice.
    """
    compared, placed = told_by(reference, columns, known)
    found: list[Correction | None] = []
    for number, pair in enumerate(matching.pairs):
        if number % 1000 == 0:
            progress.advance(number / len(matching.pairs))
        if pair.zone == SURE:
            found.append(of_pair(local[pair.local], reference[pair.reference], compared, placed))
    found += [of_new(local[alone.row], columns) for alone in matching.only_local if alone.resembles < 0]
    return [correction for correction in found if correction is not None]


def told_by(
    reference: Sequence[Service], columns: Collection[str], known: Collection[str] | None
) -> tuple[set[str], bool]:
    """Which of the columns a reference tells (``known``; all when None), and whether it tells positions."""
    given = set(columns) if known is None else set(columns) & set(known)
    return given, any(service.lon is not None for service in reference)


def of_pair(own: Service, theirs: Service, columns: Collection[str], placed: bool = True) -> Correction | None:
    """The correction of ``theirs`` by what ``own`` says otherwise in ``columns``, and of its place when ``placed``."""
    changed: dict[str, Any] = {
        column: value
        for column in CHANGEABLE
        if column in columns and (value := _news(column, getattr(own, column), getattr(theirs, column)))
    }
    after = replace(theirs, **changed)
    if placed and _has_moved(own, theirs):
        after = replace(after, lon=own.lon, lat=own.lat)
    return _settled(of_edit(theirs, after))


def of_new(own: Service, columns: Collection[str]) -> Correction | None:
    """The creation of a service that the reference lacks; None while name, category or position are missing."""
    known = {column: getattr(own, column) for column in CHANGEABLE if column in columns or column == "categorie"}
    valid = {column: _first(column, value) for column, value in known.items() if value}
    valid = {column: value for column, value in valid.items() if check_field(column, value) is None}
    blank = Service(id="", nom="", categorie="", modalite="")
    lon, lat = (None, None) if own.precision_position == "commune" else (own.lon, own.lat)
    correction = of_edit(None, replace(blank, **valid, lon=lon, lat=lat))
    return None if correction is None or check(correction) else _settled(correction)


def _news(column: str, own: str, theirs: str) -> str:
    """The value to propose; empty when ``own`` is empty, wrong, or says no more than ``theirs``."""
    own, theirs = _first(column, own.strip()), theirs.strip()
    if not own or check_field(column, own) is not None or says_no_more(column, own, theirs):
        return ""
    return "" if is_loss(theirs, own) else own


def _first(column: str, value: str) -> str:
    """Of several phones the first: the column holds one."""
    return value.partition(";")[0].strip() if column == "telephone" else value


def says_no_more(column: str, own: str, theirs: str) -> bool:
    """Whether ``own`` is ``theirs`` written otherwise, or less precise; an empty ``theirs`` always learns."""
    if own == theirs:
        return True
    if not theirs:
        return False
    if column == "nom":
        return _all_in(name_words(own), name_words(theirs))
    if column == "adresse":
        mine, other = street_of(own), street_of(theirs)
        return mine.number in (-1, other.number) and _all_in(mine.words, other.words)
    if column == "commune":
        return commune_words(own) == commune_words(theirs)
    if column == "telephone":
        return set(phones_of(own)) <= set(phones_of(theirs))
    if column == "site_web":
        return web_of(own) == web_of(theirs)
    if column == "courriel":
        return own.lower() == theirs.lower()
    if column == "horaires":
        return _same_hours(own, theirs)
    # How a service is given is « fixe » wherever nobody said otherwise.
    return column == "modalite" and own == "fixe"


def _all_in(own: Collection[str], theirs: Collection[str]) -> bool:
    """Whether each word is there, slips of the keyboard forgiven."""
    return all(any(is_nearly(word, other) for other in theirs) for word in own)


def _same_hours(own: str, theirs: str) -> bool:
    """The same week, or hours that never tell when it is open (« sur rendez-vous », `PH off`) beside some that do."""
    try:
        mine, other = parse(own), parse(theirs)
    except HoursError:
        return False
    tells_openings = any(rule.state is State.OPEN for rule in mine.rules)
    says_closed = any(rule.state is State.CLOSED for rule in mine.rules) and not mine.tells_closing_only
    if not tells_openings and not says_closed:
        return True
    return mine.weekly() == other.weekly() and mine.depends_on_date == other.depends_on_date


def _has_moved(own: Service, theirs: Service) -> bool:
    if own.modalite == "itinerant" or own.precision_position not in PRECISE or own.anomalie == FROM_ADDRESS:
        return False
    if own.lon is None or own.lat is None or _is_elsewhere(own, theirs):
        return False
    if theirs.lon is None:
        return True
    return metres_between(own, theirs) > FARTHEST_SAME_PLACE


def _is_elsewhere(own: Service, theirs: Service) -> bool:
    """Whether the list's position is outside the commune: such a one corrects no other."""
    code = theirs.code_insee or own.code_insee
    outside = shipped().metres_outside(code, own.lon or 0.0, own.lat or 0.0) if code else None
    return (outside or 0.0) > FARTHEST_OUTSIDE


def _settled(correction: Correction | None) -> Correction | None:
    """The correction under an identifier made of its content."""
    return None if correction is None else settled(correction)
