"""What each line costs to one profile: the preset's rules, then the user's own fields, then defaults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..messages import Message, msg
from ..travel_modes import BIKE, CAR, FOOT, PROFILES
from . import presets
from .hourly import class_factors
from .lines import Column, RoadLines, number_text, take_rows
from .presets.rules import AT_SEA, UNSAID, Rules, as_text, default_speeds, parse_number
from .recognised import (
    BACKWARD,
    BOTH,
    FALSE,
    FASTEST,
    FORWARD,
    TRUE,
    UNKNOWN,
    Recognised,
    meanings,
    recognise,
)
from .stress import ANY, CALMEST, walked

_SHOWN = 12
_SPEED_EXPECTED = ("bdtopo", "generic")
_MANY = 0.5
"""Share of lines without a speed above which it is said aloud."""
_ENDLESS = 1e5
"""Minutes (69 days) above which a cost means that nobody passes."""


@dataclass(frozen=True)
class BuildOptions:
    """How to read a layer of roads. Field names are those of the layer; an empty name means none."""

    preset: str = "auto"
    profile: str = CAR
    speed_field: str = ""
    """km/h; comes before what the preset reads."""
    cost_field: str = ""
    """Minutes for the whole line; comes before any speed."""
    direction_field: str = ""
    value_forward: str = ""
    """Values of `direction_field` for lines open only as drawn; several are parted by “;”."""
    value_backward: str = ""
    value_both: str = ""
    default_speed: float = 50.0
    """km/h where neither the line nor its class gives a speed."""
    tolerance: float = 0.0
    """Metres within which line ends are one junction."""
    speeds: tuple[tuple[str, float], ...] = ()
    """The user's own (class, km/h); replaces the default of these classes, 0 closes them."""
    ign_cost: bool = False
    """Cars cost what they do in IGN's own route service (BD TOPO alone)."""
    slopes: bool = False
    """Those on foot and by bike go slower up and down, by the heights of the ends of the lines (`slopes`)."""
    max_stress: int = ANY
    """By bike, the highest level of stress that riders accept (`stress`): elsewhere they walk beside the bike."""
    when: str = ""
    """The weekday and hour of which the speeds of cars are; empty = of no hour."""
    factors: tuple[tuple[str, float], ...] = ()
    """(class, factor) of the speeds of cars at `when`; the class `OTHERS` is all that are not named."""
    factors_source: str = ""
    """Who says those factors."""
    turn_bans: str = ""
    """The layer that says which turns are forbidden (`turn_rules`); empty = the one beside the roads, if any."""

    def __post_init__(self) -> None:
        if self.preset not in presets.PRESET_NAMES:
            raise InvalidInput("There is no preset “{name}”.", name=self.preset)
        if self.profile not in PROFILES:
            raise InvalidInput("There is no profile “{name}”.", name=self.profile)
        if not self.default_speed > 0:
            raise InvalidInput("The default speed must be positive.")
        if self.slopes and self.profile not in (FOOT, BIKE):
            raise InvalidInput("Slopes are for those on foot or by bike: choose that profile, or leave slopes out.")
        if not CALMEST <= self.max_stress <= ANY:
            raise InvalidInput("The level of stress is one of 1, 2, 3 and 4.")
        if self.max_stress < ANY and self.profile != BIKE:
            raise InvalidInput("The level of stress is that of riders: choose the profile bike, or leave it at 4.")
        if self.factors and self.profile != CAR:
            raise InvalidInput("Speeds by the hour are those of cars: choose that profile, or leave the hour out.")
        if not self.tolerance >= 0:
            raise InvalidInput("The tolerance must not be negative.")


class LineCosts(NamedTuple):
    """What L usable lines cost."""

    speed: np.ndarray
    """(L,) km/h."""
    minutes: np.ndarray
    """(L,) NaN where the speed decides."""
    forward: np.ndarray
    backward: np.ndarray
    level: np.ndarray
    kind: np.ndarray
    """(L,) u1, as `Rules.kind`."""
    category: Column
    guessed: np.ndarray
    """(L,) bool: the speed is a default."""
    by_class: np.ndarray
    """(L,) bool: that default is the one of its class."""
    against: np.ndarray | None = None
    """(L,) km/h against the drawing, NaN where `speed` holds both ways; None when it does everywhere."""
    delay: np.ndarray | None = None
    """(L,) minutes besides what the length costs; None where there are none."""
    changed: np.ndarray | None = None
    """(L,) bool: the hour, or the stress, makes the speed another; None where nothing does."""

    def take(self, rows: np.ndarray) -> LineCosts:
        """The lines at ``rows`` (indices or mask)."""
        return LineCosts._make(None if column is None else take_rows(column, rows) for column in self)


