"""The headline of a question of access, said the same by algorithms, panel and scenario."""

from __future__ import annotations

from typing import NamedTuple

from ..messages import Message, msg
from ..travel_modes import MODES
from .coverage import Served


def circumstances(profile: str, moment: str = "") -> Message:
    """« by car, places open on Saturday at 10:00 »; ``moment`` in words, empty at any time."""
    travel = MODES[profile].words
    return msg("{travel}, places open {moment}", travel=travel, moment=moment) if moment else travel


def beyond_sentence(served: Served, rank: int, threshold: float, service: Message | str, how: Message) -> Message:
    """How many people are beyond the threshold of that rank, of those who could be computed."""
    service = msg("{service} – {how}", service=service, how=how)
    share = served.share(rank)
    if share is None:
        return msg("Nobody's journey could be computed to: {service}.", service=service)
    return msg(
        "{count} person ({share} %) is more than {threshold} min from: {category}."
        "|{count} people ({share} %) are more than {threshold} min from: {category}.",
        count=round(served.beyond[rank]),
        share=round(100 * share, 1),
        threshold=threshold,
        category=service,
    )


class Beyond(NamedTuple):
    """The figure of an answer: of the people ``computed``, those farther than ``threshold`` minutes."""

    people: float
    computed: float
    threshold: float

    @property
    def share(self) -> float:
        """In percent, as headlines give it."""
        return round(100 * self.people / self.computed, 1)


def difference_sentences(first: Beyond, second: Beyond) -> list[Message]:
    """What a second answer has more or less than a first, of the figures that both headlines give."""
    if not (first.computed > 0 and second.computed > 0):
        return [msg("One of the two answers has no figure: they cannot be compared.")]
    away = (
        msg("more than {threshold} min away", threshold=first.threshold)
        if first.threshold == second.threshold
        else msg("beyond the time of each answer")
    )
    facts = {"away": away, "before": first.share, "after": second.share}
    count = round(second.people) - round(first.people)
    if not count:
        said = [msg("As many people {away}: {before} % → {after} %.", **facts)]
    elif count < 0:
        said = [
            msg(
                "{count} person fewer {away}: {before} % → {after} %."
                "|{count} people fewer {away}: {before} % → {after} %.",
                count=-count,
                **facts,
            )
        ]
    else:
        said = [
            msg(
                "{count} person more {away}: {before} % → {after} %."
                "|{count} people more {away}: {before} % → {after} %.",
                count=count,
                **facts,
            )
        ]
    if round(first.computed) != round(second.computed):
        words = msg(
            "The two answers are not of the same people: {first} computed in the first, {second} in the second.",
            first=round(first.computed),
            second=round(second.computed),
        )
        said.append(words)
    return said


class Width(NamedTuple):
    """What makes an interval wide: the threshold's share, places of unknown hours, and of vague position."""

    share: float
    unknown: int
    vague: int


def interval_sentence(served: Served, least: float, most: float, width: Width) -> Message:
    """Between how many and how many, or the same number, and why; to follow the headline."""
    total = served.computed or 1.0
    parts = {"least": round(least), "most": round(most)}
    shares = {"low": round(100 * least / total, 1), "high": round(100 * most / total, 1)}
    causes = {"moved": round(100 * width.share, 1), "unknown": width.unknown, "vague": width.vague}
    if parts["least"] == parts["most"]:
        return _same_number(parts["most"], causes)
    if width.unknown or width.vague:
        return msg(
            "Between {least} and {most} people ({low} to {high} %): threshold ± {moved} %, places of unknown hours: "
            "{unknown}, places known to the commune only: {vague}.",
            **parts,
            **shares,
            **causes,
        )
    return msg(
        "Between {least} and {most} people ({low} to {high} %): threshold ± {moved} %.",
        **parts,
        **shares,
        moved=causes["moved"],
    )


def _same_number(people: int, causes: dict[str, float]) -> Message:
    """An interval that is nil: what was tried changes nothing."""
    if causes["unknown"] or causes["vague"]:
        return msg(
            "{count} person, the same number with: threshold ± {moved} %, places of unknown hours: {unknown}, places "
            "known to the commune only: {vague}.|{count} people, the same number with: threshold ± {moved} %, places "
            "of unknown hours: {unknown}, places known to the commune only: {vague}.",
            count=people,
            **causes,
        )
    return msg(
        "{count} person, the same number with: threshold ± {moved} %."
        "|{count} people, the same number with: threshold ± {moved} %.",
        count=people,
        moved=causes["moved"],
    )


def group_sentence(
    label: Message | str, share: float, everyone: float, threshold: float, unit: str, service: Message | str
) -> Message:
    """« 32 % of the over-80s …, against 11 % of all »: shares 0 to 1 of the group and of all."""
    return msg(
        "{share} % of “{group}” are more than {threshold} {unit} from: {category} – against {all} % of all.",
        share=round(100 * share, 1),
        group=label,
        threshold=threshold,
        unit=unit,
        category=service,
        all=round(100 * everyone, 1),
    )


def not_computed_sentence(people: float) -> Message | None:
    """How many people are in no share, and what would help; None where all are."""
    if not round(people):
        return None
    return msg(
        "{count} person could not be computed and is in no share; spreading the population over the buildings would "
        "help.|{count} people could not be computed and are in no share; spreading the population over the buildings "
        "would help.",
        count=round(people),
    )
