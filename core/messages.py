"""Sentences meant for a person, kept apart from their values so that they can be translated at the edge."""

from __future__ import annotations

from typing import Any, NamedTuple


class Message(NamedTuple):
    """An English sentence with named places (``"{count} rows were rejected."``) and the values that fill them.

    ``str()`` gives the English sentence; `i18n.translate_message` gives it in the user's language, numbers included.
    """

    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.template.format(**self.values)


def msg(template: str, **values: Any) -> Message:
    """Build a `Message`; ``template`` must be a literal, so that the translators' tool finds it."""
    return Message(template, values)
