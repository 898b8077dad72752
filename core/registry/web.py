"""Reading a registry over http: patience with passing failures, clear words for the others, bounded sizes."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import requests

from ..errors import Cancelled, CartoError
from ..http import MEGABYTE, AnswerCutShort, asked_pause, check_connection_url, exchange, read_bounded, shown_url
from ..messages import msg
from ..pacing import Attempt, attempts
from ..progress import Progress
from .connection import Connection, RegistryError

PAGE_LIMIT = 64 * MEGABYTE
"""The largest page accepted, decompressed."""

_ATTEMPTS = 4
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_YEAR = 366 * 86_400.0
_PASSING = {429, 502, 503, 504}
_EXCERPT = 200


class Unreachable(RegistryError):
    """No answer came."""


class AccessDenied(RegistryError):
    """The server wants credentials, or other ones."""


class ServerRefusal(RegistryError):
    """The server answered with an error."""

    status = 0


class NotARegistry(RegistryError):
    """What answers is not what the connection's kind says."""


class Web:
    """GET requests of one connection."""

    def __init__(self, connection: Connection, session: requests.Session) -> None:
        check_connection_url(connection.url, has_auth=bool(connection.authcfg or session.auth))
        self._base_url, self._session = connection.url, session

    def get(
        self, url: str, progress: Progress, headers: Mapping[str, str] | None = None
    ) -> tuple[requests.Response, bytes]:
        """The answer (status 200 or 304) and its whole body; passing failures are tried again with patience."""
        for attempt in self._attempts(progress):
            try:
                with self.opened(url, progress, headers) as response:
                    return response, read_bounded(response, PAGE_LIMIT, progress)
            except (AnswerCutShort, requests.RequestException) as error:
                if attempt.is_last:
                    raise _unreachable(url, error) from error
                progress.warn(
                    msg(
                        "Attempt {attempt}: {url} did not answer fully; trying again.",
                        attempt=attempt.number,
                        url=shown_url(url),
                    )
                )
        raise AssertionError("the last attempt raises or returns")

    @contextlib.contextmanager
    def opened(
        self, url: str, progress: Progress, headers: Mapping[str, str] | None = None
    ) -> Iterator[requests.Response]:
        """An answer (status 200 or 304) whose body is still to be read. A busy server is asked again later."""
        for attempt in self._attempts(progress):
            response = exchange(self._session, "GET", url, base_url=self._base_url, headers=dict(headers or {}))
            if response.status_code in (200, 304):
                break
            asked = asked_pause(response)
            attempt.pause = round(attempt.pause, 1) if asked is None else asked
            if response.status_code in _PASSING and attempt.pause > _LONGEST_WAIT:
                raise _asks_to_wait(response, attempt.pause)
            if response.status_code not in _PASSING or attempt.is_last:
                raise refusal(response, progress)
            response.close()
            progress.info(msg("{url} is busy; asking again in {seconds} s.", url=shown_url(url), seconds=attempt.pause))
        with contextlib.closing(response):
            yield response

    def _attempts(self, progress: Progress) -> Iterator[Attempt]:
        return attempts(_ATTEMPTS, _FIRST_WAIT, _LONGEST_WAIT, progress.check)


def validator_of(response: requests.Response) -> list[str]:
    """Address, `ETag` and `Last-Modified` of an answer; empty when it carries neither."""
    tag, date = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return [response.url, tag, date] if tag or date else []


def condition(validator: list[str]) -> dict[str, str]:
    """The headers that ask for an answer only if it is another than the one of the validator."""
    _url, tag, date = validator
    return {"If-None-Match": tag} if tag else {"If-Modified-Since": date}


def with_params(url: str, params: Mapping[str, str]) -> str:
    """The address with parameters, written with as few escapes as the standard allows: some servers mangle them."""
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, safe=',:/*()', quote_via=quote)}"


def refusal(response: requests.Response, progress: Progress) -> RegistryError:
    """The error that an http status stands for, with the server's first words as data."""
    status, url = response.status_code, shown_url(response.url)
    if status in (401, 403):
        response.close()
        return AccessDenied(
            "{url} denies access ({status}): check the connection's authentication configuration.",
            url=url,
            status=status,
        )
    error = ServerRefusal(
        "{url} answered with error {status}: {words}", url=url, status=status, words=_first_words(response, progress)
    )
    error.status = status
    return error


def _asks_to_wait(response: requests.Response, seconds: float) -> RegistryError:
    """More than anybody would sit through."""
    url, status = shown_url(response.url), response.status_code
    response.close()
    minutes = math.ceil(min(seconds, _YEAR) / 60)
    error = ServerRefusal(
        "{url} is busy (error {status}) and asks to wait {minutes} min: try again later.",
        url=url,
        status=status,
        minutes=minutes,
    )
    error.status = status
    return error


def _first_words(response: requests.Response, progress: Progress) -> str:
    try:
        text = read_bounded(response, MEGABYTE, progress).decode("utf-8", "replace").strip()
    except Cancelled:
        raise
    except (CartoError, requests.RequestException):
        return response.reason or "?"
    if text.startswith("<"):
        return response.reason or "?"
    return (_described(text) or text or response.reason or "?")[:_EXCERPT]


def _described(text: str) -> str:
    """The sentence inside an error written in JSON, as OGC APIs and Opendatasoft do."""
    with contextlib.suppress(ValueError, RecursionError):
        value: Any = json.loads(text)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, dict):
            return str(value.get("description") or value.get("message") or value.get("detail") or "")
    return ""


def _unreachable(url: str, error: Exception) -> RegistryError:
    return Unreachable("{url} could not be read: {cause}", url=shown_url(url), cause=cause_of(error))


def cause_of(error: Exception) -> str:
    """Why there was no answer, in the library's words but for the queries in them: a key may be there."""
    if isinstance(error, requests.Timeout):
        return "timeout"
    return re.sub(r"\?[^\s'\")]*", "", str(error))[:_EXCERPT]
