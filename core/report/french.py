"""Numbers as French pages write them: narrow no-break space between thousands, decimal comma, space before %."""

from __future__ import annotations

import math

from ..messages import NARROW, NO_BREAK

UNKNOWN = "–"


def nombre(value: float | None, decimals: int = 0) -> str:
    """``12 345,6``; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    # Halves go away from zero, as people round.
    rounded = math.floor(abs(value) * 10**decimals + 0.5) / 10**decimals
    text = f"{rounded:,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    return f"−{text}" if value < 0 and rounded else text


def compte(value: float, one: str, several: str = "") -> str:
    """``1 habitant``, ``0 habitant``, ``12 345 habitants``; ``several`` where it is not ``one`` and an s."""
    return f"{nombre(value)} {one if abs(round(value)) < 2 else several or one + 's'}"


def rang(place: int) -> str:
    """``1re``, ``2e``, of a zone."""
    return f"{place}{'re' if place == 1 else 'e'}"


def rang_masculin(place: int) -> str:
    """``1er``, ``2e``, of a group."""
    return f"{place}{'er' if place == 1 else 'e'}"


def pourcent(share: float | None, decimals: int = 1) -> str:
    """``10,7 %`` from a share between 0 and 1."""
    return UNKNOWN if share is None or not math.isfinite(share) else f"{nombre(100 * share, decimals)}{NARROW}%"


def ecart(change: float, decimals: int = 0) -> str:
    """``+12``, ``−3,5``, ``0``: a change with its sign."""
    text = nombre(change, decimals)
    return f"+{text}" if change > 0 and text != nombre(0.0, decimals) else text


def points(change: float) -> str:
    """``+24,9 points``, ``−0,3 point``: a change of a share, in points of percent."""
    return f"{ecart(change, 1)} {'point' if abs(round(change, 1)) < 2 else 'points'}"


def jour(date: str) -> str:
    """``27/11/2026`` from an ISO date."""
    return "/".join(reversed(date[:10].split("-")))


def minutes(value: float | None) -> str:
    """``12,5 min``."""
    return cout(value, "min")


def cout(value: float | None, unit: str) -> str:
    """``12,5 min``, ``1 250 m``: a cost in its unit."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{nombre(value, 0 if unit == 'm' else 1)}{NO_BREAK}{unit}"


def seuil(threshold: float, unit: str = "min") -> str:
    """``20 min``, ``7,5 min``, ``5 000 m``."""
    return f"{nombre(threshold, 0 if float(threshold).is_integer() else 1)}{NO_BREAK}{unit}"
