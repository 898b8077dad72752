"""Whether a service is still what it was when a correction was written about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ..messages import Message, msg
from ..versions import feature_version
from .model import CHANGEABLE, POSITION, Change, Correction, point_of, properties_of, same_value

_ABOUT_THE_WHOLE_RECORD = ("confirmation",)


class Conflict(NamedTuple):
    """Why a correction must not be sent as it is, and the service as it is now (None when it is gone)."""

    reason: Message
    theirs: dict[str, Any] | None


class ThreeWays(NamedTuple):
    """One line of the three-way view: what was read, what the registry has now, what is proposed."""

    field: str
    read: Any
    theirs: Any
    mine: Any


def conflict_of(correction: Correction, theirs: dict[str, Any] | None) -> Conflict | None:
    """Compare with the service as the registry has it now; None when nothing stands in the way.

    The same version is no conflict. With another version, only what the correction speaks of counts: a field that
    someone else changed and that it does not touch does not matter, unless it confirms the whole record.
    """
    if theirs is None:
        return Conflict(msg("The registry does not have this service any more."), None)
    if not correction.version or feature_version(theirs) == correction.version:
        return None
    if correction.type in _ABOUT_THE_WHOLE_RECORD:
        return Conflict(msg("The service has changed since you read it: look at it again before confirming."), theirs)
    fields = [name for name, change in correction.changes.items() if _changed(name, change, theirs)]
    if fields:
        return Conflict(msg("Someone changed this meanwhile: {fields}.", fields=", ".join(fields)), theirs)
    return None


def three_ways(correction: Correction, theirs: Mapping[str, Any]) -> list[ThreeWays]:
    """What was read, theirs, mine: the fields proposed, in the order of the form."""
    order = {name: rank for rank, name in enumerate((*CHANGEABLE, POSITION))}
    names = sorted(correction.changes, key=lambda name: order.get(name, len(order)))
    return [
        ThreeWays(name, correction.changes[name].old, current_value(theirs, name), correction.changes[name].new)
        for name in names
    ]


def resolved(correction: Correction, theirs: Mapping[str, Any], chosen: Mapping[str, Any]) -> Correction | None:
    """The correction to send once the user has chosen a value a field, against the record as it is now.

    None when nothing of it is left to propose.
    """
    changes = {
        name: Change(current_value(theirs, name), value)
        for name, value in chosen.items()
        if not same_value(name, current_value(theirs, name), value)
    }
    if correction.changes and not changes:
        return None
    return replace(correction, changes=changes, version=feature_version(theirs))


def current_value(service: Mapping[str, Any], name: str) -> Any:
    """A field of a service given as a GeoJSON feature; its position as ``[lon, lat]``."""
    return point_of(service) if name == POSITION else properties_of(service).get(name)


def _changed(name: str, change: Change, theirs: Mapping[str, Any]) -> bool:
    return not same_value(name, current_value(theirs, name), change.old)
