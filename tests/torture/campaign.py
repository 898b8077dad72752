"""What the campaigns share: how long they last, the seed they draw from, what they count, how they damage files."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TALLIES = ROOT / "build" / "torture"
SECONDS = float(os.environ.get("CSP_TORTURE_SECONDS", "0"))
"""How long each campaign draws new cases: `make torture` says. 0 in `make test`: as many as each campaign says."""
FULL = SECONDS >= 60
"""Whether what takes minutes is tried at its full size."""
SEED = int(os.environ.get("CSP_TORTURE_SEED", "20261127")) or random.SystemRandom().randrange(1, 10**9)
"""The same cases at each run of `make test`: a red one is a change of the code. 0 draws new ones."""


def clock() -> Callable[[], float]:
    """Seconds by the clock; of computation where others have more to do than this machine has processors."""
    return time.process_time if os.getloadavg()[0] > (os.cpu_count() or 1) else time.perf_counter


class Campaign:
    """One kind of attack. `cases` gives a source of chance for each case, until the time is over; the seed is printed.

    Attributes:
        each: seconds for which cases are drawn.
        tried, said: cases, and those that ended in a sentence for the user.
        lost, doubled, wrong: rows or results; a campaign fails as soon as there is one.
        seconds, megabytes: how long it took, and by how much memory grew at most where it was measured.
    """

    def __init__(self, name: str) -> None:
        self.name, self.seed, self.each = name, SEED, SECONDS
        self.tried = self.said = self.lost = self.doubled = self.wrong = self.megabytes = 0
        self.seconds = 0.0
        self._begun = time.monotonic()
        print(f"{name}: CSP_TORTURE_SEED={self.seed}")

    def cases(self, count: int, seconds: float = SECONDS) -> Iterator[random.Random]:
        """The chance of each case, at least ``count``: the same for the same seed and position, whatever the time."""
        end = time.monotonic() + seconds
        while self.tried < count or time.monotonic() < end:
            self.tried += 1
            yield random.Random(f"{self.seed} {self.name} {self.tried}")

    def where(self) -> str:
        """The case, as it is named where it fails."""
        return f"case {self.tried} of {self.name}, CSP_TORTURE_SEED={self.seed}"

    def keep(self) -> None:
        """Write the tally where the page of the documentation is made from, and fail on any loss."""
        self.seconds = round(time.monotonic() - self._begun, 1)
        TALLIES.mkdir(parents=True, exist_ok=True)
        tally = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        (TALLIES / f"{self.name}.json").write_text(json.dumps(tally, ensure_ascii=False), encoding="utf-8")
        assert (self.lost, self.doubled, self.wrong) == (0, 0, 0), tally

    @contextlib.contextmanager
    def memory(self) -> Iterator[None]:
        """Note by how many megabytes this process grows at most in the block."""
        done = threading.Event()
        before = megabytes_held()

        def watch() -> None:
            while not done.wait(0.05):
                self.megabytes = max(self.megabytes, megabytes_held() - before)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def megabytes_held() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The content of a file cut, with a byte changed, with a run of zeros or of noise, or all noise."""
    kind, place = chance.randrange(5), chance.randrange(len(data))
    run = min(512 << chance.randrange(8), len(data) - place)
    if kind == 0:
        return data[:place]
    if kind == 1:
        return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
    if kind == 2:
        return data[:place] + b"\0" * run + data[place + run :]
    if kind == 3:
        return data[:place] + chance.randbytes(run) + data[place + run :]
    return chance.randbytes(min(len(data), 1 << 16))


def started(program: Path, *arguments: object) -> subprocess.Popen:
    """Another process of the plugin; what it prints is read from its `stdout`."""
    command = [sys.executable, str(program), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
