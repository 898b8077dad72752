"""What the campaigns share: how long they last, the seed they draw from, what they count."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TALLIES = ROOT / "build" / "torture"
SECONDS = float(os.environ.get("CSP_TORTURE_SECONDS", "0"))
"""How long each campaign draws new cases: `make torture` says; 0, in `make test`, for as many as `CASES`."""
CASES = 150
SEED = int(os.environ.get("CSP_TORTURE_SEED", "20261127")) or random.SystemRandom().randrange(1, 10**9)
"""The same cases at each run of `make test`: a red one is a change of the code. 0 draws new ones."""


class Campaign:
    """One kind of attack. `cases` gives a source of chance for each case, until the time is over; the seed is printed.

    Attributes:
        tried, said: cases, and those that ended in a sentence for the user.
        lost, doubled, wrong: rows or results; a campaign fails as soon as there is one.
    """

    def __init__(self, name: str) -> None:
        self.name, self.seed = name, SEED
        self.tried = self.said = self.lost = self.doubled = self.wrong = 0
        print(f"{name}: CSP_TORTURE_SEED={self.seed}")

    def cases(self, least: int = 1, seconds: float = SECONDS) -> Iterator[random.Random]:
        """The chance of each case: the same numbers for the same seed and position, whatever the time."""
        end = time.monotonic() + seconds
        while self.tried < max(least, 0 if seconds else CASES) or time.monotonic() < end:
            self.tried += 1
            yield random.Random(f"{self.seed} {self.name} {self.tried}")

    def keep(self) -> None:
        """Write the tally where the page of the documentation is made from, and fail on any loss."""
        TALLIES.mkdir(parents=True, exist_ok=True)
        tally = dict(vars(self))
        (TALLIES / f"{self.name}.json").write_text(json.dumps(tally, ensure_ascii=False), encoding="utf-8")
        assert (self.lost, self.doubled, self.wrong) == (0, 0, 0), tally
