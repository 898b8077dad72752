"""Public transport is stopped within a second, wherever it stands: timed at each moment that it looks."""

from __future__ import annotations

import time

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from .test_buildtransit import town  # noqa: F401  (a fixture)
from .test_withoutcar import asked  # noqa: F401  (a fixture)

MEMORY = "memory:"
PLACES = 3000


class Stopped(QgsProcessingFeedback):
    """Says that the user asked to stop from the look of number ``at`` on; notes when it was looked at."""

    def __init__(self, at: int | None = None) -> None:
        super().__init__()
        self.at, self.looks = at, []

    def isCanceled(self):
        self.looks.append(time.thread_time())
        return self.at is not None and len(self.looks) > self.at


@pytest.fixture
def of_many(asked, draw):  # noqa: F811
    draws = np.random.default_rng(3)
    rows = [(f"POINT({x} 6600000)", f"p{n}", 1.0) for n, x in enumerate(draws.uniform(700000, 720000, PLACES))]
    return {**asked, "DEMAND": draw("Point", "id:string,population:double", rows)}


@pytest.fixture
def of_each(of_many, town, run):  # noqa: F811
    """The parameters of each algorithm, several thousand places each but the first."""
    feeds = {name: of_many[name] for name in ("FEEDS", "NETWORK", "DATE")}
    run("buildtransit", **feeds, OUTPUT=str(town / "day.transit"))
    trips = {name: value for name, value in of_many.items() if name not in ("FEEDS", "DATE")}
    return {
        "buildtransit": {**feeds, "OUTPUT": str(town / "again.transit"), "REPORT": MEMORY, "STOPS": MEMORY},
        "roundtrip": {**trips, "TRANSIT": str(town / "day.transit"), "OUTPUT": MEMORY, "ZONES_OUT": MEMORY},
        "withoutcar": {**of_many, "WEEK": MEMORY, "MODES": MEMORY, "PLACES": MEMORY, "STOPS": MEMORY},
    }


@pytest.mark.parametrize("name", ["buildtransit", "roundtrip", "withoutcar"])
def test_it_stops_within_a_second_wherever_it_stands(name, provider, of_each):
    def spent(feedback):
        began = time.thread_time()
        provider.algorithm(name).create().run(of_each[name], QgsProcessingContext(), feedback, catchExceptions=False)
        return began, time.thread_time()

    whole = Stopped()
    began, ended = spent(whole)
    assert len(whole.looks) > 2
    assert np.diff([began, *whole.looks, ended]).max() < 1.0
    for at in (0, len(whole.looks) // 2):
        stopped = Stopped(at)
        _, ended = spent(stopped)
        assert ended - stopped.looks[at] < 1.0
        assert len(stopped.looks) < len(whole.looks)
