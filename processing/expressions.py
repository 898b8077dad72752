"""Expression functions for users' own styles, filters and labels: hours and categories of services."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionFunction
from qgis.PyQt.QtCore import QDate, QDateTime, QLocale, QTime

from ..core.categories import UnknownCategory, by_code
from ..core.holidays import FRANCE, calendar_of
from ..core.hours import HoursError, State, parse
from ..core.territories import UnknownTerritory, departement_of
from ..i18n import tr
from .garbage import collected_by_the_main_thread

if TYPE_CHECKING:
    from ..core.access.opening import WeekMoment

# `core.access.opening` is imported when a function is called: it takes numpy and scipy, which QGIS's start need not.

GROUP = "Carto Services Publics"
Parameter = QgsExpressionFunction.Parameter
_registered: list[QgsExpressionFunction] = []  # QGIS keeps no reference of its own


class ServiceOpen(QgsExpressionFunction):
    """`service_ouvert(horaires, moment[, code_insee])`."""

    def __init__(self) -> None:
        parameters = [Parameter("horaires"), Parameter("moment"), Parameter("code_insee", True, "")]
        super().__init__("service_ouvert", parameters, GROUP, _help_of_service_open())

    @collected_by_the_main_thread()
    def func(self, values: list[Any], context: QgsExpressionContext, parent: QgsExpression, node: Any) -> bool | None:
        """True or False; NULL when the hours are empty, cannot be read or only say "perhaps"."""
        from ..core.access.opening import MomentError

        hours, moment, code_insee = values
        try:
            when = _moment(moment)
        except MomentError as error:
            parent.setEvalErrorString(str(error))
            return None
        try:
            return _is_open(str(hours), when, str(code_insee or ""))
        except HoursError:
            return None


class HoursAWeek(QgsExpressionFunction):
    """`service_heures_par_semaine(horaires)`."""

    def __init__(self) -> None:
        super().__init__("service_heures_par_semaine", [Parameter("horaires")], GROUP, _help_of_hours_a_week())

    @collected_by_the_main_thread()
    def func(self, values: list[Any], context: QgsExpressionContext, parent: QgsExpression, node: Any) -> float | None:
        """Open hours in a week without holidays; NULL when the hours are empty or cannot be read."""
        try:
            return _hours_a_week(str(values[0]))
        except HoursError:
            return None


class CategoryLabel(QgsExpressionFunction):
    """`libelle_categorie(code[, langue])`."""

    def __init__(self) -> None:
        parameters = [Parameter("code"), Parameter("langue", True, "")]
        super().__init__("libelle_categorie", parameters, GROUP, _help_of_category_label())

    @collected_by_the_main_thread()
    def func(self, values: list[Any], context: QgsExpressionContext, parent: QgsExpression, node: Any) -> str | None:
        """The label in the user's language or the one asked for (`fr`, `en`); NULL for an unknown code."""
        code, language = values
        try:
            return by_code(str(code)).label(str(language or "") or QLocale().name())
        except UnknownCategory:
            return None


def register() -> None:
    """Make the functions known to QGIS's expressions."""
    for function in (ServiceOpen(), HoursAWeek(), CategoryLabel()):
        if QgsExpression.registerFunction(function):
            _registered.append(function)


def unregister() -> None:
    """Take them back, when the plugin is unloaded."""
    for function in _registered:
        QgsExpression.unregisterFunction(function.name())
    _registered.clear()


def _moment(value: Any) -> datetime | WeekMoment:
    from ..core.access.opening import parse_moment

    if isinstance(value, QDate):
        value = QDateTime(value, QTime(0, 0))
    if isinstance(value, QDateTime):
        date, time = value.date(), value.time()
        return datetime(date.year(), date.month(), date.day(), time.hour(), time.minute())
    return parse_moment(str(value))


def _is_open(hours: str, when: datetime | WeekMoment, code_insee: str) -> bool | None:
    from ..core.access.opening import WeekMoment, opening_at

    if isinstance(when, WeekMoment):
        places = opening_at([hours], when)
        return None if places.unknown[0] else bool(places.open[0])
    try:
        calendar = calendar_of(departement_of(code_insee)) if code_insee else FRANCE
    except UnknownTerritory:
        calendar = FRANCE
    state = parse(hours).state(when, calendar).state
    return None if state is State.UNKNOWN else state is State.OPEN


@lru_cache(maxsize=8192)
def _hours_a_week(hours: str) -> float:
    return parse(hours).minutes_per_week() / 60.0


def _help_of_service_open() -> str:
    return tr(
        "<h3>service_ouvert(horaires, moment[, code_insee])</h3>"
        "<p>Whether a service is open at a moment: true or false, NULL when its hours are unknown or only « perhaps » "
        "(on appointment).</p>"
        "<p><i>horaires</i>: opening hours in OpenStreetMap's syntax. <i>moment</i>: a date and time, or a text "
        "such as 'samedi 10:00' for an ordinary week. <i>code_insee</i>: commune, for local public holidays and school "
        "holidays.</p>"
        "<p><code>service_ouvert(\"horaires\", 'samedi 10:00')</code><br>"
        '<code>service_ouvert("horaires", now(), "code_insee")</code></p>'
    )


def _help_of_hours_a_week() -> str:
    return tr(
        "<h3>service_heures_par_semaine(horaires)</h3>"
        "<p>How many hours a service is open in a week without holidays; the mean of the year where the hours change "
        "with the season. NULL when they are unknown.</p>"
        '<p><code>service_heures_par_semaine("horaires") &lt; 24</code></p>'
    )


def _help_of_category_label() -> str:
    return tr(
        "<h3>libelle_categorie(code[, langue])</h3>"
        "<p>The label of a category of services, in the language of QGIS or in the one asked for ('fr', 'en'); NULL "
        "for a code that is not in the table.</p>"
        "<p><code>libelle_categorie(\"categorie\")</code> → 'Mairie'</p>"
    )
