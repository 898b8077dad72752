"""The solver in a process of its own, when that process does not answer."""

from __future__ import annotations

import numpy as np
import pytest
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.siting import highs
from scipy import sparse


class Child:
    """Runs for ever, or has ended with a code; one that is stopped has the code of that on Windows."""

    def __init__(self, code):
        self.returncode = code

    def poll(self):
        return self.returncode

    def kill(self):
        self.returncode = 1

    def wait(self):
        return self.returncode


@pytest.mark.parametrize("code", [None, -11, 0xC0000005], ids=["late", "broken", "broken on Windows"])
def test_what_a_process_did_not_answer_is_not_asked_again_in_this_one(code, monkeypatch):
    monkeypatch.setattr(highs, "started", lambda *_, **__: Child(code))
    monkeypatch.setattr(highs.highs_child, "run", lambda *_: pytest.fail("solved where no cancel is heard"))
    monkeypatch.setattr(highs, "GRACE", 0.0)
    ones = np.ones(50)
    program = highs.Program(
        ones, sparse.csr_matrix(np.ones((50, 50))), ones, np.full(50, np.inf), ones, ones.astype(bool)
    )
    assert highs.solve(program, 0.1, Progress()).status == "limit"
