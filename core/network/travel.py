"""What each line costs to one profile: the preset's rules, then the user's own fields, then defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..errors import InvalidInput
from ..messages import Message, msg
from . import presets
from .lines import Column, RoadLines
from .presets.rules import PROFILES, Rules, as_number, as_text, default_speeds, role

_SHOWN = 12
_SPEED_EXPECTED = ("bdtopo", "generic")
_MANY = 0.5
"""Share of lines without a speed above which it is said aloud."""


@dataclass(frozen=True)
class BuildOptions:
    """How to read a layer of roads. Field names are those of the layer; an empty name means none."""

    preset: str = "auto"
    profile: str = "car"
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

    def __post_init__(self) -> None:
        if self.preset not in presets.PRESET_NAMES:
            raise InvalidInput("There is no preset “{name}”.", name=self.preset)
        if self.profile not in PROFILES:
            raise InvalidInput("There is no profile “{name}”.", name=self.profile)
        if not self.default_speed > 0:
            raise InvalidInput("The default speed must be positive.")
        if not self.tolerance >= 0:
            raise InvalidInput("The tolerance must not be negative.")


class Travel(NamedTuple):
    """What L usable lines cost."""

    speed: np.ndarray
    """(L,) km/h."""
    minutes: np.ndarray
    """(L,) NaN where the speed decides."""
    forward: np.ndarray
    backward: np.ndarray
    level: np.ndarray
    category: Column
    guessed: np.ndarray
    """(L,) bool: the speed is a default."""


def read_travel(lines: RoadLines, preset: str, options: BuildOptions) -> tuple[Travel, tuple[Message, ...]]:
    """What each of ``lines`` costs, and what should be said about how that was found."""
    warnings: list[Message] = []
    rules = presets.PRESETS[preset].read(lines.fields, lines.count, options.profile)
    warnings += rules.notes
    rules = _with_mapping(rules, lines, options, warnings)
    return _travel(rules, preset, options, warnings), tuple(warnings)


def _with_mapping(rules: Rules, lines: RoadLines, options: BuildOptions, warnings: list[Message]) -> Rules:
    """The preset's rules, with what the user's own fields say instead."""
    count = lines.count
    if options.speed_field:
        speed = _named_numbers(lines, options.speed_field, warnings)
        rules = rules._replace(speed=np.where(speed > 0, speed, rules.speed), minutes=np.full(count, np.nan))
    if options.cost_field:
        minutes = _named_numbers(lines, options.cost_field, warnings)
        rules = rules._replace(minutes=np.where(minutes >= 0, minutes, rules.minutes))
    if options.direction_field:
        forward, backward = _named_directions(lines, options, warnings)
        open_ = rules.forward | rules.backward
        rules = rules._replace(forward=open_ & forward, backward=open_ & backward)
    return rules


def _named_numbers(lines: RoadLines, name: str, warnings: list[Message]) -> np.ndarray:
    column = role(lines.fields, (name.lower(),))
    values = as_number(column, lines.count)
    text = as_text(column, lines.count)
    unreadable = (text.code >= 0) & ~np.isfinite(values)
    if not np.isfinite(values).any():
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
    text = as_text(role(lines.fields, (options.direction_field.lower(),)), lines.count)
    says = {}
    for value, direction in (
        (options.value_both, 0),
        (options.value_backward, -1),
        (options.value_forward, 1),
    ):
        says.update({part.strip(): direction for part in value.split(";") if part.strip()})
    direction = text.map(lambda label: says.get(label.strip(), 2), 3, np.int8)
    unknown = direction == 2
    if (direction >= 2).all():
        warnings.append(
            msg(
                "The field “{name}” never has one of the values given: every line is taken as two-way.",
                name=options.direction_field,
            )
        )
    elif unknown.any():
        warnings.append(
            msg(
                "In the field “{name}”, {count} lines have another value (for example “{example}”): "
                "they are taken as two-way.",
                name=options.direction_field,
                count=int(unknown.sum()),
                example=text.labels[int(text.code[unknown][0])],
            )
        )
    return direction != -1, direction != 1


def _travel(rules: Rules, preset: str, options: BuildOptions, warnings: list[Message]) -> Travel:
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
    speed = np.where(np.isfinite(rules.speed), rules.speed, np.where(by_class > 0, by_class, options.default_speed))
    if preset in _SPEED_EXPECTED and options.profile == "car" and guessed[usable].sum() > _MANY * usable.sum():
        warnings.append(
            msg(
                "{count} of {lines} lines have no speed: they take the default of their class, else {kmh} km/h.",
                count=int(guessed[usable].sum()),
                lines=int(usable.sum()),
                kmh=options.default_speed,
            )
        )
    return Travel(
        speed=speed,
        minutes=rules.minutes,
        forward=rules.forward & ~closed,
        backward=rules.backward & ~closed,
        level=rules.level,
        category=rules.category,
        guessed=guessed,
    )
