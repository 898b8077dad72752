"""The root of every error that `core` raises on purpose."""

from __future__ import annotations

from typing import Any

from .messages import Message, msg


class CartoError(Exception):
    """Something a technician can act on. The sentence says what is wrong and the way out.

    Subclasses live beside the code that raises them and add no constructor.
    """

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Message(template, values)
        super().__init__(template, values)

    def __str__(self) -> str:
        return str(self.message)


class Cancelled(CartoError):
    """The user asked to stop."""

    def __init__(self) -> None:
        super().__init__(msg("Cancelled.").template)


class InvalidInput(CartoError):
    """What was given cannot be used as it is."""
