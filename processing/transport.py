"""`requests` over QGIS's network manager: proxy, certificates, user agent and `authcfg` of the user's QGIS apply."""

from __future__ import annotations

import contextlib
import time
from tempfile import SpooledTemporaryFile
from typing import Any

import requests
from qgis.core import QgsApplication, QgsFeedback, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QTimer, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from ..core.errors import Cancelled, CartoError
from ..core.http import MEGABYTE, AnswerTooLarge, check_connection_url, same_origin, shown_url
from . import log

CANCEL_POLL_MS = 100
MOST_BYTES = 2048 * MEGABYTE
"""Of one answer, unfolded: those who read it are stricter, but see it only once it has come."""
IN_MEMORY = 16 * MEGABYTE
"""Bytes of an answer beyond which it waits on the disk to be read."""
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


def open_session(base_url: str, authcfg: str = "", feedback: QgsFeedback | None = None) -> requests.Session:
    """A session for `core`, whose credentials (``authcfg``, applied by QGIS) go to the origin of ``base_url`` only.

    A request under way stops within a tenth of a second once ``feedback`` is cancelled (`core.errors.Cancelled`).
    Usable from any thread, by one thread at a time. Raises `core.http.Refused` for an address unfit for credentials.
    """
    if authcfg:
        check_connection_url(base_url, has_auth=True)
    session = requests.Session()
    session.trust_env = False
    adapter = QgisAdapter(base_url, authcfg, feedback)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class QgisAdapter(BaseAdapter):
    """Sends prepared requests through the thread's own `QgsNetworkAccessManager`; an answer is given once whole."""

    def __init__(self, base_url: str, authcfg: str, feedback: QgsFeedback | None) -> None:
        super().__init__()
        self._base_url, self._authcfg, self._feedback = base_url, authcfg, feedback

    def close(self) -> None:
        """Nothing is held open."""

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None) -> requests.Response:
        if self._cancelled():
            raise Cancelled
        body = QByteArray(_body(request))
        buffer = QBuffer(body)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        manager = QgsNetworkAccessManager.instance()
        asked = _qt_request(request, timeout)
        authcfg = self._authcfg if same_origin(request.url, self._base_url) else ""
        if authcfg:
            asked = _authorised(asked, authcfg, request)
        method, started = request.method.upper(), time.monotonic()
        # A custom HEAD would wait for a body until the timeout.
        reply = manager.head(asked) if method == "HEAD" else manager.sendCustomRequest(asked, method.encode(), buffer)
        try:
            response = self._wait(reply, request, authcfg)
        except requests.RequestException as error:
            # Qt's own words may hold the whole address, query included: only what kind of error it was is told.
            log.request_failed(method, request.url, started, type(error).__name__)
            raise
        else:
            log.request_made(method, request.url, started, response.status_code, _size(response.raw))
            return response
        finally:
            # A late `destroyed` of this reply, queued to the main thread, could mark a new reply that took its address.
            with contextlib.suppress(TypeError, RuntimeError):
                reply.destroyed.disconnect()
            reply.deleteLater()

    def _wait(self, reply: QNetworkReply, request: requests.PreparedRequest, authcfg: str) -> requests.Response:
        if authcfg:
            QgsApplication.authManager().updateNetworkReply(reply, authcfg)
        loop = QEventLoop()
        body = _Body(reply)
        reply.readyRead.connect(body.take)
        reply.finished.connect(loop.quit)
        poll = QTimer()
        poll.timeout.connect(lambda: self._cancelled() and reply.abort())
        poll.start(CANCEL_POLL_MS)
        if not reply.isFinished():
            loop.exec()
        poll.stop()
        if self._cancelled():
            raise Cancelled
        body.take()
        if body.fault is not None:
            raise body.fault
        status = reply.attribute(Attribute.HttpStatusCodeAttribute)
        if status is None or reply.error() in BROKEN:
            fault = BROKEN.get(reply.error(), requests.exceptions.ConnectionError)
            raise fault(reply.errorString(), request=request)
        return _response(reply, int(status), request, self, body.file)

    def _cancelled(self) -> bool:
        return self._feedback is not None and self._feedback.isCanceled()


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


def _qt_request(request: requests.PreparedRequest, timeout) -> QNetworkRequest:
    asked = QNetworkRequest(QUrl.fromEncoded(request.url.encode("ascii")))
    for name, value in request.headers.items():
        if name.lower() not in SET_BY_QT:
            asked.setRawHeader(_latin1(name), _latin1(value))
    # `requests` decides on redirects: it drops credentials when the origin changes.
    asked.setAttribute(Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)
    asked.setAttribute(Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork)
    asked.setAttribute(Attribute.CacheSaveControlAttribute, False)
    seconds = max((part for part in timeout if part), default=None) if isinstance(timeout, tuple) else timeout
    if seconds:
        asked.setTransferTimeout(int(seconds * 1000))
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
    """The bytes of an answer, taken as they come: neither a bomb nor a large file fills the memory."""

    def __init__(self, reply: QNetworkReply) -> None:
        self._reply, self._taken = reply, 0
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed with the answer)
        self.fault: Exception | None = None

    def take(self) -> None:
        if self.fault is not None:
            return
        data = bytes(self._reply.readAll())
        announced = bytes(self._reply.rawHeader(b"Content-Length"))
        self._taken += len(data)
        if max(self._taken, int(announced[:20]) if announced.isdigit() else 0) > MOST_BYTES:
            too_large = AnswerTooLarge(
                "The answer of {url} is larger than {limit} MB, which such an answer cannot be.",
                url=shown_url(self._reply.url().toString()),
                limit=MOST_BYTES // MEGABYTE,
            )
            self._stop(too_large)
            return
        try:
            self.file.write(data)
        except OSError as error:  # the disk is full
            self._stop(requests.exceptions.ConnectionError(error.strerror))

    def _stop(self, fault: Exception) -> None:
        self.fault = fault
        self._reply.abort()


def _size(file: SpooledTemporaryFile) -> int:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


def _response(
    reply: QNetworkReply,
    status: int,
    request: requests.PreparedRequest,
    adapter: QgisAdapter,
    body: SpooledTemporaryFile,
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.reason = str(reply.attribute(Attribute.HttpReasonPhraseAttribute) or "")
    response.headers = CaseInsensitiveDict(
        (bytes(name).decode("latin-1"), bytes(reply.rawHeader(name)).decode("latin-1"))
        for name in reply.rawHeaderList()
    )
    response.encoding = get_encoding_from_headers(response.headers)
    body.seek(0)
    response.raw = body
    response.url = request.url or ""
    response.request = request
    response.connection = adapter  # pyright: ignore[reportAttributeAccessIssue]
    return response


def _latin1(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