@dataclass(frozen=True)
class FieldsRead:
    """Which fields gave speeds and directions, and to how many of the lines that the profile may use."""

    speed: str = ""
    """Field of the speeds; empty when there is none."""
    cost: str = ""
    """Field of the minutes."""
    direction: str = ""
    with_minutes: int = 0
    """Lines whose minutes are given."""
    with_speed: int = 0
    class_speed: int = 0
    """Lines that take the speed of their class."""
    default_speed: int = 0
    """Lines that take the speed for all others."""
    one_way: int = 0
    """Lines open one way."""
    speed_proposed: str = ""
    """A field that looks like a speed and was not used."""
    direction_proposed: str = ""
    when: str = ""
    """The weekday and hour of which the speeds are."""
    factors_source: str = ""
    factors: tuple[tuple[str, float], ...] = ()
    """(class, factor) of that hour."""
    max_stress: int = ANY
    """The highest level of stress that riders accept."""
    respeeded: int = 0
    """Lines whose speed is another at that hour, or where riders get off one way at least."""


def read_travel(
    lines: RoadLines, preset: str, options: BuildOptions
) -> tuple[LineCosts, FieldsRead, tuple[Message, ...]]:
    """What each of ``lines`` costs, which fields said it, and what should be said about how that was found."""
    warnings: list[Message] = []
    seen = Recognised("", "")
    if preset == "generic" and options.profile != FOOT:
        seen = recognise(lines.fields, lines.count)
    rules = presets.PRESETS[preset].read(lines.fields, lines.count, options.profile)
    if options.ign_cost:
        if preset != "bdtopo" or options.profile != CAR:
            raise InvalidInput("IGN's own cost is that of cars on BD TOPO: choose another cost, or other roads.")
        rules = presets.bdtopo.with_ign_cost(rules, lines.fields, lines.count)
    warnings += rules.notes
    rules = _with_mapping(rules, lines, options, warnings)
    travel = _travel(_plausible(rules, warnings), preset, options, warnings)
    travel = _at_the_hour(travel, options, warnings)
    travel = _as_riders_accept(travel, lines, preset, options)
    fields = FieldsRead(
        speed=rules.speed_field,
        cost=options.cost_field,
        direction=rules.direction_field,
        speed_proposed="" if rules.speed_field or options.cost_field or options.profile != CAR else seen.speed,
        direction_proposed="" if rules.direction_field else seen.direction,
        when=options.when,
        factors_source=options.factors_source,
        factors=options.factors,
        max_stress=options.max_stress,
    )
    return travel, fields, tuple(warnings)


def counted(fields: FieldsRead, travel: LineCosts) -> FieldsRead:
    """``fields`` with what they gave to the lines of ``travel``."""
    by_speed = ~np.isfinite(travel.minutes)
    guessed = by_speed & travel.guessed
    return replace(
        fields,
        with_minutes=int((~by_speed).sum()),
        with_speed=int((by_speed & ~travel.guessed).sum()),
        class_speed=int((guessed & travel.by_class).sum()),
        default_speed=int((guessed & ~travel.by_class).sum()),
        one_way=int((travel.forward != travel.backward).sum()),
        respeeded=0 if travel.changed is None else int((by_speed & travel.changed).sum()),
    )


def _at_the_hour(travel: LineCosts, options: BuildOptions, warnings: list[Message]) -> LineCosts:
    """The speeds that cars have at the hour asked for; minutes that lines have of their own stay."""
    if not options.factors:
        return travel
    factor, absent = class_factors(travel.category, options.factors, travel.kind == AT_SEA)
    if absent:
        warnings.append(
            msg("No road is of these classes of the table of factors: {names}.", names=", ".join(absent[:_SHOWN]))
        )
    against = None if travel.against is None else travel.against * factor
    return travel._replace(speed=travel.speed * factor, against=against, changed=factor != 1.0)


def _as_riders_accept(travel: LineCosts, lines: RoadLines, preset: str, options: BuildOptions) -> LineCosts:
    """Riders get off where it is more stressful than they accept; never on a ferry."""
    if options.max_stress == ANY:
        return travel
    read = getattr(presets.PRESETS[preset], "levels", None)
    if read is None:
        raise InvalidInput(
            "These roads do not say how stressful they are: the preset must be BD TOPO or OpenStreetMap."
        )
    level = np.where((travel.kind == AT_SEA)[:, None], CALMEST, read(lines.fields, lines.count))
    back = travel.speed if travel.against is None else np.where(np.isnan(travel.against), travel.speed, travel.against)
    speed = walked(travel.speed, level[:, 0], options.max_stress)
    against = walked(back, level[:, 1], options.max_stress)
    changed = (travel.forward & (speed < travel.speed)) | (travel.backward & (against < back))
    return travel._replace(speed=speed, against=against, changed=changed)


