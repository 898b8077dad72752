"""What the plugin says in QGIS's message log, as far as the user wants to read it. Usable from any thread.

Nothing secret goes there: addresses come without user name, query and fragment, and no header or body is logged.
"""

from __future__ import annotations

import sys
import time
import traceback
from html import escape
from urllib.parse import urlsplit

from qgis.core import Qgis, QgsMessageLog

from ..core.http import shown_url
from ..i18n import number, tr
from . import settings

TAB = "Carto Services Publics"
_PANEL_READS_HTML = Qgis.QGIS_VERSION_INT < 34007 or 34200 <= Qgis.QGIS_VERSION_INT < 34400
"""QGIS's log panel took messages for HTML; since 3.40.7 and 3.44 it shows their characters as they are."""


def failed(text: str) -> None:
    """What was asked for could not be done: QGIS marks its message log as to be read."""
    _write(text, Qgis.MessageLevel.Critical, "errors")


def fault(work: str) -> None:
    """An error that nobody foresaw, the one being handled: where in the code it came from, without its values."""
    _write(f"{work} – {''.join(traceback.format_tb(sys.exc_info()[2]))}", Qgis.MessageLevel.Critical, "errors")


def warned(text: str) -> None:
    """What may make the result other than expected."""
    _write(text, Qgis.MessageLevel.Warning, "warnings")


def done(text: str) -> None:
    """What was done."""
    _write(text, Qgis.MessageLevel.Info, "everything")


def request_made(method: str, url: str, started: float, status: int, size: int) -> None:
    """A request that was answered; ``started`` by `time.monotonic`, ``size`` in bytes."""
    write = done if status < 400 else warned
    size_in_words = tr("{count} bytes").format(count=number(size))
    write(f"{_named(method, url)} → {status}, {_milliseconds(started)}, {size_in_words}")


def request_failed(method: str, url: str, started: float, reason: str) -> None:
    """A request that was not answered."""
    warned(f"{_named(method, url)} → {reason}, {_milliseconds(started)}")


def _named(method: str, url: str) -> str:
    parts = urlsplit(shown_url(url))
    return f"{method} {parts.netloc}{parts.path}"


def _milliseconds(started: float) -> str:
    return f"{number(1000 * (time.monotonic() - started))} ms"


def _write(text: str, level: Qgis.MessageLevel, needed: str) -> None:
    wanted = settings.LOG_LEVELS.index(settings.LOG_LEVEL.value())
    if wanted >= settings.LOG_LEVELS.index(needed):
        said = escape(text, quote=False) if _PANEL_READS_HTML else text
        QgsMessageLog.logMessage(said, TAB, level, notifyUser=level == Qgis.MessageLevel.Critical)
