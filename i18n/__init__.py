"""The user's language: English in the code, French beside it (`*.ts`, compiled to `*.qm` for the package)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from ..core.errors import CartoError
from ..core.messages import NARROW, Message, for_count

CONTEXT = "CartoServicesPublics"
PARAMETER_NAME = re.compile(r"\b[A-Z][A-Z_]{3,}\b")
_FRENCH: ContextVar[bool] = ContextVar("french", default=False)
"""Whether what is said now is French in any QGIS."""


@contextmanager
def in_french() -> Iterator[None]:
    """Words and numbers are French within, in this thread, whatever the user's language: for what is always French."""
    before = _FRENCH.set(True)
    try:
        yield
    finally:
        _FRENCH.reset(before)


def locale() -> QLocale:
    """The locale of what is said now: the user's, or the French one."""
    return QLocale("fr_FR") if _FRENCH.get() else QLocale()


def tr(text: str) -> str:
    """The user's words for an English literal. Translate first, then fill in: ``tr("{n} rows").format(n=3)``."""
    french = _catalogue("fr") if _FRENCH.get() else None
    if french is None:
        return QCoreApplication.translate(CONTEXT, text)
    # A translator by itself takes only ASCII as text.
    return french.translate(CONTEXT.encode(), text.encode()) or text


def translate_message(message: Message | CartoError, labels: Mapping[str, str] | None = None) -> str:
    """A sentence of `core` in the user's language, its numbers written as in the user's country.

    ``labels`` (parameter name → what its field is called on the screen) take the place of the names it mentions.
    """
    if isinstance(message, CartoError):
        message = message.message
    labels = labels or {}
    values = {name: _localised(value, labels) for name, value in message.values.items()}
    words = for_count(tr(message.template), _is_one(message.values.get("count")))
    in_template = {name: label.replace("{", "{{").replace("}", "}}") for name, label in labels.items()}
    template = PARAMETER_NAME.sub(lambda found: _quoted(found[0], in_template), words)
    return template.format(**values)


def counted(text: str, count: float, **values: Any) -> str:
    """A translated ``one|several`` in the form that fits, filled in: ``counted(tr("{count} row|{count} rows"), 3)``."""
    return for_count(text, _is_one(count)).format(count=number(count), **values)


def number(value: float, decimals: int = 0) -> str:
    """A number as people of the user's country write it, thousands set apart whatever QGIS's own tables do."""
    writing = locale()
    writing.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    return writing.toString(float(value), "f", decimals)


def percent(value: float, decimals: int = 0) -> str:
    """``10.7 %`` of a figure between 0 and 100; no line ends between the figure and its sign."""
    return f"{number(value, decimals)}{NARROW}%"


def install_translator(language: str) -> QTranslator | None:
    """Load the compiled translation of ``language`` (``fr``); the caller keeps it and removes it when unloading."""
    translator = _loaded(language)
    if translator is not None:
        QCoreApplication.installTranslator(translator)
    return translator


def _loaded(language: str) -> QTranslator | None:
    translator = QTranslator()
    path = Path(__file__).parent / f"carto_services_publics_{language}.qm"
    return translator if translator.load(str(path)) else None


_catalogue = lru_cache(maxsize=None)(_loaded)
"""A catalogue to look words up in, which is not installed."""


def _is_one(count: Any) -> bool:
    """Whether the user's language says it in the singular: French does of zero, too."""
    shown = 2 if count is None else round(count)
    return shown == 1 or (shown == 0 and locale().name().startswith("fr"))


class _Localised(float):
    """A float that a template formats with the user's decimal mark and group separator."""

    def __format__(self, spec: str) -> str:
        if spec:
            return format(float(self), spec).replace(".", locale().decimalPoint())
        decimals = 0 if self.is_integer() else (1 if abs(self) >= 10 or round(self, 1) == self else 2)
        return number(self, decimals)


def _quoted(name: str, labels: Mapping[str, str]) -> str:
    return tr("“{label}”").format(label=labels[name]) if name in labels else name


def _localised(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, (Message, CartoError)):
        return translate_message(value, labels)
    if isinstance(value, str):
        return _quoted(value, labels)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _Localised(value)
    return value