def _with_mapping(rules: Rules, lines: RoadLines, options: BuildOptions, warnings: list[Message]) -> Rules:
    """The preset's rules, with what the user's own fields say instead."""
    if options.speed_field:
        speed = _named_speeds(lines, options.speed_field, warnings)
        own = np.isfinite(speed)
        rules = rules._replace(
            speed=np.where(own, speed, rules.speed),
            against=None if rules.against is None else np.where(own, np.nan, rules.against),
            minutes=np.full(lines.count, np.nan),
            speed_field=options.speed_field,
        )
    if options.cost_field:
        rules = _with_minutes(rules, _named_numbers(lines, options.cost_field, parse_number, warnings), warnings)
    if options.direction_field:
        forward, backward = _named_directions(lines, options, warnings)
        open_ = rules.forward | rules.backward
        rules = rules._replace(
            forward=open_ & forward, backward=open_ & backward, direction_field=options.direction_field
        )
    return rules


def _with_minutes(rules: Rules, minutes: np.ndarray, warnings: list[Message]) -> Rules:
    """The user's own minutes; where they are negative or endless the line is closed, as routing tables mean it."""
    closed = (minutes < 0) | (minutes >= _ENDLESS)
    if closed.any():
        warnings.append(
            msg(
                "{count} line has a cost below 0 or without end (for example {example}): it is closed."
                "|{count} lines have a cost below 0 or without end (for example {example}): they are closed.",
                count=int(closed.sum()),
                example=number_text(float(minutes[closed][0])),
            )
        )
    known = np.isfinite(minutes) & ~closed
    return rules._replace(
        minutes=np.where(known, minutes, rules.minutes),
        forward=rules.forward & ~closed,
        backward=rules.backward & ~closed,
    )


def _named_speeds(lines: RoadLines, name: str, warnings: list[Message]) -> np.ndarray:
    """(L,) km/h; NaN where the field holds nothing, 0, or what is no speed, which is said."""
    speed = _named_numbers(lines, name, parse_speed_or_number, warnings)
    absurd = (speed < 0) | (speed > FASTEST)
    if absurd.any():
        warnings.append(
            msg(
                "In the field “{name}”, {count} value is no speed in km/h (for example {example}): "
                "it is not used.|In the field “{name}”, {count} values are no speeds in km/h (for example {example}): "
                "they are not used.",
                name=name,
                count=int(absurd.sum()),
                example=number_text(float(speed[absurd][0])),
            )
        )
    return np.where((speed > 0) & ~absurd, speed, np.nan)


def _plausible(rules: Rules, warnings: list[Message]) -> Rules:
    """Speeds of the source that no road has are as if it said none."""
    absurd = rules.speed > FASTEST
    if absurd.any():
        warnings.append(
            msg(
                "{count} line has a speed over {fastest} km/h: it is not used."
                "|{count} lines have a speed over {fastest} km/h: it is not used.",
                count=int(absurd.sum()),
                fastest=int(FASTEST),
            )
        )
        rules = rules._replace(speed=np.where(absurd, np.nan, rules.speed))
    against = rules.against
    if against is not None:
        same = ~np.isfinite(against) | (against == rules.speed) | (against > FASTEST)
        rules = rules._replace(against=None if same.all() else np.where(same, np.nan, against))
    return rules


def parse_speed_or_number(text: str) -> float:
    """km/h of a text: a number, or what OpenStreetMap writes (`50 km/h`, `30 mph`, `FR:urban`)."""
    number = parse_number(text)
    return number if number == number else presets.osm.parse_speed(text)


def _named_numbers(lines: RoadLines, name: str, parse: Callable[[str], float], warnings: list[Message]) -> np.ndarray:
    column = lines.fields[name]
    values = column.map(parse, np.nan, np.float64) if isinstance(column, Column) else np.asarray(column, np.float64)
    text = as_text(column, lines.count)
    unreadable = (text.code >= 0) & np.isnan(values)
    if np.isnan(values).all():
        warnings.append(msg("The field “{name}” holds no number: it is not used.", name=name))
    elif unreadable.any():
        example = text.labels[int(text.code[unreadable][0])]
        warnings.append(
            msg(
                "In the field “{name}”, {count} values are not numbers (for example “{example}”).",
                name=name,
                count=int(unreadable.sum()),
                example=example,
            )
        )
    return values


