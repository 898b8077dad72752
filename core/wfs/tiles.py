"""A box read as tiles adapted to what they hold: counted first, split until each fits in one answer, each checked.

What was done is written in a `Ledger`, so that a reading killed at any moment goes on where it stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple, Protocol

from ..coordinates import Box
from ..errors import Cancelled, CartoError
from ..messages import Message
from ..progress import Progress
from .errors import NotWhole, WfsUnreachable
from .service import PAGE, FeatureType, Wfs, WfsPage

_DEEPEST = 16
"""Splits after which a tile is read in pages: the 65 000th part of the whole is a few metres wide."""
_RECOUNTS = 3
_REREADS = 6
_POLL = 0.1


class Tile(NamedTuple):
    """The ``column``-th, ``row``-th of the 2^``depth`` × 2^``depth`` parts of the whole box."""

    depth: int
    column: int
    row: int

    def box(self, whole: Box) -> Box:
        """Its bounds. Neighbours share theirs to the last bit."""
        west, south, east, north = whole
        parts = 2**self.depth

        def between(low: float, high: float, part: int) -> float:
            return low + (high - low) * part / parts

        return (
            between(west, east, self.column),
            between(south, north, self.row),
            between(west, east, self.column + 1),
            between(south, north, self.row + 1),
        )

    def quarters(self) -> tuple[Tile, ...]:
        """Its four parts."""
        column, row = 2 * self.column, 2 * self.row
        return tuple(Tile(self.depth + 1, column + east, row + north) for north in (0, 1) for east in (0, 1))


class Read(NamedTuple):
    """What one tile gave: its rows, how many objects were announced and how many came."""

    tile: Tile
    rows: list[Row]
    announced: int
    received: int


class Ledger(Protocol):
    """What is kept of a reading, so that it can go on later."""

    def counts(self) -> dict[Tile, int]:
        """Tiles counted earlier, with their counts."""
        ...

    def done(self) -> set[Tile]:
        """Tiles whose rows are kept already."""
        ...

    def count(self, tiles: dict[Tile, int]) -> None:
        """Keep counts."""
        ...

    def keep(self, read: Read) -> None:
        """Keep the rows of a tile and that it is done: both or nothing."""
        ...


class Reading(NamedTuple):
    """How a reading ended. ``failed``: tiles that could not be read, and why."""

    tiles: int
    failed: list[tuple[Tile, Message]]


Row = tuple[Any, Any]
"""An object's identifier at the source, and what is kept of it."""
Convert = Callable[[list[dict[str, Any]], Box], list[Row]]
"""Makes a row of each object of a tile; in the threads that read, so that what waits to be written is small."""


class Selection(NamedTuple):
    """The objects of a type that meet the ``wanted`` parts of a box: it says whether a tile is worth reading."""

    kind: FeatureType
    whole: Box
    crs: str
    wanted: Callable[[Box], bool] = lambda _box: True


def read_tiles(wfs: Wfs, selection: Selection, ledger: Ledger, convert: Convert, progress: Progress) -> Reading:
    """Read all objects of a selection.

    Objects that lie in several tiles come with each. Raises `WfsUnreachable` when nothing answers any more and
    `Cancelled`; what was read until then is in the ledger. A tile that alone cannot be read is named in the result.
    """
    return _Reader(wfs, selection, ledger, convert, progress).run()


class _Work(NamedTuple):
    """What a thread is asked for: the counts of a tile's quarters, or the objects of a tile."""

    tile: Tile
    count: int  # type: ignore[assignment]
    splits: bool


class _TooMany(Exception):
    """The service gives fewer objects at once than thought: ``args[0]`` is how many."""


