"""Costs between demand and supply, block by block."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple, Union

import numpy as np
from scipy import sparse

from ..errors import InvalidInput

Costs = Union[np.ndarray, sparse.csr_matrix]


class CostTableError(InvalidInput):
    """A table of costs that cannot be used."""


class CostBlock(NamedTuple):
    """Costs from some origins to some destinations.

    ``origins`` (g,) and ``destinations`` (d,) are row numbers, each without repetition. ``cost`` (g, d) is a dense
    array with ``inf`` where the destination is not reached, or a CSR matrix whose absent entries are not reached
    (a stored zero is a cost of zero). `routing.local.Block` has the same three fields and can be used in its place.
    """

    origins: np.ndarray
    destinations: np.ndarray
    cost: Costs


def block_from_pairs(
    origins: np.ndarray, destinations: np.ndarray, cost: np.ndarray, shape: tuple[int, int]
) -> CostBlock:
    """One sparse block from a table of pairs, a pair a row; a pair that is absent is unreachable, as is a NaN cost.

    Raises `CostTableError` for a negative cost or a pair given twice.
    """
    cost = np.asarray(cost, dtype=float)
    known = np.isfinite(cost)
    origins, destinations, cost = np.asarray(origins)[known], np.asarray(destinations)[known], cost[known]
    if (cost < 0).any():
        raise CostTableError("The table of costs holds {count} negative costs.", count=int((cost < 0).sum()))
    keys = origins.astype(np.int64) * shape[1] + destinations
    repeated = len(keys) - len(np.unique(keys))
    if repeated:
        raise CostTableError(
            "The table of costs gives {count} pairs of origin and destination more than once.", count=repeated
        )
    table = sparse.coo_matrix((cost, (origins, destinations)), shape=shape).tocsr()
    return CostBlock(np.arange(shape[0]), np.arange(shape[1]), table)


class KeptBlocks:
    """Blocks that are gone through several times: kept in memory, and beyond a limit in a temporary file.

    Call it for an iterator over them.
    """

    def __init__(self, blocks: Iterable[CostBlock], most_bytes: int = 500_000_000) -> None:
        self._blocks: list[CostBlock] = []
        kept = 0
        # The file may be closed at the end: what is mapped stays, and goes with the blocks.
        with tempfile.TemporaryFile() as file:
            for block in blocks:
                kept += block.cost.nbytes
                if kept > most_bytes and block.cost.size:
                    block = block._replace(cost=_on_disk(file, block.cost))
                self._blocks.append(block)

    def __call__(self) -> Iterator[CostBlock]:
        return iter(self._blocks)


def _on_disk(file: BinaryIO, cost: np.ndarray) -> np.ndarray:
    file.seek(0, 2)
    offset = file.tell()
    file.write(np.ascontiguousarray(cost).tobytes())
    file.flush()
    return np.memmap(file, dtype=cost.dtype, mode="r", offset=offset, shape=cost.shape)


def decimals(cost: np.ndarray) -> np.ndarray:
    """Costs in single precision as the decimal numbers they stand for, float64: 10.1 and not 10.100000381.

    Of any decimal number of seven digits that single precision held, the same seven digits come back.
    """
    cost = np.asarray(cost, float)
    known = np.isfinite(cost) & (cost > 0)
    unit = 10.0 ** (6 - np.floor(np.log10(cost, out=np.zeros(cost.shape), where=known)))
    return np.where(known, np.round(np.where(known, cost, 0.0) * unit) / unit, cost)
