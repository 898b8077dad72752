"""What matching reads: one's own list through a field mapping, the reference, decisions made before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsFeatureSource, QgsProcessingContext

from ..core.categories import by_code
from ..core.matching import Decisions, guess_fields, service_of
from ..core.matching.geocoding import SERVER, GeocodeCache, Geocoder, GeocoderStopped, with_positions
from ..core.messages import msg
from ..core.progress import Progress
from ..core.services import SERVICE_COLUMNS, Service
from ..core.versions import clean, normalised
from . import settings
from .access_inputs import LayerError
from .attributes import as_text, plain
from .cache import addresses_path
from .connections import data_folder
from .coordinates import WGS84
from .positions import read_points
from .transport import Cancel, open_session

_SAMPLE = 200


class ListRead(NamedTuple):
    """A layer read as services (n).

    Attributes:
        features: as read, in the order of ``services``.
        fields: which fields of the layer fed each column.
    """

    features: list[QgsFeature]
    services: list[Service]
    fields: dict[str, tuple[str, ...]]

    @property
    def columns(self) -> set[str]:
        """The columns of which the list says something."""
        return {*self.fields, "adresse", "code_postal", "commune"} if "adresse" in self.fields else set(self.fields)


def read_list(
    source: QgsFeatureSource,
    name: str,
    given: Mapping[str, Sequence[str]],
    category: str,
    context: QgsProcessingContext,
    progress: Progress,
) -> ListRead:
    """Read the layer of the parameter ``name``. Columns that ``given`` does not name are guessed; one that it gives no
    field is not read.

    ``category``: of all rows of a list of one kind of service; empty otherwise.

    Raises `LayerError` for a layer that is empty or without a name of services, `UnknownCategory`.
    """
    if category:
        by_code(category)
    names = [field.name() for field in source.fields()]
    features, positions = _read(source, name, context, progress.part(0.0, 0.5))
    fields = fields_of(features, names, given)
    if "nom" not in fields:
        raise LayerError("No column of the layer {name} looks like the name of a service; say which it is.", name=name)

    def as_service(feature: QgsFeature, number: int) -> Service:
        return service_of(_values(names, feature), fields, number, category)

    return ListRead(features, _services(features, positions, as_service, progress.part(0.5, 1.0)), fields)


def read_reference(source: QgsFeatureSource, context: QgsProcessingContext, progress: Progress) -> ListRead:
    """Read the referential: as it is where its columns are the contract's, else like any list that has identifiers.

    Values are kept to the letter, since a correction says what was read. Raises `LayerError`.
    """
    names = [field.name() for field in source.fields()]
    if not set(names) >= {"id", "nom", "categorie"}:
        read = read_list(source, "REFERENCE", {}, "", context, progress)
        if "id" not in read.fields:
            raise LayerError("The layer {name} has no column “{field}”.", name="REFERENCE", field="id")
        return read
    columns = [name for name in names if name in SERVICE_COLUMNS]
    features, positions = _read(source, "REFERENCE", context, progress.part(0.0, 0.5))

    def as_service(feature: QgsFeature, _number: int) -> Service:
        values = _values(names, feature)
        texts: dict[str, Any] = {column: as_text(values[column]) for column in columns}
        return replace(Service(id="", nom="", categorie=""), **texts)

    services = _services(features, positions, as_service, progress.part(0.5, 1.0))
    return ListRead(features, services, {column: (column,) for column in columns})


def read_services(
    source: QgsFeatureSource, name: str, context: QgsProcessingContext, progress: Progress
) -> list[Service]:
    """The services of a producer's layer ``name``, in the form in which they are stored.

    Columns are the contract's where the layer has them, else guessed from titles and content. A row that gives no
    identifier has none: not even by its number, which is another when rows are sorted. Raises `LayerError`.
    """
    names = [field.name() for field in source.fields()]
    if not {"nom", "categorie"} <= set(names) or not {"id", "id_producteur"} & set(names):
        read = read_list(source, name, {}, "", context, progress)
        given = [name for name in names if name in read.fields.get("id", ())]
        return [
            service if any(clean(plain(feature[name])) for name in given) else replace(service, id="")
            for feature, service in zip(read.features, read.services)
        ]
    features, positions = _read(source, name, context, progress.part(0.0, 0.5))

    def as_service(feature: QgsFeature, _number: int) -> Service:
        values = _values(names, feature)
        kept = {column: clean(values.get(column)) for column in ("version", "anomalie")}
        texts: dict[str, Any] = {**normalised(values), **kept}
        return replace(Service(id="", nom="", categorie=""), **texts)

    return _services(features, positions, as_service, progress.part(0.5, 1.0))


def fields_of(
    features: Sequence[QgsFeature], names: Sequence[str], given: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Which fields feed which column: those given, and those that names and the first rows tell."""
    taken = {name for fields in given.values() for name in fields}
    rows = [_values(names, feature) for feature in features[:_SAMPLE]]
    guessed = guess_fields(rows, [name for name in names if name not in taken])
    return {column: tuple(fields) for column, fields in {**guessed, **given}.items() if fields}


