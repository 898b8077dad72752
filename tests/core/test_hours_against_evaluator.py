"""Our evaluation of `opening_hours` beside a published one (opening-hours-py), on generated and real values.

Outside the classes of `DIFFERENCES` both say the same at every minute. Each class is held by examples of what either
says, so that a change on either side is seen, and says why ours is as it is.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import re
from pathlib import Path

import pytest
from carto_services_publics.core.hours import HoursError, parse
from carto_services_publics.core.hours_sources import from_anct, from_day_ranges

evaluator = pytest.importorskip("opening_hours", reason="the published evaluator is not installed (opening-hours-py)")

START = dt.datetime(2026, 4, 27)  # a Monday; four public holidays follow within the weeks compared
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Timeline = list  # of (first minute from START, last minute, state), neighbours differ


def ours(text: str, days: int = 7) -> Timeline:
    hours = parse(text)
    pieces = []
    for number in range(days):
        at = 0
        for span in hours.spans((START + dt.timedelta(days=number)).date()):
            pieces += [(number * 1440 + at, number * 1440 + span.start, "closed")]
            pieces += [(number * 1440 + span.start, number * 1440 + span.end, span.state.value)]
            at = span.end
        pieces.append((number * 1440 + at, number * 1440 + 1440, "closed"))
    return joined(pieces)


def theirs(text: str, days: int = 7) -> Timeline:
    end = START + dt.timedelta(days=days)
    found = evaluator.OpeningHours(text, country="FR").intervals(START, end)
    return joined(
        [(_minutes(a), _minutes(b or end), str(state).rpartition(".")[2].lower()) for a, b, state, _ in found]
    )


def _minutes(moment: dt.datetime) -> int:
    return int((moment.replace(tzinfo=None) - START).total_seconds() // 60)


def joined(pieces: list) -> Timeline:
    line: Timeline = []
    for first, last, state in pieces:
        if first == last:
            continue
        if line and line[-1][2] == state:
            line[-1] = (line[-1][0], last, state)
        else:
            line.append((first, last, state))
    return line


# -- generated values --------------------------------------------------------------------------------------------------


class Writer:
    """Texts of all the parts of the syntax that both understand alike."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self) -> str:
        rules = [self._rule() for _ in range(self._random.choice([1, 1, 2, 2, 3, 4]))]
        said = rules[0]
        for rule in rules[1:]:
            # After `, ` a rule must not look like one more day of the list before it, nor take a night away.
            may_add = re.search(r"[\d\"]$|open$|off$|unknown$|closed$", said) is not None
            said += (", " if may_add and self._random.random() < 0.3 else "; ") + rule
        return said

    def _rule(self) -> str:
        parts = [self._dates(), self._days(), self._times(), self._one("", "", "", "", "off", "unknown", 'open "rdv"')]
        return " ".join(filter(None, parts)) or "24/7"

    def _days(self) -> str:
        day, other = self._random.choice(DAYS), self._random.choice(DAYS)
        several = ",".join(self._random.sample(DAYS, 3))
        nth = self._one("1", "-1", "1,3", "2-4", "5")
        return self._one(
            "", day, f"{day}-{other}", several, f"{day}-{other},{other}", f"{day}[{nth}]", "PH", f"PH,{day}"
        )

    def _dates(self) -> str:
        month, other, day = self._random.choice(MONTHS), self._random.choice(MONTHS), self._random.choice(DAYS)
        return self._one(
            *[""] * 12,
            month,
            f"{month}-{other}",
            f"{month} 14",
            f"{month} 05-{other} 20",
            f"{month} {day}[-1]-{other} {day}[1]",
            f"{month} 15-{other} {day}[-1]",
            self._one("week 01-53/2", "week 02-52/2", "week 20-22", "2026", "2025-2027", "2027+", "2024-2030/2"),
            self._one(
                "easter", "easter +39 days", "easter -2 days", "2026 May 01-2026 Jun 01", "2026 Dec 24-2027 Jan 02"
            ),
        )

    def _times(self) -> str:
        morning = f"{self._at(6, 9)}-{self._at(10, 12)}"
        afternoon = f"{self._at(13, 15)}-{self._at(16, 23)}"
        return self._one("", morning, afternoon, f"{morning},{afternoon}", f"{morning},{afternoon}", "00:00-24:00")

    def _at(self, first: int, last: int) -> str:
        return f"{self._random.randint(first, last):02d}:{self._random.choice(['00', '15', '30', '45'])}"

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)


@pytest.mark.parametrize("seed", range(10))
def test_thousands_of_generated_texts_mean_the_same_at_every_minute(seed):
    writer = Writer(seed)
    texts = {writer.text() for _ in range(350)}
    compared = [text for text in texts if not parse(text).tells_closing_only]
    assert len(compared) > 200
    wrong = [text for text in compared if ours(text, 35) != theirs(text, 35)]
    assert wrong == []


def test_texts_of_a_single_night_mean_the_same():
    for first, last in (
        ("22:00", "02:00"),
        ("20:00", "26:00"),
        ("18:00", "08:00"),
        ("10:00", "10:00"),
        ("00:00", "24:00"),
    ):
        for days in ("", "Mo ", "Fr-Mo ", "PH ", "Su[1] ", "Sa,Su "):
            text = f"{days}{first}-{last}"
            assert ours(text, 21) == theirs(text, 21)


# -- real values -------------------------------------------------------------------------------------------------------


def _as_the_specification(text: str) -> str:
    """A comment alone means "perhaps": written out for the evaluator, which takes it for open (see DIFFERENCES)."""
    return re.sub(r'(?<!open )(?<!off )(?<!closed )(?<!unknown )("[^"]*")', r"unknown \1", text)


