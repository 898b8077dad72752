"""How long work in `core` speaks to whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from .errors import Cancelled
from .messages import Message

_T = TypeVar("_T")


class Progress:
    """Silent by default; Processing, tasks and the command line override what they show.

    Work calls `advance` often enough that a cancel is seen within a second.
    """

    def advance(self, fraction: float) -> None:
        """Say how much is done (0 to 1). Raises `Cancelled` when the user asked to stop."""
        self.show(fraction)
        self.check()

    def check(self) -> None:
        """Raise `Cancelled` when the user asked to stop."""
        if self.cancelled():
            raise Cancelled

    def over(self, items: Iterable[_T], every: int = 2000) -> Iterator[_T]:
        """The items one by one; a cancel is seen every so many. Raises `Cancelled`."""
        for number, item in enumerate(items):
            if number % every == 0:
                self.check()
            yield item

    def part(self, start: float, end: float) -> Progress:
        """A progress for one step of the work, that fills [start, end] of this one."""
        return _Part(self, start, end)

    def show(self, fraction: float) -> None:
        """Display how much is done (0 to 1)."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return False

    def info(self, message: Message) -> None:
        """Tell something worth reading."""

    def warn(self, message: Message) -> None:
        """Tell something that may make the result other than expected."""


class _Part(Progress):
    def __init__(self, whole: Progress, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def show(self, fraction: float) -> None:
        self._whole.show(self._start + (self._end - self._start) * min(max(fraction, 0.0), 1.0))

    def cancelled(self) -> bool:
        return self._whole.cancelled()

    def info(self, message: Message) -> None:
        self._whole.info(message)

    def warn(self, message: Message) -> None:
        self._whole.warn(message)


class Hearing(Progress):
    """Hears the cancel of another progress and passes words on; how much is done is shown by somebody else."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def cancelled(self) -> bool:
        return self._progress.cancelled()

    def info(self, message: Message) -> None:
        self._progress.info(message)

    def warn(self, message: Message) -> None:
        self._progress.warn(message)
