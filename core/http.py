"""Safety rules of every exchange with a server, in one place.

Credentials are the session's business (in QGIS: the connection's `authcfg`). What is guarded here is where a session
may go: it never leaves the origin of its connection, and carries credentials over plain http to loopback only.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import unquote_plus, urljoin, urlsplit, urlunsplit

import requests

from .errors import CartoError
from .progress import Progress

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and between two pieces of an answer."""

MOST_SECONDS = 600.0
"""The longest that the body of an answer may take to come, however steadily it does."""

MEGABYTE = 1 << 20
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CHUNK = 1 << 14
_LONGEST_LENGTH = 20
"""Digits read of an announced length: more are no length of anything."""
_MOST_REDIRECTS = 5
_UNFOLDED = {"", "identity", "gzip", "x-gzip", "deflate"}
"""Compressions that unfold at most about a thousandfold, piece by piece; two over one another do not."""
_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_KEEPING_METHOD = {307, 308}


class Refused(CartoError):
    """An address that it would not be safe to use."""


class AnswerTooLarge(CartoError):
    """The answer is larger than what such an answer can be."""


class AnswerCutShort(CartoError):
    """The answer ended before its announced length."""


class AnswerTooSlow(CartoError):
    """The answer did not come to its end in the time that such an answer may take."""


class NotJson(CartoError):
    """The answer is not the JSON that was asked for."""


class Origin(NamedTuple):
    """Scheme, host and port: what decides whether credentials may go to an address."""

    scheme: str
    host: str
    port: int


def origin(url: str) -> Origin:
    """The origin of an http(s) address. Raises `Refused` for any other scheme and for addresses without a host."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _DEFAULT_PORTS or not host:
        raise Refused("“{url}” is not an http or https address.", url=shown_url(url))
    return Origin(scheme, host, port or _DEFAULT_PORTS[scheme])


def same_origin(a: str, b: str) -> bool:
    """Whether two absolute addresses share scheme, host and port. An address that is not http(s) shares nothing."""
    try:
        return origin(a) == origin(b)
    except Refused:
        return False


def is_loopback(url: str) -> bool:
    """Whether the address names this very machine (`localhost`, 127.0.0.0/8, ::1)."""
    host = origin(url).host
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def absolute(base: str, reference: str) -> str:
    """The address that a server's reference (a link, a `Location`) leads to. Raises `Refused` for nonsense."""
    try:
        return urljoin(base, reference)
    except ValueError as error:
        raise Refused("“{url}” is not an http or https address.", url=shown_url(reference)) from error


def check_connection_url(url: str, has_auth: bool) -> None:
    """Raise `Refused` unless the address can serve as a connection's base.

    It must be http(s), hold no user name or password, and be https (or loopback) when credentials go with it.
    """
    scheme = origin(url).scheme
    if "@" in urlsplit(url).netloc:
        raise Refused(
            "The address “{url}” holds a user name or password; put them in a QGIS authentication configuration.",
            url=shown_url(url),
        )
    if has_auth and scheme == "http" and not is_loopback(url):
        raise Refused(
            "“{url}” is not encrypted: credentials are sent over https only. Use https, or remove the authentication.",
            url=shown_url(url),
        )


def shown_url(url: str) -> str:
    """The address as it may be shown and logged: without user name, password, query and fragment."""
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return "?"


def kept_url(url: str) -> str:
    """The address as it may be kept in a file that others read: its query, where a key may be, only as a digest."""
    base, mark, query = url.partition("?")
    return base + mark + (hashlib.blake2b(query.encode(), digest_size=8).hexdigest() if query else "")


class OwnQuery:
    """The query that is a part of a connection's address (`?MAP=…`, `?token=…`): it goes with each request to it.

    Its parts stay as they were written. Those named in ``but`` are left out: what a reading says itself.
    """

    def __init__(self, url: str, but: Iterable[str] = ()) -> None:
        left_out = set(but)
        query = url.partition("#")[0].partition("?")[2]
        self._parts = tuple(part for part in query.split("&") if part and _name_of(part) not in left_out)

    def names(self) -> set[str]:
        """Names of its parameters, in lower case."""
        return set(map(_name_of, self._parts))

    def value(self, name: str) -> str:
        """The text of one of its parameters, empty when it has none of that name."""
        return next((unquote_plus(part.partition("=")[2]) for part in self._parts if _name_of(part) == name), "")

    def on(self, url: str) -> str:
        """The address with those of its parts whose names the address does not have."""
        base, mark, query = url.partition("?")
        has = {_name_of(part) for part in query.split("&")}
        missing = [part for part in self._parts if _name_of(part) not in has]
        if not missing:
            return url
        return f"{base}?{'&'.join(filter(None, [query if mark else '', *missing]))}"

    def off(self, url: str) -> str:
        """The address as it may be kept: without these parts, which may hold a key."""
        base, _mark, query = url.partition("?")
        own = self.names()
        rest = [part for part in query.split("&") if part and _name_of(part) not in own]
        return f"{base}?{'&'.join(rest)}" if rest else base


