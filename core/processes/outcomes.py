"""What one piece of work gives, in a form that another process can be sent: a result, or an error in its words."""

from __future__ import annotations

import importlib
from numbers import Number
from typing import Any, Callable, NamedTuple

from ..errors import CartoError
from ..messages import Message


class WorkerFailed(CartoError):
    """A worker process ended, or its work failed, for a reason that is not the user's."""


Work = Callable[..., Any]
"""A function of a module (no method, no lambda): another process finds it by its name."""


class Resource(NamedTuple):
    """What each worker opens for itself, once: ``open(path)``."""

    open: Callable[[str], Any]
    path: str


def name_of(function: Work) -> str:
    """``module:function``."""
    return f"{function.__module__}:{function.__name__}"


def named(name: str) -> Any:
    """The function of a module by its name, as `name_of` gives it."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def outcome(work: Callable[[], Any]) -> tuple[str, Any]:
    """What ``work()`` gives: ``result``, ``carto``, ``system`` or ``error``, and its value."""
    try:
        return "result", work()
    except CartoError as error:
        template, values = error.message
        return "carto", (type(error).__module__, type(error).__name__, template, _sendable(values))
    except OSError as error:
        return "system", (error.errno, error.strerror or str(error), str(error.filename or ""))
    except Exception as error:  # everything else must reach the parent too
        return "error", f"{type(error).__name__}: {error}"


def error_of(kind: str, value: Any) -> Exception:
    """The error that an `outcome` which is no result tells of."""
    if kind == "carto":
        module, name, template, values = value
        error = getattr(importlib.import_module(module), name)
        if issubclass(error, CartoError):
            return error(template, **values)
    if kind == "system":
        number, reason, path = value
        return OSError(number, reason, path or None)
    return WorkerFailed("A worker process failed: {reason}", reason=value)


def _sendable(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a sentence, as text where they are neither numbers nor text."""
    known = (Number, str, Message)
    return {key: value if isinstance(value, known) else str(value) for key, value in values.items()}


_worker = False


def become_worker() -> None:
    """Say that this process does nothing but work: `is_worker`."""
    global _worker
    _worker = True


def is_worker() -> bool:
    """Whether this process works for another one, and has much to do."""
    return _worker
