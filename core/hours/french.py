"""What people write of hours in French, read whole or not at all.

`Du lundi au vendredi : 9h-12h / 14h-17h, le 1er mardi du mois jusqu'à 18h` is refused for its last words: whatever is
not understood may change the meaning of what is. A text becomes `Clause`s: which days, and what of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .model import MINUTES_A_DAY, MONTHS, WEEKDAYS, Interval

FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
OPEN_END = 0
"""End of an interval whose end is not given: « à partir de 14h »."""

BY_APPOINTMENT, WITHOUT_APPOINTMENT = "sur rendez-vous", "sans rendez-vous"
_EVENING, _MORNING = 17 * 60, 8 * 60
_PARITIES = {"": "week 02-52/2", "im": "week 01-53/2"}
_MONTHS = ("janv", "fevr", "mars", "avri", "mai", "juin", "juil", "aout", "sept", "octo", "nove", "dece")
_ORDINALS = {"premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "dernier": -1}


class NotUnderstood(ValueError):
    """A text, or a part of it, that has no one meaning here."""


@dataclass
class Clause:
    """Days, and what is said of them.

    Attributes:
        days: 0 = Monday.
        others: selectors of `opening_hours` that name other days: `Tu[1,3]`, `PH`, `SH`, `Dec 25`.
        when: selectors that must hold too: `week 02-52/2`, `Jul-Aug`.
        intervals: ends past 1440 are of the next day; `OPEN_END` where none is given.
        closed: said to be closed; comment: an appointment is needed, or not.
        elsewhere: it holds where nothing else does (« et sur rendez-vous »).
    """

    days: set[int] = field(default_factory=set)
    others: list[str] = field(default_factory=list)
    when: list[str] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)
    closed: bool = False
    comment: str = ""
    elsewhere: bool = False

    @property
    def names_days(self) -> bool:
        """Whether it says of which days it speaks."""
        return bool(self.days or self.others)

    @property
    def has_content(self) -> bool:
        """Whether it says anything of its days."""
        return bool(self.intervals or self.closed or self.comment)


def read_week(text: str) -> list[Clause]:
    """The clauses of a text that names its days. Raises `NotUnderstood`."""
    return _Reader(text).week()


def read_day(text: str) -> Clause:
    """What is said of a day that is named elsewhere: `8h30-12h et 14h-18h`, `fermé`. Raises `NotUnderstood`."""
    return _Reader(text).day()


# -- words -----------------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    text: str


_DAY = r"(?:lun|mar|mercre|jeu|vendre|same)dis?|dimanches?|lun|mar|mer|jeu|ven|sam|dim|lu|ma|me|je|ve|sa|di"
_MONTH = (
    r"janv(?:ier)?|fevr(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?"
    r"|dec(?:embre)?"
)
_RDV = r"(?:rendez[- ]?vous|r\.?d\.?v\b\.?)"
_ONLY = r"(?:uniquement|seulement|exclusivement)"
_KINDS = {
    "always": r"24\s*h?(?:eures)?\s*(?:/|sur)\s*24\s*h?(?:eures)?\b",
    "every": (
        r"tous les jours(?! (?:de la semaine|ouvr))|toute la semaine|7\s*j?(?:ours)?\s*(?:/|sur)\s*7\s*j?(?:ours)?\b"
    ),
    "holiday": r"(?:jours? )?feries?\b",
    "school": r"vacances scolaires\b",
    "parity": r"(?:semaines?|sem\.?)\s*(?:im)?paires?\b",
    "month_of": r"(?:du|de chaque|de tous les|par) mois\b",
    "date": rf"\d{{1,2}}(?:er)?\s+(?:{_MONTH})\b",
    "ordinal": (
        r"\d(?:ers?|eres?|nde?s?|emes?|es?)\b"
        r"|(?:premier|deuxieme|second|troisieme|quatrieme|cinquieme|dernier)s?\b"
    ),
    "time": (
        r"\d{1,2}\s?:\s?\d{2}(?::\d{2})?(?!\d)"
        # Minutes after a blank are known by their value: in `12h 14-17h` a new interval begins.
        r"|\d{1,2}\s*h(?:eures?\b)?(?:(?:\d{2}|\s+(?:00|15|30|45))(?!\s*h|\d|:)(?:\s*mn?\b|\s*min\b)?)?"
    ),
    "midday": r"midi\b",
    "midnight": r"minuit\b",
    "weekend": r"week[- ]?ends?\b",
    "day": rf"(?:{_DAY})\b\.?",
    "by_appointment": rf"(?:{_ONLY}\s+)?(?:sur|avec)\s+{_RDV}(?:\s+{_ONLY})?",
    "no_appointment": rf"(?:avec ou )?sans {_RDV}",
    "closed": r"ferme(?:e|es|s|ture)?s?\b|closed\b|off\b|neant\b",
    "except": r"sauf\b|hors\b|excepte\b|a l'exception d(?:e|es|u)\b|en dehors d(?:e|es|u)\b",
    "from": r"(?:a partir|a compter) (?:de|du)\b|des\b(?= \d)",
    "half_day": r"(?:le |l')?(?:matin(?:ee)?|apres[- ]midi|midi et soir|soir(?:ee)?)s?\b",
    "to": r"jusqu'(?:au|a)\b|au\b|a\b|-+>?|→",
    "month": rf"(?:{_MONTH})\b",
    "and": r"(?:et|puis|ainsi que)\b|[,&+/]",
    "or": r"ou\b",
    "filler": (
        r"(?:l'|d'ouverture\b|(?:de|du|des|le|la|les|en|entre|chaque|pendant|durant|mois de|ouverte?s?"
        r"|ouverture|horaires?|accueil|au public|public|pour)\b)"
    ),
    "colon": r":",
    "number": r"\d{1,2}(?![\d:])",
    "stop": r"[;.|\n()\[\]•*]",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.ASCII)


def _plain(text: str) -> str:
    """Lower case without accents; one kind of blank, hyphen and apostrophe."""
    apart = unicodedata.normalize("NFKD", text.replace("œ", "oe"))
    apart = "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()
    apart = re.sub(r"[‐-―−]", "-", apart).replace("’", "'")
    return re.sub(r"[^\S\n]+", " ", apart).strip()


def _tokens(text: str) -> Iterator[_Token]:
    at, plain = 0, _plain(text)
    while at < len(plain):
        if plain[at] == " ":
            at += 1
            continue
        match = _TOKEN.match(plain, at)
        if match is None:
            raise NotUnderstood(plain[at:])
        yield _Token(match.lastgroup or "", match.group())
        at = match.end()
    yield _Token("end", "")


# -- sentences -------------------------------------------------------------------------------------------------------

_SELECTORS = ("day", "every", "weekend", "holiday", "school", "ordinal", "date", "month")
_TIMES = ("time", "midday", "midnight")
_LINKS = ("and", "filler")


class _Reader:
    """Goes through the tokens once; ``_clause`` is the one being read, ``_season`` what holds for all that follow."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._clauses: list[Clause] = []
        self._clause = Clause()
        self._season: list[str] = []
        self._season_waits = False  # for a clause to hold for

    def week(self) -> list[Clause]:
        while self._kind() != "end":
            self._step()
        self._end_clause()
        opening = [clause for clause in self._clauses if not clause.closed and not clause.elsewhere]
        if self._season_waits or not self._clauses or (len(opening) < len(self._clauses) and self._has_bare_half_day()):
            raise NotUnderstood("")
        # What holds in summer alone may leave the rest of the year unsaid, or what was said before: nobody knows.
        if len({any(not when.startswith("week") for when in clause.when) for clause in opening}) > 1:
            raise NotUnderstood("")
        return self._clauses

    def day(self) -> Clause:
        self._clause.days = {0}
        while self._kind() != "end":
            kind = self._kind()
            if kind == "closed" and (self._clause.intervals or self._clause.closed):
                self._at += 1  # « 9h-12h / fermé »: one half of the day
            elif kind in (*_SELECTORS, "parity", "except"):
                raise NotUnderstood(self._tokens[self._at].text)
            elif kind in _TIMES and self._clause.closed:
                self._clause.closed = False  # « fermé / 14h-17h »
            else:
                self._step()
        if self._clauses or (self._clause.closed and any(token.kind == "half_day" for token in self._tokens)):
            raise NotUnderstood("")
        return self._clause

    def _step(self) -> None:
        kind = self._kind()
        if kind in _SELECTORS or (kind == "number" and self._is_date_range()):
            self._days()
        elif kind in ("always", "from", *_TIMES) or (kind == "number" and self._interval_follows()):
            self._hours()
        elif kind == "closed":
            self._closed()
        elif kind == "except":
            self._except()
        elif kind == "parity":
            self._parity()
        elif kind in ("by_appointment", "no_appointment"):
            self._appointment()
        elif kind == "or" and self._tokens[self._at + 1].kind == "by_appointment":
            self._at += 1
        elif kind in ("and", "filler", "colon", "stop", "half_day") or (kind == "to" and self._text() == "-"):
            self._at += 1  # a hyphen here is a dash
        else:
            raise NotUnderstood(self._text())

    # -- days

    def _days(self) -> None:
        """Days begin a clause, unless one not yet written goes on."""
        if self._clause.has_content:
            self._end_clause()
        begins = self._at == 0 or all(token.kind in ("filler", "stop") for token in self._line_before())
        start = self._at
        days, others, is_season = self._selection()
        if is_season and self._clause.names_days and self._kind_before(start) != "and":
            raise NotUnderstood("days of a season closed")
        if is_season and not self._follows("closed"):
            self._begin_season(",".join(others), begins)
            return
        self._clause.days |= days
        self._clause.others += others

    def _kind_before(self, place: int) -> str:
        """The kind of the last token before ``place`` that is no filler."""
        return next((token.kind for token in reversed(self._tokens[:place]) if token.kind != "filler"), "")

    def _line_before(self) -> list[_Token]:
        """The tokens since the last stop."""
        before = self._tokens[: self._at]
        stops = [place for place, token in enumerate(before) if token.kind == "stop"]
        return before[stops[-1] if stops else 0 :]

    def _begin_season(self, when: str, begins: bool) -> None:
        """Dates at the beginning of a sentence hold for what follows."""
        is_one_day = re.fullmatch(r"[A-Z][a-z]{2} \d{2}", when) is not None
        if not begins or self._clause.names_days or (is_one_day and self._kind() != "colon") or self._text() == "et":
            raise NotUnderstood(when)
        self._season, self._season_waits = [when], True

    def _selection(self) -> tuple[set[int], list[str], bool]:
        """One selector: days of the week, or others (and whether these are dates)."""
        kind = self._kind()
        if kind == "every":
            self._at += 1
            return set(range(7)), [], False
        if kind == "weekend":
            self._at += 1
            return {5, 6}, [], False
        if kind in ("holiday", "school"):
            self._at += 1
            return set(), ["PH" if kind == "holiday" else "SH"], kind == "school"
        if kind in ("date", "month") or (kind in ("ordinal", "number") and self._is_date_range()):
            return set(), self._dates(), True
        if kind == "ordinal":
            return self._nth_days()
        return self._weekdays(), [], False

    def _weekdays(self) -> set[int]:
        """« lundi », « du lundi au jeudi »; three and more between hyphens are a list: « lundi - mardi - jeudi »."""
        days, link = [self._day()], self._text()
        while self._range_to("day"):
            days.append(self._day())
        if len(days) > 2:
            if link != "-":
                raise NotUnderstood(link)
            return set(days)
        first, last = days[0], days[-1]
        return {(first + step) % 7 for step in range((last - first) % 7 + 1)}

    def _day(self) -> int:
        text = self._next()
        return next(
            number
            for number, day in enumerate(FRENCH_DAYS)
            if day.startswith(text.strip(".")[: 3 if len(text) > 2 else 2])
        )

    def _range_to(self, *kinds: str) -> bool:
        """Skips the word between the ends of a range, if one of ``kinds`` follows it."""
        at = self._at
        if self._kind() == "to":
            self._at += 1
            while self._kind() == "filler":
                self._at += 1
            if self._kind() in kinds:
                return True
        self._at = at
        return False

    def _nth_days(self) -> tuple[set[int], list[str], bool]:
        """« 1er et 3e mardi du mois » is `Tu[1,3]`."""
        numbers = [self._ordinal()]
        while self._kind() in _LINKS and self._after(_LINKS) == "ordinal":
            self._skip(_LINKS)
            numbers.append(self._ordinal())
        if self._kind() != "day":
            raise NotUnderstood(self._text())
        chosen = ",".join(map(str, sorted(set(numbers), key=lambda number: (number < 0, number))))
        days = [self._day()]
        while self._kind() in _LINKS and self._after(_LINKS) == "day":
            self._skip(_LINKS)
            days.append(self._day())
        if self._kind() == "month_of":
            self._at += 1
        elif self._after((*_LINKS, "ordinal", "day")) != "month_of":
            raise NotUnderstood(self._text())
        return set(), [f"{WEEKDAYS[day]}[{chosen}]" for day in days], False

    def _ordinal(self) -> int:
        text = self._next()
        if text[0].isdigit():
            number = int(text[0])
            if not 1 <= number <= 5:
                raise NotUnderstood(text)
            return number
        return next(number for word, number in _ORDINALS.items() if text.startswith(word))

    # -- dates

    def _is_date_range(self) -> bool:
        """Whether « 1er » begins « 1er au 15 août » or « 1er et 15 août »."""
        after = [token for token in self._tokens[self._at + 1 : self._at + 4] if token.kind != "filler"]
        return len(after) > 1 and after[0].kind in ("to", "and") and after[1].kind == "date"

    def _dates(self) -> list[str]:
        """`Dec 25`, `Aug 01-15`, `Dec 24-Jan 02`, `Jul-Aug` of what is written so."""
        found = [self._date_range()]
        while self._kind() in _LINKS and self._after(_LINKS) in ("date", "month"):
            self._skip(_LINKS)
            found.append(self._date_range())
        return found

    def _date_range(self) -> str:
        first = self._date()
        if not self._range_to("date", "month"):
            if first.isdigit():  # « 24 et 31 décembre »
                self._skip(_LINKS)
                last = self._date()
                return f"{last[:3]} {first},{last[4:]}"
            return first
        last = self._date()
        return f"{last[:3]} {first}-{last[4:]}" if first.isdigit() else f"{first}-{last}"

    def _date(self) -> str:
        """`Dec 25`, `Aug`, or a day alone whose month follows later: `01`."""
        text = self._next()
        day = re.match(r"\d{1,2}", text)
        name = re.search(r"[a-z]{3,}$", text)
        starts = [start for start in _MONTHS if name and (start.startswith(name[0]) or name[0].startswith(start))]
        month = MONTHS[_MONTHS.index(starts[0])] if starts else ""
        return " ".join(filter(None, [month, f"{int(day[0]):02d}" if day else ""]))

    # -- what is said of them

    def _hours(self) -> None:
        if self._clause.closed or not self._clause.names_days:
            raise NotUnderstood(self._text())
        self._clause.intervals.append(self._interval())

    def _interval_follows(self) -> bool:
        """Whether a number without `h` begins an interval: `9-12h`, `9 à 12`."""
        after = [token.kind for token in self._tokens[self._at + 1 : self._at + 3]]
        return after[:1] == ["to"] and after[1:] in (["time"], ["number"], ["midday"])

    def _interval(self) -> Interval:
        if self._kind() == "always":
            self._at += 1
            return 0, MINUTES_A_DAY
        if self._kind() == "from":
            self._at += 1
            return self._time(), OPEN_END
        start = self._time()
        if self._text() == "+" and self._tokens[self._at + 1].kind not in _TIMES:
            self._at += 1
            return start, OPEN_END
        if self._kind() == "to" or self._text() == "/":
            self._at += 1
            return checked(start, self._time())
        raise NotUnderstood(self._text())

    def _time(self) -> int:
        kind, text = self._kind(), self._next()
        if kind in ("midday", "midnight"):
            return 12 * 60 if kind == "midday" else 0
        if kind not in ("time", "number"):
            raise NotUnderstood(text)
        hour, minute = [*re.findall(r"\d+", text), "0"][:2]
        if int(minute) > 59 or int(hour) > 24:
            raise NotUnderstood(text)
        return int(hour) * 60 + int(minute)

    def _closed(self) -> None:
        """« fermé » speaks of the days before it when nothing is said of them yet, else of those that follow."""
        if self._at and self._tokens[self._at - 1].kind == "half_day":
            raise NotUnderstood("half a day closed")
        self._at += 1
        if self._clause.names_days and not self._clause.has_content:
            self._clause.closed = True
            self._refuse_half_day()
            return
        self._end_clause()
        days, others = self._days_after()
        if not days and not others:
            raise NotUnderstood("fermé")
        self._clauses.append(Clause(days, others, closed=True))
        if self._follows(*_TIMES, "number", "always", "from"):
            raise NotUnderstood(self._text())

    def _days_after(self) -> tuple[set[int], list[str]]:
        """The list of days that follows « fermé » or « sauf »."""
        days: set[int] = set()
        others: list[str] = []
        self._skip((*_LINKS, "colon"))
        while self._kind() in _SELECTORS or (self._kind() == "number" and self._is_date_range()):
            some, other, _is_season = self._selection()
            days |= some
            others += other
            start = self._at
            self._skip(_LINKS)
            linked = any(token.kind == "and" for token in self._tokens[start : self._at])
            if not linked and self._kind() in _SELECTORS and not (some and self._kind() == "day"):
                raise NotUnderstood(self._text())  # « fermé le lundi en août »
        self._refuse_half_day()
        return days, others

    def _refuse_half_day(self) -> None:
        if self._follows_half_day():
            raise NotUnderstood("half a day closed")

    def _has_bare_half_day(self) -> bool:
        """Whether « matin » stands somewhere without hours beside it."""
        said = [token.kind for token in self._tokens if token.kind not in (*_LINKS, "colon")]
        timed = (*_TIMES, "number", "from", "always")
        return any(
            kind == "half_day" and said[place + 1] not in timed and (place == 0 or said[place - 1] not in timed)
            for place, kind in enumerate(said)
        )

    def _follows_half_day(self) -> bool:
        return self._after((*_LINKS, "colon")) == "half_day"

    def _except(self) -> None:
        """« sauf le mercredi » takes days away; hours given after it are theirs (« sauf le mercredi 14h-17h »)."""
        self._at += 1
        clause = self._clause
        days, others = self._days_after()
        if clause.closed or not (days or others) or not (days < clause.days or (clause.names_days and not days)):
            raise NotUnderstood("sauf")
        clause.days -= days
        if clause.has_content:
            self._end_clause()
            self._clause = Clause(days, when=list(self._season)) if self._follows(*_TIMES, "number") else Clause()
        if others:
            self._clauses.append(Clause(set(), others, closed=True))

    def _parity(self) -> None:
        """Before the days it speaks of, with a colon, or after one clause."""
        begins = all(token.kind in ("filler", "stop") for token in self._line_before())
        when = _PARITIES["im" if "impaire" in self._next() else ""]
        ends = self._kind() in ("stop", "end") or self._text() in (",", "/")
        if begins and (self._kind() == "colon" or not self._clause.names_days) and self._text() not in (")", "]"):
            self._end_clause()
            self._season, self._season_waits = [when], True
        elif self._clause.names_days and (ends or not self._clause.has_content):
            self._clause.when = [*self._clause.when, when]
        else:
            raise NotUnderstood(when)

    def _appointment(self) -> None:
        comment = BY_APPOINTMENT if self._kind() == "by_appointment" else WITHOUT_APPOINTMENT
        before = self._tokens[self._at - 1] if self._at else _Token("stop", "")
        self._at += 1
        starts_anew = (before.kind == "stop" and before.text not in ("(", "[")) or before.text in ("et", "ou")
        if starts_anew and (self._clause.has_content or not self._clause.names_days):
            self._end_clause()
            if comment != BY_APPOINTMENT or self._follows(*_SELECTORS):
                raise NotUnderstood(comment)
            self._clauses.append(Clause(comment=comment, elsewhere=True))
        elif self._clause.names_days and not self._clause.closed:
            self._clause.comment = comment
        else:
            raise NotUnderstood(comment)

    def _end_clause(self) -> None:
        clause, self._clause = self._clause, Clause()
        if clause.names_days and not clause.has_content:
            raise NotUnderstood("days without hours")
        if clause.names_days:
            clause.when = [*self._season, *clause.when]
            self._season_waits = False
            self._clauses.append(clause)

    # -- tokens

    def _kind(self) -> str:
        return self._tokens[self._at].kind

    def _text(self) -> str:
        return self._tokens[self._at].text

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1].text

    def _after(self, skipped: tuple[str, ...]) -> str:
        """The kind of the first token that is none of these."""
        return next(token.kind for token in self._tokens[self._at :] if token.kind not in skipped)

    def _skip(self, kinds: tuple[str, ...]) -> None:
        while self._kind() in kinds:
            self._at += 1

    def _follows(self, *kinds: str) -> bool:
        return self._after((*_LINKS, "colon", "half_day")) in kinds


def checked(start: int, end: int) -> Interval:
    """An interval of a day, or of an evening that ends the next morning. Raises `NotUnderstood` for others."""
    if end == MINUTES_A_DAY - 1 or (end == 0 and start > 0):
        end = MINUTES_A_DAY  # midnight is written 00:00 or 23:59; but 00:00-00:00 is a form left empty
    if start >= _EVENING and 0 < end <= _MORNING:
        end += MINUTES_A_DAY
    if not start < end:
        raise NotUnderstood("an interval that ends before it starts")
    return start, end
