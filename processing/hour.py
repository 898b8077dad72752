"""The hour of which the speeds of cars are: the parameters WHEN and SPEED_FACTORS."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterFile

from ..core.access.opening import DAYS_FR, MomentError, WeekMoment, parse_moment
from ..core.errors import InvalidInput
from ..core.messages import msg
from ..core.network.hourly import NEUTRAL, NO_HOUR, HourFactors, factors_at
from ..i18n import tr
from .asked import Asked
from .base import CartoAlgorithm


def add_hour(algorithm: CartoAlgorithm) -> None:
    """WHEN and SPEED_FACTORS."""
    when = tr("By car, speeds of this hour (such as “mardi 08:00”)")
    algorithm.add_text("WHEN", when, optional=True, advanced=True)
    factors = tr("Factors of speeds by the hour: a CSV with columns classe, jours, de, a, facteur, source")
    algorithm.add_advanced(QgsProcessingParameterFile("SPEED_FACTORS", factors, extension="csv", optional=True))


def hour_asked(asked: Asked) -> HourFactors:
    """The factors of SPEED_FACTORS at WHEN; those of the neutral table, which is said, where none was given."""
    when, table = asked.text("WHEN"), asked.file("SPEED_FACTORS")
    if not when:
        if table:
            raise InvalidInput("Factors of speeds are of an hour: say which one (WHEN).")
        return NO_HOUR
    try:
        moment = parse_moment(when)
    except MomentError as error:
        raise InvalidInput(
            "WHEN “{text}” cannot be read; expected a weekday and an hour such as “mardi 08:00”.", text=when
        ) from error
    weekday, minute = moment if isinstance(moment, WeekMoment) else (moment.weekday(), moment.hour * 60 + moment.minute)
    if not table:
        asked.progress.warn(
            msg(
                "No table of factors was given: that of the plugin is neutral, and the hour changes nothing. Fill "
                "a copy of {path}.",
                path=str(NEUTRAL),
            )
        )
    found = factors_at(table or NEUTRAL, weekday, minute)
    if not found.factors:
        asked.progress.warn(msg("The table of factors says nothing of {when}: speeds stay as they are.", when=when))
    return found._replace(given=bool(table), when=f"{DAYS_FR[weekday]} {minute // 60:02d}:{minute % 60:02d}")


def refuse_hour(asked: Asked) -> None:
    """Raise `InvalidInput` where an hour was asked for, and minutes are of no layer of roads."""
    if asked.text("WHEN") or asked.file("SPEED_FACTORS"):
        raise InvalidInput(
            "WHEN is the hour of the speeds of a layer of roads: leave it empty where minutes are those of a server or "
            "of a table."
        )
