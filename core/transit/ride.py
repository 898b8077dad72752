"""What a question by public transport is about: a day, and moments of it."""

from __future__ import annotations

from typing import NamedTuple

from .timetable import Timetable
from .window import DepartureWindow


class Ride(NamedTuple):
    """A timetable and the minutes at which one leaves, or arrives."""

    timetable: Timetable
    window: DepartureWindow
