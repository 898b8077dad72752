"""What can go wrong with a WFS."""

from __future__ import annotations

from ..errors import CartoError


class WfsError(CartoError):
    """The root of what a WFS can do wrong."""


class WfsUnreachable(WfsError):
    """No usable answer came, however often it was asked for."""


class WfsRefusal(WfsError):
    """The service will not answer this request, now or later."""


class NotWhole(WfsError):
    """The service gave another number of objects than it announced, each time it was asked."""
