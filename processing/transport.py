"""`requests` over QGIS's network manager: proxy, certificates, user agent and `authcfg` of the user's QGIS apply."""

from __future__ import annotations

import contextlib
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import requests
from qgis.core import QgsApplication, QgsFeedback, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QEventLoop, QObject, QTimer, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from ..core.errors import Cancelled, CartoError
from ..core.http import MEGABYTE, AnswerTooLarge, check_connection_url, same_origin, shown_url
from ..core.progress import Progress
from . import log

CANCEL_POLL_MS = 100
MOST_BYTES = 2048 * MEGABYTE
"""Of one answer, unfolded: those who read it are stricter."""
READ_BUFFER = 1 << 18
"""Bytes that Qt takes from the network ahead of who reads them."""
FOLDED = (b"gzip", b"x-gzip", b"deflate")
SET_BY_QT = {"host", "transfer-encoding", "content-length", "accept-encoding", "connection", "user-agent"}

Attribute = QNetworkRequest.Attribute
NetworkError = QNetworkReply.NetworkError
# After these, what arrived is not whole, even when a status line had come.
BROKEN = {
    NetworkError.RemoteHostClosedError: requests.exceptions.ConnectionError,
    NetworkError.OperationCanceledError: requests.exceptions.Timeout,
    NetworkError.TimeoutError: requests.exceptions.Timeout,
    NetworkError.SslHandshakeFailedError: requests.exceptions.SSLError,
    NetworkError.TemporaryNetworkFailureError: requests.exceptions.ConnectionError,
    NetworkError.NetworkSessionFailedError: requests.exceptions.ConnectionError,
    NetworkError.ProtocolFailure: requests.exceptions.ConnectionError,
    NetworkError.UnknownNetworkError: requests.exceptions.ConnectionError,
    NetworkError.ProxyConnectionRefusedError: requests.exceptions.ProxyError,
    NetworkError.ProxyConnectionClosedError: requests.exceptions.ProxyError,
    NetworkError.ProxyNotFoundError: requests.exceptions.ProxyError,
    NetworkError.ProxyTimeoutError: requests.exceptions.ProxyError,
}


class NoCredentials(CartoError):
    """QGIS cannot apply the authentication configuration of the connection."""


