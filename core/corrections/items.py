"""A registry's collections of services and corrections as its API shows them: addresses, items, and what they hold."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import requests

from ..errors import CartoError
from ..http import (
    MEGABYTE,
    TIMEOUT,
    OwnQuery,
    Refused,
    absolute,
    check_connection_url,
    exchange,
    read_json,
    same_origin,
    shown_url,
)
from ..messages import Message, msg
from .answers import refusal_of
from .conflicts import Conflict, conflict_of
from .model import Correction

ANSWER_LIMIT = 5 * MEGABYTE

DECIDED = ("acceptee", "rejetee", "conflit")
"""States of a correction that only the registry gives, for good."""


class Target(Protocol):
    """A connection, as far as sending is concerned."""

    @property
    def url(self) -> str: ...

    @property
    def authcfg(self) -> str: ...


class CannotSend(CartoError):
    """Nothing can be sent over this connection until the user does something about it."""


class _Found(NamedTuple):
    """The answer to "do you have it?": the item (None = no), or ``known`` False when the server does not say."""

    known: bool
    feature: dict[str, Any] | None = None
    address: str = ""
    by_filter: bool = False


class Items:
    """What sending and deciding have in common: one registry, reached over one connection.

    Raises `core.http.Refused` when the connection's address is not safe for what it carries.
    """

    def __init__(
        self, session: requests.Session, connection: Target, *, timeout: tuple[float, float] = TIMEOUT
    ) -> None:
        check_connection_url(connection.url, has_auth=bool(connection.authcfg or session.auth))
        self._session, self._timeout = session, timeout
        self._base_url, self._services = _base_and_services(connection.url)
        self._own = OwnQuery(connection.url, ("f", "limit", "offset", "startindex", "page"))

    def service(self, service_id: str) -> dict[str, Any] | None:
        """A service as the registry has it now (a GeoJSON feature), None when it does not.

        Raises `CannotSend`, `core.http.Refused`.
        """
        with plain_errors():
            return self._service(service_id).feature

    def _location(self, response: requests.Response) -> str:
        """The address of the new item; empty when the registry gives none, or one that is not its own."""
        try:
            location = absolute(response.url, response.headers.get("Location") or "")
        except Refused:
            return ""
        location = self._own.off(location)
        return location if response.headers.get("Location") and same_origin(location, self._base_url) else ""

    def _find(self, uuid: str) -> _Found:
        """Ask for the correction by its uuid."""
        return self._sure(self._look_up("corrections", "uuid", uuid))

    @staticmethod
    def _sure(found: _Found) -> _Found:
        """No item of that name says nothing where items are named otherwise than by the identifier."""
        return found if found.feature or found.by_filter else _Found(False)

    def _conflict(self, correction: Correction) -> Conflict | None:
        if not correction.service_id:
            return None
        found = self._service(correction.service_id)
        return conflict_of(correction, found.feature) if found.known else None

    def _service(self, service_id: str) -> _Found:
        """The service as the registry has it now. Not known when the registry publishes no services."""
        return self._sure(self._look_up(self._services, "id", service_id))

    def _look_up(self, collection: str, key: str, value: str) -> _Found:
        """An item by a property, or by its name where the server does not filter by that property."""
        document = self._read(self._items(collection), **{key: value, "limit": "2"})
        features = features_of(document)
        for feature in features or ():
            if text_of(feature, key) == value:
                return _Found(True, feature, self._item(collection, feature.get("id", value)), by_filter=True)
        if features == [] and matched_of(document) == 0:
            return _Found(True, by_filter=True)
        address = self._item(collection, value)
        feature = self._read(address)
        if text_of(feature, key) == value:
            return _Found(True, feature, address)
        return _Found(features is not None)

    def _read(self, url: str, **params: str) -> Any:
        """JSON of an address, None when the server has nothing there or does not understand what is asked.

        Raises `CannotSend` when access is denied; other answers are passing failures (`requests.HTTPError`).
        """
        headers = {"Accept": "application/geo+json, application/json"}
        with self._exchange("GET", url, params=params or None, headers=headers) as response:
            if response.status_code in (400, 404, 410):
                return None
            if response.status_code in (401, 403):
                denied = refusal_of(response).reason
                raise CannotSend(denied.template, **denied.values)
            if response.status_code != 200:
                raise requests.HTTPError(f"HTTP {response.status_code}", response=response)
            return read_json(response, ANSWER_LIMIT)

    def _exchange(self, method: str, url: str, **options: Any) -> requests.Response:
        url = self._own.on(url)
        return exchange(self._session, method, url, base_url=self._base_url, timeout=self._timeout, **options)

    def _items(self, collection: str) -> str:
        return f"{self._base_url}/collections/{collection}/items"

    def _item(self, collection: str, item: Any) -> str:
        return f"{self._items(collection)}/{quote(str(item), safe='')}"


def _base_and_services(url: str) -> tuple[str, str]:
    """The API's root and the name of the collection of services, from a connection's address (root or collection)."""
    address = url.split("?")[0].split("#")[0].rstrip("/")
    found = re.fullmatch(r"(.+)/collections/([^/]+)(?:/items)?", address)
    return (found[1], found[2]) if found else (address, "services")


def features_of(document: Any) -> list[dict[str, Any]] | None:
    """The features of a page; None where it is none."""
    features = document.get("features") if isinstance(document, dict) else None
    return [feature for feature in features if isinstance(feature, dict)] if isinstance(features, list) else None


def matched_of(document: Any) -> int | None:
    """How many items the server says match, None where it says no number; without a word, as many as it gives."""
    matched = document.get("numberMatched", len(document["features"]))
    return matched if isinstance(matched, int) else None


def text_of(feature: Any, name: str) -> str:
    """A property as text. Servers that keep their key out of the properties give it as the feature's id."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return ""
    properties = feature.get("properties")
    value = properties.get(name) if isinstance(properties, dict) else None
    if value is None and name in ("uuid", "id"):
        value = feature.get("id")
    return "" if value is None else str(value)


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Network failures as `CannotSend`, with a sentence for the user."""
    try:
        yield
    except requests.RequestException as error:
        cause = cause_of(error)
        raise CannotSend(cause.template, **cause.values) from error


def cause_of(error: Exception) -> Message:
    """Why there was no usable answer, without the addresses and bodies that libraries put in their texts."""
    if isinstance(error, CartoError):
        return error.message
    if isinstance(error, requests.Timeout):
        return msg("The registry did not answer in time.")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        url, status = shown_url(error.response.url), error.response.status_code
        return msg("{url} answered with error {status}.", url=url, status=status)
    return msg("The registry is out of reach.")
