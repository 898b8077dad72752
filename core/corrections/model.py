"""What a correction is, and its form as GeoJSON."""

from __future__ import annotations

import json
import math
import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ..errors import CartoError
from ..services import Service

TYPES = (
    "creation",
    "modification",
    "fermeture",
    "reouverture",
    "deplacement",
    "doublon",
    "confirmation",
    "alerte",
)
WITH_FIELDS = ("creation", "modification")
"""Types that say what the fields should hold."""
WITH_POSITION = (*WITH_FIELDS, "deplacement")
"""Types that may say where the service is."""
STATES = ("brouillon", "en_attente", "envoyee", "transmise", "acceptee", "rejetee", "conflit", "erreur")

CHANGEABLE = (
    "nom",
    "categorie",
    "siret",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "telephone",
    "courriel",
    "site_web",
    "horaires",
    "modalite",
    "accessibilite",
)
"""Columns of a service that a correction may change, in the order of a form."""

POSITION = "position"
"""The name, among changes, of a move: ``[lon, lat]`` before and after. The new one is also the geometry."""

_SAME_PLACE = 5e-8
"""Degrees (about 5 mm): positions nearer than this are the same one written with other decimals."""

_SERVER_FIELDS = ("etat", "motif", "ref_serveur")
_NAMESPACE = uuids.UUID("5f4a61f0-4a43-5c55-9ac1-6f1a1f0c3b7e")


class NotACorrection(CartoError):
    """A row or feature that cannot be read as a correction."""


class Change(NamedTuple):
    """What a field held when the service was read, and what is proposed."""

    old: Any
    new: Any


@dataclass(frozen=True)
class Correction:
    """A proposal about one service. Position in EPSG:4326; ``cree_le`` ISO 8601; other names as in the contract.

    ``uuid`` is chosen here and is also the idempotency key. ``version`` is that of the service as it was read.
    """

    uuid: str
    type: str
    service_id: str = ""
    duplicate_of: str = ""
    changes: Mapping[str, Change] = field(default_factory=dict)
    commentaire: str = ""
    preuve_url: str = ""
    producteur: str = ""
    version: str = ""
    auteur_organisation: str = ""
    courriel: str = ""
    cree_le: str = ""
    etat: str = "brouillon"
    motif: str = ""
    ref_serveur: str = ""
    lon: float | None = None
    lat: float | None = None


PROPERTIES = tuple(name for name in Correction.__dataclass_fields__ if name not in ("lon", "lat"))
"""Columns of a layer of corrections, in order."""

PRIVATE = ("courriel", "commentaire")
"""What goes to the registry only: never to a log, a project or a shared layer."""


def new_correction(
    type: str,
    service: Service | None = None,
    changes: Mapping[str, Change] | None = None,
    **words: Any,
) -> Correction:
    """A correction about ``service`` (None for a creation) made now; ``words`` are other fields, by name.

    A place that moves (``changes["position"]``) or is created there takes its new position as geometry.
    """
    changes = dict(changes or {})
    moved = changes.get(POSITION)
    lon, lat = (moved.new if moved else None) or ((service.lon, service.lat) if service else (None, None))
    about = {"service_id": service.id, "producteur": service.producteur, "version": service.version} if service else {}
    return Correction(
        uuid=str(uuids.uuid4()),
        type=type,
        changes=changes,
        **{"lon": lon, "lat": lat, "cree_le": _now(), **about, **words},
    )


def of_edit(before: Service | None, after: Service, **words: Any) -> Correction | None:
    """The correction that an edit amounts to: `creation`, `deplacement`, `modification`, or None without difference."""
    changes = differences(before, after)
    if not changes:
        return None
    if before is None:
        words = {"producteur": after.producteur, **words}
        return new_correction("creation", None, changes, **words)
    return new_correction("deplacement" if set(changes) == {POSITION} else "modification", before, changes, **words)


def renewed(correction: Correction) -> Correction:
    """The same proposal under another uuid, to be sent again after the registry has decided on the first."""
    return replace(correction, uuid=str(uuids.uuid4()), cree_le=_now(), etat="brouillon", motif="", ref_serveur="")


def settled(correction: Correction) -> Correction:
    """The same under a uuid made of its content: what is proposed once is not proposed twice."""
    return from_properties({**as_feature(correction)["properties"], "uuid": ""}, correction.lon, correction.lat)


def differences(before: Service | None, after: Service) -> dict[str, Change]:
    """What differs between two states of a service, field by field; blanks at the ends of a text do not count."""
    changes = {}
    for name in CHANGEABLE:
        old, new = _text(getattr(before, name, "")), _text(getattr(after, name))
        if old != new:
            changes[name] = Change(old, new)
    old_place, new_place = place_of(before), place_of(after)
    if new_place and not same_place(old_place, new_place):
        changes[POSITION] = Change(old_place, new_place)
    return changes


def place_of(service: Service | None) -> list[float] | None:
    """``[lon, lat]`` of a service, None when it has no position."""
    if service is None or service.lon is None or service.lat is None:
        return None
    return [service.lon, service.lat]


