"""What can go wrong with public transport."""

from __future__ import annotations

from ..errors import CartoError


class FeedUnreadable(CartoError):
    """A GTFS feed that is missing, damaged or without what every feed must have."""


class TransitFileInvalid(CartoError):
    """A file that is not a timetable made by « buildtransit », or not of this version."""


class NoService(CartoError):
    """No trip runs on the day asked for."""
