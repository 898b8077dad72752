"""Work shared out over threads, and work done beside other work."""

from __future__ import annotations

import threading

import pytest
from carto_services_publics.core.processes.threads import meanwhile


def test_what_is_done_meanwhile_is_done_when_the_block_ends_and_beside_it():
    met = threading.Barrier(2, timeout=10)  # broken, unless both come to it
    done = []
    with meanwhile(lambda: done.append(met.wait())):
        met.wait()
    assert len(done) == 1


def test_an_error_meanwhile_is_raised_where_the_block_ends():
    with pytest.raises(ZeroDivisionError), meanwhile(lambda: 1 / 0):
        pass


def test_an_error_of_the_block_comes_first():
    with pytest.raises(KeyError), meanwhile(lambda: 1 / 0):
        raise KeyError