def same_place(a: list[float] | None, b: list[float] | None) -> bool:
    """Whether two positions are one, written with more or fewer decimals."""
    if not a or not b:
        return not a and not b
    return abs(a[0] - b[0]) < _SAME_PLACE and abs(a[1] - b[1]) < _SAME_PLACE


def point_of(feature: Mapping[str, Any]) -> list[float] | None:
    """``[lon, lat]`` of a GeoJSON feature, None when it has no geometry or one that is no point."""
    geometry = feature.get("geometry")
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    place = list(coordinates[:2]) if isinstance(coordinates, (list, tuple)) else []
    return place if _are_two_numbers(place) else None


def properties_of(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of a GeoJSON feature, none when it has no object of them."""
    properties = feature.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def same_value(name: str, a: Any, b: Any) -> bool:
    """Whether two values of a field say the same."""
    return same_place(a, b) if name == POSITION else _text(a) == _text(b)


# -- GeoJSON ----------------------------------------------------------------------------------------------------------


def as_feature(correction: Correction) -> dict[str, Any]:
    """The correction as a GeoJSON feature. Its ``id`` is the uuid, repeated as a property; ``changes`` is JSON text."""
    properties = {name: getattr(correction, name) for name in PROPERTIES}
    properties["changes"] = changes_text(correction.changes)
    geometry = None
    if correction.lon is not None and correction.lat is not None:
        geometry = {"type": "Point", "coordinates": [correction.lon, correction.lat]}
    return {"type": "Feature", "id": correction.uuid, "geometry": geometry, "properties": properties}


def to_send(correction: Correction) -> bytes:
    """The body of the request that proposes the correction: what the server decides is left out.

    Pure ASCII (other characters as JSON escapes): some servers count a body's characters and not its bytes.
    """
    feature = as_feature(correction)
    feature["properties"] = {
        name: value or None for name, value in feature["properties"].items() if name not in _SERVER_FIELDS
    }
    feature["properties"]["etat"] = "envoyee"
    return json.dumps(feature, ensure_ascii=True, allow_nan=False).encode("ascii")


def from_feature(feature: Mapping[str, Any]) -> Correction:
    """A correction from its GeoJSON feature. Raises `NotACorrection`."""
    properties = feature.get("properties")
    if not isinstance(properties, Mapping):
        raise NotACorrection("It is not a GeoJSON feature.")
    lon, lat = point_of(feature) or (None, None)
    return from_properties({"uuid": feature.get("id"), **properties}, lon, lat)


def from_properties(properties: Mapping[str, Any], lon: float | None = None, lat: float | None = None) -> Correction:
    """A correction from the columns of a layer. Raises `NotACorrection` when a column makes no sense.

    A row without uuid gets one made of its content, so that the same row sent again is known to be the same.
    """
    texts = {name: _text(properties.get(name)) for name in PROPERTIES if name != "changes"}
    changes = read_changes(properties.get("changes"))
    if texts["type"] not in TYPES:
        raise NotACorrection(
            "“{type}” is not a type of correction; use one of: {types}.", type=texts["type"], types=", ".join(TYPES)
        )
    lon, lat = _coordinates(lon, lat)
    correction = Correction(**texts, changes=changes, lon=lon, lat=lat)
    return replace(
        correction,
        uuid=_uuid(correction),
        etat=correction.etat if correction.etat in STATES else "brouillon",
        cree_le=correction.cree_le or _now(),
    )


def read_changes(value: Any) -> dict[str, Change]:
    """Changes from JSON text or from the object itself. Raises `NotACorrection`."""
    if value is None or value == "":
        return {}
    try:
        document = json.loads(value) if isinstance(value, str) else value
        json.dumps(document, allow_nan=False)
        changes = {str(name): Change(pair.get("old"), pair.get("new")) for name, pair in document.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NotACorrection("Its changes are not of the form {{field: {{old, new}}}}.") from error
    if not all(place is None or _are_two_numbers(place) for place in changes.get(POSITION, ())):
        raise NotACorrection("A position among its changes is not of the form [longitude, latitude].")
    return changes


def changes_text(changes: Mapping[str, Change]) -> str:
    """Changes as JSON text; empty when there are none."""
    if not changes:
        return ""
    return json.dumps(
        {name: {"old": change.old, "new": change.new} for name, change in changes.items()}, ensure_ascii=False
    )


def _uuid(correction: Correction) -> str:
    if not correction.uuid:
        content = as_feature(replace(correction, cree_le="", etat="", motif="", ref_serveur=""))
        return str(uuids.uuid5(_NAMESPACE, json.dumps(content, sort_keys=True, ensure_ascii=True)))
    try:
        return str(uuids.UUID(correction.uuid))
    except ValueError:
        raise NotACorrection("“{uuid}” is not a uuid.", uuid=correction.uuid) from None


def _are_two_numbers(place: Any) -> bool:
    try:
        lon, lat = place
        return math.isfinite(lon) and math.isfinite(lat)
    except (TypeError, ValueError, OverflowError):
        return False


def _coordinates(lon: Any, lat: Any) -> tuple[float | None, float | None]:
    if lon is None or lat is None:
        return None, None
    try:
        lon, lat = float(lon), float(lat)
    except (TypeError, ValueError):
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise NotACorrection("Its position is not one in degrees of longitude and latitude.")
    return lon, lat


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
