"""What was found in a layer of roads, in words."""

from __future__ import annotations

from ..messages import Message, msg
from .build import BuildReport
from .stress import ANY

_MOST_CLASSES = 12
"""Classes of road named one by one."""


def report_in_words(report: BuildReport) -> list[Message]:
    """What became of the lines of a layer: junctions, links, fields, parts, classes."""
    said: list[Message] = []
    said.append(
        msg(
            "Preset “{preset}”, profile “{profile}”: {lines} lines of {rows} may be used.",
            preset=report.preset,
            profile=report.profile,
            lines=report.lines,
            rows=report.rows,
        )
    )
    said.append(
        msg(
            "{nodes} junctions, {links} links ({one_way} one-way), {length} km.",
            nodes=report.nodes,
            links=report.links,
            one_way=report.one_way,
            length=report.length_km,
        )
    )
    said.extend(fields_in_words(report))
    if report.components > 1 or report.outside_core:
        said.append(
            msg(
                "The network is in {parts} parts; {links} links cannot be both reached and left.",
                parts=report.components,
                links=report.outside_core,
            )
        )
    if report.doubled:
        said.append(
            msg(
                "{count} link runs beside another one between the same junctions: they are one road, open each way."
                "|{count} links run beside another one between the same junctions: they are one road, open each way.",
                count=report.doubled,
            )
        )
    for name, count in list(report.classes.items())[:_MOST_CLASSES]:
        missing = report.default_speed_used.get(name, 0)
        said.append(
            msg(
                "{name}: {count} links; {missing} lines take the default speed of their class.",
                name=name or "–",
                count=count,
                missing=missing,
            )
        )
    return said


def doubts_in_words(report: BuildReport) -> list[Message]:
    """What makes the result doubtful."""
    if not (report.zero_length or report.very_long):
        return []
    return [
        msg(
            "Suspicious lengths: {zero} links of 0 m, {long} links over 30 km.",
            zero=report.zero_length,
            long=report.very_long,
        )
    ]


def fields_in_words(report: BuildReport) -> tuple[Message, ...]:
    """Which fields gave speeds and directions, to how many lines; what the others take; what could be used."""
    fields = report.fields
    said = [_speeds(report)]
    if fields.direction:
        said.append(
            msg(
                "Directions are from the field “{field}”: {one_way} of {lines} lines are one-way.",
                field=fields.direction,
                one_way=fields.one_way,
                lines=report.lines,
            )
        )
    elif report.preset == "generic":
        said.append(msg("No field gives directions: every line is two-way."))
    if fields.speed_proposed:
        said.append(
            msg(
                "The field “{field}” looks like speeds and is not used; name it in SPEED_FIELD to use it.",
                field=fields.speed_proposed,
            )
        )
    if fields.direction_proposed:
        said.append(
            msg(
                "The field “{field}” looks like directions and is not used; name it in DIRECTION_FIELD to use it.",
                field=fields.direction_proposed,
            )
        )
    return (*said, *_by_choice(report), *_turns(report))


def _by_choice(report: BuildReport) -> tuple[Message, ...]:
    """What the hour and the stress that riders accept make of the speeds."""
    fields, said = report.fields, []
    if fields.when:
        said.append(
            msg(
                "Speeds are those of {when}: on {changed} lines of {lines} a factor makes them others (source: "
                "{source}).",
                when=fields.when,
                changed=fields.respeeded,
                lines=report.lines,
                source=fields.factors_source or "–",
            )
        )
    if fields.max_stress < ANY:
        said.append(
            msg(
                "Riders accept roads of stress {level} at most: on {changed} lines of {lines} they walk beside "
                "the bike.",
                level=fields.max_stress,
                changed=fields.respeeded,
                lines=report.lines,
            )
        )
    return tuple(said)


def _turns(report: BuildReport) -> tuple[Message, ...]:
    """What became of the rules on turns."""
    said = []
    if report.turn_rules:
        said.append(
            msg(
                "Forbidden turns: {bans} are respected, from {rules} rows of the source; {away} rows are about roads "
                "that are not in the network.",
                bans=report.turn_bans,
                rules=report.turn_rules,
                away=report.turn_away,
            )
        )
    if report.turn_unclear:
        said.append(
            msg(
                "{count} row of forbidden turns is left out: its roads do not meet at one junction."
                "|{count} rows of forbidden turns are left out: their roads do not meet at one junction.",
                count=report.turn_unclear,
            )
        )
    return tuple(said)


def _speeds(report: BuildReport) -> Message:
    fields = report.fields
    counts = {
        "minutes": fields.with_minutes,
        "given": fields.with_speed,
        "of_class": fields.class_speed,
        "default": fields.default_speed,
    }
    if fields.cost and not fields.speed:
        return msg(
            "Minutes are from the field “{field}” on {minutes} lines; {of_class} take the speed of their class, "
            "{default} the default speed.",
            field=fields.cost,
            **counts,
        )
    if fields.speed:
        return msg(
            "Speeds are from the field “{field}” on {given} lines; {of_class} take the speed of their class, "
            "{default} the default speed; {minutes} have minutes of their own.",
            field=fields.speed,
            **counts,
        )
    return msg(
        "No field gives speeds: {of_class} lines take the speed of their class, {default} the default speed.", **counts
    )