def open_session(base_url: str, authcfg: str = "", feedback: QgsFeedback | Cancel | None = None) -> requests.Session:
    """A session for `core`, whose credentials (``authcfg``, applied by QGIS) go to the origin of ``base_url`` only.

    A request under way stops within a tenth of a second once ``feedback`` is cancelled (`core.errors.Cancelled`).
    Usable from any thread, by one thread at a time: an answer is read in the thread that asked. Raises
    `core.http.Refused` for an address unfit for credentials.
    """
    if authcfg:
        check_connection_url(base_url, has_auth=True)
    session = requests.Session()
    session.trust_env = False
    adapter = QgisAdapter(base_url, authcfg, feedback)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class Cancel:
    """The user's cancel of a progress, as `open_session` takes it for its ``feedback``."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def isCanceled(self) -> bool:
        return self._progress.cancelled()


class QgisAdapter(BaseAdapter):
    """Sends prepared requests through the thread's own `QgsNetworkAccessManager`; a body is read as it comes."""

    def __init__(self, base_url: str, authcfg: str, feedback: QgsFeedback | Cancel | None) -> None:
        super().__init__()
        self._base_url, self._authcfg, self._feedback = base_url, authcfg, feedback

    def close(self) -> None:
        """Nothing is held open."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        if self._cancelled():
            raise Cancelled
        loop = QEventLoop()  # before anything is asked: Qt starts no timer in a thread of Python's without one
        manager = _manager()
        asked = _qt_request(request)
        authcfg = self._authcfg if same_origin(request.url or "", self._base_url) else ""
        if authcfg:
            asked = _authorised(asked, authcfg, request)
        method = (request.method or "").upper()
        if method == "HEAD":  # a custom one would wait for a body until the timeout
            reply = manager.head(asked)
        else:
            # Qt's own copy of the body: it reads it once events run, which may be after the request was given up.
            reply = manager.sendCustomRequest(asked, method.encode(), QByteArray(_body(request)))
        if authcfg:
            QgsApplication.authManager().updateNetworkReply(reply, authcfg)
        body = _Body(reply, request, loop, _seconds(timeout), self._cancelled)
        try:
            status = body.wait_for_headers()
        except BaseException:
            body.close()
            raise
        return _response(reply, status, request, self, body)

    def _cancelled(self) -> bool:
        return self._feedback is not None and self._feedback.isCanceled()


def _seconds(timeout: Any) -> float | None:
    """The longest silence of the two timeouts of `requests`, None for any."""
    return max((part for part in timeout if part), default=None) if isinstance(timeout, tuple) else timeout


def _authorised(asked: QNetworkRequest, authcfg: str, request: requests.PreparedRequest) -> QNetworkRequest:
    done, asked = QgsApplication.authManager().updateNetworkRequest(asked, authcfg)
    if not done:
        raise NoCredentials(
            "QGIS cannot apply the authentication configuration {authcfg} to {url}: unlock QGIS's authentication, or"
            " choose another configuration in the connection.",
            authcfg=authcfg,
            url=shown_url(request.url or ""),
        )
    return asked


def _qt_request(request: requests.PreparedRequest) -> QNetworkRequest:
    asked = QNetworkRequest(QUrl.fromEncoded((request.url or "").encode("ascii")))
    for name, value in request.headers.items():
        if name.lower() not in SET_BY_QT:
            asked.setRawHeader(_latin1(name), _latin1(value))
    # Asked for here, answers stay folded in Qt's hands: it would unfold a bomb whole.
    asked.setRawHeader(b"Accept-Encoding", b"gzip, deflate")
    # `requests` decides on redirects: it drops credentials when the origin changes.
    asked.setAttribute(Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)
    asked.setAttribute(Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork)
    asked.setAttribute(Attribute.CacheSaveControlAttribute, False)
    for version in ("Http2AllowedAttribute", "HTTP2AllowedAttribute"):  # which ignore the size of a buffer
        if hasattr(Attribute, version):
            asked.setAttribute(getattr(Attribute, version), False)
    return asked


def _body(request: requests.PreparedRequest) -> bytes:
    body: Any = request.body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if hasattr(body, "read"):
        return body.read()
    return bytes(body) if isinstance(body, (bytes, bytearray)) else b"".join(body)


class _Body:
    """The bytes of an answer, read from Qt as they are asked for: neither a bomb nor a large file fills the memory.

    Of the `raw` of a `requests.Response` it has what `requests` uses: `stream`, `read`, `tell`, `close`. Qt takes no
    more from the network than `READ_BUFFER` ahead of who reads.
    """

    def __init__(
        self,
        reply: QNetworkReply,
        request: requests.PreparedRequest,
        loop: QEventLoop,
        silence: float | None,
        cancelled: Callable[[], bool],
    ) -> None:
        self._reply: QNetworkReply | None = reply
        self._request, self._silence, self._cancelled = request, silence, cancelled
        self._started, self._taken, self._unfolded = time.monotonic(), 0, 0
        self._status = 0
        self._folded = bytes(reply.rawHeader(b"Content-Encoding"))
        self._loop = loop
        self._poll = QTimer()
        self._poll.timeout.connect(self._loop.quit)
        for signal in (reply.readyRead, reply.metaDataChanged, reply.finished):
            signal.connect(self._loop.quit)

    def wait_for_headers(self) -> int:
        """The status. Raises `Cancelled`, and `requests.RequestException` when none comes."""
        reply: Any = self._reply
        self._wait(lambda: reply.isFinished() or reply.attribute(Attribute.HttpStatusCodeAttribute) is not None)
        status = reply.attribute(Attribute.HttpStatusCodeAttribute)
        if status is None:
            raise self._broken()
        self._status = int(status)
        reply.setReadBufferSize(READ_BUFFER)  # Qt takes it into account only once it has begun to receive
        self._folded = bytes(reply.rawHeader(b"Content-Encoding")).strip().lower()
        announced = bytes(reply.rawHeader(b"Content-Length"))
        if self._request.method != "HEAD" and announced.isdigit() and int(announced[:20]) > MOST_BYTES:
            raise self._too_large()
        return self._status

    def stream(self, amount: int = 1 << 16, decode_content: bool = True) -> Iterator[bytes]:
        """The body in pieces, unfolded, until its end."""
        unfold = _Unfolding(self._folded) if decode_content and self._folded in FOLDED else None
        try:
            while piece := self.read(amount):
                for part in unfold.pieces(piece, amount) if unfold else (piece,):
                    self._unfolded += len(part)
                    if self._unfolded > MOST_BYTES:
                        raise self._too_large()
                    yield part
            if unfold and self._taken and not unfold.is_whole():
                raise requests.exceptions.ConnectionError("compressed data broke off", request=self._request)
        except zlib.error as error:
            raise requests.exceptions.ConnectionError(str(error), request=self._request) from error
        finally:
            self.close()

    def read(self, amount: int | None = None, decode_content: bool = False) -> bytes:
        """The next bytes as they came; empty at the end. Raises `Cancelled` and `requests.RequestException`."""
        reply = self._reply
        if reply is None:
            return b""
        self._wait(lambda: reply.bytesAvailable() > 0 or reply.isFinished())
        data = bytes(reply.read(amount or READ_BUFFER) or b"")  # None at the end
        self._taken += len(data)
        if not data:
            if reply.error() in BROKEN:
                raise self._broken()
            self.close()
        return data

    def tell(self) -> int:
        """Bytes that came, folded as they were."""
        return self._taken

    def close(self) -> None:
        """Let go of the answer; what has not come yet is not wanted."""
        reply, self._reply = self._reply, None
        if reply is None:
            return
        self._poll.stop()
        error = type(self._broken_by(reply)).__name__ if reply.isFinished() and not self._status else ""
        for signal in (reply.readyRead, reply.metaDataChanged, reply.finished):
            with contextlib.suppress(TypeError, RuntimeError):
                signal.disconnect(self._loop.quit)
        if not reply.isFinished():
            reply.abort()
        _let_go(reply)
        # Qt's own words may hold the whole address, query included: only the kind of error is logged.
        asked = (self._request.method or "", self._request.url or "", self._started)
        if self._status:
            log.request_made(*asked, self._status, self._taken)
        else:
            log.request_failed(*asked, error or "Cancelled")

    def __del__(self) -> None:
        reply, self._reply = getattr(self, "_reply", None), None
        if reply is not None:
            _let_go(reply)

    def _wait(self, is_there: Callable[[], bool]) -> None:
        """Let Qt work until something is there. Raises `Cancelled`, `Timeout` after too long a silence."""
        end = None if self._silence is None else time.monotonic() + self._silence
        reply: Any = self._reply
        for timer in reply.findChildren(QTimer):  # QGIS's own, which also ran while nobody read
            _unwatch(timer)
            if timer.isActive():
                timer.start()
        self._poll.start(CANCEL_POLL_MS)
        while not self._cancelled() and not is_there():
            if end is not None and time.monotonic() > end:
                self._poll.stop()
                raise requests.exceptions.Timeout("no answer in time", request=self._request)
            self._loop.exec()
        self._poll.stop()
        if self._cancelled():
            self.close()
            raise Cancelled

    def _broken(self) -> requests.RequestException:
        return self._broken_by(self._reply)

    def _broken_by(self, reply: QNetworkReply) -> requests.RequestException:
        fault = BROKEN.get(reply.error(), requests.exceptions.ConnectionError)
        return fault(reply.errorString(), request=self._request)

    def _too_large(self) -> AnswerTooLarge:
        self.close()
        return AnswerTooLarge(
            "The answer of {url} is larger than {limit} MB, which such an answer cannot be.",
            url=shown_url(self._request.url or ""),
            limit=MOST_BYTES // MEGABYTE,
        )


class _Unfolding:
    """Compressed bytes unfolded a bounded piece at a time."""

    def __init__(self, encoding: bytes) -> None:
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as it begins
        self._may_be_bare = encoding == b"deflate"

    def pieces(self, data: bytes, most: int) -> Iterator[bytes]:
        """What ``data`` unfolds to, at most ``most`` bytes at a time. Raises `zlib.error`."""
        while data:
            try:
                piece = self._decoder.decompress(data, most)
            except zlib.error:
                if not self._may_be_bare:
                    raise
                self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers leave out zlib's header
                piece = self._decoder.decompress(data, most)
            self._may_be_bare = False
            if piece:
                yield piece
            data = self._decoder.unconsumed_tail
            if self._decoder.eof and self._decoder.unused_data.strip(b"\0"):  # a second member follows
                data = self._decoder.unused_data
                self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def is_whole(self) -> bool:
        return self._decoder.eof


def _manager() -> QgsNetworkAccessManager:
    """This thread's own, which goes with the thread."""
    manager = QgsNetworkAccessManager.instance()
    if manager.thread() != QgsApplication.instance().thread():
        _unwatch(manager)
    return manager


def _unwatch(made_by_qt: QObject) -> None:
    """Let PyQt not hear of its end: that goes to the main thread, late, and names an address.

    By then a new reply may have it, and would be taken for the one that is gone.
    """
    with contextlib.suppress(TypeError, RuntimeError):
        made_by_qt.destroyed.disconnect()


def _let_go(reply: QNetworkReply) -> None:
    _unwatch(reply)
    with contextlib.suppress(RuntimeError):
        reply.deleteLater()


def _response(
    reply: QNetworkReply, status: int, request: requests.PreparedRequest, adapter: QgisAdapter, body: _Body
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.reason = str(reply.attribute(Attribute.HttpReasonPhraseAttribute) or "")
    response.headers = CaseInsensitiveDict(
        (bytes(name).decode("latin-1"), bytes(reply.rawHeader(name)).decode("latin-1"))
        for name in reply.rawHeaderList()
    )
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = body
    response.url = request.url or ""
    response.request = request
    response.connection = adapter  # type: ignore[attr-defined]
    return response


def _latin1(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
