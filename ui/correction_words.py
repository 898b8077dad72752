"""Corrections as a person reads them: types, columns, values and hours in words."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from qgis.PyQt.QtCore import QLocale

from ..core.categories import categories
from ..core.corrections.model import POSITION
from ..core.hours import HoursError, parse
from ..core.messages import Message
from ..i18n import tr, translate_message
from ..processing.styling.columns import alias
from .week_grid import shown_time

TO = "\u2060–\u2060"
"""Between the ends of an opening; a line does not break there."""


def type_labels() -> dict[str, str]:
    """What each type of correction is called on the screen, in the order of the list."""
    return {
        "modification": tr("Something is wrong in the record"),
        "deplacement": tr("The place is not where the map shows it"),
        "fermeture": tr("The service has closed"),
        "reouverture": tr("The service is open again"),
        "doublon": tr("The same service is there twice"),
        "confirmation": tr("Everything is right (confirm it)"),
        "alerte": tr("Something else"),
        "creation": tr("A service is missing"),
    }


def short_type_labels() -> dict[str, str]:
    """The same in a list, where there is little room."""
    return {
        "modification": tr("Modification"),
        "deplacement": tr("Move"),
        "fermeture": tr("Closing"),
        "reouverture": tr("Opening again"),
        "doublon": tr("Duplicate"),
        "confirmation": tr("Confirmation"),
        "alerte": tr("Alert"),
        "creation": tr("New service"),
    }


CORRECTED = (
    *("nom", "categorie", "adresse", "code_postal", "commune", "code_insee", "telephone", "courriel", "site_web"),
    *("siret", "modalite", "accessibilite", "horaires"),
)
"""Columns that may be corrected, in the order of the form."""


def column_labels() -> dict[str, str]:
    """Columns that may be corrected, as the form names them."""
    return {column: alias(column) for column in CORRECTED}


def field_label(field: str) -> str:
    """What a field of a correction is called on the screen."""
    others = {
        POSITION: tr("Place"),
        "type": tr("Kind of correction"),
        "commentaire": tr("Comment"),
        "preuve_url": tr("Proof (link)"),
    }
    return {**column_labels(), **others}.get(field, field)


def about(what: str, words: str) -> str:
    """« Telephone: not a number »: a colon as each language writes it."""
    return tr("{what}: {words}").format(what=what, words=words)


def in_words(message: Message) -> str:
    """A sentence of `core.corrections` for the user: columns and hours named as on the form."""
    values = dict(message.values)
    if values.get("field") == "horaires":
        for side in {"old", "new"} & set(values):
            values[side] = _week_in_words(str(values[side])).replace("\n", "; ")
    for name in {"field", "fields"} & set(values):
        values[name] = ", ".join(map(field_label, str(values[name]).split(", ")))
    return translate_message(message._replace(values=values))


def choices(column: str) -> dict[str, str] | None:
    """Codes and labels of a column that takes one of a list."""
    if column == "categorie":
        language = QLocale().name()
        return {code: category.label(language) for code, category in categories().items()}
    if column == "modalite":
        return {
            "fixe": tr("at a fixed place"),
            "permanence": tr("by someone who comes at set hours"),
            "itinerant": tr("by a round (bus, van)"),
        }
    if column == "accessibilite":
        return {
            "": tr("not known"),
            "ACC": tr("accessible"),
            "DEM": tr("accessible on request"),
            "NAC": tr("not accessible"),
        }
    return None


def shown_value(column: str, value: str) -> str:
    """A value as a person reads it: labels for codes, days for hours."""
    if column == "horaires":
        return _week_in_words(value) or "—"
    return (choices(column) or {}).get(value, value) or "—"


def _week_in_words(hours: str) -> str:
    """One line for each run of days that open alike; hours that are no plain week stay as they are written."""
    try:
        table = parse(hours).week_table() if hours.strip() else None
    except HoursError:
        table = None
    if table is None:
        return hours
    lines = []
    for _, run in groupby(enumerate(table.days, start=1), key=itemgetter(1)):
        days, intervals = zip(*run)
        if intervals[0]:
            times = ", ".join(f"{shown_time(start)}{TO}{shown_time(end)}" for start, end in intervals[0])
            lines.append(f"{_days_in_words(days[0], days[-1])} {times}")
    if table.closed_on_public_holidays:
        lines.append(tr("Closed on public holidays"))
    return "\n".join(lines)


def _days_in_words(first: int, last: int) -> str:
    names = [QLocale().dayName(day, QLocale.FormatType.ShortFormat) for day in (first, last)]
    return names[0] if first == last else f"{names[0]}–{names[1]}"