def test_the_hours_of_france_services_and_of_town_halls_mean_the_same(shared_data: Path):
    with (shared_data / "services" / "france-services_liste-fs-20240801.csv").open(encoding="utf-8") as lines:
        texts = {from_anct(row).horaires for row in csv.DictReader(lines)}
    layer = json.loads((shared_data / "corse" / "corse_mairies.geojson").read_text(encoding="utf-8"))
    texts |= {from_day_ranges(feature["properties"]["horaires"] or []).horaires for feature in layer["features"]}
    texts.discard("")
    assert len(texts) > 400
    assert [text for text in sorted(texts) if ours(text) != theirs(_as_the_specification(text))] == []


# -- where they differ, and why ----------------------------------------------------------------------------------------

DIFFERENCES = {
    "closing only": (
        # Nobody said when it is open: a service "closed on Sunday" is not closed all week.
        [
            ("PH off", "unknown", "closed"),
            ("Sa,Su off", "unknown", "closed"),
            ("Mo 12:00-14:00 off", "unknown", "closed"),
        ]
    ),
    "open end": (
        # The specification: the end is not known. Taken for open it would send people to a closed door.
        [("Mo 08:00+", "unknown", "open"), ("Mo 07:00-09:00+", "unknown", "closed")]
    ),
    "comment alone": (
        # The specification: a comment without `open` means "perhaps", as « sur rendez-vous » does.
        [('Mo 09:00-12:00 "sur rendez-vous"', "unknown", "open"), ('"sur rendez-vous"', "unknown", "open")]
    ),
    "holiday and days": (
        # The wiki: `SH Mo-Fr` is the week days of the school holidays. Theirs lists both.
        [("SH Mo-Fr 09:00-12:00", "closed", "open"), ("PH Mo 09:00-12:00", "closed", "open")]
    ),
    "fallback": (
        # The specification: a fallback holds where the rules before it do not match, minute by minute. Theirs: on days
        # without any of them.
        [("Mo 14:00-16:00 || Mo 09:00-12:00", "open", "closed")]
    ),
    "list with blanks": (
        # `Mo, Tu 09:00-12:00` is a list for whoever writes it, not a Monday open day and night.
        [("Su, Mo 09:00-12:00", "open", "open"), ("Mo, Tu 14:00-15:00", "closed", "open")]
    ),
}


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [pytest.param(*case, id=f"{kind}: {case[0]}") for kind in DIFFERENCES for case in DIFFERENCES[kind]],
)
def test_a_known_difference_is_still_there(text, own, other):
    monday_ten = 10 * 60
    assert [state for first, last, state in ours(text) if first <= monday_ten < last] == [own]
    assert [state for first, last, state in theirs(text) if first <= monday_ten < last] == [other]
    assert ours(text) != theirs(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mo[4-2] 09:00-12:00", "backwards"),  # theirs: every Monday
        ("Jan 20-10 09:00-12:00", "backwards"),  # theirs: until 10 February
        ("2026 Dec 24-2026 Jan 02 09:00-12:00", "backwards"),  # theirs: never
        ("Mo-Fr SH 09:00-12:00", "not understood"),  # theirs: a list; others: both at once
        ("sunrise-12:00", "changes with the sun"),
        ("PH +1 day off", "not understood"),  # days moved from a holiday or an n-th day: met in no public list
        ("Mo[1] +1 day 09:00-12:00", "not understood"),
    ],
)
def test_what_they_read_and_we_refuse(text, why):
    evaluator.OpeningHours(text, country="FR")
    with pytest.raises(HoursError, match=why):
        parse(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mo Tu We Th Fr 09:00-12:00", "Mo,Tu,We,Th,Fr 09:00-12:00"),
        ("Mo Tu-Th Sa[1] 09:00-12:00", "Mo,Tu-Th,Sa[1] 09:00-12:00"),
        ("Dec 24,31 off; 10:00-12:00", "Dec 24 off; Dec 31 off; 10:00-12:00"),
        ("Jan-Jun 15 10:00-12:00", "Jan 01-Jun 15 10:00-12:00"),
        ("Mo09:00-12:00", "Mo 09:00-12:00"),
        ("Mo : 09:00-12:00", "Mo 09:00-12:00"),
    ],
)
def test_what_they_refuse_and_we_read(text, meant):
    with pytest.raises(evaluator.ParserError):
        evaluator.OpeningHours(text, country="FR")
    assert ours(text, 35) == ours(meant, 35) == theirs(meant, 35)


@pytest.mark.parametrize(
    "text", ["week 50-02 Mo", "2027-2026", "Mo 9h-12h", "Mo 10:00-14:00/90", "Mo-Tu[1] 09:00-12:00"]
)
def test_what_neither_reads(text):
    with pytest.raises(HoursError):
        parse(text)
    with pytest.raises(evaluator.ParserError):
        evaluator.OpeningHours(text, country="FR")


def test_a_night_that_a_later_rule_began_lasts():
    """Whoever says until 04:15 is open until then. Theirs lets an earlier rule that speaks of the morning end it."""
    text, saturday_three = "Th-Tu 21:30-02:30; PH,Fr 17:15-04:15", 5 * 1440 + 180
    assert [state for first, last, state in ours(text) if first <= saturday_three < last] == ["open"]
    assert [state for first, last, state in theirs(text) if first <= saturday_three < last] == ["closed"]
    for same in ("Fr 22:00-02:00, Sa 10:00-12:00", "Fr 22:00-02:00; Sa 10:00-12:00", "Fr 22:00-02:00; Sa off"):
        assert ours(same) == theirs(same)
