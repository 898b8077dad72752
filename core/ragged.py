"""Ragged arrays: runs of different lengths, one after the other (CSR rows, vertices of lines, arcs of nodes)."""

from __future__ import annotations

import numpy as np


def ranks(count: np.ndarray) -> np.ndarray:
    """(Σ count,) i8: 0 … ``count[i]`` − 1 for each run i."""
    return ranges(np.zeros(len(count), np.int64), count)


def ranges(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """(Σ count,) i8: ``start[i]`` … ``start[i] + count[i]`` − 1 for each run i."""
    end = np.cumsum(count, dtype=np.int64)
    return np.repeat(start - (end - count), count) + np.arange(int(end[-1]) if len(end) else 0)


def offsets(count: np.ndarray | list[int]) -> np.ndarray:
    """(n + 1,) i8: the rows of run i are ``offsets[i]:offsets[i + 1]``."""
    return np.concatenate(([0], np.cumsum(count, dtype=np.int64)))


def runs(number: np.ndarray, size: int) -> np.ndarray:
    """(size + 1,) i8: `offsets` of the rows that have each ``number`` below ``size``, when they are in its order."""
    return offsets(np.bincount(number, minlength=size))


def owners(count: np.ndarray | list[int]) -> np.ndarray:
    """(Σ count,) i8: i for each row of run i."""
    return np.repeat(np.arange(len(count)), count)
