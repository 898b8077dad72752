"""Sentences meant for a person, kept apart from their values so that they can be translated at the edge."""

from __future__ import annotations

from typing import Any, NamedTuple

NARROW, NO_BREAK = "\u202f", "\u00a0"
"""Spaces at which no line ends: within numbers and before %, before units."""


def for_count(template: str, is_one: bool) -> str:
    """The half that fits of ``"{count} row was rejected.|{count} rows were rejected."``; all of a text without bar."""
    one, _, several = template.partition("|")
    return one if is_one or not several else several


class Message(NamedTuple):
    """An English sentence with named places (``"{count} rows were rejected."``) and the values that fill them.

    Where ``count`` may be one, both forms are written, parted by a bar (`for_count`).

    ``str()`` gives the English sentence; `i18n.translate_message` gives it in the user's language, numbers included.
    """

    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return for_count(self.template, self.values.get("count") == 1).format(**self.values)


def msg(template: str, **values: Any) -> Message:
    """Build a `Message`; ``template`` must be a literal, so that the translators' tool finds it."""
    return Message(template, values)