def find_positions(services: list[Service], server: str, progress: Progress) -> list[Service]:
    """Those without position placed by their address, as far as the geocoder can be reached."""
    missing = sum(service.lon is None for service in services)
    if not missing:
        return services
    address = server or settings.GEOCODER.value() or SERVER
    cache = _answers_kept()
    try:
        geocoder = Geocoder(open_session(address, feedback=Cancel(progress)), address, cache)
        placed, count = with_positions(services, geocoder, progress)
    except GeocoderStopped as stopped:
        progress.warn(stopped.message)
        progress.warn(
            msg(
                "{count} row without position is matched by commune only."
                "|{count} rows without position are matched by commune only.",
                count=missing,
            )
        )
        return services
    finally:
        cache.close()
    progress.info(msg("{count} of {total} rows without position were placed by address.", count=count, total=missing))
    return placed


def _answers_kept() -> GeocodeCache:
    """The geocoder's answers of earlier runs; those of this one only where the file cannot be opened."""
    try:
        return GeocodeCache(addresses_path())
    except (sqlite3.OperationalError, OSError):
        return GeocodeCache()


def say_fields(fields: Mapping[str, Sequence[str]], progress: Progress) -> None:
    """Say which field was taken for what, so that a wrong guess is seen."""
    progress.info(
        msg(
            "Fields read: {fields}.",
            fields=", ".join(f"{column} ← {' + '.join(filter(None, names))}" for column, names in fields.items()),
        )
    )


def user_decisions() -> Decisions:
    """What the user has said of pairs. Raises `DecisionsError`."""
    return Decisions(data_folder() / "rapprochements.sqlite")


def _read(
    source: QgsFeatureSource, name: str, context: QgsProcessingContext, progress: Progress
) -> tuple[list[QgsFeature], np.ndarray]:
    features, positions = read_points(source, QgsCoordinateReferenceSystem(WGS84), context, progress)
    if not features:
        raise LayerError("The layer {name} is empty.", name=name)
    return features, positions


def _services(
    features: Sequence[QgsFeature],
    positions: np.ndarray,
    as_service: Callable[[QgsFeature, int], Service],
    progress: Progress,
) -> list[Service]:
    """What each feature tells of, at the position of its geometry where it has one."""
    services = []
    for number, (feature, (lon, lat)) in enumerate(zip(features, positions.tolist())):
        if number % 1000 == 0:
            progress.advance(number / len(features))
        service = as_service(feature, number)
        services.append(replace(service, lon=lon, lat=lat) if lon == lon else service)
    return services


def _values(names: Iterable[str], feature: QgsFeature) -> dict[str, Any]:
    return {name: plain(value) for name, value in zip(names, feature.attributes())}
