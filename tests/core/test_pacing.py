"""Asking a server again: as often and as late as is polite, and heard when nobody waits any more."""

from __future__ import annotations

import random
import threading

import pytest
from carto_services_publics.core import pacing
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.pacing import attempts, backoff


@pytest.fixture
def waits(monkeypatch):
    """Seconds waited, without waiting."""
    waited = []
    monkeypatch.setattr(pacing, "wait", lambda seconds, check: waited.append(seconds))
    return waited


def nobody_stops() -> None:
    pass


def test_each_wait_is_longer_up_to_a_bound_and_none_follows_the_last_try(waits):
    tried = list(attempts(6, 1.0, 8.0, nobody_stops))
    assert [(attempt.number, attempt.is_last) for attempt in tried] == [(n, n == 6) for n in range(1, 7)]
    assert len(waits) == 5
    assert all(whole / 2 <= waited <= whole for waited, whole in zip(waits, (1.0, 2.0, 4.0, 8.0, 8.0)))


def test_what_the_server_asks_for_is_waited(waits):
    for attempt in attempts(3, 1.0, 8.0, nobody_stops):
        attempt.pause = 42.0
    assert waits == [42.0, 42.0]


def test_success_ends_the_tries_at_once(waits):
    for _attempt in attempts(3, 1.0, 8.0, nobody_stops):
        break
    assert waits == []


def test_a_cancel_is_heard_before_a_try_and_while_waiting():
    asked = threading.Event()

    def check() -> None:
        if asked.is_set():
            raise Cancelled

    tries = attempts(3, 60.0, 60.0, check)
    next(tries)
    asked.set()
    with pytest.raises(Cancelled):
        next(tries)
    with pytest.raises(Cancelled):
        next(attempts(3, 60.0, 60.0, check))


def test_two_clients_do_not_come_back_together():
    drawn = {backoff(3, 1.0, 60.0) for _ in range(20)}
    assert len(drawn) > 1 and min(drawn) >= 2.0 and max(drawn) <= 4.0
    assert backoff(10_000, 1.0, 60.0, random.Random(1)) <= 60.0
