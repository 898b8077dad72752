"""Staying under a server's limit, whatever the network does to the timing of requests."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TICK = 0.1
_DOUBLINGS = 17


class Pace:
    """At most ``count`` requests in any ``period`` seconds, as the server counts them.

    A turn is given back ``period`` seconds after its answer came. The server saw the request before it answered, and
    sees the one that takes over the turn after it was sent: between both lies a whole period, even when packets are
    delayed. ``already_sent`` are the ages (seconds) of requests sent before, by an earlier run.
    """

    def __init__(self, count: int, period: float, already_sent: tuple[float, ...] = ()) -> None:
        self.count, self.period = count, period
        now = time.monotonic()
        waiting = sorted(now + period - age for age in already_sent if age < period)[-count:]
        self._free_at = [now] * (count - len(waiting)) + waiting
        self._held_until = now
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, check: Callable[[], None]) -> Iterator[None]:
        """Wait for a turn and hold it while the request is under way. ``check`` may raise to give up waiting."""
        while True:
            check()
            delay = self._take()
            if delay <= 0:
                break
            time.sleep(min(delay, _TICK))
        try:
            yield
        finally:
            with self._lock:
                self._free_at.append(time.monotonic() + self.period)

    def hold(self, seconds: float) -> None:
        """Start no request in the next ``seconds``: the server asked for it."""
        with self._lock:
            self._held_until = max(self._held_until, time.monotonic() + seconds)

    def _take(self) -> float:
        """Take a turn and give 0, or give how long to wait before asking again."""
        with self._lock:
            now = time.monotonic()
            if self._held_until > now:
                return self._held_until - now
            if not self._free_at:
                return _TICK
            soonest = min(self._free_at)
            if soonest > now:
                return soonest - now
            self._free_at.remove(soonest)
            return 0.0


@dataclass
class Attempt:
    """One try of something that may fail and pass: which, whether it is the last, and how long to wait after it."""

    number: int
    is_last: bool
    pause: float
    """Seconds; whoever tries puts there what the server asks for."""


def attempts(most: int, first: float, longest: float, check: Callable[[], None]) -> Iterator[Attempt]:
    """Try up to ``most`` times: whoever takes the next one waits for it, longer each time. ``check`` may raise."""
    for number in range(1, most + 1):
        check()
        attempt = Attempt(number, number == most, backoff(number, first, longest))
        yield attempt
        if not attempt.is_last:
            wait(attempt.pause, check)


def backoff(attempt: int, first: float, longest: float, chance: random.Random = random.SystemRandom()) -> float:
    """Seconds to wait after try number ``attempt``: longer each time, never the same for two clients."""
    return min(longest, first * 2 ** (min(attempt, _DOUBLINGS) - 1)) * chance.uniform(0.5, 1.0)


def wait(seconds: float, check: Callable[[], None]) -> None:
    """Sleep, calling ``check`` (which may raise) at least ten times a second."""
    end = time.monotonic() + seconds
    while True:
        check()
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, _TICK))