class _Reader:
    def __init__(self, wfs: Wfs, selection: Selection, ledger: Ledger, convert: Convert, progress: Progress) -> None:
        self._wfs = wfs
        self._kind, self._whole, self._crs, self._wanted = selection
        self._ledger, self._convert, self._progress = ledger, convert, progress
        self._counts, self._done = ledger.counts(), ledger.done()
        self._page = PAGE
        self._waiting: deque[_Work] = deque()
        self._failed: list[tuple[Tile, Message]] = []
        self._read = self._received = 0
        self._total = 1

    def run(self) -> Reading:
        top = Tile(0, 0, 0)
        first = self._wfs.learn_form(self._kind, self._whole, self._crs, self._progress)
        if top not in self._counts:
            self._count({top: first})
        self._total = max(self._counts[top], 1)
        self._add(top)
        running: dict[Future, _Work] = {}
        pool = ThreadPoolExecutor(self._wfs.threads)
        try:
            while self._waiting or running:
                self._ask_for_more(pool, running)
                finished, _ = wait(running, timeout=_POLL, return_when=FIRST_COMPLETED)
                for future in finished:
                    work = running.pop(future)
                    self._ask_for_more(pool, running)  # the service works while what came is written
                    self._progress.check()
                    self._take(work, future)
                self._progress.check()
        finally:
            for future in running:
                future.cancel()
            pool.shutdown(wait=True)
        return Reading(self._read, self._failed)

    def _ask_for_more(self, pool: ThreadPoolExecutor, running: dict[Future, _Work]) -> None:
        while self._waiting and len(running) < self._wfs.threads:
            work = self._waiting.popleft()
            running[pool.submit(self._do, work)] = work

    def _do(self, work: _Work) -> Any:
        return self._quarter_counts(work) if work.splits else self._objects(work)

    def _take(self, work: _Work, future: Future) -> None:
        """What a thread came back with, on the thread that keeps the ledger."""
        try:
            result = future.result()
        except _TooMany as given:
            self._page = min(self._page, given.args[0])
            self._waiting.append(work._replace(splits=True))
            return
        except (Cancelled, WfsUnreachable):
            raise
        except CartoError as error:
            self._failed.append((work.tile, error.message))
            return
        if work.splits:
            self._count(result)
            for tile in result:
                self._add(tile)
            return
        self._ledger.keep(result)
        self._read += 1
        self._received += result.received
        self._progress.show(min(self._received / self._total, 1.0))

    def _count(self, counts: dict[Tile, int]) -> None:
        self._counts |= counts
        self._ledger.count(counts)

    def _add(self, tile: Tile) -> None:
        """Put down what there is to do for a counted tile."""
        count = self._counts[tile]
        if not count or tile in self._done or not self._wanted(tile.box(self._whole)):
            return
        quarters = [quarter for quarter in tile.quarters() if quarter in self._counts]
        if quarters:
            for quarter in quarters:
                self._add(quarter)
            return
        self._waiting.append(_Work(tile, count, splits=count > self._page and tile.depth < _DEEPEST))

    # -- in threads ---------------------------------------------------------------------------------------------------

    def _quarter_counts(self, work: _Work) -> dict[Tile, int]:
        """The counts of the quarters worth reading. Together they hold what the whole tile does, or it is asked again.

        Data that changed meanwhile is the only other reason: then the last counts are as good as any.
        """
        quarters = work.tile.quarters()
        wanted = [quarter for quarter in quarters if self._wanted(quarter.box(self._whole))]
        counts: dict[Tile, int] = {}
        for _ in range(_RECOUNTS):
            counts = {quarter: self._hits(quarter) for quarter in wanted}
            if len(wanted) < len(quarters) or sum(counts.values()) >= work.count:
                break
        return counts

    def _hits(self, tile: Tile) -> int:
        return self._wfs.hits(self._kind, tile.box(self._whole), self._crs, self._progress)

    def _objects(self, work: _Work) -> Read:
        """The rows of a tile. Raises `_TooMany`, and `NotWhole` when the count is never what was announced."""
        box, announced = work.tile.box(self._whole), work.count
        rows: list[Row] = []
        for _ in range(_REREADS):
            rows, matched = self._all_pages(work.tile, box, announced)
            if len(rows) == announced and matched in (None, announced):
                return Read(work.tile, rows, announced, len(rows))
            announced = self._hits(work.tile)
        raise NotWhole(
            "{kind}: {announced} objects are announced and {received} come, each time.",
            kind=self._kind.name,
            announced=announced,
            received=len(rows),
        )

    def _page_of(self, box: Box, start: int = 0, count: int = PAGE) -> WfsPage:
        return self._wfs.page(
            self._kind,
            box,
            self._crs,
            lambda features: self._convert(features, box),
            progress=self._progress,
            start=start,
            count=count,
        )

    def _all_pages(self, tile: Tile, box: Box, announced: int) -> tuple[list[Row], int | None]:
        """The distinct objects of one answer, or of several where a tile cannot be split."""
        page = self._page_of(box)
        given, matched = len(page.rows), page.matched
        if given >= max(announced, matched or 0):
            return _distinct(page.rows, self._kind), matched
        if given and (matched or announced) > given and tile.depth < _DEEPEST:
            self._check_cap(box, given)
        if tile.depth < _DEEPEST:
            return _distinct(page.rows, self._kind), matched
        return self._paged(box, announced)

    def _check_cap(self, box: Box, given: int) -> None:
        """Raise `_TooMany` when the service gives that many again: it is its limit, and no accident."""
        again = self._page_of(box)
        if len(again.rows) == given and (again.matched or 0) > given:
            raise _TooMany(given)

    def _paged(self, box: Box, announced: int) -> tuple[list[Row], int | None]:
        rows: list[Row] = []
        matched: int | None = announced
        while len(rows) < announced:
            page = self._page_of(box, start=len(rows), count=self._page)
            if not page.rows or page.matched not in (None, announced):
                break
            rows += page.rows
            matched = page.matched
        return _distinct(rows, self._kind), matched


def _distinct(rows: list[Row], kind: FeatureType) -> list[Row]:
    """Each object once, by its identifier where the type's is known; those that have none are taken as they come."""
    if not kind.columns:
        return rows
    found: dict[Any, Row] = {}
    for number, row in enumerate(rows):
        found.setdefault(number if row[0] in (None, "") else row[0], row)
    return list(found.values())
