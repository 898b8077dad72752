"""When a place is open: the part of OSM `opening_hours` that public services use, read exactly.

Reference: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. Understood: week days, lists and ranges,
the n-th of a month (`Tu[1,3]`, `Fr[-1]`), `PH` and `SH`, several intervals a day, past midnight (`22:00-02:00`,
`22:00-26:00`), open end (`17:00+`), years, months, dates, `easter`, weeks and their parity (`week 02-52/2`), `24/7`,
`open`, `off`, `closed`, `unknown`, comments in quotes, and the three ways to chain rules:

- `;` a rule that is open or unknown replaces what was said of the days it names, of all days where it names none;
  `off` takes its time away;
- `,` the rule adds to what was said;
- `||` the rule holds only where nothing before it said open or unknown.

A text that only says when a place is closed (`PH off`, `Sa,Su off`) tells nothing of the rest: it is unknown there.
As in the specification a comment without `open` means "perhaps": the state is unknown. As in its evaluators a rule
speaks of calendar days, so that in `Fr 22:00-02:00; Sa off` nothing is open on Saturday; write
`Fr 22:00-02:00, Sa 10:00-12:00` to keep the night. Sunrise and sunset are refused.
"""

from __future__ import annotations

from .model import (
    MINUTES_A_DAY,
    MONTHS,
    WEEKDAYS,
    HoursError,
    Interval,
    OpeningHours,
    Span,
    State,
    WeekTable,
    merged,
    normal_week,
)
from .parser import parse
from .writer import quoted, write_days, write_intervals, write_week

__all__ = [
    "MINUTES_A_DAY",
    "MONTHS",
    "WEEKDAYS",
    "HoursError",
    "Interval",
    "OpeningHours",
    "Span",
    "State",
    "WeekTable",
    "merged",
    "normal_week",
    "parse",
    "quoted",
    "write_days",
    "write_intervals",
    "write_week",
]