def _named_directions(
    lines: RoadLines, options: BuildOptions, warnings: list[Message]
) -> tuple[np.ndarray, np.ndarray]:
    """(L,) whether each line is open as drawn, and against. Raises `InvalidInput` for values that may mean two things.

    Values are found as written, else whatever their case, else as booleans (1, true, vrai …). Without any value given,
    those in use have their usual meanings.
    """
    name = options.direction_field
    text = as_text(lines.fields[name], lines.count)
    used = [text.labels[code] for code in np.unique(text.code) if code >= 0]
    says = _directions_given(used, options) or meanings(used, name)
    if says is None:
        raise InvalidInput(
            "The values F and T of the field “{name}” may mean from and to, or false and true: "
            "say which are one-way (VALUE_FORWARD, VALUE_BACKWARD).",
            name=name,
        )
    direction = text.map(lambda label: says.get(label, UNKNOWN), UNKNOWN + 1, np.int8)
    unknown = direction == UNKNOWN
    if (direction >= UNKNOWN).all():
        warnings.append(
            msg("The field “{name}” never has one of the values given: every line is taken as two-way.", name=name)
        )
    elif unknown.any():
        warnings.append(
            msg(
                "In the field “{name}”, {count} lines have another value (for example “{example}”): "
                "they are taken as two-way.",
                name=name,
                count=int(unknown.sum()),
                example=text.labels[int(text.code[unknown][0])],
            )
        )
    return direction != BACKWARD, direction != FORWARD


def _directions_given(labels: list[str], options: BuildOptions) -> dict[str, int]:
    """What the user's own values make of ``labels``; empty when none was given."""
    given: dict[str, int] = {}
    for value, direction in (
        (options.value_both, BOTH),
        (options.value_backward, BACKWARD),
        (options.value_forward, FORWARD),
    ):
        given.update({part.strip(): direction for part in value.split(";") if part.strip()})
    if not given:
        return {}
    readings: tuple[Callable[[str], str], ...] = (str.strip, lambda t: t.strip().casefold(), _as_boolean)
    tables = []
    for reading in readings:
        found: dict[str, set[int]] = {}
        for value, direction in given.items():
            found.setdefault(reading(value), set()).add(direction)
        tables.append({value: each.pop() for value, each in found.items() if len(each) == 1})
    # No, false, both … need not be said.
    usual = {label: meaning for label, meaning in (meanings(labels, "") or {}).items() if meaning == BOTH}
    return {
        label: next(
            (table[reading(label)] for reading, table in zip(readings, tables) if reading(label) in table),
            usual.get(label, UNKNOWN),
        )
        for label in labels
    }


def _as_boolean(text: str) -> str:
    plain = text.strip().casefold()
    return "true" if plain in TRUE else "false" if plain in FALSE else plain


def _travel(rules: Rules, preset: str, options: BuildOptions, warnings: list[Message]) -> LineCosts:
    """Speeds from the line, else from its class, else the default; classes that are not for the profile are closed."""
    table = {**default_speeds(preset, options.profile), **dict(options.speeds)}
    listed = {name for profile in PROFILES for name in default_speeds(preset, profile)} | set(table)
    by_class = rules.category.map(lambda label: table.get(label, -1.0 if label in listed else np.nan), np.nan, float)
    unlisted = np.isnan(by_class)
    closed = by_class <= 0
    if preset in ("osm", "geofabrik"):
        closed |= unlisted
    elif preset == "bdtopo" and (unlisted & (rules.forward | rules.backward)).any():
        names = {rules.category.labels[c] if c >= 0 else "NULL" for c in np.unique(rules.category.code[unlisted])}
        warnings.append(
            msg(
                "Road classes that BD TOPO does not know: {names}. They are open, with the speed of the line "
                "or the default speed.",
                names=", ".join(sorted(names)[:_SHOWN]),
            )
        )
    usable = (rules.forward | rules.backward) & ~closed
    guessed = ~np.isfinite(rules.speed) & ~np.isfinite(rules.minutes) & ~closed
    usual = np.where(by_class > 0, by_class, options.default_speed)
    speed = np.where(np.isfinite(rules.speed), rules.speed, usual)
    if preset in _SPEED_EXPECTED and options.profile == CAR and guessed[usable].sum() > _MANY * usable.sum():
        warnings.append(
            msg(
                "{count} of {lines} lines have no speed: they take the default of their class, else {kmh} km/h.",
                count=int(guessed[usable].sum()),
                lines=int(usable.sum()),
                kmh=options.default_speed,
            )
        )
    return LineCosts(
        speed=speed,
        minutes=rules.minutes,
        forward=rules.forward & ~closed,
        backward=rules.backward & ~closed,
        level=rules.level,
        kind=rules.kind,
        category=rules.category,
        guessed=guessed,
        by_class=by_class > 0,
        against=None if rules.against is None else np.where(rules.against == UNSAID, usual, rules.against),
        delay=rules.delay,
    )
