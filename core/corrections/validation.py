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

_SERVICE = "service_id"
_REQUIRED = {
    "creation": ("nom", "categorie", POSITION),
    "modification": (_SERVICE, "changes"),
    "fermeture": (_SERVICE,),
    "reouverture": (_SERVICE,),
    "deplacement": (_SERVICE, POSITION),
    "doublon": (_SERVICE, "duplicate_of"),
    "confirmation": (_SERVICE,),
    "alerte": (_SERVICE, "commentaire"),
}
"""What each type cannot do without, in the order in which a form asks for it."""
_WHY = {
    _SERVICE: msg("It does not say which service it is about."),
    "nom": msg("A new place needs it."),
    "categorie": msg("A new place needs it."),
    "changes": msg("Nothing is changed."),
    POSITION: msg("Show on the map where it is."),
    "duplicate_of": msg("Choose the other record, the one to keep."),
    "commentaire": msg("Say in a few words what is wrong."),
}


def lacking(correction: Correction) -> list[str]:
    """What a correction of its type cannot do without and does not have."""
    return [what for what in _REQUIRED.get(correction.type, ()) if not _given(correction, what)]


def check(correction: Correction) -> dict[str, Message]:
    """What is wrong, by field of the form; empty when the correction can leave."""
    wrong = {name: reason for name, change in correction.changes.items() if (reason := check_field(name, change.new))}
    wrong.update((what, _WHY[what]) for what in lacking(correction))
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


def _given(correction: Correction, what: str) -> bool:
    if what == POSITION:
        return correction.lon is not None
    if what in ("nom", "categorie"):
        return what in correction.changes and bool(correction.changes[what].new)
    if what == "duplicate_of":
        return correction.duplicate_of not in ("", correction.service_id)
    return bool(getattr(correction, what))


def _too_long() -> Message:
    return msg("It is longer than {limit} characters.", limit=LONGEST_TEXT)


def _is_position(value: Any) -> bool:
    try:
        lon, lat = value
        return -180 <= float(lon) <= 180 and -90 <= float(lat) <= 90
    except (TypeError, ValueError):
        return False