def _name_of(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).lower()


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    base_url: str,
    timeout: tuple[float, float] = TIMEOUT,
    redirects: bool = True,
    **options: Any,
) -> requests.Response:
    """Send a request and give the answer with its body still unread (`read_bounded`, `read_json`).

    ``url`` and every redirect must stay on the origin of ``base_url``, else `Refused`: the session may hold
    credentials. Other methods than GET follow only the redirects that keep method and body (307, 308). With
    ``redirects`` false a redirect is given as it is.
    Raises `requests.RequestException` when no answer came.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        if not same_origin(url, base_url):
            raise Refused(
                "The server {base} points to another one, {url}: nothing was sent there.",
                base=shown_url(base_url),
                url=shown_url(url),
            )
        try:
            response = asked(session, method, url, timeout=timeout, **options)
        except requests.RequestException:
            raise
        except ValueError as error:  # `requests` reads the Location of a redirect even when it is not to follow it
            raise Refused("The server {base} points to an address that is none.", base=shown_url(base_url)) from error
        followed = _REDIRECTS if method == "GET" else _REDIRECTS_KEEPING_METHOD
        location = response.headers.get("Location")
        if not redirects or response.status_code not in followed or not location:
            return response
        response.close()
        url = absolute(url, location)
        options.pop("params", None)
    raise Refused("The server {base} redirects without end.", base=shown_url(base_url))


def asked(session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
    """The answer to one request, a redirect too, with its body still unread.

    `requests` itself reads the whole body of a redirect, however long, even when it is not to follow it.
    """
    with _blind_to_redirects(session):
        return session.request(method, url, allow_redirects=False, stream=True, **options)


def asked_bare(session: requests.Session, url: str, timeout: tuple[float, float] = TIMEOUT) -> requests.Response:
    """As `asked`, with nothing of the session's own: neither credentials nor cookies nor headers."""
    bare = requests.Request("GET", url).prepare()
    with _blind_to_redirects(session):
        return session.send(bare, allow_redirects=False, stream=True, timeout=timeout)


@contextmanager
def _blind_to_redirects(session: requests.Session) -> Iterator[None]:
    session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        session.__dict__.pop("get_redirect_target", None)


def body_pieces(
    response: requests.Response,
    limit: int,
    progress: Progress | None = None,
    seconds: float = MOST_SECONDS,
    chunk: int = _CHUNK,
) -> Iterator[bytes]:
    """The body, decompressed, piece by piece: the one way in which answers are read. The answer is closed at the end.

    Raises `AnswerTooLarge` beyond ``limit`` bytes (announced or real), `AnswerTooSlow` beyond ``seconds``,
    `AnswerCutShort` when it ends early, `Refused` for a compression that cannot be bounded, `Cancelled`, and
    `requests.RequestException` when the connection breaks.
    """
    progress = progress or Progress()
    announced, size, end = announced_length(response), 0, time.monotonic() + seconds
    try:
        _check_encoding(response)
        if (announced or 0) > limit:
            raise _too_large(response, limit)
        for piece in response.iter_content(chunk):
            progress.check()
            size += len(piece)
            if size > limit:
                raise _too_large(response, limit)
            if time.monotonic() > end:
                raise AnswerTooSlow(
                    "The answer of {url} did not end within {seconds} s; try again later.",
                    url=shown_url(response.url),
                    seconds=round(seconds),
                )
            yield piece
    finally:
        response.close()
    _check_length(response, size, announced)


def _check_encoding(response: requests.Response) -> None:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _UNFOLDED:
        raise Refused(
            "{url} answers in a compression that was not asked for (“{encoding}”).",
            url=shown_url(response.url),
            encoding=encoding[:40],
        )


def _check_length(response: requests.Response, size: int, announced: int | None) -> None:
    """Raise `AnswerCutShort` for a body shorter than announced; of a compressed one, what came over the wire counts."""
    if announced is None and hasattr(response.raw, "tell"):
        announced, size = _content_length(response), response.raw.tell()
    if announced is not None and size < announced:
        raise AnswerCutShort(
            "The answer of {url} broke off after {size} of {announced} bytes; try again.",
            url=shown_url(response.url),
            size=size,
            announced=announced,
        )


def read_bounded(
    response: requests.Response, limit: int = 100 * MEGABYTE, progress: Progress | None = None, chunk: int = _CHUNK
) -> bytes:
    """The whole body, decompressed, read once. Raises what `body_pieces` raises."""
    return b"".join(body_pieces(response, limit, progress, chunk=chunk))


def read_json(response: requests.Response, limit: int = 100 * MEGABYTE, progress: Progress | None = None) -> Any:
    """The body as JSON. Raises what `read_bounded` raises, and `NotJson`."""
    body = read_bounded(response, limit, progress)
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotJson(
            "{url} did not answer with JSON (it begins with “{start}”); check the connection's address.",
            url=shown_url(response.url),
            start=body[:40].decode("utf-8", "replace").strip(),
        ) from error


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait by a `Retry-After` header (a number or an HTTP date), None when absent or not understood."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - (now or datetime.now(timezone.utc))).total_seconds())


def asked_pause(response: requests.Response) -> float | None:
    """Seconds that the server asks to wait before the next request, None when it does not say."""
    return retry_after(response.headers.get("Retry-After"))


def announced_length(response: requests.Response) -> int | None:
    """`Content-Length`, where it counts the bytes we shall see (not of a compressed answer), else None."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return None
    return _content_length(response)


def _content_length(response: requests.Response) -> int | None:
    text = response.headers.get("Content-Length", "")
    if response.request is not None and response.request.method == "HEAD":
        return None
    return int(text[:_LONGEST_LENGTH]) if text.isascii() and text.isdigit() else None


def _too_large(response: requests.Response, limit: int) -> AnswerTooLarge:
    return AnswerTooLarge(
        "The answer of {url} is larger than {limit} MB, which such an answer cannot be.",
        url=shown_url(response.url),
        limit=limit // MEGABYTE,
    )
