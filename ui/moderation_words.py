"""What a moderator reads of a correction, in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ..core.corrections import Correction
from ..core.corrections.model import POSITION
from ..core.corrections.moderation import Incoming, Ruling
from ..core.matching.neighbours import Neighbour
from ..i18n import counted, number, tr
from ..processing.moderation import ModerationCase
from .correction_words import about, field_label, in_words, short_type_labels, shown_value

LONGEST_SHOWN = 300


def title_of(correction: Correction) -> str:
    """What the service is called, as far as the correction says."""
    named = correction.changes.get("nom")
    name = (named.old or named.new) if named else ""
    return str(name or correction.service_id or tr("A service that the referential lacks"))


def kind_of(correction: Correction) -> str:
    """What is proposed, in a few words."""
    kind = short_type_labels().get(correction.type, correction.type)
    fields = ", ".join(map(field_label, correction.changes))
    return about(kind, fields) if fields and correction.type == "modification" else kind


def value_in_words(field: str, value: object) -> str:
    """A value of a field as a person reads it."""
    if field == POSITION and isinstance(value, (list, tuple)):
        return f"{value[1]:.5f}, {value[0]:.5f}"
    return shown_value(field, "" if value is None else str(value))[:LONGEST_SHOWN]


def evidence_of(correction: Correction) -> str:
    """Who says so, when, and what he adds."""
    said = [
        (tr("By"), correction.auteur_organisation),
        (tr("On"), correction.cree_le[:10]),
        (tr("Comment"), correction.commentaire),
        (tr("Proof (link)"), correction.preuve_url),
        (tr("E-mail"), correction.courriel),
        (tr("Asked already"), correction.motif),
        (tr("Duplicate of"), correction.duplicate_of),
    ]
    return "\n".join(about(what, words) for what, words in said if words)


def warnings_of(case: ModerationCase) -> str:
    """What stands in the way, in red."""
    said = [case.sight.conflict.reason] if case.sight.conflict else []
    said += [case.problem] if case.problem else []
    return "\n".join(map(in_words, said))


def neighbour_in_words(neighbour: Neighbour) -> tuple[str, str, str, str]:
    """Name, category, likeness and distance."""
    service = neighbour.service
    far = "" if math.isnan(neighbour.distance) else f"{number(round(neighbour.distance))} m"
    return service.nom, shown_value("categorie", service.categorie), f"{100 * neighbour.score:.0f} %", far


def incoming_in_words(incoming: Incoming) -> str:
    """The answer first: how many wait."""
    if not incoming.received and not incoming.unreadable:
        return tr("No correction waits for a decision.")
    waiting = len(incoming.received) + incoming.beyond
    said = [counted(tr("{count} correction waits.|{count} corrections wait."), waiting)]
    if incoming.beyond:
        beyond = tr("{count} is not shown: it comes after these.|{count} are not shown: they come after these.")
        said.append(counted(beyond, incoming.beyond))
    if incoming.unreadable:
        unreadable = tr("{count} cannot be read as a correction.|{count} cannot be read as corrections.")
        said.append(counted(unreadable, incoming.unreadable))
    return " ".join(said)


def answers_in_words(answers: Sequence[Ruling], asked: int) -> str:
    """What came of a decision on one or several."""
    states = Counter(answer.state for answer in answers if answer.done)
    words = [
        (states["acceptee"], tr("{count} accepted")),
        (states["rejetee"], tr("{count} rejected")),
        (states["envoyee"], tr("{count} asked about")),
        (sum(not answer.done for answer in answers), tr("{count} not decided by you")),
        (asked - len(answers), tr("{count} not tried")),
    ]
    said = ", ".join(counted(text, count) for count, text in words if count)
    lines = [f"{said}."] if said else []
    lines += dict.fromkeys(in_words(answer.reason) for answer in answers if answer.reason)
    unapplied = sum(answer.applied is False for answer in answers)
    if unapplied:
        lines.append(
            counted(
                tr(
                    "{count} accepted change is not in the record: this registry does not apply it by itself."
                    "|{count} accepted changes are not in the records: this registry does not apply them by itself."
                ),
                unapplied,
            )
        )
    return "\n".join(lines[:6])
