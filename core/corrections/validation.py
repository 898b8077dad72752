"""What must hold before a correction leaves: each field read as the registry will read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..identifiers import CHECKS
from ..messages import Message, msg
from ..services import ACCESSIBILITES, MODALITES
from .model import CHANGEABLE, POSITION, Correction

LONGEST_TEXT = 2000
"""Characters of a field or of the comment."""

_NEEDS_A_SERVICE = {"modification", "fermeture", "reouverture", "deplacement", "doublon", "confirmation", "alerte"}


def check(correction: Correction) -> dict[str, Message]:
    """What is wrong, by field of the form; empty when the correction can leave."""
    wrong = {name: reason for name, change in correction.changes.items() if (reason := check_field(name, change.new))}
    if correction.type in _NEEDS_A_SERVICE and not correction.service_id:
        wrong["service_id"] = msg("It does not say which service it is about.")
    if correction.type == "doublon" and correction.duplicate_of in ("", correction.service_id):
        wrong["duplicate_of"] = msg("Choose the other record, the one to keep.")
    if correction.type == "modification" and not correction.changes:
        wrong["changes"] = msg("Nothing is changed.")
    if correction.type == "alerte" and not correction.commentaire:
        wrong["commentaire"] = msg("Say in a few words what is wrong.")
    if correction.type in ("creation", "deplacement") and correction.lon is None:
        wrong[POSITION] = msg("Show on the map where it is.")
    if correction.type == "creation":
        wrong.update(_missing(correction))
    if correction.preuve_url and (reason := CHECKS["preuve_url"](correction.preuve_url)):
        wrong["preuve_url"] = reason
    if correction.courriel and (reason := CHECKS["courriel"](correction.courriel)):
        wrong["courriel"] = reason
    if len(correction.commentaire) > LONGEST_TEXT:
        wrong["commentaire"] = _too_long()
    return wrong


def check_field(name: str, value: Any) -> Message | None:
    """What is wrong with a proposed value, None when nothing is. An empty value empties the field."""
    if name == POSITION:
        return None if _is_position(value) else msg("It is not a position in degrees.")
    if name not in CHANGEABLE:
        return msg("This field cannot be changed by a correction.")
    text = "" if value is None else str(value).strip()
    if len(text) > LONGEST_TEXT:
        return _too_long()
    if not text:
        return msg("It cannot be empty.") if name in ("nom", "categorie") else None
    checked = _CHECKS.get(name)
    return checked(text) if checked else None


def _one_of(values: tuple[str, ...]) -> Callable[[str], Message | None]:
    def checked(text: str) -> Message | None:
        return (
            None if text in values else msg("“{value}” is not one of: {values}.", value=text, values=", ".join(values))
        )

    return checked


_CHECKS: dict[str, Callable[[str], Message | None]] = {
    **CHECKS,
    "modalite": _one_of(MODALITES),
    "accessibilite": _one_of(ACCESSIBILITES),
}


def _missing(correction: Correction) -> dict[str, Message]:
    return {
        name: msg("A new place needs it.")
        for name in ("nom", "categorie")
        if name not in correction.changes or not correction.changes[name].new
    }


def _too_long() -> Message:
    return msg("It is longer than {limit} characters.", limit=LONGEST_TEXT)


def _is_position(value: Any) -> bool:
    try:
        lon, lat = value
        return -180 <= float(lon) <= 180 and -90 <= float(lat) <= 90
    except (TypeError, ValueError):
        return False
