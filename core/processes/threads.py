"""Work shared out over a few threads, where numpy and scipy let go of the interpreter while they compute."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Callable, TypeVar

_MOST = 4
Part = TypeVar("Part")
Made = TypeVar("Made")


def in_threads(work: Callable[[Part], Made], parts: Iterable[Part]) -> Iterator[Made]:
    """What ``work`` makes of each part, in their order. Only a few parts, and results, are held at a time.

    What has not begun when nobody asks on is not done.
    """
    count = min(_MOST, os.cpu_count() or 1)
    threads, begun = ThreadPoolExecutor(count), deque[Future[Made]]()
    try:
        for part in parts:
            begun.append(threads.submit(work, part))
            if len(begun) > 2 * count:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        threads.shutdown(cancel_futures=True)


@contextmanager
def meanwhile(work: Callable[[], Made]) -> Iterator[Future[Made]]:
    """Do ``work`` in a thread beside what is in the block, which ends when both are done. Its error is raised here.

    Its result is in what is given, once the block has ended.
    """
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(work)
        yield done
    done.result()
