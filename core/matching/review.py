"""A person goes through the pairs: accepts, refuses, links by hand. Every word is kept at once for the next run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..corrections.model import Correction
from ..messages import Message
from ..services import Service
from .decisions import Decisions, Said
from .matcher import SURE, TO_CHECK, Matching
from .proposals import of_new, of_pair, told_by

NEW = "nouveau"
"""Zone of a row that has no partner."""


@dataclass(frozen=True)
class Case:
    """One row of the list: its partner (-1: none), and what was said of it (None: nothing yet).

    ``resembles``: the row of the reference that another row took, -1 when there is none.
    """

    local: int
    reference: int
    zone: str
    score: float
    reasons: tuple[Message, ...]
    resembles: int = -1
    same: bool | None = None


class _Step(NamedTuple):
    """What a decision changed: cases as they were, by position, and the pair of which something was said."""

    before: dict[int, Case]
    own: Service
    theirs: Service
    said_before: list[Said]


@dataclass
class Review:
    """The cases of one matching, one a row of the list; those to check come first, the likeliest first."""

    local: Sequence[Service]
    reference: Sequence[Service]
    columns: Collection[str]
    decisions: Decisions
    cases: list[Case] = field(default_factory=list)
    _steps: list[_Step] = field(default_factory=list)
    known: Collection[str] | None = None
    """The columns that the reference has; all when None."""

    @classmethod
    def of(
        cls,
        local: Sequence[Service],
        reference: Sequence[Service],
        matching: Matching,
        columns: Collection[str],
        decisions: Decisions,
        known: Collection[str] | None = None,
    ) -> Review:
        """Start from a matching; decisions of earlier runs are in it already."""
        cases = [Case(pair.local, pair.reference, pair.zone, pair.score, pair.reasons) for pair in matching.pairs]
        cases += [Case(alone.row, -1, NEW, 0.0, alone.reasons, alone.resembles) for alone in matching.only_local]
        order = {TO_CHECK: 0, NEW: 1, SURE: 2}
        cases.sort(key=lambda case: (order[case.zone], -case.score, case.local))
        return cls(local, reference, columns, decisions, cases, known=known)

    def accept(self, position: int) -> None:
        """The pair of a case is one service. Raises `DecisionsError`; nothing is changed then."""
        self._say(position, self.cases[position].reference, True)

    def refuse(self, position: int) -> None:
        """The pair of a case is two services. Raises `DecisionsError`."""
        self._say(position, self.cases[position].reference, False)

    def link(self, position: int, reference: int) -> None:
        """The row of a case is that row of the reference, whoever had it. Raises `DecisionsError`."""
        self._say(position, reference, True)

    def undo(self) -> int:
        """Take the last decision back; gives the position of its case, -1 when there is none."""
        if not self._steps:
            return -1
        step = self._steps[-1]
        self.decisions.take_back(step.own, step.theirs, step.said_before)
        self._steps.pop()
        for position, case in step.before.items():
            self.cases[position] = case
        return next(iter(step.before))

    def next_open(self, position: int) -> int:
        """The next case to check of which nothing was said, from ``position`` on and round; -1 when all are done."""
        count = len(self.cases)
        around = (place % count for place in range(position, position + count))
        return next((p for p in around if self.cases[p].zone == TO_CHECK and self.cases[p].same is None), -1)

    def proposals(self) -> list[Correction]:
        """The corrections that the sure and the accepted pairs amount to, and the rows that are new beyond doubt.

        A refused row is new only when the next run finds it no other partner.
        """
        found = []
        compared, placed = told_by(self.reference, self.columns, self.known)
        for case in self.cases:
            if case.reference >= 0 and (case.same or (case.same is None and case.zone == SURE)):
                own, theirs = self.local[case.local], self.reference[case.reference]
                found.append(of_pair(own, theirs, compared, placed))
            elif case.zone == NEW and case.resembles < 0 and case.same is None:
                found.append(of_new(self.local[case.local], self.columns))
        return [correction for correction in found if correction is not None]

    def _say(self, position: int, reference: int, same: bool) -> None:
        case = self.cases[position]
        if reference < 0:
            return
        own, theirs = self.local[case.local], self.reference[reference]
        said_before = self.decisions.say(own, theirs, same)
        before = {position: case}
        self.cases[position] = Case(case.local, reference, case.zone, case.score, case.reasons, case.resembles, same)
        if same:
            for place, other in enumerate(self.cases):
                if place != position and other.reference == reference and other.same is not False:
                    before[place] = other
                    self.cases[place] = Case(other.local, -1, NEW, 0.0, other.reasons, reference)
        self._steps.append(_Step(before, own, theirs, said_before))
